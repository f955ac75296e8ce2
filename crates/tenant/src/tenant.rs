//! What the tenant holds: objects in collections, and resources that have no key. All of it is in memory, and bounded.

use std::collections::BTreeMap;

use graph_contracts::json::Json;

/// Where a collection or a resource is: the segments of its path below the version. What stands before a key tells it from a
/// name, and sorts what is below a resource directly behind it.
pub(super) type Place = Vec<String>;

/// How much a tenant holds at most, in bytes of JSON and in entries.
const MOST_BYTES: usize = 64 << 20;
const MOST_ENTRIES: usize = 50_000;

/// There is no room for more.
#[derive(Debug)]
pub(super) struct Full;

/// The state of the tenant.
#[derive(Debug, Default)]
pub(super) struct Tenant {
    collections: BTreeMap<Place, Collection>,
    singletons: BTreeMap<Place, Json>,
    entries: usize,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Collection {
    objects: BTreeMap<String, Object>,
    /// How many objects were made here, those that are gone included.
    made: u64,
}

#[derive(Debug)]
struct Object {
    number: u64,
    /// Its URL, if a client created it.
    url: Option<String>,
    body: Json,
}

impl Tenant {
    /// Whether anything was ever made at that place.
    pub(super) fn knows(&self, place: &Place) -> bool {
        self.collections.contains_key(place)
    }

    /// The number of the next object of a collection, each time another one.
    pub(super) fn next_number(&mut self, place: &Place) -> Result<u64, Full> {
        if !self.collections.contains_key(place) {
            self.grow(0)?;
        }
        let collection = self.collections.entry(place.clone()).or_default();
        collection.made += 1;
        Ok(collection.made)
    }

    /// Adds an object. Its key must be free.
    pub(super) fn add(&mut self, place: &Place, key: &str, body: Json, url: Option<String>) -> Result<(), Full> {
        self.grow(weight(&body))?;
        let collection = self.collections.entry(place.clone()).or_default();
        collection.objects.insert(key.to_owned(), Object { number: collection.made, url, body });
        Ok(())
    }

    /// The object with that key.
    pub(super) fn object(&self, place: &Place, key: &str) -> Option<&Json> {
        Some(&self.collections.get(place)?.objects.get(key)?.body)
    }

    /// Gives an object another body.
    pub(super) fn replace(&mut self, place: &Place, key: &str, body: Json) -> Result<(), Full> {
        let new = weight(&body);
        let collection = self.collections.get_mut(place);
        let Some(object) = collection.and_then(|collection| collection.objects.get_mut(key)) else { return Ok(()) };
        let bytes = self.bytes.saturating_sub(weight(&object.body)) + new;
        if bytes > MOST_BYTES {
            return Err(Full);
        }
        self.bytes = bytes;
        object.body = body;
        Ok(())
    }

    /// Removes an object and whatever is below it.
    pub(super) fn remove(&mut self, place: &Place, key: &str) {
        let mut below = place.clone();
        below.push(key_segment(key));
        let removed = self.collections.get_mut(place).and_then(|collection| collection.objects.remove(key));
        removed.iter().for_each(|object| self.shrink(weight(&object.body)));
        for place in places_below(&self.collections, &below) {
            self.shrink(0);
            let objects = self.collections.remove(&place).map(|collection| collection.objects).unwrap_or_default();
            objects.values().for_each(|object| self.shrink(weight(&object.body)));
        }
        for place in places_below(&self.singletons, &below) {
            let body = self.singletons.remove(&place);
            body.iter().for_each(|body| self.shrink(weight(body)));
        }
    }

    /// The keys of a collection's objects, the oldest first.
    pub(super) fn keys(&self, place: &Place) -> Vec<String> {
        let Some(collection) = self.collections.get(place) else { return Vec::new() };
        let mut keys: Vec<(u64, &String)> =
            collection.objects.iter().map(|(key, object)| (object.number, key)).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, key)| key.clone()).collect()
    }

    /// The resource without a key at that place.
    pub(super) fn singleton(&self, place: &Place) -> Option<&Json> {
        self.singletons.get(place)
    }

    /// Sets the resource without a key at that place.
    pub(super) fn set_singleton(&mut self, place: &Place, body: Json) -> Result<(), Full> {
        if let Some(old) = self.singletons.remove(place) {
            self.shrink(weight(&old));
        }
        self.grow(weight(&body))?;
        self.singletons.insert(place.clone(), body);
        Ok(())
    }

    /// The URLs of the objects that clients created and that still exist.
    pub(super) fn left(&self) -> Vec<String> {
        let objects = self.collections.values().flat_map(|collection| collection.objects.values());
        objects.filter_map(|object| object.url.clone()).collect()
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        if self.entries >= MOST_ENTRIES || self.bytes + bytes > MOST_BYTES {
            return Err(Full);
        }
        self.entries += 1;
        self.bytes += bytes;
        Ok(())
    }

    fn shrink(&mut self, bytes: usize) {
        self.entries = self.entries.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// A key as a segment of a place.
pub(super) fn key_segment(key: &str) -> String {
    format!("'{key}")
}

fn places_below<T>(map: &BTreeMap<Place, T>, place: &Place) -> Vec<Place> {
    map.range(place.clone()..).map(|(below, _)| below).take_while(|below| below.starts_with(place)).cloned().collect()
}

fn weight(body: &Json) -> usize {
    body.to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_an_object_goes_with_it() -> Result<(), Full> {
        let mut tenant = Tenant::default();
        let users = vec!["users".to_owned()];
        let below = |key: &str| vec!["users".to_owned(), key_segment(key), "notes".to_owned()];
        for key in ["a", "ab"] {
            tenant.next_number(&users)?;
            tenant.add(&users, key, Json::Null, Some(key.to_owned()))?;
            tenant.next_number(&below(key))?;
            tenant.add(&below(key), "1", Json::Null, Some(format!("{key}/1")))?;
            tenant.set_singleton(&below(key), Json::Null)?;
        }
        tenant.remove(&users, "a");
        assert_eq!(tenant.left(), ["ab", "ab/1"]);
        assert_eq!(tenant.keys(&users), ["ab"]);
        assert!(tenant.singleton(&below("a")).is_none() && tenant.singleton(&below("ab")).is_some());
        tenant.remove(&users, "ab");
        assert_eq!((tenant.left().len(), tenant.entries, tenant.bytes), (0, 1, 0));
        Ok(())
    }
}
