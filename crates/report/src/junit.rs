//! Results as JUnit XML, as CI servers read it: one test case for each contract and route, contract, or page.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use graph_contracts::report::{Case, Report, Status};

/// How many findings stand in the description of a failure; the others are in the other reports.
const MOST_FINDINGS: usize = 50;

/// How far an element is indented in the one around it.
const INDENT: usize = 4;

/// The document. Test suites are the service areas.
///
/// # Errors
///
/// When it cannot be written.
pub fn junit(report: &Report<'_>) -> io::Result<String> {
    let mut areas: BTreeMap<String, Vec<&Case<'_>>> = BTreeMap::new();
    for case in &report.cases {
        areas.entry(report.area(case)).or_default().push(case);
    }
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', INDENT));
    xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let number = |status| count(&report.cases.iter().collect::<Vec<_>>(), status);
    let attributes = [
        ("name", format!("graph-contracts {}", report.command)),
        ("tests", report.cases.len().to_string()),
        ("failures", number(Status::Failed)),
        ("errors", number(Status::Errored)),
        ("time", seconds(report.elapsed)),
    ];
    xml.element("testsuites", &attributes, |xml| areas.iter().try_for_each(|(area, cases)| xml.suite(area, cases)))?;
    let mut text = xml.0.into_inner();
    text.push(b'\n');
    String::from_utf8(text).map_err(io::Error::other)
}

fn count(cases: &[&Case<'_>], status: Status) -> String {
    cases.iter().filter(|case| case.status == status).count().to_string()
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// The document so far.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// An element and what is in it.
    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, String)],
        inside: impl FnOnce(&mut Xml) -> io::Result<()>,
    ) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))?;
        inside(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with nothing in it.
    fn empty(&mut self, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    fn suite(&mut self, area: &str, cases: &[&Case<'_>]) -> io::Result<()> {
        let attributes = [
            ("name", area.to_owned()),
            ("tests", cases.len().to_string()),
            // What some readers know instead of `skipped`.
            ("disabled", count(cases, Status::Skipped)),
            ("errors", count(cases, Status::Errored)),
            ("failures", count(cases, Status::Failed)),
            ("skipped", count(cases, Status::Skipped)),
        ];
        self.element("testsuite", &attributes, |xml| cases.iter().try_for_each(|case| xml.case(case)))
    }

    fn case(&mut self, case: &Case<'_>) -> io::Result<()> {
        let name = if case.route.is_empty() { case.id } else { case.route };
        let mut attributes = vec![("name", name.to_owned()), ("classname", case.id.to_owned())];
        attributes.extend(case.elapsed.map(|elapsed| ("time", seconds(elapsed))));
        self.element("testcase", &attributes, |xml| {
            xml.element("properties", &[], |xml| {
                let source = case.source.as_ref().map(|source| ("source", source.to_string()));
                let others = case.properties.iter().map(|(name, value)| (*name, (*value).to_owned()));
                let all = source.into_iter().chain([("outcome", case.outcome.to_owned())]).chain(others);
                all.into_iter()
                    .try_for_each(|(name, value)| xml.empty("property", &[("name", name.to_owned()), ("value", value)]))
            })?;
            match case.status {
                Status::Passed => Ok(()),
                Status::Skipped => xml.empty("skipped", &[("message", case.verdict.clone())]),
                Status::Failed => xml.failure("failure", case),
                Status::Errored => xml.failure("error", case),
            }
        })
    }

    fn failure(&mut self, name: &str, case: &Case<'_>) -> io::Result<()> {
        let first = case.errors().next().or(case.findings.first());
        let message = first.map_or_else(|| case.verdict.clone(), |finding| finding.line());
        let kind = first.map_or(case.outcome, |finding| finding.code);
        let mut lines = vec![case.verdict.clone()];
        lines.extend(
            case.findings.iter().take(MOST_FINDINGS).map(|found| format!("{}  {}", found.line(), found.place())),
        );
        let more = case.omitted + case.findings.len().saturating_sub(MOST_FINDINGS);
        if more > 0 {
            lines.push(format!("… and {more} more"));
        }
        self.element(name, &[("message", message), ("type", kind.to_owned())], |xml| {
            xml.0.write_event(Event::Text(BytesText::new(&allowed(&lines.join("\n")))))
        })
    }
}

fn start<'n>(name: &'n str, attributes: &[(&str, String)]) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, allowed(value).as_str()));
    }
    start
}

/// The text with U+FFFD for each character that XML does not allow, also not as a reference (XML 1.0 section 2.2).
fn allowed(text: &str) -> String {
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_document_is_well_formed_whatever_is_said(text in "(\\PC|.|[\u{0}-\u{20}\u{fffe}\u{ffff}<>&'\"\\]])*") {
            let mut xml = Xml(Writer::new(Vec::new()));
            let inside = |xml: &mut Xml| xml.0.write_event(Event::Text(BytesText::new(&allowed(&text))));
            xml.element("a", &[("b", text.clone())], inside)?;
            let written = String::from_utf8(xml.0.into_inner())?;
            proptest::prop_assert!(written.chars().all(is_allowed), "{written:?}");
            let mut reader = quick_xml::Reader::from_str(&written);
            let mut elements = 0;
            loop {
                match reader.read_event()? {
                    Event::Start(start) => {
                        elements += 1;
                        let attributes = start.attributes().collect::<Result<Vec<_>, _>>()?;
                        proptest::prop_assert_eq!(attributes.len(), 1);
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
            proptest::prop_assert_eq!(elements, 1);
        }
    }

    #[test]
    fn what_xml_does_not_allow_is_replaced() {
        for c in ['\u{0}', '\u{b}', '\u{1b}', '\u{fffe}', '\u{ffff}'] {
            assert_eq!(allowed(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
        }
        let text = "\t\r\n \u{7f}\u{85}\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10ffff}";
        assert_eq!(allowed(text), text);
    }
}
