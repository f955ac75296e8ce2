//! The service's own metadata, by which a live run judges beside the page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use graph_contracts::contract::{Cloud, Contract};
use graph_contracts::file;
use graph_contracts::http::{Limits, with_causes};
use graph_contracts::service::ServiceRules;
use graph_contracts::store::Store;
use graph_contracts_live::{MetadataSource, Pace, Plan, Profile};
use graph_contracts_odata::check::{
    Metadata, MetadataName, MetadataText, SourceError, fetch, fetch_limits, is_url, read_all,
};
use graph_contracts_odata::service_rules;
use reqwest::{ClientBuilder, Url};

use crate::metadata::document;
use crate::output::Waiting;
use crate::tls;

/// How old metadata may be that an earlier run fetched, by default: services change theirs about once a week.
const AGE: Duration = Duration::from_hours(24);

/// How long a service may take to answer with its metadata. Without it, the run goes on.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What services declare, by version, and what a person is told of it.
#[derive(Default)]
pub(super) struct Service {
    pub(super) rules: BTreeMap<String, Arc<ServiceRules>>,
    pub(super) notes: Vec<String>,
}

/// Reads the metadata of the versions that a plan sends requests to: from files, or from the service. What cannot be had is unknown, and
/// said.
///
/// # Errors
///
/// When a file that was named cannot be used.
pub(super) async fn service(
    profile: &Profile,
    base: &Url,
    is_sandbox: bool,
    (plan, store): (&Plan, &Store),
    pace: &Pace,
) -> anyhow::Result<Service> {
    let steps = plan.steps.iter().filter(|step| step.skip.is_none());
    let contracts: Vec<&Contract> =
        steps.flat_map(|step| &step.contracts).filter_map(|index| store.contracts.get(*index)).collect();
    let versions: BTreeSet<String> =
        contracts.iter().filter_map(|own| own.version()).map(str::to_ascii_lowercase).collect();
    let mut service = Service::default();
    let mut texts = Vec::new();
    match &profile.metadata {
        MetadataSource::Service(false) => return Ok(service),
        // A simulated tenant follows from the contracts, and declares nothing of its own.
        MetadataSource::Service(true) if is_sandbox => return Ok(service),
        MetadataSource::Service(true) => {
            for version in versions {
                match asked(profile, base, &version, pace).await {
                    Ok((text, note)) => {
                        texts.push(text);
                        service.notes.extend(note);
                    }
                    Err(why) => service.notes.push(format!(
                        "what the service declares of {version} is not known, so the pages alone decide: {why} (--metadata \
                         {version}=FILE gives it from a file, --no-metadata does not ask)"
                    )),
                }
            }
        }
        files => {
            let cloud = profile.known_cloud().unwrap_or_default();
            for entry in files.files() {
                // What is said of another cloud says nothing of this one.
                texts.extend(from_file(entry, cloud)?);
            }
            for metadata in read_all(&texts)? {
                service.add(&metadata, &contracts);
            }
            return Ok(service);
        }
    }
    for text in &texts {
        match text.read() {
            Ok(metadata) => service.add(&metadata, &contracts),
            Err(error) => service.say_unread(&text.version, &error),
        }
    }
    Ok(service)
}

impl Service {
    /// Takes in what is declared of a version.
    fn add(&mut self, metadata: &Metadata<'_>, contracts: &[&Contract]) {
        let version = metadata.version;
        let is_of = |own: &&Contract| own.version().is_some_and(|own| own.eq_ignore_ascii_case(version));
        let rules = service_rules(metadata, contracts.iter().copied().filter(is_of));
        self.rules.insert(version.to_ascii_lowercase(), Arc::new(rules));
    }

    fn say_unread(&mut self, version: &str, error: &SourceError) {
        self.notes.push(format!(
            "what the service declares of {version} is not known, so the pages alone decide: {}",
            with_causes(error)
        ));
    }
}

/// A document from a file; `None` if it is that of another cloud.
fn from_file(entry: &str, own_cloud: Cloud) -> anyhow::Result<Option<MetadataText>> {
    let MetadataName { cloud, version, name } = MetadataName::read(entry)
        .with_context(|| format!("say so with --metadata VERSION={entry}, or `metadata` in the profile"))?;
    let cloud = cloud.unwrap_or(own_cloud);
    if cloud != own_cloud {
        return Ok(None);
    }
    if is_url(&name) {
        bail!("{entry}: --metadata takes a file here; the service is asked for its own metadata without that");
    }
    let text = document(Path::new(&name))?;
    Ok(Some(MetadataText { cloud, version, name, text }))
}

/// What the service answers, or answered a while ago: one GET without credentials.
async fn asked(
    profile: &Profile,
    base: &Url,
    version: &str,
    pace: &Pace,
) -> Result<(MetadataText, Option<String>), String> {
    let url = format!("{}/{version}/$metadata", base.as_str().trim_end_matches('/'));
    let cache = cache_file(base, version);
    let most = profile.metadata_age.unwrap_or(AGE);
    let cloud = profile.known_cloud().unwrap_or_default();
    let text = |text: String| MetadataText { cloud, version: version.to_owned(), name: url.clone(), text };
    if let Some((found, age)) = cache.as_ref().and_then(|file| cached(file, most)) {
        let note = format!("the service's metadata of {version} is as fetched {} min ago", age.as_secs() / 60);
        return Ok((text(found), Some(note)));
    }
    let is_tls = base.scheme() == "https";
    let http = match is_tls {
        true => tls::client(true, &profile.ca_cert).map_err(|error| format!("{error:#}"))?,
        false => ClientBuilder::new(),
    };
    let limits = Limits { timeout: TIMEOUT, ..fetch_limits() };
    let waiting = Waiting::on(&format!("GET {url}"));
    let fetched = tokio::select! {
        fetched = fetch(http, tls::HAS_TLS, &url, &limits) => fetched.map_err(|error| with_causes(&error)),
        () = pace.over() => Err("the run ended before it was answered".to_owned()),
    };
    drop(waiting);
    let document = text(fetched?.text);
    // What is not CSDL is not kept; that it could not be kept, the next run asks again for.
    let is_usable = document.read().is_ok();
    if let Some(file) = cache.filter(|_| is_usable) {
        file::write(&file, &document.text).ok();
    }
    Ok((document, None))
}

/// Where the metadata of a service is kept. What is on this machine is not: another one may answer there next time.
fn cache_file(base: &Url, version: &str) -> Option<PathBuf> {
    let host = base.host_str().filter(|_| base.scheme() == "https")?;
    let port = base.port().map(|port| format!("-{port}")).unwrap_or_default();
    let folders = directories::ProjectDirs::from("", "", "graph-contracts")?;
    let name = |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
    let (host, version): (String, String) = (name(host), name(version));
    Some(folders.cache_dir().join("metadata").join(format!("{host}{port}-{version}.xml")))
}

/// What is kept in a file, and how old it is, if it is not too old. A time in the future says nothing.
fn cached(path: &Path, most: Duration) -> Option<(String, Duration)> {
    let age = SystemTime::now().duration_since(path.metadata().ok()?.modified().ok()?).ok()?;
    if age > most {
        return None;
    }
    Some((file::read_text(path).ok()?, age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_an_age() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("v1.0.xml");
        assert_eq!(cached(&path, AGE), None);
        std::fs::write(&path, "<a/>")?;
        assert_eq!(cached(&path, AGE).map(|(text, _)| text).as_deref(), Some("<a/>"));
        let check = |moved: Duration, is_future: bool, expected: bool| -> std::io::Result<()> {
            let now = SystemTime::now();
            let time = if is_future { now + moved } else { now - moved };
            std::fs::File::options().write(true).open(&path)?.set_modified(time)?;
            assert_eq!(cached(&path, AGE).is_some(), expected, "{moved:?}");
            Ok(())
        };
        check(AGE - Duration::from_mins(1), false, true)?;
        check(AGE + Duration::from_mins(1), false, false)?;
        check(Duration::from_hours(1), true, false)
    }

    #[test]
    fn only_what_is_reached_over_tls_is_kept() {
        let check = |base: &str, expected: Option<&str>| {
            let file = cache_file(&base.parse().expect("a URL"), "v1.0");
            let name = file.as_ref().and_then(|file| file.file_name()).map(|name| name.to_string_lossy().into_owned());
            assert_eq!(name.as_deref(), expected, "{base}");
        };
        check("https://graph.microsoft.com", Some("graph.microsoft.com-v1.0.xml"));
        check("https://h:8443", Some("h-8443-v1.0.xml"));
        check("http://127.0.0.1:8080", None);
    }
}
