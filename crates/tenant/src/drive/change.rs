//! Makes and changes items.

use super::super::answer::{self, Answer};
use super::super::call::Call;
use super::super::engine::Engine;
use super::super::tenant::{Full, Tenant};
use super::super::values::now;
use super::content::{BYTES, Content};
use super::item::{Item, is_folder, parent_of, path_of, tag, with};
use super::path::DrivePath;
use super::session::Behavior;
use super::tree::{Drive, free_name, is_name, is_within, item_at, new_id, shown};
use crate::blob::Blob;
use graph_contracts::json::Json;

/// What names the way in which a conflict of names is solved ("driveItem resource type", instance annotations).
pub(super) const CONFLICT: &str = "@microsoft.graph.conflictBehavior";

impl Engine {
    /// The folder in which an item of a path is, with the name of the item. Folders that are not there yet are made.
    pub(super) fn folder_for(
        &self,
        call: &Call<'_>,
        drive: &Drive,
        path: &DrivePath,
        tenant: &mut Tenant,
    ) -> Result<Option<(String, String)>, Full> {
        let Some((name, folders)) = path.names.split_last() else { return Ok(None) };
        let start = DrivePath { names: Vec::new(), ..path.clone() };
        let Some(mut folder) = item_at(drive, &start, tenant) else { return Ok(None) };
        for own in folders {
            let found = tenant.named(&drive.children(&folder), own).cloned();
            folder = match found {
                Some(found) => found,
                None => self.add(call.request.base_url, drive, (&folder, own), None, tenant)?,
            };
            if !tenant.get(&drive.place(&folder)).is_some_and(is_folder) {
                return Ok(None);
            }
        }
        let is_in_folder = tenant.get(&drive.place(&folder)).is_some_and(is_folder);
        Ok(is_in_folder.then(|| (folder, name.clone())))
    }

    /// Makes the special folder that a path begins with, where it is not there yet ("Get a special folder by name").
    pub(super) fn make_special(
        &self,
        base_url: &str,
        drive: &Drive,
        path: &DrivePath,
        tenant: &mut Tenant,
    ) -> Result<(), Full> {
        let Some((word, name)) = path.special.as_ref().zip(path.names.first()) else { return Ok(()) };
        if tenant.named(&drive.children(&drive.root), name).is_some() {
            return Ok(());
        }
        let place = drive.place(&self.add(base_url, drive, (&drive.root, name), None, tenant)?);
        let facet = Json::Object(vec![answer::text("name", word)]);
        let body = tenant.get(&place).cloned().map(|body| with(body, "specialFolder", facet));
        body.map_or(Ok(()), |body| tenant.put(&place, body, false))
    }

    /// Adds an item to a folder, whose name is free, and gives its identifier.
    pub(super) fn add(
        &self,
        base_url: &str,
        drive: &Drive,
        (folder, name): (&str, &str),
        content: Option<Content>,
        tenant: &mut Tenant,
    ) -> Result<String, Full> {
        let id = new_id(&drive.items, tenant)?;
        let above = tenant.get(&drive.place(folder)).map(path_of).unwrap_or_default();
        let item = Item {
            id: &id,
            name,
            drive: &drive.id,
            parent: Some((folder, &above)),
            file: content.as_ref().map(|content| (content.bytes.length(), content.media_type.as_str())),
            edition: 1,
            base_url,
            created: None,
        };
        tenant.add(&drive.items, &id, item.body(), Some(format!("{base_url}/{}", drive.place(&id).join("/"))))?;
        tenant.name(&drive.children(folder), name, &id)?;
        if let Some(content) = content {
            tenant.set_content(&drive.place(&id), content)?;
        }
        Ok(id)
    }

    /// Writes a file into a folder, where the name may be taken.
    pub(super) fn written(
        &self,
        base_url: &str,
        drive: &Drive,
        (folder, name): (&str, &str),
        behavior: Behavior,
        content: Content,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let taken = tenant.named(&drive.children(folder), name).cloned();
        let name = match (taken, behavior) {
            (Some(_), Behavior::Fail) => return Ok(taken_name()),
            (Some(id), Behavior::Replace) => return self.replaced(base_url, drive, &id, content, tenant),
            (Some(_), Behavior::Rename) => free_name(drive, folder, name, tenant),
            (None, _) => name.to_owned(),
        };
        let id = self.add(base_url, drive, (folder, &name), Some(content), tenant)?;
        let body = shown(drive, &drive.place(&id), tenant).unwrap_or(Json::Null);
        Ok(Answer::new(201, answer::Content::Json(body)))
    }

    /// Gives a file another content.
    pub(super) fn replaced(
        &self,
        base_url: &str,
        drive: &Drive,
        id: &str,
        content: Content,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let place = drive.place(id);
        let Some(old) = tenant.get(&place).cloned().filter(|own| !is_folder(own)) else {
            return Ok(Answer::error(409, "nameAlreadyExists", "A folder with this name already exists."));
        };
        let above =
            parent_of(&old).and_then(|parent| tenant.get(&drive.place(parent))).map(path_of).unwrap_or_default();
        let item = Item {
            id,
            name: old.get("name").and_then(Json::as_str).unwrap_or_default(),
            drive: &drive.id,
            parent: parent_of(&old).map(|parent| (parent, above.as_str())),
            file: Some((content.bytes.length(), &content.media_type)),
            edition: tenant.version() + 1,
            base_url,
            created: old.get("createdDateTime"),
        };
        // What clients have added to it stays.
        let body = super::super::objects::merged(old.clone(), item.body());
        tenant.set_content(&place, content)?;
        tenant.put(&place, body.clone(), true)?;
        Ok(Answer::new(200, answer::Content::Json(body)))
    }

    /// Makes a folder, or an empty file, of what was sent.
    pub(super) fn made(
        &self,
        call: &Call<'_>,
        drive: &Drive,
        folder: &str,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let Some(sent @ Json::Object(_)) = &call.sent else { return Ok(no_name()) };
        let Some(name) = sent.get("name").and_then(Json::as_str).filter(|name| is_name(name)) else {
            return Ok(no_name());
        };
        if !tenant.get(&drive.place(folder)).is_some_and(is_folder) {
            return Ok(Answer::error(400, "invalidRequest", "Only folders have children."));
        }
        let behavior = Behavior::read(sent.get(CONFLICT).and_then(Json::as_str), Behavior::Fail);
        let taken = tenant.named(&drive.children(folder), name).cloned();
        let name = match (taken, behavior) {
            (Some(id), Behavior::Replace) => {
                let body = shown(drive, &drive.place(&id), tenant).unwrap_or(Json::Null);
                return Ok(self.item_answer(call, 200, body));
            }
            (Some(_), Behavior::Fail) => return Ok(taken_name()),
            (Some(_), Behavior::Rename) => free_name(drive, folder, name, tenant),
            (None, _) => name.to_owned(),
        };
        let content = sent.get("file").map(|_| Content { media_type: BYTES.to_owned(), bytes: Blob::default() });
        let id = self.add(call.request.base_url, drive, (folder, &name), content, tenant)?;
        let body = shown(drive, &drive.place(&id), tenant).unwrap_or(Json::Null);
        Ok(self.item_answer(call, 201, body))
    }

    /// Changes an item: its name, the folder that it is in, and what else was sent.
    pub(super) fn changed(
        &self,
        call: &Call<'_>,
        drive: &Drive,
        id: &str,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let (Some(Json::Object(sent)), Some(old)) = (&call.sent, tenant.get(&drive.place(id)).cloned()) else {
            return Ok(Answer::error(400, "invalidRequest", "An object is expected."));
        };
        let old_name = old.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
        let old_folder = parent_of(&old).map(str::to_owned);
        let text = |name: &str| sent.iter().find(|member| member.name == name).and_then(|member| member.value.as_str());
        let name = text("name").unwrap_or(&old_name).to_owned();
        let to = sent.iter().find(|member| member.name == "parentReference").and_then(|member| member.value.get("id"));
        let folder = to.and_then(Json::as_str).map(str::to_owned).or(old_folder.clone());
        let mut body = old;
        if let Some(folder) = folder.filter(|folder| Some(folder) != old_folder.as_ref() || name != old_name) {
            if !is_name(&name) {
                return Ok(no_name());
            }
            let Some(target) = tenant.get(&drive.place(&folder)).cloned() else { return Ok(no_item()) };
            let taken = tenant.named(&drive.children(&folder), &name);
            if taken.is_some_and(|taken| taken != id) {
                return Ok(taken_name());
            }
            if !is_folder(&target) || is_within(drive, &folder, id, tenant) {
                return Ok(Answer::error(
                    400,
                    "invalidRequest",
                    "An item cannot be moved into itself, or into a file.",
                ));
            }
            if let Some(old_folder) = &old_folder {
                tenant.unname(&drive.children(old_folder), &old_name);
            }
            tenant.name(&drive.children(&folder), &name, id)?;
            let reference = [
                ("driveId", drive.id.clone()),
                ("driveType", "business".to_owned()),
                ("id", folder.clone()),
                ("path", format!("/drives/{}/root:{}", drive.id, path_of(&target))),
            ];
            let reference = reference.iter().map(|(name, value)| super::super::answer::text(name, value)).collect();
            body = with(body, "name", Json::String(name));
            body = with(body, "parentReference", Json::Object(reference));
        }
        let is_own =
            |name: &str| !matches!(name, "id" | "name" | "parentReference" | "size" | "file" | "folder" | "root");
        for member in sent.iter().filter(|member| is_own(&member.name) && !member.name.contains('@')) {
            body = with(body, &member.name, member.value.clone());
        }
        body = with(body, "lastModifiedDateTime", Json::String(now()));
        body = with(body, "eTag", Json::String(tag(id, tenant.version() + 1)));
        tenant.put(&drive.place(id), body, true)?;
        let body = shown(drive, &drive.place(id), tenant).unwrap_or(Json::Null);
        Ok(self.item_answer(call, 200, body))
    }
}

pub(super) fn no_item() -> Answer {
    Answer::error(404, "itemNotFound", "The resource could not be found.")
}

fn taken_name() -> Answer {
    Answer::error(409, "nameAlreadyExists", "An item with the same name already exists under the parent.")
}

fn no_name() -> Answer {
    Answer::error(400, "invalidRequest", "The name in the provided item is not valid.")
}

/// Whether a name is taken, and has to be free.
pub(super) fn is_refused(
    drive: &Drive,
    folder: &str,
    name: &str,
    behavior: Behavior,
    tenant: &Tenant,
) -> Option<Answer> {
    let is_taken = tenant.named(&drive.children(folder), name).is_some();
    (is_taken && behavior == Behavior::Fail).then(taken_name)
}
