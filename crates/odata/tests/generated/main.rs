//! Pages that are generated from metadata, and are correct: nothing contradicts them. Each defect that is planted in one is found, at its place.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]
#![expect(clippy::print_stderr, reason = "a test says how much it tried, and what it skips")]

mod example;
mod flaws;
mod model;
mod places;
mod values;

use std::collections::BTreeMap;

use fastrand::Rng;
use graph_contracts::contract::Cloud;
use graph_contracts_odata::check::{Finding, Metadata, MetadataText, check_contract};
use graph_contracts_testing::{contracts_of_text, project};
use rayon::prelude::*;

use example::{Example, examples};
use flaws::Flaw;
use model::Model;
use places::{Place, places};
use values::{Defect, Values};

/// How deep the paths are.
const DEEPEST: usize = 6;

/// How many pages are made of each document: `GENERATED_PAGES`; `None` if it is not set.
fn asked() -> Option<usize> {
    std::env::var("GENERATED_PAGES").ok().map(|number| number.parse().expect("GENERATED_PAGES is a number"))
}

fn wanted() -> usize {
    asked().unwrap_or(400)
}

/// The tests' own metadata; with `GENERATED_PAGES`, also that of the service where it is beside the project.
fn documents() -> Vec<MetadataText> {
    let mut files = vec![project("tests/metadata/library.csdl")];
    match (asked(), std::fs::read_dir(project("../shared/metadata"))) {
        (None, _) => eprintln!("skipped: the service's metadata, which takes long; GENERATED_PAGES=1000 tries it"),
        (_, Err(_)) => eprintln!("skipped: there is no metadata of the service beside the project"),
        (Some(_), Ok(entries)) => {
            let entries = entries.filter_map(|entry| Some(entry.ok()?.path()));
            files.extend(entries.filter(|file| file.extension().is_some_and(|extension| extension == "csdl")));
        }
    }
    files.sort();
    let read = |file: &std::path::PathBuf| MetadataText {
        cloud: Cloud::Global,
        version: "v1.0".to_owned(),
        name: file.file_name().unwrap_or_default().display().to_string(),
        text: std::fs::read_to_string(file).expect("metadata"),
    };
    files.iter().map(read).collect()
}

/// What contradicts a page on its only route.
fn contradictions(example: &Example, metadata: &[Metadata<'_>]) -> (Vec<Finding>, bool) {
    let mut contracts = contracts_of_text("operation.md", &example.page());
    assert_eq!(contracts.len(), 1, "{}", example.page());
    let found = check_contract(&contracts.remove(0), metadata).remove(0);
    let is_known = !found.iter().any(Finding::is_unknown);
    (found.into_iter().filter(Finding::contradicts).collect(), is_known)
}

/// Places with the seed of their values: each is documented again with other values until there are enough pages, or only some of the
/// places if there are more than enough.
fn chosen(places: &[Place], model: &Model) -> Vec<(u64, usize)> {
    // Some of the places tell how many pages all of them make.
    let sample = places.iter().step_by(places.len() / 20 + 1);
    let of_sample: usize = sample.clone().map(|place| examples(place, &mut Values::new(model, 0)).len()).sum();
    let in_one = of_sample * places.len() / sample.count().max(1);
    let step = (in_one / wanted()).max(1);
    let rounds = (wanted() / in_one.max(1)) as u64;
    let of_round = |round: u64| (0..places.len()).step_by(step).map(move |index| ((round << 32) | index as u64, index));
    (0..=rounds).flat_map(of_round).collect()
}

#[test]
fn nothing_contradicts_a_correct_page() {
    for document in documents() {
        let model = Model::read(&document.text);
        let metadata = [document.read().expect("valid metadata")];
        let places = places(&model, DEEPEST);
        let tried: Vec<(usize, usize, Vec<String>)> = chosen(&places, &model)
            .into_par_iter()
            .map(|(seed, index)| {
                let examples = examples(&places[index], &mut Values::new(&model, seed));
                let mut unknown = 0;
                let mut wrong = Vec::new();
                for example in &examples {
                    let (found, is_known) = contradictions(example, &metadata);
                    unknown += usize::from(!is_known);
                    wrong.extend(found.iter().map(|own| {
                        format!(
                            "{} {}: {} {}: {}",
                            example.method,
                            example.path,
                            own.code,
                            own.at.in_words(),
                            own.message
                        )
                    }));
                }
                (examples.len(), unknown, wrong)
            })
            .collect();
        let pages: usize = tried.iter().map(|(pages, ..)| pages).sum();
        let unknown: usize = tried.iter().map(|(_, unknown, _)| unknown).sum();
        eprintln!("{}: {pages} pages of {} places, {unknown} unknown", document.name, places.len());
        let wrong: Vec<&String> = tried.iter().flat_map(|(.., wrong)| wrong).collect();
        assert!(wrong.is_empty(), "{} of {pages}: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
        assert!(pages > 30, "{pages} pages");
    }
}

/// What becomes of the examples that have a defect, by the name of the defect: how many have it, and those of which it is not found.
fn check(of_each: impl Fn(&Model, &[Place]) -> Vec<(String, Example)> + Sync) {
    for document in documents() {
        let model = Model::read(&document.text);
        let metadata = [document.read().expect("valid metadata")];
        let planted = of_each(&model, &places(&model, DEEPEST));
        let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
        planted.iter().for_each(|(name, _)| *tried.entry(name).or_default() += 1);
        eprintln!("{}: {tried:?}", document.name);
        let missed: Vec<(String, &Example)> = planted
            .par_iter()
            .filter_map(|(name, example)| {
                let (code, at) = example.planted.as_ref()?;
                let (found, _) = contradictions(example, &metadata);
                let is_found = found.iter().any(|own| own.code == *code && own.at.in_words() == *at);
                let found: Vec<String> =
                    found.iter().map(|own| format!("{} {}", own.code, own.at.in_words())).collect();
                let what = || format!("{name} in {} {}: {code} {at}, but {found:?}", example.method, example.path);
                (!is_found).then(|| (what(), example))
            })
            .collect();
        let texts: Vec<&String> = missed.iter().map(|(what, _)| what).take(40).collect();
        let first = missed.first().map(|(_, example)| example.page()).unwrap_or_default();
        assert!(missed.is_empty(), "{} of {}: {texts:#?}\n{first}", missed.len(), planted.len());
    }
}

#[test]
fn every_defect_of_a_value_is_found_at_its_place() {
    check(|model, places| {
        let of_place = |(defect, index): (Defect, usize)| {
            let place = &places[index];
            let mut values = Values::new(model, index as u64).with(defect);
            let examples = examples(place, &mut values);
            examples.into_iter().find(|own| own.planted.is_some()).map(|own| (format!("{defect:?}"), own))
        };
        let all: Vec<(Defect, usize)> =
            Defect::ALL.into_iter().flat_map(|defect| (0..places.len()).map(move |index| (defect, index))).collect();
        let step = (all.len() / wanted()).max(1);
        all.into_par_iter().step_by(step).filter_map(of_place).collect()
    });
}

#[test]
fn every_other_defect_is_found_at_its_place() {
    check(|model, places| {
        let of_place = |index: usize| {
            let examples = examples(&places[index], &mut Values::new(model, index as u64));
            let mut rng = Rng::with_seed(index as u64);
            let flaws = Flaw::ALL.into_iter().filter_map(|flaw| {
                let (example, code, at) = flaw.plant(rng.choice(&examples)?, &places[index], model)?;
                Some((format!("{flaw:?}"), Example { planted: Some((code, at)), ..example }))
            });
            flaws.collect::<Vec<_>>()
        };
        let step = (places.len() * Flaw::ALL.len() / wanted()).max(1);
        (0..places.len()).into_par_iter().step_by(step).flat_map_iter(of_place).collect()
    });
}
