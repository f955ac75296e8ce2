//! Values of annotations, as far as they matter (OData CSDL XML 4.0 section 14).

/// The value of an annotation.
#[derive(Debug)]
pub(super) enum Value {
    /// No value is given.
    None,
    /// One that depends on the data, or that nothing here reads: nothing is known of it.
    Other,
    Bool(bool),
    /// A string, a date, or a path.
    Text(String),
    /// The last name of an enumeration member, `Read` in `Org.OData.Core.V1.Permission/Read`; several are joined by blanks.
    Member(String),
    /// A record: its members with their names.
    Record(Vec<(String, Value)>),
    Collection(Vec<Value>),
}

impl Value {
    /// The members of a record.
    pub(super) fn members(&self) -> impl Iterator<Item = &(String, Value)> {
        if let Value::Record(members) = self { members.iter() } else { [].iter() }
    }

    /// The member of a record that has that name.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.members().find(|(own, _)| own == name).map(|(_, value)| value)
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
