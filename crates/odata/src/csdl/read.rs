//! Reading a CSDL document.

use super::Csdl;
use super::schema::SchemaReader;
use super::tree::{Parsed, Part, Problem, Tree};
use graph_contracts::source::LineIndex;

/// Why a document is not CSDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct CsdlError {
    /// Which of the documents it is, counted from 0.
    pub document: usize,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1 in characters.
    pub column: u32,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

impl<'x> Csdl<'x> {
    /// Reads a document: CSDL in XML, as `$metadata` answers. Elements and annotations that do not matter are skipped.
    ///
    /// # Errors
    ///
    /// When the text is not well-formed XML, or no CSDL document, with the line and column.
    pub fn read(text: &'x str) -> Result<Csdl<'x>, CsdlError> {
        Csdl::read_all(&[("", text)])
    }

    /// Reads documents that describe one service together, each with its name: what one refers to may be declared in another (OData CSDL
    /// XML 4.01 section 3.3). The aliases of each are its own.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read, or two declare the same, with the line and column.
    pub fn read_all(documents: &[(&str, &'x str)]) -> Result<Csdl<'x>, CsdlError> {
        let mut reader = SchemaReader::new(documents.iter().map(|(_, text)| text.len()).sum());
        for (document, (name, text)) in documents.iter().enumerate() {
            // A byte order mark is not part of the document, but its lines and columns count from behind it, too.
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            read(&mut reader, name, text).map_err(|Problem { at, message }| {
                let (line, column) = LineIndex::new(text).position(at);
                CsdlError { document, line, column, message }
            })?;
        }
        reader.finish()
    }
}

fn read<'x>(reader: &mut SchemaReader<'x>, name: &str, text: &'x str) -> Parsed<()> {
    let start = reader.begin(name, text);
    if u32::try_from(start as usize + text.len()).is_err() {
        return Err(Problem { at: 0, message: "the documents are larger than 4 GiB together".to_owned() });
    }
    Tree::read(text, start, |part| match part {
        Part::Start(["Reference"], node) => reader.include(node),
        Part::Start(["DataServices"], node) if node.name() == "Schema" => reader.schema(node),
        Part::Whole(["DataServices", "Schema"], node) => reader.declaration(node),
        Part::Start(..) | Part::Whole(..) => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::shown::{document, schema};
    use super::*;

    /// Checks the error of a document that is not CSDL.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = Csdl::read(text).expect_err("no CSDL").to_string();
        assert_eq!(error, expected, "{text}");
    }

    const NO_CSDL: &str = "`$metadata` of the service answers with one";

    #[test]
    fn what_is_no_csdl_is_called_by_its_name() {
        for (text, at, why) in [
            ("", "1:1", "it has no element"),
            ("\u{feff}", "1:1", "it has no element"),
            (" \n<!-- nothing -->\n", "1:1", "it has no element"),
            ("<?xml version=\"1.0\"?>", "1:1", "it has no element"),
            ("{\"$Version\": \"4.01\"}", "1:1", "there is text outside of elements"),
            ("\n  plain", "2:3", "there is text outside of elements"),
            ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", "2:1", "its root element is <html>"),
            ("<html>\n<p>not <b>closed", "1:1", "its root element is <html>"),
            ("<edmx:Edmx Version=\"4.0\"/>", "1:1", "its root element is <edmx:Edmx>"),
            ("<Schema Namespace=\"a\"></Schema>", "1:1", "its root element is <Schema>"),
            ("<Edmx Version=\"1.0\"></Edmx>", "1:1", "it is of version 1.0, and versions from 4.0 on are read"),
            ("<Edmx></Edmx> more", "1:15", "there is text outside of elements"),
        ] {
            check(text, &format!("{at}: this is not a CSDL document in XML: {why}; {NO_CSDL}"));
        }
    }

    #[test]
    fn broken_xml_is_refused_where_it_is_broken() {
        let cut = "the document ends within an element; it is not complete";
        for (text, expected) in [
            ("<Edmx>\n <DataServices>", format!("2:16: {cut}")),
            (
                "<Edmx>\n</DataServices></Edmx>",
                "2:1: ill-formed document: expected `</Edmx>`, but `</DataServices>` was found".into(),
            ),
            ("<Edmx></Edmx>\n<Edmx></Edmx>", "2:1: a second root element, <Edmx>".into()),
            ("<Edmx></Edmx>\n <a/>", "2:2: a second root element, <a>".into()),
            (
                "<Edmx></Edmx></Edmx>",
                "1:14: ill-formed document: close tag `</Edmx>` does not match any open tag".into(),
            ),
            ("<Edmx>\n<a><b></a></b></Edmx>", "2:7: ill-formed document: expected `</b>`, but `</a>` was found".into()),
            ("<Edmx><!-- ", "1:7: syntax error: comment not closed: `-->` not found before end of input".into()),
        ] {
            check(text, &expected);
        }
    }

    #[test]
    fn broken_attributes_are_refused_where_they_are_broken() {
        for (element, expected) in [
            ("<EntityType Name=\"a\"\n  Abstract/>", "7:11: an attribute has no `=` and no value"),
            ("<EntityType Name=/>", "6:18: an attribute has no value"),
            ("<EntityType Name=a/>", "6:18: the value of an attribute is not in quotation marks"),
            ("<EntityType Name=\"a\" Name='b'/>", "6:22: the attribute `Name` stands twice"),
            (
                "<EntityType Name=\"a\"><Property Nullable=\"true\" Nullable=\"true\"/></EntityType>",
                "6:48: the attribute `Nullable` stands twice",
            ),
            (
                "<EnumType Name=\"a\"><Member Name=\"b\" Value=\"1\" Value=\"2\"/></EnumType>",
                "6:47: the attribute `Value` stands twice",
            ),
            (
                "<Annotations Target=\"a\" Target=\"b\"><Annotation Term=\"Org.OData.Core.V1.Computed\"/></Annotations>",
                "6:25: the attribute `Target` stands twice",
            ),
        ] {
            check(&schema(element), expected);
        }
        // Within an annotation that matters, too.
        check(
            &schema("<EntityType Name=\"a\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=true/></EntityType>"),
            "6:73: the value of an attribute is not in quotation marks",
        );
    }

    #[test]
    fn references_in_names_are_refused_where_they_stand() {
        let why = |reference: &str| {
            format!("a name, type or path is written with the reference `{reference}`; write the character itself")
        };
        for (element, at, reference) in [
            ("<EntityType Name=\"a&amp;b\"/>", "6:20", "&amp;"),
            ("<EntityType Name=\"a\" BaseType=\"n&#60;b\"/>", "6:33", "&#60;"),
            ("<EntityType Name=\"a&none\"/>", "6:20", "&none"),
            (
                "<Annotations Target=\"&lt;b\"><Annotation Term=\"Org.OData.Core.V1.Computed\"/></Annotations>",
                "6:22",
                "&lt;",
            ),
            ("<EntityType Name=\"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;\"/>", "6:19", "&aaaaaaaaaaa"),
        ] {
            check(&schema(element), &format!("{at}: {}", why(reference)));
        }
        // Where it does not matter, it does not.
        assert!(Csdl::read(&schema("<EntityType Name=\"a\" Title=\"Q&amp;A\"/>")).is_ok());
    }

    #[test]
    fn columns_are_counted_in_characters_behind_a_byte_order_mark() {
        check(
            "\u{feff}<Edmx>\n<!--äöü--></x></Edmx>",
            "2:11: ill-formed document: expected `</Edmx>`, but `</x>` was found",
        );
        check(
            "\u{feff}text",
            &format!("1:1: this is not a CSDL document in XML: there is text outside of elements; {NO_CSDL}"),
        );
        assert!(Csdl::read(&format!("\u{feff}{}", document(""))).is_ok());
    }
}
