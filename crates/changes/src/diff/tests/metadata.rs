//! What two documents of metadata declare differently.

use super::support::{diff_metadata, edited, line};

/// A small service, one declaration a line.
pub(super) const SERVICE: &str = r#"<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices>
<Schema Namespace="n" Alias="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="thing" Abstract="true">
<Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityType Name="lamp" BaseType="s.thing" OpenType="true">
<Property Name="watts" Type="Edm.Int32"/>
<Property Name="state" Type="s.state" Nullable="false"/>
<NavigationProperty Name="parts" Type="Collection(s.part)" ContainsTarget="true"/>
<NavigationProperty Name="room" Type="s.room"/>
</EntityType>
<EntityType Name="part" BaseType="s.thing">
<Property Name="size" Type="Edm.Int32"/>
<Property Name="weight" Type="Edm.Double"/>
</EntityType>
<EntityType Name="room" BaseType="s.thing">
<Property Name="floor" Type="Edm.Int32"/>
</EntityType>
<EnumType Name="state">
<Member Name="on" Value="0"/>
<Member Name="off" Value="1"/>
</EnumType>
<EnumType Name="mode">
<Member Name="day" Value="0"/>
<Member Name="unknownFutureValue" Value="1"/>
</EnumType>
<Action Name="reset" IsBound="true">
<Parameter Name="bindingParameter" Type="s.lamp"/>
<Parameter Name="hard" Type="Edm.Boolean"/>
<Parameter Name="mode" Type="s.mode" Nullable="false"/>
<ReturnType Type="s.part" Nullable="false"/>
</Action>
<Function Name="find" IsBound="true" IsComposable="true">
<Parameter Name="bindingParameter" Type="Collection(s.lamp)"/>
<Parameter Name="text" Type="Edm.String"/>
<ReturnType Type="Collection(s.lamp)"/>
</Function>
<EntityContainer Name="service">
<EntitySet Name="lamps" EntityType="n.lamp"/>
<Singleton Name="me" Type="n.room"/>
</EntityContainer>
<Annotations Target="s.lamp/parts">
<Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="true"/></Record></Annotation>
</Annotations>
</Schema>
</edmx:DataServices>
</edmx:Edmx>
"#;

#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    check_documents(SERVICE, &edited(SERVICE, from, to), expected);
}

#[track_caller]
fn check_documents(old: &str, new: &str, expected: &[&str]) {
    let shorter = |line: String| line.replace("old.xml", "o").replace("new.xml", "n");
    let found: Vec<String> = diff_metadata(old, new).changes.iter().map(line).map(shorter).collect();
    assert_eq!(found, expected);
}

#[test]
fn facets_and_default_values_restrict_what_is_sent() {
    let watts = "<Property Name=\"watts\" Type=\"Edm.Int32\"/>";
    let check = |old: &str, new: &str, expected: &[&str]| {
        let with =
            |facets: &str| edited(SERVICE, watts, &format!("<Property Name=\"code\" Type=\"Edm.String\" {facets}"));
        check_documents(&with(old), &with(new), expected);
    };
    let computed = "><Annotation Term=\"Org.OData.Core.V1.Computed\"/></Property>";
    let pattern = "><Annotation Term=\"Org.OData.Validation.V1.Pattern\" String=\"a+\"/></Property>";
    let change = |kind: &str, words: &str| format!("{kind} n.lamp/code: {words} (o:10 > n:10)");
    check("MaxLength=\"128\"/>", "MaxLength=\"64\"/>", &[&change("property-narrowed", "MaxLength 128 > MaxLength 64")]);
    check("MaxLength=\"64\"/>", "MaxLength=\"max\"/>", &[&change("property-widened", "MaxLength 64 > MaxLength max")]);
    check("/>", "MaxLength=\"64\"/>", &[&change("property-narrowed", "nothing > MaxLength 64")]);
    check("MaxLength=\"64\"/>", "/>", &[&change("property-widened", "MaxLength 64 > nothing")]);
    check("/>", "MaxLength=\"max\"/>", &[]);
    check("Scale=\"2\"/>", "/>", &[&change("property-narrowed", "Scale 2 > nothing")]);
    check("Scale=\"2\"/>", "Scale=\"variable\"/>", &[&change("property-widened", "Scale 2 > Scale variable")]);
    check("/>", "Precision=\"10\"/>", &[&change("property-narrowed", "nothing > Precision 10")]);
    check("/>", "Unicode=\"false\"/>", &[&change("property-narrowed", "nothing > Unicode false")]);
    check("/>", pattern, &[&change("property-narrowed", "nothing > Pattern a+")]);
    check(pattern, "/>", &[&change("property-widened", "Pattern a+ > nothing")]);
    check("/>", "DefaultValue=\"a\"/>", &[&change("default-changed", "nothing > DefaultValue a")]);
    check(
        &format!("MaxLength=\"128\"{computed}"),
        &format!("MaxLength=\"64\"{computed}"),
        &[&change("response-property-narrowed", "MaxLength 128 > MaxLength 64")],
    );
    let text = "<Parameter Name=\"text\" Type=\"Edm.String\"/>";
    let parameter = |facets: &str| edited(SERVICE, text, &text.replace("/>", &format!(" {facets}/>")));
    check_documents(
        &parameter(""),
        &parameter("MaxLength=\"4\""),
        &["parameter-narrowed parameter text of Collection(n.lamp): find(text): nothing > MaxLength 4 (o:38 > n:38)"],
    );
    check_documents(
        &parameter("MaxLength=\"4\""),
        &parameter("MaxLength=\"8\""),
        &[
            "parameter-widened parameter text of Collection(n.lamp): find(text): MaxLength 4 > MaxLength 8 (o:38 > n:38)",
        ],
    );
}

#[test]
fn a_name_in_another_case_is_one_change() {
    check("Name=\"watts\"", "Name=\"Watts\"", &["property-case n.lamp/Watts: watts > Watts (o:10 > n:10)"]);
}

#[test]
fn a_string_that_becomes_an_enumeration_is_the_same_in_json() {
    let watts = "<Property Name=\"watts\" Type=\"Edm.Int32\"";
    let with = |rest: &str| edited(SERVICE, &format!("{watts}/>"), &format!("<Property Name=\"tone\" {rest}"));
    let computed = "><Annotation Term=\"Org.OData.Core.V1.Computed\"/></Property>";
    let check = |old: &str, new: &str, expected: &str| check_documents(&with(old), &with(new), &[expected]);
    check(
        "Type=\"Edm.String\"/>",
        "Type=\"s.state\"/>",
        "request-property-enumerated n.lamp/tone: Edm.String > n.state (o:10 > n:10)",
    );
    check(
        "Type=\"Edm.String\"/>",
        "Type=\"s.mode\"/>",
        "property-enumerated n.lamp/tone: Edm.String > n.mode (o:10 > n:10)",
    );
    check(
        &format!("Type=\"Edm.String\"{computed}"),
        &format!("Type=\"s.state\"{computed}"),
        "property-enumerated n.lamp/tone: Edm.String > n.state (o:10 > n:10)",
    );
    check(
        "Type=\"s.mode\"/>",
        "Type=\"Edm.String\"/>",
        "property-not-enumerated n.lamp/tone: n.mode > Edm.String (o:10 > n:10)",
    );
    check(
        "Type=\"s.state\"/>",
        "Type=\"Edm.String\"/>",
        "response-property-not-enumerated n.lamp/tone: n.state > Edm.String (o:10 > n:10)",
    );
}

#[test]
fn what_annotations_rule_out_is_a_capability() {
    let insert = "<PropertyValue Property=\"Insertable\" Bool=\"true\"/>";
    let restrictions = "Org.OData.Capabilities.V1.InsertRestrictions";
    let check = |term: &str, record: &str, expected: &[&str]| {
        let new = edited(SERVICE, restrictions, &format!("Org.OData.Capabilities.V1.{term}"));
        check_documents(SERVICE, &edited(&new, insert, record), expected);
    };
    let no = |name: &str| format!("<PropertyValue Property=\"{name}\" Bool=\"false\"/>");
    let change = |words: &str| format!("capability-removed n.lamp/parts: {words} (o:12 > n:46)");
    check("FilterRestrictions", &no("Filterable"), &[&change("$filter allowed > $filter not allowed")]);
    check("CountRestrictions", &no("Countable"), &[&change("count allowed > count not allowed")]);
    check("UpdateRestrictions", &no("Upsertable"), &[&change("upsert allowed > upsert not allowed")]);
    let put = "<PropertyValue Property=\"UpdateMethod\" EnumMember=\"Org.OData.Capabilities.V1.HttpMethod/PUT\"/>";
    check("UpdateRestrictions", put, &[&change("update by PATCH > update by PUT")]);
    let size = "<PropertyValue Property=\"NonFilterableProperties\"><Collection><PropertyPath>size</PropertyPath></Collection></PropertyValue>";
    let words = "capability-removed n.lamp/parts: $filter of size allowed > $filter of size not allowed (o:12 > n:12)";
    check("FilterRestrictions", size, &[words]);
}

#[test]
fn layout_and_aliases_are_no_change() {
    check(
        "<Property Name=\"watts\" Type=\"Edm.Int32\"/>",
        "\n\n<Property Name=\"watts\"   Type=\"Edm.Int32\"></Property>",
        &[],
    );
    check("Type=\"s.part\" Nullable", "Type=\"n.part\" Nullable", &[]);
    check_documents(SERVICE, &SERVICE.replace("s.", "x.").replace("Alias=\"s\"", "Alias=\"x\""), &[]);
}

#[test]
fn only_what_callers_send_has_to_be_sent() {
    const USAGE: &str = r#"<ComplexType Name="usage"><Property Name="hours" Type="Edm.Int32"/></ComplexType>"#;
    const READ_ONLY: &str = r#"<Annotations Target="s.service/lamps"><Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation><Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="false"/></Record></Annotation></Annotations>"#;
    let kinds = |service: &str, from: &str, to: &str| -> Vec<&'static str> {
        let found = diff_metadata(service, &edited(service, from, to)).changes;
        found.iter().map(|own| own.kind.name()).collect()
    };
    let with = |more: &str, from: &str, to: &str| {
        edited(&edited(SERVICE, "<EntityContainer", &format!("{more}<EntityContainer")), from, to)
    };
    let (hours, required) =
        ("<Property Name=\"hours\"", "<Property Name=\"days\" Type=\"Edm.Int32\" Nullable=\"false\"/>");
    let more = format!("{required}{hours}");
    // Nothing is known of a type that nobody names, and one that is only returned is never sent.
    let returned = "<Function Name=\"used\"><ReturnType Type=\"n.usage\"/></Function>";
    for service in [with(USAGE, "", ""), with(&format!("{USAGE}{returned}"), "", "")] {
        assert_eq!(kinds(&service, hours, &more), ["property-added"]);
        let (null, never) =
            ("Name=\"hours\" Type=\"Edm.Int32\"", "Name=\"hours\" Type=\"Edm.Int32\" Nullable=\"false\"");
        assert_eq!(kinds(&service, null, never), ["response-property-not-nullable"]);
    }
    // A parameter, and what is nested in an entity.
    let parameter = "<Action Name=\"use\"><Parameter Name=\"usage\" Type=\"Collection(s.usage)\"/></Action>";
    let nested = with(
        USAGE,
        "Name=\"watts\" Type=\"Edm.Int32\"/>",
        "Name=\"watts\" Type=\"Edm.Int32\"/><Property Name=\"usage\" Type=\"n.usage\"/>",
    );
    for service in [with(&format!("{USAGE}{parameter}"), "", ""), nested.clone()] {
        assert_eq!(kinds(&service, hours, &more), ["property-required"]);
    }
    // Entities of a set that callers can only read, and what is nested in them; not what is contained in them.
    let read_only = |service: &str| edited(service, "<Annotations", &format!("{READ_ONLY}<Annotations"));
    assert_eq!(kinds(&read_only(&nested), hours, &more), ["property-added"]);
    let (watts, size) = ("<Property Name=\"watts\"", "<Property Name=\"size\"");
    for (service, expected) in [
        (read_only(SERVICE), "property-added"),
        // Who updates leaves out what stays as it is.
        (edited(&read_only(SERVICE), "\"Updatable\" Bool=\"false\"", "\"Updatable\" Bool=\"true\""), "property-added"),
        (
            edited(&read_only(SERVICE), "\"Insertable\" Bool=\"false\"", "\"Insertable\" Bool=\"true\""),
            "property-required",
        ),
    ] {
        assert_eq!(kinds(&service, watts, &format!("{required}{watts}")), [expected]);
        assert_eq!(kinds(&service, size, &format!("{required}{size}")), ["property-required"]);
    }
}

#[test]
fn properties_come_go_and_become_others() {
    let watts = "<Property Name=\"watts\" Type=\"Edm.Int32\"/>";
    check(watts, "", &["property-removed n.lamp/watts: Edm.Int32 > nothing (o:10 > n:9)"]);
    check(
        watts,
        &format!("{watts}<Property Name=\"hue\" Type=\"Edm.Int32\"/>"),
        &["property-added n.lamp/hue: nothing > Edm.Int32 (o:9 > n:10)"],
    );
    check(
        watts,
        &format!("{watts}<Property Name=\"hue\" Type=\"Edm.Int32\" Nullable=\"false\"/>"),
        &["property-required n.lamp/hue: nothing > Edm.Int32 (o:9 > n:10)"],
    );
    check(
        watts,
        &format!("{watts}<Property Name=\"hues\" Type=\"Collection(Edm.Int32)\" Nullable=\"false\"/>"),
        &["property-added n.lamp/hues: nothing > Collection(Edm.Int32) (o:9 > n:10)"],
    );
    check(
        watts,
        "<Property Name=\"watts\" Type=\"Edm.Int64\"/>",
        &["property-retyped n.lamp/watts: Edm.Int32 > Edm.Int64 (o:10 > n:10)"],
    );
    check(
        watts,
        "<Property Name=\"watts\" Type=\"Edm.Int32\" Nullable=\"false\"/>",
        &["property-not-nullable n.lamp/watts: a value or null > a value (o:10 > n:10)"],
    );
    check(
        "Name=\"state\" Type=\"s.state\" Nullable=\"false\"",
        "Name=\"state\" Type=\"s.state\"",
        &["property-nullable n.lamp/state: a value > a value or null (o:11 > n:11)"],
    );
    check(
        "Name=\"room\" Type=\"s.room\"",
        "Name=\"room\" Type=\"Collection(s.room)\"",
        &["property-retyped n.lamp/room: n.room > Collection(n.room) (o:13 > n:13)"],
    );
    check(
        " ContainsTarget=\"true\"",
        "",
        &["containment-changed n.lamp/parts: contained > not contained (o:12 > n:12)"],
    );
}

#[test]
fn a_property_that_moves_to_a_base_type_is_no_change() {
    let size = "<Property Name=\"size\" Type=\"Edm.Int32\"/>\n";
    let without = edited(SERVICE, size, "");
    let moved = edited(
        &without,
        "</EntityType>\n<EntityType Name=\"lamp\"",
        &format!("{size}</EntityType>\n<EntityType Name=\"lamp\""),
    );
    check_documents(SERVICE, &moved, &[]);
    // Nor is a base type between two, but what it declares may be used.
    let between = edited(
        SERVICE,
        "<EntityType Name=\"part\" BaseType=\"s.thing\">\n<Property Name=\"size\" Type=\"Edm.Int32\"/>",
        "<EntityType Name=\"piece\" BaseType=\"s.thing\">\n<Property Name=\"size\" Type=\"Edm.Int32\"/>\n</EntityType>\n<EntityType Name=\"part\" BaseType=\"s.piece\">",
    );
    check_documents(
        SERVICE,
        &between,
        &[
            "type-added n.piece: nothing > entity type (- > n:15)",
            "base-type-added n.part: n.thing > n.piece (o:15 > n:18)",
        ],
    );
    // The other way, values of the base type lose it.
    check_documents(&moved, SERVICE, &["property-removed n.thing/size: Edm.Int32 > nothing (o:8 > n:5)"]);
}

#[test]
fn types_come_go_and_become_others() {
    let room = "<EntityType Name=\"extra\"/>\n";
    let with = edited(SERVICE, "<EnumType Name=\"state\">", &format!("{room}<EnumType Name=\"state\">"));
    check_documents(SERVICE, &with, &["type-added n.extra: nothing > entity type (- > n:22)"]);
    check_documents(&with, SERVICE, &["type-removed n.extra: entity type > nothing (o:22 > -)"]);
    check(" Abstract=\"true\"", "", &["type-concrete n.thing: abstract > not abstract (o:5 > n:5)"]);
    check(
        "<EntityType Name=\"room\"",
        "<EntityType Abstract=\"true\" Name=\"room\"",
        &["type-abstract n.room: not abstract > abstract (o:19 > n:19)"],
    );
    check(" OpenType=\"true\"", "", &["type-closed n.lamp: open > not open (o:9 > n:9)"]);
    check(
        "<EntityType Name=\"room\"",
        "<EntityType OpenType=\"true\" Name=\"room\"",
        &["type-opened n.room: not open > open (o:19 > n:19)"],
    );
    check(
        "<EntityType Name=\"room\"",
        "<EntityType HasStream=\"true\" Name=\"room\"",
        &["stream-added n.room: no media entity > media entity (o:19 > n:19)"],
    );
    check(
        "<PropertyRef Name=\"id\"/>",
        "<PropertyRef Name=\"id\"/><PropertyRef Name=\"x\"/>",
        &["key-changed n.thing: id > id, x (o:5 > n:5)"],
    );
    check(
        "<EntityType Name=\"room\" BaseType=\"s.thing\">",
        "<EntityType Name=\"room\" BaseType=\"s.part\">",
        &["base-type-added n.room: n.thing > n.part (o:19 > n:19)"],
    );
}

#[test]
fn a_renamed_type_is_one_change_with_all_its_uses() {
    let new =
        SERVICE.replace("\"part\"", "\"piece\"").replace("s.part)", "s.piece)").replace("\"s.part\"", "\"s.piece\"");
    let diff = diff_metadata(SERVICE, &new);
    let [change] = diff.changes.as_slice() else { panic!("{:?}", diff.changes) };
    assert_eq!(
        (change.kind.name(), change.before.as_str(), change.after.as_str()),
        ("type-renamed", "n.part", "n.piece")
    );
    let at: Vec<&str> = change.places.iter().map(|place| place.at.as_str()).collect();
    assert_eq!(at, ["property parts of n.lamp", "type n.piece", "return type of n.lamp: reset(hard, mode)"]);
    // So is a namespace.
    let renamed = SERVICE.replace("Namespace=\"n\"", "Namespace=\"m\"").replace("\"n.", "\"m.");
    let kinds: Vec<&str> = diff_metadata(SERVICE, &renamed).changes.iter().map(|own| own.kind.name()).collect();
    assert!(kinds.iter().all(|kind| *kind == "type-renamed"), "{kinds:?}");
}

#[test]
fn a_type_that_goes_takes_along_what_led_to_it() {
    let new = edited(SERVICE, "<NavigationProperty Name=\"room\" Type=\"s.room\"/>\n", "");
    let new = edited(
        &new,
        "<EntityType Name=\"room\" BaseType=\"s.thing\">\n<Property Name=\"floor\" Type=\"Edm.Int32\"/>\n</EntityType>\n",
        "",
    );
    let new = edited(&new, "<Singleton Name=\"me\" Type=\"n.room\"/>\n", "");
    let diff = diff_metadata(SERVICE, &new);
    let found: Vec<(&str, usize)> = diff.changes.iter().map(|own| (own.kind.name(), own.places.len())).collect();
    assert_eq!(found, [("type-removed", 2), ("element-removed", 1)]);
}

#[test]
fn enumerations_grow_and_shrink() {
    check("<Member Name=\"off\" Value=\"1\"/>\n", "", &["enum-value-removed n.state/off: off > nothing (o:24 > n:22)"]);
    check(
        "<Member Name=\"off\" Value=\"1\"/>",
        "<Member Name=\"off\" Value=\"1\"/><Member Name=\"dim\"/>",
        &["enum-value-added n.state/dim: nothing > dim (o:22 > n:24)"],
    );
    check(
        "<Member Name=\"off\" Value=\"1\"/>",
        "<Member Name=\"off\" Value=\"1\"/><Member Name=\"unknownFutureValue\"/>",
        &["enum-evolvable n.state/unknownFutureValue: nothing > unknownFutureValue (o:22 > n:24)"],
    );
    check(
        "<Member Name=\"day\" Value=\"0\"/>",
        "<Member Name=\"day\" Value=\"0\"/><Member Name=\"dusk\"/>",
        &["request-enum-value-added n.mode/dusk: nothing > dusk (o:26 > n:27)"],
    );
    check(
        "Name=\"off\" Value=\"1\"",
        "Name=\"off\" Value=\"2\"",
        &["enum-number-changed n.state/off: 1 > 2 (o:24 > n:24)"],
    );
    check(
        "<EnumType Name=\"state\">",
        "<EnumType Name=\"state\" IsFlags=\"true\">",
        &["flags-changed n.state: no flags > flags (o:22 > n:22)"],
    );
}

#[test]
fn actions_and_functions_change() {
    let hard = "<Parameter Name=\"hard\" Type=\"Edm.Boolean\"/>\n";
    check(hard, "", &["parameter-removed parameter hard of n.lamp: reset(mode): Edm.Boolean > nothing (o:32 > n:30)"]);
    check(
        hard,
        &format!("{hard}<Parameter Name=\"soft\" Type=\"Edm.Boolean\"/>"),
        &["parameter-added parameter soft of n.lamp: reset(hard, soft, mode): nothing > Edm.Boolean (o:30 > n:33)"],
    );
    check(
        hard,
        &format!("{hard}<Parameter Name=\"soft\" Type=\"Edm.Boolean\" Nullable=\"false\"/>"),
        &[
            "required-parameter-added parameter soft of n.lamp: reset(hard, soft, mode): nothing > Edm.Boolean (o:30 > n:33)",
        ],
    );
    check(
        "Type=\"Edm.Boolean\"",
        "Type=\"Edm.Int32\"",
        &["parameter-retyped parameter hard of n.lamp: reset(hard, mode): Edm.Boolean > Edm.Int32 (o:32 > n:32)"],
    );
    check(
        "Type=\"Edm.Boolean\"",
        "Type=\"Edm.Boolean\" Nullable=\"false\"",
        &["parameter-not-nullable parameter hard of n.lamp: reset(hard, mode): optional > a value (o:32 > n:32)"],
    );
    check(
        "Name=\"mode\" Type=\"s.mode\" Nullable=\"false\"",
        "Name=\"mode\" Type=\"s.mode\"",
        &["parameter-nullable parameter mode of n.lamp: reset(hard, mode): a value > optional (o:33 > n:33)"],
    );
    let (mode, text) = (
        "<Parameter Name=\"mode\" Type=\"s.mode\" Nullable=\"false\"/>\n",
        "<Parameter Name=\"text\" Type=\"Edm.String\"/>",
    );
    let reordered = edited(&edited(SERVICE, mode, ""), hard, &format!("{mode}{hard}"));
    // Those of an action are members of an object.
    check_documents(SERVICE, &reordered, &[]);
    let two = edited(SERVICE, text, &format!("{text}<Parameter Name=\"top\" Type=\"Edm.Int32\"/>"));
    let turned = edited(SERVICE, text, &format!("<Parameter Name=\"top\" Type=\"Edm.Int32\"/>{text}"));
    check_documents(
        &two,
        &turned,
        &[
            "parameters-reordered parameter order of Collection(n.lamp): find(top, text): text, top > top, text (o:36 > n:36)",
        ],
    );
    check(
        text,
        &format!("{text}<Parameter Name=\"top\" Type=\"Edm.Int32\"/>"),
        &[
            "required-parameter-added parameter top of Collection(n.lamp): find(text, top): nothing > Edm.Int32 (o:36 > n:38)",
        ],
    );
    let optional = "<Parameter Name=\"top\" Type=\"Edm.Int32\"><Annotation Term=\"Org.OData.Core.V1.OptionalParameter\"/></Parameter>";
    check(
        text,
        &format!("{text}{optional}"),
        &["parameter-added parameter top of Collection(n.lamp): find(text, top): nothing > Edm.Int32 (o:36 > n:38)"],
    );
    check(
        "<ReturnType Type=\"s.part\" Nullable=\"false\"/>",
        "<ReturnType Type=\"s.room\" Nullable=\"false\"/>",
        &["return-type-changed return type of n.lamp: reset(hard, mode): n.part > n.room (o:30 > n:30)"],
    );
    check(
        "<ReturnType Type=\"s.part\" Nullable=\"false\"/>",
        "<ReturnType Type=\"s.part\"/>",
        &["return-nullable return type of n.lamp: reset(hard, mode): a value > a value or null (o:30 > n:30)"],
    );
    check(
        " IsComposable=\"true\"",
        "",
        &["composable-removed Collection(n.lamp): find(text): composable > not composable (o:36 > n:36)"],
    );
    let action = &SERVICE[SERVICE.find("<Action").expect("an action")..SERVICE.find("<Function").expect("a function")];
    let kind = action.replace("Action", "Function");
    check(
        action,
        &kind,
        &[
            "operation-kind-changed n.lamp: reset(hard, mode): action > function (o:30 > n:30)",
            "parameter-not-nullable parameter hard of n.lamp: reset(hard, mode): optional > a value or null (o:32 > n:32)",
        ],
    );
    check(action, "", &["operation-removed n.lamp: reset(hard, mode): action > nothing (o:30 > -)"]);
    check(
        action,
        &format!("{action}<Action Name=\"stop\"/>"),
        &["operation-added stop(): nothing > action (- > n:36)"],
    );
}

#[test]
fn the_entity_container_changes() {
    let lamps = "<EntitySet Name=\"lamps\" EntityType=\"n.lamp\"/>\n";
    check(lamps, "", &["element-removed lamps: entity set > nothing (o:42 > -)"]);
    check(
        lamps,
        &format!("{lamps}<EntitySet Name=\"rooms\" EntityType=\"n.room\"/>\n"),
        &["element-added rooms: nothing > entity set (- > n:43)"],
    );
    check(
        lamps,
        "<EntitySet Name=\"lamps\" EntityType=\"n.part\"/>\n",
        &["element-changed lamps: n.lamp > n.part (o:42 > n:42)"],
    );
    check(
        lamps,
        "<Singleton Name=\"lamps\" Type=\"n.lamp\"/>\n",
        &["element-changed lamps: entity set > singleton (o:42 > n:42)"],
    );
}

#[test]
fn annotations_allow_and_deprecate() {
    let deprecated = |what: &str| {
        format!(
            "<Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record><PropertyValue Property=\"Kind\" \
             EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\"/><PropertyValue Property=\"Description\" String=\"{what}\"/>\
             <PropertyValue Property=\"RemovalDate\" Date=\"2027-01-01\"/></Record></Collection></Annotation>"
        )
    };
    check(
        "Bool=\"true\"",
        "Bool=\"false\"",
        &["capability-removed n.lamp/parts: insert allowed > insert not allowed (o:46 > n:46)"],
    );
    let watts = |inner: &str| format!("<Property Name=\"watts\" Type=\"Edm.Int32\">{inner}</Property>");
    let computed = edited(
        SERVICE,
        "<Property Name=\"watts\" Type=\"Edm.Int32\"/>",
        &watts("<Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/>"),
    );
    check_documents(SERVICE, &computed, &["property-read-only n.lamp/watts: can be set > read-only (o:10 > n:10)"]);
    check_documents(&computed, SERVICE, &["property-writable n.lamp/watts: read-only > can be set (o:10 > n:10)"]);
    let old = edited(SERVICE, "<Property Name=\"watts\" Type=\"Edm.Int32\"/>", &watts(&deprecated("gone")));
    check_documents(
        SERVICE,
        &old,
        &["deprecated n.lamp/watts: not deprecated > deprecated, to be removed on 2027-01-01: gone (o:10 > n:10)"],
    );
    let kinds: Vec<&str> = diff_metadata(&old, SERVICE).changes.iter().map(|own| own.kind.name()).collect();
    assert_eq!(kinds, ["deprecation-changed"]);
}

#[test]
fn rarer_changes_are_seen_in_both_directions() {
    let check = |from: &str, to: &str, there: &str, back: &str| {
        let new = edited(SERVICE, from, to);
        let kinds = |old: &str, new: &str| -> Vec<String> {
            diff_metadata(old, new).changes.iter().map(|change| change.kind.to_string()).collect()
        };
        assert_eq!(kinds(SERVICE, &new), [there], "{from:?} became {to:?}");
        assert_eq!(kinds(&new, SERVICE), [back], "{to:?} became {from:?}");
    };
    let room = "<EntityType Name=\"room\" BaseType=\"s.thing\">";
    check(room, "<EntityType Name=\"room\" BaseType=\"s.thing\" HasStream=\"true\">", "stream-added", "stream-removed");
    check(room, "<EntityType Name=\"room\" BaseType=\"s.part\">", "base-type-added", "base-type-changed");
    check(" IsComposable=\"true\"", "", "composable-removed", "composable-added");
    check("Type=\"s.part\" Nullable=\"false\"", "Type=\"s.part\"", "return-nullable", "return-not-nullable");
    check("Bool=\"true\"", "Bool=\"false\"", "capability-removed", "capability-added");
    check(
        "</EnumType>\n<Action",
        "</EnumType>\n<TypeDefinition Name=\"a\" UnderlyingType=\"Edm.String\"/>\n<Action",
        "type-added",
        "type-removed",
    );
    let key = "<Annotations Target=\"s.room\"><Annotation Term=\"Org.OData.Core.V1.AlternateKeys\"><Collection><Record>\
        <PropertyValue Property=\"Key\"><Collection><Record><PropertyValue Property=\"Name\" PropertyPath=\"floor\"/>\
        <PropertyValue Property=\"Alias\" String=\"floor\"/></Record></Collection></PropertyValue></Record></Collection></Annotation></Annotations>";
    check("<Annotations", &format!("{key}\n<Annotations"), "alternate-key-added", "alternate-key-removed");
    let floor = "<Property Name=\"floor\" Type=\"Edm.Int32\"/>";
    let computed = |nullable: &str| {
        format!(
            "<Property Name=\"floor\" Type=\"Edm.Int32\"{nullable}><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>"
        )
    };
    let old = edited(SERVICE, floor, &computed(""));
    let diff = diff_metadata(&old, &edited(SERVICE, floor, &computed(" Nullable=\"false\"")));
    assert_eq!(diff.changes.iter().map(|own| own.kind.name()).collect::<Vec<_>>(), ["response-property-not-nullable"]);
    // A type of another kind is reported once, whatever it declares.
    let other = edited(
        SERVICE,
        "<EnumType Name=\"state\">\n<Member Name=\"on\" Value=\"0\"/>\n<Member Name=\"off\" Value=\"1\"/>\n</EnumType>",
        "<TypeDefinition Name=\"state\" UnderlyingType=\"Edm.String\"/>",
    );
    check_documents(SERVICE, &other, &["type-kind-changed n.state: enumeration type > type definition (o:22 > n:22)"]);
    let number = other.replace("UnderlyingType=\"Edm.String\"", "UnderlyingType=\"Edm.Int32\"");
    check_documents(&other, &number, &["type-definition-changed n.state: Edm.String > Edm.Int32 (o:22 > n:22)"]);
}
