//! Takes what a tenant holds out of a mismatch: what came is shown by its shape. What is documented, or belongs to the service's
//! schema, stays.

use graph_contracts::at::At;
use graph_contracts::compare::shown;
use graph_contracts::compare::{Mismatch, MismatchKind};
use graph_contracts::json::Index;
use graph_contracts::normal::{Node, NormalBody, NormalForm};

/// Shows what came in place of documented values by its shape.
pub fn discreet(mismatches: &mut [Mismatch], actual: &NormalForm) {
    let mut body = match &actual.body {
        NormalBody::Json(body) => Some(Index::new(body)),
        NormalBody::None | NormalBody::Text(_) | NormalBody::Binary => None,
    };
    mismatches.iter_mut().for_each(|mismatch| hide(mismatch, actual, body.as_mut()));
}

fn hide(mismatch: &mut Mismatch, actual: &NormalForm, body: Option<&mut Index<'_, Node>>) {
    let came = match (&mismatch.at, mismatch.kind) {
        // These are about the value's presence or number, and do not quote it.
        (
            _,
            MismatchKind::MissingMember | MismatchKind::MissingHeader | MismatchKind::Length | MismatchKind::EmptyBody,
        ) => {
            return;
        }
        // The message of an error may name people; its code belongs to the service.
        (At::Status, _) if actual.status >= 400 => Some(match error_code(&actual.body) {
            Some(code) => format!("{} ({code})", actual.status),
            None => actual.status.to_string(),
        }),
        (At::Status | At::Request(_) | At::Snapshot(_) | At::TableRow(_) | At::Cloud(_) | At::Declared(_), _)
        | (_, MismatchKind::MediaType | MismatchKind::Charset) => {
            return;
        }
        (At::Body, _) => Some(match &actual.body {
            NormalBody::None => "no body".to_owned(),
            NormalBody::Json(_) => "a JSON body".to_owned(),
            NormalBody::Text(text) => format!("a text of {} characters", text.chars().count()),
            NormalBody::Binary => "a binary body".to_owned(),
        }),
        (At::Path(path), kind) => {
            body.and_then(|body| body.at(path.steps())).map(|node| match shown(node, kind) {
                // A review writes it so, too: in quotes, it would be a text.
                Node::Mask(mask) => mask.to_string(),
                shown => shown.to_json().to_string(),
            })
        }
        // What may be in any other place is not known here.
        _ => None,
    };
    mismatch.actual = came.unwrap_or_else(|| "another value".to_owned());
}

/// The code of an error in the form of OData (OData JSON Format 4.01 section 21.1), if it looks like one.
fn error_code(body: &NormalBody) -> Option<String> {
    let NormalBody::Json(body) = body else { return None };
    let code = body.get("error")?.get("code")?.to_json();
    let is_code = |text: &&str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    code.as_str().filter(is_code).map(str::to_owned)
}
