//! FEEL as DMN has it: lines `expression => outcome` in `tests/semantics`, each run in `modo dmn` by both evaluators.
//!
//! What stands before a line `---` is put into the ruleset as it is. `null !` is null with a diagnostic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dictamen_core::{Facts, Failure, Limits, Recorder, Request};
use dictamen_plan::Plan;
use dictamen_tests::differential::comparison::{NotReady, Ready, prepare};
use dictamen_tests::project::root;
use dictamen_value::{Date, DateTime, Message, Value};

#[test]
fn expressions_mean_what_the_standard_says() {
    let mut wrong = String::new();
    let mut cases = 0;
    let mut paths: Vec<_> =
        std::fs::read_dir(root().join("tests/semantics")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        cases += run_file(&name, &text, &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(cases > 300, "only {cases} cases");
}

fn run_file(name: &str, text: &str, wrong: &mut String) -> usize {
    let (before, cases) = text.split_once("\n---\n").unwrap_or(("", text));
    let cases: Vec<(&str, &str)> = cases
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with("//"))
        .map(|line| line.rsplit_once(" => ").unwrap_or_else(|| panic!("{name}: no outcome in {line}")))
        .collect();
    let mut ruleset = format!("reglas semantica\n  modo dmn\n\n{before}\n");
    for (number, (expression, _)) in cases.iter().enumerate() {
        writeln!(ruleset, "\ndecision caso{number}\n  = {expression}").unwrap();
    }
    let ready = match prepare(&ruleset) {
        Ok(ready) => ready,
        Err(NotReady::Errors(errors)) => panic!("{name}: {}", errors.join("\n")),
        Err(NotReady::Broken(what)) => panic!("{name}: {what}"),
    };
    for (number, (expression, expected)) in cases.iter().enumerate() {
        let decision = ready.compiled.plan.find_decision(&format!("caso{number}")).unwrap();
        let (engine, naive) = (engine(&ready, decision), naive(&ready, decision));
        let quiet = expected.strip_suffix(" !").unwrap_or(expected);
        if engine.trim_end_matches(" !") != quiet || (expected.ends_with(" !") && !engine.ends_with(" !")) {
            writeln!(wrong, "{name}: {expression}\n    expected {expected}, the engine gives {engine}").unwrap();
        }
        if naive != quiet {
            writeln!(wrong, "{name}: {expression}\n    expected {quiet}, the naive evaluator gives {naive}").unwrap();
        }
    }
    cases.len()
}

#[derive(Default)]
struct Heard(Vec<String>);

impl Recorder for Heard {
    fn diagnostic(&mut self, _plan: &Plan, failure: &Failure, _explanation: &Message) {
        self.0.push(failure.message.en.clone());
    }
}

fn moment() -> (Date, DateTime) {
    (Date::new(2026, 1, 31).unwrap(), DateTime::parse("2026-01-31T12:00:00Z").unwrap())
}

fn engine(ready: &Ready, decision: u32) -> String {
    let (as_of, known_at) = moment();
    let facts = Facts::new(&ready.reread);
    let mut heard = Heard::default();
    let request = Request {
        plan: &ready.reread,
        parameters: &ready.compiled.parameters,
        decision,
        facts: &facts,
        as_of,
        known_at,
        limits: Limits::default(),
        cancel: None,
    };
    match dictamen_core::evaluate(&request, &mut heard).0 {
        Ok(value) => shown(&value) + if heard.0.is_empty() { "" } else { " !" },
        Err(failure) => format!("{}: {}", failure.code, failure.message.en),
    }
}

fn naive(ready: &Ready, decision: u32) -> String {
    let (as_of, known_at) = moment();
    let limits = dictamen_reference::Limits::default();
    match dictamen_reference::evaluate(&ready.model, decision, &BTreeMap::new(), as_of, known_at, limits) {
        Ok(value) => shown(&value),
        Err(failure) => failure.code.to_owned(),
    }
}

fn shown(value: &Value) -> String {
    value.to_feel()
}
