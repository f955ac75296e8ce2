//! One of several documents that describe a service together.

use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt as _};

use graph_contracts::source::{LineStarts, SourceLine};

/// One of the documents.
#[derive(Debug)]
pub(super) struct Document<'x> {
    /// What it is called.
    name: Arc<str>,
    text: &'x str,
    /// Where its lines start, found when somebody asks.
    lines: OnceLock<LineStarts>,
    /// The position at which it begins.
    start: u32,
    /// The namespaces that its references include, and what it calls them (section 3.4).
    pub(super) included: Vec<(Option<&'x str>, &'x str)>,
    /// Which annotations its references include (section 3.5).
    pub(super) annotations: Vec<IncludedAnnotations<'x>>,
    /// The numbers of the namespaces that its aliases stand for. No other document knows them.
    pub(super) aliases: HashMap<&'x str, usize>,
}

/// Annotations that another document has, and that a reference includes.
#[derive(Debug)]
pub(super) struct IncludedAnnotations<'x> {
    /// The namespace of their terms.
    pub(super) terms: &'x str,
    /// Whether they are those with some qualifier, none of which is read.
    pub(super) is_qualified: bool,
    /// The namespace of what they are about, if only those are included.
    pub(super) target: Option<&'x str>,
}

impl<'x> Document<'x> {
    pub(super) fn new(name: &str, text: &'x str, start: u32) -> Document<'x> {
        Document {
            name: name.into(),
            text,
            lines: OnceLock::new(),
            start,
            included: Vec::new(),
            annotations: Vec::new(),
            aliases: HashMap::new(),
        }
    }

    /// The position behind it.
    fn end(&self) -> u32 {
        self.start.saturating_add(u32::try_from(self.text.len()).unwrap_or(u32::MAX))
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where its text is in memory.
    pub(super) fn addresses(&self) -> RangeInclusive<usize> {
        let start = self.text.as_ptr() as usize;
        start..=start + self.text.len()
    }

    /// The position at which it begins.
    pub(super) fn start(&self) -> u32 {
        self.start
    }

    /// The line of a position.
    pub(super) fn line(&self, at: u32) -> u32 {
        self.lines().line(at.saturating_sub(self.start) as usize)
    }

    /// The line and the column of a position.
    pub(super) fn place(&self, at: u32) -> (u32, u32) {
        self.lines().position(self.text, at.saturating_sub(self.start) as usize)
    }

    fn lines(&self) -> &LineStarts {
        self.lines.get_or_init(|| LineStarts::new(self.text))
    }

    /// The document and the line of a position.
    pub(super) fn source_line(&self, at: u32) -> SourceLine {
        SourceLine::new(Arc::clone(&self.name), self.line(at))
    }
}

/// Where the next document begins.
pub(super) fn next_start(documents: &[Document<'_>]) -> u32 {
    documents.last().map_or(0, |last| last.end().saturating_add(1))
}
