//! A review and a comparison of sets say the same of the same thing.

use super::support::{LAMP, diff_pages, edited, store};
use crate::Kind;
use crate::review::{Of, changes};
use std::sync::Arc;

use graph_contracts::normal::{Declarations, Declared, Level, NormalForm, NormalizationPlan};
use graph_contracts::store::Store;

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
        let declared = Declared(Some(Arc::new(Declarations::of(&store.contracts[0]))));
        NormalForm { declared, ..normalization.documented().clone() }
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
    check_edit("Lamp.Read, Lamp.ReadWrite", "Lamp.ReadWrite", Kind::PermissionRemoved);
    check_edit("Lamp.Read, Lamp.ReadWrite", "Lamp.Read, Lamp.ReadWrite, Lamp.All", Kind::PermissionAdded);
    check_edit("|watts|Int32|The power.|", "|watts|Double|The power.|", Kind::PropertyRetyped);
    check_edit("|watts|Int32|The power.|\n", "|watts|Int32|The power.|\n|hue|Int32|The hue.|\n", Kind::PropertyAdded);
    check_edit("`on`, `off`", "`on`, `off`, `dim`", Kind::EnumValueAdded);
    check_edit("201 Created", "200 OK", Kind::StatusChanged);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by foot\"", Kind::SampleChanged);
    check_edit("\"made\": \"by hand\"", "\"made\": 1", Kind::ResponseMemberRetyped);
    check_edit("\"made\": \"by hand\"", "\"made\": null", Kind::SampleChanged);
    check_edit(", \"made\": \"by hand\"", "", Kind::ResponseMemberRemoved);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by hand\", \"more\": 1", Kind::ResponseMemberAdded);
    check_edit("\"made\": \"by hand\"", "\"made\": \"by hand\", \"@odata.etag\": \"1\"", Kind::AnnotationChanged);
}
