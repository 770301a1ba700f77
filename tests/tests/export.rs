//! Rulesets that are exported as DMN and read again decide as they did, case by case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dictamen_import::{Limits, dmn};
use dictamen_model::Unit;
use dictamen_model::graph::{Case, ExpectationKind, Model};
use dictamen_reference::evaluate;
use dictamen_syntax::tree::{File, Function, FunctionBody, ItemKind, TestsKind};
use dictamen_syntax::{Severity, Source, SourceId, parse};
use dictamen_tests::differential::choices::Choices;
use dictamen_tests::differential::facts::{self, Constants};
use dictamen_tests::differential::program::{Size, program};
use dictamen_tests::project::root;
use dictamen_value::{Date, DateTime, Value};

/// Cases without a date are decided on this day.
const DAY: &str = "2026-03-01";
/// All values of parameters are known by then: a document has only those.
const KNOWN: &str = "2099-01-01T00:00:00Z";
/// What holds the as-of date in a document.
const AS_OF: [&str; 2] = ["fecha_decision", "decision_date"];

/// What generated text in DMN mode has: texts that are no FEEL.
const OF_DMN: [&str; 1] = ["dmn.ilegible"];

/// Generated rulesets, and requests for each.
const SEEDS: u64 = 300;
const REQUESTS: usize = 4;
const SIZE: Size = Size { decisions: 4, fuel: 4 };

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
            rules.files.push(parse(&source, SourceId(number), &dictamen_model::names()).file);
            rules.sources.push(source);
        }
        rules
    }

    /// One ruleset.
    fn of_text(text: &str) -> Rules {
        let source = Source::new("generated.regla", text);
        Rules { files: vec![parse(&source, SourceId(0), &dictamen_model::names()).file], sources: vec![source] }
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
        let told: Vec<_> = mapped.diagnostics.iter().filter(|told| !OF_DMN.contains(&told.code)).collect();
        assert!(told.is_empty(), "{told:?}\n{}", self.sources[0].text());
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
        let checked = self.checked(root);
        let wrong: Vec<_> = checked.diagnostics.iter().filter(|told| told.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", self.sources[root].name());
        checked.model
    }

    /// The model, where nothing is wrong with it.
    fn fine(&self, root: usize) -> Option<Model> {
        let checked = self.checked(root);
        let wrong = checked.diagnostics.iter().any(|told| told.severity == Severity::Error);
        (!wrong).then_some(checked.model)
    }

    /// Whether a native cell is `not(…)` of a comparison: it holds for what is absent, and in DMN it does not, which is
    /// told when it is exported.
    fn compares_what_is_absent(&self) -> bool {
        let native = self.files.iter().filter(|file| file.header.as_ref().is_some_and(|header| !header.dmn_mode));
        let tables = native.flat_map(|file| &file.items).filter_map(|item| match &item.kind {
            ItemKind::Table(table) => Some(&table.body),
            ItemKind::Function(Function { body: FunctionBody::Table(body), .. }) => Some(body),
            _ => None,
        });
        let mut cells = tables.flat_map(|body| &body.rows).flat_map(|row| &row.inputs);
        cells.any(|cell| matches!(&cell.kind, TestsKind::NoneOf(_)))
    }

    fn checked(&self, root: usize) -> dictamen_model::Checked {
        let together = self.together(root);
        let files: Vec<&File> = together.iter().map(|position| &self.files[*position]).collect();
        let root = together.iter().position(|position| *position == root).unwrap();
        dictamen_model::check(&Unit { sources: &self.sources, files, root })
    }

    /// Positions of a ruleset, of all that it imports and of its cases: what others declare under the same names is not its.
    fn together(&self, root: usize) -> Vec<usize> {
        let id = |file: &File| file.header.as_ref().map(|header| header.id.text.clone()).unwrap_or_default();
        let mut ids = BTreeSet::from([id(&self.files[root])]);
        let mut waiting = vec![root];
        while let Some(position) = waiting.pop() {
            for item in &self.files[position].items {
                let ItemKind::Import(import) = &item.kind else { continue };
                let imported = self.rulesets().into_iter().find(|at| id(&self.files[*at]) == import.ruleset.text);
                waiting.extend(imported.filter(|_| ids.insert(import.ruleset.text.clone())));
            }
        }
        let own = |position: &usize| *position == root || ids.contains(&id(&self.files[*position]));
        (0..self.files.len()).filter(own).collect()
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

/// A value without the entries of contexts that are null: in DMN what may be absent is there and null.
fn without_absent(value: &Value) -> Value {
    if let Some(context) = value.as_context() {
        let entries = context.entries().filter(|(_, value)| !matches!(value, Value::Null));
        return Value::context(entries.map(|(name, value)| (name.clone(), without_absent(value))));
    }
    match value.as_list() {
        Some(items) => Value::list(items.iter().map(without_absent).collect()),
        None => value.clone(),
    }
}

fn given(model: &Model, case: &Case, day: Date) -> BTreeMap<String, Value> {
    let as_of = AS_OF.map(|name| (name.to_owned(), Value::Date(day)));
    let facts = case.given.iter().map(|(id, value)| (model.inputs[*id as usize].name.to_string(), value.clone()));
    facts.chain(as_of).collect()
}

/// Whether a case is about facts that no request may bring: native rules never see them, DMN takes them for null.
fn refuses_its_facts(case: &Case) -> bool {
    let refuses =
        |kind: &ExpectationKind| matches!(kind, ExpectationKind::Fails(code, _) if code.starts_with("hechos."));
    case.expectations.iter().any(|expectation| refuses(&expectation.kind))
}

#[test]
fn exported_rulesets_decide_alike() {
    let (mut compared, mut differences) = (0, Vec::new());
    for folder in ["rulesets", "examples"] {
        let native = Rules::of_folder(&root().join(folder));
        let dmn = native.by_way_of_dmn();
        for (position, again) in native.rulesets().into_iter().zip(0..) {
            let (before, after) = (native.model(position), dmn.model(again));
            for case in before.cases.iter().filter(|case| !refuses_its_facts(case)) {
                let day = case.as_of.unwrap_or_else(|| Date::parse(DAY).unwrap());
                let given = given(&before, case, day);
                for decision in before.decisions.iter().filter(|decision| decision.ruleset == before.root) {
                    let Some(expected) = outcome(&before, &decision.name, &given, day) else { continue };
                    let came = outcome(&after, &decision.name, &given, day);
                    compared += 1;
                    if came.as_ref().map(without_absent) != Some(without_absent(&expected)) {
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

/// How many rulesets are generated: `DICTAMEN_MODELS` says it for longer runs.
fn seeds() -> u64 {
    std::env::var("DICTAMEN_MODELS").map_or(SEEDS, |models| models.parse().unwrap())
}

/// Generated rulesets, of which every form that rules have comes up in some.
#[test]
fn generated_rulesets_decide_alike_when_they_are_exported() {
    let (mut compared, mut differences) = (0, Vec::new());
    for seed in 0..seeds() {
        let mut choices = Choices::seeded(seed);
        let text = program(&mut choices, SIZE);
        let native = Rules::of_text(&text);
        let Some(before) = native.fine(0).filter(|_| !native.compares_what_is_absent()) else { continue };
        let dmn = native.by_way_of_dmn();
        let after = dmn.model(0);
        let constants = Constants::of(&before);
        for _ in 0..REQUESTS {
            let request = facts::request(&mut choices, &before, &constants);
            let facts = request.facts.iter();
            let facts = facts.map(|(id, value)| (before.inputs[*id as usize].name.to_string(), value.clone()));
            let as_of = AS_OF.map(|name| (name.to_owned(), Value::Date(request.as_of)));
            let given = facts.chain(as_of).collect();
            for decision in &before.decisions {
                let Some(expected) = outcome(&before, &decision.name, &given, request.as_of) else { continue };
                let came = outcome(&after, &decision.name, &given, request.as_of);
                compared += 1;
                if came.as_ref().map(without_absent) != Some(without_absent(&expected)) {
                    let came = came.map(|value| value.to_feel());
                    differences.push(format!("seed {seed}: {}: {} → {came:?}", decision.name, expected.to_feel()));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} of {compared} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(compared > 1000, "{compared}");
}
