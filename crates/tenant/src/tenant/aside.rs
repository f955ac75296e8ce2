//! Objects that are set aside with all that is below them, and brought back.

use std::collections::BTreeMap;

use super::{Aside, Full, Place, Tenant, key_of, places_below};
use graph_contracts::json::Json;

impl Tenant {
    /// Sets an object aside: it is gone from its collection, and no link leads to it or begins at it.
    pub(in super::super) fn set_aside(&mut self, home: &Place, to: &Place, body: Json) -> Result<(), Full> {
        let collection = &to[..to.len().saturating_sub(1)];
        self.next_number(&collection.to_vec())?;
        let is_of = |place: &Place| place.starts_with(home);
        let mut links = Vec::new();
        self.links.retain(|from, ends| {
            ends.retain(|end| {
                let is_taken = is_of(from) || is_of(end);
                links.extend(is_taken.then(|| (from.clone(), end.clone())));
                !is_taken
            });
            !ends.is_empty()
        });
        let id = self.get(home).and_then(|object| object.get("id")).cloned();
        self.relocate(home, to);
        if let (Some(key), Some((_, collection))) = (key_of(home), home.split_last()) {
            let id = id.unwrap_or_else(|| Json::String(key.to_owned()));
            self.miss(collection, id);
        }
        self.aside.insert(to.clone(), Aside { home: home.clone(), links });
        self.put(to, body, true)
    }

    /// Where an object was before it was set aside.
    pub(in super::super) fn home(&self, place: &Place) -> Option<&Place> {
        self.aside.get(place).map(|own| &own.home)
    }

    /// Brings an object back that was set aside, with its links to whatever is still there.
    pub(in super::super) fn bring_back(&mut self, place: &Place, body: Json) -> Result<(), Full> {
        let Some(Aside { home, links }) = self.aside.remove(place) else { return Ok(()) };
        self.relocate(place, &home);
        for (from, end) in links {
            let owner = from[..from.len().saturating_sub(1)].to_vec();
            if self.objects.contains_key(&owner) && self.objects.contains_key(&end) {
                self.links.entry(from).or_default().push(end);
            } else {
                self.shrink(0);
            }
        }
        self.put(&home, body, true)
    }

    /// Forgets where objects came from that are gone for good.
    pub(super) fn forget_aside(&mut self, is_gone: impl Fn(&[String]) -> bool) {
        let mut entries = 0;
        self.aside.retain(|place, own| {
            let is_kept = !is_gone(place);
            entries += if is_kept { 0 } else { own.links.len() };
            is_kept
        });
        self.entries = self.entries.saturating_sub(entries);
    }

    /// Puts whatever is at a place or below it at another one, and there last of all.
    fn relocate(&mut self, from: &Place, to: &Place) {
        let moved = |own: &Place| [to.as_slice(), &own[from.len()..]].concat();
        relocate(&mut self.objects, from, &moved);
        relocate(&mut self.made, from, &moved);
        relocate(&mut self.contents, from, &moved);
        let names = std::mem::take(&mut self.names).into_iter();
        let renamed =
            |(own, name): (Place, String)| if own.starts_with(from) { (moved(&own), name) } else { (own, name) };
        self.names = names.map(|(name, key)| (renamed(name), key)).collect();
        self.version += 1;
        let made = self.made.get(&to[..to.len().saturating_sub(1)]).copied().unwrap_or_default();
        if let Some(object) = self.objects.get_mut(to) {
            object.number = made;
        }
    }
}

fn relocate<T>(map: &mut BTreeMap<Place, T>, from: &Place, moved: &impl Fn(&Place) -> Place) {
    for own in places_below(map, from) {
        if let Some(value) = map.remove(&own) {
            map.insert(moved(&own), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{below, key_segment};
    use super::*;

    #[test]
    fn what_is_set_aside_comes_back_with_all_that_it_had() -> Result<(), Full> {
        let mut tenant = Tenant::default();
        let place = |segments: &[&str]| segments.iter().map(|own| (*own).to_owned()).collect::<Place>();
        let (users, groups, bin) = (place(&["users"]), place(&["groups"]), place(&["bin"]));
        let (user, group, set_aside) = (below(&users, "a"), below(&groups, "g"), below(&bin, "a"));
        let object = |id: &str| Json::Object(vec![crate::answer::text("id", id)]);
        for (collection, key) in [(&users, "a"), (&users, "ab"), (&groups, "g")] {
            tenant.next_number(collection)?;
            tenant.add(collection, key, object(key), None)?;
        }
        let notes = [user.clone(), place(&["notes"])].concat();
        tenant.next_number(&notes)?;
        tenant.add(&notes, "1", object("1"), None)?;
        let (members, manager) = ([group, place(&["members"])].concat(), [user.clone(), place(&["manager"])].concat());
        tenant.link(&members, &user, false)?;
        tenant.link(&manager, &below(&users, "ab"), true)?;
        let (version, entries) = (tenant.version(), tenant.entries);

        tenant.set_aside(&user, &set_aside, object("a"))?;
        assert_eq!((tenant.keys(&users), tenant.keys(&bin)), (vec!["ab".to_owned()], vec!["a".to_owned()]));
        assert_eq!(tenant.removed(&users, version), [Json::String("a".to_owned())]);
        assert!(tenant.linked(&members).is_empty() && tenant.linked(&manager).is_empty());

        assert_eq!(tenant.home(&set_aside), Some(&user));
        tenant.bring_back(&set_aside, object("a"))?;
        assert_eq!((tenant.keys(&users).len(), tenant.keys(&bin).len(), tenant.keys(&notes).len()), (2, 0, 1));
        assert_eq!((tenant.linked(&members).len(), tenant.linked(&manager).len()), (1, 1));
        assert!(tenant.removed(&users, version).is_empty());
        // What was made in the collection of what is set aside is one entry more.
        assert_eq!(tenant.entries, entries + 1);

        tenant.set_aside(&user, &set_aside, object("a"))?;
        tenant.remove(&set_aside);
        assert_eq!((tenant.home(&set_aside), tenant.keys(&bin).len()), (None, 0));
        // The object, its note, and what was made of these, and two links.
        assert_eq!(tenant.entries, entries + 1 - 5);
        assert!(tenant.get(&[user, place(&["notes"]), vec![key_segment("1")]].concat()).is_none());
        Ok(())
    }
}
