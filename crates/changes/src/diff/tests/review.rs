//! A review and a comparison of sets say the same of the same thing.

use crate::diff::{Effect, Kind};
use crate::review::{About, effect};
use graph_contracts::compare::{At, MismatchKind};
use graph_contracts::json::Path;

#[track_caller]
fn check(mismatch: MismatchKind, at: &At, about: About, kind: Kind) {
    let reviewed = effect(mismatch, at, about);
    assert_eq!(reviewed.breaking, kind.effect() == Effect::Breaking, "{mismatch} at {at} in a review, and {kind}");
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
        check(mismatch, &At::Request("$['a']".into()), About::default(), kind);
    }
}
