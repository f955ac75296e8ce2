//! What the authors of a page accept in `suppressions`: the names of diagnostics, and messages of API Doctor that say the same as one.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};

/// Findings that are accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Accepted {
    code: Code,
    /// The member that the findings are about; all findings of the code if there is none.
    member: Option<String>,
}

/// Messages of API Doctor (`OneDrive/apidoctor`, `JsonSchema.cs`, `ParameterDefinition.cs` and `ResourceDefinition.cs`): what they say, what stands
/// before the name of the member and what behind it, and the code of the same finding.
const MESSAGES: [(&str, &str, &[char], Code); 4] = [
    ("Expected type ", "Property: ", &[',', '\n'], Code::ValueNotOfType),
    ("Type mismatch between example and table", "Parameter name: ", &[';', '\n'], Code::ValueNotOfType),
    ("property was not an array", "was not an array: ", &[' ', '\n'], Code::ValueNotOfType),
    ("but not described in markdown table", "Property \'", &['\''], Code::MemberNotInResource),
];

impl Accepted {
    /// What an entry of `suppressions` accepts; `None` where it is about something that nothing here finds.
    pub(super) fn read(entry: &str) -> Option<Accepted> {
        let entry = entry.trim();
        if let Some(code) = Code::named(entry) {
            return Some(Accepted { code, member: None });
        }
        let (code, member) = MESSAGES.iter().find_map(|(says, before, behind, code)| {
            let (_, rest) = entry.split_once(before).filter(|_| entry.contains(says))?;
            Some((*code, rest.split(*behind).next().unwrap_or(rest).trim()))
        })?;
        (!member.is_empty()).then(|| Accepted { code, member: Some(member.to_owned()) })
    }

    /// Whether some of them accept a finding, at which the page has that text, from its column on.
    pub(super) fn any(all: &BTreeSet<Accepted>, found: &Diagnostic, text: &str) -> bool {
        if all.is_empty() {
            return false;
        }
        let text = text.trim_start_matches(['|', ' ', '"', '`', '*']);
        let member =
            text.split(|c: char| c.is_whitespace() || c == '|' || "\"`*".contains(c)).next().map(str::to_owned);
        [None, member].into_iter().any(|member| all.contains(&Accepted { code: found.code, member }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an entry accepts, as `code member`.
    #[track_caller]
    fn check(entry: &str, expected: Option<&str>) {
        let shown = |own: Accepted| format!("{} {}", own.code, own.member.unwrap_or_default()).trim().to_owned();
        assert_eq!(Accepted::read(entry).map(shown).as_deref(), expected, "{entry}");
    }

    #[test]
    fn an_entry_is_a_code_or_a_message_of_api_doctor() {
        check(" no-body ", Some("no-body"));
        check(
            "Error: get_lamp/watts:\r\n      Expected type Double but actual was Int64. Property: watts, actual value: \'4\'",
            Some("value-not-of-type watts"),
        );
        check(
            "Error: /api/lamp-add.md/lamp_add/tags:\n  Type mismatch between example and table. Parameter name: tags; example type (Collection(Object)) is a collection",
            Some("value-not-of-type tags"),
        );
        check(
            "Warning: /resources/lamp.md:\n  Property \'color\' found in resource definition for \'microsoft.graph.lamp\', but not described in markdown table.",
            Some("member-not-in-resource color"),
        );
    }

    #[test]
    fn what_nothing_here_finds_accepts_nothing() {
        for entry in [
            "",
            "no-bodies",
            "Error: update_lamp/form:\n  Referenced type microsoft.graph.form is not defined in the doc set!",
            "Warning: Expected type",
            "Error: Expected type A but actual was B. Property: , actual value: \'\'",
        ] {
            check(entry, None);
        }
    }

    #[test]
    fn a_finding_is_accepted_at_the_member_that_is_named() {
        let own = BTreeSet::from([Accepted { code: Code::ValueNotOfType, member: Some("watts".to_owned()) }]);
        let accepts = |code: Code, text: &str| {
            let found = Diagnostic::new(code, "", (1, 1), "");
            Accepted::any(&own, &found, text)
        };
        for text in ["\"watts\": 4", "|watts|Int32|", "| **watts** | Int32 |"] {
            assert!(accepts(Code::ValueNotOfType, text), "{text}");
        }
        assert!(!accepts(Code::ValueNotOfType, "\"wattsMax\": 4"));
        assert!(!accepts(Code::ValueNotOfType, "\"name\": \"watts\""));
        assert!(!accepts(Code::NoBody, "\"watts\": 4"));
    }
}
