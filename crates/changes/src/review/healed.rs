//! What of a drift that was accepted is over: the service answers there as its page documents.

use graph_contracts::at::At;
use graph_contracts::contract::Contract;
use graph_contracts::normal::NormalForm;

use super::{Of, changes};
use crate::{Change, Kind};

/// Marks the changes of a live answer since its drift was accepted that lead back to what is documented. No caller that follows the page
/// notices them, whatever the way from the drift to the documented state would mean.
pub(crate) fn mark_healed(
    contract: &Contract,
    (documented, now): (&NormalForm, &NormalForm),
    since_accepted: &mut [Change],
) {
    let still: Vec<Change> = changes(contract, Of::Live, documented, now);
    let still: Vec<&At> = still.iter().flat_map(|own| &own.places).filter_map(|place| place.spot.as_ref()).collect();
    for own in since_accepted {
        let is_over = own.places.iter().all(|place| {
            let spot = place.spot.as_ref().filter(|spot| !matches!(spot, At::Request(_) | At::Declared(_)));
            spot.is_some_and(|spot| !still.iter().any(|other| concerns(spot, other)))
        });
        if is_over {
            (own.kind, own.mismatch) = (Kind::DocumentedAgain, None);
        }
    }
}

/// Whether two places are the same, or one is in the other.
fn concerns(one: &At, other: &At) -> bool {
    match (one, other) {
        (At::Body, At::Path(_)) | (At::Path(_), At::Body) => true,
        (At::Path(one), At::Path(other)) => {
            one.steps().starts_with(other.steps()) || other.steps().starts_with(one.steps())
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;
    use graph_contracts::contract::{PageName, TypeIndex, build};
    use graph_contracts::page::Page;

    #[test]
    fn what_is_as_documented_again_breaks_no_caller() {
        let text = "# Get lamp\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps/1\n```\n\n\
            ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"name\": \"a\", \"watts\": 60, \"at\": {\"x\": 1}}\n```\n";
        let page = Page::parse("lamp-get.md", text);
        let contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
        let form = |status: u16, body: &str| {
            let text = format!(
                "GET https://graph.microsoft.com/v1.0/lamps/1\nroute /lamps/1\n\nHTTP {status}\ncontent-type: application/json\n\n{body}"
            );
            NormalForm::parse(&text).expect("a form")
        };
        let documented = form(200, r#"{"name": "a", "watts": 60, "at": {"x": 1}}"#);
        let check = |accepted: NormalForm, now: NormalForm, expected: &[(&str, Effect)]| {
            let mut found = changes(&contract, Of::Live, &accepted, &now);
            mark_healed(&contract, (&documented, &now), &mut found);
            let found: Vec<(String, Effect)> = found.iter().map(|own| (own.what(), own.effect())).collect();
            let expected: Vec<(String, Effect)> =
                expected.iter().map(|(what, effect)| ((*what).to_owned(), *effect)).collect();
            assert_eq!(found, expected);
        };
        let drifted = || form(202, r#"{"name": "a", "watts": null, "at": null}"#);
        check(
            drifted(),
            form(200, r#"{"name": "a", "watts": 60, "at": {"x": 1}}"#),
            &[
                ("as documented again at status", Effect::Cosmetic),
                ("as documented again at $['watts']", Effect::Cosmetic),
                ("as documented again at $['at']", Effect::Cosmetic),
            ],
        );
        // A part is over, and what is beside it, or only in part as documented, is not.
        let partly = form(200, r#"{"name": 1, "watts": 60, "at": {"x": "y"}}"#);
        let mut found = changes(&contract, Of::Live, &drifted(), &partly);
        mark_healed(&contract, (&documented, &partly), &mut found);
        let over = found.iter().filter(|own| own.kind == Kind::DocumentedAgain);
        let over: Vec<&str> = over.map(|own| own.subject.as_str()).collect();
        assert_eq!((over, found.len()), (vec!["status", "$['watts']"], 4), "{found:?}");
    }
}
