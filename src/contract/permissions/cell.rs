//! One cell of a permissions table.

use std::ops::Range;

use foldhash::{HashSet, HashSetExt as _};

use super::words;

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The permissions of any one of these sets are enough.
    Sets(Vec<Vec<String>>),
    /// `A, B and C`: they are needed together, unless other cells list them as alternatives.
    List(Vec<String>),
    /// The operation cannot be used.
    NotSupported,
    /// The permissions are still to be written.
    Placeholder,
    /// There is no text.
    Empty,
    /// There are signs and no words, such as a dash, which says nothing in any language.
    Signs,
    /// The permissions are those of another page, to which a link leads: which ones is not known here.
    Elsewhere,
    /// There is text that says none of these, or not clearly.
    Unclear(&'static str),
    /// There are more names than are read.
    TooMany,
}

/// Alternatives of alternatives with more names than this are no list that anybody would read.
const MOST_NAMES: usize = 4096;

/// A cell with more names than this is not read: no operation has so many permissions, and each of them would be in every contract of the page.
const MOST_IN_CELL: usize = 1000;

/// What is wrong with such a cell.
pub(super) const TOO_MANY: &str = "names more than 1000 permissions, which are not read";

/// What is wrong with a cell that has other text than permissions.
pub(super) const NO_PERMISSION: &str = "names no permission, and does not say that the account is not supported";

/// What a cell says, with the words that tell its parts apart: `For a chat: A<br>For a channel: B`.
pub(super) fn read(text: &str) -> Vec<(Option<String>, Said)> {
    let all: Vec<Range<usize>> = names_in(text).take(MOST_IN_CELL + 1).collect();
    if all.len() > MOST_IN_CELL {
        return vec![(None, Said::TooMany)];
    }
    let lines = || text.split('\n').filter(|line| !line.trim().is_empty());
    if lines().nth(1).is_none() {
        return vec![(None, whole(text, &all))];
    }
    let mut parts: Vec<(Option<String>, &str)> = Vec::new();
    let mut pending: Option<String> = None;
    for line in lines() {
        let label = label(line);
        let says = !names(line).is_empty()
            || label.as_deref().is_some_and(|label| line.len() > label.len() && is_denied(line));
        match label {
            // `For a chat:` is about what follows.
            Some(label) if !says => pending = Some(label),
            label => parts.push((label.or_else(|| pending.clone()), line)),
        }
    }
    if parts.len() > 1 && parts.iter().all(|(label, _)| label.is_some()) {
        let said = |(label, line): (Option<String>, &str)| {
            let rest = line.rsplit_once([':', '：']).filter(|(_, rest)| is_denied(rest));
            (label, if rest.is_some() { Said::NotSupported } else { whole(line, &names(line)) })
        };
        return parts.into_iter().map(said).collect();
    }
    vec![(None, whole(text, &all))]
}

fn is_denied(line: &str) -> bool {
    words::is_not_supported(line.rsplit([':', '：']).next().unwrap_or_default())
}

/// The words of a line beside the permissions in it.
fn label(line: &str) -> Option<String> {
    let mut label = String::new();
    let mut at = 0;
    for name in names(line) {
        label.push_str(&line[at..name.start]);
        at = name.end;
    }
    label.push_str(&line[at..]);
    let is_word = |word: &&str| words::conjunction(&word.to_lowercase()).is_none();
    let words: Vec<&str> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).filter(is_word).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What a text with these names says as a whole.
fn whole(text: &str, names: &[Range<usize>]) -> Said {
    if names.is_empty() {
        return match text.trim() {
            "" => Said::Empty,
            text if !text.contains(char::is_alphanumeric) => Said::Signs,
            text if text.contains("TODO") => Said::Placeholder,
            text if words::is_not_supported(text) => Said::NotSupported,
            // No permission at all is enough.
            text if words::is_none_needed(text) => Said::Sets(vec![Vec::new()]),
            _ => Said::Unclear(NO_PERMISSION),
        };
    }
    sets(text, names).unwrap_or(Said::Unclear(NOT_CLEAR))
}

/// What is wrong with a cell whose permissions may belong together in one way or the other.
pub(super) const NOT_CLEAR: &str =
    "does not say which of its permissions are needed together and which are alternatives";

/// What stands between two permissions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    /// A comma, which ends an alternative or only an item of a list.
    Comma,
    /// Either is enough.
    Or,
    /// Both are needed.
    And,
    /// The last of a list: `A, B, and C`.
    Last,
    /// Both are needed, whatever stands before: `A, B + C`.
    Sum,
    /// Both are needed, each being one of several: `A, B plus either C or D`.
    Each,
}

/// The sets of permissions of a text, or nothing where it does not say clearly what belongs together.
fn sets(text: &str, names: &[Range<usize>]) -> Option<Said> {
    let before = text[..names[0].start].to_lowercase();
    let says =
        |words: &[&str]| words.iter().any(|word| before.split(|c: char| !c.is_alphanumeric()).any(|own| own == *word));
    let (one_of, all_of) = (says(&["one", "either", "any"]), says(&["all", "both"]));
    let joins: Vec<Join> = names.windows(2).map(|two| join(&text[two[0].end..two[1].start])).collect::<Option<_>>()?;
    let (last, before_last) = joins.split_last().map_or((None, &joins[..0]), |(last, before)| (Some(*last), before));
    // `A, B and C` may be three of a list or two alternatives, unless the text says so.
    let is_list = matches!(last, Some(Join::And | Join::Last))
        && before_last.contains(&Join::Comma)
        && !before_last.iter().any(|join| matches!(join, Join::And | Join::Last));
    if joins.contains(&Join::Last) && !is_list {
        return None;
    }
    let joined = |join: Join| match join {
        Join::And | Join::Last if is_list && one_of => Join::Or,
        Join::Comma if all_of => Join::And,
        Join::Last => Join::And,
        join => join,
    };
    if is_list && !one_of && !all_of {
        let is_whole = before_last.iter().all(|join| *join == Join::Comma);
        let names: Vec<String> = names.iter().map(|name| text[name.clone()].to_owned()).collect();
        return (is_whole && !may_be_alternatives(&names)).then_some(Said::List(names));
    }
    let mut factors: Vec<Vec<Vec<String>>> = vec![vec![vec![text[names[0].clone()].to_owned()]]];
    for (join, name) in joins.iter().zip(&names[1..]) {
        let name = text[name.clone()].to_owned();
        let alternatives = factors.last_mut()?;
        match joined(*join) {
            Join::And | Join::Sum => alternatives.last_mut()?.push(name),
            Join::Comma | Join::Or => alternatives.push(vec![name]),
            Join::Each => factors.push(vec![vec![name]]),
            // What is last of a list is joined as its others are.
            Join::Last => return None,
        }
    }
    let sets = factors.iter().try_fold(1_usize, |product, own| product.checked_mul(own.len()));
    if sets.is_none_or(|sets| factors.len() > 1 && sets > 1 && sets.saturating_mul(names.len()) > MOST_NAMES) {
        return None;
    }
    let mut factors = factors.into_iter();
    let mut product = factors.next().unwrap_or_default();
    for alternatives in factors {
        if let [only] = alternatives.as_slice() {
            product.iter_mut().for_each(|set| set.extend_from_slice(only));
            continue;
        }
        let with =
            |one: &Vec<String>| alternatives.iter().map(|other| [one.as_slice(), other].concat()).collect::<Vec<_>>();
        product = product.iter().flat_map(with).collect();
    }
    Some(Said::Sets(distinct(product)))
}

/// Whether permissions may be steps of one privilege: all allow the same for different resources, or one of them includes another one.
/// Nobody needs those together.
fn may_be_alternatives(names: &[String]) -> bool {
    let operation = |name: &str| name.split_once('.').map(|(_, operation)| operation.to_owned());
    let own: HashSet<&str> = names.iter().map(String::as_str).collect();
    // What includes a permission: the same to write, and the same for all.
    let has_more = |name: &str| {
        let mut parts = name.splitn(3, '.');
        let (Some(resource), Some(operation)) = (parts.next(), parts.next()) else { return false };
        let constraint = parts.next().map(|constraint| format!(".{constraint}")).unwrap_or_default();
        let writes = if operation == "Read" { "ReadWrite" } else { operation };
        [
            format!("{resource}.{writes}{constraint}"),
            format!("{resource}.{operation}.All"),
            format!("{resource}.{writes}.All"),
        ]
        .iter()
        .any(|more| more != name && own.contains(more.as_str()))
    };
    names.iter().any(|name| has_more(name)) || names.windows(2).all(|two| operation(&two[0]) == operation(&two[1]))
}

/// Each permission of a set once, and each set once.
pub(super) fn distinct(mut sets: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for set in sets.iter_mut().filter(|set| set.len() > 1) {
        let mut names = HashSet::new();
        set.retain(|name| names.insert(name.to_ascii_lowercase()));
    }
    if sets.len() > 1 {
        let mut known = HashSet::with_capacity(sets.len());
        sets.retain(|set| known.insert(key(set)));
    }
    sets
}

/// What is the same for sets of the same permissions. Their names differ by more than their case.
pub(super) fn key(set: &[String]) -> String {
    // Nearly all cells are lists of permissions each of which is enough.
    if let [name] = set {
        return name.to_ascii_lowercase();
    }
    let mut names: Vec<String> = set.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    // No name has a blank.
    names.join(" ")
}

/// How the text between two permissions joins them; nothing where it says both.
fn join(gap: &str) -> Option<Join> {
    // Nearly all cells are lists like that.
    if gap.trim_ascii() == "," {
        return Some(if gap.contains('\n') { Join::Or } else { Join::Comma });
    }
    let gap = without_parentheses(gap).to_lowercase();
    let words: Vec<&str> = gap
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '&' | '+' | '/')))
        .map(|word| if word.len() > 1 { word.trim_matches('/') } else { word })
        .filter(|word| !word.is_empty() && *word != "/")
        .collect();
    let has_comma = gap.contains([',', '，', '、']);
    let has_break = gap.contains(['\n', ';', '；']);
    if words.is_empty() {
        return Some(if has_comma && !has_break { Join::Comma } else { Join::Or });
    }
    // `A.<br>-and-<br>B` is on lines of its own, and needs no list.
    let is_choice = |word: &&str| matches!(*word, "either" | "one" | "any" | "of" | "from" | "the" | "following");
    let (rest, choice): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| !is_choice(word));
    let is_and = |word: &str| {
        words::conjunction(word) == Some(true)
            || words::adds(word)
            || matches!(word, "with" | "together" | "also" | "both")
    };
    match rest.as_slice() {
        [] => Some(Join::Or),
        [word] if words::conjunction(word) == Some(false) => Some(Join::Or),
        [word] if is_and(word) && choice.iter().any(|word| matches!(*word, "either" | "one" | "any")) => {
            Some(Join::Each)
        }
        ["+"] => Some(Join::Sum),
        [word] if words::conjunction(word) == Some(true) && has_comma => (!has_break).then_some(Join::Last),
        [word] if words::conjunction(word) == Some(true) => Some(Join::And),
        // `A, B plus C`: one of a list, and another one.
        [word] if words::adds(word) => Some(Join::Each),
        words if words::is_together(words) => Some(Join::And),
        words if words.iter().any(|word| is_and(word)) => None,
        _ => Some(Join::Or),
    }
}

/// What is in parentheses is about the permission before it.
fn without_parentheses(gap: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in gap.chars() {
        depth += usize::from(matches!(c, '(' | '（'));
        if depth == 0 {
            kept.push(c);
        }
        depth -= usize::from(matches!(c, ')' | '）') && depth > 0);
    }
    kept
}

/// Where the names of permissions are in a text, such as `User.Read.All` and `eDiscovery.Read.All`.
pub(super) fn names(text: &str) -> Vec<Range<usize>> {
    names_in(text).collect()
}

/// Whether there is one.
pub(super) fn has_names(text: &str) -> bool {
    names_in(text).next().is_some()
}

/// The same, one by one.
fn names_in(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        loop {
            let start = at + bytes.get(at..)?.iter().position(is_part)?;
            let length = bytes[start..].iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len() - start);
            at = start + length;
            // Most words have no dot, and are no names.
            if !bytes[start..at].contains(&b'.') {
                continue;
            }
            let word = &text[start..at];
            let start = start + word.len() - word.trim_start_matches(['.', '-', '_']).len();
            let name = word.trim_matches(['.', '-', '_']);
            if is_permission(name) {
                return Some(start..start + name.len());
            }
        }
    })
}

/// `Resource.Operation` with an optional constraint. The resource has a capital somewhere, and the operation begins with one; a
/// primitive type of OData is not one.
fn is_permission(word: &str) -> bool {
    let Some(dot) = memchr::memchr(b'.', word.as_bytes()) else { return false };
    let (resource, operation) = (&word[..dot], &word[dot + 1..]);
    let is_resource = resource.starts_with(|c: char| c.is_ascii_alphabetic())
        && resource.contains(|c: char| c.is_ascii_uppercase())
        && !matches!(resource, "Edm" | "Microsoft" | "OData" | "Org" | "Collection");
    is_resource
        && operation.starts_with(|c: char| c.is_ascii_uppercase())
        && word.as_bytes().split(|byte| *byte == b'.').all(|part| part.len() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sets as `A+B|C`, or what else the cell says; parts with their labels.
    fn shown(text: &str) -> String {
        let said = |(label, said): (Option<String>, Said)| {
            let said = match said {
                Said::Sets(sets) => sets.iter().map(|set| set.join("+")).collect::<Vec<_>>().join("|"),
                Said::List(names) => format!("list {}", names.join("+")),
                Said::Unclear(_) | Said::TooMany => "?".to_owned(),
                other => format!("{other:?}"),
            };
            label.map_or(said.clone(), |label| format!("{label} = {said}"))
        };
        read(text).into_iter().map(said).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text}");
    }

    #[test]
    fn names_are_permissions_in_any_case() {
        check("User.Read, User.Read.All", "User.Read|User.Read.All");
        check("eDiscovery.Read.All,eDiscovery.ReadWrite.All", "eDiscovery.Read.All|eDiscovery.ReadWrite.All");
        check("Industry-Run.Read.All, User2.Read_Basic", "Industry-Run.Read.All|User2.Read_Basic");
        check("`User.Read`*, User.Read.All.", "User.Read|User.Read.All");
        check("User.Read、User.Read.All、User.Read", "User.Read|User.Read.All");
        check("https://graph.microsoft.com/.default", "?");
        check("Edm.String, contoso.com, v1.0, e.g. this, A.B", "?");
    }

    #[test]
    fn what_is_needed_together_is_one_set() {
        check("Group.Read and User.Read, Directory.Read", "Group.Read+User.Read|Directory.Read");
        check("Group.Read + User.Read", "Group.Read+User.Read");
        check("Group.Read & User.Read or Directory.Read", "Group.Read+User.Read|Directory.Read");
        check("Group.Read and User.Read, Site.Read and User.Read", "Group.Read+User.Read|Site.Read+User.Read");
        check("Group.Read\n-and-\nUser.Read", "Group.Read+User.Read");
        check("Group.Read plus User.Read", "Group.Read+User.Read");
        check("Group.Read, Group.Write plus User.Read", "Group.Read+User.Read|Group.Write+User.Read");
        check("Group.Read und User.Read", "Group.Read+User.Read");
        check("Group.Read 和 User.Read", "Group.Read+User.Read");
        check("Group.Read 且 User.Read", "Group.Read+User.Read");
        check("Group.Read 加 User.Read", "Group.Read+User.Read");
        check("Group.Read mais User.Read", "Group.Read+User.Read");
        check("Group.Read juntamente com User.Read", "Group.Read+User.Read");
        check("Group.Read, User.Read + Site.Read", "Group.Read|User.Read+Site.Read");
        check("Group.Read; User.Read and Site.Read", "Group.Read|User.Read+Site.Read");
        check("All of Group.Read, User.Read and Site.Read", "Group.Read+User.Read+Site.Read");
        check(
            "One from A1.Read, B1.Read plus either C1.Read or D1.Read",
            "A1.Read+C1.Read|A1.Read+D1.Read|B1.Read+C1.Read|B1.Read+D1.Read",
        );
    }

    #[test]
    fn a_list_of_different_permissions_ends_with_a_word() {
        check(
            "Policy.Read.All, Policy.ReadWrite.Lamps and Lamp.Read",
            "list Policy.Read.All+Policy.ReadWrite.Lamps+Lamp.Read",
        );
        check(
            "Policy.Read.All, Policy.ReadWrite.Lamps, and Lamp.Read",
            "list Policy.Read.All+Policy.ReadWrite.Lamps+Lamp.Read",
        );
        check(
            "Policy.Read.All, Policy.ReadWrite.Lamps und Lamp.Read",
            "list Policy.Read.All+Policy.ReadWrite.Lamps+Lamp.Read",
        );
        check(
            "Policy.Read.All、Policy.ReadWrite.Lamps 和 Lamp.Read",
            "list Policy.Read.All+Policy.ReadWrite.Lamps+Lamp.Read",
        );
    }

    #[test]
    fn any_other_mark_or_word_means_alternatives() {
        check("User.Read or User.Read.All", "User.Read|User.Read.All");
        check("User.Read, User.ReadWrite, or User.Read.All", "User.Read|User.ReadWrite|User.Read.All");
        check("User.Read\nUser.Read.All", "User.Read|User.Read.All");
        check("User.Read  User.Read.All / User.ReadWrite", "User.Read|User.Read.All|User.ReadWrite");
        check("User.Read (for users and groups), User.Read.All", "User.Read|User.Read.All");
        check("User.Read 或 User.Read.All", "User.Read|User.Read.All");
        check("One of User.Read, User.ReadWrite and User.Read.All", "User.Read|User.ReadWrite|User.Read.All");
    }

    #[test]
    fn what_is_not_clear_is_not_guessed() {
        check("User.Read, Group.Read and Site.Read", "?");
        check("User.Read, Group.Read, and Site.Read", "?");
        check("User.Read.All, User.ReadWrite.All and Site.Read", "?");
        check("User.ReadWrite.All, Site.ReadWrite and User.Read", "?");
        check("User.Read.All, Site.ReadWrite and User.Read", "?");
        check(
            "User.Read and Group.ReadWrite, Site.Read and Lamp.Write",
            "User.Read+Group.ReadWrite|Site.Read+Lamp.Write",
        );
        check("User.Read, Group.ReadWrite; Site.Read and Lamp.Write", "?");
        check("User.Read, and Group.ReadWrite", "?");
        check("User.Read for oneself and User.Read.All for others", "?");
        check("See the note.", "?");
    }

    #[test]
    fn a_cell_may_say_something_else() {
        check("", "Empty");
        check("-", "Signs");
        check("—", "Signs");
        check("－.", "Signs");
        check("Not supported.", "NotSupported");
        check("None.", "");
        check("**TODO: Determine scopes**", "Placeholder");
    }

    #[test]
    fn parts_of_a_cell_have_labels() {
        check(
            "For users:\nUser.Read, User.Read.All\n\nFor groups:\nGroup.Read",
            "For users = User.Read|User.Read.All; For groups = Group.Read",
        );
        check(
            "In teams: Team.Read\nIn channels: Not supported.",
            "In teams = Team.Read; In channels Not supported = NotSupported",
        );
        check(
            "Chat.Read for a chat.\nChannel.Read for a channel.",
            "for a chat = Chat.Read; for a channel = Channel.Read",
        );
    }

    #[test]
    fn a_cell_of_any_size_is_read() {
        for separator in [", ", " and ", "\n", " or ", " (", " plus ", ": "] {
            let names: Vec<String> = (0..4_000).map(|index| format!("Thing{index}.Read")).collect();
            assert_eq!(read(&names.join(separator)).len(), 1, "{separator:?}");
        }
    }

    #[test]
    fn a_cell_of_more_permissions_than_anybody_needs_is_not_read() {
        let many = |count: usize| (0..count).map(|at| format!("Lamp.Read{at}")).collect::<Vec<_>>().join(", ");
        assert!(shown(&many(1000)).starts_with("Lamp.Read0|Lamp.Read1|"));
        check(&many(1001), "?");
        assert_eq!(read(&many(1001)), [(None, Said::TooMany)]);
        // Words that are no permissions count for nothing.
        check(&"such as ".repeat(2000), "?");
        assert_ne!(read(&"such as ".repeat(2000)), [(None, Said::TooMany)]);
    }
}
