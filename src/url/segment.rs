//! The segments of a documented path: `messages`, `{id}`, `users('{id}')`, `range(address='A1')`, `root:`.
//!
//! A path is split at each `/`, then percent-decoded, and then read (OData URL Conventions 4.01 section 2). Parameters of a template are
//! found before that: a brace that is percent-encoded is data (RFC 6570 section 2.1).

use std::borrow::Cow;

use super::fold::{fold, without_namespace};
use super::percent::decode;
use crate::byte_set::ByteSet;

/// One segment of a documented path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// As documented.
    pub text: String,
    /// The name, decoded, without what stands in parentheses and without a colon.
    pub name: String,
    /// What stands in the parentheses behind the name, if there are any: a key, or the parameters of a function.
    pub arguments: Option<Vec<Argument>>,
    /// Whether a path follows, or ends here: `root:`.
    pub has_colon: bool,
    /// The segment as literals and parameters.
    pub parts: Vec<Part>,
}

/// What stands between two commas in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The name of a parameter or key property; absent where there is only a value.
    pub name: Option<String>,
    /// The value, decoded, with its quotes.
    pub value: String,
}

/// A stretch of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself, decoded.
    Literal(String),
    /// A parameter, by its name.
    Parameter(String),
}

impl Segment {
    /// The segments of a path. A `/` at either end has no meaning.
    pub fn of_path(path: &str) -> Vec<Segment> {
        split_path(path).into_iter().map(Segment::read).collect()
    }

    /// Reads a segment that is decoded already, of which only the name and the arguments are needed.
    pub(crate) fn of_decoded(decoded: &str) -> Segment {
        let Call { name, arguments, has_colon } = Call::read(decoded);
        let (name, text) = (name.to_owned(), decoded.to_owned());
        Segment { text, name, arguments: arguments.map(owned), has_colon, parts: Vec::new() }
    }

    /// Reads a segment as documented.
    pub fn read(text: &str) -> Segment {
        let decoded = decode(text);
        let Call { name, arguments, has_colon } = Call::read(&decoded);
        let parts = match in_parentheses(text) {
            Some(name) => vec![Part::Parameter(name.to_owned())],
            // Most segments are names.
            None if !text.is_empty() && memchr::memchr2(b'{', b'<', text.as_bytes()).is_none() => {
                vec![Part::Literal(decoded.as_ref().to_owned())]
            }
            None => parts(text, decode),
        };
        Segment { text: text.to_owned(), name: name.to_owned(), arguments: arguments.map(owned), has_colon, parts }
    }

    /// The name of the parameter that is the whole segment: `{id}`, `<id>`, `(id)`.
    pub fn parameter(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Parameter(name)] => Some(name),
            _ => None,
        }
    }

    /// The names of the parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// Whether a parameter stands in the segment.
    pub fn has_parameters(&self) -> bool {
        self.parameters().next().is_some()
    }

    /// Whether the name is a placeholder or holds one: `{id}`, `<id>`, `(id)`, `{id}.xlsx`.
    pub fn is_placeholder(&self) -> bool {
        let is_of_name =
            |part: &&Part| self.arguments.is_none() || !matches!(part, Part::Literal(text) if text.contains('('));
        self.parts.iter().take_while(is_of_name).any(|part| matches!(part, Part::Parameter(_)))
    }

    /// Whether the name could be that of something declared (OData CSDL 4.01 section 17.2), perhaps with its namespace.
    pub fn is_identifier(&self) -> bool {
        let is_part = |part: &str| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        !self.name.is_empty() && self.name.split('.').all(is_part)
    }

    /// The namespace and the name, where there is a namespace.
    pub fn qualified(&self) -> Option<(&str, &str)> {
        self.name.rsplit_once('.').filter(|_| self.is_identifier())
    }

    /// Whether a segment of a template can only be the key of an object that an example is about: it is text that is no identifier (OData CSDL 4.01
    /// section 17.2), and neither OData's own nor a part of an address.
    pub fn is_sample_key(&self) -> bool {
        let is_text = matches!(self.parts.as_slice(), [Part::Literal(text)] if *text == self.name);
        let has_letters = self.name.chars().any(char::is_alphanumeric);
        is_text && has_letters && !self.name.starts_with('$') && !self.is_identifier()
    }

    /// The single value in parentheses behind the name, without its quotes: `users('{id}')` (OData URL Conventions 4.01 section 4.3.1).
    pub fn key(&self) -> Option<Cow<'_, str>> {
        match self.arguments.as_deref() {
            Some([argument @ Argument { name: None, .. }]) => Some(argument.unquoted()).filter(|key| !key.is_empty()),
            _ => None,
        }
    }

    /// The segment with each parameter replaced, literals and values as these functions write them.
    pub fn fill(&self, literal: impl Fn(&str) -> String, mut value: impl FnMut(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Literal(text) => literal(text),
            Part::Parameter(name) => value(name),
        };
        self.parts.iter().map(part).collect()
    }

    /// The segment whatever its parameters are called: `{}` for each, and in lower case, since Microsoft Graph reads URLs in any case.
    pub fn unnamed(&self) -> String {
        self.fill(str::to_lowercase, |_| "{}".to_owned())
    }

    /// The segments that say the same in the form in which a key is a segment of its own, and the parameters of a function stand by their
    /// name (OData URL Conventions 4.01 sections 4.3 and 4.5.2).
    pub fn in_one_form(self) -> Vec<Segment> {
        if let (Some(key), false) = (self.key(), self.has_colon) {
            return vec![Segment::read(&self.name), Segment::read(&key)];
        }
        match &self.arguments {
            Some(arguments) if arguments.len() > 1 && arguments.iter().all(|argument| argument.name.is_some()) => {
                let mut arguments: Vec<&Argument> = arguments.iter().collect();
                arguments.sort_by_key(|argument| argument.name.as_ref());
                let name = |argument: &Argument| argument.name.clone().unwrap_or_default();
                let shown: Vec<String> =
                    arguments.iter().map(|argument| format!("{}={}", name(argument), argument.value)).collect();
                let colon = if self.has_colon { ":" } else { "" };
                vec![Segment::read(&format!("{}({}){colon}", self.name, shown.join(",")))]
            }
            _ => vec![self],
        }
    }

    /// The segment as [`fold`] reads it, but for its text, which stays as documented.
    pub(crate) fn folded(self) -> Segment {
        let is_call = |at: usize, text: &String| at > 0 || text.contains('(');
        let fold_part = |(at, part)| match part {
            Part::Literal(text) if is_call(at, &text) && self.has_parameters() => {
                let lower = text.to_lowercase();
                Part::Literal(if at == 0 { without_namespace(&lower).to_owned() } else { lower })
            }
            Part::Literal(text) => Part::Literal(fold(&text)),
            parameter @ Part::Parameter(_) => parameter,
        };
        let fold_argument = |argument: Argument| Argument {
            name: argument.name.map(|name| name.to_lowercase()),
            value: argument.value.to_lowercase(),
        };
        Segment {
            name: fold(&self.name),
            parts: self.parts.iter().cloned().enumerate().map(fold_part).collect(),
            arguments: self.arguments.map(|own| own.into_iter().map(fold_argument).collect()),
            ..self
        }
    }

    /// Whether the segment describes a decoded one, each parameter standing for one character or more.
    pub fn fits(&self, decoded: &str) -> bool {
        self.text == decoded || fits(&self.parts, decoded)
    }
}

/// A decoded segment, read in place.
pub(crate) struct Call<'t> {
    /// The name, without what stands in parentheses and without a colon.
    pub(crate) name: &'t str,
    /// What stands in the parentheses behind it, if there are any: names, where they have some, and values with their quotes.
    pub(crate) arguments: Option<Vec<(Option<&'t str>, &'t str)>>,
    /// Whether a path follows, or ends here.
    pub(crate) has_colon: bool,
}

impl<'t> Call<'t> {
    /// Reads a decoded segment.
    pub(crate) fn read(decoded: &'t str) -> Call<'t> {
        let decoded = decoded.trim();
        let (bare, has_colon) = match decoded.strip_suffix(':') {
            Some(bare) => (bare, true),
            None => (decoded, false),
        };
        // A parenthesis in an open brace is part of a parameter's name.
        let count = |name: &str, brace: u8| memchr::memchr_iter(brace, name.as_bytes()).count();
        let is_open = |name: &str| count(name, b'{') > count(name, b'}');
        let call = memchr::memchr(b'(', bare.as_bytes()).map(|at| (&bare[..at], &bare[at + 1..]));
        let call = call.filter(|(name, _)| !name.is_empty() && !is_open(name));
        let call = call.and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?)));
        match call {
            Some((name, inner)) => Call { name: name.trim(), arguments: Some(arguments(inner)), has_colon },
            None => Call { name: bare, arguments: None, has_colon },
        }
    }

    /// The single value in parentheses behind the name, without its quotes.
    pub(crate) fn key(&self) -> Option<Cow<'t, str>> {
        match self.arguments.as_deref() {
            Some([(None, value)]) => Some(unquoted(value)).filter(|key| !key.is_empty()),
            _ => None,
        }
    }
}

/// The arguments in a pair of parentheses. A comma in quotes, braces or parentheses separates nothing.
fn arguments(inner: &str) -> Vec<(Option<&str>, &str)> {
    let (pieces, _) = split_outside(inner, &ARGUMENTS);
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).map(argument).collect()
}

/// The name of an argument, if it has one, and its value.
fn argument(text: &str) -> (Option<&str>, &str) {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
    let named = memchr::memchr(b'=', text.as_bytes()).map(|at| (text[..at].trim(), text[at + 1..].trim()));
    match named.filter(|(name, _)| is_name(name)) {
        Some((name, value)) => (Some(name), value),
        None => (None, text),
    }
}

fn owned(arguments: Vec<(Option<&str>, &str)>) -> Vec<Argument> {
    let own = arguments.into_iter();
    own.map(|(name, value)| Argument { name: name.map(str::to_owned), value: value.to_owned() }).collect()
}

/// A value without its quotes; a doubled quote within them is one (OData URL Conventions 4.01 section 2). Some authors write double quotes.
pub(crate) fn unquoted(value: &str) -> Cow<'_, str> {
    let within = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    match (within('\''), within('"')) {
        (Some(text), _) if text.contains("''") => text.replace("''", "'").into(),
        (Some(text), _) | (None, Some(text)) => text.into(),
        (None, None) => value.into(),
    }
}

impl Argument {
    /// The value without its quotes.
    pub fn unquoted(&self) -> Cow<'_, str> {
        unquoted(&self.value)
    }
}

/// The name in a segment that is `(id)`, as some authors write a parameter, or `({id})`.
fn in_parentheses(text: &str) -> Option<&str> {
    let inner =
        text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|name| !name.contains(['\'', '=']))?;
    let inner = inner.trim();
    let within = |open: char, close: char| inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    Some(within('{', '}').or_else(|| within('<', '>')).unwrap_or(inner).trim())
}

/// A text with parameters in braces, or in angle brackets, as its parts. What is never closed is a literal.
fn parts<'a>(text: &'a str, decode: impl Fn(&'a str) -> Cow<'a, str>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut brackets = vec!['{', '<'];
    let (mut rest, mut from) = (text, 0);
    while let Some(open) = rest[from..].find(brackets.as_slice()).map(|at| from + at) {
        let bracket = if rest[open..].starts_with('{') { '{' } else { '<' };
        let Some(end) = rest[open..].find(if bracket == '{' { '}' } else { '>' }).map(|at| open + at) else {
            // None of its kind is closed from here on.
            brackets.retain(|own| *own != bracket);
            from = open;
            continue;
        };
        if open > 0 {
            parts.push(Part::Literal(decode(&rest[..open]).into_owned()));
        }
        parts.push(Part::Parameter(rest[open + 1..end].trim().to_owned()));
        (rest, from) = (&rest[end + 1..], 0);
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(decode(rest).into_owned()));
    }
    parts
}

/// Whether a decoded value is the documented one, decoded too, in which placeholders may stand.
pub(crate) fn fits_value(documented: &str, value: &str) -> bool {
    documented == value || fits(&parts(documented, Cow::Borrowed), value)
}
/// Whether the text consists of the parts, a parameter standing for one character or more. Taking the first place where the
/// next literal occurs is enough, as for file globs, so the time is linear.
fn fits(parts: &[Part], mut text: &str) -> bool {
    let mut after_parameter = false;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Parameter(_) => {
                let Some(first) = text.chars().next() else { return false };
                text = &text[first.len_utf8()..];
                after_parameter = true;
            }
            Part::Literal(literal) => {
                let is_last = index + 1 == parts.len();
                let found = match (after_parameter, is_last) {
                    (false, _) => text.starts_with(literal.as_str()).then_some(0),
                    (true, true) => text.ends_with(literal.as_str()).then(|| text.len() - literal.len()),
                    (true, false) => text.find(literal.as_str()),
                };
                let Some(at) = found else { return false };
                text = &text[at + literal.len()..];
                after_parameter = false;
            }
        }
    }
    text.is_empty() || after_parameter
}

/// What separates segments, and arguments, and what these may stand in.
const SEGMENTS: ByteSet = ByteSet::of(b"/{(})");
const ARGUMENTS: ByteSet = ByteSet::of(b",'{([})]");

/// The pieces of a text between separators that stand outside of brackets and quotes, of those that are in the set; and whether every bracket
/// is closed. What is neither bracket nor quote is a separator.
fn split_outside<'t>(text: &'t str, marks: &ByteSet) -> (Vec<&'t str>, bool) {
    let (mut pieces, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, byte) in marks.matches(text) {
        match byte {
            b'\'' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    (pieces, depth == 0)
}

/// The segments of a path. A `/` inside braces or parentheses separates nothing, unless they are never closed, nor does one
/// in the path of an item.
pub fn split_path(path: &str) -> Vec<&str> {
    let trimmed = path.trim_matches('/');
    if trimmed.is_empty() {
        return Vec::new();
    }
    match split_outside(trimmed, &SEGMENTS) {
        (segments, true) => join_addressed(trimmed, segments),
        (_, false) => trimmed.split('/').collect(),
    }
}

/// Joins what stands between `:/` and the next segment that ends with `:`: in `root:/a/b.txt:/content`, the path of an item is
/// one value (Microsoft Graph documentation, "Addressing resources in a drive").
fn join_addressed<'a>(path: &'a str, segments: Vec<&'a str>) -> Vec<&'a str> {
    if !segments.iter().any(|segment| segment.ends_with(':')) {
        return segments;
    }
    let offset = |segment: &str| segment.as_ptr() as usize - path.as_ptr() as usize;
    let mut joined: Vec<&str> = Vec::with_capacity(segments.len());
    let mut rest = segments.into_iter();
    while let Some(segment) = rest.next() {
        joined.push(segment);
        if !segment.ends_with(':') {
            continue;
        }
        let Some(first) = rest.next() else { break };
        let mut last = first;
        while !last.ends_with(':') {
            let Some(next) = rest.next() else { break };
            last = next;
        }
        joined.push(&path[offset(first)..offset(last) + last.len()]);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows segments as `name(argument=value;…):`.
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
        check("/range%28address=%27A1%27%29", &["range(address='A1')"]);
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
        check("//a//b/", &["a", "", "b"]);
    }

    #[track_caller]
    fn check_parts(text: &str, expected: &str) {
        let segment = Segment::read(text);
        let shown = segment.fill(str::to_owned, |name| format!("«{name}»"));
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn parameters_stand_in_braces_that_are_written_as_such() {
        check_parts("{id | upn}", "«id | upn»");
        check_parts("< row >", "«row»");
        check_parts("(team-id)", "«team-id»");
        check_parts("({id})", "«id»");
        check_parts("('x')", "('x')");
        check_parts("(a=b)", "(a=b)");
        check_parts("range(address='{address}')", "range(address='«address»')");
        check_parts("{a}-{b}.xlsx", "«a»-«b».xlsx");
        check_parts("worksheets('%7Ba%7D')", "worksheets('{a}')");
        check_parts("{a%20b}%20c", "«a%20b» c");
    }

    #[test]
    fn what_is_never_closed_is_a_literal() {
        check_parts("{id", "{id");
        check_parts("}{", "}{");
        check_parts("a<b{id}", "a<b«id»");
        check_parts("{a{b}c}", "«a{b»c}");
        check_parts("{<b>", "{«b»");
    }

    #[track_caller]
    fn check_key(text: &str, expected: Option<&str>) {
        assert_eq!(Segment::read(text).key().as_deref(), expected, "{text}");
    }

    #[test]
    fn a_key_is_the_single_value_in_parentheses() {
        check_key("users('7')", Some("7"));
        check_key("users({id})", Some("{id}"));
        check_key("users('O''Neil')", Some("O'Neil"));
        check_key("tables(\"a\")", Some("a"));
        check_key("messages('AAMk=')", Some("AAMk="));
        check_key("f(a='1')", None);
        check_key("f('1','2')", None);
        check_key("delta()", None);
        check_key("('x')", None);
        check_key("users('')", None);
    }

    #[test]
    fn a_placeholder_is_one_of_the_name() {
        let check = |text: &str, expected: bool| assert_eq!(Segment::read(text).is_placeholder(), expected, "{text}");
        check("{id}.xlsx", true);
        check("(id)", true);
        check("{id}('a')", true);
        check("users('{id}')", false);
        check("%7B1%7D", false);
        check("}{", false);
    }

    #[test]
    fn values_fit_where_placeholders_stand() {
        let check = |documented: &str, value: &str, expected: bool| {
            assert_eq!(fits_value(documented, value), expected, "{documented} and {value}");
        };
        check("a eq '{b}'", "a eq 'c'", true);
        check("a eq '{b}'", "a eq ''", false);
        check("{a}%20b", "1%20b", true);
        // Parentheses group in a query, and stand for nothing.
        check("(a eq 5) or (b eq 6)", "x", false);
    }

    #[test]
    fn any_text_is_read_in_linear_time() {
        for text in ["{", "<", "(", "'", "{<", "(a=", "%", "%7", ":/", "}>", "a:{", "ä"] {
            let path = text.repeat(50_000);
            let segments = Segment::of_path(&path);
            assert!(segments.iter().all(|segment| !segment.unnamed().is_empty() || segment.text.is_empty()), "{text}");
        }
    }
}
