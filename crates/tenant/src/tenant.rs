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
    /// The objects of collections and the resources without a key, by their places.
    objects: BTreeMap<Place, Object>,
    /// How many objects were made in each collection, those that are gone included.
    made: BTreeMap<Place, u64>,
    /// What navigation properties lead to without containing it, by their places.
    links: BTreeMap<Place, Vec<Place>>,
    /// The keys of objects that are also addressed by a name, by the place of their collection.
    names: BTreeMap<(Place, String), String>,
    entries: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Object {
    number: u64,
    /// Its URL, if a client created it.
    url: Option<String>,
    body: Json,
}

impl Tenant {
    /// Whether anything was ever made in the collection at that place.
    pub(super) fn knows(&self, collection: &Place) -> bool {
        self.made.contains_key(collection)
    }

    /// The number of the next object of a collection, each time another one.
    pub(super) fn next_number(&mut self, collection: &Place) -> Result<u64, Full> {
        if !self.knows(collection) {
            self.grow(0)?;
        }
        let made = self.made.entry(collection.clone()).or_default();
        *made += 1;
        Ok(*made)
    }

    /// Adds an object to a collection. Its key must be free.
    pub(super) fn add(&mut self, collection: &Place, key: &str, body: Json, url: Option<String>) -> Result<(), Full> {
        self.grow(weight(&body))?;
        let number = self.made.get(collection).copied().unwrap_or_default();
        self.objects.insert(below(collection, key), Object { number, url, body });
        Ok(())
    }

    /// What is at that place.
    pub(super) fn get(&self, place: &Place) -> Option<&Json> {
        self.objects.get(place).map(|object| &object.body)
    }

    /// Gives what is at that place another body, or puts a resource there.
    pub(super) fn put(&mut self, place: &Place, body: Json) -> Result<(), Full> {
        let new = weight(&body);
        if let Some(object) = self.objects.get_mut(place) {
            let bytes = self.bytes.saturating_sub(weight(&object.body)) + new;
            if bytes > MOST_BYTES {
                return Err(Full);
            }
            (self.bytes, object.body) = (bytes, body);
        } else {
            self.grow(new)?;
            self.objects.insert(place.clone(), Object { number: 0, url: None, body });
        }
        Ok(())
    }

    /// Removes an object and whatever is below it.
    pub(super) fn remove(&mut self, place: &Place) {
        for own in places_below(&self.objects, place) {
            let bytes = self.objects.remove(&own).map_or(0, |object| weight(&object.body));
            self.shrink(bytes);
        }
        for own in places_below(&self.made, place) {
            self.made.remove(&own);
            self.shrink(0);
        }
        for own in places_below(&self.links, place) {
            let gone = self.links.remove(&own).map_or(0, |links| links.len());
            self.entries = self.entries.saturating_sub(gone);
        }
        let mut gone = 0;
        for links in self.links.values_mut() {
            let before = links.len();
            links.retain(|to| !to.starts_with(place));
            gone += before - links.len();
        }
        let key = key_of(place).map(str::to_owned);
        let collection = place[..place.len().saturating_sub(1)].to_vec();
        let before = self.names.len();
        self.names.retain(|(own, _), named| {
            !(own.starts_with(place) || (*own == collection && Some(&*named) == key.as_ref()))
        });
        self.entries = self.entries.saturating_sub(gone + before - self.names.len());
    }

    /// The keys of a collection's objects, the oldest first.
    pub(super) fn keys(&self, collection: &Place) -> Vec<String> {
        let within = self.objects.range(collection.clone()..).take_while(|(place, _)| place.starts_with(collection));
        let key = |(place, object): (&Place, &Object)| match place.get(collection.len()..) {
            Some([own]) => Some((object.number, own.strip_prefix(KEY)?.to_owned())),
            _ => None,
        };
        let mut keys: Vec<(u64, String)> = within.filter_map(key).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// The URLs of the objects that clients created and that still exist.
    pub(super) fn left(&self) -> Vec<String> {
        self.objects.values().filter_map(|object| object.url.clone()).collect()
    }

    /// Has a navigation property lead to an object; `false` if it does already. A single one leads to nothing else from now on.
    pub(super) fn link(&mut self, from: &Place, to: &Place, is_single: bool) -> Result<bool, Full> {
        if self.linked(from).contains(to) {
            return Ok(false);
        }
        if !is_single || self.linked(from).is_empty() {
            self.grow(0)?;
        }
        let links = self.links.entry(from.clone()).or_default();
        if is_single {
            links.clear();
        }
        links.push(to.clone());
        Ok(true)
    }

    /// Has a navigation property no longer lead to an object; `false` if it does not.
    pub(super) fn unlink(&mut self, from: &Place, to: &Place) -> bool {
        let Some(links) = self.links.get_mut(from) else { return false };
        let before = links.len();
        links.retain(|own| own != to);
        let is_gone = links.len() < before;
        if is_gone {
            self.shrink(0);
        }
        is_gone
    }

    /// What a navigation property leads to without containing it.
    pub(super) fn linked(&self, from: &Place) -> &[Place] {
        self.links.get(from).map_or(&[], Vec::as_slice)
    }

    /// Lets an object be addressed by a name, in any case.
    pub(super) fn name(&mut self, collection: &Place, name: &str, key: &str) -> Result<(), Full> {
        self.grow(0)?;
        self.names.insert((collection.clone(), name.to_lowercase()), key.to_owned());
        Ok(())
    }

    /// The key of the object that is addressed by a name.
    pub(super) fn named(&self, collection: &Place, name: &str) -> Option<&String> {
        self.names.get(&(collection.clone(), name.to_lowercase()))
    }

    /// The objects of a collection with their places, in no order.
    pub(super) fn objects(&self, collection: &Place) -> impl Iterator<Item = (&Place, &Json)> {
        let own = self.objects.range(collection.clone()..).take_while(move |(place, _)| place.starts_with(collection));
        let own = own.filter(move |(place, _)| place.len() == collection.len() + 1 && key_of(place).is_some());
        own.map(|(place, object)| (place, &object.body))
    }

    /// The objects of all collections with their places.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Place, &Json)> {
        self.objects.iter().filter(|(place, _)| key_of(place).is_some()).map(|(place, object)| (place, &object.body))
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

/// What stands before a key.
const KEY: char = '\'';

/// A key as a segment of a place.
pub(super) fn key_segment(key: &str) -> String {
    format!("{KEY}{key}")
}

/// The key at the end of a place, if it is that of an object.
pub(super) fn key_of(place: &Place) -> Option<&str> {
    place.last()?.strip_prefix(KEY)
}

/// The place of an object of a collection.
pub(super) fn below(collection: &Place, key: &str) -> Place {
    [collection.as_slice(), &[key_segment(key)]].concat()
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
            tenant.put(&below(key), Json::Null)?;
        }
        tenant.remove(&super::below(&users, "a"));
        assert_eq!(tenant.left(), ["ab", "ab/1"]);
        assert_eq!(tenant.keys(&users), ["ab"]);
        assert!(tenant.get(&below("a")).is_none() && tenant.get(&below("ab")).is_some());
        tenant.remove(&super::below(&users, "ab"));
        assert_eq!((tenant.left().len(), tenant.entries, tenant.bytes), (0, 1, 0));
        Ok(())
    }
}
