//! What of a request is refused by its head alone, before its body is sent (RFC 9110 section 10.1.1).

use super::super::answer::Answer;
use super::super::engine::{Engine, locked};
use super::super::precondition;
use super::super::request::Request;
use super::super::response::Response;
use super::change::no_item;
use super::path::{DrivePath, Subject};
use super::session::{ChunkRange, UPLOADS};
use super::tree::item_at;

impl Engine {
    /// The refusal of a request whatever its body has: what it is for is not there or not in the state that it asks for, or a chunk of that length is
    /// not the next one. Nothing that clients did is changed. `None` does not say that the request will be taken.
    pub fn refused_unread(&self, request: &Request<'_>, length: Option<usize>) -> Option<Response> {
        let refusal = match request.path.strip_prefix(UPLOADS) {
            Some(id) => self.refused_chunk(id, request, length?),
            None => match DrivePath::read(request.path) {
                Some(path) => self.refused_content(&path, request),
                None => self.refused_change(request),
            },
        };
        Some(self.send(refusal?, request))
    }

    /// Whether the tenant may hold something at a path. It is not looked whether it does.
    pub fn may_hold(&self, path: &str) -> bool {
        let is_item = || DrivePath::read(path).or_else(|| DrivePath::of_function(path)).is_some();
        Engine::is_preauthenticated(path) || is_item() || self.routes.find(path).is_some()
    }

    fn refused_chunk(&self, id: &str, request: &Request<'_>, length: usize) -> Option<Answer> {
        if request.method != "PUT" {
            return None;
        }
        let tenant = locked(&self.tenant);
        let range = ChunkRange::of(request.header("content-range"), length);
        let checked = match tenant.uploads.get(id) {
            Some(upload) => range.and_then(|range| upload.following(range)).err(),
            // It may be the last chunk again.
            None if tenant.finished.iter().any(|own| own.id == id) => None,
            None => Some((404, "itemNotFound", "The upload session was not found.")),
        };
        checked.map(|(status, code, message)| Answer::error(status, code, message))
    }

    fn refused_content(&self, path: &DrivePath, request: &Request<'_>) -> Option<Answer> {
        if request.method != "PUT" || path.subject() != Some(Subject::Content) {
            return None;
        }
        let found = self.routes.find(&path.drive)?;
        let mut tenant = locked(&self.tenant);
        let places = match self.resolve(&found, false, request.base_url, &mut tenant) {
            Ok(places) => places,
            Err(refusal) => return Some(refusal),
        };
        let drive = self.drive_at(&found, places.last()?, request.base_url, &mut tenant).ok()?;
        match item_at(&drive, path, &tenant) {
            Some(id) => precondition::refused(request, tenant.get(&drive.place(&id))?),
            None => path.names.is_empty().then(no_item),
        }
    }

    fn refused_change(&self, request: &Request<'_>) -> Option<Answer> {
        let found = self.routes.find(request.path)?;
        let mut tenant = locked(&self.tenant);
        let places = match self.resolve(&found, false, request.base_url, &mut tenant) {
            Ok(places) => places,
            // Another method may make what is not there.
            Err(refusal) => return Some(refusal).filter(|_| request.method == "PATCH"),
        };
        precondition::refused(request, tenant.get(places.last()?)?).filter(|_| !found.is_reference())
    }
}
