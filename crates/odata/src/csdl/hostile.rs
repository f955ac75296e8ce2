//! Tests: whatever the text, reading it ends and does not panic.

use proptest::prelude::*;

use super::Csdl;
use super::shown::{computed, document, schema, shown};

/// A document of so many of something.
type Many = Box<dyn Fn(usize) -> String>;

fn many(count: usize, one: &dyn Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

fn in_schema(text: String) -> String {
    document(&format!("<Schema Namespace=\"n\" Alias=\"a\">{text}</Schema>"))
}

#[test]
fn a_document_may_have_very_many_of_one_thing() {
    let documents: [(&str, Many); 9] = [
        (
            "schemas",
            Box::new(|count| {
                document(&many(count, &|i| {
                    format!(r#"<Schema Namespace="n{i}" Alias="a{i}"><EntityType Name="x" BaseType="n0.x"/></Schema>"#)
                }))
            }),
        ),
        (
            "schemas of one namespace",
            Box::new(|count| {
                document(&many(count, &|i| {
                    format!(r#"<Schema Namespace="n"><EntityType Name="x{i}" BaseType="n.x0"/></Schema>"#)
                }))
            }),
        ),
        (
            "targets of properties",
            Box::new(|count| {
                in_schema(format!(
                    "<EntityType Name=\"x\">{}</EntityType>{}",
                    many(count, &|i| format!(r#"<Property Name="p{i}"/>"#)),
                    many(count, &|i| computed(&format!("n.x/p{i}")))
                ))
            }),
        ),
        (
            "targets of operations",
            Box::new(|count| {
                in_schema(
                    many(count, &|i| format!(r#"<Action Name="x"><Parameter Name="p" Type="n.t{i}"/></Action>"#))
                        + &many(count, &|i| computed(&format!("n.x(n.t{i})"))),
                )
            }),
        ),
        (
            "targets in the container",
            Box::new(|count| {
                in_schema(format!(
                    "<EntityContainer Name=\"s\">{}</EntityContainer>{}",
                    many(count, &|i| format!(r#"<EntitySet Name="e{i}"/>"#)),
                    many(count, &|i| computed(&format!("n.s/e{i}")))
                ))
            }),
        ),
        (
            "attributes",
            Box::new(|count| {
                in_schema(format!("<EntityType Name=\"x\"{}/>", many(count, &|i| format!(r#" a{i}="1""#))))
            }),
        ),
        (
            "attributes of an annotation",
            Box::new(|count| {
                in_schema(format!(
                    "<EntityType Name=\"x\"><Annotation Term=\"Org.OData.Core.V1.Computed\"{}/></EntityType>",
                    many(count, &|i| format!(r#" a{i}="1""#))
                ))
            }),
        ),
        (
            "vocabularies",
            Box::new(|count| {
                format!(
                    "<Edmx><Reference>{}</Reference><DataServices><Schema>{}</Schema></DataServices></Edmx>",
                    many(count, &|i| format!(r#"<Include Namespace="v{i}" Alias="w{i}"/>"#)),
                    many(count, &|i| format!(r#"<EntityType Name="x{i}"><Annotation Term="w{i}.x"/></EntityType>"#))
                )
            }),
        ),
        (
            "elements within each other",
            Box::new(|count| in_schema(format!("{}{}", "<x>".repeat(count), "</x>".repeat(count)))),
        ),
    ];
    for (name, of) in &documents {
        let text = of(3000);
        let read = Csdl::read(&text);
        assert!(read.is_ok(), "{name}: {:?}", read.err());
    }
}

/// A document that has a bit of everything.
fn everything() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/metadata/library.csdl"))
        .expect("metadata of the tests")
}

#[test]
fn no_beginning_of_a_document_is_a_document_or_a_panic() {
    let text = everything();
    let end = text.rfind("</edmx:Edmx>").expect("an end") + "</edmx:Edmx>".len();
    assert!(Csdl::read(&text[..end]).is_ok());
    for at in (0..end).step_by(5).filter(|at| text.is_char_boundary(*at)) {
        let error = Csdl::read(&text[..at]).expect_err("cut off");
        let line = text[..at].matches('\n').count() + 1;
        assert!(error.line as usize <= line, "{at}: {error}");
    }
}

/// Pieces of CSDL, most of them broken.
fn piece() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "Edmx",
        "edmx:DataServices",
        "Schema",
        "EntityType",
        "ComplexType",
        "EnumType",
        "Member",
        "Property",
        "NavigationProperty",
        "Key",
        "PropertyRef",
        "Action",
        "Function",
        "Parameter",
        "ReturnType",
        "EntityContainer",
        "EntitySet",
        "Annotations",
        "Annotation",
        "Record",
        "PropertyValue",
        "Collection",
        "Bool",
        "String",
        "TypeDefinition",
        "Reference",
        "Include",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        " Name=\"a\"",
        " Name='n.a'",
        " Type=\"Collection(n.a)\"",
        " BaseType=\"n.a\"",
        " Namespace=\"n\"",
        " Alias=\"n\"",
        " Target=\"n.a/a\"",
        " Target=\"n.a(n.a)\"",
        " Term=\"Org.OData.Core.V1.Revisions\"",
        " Term=\"n.Computed\"",
        " Bool=\"true\"",
        " Property=\"Key\"",
        " Name",
        " Name=",
        " Name=\"&#46;\"",
        " Name=\"ä\"",
        " IsBound=\"true\"",
    ]);
    let tag = (names, attributes, prop::sample::select(vec![("<", ">"), ("<", "/>"), ("</", ">"), ("<", "")]));
    prop_oneof![
        8 => tag.prop_map(|(name, attributes, (start, end))| format!("{start}{name}{attributes}{end}")),
        1 => "[ -~\n<>&;\"'äö]{0,6}",
        1 => prop::sample::select(vec!["<!--", "-->", "<![CDATA[", "]]>", "<?a?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "\u{feff}"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(piece(), 0..40), is_in_schema: bool) {
        let text = pieces.concat();
        let text = if is_in_schema { schema(&text) } else { text };
        match Csdl::read(&text) {
            Ok(csdl) => {
                // What was read can be looked up.
                shown(&csdl);
                for (id, _) in csdl.declarations() {
                    prop_assert!(csdl.lineage(id).count() <= 64);
                    prop_assert!(csdl.descendants(id).len() <= csdl.declarations().count());
                }
            }
            Err(error) => prop_assert!(error.line as usize <= text.matches('\n').count() + 1, "{}", error),
        }
    }

    #[test]
    fn no_two_texts_make_it_panic(pieces in prop::collection::vec(piece(), 0..40), others in prop::collection::vec(piece(), 0..40)) {
        let (one, other) = (schema(&pieces.concat()), schema(&others.concat()));
        for texts in [[("a", &*one), ("b", &*other)], [("a", &*one), ("b", &*one)]] {
            match Csdl::read_all(&texts) {
                Ok(csdl) => drop(shown(&csdl)),
                Err(error) => prop_assert!(error.document < texts.len() && error.line > 0, "{}", error),
            }
        }
    }

    #[test]
    fn a_document_with_other_bytes_in_it_is_read_or_refused(at in 0_usize..6000, other in "[ -~ä]{0,3}", taken in 0_usize..5) {
        let mut text = everything();
        let (start, end) = (text.floor_char_boundary(at), text.floor_char_boundary(at.saturating_add(taken)));
        text.replace_range(start..end, &other);
        if let Ok(csdl) = Csdl::read(&text) {
            shown(&csdl);
        }
    }
}
