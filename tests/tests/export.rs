//! Rulesets that are exported as DMN and read again decide as they did, case by case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dictamen_import::{Limits, dmn};
use dictamen_model::Unit;
use dictamen_model::graph::{Case, Model};
use dictamen_reference::evaluate;
use dictamen_syntax::tree::File;
use dictamen_syntax::{Names, Severity, Source, SourceId, parse};
use dictamen_tests::project::root;
use dictamen_value::{Date, DateTime, Value};

/// Cases without a date are decided on this day.
const DAY: &str = "2026-03-01";
/// All values of parameters are known by then: a document has only those.
const KNOWN: &str = "2099-01-01T00:00:00Z";
/// What holds the as-of date in a document.
const AS_OF: [&str; 2] = ["fecha_decision", "decision_date"];

/// Texts and their trees, one source each.
struct Rules {
    sources: Vec<Source>,
    files: Vec<File>,
}

impl Rules {
    /// All rules and cases of a folder.
    fn of_folder(folder: &Path) -> Rules {
        let mut paths = Vec::new();
        collect(folder, &mut paths);
        let mut rules = Rules { sources: Vec::new(), files: Vec::new() };
        for (path, number) in paths.iter().zip(0..) {
            let source = Source::new(path.to_string_lossy().as_ref(), fs::read_to_string(path).unwrap());
            rules.files.push(parse(&source, SourceId(number), &Names::default()).file);
            rules.sources.push(source);
        }
        rules
    }

    /// The documents of all rulesets, written, read and made rules again; in the order of [`Rules::rulesets`].
    fn by_way_of_dmn(&self) -> Rules {
        let exported = dmn::from_rules(&self.files.iter().collect::<Vec<_>>(), &dmn::namespace_of);
        assert!(!exported.has_errors(), "{:?}", exported.diagnostics);
        let read = exported.documents.iter().zip(0..).map(|(document, number)| {
            let written = dmn::write(document);
            dmn::read(SourceId(number), &document.name, written.as_bytes(), &Limits::default())
        });
        let read: Vec<_> = read.collect();
        let documents: Vec<_> = read.iter().map(|read| read.whole().unwrap()).collect();
        let mapped = dmn::to_rules(&documents);
        assert!(mapped.diagnostics.is_empty(), "{:?}", mapped.diagnostics);
        Rules {
            sources: read.iter().map(|read| read.source.clone()).collect(),
            files: mapped.rules.into_iter().map(|rules| rules.file).collect(),
        }
    }

    /// Positions of the files that are rulesets.
    fn rulesets(&self) -> Vec<usize> {
        let is_ruleset = |file: &File| file.header.as_ref().is_some_and(|header| !header.cases_only);
        (0..self.files.len()).filter(|position| is_ruleset(&self.files[*position])).collect()
    }

    fn model(&self, root: usize) -> Model {
        let unit = Unit { sources: &self.sources, files: self.files.iter().collect(), root };
        let checked = dictamen_model::check(&unit);
        let wrong: Vec<_> = checked.diagnostics.iter().filter(|told| told.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", self.sources[root].name());
        checked.model
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        match path.extension() {
            _ if path.is_dir() => collect(&path, found),
            Some(extension) if extension == "regla" => found.push(path),
            _ => {}
        }
    }
}

/// What a decision of the root gives; `None` where it fails.
fn outcome(model: &Model, name: &str, given: &BTreeMap<String, Value>, day: Date) -> Option<Value> {
    let mut decisions = model.decisions.iter().zip(0..);
    let (_, decision) = decisions.find(|(one, _)| one.ruleset == model.root && *one.name == *name)?;
    let inputs = model.inputs.iter().zip(0..);
    let facts = inputs.filter_map(|(input, id)| Some((id, given.get(&*input.name)?.clone()))).collect();
    let known_at = DateTime::parse(KNOWN).unwrap();
    evaluate(model, decision, &facts, day, known_at, dictamen_reference::Limits::default()).ok()
}

fn given(model: &Model, case: &Case, day: Date) -> BTreeMap<String, Value> {
    let as_of = AS_OF.map(|name| (name.to_owned(), Value::Date(day)));
    let facts = case.given.iter().map(|(id, value)| (model.inputs[*id as usize].name.to_string(), value.clone()));
    facts.chain(as_of).collect()
}

#[test]
fn exported_rulesets_decide_alike() {
    let (mut compared, mut differences) = (0, Vec::new());
    for folder in ["rulesets", "examples"] {
        let native = Rules::of_folder(&root().join(folder));
        let dmn = native.by_way_of_dmn();
        for (position, again) in native.rulesets().into_iter().zip(0..) {
            let (before, after) = (native.model(position), dmn.model(again));
            for case in &before.cases {
                let day = case.as_of.unwrap_or_else(|| Date::parse(DAY).unwrap());
                let given = given(&before, case, day);
                for decision in before.decisions.iter().filter(|decision| decision.ruleset == before.root) {
                    let Some(expected) = outcome(&before, &decision.name, &given, day) else { continue };
                    let came = outcome(&after, &decision.name, &given, day);
                    compared += 1;
                    if came.as_ref() != Some(&expected) {
                        let came = came.map(|value| value.to_feel());
                        differences.push(format!(
                            "«{}» {}: {} → {came:?}",
                            case.title,
                            decision.name,
                            expected.to_feel()
                        ));
                    }
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} of {compared} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(compared > 1000, "{compared}");
}
