//! The words of permission tables, in the languages in which Microsoft publishes the documentation of Microsoft Graph (`words.txt`).

use std::sync::LazyLock;

use super::super::word_list::{WordList, WordLists, bare, is_one_of};
use super::PrivilegeOrder;

/// A kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// A work or school account that is signed in.
    Work,
    /// A personal account that is signed in.
    Personal,
    /// An application without a user.
    Application,
}

/// What an operation acts on: the user who is signed in, or another one.
pub(super) const SELF: &str = "self";
pub(super) const OTHERS: &str = "other";

static LISTS: LazyLock<WordLists> = LazyLock::new(|| WordLists::read(include_str!("words.txt")));

/// A list of words in lower case.
fn list(name: &str) -> &'static [&'static str] {
    LISTS.words(name)
}

/// Where a text has the first of the words.
fn first(text: &str, name: &str) -> Option<usize> {
    LISTS.first_in(text, name)
}

/// Whether a text has one of the words.
fn has_any(text: &str, name: &str) -> bool {
    first(text, name).is_some()
}

/// The words for any account.
static ACCOUNTS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of(&["personal", "work", "application", "delegated"].map(list).concat()));

/// What nearly all rows are called, and so need not be searched for words.
fn usual_account(text: &str) -> Option<Account> {
    match text {
        "Delegated (work or school account)" => Some(Account::Work),
        "Delegated (personal Microsoft account)" => Some(Account::Personal),
        "Application" => Some(Account::Application),
        _ => None,
    }
}

/// What nearly all columns with permissions are called, with the order that it says.
fn usual_order(head: &str) -> Option<PrivilegeOrder> {
    match head {
        "Permissions (from least to most privileged)" => Some(PrivilegeOrder::LeastToMost),
        "Permissions (from most to least privileged)" => Some(PrivilegeOrder::MostToLeast),
        _ => None,
    }
}

/// The account that a row or a column is for.
pub(super) fn account(text: &str) -> Option<Account> {
    if let Some(usual) = usual_account(text) {
        return Some(usual);
    }
    if text == "Permission type" || usual_order(text).is_some() || !ACCOUNTS.is_in(text) {
        return None;
    }
    let lists = [("personal", Account::Personal), ("work", Account::Work), ("application", Account::Application)];
    let named = lists.into_iter().find(|(name, _)| has_any(text, name)).map(|(_, account)| account);
    named.or_else(|| has_any(text, "delegated").then_some(Account::Work))
}

/// Whether this names the account of a user.
pub(super) fn is_delegated(text: &str) -> bool {
    has_any(text, "delegated")
}

/// Whether this names both a personal account and one for work.
pub(super) fn is_any_user(text: &str) -> bool {
    usual_account(text).is_none() && has_any(text, "personal") && has_any(text, "work")
}

/// Whether this is an account and nothing else, where rows have other names, too.
pub(super) fn is_account_row(text: &str) -> bool {
    is_delegated(text) || list("application-rows").contains(&bare(text).as_str())
}

/// Whether an account is named in English.
pub(super) fn is_english_account(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("delegated") || text == "application"
}

/// Whether a cell says that the operation cannot be used.
pub(in crate::contract) fn is_not_supported(text: &str) -> bool {
    // Nearly all say it like that.
    text == "Not supported." || LISTS.is_one(text, "not-supported")
}

/// Whether a cell says that no permission is needed.
pub(super) fn is_none_needed(text: &str) -> bool {
    LISTS.is_one(text, "none-needed")
}

/// What the head of a column says of the privileges in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// All permissions, in this order if it says so.
    All(Option<PrivilegeOrder>),
    /// The least privileged permissions.
    Least,
    /// Those with more privileges.
    Higher,
}

/// Reads the head of a column.
pub(super) fn rank(head: &str) -> Rank {
    if let Some(order) = usual_order(head) {
        return Rank::All(Some(order));
    }
    let first = |name: &str| first(head, name);
    if first("ascending").is_some() {
        return Rank::All(Some(PrivilegeOrder::LeastToMost));
    }
    if first("descending").is_some() {
        return Rank::All(Some(PrivilegeOrder::MostToLeast));
    }
    match (first("least"), first("most")) {
        (Some(least), Some(most)) if least < most => Rank::All(Some(PrivilegeOrder::LeastToMost)),
        (Some(_), Some(_)) => Rank::All(Some(PrivilegeOrder::MostToLeast)),
        (Some(_), None) => Rank::Least,
        (None, Some(_)) => Rank::Higher,
        (None, None) => Rank::All(None),
    }
}

/// Whether a heading has the name of the section of permissions.
pub(super) fn is_section(heading: &str) -> bool {
    is_one_of(heading.trim(), list("sections"))
}

/// Whether a text speaks of permissions, in whatever language.
pub(super) fn mentions_permissions(text: &str) -> bool {
    has_any(text, "permission")
}

/// The words for the user on whom an operation acts: [`SELF`] and [`OTHERS`] as they are in text.
pub(super) fn user(label: &str) -> impl Iterator<Item = &'static str> + '_ {
    let lists = [(SELF, "oneself"), (OTHERS, "other-users")].into_iter();
    // Most rows have no words but the name of an account.
    let is_blank = label.trim_ascii().is_empty();
    lists.filter(move |(_, name)| !is_blank && has_any(label, name)).map(|(word, _)| word)
}

/// How two permissions in one cell belong together, as one word between them says.
pub(super) fn conjunction(word: &str) -> Option<bool> {
    if list("and").contains(&word) { Some(true) } else { list("or").contains(&word).then_some(false) }
}

/// Whether one word between two permissions adds what is needed to a list of alternatives.
pub(super) fn adds(word: &str) -> bool {
    list("plus").contains(&word)
}

/// Whether these words between two permissions say that both are needed.
pub(super) fn is_together(words: &[&str]) -> bool {
    list("together").contains(&words.join(" ").as_str())
}

/// The segments of URLs that a text in another language names.
pub(super) fn segments(text: &str) -> impl Iterator<Item = &'static str> {
    ["calendar", "group", "user"].into_iter().filter(move |name| has_any(text, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_words_in_lower_case() {
        let names = [
            "personal",
            "work",
            "application",
            "application-rows",
            "delegated",
            "not-supported",
            "none-needed",
            "least",
            "most",
            "ascending",
            "descending",
            "sections",
            "oneself",
            "other-users",
            "permission",
            "and",
            "or",
            "plus",
            "together",
            "calendar",
            "group",
            "user",
        ];
        assert_eq!(LISTS.len(), names.len());
        for name in names {
            assert!(!list(name).is_empty(), "{name}");
            for word in list(name) {
                assert!(!word.is_empty() && *word == word.to_lowercase(), "{name}: {word:?}");
            }
        }
    }

    #[test]
    fn accounts_are_known_in_any_language_of_the_documentation() {
        let check = |text: &str, expected| assert_eq!(account(text), expected, "{text}");
        check("Delegated (work or school account)", Some(Account::Work));
        check("Delegated (personal Microsoft account)", Some(Account::Personal));
        check("Application", Some(Account::Application));
        check("Delegated", Some(Account::Work));
        check("Delegiert (Geschäfts-, Schul- oder Unikonto)", Some(Account::Work));
        check("Delegiert (persönliches Microsoft-Konto)", Some(Account::Personal));
        check("委派（个人 Microsoft 帐户）", Some(Account::Personal));
        check("委任 (職場または学校のアカウント)", Some(Account::Work));
        check("Delegado (conta pessoal da Microsoft)", Some(Account::Personal));
        check("Делегированные (рабочая или учебная учетная запись)", Some(Account::Work));
        check("Для приложений", Some(Account::Application));
        check("Policy sets", None);
    }

    #[test]
    fn what_is_usual_says_what_its_words_say() {
        for text in ["Delegated (work or school account)", "Delegated (personal Microsoft account)", "Application"] {
            // The same in another case is searched for words.
            assert_eq!(account(text), account(&text.to_uppercase()), "{text}");
            assert_eq!(is_any_user(text), is_any_user(&text.to_uppercase()), "{text}");
        }
        for text in [
            "Permission type",
            "Permissions (from least to most privileged)",
            "Permissions (from most to least privileged)",
        ] {
            assert_eq!(account(text), account(&text.to_uppercase()), "{text}");
            assert_eq!(rank(text), rank(&text.to_uppercase()), "{text}");
        }
    }

    #[test]
    fn a_cell_says_that_it_is_not_supported_or_it_does_not() {
        for text in [
            "Not supported.",
            "Not  Supported",
            "Nicht unterstützt",
            "Sem suporte.",
            "不支持。",
            "暂不支持。",
            "不提供。",
            "Não é suportado.",
            "Não tem suporte.",
            "N/A",
            "サポートされていません。",
        ] {
            assert!(is_not_supported(text), "{text}");
        }
        for text in ["", "None.", "See the note.", "eDiscovery.Read.All", "Ehhez nincs támogatás"] {
            assert!(!is_not_supported(text), "{text}");
        }
        assert!(is_none_needed("None."));
    }

    #[test]
    fn heads_say_the_order_or_the_rank() {
        let check = |head: &str, expected| assert_eq!(rank(head), expected, "{head}");
        let (least, most) =
            (Rank::All(Some(PrivilegeOrder::LeastToMost)), Rank::All(Some(PrivilegeOrder::MostToLeast)));
        check("Permissions (from least to most privileged)", least);
        check("Permissions (from most to least privileged)", most);
        check("Berechtigungen (von der mit den meisten Rechten zu der mit den wenigsten)", most);
        check("权限（从最低特权到最高特权）", least);
        check("アクセス許可 (特権の大きいものから小さいものへ)", most);
        check("Permissões (da com menos para a com mais privilégios)", least);
        check("Разрешения (в порядке убывания привилегий)", most);
        check("Least privileged permission", Rank::Least);
        check("Higher privileged permissions", Rank::Higher);
        check("Permissões com menos privilégios", Rank::Least);
        check("Permissões com privilégios superiores", Rank::Higher);
        check("更高特权权限", Rank::Higher);
        check("Permissions", Rank::All(None));
        check("Permissions on others", Rank::All(None));
    }
}
