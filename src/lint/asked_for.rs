//! Whether a request asks for one object or for a collection, as far as its URL and its page say.

use super::title;
use crate::contract::Contract;
use crate::page::{Metadata, Page};
use crate::query::system_option;
use crate::url::{Segment, Target, Template};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskedFor {
    /// One object; with what says so.
    One(&'static str),
    /// A collection.
    Several,
}

/// The system query options that collections alone have (OData Protocol 4.01 section 11.2.6), and Microsoft Graph's parameter for the next page.
const OF_COLLECTIONS: [&str; 7] = ["$filter", "$search", "$orderby", "$top", "$skip", "$skiptoken", "$count"];

/// What text calls a collection in the languages in which documentation sets are published, in lower case.
#[rustfmt::skip]
const COLLECTIONS: &[&str] = &[
    "collection", "list", "array",
    "auflistung", "sammlung", "liste", // German, French
    "colección", "lista", "matriz", // Spanish, Portuguese, Italian
    "coleção", "raccolta", "elenco", "insieme", "tableau", "ensemble",
    "коллекци", "список", "массив",
    "集合", "列表", "清單", "数组", "陣列", // Chinese
    "コレクション", "一覧", "リスト", "配列",
    "컬렉션", "목록", "배열",
];

/// What the text of a page says of what its requests ask for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// The verb of the title.
    verb: Option<&'static str>,
    /// Whether the section "Response" speaks of a collection.
    several: bool,
    /// Whether it says that one object comes back.
    one: bool,
}

impl Said {
    pub(super) fn of(page: &Page<'_>) -> Said {
        let text: Vec<String> = page.prose_below("response", 6).map(|prose| prose.text.to_lowercase()).collect();
        Said {
            verb: page.title().and_then(title::verb),
            several: text.iter().any(|text| COLLECTIONS.iter().any(|word| text.contains(word))),
            one: text.iter().any(|text| promises_one(text)),
        }
    }
}

/// What a request asks for; `None` where nothing says it. `comment` is that of the response, and `said` what the page says.
pub(super) fn asked_for(contract: &Contract, comment: &Metadata, said: impl FnOnce() -> Said) -> Option<AskedFor> {
    let request = &contract.request;
    let target = Target::read(&request.url);
    if request.method != "POST" && is_of_key(contract, target.path) {
        return Some(AskedFor::One("the URL asks for one object by its key"));
    }
    let said = said();
    let has_option = target
        .query_parameters()
        .iter()
        .any(|(name, _)| system_option(name).is_some_and(|option| OF_COLLECTIONS.contains(&option)));
    if said.verb == Some("list") || has_option || said.several {
        return Some(AskedFor::Several);
    }
    // An action may return anything.
    if said.verb != Some("get") {
        return None;
    }
    if said.one {
        return Some(AskedFor::One("the section \"Response\" says that one object comes back"));
    }
    (comment.is_collection == Some(false)).then_some(AskedFor::One("the title and the comment speak of one object"))
}

/// Whether every template that a path is on ends with the key of an object.
fn is_of_key(contract: &Contract, path: &str) -> bool {
    let mut own =
        contract.routes.iter().map(|route| route.path.as_str()).filter(|own| Template::read(own).matches(path));
    let is_key = |name: &str| {
        let name = name.to_lowercase();
        KEYS.iter().any(|key| name.ends_with(key))
    };
    let ends_with_key = |template: &str| {
        let last = Segment::of_path(template).into_iter().flat_map(Segment::in_one_form).last();
        last.is_some_and(|last| last.parameter().is_some_and(is_key))
    };
    own.next().is_some_and(ends_with_key) && own.all(ends_with_key)
}

/// What the placeholders of keys end with, in lower case.
const KEYS: [&str; 3] = ["id", "key", "principalname"];

/// Whether English text says that one object comes back: "a(n) `name` object".
fn promises_one(text: &str) -> bool {
    // The text of a link, without its target.
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once(')').map_or("", |(_, behind)| behind));
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_one = |words: &[&str]| {
        matches!(words, ["a" | "an" | "the", _, "object"] | ["a" | "an" | "the", "requested", _, "object"])
    };
    words.windows(3).any(is_one) || words.windows(4).any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{PageName, TypeIndex, build};

    /// What a page with that title, section "Response", template and URL asks for, as its first word.
    #[track_caller]
    fn check(title: &str, prose: &str, template: &str, url: &str, comment: &str, expected: &str) {
        let text = format!(
            "# {title}\n\n## HTTP request\n\n```http\n{template}\n```\n\n## Response\n\n{prose}\n\n## Example\n\n\
             ```http\n{url}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
        );
        let page = Page::parse("v1.0/api/lamp.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let metadata = Metadata::read(&format!("{{{comment}}}")).expect("a comment").expect("metadata");
        let found = asked_for(&built.contracts[0].1, &metadata, || Said::of(&page));
        let found = match found {
            Some(AskedFor::One(_)) => "one",
            Some(AskedFor::Several) => "several",
            None => "unknown",
        };
        assert_eq!(found, expected, "{title} {prose} {template} {url} {comment}");
    }

    #[test]
    fn a_key_asks_for_one_object() {
        let check = |template: &str, url: &str, expected: &str| {
            check("List lamps", "Returns a collection of lamps.", template, url, "", expected);
        };
        check("GET /lamps/{id}", "GET /lamps/1", "one");
        check("GET /lamps/{lamp-id}", "GET /lamps/1?$select=a", "one");
        check("GET /lamps('{id}')", "GET /lamps('1')", "one");
        check("GET /rooms/{id | userPrincipalName}", "GET /rooms/a@contoso.com", "one");
        check("GET /lamps/{lamp-id}/bulbs", "GET /lamps/1/bulbs", "several");
        check("GET /lamps/{property}", "GET /lamps/bulbs", "several");
        check("GET /lamps/{id}\nGET /lamps/bulbs", "GET /lamps/bulbs", "several");
        check("POST /lamps/{id}", "POST /lamps/1", "several");
    }

    #[test]
    fn the_page_says_what_a_name_leads_to() {
        let check = |title: &str, prose: &str, url: &str, comment: &str, expected: &str| {
            check(title, prose, "GET /me/lamp", url, comment, expected);
        };
        let url = "GET /me/lamp";
        check("List lamps", "Returns a lamp object.", url, "", "several");
        check("Get lamp", "Returns a lamp object in the response body.", url, "", "one");
        check("Get lamp", "Returns the requested [lamp](lamp.md) object.", url, "", "one");
        check("Get lamp", "Returns a lamp object.", "GET /me/lamp?$filter=a eq 1", "", "several");
        check("Get lamps", "Returns lamp objects.", url, "", "unknown");
        check("Get lamps", "Returns a list of lamp objects.", url, "", "several");
        check("获取灯", "返回灯集合。", url, "", "several");
        check("获取灯", "返回灯。", url, "", "unknown");
        check("获取灯", "返回灯。", url, "\"isCollection\": false", "one");
        check("lamp: find", "Returns a lamp object.", url, "\"isCollection\": false", "unknown");
    }
}
