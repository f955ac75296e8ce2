//! Rules for URLs: what is opened is closed, and hosts are those that exist.

use super::Linter;
use crate::byte_set::ByteSet;
use crate::diagnostic::Code;
use crate::page::RequestLine;
use crate::url::Target;
use crate::url::endpoint::{graph_hosts, is_graph_host};

/// Checks the URL of a request or of a URL template.
pub(super) fn check(linter: &mut Linter<'_>, line: &RequestLine) {
    let target = line.target.as_str();
    let found = misspelled_scheme(target)
        .map(|message| (0, message))
        .or_else(|| unbalanced(target))
        .or_else(|| broken_escape(target));
    if let Some((offset, message)) = found {
        let place = linter.place_in_target(line, offset);
        linter.report_at(Code::UrlNotWellFormed, place, message);
    }
    let host = Target::read(target).host;
    if let Some((host, known)) = host.and_then(|host| Some((host, misspelled_host(host)?))) {
        let offset = target.find(host).unwrap_or_default();
        let place = linter.place_in_target(line, offset);
        linter.report_at(Code::HostMisspelled, place, host_message(host, known));
    }
}

/// What to say about a host whose name is nearly that of a known one.
pub(super) fn host_message(host: &str, known: &str) -> String {
    format!("there is no host `{host}`; did you mean `{known}`?")
}

/// The hosts of the other services to which examples of Microsoft Graph send requests.
const OTHERS: [&str; 4] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.microsoftonline.de", "login.chinacloudapi.cn"];

/// So many letters of a host's name may be wrong or missing. Names of hosts that exist differ in more.
const FEW_LETTERS: usize = 2;

/// The known host whose name is nearly this one.
pub(super) fn misspelled_host(host: &str) -> Option<&'static str> {
    let name = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if is_graph_host(&name) || OTHERS.contains(&name.as_str()) || name.len() > 64 || !name.chars().all(is_name) {
        return None;
    }
    // `https://graph/microsoft.com/v1.0`.
    if name == "graph" {
        return graph_hosts().next();
    }
    let is_near = |known: &&str| {
        // Another national domain is another host.
        let (own_domain, domain) = (name.rsplit('.').next(), known.rsplit('.').next());
        let is_national = own_domain != domain && own_domain.is_some_and(|own| own.len() == 2 && own != "cm");
        let is_as_long = name.len().abs_diff(known.len()) <= FEW_LETTERS;
        is_as_long && !is_national && may_be_near(&name, known) && strsim::osa_distance(&name, known) <= FEW_LETTERS
    };
    graph_hosts().chain(OTHERS).find(is_near)
}

/// Whether two names have nearly the same letters, in whatever order, which takes less to find out than how near they are.
fn may_be_near(name: &str, known: &str) -> bool {
    let mut counts = [0_i32; 256];
    name.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    known.bytes().for_each(|byte| counts[usize::from(byte)] -= 1);
    counts.iter().map(|count| count.unsigned_abs() as usize).sum::<usize>() <= 2 * FEW_LETTERS
}

/// What is wrong with the beginning of an absolute URL.
fn misspelled_scheme(target: &str) -> Option<String> {
    let end = target.find(|c: char| !c.is_ascii_alphabetic())?;
    let (scheme, rest) = target.split_at(end);
    let separator: &str = &rest[..rest.find(|c| c != ':' && c != '/').unwrap_or(rest.len())];
    let separates = separator.contains(':') || separator.starts_with("//");
    if !separates {
        return None;
    }
    let is_known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_near = is_known || strsim::osa_distance(&scheme.to_ascii_lowercase(), "https") <= 1;
    // What is not known may be a scheme of its own.
    (is_near && !(is_known && separator == "://"))
        .then(|| format!("the URL begins with `{scheme}{separator}` instead of `https://`"))
}

/// The first quotation mark, parenthesis or brace of a URL that has no counterpart: its offset, and what is wrong.
fn unbalanced(target: &str) -> Option<(usize, String)> {
    let query = target.find('?').unwrap_or(target.len());
    let mut open: Vec<usize> = Vec::new();
    let mut in_option = false;
    // From here on, no `<` is closed.
    let mut no_angle = usize::MAX;
    let mut at = 0;
    while let Some(next) = Token::BEGINNINGS.find(&target[at..]) {
        at += next;
        let rest = &target[at..];
        let Some(c) = rest.chars().next() else { break };
        match Token::read(rest, c) {
            Token::Separator => in_option = rest[1..].starts_with('$'),
            // A placeholder; it may be described in words.
            Token::Brace => match closing_brace(rest) {
                Some(end) => at += end,
                None => return Some((at, "the brace is not closed".to_owned())),
            },
            Token::Angle if at >= no_angle => {}
            Token::Angle => match rest.find('>') {
                Some(end) => at += end,
                None => no_angle = at,
            },
            Token::ClosingBrace => return Some((at, "the brace closes nothing".to_owned())),
            Token::Parenthesis => open.push(at),
            Token::ClosingParenthesis => {
                if open.pop().is_none() {
                    return Some((at, "the parenthesis closes nothing".to_owned()));
                }
            }
            // Names of files in a path have quotation marks that quote nothing.
            Token::Quote(quote) if !open.is_empty() || (at > query && in_option) => match closing_quote(rest, quote) {
                Some(end) => at += end,
                None => return Some((at, "the quotation mark is not closed".to_owned())),
            },
            Token::Curly if !open.is_empty() || at > query => {
                return Some((
                    at,
                    format!("`{c}` quotes nothing in a URL; OData has ' for strings, and \" in $search"),
                ));
            }
            Token::Quote(_) | Token::Curly | Token::Other => {}
        }
        at += target[at..].chars().next().map_or(1, char::len_utf8);
    }
    open.last().map(|at| (*at, "the parenthesis is not closed".to_owned()))
}

/// The first `%` of a URL that no two hexadecimal digits follow (RFC 3986 section 2.1). What stands in placeholders is not sent, and an
/// ellipsis stands for anything.
fn broken_escape(target: &str) -> Option<(usize, String)> {
    // Most URLs have none.
    memchr::memchr(b'%', target.as_bytes())?;
    let mut depth = 0_usize;
    const MARKS: ByteSet = ByteSet::of(b"{<}>%");
    MARKS.matches(target).find_map(|(at, found)| {
        match found {
            b'{' | b'<' => depth += 1,
            b'}' | b'>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = target[at..].strip_prefix('%').filter(|_| depth == 0)?;
        let is_escape = rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        let is_open = rest.starts_with(['{', '<', '…']) || rest.starts_with("..");
        let shown: String = rest.chars().take(2).collect();
        (!is_escape && !is_open).then(|| (at, format!("`%{shown}` is no escape; `%` itself is written `%25`")))
    })
}

/// What a character of a URL opens or closes.
#[derive(Clone, Copy)]
enum Token {
    /// The beginning of a query parameter.
    Separator,
    Brace,
    ClosingBrace,
    Angle,
    Parenthesis,
    ClosingParenthesis,
    /// A quotation mark, as it is or percent-encoded.
    Quote(&'static str),
    /// A typographic quotation mark.
    Curly,
    Other,
}

impl Token {
    /// What anything but [`Token::Other`] begins with: ASCII, and the first byte of typographic quotation marks in UTF-8.
    const BEGINNINGS: ByteSet = ByteSet::of(b"?&{}<()'\"%\xe2");

    fn read(rest: &str, c: char) -> Token {
        match c {
            '?' | '&' => Token::Separator,
            '{' => Token::Brace,
            '}' => Token::ClosingBrace,
            '<' => Token::Angle,
            '(' => Token::Parenthesis,
            ')' => Token::ClosingParenthesis,
            '\'' => Token::Quote("'"),
            '"' => Token::Quote("\""),
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => Token::Curly,
            '%' if rest.starts_with("%27") => Token::Quote("%27"),
            '%' if rest.starts_with("%22") => Token::Quote("%22"),
            '%' if rest.starts_with("%28") => Token::Parenthesis,
            '%' if rest.starts_with("%29") => Token::ClosingParenthesis,
            _ => Token::Other,
        }
    }
}

/// Where the brace at the beginning of a text is closed. Placeholders may stand in each other.
fn closing_brace(text: &str) -> Option<usize> {
    const BRACES: ByteSet = ByteSet::of(b"{}");
    let mut depth = 0_usize;
    let mut ends = BRACES.matches(text).filter(|(_, brace)| {
        depth = if *brace == b'{' { depth + 1 } else { depth - 1 };
        depth == 0
    });
    ends.next().map(|(at, _)| at)
}

/// Where the last character of the quotation mark is that closes the one at the beginning of a text. Two in a row stand for one in the
/// text (OData ABNF `squote-in-string`).
fn closing_quote(text: &str, quote: &str) -> Option<usize> {
    let begins = |at: usize| text.as_bytes()[at..].starts_with(quote.as_bytes());
    let mut from = quote.len();
    memchr::memchr_iter(*quote.as_bytes().first()?, text.as_bytes()).find_map(|at| {
        if at < from || !begins(at) {
            return None;
        }
        let end = at + quote.len();
        let is_doubled = begins(end);
        from = end + quote.len();
        (!is_doubled).then_some(end - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_balance(target: &str, expected: Option<usize>) {
        assert_eq!(unbalanced(target).map(|(offset, _)| offset), expected, "{target}");
    }

    #[test]
    fn what_is_opened_and_not_closed_is_found() {
        check_balance("/lamps?$filter=startswith(name,'A", Some(31));
        check_balance("/lamps?$filter=startswith(name,'A'", Some(25));
        check_balance("/lamps?$filter=name eq 'O'Brien'", Some(31));
        check_balance("/lamps?$search=\"name:a", Some(15));
        check_balance("/lamps?$filter=name eq %27A", Some(23));
        check_balance("/lamps/{id/bulbs", Some(7));
        check_balance("/lamps/id}", Some(9));
        check_balance("/lamps(id='a'))", Some(14));
        check_balance("/lamps(id='a", Some(10));
        check_balance("/lamps?$filter=name eq ’A’", Some(23));
    }

    #[test]
    fn what_is_balanced_in_a_way_is_not() {
        for target in [
            "/lamps?$filter=startswith(name,'A')",
            "/lamps?$filter=name eq 'O''Brien' and (a eq '(' or b eq ')')",
            "/lamps?$filter=name eq ''",
            "/lamps?$search=\"it's\"",
            "/lamps?$filter=name eq %27A%27%27s%27",
            "/lamps/{id | the lamp's name}/bulbs(on={on})",
            "/lamps/{a{b}}",
            "/lamps/<the house's id>",
            "/drive/root:/Bob's lamps (old).txt:/content",
            "/lamps/Bob’s",
            "/lamps?name=Bob's",
            "/lamps[?$top=5]",
            "/lamps%28id=%27a%27%29",
            "",
        ] {
            check_balance(target, None);
        }
    }

    #[test]
    fn two_hexadecimal_digits_follow_a_percent_sign() {
        let check = |target: &str, expected: Option<usize>| {
            assert_eq!(broken_escape(target).map(|(offset, _)| offset), expected, "{target}");
        };
        check("/lamps?$filter=name%20eq%zz'a'", Some(24));
        check("/lamps?$search=\"50%\"", Some(18));
        check("/lamps/a%", Some(8));
        check("/lamps/a%2", Some(8));
        check("/lamps/%é", Some(7));
        for target in [
            "/lamps?$filter=name%20eq%20%27a%27",
            "/lamps/{100% of the name}",
            "/lamps/a%...",
            "/lamps/%{id}",
            "/lamps/%2F%c3%A4",
        ] {
            check(target, None);
        }
    }

    #[test]
    fn a_host_is_misspelled_if_it_is_nearly_a_known_one() {
        let check = |host: &str, expected: Option<&str>| assert_eq!(misspelled_host(host), expected, "{host}");
        check("graph.microsft.com", Some("graph.microsoft.com"));
        check("graph.mircosoft.com:443", Some("graph.microsoft.com"));
        check("GRAPH.MICROSOFT.CON", Some("graph.microsoft.com"));
        check("graph", Some("graph.microsoft.com"));
        check("login.microsoftonlne.com", Some("login.microsoftonline.com"));
        for host in [
            "graph.microsoft.com",
            "Graph.Microsoft.com:443",
            "graph.microsoft.us",
            "graph.microsoft.cn",
            "canary.graph.microsoft.com",
            "graph.microsoft-ppe.com",
            "bot.contoso.com",
            "{host}",
            "localhost:8080",
        ] {
            check(host, None);
        }
    }

    #[test]
    fn an_absolute_url_begins_with_a_scheme_that_exists() {
        let check = |target: &str, is_wrong| assert_eq!(misspelled_scheme(target).is_some(), is_wrong, "{target}");
        for target in ["https:/graph.microsoft.com/v1.0", "htps://a", "https//a/b", "https:a", "https:///a"] {
            check(target, true);
        }
        for target in ["https://a", "http://a", "HTTPS://a", "/https", "https", "urn:a", "ftp://a", "/a?b=https:/c"] {
            check(target, false);
        }
    }
}
