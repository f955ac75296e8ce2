//! One contract as a test: replayed, judged, and its snapshot asserted.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;

use crate::command_line::command_line;
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
    /// The folder of the pending ones, or why insta has none.
    pending: Result<PathBuf, String>,
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
        let pending = SnapshotFolders::of_environment(&folder).map(|own| own.pending);
        Snapshots { folder, pending, assert, only_compares }
    }

    fn is_pending(&self, id: &str) -> bool {
        self.pending.as_ref().is_ok_and(|folder| pending_path(folder, id).exists())
    }

    /// Lets insta compare a normal form with its snapshot; `Err` says why it refused.
    fn assert(&self, contract: &Contract, form: &NormalForm) -> Result<(), Refusal> {
        let (name, text) = (snapshot_name(contract), form.to_string());
        // insta writes where a link leads to.
        let pending = self.pending.as_ref().map_err(|why| Refusal::Failed(why.clone()))?;
        let files =
            [(pending, pending_path(pending, &contract.id)), (&self.folder, snapshot_path(&self.folder, &contract.id))];
        for (folder, path) in files {
            let checked = file::check_writable_below(folder, &path);
            checked.map_err(|why| Refusal::Failed(format!("{}: cannot be written: {why}", path.display())))?;
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
        let response = match response(contract, &route.path, client).await {
            Ok(response) => response,
            Err(failed) => return failed,
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
        (Err(Refusal::Failed(why)), ..) => Verdict::Failed(why),
        (Err(Refusal::Refused(_)), None, _) => Verdict::NotReviewed { is_pending: is_pending() },
        (Err(Refusal::Refused(_)), Some(_), Some(difference)) => {
            Verdict::Failed(format!("{}{}", shown(&difference), next_step(is_pending())))
        }
        // By meaning they are the same: insta was told to look at more, or could not do its work.
        (Err(Refusal::Refused(why)), Some(_), None) => {
            Verdict::Failed(format!("insta does not accept the snapshot: {why}"))
        }
    }
}

/// Sends a contract's request to a server on all its routes, and compares each response with what is documented, by rule: the values of a
/// server are not those of the sample.
pub(crate) async fn test_server(contract: &Contract, rules: &VolatileRules, client: &Client) -> Verdict {
    let normalization = match NormalizationPlan::new(contract, rules, Level::Shape) {
        Ok(normalization) => normalization,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    for route in &contract.routes {
        let response = match response(contract, &route.path, client).await {
            Ok(response) => response,
            Err(failed) => return failed,
        };
        let found = judge(&normalization, &route.path, &response, None);
        if found.outcome != Outcome::Matched {
            return Verdict::Failed(format!("the response is not as documented\n{}", shown(&found)));
        }
    }
    Verdict::Passed
}

/// The response to a contract's request on a route, or the verdict without one.
async fn response(contract: &Contract, route: &str, client: &Client) -> Result<ReceivedResponse, Verdict> {
    client.send(contract, route).await.map(|exchange| exchange.response).map_err(|error| {
        let request = format!("{} {route}", contract.request.method);
        Verdict::Failed(format!("{request}: there was no response to compare: {}", with_causes(&error)))
    })
}

/// Why an assertion of insta did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// insta does not take the snapshot for the reviewed one.
    Refused(String),
    /// insta could not do its work.
    Failed(String),
}

impl Refusal {
    /// The reason.
    pub(super) fn why(self) -> String {
        match self {
            Refusal::Refused(why) | Refusal::Failed(why) => why,
        }
    }
}

/// Runs an assertion, which panics when it fails.
pub(super) fn caught(assertion: impl FnOnce()) -> Result<(), Refusal> {
    catch_unwind(AssertUnwindSafe(assertion)).map_err(|panic| refusal(panic_text(panic.as_ref())))
}

/// How the panic of insta's macro begins where a file cannot be read or written.
const UNWRAPPED: &str = "called `Result::unwrap()` on an `Err` value: ";

/// What a panic of insta says. An error is only there in the form for programmers, which has the system's message in quotes.
fn refusal(text: String) -> Refusal {
    let Some(error) = text.strip_prefix(UNWRAPPED) else { return Refusal::Refused(text) };
    let message = error.split_once("message: \"").and_then(|(_, rest)| rest.split_once('"'));
    let why = message.map_or_else(String::new, |(message, _)| format!(": {message}"));
    Refusal::Failed(format!("insta cannot read or write the snapshot or its folder{why}"))
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
    let command = command_line();
    let how = if is_pending { "its new snapshot is pending" } else { "`cargo test`, but not in CI, leaves it pending" };
    format!(
        "
If the contract is right as it is now, accept it; {how}:
  {command} review
If not, fix the contract, or import its page again with `{command} import PATH --overwrite`.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_insta_says_of_an_error_is_not_shown_in_its_form_for_programmers() {
        let check = |text: &str, expected: Refusal| assert_eq!(refusal(text.to_owned()), expected, "{text}");
        check(
            "snapshot assertion for 'a' failed in line 9",
            Refusal::Refused("snapshot assertion for 'a' failed in line 9".to_owned()),
        );
        let failed = |why: &str| Refusal::Failed(format!("insta cannot read or write the snapshot or its folder{why}"));
        let error = "Os { code: 13, kind: PermissionDenied, message: \"Permission denied\" }";
        check(&format!("{UNWRAPPED}{error}"), failed(": Permission denied"));
        check(&format!("{UNWRAPPED}FileIo(Custom, \"a\")"), failed(""));
    }
}
