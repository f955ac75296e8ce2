//! Checks values and members against the types that the metadata declares.

use super::body::{Checker, Declared, Direction, annotated, control, is_declarable};
use super::remark::is_called;
use super::resource::{Names, did_you_mean, in_any_case, subject_of_unknown, type_name};
use super::value::{has_type, is_single_sample, unknown_member};
use crate::csdl::{EnumType, Property, TypeId, TypeKind, TypeRef, nearest};
use graph_contracts::contract::is_sample_text;
use graph_contracts::diagnostic::Code;
use graph_contracts::json::{Cursor, Json, Member};

impl<'k, 'x> Checker<'k, 'x> {
    pub(super) fn value(&mut self, value: &Json, declared: &Declared<'x>, cursor: &Cursor<'_>) {
        let Declared { type_ref, subject, at, .. } = declared;
        // Of a type that says nothing, nothing is known but whether there are several of its values.
        let is_known = type_ref.collection && !matches!(value, Json::Array(_));
        if self.is_opaque(*type_ref) && !is_known {
            return self.undeclared_value(value, cursor);
        }
        if is_sample_text(value) || self.is_named_type(cursor) {
            if type_ref.collection && is_single_sample(value) {
                self.wrong_type(value, declared, cursor);
            }
            return;
        }
        if *value == Json::Null {
            // What `Nullable` says of a collection is about its elements (OData CSDL XML 4.01 section 7.2.2).
            if !declared.nullable || type_ref.collection {
                let what =
                    if type_ref.collection { "which is a collection, and never null" } else { "which is not nullable" };
                let message = format!("null is documented for {subject}, {what}");
                self.remark(Code::NullNotAllowed, cursor, message, subject.clone(), Some(*at));
            }
            return;
        }
        match (type_ref.collection, value) {
            (true, Json::Array(items)) => {
                let element = Declared { type_ref: TypeRef { collection: false, ..*type_ref }, ..declared.clone() };
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &element, &Cursor::Element(cursor, index));
                }
            }
            (true, _) | (false, Json::Array(_)) => self.wrong_type(value, declared, cursor),
            (false, _) => self.single(value, declared, cursor),
        }
    }

    /// A value that is not a collection.
    fn single(&mut self, value: &Json, declared: &Declared<'x>, cursor: &Cursor<'_>) {
        let type_ref = declared.type_ref;
        let is_of = |name: &str| has_type(value, name, self.message.large_numbers);
        match (type_ref.id.map(|id| (id, &self.csdl.declaration(id).kind)), value) {
            (Some((id, TypeKind::Structured(_))), Json::Object(members)) => self.object(value, members, id, cursor),
            (Some((id, TypeKind::Enum(enumeration))), Json::String(text)) => {
                if let Some(unknown) = unknown_member(text, enumeration) {
                    self.not_a_member(unknown, id, enumeration, cursor);
                }
            }
            (Some((_, TypeKind::Definition { underlying, .. })), _) if is_of(underlying) => {}
            (None, _) if is_of(type_ref.name) => {}
            _ => self.wrong_type(value, declared, cursor),
        }
    }

    fn not_a_member(&mut self, name: &str, id: TypeId, enumeration: &EnumType<'_>, cursor: &Cursor<'_>) {
        let full_name = self.csdl.full_name(id);
        let same = in_any_case(&enumeration.members, name, |own| own.name);
        if let Some(same) = same.filter(|_| self.message.direction == Direction::Request) {
            let subject = format!("{full_name}/{}", same.name);
            return self.remark(Code::NameCaseDiffers, cursor, is_called(name, same.name), subject, Some(same.at));
        }
        let hint = did_you_mean(name, enumeration.members.iter().map(|member| member.name));
        let message = format!("`{name}` is not a member of {full_name}{hint}");
        let (subject, at) = (format!("{full_name}/{}", name.to_lowercase()), self.csdl.declaration(id).at);
        self.remark(Code::EnumValueNotInMetadata, cursor, message, subject, Some(at));
    }

    fn wrong_type(&mut self, value: &Json, declared: &Declared<'x>, cursor: &Cursor<'_>) {
        let Declared { type_ref, subject, at, .. } = declared;
        let name = type_name(self.csdl, *type_ref);
        let of = if type_ref.collection { "a collection of " } else { "of type " };
        let message = format!("{} is documented for {subject}, which is {of}{name}", shown(value));
        self.remark(Code::ValueNotOfMetadataType, cursor, message, subject.clone(), Some(*at));
    }

    fn object(&mut self, object: &Json, members: &[Member], declared: TypeId, cursor: &Cursor<'_>) {
        if is_change_of_set(object) {
            return;
        }
        let says_type = control(object, "type").is_some();
        let own = self.own_type(object, members, declared, cursor);
        let id = match own {
            Some(own) => own,
            // A response of a derived type says so; examples often leave that out. Where a request names a type that does not
            // exist, that is all that is wrong with its members.
            None if says_type || self.message.direction == Direction::Response => self.meant(members, declared),
            None => declared,
        };
        self.members(members, id, own.is_some(), cursor);
    }

    /// The members of an object of that type; `says_type` is whether the object says so itself.
    fn members(&mut self, members: &[Member], id: TypeId, says_type: bool, cursor: &Cursor<'_>) {
        for member in members.iter().filter(|member| is_declarable(&member.name)) {
            let cursor = Cursor::Member(cursor, &member.name);
            let name = annotated(&member.name).unwrap_or(&member.name);
            let property = self.csdl.property(id, name).or_else(|| self.in_another_case(name, id, &cursor));
            let Some(property) = property else {
                if self.message.computed.iter().any(|own| own == name) {
                    self.undeclared_value(&member.value, &cursor);
                    continue;
                }
                self.undeclared(name, id, says_type, &cursor);
                if self.csdl.may_have_others(id) {
                    self.undeclared_value(&member.value, &cursor);
                }
                continue;
            };
            if member.name.ends_with("@odata.bind") || member.name.ends_with("@bind") {
                self.bound(&member.value, property, id, &cursor);
                continue;
            }
            if annotated(&member.name).is_some() {
                // `members@delta` has what was added and removed (OData JSON Format 4.01 section 15).
                self.undeclared_value(&member.value, &cursor);
                continue;
            }
            self.computed(property, id, &cursor);
            let declared = Declared {
                type_ref: self.csdl.type_ref(property.type_text),
                nullable: property.nullable
                    || (self.csdl.type_ref(property.type_text).collection && property.is_navigation),
                subject: self.csdl.declared_name(id, property),
                at: property.at,
            };
            self.value(&member.value, &declared, &cursor);
        }
    }

    /// What an entity is bound to by its URL, or several by theirs (OData JSON Format 4.01 section 8.5).
    fn bound(&mut self, value: &Json, property: &Property<'x>, owner: TypeId, cursor: &Cursor<'_>) {
        let type_ref = self.csdl.type_ref(property.type_text);
        let subject = format!("{}/{}", self.csdl.full_name(owner), property.name);
        if !property.is_navigation {
            let message =
                format!("{subject} is bound by a URL, but it is no navigation property: its value has to be given");
            return self.remark(Code::ValueNotOfMetadataType, cursor, message, subject, Some(property.at));
        }
        let is_url = |value: &Json| matches!(value, Json::String(_) | Json::Object(_));
        let fits = match (value, type_ref.collection) {
            (Json::Null, collection) => !collection,
            (Json::Array(items), collection) => collection && items.iter().all(is_url),
            (_, true) => is_sample_text(value) && !is_single_sample(value),
            (_, false) => is_url(value),
        };
        if !fits {
            let what =
                if type_ref.collection { "which is bound by an array of URLs" } else { "which is bound by one URL" };
            let message = format!("{} is documented for {subject}, {what}", shown(value));
            self.remark(Code::ValueNotOfMetadataType, cursor, message, subject, Some(property.at));
        } else if let Some(target) = type_ref.id {
            self.referenced(value, target, &subject, property.at, cursor);
        }
    }

    /// The property that a member of a request means although its case is another one. A service writes names as it declares them,
    /// but many read them in any case.
    fn in_another_case(&mut self, name: &str, id: TypeId, cursor: &Cursor<'_>) -> Option<&'k Property<'x>> {
        if self.message.direction == Direction::Response || self.csdl.may_have_others(id) {
            return None;
        }
        let property = self.csdl.property_ignoring_case(id, name)?;
        let message = is_called(name, property.name);
        let subject = self.csdl.declared_name(id, property);
        self.remark(Code::NameCaseDiffers, cursor, message, subject, Some(property.at));
        Some(property)
    }

    /// The type that a request means although its case is another one.
    fn type_in_another_case(&mut self, name: &str, cursor: &Cursor<'_>) -> Option<TypeId> {
        let id = self.csdl.find_type_ignoring_case(name).filter(|_| self.message.direction == Direction::Request)?;
        let declared = self.csdl.full_name(id);
        let message = is_called(name, &declared);
        self.remark(Code::NameCaseDiffers, cursor, message, declared, Some(self.csdl.declaration(id).at));
        Some(id)
    }

    /// The type that an object says it is of, which has to fit the declared one.
    fn own_type(&mut self, object: &Json, members: &[Member], declared: TypeId, cursor: &Cursor<'_>) -> Option<TypeId> {
        let at = self.csdl.declaration(declared).at;
        let id = self.said_type(object, cursor, Some(at))?;
        let cursor = Cursor::Member(cursor, control(object, "type").map_or("@odata.type", |(name, _)| name));
        let (own_name, declared_name) = (self.csdl.full_name(id), self.csdl.full_name(declared));
        let at = Some(self.csdl.declaration(id).at);
        if !self.csdl.may_be_a(id, declared) {
            let message = format!("{own_name} is not derived from {declared_name}, which is declared here");
            self.remark(Code::TypeNotDerived, &cursor, message, format!("{own_name} as {declared_name}"), at);
            // Which of the two is meant, the members tell.
            let meant = self.meant(members, declared);
            if self.lacks(members, meant) <= self.lacks(members, id) {
                return Some(meant);
            }
        } else if self.csdl.structured(id).is_some_and(|own| own.is_abstract) {
            let message = format!("{own_name} is abstract, so that no value is of that type itself");
            self.remark(Code::TypeNotDerived, &cursor, message, own_name, at);
        }
        Some(id)
    }

    /// The type that an object says it is of, if it exists. `at` is where the metadata says what stands there.
    fn said_type(&mut self, object: &Json, cursor: &Cursor<'_>, at: Option<u32>) -> Option<TypeId> {
        let (name, value) = control(object, "type")?;
        let text = value.as_str()?.trim();
        let cursor = Cursor::Member(cursor, name);
        if text.is_empty() || text.contains(['{', '<', '…']) || self.is_named_type(&cursor) {
            return None;
        }
        // The type of another document would be named by that document's URL (section 4.5.3).
        let name = text.rsplit('#').next().unwrap_or(text);
        let found = self.csdl.find_type(name).or_else(|| self.type_in_another_case(name, &cursor));
        if found.is_none() && !self.csdl.is_elsewhere(name) {
            let bare = name.rsplit('.').next().unwrap_or(name);
            let elsewhere: Vec<String> = self.csdl.types_called(bare).map(|id| self.csdl.full_name(id)).collect();
            let hint = match elsewhere.first() {
                Some(other) => format!("; did you mean `{other}`?"),
                None => did_you_mean(bare, self.csdl.declarations().map(|(_, declaration)| declaration.name)),
            };
            let message = format!("there is no type {name}{hint}");
            self.remark(Code::TypeNotInMetadata, &cursor, message, name, at);
        }
        found
    }

    /// Of a type and those derived from it, the one that has the members.
    fn meant(&self, members: &[Member], id: TypeId) -> TypeId {
        let own = self.lacks(members, id);
        if own == 0 || self.csdl.may_have_others(id) {
            return id;
        }
        let derived = self.csdl.descendants(id).into_iter().map(|derived| (self.lacks(members, derived), derived));
        derived.filter(|(lacks, _)| *lacks < own).min().map_or(id, |(_, derived)| derived)
    }

    /// How many of the members a type does not have.
    fn lacks(&self, members: &[Member], id: TypeId) -> usize {
        let names = members.iter().map(|member| member.name.as_str());
        let names = names.filter(|name| is_declarable(name) && !name.contains('@'));
        names.filter(|name| self.csdl.property(id, name).is_none()).count()
    }

    fn undeclared(&mut self, name: &str, id: TypeId, says_type: bool, cursor: &Cursor<'_>) {
        if !is_member_name(name) {
            return;
        }
        if self.csdl.is_open(id) {
            return self.nearly_declared(name, id, cursor);
        }
        if self.csdl.inherits_unknown(id) {
            return;
        }
        let full_name = self.csdl.full_name(id);
        let at = Some(self.csdl.declaration(id).at);
        let subject = subject_of_unknown(self.csdl, id, name);
        let derived = self.csdl.descendants(id);
        let owner =
            derived.iter().find(|derived| self.csdl.own_properties(**derived).iter().any(|own| own.name == name));
        let message = match (owner, says_type) {
            (Some(owner), _) => {
                let owner = self.csdl.full_name(*owner);
                format!("`{name}` is a property of {owner}, not of {full_name}; `@odata.type` has to say so")
            }
            (None, _) => {
                let hint = did_you_mean(name, self.csdl.properties(id).map(|property| property.name));
                format!("`{name}` is not a property of {full_name}{hint}")
            }
        };
        self.remark(Code::MemberNotInMetadata, cursor, message, subject, at);
    }

    /// A member that an open type may have, but whose name is nearly that of a declared one.
    fn nearly_declared(&mut self, name: &str, id: TypeId, cursor: &Cursor<'_>) {
        let near = nearest(name, self.csdl.properties(id).map(|property| property.name));
        if near.is_empty() {
            return;
        }
        let full_name = self.csdl.full_name(id);
        let message = format!("`{name}` is not declared on {full_name}, which is open; did you mean {}?", Names(&near));
        let at = Some(self.csdl.declaration(id).at);
        self.remark(Code::MemberOfOpenType, cursor, message, subject_of_unknown(self.csdl, id, name), at);
    }

    /// A value of which nothing is declared: objects in it may still say which type they are of.
    fn undeclared_value(&mut self, value: &Json, cursor: &Cursor<'_>) {
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.undeclared_value(item, &Cursor::Element(cursor, index));
                }
            }
            Json::Object(members) => match self.said_type(value, cursor, None) {
                Some(id) => self.members(members, id, true, cursor),
                None => {
                    for member in members.iter().filter(|member| is_declarable(&member.name)) {
                        self.undeclared_value(&member.value, &Cursor::Member(cursor, &member.name));
                    }
                }
            },
            _ => {}
        }
    }

    /// A request that gives what the service computes, or changes what cannot change.
    fn computed(&mut self, property: &Property<'x>, owner: TypeId, cursor: &Cursor<'_>) {
        if self.message.direction == Direction::Response {
            return;
        }
        let Some(notes) = property.notes.as_deref() else { return };
        let is_change = matches!(self.message.method, "PATCH" | "PUT");
        let (what, at) = match (notes.computed, notes.immutable.filter(|_| is_change)) {
            (Some(at), _) => ("is computed by the service, which ignores what is sent", at),
            (None, Some(at)) => ("cannot be changed once the entity exists", at),
            (None, None) => return,
        };
        let message = format!("`{}` {what}", property.name);
        let subject = self.csdl.declared_name(owner, property);
        self.remark(Code::ComputedMemberSent, cursor, message, subject, Some(at));
    }

    /// Whether the value is a documented name of a type, and no value.
    fn is_named_type(&self, cursor: &Cursor<'_>) -> bool {
        let placeholders = self.message.placeholders;
        !placeholders.is_empty() && placeholders.iter().any(|placeholder| placeholder.path == cursor.path())
    }

    /// Whether a type says nothing of its values: a complex type without any property, or one that is left open.
    pub(super) fn is_opaque(&self, type_ref: TypeRef<'x>) -> bool {
        match type_ref.id {
            Some(id) => {
                self.csdl.structured(id).is_some()
                    && !self.csdl.is_entity(id)
                    && self.csdl.properties(id).next().is_none()
                    && self.csdl.descendants(id).is_empty()
            }
            None => matches!(type_ref.name, "Edm.Untyped" | "Edm.PrimitiveType") || !type_ref.name.starts_with("Edm."),
        }
    }
}

/// Whether an object is what a delta response of OData 4.0 says of an entity that is gone, or of a link that is new or gone: it has
/// members of its own, such as `reason` (OData JSON Format 4.0 sections 14.2 to 14.4; 4.01 section 15 for services that still send that).
fn is_change_of_set(object: &Json) -> bool {
    let context = control(object, "context").and_then(|(_, value)| value.as_str()).unwrap_or_default();
    ["/$deletedEntity", "/$deletedLink", "/$link"].iter().any(|end| context.ends_with(end))
}

/// A value as a sentence begins with it.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) if text.chars().count() <= 40 => format!("\"{text}\""),
        Json::Number(_) | Json::Bool(_) => value.to_string(),
        other => other.kind().with_article().to_owned(),
    }
}

/// Whether a name could be that of a property; a placeholder or an ellipsis could not.
fn is_member_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}
