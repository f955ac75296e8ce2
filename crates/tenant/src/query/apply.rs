//! Applies the options of a request to a collection, an object, or a whole body.

use std::cmp::Ordering;

use super::evaluate::{Scope, holds, value};
use super::options::{Expansion, InvalidOption, Note, Options};
use super::properties::{Declared, Unknown, check, check_path, undeclared};
use super::value::{SortKey, member};
use graph_contracts::json::{Json, Member, Number};
use graph_contracts::query::{Expression, PropertyPath};

/// How a collection is divided into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The most items that a page has.
    pub size: usize,
    /// Whether `$top` is the size of a page, after which a link leads on, as in Microsoft Graph ("Paging Microsoft Graph data in your
    /// app"); otherwise it is the size of the whole result (OData URL Conventions 4.01 section 5.1.6).
    pub top_is_size: bool,
}

/// A collection with the options applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedCollection {
    /// The items of the page.
    pub items: Vec<Json>,
    /// How many items there are on all pages, if the request asks for it (section 5.1.7).
    pub count: Option<usize>,
    /// The query of the URL of the next page.
    pub next: Option<String>,
    /// What was not applied.
    pub notes: Vec<Note>,
}

/// An object, or a body, with the options applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedObject {
    /// The object.
    pub object: Json,
    /// What was not applied.
    pub notes: Vec<Note>,
}

impl Options {
    /// Applies the options to all items of a collection, in the order in which a service does: `$search`, `$filter`, `$count`, `$orderby`,
    /// `$skip`, `$top`, `$expand`, `$select` (OData Protocol 4.01 section 11.2.1). `declared` says what else is known of properties.
    ///
    /// # Errors
    ///
    /// When an option is not valid, or names a property that is known not to exist.
    pub fn apply_to_collection(
        &self,
        mut items: Vec<Json>,
        paging: Paging,
        declared: Declared<'_>,
    ) -> Result<AppliedCollection, InvalidOption> {
        let mut notes = self.checked()?;
        if let Some(search) = &self.search {
            let absent = search
                .properties()
                .into_iter()
                .find(|name| !items.is_empty() && items.iter().all(|item| member(item, name).is_none()));
            match absent {
                Some(name) => notes.push(note("$search", format!("no object here has `{name}`"))),
                None => items.retain(|item| search.fits(item)),
            }
        }
        if let Some(filter) = &self.filter {
            match filtered(filter, &items, declared)? {
                Ok(fits) => {
                    let mut fits = fits.into_iter();
                    items.retain(|_| fits.next() == Some(true));
                }
                Err(reason) => notes.push(note("$filter", reason)),
            }
        }
        let count = self.count.then_some(items.len());
        if let Some(reason) = self.sort(&mut items, declared)? {
            notes.push(note("$orderby", reason));
        }
        let (mut items, next) = self.page(items, paging);
        notes.extend(self.expanded(&mut items)?);
        notes.extend(self.unselected(&items, declared)?);
        let items = items.into_iter().map(|item| self.selected(item)).collect();
        notes.sort();
        notes.dedup();
        Ok(AppliedCollection { items, count, next, notes })
    }

    /// Applies the options to an object: `$select` and `$expand`; others are for collections.
    ///
    /// # Errors
    ///
    /// When an option is not valid, or names a property that is known not to exist.
    pub fn apply_to_object(&self, mut object: Json, declared: Declared<'_>) -> Result<AppliedObject, InvalidOption> {
        let mut notes = self.checked()?;
        for option in ["$filter", "$orderby", "$top", "$skip", "$count", "$search", "$skiptoken"] {
            if self.has(option) {
                notes.push(note(option, "this option is for collections".to_owned()));
            }
        }
        notes.extend(self.expanded(std::slice::from_mut(&mut object))?);
        notes.extend(self.unselected(std::slice::from_ref(&object), declared)?);
        notes.sort();
        notes.dedup();
        Ok(AppliedObject { object: self.selected(object), notes })
    }

    /// Applies the options to a body: to the collection in its member `value` (OData JSON Format 4.01 section 13), or else to the object that
    /// it is. `url` is that of the request without its query, for the link to the next page.
    ///
    /// # Errors
    ///
    /// When an option is not valid, or names a property that is known not to exist.
    pub fn apply_to_body(
        &self,
        body: Json,
        url: &str,
        paging: Paging,
        declared: Declared<'_>,
    ) -> Result<AppliedObject, InvalidOption> {
        let is_collection = matches!(body.get("value"), Some(Json::Array(_)));
        let (Json::Object(members), true) = (&body, is_collection) else { return self.apply_to_object(body, declared) };
        let items = match body.get("value") {
            Some(Json::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let applied = self.apply_to_collection(items, paging, declared)?;
        let is_paging = |name: &str| matches!(name, "@odata.count" | "@odata.nextLink" | "value");
        let (before, behind): (Vec<Member>, Vec<Member>) = {
            let others = members.iter().filter(|member| !is_paging(&member.name)).cloned();
            others.partition(|member| member.name.starts_with('@'))
        };
        let mut members = before;
        members.extend(applied.count.map(counted));
        members.extend(applied.next.map(|query| linked(url, &query)));
        members.push(Member { name: "value".to_owned(), value: Json::Array(applied.items) });
        members.extend(behind);
        Ok(AppliedObject { object: Json::Object(members), notes: applied.notes })
    }

    /// The notes on the options themselves, unless one is not valid.
    fn checked(&self) -> Result<Vec<Note>, InvalidOption> {
        match self.invalid.first() {
            Some(invalid) => Err(invalid.clone()),
            None => Ok(self.notes.clone()),
        }
    }

    /// Sorts the items, or says why not.
    fn sort(&self, items: &mut Vec<Json>, declared: Declared<'_>) -> Result<Option<String>, InvalidOption> {
        for (expression, _) in &self.orderby {
            if let Err(unknown) = check(expression, items, declared) {
                return absent("$orderby", unknown).map(Some);
            }
        }
        let mut keys: Vec<(Vec<SortKey>, usize)> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let scope = Scope::of(item);
            let own = self.orderby.iter().map(|(expression, _)| Ok(value(expression, &scope)?.sort_key()));
            match own.collect::<Result<Vec<SortKey>, String>>() {
                Ok(own) if own.contains(&SortKey::Other) => {
                    return Ok(Some("objects and collections have no order".to_owned()));
                }
                Ok(own) => keys.push((own, index)),
                Err(reason) => return Ok(Some(reason)),
            }
        }
        keys.sort_by(|(one, _), (other, _)| {
            let each = one.iter().zip(other).zip(&self.orderby);
            let mut each = each.map(
                |((one, other), (_, is_descending))| {
                    if *is_descending { other.cmp(one) } else { one.cmp(other) }
                },
            );
            each.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        let order = keys.into_iter().map(|(_, index)| index);
        let mut sorted: Vec<Option<Json>> = std::mem::take(items).into_iter().map(Some).collect();
        items.extend(order.filter_map(|index| sorted[index].take()));
        Ok(None)
    }

    /// The items of the page, and the query of the next one.
    fn page(&self, items: Vec<Json>, paging: Paging) -> (Vec<Json>, Option<String>) {
        let start = self.start();
        let size = paging.size.max(1);
        let length = self.top.map_or(size, |top| top.min(size));
        let end = match self.top.filter(|_| !paging.top_is_size) {
            Some(top) => self.skip.saturating_add(top).min(items.len()),
            None => items.len(),
        };
        let stop = start.saturating_add(length).min(end);
        let next = (stop < end && stop > start).then(|| self.link(stop));
        let count = stop.saturating_sub(start);
        (items.into_iter().skip(start).take(count).collect(), next)
    }

    fn selected(&self, object: Json) -> Json {
        let Some(select) = &self.select else { return object };
        let expanded: Vec<&str> = self.expands().map(|(name, _)| name).collect();
        select.apply(object, &expanded)
    }

    /// Applies to expanded properties the options of their own.
    fn expanded(&self, items: &mut [Json]) -> Result<Vec<Note>, InvalidOption> {
        let mut notes = Vec::new();
        for own in &self.expand {
            if !own.may_end && !items.is_empty() && items.iter().all(|item| member(item, &own.name).is_none()) {
                notes.push(note("$expand", format!("nothing is known of `{}`", own.name)));
            }
            for item in items.iter_mut() {
                own.apply(item, &mut notes)?;
            }
        }
        Ok(notes)
    }

    fn unselected(&self, items: &[Json], declared: Declared<'_>) -> Result<Vec<Note>, InvalidOption> {
        let mut notes = Vec::new();
        for name in self.select.iter().flat_map(|select| select.names()) {
            let path = PropertyPath { names: vec![name.clone()], ..PropertyPath::default() };
            if let Err(unknown) = check_path(&path, items, declared) {
                notes.push(note("$select", absent("$select", unknown)?));
            }
        }
        Ok(notes)
    }
}

impl Expansion {
    /// Applies the options of the property to what an object has there, and says what was not applied.
    fn apply(&self, object: &mut Json, notes: &mut Vec<Note>) -> Result<(), InvalidOption> {
        let (Some(options), Some(own)) = (&self.options, member(object, &self.name)) else { return Ok(()) };
        let (value, count, own) = match own.clone() {
            Json::Array(items) => {
                // `$top` is the size of the whole: nothing leads on from here.
                let paging = Paging { size: usize::MAX, top_is_size: false };
                let applied =
                    options.apply_to_collection(items, paging, &undeclared).map_err(|own| self.invalid(own))?;
                (Json::Array(applied.items), applied.count, applied.notes)
            }
            own @ Json::Object(_) => {
                let applied = options.apply_to_object(own, &undeclared).map_err(|own| self.invalid(own))?;
                (applied.object, None, applied.notes)
            }
            _ => return Ok(()),
        };
        notes.extend(
            own.into_iter()
                .map(|own| note("$expand", format!("{} of `{}` is not: {}", own.option, self.name, own.reason))),
        );
        let Json::Object(members) = object else { return Ok(()) };
        let Some(at) = members.iter().position(|own| own.name.eq_ignore_ascii_case(&self.name)) else { return Ok(()) };
        members[at].value = value;
        if let Some(count) = count {
            let name = format!("{}@odata.count", members[at].name);
            members.retain(|own| own.name != name);
            members.insert(at.min(members.len()), Member { name, ..counted(count) });
        }
        Ok(())
    }

    fn invalid(&self, own: InvalidOption) -> InvalidOption {
        let reason = format!("in `{}`, {} is not valid: {}", self.name, own.option, own.reason);
        InvalidOption { option: "$expand".to_owned(), at: 0, reason }
    }
}

/// Whether each item fits, or why that cannot be said.
fn filtered(
    filter: &Expression,
    items: &[Json],
    declared: Declared<'_>,
) -> Result<Result<Vec<bool>, String>, InvalidOption> {
    if let Err(unknown) = check(filter, items, declared) {
        return absent("$filter", unknown).map(Err);
    }
    Ok(items.iter().map(|item| Ok(holds(filter, &Scope::of(item))? == Some(true))).collect())
}

/// Why a name that is not there keeps an option from being applied.
fn absent(option: &str, unknown: Unknown) -> Result<String, InvalidOption> {
    match unknown {
        Unknown::Absent(reason) => Ok(reason),
        Unknown::Undeclared(reason) => Err(InvalidOption { option: option.to_owned(), at: 0, reason }),
    }
}

fn note(option: &str, reason: String) -> Note {
    Note { option: option.to_owned(), reason }
}

/// The annotation with the number of items.
fn counted(count: usize) -> Member {
    let value = Number::from_literal(&count.to_string()).map_or(Json::Null, Json::Number);
    Member { name: "@odata.count".to_owned(), value }
}

/// The annotation with the link to the next page.
fn linked(url: &str, query: &str) -> Member {
    Member { name: "@odata.nextLink".to_owned(), value: Json::String(format!("{url}?{query}")) }
}
