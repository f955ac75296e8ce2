//! The page's table of request headers.

use foldhash::{HashSet, HashSetExt as _};

use super::Header;
use super::remarks::says_required;
use super::word_list::is_one_of;
use crate::page::{Cell, Element, Language, Page, Table};

/// The page's table of request headers: that of their section, or else the first with a bearer token.
pub(crate) fn header_table<'a>(page: &'a Page<'_>) -> Option<&'a Table<'a>> {
    let mut in_section = page.section("request-headers").filter_map(Element::as_table);
    in_section.next().or_else(|| page.tables().find(|table| is_header_table(table)))
}

/// The header fields that a page's table of request headers adds to its requests, each once.
///
/// Only fields whose value the table gives are taken: `Authorization: Bearer …` and the media types of `Accept` and `Content-Type`. What
/// it says of other fields is prose.
pub(super) fn fields(table: &Table<'_>) -> Vec<Header> {
    let mut fields: Vec<Header> = Vec::new();
    for row in &table.rows {
        let [name, rest @ ..] = row.as_slice() else { continue };
        // They are three at most.
        if let Some(field) = from_table(name, rest).filter(|field| super::header(&fields, &field.name).is_none()) {
            fields.push(field);
        }
    }
    fields
}

/// The names of the header fields that a page's table calls required, each once. `Authorization` and media types are those of [`fields`], and what a
/// message is framed by is no business of its sender (RFC 9112 section 6).
pub(super) fn required_fields(page: &Page<'_>, table: &Table<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for row in &table.rows {
        let [name, rest @ ..] = row.as_slice() else { continue };
        let Some(text) = field_name(page, name) else { continue };
        let is_other =
            field(text).is_none() && !["content-length", "host"].iter().any(|own| own.eq_ignore_ascii_case(text));
        let is_required =
            || !rest.iter().any(|cell| has_token(&cell.text)) && rest.iter().any(|cell| says_required(&cell.text));
        if is_other && is_required() && known.insert(text.to_ascii_lowercase()) {
            names.push(text.to_owned());
        }
    }
    names
}

/// The name of a header field that stands alone in a cell, also where it is a translation that is known. Any other one may be on a page that is not in
/// English, unless an example has it.
pub(super) fn field_name<'c>(page: &Page<'_>, cell: &'c Cell<'_>) -> Option<&'c str> {
    let text = cell.text.trim_end_matches(':');
    if let Some((known, _)) = TRANSLATED.iter().find(|(_, names)| is_one_of(text, names)) {
        return Some(known);
    }
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_known = || KNOWN_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(text));
    let is_sent = || page.blocks.iter().any(|block| block.message.header(text).is_some());
    // The language is asked for last, since it takes the words of the whole page.
    let is_original = || is_known() || is_sent() || page.language() == Language::English;
    (is_name && is_original()).then_some(text)
}

/// Whether a table is of the header fields of requests. Translations keep the token, and mostly the name.
pub(super) fn is_header_table(table: &Table<'_>) -> bool {
    // Properties may be called `authorization`; their names begin in lower case.
    let is_name = |text: &str| !text.starts_with(char::is_lowercase) && field(text) == Some(AUTHORIZATION);
    table
        .rows
        .iter()
        .any(|row| row.first().is_some_and(|cell| is_name(&cell.text)) || row.iter().any(|cell| has_token(&cell.text)))
}

fn from_table(name: &Cell<'_>, rest: &[Cell<'_>]) -> Option<Header> {
    let text = name.text.trim_end_matches(':');
    // A name that is not known is that of no field, unless the value can be of only one.
    let own = field(text).or_else(|| rest.iter().any(|cell| has_token(&cell.text)).then_some(AUTHORIZATION))?;
    let value = rest.iter().find_map(|cell| match own {
        AUTHORIZATION => is_bearer(&cell.text).then(|| "Bearer {token}".to_owned()),
        _ => media_type(&cell.text),
    })?;
    let name_as_written = if text.eq_ignore_ascii_case(own) { text } else { own };
    Some(Header { name: name_as_written.to_owned(), value, line: name.line })
}

const AUTHORIZATION: &str = "Authorization";

/// What translations call the fields whose values are taken, in lower case. The words are those of the published translations of Microsoft
/// Graph's documentation.
#[rustfmt::skip]
const FIELDS: &[(&str, &[&str])] = &[
    (AUTHORIZATION, &[
        "authorization", "autorisierung", "autorización", "autorização", "autorisation", "autorizzazione", "авторизация", "授权", "授權", "承認", "認証",
        "권한 부여", "인증",
    ]),
    ("Accept", &[
        "accept", "annehmen", "akzeptieren", "aceptar", "aceitar", "accepter", "accetta", "принять", "接受", "受け入れる", "受け入れ", "同意する", "承諾", "수락",
    ]),
    ("Content-Type", &[
        "content-type", "inhaltstyp", "tipo de contenido", "tipo de conteúdo", "type de contenu", "tipo di contenuto", "тип контента", "тип содержимого",
        "内容类型", "內容類型", "コンテンツの種類", "コンテンツ タイプ", "コンテンツタイプ", "콘텐츠 형식",
    ]),
];

/// What translations call other fields, in lower case.
#[rustfmt::skip]
const TRANSLATED: &[(&str, &[&str])] = &[
    ("Accept-Language", &[
        "aceitar-idioma", "aceitar idioma", "aceptar-idioma", "aceptar idioma", "accepter-langue", "接受语言", "接受-语言", "接受語言", "接受-語言",
    ]),
    ("If-Match", &["se-corresponder", "se corresponder", "si-coincide", "si coincide", "如果匹配", "如果-匹配", "若匹配", "如果相符"]),
    ("If-None-Match", &["se-nenhum-corresponder", "se nenhuma correspondência", "如果不匹配", "如果-无-匹配", "如果无匹配"]),
    ("Prefer", &[
        "preferir", "prefira", "préférer", "bevorzugen", "preferire", "предпочитать", "首选", "首选项", "偏好", "喜好設定",
    ]),
];

/// The header fields that examples have, as they are written: those of RFC 9110 and its registry, and those of OData and Microsoft Graph. Names of
/// fewer letters, such as `ETag`, are near to others by chance.
pub(crate) const KNOWN_FIELDS: [&str; 31] = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Client-Request-Id",
    "ConsistencyLevel",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
    "Location",
    "OData-MaxVersion",
    "OData-Version",
    "Operation-Location",
    "Prefer",
    "Preference-Applied",
    "Retry-After",
    "Strict-Transport-Security",
    "Transfer-Encoding",
    "User-Agent",
    "Warning",
    "Workbook-Session-Id",
    "WWW-Authenticate",
];

/// The field that a text names, in any language.
fn field(text: &str) -> Option<&'static str> {
    let name = text.trim_end_matches(':');
    FIELDS.iter().find(|(_, names)| is_one_of(name, names)).map(|(field, _)| *field)
}

/// Whether a text has a bearer token, which nothing but `Authorization` has.
fn has_token(text: &str) -> bool {
    let has_brackets = || memchr::memchr2(b'{', b'<', text.as_bytes()).is_some();
    text.starts_with("Bearer ") || (has_brackets() && ["{token}", "<token>"].iter().any(|token| text.contains(token)))
}

/// Whether a value of `Authorization` is a bearer token. Translations translate both words, and keep the brackets: `Portador {código}`.
fn is_bearer(text: &str) -> bool {
    let in_brackets = |open: char, close: char| {
        text.split_once(open).is_some_and(|(scheme, rest)| scheme.len() <= LONGEST_SCHEME && rest.contains(close))
    };
    has_token(text) || in_brackets('{', '}') || in_brackets('<', '>')
}

/// No word for `Bearer` is longer, in bytes.
const LONGEST_SCHEME: usize = 40;

/// The media type with which a text begins: `application/json. Required.`
fn media_type(text: &str) -> Option<String> {
    let word = text.split([' ', ',', '\n', '。', '，', '；', '、']).next()?.trim_end_matches(['.', ';']);
    let (kind, subtype) = word.split_once('/')?;
    let is_token =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-+._*".contains(c));
    (is_token(kind) && is_token(subtype)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::header_rules::HeaderRules;

    #[track_caller]
    fn check(rows: &str, example: &[(&str, &str)], has_body: bool, expected: &[&str]) {
        let text = format!("|Name|Description|\n|---|---|\n{rows}");
        let field = |(name, value): &(&str, &str)| Header { name: (*name).into(), value: (*value).into(), line: 9 };
        let example: Vec<Header> = example.iter().map(field).collect();
        let page = Page::parse("p.md", &text);
        let headers = HeaderRules::of(&page).of_request(&example, has_body);
        let shown: Vec<String> = headers.iter().map(|h| format!("{}: {} @{}", h.name, h.value, h.line)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_table_adds_what_the_example_leaves_out() {
        let rows = "|Authorization|Bearer &lt;token&gt; Required.|\n|Accept|application/json|\n|Content-Type|application/json. Required.|\n";
        let example = [("Content-type", "application/json")];
        let authorization = "Authorization: Bearer {token} @3";
        check(
            rows,
            &example,
            true,
            &["Content-type: application/json @9", authorization, "Accept: application/json @4"],
        );
        check(rows, &[], false, &[authorization, "Accept: application/json @4"]);
    }

    #[test]
    fn prose_about_a_field_is_no_value() {
        check(
            "|Authorization|A token.|\n|If-Match|Last known ETag. Optional.|\n|Accept|The format|\n",
            &[],
            false,
            &[],
        );
    }

    #[test]
    fn what_the_table_calls_required_is() {
        let check = |rows: &str, expected: &[&str]| {
            let text = format!("|Name|Description|\n|---|---|\n|Authorization|Bearer {{token}}. Required.|\n{rows}");
            let page = Page::parse("p.md", &text);
            let required = header_table(&page).map(|table| required_fields(&page, table));
            assert_eq!(required.unwrap_or_default(), expected, "{rows}");
        };
        check("|If-Match|Last known ETag value for the **lamp** to be updated. Required.|\n", &["If-Match"]);
        check("|If-Match:|The ETag (required)|\n|if-match|Required|\n", &["If-Match"]);
        check("|If-Match|The ETag. Erforderlich.|\n", &["If-Match"]);
        check("|If-Match|The ETag. Optional.|\n", &[]);
        check("|ConsistencyLevel|eventual. This header and `$count` are required when using `$search`.|\n", &[]);
        check("|Content-Type|application/json. Required.|\n|Content-Length|The size. Required.|\n", &[]);
    }

    #[test]
    fn what_no_field_is_called_is_not_required_by_that_name() {
        let check = |row: &str, expected: &[&str]| {
            let text = format!(
                "# Lâmpada\n\nEste método devolve a lâmpada que está na casa do proprietário, com todas as suas propriedades.\n\n\
                 |Nome|Descrição|\n|---|---|\n|Autorização|Bearer {{token}}. Obrigatório.|\n{row}\n\n```http\nGET /lamps\nLamp-Mode: fast\n```\n"
            );
            let page = Page::parse("p.md", &text);
            let required = header_table(&page).map(|table| required_fields(&page, table));
            assert_eq!(required.unwrap_or_default(), expected, "{row}");
        };
        check("|Se-Corresponder|A ETag. Obrigatório.|", &["If-Match"]);
        check("|Aceitar-Idioma|pt-BR. Obrigatório.|", &["Accept-Language"]);
        check("|Preferir|Obrigatório.|", &["Prefer"]);
        check("|如果匹配|ETag。必需。|", &["If-Match"]);
        check("|接受语言|zh-CN。必需。|", &["Accept-Language"]);
        check("|If-Match|A ETag. Obrigatório.|", &["If-Match"]);
        check("|Lamp-Mode|O modo. Obrigatório.|", &["Lamp-Mode"]);
        check("|Modo-Lampada|O modo. Obrigatório.|", &[]);
    }

    #[test]
    fn fields_are_known_in_any_language() {
        let authorization = "Authorization: Bearer {token} @3";
        check(
            "|Autorização|Portador {código}. Obrigatório.|\n|Aceitar|application/json|\n",
            &[],
            false,
            &[authorization, "Accept: application/json @4"],
        );
        check(
            "|授权|持有者 {token}。必需。|\n|内容类型|application/json。必需。|\n",
            &[],
            true,
            &[authorization, "Content-Type: application/json @4"],
        );
        check("|Autoryzacja|Bearer {token}|\n|Akceptuj|application/json|\n", &[], true, &[authorization]);
    }

    #[test]
    fn a_property_may_be_called_authorization() {
        let is_header = |row: &str| {
            let text = format!("|Property|Type|Description|\n|---|---|---|\n{row}\n");
            let page = Page::parse("p.md", &text);
            page.tables().next().map(is_header_table)
        };
        assert_eq!(is_header("|authorization|[appAuthorization](a.md)|How it signs in.|"), Some(false));
        assert_eq!(is_header("|Authorization|string|A token of the caller.|"), Some(true));
        assert_eq!(is_header("|authorization|string|Bearer {token}|"), Some(true));
    }

    #[test]
    fn the_table_of_the_section_is_one_of_header_fields() {
        let page = Page::parse(
            "p.md",
            "## <a name=\"request-headers\"></a>Nagłówki\n\n|Nazwa|Opis|\n|---|---|\n|Accept|application/json|\n",
        );
        let fields = header_table(&page).map(fields).unwrap_or_default();
        assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["Accept"]);
    }

    #[test]
    fn other_tables_are_no_header_tables() {
        check("|Accept|application/json|\n", &[], false, &[]);
    }
}
