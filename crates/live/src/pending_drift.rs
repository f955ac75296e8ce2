//! What a run has found of each contract, and the one pending snapshot of it, however many routes it has.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use super::drift::Drift;
use super::verdict::{Accepted, SINCE, Verdict, drift_on, verdict};
use graph_contracts::contract::Contract;
use graph_contracts::file;
use graph_contracts::normal::{NormalForm, VolatileRules};
use graph_contracts::snapshot::{
    OnRoute, RouteForms, SnapshotFolders, documented_digest, info, pending_path, pending_text, remove_pending,
};

/// What was found by route: how it drifts, if it does.
type Routes = BTreeMap<String, Option<Drift>>;

/// What a run has found so far, by the contracts' positions in the store.
#[derive(Debug, Default)]
pub(super) struct PendingDrift(Mutex<HashMap<usize, Routes>>);

/// What a snapshot is about.
pub(super) struct About<'a> {
    pub(super) contract: &'a Contract,
    pub(super) rules: &'a VolatileRules,
    /// The form that the contract documents.
    pub(super) documented: &'a NormalForm,
    /// What was accepted before.
    pub(super) accepted: Option<&'a Accepted>,
    pub(super) day: Date,
}

impl PendingDrift {
    /// Takes note of a route, and makes the pending snapshot of its contract in a folder what is true now: it is there if any route
    /// departs from what was accepted, or from the documentation where nothing was. Its path, if it is there.
    ///
    /// # Errors
    ///
    /// When the file cannot be written or removed.
    pub(super) fn note(
        &self,
        folder: &Path,
        index: usize,
        (route, drift): (&str, Option<Drift>),
        about: &About<'_>,
    ) -> io::Result<Option<PathBuf>> {
        // Other routes of the contract wait until the file is written.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.entry(index).or_default();
        found.insert(route.to_owned(), drift);
        let departs = |(route, drift): (&String, &Option<Drift>)| {
            matches!(verdict(route, drift.as_ref(), about.accepted), Verdict::Drifted | Verdict::Healed)
        };
        if !found.iter().any(departs) {
            remove_pending(&SnapshotFolders::same(folder), &about.contract.id)?;
            return Ok(None);
        }
        let path = pending_path(folder, &about.contract.id);
        file::write_below(folder, &path, &text(found, about)?)?;
        Ok(Some(path))
    }
}

/// The text of the pending snapshot.
fn text(found: &Routes, about: &About<'_>) -> io::Result<String> {
    let About { contract, rules, documented, accepted, day } = about;
    let drifts: Vec<&Drift> = found.values().flatten().collect();
    let digest = documented_digest(contract, rules).map_err(io::Error::other)?;
    let mut said = vec![(info::CONTRACT.to_owned(), contract.id.clone()), (info::DOCUMENTED.to_owned(), digest)];
    if let Some(first) = drifts.first() {
        said.push((info::REQUEST.to_owned(), first.request.clone()));
        said.extend(first.request_id.iter().map(|id| (info::REQUEST_ID.to_owned(), id.clone())));
    }
    // Of a route that was not asked, what was accepted is all that is known.
    let state = contract.routes.iter().filter_map(|route| {
        let before = || match accepted.map_or(OnRoute::Unknown, |accepted| accepted.forms.on(&route.path)) {
            OnRoute::Unknown => None,
            OnRoute::AsDocumented => Some(None),
            OnRoute::Form(form) => Some(Some(form.clone())),
        };
        let now = found.get(&route.path).map(|drift| drift.as_ref().map(|drift| drift.form.clone()));
        Some((route.path.clone(), now.or_else(before)?))
    });
    let title = format!("{} ({})", contract.title, contract.location());
    let Some(forms) = RouteForms::of(state) else {
        said.push((info::OUTCOME.to_owned(), info::HEALED.to_owned()));
        return Ok(written(contract, &format!("as documented since {day}: {title}"), &said, documented));
    };
    let signature = |route: &str| match found.get(route) {
        Some(drift) => drift.as_ref().map(|drift| drift.signature.clone()),
        None => accepted.and_then(|accepted| accepted.signature(route)).map(str::to_owned),
    };
    match &forms {
        RouteForms::Same(_) => {
            let any = contract.routes.iter().find_map(|route| signature(&route.path));
            said.extend(any.map(|signature| (info::DRIFT.to_owned(), signature)));
        }
        RouteForms::Differing(_) => {
            let each = contract.routes.iter();
            said.extend(each.filter_map(|route| Some((drift_on(&route.path), signature(&route.path)?))));
        }
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in drifts.iter().flat_map(|drift| &drift.lines) {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
    }
    Ok(written(contract, &format!("{SINCE}{day}: {title}\n{}", lines.join("\n")), &said, &forms))
}

fn written(
    contract: &Contract,
    description: &str,
    said: &[(String, String)],
    content: &impl std::fmt::Display,
) -> String {
    let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pending_text(&contract.source.page, description, &said, content)
}

#[cfg(test)]
mod tests {
    use super::super::drift::signature;
    use super::super::verdict::accepted;
    use super::*;
    use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
    use graph_contracts::snapshot::{live_folder, read_snapshot, snapshot_path};
    use graph_contracts::store::read_contract_of;

    /// A contract with two routes, and a folder for its snapshots.
    struct Lamp {
        contract: Contract,
        rules: VolatileRules,
        documented: NormalForm,
        folder: tempfile::TempDir,
    }

    impl Lamp {
        fn new() -> Lamp {
            let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            let id = "beta/create-deviceinstallstate";
            let contract = read_contract_of(&project.join("contracts"), id).expect("a contract");
            assert_eq!(contract.routes.len(), 2);
            let documented = read_snapshot(&project.join("snapshots"), id).expect("readable").expect("a snapshot");
            let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
            Lamp { contract, rules, documented, folder: tempfile::tempdir().expect("a folder") }
        }

        fn folder(&self) -> PathBuf {
            live_folder(self.folder.path(), "tenant")
        }

        /// The drift in which a service answers with that status.
        fn drift(&self, status: u16) -> Option<Drift> {
            let form = NormalForm { status, ..self.documented.clone() };
            let drift = Drift {
                signature: signature(&self.contract, &self.documented, &form),
                form,
                lines: vec![format!("status changed to {status} \u{9b}")],
                request: "POST /a".to_owned(),
                request_id: Some("r-1".to_owned()),
            };
            (status != self.documented.status).then_some(drift)
        }

        /// A run in which routes answer with these statuses: the verdicts, and whether a snapshot is pending.
        fn run(&self, statuses: &[(usize, u16)]) -> (Vec<Verdict>, bool) {
            let (run, folder) = (PendingDrift::default(), self.folder());
            let before = accepted(&folder, &self.contract.id).expect("readable");
            let mut verdicts = Vec::new();
            for (route, status) in statuses {
                let (route, drift) = (self.contract.routes[*route].path.as_str(), self.drift(*status));
                verdicts.push(verdict(route, drift.as_ref(), before.as_ref()));
                let about = About {
                    contract: &self.contract,
                    rules: &self.rules,
                    documented: &self.documented,
                    accepted: before.as_ref(),
                    day: jiff::civil::date(2026, 11, 23),
                };
                run.note(&folder, 0, (route, drift), &about).expect("written");
            }
            (verdicts, self.pending().exists())
        }

        fn pending(&self) -> PathBuf {
            pending_path(&self.folder(), &self.contract.id)
        }

        /// What `cargo insta accept` does.
        fn accept(&self) -> String {
            let target = snapshot_path(&self.folder(), &self.contract.id);
            insta::Snapshot::from_file(&self.pending()).expect("a snapshot").save(&target).expect("saved");
            std::fs::remove_file(self.pending()).expect("removed");
            std::fs::read_to_string(target).expect("readable")
        }
    }

    use Verdict::{Drifted, Healed, KnownDrift, Matched};

    #[test]
    fn routes_that_agree_have_one_drift() {
        let lamp = Lamp::new();
        assert_eq!(lamp.run(&[(0, 201), (1, 201)]), (vec![Matched, Matched], false));
        assert_eq!(lamp.run(&[(0, 404), (1, 404)]), (vec![Drifted, Drifted], true));
        let text = lamp.accept();
        assert!(text.contains("request_id: r-1") && !text.contains('\u{9b}') && !text.contains("== "), "{text}");
        assert_eq!(lamp.run(&[(0, 404), (1, 404)]), (vec![KnownDrift, KnownDrift], false));
        assert_eq!(lamp.run(&[(1, 500)]), (vec![Drifted], true));
    }

    #[test]
    fn a_match_on_one_route_leaves_the_drift_of_the_other_pending_and_what_is_accepted_is_green() {
        for order in [[(0, 404), (1, 201)], [(1, 201), (0, 404)]] {
            let lamp = Lamp::new();
            assert!(lamp.run(&order).1, "{order:?}");
            let text = lamp.accept();
            assert!(text.contains("== ") && text.contains("as documented"), "{text}");
            let mut verdicts = lamp.run(&order);
            verdicts.0.sort_by_key(|verdict| *verdict == Matched);
            assert_eq!(verdicts, (vec![KnownDrift, Matched], false), "{order:?}");
            assert_eq!(lamp.run(&[(1, 404)]), (vec![Drifted], true), "it had been as documented");
        }
    }

    #[test]
    fn a_drift_that_is_over_is_pending_until_that_is_accepted() {
        let lamp = Lamp::new();
        lamp.run(&[(0, 404), (1, 404)]);
        lamp.accept();
        assert_eq!(lamp.run(&[(0, 404), (1, 201)]), (vec![KnownDrift, Healed], true), "on one route");
        assert_eq!(lamp.run(&[(0, 201), (1, 201)]), (vec![Healed, Healed], true));
        let text = lamp.accept();
        assert!(text.contains("outcome: healed"), "{text}");
        assert_eq!(lamp.run(&[(0, 201), (1, 201)]), (vec![Matched, Matched], false));
        assert_eq!(lamp.run(&[(0, 404), (1, 201)]), (vec![Drifted, Matched], true));
    }

    #[test]
    fn a_route_that_is_not_asked_is_as_it_was() {
        let lamp = Lamp::new();
        lamp.run(&[(0, 404), (1, 500)]);
        lamp.accept();
        assert_eq!(lamp.run(&[(0, 404)]), (vec![KnownDrift], false));
        assert_eq!(lamp.run(&[(0, 500)]), (vec![Drifted], true));
        lamp.accept();
        assert_eq!(lamp.run(&[(0, 500), (1, 500)]), (vec![KnownDrift, KnownDrift], false));
    }

    #[test]
    fn an_accepted_drift_is_known_although_the_page_shows_another_sample() {
        let mut lamp = Lamp::new();
        lamp.run(&[(0, 404), (1, 201)]);
        let before = lamp.accept();
        let text = lamp.documented.to_string().replace("Device Name value", "Other name");
        lamp.documented = NormalForm::parse(&text).expect("a form");
        let now = lamp.drift(404).expect("drift").form.to_string();
        assert!(!before.contains(&now), "the forms differ");
        assert_eq!(lamp.run(&[(0, 404), (1, 201)]), (vec![KnownDrift, Matched], false));
        assert_eq!(lamp.run(&[(0, 400), (1, 201)]), (vec![Drifted, Matched], true));
    }
}
