//! The rule for statuses: that of an example is one that the text of the page names.

use std::collections::{BTreeMap, BTreeSet};

use super::templates::{is_of_service, methods_of};
use super::{Contracts, Linter, body_words};
use crate::contract::PairKind;
use crate::diagnostic::Code;
use crate::page::{Element, Page, Prose};

/// The status of an example is one that the text of the section "Response" names, if it names any.
///
/// Gives, for the lines of the statuses that are not, those that the text names.
pub(super) fn check(linter: &mut Linter<'_>, contracts: &Contracts) -> BTreeMap<u32, BTreeSet<u16>> {
    let page = linter.page;
    let mut corrected = BTreeMap::new();
    // What is said of errors says nothing of success, and what is no code may be any number.
    let prose = below_response(page).into_iter();
    let codes = prose.flat_map(|prose| of_success(prose).into_iter().map(move |code| (prose, code)));
    let codes: Vec<(u16, &Prose<'_>, &str)> =
        codes.filter_map(|(prose, code)| Some((statuses(code).next()?, prose, code))).collect();
    let named: BTreeSet<u16> = codes.iter().map(|(status, ..)| *status).collect();
    if named.is_empty() {
        return corrected;
    }
    let shown = named.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let mut mentioned = named.clone();
    page.section("response").for_each(|element| mentioned.extend(statuses_in(element)));
    let methods = methods_of(page);
    let shows_named = contracts.iter().any(|(_, contract)| named.contains(&contract.response.status));
    let (mut others, mut same) = (BTreeMap::new(), 0_usize);
    // The methods of these, and of those of which the section does not tell.
    let (mut methods_of_others, mut methods_beside) = (BTreeSet::new(), BTreeSet::new());
    for (kind, contract) in contracts {
        let status = contract.response.status;
        // Further responses, redirects, errors, other hosts and other operations are other stories than the section tells.
        let is_other = *kind != PairKind::Pair
            || status >= 300
            || !is_of_service(page, contract)
            || (!methods.is_empty() && !methods.contains(contract.request.method.as_str()));
        // So is the example of a case in which nothing comes back, beside one of the usual case.
        let is_special = shows_named && status == 204;
        let line = contract.source.response.line;
        if is_other {
            methods_beside.insert(contract.request.method.as_str());
            continue;
        }
        if !is_special && !mentioned.contains(&status) && !is_explained(page, line, status) {
            others.insert(line, status);
            methods_of_others.insert(contract.request.method.as_str());
        } else {
            same += 1;
        }
    }
    let distinct: BTreeSet<u16> = others.values().copied().collect();
    let is_one = distinct.len() == 1 && others.len() > 1 && same == 0;
    if let (true, [(_, prose, code)], Some(status)) = (is_one, codes.as_slice(), distinct.first()) {
        // All examples agree with each other, and a single sentence with none of them.
        let lines = others.keys().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let which = match Vec::from_iter(methods_of_others).as_slice() {
            _ if methods_beside.is_empty() => "all examples".to_owned(),
            [method] if !methods_beside.contains(method) => format!("the examples of {method}"),
            _ => format!("{} examples", others.len()),
        };
        let message = format!("the section \"Response\" says {shown}, but {which} return {status}: lines {lines}");
        linter.report_at(Code::StatusContradictsProse, place_of(page, prose, code), message);
    } else {
        for (line, status) in &others {
            let message = format!("the example returns {status}, the section \"Response\" says {shown}");
            linter.report(Code::StatusContradictsProse, *line, message);
        }
    }
    corrected.extend(others.into_keys().map(|line| (line, named.clone())));
    corrected
}

/// The text of the section "Response". Where the page has none of the second level, one of the third counts, unless it shows the response itself.
fn below_response<'p>(page: &'p Page<'_>) -> Vec<&'p Prose<'p>> {
    let of_section: Vec<&Prose<'_>> = page.prose_below("response", SECTION).collect();
    let is_heading = |element: &&Element<'_>, deepest: u8| matches!(element, Element::Heading(heading) if heading.opens("response") && heading.level <= deepest);
    if page.elements.iter().any(|element| is_heading(&element, SECTION)) {
        return of_section;
    }
    let below = page.elements.iter().enumerate().filter(|(_, element)| is_heading(element, SECTION + 1));
    let below = below.map(|(at, _)| {
        let rest = page.elements[at + 1..].iter();
        rest.take_while(|element| !matches!(element, Element::Heading(_))).collect::<Vec<_>>()
    });
    let below = below.filter(|own| !own.iter().any(|element| matches!(element, Element::Fence(_))));
    let prose = |element: &'p Element<'_>| if let Element::Prose(prose) = element { Some(prose) } else { None };
    below.flatten().filter_map(prose).collect()
}

/// The level of the headings of a page's sections.
const SECTION: u8 = 2;

/// The code spans of a paragraph that stand in sentences about success.
fn of_success<'p>(prose: &'p Prose<'_>) -> Vec<&'p str> {
    let codes = prose.codes.iter().map(AsRef::as_ref);
    if !body_words::says_error(&prose.text) {
        return codes.collect();
    }
    let sentences = prose.text.split_inclusive(['。', '；']).flat_map(|text| text.split_inclusive(". "));
    let is_short = |sentence: &&str| sentence.len() <= LONGEST_SENTENCE && names_success(sentence);
    let sentences: Vec<&str> = sentences.filter(is_short).take(MOST_PARTS).collect();
    codes.take(MOST_PARTS).filter(|code| sentences.iter().any(|sentence| sentence.contains(*code))).collect()
}

/// Of one paragraph, so many sentences and code spans are compared; what is longer is not a sentence.
const MOST_PARTS: usize = 64;
const LONGEST_SENTENCE: usize = 1024;

/// Whether a sentence is about success, and about no error: any other sentence beside one about errors may set a condition of its own.
fn names_success(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    SUCCESS.iter().any(|word| lower.contains(word)) && !lower.contains("unsuccess") && !body_words::says_error(sentence)
}

/// What success is called in the languages in which documentation sets are published, in lower case: words, or beginnings of words.
#[rustfmt::skip]
const SUCCESS: [&str; 15] = [
    "success", "succeed", "erfolgreich", "êxito", "éxito", "bem-sucedid", "bem sucedid", "correctamente", "réussi", "esito positivo", "riuscit", "成功", "성공",
    "успеш", "успех",
];

/// The place of a code span in a paragraph.
fn place_of(page: &Page<'_>, prose: &Prose<'_>, code: &str) -> (u32, u32) {
    let lines = prose.line..=prose.line + prose.text.matches('\n').count() as u32;
    let line = lines.into_iter().find(|line| page.line_text(*line).contains(code)).unwrap_or(prose.line);
    (line, page.column_of(line, code))
}

/// Whether the text of an example, from the block before its request on, names its status.
fn is_explained(page: &Page<'_>, response: u32, status: u16) -> bool {
    let index = page.blocks.partition_point(|block| block.message.start.line() < response);
    let first = index.checked_sub(2).map_or(0, |before| page.blocks[before].element + 1);
    let last = page.blocks.get(index).map_or(first, |block| block.element);
    let elements = page.elements.get(first..last).unwrap_or_default();
    elements.iter().flat_map(statuses_in).any(|own| own == status)
}

/// The statuses of success and redirection that an element of the page names, whatever it says of them.
fn statuses_in(element: &Element<'_>) -> Vec<u16> {
    match element {
        Element::Heading(heading) => statuses(&heading.text).collect(),
        Element::Prose(prose) => statuses(&prose.text).collect(),
        Element::Table(table) => table.rows.iter().flatten().flat_map(|cell| statuses(&cell.text)).collect(),
        Element::Comment(_) | Element::Fence(_) => Vec::new(),
    }
}

/// The numbers in a text that are statuses of success or redirection.
pub(super) fn statuses(text: &str) -> impl Iterator<Item = u16> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 3);
    words.filter_map(|word| word.parse().ok()).filter(|status| (200..400).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{exchange, messages, places};

    const GET: &str = "GET https://graph.microsoft.com/v1.0/lamps";

    #[test]
    fn the_status_is_compared_with_what_the_text_says_of_success() {
        let check = |prose: &str, response: &str, is_other: bool| {
            let found = places(&exchange(prose, GET, response), Code::StatusContradictsProse);
            assert_eq!(!found.is_empty(), is_other, "{prose} {response}");
        };
        check("Returns `201 Created`.", "HTTP/1.1 200 OK", true);
        check("Returns `200 OK`.", "HTTP/1.1 200 OK", false);
        check("Returns `200 OK` or `302 Found`.", "HTTP/1.1 302 Found", false);
        check("Returns `200 OK`.", "HTTP/1.1 302 Found", false);
        check("If an error occurs for some, returns `207`.", "HTTP/1.1 200 OK", false);
        check("Returns a lamp.", "HTTP/1.1 200 OK", false);
        check("Returns `201 Created`, or 200 where it exists.", "HTTP/1.1 200 OK", false);
        check("Returns `201 Created`.\n\nWhere some have errors, returns `207`.", "HTTP/1.1 207 Multi-Status", false);
        check("Returns `201 Created`.\n\n|Status|\n|---|\n|`202`|", "HTTP/1.1 202 Accepted", false);
        check("成功返回 `201 Created`。", "HTTP/1.1 200 OK", true);
        check("如果发生错误，返回 `207`。", "HTTP/1.1 200 OK", false);
        check("If successful, returns `200 OK`. If an error occurs, the body has it.", "HTTP/1.1 201 Created", true);
        check(
            "If successful, returns `200 OK`. If a provider fails with an error, `206`.",
            "HTTP/1.1 206 Partial Content",
            false,
        );
        check("Retorna `200 OK`. Se ocorrer um erro, o corpo o tem.", "HTTP/1.1 201 Created", false);
        check("Se tiver êxito, retorna `200 OK`. Se ocorrer um erro, o corpo o tem.", "HTTP/1.1 201 Created", true);
        check("If it exists, returns `200 OK`. On error, it is not returned.", "HTTP/1.1 201 Created", false);
        check("成功返回 `200 OK`。如果发生错误，返回正文。", "HTTP/1.1 201 Created", true);
        check("Se ocorrer um erro, retorna `207`.", "HTTP/1.1 200 OK", false);
    }

    #[test]
    fn the_section_about_the_response_may_be_called_in_another_language() {
        for heading in ["响应", "Resposta", "Respuesta", "Réponse：", "Antwort", "応答"] {
            let text = exchange("`204 No Content`.", GET, "HTTP/1.1 201 Created\n\n{}");
            let text = text.replace("## Response", &format!("## {heading}"));
            assert_eq!(places(&text, Code::StatusContradictsProse), [(12, 1)], "{heading}");
        }
        let other = exchange("`204 No Content`.", GET, "HTTP/1.1 201 Created\n\n{}").replace("Response", "Respostas");
        assert_eq!(places(&other, Code::StatusContradictsProse), []);
    }

    #[test]
    fn the_section_may_be_of_the_third_level_where_it_shows_no_response() {
        let check = |heading: &str, expected: &[(u32, u32)]| {
            let text = exchange("Returns `200 OK`.", GET, "HTTP/1.1 201 Created\n\n{}");
            let text = text.replace("## Response", heading);
            assert_eq!(places(&text, Code::StatusContradictsProse), expected, "{heading}");
        };
        check("### Response", &[(12, 1)]);
        check("#### Response", &[]);
        check("### Response\n\n```http\nHTTP/1.1 201 Created\n```", &[]);
        check("## Response\n\nReturns `201 Created`.\n\n### Response", &[]);
    }

    #[test]
    fn an_example_may_be_of_a_special_case() {
        let page = |text: &str, status: &str| {
            let usual = exchange("Returns `200 OK`.", GET, "HTTP/1.1 200 OK\n\n{}");
            format!("{usual}\n## Example 2\n\n{text}\n\n```http\n{GET}\n```\n\n```http\n{status}\n```\n")
        };
        let check = |text: &str, status: &str, expected: usize| {
            let found = places(&page(text, status), Code::StatusContradictsProse);
            assert_eq!(found.len(), expected, "{text} {status}");
        };
        check("No lamp is there.", "HTTP/1.1 204 No Content", 0);
        check("More.", "HTTP/1.1 201 Created\n\n{}", 1);
        check("More.", "HTTP/1.1 202 Accepted", 1);
        check("A new lamp, thus 201.", "HTTP/1.1 201 Created\n\n{}", 0);
        // The page has no such operation.
        let template = "## HTTP request\n\n```http\nPOST /lamps\n```\n\n";
        assert_eq!(
            places(&(template.to_owned() + &page("", "HTTP/1.1 201 Created\n\n{}")), Code::StatusContradictsProse),
            []
        );
    }

    #[test]
    fn a_sentence_that_no_example_agrees_with_is_reported_once() {
        let page = |prose: &str, first: &str, second: &str| {
            let usual = exchange(prose, GET, &format!("HTTP/1.1 {first}\n\n{{}}"));
            format!("{usual}\n### Another\n\n```http\n{GET}\n```\n\n```http\nHTTP/1.1 {second}\n\n{{}}\n```\n")
        };
        let check = |prose: &str, first: &str, second: &str, expected: &[(u32, u32)]| {
            let text = page(prose, first, second);
            assert_eq!(places(&text, Code::StatusContradictsProse), expected, "{text}");
        };
        let sentence = "If successful,\nreturns `200 OK`.";
        check("If successful, returns `200 OK`.", "201 Created", "201 Created", &[(3, 25)]);
        check(sentence, "201 Created", "201 Created", &[(4, 10)]);
        check("Returns `200 OK`.", "201 Created", "202 Accepted", &[(12, 1), (24, 1)]);
        check("Returns `200 OK`.", "200 OK", "201 Created", &[(24, 1)]);
        check("Returns `200 OK` or `204 No Content`.", "201 Created", "201 Created", &[(12, 1), (24, 1)]);
    }

    #[test]
    fn the_message_says_which_examples_agree_with_each_other() {
        let example = |request: &str, status: &str| {
            let request = request.replace(' ', " https://graph.microsoft.com/v1.0");
            format!("```http\n{request}\n```\n\n```http\nHTTP/1.1 {status}\n\n{{}}\n```\n\n")
        };
        let check = |others: &[(&str, &str)], expected: &str| {
            let posts = example("POST /lamps", "201 Created").repeat(2);
            let others: String = others.iter().map(|(request, status)| example(request, status)).collect();
            let text = format!(
                "## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Response\n\nReturns `200 OK`.\n\n## Example\n\n{posts}{others}"
            );
            let found = messages(&text, Code::StatusContradictsProse);
            assert!(
                matches!(&found[..], [own] if own.contains(&format!("but {expected} return 201: lines"))),
                "{found:?}"
            );
        };
        check(&[], "all examples");
        check(&[("PATCH /lamps/1", "200 OK")], "the examples of POST");
        check(&[("POST /lamps", "303 See Other")], "2 examples");
    }
}
