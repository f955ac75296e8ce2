//! Attachments of messages and events that are uploaded in chunks ("attachment: createUploadSession").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::answer::{Answer, Content as Body, text};
use super::super::call::Call;
use super::super::documented::body;
use super::super::engine::Engine;
use super::super::identifiers::{identifier, integer, key};
use super::super::objects::{encoded, identified, merged};
use super::super::tenant::{Full, Place, Tenant, below};
use super::super::values::now;
use super::content::Content;
use super::session::{ObjectOf, Target};
use graph_contracts::json::{Json, Member};

/// The type of an attachment that is a file ("fileAttachment resource type").
const FILE: &str = "#microsoft.graph.fileAttachment";

impl Engine {
    /// Whether a request begins the upload of an object into the collection before it, as its page says.
    pub(in super::super) fn begins_upload(&self, call: &Call<'_>) -> bool {
        let has_url = call.contract.and_then(body).is_some_and(|body| body.get("uploadUrl").is_some());
        call.request.method == "POST" && has_url && self.routes.node(call.found.parent()).is_collection()
    }

    /// Begins it.
    pub(in super::super) fn begin_object(
        &self,
        call: &Call<'_>,
        collection: &Place,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        // What is said of the object stands in a parameter of the action.
        let sent = match &call.sent {
            Some(Json::Object(members)) => members.iter().find(|own| matches!(own.value, Json::Object(_))),
            _ => None,
        };
        let sent = sent.map_or_else(|| Json::Object(Vec::new()), |own| own.value.clone());
        let path = call.request.path.trim_end_matches('/');
        let url =
            format!("{}{}", call.request.base_url, path.rsplit_once('/').map_or(path, |(collection, _)| collection));
        let target = Target::Object(ObjectOf { collection: collection.clone(), url, sent });
        let status = call.contract.map_or(201, |contract| contract.response.status);
        Ok(Answer::new(status, Body::Json(self.open(target, call, tenant)?)))
    }

    /// Adds the object with its content, and says where it is.
    pub(super) fn attached(&self, own: &ObjectOf, content: Content, tenant: &mut Tenant) -> Result<Answer, Full> {
        let ObjectOf { collection, url, sent } = own;
        let number = tenant.next_number(collection)?;
        let documented = self.routes.node_of(collection).and_then(|node| self.documented_id(node));
        let id = identifier(documented, &collection.join("/"), number);
        let said = |name: &str| sent.get(name).cloned();
        let shown = ["name", "contentType", "isInline", "contentId"].into_iter();
        let shown = shown.filter_map(|name| Some(Member { name: name.to_owned(), value: said(name)? }));
        let members = vec![
            text("@odata.type", FILE),
            text("lastModifiedDateTime", &now()),
            Member { name: "size".to_owned(), value: integer(content.bytes.length() as u64) },
            text("contentBytes", &STANDARD.encode(content.bytes.read().map_err(|_| Full)?)),
            Member { name: "isInline".to_owned(), value: Json::Bool(false) },
        ];
        let made = merged(Json::Object(members), Json::Object(shown.collect()));
        let url = format!("{url}/{}", encoded(&key(&id)));
        let place = below(collection, &key(&id));
        tenant.add(collection, &key(&id), identified(made, &id), Some(url.clone()))?;
        tenant.set_content(&[place.as_slice(), &["$value".to_owned()]].concat(), content)?;
        Ok(Answer::new(201, Body::Nothing).with_header("Location", url))
    }
}
