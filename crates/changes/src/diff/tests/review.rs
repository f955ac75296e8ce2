//! A review and a comparison of sets say the same of the same thing.

use super::support::{LAMP, diff_pages, edited, store};
use crate::Kind;
use crate::review::{About, Of, changes, kind_of};
use graph_contracts::at::At;
use graph_contracts::compare::MismatchKind;
use graph_contracts::json::Path;
use graph_contracts::normal::{Level, NormalizationPlan};
use graph_contracts::store::Store;

#[track_caller]
fn check(mismatch: MismatchKind, at: &At, about: About, kind: Kind) {
    assert_eq!(kind_of(mismatch, at, about), kind, "{mismatch} at {at}");
}

#[test]
fn both_find_the_same_changes_of_responses_breaking() {
    let member = At::Path(Path::root().member("a"));
    let evolvable = About { is_evolvable: true, ..About::default() };
    let was_empty = About { was_empty: true, ..About::default() };
    for (mismatch, at, about, kind) in [
        (MismatchKind::Status, &At::Status, About::default(), Kind::StatusChanged),
        (MismatchKind::MissingHeader, &At::Header("a".into()), About::default(), Kind::ResponseHeaderRemoved),
        (MismatchKind::Header, &At::Header("a".into()), was_empty, Kind::ResponseHeaderAdded),
        (MismatchKind::Header, &At::Header("a".into()), About::default(), Kind::ResponseHeaderChanged),
        (MismatchKind::MediaType, &At::Header("content-type".into()), About::default(), Kind::ResponseMediaType),
        (MismatchKind::MissingMember, &member, About::default(), Kind::ResponseMemberRemoved),
        (MismatchKind::UndocumentedMember, &member, About::default(), Kind::ResponseMemberAdded),
        (MismatchKind::Type, &member, About::default(), Kind::ResponseMemberRetyped),
        (MismatchKind::Structure, &member, About::default(), Kind::ResponseMemberRetyped),
        (MismatchKind::Null, &member, About::default(), Kind::ResponseMemberNull),
        (MismatchKind::Value, &member, About::default(), Kind::SampleChanged),
        (MismatchKind::Enum, &member, About::default(), Kind::EnumValueAdded),
        (MismatchKind::Enum, &member, evolvable, Kind::EvolvableEnumValueAdded),
        (MismatchKind::EmptyBody, &At::Body, About::default(), Kind::ResponseBodyRemoved),
        (MismatchKind::UnexpectedBody, &At::Body, About::default(), Kind::ResponseBodyAdded),
        (MismatchKind::NotJson, &At::Body, About::default(), Kind::ResponseBodyRetyped),
    ] {
        check(mismatch, at, about, kind);
    }
}

#[test]
fn both_find_the_same_changes_of_requests_breaking() {
    for (mismatch, kind) in [
        (MismatchKind::MissingMember, Kind::RequestMemberRemoved),
        (MismatchKind::UndocumentedMember, Kind::RequestMemberAdded),
        (MismatchKind::Type, Kind::RequestMemberRetyped),
        (MismatchKind::Value, Kind::SampleChanged),
        (MismatchKind::MediaType, Kind::RequestMediaType),
        (MismatchKind::EmptyBody, Kind::RequestBodyRemoved),
        (MismatchKind::UnexpectedBody, Kind::RequestBodyAdded),
    ] {
        check(mismatch, &At::Path(Path::root().member("a")).in_request(), About::default(), kind);
    }
}

/// The kinds of what both find when a page is edited.
#[track_caller]
fn check_edit(from: &str, to: &str, expected: Kind) {
    let page = edited(LAMP, from, to);
    let [old, new] = [LAMP, &page].map(|page| [("lamp-post.md", page)]);
    let of_sets: Vec<Kind> = diff_pages(&old, &new).changes.iter().map(|change| change.kind).collect();
    let [old, new] = [store(&old), store(&new)];
    let form = |store: &Store| {
        let normalization =
            NormalizationPlan::new(&store.contracts[0], &store.rules, Level::Exact).expect("the contract has no rules");
        normalization.documented().clone()
    };
    let reviewed = changes(&new.contracts[0], Of::Stub, &form(&old), &form(&new));
    let of_forms: Vec<Kind> = reviewed.iter().map(|change| change.kind).collect();
    assert_eq!((of_sets, of_forms), (vec![expected], vec![expected]), "{from:?} becomes {to:?}");
}

#[test]
fn both_say_the_same_of_one_edited_page() {
    check_edit("\"extra\": \"x\"", "\"extra\": \"y\"", Kind::SampleChanged);
    check_edit("\"extra\": \"x\"", "\"extra\": 1", Kind::RequestMemberRetyped);
    check_edit("\"extra\": \"x\"", "\"extra\": \"x\", \"more\": 1", Kind::RequestMemberAdded);
    check_edit(",\n  \"extra\": \"x\"", "", Kind::RequestMemberRemoved);
    check_edit("\"state\": \"on\",\n  \"extra\"", "\"extra\"", Kind::RequestMemberUnshown);
    check_edit("\"extra\": \"x\"", "\"extra\": \"x\", \"a@odata.bind\": \"b\"", Kind::AnnotationChanged);
    check_edit("If-Match: \"1\"\n", "", Kind::RequestHeaderRemoved);
    check_edit("If-Match: \"1\"\n", "If-Match: \"2\"\n", Kind::RequestHeaderChanged);
    check_edit("If-Match: \"1\"\n", "If-Match: \"1\"\nPrefer: respond-async\n", Kind::RequestPreferenceAdded);
    check_edit("If-Match: \"1\"\n", "If-Match: \"1\"\nX-Lamp: 1\n", Kind::RequestHeaderAdded);
    check_edit("rooms/7/lamps\n", "rooms/7/lamps?$top=1\n", Kind::RequestQueryChanged);
    check_edit("POST /houses/{id}/lamps\n", "", Kind::OperationRemoved);
    check_edit("POST /houses/{id}/lamps\n", "POST /houses/{id}/lamps\nPOST /huts/{id}/lamps\n", Kind::OperationAdded);
    check_edit("201 Created", "200 OK", Kind::StatusChanged);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by foot\"", Kind::SampleChanged);
    check_edit("\"made\": \"by hand\"", "\"made\": 1", Kind::ResponseMemberRetyped);
    check_edit("\"made\": \"by hand\"", "\"made\": null", Kind::ResponseMemberNull);
    check_edit(", \"made\": \"by hand\"", "", Kind::ResponseMemberRemoved);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by hand\", \"more\": 1", Kind::ResponseMemberAdded);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by hand\", \"@odata.etag\": \"1\"", Kind::AnnotationChanged);
}
