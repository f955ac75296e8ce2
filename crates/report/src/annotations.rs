//! Results as workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use graph_contracts::report::{
    Case, Finding, Group, Judged, Notice, Report, Status, count, defused, safe, shown_source,
};
use graph_contracts::source::SourceLine;

/// GitHub shows ten annotations of each kind for a step.
const MOST: usize = 10;

/// One line for each cause, or for all causes of a kind where there are many, at the first place. `location` gives the path of a page's
/// file in its repository; where it is not there, the annotation stands at the top of the job and names the page.
pub fn annotations(report: &Report<'_>, location: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let classes = report.classes();
    // What metadata does not describe is not a defect, and nobody has to know of a change that is nothing to a caller.
    let shown = || {
        let with_first = classes.iter().filter_map(|class| Some((class, class.groups.first()?)));
        with_first.filter(|(_, group)| !matches!(group.first.notice(), Some(Notice::NotKnown | Notice::Cosmetic)))
    };
    let kind = |finding: &Finding<'_>| match finding.notice() {
        None => "error",
        Some(Notice::Warning) if report.judged == Judged::Pages => "warning",
        Some(Notice::Breaking) => "warning",
        Some(_) => "notice",
    };
    let of = |command: &'static str| shown().filter(move |(_, group)| kind(group.first) == command).take(MOST);
    let place = |source: Option<&SourceLine>| {
        let file = source.and_then(|source| Some((location(&source.page)?, source.line)));
        file.map(|(file, line)| format!("file={},line={line},", property(&file))).unwrap_or_default()
    };
    let mut lines = Vec::new();
    for command in ["error", "warning", "notice"] {
        for (class, Group { first, places }) in of(command) {
            let id = places.first().map_or("", |(case, _)| case.id);
            let more = match (class.groups.len(), places.len()) {
                (1, 0 | 1) => String::new(),
                (1, all) => format!("\n{} the same cause.", count(all - 1, "more place has", "more places have")),
                (causes, _) => format!("\n{causes} causes of this kind in {} places.", class.places()),
            };
            let place = place(first.source.as_ref());
            let title = match class.groups.len() {
                // Of a page, the message says what it is about.
                1 if first.subject == first.message => property(&format!("{}: {}", first.title, first.code)),
                1 => property(&format!("{}: {}", first.title, first.subject)),
                causes => property(&format!("{} ({causes} causes)", first.title)),
            };
            let means = first.means;
            let message = data(&format!("{}\n{id}  {}\n{means}{more}", first.line(), first.place()));
            lines.push(format!("::{command} {place}title={title}::{message}"));
        }
    }
    // What could not be asked, or is over, has no finding.
    let is_bad = |case: &&Case<'_>| matches!(case.status, Status::Failed | Status::Errored) && case.findings.is_empty();
    for case in report.cases.iter().filter(is_bad).take(MOST) {
        let at = place(case.source.as_ref());
        let title = property(&format!("{}: {}", case.outcome, case.id));
        lines.push(format!(
            "::warning {at}title={title}::{}",
            data(&format!("{}\n{}", case.verdict, shown_source(&case.source)))
        ));
    }
    lines
}

/// A message: line ends and per-cent signs are encoded, and commands defused, so that nothing in it is one of its own, also where the
/// log shows it.
fn data(text: &str) -> String {
    let lines: Vec<String> =
        text.replace('\r', "\n").lines().map(|line| defused(&safe(line)).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_is_a_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0A%0A\\u{3a}:error::x");
        assert_eq!(data("a ##[add-mask]b"), "a #\\u{23}[add-mask]b");
        assert_eq!(property("a,b: c"), "a%2Cb%3A c");
    }
}
