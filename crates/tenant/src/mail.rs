//! Mail that is sent: the tenant has no other mailboxes, and keeps what is sent among the sent items of the sender ("user: sendMail").

use super::answer::{Answer, text};
use super::call::Call;
use super::engine::Engine;
use super::found::Step;
use super::identifiers::{identifier, key};
use super::objects::{identified, merged};
use super::response::Origin;
use super::tenant::{Full, Place, Tenant, below};
use super::values::now;
use super::well_known::{MAIL, SENT};
use graph_contracts::json::{Json, Member};

const MESSAGES: &str = "messages";

impl Engine {
    /// Whether a request sends a message of its own, and by the contracts there is where it can be kept.
    pub(super) fn sends_mail(&self, call: &Call<'_>, method: &str, sender: &Place) -> bool {
        let is_named = call.place().last().is_some_and(|last| last == "sendmail");
        let has_message = || matches!(argument(call.sent.as_ref(), "message"), Some(Json::Object(_)));
        method == "POST" && is_named && has_message() && self.routes.node_of(&within(sender, MESSAGES)).is_some()
    }

    /// Sends a message, and keeps it unless the request says otherwise.
    pub(super) fn send_mail(&self, call: &Call<'_>, sender: &Place, tenant: &mut Tenant) -> Result<Answer, Full> {
        let answer = Answer { origin: Origin::State, ..self.act(call) };
        let is_kept = match argument(call.sent.as_ref(), "saveToSentItems") {
            Some(Json::Bool(is_kept)) => *is_kept,
            Some(Json::String(text)) => !text.eq_ignore_ascii_case("false"),
            _ => true,
        };
        let collection = within(sender, MESSAGES);
        let (Some(message), Some(node), true) =
            (argument(call.sent.as_ref(), "message"), self.routes.node_of(&collection), is_kept)
        else {
            return Ok(answer);
        };
        let base_url = call.request.base_url;
        let specimen = self.routes.specimen(node, &self.store().contracts);
        let documented_id = specimen.as_ref().and_then(|own| own.resource.get("id"));
        let id = identifier(documented_id, &collection.join("/"), tenant.next_number(&collection)?);
        let place = below(&collection, &key(&id));
        let namespace = place.join("/");
        let sent = merged(message.clone(), self.as_sent(sender, tenant));
        let body = match &specimen {
            Some(own) => self.maker(own.contract, &namespace, base_url).resource(own, Some(&id), Some(&sent), None),
            None => sent,
        };
        let kept = self.tagged(identified(body, &id), &place, &namespace, tenant);
        tenant.add(&collection, &key(&id), kept, None)?;
        let folders = within(sender, MAIL);
        if let Some(node) = self.routes.node_of(&folders)
            && let Some(folder) = self.keyed(node, &folders, &Step::Key(SENT.to_owned()), base_url, tenant)?
        {
            tenant.link(&within(&folder, MESSAGES), &place, false)?;
        }
        Ok(answer)
    }

    /// What a message has that was sent ("message resource type").
    fn as_sent(&self, sender: &Place, tenant: &Tenant) -> Json {
        let time = now();
        let mut members = vec![text("sentDateTime", &time), text("receivedDateTime", &time)];
        members.push(Member { name: "isDraft".to_owned(), value: Json::Bool(false) });
        let of = |name: &str| tenant.get(sender).and_then(|own| own.get(name)).and_then(Json::as_str);
        if let Some(address) = of("mail").or_else(|| of("userPrincipalName")) {
            let own = [of("displayName").map(|name| text("name", name)), Some(text("address", address))];
            let address = Json::Object(own.into_iter().flatten().collect());
            let address = Json::Object(vec![Member { name: "emailAddress".to_owned(), value: address }]);
            members.extend(["from", "sender"].map(|name| Member { name: name.to_owned(), value: address.clone() }));
        }
        Json::Object(members)
    }
}

/// An argument of an action, whose name some clients write in another case.
fn argument<'a>(sent: Option<&'a Json>, name: &str) -> Option<&'a Json> {
    let Json::Object(members) = sent? else { return None };
    members.iter().find(|own| own.name.eq_ignore_ascii_case(name)).map(|own| &own.value)
}

fn within(place: &Place, name: &str) -> Place {
    [place.as_slice(), &[name.to_owned()]].concat()
}
