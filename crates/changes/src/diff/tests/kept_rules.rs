//! What metadata that contracts keep says on both sides goes before what pages say.

use super::support::{LAMP, diff_kept, edited, line};

const DOCUMENT: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="shade"><Member Name="red"/><Member Name="blue"/></EnumType>
<EnumType Name="mode"><Member Name="day"/><Member Name="night"/><Member Name="unknownFutureValue"/></EnumType>
<EntityType Name="room"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/>
<NavigationProperty Name="lamps" Type="Collection(microsoft.graph.lamp)" ContainsTarget="true"/></EntityType>
<EntityType Name="lamp"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="name" Type="Edm.String"/>
<Property Name="watts" Type="Edm.Int32"/>
<Property Name="state" Type="microsoft.graph.state"/>
<Property Name="mode" Type="microsoft.graph.mode"/>
</EntityType>
<EnumType Name="state"><Member Name="on"/><Member Name="off"/></EnumType>
<EntityContainer Name="home"><EntitySet Name="rooms" EntityType="microsoft.graph.room"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>
"#;

/// A piece of the page and one of the document become others.
#[track_caller]
fn check(page: (&str, &str), document: (&str, &str), expected: &[&str]) {
    let new = (edited(LAMP, page.0, page.1), edited(DOCUMENT, document.0, document.1));
    let diff = diff_kept((LAMP, DOCUMENT), (&new.0, &new.1));
    let found = diff.changes.iter().map(line).collect::<Vec<_>>();
    assert_eq!(found, expected, "{page:?} {document:?}");
}

const SAME: (&str, &str) = ("", "");

#[test]
fn a_string_that_is_sent_becomes_an_enumeration_which_the_metadata_closes_or_not() {
    let row = ("|name|String|The name.|", "|name|shade|The name.|");
    let to = |of_type: &str| format!("\"name\" Type=\"{of_type}\"").replacen("\"name\"", "Name=\"name\"", 1);
    let becomes = |of_type: &str| (to("Edm.String"), to(of_type));
    let (from, closed) = becomes("microsoft.graph.shade");
    let found =
        "request-property-enumerated microsoft.graph.lamp/name: Edm.String > microsoft.graph.shade (p:22 > p:22)";
    check(row, (&from, &closed), &[found]);
    // The page need not say so.
    check(SAME, (&from, &closed), &[found]);
    let (_, open) = becomes("microsoft.graph.mode");
    let found = "property-enumerated microsoft.graph.lamp/name: Edm.String > microsoft.graph.mode (p:22 > p:22)";
    check(SAME, (&from, &open), &[found]);
}

#[test]
fn what_a_page_corrects_is_no_change_of_the_service() {
    let found = "property-typed microsoft.graph.lamp/watts: Edm.Int32 > Edm.Int64 (p:23 > p:23)";
    check(("|watts|Int32|", "|watts|Int64|"), SAME, &[found]);
    let found = "enum-listed microsoft.graph.lamp/state: on, off > on, off, dim (p:24 > p:24)";
    check(("`on`, `off`.", "`on`, `off`, `dim`."), SAME, &[found]);
    // A table may leave out what the service has.
    check(("|watts|Int32|The power.|\n", ""), SAME, &[]);
}

#[test]
fn null_and_further_values_are_those_of_the_metadata() {
    let watts = ("Name=\"watts\" Type=\"Edm.Int32\"", "Name=\"watts\" Type=\"Edm.Int32\" Nullable=\"false\"");
    let found = "property-not-nullable microsoft.graph.lamp/watts: a value or null > a value (p:23 > p:23)";
    check(SAME, watts, &[found]);
    let found = "enum-value-added microsoft.graph.lamp/state: nothing > dim (p:24 > p:24)";
    check(SAME, ("<Member Name=\"off\"/>", "<Member Name=\"off\"/><Member Name=\"dim\"/>"), &[found]);
    let found = "evolvable-enum-value-added microsoft.graph.lamp/mode: nothing > dusk (p:25 > p:25)";
    check(SAME, ("<Member Name=\"night\"/>", "<Member Name=\"night\"/><Member Name=\"dusk\"/>"), &[found]);
}

#[test]
fn what_the_service_sets_from_now_on_cannot_be_sent() {
    let watts = "Name=\"watts\" Type=\"Edm.Int32\"/>";
    let computed =
        "Name=\"watts\" Type=\"Edm.Int32\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>";
    let found = "property-read-only microsoft.graph.lamp/watts: can be set > read-only (p:23 > p:23)";
    check(SAME, (watts, computed), &[found]);
}

#[test]
fn where_one_side_keeps_nothing_the_pages_decide() {
    let nothing = "<Edmx></Edmx>";
    let page = edited(LAMP, "|watts|Int32|", "|watts|Int64|");
    let diff = diff_kept((LAMP, nothing), (&page, DOCUMENT));
    let found: Vec<String> = diff.changes.iter().map(line).collect();
    assert_eq!(found, ["property-retyped microsoft.graph.lamp/watts: Edm.Int32 > Edm.Int64 (p:23 > p:23)"]);
}
