//! Where a project has its contracts and snapshots.

use std::path::{Path, PathBuf};

use url::Url;

use super::moved::Surroundings;
use crate::command_line::command_line;
use crate::configuration;
use crate::snapshot::folder_in;
use crate::url::is_graph_host;

/// The folders of a project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The contracts.
    pub contracts: PathBuf,
    /// Their reviewed snapshots.
    pub snapshots: PathBuf,
    /// The rules for volatile values, if they are not in the folder of the contracts.
    pub rules: Option<PathBuf>,
    /// Why it is not clear which folders these are, or that they are others than those in which the program was built.
    pub(super) moved: Moved,
    /// Whether insta looks for snapshots that no test asserts.
    pub(super) insta_finds_unreferenced: bool,
    /// The server that is tested; the stub, if it is `None`.
    pub(super) base_url: Option<String>,
}

/// `cargo insta test --unreferenced=…` names a file in which insta lists the snapshots that tests assert, and looks for the others in the
/// workspace itself if all tests pass.
const REFERENCES_FILE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// The environment variable with the URL of the server that is tested.
const URL_VARIABLE: &str = "GRAPH_CONTRACTS_URL";

/// Whether a project is where its test program was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// It is.
    No,
    /// It is in this folder now, and was built in the other one.
    To(PathBuf, PathBuf),
    /// Where it is now is not clear, for this reason.
    Unclear(String),
}

impl Project {
    /// The project of a test file: `contracts` and `snapshots` in the folder of its package, `env!("CARGO_MANIFEST_DIR")`, or those (and `rules`) that the
    /// nearest `graph-contracts.toml` names, from that folder upwards; or those that the environment variables `GRAPH_CONTRACTS_DIR` and
    /// `GRAPH_SNAPSHOTS_DIR` name, absolute or relative to the folder of the package. If the project was moved or copied with its target
    /// folder, or insta's variable `INSTA_WORKSPACE_ROOT` names another one, it is the folder of the package that is tested now.
    ///
    /// The contracts are tested against the stub, or against the server that `GRAPH_CONTRACTS_URL` names (see [`Project::base_url`]).
    pub fn at(root: impl AsRef<Path>) -> Project {
        let built = root.as_ref();
        let (root, mut moved) = match Surroundings::of_process().folder(built) {
            Ok(root) if root == built => (root, Moved::No),
            Ok(root) => (root.clone(), Moved::To(root, built.to_owned())),
            Err(why) => (built.to_owned(), Moved::Unclear(why)),
        };
        // Test runners start tests in the folder of their package: paths in messages are shorter then.
        let is_here = std::env::current_dir().is_ok_and(|here| here == root);
        let configured = configuration::folders_above(&root).unwrap_or_else(|why| {
            moved = Moved::Unclear(why);
            configuration::Folders::default()
        });
        let below = |path: PathBuf| if is_here { path } else { root.join(path) };
        let folder = |variable: &str, configured: Option<PathBuf>, name: &str| {
            below(folder_in(variable).or(configured).unwrap_or_else(|| PathBuf::from(name)))
        };
        Project {
            contracts: folder("GRAPH_CONTRACTS_DIR", configured.contracts, "contracts"),
            snapshots: folder("GRAPH_SNAPSHOTS_DIR", configured.snapshots, "snapshots"),
            rules: configured.rules.map(below),
            moved,
            insta_finds_unreferenced: std::env::var_os(REFERENCES_FILE).is_some(),
            base_url: std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()),
        }
    }

    /// A project with these folders, wherever they are: insta does not look into them.
    pub fn of_folders(contracts: impl Into<PathBuf>, snapshots: impl Into<PathBuf>) -> Project {
        let (contracts, snapshots) = (contracts.into(), snapshots.into());
        Project { contracts, snapshots, rules: None, moved: Moved::No, insta_finds_unreferenced: false, base_url: None }
    }

    /// The project, whose contracts are tested against the server at that URL instead of the stub: your own server, gateway or fake, over
    /// plain HTTP. Its answers are compared by rule (types, members, enumeration values), because its values are not those of the samples;
    /// snapshots are not asserted. Requests are sent as documented, those that write too: what tests a tenant of Microsoft Graph is
    /// `graph-contracts verify-live`, so a host of Microsoft Graph is refused.
    #[must_use]
    pub fn base_url(self, url: impl Into<String>) -> Project {
        Project { base_url: Some(url.into()), ..self }
    }

    /// The server that is tested; `None` for the stub.
    ///
    /// # Errors
    ///
    /// When its URL is not valid, or is not tested this way; the message says what to do.
    pub(super) fn server(&self) -> Result<Option<&str>, String> {
        let Some(url) = &self.base_url else { return Ok(None) };
        let parsed = Url::parse(url).map_err(|error| format!("{url}: the base URL is not valid: {error}"))?;
        match (parsed.scheme(), parsed.host_str()) {
            (_, Some(host)) if is_graph_host(host) => Err(format!(
                "{url}: tests send the documented requests as they are, those that write too; use `{} verify-live` for a tenant",
                command_line()
            )),
            ("http", Some(_)) => Ok(Some(url)),
            _ => Err(format!("{url}: tests reach a server over plain HTTP only, such as http://127.0.0.1:4010")),
        }
    }
}
