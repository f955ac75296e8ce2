//! Segments of documented paths: `messages`, `{id}`, `users('{id}')`, `range(address='A1')`, `root:`.

use graph_contracts::url::{decode, split_path};

/// One segment of a documented path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// As documented.
    pub(super) text: String,
    /// The name, without what stands in parentheses and without a colon.
    pub(super) name: String,
    /// What stands in the parentheses behind the name, if there are any.
    pub(super) arguments: Option<Vec<Argument>>,
    /// Whether a path follows, or ends here: `root:`.
    pub(super) has_colon: bool,
}

/// What stands between two commas in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// The name of a parameter or key property; absent where there is only a value.
    pub(super) name: Option<String>,
    /// The value, as documented.
    pub(super) value: String,
}

impl Segment {
    /// The segments of a path below the version.
    pub(super) fn of_path(path: &str) -> Vec<Segment> {
        split_path(path).into_iter().map(Segment::read).collect()
    }

    fn read(text: &str) -> Segment {
        let decoded = decode(text).trim().to_owned();
        let (bare, has_colon) = match decoded.strip_suffix(':') {
            Some(bare) => (bare, true),
            None => (decoded.as_str(), false),
        };
        let call = bare.split_once('(').filter(|(name, _)| !name.is_empty() && !is_open(name));
        let call = call.and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?)));
        let (name, arguments) = match call {
            Some((name, inner)) => (name.trim(), Some(arguments(inner))),
            None => (bare, None),
        };
        Segment { text: text.to_owned(), name: name.to_owned(), arguments, has_colon }
    }

    /// Whether the name is a placeholder or holds one: `{id}`, `<id>`, `(id)`, `{id}.xlsx`.
    pub(super) fn is_placeholder(&self) -> bool {
        is_placeholder(&self.name) || (self.name.starts_with('(') && self.name.ends_with(')'))
    }

    /// Whether it is a placeholder, and its name one of a key: `{id}`, `{message-id}`, `<userId>`, `{id | userPrincipalName}`.
    pub(super) fn is_key_placeholder(&self) -> bool {
        let inner = self.name.trim_matches(['{', '}', '<', '>', '(', ')', ' ']);
        let is_key = |word: &str| {
            let word = word.trim();
            matches!(word.to_ascii_lowercase().as_str(), "id" | "userprincipalname" | "upn" | "guid")
                || word.ends_with("Id")
                || ["-id", "_id", " id"].iter().any(|end| word.to_ascii_lowercase().ends_with(end))
        };
        self.is_placeholder() && inner.split('|').any(is_key)
    }

    /// Without a list of selected properties, which a context URL has where a path has a key: `users(id,mail)`.
    pub(super) fn without_selection(mut self) -> Segment {
        let is_selected = |own: &Argument| {
            own.name.is_none() && own.value.chars().all(|c| c.is_alphanumeric() || "_()/*,+ ".contains(c))
        };
        self.arguments = self.arguments.filter(|arguments| !arguments.iter().all(is_selected));
        self
    }

    /// Whether it stands for any segments: `...`.
    pub(super) fn is_ellipsis(&self) -> bool {
        matches!(self.name.as_str(), "..." | "…")
    }

    /// Whether two segments are the same, whatever their case, namespace and arguments.
    pub(super) fn is_like(&self, other: &Segment) -> bool {
        let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_lowercase();
        bare(&self.name) == bare(&other.name)
    }

    /// Whether the name could be that of something declared (OData CSDL 4.01 section 17.2), perhaps with its namespace.
    pub(super) fn is_identifier(&self) -> bool {
        let is_part = |part: &str| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        !self.name.is_empty() && self.name.split('.').all(is_part)
    }

    /// The namespace and the name, where there is a namespace.
    pub(super) fn qualified(&self) -> Option<(&str, &str)> {
        self.name.rsplit_once('.').filter(|_| self.is_identifier())
    }
}

/// Whether a text holds a placeholder.
pub(super) fn is_placeholder(text: &str) -> bool {
    (text.contains('{') && text.contains('}')) || (text.contains('<') && text.contains('>'))
}

/// Whether a brace was opened and not closed: a parenthesis in it is none of ours.
fn is_open(text: &str) -> bool {
    text.matches('{').count() > text.matches('}').count()
}

/// The arguments in a pair of parentheses. A comma in quotes, braces or parentheses separates nothing.
fn arguments(inner: &str) -> Vec<Argument> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in inner.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '{' | '(' | '[' if !quoted => depth += 1,
            '}' | ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.map(Argument::read).collect()
}

impl Argument {
    fn read(text: &str) -> Argument {
        let is_name = |name: &str| {
            let name = name.trim();
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-/".contains(c))
        };
        match text.split_once('=').filter(|(name, _)| is_name(name)) {
            Some((name, value)) => Argument { name: Some(name.trim().to_owned()), value: value.trim().to_owned() },
            None => Argument { name: None, value: text.to_owned() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows segments as `name(argument=value,…):`.
    #[track_caller]
    fn check(path: &str, expected: &[&str]) {
        let shown = |segment: &Segment| {
            let argument = |argument: &Argument| match &argument.name {
                Some(name) => format!("{name}={}", argument.value),
                None => argument.value.clone(),
            };
            let arguments = segment.arguments.as_ref().map_or_else(String::new, |arguments| {
                format!("({})", arguments.iter().map(argument).collect::<Vec<_>>().join(";"))
            });
            format!("{}{arguments}{}", segment.name, if segment.has_colon { ":" } else { "" })
        };
        let shown: Vec<String> = Segment::of_path(path).iter().map(shown).collect();
        assert_eq!(shown, expected, "{path}");
    }

    #[test]
    fn a_segment_is_a_name_with_arguments() {
        check("/users/{id | upn}/messages", &["users", "{id | upn}", "messages"]);
        check("/users('{id}')/x", &["users('{id}')", "x"]);
        check("/f(a='1,2',b={c,d},e=<f>)", &["f(a='1,2';b={c,d};e=<f>)"]);
        check("/applications(appId='{appId}')", &["applications(appId='{appId}')"]);
        check("/delta()", &["delta()"]);
        check("/range(address='$B$1')", &["range(address='$B$1')"]);
        check("/teams/(team-id)", &["teams", "(team-id)"]);
        check("/search(q='a%20b')", &["search(q='a b')"]);
        check("/f(x=g(1,2),y=2)", &["f(x=g(1,2);y=2)"]);
    }

    #[test]
    fn a_path_within_a_path_is_one_segment() {
        check("/drive/root:/{a}/{b}:/children", &["drive", "root:", "{a}/{b}:", "children"]);
        check("/sites/{host}:/{path}", &["sites", "{host}:", "{path}"]);
    }

    #[test]
    fn what_is_broken_is_a_name_that_nothing_has() {
        check("/f(a='1'", &["f(a='1'"]);
        check("/{a(b)}/c", &["{a(b)}", "c"]);
        check("/(", &["("]);
        check("/", &[]);
    }
}
