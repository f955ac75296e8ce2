//! Keys in paths, as segments of their own, in parentheses and by path (OData URL Conventions 4.01 section 4.3).

use super::operation;
use super::remark::Remark;
use super::resolve::{Step, Walk};
use super::resource::Kind;
use crate::csdl::{Property, TypeId, nearest};
use graph_contracts::diagnostic::Code;
use graph_contracts::url::Segment;

/// The types whose values are also addressed by a path of names, as `root:/{path}:`. CSDL has no word for that; Microsoft Graph
/// documents it ("Addressing resources in a drive on OneDrive", "Get a site resource by path").
const ADDRESSED_BY_PATH: [&str; 2] = ["microsoft.graph.driveItem", "microsoft.graph.site"];

impl Walk<'_, '_, '_> {
    /// A segment behind a collection that is neither an operation nor a cast: a key, unless it cannot be one.
    pub(super) fn literal_key(&mut self, segment: &Segment, id: TypeId) -> Step {
        // Other properties are a hint only where no key and no name of one would be written so: `root` is a property of sites and a
        // key, and `userPrincipalName` stands for one on some pages.
        let next = self.path.segments.get(self.index + 1);
        let leads_on = |own: &Property<'_>| {
            let is_text = matches!(own.type_text, "Edm.String" | "Edm.Guid") || self.csdl.key(id).contains(&own.name);
            let is_several_words = own.name.contains(|c: char| c.is_uppercase());
            own.is_navigation
                || own.type_text == "Edm.Stream"
                || (own.name == segment.name && !is_text && is_several_words)
                || (own.name == segment.name
                    && next.is_some_and(|next| next.name == "$value")
                    && !self.csdl.may_have_stream(id))
        };
        let is_of_one = self.csdl.property_ignoring_case(id, &segment.name).is_some_and(leads_on)
            || operation::is_any_bound_to(self.csdl, &segment.name, id, false);
        if is_of_one {
            let full_name = self.csdl.full_name(id);
            return Err(self.remark(
                Code::SegmentNotInMetadata,
                format!("`{}` belongs to a single {full_name}; a key has to stand before it", segment.name),
                format!("a collection of {full_name}/{}", segment.name),
                Some(self.csdl.declaration(id).at),
            ));
        }
        let is_last = self.index + 1 == self.path.segments.len();
        let operations = operation::names_bound_to(self.csdl, id, true);
        // `inbox` is a key of mail folders; `delat` is not a key of users, nor is what is posted to.
        let is_key = segment.arguments.is_none()
            && segment.qualified().is_none_or(|(namespace, _)| !self.csdl.is_namespace(namespace))
            && !(is_last && self.path.is_post && segment.is_identifier())
            && !(segment.is_identifier() && is_misspelled(&segment.name, &operations));
        if is_key {
            self.resource.kind = Kind::Entity(id);
            return Ok(());
        }
        let what = format!("a collection of {}", self.csdl.full_name(id));
        Err(self.unknown(segment, &what, "bound to it", Some(self.csdl.declaration(id).at), &operations))
    }

    /// A key predicate behind a name: `users('{id}')`, `applications(appId='{appId}')` (section 4.3.1).
    pub(super) fn key_in_parentheses(&mut self, segment: &Segment) -> Step {
        let Some(arguments) = segment.arguments.as_deref().filter(|arguments| !arguments.is_empty()) else {
            return Ok(());
        };
        let Kind::Entities(id) = self.resource.kind else {
            let what = self.resource.kind.describe(self.csdl);
            return Err(self.remark(
                Code::KeyNotInMetadata,
                format!("`{}` has a key, but `{}` is {what}", segment.text, segment.name),
                format!("{}()", segment.name),
                self.resource.source.at(),
            ));
        };
        let names: Option<Vec<&str>> = arguments.iter().map(|argument| argument.name.as_deref()).collect();
        let is_declared = match names {
            // A single value is that of the only key property.
            None => arguments.len() == 1,
            Some(names) => {
                let same = |key: &[&str]| key.len() == names.len() && names.iter().all(|name| key.contains(name));
                let key = self.csdl.key(id);
                key.is_empty()
                    || self.csdl.inherits_unknown(id)
                    || same(key)
                    || self.csdl.alternate_keys(id).any(|key| same(&key.iter().map(String::as_str).collect::<Vec<_>>()))
            }
        };
        if !is_declared {
            let full_name = self.csdl.full_name(id);
            let mut keys = vec![format!("({})", self.csdl.key(id).join(", "))];
            keys.extend(self.csdl.alternate_keys(id).map(|key| format!("({})", key.join(", "))));
            return Err(self.remark(
                Code::KeyNotInMetadata,
                format!("`{}` names no key of {full_name}; its keys are {}", segment.text, keys.join(" and ")),
                format!(
                    "{full_name}({})",
                    segment.text.split_once('(').map_or("", |(_, rest)| rest).trim_end_matches(')')
                ),
                Some(self.csdl.declaration(id).at),
            ));
        }
        self.resource.kind = Kind::Entity(id);
        Ok(())
    }

    /// A placeholder for a key behind what is single already.
    pub(super) fn no_key_follows(&self, segment: &Segment) -> Remark {
        let what = self.resource.kind.describe(self.csdl);
        let (name, at) = self.resource.source.declared().unzip();
        let message = format!("`{}` stands for a key, but what is before it is {what} already", segment.text);
        self.remark(Code::KeyNotInMetadata, message, format!("{}()", name.unwrap_or(&what)), at)
    }

    /// `members/$ref/{id}`: one of several references. OData puts the key before `$ref`, Microsoft Graph takes both.
    pub(super) fn key_of_references(&mut self, segment: &Segment) -> bool {
        let Kind::References { collection: true, target } = self.resource.kind else { return false };
        let is_key = segment.is_placeholder();
        if is_key {
            self.resource.kind = Kind::References { collection: false, target };
        }
        is_key
    }

    pub(super) fn addressed_by_path(&mut self, segment: &Segment) -> Step {
        let is_by_path = |id: TypeId| ADDRESSED_BY_PATH.contains(&self.csdl.full_name(id).as_str());
        match self.resource.kind {
            Kind::Outside(_) => Ok(()),
            Kind::Entity(id) if self.csdl.lineage(id).any(is_by_path) => Ok(()),
            other => {
                let what = other.describe(self.csdl);
                let message = format!("a path follows `{}`, but {what} has no paths below it", segment.text);
                let (subject, at) = (format!("{}:", segment.name), self.resource.source.at());
                Err(self.remark(Code::SegmentNotInMetadata, message, subject, at))
            }
        }
    }
}

/// Whether a name is so like one of these that it is hardly a key.
fn is_misspelled(name: &str, names: &[&str]) -> bool {
    nearest(name, names.iter().copied()).first().is_some_and(|other| strsim::osa_distance(name, other) <= 2)
}
