//! Reading a CSDL document: one pass over the XML, by recursive descent.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Csdl;
use super::notes::Notes;

/// Why a document is no CSDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct CsdlError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
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
        // A byte order mark is no part of the document, but its lines and columns count from behind it, too.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Parser {
            text,
            reader: Reader::from_str(text),
            csdl: Csdl::empty(text),
            vocabularies: HashMap::new(),
            targeted: Vec::new(),
            containers: HashSet::new(),
        }
    }

    fn document(&mut self) -> Result<(), CsdlError> {
        self.roots().map_err(|Problem { at, message }| {
            let before = &self.text[..self.text.floor_char_boundary(at)];
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            CsdlError {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message,
            }
        })
    }

    fn roots(&mut self) -> Parsed<()> {
        if u32::try_from(self.text.len()).is_err() {
            return Err(Problem { at: 0, message: "the document is larger than 4 GiB".to_owned() });
        }
        let mut is_read = false;
        loop {
            let at = self.offset();
            match self.reader.read_event().map_err(|cause| self.problem(&cause))? {
                Event::Eof if is_read => return Ok(()),
                Event::Eof => return Err(not_csdl(0, "it has no element")),
                Event::Start(start) | Event::Empty(start) if is_read => {
                    return Err(Problem { at, message: format!("a second root element, <{}>", start.name().0) });
                }
                Event::Start(start) if start.local_name().as_ref() == "Edmx" => {
                    is_read = true;
                    self.edmx(&start, at)?;
                }
                Event::Start(start) | Event::Empty(start) => {
                    return Err(not_csdl(at, &format!("its root element is <{}>", start.name().0)));
                }
                Event::Text(text) if !text.trim_ascii().is_empty() => {
                    let blanks = text.len() - text.trim_ascii_start().len();
                    return Err(not_csdl(at + blanks, "there is text outside of elements"));
                }
                _ => {}
            }
        }
    }

    fn edmx(&mut self, start: &BytesStart<'x>, at: usize) -> Parsed<()> {
        // Section 3.1: earlier versions have other elements.
        if let Some(version) = self.attributes(start)?.version.filter(|version| !version.starts_with("4.")) {
            return Err(not_csdl(at, &format!("it is of version {version}, and versions from 4.0 on are read")));
        }
        self.children(|own, start, open, _| match start.local_name().as_ref() {
            "DataServices" if open => own.children(|own, start, open, _| match start.local_name().as_ref() {
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
            let at = self.offset();
            // The document is not larger than that.
            let start_at = u32::try_from(at).unwrap_or(u32::MAX);
            match self.reader.read_event() {
                Ok(Event::Start(start)) => child(self, start, true, start_at)?,
                Ok(Event::Empty(start)) => child(self, start, false, start_at)?,
                Ok(Event::End(_)) => return Ok(()),
                Ok(Event::Eof) => {
                    return Err(Problem {
                        at,
                        message: "the document ends within an element; it is not complete".to_owned(),
                    });
                }
                Ok(_) => {}
                Err(cause) => return Err(self.problem(&cause)),
            }
        }
    }

    pub(super) fn skip(&mut self, start: &BytesStart<'x>, open: bool) -> Parsed<()> {
        if open {
            self.reader.read_to_end(start.to_end().name()).map_err(|cause| self.problem(&cause))?;
        }
        Ok(())
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
            text,
            line_starts: std::sync::OnceLock::new(),
            schemas: Vec::new(),
            namespaces: HashMap::new(),
            declarations: Vec::with_capacity(expected(800)),
            properties: Vec::with_capacity(expected(250)),
            operations: Vec::with_capacity(expected(2500)),
            elements: Vec::new(),
            elements_by_name: HashMap::new(),
            types: HashMap::with_capacity(expected(800)),
            operations_by_name: HashMap::with_capacity(expected(2500)),
            derived: HashMap::new(),
            notes: HashMap::new(),
        }
    }
}

fn not_csdl(at: usize, why: &str) -> Problem {
    Problem {
        at,
        message: format!("this is no CSDL document in XML: {why}; `$metadata` of the service answers with one"),
    }
}
