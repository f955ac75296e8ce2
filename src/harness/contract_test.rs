//! One contract as a test: replayed, judged, and its snapshot asserted.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;

use crate::contract::Contract;
use crate::file;
use crate::http::{ReceivedResponse, with_causes};
use crate::normal::{Level, NormalForm, NormalizationPlan, VolatileRules, normalize};
use crate::replay::{Client, Outcome, RouteOutcome, judge};
use crate::report::Terminal;
use crate::snapshot::{self, SnapshotFolders, pending_path, read_snapshot, snapshot_name, snapshot_path};

/// Asserts that a text is the snapshot of a name: `|name, text| insta::assert_snapshot!(name, text)`. It stands in the test file of
/// a project, because insta finds the project by the place of its macro.
pub type AssertSnapshot = fn(name: &str, text: &str);

/// The files in which a project tells insta what to do.
const INSTA_FILES: [&str; 3] = [".config/insta.yaml", "insta.yaml", ".insta.yaml"];

/// How many columns the difference of a failing test may take.
const WIDTH: usize = 100;

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It passed.
    Passed,
    /// The response is as documented, and has not been reviewed yet.
    NotReviewed {
        /// Whether the new snapshot is pending. insta writes none in CI, or when it is told not to.
        is_pending: bool,
    },
    /// It failed, with the reason as lines.
    Failed(String),
}

/// Where the snapshots are, and how they are asserted.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: PathBuf,
    /// The folder of the pending ones.
    pending: PathBuf,
    assert: AssertSnapshot,
    /// Whether insta only compares, and does nothing with a snapshot that is as reviewed.
    only_compares: bool,
}

impl Snapshots {
    /// The snapshots of a folder.
    pub fn new(folder: &Path, assert: AssertSnapshot) -> Snapshots {
        // These two say nothing about what becomes of snapshots.
        let is_neutral = |name: &str| matches!(name, "INSTA_OUTPUT" | "INSTA_WORKSPACE_ROOT");
        let names = || std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
        let is_told = names().any(|name| name.starts_with("INSTA_") && !is_neutral(&name));
        let here = std::env::current_dir().unwrap_or_default();
        let has_file = |folder: &Path| INSTA_FILES.iter().any(|name| folder.join(name).exists());
        let only_compares = !is_told && !here.ancestors().any(has_file);
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        // Where insta has no place for pending snapshots, it says so itself.
        let pending = SnapshotFolders::of_environment(&folder).map_or_else(|_| folder.clone(), |own| own.pending);
        Snapshots { folder, pending, assert, only_compares }
    }

    fn is_pending(&self, id: &str) -> bool {
        pending_path(&self.pending, id).exists()
    }

    /// Lets insta compare a normal form with its snapshot; `Err` says why it refused.
    fn assert(&self, contract: &Contract, form: &NormalForm) -> Result<(), String> {
        let (name, text) = (snapshot_name(contract), form.to_string());
        // insta writes where a link leads to.
        let files = [
            (&self.pending, pending_path(&self.pending, &contract.id)),
            (&self.folder, snapshot_path(&self.folder, &contract.id)),
        ];
        for (folder, path) in files {
            let checked = file::check_writable_below(folder, &path);
            checked.map_err(|why| format!("{}: cannot be written: {why}", path.display()))?;
        }
        caught(|| snapshot::settings(&self.folder, contract).bind(|| (self.assert)(name, &text)))
    }
}

/// Replays a contract on all its routes, compares each response with what is documented and with the reviewed snapshot, and lets
/// insta assert that snapshot, so that `cargo insta` and insta's variables work as in any test.
pub(crate) async fn test_contract(
    contract: &Contract,
    rules: &VolatileRules,
    client: &Client,
    snapshots: &Snapshots,
) -> Verdict {
    let normalization = match NormalizationPlan::new(contract, rules, Level::Exact) {
        Ok(normalization) => normalization,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let reviewed = match read_snapshot(&snapshots.folder, &contract.id) {
        Ok(reviewed) => reviewed,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    // The response whose form is asserted: the first that differs from what was reviewed, or else the first.
    let mut asserted: Option<ReceivedResponse> = None;
    let mut difference = None;
    for route in &contract.routes {
        let response = match client.send(contract, &route.path).await {
            Ok(exchange) => exchange.response,
            Err(error) => {
                let request = format!("{} {}", contract.request.method, route.path);
                return Verdict::Failed(format!(
                    "{request}: there was no response to compare: {}",
                    with_causes(&error)
                ));
            }
        };
        let found = judge(&normalization, &route.path, &response, Some(reviewed.as_ref()));
        if found.outcome == Outcome::Matched {
            asserted.get_or_insert(response);
            continue;
        }
        let by_page = judge(&normalization, &route.path, &response, None);
        if by_page.outcome != Outcome::Matched {
            return Verdict::Failed(format!("the response is not as documented\n{}", shown(&by_page)));
        }
        if difference.is_none() {
            (asserted, difference) = (Some(response), Some(found));
        }
    }
    if difference.is_none() && snapshots.only_compares && !snapshots.is_pending(&contract.id) {
        return Verdict::Passed;
    }
    let form = asserted.map(|response| normalize(&response, &normalization));
    let insta = snapshots.assert(contract, form.as_ref().unwrap_or_else(|| normalization.documented()));
    let is_pending = || snapshots.is_pending(&contract.id);
    match (insta, reviewed, difference) {
        (Ok(()), ..) => Verdict::Passed,
        (Err(_), None, _) => Verdict::NotReviewed { is_pending: is_pending() },
        (Err(_), Some(_), Some(difference)) => {
            Verdict::Failed(format!("{}{}", shown(&difference), next_step(is_pending())))
        }
        // By meaning they are the same: insta was told to look at more, or could not do its work.
        (Err(why), Some(_), None) => Verdict::Failed(format!("insta does not accept the snapshot: {why}")),
    }
}

/// Runs an assertion, which panics when it fails.
pub(super) fn caught(assertion: impl FnOnce()) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(assertion)).map_err(|panic| panic_text(panic.as_ref()))
}

/// What a panic says.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it did not say why").to_owned()
}

/// The mismatches of a route, without styles.
fn shown(outcome: &RouteOutcome) -> String {
    let mut lines = Vec::new();
    // Memory can always be written to.
    let _ = Terminal::new(&mut lines, WIDTH).case_findings(&outcome.case(None), outcome.evidence.as_ref());
    strip_str(&String::from_utf8_lossy(&lines)).to_string()
}

/// What to do about a difference from the reviewed snapshot.
fn next_step(is_pending: bool) -> String {
    let how = if is_pending { "its new snapshot is pending" } else { "`cargo test`, but not in CI, leaves it pending" };
    format!(
        "
If the contract is right as it is now, accept it; {how}:
  cargo xtask review
If not, fix the contract, or import its page again with `cargo xtask import PATH --overwrite`.
"
    )
}
