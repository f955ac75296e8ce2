//! What holds for any two sets.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::support::{LAMP, diff_metadata, diff_pages};
use crate::{Change, Effect, Kind};

/// The kinds of which one becomes the other when the sets change places.
const MIRRORED: &[(Kind, Kind)] = &[
    (Kind::OperationRemoved, Kind::OperationAdded),
    (Kind::ExampleRemoved, Kind::ExampleAdded),
    (Kind::ResponseMemberRemoved, Kind::ResponseMemberAdded),
    (Kind::RequestMemberRemoved, Kind::RequestMemberAdded),
    (Kind::PropertyRemoved, Kind::PropertyAdded),
    (Kind::PermissionRemoved, Kind::PermissionAdded),
    (Kind::AccountRemoved, Kind::AccountAdded),
    (Kind::CloudRemoved, Kind::CloudAdded),
    (Kind::EnumValueRemoved, Kind::EnumValueAdded),
    (Kind::TypeRemoved, Kind::TypeAdded),
    (Kind::ElementRemoved, Kind::ElementAdded),
];

/// The kind of a change if it is one of those.
fn settled(kind: Kind) -> Option<Kind> {
    match kind {
        // Whether what is no longer shown is still documented, only the set that shows it no more says.
        Kind::RequestMemberUnshown => Some(Kind::RequestMemberRemoved),
        Kind::ResponseMemberUnshown => Some(Kind::ResponseMemberRemoved),
        kind => mirrored(kind).map(|_| kind),
    }
}

/// The kind that such a change has when the sets change places.
fn mirrored(kind: Kind) -> Option<Kind> {
    MIRRORED.iter().find_map(|(one, other)| match kind {
        kind if kind == *one => Some(*other),
        kind if kind == *other => Some(*one),
        _ => None,
    })
}

type Counted = BTreeMap<(Kind, String), usize>;

fn counted(changes: &[Change], kind: impl Fn(Kind) -> Option<Kind>) -> Counted {
    let counted =
        changes.iter().filter_map(|change| Some((kind(change.kind)?, change.subject.clone(), change.places.len())));
    counted.map(|(kind, subject, places)| ((kind, subject), places)).collect()
}

/// A page with some of its lines left out: those after which it is still a page.
fn page(left_out: u32) -> String {
    let may_go = [
        "POST /houses/{id}/lamps",
        "|watts|Int32|The power.|",
        "|Delegated (personal Microsoft account)|Not supported.|",
        "  \"watts\": 60,",
        "  \"name\": \"a\",",
        "  \"id\": \"48d31887-5fad-4d73-a9f5-3c356e68a038\",",
        "    { \"size\": 1, \"made\": \"by hand\" },",
        "If-Match: \"1\"",
    ];
    let gone = |line: &str| may_go.iter().position(|own| *own == line).is_some_and(|bit| left_out & (1 << bit) != 0);
    LAMP.lines().filter(|line| !gone(line)).map(|line| format!("{line}\n")).collect()
}

/// A document with some of its declarations.
fn document(left_out: u32) -> String {
    let parts = [
        "<EntityType Name=\"lamp\"><Key><PropertyRef Name=\"id\"/></Key><Property Name=\"id\" Type=\"Edm.String\"/></EntityType>",
        "<ComplexType Name=\"part\"><Property Name=\"size\" Type=\"Edm.Int32\"/></ComplexType>",
        "<EnumType Name=\"state\"><Member Name=\"on\"/><Member Name=\"off\"/></EnumType>",
        "<Action Name=\"reset\"><Parameter Name=\"hard\" Type=\"Edm.Boolean\"/></Action>",
        "<EntityContainer Name=\"service\"><EntitySet Name=\"lamps\" EntityType=\"n.lamp\"/></EntityContainer>",
    ];
    let kept = parts.iter().enumerate().filter(|(bit, _)| left_out & (1 << bit) == 0);
    let text: String = kept.map(|(_, part)| *part).collect();
    format!(
        "<Edmx><DataServices><Schema Namespace=\"n\"><EnumType Name=\"always\"/>{text}</Schema></DataServices></Edmx>"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_set_does_not_differ_from_itself(left_out: u32) {
        let (page, document) = (page(left_out), document(left_out));
        prop_assert_eq!(diff_pages(&[("a.md", &page)], &[("a.md", &page)]).changes, []);
        prop_assert_eq!(diff_metadata(&document, &document).changes, []);
    }

    #[test]
    fn what_came_one_way_goes_the_other(one: u32, other: u32) {
        let pages = (page(one), page(other));
        let (there, back) = (
            diff_pages(&[("a.md", &pages.0)], &[("a.md", &pages.1)]),
            diff_pages(&[("a.md", &pages.1)], &[("a.md", &pages.0)]),
        );
        prop_assert_eq!(counted(&there.changes, |kind| mirrored(settled(kind)?)), counted(&back.changes, settled));
        let documents = (document(one), document(other));
        let (there, back) =
            (diff_metadata(&documents.0, &documents.1), diff_metadata(&documents.1, &documents.0));
        prop_assert_eq!(counted(&there.changes, |kind| mirrored(settled(kind)?)), counted(&back.changes, settled));
        // What breaks first comes first.
        prop_assert!(there.changes.is_sorted_by_key(|change| change.effect()));
        prop_assert_eq!(there.count(Effect::Breaking), there.changes.iter().filter(|own| own.kind.effect() == Effect::Breaking).count());
    }
}
