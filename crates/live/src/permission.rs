//! The permissions that a contract needs, beside those that a token has.

use std::collections::BTreeSet;
use std::fmt;

use graph_contracts::contract::{Contract, Grant, PrivilegeOrder, include_all, includes};

/// What a contract's page says of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// For a work or school account that is signed in.
    pub delegated: Grant,
    /// For an application without a user.
    pub application: Grant,
    /// Whether the page lists the least privileged permission last.
    most_first: bool,
}

/// Who a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// An application, with these app roles (claim `roles`).
    Application(Vec<String>),
    /// A user, with these delegated permissions (claim `scp`).
    User(Vec<String>),
}

impl Needs {
    /// What the contract's page says of one of its routes.
    pub fn of(contract: &Contract, route: &str) -> Needs {
        let permissions = contract.permissions_on(route);
        Needs {
            delegated: permissions.delegated_work.clone(),
            application: permissions.application.clone(),
            most_first: permissions.order == Some(PrivilegeOrder::MostToLeast),
        }
    }

    /// What a page says that says nothing.
    #[cfg(test)]
    pub(super) fn unstated() -> Needs {
        Needs { delegated: Grant::NotStated, application: Grant::NotStated, most_first: false }
    }

    fn sets(&self) -> impl Iterator<Item = &Vec<String>> {
        [&self.delegated, &self.application].into_iter().flat_map(Grant::sets)
    }

    /// Whether the page names any of these permissions.
    pub fn names_any(&self, permissions: &[String]) -> bool {
        self.sets().flatten().any(|name| contains(permissions, name))
    }

    /// Whether these permissions are enough for some account.
    pub fn allowed_by(&self, permissions: &[String]) -> bool {
        self.sets().any(|set| include_all(permissions, set))
    }

    /// What that kind of account needs.
    pub fn for_account(&self, account: &Account) -> &Grant {
        match account {
            Account::Application(_) => &self.application,
            Account::User(_) => &self.delegated,
        }
    }

    /// The least privileged permissions that are enough, needed together, for an application or a user.
    pub fn least(&self, application: bool) -> Option<&[String]> {
        let sets = self.sets_for(application);
        if self.most_first { sets.last() } else { sets.first() }.map(Vec::as_slice)
    }

    fn sets_for(&self, application: bool) -> &[Vec<String>] {
        if application { &self.application } else { &self.delegated }.sets()
    }
}

/// What an account lacks, as a sentence about its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack<'n> {
    /// The operation is not available to accounts of its kind.
    NotAvailable {
        /// That kind, in words.
        to: &'static str,
    },
    /// Permissions.
    Permissions {
        /// What is needed.
        needed: &'n Grant,
        /// What it has.
        has: &'n [String],
    },
}

impl Lack<'_> {
    /// The permissions that there are, in words.
    pub fn owned(has: &[String]) -> String {
        if has.is_empty() { "none".to_owned() } else { has.join(", ") }
    }
}

impl fmt::Display for Lack<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lack::NotAvailable { to } => write!(f, "it is not available to {to}"),
            Lack::Permissions { needed, has } => write!(f, "it needs {needed}; the token has {}", Lack::owned(has)),
        }
    }
}

/// What an account lacks; nothing if it has what is needed, or if the page does not say.
pub fn missing<'n>(needs: &'n Needs, account: &'n Account) -> Option<Lack<'n>> {
    let (own, who) = match account {
        Account::Application(own) => (own, "applications"),
        Account::User(own) => (own, "signed-in users"),
    };
    match needs.for_account(account) {
        Grant::NotStated => None,
        Grant::NotSupported => Some(Lack::NotAvailable { to: who }),
        needed @ Grant::OneOf(sets) => {
            let has_one = sets.iter().any(|set| include_all(own, set));
            (!has_one).then_some(Lack::Permissions { needed, has: own })
        }
    }
}

/// The least privileged permissions with which all of these can be done: each one's least, unless another one needed anyway does, or includes it by its
/// name.
pub fn least_privileged<'n>(needs: impl Iterator<Item = &'n Needs>, application: bool) -> BTreeSet<&'n str> {
    let needs: Vec<&Needs> = needs.collect();
    // Those without a choice come first.
    let without_choice = needs.iter().map(|needs| needs.sets_for(application)).filter(|sets| sets.len() == 1);
    let mut chosen: BTreeSet<&str> = without_choice.flatten().flatten().map(String::as_str).collect();
    for needs in needs {
        let is_chosen = |set: &Vec<String>| set.iter().all(|name| chosen.iter().any(|own| includes(own, name)));
        if !needs.sets_for(application).iter().any(is_chosen) {
            chosen.extend(needs.least(application).into_iter().flatten().map(String::as_str));
        }
    }
    // Of those that differ in their case alone, the first one stays.
    let is_included = |name: &str| {
        chosen.iter().any(|own| *own != name && includes(own, name) && (*own < name || !includes(name, own)))
    };
    chosen.iter().copied().filter(|name| !is_included(name)).collect()
}

/// Names of permissions differ by more than their case.
fn contains(permissions: &[String], name: &str) -> bool {
    permissions.iter().any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What applications need: sets of permissions, those of a set with `+` between them.
    fn needs(application: &[&str]) -> Needs {
        let set = |set: &&str| set.split('+').map(str::to_owned).collect();
        let sets = Grant::OneOf(application.iter().map(set).collect());
        Needs { delegated: Grant::NotSupported, application: sets, most_first: false }
    }

    fn account_names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn account(roles: &[&str]) -> Account {
        Account::Application(account_names(roles))
    }

    #[test]
    fn what_a_token_lacks_is_said() {
        let needs = needs(&["User.Read.All", "User.ReadWrite.All"]);
        let missing = |account: &Account| missing(&needs, account).map(|lack| lack.to_string());
        assert_eq!(missing(&account(&["user.readwrite.all"])), None);
        let expected = "it needs User.Read.All or User.ReadWrite.All; the token has Group.Read.All";
        assert_eq!(missing(&account(&["Group.Read.All"])).as_deref(), Some(expected));
        let user = Account::User(vec!["User.Read.All".to_owned()]);
        assert_eq!(missing(&user).as_deref(), Some("it is not available to signed-in users"));
    }

    #[test]
    fn permissions_that_are_needed_together_are_all_needed() {
        let needs = needs(&["Group.Read.All+User.Read.All", "Directory.Read.All"]);
        let check = |roles: &[&str], expected: Option<&str>| {
            assert_eq!(missing(&needs, &account(roles)).map(|lack| lack.to_string()).as_deref(), expected);
            assert_eq!(needs.allowed_by(&account_names(roles)), expected.is_none(), "{roles:?}");
        };
        check(&["User.Read.All", "group.read.all"], None);
        check(&["Directory.Read.All"], None);
        // By their names, they include what is needed.
        check(&["Group.ReadWrite.All", "User.ReadWrite.All"], None);
        let expected = "it needs Group.Read.All and User.Read.All, or Directory.Read.All; the token has User.Read.All";
        check(&["User.Read.All"], Some(expected));
        assert!(needs.names_any(&account_names(&["User.Read.All"])));
    }

    #[test]
    fn a_route_needs_what_the_page_states_for_it() {
        let page = |text: &str| {
            let page = graph_contracts::page::Page::parse("v1.0/lamp-list.md", text);
            let name = graph_contracts::contract::PageName::of(&page);
            graph_contracts::contract::build(&page, &name, &graph_contracts::contract::TypeIndex::default())
        };
        let table = |names: &str| format!("|Permission type|Permissions|\n|---|---|\n|Application|{names}|\n\n");
        let built = page(&format!(
            "# List lamps\n\n## Permissions\n\n### On `/me`\n\n{}### On `/users/{{id}}`\n\n{}## HTTP request\n\n\
             ```http\nGET /me/lamps\nGET /users/{{id}}/lamps\n```\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/me/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n",
            table("Lamp.Read"),
            table("Lamp.Read.All")
        ));
        let contract = &built.contracts[0].1;
        let least = |route: &str| Needs::of(contract, route).least(true).map(<[String]>::to_vec);
        assert_eq!(least("/me/lamps"), Some(vec!["Lamp.Read".to_owned()]));
        assert_eq!(least("/users/{id}/lamps"), Some(vec!["Lamp.Read.All".to_owned()]));
    }

    #[test]
    fn an_operation_that_needs_no_permission_can_be_called_with_any_token() {
        let needs = Needs { application: Grant::OneOf(vec![Vec::new()]), ..needs(&[]) };
        assert_eq!(missing(&needs, &account(&[])), None);
        assert!(needs.allowed_by(&account_names(&["Lamp.Read"])));
        assert_eq!(least_privileged([needs].iter(), true).len(), 0);
    }

    #[test]
    fn the_least_privileged_set_is_as_small_as_the_pages_let_it_be() {
        let all = [needs(&["A.Read", "A.Write"]), needs(&["A.Write"]), needs(&["B.Read", "B.Write"])];
        let chosen: Vec<&str> = least_privileged(all.iter(), true).into_iter().collect();
        assert_eq!(chosen, ["A.Write", "B.Read"]);
        // What another one includes by its name is not needed beside it.
        let reads = needs(&["Lamp.Read", "Lamp.ReadWrite", "lamp.readwrite.all"]);
        let all = [reads, needs(&["Lamp.ReadWrite", "Lamp.ReadWrite.All"]), needs(&["lamp.readwrite"])];
        let chosen: Vec<&str> = least_privileged(all.iter(), true).into_iter().collect();
        assert_eq!(chosen, ["lamp.readwrite"]);
        let most_first = Needs { most_first: true, ..needs(&["C.Write", "C.Read+D.Read"]) };
        assert_eq!(most_first.least(true), Some(["C.Read".to_owned(), "D.Read".to_owned()].as_slice()));
        let together = [needs(&["A.Read+B.Read", "A.Write"]), needs(&["B.Read"]), needs(&["A.Write"]), most_first];
        let chosen: Vec<&str> = least_privileged(together.iter(), true).into_iter().collect();
        assert_eq!(chosen, ["A.Write", "B.Read", "C.Read", "D.Read"]);
    }
}
