//! What a live run is to do: the profile, a TOML file.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use graph_contracts::contract::Cloud;
use graph_contracts::meant::did_you_mean;
use graph_contracts::source::SourceLine;
use toml::de::DeTable;

use super::base_url::checked_base;
use super::effect::EffectClass;
use super::identity::{Identity, NO_VARIABLE, is_variable};
use super::pace::Manners;
use super::parameter_position::ParameterPosition;
use super::profile_keys::keys_of;
use super::profile_placeholder::{NoValue, is_placeholder};
use super::profile_problem::ProfileProblem;

/// A profile. Every key may be left out; the command line may set each.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The cloud; `global` if neither it nor `base_url` is given.
    #[serde(default)]
    pub cloud: Option<Cloud>,
    /// Another provider: `https://host`, or `http` on the loopback interface.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The tenant's id.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The environment variable that holds a ready token.
    #[serde(default)]
    pub token_env: Option<String>,
    /// As whom to get tokens.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// PEM files of certificate authorities to trust beside those of the system.
    #[serde(default)]
    pub ca_cert: Vec<PathBuf>,
    /// The tenants in which contracts may write.
    #[serde(default)]
    pub write_tenants: Vec<String>,
    /// Places of objects, such as `groups/{id}`, within which contracts may create something although the run did not create them: they have to be
    /// bound under `bind`.
    #[serde(default)]
    pub write_below: Vec<String>,
    /// The classes of effects that contracts may have beyond the objects that they create, change or delete.
    #[serde(default)]
    pub allow_effects: Vec<EffectClass>,
    /// How long the service may take until all of it shows what was written: `15s`.
    #[serde(default, deserialize_with = "duration")]
    pub settling: Option<Duration>,
    /// How many objects a collection may have in which something is created.
    #[serde(default)]
    pub list_limit: Option<usize>,
    /// Whether deleted objects that the service keeps for a while are deleted for good.
    #[serde(default)]
    pub purge_deleted: bool,
    /// Whether to ask the service for its own metadata, or the files that have it.
    #[serde(default)]
    pub metadata: MetadataSource,
    /// How old the service's metadata may be that an earlier run fetched.
    #[serde(default, deserialize_with = "duration")]
    pub metadata_age: Option<Duration>,
    /// The folder of the ledgers, instead of the user's own.
    #[serde(default)]
    pub state: Option<PathBuf>,
    /// How many requests are under way at a time.
    #[serde(default)]
    pub concurrency: Option<usize>,
    /// How many requests are sent in a second.
    #[serde(default)]
    pub requests_per_second: Option<f64>,
    /// How long the run may take, waiting for throttling included: `90s`, `10m`, `1h`.
    #[serde(default, deserialize_with = "duration")]
    pub time_budget: Option<Duration>,
    /// Only contracts whose id contains one of these texts.
    #[serde(default)]
    pub include: Vec<String>,
    /// No contract whose id contains one of these texts.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Only contracts that these permissions allow.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// No contract that needs one of these permissions.
    #[serde(default)]
    pub exclude_permissions: Vec<String>,
    /// Values of parameters, by their place in the route.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
}

/// Where the service's own metadata is from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum MetadataSource {
    /// From the service, or not at all.
    Service(bool),
    /// From a file: its path, with `VERSION=` before it where that does not say the version.
    File(String),
    /// From several files, one for each version.
    Files(Vec<String>),
}

impl Default for MetadataSource {
    fn default() -> MetadataSource {
        MetadataSource::Service(true)
    }
}

impl MetadataSource {
    /// The files.
    pub fn files(&self) -> &[String] {
        match self {
            MetadataSource::Service(_) => &[],
            MetadataSource::File(file) => std::slice::from_ref(file),
            MetadataSource::Files(files) => files,
        }
    }
}

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ProfileError {
    /// Where in the file.
    pub place: SourceLine,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

impl Profile {
    /// Reads a profile from TOML text; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// When the text is not TOML of the documented form. Whether the values go together is for [`Profile::check`] to say.
    pub fn parse(file: &str, text: &str) -> Result<Profile, ProfileError> {
        unknown_key(file, text).map_or(Ok(()), Err)?;
        let profile: Profile = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            // TOML's own messages quote the line, which may hold a secret in the wrong place.
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            ProfileError { place: SourceLine::in_text(file, text, offset), message }
        })?;
        Ok(profile)
    }

    /// Whether the values go together, and whether a token may go where they say.
    ///
    /// # Errors
    ///
    /// When they do not, with the key and what to change.
    pub fn check(&self) -> Result<(), ProfileProblem> {
        let problem = |key: &[&str], message: &str| Err(ProfileProblem::new(key, message));
        if self.cloud.is_some() && self.base_url.is_some() {
            return problem(&["base_url"], "`cloud` and `base_url` exclude each other");
        }
        if let Some(base) = &self.base_url {
            checked_base(base)
                .map_err(|message| ProfileProblem::new(&["base_url"], format!("`base_url`: {message}")))?;
        }
        if self.token_env.is_some() && self.identity.is_some() {
            return problem(&["token_env"], "`token_env` and `[identity]` exclude each other");
        }
        if self.token_env.as_ref().is_some_and(|name| !is_variable(name)) {
            return problem(&["token_env"], &NO_VARIABLE.replace("{key}", "token_env"));
        }
        if let Some(identity) = &self.identity {
            identity.check(self.tenant.as_deref(), self.known_cloud())?;
        }
        if self.concurrency == Some(0) {
            return problem(&["concurrency"], "`concurrency` has to be at least 1");
        }
        if self.requests_per_second.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
            return problem(&["requests_per_second"], "`requests_per_second` has to be greater than 0");
        }
        let is_place = |place: &&String| ParameterPosition::read(place).is_parameter();
        if let Some(key) = self.bind.keys().find(|key| !is_place(key)) {
            let message = format!("`{key}` in [bind] is not the place of a parameter, such as `users/{{id}}`");
            return problem(&["bind", key], &message);
        }
        if let Some((at, place)) = self.write_below.iter().enumerate().find(|(_, place)| !is_place(place)) {
            let message = format!(
                "`{place}` in `write_below` is not the place of an object: write its route up to its key, such as `groups/{{id}}`"
            );
            return problem(&["write_below", &at.to_string()], &message);
        }
        self.check_placeholders()
    }

    /// Whether somebody has replaced the values that samples leave open. A service would refuse them, or find nothing, only after the run has
    /// begun.
    fn check_placeholders(&self) -> Result<(), ProfileProblem> {
        const TENANT: &str = "write the id of the tenant, or one of its domains, such as `contoso.onmicrosoft.com`";
        let name = |key: &[&str]| key.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let client = self.identity.as_ref().and_then(|identity| identity.client_id.as_ref());
        let tenant = self.tenant.iter().map(|value| (name(&["tenant"]), "`tenant`".to_owned(), value, TENANT));
        let client = client.into_iter().map(|value| {
            (name(&["identity", "client_id"]), "`client_id`".to_owned(), value, "write the application's (client) id")
        });
        let tenants = self.write_tenants.iter().enumerate().map(|(at, value)| {
            (name(&["write_tenants", &at.to_string()]), "an entry of `write_tenants`".to_owned(), value, TENANT)
        });
        let bound = self.bind.iter().map(|(place, value)| {
            (name(&["bind", place]), format!("`{place}` in [bind]"), value, "write the id of an object of the tenant")
        });
        let values = tenant.chain(client).chain(tenants).chain(bound);
        match values.into_iter().find(|(_, _, value, _)| is_placeholder(value)) {
            Some((key, what, value, advice)) => {
                Err(ProfileProblem { key, message: format!("{what} {}: {advice}", NoValue(value)) })
            }
            None => Ok(()),
        }
    }

    /// The base URL of the provider, without a version.
    pub fn base_url(&self) -> &str {
        self.base_url.as_deref().unwrap_or_else(|| self.cloud.unwrap_or_default().base_url())
    }

    /// How fast the run may be, and how long it may take.
    pub fn manners(&self) -> Manners {
        let usual = Manners::default();
        let concurrency = self.concurrency.and_then(|number| u32::try_from(number).ok()).and_then(NonZeroU32::new);
        Manners {
            concurrency: concurrency.unwrap_or(usual.concurrency),
            requests_per_second: self.requests_per_second.unwrap_or(usual.requests_per_second),
            time_budget: self.time_budget.unwrap_or(usual.time_budget),
        }
    }

    /// The cloud that the provider is; `None` for another provider.
    pub fn known_cloud(&self) -> Option<Cloud> {
        let base = self.base_url().trim_end_matches('/');
        Cloud::ALL.into_iter().find(|cloud| cloud.base_url().eq_ignore_ascii_case(base))
    }

    /// The value that is bound to a place.
    pub fn bound(&self, place: &ParameterPosition) -> Option<&str> {
        self.bind.iter().find(|(key, _)| ParameterPosition::read(key) == *place).map(|(_, value)| value.as_str())
    }

    /// Whether contracts may create something within the object at a place, or within what is in it.
    pub(crate) fn may_write_below(&self, place: &ParameterPosition) -> bool {
        let allowed: Vec<ParameterPosition> = self.write_below.iter().map(|own| ParameterPosition::read(own)).collect();
        std::iter::successors(Some(place.clone()), ParameterPosition::parent).any(|around| allowed.contains(&around))
    }

    /// As whom the run signs in, without any secret.
    pub fn identity_name(&self) -> String {
        match (&self.identity, &self.token_env) {
            (Some(identity), _) => format!("{:?} {}", identity.kind, identity.client_id.as_deref().unwrap_or_default()),
            (None, Some(variable)) => format!("the token in {variable}"),
            (None, None) => "a token".to_owned(),
        }
    }

    /// Whether contracts may write, if the command line allows it: the tenant has to be listed.
    pub fn may_write(&self) -> bool {
        self.tenant.as_ref().is_some_and(|tenant| self.write_tenants.iter().any(|own| own.eq_ignore_ascii_case(tenant)))
    }
}

/// The first key that no profile has, with the one that is probably meant, or else all that there are.
fn unknown_key(file: &str, text: &str) -> Option<ProfileError> {
    // What is no TOML is reported by whoever reads it.
    let table = DeTable::parse(text).ok()?;
    let identity = table.get_ref().get("identity").and_then(|own| own.get_ref().as_table());
    let tables =
        [(Some(table.get_ref()), keys_of::<Profile>(), "a profile"), (identity, keys_of::<Identity>(), "[identity]")];
    tables.into_iter().find_map(|(table, known, of)| {
        let own = table?.keys().find(|own| !known.contains(&own.get_ref().as_ref()))?;
        let (name, place) = (own.get_ref(), SourceLine::in_text(file, text, own.span().start));
        let near = did_you_mean(name, known.iter().copied());
        let all = || format!("; its keys are {}", known.join(", "));
        let more = if near.is_empty() { all() } else { near };
        Some(ProfileError { place, message: format!("{of} has no key `{name}`{more}") })
    })
}

/// Reads a duration: a number and `s`, `m` or `h`.
///
/// # Errors
///
/// When the text is not such a duration.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration such as `90s`, `10m` or `1h`");
    let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    let duration = Duration::try_from(span).map_err(|_| wrong())?;
    if duration.is_zero() { Err(wrong()) } else { Ok(duration) }
}

fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read() {
        let text = "cloud = \"usgov\"\ntenant = \"T\"\nwrite_tenants = [\"t\"]\ntime_budget = \"10m\"\n\
                    requests_per_second = 2.5\n[bind]\n\"users/{id}\" = \"u1\"\n";
        let profile = Profile::parse("p.toml", text).expect("a profile");
        assert_eq!(profile.base_url(), "https://graph.microsoft.us");
        assert_eq!(profile.time_budget, Some(Duration::from_secs(600)));
        assert!(profile.may_write());
        assert_eq!(profile.bound(&ParameterPosition::read("/Users/{user-id}")), Some("u1"));
        assert_eq!(profile.bound(&ParameterPosition::read("users/{id}/messages/{id}")), None);
        assert_eq!(Profile::default().base_url(), "https://graph.microsoft.com");
        assert!(!Profile::default().may_write());
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let error = match Profile::parse("p.toml", text) {
            Ok(profile) => profile.check().expect_err(text).to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(error, expected);
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_place() {
        check_refused("tenant = 1\n", "p.toml:1:10: invalid type: integer `1`, expected a string");
        check_refused("time_budget = \"soon\"\n", "p.toml:1:15: `soon` is not a duration such as `90s`, `10m` or `1h`");
        check_refused("cloud = \"global\"\nbase_url = \"https://h\"\n", "`cloud` and `base_url` exclude each other");
        for (base, message) in [
            ("http://h", "without TLS the token could be read on the way: use https"),
            ("https://h/v1.0", "leave out what follows the host: the requests say the version"),
            ("h", "it is no URL, such as https://graph.microsoft.com: relative URL without a base"),
        ] {
            check_refused(&format!("base_url = \"{base}\"\n"), &format!("`base_url`: {message}"));
        }
        check_refused("\ntenat = \"t\"\n", "p.toml:2:1: a profile has no key `tenat`; did you mean `tenant`?");
        check_refused(
            "[identity]\nxyz = 1\n",
            &format!("p.toml:2:1: [identity] has no key `xyz`; its keys are {}", keys_of::<Identity>().join(", ")),
        );
        let form = "is not the place of an object: write its route up to its key, such as `groups/{id}`";
        check_refused("write_below = [\"groups\"]\n", &format!("`groups` in `write_below` {form}"));
        check_refused("write_below = [\"/\"]\n", &format!("`/` in `write_below` {form}"));
        let form = "write the id of the tenant, or one of its domains, such as `contoso.onmicrosoft.com`";
        check_refused("tenant = \"<tenant id>\"\n", &format!("`tenant` is still a placeholder: {form}"));
        check_refused("tenant = \"\"\n", &format!("`tenant` is empty: {form}"));
        let entry = format!("an entry of `write_tenants` is still a placeholder: {form}");
        check_refused("tenant = \"t\"\nwrite_tenants = [\"t\", \"{tenant}\"]\n", &entry);
        let bound = "`users/{id}` in [bind] is still a placeholder: write the id of an object of the tenant";
        check_refused("[bind]\n\"users/{id}\" = \"…\"\n", bound);
        let client = "tenant = \"t\"\n[identity]\nkind = \"workload-identity\"\nclient_id = \"<application id>\"\n";
        check_refused(client, "`client_id` is still a placeholder: write the application's (client) id");
        check_refused("concurrency = 0\n", "`concurrency` has to be at least 1");
        check_refused("requests_per_second = 0.0\n", "`requests_per_second` has to be greater than 0");
        let expected = "`users` in [bind] is not the place of a parameter, such as `users/{id}`";
        check_refused("[bind]\nusers = \"x\"\n", expected);
        let secret = "[identity]\nkind = \"client-secret\"\n";
        check_refused(secret, "this kind of [identity] needs `tenant`");
        let secret = format!("tenant = \"t\"\n{secret}");
        check_refused(&secret, "this kind of [identity] needs `client_id`");
        let words = "this kind of [identity] needs `client_secret_env`, the environment variable that holds the secret";
        check_refused(&format!("{secret}client_id = \"c\"\n"), words);
        let words = NO_VARIABLE.replace("{key}", "client_secret_env");
        let given = "client_id = \"c\"\nclient_secret_env = \"abc~canary.secret\"\n";
        check_refused(&format!("{secret}{given}"), &words);
        check_refused("token_env = \"eyJ0.canary\"\n", &NO_VARIABLE.replace("{key}", "token_env"));
        let other = "base_url = \"https://h\"\n[identity]\nkind = \"azure-cli\"\n";
        check_refused(
            other,
            "with another provider than a cloud, this kind of [identity] needs `scope`, what the tokens are for",
        );
        let plain = "[identity]\nkind = \"azure-cli\"\nauthority = \"http://h\"\n";
        check_refused(plain, "`authority` has to be an https URL");
        let expected = "p.toml:2:1: [identity] has no key `client_secret`; did you mean `client_secret_env`?";
        check_refused("[identity]\nclient_secret = \"canary\"\nkind = \"azure-cli\"\n", expected);
        assert!(
            Profile::parse("p.toml", "token = \"canary-secret\"\n").expect_err("unknown").message.contains("token")
        );
    }

    #[test]
    fn a_message_never_quotes_the_line() {
        let error = Profile::parse("p.toml", "token_env = \"A\"\nsecret = \"canary-secret\n").expect_err("broken");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
