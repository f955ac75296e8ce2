//! Reading a CSDL document: one pass over the XML, by recursive descent.

use std::collections::HashSet;

use foldhash::{HashMap, HashMapExt as _};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Csdl;
use super::notes::Notes;
use graph_contracts::source::LineIndex;

/// Why a document is not CSDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct CsdlError {
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
        let mut parser = Parser::new(text);
        parser.document()?;
        Ok(parser.finish())
    }
}

/// A problem at an offset.
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) message: String,
}

pub(super) type Parsed<T> = Result<T, Problem>;

/// Reads a document. What belongs together is in files of its own: `schema.rs`, `attributes.rs`, `annotation.rs`, `target.rs`.
pub(super) struct Parser<'x> {
    pub(super) text: &'x str,
    pub(super) reader: Reader<&'x [u8]>,
    pub(super) csdl: Csdl<'x>,
    /// Other names of vocabularies: alias and namespace.
    pub(super) vocabularies: HashMap<&'x str, &'x str>,
    /// Annotations beside what they are about: the target as written.
    pub(super) targeted: Vec<(&'x str, Notes)>,
    /// The names of entity containers, each with the position of its schema.
    pub(super) containers: HashSet<(usize, &'x str)>,
}

impl<'x> Parser<'x> {
    fn new(text: &'x str) -> Parser<'x> {
        // A byte order mark is not part of the document, but its lines and columns count from behind it, too.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::from_str(text);
        // Between elements there are line ends and blanks, which say nothing: without them there is half as much to read.
        reader.config_mut().trim_text_start = true;
        Parser {
            text,
            reader,
            csdl: Csdl::empty(text),
            vocabularies: HashMap::new(),
            targeted: Vec::new(),
            containers: HashSet::new(),
        }
    }

    fn document(&mut self) -> Result<(), CsdlError> {
        self.roots().map_err(|Problem { at, message }| {
            let (line, column) = self.csdl.lines.position(at);
            CsdlError { line, column, message }
        })
    }

    fn roots(&mut self) -> Parsed<()> {
        if u32::try_from(self.text.len()).is_err() {
            return Err(Problem { at: 0, message: "the document is larger than 4 GiB".to_owned() });
        }
        let mut is_read = false;
        loop {
            match self.reader.read_event().map_err(|cause| self.problem(&cause))? {
                Event::Eof if is_read => return Ok(()),
                Event::Eof => return Err(not_csdl(0, "it has no element")),
                Event::Start(start) | Event::Empty(start) if is_read => {
                    let (at, name) = (self.start_of(&start), start.name().0);
                    return Err(Problem { at, message: format!("a second root element, <{name}>") });
                }
                Event::Start(start) if local_name(&start) == "Edmx" => {
                    is_read = true;
                    self.edmx(&start)?;
                }
                Event::Start(start) | Event::Empty(start) => {
                    let why = format!("its root element is <{}>", start.name().0);
                    return Err(not_csdl(self.start_of(&start), &why));
                }
                Event::Text(text) if !text.trim_ascii().is_empty() => {
                    let at = self.offset_of(text.trim_ascii_start()).unwrap_or_else(|| self.offset());
                    return Err(not_csdl(at, "there is text outside of elements"));
                }
                _ => {}
            }
        }
    }

    fn edmx(&mut self, start: &BytesStart<'x>) -> Parsed<()> {
        // Section 3.1: earlier versions have other elements.
        if let Some(version) = self.attributes(start)?.version.filter(|version| !version.starts_with("4.")) {
            let why = format!("it is of version {version}, and versions from 4.0 on are read");
            return Err(not_csdl(self.start_of(start), &why));
        }
        self.children(|own, start, open, _| match local_name(&start) {
            "DataServices" if open => own.children(|own, start, open, _| match local_name(&start) {
                "Schema" => own.schema(&start, open),
                _ => own.skip(&start, open),
            }),
            "Reference" if open => own.children(|own, start, open, _| {
                let attributes = own.attributes(&start)?;
                if let (Some(alias), Some(namespace)) = (attributes.alias, attributes.namespace) {
                    own.vocabularies.insert(alias, namespace);
                }
                own.skip(&start, open)
            }),
            _ => own.skip(&start, open),
        })
    }

    /// Calls `child` for each child element, with whether it has an end tag of its own, and where it begins. The child has to be
    /// read up to that end tag.
    pub(super) fn children(
        &mut self,
        mut child: impl FnMut(&mut Self, BytesStart<'x>, bool, u32) -> Parsed<()>,
    ) -> Parsed<()> {
        loop {
            let (start, is_open) = match self.reader.read_event() {
                Ok(Event::Start(start)) => (start, true),
                Ok(Event::Empty(start)) => (start, false),
                Ok(Event::End(_)) => return Ok(()),
                Ok(Event::Eof) => {
                    let message = "the document ends within an element; it is not complete".to_owned();
                    return Err(Problem { at: self.offset(), message });
                }
                Ok(_) => continue,
                Err(cause) => return Err(self.problem(&cause)),
            };
            // The document is not larger than that.
            let at = u32::try_from(self.start_of(&start)).unwrap_or(u32::MAX);
            child(self, start, is_open, at)?;
        }
    }

    pub(super) fn skip(&mut self, start: &BytesStart<'x>, open: bool) -> Parsed<()> {
        if open {
            self.reader.read_to_end(start.to_end().name()).map_err(|cause| self.problem(&cause))?;
        }
        Ok(())
    }

    /// Where an element begins.
    fn start_of(&self, start: &BytesStart<'x>) -> usize {
        // The name stands behind the bracket.
        self.offset_of(start).unwrap_or_else(|| self.offset()).saturating_sub(1)
    }

    pub(super) fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    pub(super) fn problem(&self, cause: &dyn std::fmt::Display) -> Problem {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        Problem { at: if at == 0 { self.offset() } else { at }, message: cause.to_string() }
    }
}

impl<'x> Csdl<'x> {
    fn empty(text: &'x str) -> Csdl<'x> {
        // What a service of some size needs, so that lists seldom move while they grow.
        let expected = |bytes_each: usize| text.len() / bytes_each;
        Csdl {
            lines: LineIndex::new(text),
            schemas: Vec::new(),
            namespaces: HashMap::new(),
            declarations: Vec::with_capacity(expected(800)),
            properties: Vec::with_capacity(expected(250)),
            operations: Vec::with_capacity(expected(2500)),
            elements: Vec::new(),
            container: None,
            elements_by_name: HashMap::new(),
            types: HashMap::with_capacity(expected(800)),
            operations_by_name: HashMap::with_capacity(expected(2500)),
            derived: Vec::with_capacity(expected(1200)),
            notes: HashMap::new(),
        }
    }
}

/// The name of an element without its prefix. Names are short: to look at each byte is faster than to search.
pub(super) fn local_name<'s>(start: &'s BytesStart<'_>) -> &'s str {
    let name = start.name().0;
    name.bytes().position(|byte| byte == b':').map_or(name, |colon| &name[colon + 1..])
}

fn not_csdl(at: usize, why: &str) -> Problem {
    Problem {
        at,
        message: format!("this is not a CSDL document in XML: {why}; `$metadata` of the service answers with one"),
    }
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
            ("<EntityType Name=\"a\" BaseType=\"n&#46;b\"/>", "6:33", "&#46;"),
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
