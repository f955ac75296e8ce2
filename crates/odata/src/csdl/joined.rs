//! Several documents that describe one service together (OData CSDL XML 4.01 sections 3.3 to 3.5): which of them something is in, and what
//! the aliases of each stand for.
//!
//! A position (`at`) counts on from one document to the next, so that it says the document, too. Names are slices of the text that they
//! stand in, and so do they.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::Csdl;
use super::documents::Document;
use super::model::Schema;
use graph_contracts::source::SourceLine;

impl<'x> Csdl<'x> {
    /// The names of the documents.
    pub fn document_names(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(Document::name)
    }

    /// The document and the line of a position.
    pub fn source_line(&self, at: u32) -> SourceLine {
        self.documents[self.document_at(at)].source_line(at)
    }

    /// The line of a position in its document, counted from 1.
    pub fn line(&self, at: u32) -> u32 {
        self.documents[self.document_at(at)].line(at)
    }

    /// The number of the document that a position is in.
    pub(super) fn document_at(&self, at: u32) -> usize {
        self.documents.partition_point(|own| own.start() <= at).saturating_sub(1)
    }

    /// The number of the document that a name stands in; `None` for one that is from elsewhere.
    pub(super) fn document_of(&self, name: &str) -> Option<usize> {
        let at = name.as_ptr() as usize;
        match self.documents.as_slice() {
            [only] => only.addresses().contains(&at).then_some(0),
            several => {
                let before = self.by_address.partition_point(|number| *several[*number].addresses().start() <= at);
                let number = *self.by_address.get(before.checked_sub(1)?)?;
                several[number].addresses().contains(&at).then_some(number)
            }
        }
    }

    /// The numbers of the namespaces that the first part of a qualified name may stand for: in a document, an alias of that document goes
    /// before a namespace; elsewhere, it may be an alias of any.
    pub(super) fn namespaces_of<'c>(&'c self, qualifier: &'c str) -> impl Iterator<Item = usize> + 'c {
        let documents = match self.document_of(qualifier) {
            Some(number) => &self.documents[number..=number],
            None => self.documents.as_slice(),
        };
        let aliases = documents.iter().filter_map(move |own| own.aliases.get(qualifier).copied());
        aliases.chain(self.namespaces.get(qualifier).copied())
    }

    /// What follows from the documents as a whole: what their aliases stand for, and what they include that was not given.
    pub(super) fn join_documents(&mut self) {
        let document_of_schema = |own: &Schema<'_>| self.document_at(own.at);
        // The documents that declare each namespace: the first, and whether there are others.
        let mut declared: HashMap<&str, (usize, bool)> = HashMap::new();
        let mut aliases: Vec<HashMap<&'x str, usize>> = vec![HashMap::new(); self.documents.len()];
        for own in &self.schemas {
            let document = document_of_schema(own);
            let (first, has_others) = declared.entry(own.namespace).or_insert((document, false));
            *has_others |= *first != document;
            if let Some(alias) = own.alias {
                aliases[document].entry(alias).or_insert(own.number);
            }
        }
        let is_given = |document: usize, namespace: &str| {
            declared.get(namespace).is_some_and(|(first, has_others)| *has_others || *first != document)
        };
        for (document, aliases) in aliases.iter_mut().enumerate() {
            for (alias, namespace) in &self.documents[document].included {
                if let (Some(alias), Some(number)) = (alias, self.namespaces.get(namespace)) {
                    aliases.entry(alias).or_insert(*number);
                }
                if !is_given(document, namespace) {
                    self.included.extend(alias.iter().copied().chain([*namespace]));
                }
            }
        }
        // An alias is no other namespace's name in its document (section 5.1.2).
        let own_namespace =
            |document: usize, alias: &str| declared.get(alias).is_some_and(|(first, _)| *first == document);
        for (document, aliases) in aliases.iter_mut().enumerate() {
            aliases.retain(|alias, _| !own_namespace(document, alias));
        }
        drop(declared);
        for (document, aliases) in self.documents.iter_mut().zip(aliases) {
            document.aliases = aliases;
        }
        self.by_address = (0..self.documents.len()).collect();
        let Csdl { documents, by_address, .. } = self;
        by_address.sort_by_key(|number| *documents[*number].addresses().start());
        if self.documents.len() > 1 && self.documents.iter().any(|own| !own.annotations.is_empty()) {
            self.included_annotations = Some(self.chosen_annotations());
        }
    }

    /// What the references of all documents choose.
    fn chosen_annotations(&self) -> HashSet<(&'x str, Option<usize>)> {
        let mut chosen = HashSet::new();
        for document in &self.documents {
            let vocabularies: HashMap<&str, &'x str> =
                document.included.iter().filter_map(|(alias, namespace)| Some(((*alias)?, *namespace))).collect();
            // Annotations with a qualifier are not read.
            for own in document.annotations.iter().filter(|own| !own.is_qualified) {
                let terms = vocabularies.get(own.terms).copied().unwrap_or(own.terms);
                match own.target {
                    Some(target) => chosen.extend(self.namespaces_of(target).map(|number| (terms, Some(number)))),
                    None => drop(chosen.insert((terms, None))),
                }
            }
        }
        chosen
    }

    /// Whether an annotation in one document about what another declares counts: where references choose annotations, one has to
    /// choose it.
    pub(super) fn includes_annotation(&self, document: usize, target: (u32, usize), vocabulary: &str) -> bool {
        match &self.included_annotations {
            Some(chosen) if self.document_at(target.0) != document => {
                [None, Some(target.1)].into_iter().any(|target| chosen.contains(&(vocabulary, target)))
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::{computed, document, shown, shown_notes};
    use super::*;

    const MAIN: &str = r#"<Schema Namespace="shop.main" Alias="self">
<EntityType Name="order" BaseType="items.item"><Property Name="state" Type="items.state"/></EntityType>
<EntityContainer Name="Service"><EntitySet Name="orders" EntityType="self.order"/></EntityContainer></Schema>"#;

    const ITEMS: &str = r#"<Schema Namespace="shop.items" Alias="self">
<EntityType Name="item"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
<EnumType Name="state"><Member Name="new"/></EnumType>
<EntityType Name="order" BaseType="self.item"/>
</Schema>"#;

    fn main() -> String {
        let reference = r#"<edmx:Reference Uri="items.xml"><edmx:Include Namespace="shop.items" Alias="items"/></edmx:Reference><edmx:DataServices>"#;
        document(MAIN).replace("<edmx:DataServices>", reference)
    }

    #[test]
    fn names_are_those_of_the_document_that_they_stand_in() {
        let (main, items) = (main(), document(ITEMS));
        for is_reversed in [false, true] {
            let mut texts = [("main.xml", main.as_str()), ("items.xml", items.as_str())];
            if is_reversed {
                texts.reverse();
            }
            let csdl = Csdl::read_all(&texts).expect("documents that can be read");
            let name = |name: &str| csdl.find_type(name).map(|id| csdl.full_name(id));
            let order = csdl.find_type("shop.main.order").expect("a type");
            let lineage: Vec<String> = csdl.lineage(order).map(|id| csdl.full_name(id)).collect();
            assert_eq!(lineage, ["shop.main.order", "shop.items.item"]);
            assert_eq!((csdl.key(order), csdl.inherits_unknown(order)), (["id"].as_slice(), false));
            let state = csdl.type_ref(csdl.own_properties(order)[0].type_text).id.expect("a type");
            assert_eq!(csdl.full_name(state), "shop.items.state");
            let other = csdl.find_type("shop.items.order").expect("a type");
            assert_eq!(csdl.lineage(other).count(), 2);
            // Of names from elsewhere, an alias stands for what any document says.
            assert_eq!(name("items.state").as_deref(), Some("shop.items.state"));
            assert_eq!(name("self.state").as_deref(), Some("shop.items.state"));
            assert!(name("self.none").is_none() && csdl.is_namespace("self") && !csdl.is_namespace("shop"));
            for (at, expected) in [
                (csdl.declaration(order).at, "main.xml:6"),
                (csdl.declaration(state).at, "items.xml:7"),
                (csdl.elements[0].at, "main.xml:7"),
            ] {
                assert_eq!(csdl.source_line(at).to_string(), expected);
            }
            assert_eq!(csdl.document_names().collect::<Vec<_>>(), texts.map(|(name, _)| name));
        }
    }

    #[test]
    fn what_an_included_namespace_does_not_declare_is_unknown_only_where_it_was_not_given() {
        let (main, items) = (main(), document(ITEMS));
        let alone = Csdl::read(&main).expect("a document that can be read");
        assert!(alone.is_elsewhere("items.none") && alone.is_elsewhere("shop.items.none"));
        let both = Csdl::read_all(&[("m", &main), ("i", &items)]).expect("documents that can be read");
        assert!(!both.is_elsewhere("shop.items.none") && !both.is_elsewhere("items.none"));
        assert!(both.is_elsewhere("Org.OData.Capabilities.V1.none"));
    }

    #[test]
    fn an_alias_is_unknown_in_documents_that_do_not_say_it() {
        let other =
            document(r#"<Schema Namespace="shop.more"><EntityType Name="extra" BaseType="items.item"/></Schema>"#);
        let (main, items) = (main(), document(ITEMS));
        let csdl = Csdl::read_all(&[("m", &main), ("i", &items), ("o", &other)]).expect("documents that can be read");
        let extra = csdl.find_type("shop.more.extra").expect("a type");
        assert!(csdl.inherits_unknown(extra));
    }

    /// What annotations of another document about `lamps.lamp` say, where the main document has such a reference.
    #[track_caller]
    fn check_annotations(reference: &str, expected: &str) {
        let main = document(r#"<Schema Namespace="lamps"><EntityType Name="lamp"/></Schema>"#)
            .replace("<edmx:DataServices>", &format!("{reference}<edmx:DataServices>"));
        let notes = document(&format!(
            r#"<Schema Namespace="notes"><Annotations Target="lamps.lamp"><Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></Annotations>{}</Schema>"#,
            computed("lamps.lamp")
        ));
        for texts in [[("m", &*main), ("n", &*notes)], [("n", &*notes), ("m", &*main)]] {
            let csdl = Csdl::read_all(&texts).expect("documents that can be read");
            let lamp = csdl.find_type("lamps.lamp").expect("a type");
            assert_eq!(shown_notes(csdl.declaration(lamp).notes.as_deref()).trim(), expected, "{reference}");
        }
    }

    #[test]
    fn annotations_in_another_document_are_about_what_they_name() {
        let include = |attributes: &str| {
            format!(r#"<edmx:Reference Uri="n.xml"><edmx:IncludeAnnotations {attributes}/></edmx:Reference>"#)
        };
        check_annotations("", "-insert computed");
        check_annotations(&include(r#"TermNamespace="Org.OData.Capabilities.V1""#), "-insert");
        check_annotations(&include(r#"TermNamespace="Capabilities" TargetNamespace="lamps""#), "-insert");
        check_annotations(&include(r#"TermNamespace="Org.OData.Core.V1" TargetNamespace="lamps""#), "computed");
        check_annotations(&include(r#"TermNamespace="Org.OData.Core.V1" TargetNamespace="other""#), "");
        check_annotations(&include(r#"TermNamespace="Org.OData.Core.V1" Qualifier="Tablet""#), "");
    }

    #[test]
    fn what_two_documents_declare_is_an_error_with_both_places() {
        let schema =
            |elements: &str| document(&format!("<Schema Namespace=\"shop\" Alias=\"s\">\n{elements}\n</Schema>"));
        let check = |one: &str, other: &str, expected: Option<&str>| {
            let (one, other) = (schema(one), schema(other));
            let found = Csdl::read_all(&[("a.xml", &one), ("b.xml", &other)]).err();
            let found = found.map(|error| format!("{}: {error}", error.document));
            let rest = "; documents of one version declare each name once";
            assert_eq!(found, expected.map(|expected| format!("{expected}{rest}")));
        };
        let (order, state) = ("<EntityType Name=\"order\"/>", "<EnumType Name=\"state\"/>");
        let lend = |parameter: &str| {
            format!(r#"<Action Name="lend" IsBound="true"><Parameter Name="on" Type="{parameter}"/></Action>"#)
        };
        let container = r#"<EntityContainer Name="Service"/>"#;
        check(order, state, None);
        check(
            order,
            "\n  <ComplexType Name=\"order\"/>",
            Some("1: 7:3: `shop.order` is declared in a.xml:6:1 already"),
        );
        check(&lend("s.order"), &lend("s.state"), None);
        check(&lend("s.order"), &lend("s.order"), Some("1: 6:1: `shop.lend` is declared in a.xml:6:1 already"));
        check(
            &lend("s.order"),
            "<EnumType Name=\"lend\"/>",
            Some("1: 6:1: `shop.lend` is declared in a.xml:6:1 already"),
        );
        check(
            "<EnumType Name=\"lend\"/>",
            &lend("s.order"),
            Some("1: 6:1: `shop.lend` is declared in a.xml:6:1 already"),
        );
        check(container, container, Some("1: 6:1: `shop.Service` is declared in a.xml:6:1 already"));
        // Within one document, the first counts.
        check(&format!("{order}{order}"), state, None);
    }

    #[test]
    fn an_error_names_its_document() {
        let good = document("");
        let error = Csdl::read_all(&[("a.xml", &good), ("b.xml", "<Edmx>\n<a></Edmx>")]).expect_err("no CSDL");
        assert_eq!((error.document, error.line), (1, 2));
    }

    #[test]
    fn all_that_the_documents_declare_is_in_one_model() {
        let (main, items) = (main(), document(ITEMS));
        let csdl = Csdl::read_all(&[("m", &main), ("i", &items)]).expect("documents that can be read");
        assert_eq!(
            shown(&csdl),
            [
                "6 entity shop.main.order < items.item",
                "6   state: items.state?",
                "6 entity shop.items.item key(id)",
                "6   id: Edm.String?",
                "7 enum shop.items.state: new",
                "8 entity shop.items.order < self.item",
                "7 set orders: self.order",
            ]
        );
    }
}
