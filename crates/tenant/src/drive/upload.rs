//! What requests do to upload sessions.

use super::super::answer::{Answer, Content as Body, text};
use super::super::call::Call;
use super::super::engine::Engine;
use super::super::identifiers::guid;
use super::super::objects::encoded;
use super::super::request::Request;
use super::super::tenant::{Full, Tenant};
use super::change::{CONFLICT, is_refused, no_item};
use super::content::{BYTES, Content};
use super::path::DrivePath;
use super::session::{Behavior, ChunkRange, DriveOf, Finished, Target, UPLOADS, Upload, session};
use super::tree::Drive;
use crate::blob::Blob;
use graph_contracts::json::Json;

/// How many sessions may be open.
const MOST_OPEN: usize = 1000;

impl Engine {
    /// Begins an upload to an item, or to a new one at that path.
    pub(super) fn begin(
        &self,
        call: &Call<'_>,
        drive: &Drive,
        path: &DrivePath,
        item: Option<String>,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let sent = call.sent.as_ref().and_then(|sent| sent.get("item").or(Some(sent)));
        let asked = sent.and_then(|sent| sent.get(CONFLICT)).and_then(Json::as_str);
        let behavior = Behavior::read(asked, Behavior::Replace);
        let of = || DriveOf { id: drive.id.clone(), items: drive.items.clone(), root: drive.root.clone() };
        let target = match (item, path.names.is_empty()) {
            (Some(id), true) => Target::Item { drive: of(), id },
            (None, true) => return Ok(no_item()),
            (_, false) => match self.folder_for(call, drive, path, tenant)? {
                Some((folder, name)) => {
                    if let Some(refusal) = is_refused(drive, &folder, &name, behavior, tenant) {
                        return Ok(refusal);
                    }
                    Target::File { drive: of(), folder, name, behavior }
                }
                None => return Ok(no_item()),
            },
        };
        let session = self.open(target, call, tenant)?;
        Ok(Answer::new(200, Body::Json(session)))
    }

    /// Opens a session, and gives it as a body.
    pub(super) fn open(&self, target: Target, call: &Call<'_>, tenant: &mut Tenant) -> Result<Json, Full> {
        if tenant.uploads.len() >= MOST_OPEN {
            return Err(Full);
        }
        let number = tenant.next_number(&vec!["_uploads".to_owned()])?;
        let id = guid("uploads", number);
        tenant.uploads.insert(id.clone(), Upload { target, total: None, bytes: Blob::default() });
        let url = text("uploadUrl", &format!("{}{UPLOADS}{}", call.request.base_url, encoded(&id)));
        Ok(session(0, None, Some(url)))
    }

    /// Answers a request to the URL of an upload.
    pub(super) fn upload(
        &self,
        id: &str,
        method: &str,
        request: &Request<'_>,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let Some(upload) = tenant.uploads.get(id) else {
            // Whoever sends the last chunk again, as it may be after an answer that was lost, has done nothing more than once.
            let range = ChunkRange::of(request.header("content-range"), request.length()).ok();
            let own = tenant.finished.iter().find(|own| own.id == id && Some(own.range) == range && method == "PUT");
            if let Some(own) = own {
                return Ok(Answer::new(200, Body::Json(own.body.clone())));
            }
            return Ok(Answer::error(404, "itemNotFound", "The upload session was not found."));
        };
        match method {
            "GET" => Ok(Answer::new(200, Body::Json(session(upload.bytes.length(), upload.total, None)))),
            "DELETE" => {
                tenant.end_upload(id);
                Ok(Answer::new(204, Body::Nothing))
            }
            "PUT" => {
                let range = match upload.next(request) {
                    Ok(range) => range,
                    Err(refusal) => return Ok(refusal),
                };
                tenant.extend_upload(id, request.content(), range.total)?;
                if !range.is_last() {
                    return Ok(Answer::new(202, Body::Json(session(range.last + 1, Some(range.total), None))));
                }
                let Some(upload) = tenant.end_upload(id) else { return Ok(no_item()) };
                let content = Content { media_type: BYTES.to_owned(), bytes: upload.bytes };
                let of = |own: DriveOf| Drive { id: own.id, items: own.items, root: own.root };
                let answer = match upload.target {
                    Target::Item { drive, id } => match of(drive) {
                        drive if tenant.get(&drive.place(&id)).is_none() => Ok(no_item()),
                        drive => self.replaced(request.base_url, &drive, &id, content, tenant),
                    },
                    Target::File { drive, folder, name, behavior } => match of(drive) {
                        drive if tenant.get(&drive.place(&folder)).is_none() => Ok(no_item()),
                        drive => self.written(request.base_url, &drive, (&folder, &name), behavior, content, tenant),
                    },
                    Target::Object(own) => self.attached(&own, content, tenant),
                }?;
                if let Body::Json(body) = &answer.content {
                    tenant.finish_upload(Finished { id: id.to_owned(), range, body: body.clone() });
                }
                Ok(answer)
            }
            _ => Ok(Answer::error(405, "invalidRequest", "An upload takes PUT, GET and DELETE.")
                .with_header("Allow", "GET, PUT, DELETE")),
        }
    }
}
