//! The classes of effects. `--allow-writes` is leave for none of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// A class of effects that cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectClass {
    /// Mail, messages and notifications to people.
    Messages,
    /// Calls.
    Calls,
    /// Invitations to people from elsewhere.
    Invitations,
    /// People become members or owners.
    Memberships,
    /// Domains of the tenant.
    Domains,
    /// What happens to a device: wiping, retiring, locking.
    Devices,
    /// Policies that apply to people or devices.
    Policies,
    /// How people sign in: passwords, methods, sessions.
    SignIns,
    /// Licenses.
    Licenses,
    /// Payments, purchases and what is posted in the books.
    Payments,
    /// Permissions, roles, sharing and credentials.
    Permissions,
    /// Requests of the service to other hosts.
    Webhooks,
    /// Whatever an operation does of which nothing is known.
    Other,
}

/// A name that no class has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a class of effects; the classes are {list}", list = EffectClass::list())]
pub struct NoEffectClass(String);

impl EffectClass {
    /// Every class.
    pub const ALL: [EffectClass; 13] = [
        EffectClass::Messages,
        EffectClass::Calls,
        EffectClass::Invitations,
        EffectClass::Memberships,
        EffectClass::Domains,
        EffectClass::Devices,
        EffectClass::Policies,
        EffectClass::SignIns,
        EffectClass::Licenses,
        EffectClass::Payments,
        EffectClass::Permissions,
        EffectClass::Webhooks,
        EffectClass::Other,
    ];

    /// The name by which a profile allows the class.
    pub fn name(self) -> &'static str {
        match self {
            EffectClass::Messages => "messages",
            EffectClass::Calls => "calls",
            EffectClass::Invitations => "invitations",
            EffectClass::Memberships => "memberships",
            EffectClass::Domains => "domains",
            EffectClass::Devices => "devices",
            EffectClass::Policies => "policies",
            EffectClass::SignIns => "sign-ins",
            EffectClass::Licenses => "licenses",
            EffectClass::Payments => "payments",
            EffectClass::Permissions => "permissions",
            EffectClass::Webhooks => "webhooks",
            EffectClass::Other => "other",
        }
    }

    /// What an operation of the class does, as a verb phrase.
    pub fn what(self) -> &'static str {
        match self {
            EffectClass::Messages => "send mail, messages or notifications to people",
            EffectClass::Calls => "call people, or act in a call",
            EffectClass::Invitations => "invite people",
            EffectClass::Memberships => "make people members or owners, or remove them",
            EffectClass::Domains => "change the domains of the tenant",
            EffectClass::Devices => "wipe, lock, retire or otherwise act on a device",
            EffectClass::Policies => "apply a policy to people or devices",
            EffectClass::SignIns => "change how people sign in, or sign them out",
            EffectClass::Licenses => "assign or remove licenses",
            EffectClass::Payments => "pay, purchase, or post in the books",
            EffectClass::Permissions => "grant permissions, roles or access, or add credentials",
            EffectClass::Webhooks => "make the service send requests to another host",
            EffectClass::Other => "do what nothing is known of",
        }
    }

    /// The names of all classes.
    pub fn list() -> String {
        EffectClass::ALL.map(EffectClass::name).join(", ")
    }
}

impl fmt::Display for EffectClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EffectClass {
    type Err = NoEffectClass;

    fn from_str(name: &str) -> Result<EffectClass, NoEffectClass> {
        EffectClass::ALL.into_iter().find(|class| class.name() == name).ok_or_else(|| NoEffectClass(name.to_owned()))
    }
}

impl<'de> Deserialize<'de> for EffectClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EffectClass, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_known_by_its_name_and_no_other_name_is_one() {
        for class in EffectClass::ALL {
            assert_eq!(class.name().parse(), Ok(class));
            assert_eq!(serde_json::to_string(&class).expect("JSON"), format!("\"{class}\""));
        }
        let error = "mail".parse::<EffectClass>().expect_err("no class").to_string();
        assert!(error.starts_with("`mail` is not a class of effects; the classes are messages, calls, "), "{error}");
    }
}
