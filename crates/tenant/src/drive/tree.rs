//! The tree of a drive: its root, folders, and the names in them.

use std::collections::BTreeSet;

use super::super::documented::Documented;
use super::super::engine::Engine;
use super::super::found::Found;
use super::super::identifiers::{guid, identifier, integer};
use super::super::routes::Kind;
use super::super::tenant::{Full, Place, Tenant, below, key_of, key_segment};
use super::item::{Item, is_folder, parent_of, with};
use super::path::DrivePath;
use graph_contracts::json::{Json, Member};

/// The name of the root folder.
const ROOT: &str = "root";

/// A drive of the tenant.
pub(super) struct Drive {
    pub(super) id: String,
    /// The collection of all of its items.
    pub(super) items: Place,
    pub(super) root: String,
}

impl Drive {
    pub(super) fn place(&self, id: &str) -> Place {
        below(&self.items, id)
    }

    /// Where the names of a folder's items are.
    pub(super) fn children(&self, folder: &str) -> Place {
        [self.items.as_slice(), &[key_segment(folder), "children".to_owned()]].concat()
    }
}

impl Engine {
    /// The drive at a place, which is made with its root when it is first needed.
    pub(super) fn drive_at(
        &self,
        found: &Found,
        place: &Place,
        base_url: &str,
        tenant: &mut Tenant,
    ) -> Result<Drive, Full> {
        let items = [place.as_slice(), &["items".to_owned()]].concat();
        if key_of(place).is_none() && tenant.get(place).is_none() {
            let mut operations = self.routes.node(found.node()).operations.iter().filter(|own| own.kind == Kind::Read);
            let documented = operations.find_map(|own| Documented::of(&self.store().contracts[own.contract]));
            let namespace = place.join("/");
            let id = identifier(documented.as_ref().and_then(|own| own.resource.get("id")), &namespace, 0);
            let body = match &documented {
                Some(own) => self.maker(own.contract, &namespace, base_url).resource(own, Some(&id), None, None),
                None => Json::Object(vec![Member { name: "id".to_owned(), value: id }]),
            };
            tenant.put(place, body, false)?;
        }
        let own_id = tenant.get(place).and_then(|own| own.get("id")).and_then(Json::as_str);
        let id = key_of(place).or(own_id).unwrap_or_default().to_owned();
        let root = match tenant.named(&items, ROOT) {
            Some(root) => root.clone(),
            None => {
                let root = new_id(&items, tenant)?;
                let item = Item {
                    id: &root,
                    name: ROOT,
                    drive: &id,
                    parent: None,
                    file: None,
                    edition: 1,
                    base_url: "",
                    created: None,
                };
                tenant.add(&items, &root, item.body(), None)?;
                tenant.name(&items, ROOT, &root)?;
                root
            }
        };
        Ok(Drive { id, items, root })
    }
}

/// The identifier of the item that a path leads to.
pub(super) fn item_at(drive: &Drive, path: &DrivePath, tenant: &Tenant) -> Option<String> {
    let start = path.id.clone().unwrap_or_else(|| drive.root.clone());
    tenant.get(&drive.place(&start))?;
    path.names.iter().try_fold(start, |folder, name| tenant.named(&drive.children(&folder), name).cloned())
}

/// An item as it is shown: a folder with the number of its children.
pub(super) fn shown(drive: &Drive, place: &Place, tenant: &Tenant) -> Option<Json> {
    let body = tenant.get(place)?.clone();
    let id = key_of(place)?;
    if !is_folder(&body) {
        return Some(body);
    }
    let count = tenant.names_in(&drive.children(id)).len();
    let folder = Json::Object(vec![Member { name: "childCount".to_owned(), value: integer(count as u64) }]);
    Some(with(body, "folder", folder))
}

/// The items below one whose names have a text, in any case; Microsoft Graph looks into their content, too, which is not known here.
pub(super) fn found_below(drive: &Drive, folder: &str, text: &str, tenant: &Tenant) -> Vec<String> {
    let text = text.to_lowercase();
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(own) = open.pop() {
        for id in tenant.names_in(&drive.children(&own)) {
            let name = tenant.get(&drive.place(&id)).and_then(|own| own.get("name")).and_then(Json::as_str);
            if name.is_some_and(|name| name.to_lowercase().contains(&text)) {
                found.push(id.clone());
            }
            open.push(id);
        }
    }
    found
}

/// Whether a folder is an item, or within it.
pub(super) fn is_within(drive: &Drive, folder: &str, id: &str, tenant: &Tenant) -> bool {
    let mut at = Some(folder.to_owned());
    let mut seen = BTreeSet::new();
    while let Some(own) = at.filter(|own| seen.insert(own.clone())) {
        if own == id {
            return true;
        }
        at = tenant.get(&drive.place(&own)).and_then(parent_of).map(str::to_owned);
    }
    false
}

/// Removes an item with whatever is in it.
pub(super) fn remove(drive: &Drive, id: &str, tenant: &mut Tenant) {
    let mut gone = BTreeSet::new();
    let mut open = vec![id.to_owned()];
    while let Some(own) = open.pop() {
        open.extend(tenant.names_in(&drive.children(&own)));
        gone.insert(drive.place(&own));
    }
    let own = tenant.get(&drive.place(id)).map(|own| (parent_of(own).map(str::to_owned), own.get("name").cloned()));
    if let Some((Some(folder), Some(Json::String(name)))) = own {
        tenant.unname(&drive.children(&folder), &name);
    }
    tenant.remove_all(&gone);
}

/// A name that no item of the folder has: the documented one with a number.
pub(super) fn free_name(drive: &Drive, folder: &str, name: &str, tenant: &Tenant) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let taken = tenant.names_in(&drive.children(folder)).len();
    let mut names = (1..=taken + 1).map(|number| format!("{stem} {number}{extension}"));
    names.find(|name| tenant.named(&drive.children(folder), name).is_none()).unwrap_or_else(|| name.to_owned())
}

pub(super) fn new_id(items: &Place, tenant: &mut Tenant) -> Result<String, Full> {
    let number = tenant.next_number(items)?;
    Ok(format!("01{}", guid(&items.join("/"), number).replace('-', "").to_uppercase()))
}

/// What cannot be the name of an item ("driveItem resource type", naming).
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !matches!(name, "." | "..") && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
}
