//! The profile of a live run: a file, and a flag for each of its keys.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::metadata::MetadataArgument;
use anyhow::Context as _;
use graph_contracts::contract::Contract;
use graph_contracts::file;
use graph_contracts_live::{
    Cloud, EffectClass, Identity, IdentityKind, KeyPlaces, MetadataSource, ParameterPosition, Profile, ProfileProblem,
    parse_duration,
};

/// The heading of these flags in the help.
const PROFILE: &str = "Profile";

/// Whether a flag stands for a key of a profile.
pub(crate) fn is_of_profile(argument: &clap::Arg) -> bool {
    argument.get_help_heading() == Some(PROFILE) && argument.get_id() != "profile"
}

/// The profile's file and flags. A flag overrides the file. A list of flags replaces the file's list, except
/// `--bind`, which adds to it.
#[derive(clap::Args)]
pub(crate) struct ProfileArguments {
    /// Read the profile from this TOML file; the flags below override its keys (see `graph-contracts explain verify-live`)
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,

    /// Use this cloud of Microsoft Graph: global, usgov, usgov-dod, china
    #[arg(long, value_name = "NAME", conflicts_with = "base_url")]
    cloud: Option<Cloud>,

    /// Use another provider with this base URL, without a version; https, or http on this machine
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Use the tenant with this id
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,

    /// Use the access token in this environment variable
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,

    /// Get tokens this way: client-secret, client-certificate, workload-identity, managed-identity, azure-cli
    #[arg(long, value_name = "KIND", conflicts_with = "token_env")]
    identity: Option<IdentityKind>,

    /// Use the application with this (client) id
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,

    /// Use the application's secret in this environment variable
    #[arg(long, value_name = "NAME")]
    client_secret_env: Option<String>,

    /// Use the application's certificate and private key in this PEM file
    #[arg(long, value_name = "FILE")]
    client_certificate: Option<PathBuf>,

    /// Use the token of a trusted issuer in this file
    #[arg(long, value_name = "FILE")]
    federated_token_file: Option<PathBuf>,

    /// Get tokens from this authority instead of the cloud's
    #[arg(long, value_name = "URL")]
    authority: Option<String>,

    /// Request tokens of this scope instead of the cloud's
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,

    /// Trust the certificate authorities in this PEM file too; may be repeated
    #[arg(long, value_name = "FILE")]
    ca_cert: Vec<PathBuf>,

    /// Let --allow-writes write in this tenant; may be repeated
    #[arg(long = "write-tenant", value_name = "ID")]
    write_tenants: Vec<String>,

    /// Let contracts create something within the bound object at this place, such as groups/{id}; may be repeated
    #[arg(long, value_name = "PLACE")]
    write_below: Vec<String>,

    /// Let contracts have effects of this class beyond the objects that they create: messages, calls, invitations, memberships, domains,
    /// devices, policies, sign-ins, licenses, payments, permissions, webhooks, other; may be repeated
    #[arg(long = "allow-effect", value_name = "CLASS")]
    allow_effects: Vec<EffectClass>,

    /// Give the service this long to show what was written: 15s, 1m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    settling: Option<Duration>,

    /// Create nothing in a collection with more objects
    #[arg(long, value_name = "N")]
    list_limit: Option<usize>,

    /// Delete for good what the service keeps for a while after it was deleted, such as users, where a page documents that request
    #[arg(long)]
    purge_deleted: bool,

    /// Judge by this metadata of the service (CSDL XML) instead of asking the service for it; name the version if the file does not. May be
    /// repeated: for versions, for several documents of one, and for clouds, of which the profile's own counts
    #[arg(long, value_name = "[[CLOUD:]VERSION=]FILE")]
    metadata: Vec<String>,

    /// Do not ask the service for its own metadata; what it declares is unknown then
    #[arg(long, conflicts_with = "metadata")]
    no_metadata: bool,

    /// Ask the service again for its metadata when what an earlier run fetched is older: 1h, 24h
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    metadata_age: Option<Duration>,

    /// Keep the ledgers in this folder instead of the user's own
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// Send this many requests at a time
    #[arg(long, value_name = "N")]
    concurrency: Option<NonZeroUsize>,

    /// Send this many requests per second, such as 10 or 0.5
    #[arg(long, value_name = "N")]
    requests_per_second: Option<f64>,

    /// Limit the time of the run, waiting for throttling included: 90s, 10m, 1h
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    time_budget: Option<Duration>,

    /// Select contracts whose id contains this text; may be repeated
    #[arg(long, value_name = "TEXT")]
    include: Vec<String>,

    /// Leave out contracts whose id contains this text; may be repeated
    #[arg(long, value_name = "TEXT")]
    exclude: Vec<String>,

    /// Select contracts that this permission allows, or these together; may be repeated
    #[arg(long = "permission", value_name = "NAME")]
    permissions: Vec<String>,

    /// Leave out contracts whose page names this permission; may be repeated
    #[arg(long = "exclude-permission", value_name = "NAME")]
    exclude_permissions: Vec<String>,

    /// Set the value of a parameter, by its place in the route: users/{id}=87d349ed; may be repeated
    #[arg(long, value_name = "PLACE=VALUE", value_parser = parse_binding)]
    bind: Vec<(String, String)>,
}

impl ProfileArguments {
    /// The profile, its name (that of its file), and where its keys stand.
    pub(crate) fn read(&self) -> anyhow::Result<(String, Profile, Origin)> {
        let (name, mut profile, places) = match &self.profile {
            None => ("flags".to_owned(), Profile::default(), KeyPlaces::default()),
            Some(file) => {
                let shown = file.display().to_string();
                let text = file::read_text(file).with_context(|| format!("{shown}: cannot be read"))?;
                let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                let mut profile = Profile::parse(&shown, &text)?;
                // Files that a profile names are beside it.
                let folder = file.parent().unwrap_or(Path::new(""));
                let identity = profile.identity.iter_mut();
                let own =
                    identity.flat_map(|own| [&mut own.client_certificate, &mut own.federated_token_file]).flatten();
                profile.metadata = beside(folder, &profile.metadata);
                own.chain(&mut profile.ca_cert).chain(&mut profile.state).for_each(|path| *path = folder.join(&*path));
                (name, profile, KeyPlaces::of(&shown, &text))
            }
        };
        let origin = Origin { file: profile.clone(), places };
        self.override_keys(&mut profile);
        profile.check().map_err(|problem| {
            let is_of_file = origin.file.check().is_err_and(|own| own == problem);
            anyhow::Error::msg(origin.said(&problem, is_of_file))
        })?;
        Ok((name, profile, origin))
    }

    /// Puts what the flags say into a profile.
    pub(crate) fn override_keys(&self, profile: &mut Profile) {
        if self.cloud.is_some() || self.base_url.is_some() {
            (profile.cloud, profile.base_url) = (self.cloud, self.base_url.clone());
        }
        if self.token_env.is_some() {
            (profile.token_env, profile.identity) = (self.token_env.clone(), None);
        }
        if let Some(kind) = self.identity {
            let identity = profile.identity.take().filter(|identity| identity.kind == kind);
            (profile.identity, profile.token_env) = (Some(identity.unwrap_or(Identity::new(kind))), None);
        }
        if let Some(identity) = &mut profile.identity {
            replace(&mut identity.client_id, &self.client_id);
            replace(&mut identity.client_secret_env, &self.client_secret_env);
            replace(&mut identity.client_certificate, &self.client_certificate);
            replace(&mut identity.federated_token_file, &self.federated_token_file);
            replace(&mut identity.authority, &self.authority);
            replace(&mut identity.scope, &self.scope);
        }
        if !self.ca_cert.is_empty() {
            profile.ca_cert.clone_from(&self.ca_cert);
        }
        replace(&mut profile.tenant, &self.tenant);
        replace(&mut profile.concurrency, &self.concurrency.map(NonZeroUsize::get));
        replace(&mut profile.requests_per_second, &self.requests_per_second);
        replace(&mut profile.time_budget, &self.time_budget);
        replace(&mut profile.settling, &self.settling);
        replace(&mut profile.list_limit, &self.list_limit);
        replace(&mut profile.state, &self.state);
        replace(&mut profile.metadata_age, &self.metadata_age);
        if self.no_metadata {
            profile.metadata = MetadataSource::Service(false);
        } else if !self.metadata.is_empty() {
            profile.metadata = MetadataSource::Files(self.metadata.clone());
        }
        profile.purge_deleted |= self.purge_deleted;
        if !self.allow_effects.is_empty() {
            profile.allow_effects.clone_from(&self.allow_effects);
        }
        for (key, flags) in [
            (&mut profile.write_tenants, &self.write_tenants),
            (&mut profile.write_below, &self.write_below),
            (&mut profile.include, &self.include),
            (&mut profile.exclude, &self.exclude),
            (&mut profile.permissions, &self.permissions),
            (&mut profile.exclude_permissions, &self.exclude_permissions),
        ] {
            if !flags.is_empty() {
                key.clone_from(flags);
            }
        }
        for (place, value) in &self.bind {
            // The same place may be written in another way in the file.
            profile.bind.retain(|own, _| ParameterPosition::read(own) != ParameterPosition::read(place));
            profile.bind.insert(place.clone(), value.clone());
        }
    }
}

/// Where the keys of a profile are from: its file, or flags.
#[derive(Default)]
pub(crate) struct Origin {
    /// What the file says, without the flags.
    file: Profile,
    places: KeyPlaces,
}

impl Origin {
    /// A problem with the place of its key, in the file or on the command line.
    fn said(&self, problem: &ProfileProblem, is_of_file: bool) -> String {
        let ProfileProblem { key, message } = problem;
        match self.places.of_key(key).filter(|_| is_of_file) {
            Some(place) => format!("{place}: {message}"),
            None => format!("{}: {message}", flag(key)),
        }
    }

    /// What is wrong with the tenant, with the place of its key.
    pub(crate) fn of_tenant(&self, profile: &Profile, message: String) -> String {
        let problem = ProfileProblem { key: vec!["tenant".to_owned()], message };
        self.said(&problem, self.file.tenant == profile.tenant)
    }

    /// The places of parameters that the profile names and no contract has.
    pub(crate) fn unmatched(&self, profile: &Profile, contracts: &[Contract]) -> Vec<String> {
        let of_file = self.file.unmatched_places(contracts);
        let unmatched = profile.unmatched_places(contracts);
        unmatched.iter().map(|problem| self.said(problem, of_file.contains(problem))).collect()
    }
}

/// The flag that stands for a key of a profile.
fn flag(key: &[String]) -> String {
    let own = match key {
        [table, kind] if table == "identity" && kind == "kind" => table,
        [table, own] if table == "identity" => own,
        [own, ..] => own,
        [] => return "the profile".to_owned(),
    };
    format!("--{}", own.replace('_', "-"))
}

/// Files with metadata, beside the profile that names them.
fn beside(folder: &Path, metadata: &MetadataSource) -> MetadataSource {
    let beside = |entry: &String| MetadataArgument::below(folder, entry);
    match metadata {
        MetadataSource::Service(is_asked) => MetadataSource::Service(*is_asked),
        files => MetadataSource::Files(files.files().iter().map(beside).collect()),
    }
}

fn replace<T: Clone>(key: &mut Option<T>, flag: &Option<T>) {
    if flag.is_some() {
        key.clone_from(flag);
    }
}

/// A place and its value. Both may have a `=`; the place ends with a parameter.
fn parse_binding(text: &str) -> Result<(String, String), String> {
    let mut splits = text.match_indices('=').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let (place, value) = splits
        .find(|(place, _)| ParameterPosition::read(place).is_parameter())
        .ok_or("a place that ends with a parameter, `=` and a value are expected, such as users/{id}=87d349ed")?;
    match value.is_empty() {
        true => Err("the value is empty".to_owned()),
        false => Ok((place.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    fn overridden(file: &str, flags: &[&str]) -> Profile {
        let command = ProfileArguments::augment_args(clap::Command::new("verify-live").no_binary_name(true));
        let matches = command.try_get_matches_from(flags).expect("flags");
        let mut profile = Profile::parse("p.toml", file).expect("a profile");
        ProfileArguments::from_arg_matches(&matches).expect("arguments").override_keys(&mut profile);
        profile
    }

    #[track_caller]
    fn check(file: &str, flags: &[&str], expected: &str) {
        assert_eq!(overridden(file, flags), Profile::parse("p.toml", expected).expect("a profile"));
    }

    #[test]
    fn every_key_of_a_profile_is_a_flag_too_and_the_flag_wins() {
        check("cloud = 'china'", &["--cloud", "usgov-dod"], "cloud = 'usgov-dod'");
        check("cloud = 'china'", &["--base-url", "https://h"], "base_url = 'https://h'");
        check("tenant = 'a'", &["--tenant", "b"], "tenant = 'b'");
        check("[identity]\nkind = 'azure-cli'", &["--token-env", "T"], "token_env = 'T'");
        check("token_env = 'T'", &["--identity", "azure-cli"], "[identity]\nkind = 'azure-cli'");
        check(
            "[identity]\nkind = 'client-secret'\nclient_id = 'a'\nscope = 's'",
            &[
                "--identity",
                "client-secret",
                "--client-id",
                "b",
                "--client-secret-env",
                "S",
                "--authority",
                "https://a",
            ],
            "[identity]\nkind = 'client-secret'\nclient_id = 'b'\nclient_secret_env = 'S'\nauthority = 'https://a'\nscope = 's'",
        );
        check(
            "[identity]\nkind = 'workload-identity'",
            &["--federated-token-file", "t", "--client-certificate", "c", "--scope", "s"],
            "[identity]\nkind = 'workload-identity'\nfederated_token_file = 't'\nclient_certificate = 'c'\nscope = 's'",
        );
        check("ca_cert = ['a']", &["--ca-cert", "b"], "ca_cert = ['b']");
        check("write_tenants = ['a']", &["--write-tenant", "b", "--write-tenant", "c"], "write_tenants = ['b', 'c']");
        check("concurrency = 1", &["--concurrency", "2"], "concurrency = 2");
        check("", &["--requests-per-second", "0.5"], "requests_per_second = 0.5");
        check("time_budget = '1s'", &["--time-budget", "2m"], "time_budget = '2m'");
        check("write_below = ['a/{id}']", &["--write-below", "b/{id}"], "write_below = ['b/{id}']");
        check("allow_effects = ['calls']", &["--allow-effect", "sign-ins"], "allow_effects = ['sign-ins']");
        check("settling = '1s'", &["--settling", "2s"], "settling = '2s'");
        check("list_limit = 1", &["--list-limit", "2"], "list_limit = 2");
        check("", &["--purge-deleted"], "purge_deleted = true");
        check("state = 'a'", &["--state", "b"], "state = 'b'");
        check("metadata = 'v1.0.xml'", &["--no-metadata"], "metadata = false");
        check("metadata = false", &["--metadata", "v1.0=a", "--metadata", "beta=b"], "metadata = ['v1.0=a', 'beta=b']");
        check("metadata_age = '1h'", &["--metadata-age", "2h"], "metadata_age = '2h'");
        check("include = ['a']", &["--include", "b"], "include = ['b']");
        check("exclude = ['a']", &["--exclude", "b"], "exclude = ['b']");
        check("permissions = ['a']", &["--permission", "b"], "permissions = ['b']");
        check("exclude_permissions = ['a']", &["--exclude-permission", "b"], "exclude_permissions = ['b']");
        let file = "[bind]\n'users/{id}' = '1'\n'groups/{id}' = '2'";
        check(file, &["--bind", "Users/{user-id}=3"], "[bind]\n'Users/{user-id}' = '3'\n'groups/{id}' = '2'");
        check("tenant = 'a'", &[], "tenant = 'a'");
    }

    #[test]
    fn a_class_of_effects_that_does_not_exist_is_refused_with_those_that_do() {
        let command = ProfileArguments::augment_args(clap::Command::new("verify-live").no_binary_name(true));
        let error = command.clone().try_get_matches_from(["--allow-effect", "mail"]).expect_err("no class").to_string();
        assert!(error.contains(&EffectClass::list()), "{error}");
        let error =
            Profile::parse("p.toml", "allow_effects = [\"calls\", \"mail\"]").expect_err("no class").to_string();
        assert!(error.starts_with("p.toml:1:") && error.ends_with(&EffectClass::list()), "{error}");
        // The help names every class.
        let help = command.clone().render_long_help().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&EffectClass::list()), "{help}");
    }

    #[test]
    fn a_binding_is_a_place_and_a_value() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = parse_binding(text).ok();
            assert_eq!(found.as_ref().map(|(place, value)| (place.as_str(), value.as_str())), expected, "{text}");
        };
        check("users/{id}=a=b", Some(("users/{id}", "a=b")));
        check("x/range(address='{address}')=A1", Some(("x/range(address='{address}')", "A1")));
        check("users/{id}=", None);
        check("users=a", None);
        check("users/{id}", None);
    }
}
