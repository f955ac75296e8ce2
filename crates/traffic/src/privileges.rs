//! The least privileges for what was called, beside those that were granted.

use std::collections::{BTreeMap, BTreeSet};

use graph_contracts::contract::{Contract, Grant, include_all};
use graph_contracts::report::count;
use graph_contracts_live::{AccessToken, Account, Lack, Needs, least_privileged, missing};
use serde::{Deserialize, Serialize};

use crate::found::Found;
use crate::judge::{Judgment, Verdict};
use crate::kind::Kind;

/// Scopes of OpenID Connect, which are about signing in (OpenID Connect Core 1.0 sections 5.4 and 11).
const SIGN_IN: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What was granted to a client, as a file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// The delegated permissions; absent if the client has no users.
    #[serde(default)]
    pub delegated: Option<Vec<String>>,
    /// The application permissions; absent if the client never acts without a user.
    #[serde(default)]
    pub application: Option<Vec<String>>,
}

impl Granted {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is not TOML with `delegated` or `application`.
    pub fn parse(text: &str) -> Result<Granted, toml::de::Error> {
        toml::from_str(text)
    }

    fn account(&self, application: bool) -> Option<Account> {
        match application {
            true => self.application.clone().map(Account::Application),
            false => self.delegated.clone().map(Account::User),
        }
    }
}

/// The privileges of one kind of account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Privileges {
    /// The least permissions for all calls whose pages state them.
    pub least: BTreeSet<String>,
    /// Those that were granted; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted: Option<BTreeSet<String>>,
    /// How many operations need permissions that no page states, or are not documented.
    pub unknown: usize,
    /// The operations that are not available to that kind of account.
    pub not_available: usize,
}

/// What is known of privileges.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    granted: Option<Granted>,
    /// What each operation needs.
    needs: BTreeMap<(usize, Option<String>), Needs>,
    /// The operations that no page documents.
    undocumented: BTreeSet<String>,
    /// What the tokens have, by kind of account.
    of_tokens: Granted,
}

impl Ledger {
    pub(crate) fn new(granted: Option<Granted>) -> Ledger {
        Ledger { granted, ..Ledger::default() }
    }

    /// Adds a call; what it lacks.
    pub(crate) fn add(
        &mut self,
        judgment: &Judgment,
        contract: Option<&Contract>,
        token: Option<&str>,
    ) -> Option<Found> {
        let claims = token.and_then(|token| AccessToken::new(token.to_owned(), None).claims());
        let of_token = claims.and_then(|claims| match (claims.scp.is_empty(), claims.roles.is_empty()) {
            (false, _) => Some(Account::User(claims.scp)),
            (true, false) => Some(Account::Application(claims.roles)),
            (true, true) => None,
        });
        match &of_token {
            Some(Account::User(own)) => add_all(&mut self.of_tokens.delegated, own),
            Some(Account::Application(own)) => add_all(&mut self.of_tokens.application, own),
            None => {}
        }
        let Some((contract, index)) =
            contract.zip(judgment.contract).filter(|_| judgment.verdict == Verdict::Documented)
        else {
            self.undocumented.insert(judgment.operation.clone());
            return None;
        };
        let route = judgment.route.clone();
        let needs = Needs::of(contract, route.as_deref().unwrap_or_default());
        let lacks = self.lacks(&needs, of_token);
        self.needs.insert((index, route), needs);
        let permissions = contract.permissions_on(judgment.route.as_deref().unwrap_or_default());
        lacks.map(|message| Found::new(Kind::MissingPermission, message, Some(contract.stated_at(permissions))))
    }

    /// What a call lacks. Of two kinds of account that a file names, one is enough.
    fn lacks(&self, needs: &Needs, of_token: Option<Account>) -> Option<String> {
        let accounts: Vec<Account> = match &self.granted {
            Some(granted) => [false, true].into_iter().filter_map(|own| granted.account(own)).collect(),
            None => of_token.into_iter().collect(),
        };
        let lacks: Option<Vec<Lack<'_>>> = accounts.iter().map(|account| missing(needs, account)).collect();
        lacks?.into_iter().next().map(|lack| match lack {
            // What a person granted is no token.
            Lack::Permissions { needed, has } if self.granted.is_some() => {
                format!("it needs {needed}; granted is {}", Lack::owned(has))
            }
            lack => lack.to_string(),
        })
    }

    /// The privileges of a kind of account.
    pub(crate) fn privileges(&self, application: bool) -> Privileges {
        let grants = || self.needs.values().map(|needs| grant(needs, application));
        let least = least_privileged(self.needs.values(), application);
        Privileges {
            least: least.into_iter().map(str::to_owned).collect(),
            granted: self.granted(application).map(|own| own.into_iter().collect()),
            unknown: grants().filter(|own| matches!(own, Grant::NotStated)).count() + self.undocumented.len(),
            not_available: grants().filter(|own| matches!(own, Grant::NotSupported)).count(),
        }
    }

    fn granted(&self, application: bool) -> Option<Vec<String>> {
        let granted = self.granted.as_ref().unwrap_or(&self.of_tokens);
        let own = if application { &granted.application } else { &granted.delegated };
        let is_of_graph = |name: &&String| !SIGN_IN.iter().any(|own| own.eq_ignore_ascii_case(name));
        own.as_ref().map(|names| names.iter().filter(is_of_graph).cloned().collect())
    }

    /// What is granted and not needed. Where some call may need it, that is not known.
    pub(crate) fn excess(&self) -> Vec<Found> {
        [false, true].into_iter().flat_map(|application| self.excess_of(application)).collect()
    }

    fn excess_of(&self, application: bool) -> Vec<Found> {
        let Some(granted) = self.granted(application) else { return Vec::new() };
        let Privileges { least, unknown, .. } = self.privileges(application);
        if self.needs.is_empty() {
            return Vec::new();
        }
        let is_least = |name: &String| least.iter().any(|own| own.eq_ignore_ascii_case(name));
        let allowed = |permissions: &[String]| {
            let allows =
                |needs: &&Needs| grant(needs, application).sets().iter().any(|set| include_all(permissions, set));
            self.needs.values().filter(allows).count()
        };
        let (mut kept, all) = (granted.clone(), allowed(&granted));
        let mut order = granted;
        // What is more than the least goes first.
        order.sort_by_key(is_least);
        let who = if application { "application" } else { "delegated" };
        let mut found = Vec::new();
        for name in order {
            let without: Vec<String> = kept.iter().filter(|own| **own != name).cloned().collect();
            let message = if allowed(&without) == all {
                kept = without;
                format!("{name} ({who}) is granted, and no call needs it")
            } else if is_least(&name) {
                continue;
            } else {
                let least: Vec<&str> = least.iter().map(String::as_str).collect();
                format!("{name} ({who}) is granted, and less would do: all calls need {}", least.join(", "))
            };
            found.push(if unknown == 0 {
                Found::new(Kind::ExcessPermission, message, None)
            } else {
                let unknown = count(unknown, "operation", "operations");
                let message = format!("{message}, as far as is known: the permissions of {unknown} are not");
                Found::new(Kind::Unknown, message, None)
            });
        }
        found
    }
}

fn grant(needs: &Needs, application: bool) -> &Grant {
    if application { &needs.application } else { &needs.delegated }
}

fn add_all(to: &mut Option<Vec<String>>, names: &[String]) {
    let all = to.get_or_insert_default();
    for name in names {
        if !all.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            all.push(name.clone());
        }
    }
}
