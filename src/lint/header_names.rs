//! The rule for the names of header fields: what is nearly the name of a field that examples have is a slip.

use super::Linter;
use super::nearest::{Letters, is_nearly, most_wrong};
use crate::compare::excerpt;
use crate::contract::{KNOWN_FIELDS as KNOWN, header_table};
use crate::diagnostic::Code;
use crate::page::{Block, Header, Language};

/// What each of them consists of.
const LETTERS: [Letters; KNOWN.len()] = {
    let (mut letters, mut at) = ([Letters::of(""); KNOWN.len()], 0);
    while at < KNOWN.len() {
        letters[at] = Letters::of(KNOWN[at]);
        at += 1;
    }
    letters
};

/// Checks a field of a message.
pub(super) fn check(linter: &mut Linter<'_>, field: &Header) {
    if let Some(known) = meant(&field.name) {
        let column = linter.page.column_of(field.line, &field.name);
        linter.report_at(Code::HeaderMisspelled, (field.line, column), message(&field.name, known));
    }
}

/// Checks the page's table of request headers. Other languages translate the names.
pub(super) fn check_table(linter: &mut Linter<'_>) {
    let page = linter.page;
    let Some(table) = header_table(page) else { return };
    for cell in table.rows.iter().filter_map(|row| row.first()) {
        let name = cell.text.split(':').next().unwrap_or_default().trim();
        // The language is asked for last, since it takes the words of the whole page.
        if let Some(known) = meant(name).filter(|_| page.language() == Language::English) {
            let column = page.column_of(cell.line, name);
            linter.report_at(Code::HeaderMisspelled, (cell.line, column), message(name, known));
        }
    }
}

fn message(name: &str, known: &str) -> String {
    format!("there is no header field `{}`; did you mean `{known}`?", excerpt(name))
}

/// Whether a message has the field of a name under a name that is misspelled.
pub(super) fn has_misspelled(block: &Block<'_>, known: &str) -> bool {
    let of_known = Letters::of(known);
    // What one field means takes as long as a hundred such comparisons.
    let may_be = |name: &str| Letters::of(name).may_be_near(of_known, most_wrong(known));
    let is_meant = |name: &str| meant(name).is_some_and(|own| own.eq_ignore_ascii_case(known));
    block.message.headers.iter().any(|field| may_be(&field.name) && is_meant(&field.name))
}

/// The field that a name means which is nearly that of one. Names that begin with `X-` are those of a service's own.
fn meant(name: &str) -> Option<&'static str> {
    let is_name = (5..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !is_name || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let own = name.to_ascii_lowercase();
    if own.starts_with("x-") {
        return None;
    }
    let letters = Letters::of(name);
    let mut near = KNOWN.iter().zip(LETTERS).filter(|(known, of_known)| {
        let most = most_wrong(known);
        letters.may_be_near(*of_known, most) && is_nearly(&own, &known.to_ascii_lowercase(), most)
    });
    near.next().filter(|_| near.next().is_none()).map(|(known, _)| *known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{exchange, places};

    #[test]
    fn a_name_that_is_nearly_known_is_misspelled() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(meant(name), expected, "{name}");
        check("Contena-type", Some("Content-Type"));
        check("ContentType", Some("Content-Type"));
        check("Prrfer", Some("Prefer"));
        check("Locition", Some("Location"));
        check("Authorizaton", Some("Authorization"));
        check("ConsistencyLevle", Some("ConsistencyLevel"));
        check("If_Match", Some("If-Match"));
        for name in [
            "content-type",
            "PREFER",
            "x-location",
            "Allocation",
            "Locations",
            "Referer",
            "Expect",
            "ETag",
            "Etags",
            "Host",
            "Date",
            "request-id",
            "Accept-Charset",
            "Accept-Ranges",
            "Content-MD5",
            "Ocp-Apim-Subscription-Key",
            "{header}",
            "",
            "Subject",
            "If-Range",
            "OData-EntityId",
        ] {
            check(name, None);
        }
    }

    #[test]
    fn it_is_reported_where_it_stands_and_what_follows_from_it_is_not() {
        let request = "POST https://graph.microsoft.com/v1.0/lamps\nContena-type: application/json\n\n{}";
        let text =
            exchange("", request, "HTTP/1.1 201 Created\n  Locition: /lamps/1\nContnt-Type: application/json\n\n{}");
        assert_eq!(places(&text, Code::HeaderMisspelled), [(9, 1), (16, 3), (17, 1)]);
        assert_eq!(places(&text, Code::NoRequestContentType), []);
        assert_eq!(places(&text, Code::NoContentType), []);
    }

    #[test]
    fn the_names_in_the_table_of_an_english_page_are_checked() {
        let check = |prose: &str, cell: &str, expected: &[(u32, u32)]| {
            let text = format!(
                "# Get lamp\n\n{prose}\n\n## Request headers\n\n|Name|Description|\n|---|---|\n|Authorization|Bearer {{token}}|\n|{cell}|Text|\n"
            );
            assert_eq!(places(&text, Code::HeaderMisspelled), expected, "{prose} {cell}");
        };
        let english = "Get the lamp that is in the house of the owner.";
        check(english, "Prrfer", &[(10, 2)]);
        check(english, "Prrfer: odata.maxpagesize", &[(10, 2)]);
        check(english, "Prefer", &[]);
        check(english, "Color", &[]);
        check(
            "Obtenir la lampe qui se trouve dans la maison du propriétaire et qui ne peut pas être déplacée.",
            "Autorisation",
            &[],
        );
    }
}
