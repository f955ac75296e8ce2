//! What may be declared in documents that were not given (OData CSDL XML 4.01 section 3.3): it is not known, and contradicts nothing.

use super::{Csdl, TypeId};

impl Csdl<'_> {
    /// Whether a type inherits from one that no document at hand declares: it may have more properties, keys and operations, and be open.
    pub fn inherits_unknown(&self, id: TypeId) -> bool {
        let last = self.lineage(id).last().and_then(|last| self.structured(last)).and_then(|own| own.base);
        last.is_some_and(|base| self.find_type(base).is_none())
    }

    /// Whether values of a type may have members that no document at hand declares.
    pub fn may_have_others(&self, id: TypeId) -> bool {
        self.is_open(id) || self.inherits_unknown(id)
    }

    /// Whether a type is another one or inherits from it, as far as is known.
    pub(crate) fn may_be_a(&self, id: TypeId, base: TypeId) -> bool {
        self.is_a(id, base) || self.inherits_unknown(id)
    }

    /// Whether a qualified name is in a namespace that a reference to another document includes (section 3.4), and not declared here.
    pub(crate) fn is_elsewhere(&self, name: &str) -> bool {
        let is_included = |namespace: &str| self.included.contains(namespace);
        name.rsplit_once('.').is_some_and(|(namespace, _)| is_included(namespace)) && self.find_type(name).is_none()
    }

    /// Whether the container extends one that no document at hand declares: there may be more in it (section 13.1).
    pub(crate) fn extends_unknown(&self) -> bool {
        let is_known = |name: &&str| {
            name.rsplit_once('.').is_some_and(|(namespace, name)| {
                self.namespaces_of(namespace).any(|number| self.containers.contains_key(&(number, name)))
            })
        };
        !self.extended.iter().all(is_known)
    }

    /// Whether some operation of a name is bound to a type that no document at hand declares, so that it may be bound to any.
    pub(crate) fn is_bound_to_unknown(&self, name: &str, collection: bool) -> bool {
        self.operations_called(name).filter(|own| own.is_bound).filter_map(|own| own.parameters.first()).any(|first| {
            let binding = self.type_ref(first.type_text);
            binding.collection == collection && binding.id.is_none() && !binding.name.starts_with("Edm.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::document;
    use super::*;

    #[test]
    fn what_depends_on_another_document_is_not_known() {
        let text = document(
            r#"<Schema Namespace="a" Alias="x">
<EntityType Name="one" BaseType="b.base"/><EntityType Name="two" BaseType="x.one"/>
<EntityType Name="root"/><EntityType Name="leaf" BaseType="a.root"/>
<Action Name="far" IsBound="true"><Parameter Name="on" Type="b.base"/></Action>
<Action Name="near" IsBound="true"><Parameter Name="on" Type="x.root"/></Action>
<EntityContainer Name="Service" Extends="b.Service"/></Schema>"#,
        )
        .replace("<edmx:DataServices>", r#"<edmx:Reference Uri="b.xml"><edmx:Include Namespace="b.c" Alias="b"/></edmx:Reference><edmx:DataServices>"#);
        let csdl = Csdl::read(&text).expect("a document that can be read");
        let id = |name: &str| csdl.find_type(&format!("a.{name}")).expect("a type");
        for (name, expected) in [("one", true), ("two", true), ("root", false), ("leaf", false)] {
            assert_eq!(csdl.inherits_unknown(id(name)), expected, "{name}");
            assert_eq!(csdl.may_be_a(id(name), id("root")), expected || name != "one", "{name}");
        }
        for (name, expected) in
            [("b.base", true), ("b.c.base", true), ("a.none", false), ("x.root", false), ("c.d", false)]
        {
            assert_eq!(csdl.is_elsewhere(name), expected, "{name}");
        }
        for (name, expected) in [("far", true), ("near", false), ("none", false)] {
            assert_eq!(csdl.is_bound_to_unknown(name, false), expected, "{name}");
        }
        assert!(!csdl.is_bound_to_unknown("far", true));
        assert!(csdl.extends_unknown());
        let whole = text.replace("b.Service", "x.Service");
        assert!(!Csdl::read(&whole).expect("a document that can be read").extends_unknown());
    }
}
