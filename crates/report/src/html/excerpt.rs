//! The line of a page with a defect, a caret below it, and what corrects it as a small diff.

use maud::{Markup, html};

use graph_contracts::report::{Correction, Excerpt, Finding, safe};

/// What is shown where the caret points at nothing, such as the end of a line.
const NOTHING: &str = "\u{a0}";

/// The line of a finding, with a caret; nothing where the line is not known.
pub(super) fn excerpt(finding: &Finding<'_>) -> Markup {
    let Some(Excerpt { text, caret, .. }) = finding.excerpt else { return html! {} };
    let [before, at, behind] = parts(text, *caret);
    html! {
        p.excerpt {
            @if let Some(source) = &finding.source { span.no { (source.line) } " " }
            code { (before) mark.caret { (at) } (behind) }
        }
    }
}

/// A text before, at, and behind the characters that a caret points at.
pub(super) fn parts(text: &str, (start, end): (usize, usize)) -> [String; 3] {
    let part =
        |from: usize, to: usize| safe(&text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>());
    let at = part(start, end);
    [part(0, start), if at.is_empty() { NOTHING.to_owned() } else { at }, part(end.max(start), usize::MAX)]
}

/// What corrects a finding, as a diff; nothing where that has no single right answer.
pub(super) fn fix(finding: &Finding<'_>) -> Markup {
    let fix = finding.excerpt.map_or(&[][..], |excerpt| &excerpt.fix);
    html! {
        @if !fix.is_empty() {
            div.fix {
                p.dim { code { "lint --fix" } " makes this of it:" }
                table.msg.diff { tbody { @for correction in fix { (corrected(correction)) } } }
            }
        }
    }
}

fn corrected(correction: &Correction) -> Markup {
    let Correction { line, old, new, .. } = correction;
    let (kept, added) = if correction.is_kept() { (true, &new[1..]) } else { (false, &new[..]) };
    html! {
        tr.del[!kept] { td.no { (line) } td.sign { (if kept { "" } else { "-" }) } td { (shown(old)) } }
        @for line in added { tr.add { td.no {} td.sign { "+" } td { (shown(line)) } } }
    }
}

/// A line as it is; one of blanks alone is still a line.
fn shown(line: &str) -> String {
    if line.is_empty() { NOTHING.to_owned() } else { safe(line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_also_where_nothing_is() {
        assert_eq!(parts("añb c", (1, 3)), ["a", "ñb", " c"]);
        assert_eq!(parts("ab", (2, 2)), ["ab", NOTHING, ""]);
        assert_eq!(parts("", (0, 0)), ["", NOTHING, ""]);
        assert_eq!(parts("ab", (9, 12)), ["ab", NOTHING, ""]);
    }
}
