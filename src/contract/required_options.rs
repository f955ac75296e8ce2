//! The query options that a page requires of every request: `startDateTime` of `calendarView`.

use std::sync::LazyLock;

use super::Request;
use super::remarks::says_required;
use super::word_list::WordList;
use crate::page::{Cell, Element, Page};
use crate::query::option_name;
use crate::url::Target;

/// What says that what follows is required: "provide the following required query parameters".
#[rustfmt::skip]
static INTRODUCTION: LazyLock<WordList> = LazyLock::new(|| {
    WordList::of(&[
        "following required query parameter", "folgenden erforderlichen abfrageparameter", "seguintes parâmetros de consulta obrigatórios",
        "seguintes parâmetros de consulta necessários", "siguientes parámetros de consulta obligatorios", "siguientes parámetros de consulta necesarios",
        "siguientes parámetros de consulta requeridos", "paramètres de requête requis suivants", "paramètres de requête obligatoires suivants",
        "seguenti parametri di query obbligatori", "seguenti parametri di query necessari", "следующие обязательные параметры запроса",
        "以下必需的查询参数", "以下必需查询参数", "以下所需的查询参数", "下列必需的查询参数", "下列必要的查詢參數", "以下必要的查詢參數", "次の必須クエリ パラメーター",
    ])
});

/// What takes a row from those.
#[rustfmt::skip]
static OPTIONAL: LazyLock<WordList> = LazyLock::new(|| {
    WordList::of(&[
        "optional", "opcional", "facultati", "facoltativ", "необязательн", "可选", "可選", "選擇性", "選用", "省略可能", "オプション", "선택",
    ])
});

/// No service requires more options.
const MOST: usize = 16;

/// The names of the query options that the page's table of query parameters requires, each once, as the page writes them.
///
/// What is read is what leaves no doubt: a row with the sentence "Required", or any row without "Optional" below "the following required query
/// parameters".
pub(super) fn required_options(page: &Page<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut are_required = false;
    for element in page.section("query-parameters") {
        match element {
            Element::Prose(prose) => are_required = INTRODUCTION.is_in(&prose.text),
            Element::Table(table) => {
                for row in &table.rows {
                    let [name, rest @ ..] = row.as_slice() else { continue };
                    let Some(name) = name_of_option(name) else { continue };
                    let is_required = rest.iter().any(|cell| says_required(&cell.text))
                        || (are_required && !rest.iter().any(|cell| OPTIONAL.is_in(&cell.text)));
                    let is_known = || names.iter().any(|own| option_name(own) == option_name(name));
                    if is_required && names.len() < MOST && !is_known() {
                        names.push(name.to_owned());
                    }
                }
                are_required = false;
            }
            Element::Heading(_) | Element::Comment(_) | Element::Fence(_) => {}
        }
    }
    names
}

/// Those that the example with this URL sends, too. What the page requires and does not send itself may be about other requests.
pub(super) fn sent_in(url: &str, required: &[String]) -> Vec<String> {
    if required.is_empty() {
        return Vec::new();
    }
    let sent = Target::read(url).query_parameters();
    let is_sent = |name: &&String| sent.iter().any(|(own, _)| option_name(own) == option_name(name));
    required.iter().filter(is_sent).cloned().collect()
}

/// The options with the state of a service, which it writes into the links of its answers (Microsoft Graph documentation, "Paging Microsoft Graph data
/// in your app" and "Use delta query to track changes in Microsoft Graph data").
const STATES: [&str; 2] = ["$skiptoken", "$deltatoken"];

impl Request {
    /// The query options that the page requires and a request does not have. `has_option` says which it has, by their names as [`option_name`] writes them.
    /// The URL of a further page, or of the next changes, is the service's own, and lacks none.
    pub fn missing_options(&self, has_option: impl Fn(&str) -> bool) -> Vec<&str> {
        if self.required_options.is_empty() || STATES.iter().any(|state| has_option(state)) {
            return Vec::new();
        }
        self.required_options.iter().map(String::as_str).filter(|name| !has_option(&option_name(name))).collect()
    }
}

/// The name of a query option that stands alone in a cell.
fn name_of_option<'c>(cell: &'c Cell<'_>) -> Option<&'c str> {
    let name = cell.text.trim();
    let is_name = !name.is_empty()
        && name.bytes().enumerate().all(|(at, byte)| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') || (at == 0 && byte == b'$')
        });
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    #[track_caller]
    fn check(section: &str, query: &str, expected: &[&str]) {
        let text = format!(
            "# List views\n\n## HTTP request\n\n```http\nGET /lamps/views?from={{from}}&to={{to}}\n```\n\n{section}\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/lamps/views{query}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
        );
        let page = Page::parse("v1.0/lamp-list-views.md", &text);
        let contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
        assert_eq!(contract.request.required_options, expected, "{text}");
    }

    const TABLE: &str =
        "|Parameter|Type|Description|\n|---|---|---|\n|from|String|The start.|\n|to|String|The end. Optional.|";

    #[test]
    fn what_follows_required_query_parameters_is_required() {
        let section = |before: &str| format!("## Query parameters\n\n{before}\n\n{TABLE}");
        let required = section("In the request URL, provide the following required query parameters with values.");
        check(&required, "?from=1&to=2", &["from"]);
        check(&required, "?From=1", &["from"]);
        check(&section("In the request URL, provide the following query parameters."), "?from=1&to=2", &[]);
        check(&section("There are no required query parameters."), "?from=1&to=2", &[]);
        let translated = |name: &str, before: &str, optional: &str| {
            section(before).replace("Query parameters", name).replace("Optional.", optional)
        };
        let chinese = "在请求 URL 中，提供以下必需的查询参数和值。";
        check(&translated("查询参数", chinese, "可选。"), "?from=1&to=2", &["from"]);
        let portuguese = "Na URL de solicitação, forneça os seguintes parâmetros de consulta obrigatórios com valores.";
        check(&translated("Parâmetros de consulta", portuguese, "Opcional."), "?from=1&to=2", &["from"]);
    }

    #[test]
    fn a_row_says_that_its_option_is_required() {
        let row = |text: &str| format!("## Query parameters\n\n|Name|Description|\n|---|---|\n|from|{text}|");
        check(&row("The start. Required."), "?from=1", &["from"]);
        check(&row("Required. The start."), "?from=1", &["from"]);
        check(&row("Required if there is an end."), "?from=1", &[]);
        let translated = |name: &str, text: &str| row(text).replace("Query parameters", name);
        check(&translated("查询参数", "开始。必需。"), "?from=1", &["from"]);
        check(&translated("Parâmetros de consulta", "O início. Obrigatório."), "?from=1", &["from"]);
        check(&row("Optional."), "?from=1", &[]);
        check("## Query parameters\n\n|Name|Description|\n|---|---|\n|from and to|Required.|", "?from=1", &[]);
        check("## Function parameters\n\n|Name|Description|\n|---|---|\n|from|Required.|", "?from=1", &[]);
    }

    #[test]
    fn what_the_example_does_not_send_is_not_known_to_be_required() {
        let row = "## Query parameters\n\n|Name|Description|\n|---|---|\n|from|Required.|";
        check(row, "", &[]);
        check(row, "?to=1", &[]);
        check(row, "?$top=1&from=1", &["from"]);
    }
}
