//! What a change of metadata means by who sees the values, and by what is said of them elsewhere.

use super::metadata::SERVICE;
use super::support::{diff_metadata, edited};

/// The kinds of the changes between two documents, with their subjects.
fn kinds(old: &str, new: &str) -> Vec<String> {
    diff_metadata(old, new).changes.iter().map(|own| format!("{} {}", own.kind, own.subject)).collect()
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(kinds(old, new), expected);
}

fn with(elements: &str) -> String {
    edited(SERVICE, "<EntityContainer", &format!("{elements}<EntityContainer"))
}

/// An annotation with a record of the vocabulary Capabilities.
fn restricted(term: &str, member: &str, allowed: bool) -> String {
    format!(
        "<Annotation Term=\"Org.OData.Capabilities.V1.{term}\"><Record><PropertyValue Property=\"{member}\" \
         Bool=\"{allowed}\"/></Record></Annotation>"
    )
}

fn about(target: &str, annotations: &str) -> String {
    format!("<Annotations Target=\"{target}\">{annotations}</Annotations>")
}

#[test]
fn parameters_and_results_that_become_enumerations_are_the_same_in_json() {
    let operation = |parameter: &str, returned: &str| {
        with(&format!(
            "<Action Name=\"tint\"><Parameter Name=\"tone\" Type=\"{parameter}\"/><ReturnType Type=\"{returned}\"/></Action>"
        ))
    };
    let [text, closed, open] = ["Edm.String", "s.state", "s.mode"];
    for (old, new, of_parameter, of_result) in [
        (text, closed, "parameter-retyped", "property-enumerated"),
        (text, open, "property-enumerated", "property-enumerated"),
        (closed, text, "property-not-enumerated", "return-type-changed"),
        (open, text, "property-not-enumerated", "property-not-enumerated"),
        ("Edm.Int32", "Edm.Int64", "parameter-widened", "return-type-changed"),
        ("Edm.Int64", "Edm.Int32", "parameter-retyped", "response-property-narrowed"),
    ] {
        let (stays, of) = ("Edm.Boolean", "of tint(tone)");
        check(&operation(old, stays), &operation(new, stays), &[&format!("{of_parameter} parameter tone {of}")]);
        check(&operation(stays, old), &operation(stays, new), &[&format!("{of_result} return type {of}")]);
    }
    check(
        &operation("Collection(Edm.String)", "Edm.Boolean"),
        &operation("Collection(s.mode)", "Edm.Boolean"),
        &["property-enumerated parameter tone of tint(tone)"],
    );
}

#[test]
fn a_type_definition_is_another_name_of_its_type_with_what_restricts_it() {
    let watts = "<Property Name=\"watts\" Type=\"Edm.Int32\"/>";
    let definition = |facets: &str| {
        let typed = edited(SERVICE, watts, "<Property Name=\"code\" Type=\"s.code\"/>");
        let definition = format!("<TypeDefinition Name=\"code\" UnderlyingType=\"Edm.String\"{facets}/>");
        edited(&typed, "<EntityContainer", &format!("{definition}<EntityContainer"))
    };
    let plain = edited(&definition(""), "Type=\"s.code\"", "Type=\"Edm.String\"");
    check(&plain, &definition(""), &["property-defined n.lamp/code"]);
    check(&definition(""), &plain, &["property-defined n.lamp/code"]);
    let short = definition(" MaxLength=\"4\"");
    let plain = edited(&short, "Type=\"s.code\"", "Type=\"Edm.String\"");
    check(&plain, &short, &["property-narrowed n.lamp/code", "property-defined n.lamp/code"]);
    check(&short, &plain, &["property-widened n.lamp/code", "property-defined n.lamp/code"]);
    // What restricts the definition restricts whatever is of it.
    check(&definition(" MaxLength=\"8\""), &short, &["property-narrowed n.code"]);
    check(&short, &definition(" MaxLength=\"8\""), &["property-widened n.code"]);
}

#[test]
fn what_is_bound_to_a_base_type_now_is_invoked_as_before() {
    let old = SERVICE;
    let new =
        edited(SERVICE, "Name=\"bindingParameter\" Type=\"s.lamp\"", "Name=\"bindingParameter\" Type=\"s.thing\"");
    check(old, &new, &[]);
    check(&new, old, &["operation-removed n.thing: reset(hard, mode)", "operation-added n.lamp: reset(hard, mode)"]);
    let optional =
        edited(&new, "Name=\"hard\" Type=\"Edm.Boolean\"", "Name=\"hard\" Type=\"Edm.Boolean\" Nullable=\"false\"");
    check(old, &optional, &["parameter-not-nullable parameter hard of n.thing: reset(hard, mode)"]);
    let thing = edited(
        &edited(old, "Type=\"s.part\" Nullable=\"false\"", "Type=\"s.thing\""),
        "Name=\"bindingParameter\" Type=\"s.lamp\"",
        "Name=\"bindingParameter\" Type=\"s.thing\"",
    );
    assert_eq!(kinds(old, &thing).len(), 2, "with another result");
    // One of a collection is another.
    let collection = edited(
        old,
        "Name=\"bindingParameter\" Type=\"s.lamp\"",
        "Name=\"bindingParameter\" Type=\"Collection(s.thing)\"",
    );
    assert_eq!(kinds(old, &collection).len(), 2);
}

#[test]
fn names_in_another_case_are_one_change_each() {
    for (from, to, expected) in [
        ("Action Name=\"reset\"", "Action Name=\"Reset\"", "name-case n.lamp: Reset(hard, mode)"),
        ("Name=\"hard\"", "Name=\"Hard\"", "name-case parameter Hard of n.lamp: reset(Hard, mode)"),
        ("EntitySet Name=\"lamps\"", "EntitySet Name=\"Lamps\"", "name-case Lamps"),
        ("Member Name=\"off\"", "Member Name=\"Off\"", "enum-value-case n.state/Off"),
        ("Property Name=\"weight\"", "Property Name=\"Weight\"", "property-case n.part/Weight"),
    ] {
        check(SERVICE, &edited(SERVICE, from, to), &[expected]);
    }
    let (old, new) = (with("<EntityType Name=\"extra\"/>"), with("<EntityType Name=\"Extra\"/>"));
    check(&old, &new, &["type-renamed n.extra"]);
}

#[test]
fn annotations_of_types_and_paths_allow_and_restrict() {
    let no_filter = |target: &str| about(target, &restricted("FilterRestrictions", "Filterable", false));
    for (target, subject) in [
        ("n.lamp", "n.lamp"),
        ("s.lamp/parts", "n.lamp/parts"),
        ("n.service/lamps", "lamps"),
        ("n.service/lamps/parts", "lamps/parts"),
        ("n.service/lamps/room/n.room/lights", "lamps/room/lights"),
    ] {
        let new = edited(SERVICE, "</Schema>", &format!("{}</Schema>", no_filter(target)));
        check(SERVICE, &new, &[&format!("capability-removed {subject}")]);
        check(&new, SERVICE, &[&format!("capability-added {subject}")]);
    }
    // One room is neither inserted nor filtered.
    for (target, expected) in [("n.lamp/room", 0), ("n.service/me", 0), ("n.lamp/parts", 1), ("n.service/lamps", 1)] {
        let new = edited(SERVICE, "</Schema>", &format!("{}</Schema>", no_filter(target)));
        assert_eq!(kinds(SERVICE, &new).len(), expected, "{target}");
    }
    // What a document both allows and denies is not known.
    let both =
        restricted("FilterRestrictions", "Filterable", true) + &restricted("FilterRestrictions", "Filterable", false);
    let disputed = edited(SERVICE, "</Schema>", &format!("{}</Schema>", about("n.lamp", &both)));
    let denied = edited(SERVICE, "</Schema>", &format!("{}</Schema>", no_filter("n.lamp")));
    check(&disputed, &denied, &[]);
    check(&denied, &disputed, &[]);
    let record = "<Record><PropertyValue Property=\"NavigationProperty\" NavigationPropertyPath=\"parts\"/>\
        <PropertyValue Property=\"DeleteRestrictions\"><Record><PropertyValue Property=\"Deletable\" Bool=\"false\"/></Record></PropertyValue></Record>";
    let list = format!(
        "<Annotation Term=\"Org.OData.Capabilities.V1.NavigationRestrictions\"><Record><PropertyValue Property=\"RestrictedProperties\">\
         <Collection>{record}</Collection></PropertyValue></Record></Annotation>"
    );
    let new = edited(SERVICE, "</Schema>", &format!("{}</Schema>", about("n.service/lamps", &list)));
    check(SERVICE, &new, &["capability-removed lamps/parts"]);
}

#[test]
fn a_path_that_takes_nothing_sends_nothing() {
    let denied =
        restricted("InsertRestrictions", "Insertable", false) + &restricted("UpdateRestrictions", "Updatable", false);
    let denied_at = |targets: &[&str]| {
        let all: String = targets.iter().map(|target| about(target, &denied)).collect();
        let service = edited(SERVICE, "Target=\"s.lamp/parts\"", "Target=\"s.lamp/room\"");
        edited(&service, "</Schema>", &format!("{all}</Schema>"))
    };
    let added = |service: &str| {
        let (size, tone) =
            ("<Property Name=\"size\"", "<Property Name=\"tone\" Type=\"Edm.Int32\" Nullable=\"false\"/>");
        kinds(service, &edited(service, size, &format!("{tone}{size}")))
    };
    let (required, optional) = (["property-required n.part/tone"], ["property-added n.part/tone"]);
    // Parts are contained in lamps, and stand in no set.
    let lamp = "n.service/lamps";
    assert_eq!(added(SERVICE), required);
    assert_eq!(added(&denied_at(&["n.service/lamps/parts"])), required, "parts are created with their lamp");
    assert_eq!(added(&denied_at(&[lamp, "n.service/lamps/parts"])), optional);
    assert_eq!(added(&denied_at(&[lamp, "n.lamp/parts"])), optional);
    assert_eq!(added(&denied_at(&[lamp, "s.part"])), optional);
    let allowed = about("s.lamp/parts", &restricted("InsertRestrictions", "Insertable", true));
    let nearer = edited(&denied_at(&[lamp, "s.part"]), "</Schema>", &format!("{allowed}</Schema>"));
    assert_eq!(added(&nearer), required, "what is said of the property is nearer");
    // Another set leads to them, too.
    let other = edited(
        &denied_at(&[lamp, "n.service/lamps/parts", "n.service/others"]),
        "<Singleton",
        "<EntitySet Name=\"others\" EntityType=\"n.lamp\"/><Singleton",
    );
    assert_eq!(added(&other), required);
    let other = edited(&other, "</Schema>", &format!("{}</Schema>", about("n.service/others/parts", &denied)));
    assert_eq!(added(&other), optional);
}

#[test]
fn an_update_leaves_out_what_stays_and_a_default_value_stands_for_what_is_left_out() {
    let floor = "<Property Name=\"floor\" Type=\"Edm.Int32\"/>";
    let more =
        |rest: &str| edited(SERVICE, floor, &format!("{floor}<Property Name=\"roof\" Type=\"Edm.Int32\"{rest}/>"));
    // A room is a singleton, and nobody creates it.
    check(SERVICE, &more(" Nullable=\"false\""), &["property-added n.room/roof"]);
    let rooms =
        |service: &str| edited(service, "<Singleton", "<EntitySet Name=\"rooms\" EntityType=\"n.room\"/><Singleton");
    check(&rooms(SERVICE), &rooms(&more(" Nullable=\"false\"")), &["property-required n.room/roof"]);
    check(&rooms(SERVICE), &rooms(&more(" Nullable=\"false\" DefaultValue=\"1\"")), &["property-added n.room/roof"]);
    let put = "<Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record><PropertyValue Property=\"UpdateMethod\" \
        EnumMember=\"Org.OData.Capabilities.V1.HttpMethod/PUT\"/></Record></Annotation>";
    let put = |service: &str| edited(service, "</Schema>", &format!("{}</Schema>", about("n.service/me", put)));
    check(&put(SERVICE), &put(&more(" Nullable=\"false\"")), &["property-required n.room/roof"]);
}

#[test]
fn what_is_only_taken_or_only_returned_is_judged_so() {
    let service = |operation: &str, properties: &str, members: &str| {
        with(&format!(
            "<EnumType Name=\"tone\"><Member Name=\"warm\"/>{members}</EnumType><ComplexType Name=\"look\">\
             <Property Name=\"tone\" Type=\"s.tone\"/>{properties}</ComplexType>{operation}"
        ))
    };
    let returned = "<Function Name=\"seen\"><ReturnType Type=\"Collection(s.look)\"/></Function>";
    let taken = "<Action Name=\"show\"><Parameter Name=\"look\" Type=\"s.look\"/></Action>";
    let (cold, both) = ("<Member Name=\"cold\"/>", format!("{returned}{taken}"));
    for (operation, added, removed) in [
        (returned, "enum-value-added", "response-enum-value-removed"),
        (taken, "request-enum-value-added", "enum-value-removed"),
        (&both, "enum-value-added", "enum-value-removed"),
    ] {
        let (one, other) = (service(operation, "", ""), service(operation, "", cold));
        check(&one, &other, &[&format!("{added} n.tone/cold")]);
        check(&other, &one, &[&format!("{removed} n.tone/cold")]);
    }
    let hue = |of_type: &str| format!("<Property Name=\"hue\" {of_type}/>");
    for (operation, old, new, there, back) in [
        (taken, "Type=\"Edm.Int32\"", "Type=\"Edm.Int64\"", "property-widened", "property-retyped"),
        (returned, "Type=\"Edm.Int32\"", "Type=\"Edm.Int64\"", "property-retyped", "response-property-narrowed"),
        (&both, "Type=\"Edm.Int32\"", "Type=\"Edm.Int64\"", "property-retyped", "property-retyped"),
        (
            taken,
            "Type=\"Edm.Int32\" Nullable=\"false\"",
            "Type=\"Edm.Int32\"",
            "request-property-nullable",
            "property-not-nullable",
        ),
        (
            returned,
            "Type=\"Edm.Int32\" Nullable=\"false\"",
            "Type=\"Edm.Int32\"",
            "property-nullable",
            "response-property-not-nullable",
        ),
        (taken, "Type=\"Edm.Int32\"", "Type=\"Edm.Int32\" DefaultValue=\"1\"", "default-changed", "default-changed"),
        (
            returned,
            "Type=\"Edm.Int32\"",
            "Type=\"Edm.Int32\" DefaultValue=\"1\"",
            "response-default-changed",
            "response-default-changed",
        ),
        (taken, "Type=\"s.tone\"", "Type=\"Edm.String\"", "property-not-enumerated", "request-property-enumerated"),
        (returned, "Type=\"s.tone\"", "Type=\"Edm.String\"", "response-property-not-enumerated", "property-enumerated"),
    ] {
        let [one, other] = [old, new].map(|of_type| service(operation, &hue(of_type), ""));
        check(&one, &other, &[&format!("{there} n.look/hue")]);
        check(&other, &one, &[&format!("{back} n.look/hue")]);
    }
}
