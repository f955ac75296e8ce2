//! References to entities in bodies, by their URLs: `@odata.bind` and `@odata.id` (OData JSON Format 4.01 sections 8.5 and 14).

use super::body::Checker;
use super::resolve::{Documented, resolve};
use super::resource::{Kind, type_name};
use crate::csdl::{TypeId, TypeRef};
use graph_contracts::diagnostic::Code;
use graph_contracts::json::{Cursor, Json};
use graph_contracts::url::{Segment, Target};

impl Checker<'_, '_> {
    /// The entities that URLs stand for, which have to be of a type. Each value is a URL, an object with `@odata.id`, or an array of them.
    pub(super) fn referenced(&mut self, value: &Json, target: TypeId, subject: &str, at: u32, cursor: &Cursor<'_>) {
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.referenced(item, target, subject, at, &Cursor::Element(cursor, index));
                }
            }
            Json::Object(_) => {
                if let Some(url) = value.get("@odata.id").or_else(|| value.get("@id")) {
                    self.referenced(url, target, subject, at, cursor);
                }
            }
            Json::String(url) => {
                if let Some(message) = self.misses(url, target, subject) {
                    self.remark(Code::ValueNotOfMetadataType, cursor, message, subject.to_owned(), Some(at));
                }
            }
            _ => {}
        }
    }

    /// Why a URL does not lead to one entity of a type; `None` where it does, or where it is not known what it leads to.
    fn misses(&self, url: &str, target: TypeId, subject: &str) -> Option<String> {
        let read = Target::read(url);
        // Another service, another version, or no path at all.
        if (read.host.is_some() && read.version != self.message.version) || !read.path.contains('/') {
            return None;
        }
        let segments = Segment::of_path(read.path);
        // What another request of the batch creates (OData Protocol 4.01 section 11.7.3).
        let is_content =
            |own: &Segment| own.name.strip_prefix('$').is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()));
        if segments.first().is_some_and(is_content) {
            return None;
        }
        let path = Documented { segments: &segments, example: &[], query: &[], is_post: false };
        let other = match resolve(self.csdl, &path) {
            Err(remark) => return Some(format!("`{url}` cannot be {subject}: {}", remark.message)),
            Ok(resource) => match resource.kind {
                Kind::Entities(_) => return Some(format!("`{url}` is a collection, and {subject} is one entity")),
                Kind::Entity(other) => other,
                _ => return None,
            },
        };
        let fits = self.csdl.may_be_a(other, target) || self.csdl.may_be_a(target, other);
        (!fits).then(|| {
            let [other, target] =
                [other, target].map(|id| type_name(self.csdl, TypeRef { collection: false, name: "", id: Some(id) }));
            format!("`{url}` is a {other}, and {subject} is a {target}")
        })
    }
}
