//! Reading annotations (OData CSDL XML 4.0 section 14): only those that matter, and of their values what they may be made of.

use quick_xml::XmlVersion;
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use super::model::Node;
use super::notes::{Notes, Term};
use super::read::{Parsed, Parser, Problem};

/// Deeper annotations are nobody's.
const MAX_DEPTH: usize = 64;

/// The value of an annotation.
#[derive(Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    /// A string, a date, or a path.
    Text(String),
    /// The last name of an enumeration member, `Read` in `Org.OData.Core.V1.Permission/Read`; several are joined by blanks.
    Member(String),
    Record(Record),
    Collection(Vec<Value>),
}

/// A record: its members by name.
#[derive(Debug, Default)]
pub(super) struct Record(Vec<(String, Value)>);

impl Record {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl Value {
    pub(super) fn record(&self) -> Option<&Record> {
        if let Value::Record(record) = self { Some(record) } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_member(&self) -> Option<&str> {
        if let Value::Member(name) = self { Some(name) } else { None }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Value> {
        if let Value::Collection(items) = self { items.iter() } else { [].iter() }
    }
}

impl<'x> Parser<'x> {
    /// Annotations beside what they are about (section 14.2).
    pub(super) fn annotations(&mut self, start: &BytesStart<'x>) -> Parsed<()> {
        let target = self.attributes(start)?.target.unwrap_or_default();
        let mut notes = None;
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "Annotation" => own.annotation(&start, open, at, &mut notes),
            _ => own.skip(&start, open),
        })?;
        self.targeted.extend(notes.map(|notes| (target, notes)));
        Ok(())
    }

    /// The annotations within an element that may have others.
    pub(super) fn inline_notes(&mut self, open: bool, node: Node) -> Parsed<()> {
        if !open {
            return Ok(());
        }
        let mut notes = None;
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "Annotation" => own.annotation(&start, open, at, &mut notes),
            _ => own.skip(&start, open),
        })?;
        self.note(node, notes);
        Ok(())
    }

    /// One annotation; only those that matter make notes.
    pub(super) fn annotation(
        &mut self,
        start: &BytesStart<'x>,
        open: bool,
        at: u32,
        notes: &mut Option<Notes>,
    ) -> Parsed<()> {
        // Most annotations are descriptions: nothing but their term is looked at.
        let mut attributes = start.attributes();
        let term = attributes.with_checks(false).flatten().find(|attribute| attribute.key.0 == "Term");
        let Some(term) = term.and_then(|attribute| self.term(&attribute.value)) else {
            return self.skip(start, open);
        };
        let value = self.value(start, open, 0)?;
        notes.get_or_insert_default().add(term, &value, at);
        Ok(())
    }

    fn term(&self, name: &str) -> Option<Term> {
        let (namespace, name) = name.rsplit_once('.')?;
        Term::of(self.vocabularies.get(namespace).copied().unwrap_or(namespace), name)
    }

    /// The value of an annotation, of a record's member, or of an item: in an attribute, or in the only child.
    fn value(&mut self, start: &BytesStart<'x>, open: bool, depth: usize) -> Parsed<Value> {
        let mut value = Value::None;
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|cause| self.bad_attribute(start, &cause))?;
            let text = || {
                attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_or_else(|_| attribute.value.to_string(), String::from)
            };
            match attribute.key.0 {
                "Bool" => value = Value::Bool(attribute.value == "true"),
                "EnumMember" => value = Value::Member(last_names(&attribute.value)),
                "String" | "Date" | "Path" | "PropertyPath" | "NavigationPropertyPath" | "Int" => {
                    value = Value::Text(text());
                }
                _ => {}
            }
        }
        if open {
            self.children(|own, start, open, _| {
                // Beside the value, there may be annotations of the annotation.
                match own.expression(&start, open, depth + 1)? {
                    Value::None => {}
                    found => value = found,
                }
                Ok(())
            })?;
        }
        Ok(value)
    }

    /// A value as an element of its own (section 14.4).
    fn expression(&mut self, start: &BytesStart<'x>, open: bool, depth: usize) -> Parsed<Value> {
        if depth > MAX_DEPTH {
            return Err(Problem {
                at: self.offset(),
                message: format!("annotations are nested deeper than {MAX_DEPTH}"),
            });
        }
        if !open {
            return Ok(match start.local_name().as_ref() {
                "Record" => Value::Record(Record::default()),
                "Collection" => Value::Collection(Vec::new()),
                _ => Value::None,
            });
        }
        match start.local_name().as_ref() {
            "Record" => {
                let mut record = Record::default();
                self.children(|own, start, open, _| {
                    let mut attributes = start.attributes();
                    let mut attributes = attributes.with_checks(false).flatten();
                    let property = attributes.find(|attribute| attribute.key.0 == "Property");
                    let name = property.map(|property| property.value.into_owned());
                    let value = own.value(&start, open, depth + 1)?;
                    record.0.extend(name.map(|name| (name, value)));
                    Ok(())
                })?;
                Ok(Value::Record(record))
            }
            "Collection" => {
                let mut items = Vec::new();
                self.children(|own, start, open, _| {
                    items.push(own.expression(&start, open, depth + 1)?);
                    Ok(())
                })?;
                Ok(Value::Collection(items))
            }
            name @ ("Bool" | "EnumMember" | "String" | "Date" | "Path" | "PropertyPath" | "NavigationPropertyPath") => {
                let name = name.to_owned();
                let text = self.reader.read_text(start.to_end().name()).map_err(|cause| self.problem(&cause))?;
                let text = text.trim_ascii();
                Ok(match name.as_str() {
                    "Bool" => Value::Bool(text == "true"),
                    "EnumMember" => Value::Member(last_names(text)),
                    // A reference that XML does not know stays as it is.
                    _ => Value::Text(unescape(text).map_or_else(|_| text.to_owned(), String::from)),
                })
            }
            _ => self.skip(start, open).map(|()| Value::None),
        }
    }

    pub(super) fn note(&mut self, node: Node, notes: Option<Notes>) {
        self.csdl.notes.extend(notes.map(|notes| (node, notes)));
    }
}

/// The names of enumeration members without their type.
fn last_names(text: &str) -> String {
    let names: Vec<&str> = text.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
    names.join(" ")
}
