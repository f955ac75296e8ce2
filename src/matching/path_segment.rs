//! A segment of a received path, as routes are looked up by it.

use crate::url::{Argument, Segment, decode, fold};

/// The namespace of Microsoft Graph. No key begins with it; one may begin with its alias `graph.`, like the name of a file.
const NAMESPACE: &str = "microsoft.graph.";

/// A segment in the form in which the index has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathSegment {
    /// As Microsoft Graph reads it.
    pub(super) text: String,
    /// The name before its parentheses, if it has any, and the key in them, if they hold one.
    pub(super) call: Option<(String, Option<String>)>,
    /// Whether it can only be the name of a type or of an operation: it begins with the namespace of Microsoft Graph, or calls a function without
    /// parameters, or with named ones.
    is_name: bool,
}

impl PathSegment {
    pub(super) fn read(written: &str) -> PathSegment {
        let decoded = decode(written);
        let text = fold(&decoded);
        let is_qualified = decoded.get(..NAMESPACE.len()).is_some_and(|own| own.eq_ignore_ascii_case(NAMESPACE));
        let is_name = is_qualified || (decoded.ends_with(')') && is_call(&Segment::of_decoded(&decoded)));
        let call = text.contains('(').then(|| Segment::of_decoded(&text)).and_then(|own| {
            let key = own.key().map(|key| key.into_owned());
            own.arguments.is_some().then_some((own.name, key))
        });
        PathSegment { text, call, is_name }
    }

    /// Whether it may be the value of a parameter that is a whole segment: what begins with `$` is OData's own (OData URL Conventions 4.01 section 4.3 and following), a name with its namespace is that of a type or an
    /// operation (sections 4.2 and 4.11), and what has named parameters, or none in its parentheses, a call (section 4.5).
    pub(super) fn is_value(&self) -> bool {
        !self.text.is_empty() && !self.text.starts_with('$') && !self.is_name
    }
}

fn is_call(segment: &Segment) -> bool {
    let has_names = |own: &Vec<Argument>| own.iter().all(|own| own.name.is_some());
    segment.is_identifier() && segment.arguments.as_ref().is_some_and(has_names)
}

impl AsRef<str> for PathSegment {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, text: &str, call: Option<(&str, Option<&str>)>) {
        let read = PathSegment::read(written);
        let own = read.call.as_ref().map(|(name, key)| (name.as_str(), key.as_deref()));
        assert_eq!((read.text.as_str(), own), (text, call), "{written}");
    }

    #[test]
    fn a_name_with_its_namespace_is_no_value() {
        let check =
            |written: &str, expected: bool| assert_eq!(PathSegment::read(written).is_value(), expected, "{written}");
        check("microsoft.graph.group", false);
        check("Microsoft%2EGraph.group", false);
        check("graph.docx", true);
        check("microsoft.graphs", true);
        check("$count", false);
        check("delta()", false);
        check("delta(token='a')", false);
        check("delta%28%29", false);
        check("a(1)", true);
        check("Table (1)", true);
        check("a b()", true);
    }

    #[test]
    fn segments_are_read_in_any_case_and_with_any_namespace() {
        check("Users", "users", None);
        check("microsoft.graph.sendMail", "sendmail", None);
        check("microsoft.graph.callRecords.get", "callrecords.get", None);
        check("delta()", "delta", None);
        check("users(%27A%27)", "users('a')", Some(("users", Some("a"))));
        check("range(Address='A1')", "range(address='a1')", Some(("range", None)));
        check("microsoft.graph.", "microsoft.graph.", None);
        check("graph.User", "user", None);
        check("graph.", "graph.", None);
    }
}
