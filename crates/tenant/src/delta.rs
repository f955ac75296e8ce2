//! Delta queries: what has changed in a collection since a token (Microsoft Graph documentation, "Use delta query to track changes in Microsoft
//! Graph data").

use super::answer::{Answer, Content, text};
use super::call::Call;
use super::engine::Engine;
use super::operations::{PAGE, invalid_option};
use super::tenant::{Full, Place, Tenant, below};
use crate::query::Paging;
use graph_contracts::json::{Json, Member};
use graph_contracts::url::{Segment, query_parameters};

/// The parameters that carry a token; they are not repeated in links.
const TOKENS: [&str; 3] = ["$deltatoken", "$skiptoken", "token"];

/// The token of who only wants to know what comes from now on.
const LATEST: &str = "latest";

/// One round of requests: from the first page to the one with the next token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Round {
    /// The version of the tenant that the client knows; 0 for none.
    since: u64,
    /// The version when the round began.
    until: u64,
    /// The number of the last object on earlier pages.
    after: u64,
}

/// How the links of a delta query carry their token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenStyle {
    /// `$deltatoken` and `$skiptoken`, as most resources have them.
    Options,
    /// `token`, as drives have it.
    Parameter,
}

/// The objects of a collection, or of whatever else is tracked.
pub(super) struct Tracked {
    /// Those that changed, by their numbers.
    pub(super) changed: Vec<(u64, Place)>,
    /// The identifiers of those that are gone.
    pub(super) removed: Vec<Json>,
}

impl Engine {
    /// What has changed in the collection at a place.
    pub(super) fn delta(
        &self,
        call: &Call<'_>,
        place: &Place,
        node: usize,
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        self.seed(node, place, call.request.base_url, tenant)?;
        let tracked = |since: u64, tenant: &Tenant| {
            let changed = tenant.changed(place, since).into_iter();
            let changed = changed.map(|(number, key)| (number, below(place, &key))).collect();
            Tracked { changed, removed: tenant.removed(place, since) }
        };
        self.delta_of(call, TokenStyle::Options, tenant, &tracked, &|place, tenant| {
            self.completed(call, place, None, tenant)
        })
    }

    /// A page of a delta query over what `tracked` gives, each object as `shown` shows it.
    pub(super) fn delta_of(
        &self,
        call: &Call<'_>,
        style: TokenStyle,
        tenant: &mut Tenant,
        tracked: &dyn Fn(u64, &Tenant) -> Tracked,
        shown: &dyn Fn(&Place, &mut Tenant) -> Result<Json, Full>,
    ) -> Result<Answer, Full> {
        let url = format!("{}{}", call.request.base_url, without_token(call.request.path));
        let round = match token(call) {
            None => Round { since: 0, until: tenant.version(), after: 0 },
            Some(own) if own == LATEST => Round { since: tenant.version(), until: tenant.version(), after: 0 },
            Some(own) => match Round::read(&own, tenant) {
                Some(round) => round,
                None => return Ok(expired(style, &url)),
            },
        };
        let tracked = tracked(round.since, tenant);
        let size = call.page_size(PAGE);
        let mut rest = tracked.changed.iter().filter(|(number, _)| *number > round.after);
        let page: Vec<&(u64, Place)> = rest.by_ref().take(size).collect();
        let has_next = rest.next().is_some();
        let mut items = Vec::with_capacity(page.len());
        for (_, place) in &page {
            items.push(shown(place, tenant)?);
        }
        let options = call.options.clone().without(|option| !matches!(option, "$filter" | "$select" | "$expand"));
        let paging = Paging { size: usize::MAX, top_is_size: true };
        let applied = match options.apply_to_collection(items, paging, &|names| call.property(names)) {
            Ok(applied) => applied,
            Err(invalid) => return Ok(invalid_option(&invalid)),
        };
        let (mut items, is_first) = (applied.items, round.since == 0);
        if !has_next && !is_first {
            items.extend(tracked.removed.into_iter().map(|id| removed(style, id)));
        }
        let last = page.last().map_or(round.after, |(number, _)| *number);
        let next = Round { after: last, ..round };
        let (name, parameter, token) = match (has_next, style) {
            (true, TokenStyle::Options) => ("@odata.nextLink", "$skiptoken", next.skip_token(tenant)),
            (true, TokenStyle::Parameter) => ("@odata.nextLink", "token", next.skip_token(tenant)),
            (false, TokenStyle::Options) => ("@odata.deltaLink", "$deltatoken", round.delta_token(tenant)),
            (false, TokenStyle::Parameter) => ("@odata.deltaLink", "token", round.delta_token(tenant)),
        };
        let link = format!("{url}?{}", call.options.repeated(&TOKENS, &format!("{parameter}={token}")));
        let (version, path) = call.found.context(call.found.steps.len() - 1);
        let context = format!("{}{version}/$metadata#{path}", call.request.base_url);
        let members = vec![
            text("@odata.context", &context),
            text(name, &link),
            Member { name: "value".to_owned(), value: Json::Array(items) },
        ];
        let mut answer = Answer::new(200, Content::Json(Json::Object(members)));
        answer.notes = applied.notes;
        Ok(answer)
    }
}

impl Round {
    /// Reads a token: of which tenant, from which version on, and on later pages up to which version and behind which object. `None` for one
    /// that is not of this tenant, or too old.
    fn read(token: &str, tenant: &Tenant) -> Option<Round> {
        let parts: Vec<u64> = token.split('.').map(|part| u64::from_str_radix(part, 36).ok()).collect::<Option<_>>()?;
        let (generation, round) = match parts.as_slice() {
            [generation, since] => (*generation, Round { since: *since, until: tenant.version(), after: 0 }),
            [generation, since, until, after] => (*generation, Round { since: *since, until: *until, after: *after }),
            _ => return None,
        };
        let is_known =
            generation == tenant.generation() && round.since <= round.until && round.until <= tenant.version();
        let is_kept = round.since == 0 || round.since >= tenant.forgotten();
        (is_known && is_kept).then_some(round)
    }

    fn delta_token(self, tenant: &Tenant) -> String {
        format!("{}.{}", short(tenant.generation()), short(self.until))
    }

    fn skip_token(self, tenant: &Tenant) -> String {
        let Round { since, until, after } = self;
        format!("{}.{}.{}.{}", short(tenant.generation()), short(since), short(until), short(after))
    }
}

/// A number in base 36.
fn short(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// The token of a request: in its query, or as the argument of the function.
fn token(call: &Call<'_>) -> Option<String> {
    let of_option = |name: &str| call.options.value(name).filter(|value| !value.is_empty());
    let query = query_parameters(call.request.query);
    let of_parameter =
        || query.into_iter().find(|(name, value)| name == "token" && !value.is_empty()).map(|(_, value)| value);
    let of_function = || {
        let segments = Segment::of_path(call.request.path);
        let arguments = segments.last()?.arguments.as_ref()?;
        let own = arguments.iter().find(|argument| argument.name.as_deref() == Some("token"))?;
        Some(own.unquoted().into_owned()).filter(|value| !value.is_empty())
    };
    of_option("$skiptoken").or_else(|| of_option("$deltatoken")).or_else(of_parameter).or_else(of_function)
}

/// The path without the argument of the function.
fn without_token(path: &str) -> &str {
    let last = path.rfind('/').map_or(0, |at| at + 1);
    path[last..].find(['(', '%']).map_or(path, |at| &path[..last + at])
}

/// An object that is gone (OData JSON Format 4.01 section 15.3; "driveItem: delta" for drives). Nothing here can be restored.
fn removed(style: TokenStyle, id: Json) -> Json {
    let (name, members) = match style {
        TokenStyle::Options => ("@removed", vec![text("reason", "deleted")]),
        TokenStyle::Parameter => ("deleted", vec![text("state", "deleted")]),
    };
    let is_gone = Member { name: name.to_owned(), value: Json::Object(members) };
    Json::Object(vec![Member { name: "id".to_owned(), value: id }, is_gone])
}

/// The refusal of a token that is not known (any more): the client begins again where `Location` says ("Use delta query to track changes in
/// Microsoft Graph data", synchronization reset; "driveItem: delta" for drives).
fn expired(style: TokenStyle, url: &str) -> Answer {
    let (code, message) = match style {
        TokenStyle::Options => (
            "syncStateNotFound",
            "The sync state generation is not found. The delta token is expired and data must be synchronized again.",
        ),
        TokenStyle::Parameter => {
            ("resyncChangesApplyDifferences", "Resync required. Replace any local items with the server's version.")
        }
    };
    Answer::error(410, code, message).with_header("Location", url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_again() {
        for number in [0, 1, 35, 36, 1295, 1296, u64::MAX] {
            assert_eq!(u64::from_str_radix(&short(number), 36), Ok(number));
        }
        assert_eq!((short(35), short(36)), ("z".to_owned(), "10".to_owned()));
    }

    #[test]
    fn the_argument_of_the_function_is_not_repeated() {
        let check = |path: &str, expected: &str| assert_eq!(without_token(path), expected, "{path}");
        check("/v1.0/me/drive/root/delta(token='1')", "/v1.0/me/drive/root/delta");
        check("/v1.0/users('7')/notes/delta()", "/v1.0/users('7')/notes/delta");
        check("/v1.0/users/delta", "/v1.0/users/delta");
        check("/v1.0/users/delta%28token=%271%27%29", "/v1.0/users/delta");
    }
}
