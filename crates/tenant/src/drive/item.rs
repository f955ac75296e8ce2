//! What an item of a drive is like ("driveItem resource type").

use super::super::answer::text;
use super::super::identifiers::integer;
use super::super::objects::encoded;
use super::super::values::now;
use graph_contracts::json::{Json, Member};

/// What tells one item from another.
pub(super) struct Item<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) drive: &'a str,
    /// The identifier of the folder that it is in, and its path from the root; the root has none.
    pub(super) parent: Option<(&'a str, &'a str)>,
    /// The size and the media type of a file; otherwise it is a folder.
    pub(super) file: Option<(usize, &'a str)>,
    /// How often it was changed.
    pub(super) edition: u64,
    pub(super) base_url: &'a str,
    /// When it was created, if that was before now.
    pub(super) created: Option<&'a Json>,
}

/// A member whose value is an object.
pub(super) fn object(name: &str, members: Vec<Member>) -> Member {
    Member { name: name.to_owned(), value: Json::Object(members) }
}

impl Item<'_> {
    /// The item as a body.
    pub(super) fn body(&self) -> Json {
        let now = now();
        let created = self.created.and_then(Json::as_str).unwrap_or(&now);
        let times = || vec![text("createdDateTime", created), text("lastModifiedDateTime", &now)];
        let path = match self.parent {
            Some((_, above)) => format!("{above}/{}", encoded(self.name)),
            None => String::new(),
        };
        let mut members = vec![
            text("id", self.id),
            text("name", self.name),
            text("eTag", &tag(self.id, self.edition)),
            text("cTag", &format!("\"c:{},{}\"", self.id, self.edition)),
        ];
        members.extend(times());
        members.push(text("webUrl", &format!("{}/personal/Documents{path}", self.base_url)));
        members.push(Member { name: "size".to_owned(), value: integer(self.file.map_or(0, |(size, _)| size as u64)) });
        members.push(object("fileSystemInfo", times()));
        let mut parent = vec![text("driveId", self.drive), text("driveType", "business")];
        if let Some((id, above)) = self.parent {
            parent.push(text("id", id));
            parent.push(text("path", &format!("/drives/{}/root:{above}", self.drive)));
        }
        members.push(object("parentReference", parent));
        match self.file {
            Some((_, media_type)) => {
                members.push(object("file", vec![text("mimeType", media_type)]));
                let url = format!("{}{}{}", self.base_url, super::content::DOWNLOADS, encoded(self.id));
                members.push(text("@microsoft.graph.downloadUrl", &url));
            }
            None => members.push(object("folder", vec![Member { name: "childCount".to_owned(), value: integer(0) }])),
        }
        if self.parent.is_none() {
            members.push(object("root", Vec::new()));
        }
        Json::Object(members)
    }
}

/// The tag of an item that was changed so often.
pub(super) fn tag(id: &str, edition: u64) -> String {
    format!("\"{id},{edition}\"")
}

/// The path of an item from the root of its drive, as its body says: of the folder that it is in, and its name.
pub(super) fn path_of(body: &Json) -> String {
    let parent = body.get("parentReference").and_then(|parent| parent.get("path")).and_then(Json::as_str);
    match parent.and_then(|parent| parent.split_once(":")) {
        Some((_, above)) => format!("{above}/{}", encoded(body.get("name").and_then(Json::as_str).unwrap_or_default())),
        None => String::new(),
    }
}

/// The identifier of the folder that an item is in.
pub(super) fn parent_of(body: &Json) -> Option<&str> {
    body.get("parentReference")?.get("id")?.as_str()
}

/// Whether an item is a folder.
pub(super) fn is_folder(body: &Json) -> bool {
    body.get("folder").is_some()
}

/// A body with another value of a member.
pub(super) fn with(body: Json, name: &str, value: Json) -> Json {
    super::super::objects::merged(body, Json::Object(vec![Member { name: name.to_owned(), value }]))
}
