//! What a file imports: its `use` declarations, and the paths in its code.

use std::collections::BTreeMap;

/// Words, `::` and other signs of code, with their lines; no comments, no literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) text: &'t str,
    pub(crate) line: usize,
}

/// The tokens of Rust code.
pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let bytes = code.as_bytes();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < bytes.len() {
        let rest = &code[at..];
        let length = match bytes[at] {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'"' => string(rest, 1),
            b'r' if raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            b'\'' => character(rest),
            byte if byte == b'_' || byte.is_ascii_alphanumeric() => {
                let length = rest.bytes().take_while(|byte| *byte == b'_' || byte.is_ascii_alphanumeric()).count();
                tokens.push(Token { text: &rest[..length], line });
                length
            }
            _ if rest.starts_with("::") => {
                tokens.push(Token { text: "::", line });
                2
            }
            byte => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                if byte.is_ascii_graphic() {
                    tokens.push(Token { text: &rest[..length], line });
                }
                length
            }
        };
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

/// The length of a string literal, of which that much is known to be its beginning.
fn string(rest: &str, begin: usize) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(begin) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = 2 + hashes;
    Some(rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len()))
}

/// The length of a character literal, or of the sign that begins a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let from = at + escaped.len_utf8();
            rest[from..].find('\'').map_or(1, |end| from + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// One path that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// What it is called here.
    pub(crate) name: String,
    /// Whether it stands in a `use`.
    pub(crate) is_use: bool,
    pub(crate) line: usize,
}

/// What code imports by `use`, and the paths in it that begin with `crate`, `self` or `super`.
pub(crate) fn imports(code: &str) -> Vec<Import> {
    let tokens = tokens(code);
    let (mut imports, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let Token { text, line } = tokens[at];
        // `use<'a>` says what a type captures.
        let is_import = text == "use" && tokens.get(at + 1).is_none_or(|next| next.text != "<");
        if is_import {
            at = tree(&tokens, at + 1, &[], &mut imports);
        } else if matches!(text, "crate" | "self" | "super") && tokens.get(at + 1).is_some_and(|next| next.text == "::")
        {
            let mut path = vec![text.to_owned()];
            while tokens.get(at + 1).is_some_and(|next| next.text == "::") && tokens.get(at + 2).is_some_and(is_word) {
                path.push(tokens[at + 2].text.to_owned());
                at += 2;
            }
            let name = path.last().cloned().unwrap_or_default();
            imports.push(Import { path, name, is_use: false, line });
            at += 1;
        } else {
            at += 1;
        }
    }
    imports
}

fn is_word(token: &Token<'_>) -> bool {
    token.text.starts_with(|first: char| first == '_' || first.is_ascii_alphanumeric())
}

/// Reads a tree of `use` after its `prefix`, and returns where it ends.
fn tree(tokens: &[Token<'_>], mut at: usize, prefix: &[String], imports: &mut Vec<Import>) -> usize {
    let mut path = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    let mut name = None;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = tree(tokens, at, &path, imports);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            "," | "}" | ";" => break,
            "as" => {
                name = tokens.get(at + 1).map(|token| token.text.to_owned());
                at += 1;
            }
            // `a::{self}` is `a`.
            "self" if !path.is_empty() => {}
            text if is_word(token) || text == "*" => path.push(text.to_owned()),
            _ => {}
        }
        at += 1;
    }
    let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
    imports.push(Import { path, name, is_use: true, line });
    at
}

/// The modules of a crate by path, the crate itself being the empty one, and what each imports.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) modules: BTreeMap<Vec<String>, Module>,
}

#[derive(Debug)]
pub(crate) struct Module {
    /// Its file.
    pub(crate) file: String,
    pub(crate) imports: Vec<Import>,
}

impl Crate {
    /// Adds a file, `path` being its path below `src`.
    pub(crate) fn add(&mut self, file: &str, path: &str, code: &str) {
        let path = path.trim_end_matches(".rs");
        let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        self.modules.insert(module, Module { file: file.to_owned(), imports: imports(code) });
    }

    /// The module in which what an import names is defined: through folders, and through what they hand on.
    pub(crate) fn resolve<'m>(&'m self, from: &[String], path: &[String], depth: usize) -> Option<&'m Vec<String>> {
        let (mut base, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.to_vec(), &path[1..]),
            "super" => (from.to_vec(), path),
            first => {
                let mut child = from.to_vec();
                child.push(first.to_owned());
                self.modules.get(&child)?;
                (from.to_vec(), path)
            }
        };
        while let Some("super") = rest.first().map(String::as_str) {
            base.pop()?;
            rest = &rest[1..];
        }
        while let Some(next) = rest.first() {
            base.push(next.clone());
            if !self.modules.contains_key(&base) {
                base.pop();
                break;
            }
            rest = &rest[1..];
        }
        let (module, own) = self.modules.get_key_value(&base)?;
        // What a folder imports under that name, it may hand on.
        let handed_on =
            rest.first().and_then(|name| own.imports.iter().find(|import| import.is_use && import.name == *name));
        if let Some(import) = handed_on.filter(|_| depth < 8) {
            return self.resolve(&base, &import.path, depth + 1).or(Some(module));
        }
        Some(module)
    }
}

#[test]
fn paths_are_found_in_use_and_in_code_and_not_in_comments_or_literals() {
    let code = "use crate::a::{self, b::C as D, E};\n// use crate::no;\nfn f<'x>() { \"crate::no\"; 'c'; r#\"crate::\"no\"#; super::g::h() }";
    assert_eq!(shown(code), ["1:crate::a a", "1:crate::a::b::C D", "1:crate::a::E E", "3:super::g::h h"]);
}

#[test]
fn what_a_type_captures_is_no_import() {
    let code = "fn f<'x>() -> impl Iterator + use<'x> { crate::a::b() }\nuse crate::c;";
    assert_eq!(shown(code), ["1:crate::a::b b", "2:crate::c c"]);
}

fn shown(code: &str) -> Vec<String> {
    let line = |own: &Import| format!("{}:{} {}", own.line, own.path.join("::"), own.name);
    imports(code).iter().map(line).collect()
}
