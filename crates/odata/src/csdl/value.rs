//! Values of annotations, as far as they matter (OData CSDL XML 4.0 section 14).

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
pub(super) struct Record(pub(super) Vec<(String, Value)>);

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
