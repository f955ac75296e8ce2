//! The permissions that a contract needs, beside those that a token has.

use std::collections::BTreeSet;

use graph_contracts::contract::{Contract, Grant, PrivilegeOrder};

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
    /// What the contract's page says.
    pub fn of(contract: &Contract) -> Needs {
        let permissions = &contract.permissions;
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

    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.delegated, &self.application].into_iter().flat_map(|grant| one_of(grant).iter().map(String::as_str))
    }

    /// Whether the page names any of these permissions.
    pub(crate) fn names_any(&self, permissions: &[String]) -> bool {
        self.names().any(|name| permissions.iter().any(|own| own.eq_ignore_ascii_case(name)))
    }

    /// What that kind of account needs.
    pub(crate) fn for_account(&self, account: &Account) -> &Grant {
        match account {
            Account::Application(_) => &self.application,
            Account::User(_) => &self.delegated,
        }
    }

    /// The least privileged of the permissions, for an application or a user.
    pub fn least(&self, application: bool) -> Option<&str> {
        let listed = one_of(if application { &self.application } else { &self.delegated });
        if self.most_first { listed.last() } else { listed.first() }.map(String::as_str)
    }
}

/// What a token lacks, as a sentence; nothing if it has what is needed, or if the page does not say.
pub fn missing(needs: &Needs, account: &Account) -> Option<String> {
    let (own, who) = match account {
        Account::Application(own) => (own, "applications"),
        Account::User(own) => (own, "signed-in users"),
    };
    match needs.for_account(account) {
        Grant::NotStated => None,
        Grant::NotSupported => Some(format!("it is not available to {who}")),
        Grant::OneOf(listed) => {
            let has_one = listed.iter().any(|name| own.iter().any(|own| own.eq_ignore_ascii_case(name)));
            let shown = if own.is_empty() { "none".to_owned() } else { own.join(", ") };
            (!has_one).then(|| format!("it needs {}; the token has {shown}", listed.join(" or ")))
        }
    }
}

/// The least privileged permissions with which all of these can be done: each one's least, unless another one needed anyway does.
pub(crate) fn least_privileged<'n>(needs: impl Iterator<Item = &'n Needs>, application: bool) -> BTreeSet<&'n str> {
    let needs: Vec<&Needs> = needs.collect();
    let listed = |needs: &'n Needs| one_of(if application { &needs.application } else { &needs.delegated });
    // Those without a choice come first.
    let mut chosen: BTreeSet<&str> = needs
        .iter()
        .map(|needs| listed(needs))
        .filter(|listed| listed.len() == 1)
        .flatten()
        .map(String::as_str)
        .collect();
    for needs in needs {
        if !listed(needs).iter().any(|name| chosen.contains(name.as_str())) {
            chosen.extend(needs.least(application));
        }
    }
    chosen
}

fn one_of(grant: &Grant) -> &[String] {
    match grant {
        Grant::OneOf(listed) => listed,
        Grant::NotSupported | Grant::NotStated => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(application: &[&str]) -> Needs {
        let listed = Grant::OneOf(application.iter().map(|name| (*name).to_owned()).collect());
        Needs { delegated: Grant::NotSupported, application: listed, most_first: false }
    }

    fn account(roles: &[&str]) -> Account {
        Account::Application(roles.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn what_a_token_lacks_is_said() {
        let needs = needs(&["User.Read.All", "User.ReadWrite.All"]);
        assert_eq!(missing(&needs, &account(&["user.readwrite.all"])), None);
        let expected = "it needs User.Read.All or User.ReadWrite.All; the token has Group.Read.All";
        assert_eq!(missing(&needs, &account(&["Group.Read.All"])).as_deref(), Some(expected));
        let user = Account::User(vec!["User.Read.All".to_owned()]);
        assert_eq!(missing(&needs, &user).as_deref(), Some("it is not available to signed-in users"));
    }

    #[test]
    fn the_least_privileged_set_is_as_small_as_the_pages_let_it_be() {
        let all = [needs(&["A.Read", "A.Write"]), needs(&["A.Write"]), needs(&["B.Read", "B.Write"])];
        let chosen: Vec<&str> = least_privileged(all.iter(), true).into_iter().collect();
        assert_eq!(chosen, ["A.Write", "B.Read"]);
        let most_first = Needs { most_first: true, ..needs(&["C.Write", "C.Read"]) };
        assert_eq!(most_first.least(true), Some("C.Read"));
    }
}
