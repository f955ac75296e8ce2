//! Reading the attributes of an element.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::AttrError;

use super::read::{Parsed, Parser, Problem};

/// The attributes of an element that matter to any of them.
#[derive(Default)]
pub(super) struct Attributes<'x> {
    pub(super) name: Option<&'x str>,
    pub(super) type_text: Option<&'x str>,
    pub(super) base: Option<&'x str>,
    pub(super) namespace: Option<&'x str>,
    pub(super) alias: Option<&'x str>,
    pub(super) value: Option<&'x str>,
    pub(super) path: Option<&'x str>,
    pub(super) target: Option<&'x str>,
    pub(super) version: Option<&'x str>,
    pub(super) nullable: Option<bool>,
    pub(super) is_abstract: bool,
    pub(super) is_open: bool,
    pub(super) has_stream: bool,
    pub(super) is_flags: bool,
    pub(super) is_bound: bool,
    pub(super) is_composable: bool,
    pub(super) contains_target: bool,
}

impl<'x> Parser<'x> {
    /// The attributes of an element, as they stand in the text.
    pub(super) fn attributes(&self, start: &BytesStart<'x>) -> Parsed<Attributes<'x>> {
        let mut found = Attributes::default();
        let mut seen: u32 = 0;
        // The check for repeated attributes takes a list for each element; those that matter are checked here.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|cause| self.bad_attribute(start, &cause))?;
            let value = &*attribute.value;
            let is_true = value == "true";
            let bit = match attribute.key.0 {
                "Name" => self.keep(&mut found.name, value, 0)?,
                "Type" => self.keep(&mut found.type_text, value, 1)?,
                "EntityType" => self.keep(&mut found.type_text, value, 2)?,
                "UnderlyingType" => self.keep(&mut found.type_text, value, 3)?,
                "Action" => self.keep(&mut found.type_text, value, 4)?,
                "Function" => self.keep(&mut found.type_text, value, 5)?,
                "Nullable" => set(&mut found.nullable, Some(is_true), 6),
                "BaseType" => self.keep(&mut found.base, value, 7)?,
                "Abstract" => set(&mut found.is_abstract, is_true, 8),
                "OpenType" => set(&mut found.is_open, is_true, 9),
                "HasStream" => set(&mut found.has_stream, is_true, 10),
                "ContainsTarget" => set(&mut found.contains_target, is_true, 11),
                "IsBound" => set(&mut found.is_bound, is_true, 12),
                "IsComposable" => set(&mut found.is_composable, is_true, 13),
                "IsFlags" => set(&mut found.is_flags, is_true, 14),
                "Value" => self.keep(&mut found.value, value, 15)?,
                "Namespace" => self.keep(&mut found.namespace, value, 16)?,
                "Alias" => self.keep(&mut found.alias, value, 17)?,
                "Path" => self.keep(&mut found.path, value, 18)?,
                "Target" => self.keep(&mut found.target, value, 19)?,
                "Version" => self.keep(&mut found.version, value, 20)?,
                _ => continue,
            };
            if seen & (1 << bit) != 0 {
                let at = self.offset_of(attribute.key.0).unwrap_or_else(|| self.offset());
                return Err(Problem { at, message: format!("the attribute `{}` stands twice", attribute.key.0) });
            }
            seen |= 1 << bit;
        }
        Ok(found)
    }

    /// Keeps a value as it stands in the text. Names, types and paths are identifiers and signs between them (section 15), so that
    /// nothing in them has to be written as a reference; a model that borrows the text cannot resolve one.
    fn keep(&self, place: &mut Option<&'x str>, value: &str, bit: u32) -> Parsed<u32> {
        let at = self.offset_of(value);
        let Some(kept) = at.and_then(|at| self.text.get(at..at + value.len())) else {
            return Err(Problem { at: self.offset(), message: "an attribute is lost".to_owned() });
        };
        if let Some(first) = memchr::memchr(b'&', kept.as_bytes()) {
            let reference = kept[first..].split_inclusive(';').next().unwrap_or_default();
            let reference: String = reference.chars().take(12).collect();
            let message =
                format!("a name, type or path is written with the reference `{reference}`; write the character itself");
            return Err(Problem { at: at.unwrap_or_default() + first, message });
        }
        *place = Some(kept);
        Ok(bit)
    }

    /// Where a part of the text is in it; an empty part may be nowhere.
    pub(super) fn offset_of(&self, part: &str) -> Option<usize> {
        if part.is_empty() {
            return Some(0);
        }
        let at = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (at + part.len() <= self.text.len()).then_some(at)
    }

    /// What is wrong with an attribute, and where.
    pub(super) fn bad_attribute(&self, start: &BytesStart<'x>, cause: &AttrError) -> Problem {
        let (at, message) = match cause {
            AttrError::ExpectedEq(at) => (at, "an attribute has no `=` and no value"),
            AttrError::ExpectedValue(at) => (at, "an attribute has no value"),
            AttrError::UnquotedValue(at) => (at, "the value of an attribute is not in quotation marks"),
            AttrError::ExpectedQuote(at, _) => (at, "the quotation mark at the end of an attribute's value is missing"),
            AttrError::Duplicated(at, _) => (at, "an attribute stands twice"),
        };
        let start = self.offset_of(start).unwrap_or_else(|| self.offset());
        Problem { at: start + at, message: message.to_owned() }
    }
}

fn set<T>(place: &mut T, value: T, bit: u32) -> u32 {
    *place = value;
    bit
}
