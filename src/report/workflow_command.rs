//! Text that no CI server takes for a command. They read what a job prints: GitHub Actions `::name::…` at the beginning of a line, and
//! `##[name]…` anywhere in it; Azure Pipelines `##vso[name]…`; TeamCity `##teamcity[name …]`.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>,
//! <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>

use std::borrow::Cow;
use std::io::{self, Write};

/// The text with one character of each such command as a visible escape, as [`safe`](super::safe) writes characters that a terminal acts
/// on. Escape sequences for styles are looked through: they are taken out where there is no terminal.
pub fn defused(text: &str) -> Cow<'_, str> {
    // Most text has neither.
    if !text.contains("::") && !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut places = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        places.extend(commands_in(line).map(|at| start + at));
        start += line.len();
    }
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut defused = String::with_capacity(text.len() + 6 * places.len());
    let mut done = 0;
    for at in places {
        defused.push_str(&text[done..at]);
        defused.extend(text[at..].chars().take(1).flat_map(char::escape_unicode));
        done = at + 1;
    }
    defused.push_str(&text[done..]);
    Cow::Owned(defused)
}

/// Where in a line the characters are that make commands: the first colon of `::`, and the second `#` of `##[`.
fn commands_in(line: &str) -> impl Iterator<Item = usize> {
    let plain = without_styles(line);
    let first = plain.iter().position(|(_, c)| !c.is_whitespace()).unwrap_or(plain.len());
    let is_new = matches!(plain.get(first..first + 2), Some([(_, ':'), (_, ':')]));
    let new = is_new.then(|| plain[first].0);
    let old = plain.windows(2).enumerate().filter_map(|(index, pair)| {
        let [(_, '#'), (at, '#')] = *pair else { return None };
        let name = plain[index + 2..].iter().take_while(|(_, c)| c.is_alphanumeric()).count();
        matches!(plain.get(index + 2 + name), Some((_, '['))).then_some(at)
    });
    new.into_iter().chain(old).collect::<Vec<_>>().into_iter()
}

/// The characters of a line with their offsets, but for those of escape sequences for styles (ECMA-48 section 5.4).
fn without_styles(line: &str) -> Vec<(usize, char)> {
    let mut plain = Vec::with_capacity(line.len());
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\u{1b}' && characters.next_if(|(_, next)| *next == '[').is_some() {
            while characters.next().is_some_and(|(_, c)| !('\u{40}'..='\u{7e}').contains(&c)) {}
        } else {
            plain.push((at, c));
        }
    }
    plain
}

/// A stream of lines, each of which is [`defused`]; what follows the last line end is written when the stream is flushed.
#[derive(Debug)]
pub struct Defused<W: Write> {
    out: W,
    /// What there is of the line that has not ended.
    line: Vec<u8>,
}

impl<W: Write> Defused<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Defused<W> {
        Defused { out, line: Vec::new() }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(defused(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for Defused<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(defused(text), expected, "{text:?}");
        let mut written = Vec::new();
        let mut out = Defused::new(&mut written);
        text.as_bytes().chunks(3).for_each(|bytes| out.write_all(bytes).expect("written"));
        out.flush().expect("written");
        assert_eq!(String::from_utf8_lossy(&written), expected, "{text:?}");
    }

    #[test]
    fn a_command_of_either_syntax_is_none_any_more() {
        check("::add-mask::x", "\\u{3a}:add-mask::x");
        check("one\n \t\u{a0}::stop-commands::x\n", "one\n \t\u{a0}\\u{3a}:stop-commands::x\n");
        check("\u{1b}[31m::error::\u{1b}[0mé", "\u{1b}[31m\\u{3a}:error::\u{1b}[0mé");
        check("é ##[add-mask]x ##[group]", "é #\\u{23}[add-mask]x #\\u{23}[group]");
        check("###[x]", "##\\u{23}[x]");
        check("##\u{1b}[1m[x]", "#\\u{23}\u{1b}[1m[x]");
        check("##vso[task.setvariable]x", "#\\u{23}vso[task.setvariable]x");
        check("##teamcity[x]", "#\\u{23}teamcity[x]");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "a::b", "# [x]", "## Heading [x](y)", "#[test]", ": :", "Edm::String", "\u{1b}[31m", "\u{1b}"]
        {
            check(text, text);
        }
    }
}
