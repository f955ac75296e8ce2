//! What the tenant holds: objects in collections, and resources that have no key. All of it is in memory, and bounded.

mod aside;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::drive::{Content, Finished, Upload};
use crate::blob::Blob;
use graph_contracts::json::Json;

/// Where a collection or a resource is: the segments of its path below the version. What stands before a key tells it from a
/// name, and sorts what is below a resource directly behind it.
pub(super) type Place = Vec<String>;

/// How much a tenant holds at most, in bytes and in entries.
const MOST_BYTES: usize = 256 << 20;
const MOST_ENTRIES: usize = 50_000;

/// How many objects that are gone are remembered.
const MOST_GONE: usize = 10_000;

/// So many uploads that have ended are remembered.
const MOST_FINISHED: usize = 100;

/// There is no room for more.
#[derive(Debug)]
pub(super) struct Full;

#[derive(Clone, Debug, Default)]
pub(super) struct Tenant {
    /// The objects of collections and the resources without a key, by their places.
    objects: BTreeMap<Place, Object>,
    /// How many objects were made in each collection, those that are gone included.
    made: BTreeMap<Place, u64>,
    /// What navigation properties lead to without containing it, by their places.
    links: BTreeMap<Place, Vec<Place>>,
    /// The keys of objects that are also addressed by a name, by the place of their collection.
    names: BTreeMap<(Place, String), String>,
    /// Where objects that are set aside came from, by their places.
    aside: BTreeMap<Place, Aside>,
    /// The content of files, by their places.
    contents: BTreeMap<Place, Content>,
    /// The uploads that have begun.
    pub(super) uploads: BTreeMap<String, Upload>,
    /// Those that have ended, the oldest first.
    pub(super) finished: VecDeque<Finished>,
    /// How often the tenant has changed, and been reset.
    version: u64,
    generation: u64,
    /// What is gone, the oldest first, and the version up to which that is no longer known.
    gone: VecDeque<Gone>,
    forgotten: u64,
    entries: usize,
    bytes: usize,
}

/// An object that is gone.
#[derive(Clone, Debug)]
struct Gone {
    version: u64,
    collection: Place,
    id: Json,
}

/// Where an object that is set aside came from.
#[derive(Clone, Debug)]
struct Aside {
    home: Place,
    /// What it was linked to, and what was linked to it: each link with where it begins. They count as entries.
    links: Vec<(Place, Place)>,
}

#[derive(Clone, Debug)]
struct Object {
    number: u64,
    /// The version in which it was changed last.
    changed: u64,
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
        self.version += 1;
        let changed = self.version;
        self.objects.insert(below(collection, key), Object { number, changed, url, body });
        Ok(())
    }

    /// What is at that place.
    pub(super) fn get(&self, place: &Place) -> Option<&Json> {
        self.objects.get(place).map(|object| &object.body)
    }

    /// Gives what is at that place another body, or puts a resource there. What only completes it is no change.
    pub(super) fn put(&mut self, place: &Place, body: Json, is_change: bool) -> Result<(), Full> {
        let new = weight(&body);
        self.version += u64::from(is_change);
        let version = self.version;
        if let Some(object) = self.objects.get_mut(place) {
            let bytes = self.bytes.saturating_sub(weight(&object.body)) + new;
            if bytes > MOST_BYTES {
                return Err(Full);
            }
            (self.bytes, object.body) = (bytes, body);
            if is_change {
                object.changed = version;
            }
        } else {
            self.grow(new)?;
            self.objects.insert(place.clone(), Object { number: 0, changed: version, url: None, body });
        }
        Ok(())
    }

    /// Removes an object and whatever is below it.
    pub(super) fn remove(&mut self, place: &Place) {
        self.remove_all(&BTreeSet::from([place.clone()]));
    }

    /// Removes objects and whatever is below them.
    pub(super) fn remove_all(&mut self, places: &BTreeSet<Place>) {
        self.version += 1;
        for own in places.iter().flat_map(|place| places_below(&self.objects, place)).collect::<Vec<Place>>() {
            let Some(object) = self.objects.remove(&own) else { continue };
            self.shrink(weight(&object.body));
            if let (Some(key), Some((_, collection))) = (key_of(&own), own.split_last()) {
                let id = object.body.get("id").cloned().unwrap_or_else(|| Json::String(key.to_owned()));
                self.miss(collection, id);
            }
        }
        let is_gone = |place: &[String]| (1..=place.len()).any(|length| places.contains(&place[..length]));
        let (mut entries, mut bytes) = (0, 0);
        let before = self.made.len();
        self.made.retain(|own, _| !is_gone(own));
        entries += before - self.made.len();
        self.contents.retain(|own, content| {
            let is_kept = !is_gone(own);
            bytes += if is_kept { 0 } else { content.bytes.in_memory() };
            is_kept
        });
        self.links.retain(|from, links| {
            let before = links.len();
            links.retain(|to| !is_gone(from) && !is_gone(to));
            entries += before - links.len();
            !links.is_empty()
        });
        let before = self.names.len();
        self.names.retain(|(own, _), key| !is_gone(own) && !is_gone(&below(own, key)));
        entries += before - self.names.len();
        self.forget_aside(is_gone);
        self.entries = self.entries.saturating_sub(entries);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Remembers that an object is gone from its collection.
    fn miss(&mut self, collection: &[String], id: Json) {
        self.gone.push_back(Gone { version: self.version, collection: collection.to_vec(), id });
        while self.gone.len() > MOST_GONE {
            self.forgotten = self.gone.pop_front().map_or(self.forgotten, |gone| gone.version);
        }
    }

    /// The content of a file.
    pub(super) fn content(&self, place: &Place) -> Option<&Content> {
        self.contents.get(place)
    }

    /// Gives a file its content.
    pub(super) fn set_content(&mut self, place: &Place, content: Content) -> Result<(), Full> {
        let old = self.contents.get(place).map_or(0, |content| content.bytes.in_memory());
        let bytes = self.bytes.saturating_sub(old) + content.bytes.in_memory();
        if bytes > MOST_BYTES {
            return Err(Full);
        }
        self.bytes = bytes;
        self.contents.insert(place.clone(), content);
        Ok(())
    }

    /// Adds a chunk to an upload.
    pub(super) fn extend_upload(&mut self, id: &str, chunk: Blob, total: usize) -> Result<(), Full> {
        if self.bytes + chunk.in_memory() > MOST_BYTES {
            return Err(Full);
        }
        if let Some(upload) = self.uploads.get_mut(id) {
            self.bytes += chunk.in_memory();
            upload.take(chunk, total);
        }
        Ok(())
    }

    /// Ends an upload, and gives what it has received.
    pub(super) fn end_upload(&mut self, id: &str) -> Option<Upload> {
        let upload = self.uploads.remove(id)?;
        self.bytes = self.bytes.saturating_sub(upload.bytes.in_memory());
        Some(upload)
    }

    /// Remembers how an upload has ended.
    pub(super) fn finish_upload(&mut self, finished: Finished) {
        self.finished.push_back(finished);
        if self.finished.len() > MOST_FINISHED {
            self.finished.pop_front();
        }
    }

    /// The keys of a collection's objects, the oldest first.
    pub(super) fn keys(&self, collection: &Place) -> Vec<String> {
        self.numbered(collection).into_iter().map(|(_, key, _)| key).collect()
    }

    /// The numbers, keys and versions of a collection's objects, the oldest first.
    fn numbered(&self, collection: &Place) -> Vec<(u64, String, u64)> {
        let within = self.objects.range(collection.clone()..).take_while(|(place, _)| place.starts_with(collection));
        let key = |(place, object): (&Place, &Object)| match place.get(collection.len()..) {
            Some([own]) => Some((object.number, own.strip_prefix(KEY)?.to_owned(), object.changed)),
            _ => None,
        };
        let mut keys: Vec<(u64, String, u64)> = within.filter_map(key).collect();
        keys.sort_unstable();
        keys
    }

    /// The URLs of the objects that clients created and that still exist.
    pub(super) fn left(&self) -> Vec<String> {
        self.objects.values().filter_map(|object| object.url.clone()).collect()
    }

    /// How often the tenant has changed.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// How often the tenant has been reset.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The version up to which it is no longer known what is gone.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The same tenant after one more reset than another one.
    pub(super) fn after(&self, other: &Tenant) -> Tenant {
        Tenant { generation: other.generation + 1, ..self.clone() }
    }

    /// The objects of a collection that changed after a version, with their numbers, the oldest object first.
    pub(super) fn changed(&self, collection: &Place, since: u64) -> Vec<(u64, String)> {
        let keys = self.numbered(collection).into_iter();
        keys.filter(|(_, _, changed)| *changed > since).map(|(number, key, _)| (number, key)).collect()
    }

    /// The identifiers of the objects of a collection that are gone since a version and have not come back.
    pub(super) fn removed(&self, collection: &Place, since: u64) -> Vec<Json> {
        let own = self.gone.iter().filter(|gone| gone.version > since && gone.collection == *collection);
        let is_gone = |gone: &&Gone| match &gone.id {
            Json::String(key) => self.get(&below(collection, key)).is_none(),
            _ => true,
        };
        own.filter(is_gone).map(|gone| gone.id.clone()).collect()
    }

    /// The place of the object with a key, in whichever collection.
    pub(super) fn keyed(&self, key: &str) -> Option<Place> {
        self.all().find(|(place, _)| key_of(place) == Some(key)).map(|(place, _)| place.clone())
    }

    /// The place of the resource of a name without a key that has this identifier.
    pub(super) fn resource(&self, name: &str, id: &str) -> Option<Place> {
        let mut own = self.objects.iter().filter(|(place, _)| place.last().is_some_and(|last| last == name));
        let own = own.find(|(_, object)| object.body.get("id").and_then(Json::as_str) == Some(id));
        own.map(|(place, _)| place.clone())
    }

    /// What a link begins at has changed.
    fn touch(&mut self, from: &Place) {
        self.version += 1;
        let owner = &from[..from.len().saturating_sub(1)];
        if let Some(object) = self.objects.get_mut(owner) {
            object.changed = self.version;
        }
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
        self.touch(from);
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
            self.touch(from);
        }
        is_gone
    }

    /// What a navigation property leads to without containing it.
    pub(super) fn linked(&self, from: &Place) -> &[Place] {
        self.links.get(from).map_or(&[], Vec::as_slice)
    }

    /// What has links to an object by the navigation property of a name.
    pub(super) fn linking(&self, name: &str, to: &Place) -> Vec<Place> {
        let is_it =
            |(from, links): &(&Place, &Vec<Place>)| from.last().is_some_and(|last| last == name) && links.contains(to);
        self.links.iter().filter(is_it).map(|(from, _)| from[..from.len() - 1].to_vec()).collect()
    }

    /// Lets an object be addressed by a name, in any case.
    pub(super) fn name(&mut self, collection: &Place, name: &str, key: &str) -> Result<(), Full> {
        self.grow(0)?;
        self.names.insert((collection.clone(), name.to_lowercase()), key.to_owned());
        Ok(())
    }

    /// Takes a name from an object.
    pub(super) fn unname(&mut self, collection: &Place, name: &str) {
        if self.names.remove(&(collection.clone(), name.to_lowercase())).is_some() {
            self.shrink(0);
        }
    }

    /// The keys of the objects that have a name in a collection, in the order of the names.
    pub(super) fn names_in(&self, collection: &Place) -> Vec<String> {
        let own = self.names.range((collection.clone(), String::new())..).take_while(|((own, _), _)| own == collection);
        own.map(|(_, key)| key.clone()).collect()
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
            tenant.put(&below(key), Json::Null, true)?;
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
