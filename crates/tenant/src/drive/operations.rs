//! What a request does to an item of a drive.

use super::super::answer::{self, Answer};
use super::super::call::Call;
use super::super::delta::{TokenStyle, Tracked};
use super::super::engine::{Engine, Reply, full, locked, not_found};
use super::super::found::Found;
use super::super::operations::{PAGE, invalid_option};
use super::super::precondition;
use super::super::request::Request;
use super::super::response::Origin;
use super::super::tenant::{Full, Tenant};
use super::change::{CONFLICT, no_item};
use super::content::{BYTES, Content, DOWNLOADS};
use super::path::{DrivePath, Subject};
use super::session::{Behavior, UPLOADS};
use super::tree::{Drive, found_below, item_at, remove, shown};
use crate::query::{Options, Paging};
use graph_contracts::contract::media_type;
use graph_contracts::json::{Json, Member, parse};
use graph_contracts::url::{decode, query_parameters};

impl Engine {
    /// The answer to a request for an item of a drive, a download or an upload; `None` if it is for something else.
    pub(crate) fn drive(&self, request: &Request<'_>) -> Option<Reply> {
        let method = if request.method == "HEAD" { "GET" } else { request.method };
        let reply =
            |answer: Result<Answer, Full>| Reply { answer: answer.unwrap_or_else(|Full| full()), documented: None };
        if let Some(id) = request.path.strip_prefix(DOWNLOADS).filter(|_| method == "GET") {
            let tenant = locked(&self.tenant);
            let place = tenant.keyed(&decode(id));
            let content = place.as_ref().and_then(|place| tenant.content(place));
            return Some(reply(Ok(content.map_or_else(no_item, |content| content.answer(request.header("range"))))));
        }
        if let Some(id) = request.path.strip_prefix(UPLOADS) {
            return Some(reply(self.upload(id, method, request, &mut locked(&self.tenant))));
        }
        let path = DrivePath::read(request.path).or_else(|| DrivePath::of_function(request.path))?;
        let found = self.routes.find(&path.drive)?;
        let Some(subject) = path.subject() else { return self.below_item(&path, &found, request) };
        let is_own = |id: &str| self.store().contracts.iter().position(|own| own.id == id);
        let own = request.contract.filter(|_| path.special.is_some()).and_then(is_own);
        let index = own.or_else(|| self.drive_routes.of(method, subject))?;
        let contract = &self.store().contracts[index];
        let mut tenant = locked(&self.tenant);
        let places = match self.resolve(&found, false, request.base_url, &mut tenant) {
            Ok(places) => places,
            Err(refusal) => return Some(reply(Ok(refusal))),
        };
        let call = Call {
            request,
            found: &found,
            places: &places,
            contract: Some(contract),
            index: Some(index),
            documented: None,
            sent: request.text().and_then(|text| Some(parse(text).ok()?.json)),
            options: Options::parse(request.query),
            declared: Some(self.rules.of(contract)),
        };
        let answer = self.at_item(&call, method, &path, subject, &mut tenant);
        let mut reply = reply(answer);
        reply.answer.contract = Some(contract.id.clone());
        Some(reply)
    }

    /// Whether the tenant hands out URLs that begin with this path, and needs no token for them: downloads and uploads.
    pub fn is_preauthenticated(path: &str) -> bool {
        path.starts_with(DOWNLOADS) || path.starts_with(UPLOADS)
    }

    /// Any other request about an item is one about the object with its identifier.
    fn below_item(&self, path: &DrivePath, found: &Found, request: &Request<'_>) -> Option<Reply> {
        let mut tenant = locked(&self.tenant);
        let places = self.resolve(found, false, request.base_url, &mut tenant).ok()?;
        let drive = self.drive_at(found, places.last()?, request.base_url, &mut tenant).ok()?;
        self.make_special(request.base_url, &drive, path, &mut tenant).ok()?;
        let id = item_at(&drive, path, &tenant)?;
        drop(tenant);
        let path = format!("{}/items/{}/{}", path.drive, super::super::objects::encoded(&id), path.rest.join("/"));
        let found = self.routes.find(&path)?;
        Some(self.at(&found, &Request { path: &path, ..*request }, false))
    }

    fn at_item(
        &self,
        call: &Call<'_>,
        method: &str,
        path: &DrivePath,
        subject: Subject,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let drive = self.drive_at(call.found, &call.place(), call.request.base_url, tenant)?;
        self.make_special(call.request.base_url, &drive, path, tenant)?;
        let (mut names, mut subject) = (path.names.clone(), subject);
        if subject == Subject::ChildContent {
            names.push(path.rest.get(1).cloned().unwrap_or_default());
            subject = Subject::Content;
        }
        let path = DrivePath { names, ..path.clone() };
        let item = item_at(&drive, &path, tenant);
        let query = query_parameters(call.request.query);
        let asked = query.iter().find(|(name, _)| name.eq_ignore_ascii_case(CONFLICT)).map(|(_, value)| value.as_str());
        let object = item.as_ref().and_then(|id| tenant.get(&drive.place(id)));
        let object = object.filter(|_| matches!(subject, Subject::Item | Subject::Content));
        if let Some(refusal) = object.and_then(|object| precondition::refused(call.request, object)) {
            return Ok(refusal);
        }
        match (method, subject, item) {
            ("PUT", Subject::Content, item) => {
                let behavior = Behavior::read(asked, Behavior::Replace);
                let of_request = call.request.header("content-type").map(media_type).filter(|own| !own.is_empty());
                let media_type = of_request.unwrap_or_else(|| BYTES.to_owned());
                let content = Content { media_type, bytes: call.request.content() };
                match item {
                    Some(id) if behavior == Behavior::Replace || path.names.is_empty() => {
                        self.replaced(call.request.base_url, &drive, &id, content, tenant)
                    }
                    _ => match self.folder_for(call, &drive, &path, tenant)? {
                        Some((folder, name)) => {
                            self.written(call.request.base_url, &drive, (&folder, &name), behavior, content, tenant)
                        }
                        None => Ok(no_item()),
                    },
                }
            }
            ("POST", Subject::Upload, item) => self.begin(call, &drive, &path, item, tenant),
            (_, _, None) => Ok(no_item()),
            ("GET", Subject::Content, Some(id)) => Ok(match tenant.content(&drive.place(&id)) {
                Some(_) => {
                    let url = format!("{}{DOWNLOADS}{}", call.request.base_url, super::super::objects::encoded(&id));
                    Answer::new(302, answer::Content::Nothing).with_header("Location", url)
                }
                None => Answer::error(400, "notSupported", "A folder has no content."),
            }),
            ("GET", Subject::Item, Some(id)) => {
                let body = shown(&drive, &drive.place(&id), tenant).unwrap_or(Json::Null);
                Ok(match call.options.apply_to_object(body, &|names| call.property(names)) {
                    Ok(applied) => Answer { notes: applied.notes, ..self.item_answer(call, 200, applied.object) },
                    Err(invalid) => invalid_option(&invalid),
                })
            }
            ("PATCH", Subject::Item, Some(id)) => self.changed(call, &drive, &id, tenant),
            ("DELETE", Subject::Item, Some(id)) => {
                if id == drive.root {
                    return Ok(Answer::error(400, "invalidRequest", "The root of a drive cannot be deleted."));
                }
                remove(&drive, &id, tenant);
                Ok(Answer::new(204, answer::Content::Nothing))
            }
            ("GET", Subject::Children, Some(id)) => {
                Ok(self.items(call, &drive, &tenant.names_in(&drive.children(&id)), tenant))
            }
            ("GET", Subject::Search, Some(id)) => {
                let found = found_below(&drive, &id, &path.searched().unwrap_or_default(), tenant);
                Ok(self.items(call, &drive, &found, tenant))
            }
            ("GET", Subject::Count, Some(id)) => {
                let count = tenant.names_in(&drive.children(&id)).len().to_string();
                Ok(Answer::new(200, answer::Content::Text(count)).with_header("Content-Type", "text/plain"))
            }
            ("POST", Subject::Children, Some(id)) => self.made(call, &drive, &id, tenant),
            ("GET", Subject::Delta, Some(_)) => {
                let tracked = |since: u64, tenant: &Tenant| {
                    let changed = tenant.changed(&drive.items, since).into_iter();
                    let changed = changed.map(|(number, id)| (number, drive.place(&id))).collect();
                    Tracked { changed, removed: tenant.removed(&drive.items, since) }
                };
                self.delta_of(call, TokenStyle::Parameter, tenant, &tracked, &|place, tenant| {
                    Ok(shown(&drive, place, tenant).unwrap_or(Json::Null))
                })
            }
            _ => {
                Ok(not_found("This is not documented for the items of a drive.".to_owned()).from(Origin::Undocumented))
            }
        }
    }

    /// A collection of items.
    fn items(&self, call: &Call<'_>, drive: &Drive, ids: &[String], tenant: &Tenant) -> Answer {
        let items: Vec<Json> = ids.iter().filter_map(|id| shown(drive, &drive.place(id), tenant)).collect();
        let (url, paging) = (call.request.base_url, Paging { size: call.page_size(PAGE), top_is_size: true });
        let (version, path) = call.found.context(call.found.steps.len());
        let context = super::super::answer::text("@odata.context", &format!("{url}{version}/$metadata#{path}/items"));
        let body = Json::Object(vec![context, Member { name: "value".to_owned(), value: Json::Array(items) }]);
        let link = format!("{url}{}", call.request.path);
        match call.options.apply_to_body(body, &link, paging, &|names| call.property(names)) {
            Ok(applied) => Answer { notes: applied.notes, ..Answer::new(200, answer::Content::Json(applied.object)) },
            Err(invalid) => invalid_option(&invalid),
        }
    }

    pub(super) fn item_answer(&self, call: &Call<'_>, status: u16, body: Json) -> Answer {
        let (version, path) = call.found.context(call.found.steps.len());
        let context = format!("{}{version}/$metadata#{path}/items/$entity", call.request.base_url);
        Answer::new(status, answer::Content::Json(super::super::objects::with_context(body, &context)))
    }
}
