//! What two documents of one service declare by one name.

use foldhash::{HashMap, HashMapExt as _};

use super::target::signature;
use super::{Csdl, CsdlError};

impl Csdl<'_> {
    /// What two documents declare by one name, which only overloads of operations may have.
    pub(super) fn declared_twice(&self) -> Option<CsdlError> {
        if self.documents.len() < 2 {
            return None;
        }
        let number = |schema: usize| self.schemas[schema].number;
        let types = self.declarations.iter().map(|own| (number(own.schema), own.name, None, own.at));
        let containers = self.containers.iter();
        let containers = containers.flat_map(|((number, name), all)| all.iter().map(|at| (*number, *name, None, *at)));
        let operations = self.operations.iter().map(|own| {
            let types = own.parameters.iter().map(|parameter| parameter.type_text);
            (number(own.schema), own.name, Some(signature(self, types)), own.at)
        });
        let mut all: Vec<_> = types.chain(containers).chain(operations).collect();
        all.sort_by_key(|(.., at)| *at);
        let mut known: HashMap<(usize, &str, Option<String>), u32> = HashMap::new();
        // Of each name, what is not an operation, and the first operation, whatever its parameters.
        let mut others: HashMap<(usize, &str), u32> = HashMap::new();
        let mut operations: HashMap<(usize, &str), u32> = HashMap::new();
        for (namespace, name, parameters, at) in all {
            let key = (namespace, name);
            let is_operation = parameters.is_some();
            let operation = operations.get(&key).filter(|_| !is_operation);
            let before = others.get(&key).or(operation).copied();
            let same = *known.entry((namespace, name, parameters)).or_insert(at);
            let first = before.unwrap_or(same);
            if self.document_at(first) != self.document_at(at) {
                let namespace = self.schemas.iter().find(|own| own.number == namespace).map(|own| own.namespace);
                return Some(self.twice(&format!("{}.{name}", namespace.unwrap_or_default()), first, at));
            }
            (if is_operation { &mut operations } else { &mut others }).entry(key).or_insert(at);
        }
        None
    }

    fn twice(&self, name: &str, first: u32, second: u32) -> CsdlError {
        let document = self.document_at(second);
        let place = |at: u32| self.documents[self.document_at(at)].place(at);
        let (line, column) = place(second);
        let (first_line, first_column) = place(first);
        let other = self.documents[self.document_at(first)].name();
        let message = format!(
            "`{name}` is declared in {other}:{first_line}:{first_column} already; documents of one version declare each name once"
        );
        CsdlError { document, line, column, message }
    }
}
