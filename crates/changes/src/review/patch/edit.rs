//! Which edits of an example a drift asks for, and which need a person.

use super::example::JsonEdit;
use super::sample;
use crate::review::changes::{is_echo, live_kinds};
use crate::{Effect, Kind};
use graph_contracts::at::At;
use graph_contracts::compare::{Context, Mismatch, MismatchKind, Reference, compare};
use graph_contracts::compare::{OTHER_LENGTH, OTHER_VALUE, is_withheld_name};
use graph_contracts::contract::Contract;
use graph_contracts::json::Path;
use graph_contracts::normal::NormalForm;

/// Edits of the response of an example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Edits {
    /// The status code.
    pub(super) status: Option<u16>,
    /// Header fields by name; `None` takes one away.
    pub(super) headers: Vec<(String, Option<String>)>,
    /// Whether the body is taken away.
    pub(super) no_body: bool,
    /// The JSON of the body.
    pub(super) json: Vec<JsonEdit>,
}

/// The edits that make the documented form the drifted one.
///
/// # Errors
///
/// When a person has to decide; the message says on what.
pub(super) fn edits(contract: &Contract, documented: &NormalForm, drifted: &NormalForm) -> Result<Edits, String> {
    if drifted.status >= 300 && documented.status < 300 {
        return Err(format!(
            "the service returns {}, and an error is not an example; find out whether the request or the service is wrong",
            drifted.status
        ));
    }
    // Values that came are masked by shape, and a mask is not a value that could be compared by shape again.
    let found = compare(documented, drifted, Reference::Documentation, &mut Context::new(contract));
    if found.omitted > 0 {
        return Err("more differs than can be fixed".to_owned());
    }
    // What no caller notices is no defect of the page; a review says so of the same.
    let kinds = live_kinds(contract, (documented, drifted), &found.mismatches);
    let is_noticed = |kind: Kind| kind.effect() != Effect::Cosmetic;
    let noticed: Vec<&Mismatch> =
        found.mismatches.iter().zip(kinds).filter(|(_, kind)| is_noticed(*kind)).map(|(own, _)| own).collect();
    if noticed.is_empty() {
        return Err("no caller notices what differs, so the page need not change".to_owned());
    }
    let mut edits = Edits::default();
    for mismatch in noticed {
        add(&mut edits, mismatch, documented, drifted)?;
    }
    Ok(edits)
}

fn add(edits: &mut Edits, mismatch: &Mismatch, documented: &NormalForm, drifted: &NormalForm) -> Result<(), String> {
    let Mismatch { kind, at: place, .. } = mismatch;
    match place {
        At::Status => edits.status = Some(drifted.status),
        At::Header(name) => {
            let header = drifted.headers.iter().find(|header| header.name == *name);
            let value = header.map(|header| header.value.to_string());
            if value.as_deref() == Some(OTHER_VALUE) {
                return Err(format!("the value of the header field {name} is not kept, as it may be anything"));
            }
            edits.headers.push((name.clone(), value));
        }
        At::Body if *kind == MismatchKind::EmptyBody => edits.no_body = true,
        At::Body => return Err("the body is of another kind, and what came is not kept".to_owned()),
        At::Path(path) => edits.json.push(json_edit(*kind, path, documented, drifted)?),
        At::Request(_) | At::Snapshot(_) | At::TableRow(_) | At::Cloud(_) | At::Declared(_) => {
            return Err("it drifted from another request than the contract has now; run verify-live again".to_owned());
        }
        _ => return Err(format!("{} at {place} is nothing that a page shows", kind.phrase())),
    }
    Ok(())
}

fn json_edit(
    kind: MismatchKind,
    path: &Path,
    documented: &NormalForm,
    drifted: &NormalForm,
) -> Result<JsonEdit, String> {
    let came = || drifted.body.at(path).ok_or_else(|| format!("what came at {path} is not kept"));
    match kind {
        MismatchKind::MissingMember => Ok(JsonEdit::Remove(path.clone())),
        MismatchKind::UndocumentedMember if path.last_name().is_some_and(is_withheld_name) => {
            Err(format!("the name of the member at {path} is not kept, because it may be one that the tenant gave"))
        }
        MismatchKind::UndocumentedMember => Ok(JsonEdit::Add(path.clone(), sample::value(came()?, path))),
        MismatchKind::DuplicateMember => Err(format!("{path} occurs twice, which is a defect of the service")),
        MismatchKind::Value | MismatchKind::Format if is_echo(documented, path) => Err(format!(
            "the service does not repeat at {path} what the request sent; an example cannot show what it returns instead"
        )),
        _ if came()?.as_str() == Some(OTHER_LENGTH) => {
            Err(format!("how many elements came at {path} is not kept, as the request decides on it"))
        }
        // Whatever else a value differs in: the patched page is checked.
        _ => Ok(JsonEdit::Set(path.clone(), sample::value(came()?, path))),
    }
}
