//! One drift put into one page, and checked.

use super::edit::{Edits, edits};
use super::example::edited;
use super::lines::PageLines;
use super::sample::unmasked;
use graph_contracts::compare::{Context, Mismatch, Reference, Severity, compare};
use graph_contracts::contract::fill;
use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::lint::corrected_length;
use graph_contracts::normal::{Level, NormalForm, NormalizationPlan, VolatileRules};
use graph_contracts::page::{Block, Element, Line, Page, StartLine};

/// A page as it is patched, drift by drift.
#[derive(Clone)]
pub(super) struct PagePatcher<'a> {
    /// The page's path.
    pub(super) path: &'a str,
    /// The page's text, with the drifts that are in it so far.
    pub(super) text: String,
    /// The types of its documentation set.
    pub(super) index: &'a TypeIndex,
    pub(super) rules: &'a VolatileRules,
}

impl PagePatcher<'_> {
    fn contracts(&self, text: &str) -> Vec<Contract> {
        let page = Page::parse(self.path, text);
        let built = build(&page, &PageName::of(&page), self.index);
        built.contracts.into_iter().map(|(_, contract)| contract).collect()
    }

    /// Which of the page's contracts is one that was imported.
    ///
    /// # Errors
    ///
    /// When none is; the message says what to do.
    pub(super) fn find(&self, imported: &Contract) -> Result<usize, String> {
        let is_same = |own: &Contract| {
            let mut own = own.clone();
            // Names depend on all pages of an import, and rules are written by hand.
            own.id.clone_from(&imported.id);
            own.schema.clone_from(&imported.schema);
            own.alternative_of.clone_from(&imported.alternative_of);
            own.source.digest.clone_from(&imported.source.digest);
            own.volatile.clone_from(&imported.volatile);
            own == *imported
        };
        self.contracts(&self.text).iter().position(is_same).ok_or_else(|| {
            format!(
                "{} does not have this example as the contract has it; import the page again, so that both agree",
                self.path
            )
        })
    }

    /// Puts a drift into the example of that contract, and says whether that changed anything: the page may document it already.
    ///
    /// # Errors
    ///
    /// When a person has to do it, or the page would still not document what drifted; the page is left as it was then.
    pub(super) fn put(&mut self, contract: usize, drifted: &NormalForm) -> Result<bool, String> {
        let before = self.contracts(&self.text);
        let Some(own) = before.get(contract) else { return Err("the page has lost its example".to_owned()) };
        if self.drifts(own, drifted)?.is_none() {
            return Ok(false);
        }
        let filled = fill(own)?;
        let normalization =
            NormalizationPlan::new(&filled, self.rules, Level::Shape).map_err(|error| error.to_string())?;
        let edits = edits(&filled, normalization.documented(), drifted)?;
        let text = self.edited(own, &edits)?;
        let after = self.contracts(&text);
        // An edit that breaks the page, or another of its examples, shows in what the page gives.
        let shape = |contract: &Contract| (contract.id.clone(), contract.request.method.clone(), contract.routes.len());
        if before.iter().map(shape).ne(after.iter().map(shape)) {
            return Err("the page would give other contracts than before".to_owned());
        }
        for (index, (before, after)) in before.iter().zip(&after).enumerate() {
            let shares_response = before.source.response.line == own.source.response.line;
            if index != contract && !shares_response && before.response.body != after.response.body {
                return Err(format!("the example of {} would change too", before.id));
            }
        }
        match self.drifts(&after[contract], drifted)? {
            None => {
                self.text = text;
                Ok(true)
            }
            Some(left) => Err(format!(
                "after the edit, the page would still not document it: {} at {} ({} instead of {})",
                left.kind.phrase(),
                left.at,
                left.actual,
                left.expected
            )),
        }
    }

    /// Whether the example of that contract documents a drift.
    pub(super) fn documents(&self, contract: usize, drifted: &NormalForm) -> bool {
        let contracts = self.contracts(&self.text);
        contracts.get(contract).is_some_and(|own| matches!(self.drifts(own, drifted), Ok(None)))
    }

    /// In what a form drifts from what a contract documents, if it does.
    fn drifts(&self, contract: &Contract, drifted: &NormalForm) -> Result<Option<Mismatch>, String> {
        let filled = fill(contract)?;
        let normalization =
            NormalizationPlan::new(&filled, self.rules, Level::Shape).map_err(|error| error.to_string())?;
        // All that is not documented in this form came with the drift.
        let mut context = Context::of(&normalization, true);
        let found = compare(normalization.documented(), &unmasked(drifted), Reference::Documentation, &mut context);
        Ok(found.mismatches.into_iter().find(|mismatch| mismatch.severity == Severity::Error))
    }

    /// The page's text with edits in the response of a contract.
    fn edited(&self, contract: &Contract, edits: &Edits) -> Result<String, String> {
        let page = Page::parse(self.path, &self.text);
        let lost = || "the page has lost its example".to_owned();
        let start = contract.source.response.line;
        let is_own = |block: &&Block<'_>| block.status.is_some() && block.message.start.line() == start;
        let block = page.blocks.iter().find(is_own).ok_or_else(lost)?;
        let Element::Fence(fence) = &page.elements[block.element] else { return Err(lost()) };
        let line = |number: u32| fence.lines.iter().find(|line| line.number == number).ok_or_else(lost);
        let mut lines = PageLines::of(&self.text);
        if let Some(code) = edits.status {
            let StartLine::Status(status) = &block.message.start else {
                return Err("the example has no status line".to_owned());
            };
            let own = line(status.line)?;
            lines.set(own, Some(&status_line(own, &status.reason, code)?))?;
        }
        for (name, value) in &edits.headers {
            let own = block.message.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
            let own = own.ok_or_else(|| format!("the example has no header field {name}"))?;
            let text = value.as_ref().map(|value| format!("{}: {value}", own.name));
            lines.set(line(own.line)?, text.as_deref())?;
        }
        let has_other_body = edits.no_body || !edits.json.is_empty();
        let body = &block.message.body;
        if edits.no_body {
            lines.replace(body, &[])?;
        } else if !edits.json.is_empty() {
            let text = edited(&block.message.body_text(), &edits.json)?;
            lines.replace(body, &text.split('\n').collect::<Vec<_>>())?;
        }
        let text = lines.text();
        // A length that the page gives follows the body, as `lint --fix` corrects it.
        let corrected = corrected_length(&page, &Page::parse(self.path, &text), start).filter(|_| has_other_body);
        Ok(corrected.and_then(|edit| edit.apply(&text)).unwrap_or(text))
    }
}

/// A status line with another code, and the reason phrase that goes with it if there was one.
fn status_line(line: &Line<'_>, reason: &str, code: u16) -> Result<String, String> {
    let text = line.text.as_ref();
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let word = text.split_whitespace().find(|word| is_code(word));
    let word = word.ok_or_else(|| format!("line {} of the page has no status code", line.number))?;
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    let canonical = http::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    let reason = canonical.filter(|_| !reason.is_empty()).map(|reason| format!(" {reason}")).unwrap_or_default();
    Ok(format!("{}{code}{reason}", &text[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::compare::drifted;
    use graph_contracts::http::ReceivedResponse;
    use graph_contracts::normal::{DEFAULT_RULES, normalize};

    const PAGE: &str = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n\
        |Property|Type|Description|\n|:--|:--|:--|\n|name|String|The name.|\n|watts|Int32|The power.|\n\
        |mode|mode|The mode. The possible values are: `day`, `night`.|\n\n## Example\n\n1. Send it:\n\n   ```http\n   \
        POST https://graph.microsoft.com/v1.0/lamps\n   Content-Type: application/json\n\n   {\n     \
        \"@odata.type\": \"#microsoft.graph.lamp\",\n     \"name\": \"a\"\n   }\n   ```\n\n   ```http\n   \
        HTTP/1.1 201 Created\n   Content-Type: application/json\n\n   {\n       \"@odata.type\": \"#microsoft.graph.lamp\",\n       \
        \"name\": \"a\",\n       \"watts\": 60,\n       \"mode\": \"day\"\n   }\n   ```\n";

    /// What becomes of the page when a service answers so: the lines that went and came, or why there is no patch.
    #[track_caller]
    fn check(page: &str, status: u16, body: &str, expected: Result<&[&str], &str>) {
        let index = TypeIndex::default();
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        let mut patcher = PagePatcher { path: "lamp-post.md", text: page.to_owned(), index: &index, rules: &rules };
        let contract = fill(&patcher.contracts(page)[0]).expect("filled");
        let normalization = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a normalization");
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        let response = ReceivedResponse { status, headers, body: body.as_bytes().to_vec() };
        let actual = normalize(&response, &normalization);
        let found = compare(
            normalization.documented(),
            &actual,
            Reference::Documentation,
            &mut Context::of(&normalization, false),
        );
        let drift = drifted(&normalization, &actual, &found).expect("a drift");
        // What waits for review has been written and read.
        let drift = NormalForm::parse(&drift.to_string()).expect("a form");
        let done = patcher.put(0, &drift);
        let Ok(expected) = expected else {
            let error = done.expect_err("no patch");
            assert!(error.contains(expected.expect_err("an error")), "{error}");
            assert_eq!(patcher.text, page, "the page is left as it was");
            return;
        };
        assert_eq!(done, Ok(true));
        assert!(patcher.documents(0, &drift));
        let diff = similar::TextDiff::from_lines(page, &patcher.text);
        let changes = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
        let shown: Vec<String> = changes.map(|change| format!("{}{}", change.tag(), change.value())).collect();
        assert_eq!(shown, expected);
        assert_eq!(patcher.put(0, &drift), Ok(false), "nothing is left to do");
    }

    const TYPED: &str = r##""@odata.type": "#microsoft.graph.lamp", "name": "a""##;

    #[test]
    fn a_member_is_added_removed_and_retyped_in_the_page_s_layout() {
        let body = |rest: &str| format!("{{{TYPED}{rest}}}");
        let removed = ["-       \"watts\": 60,\n"];
        check(PAGE, 201, &body(r#", "mode": "night""#), Ok(&removed));
        let added = [
            "-       \"mode\": \"day\"\n",
            "+       \"mode\": \"day\",\n",
            "+       \"hue\": {\n",
            "+           \"deep\": [\"Deep value\"]\n",
            "+       }\n",
        ];
        check(PAGE, 201, &body(r#", "watts": 1, "mode": "day", "hue": {"deep": ["secret", "s"]}"#), Ok(&added));
        let retyped = ["-       \"watts\": 60,\n", "+       \"watts\": \"Watts value\",\n"];
        check(PAGE, 201, &body(r#", "watts": "secret", "mode": "day""#), Ok(&retyped));
        let null = ["-       \"watts\": 60,\n", "+       \"watts\": null,\n"];
        let denied = PAGE.replace("The power.", "The power. Not nullable.");
        check(&denied, 201, &body(r#", "watts": null, "mode": "day""#), Ok(&null));
        let value = ["-       \"mode\": \"day\"\n", "+       \"mode\": \"dusk\"\n"];
        check(PAGE, 201, &body(r#", "watts": 1, "mode": "dusk""#), Ok(&value));
    }

    #[test]
    fn the_length_follows_the_body() {
        let page = PAGE.replace("HTTP/1.1 201 Created\n", "HTTP/1.1 201 Created\n   Content-Length: 111\n");
        let body = format!(r#"{{{TYPED}, "mode": "day"}}"#);
        let lines = ["-   Content-Length: 111\n", "+   Content-Length: 82\n", "-       \"watts\": 60,\n"];
        check(&page, 201, &body, Ok(&lines));
        // The length counted CRLF, although the page has LF: so it does still.
        let page = page.replace("Content-Length: 111", "Content-Length: 104");
        let lines = ["-   Content-Length: 104\n", "+   Content-Length: 86\n", "-       \"watts\": 60,\n"];
        check(&page, 201, &body, Ok(&lines));
    }

    #[test]
    fn what_no_caller_notices_is_not_patched() {
        let page = PAGE.replace("The power.", "The power. Nullable.");
        let index = TypeIndex::default();
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        let mut patcher = PagePatcher { path: "lamp-post.md", text: page.clone(), index: &index, rules: &rules };
        let contract = fill(&patcher.contracts(&page)[0]).expect("filled");
        let normalization = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a normalization");
        let documented = normalization.documented().to_string();
        let null = documented.replace("\"watts\": 60", "\"watts\": null");
        let form = |text: &str| NormalForm::parse(text).expect("a form");
        assert_eq!(patcher.put(0, &form(&null)), Ok(false));
        assert_eq!(patcher.put(0, &form(&null.replace("\"day\"", "\"dusk\""))), Ok(true));
        assert_eq!(patcher.text, page.replace("\"day\"", "\"dusk\""));
    }

    #[test]
    fn the_page_keeps_its_line_ends() {
        let page = PAGE.replace('\n', "\r\n");
        let body = format!(r#"{{{TYPED}, "watts": "x", "mode": "day"}}"#);
        let lines = ["-       \"watts\": 60,\r\n", "+       \"watts\": \"Watts value\",\r\n"];
        check(&page, 201, &body, Ok(&lines));
    }

    #[test]
    fn the_status_line_is_corrected_and_an_error_is_no_example() {
        let body = format!(r#"{{{TYPED}, "watts": 1, "mode": "day"}}"#);
        check(PAGE, 200, &body, Ok(&["-   HTTP/1.1 201 Created\n", "+   HTTP/1.1 200 OK\n"]));
        check(PAGE, 404, r#"{"error": {}}"#, Err("an error is not an example"));
    }

    #[test]
    fn what_a_person_has_to_decide_is_said() {
        let body = r##"{"@odata.type": "#microsoft.graph.lamp", "name": "B", "watts": 1, "mode": "day"}"##;
        check(PAGE, 201, body, Err("does not repeat at $['name']"));
        check(PAGE, 201, "<html>", Err("the body is of another kind"));
    }
}
