//! Pages and metadata to compare.

use std::sync::Arc;
use std::time::Instant;

use crate::Change;
use crate::diff::{Diff, contracts, metadata};
use graph_contracts::contract::{Cloud, Contract, PageName, TypeIndex, build, unique_names};
use graph_contracts::normal::{
    DEFAULT_RULES, Declarations, Declared, Level, NormalForm, NormalizationPlan, VolatileRules,
};
use graph_contracts::page::Page;
use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;
use graph_contracts_odata::Keeper;
use graph_contracts_odata::check::MetadataText;

/// A page that sends a lamp and gets one. Line 1 is the title.
pub(super) const LAMP: &str = r##"# Create lamp

Makes a lamp.

|Permission type|Permissions (from least to most privileged)|
|:--|:--|
|Delegated (work or school account)|Lamp.Read, Lamp.ReadWrite|
|Delegated (personal Microsoft account)|Not supported.|
|Application|Lamp.ReadWrite|

## HTTP request

```http
POST /rooms/{room-id}/lamps
POST /houses/{id}/lamps
```

## Request body

|Property|Type|Description|
|:--|:--|:--|
|name|String|The name.|
|watts|Int32|The power.|
|state|String|The state. Possible values are: `on`, `off`.|
|mode|String|The mode. Possible values are: `day`, `night`, `unknownFutureValue`.|

## Example

<!-- { "blockType": "request" } -->
```http
POST https://graph.microsoft.com/v1.0/rooms/7/lamps
Content-Type: application/json
If-Match: "1"

{
  "@odata.type": "#microsoft.graph.lamp",
  "name": "a",
  "watts": 60,
  "state": "on",
  "extra": "x"
}
```

<!-- { "blockType": "response", "@odata.type": "microsoft.graph.lamp" } -->
```http
HTTP/1.1 201 Created
Content-Type: application/json
Location: /rooms/7/lamps/1

{
  "@odata.type": "#microsoft.graph.lamp",
  "id": "48d31887-5fad-4d73-a9f5-3c356e68a038",
  "name": "a",
  "watts": 60,
  "state": "on",
  "parts": [
    { "size": 1, "made": "by hand" },
    { "size": 2, "note": null }
  ]
}
```
"##;

/// The contracts of pages, as an import makes them. Pages in a folder `resources` describe types.
pub(super) fn store(pages: &[(&str, &str)]) -> Store {
    let parsed = pages.iter().map(|(path, text)| Page::parse(path, text));
    let (resources, parsed): (Vec<Page<'_>>, Vec<Page<'_>>) =
        parsed.partition(|page| page.path.starts_with("resources/"));
    let mut index = TypeIndex::default();
    resources.iter().for_each(|page| index.add(page));
    let names = unique_names(parsed.iter().map(PageName::of).collect());
    let of_page = |(page, name): (&Page<'_>, &PageName)| build(page, name, &index).contracts;
    let built = parsed.iter().zip(&names).flat_map(of_page);
    let mut contracts: Vec<Contract> = built.map(|(_, contract)| contract).collect();
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Store::new(contracts, rules)
}

/// Pages by their paths.
pub(super) type Pages<'p> = &'p [(&'p str, &'p str)];

/// The form of the first contract of a set as its snapshot has it.
pub(super) fn declared_form(store: &Store) -> NormalForm {
    let normalization =
        NormalizationPlan::new(&store.contracts[0], &store.rules, Level::Exact).expect("the contract has no rules");
    let declared = Declared(Some(Arc::new(Declarations::of(&store.contracts[0]))));
    NormalForm { declared, ..normalization.documented().clone() }
}

/// What differs between two sets of pages.
pub(super) fn diff_pages(old: Pages<'_>, new: Pages<'_>) -> Diff {
    contracts(&store(old), &store(new), &[], Instant::now()).expect("something is selected")
}

/// What differs between two sets of pages whose contracts keep what metadata says, each of its own document.
pub(super) fn diff_kept(old: (&str, &str), new: (&str, &str)) -> Diff {
    let store = |(page, document): (&str, &str)| {
        let (name, version) = ("v1.0.csdl".to_owned(), "v1.0".to_owned());
        let text = MetadataText { cloud: Cloud::Global, version, name, text: document.to_owned() };
        let metadata = [text.read().expect("valid metadata")];
        let (keeper, mut store) = (Keeper::new(&metadata), store(&[("lamp-post.md", page)]));
        for contract in &mut store.contracts {
            contract.metadata = keeper.keep(contract).map(Box::new);
        }
        store
    };
    contracts(&store(old), &store(new), &[], Instant::now()).expect("something is selected")
}

/// The text with a piece replaced, which has to be there.
#[track_caller]
pub(super) fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} should be in {text}");
    text.replacen(from, to, 1)
}

/// A change as a line: kind, subject, before and after, and the first place in both sets.
pub(super) fn line(change: &Change) -> String {
    let Change { kind, subject, before, after, places, .. } = change;
    let place = |place: Option<&SourceLine>| {
        place.map_or("-".to_owned(), |place| place.to_string().replace("lamp-post.md", "p"))
    };
    let first = places.first();
    let (old, new) = (place(first.and_then(|own| own.old.as_ref())), place(first.and_then(|own| own.new.as_ref())));
    format!("{kind} {subject}: {before} > {after} ({old} > {new})")
}

/// What differs between two documents of metadata.
pub(super) fn diff_metadata(old: &str, new: &str) -> Diff {
    let text = |name: &str, text: &str| MetadataText {
        cloud: Cloud::Global,
        version: String::new(),
        name: name.into(),
        text: text.into(),
    };
    let (old, new) = (text("old.xml", old), text("new.xml", new));
    let (old, new) = (old.read().expect("old metadata"), new.read().expect("new metadata"));
    metadata(&old, &new, &[], Instant::now()).expect("something is selected")
}
