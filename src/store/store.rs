//! The folder of contract files, read whole.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{
    Filter, NothingSelected, Searched, StoreError, StoreErrorKind, contract_files, contract_path, read_contract,
};
use crate::contract::Contract;
use crate::normal::{DEFAULT_RULES, NormalizationPlan, VOLATILE_FILE, VolatileRules};

/// The contracts of a folder with their volatile rules.
#[derive(Debug)]
pub struct Store {
    /// Where they were read from; nowhere, if they were made.
    pub folder: PathBuf,
    /// The file of the volatile rules, which need not be there: the default ones hold then.
    pub rules_file: PathBuf,
    /// The contracts, by id.
    pub contracts: Vec<Contract>,
    /// The volatile rules.
    pub rules: VolatileRules,
}

impl Store {
    /// A store of contracts that were made. They are found by id if they are in the order of their ids.
    pub fn new(contracts: Vec<Contract>, rules: VolatileRules) -> Store {
        Store { folder: PathBuf::new(), rules_file: PathBuf::from(VOLATILE_FILE), contracts, rules }
    }

    /// Reads all contracts below a folder, and its volatile rules.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or has no contract, when a file is not a contract or its id is taken or does not fit its
    /// path, or when a volatile rule cannot be used. All problems are reported at once.
    pub fn read(folder: &Path) -> Result<Store, StoreError> {
        Store::read_with(folder, None)
    }

    /// The same, with the volatile rules of another file if one is named.
    ///
    /// # Errors
    ///
    /// As for [`Store::read`], and when there is no file of that name.
    pub fn read_with(folder: &Path, rules_file: Option<&Path>) -> Result<Store, StoreError> {
        let mut problems = Vec::new();
        let mut by_id: BTreeMap<String, (PathBuf, Contract)> = BTreeMap::new();
        let files = contract_files(folder)?;
        let read: Vec<_> = files.par_iter().map(|path| read_contract(path)).collect();
        for (path, contract) in files.into_iter().zip(read) {
            let contract = match contract {
                Ok(contract) => contract,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            if let Some((other, _)) = by_id.get(&contract.id) {
                problems.push(StoreErrorKind::Duplicate { path, other: other.clone(), id: contract.id });
            } else {
                by_id.insert(contract.id.clone(), (path, contract));
            }
        }
        for (id, (path, _)) in &by_id {
            let expected = contract_path(folder, id);
            let is_duplicated = problems
                .iter()
                .any(|problem| matches!(problem, StoreErrorKind::Duplicate { id: other, .. } if other == id));
            if *path != expected && !is_duplicated {
                problems.push(StoreErrorKind::Misplaced { path: path.clone(), id: id.clone(), expected });
            }
        }
        let rules = read_rules(folder, rules_file).map_err(|problem| problems.push(problem)).ok();
        let contracts: Vec<Contract> = by_id.into_values().map(|(_, contract)| contract).collect();
        let broken = contracts.iter().filter_map(|contract| NormalizationPlan::check(contract).err());
        problems.extend(broken.map(StoreErrorKind::Rule));
        if contracts.is_empty() && problems.is_empty() {
            problems.push(StoreErrorKind::Empty { path: folder.to_owned() });
        }
        once_for_all_formats(&mut problems);
        match rules {
            Some(rules) if problems.is_empty() => {
                let rules_file = rules_file.map_or_else(|| folder.join(VOLATILE_FILE), Path::to_owned);
                Ok(Store { folder: folder.to_owned(), rules_file, contracts, rules })
            }
            _ => Err(StoreError { problems }),
        }
    }

    /// The contract with an id, if there is one.
    pub fn contract(&self, id: &str) -> Option<&Contract> {
        self.position(id).map(|index| &self.contracts[index])
    }

    /// The position of the contract with an id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.contracts.binary_search_by(|contract| contract.id.as_str().cmp(id)).ok()
    }

    /// The positions of the contracts that the filters select: a whole id stands for that contract alone, any other text for
    /// those whose id contains it, and no text for all.
    ///
    /// # Errors
    ///
    /// When no contract is selected.
    pub fn select(&self, filters: &[String]) -> Result<Vec<usize>, NothingSelected> {
        let ids = || self.contracts.iter().map(|contract| contract.id.as_str());
        let filter = Filter::new(filters, ids());
        let selected: Vec<usize> =
            ids().enumerate().filter(|(_, id)| filter.selects(id)).map(|(index, _)| index).collect();
        if selected.is_empty() {
            let searched = Searched::Folder(self.folder.clone());
            return Err(NothingSelected { what: "contract's id", filters: filters.to_vec(), searched });
        }
        Ok(selected)
    }
}

/// A folder of an older format has it in every file, which one line says.
fn once_for_all_formats(problems: &mut Vec<StoreErrorKind>) {
    let is_format = |problem: &StoreErrorKind| matches!(problem, StoreErrorKind::Format { .. });
    let number = problems.iter().filter(|problem| is_format(problem)).count();
    let mut is_first = true;
    problems.retain_mut(|problem| match problem {
        StoreErrorKind::Format { more, .. } => {
            *more = number - 1;
            std::mem::take(&mut is_first)
        }
        _ => true,
    });
}

/// The volatile rules of a folder: those of the file that is named, or else of its `volatile.toml`, or else the default ones.
///
/// # Errors
///
/// When the file cannot be read, or a rule cannot be used.
pub(crate) fn read_rules(folder: &Path, named: Option<&Path>) -> Result<VolatileRules, StoreErrorKind> {
    let path = named.map_or_else(|| folder.join(VOLATILE_FILE), Path::to_owned);
    let text = match crate::file::read_text(&path) {
        Ok(text) => text,
        Err(cause) if named.is_none() && cause.kind() == io::ErrorKind::NotFound => DEFAULT_RULES.to_owned(),
        Err(cause) => return Err(StoreErrorKind::NoRules { path, cause }),
    };
    VolatileRules::parse(&path.display().to_string(), &text).map_err(StoreErrorKind::Rule)
}
