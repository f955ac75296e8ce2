//! What stands beside the cases of a report, as lines with a tone.

use anstyle::{AnsiColor, Style};

use super::text::safe;

/// What a line means, and so how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As expected.
    Good,
    /// Not as expected.
    Bad,
    /// Something to look at.
    Warn,
    /// Beside the point.
    Dim,
    /// What is about to be said.
    Bold,
    /// Nothing of that.
    #[default]
    Plain,
}

impl Tone {
    /// The ANSI style.
    pub fn style(self) -> Style {
        match self {
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default(),
            Tone::Warn => AnsiColor::Yellow.on_default(),
            Tone::Dim => Style::new().dimmed(),
            Tone::Bold => Style::new().bold(),
            Tone::Plain => Style::new(),
        }
    }
}

/// A line: its lead in a tone, perhaps indented; then text, and what is less important. Nothing in it can harm a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What stands before the lead.
    pub indent: String,
    /// The tone of the lead.
    pub tone: Tone,
    /// What the line is about.
    pub lead: String,
    /// What is said of it.
    pub text: String,
    /// What may be passed over.
    pub dim: String,
}

impl Line {
    /// A line with this lead.
    pub fn new(tone: Tone, lead: impl AsRef<str>) -> Line {
        Line { tone, lead: safe(lead.as_ref()), ..Line::default() }
    }

    /// A line without a lead.
    pub fn plain(text: impl AsRef<str>) -> Line {
        Line::new(Tone::Plain, "").text(text)
    }

    /// The line with this text behind its lead.
    #[must_use]
    pub fn text(self, text: impl AsRef<str>) -> Line {
        Line { text: safe(text.as_ref()), ..self }
    }

    /// The line with this at its end.
    #[must_use]
    pub fn dim(self, dim: impl AsRef<str>) -> Line {
        Line { dim: safe(dim.as_ref()), ..self }
    }
}

/// Lines that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The lines.
    pub lines: Vec<Line>,
    /// How many of them are shown where not all are asked for; all, if `None`.
    pub most: Option<usize>,
    /// What it is one of, if it is only shown where all of these are asked for.
    pub further: Option<String>,
    /// What every form of the report has to say, a sentence each; the others have the cases for the rest.
    pub remarks: Vec<String>,
}

impl Block {
    /// A block of these lines.
    pub fn new(lines: Vec<Line>) -> Block {
        Block { lines, ..Block::default() }
    }

    /// A title with items below it, of which so many are shown as a rule. Nothing, if there are no items.
    pub fn list(title: Line, items: Vec<String>, shown: usize) -> Option<Block> {
        if items.is_empty() {
            return None;
        }
        let items = items.into_iter().map(|item| Line::plain(format!("  {item}")));
        let block = Block::new(std::iter::once(title).chain(items).collect());
        Some(block.at_most(shown.saturating_add(1)))
    }

    /// The block, of which so many lines are shown as a rule.
    #[must_use]
    pub fn at_most(self, lines: usize) -> Block {
        Block { most: Some(lines), ..self }
    }

    /// The block, which is shown only where all of its kind are asked for.
    #[must_use]
    pub fn further(self, what: &str) -> Block {
        Block { further: Some(what.to_owned()), ..self }
    }

    /// A unified diff.
    pub fn patch(diff: &str) -> Block {
        let line = |line: &str| {
            let tone = match line.as_bytes().first() {
                Some(b'+') => Tone::Good,
                Some(b'-') => Tone::Bad,
                _ => Tone::Dim,
            };
            Line::new(tone, line)
        };
        Block::new(diff.lines().map(line).collect())
    }

    /// The block, of which these sentences stand in every form of the report.
    #[must_use]
    pub fn remark(self, remarks: Vec<String>) -> Block {
        Block { remarks, ..self }
    }
}
