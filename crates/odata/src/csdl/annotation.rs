//! Reading annotations (OData CSDL XML 4.0 section 14): only those that matter, and of their values what they may be made of.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::QName;

use super::Notes;
use super::notes::vocabulary_of;
use super::schema::SchemaReader;
use super::tree::{Node, Parsed, Problem};
use super::value::Value;

/// Deeper annotations are refused.
const MAX_DEPTH: usize = 64;

impl SchemaReader<'_> {
    /// What the annotations within an element say; `None` where none of them matters.
    pub(super) fn notes(&self, node: Node<'_, '_>) -> Parsed<Option<Box<Notes>>> {
        let mut notes: Option<Box<Notes>> = None;
        for node in node.children_called("Annotation") {
            // Most annotations are descriptions: nothing but their term is looked at.
            let written = node.attribute("Term").unwrap_or_default();
            if let Some((_, term)) = self.term(node, written) {
                notes.get_or_insert_default().add(term, &value(node, 0)?, node.at());
            }
        }
        Ok(notes)
    }

    /// What the annotations of an element `Annotations` say, by the vocabulary that each is of.
    pub(super) fn notes_by_vocabulary(&self, node: Node<'_, '_>) -> Parsed<Vec<(&'static str, Notes)>> {
        let mut found: Vec<(&'static str, Notes)> = Vec::new();
        for node in node.children_called("Annotation") {
            let written = node.attribute("Term").unwrap_or_default();
            let Some((vocabulary, term)) = self.term(node, written) else { continue };
            let value = value(node, 0)?;
            let index = found.iter().position(|(own, _)| *own == vocabulary);
            let index = index.unwrap_or_else(|| {
                found.push((vocabulary, Notes::default()));
                found.len() - 1
            });
            found[index].1.add(term, &value, node.at());
        }
        Ok(found)
    }

    /// The vocabulary of an annotation and its term, if they matter.
    fn term<'t>(&self, node: Node<'_, '_>, written: &'t str) -> Option<(&'static str, &'t str)> {
        let (namespace, term) = written.rsplit_once('.')?;
        let alias = if self.vocabularies.is_empty() { None } else { self.vocabularies.get(namespace).copied() };
        let vocabulary = vocabulary_of(alias.unwrap_or(namespace), term)?;
        (!is_qualified(node)).then_some((vocabulary, term))
    }
}

/// Whether an annotation has a qualifier: it is another annotation, for other uses (section 14.1).
fn is_qualified(node: Node<'_, '_>) -> bool {
    node.attribute("Qualifier").is_some()
}

/// The value of an annotation, of a record's member, or of an item: in an attribute, or in the only child.
fn value(node: Node<'_, '_>, depth: usize) -> Parsed<Value> {
    let mut value = Value::None;
    for (name, written) in node.all_attributes()? {
        let text = || {
            let own = Attribute { key: QName(name), value: Cow::Borrowed(written) };
            own.normalized_value(XmlVersion::Implicit1_0).map_or_else(|_| written.to_owned(), String::from)
        };
        match name {
            "Bool" => value = bool(written),
            "EnumMember" => value = Value::Member(last_names(written)),
            "String" | "Date" | "PropertyPath" | "NavigationPropertyPath" | "Int" => value = Value::Text(text()),
            // The value of a property of the data.
            "Path" => value = Value::Other,
            _ => {}
        }
    }
    for node in node.children() {
        // Beside the value, there may be annotations of the annotation.
        match expression(node, depth + 1)? {
            Value::None => {}
            found => value = found,
        }
    }
    Ok(value)
}

/// A value as an element of its own (section 14.4).
fn expression(node: Node<'_, '_>, depth: usize) -> Parsed<Value> {
    if depth > MAX_DEPTH {
        let message = format!("annotations are nested deeper than {MAX_DEPTH}");
        return Err(Problem { at: node.offset(), message });
    }
    let text = node.content().trim_ascii();
    Ok(match node.name() {
        "Record" => {
            let mut members = Vec::new();
            for node in node.children() {
                let value = value(node, depth + 1)?;
                members.extend(node.attribute("Property").map(|name| (name.to_owned(), value)));
            }
            Value::Record(members)
        }
        "Collection" => {
            Value::Collection(node.children().map(|node| expression(node, depth + 1)).collect::<Parsed<_>>()?)
        }
        "Bool" => bool(text),
        "EnumMember" => Value::Member(last_names(text)),
        // A reference that XML does not know stays as it is.
        "String" | "Date" | "PropertyPath" | "NavigationPropertyPath" => {
            Value::Text(unescape(text).map_or_else(|_| text.to_owned(), String::from))
        }
        // An annotation of the annotation.
        "Annotation" => Value::None,
        _ => Value::Other,
    })
}

/// A truth value (section 14.3.2; XML Schema has numbers for both, too).
fn bool(text: &str) -> Value {
    match text {
        "true" | "1" => Value::Bool(true),
        "false" | "0" => Value::Bool(false),
        _ => Value::Other,
    }
}

/// The names of enumeration members without their type.
fn last_names(text: &str) -> String {
    let names: Vec<&str> = text.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::Csdl;
    use super::super::shown::{check, schema, shown_notes};

    /// What an annotation within an entity set says.
    #[track_caller]
    fn says(annotation: &str, expected: &str) {
        let text = schema(&format!(
            r#"<EntityContainer Name="Service"><EntitySet Name="books" EntityType="lib.book">{annotation}</EntitySet></EntityContainer>"#
        ));
        let csdl = Csdl::read(&text).expect("a document that can be read");
        assert_eq!(shown_notes(csdl.elements[0].notes.as_deref()).trim(), expected, "{annotation}");
    }

    #[test]
    fn restrictions_say_what_a_client_may_do() {
        let restriction = |name: &str, member: &str, value: &str| {
            format!(
                r#"<Annotation Term="Org.OData.Capabilities.V1.{name}Restrictions"><Record><PropertyValue Property="{member}" Bool="{value}"/></Record></Annotation>"#
            )
        };
        for (name, member, word) in [
            ("Insert", "Insertable", "insert"),
            ("Update", "Updatable", "update"),
            ("Update", "DeltaUpdateSupported", "delta"),
            ("Delete", "Deletable", "delete"),
            ("Delete", "FilterSegmentSupported", "filter-delete"),
            ("Read", "Readable", "read"),
        ] {
            says(&restriction(name, member, "true"), &format!("+{word}"));
            says(&restriction(name, member, "false"), &format!("-{word}"));
            says(&restriction(name, "Other", "false"), "");
        }
        says(
            &(restriction("Insert", "Insertable", "false") + &restriction("Read", "Readable", "true")),
            "-insert +read",
        );
    }

    #[test]
    fn what_is_both_allowed_and_denied_is_not_known() {
        let own = |value: &str| {
            format!(
                r#"<Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="{value}"/></Record></Annotation>"#
            )
        };
        says(&(own("false") + &own("true")), "");
        says(&(own("true") + &own("false") + &own("false")), "");
        says(&(own("false") + &own("false")), "-insert");
        let set = |inner: &str, beside: &str| {
            format!(
                r#"<EntityContainer Name="Service"><EntitySet Name="books" EntityType="lib.book">{inner}</EntitySet></EntityContainer>
<Annotations Target="lib.Service/books">{beside}</Annotations>"#
            )
        };
        check(&set(&own("true"), &own("false")), &["6 set books: lib.book"]);
        check(&set(&own("false"), &own("false")), &["6 set books: lib.book -insert"]);
    }

    #[test]
    fn values_stand_in_attributes_or_in_elements() {
        let insert =
            |value: &str| format!(r#"<Annotation Term="Capabilities.InsertRestrictions">{value}</Annotation>"#);
        for (value, expected) in [
            (r#"<Record><PropertyValue Property="Insertable" Bool="false"/></Record>"#, "-insert"),
            (r#"<Record><PropertyValue Property="Insertable"><Bool>false</Bool></PropertyValue></Record>"#, "-insert"),
            (
                r#"<Record><PropertyValue Property="Insertable"><Bool> true
</Bool></PropertyValue></Record>"#,
                "+insert",
            ),
            (r#"<Record><PropertyValue Bool="false" Property="Insertable"></PropertyValue></Record>"#, "-insert"),
            // Neither a value nor one that can be read.
            (r#"<Record><PropertyValue Property="Insertable"/></Record>"#, ""),
            (r#"<Record><PropertyValue Property="Insertable"><If><Bool>true</Bool></If></PropertyValue></Record>"#, ""),
            (r#"<Record><PropertyValue Property="Insertable" String="false"/></Record>"#, ""),
            (r#"<Record><PropertyValue Bool="false"/></Record>"#, ""),
            ("<Record/>", ""),
            ("<Collection/>", ""),
            ("", ""),
        ] {
            says(&insert(value), expected);
        }
    }

    #[test]
    fn annotations_of_an_annotation_leave_its_value_alone() {
        says(
            r#"<Annotation Term="Capabilities.InsertRestrictions"><Annotation Term="Core.Description" String="a"/><Record>
<Annotation Term="Core.Description" String="b"/><PropertyValue Property="Insertable" Bool="false"><Annotation Term="Core.Description" String="c"/></PropertyValue>
</Record><Annotation Term="Core.Description" String="d"/></Annotation>"#,
            "-insert",
        );
    }

    #[test]
    fn vocabularies_go_by_their_names_or_by_the_aliases_of_the_document() {
        let insertable = r#"<Record><PropertyValue Property="Insertable" Bool="false"/></Record>"#;
        for (term, expected) in [
            ("Org.OData.Capabilities.V1.InsertRestrictions", "-insert"),
            ("Capabilities.InsertRestrictions", "-insert"),
            ("Core.InsertRestrictions", ""),
            ("Org.Others.V1.InsertRestrictions", ""),
            ("InsertRestrictions", ""),
            ("", ""),
        ] {
            says(&format!(r#"<Annotation Term="{term}">{insertable}</Annotation>"#), expected);
        }
        says(&format!("<Annotation>{insertable}</Annotation>"), "");
    }

    #[test]
    fn a_value_that_depends_on_the_data_is_not_known() {
        for value in
            ["Path=\"locked\"/>", "><Path>locked</Path></Annotation>", "><Not><Path>a</Path></Not></Annotation>"]
        {
            let property = |term: &str| {
                format!("<Property Name=\"b\" Type=\"Edm.String\"><Annotation Term=\"{term}\" {value}</Property>")
            };
            let text = format!("<ComplexType Name=\"a\">{}</ComplexType>", property("Org.OData.Core.V1.Computed"));
            check(&text, &["6 complex library.main.a", "6   b: Edm.String?"]);
            says(&format!("<Annotation Term=\"Capabilities.TopSupported\" {value}"), "");
        }
        let numbers = r#"<ComplexType Name="a"><Property Name="b" Type="Edm.String" Nullable="1"><Annotation Term="Org.OData.Core.V1.Computed" Bool="1"/></Property>
<Property Name="c" Type="Edm.String" Nullable="0"><Annotation Term="Org.OData.Core.V1.Computed" Bool="0"/></Property></ComplexType>"#;
        check(numbers, &["6 complex library.main.a", "6   b: Edm.String? computed", "7   c: Edm.String"]);
    }

    #[test]
    fn annotations_that_share_a_qualifier_are_other_annotations() {
        let computed = r#"<Annotation Term="Org.OData.Core.V1.Computed"/>"#;
        let of = |qualifier: &str| {
            format!(
                r#"<EntityType Name="a"><Property Name="b"/></EntityType><Annotations Target="lib.a/b"{qualifier}>{computed}</Annotations>"#
            )
        };
        check(&of(""), &["6 entity library.main.a", "6   b: Edm.String? computed"]);
        check(&of(" Qualifier=\"Tablet\""), &["6 entity library.main.a", "6   b: Edm.String?"]);
    }

    #[test]
    fn properties_are_computed_or_immutable() {
        check(
            r#"<ComplexType Name="a">
  <Property Name="b" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Computed"/></Property>
  <Property Name="c" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Computed" Bool="false"/></Property>
  <Property Name="d" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Computed"><Bool>true</Bool></Annotation></Property>
  <Property Name="e" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Immutable" Bool="true"/></Property>
  <Property Name="f" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Permissions" EnumMember="Org.OData.Core.V1.Permission/Read"/></Property>
  <Property Name="g" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Permissions"><EnumMember>Org.OData.Core.V1.Permission/Read</EnumMember></Annotation></Property>
  <Property Name="h" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Permissions" EnumMember="Org.OData.Core.V1.Permission/Read Org.OData.Core.V1.Permission/Write"/></Property>
  <NavigationProperty Name="i" Type="lib.a"><Annotation Term="Org.OData.Core.V1.Permissions" EnumMember="Org.OData.Core.V1.Permission/Write"/></NavigationProperty>
</ComplexType>"#,
            &[
                "6 complex library.main.a",
                "7   b: Edm.String? computed",
                "8   c: Edm.String?",
                "9   d: Edm.String? computed",
                "10   e: Edm.String? immutable",
                "11   f: Edm.String? computed",
                "12   g: Edm.String? computed",
                "13   h: Edm.String?",
                "14   i: lib.a? navigation",
            ],
        );
    }

    #[test]
    fn revisions_of_the_kind_deprecated_say_so() {
        let revisions = |records: &str| {
            format!(r#"<Annotation Term="Org.OData.Core.V1.Revisions"><Collection>{records}</Collection></Annotation>"#)
        };
        let kind = |name: &str| {
            format!(r#"<PropertyValue Property="Kind" EnumMember="Org.OData.Core.V1.RevisionKind/{name}"/>"#)
        };
        says(
            &revisions(&format!(
                r#"<Record>{}<PropertyValue Property="Description" String="new"/></Record>
<Record><PropertyValue Property="Date" Date="2024-05-01"/>{}<PropertyValue Property="Description" String="Q&amp;A &#x2192; &quot;questions&quot;"/><PropertyValue Property="RemovalDate" Date="2027-01-01"/></Record>"#,
                kind("Added"),
                kind("Deprecated")
            )),
            "deprecated(Q&A → \"questions\"; 2027-01-01)",
        );
        says(
            &revisions(&format!(
                "<Record>{}<PropertyValue Property=\"Description\"><String>a &lt; &unknown;</String></PropertyValue></Record>",
                kind("Deprecated")
            )),
            "deprecated(a &lt; &unknown;; no date)",
        );
        says(
            &revisions(&format!(
                "<Record>{}<PropertyValue Property=\"Description\"><String> a &lt; b </String></PropertyValue></Record>",
                kind("Deprecated")
            )),
            "deprecated(a < b; no date)",
        );
        says(&revisions(&format!("<Record>{}</Record>", kind("Modified"))), "");
        says(&revisions(""), "");
    }

    #[test]
    fn alternate_keys_go_by_their_aliases() {
        check(
            r#"<EntityType Name="book"><Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection>
<Record><PropertyValue Property="Key"><Collection><Record Type="Org.OData.Core.V1.PropertyRef"><PropertyValue Property="Alias" String="isbn"/><PropertyValue Property="Name" PropertyPath="number/isbn"/></Record></Collection></PropertyValue></Record>
<Record><PropertyValue Property="Key"><Collection>
  <Record><PropertyValue Property="Name"><PropertyPath>title</PropertyPath></PropertyValue></Record>
  <Record><PropertyValue Property="Name" PropertyPath="year"/></Record>
</Collection></PropertyValue></Record>
</Collection></Annotation></EntityType>"#,
            &["6 entity library.main.book key(isbn) key(title,year)"],
        );
    }

    #[test]
    fn annotations_that_are_nested_too_deeply_are_refused_and_others_skipped() {
        let nested = |depth: usize, term: &str| {
            let (start, end) =
                ("<Record><PropertyValue Property=\"a\">".repeat(depth), "</PropertyValue></Record>".repeat(depth));
            schema(&format!(
                r#"<ComplexType Name="a"><Annotation Term="{term}">{start}{end}</Annotation></ComplexType>"#
            ))
        };
        let (matters, other) = ("Org.OData.Core.V1.Revisions", "Org.OData.Core.V1.Description");
        assert!(Csdl::read(&nested(30, matters)).is_ok());
        let error = Csdl::read(&nested(40, matters)).expect_err("too deep").to_string();
        assert!(error.starts_with("6:") && error.ends_with("annotations are nested deeper than 64"), "{error}");
        assert!(Csdl::read(&nested(100_000, other)).is_ok());
    }
}
