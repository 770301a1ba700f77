//! `dictamen tck`: runs the cases of the DMN conformance kit and says what failed; the last line is always `N passed, M failed`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Command as Definition;
use dictamen_value::{Language, Message};
use serde::Serialize;
use serde_json::{Value, json};

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::conformance::{self, CaseFailure, CaseReport, Evaluators, Folder, Route};
use crate::output::Output;
use crate::progress::Progress;
use crate::stop::{Stop, Verdict};

pub(super) const COMMAND: Command =
    Command { name: "tck", usage: ("[OPCIONES] CARPETA...", "[OPTIONS] FOLDER..."), define, run };

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Ejecuta los casos del kit de conformidad DMN (TCK) y muestra los que fallan.",
        "Runs the cases of the DMN conformance kit (TCK) and shows those that fail.",
    );
    let folder = define.say(
        "una carpeta con modelos .dmn y sus casos .xml, a cualquier profundidad",
        "a folder with .dmn models and their .xml cases, at any depth",
    );
    let by = define.say(
        "por dónde va cada modelo: «dmn» tal como está; «regla» importado a texto; «export» importado y exportado",
        "which way each model goes: “dmn” as it is; “regla” imported to text; “export” imported and exported",
    );
    let evaluator = define.say("«engine», «reference» o «both»", "“engine”, “reference” or “both”");
    Definition::new("tck")
        .about(about)
        .arg(define.place("path", define.say("CARPETA", "FOLDER"), folder).num_args(1..))
        .arg(define.flag_or("by", define.say("CAMINO", "WAY"), "dmn", by))
        .arg(define.flag_or("evaluator", define.say("EVALUADOR", "EVALUATOR"), "both", evaluator))
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let route = one_of(given, "by", ROUTES)?;
    let evaluators = one_of(given, "evaluator", EVALUATORS)?;
    let mut folders = Vec::new();
    for path in given.paths() {
        folders.extend(conformance::folders(&path)?);
    }
    if folders.is_empty() {
        return Err(Stop::WrongUse(nothing_in(&given.paths())));
    }
    let reports = run_all(&folders, route, evaluators, output);
    let failed = reports.iter().filter(|report| !report.passed()).count();
    let passed = reports.len().saturating_sub(failed);
    if output.is_json() {
        output.document(&Document::new(passed, failed, &reports, output.language()))?;
    } else {
        reports.iter().filter(|report| !report.passed()).try_for_each(|report| show(report, output))?;
        output.line(format!("{passed} passed, {failed} failed"))?;
    }
    Ok(Verdict::of(failed == 0))
}

const ROUTES: &[(&str, Route)] = &[("dmn", Route::Direct), ("regla", Route::Regla), ("export", Route::Export)];
const EVALUATORS: &[(&str, Evaluators)] =
    &[("engine", Evaluators::Engine), ("reference", Evaluators::Reference), ("both", Evaluators::Both)];

fn one_of<T: Copy>(given: &Given<'_>, name: &str, known: &[(&str, T)]) -> Result<T, Stop> {
    let text = given.text(name).unwrap_or_default();
    let found = known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let words = words.join(", ");
    found.ok_or_else(|| {
        Stop::WrongUse(Message::new(
            format!("--{name}: se esperaba uno de {words}; llegó «{text}»"),
            format!("--{name}: expected one of {words}; got “{text}”"),
        ))
    })
}

/// Runs folders on all cores; reports stand in the order of folders whatever core was quicker.
fn run_all(folders: &[Folder], route: Route, evaluators: Evaluators, output: &Output) -> Vec<CaseReport> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<CaseReport>)>> = Mutex::new(Vec::new());
    let progress = Mutex::new(Progress::new(output.say("carpetas", "folders")));
    let work = || {
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(folder) = folders.get(position) else { break };
            let reports = conformance::run(folder, route, evaluators);
            if let (Ok(mut done), Ok(mut progress)) = (done.lock(), progress.lock()) {
                done.push((position, reports));
                progress.step();
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().flat_map(|(_, reports)| reports).collect()
}

fn show(report: &CaseReport, output: &mut Output) -> Result<(), Stop> {
    output.line(&report.name)?;
    report.failures.iter().try_for_each(|failure| show_failure(failure, output))
}

fn show_failure(failure: &CaseFailure, output: &mut Output) -> Result<(), Stop> {
    let result = failure.result.as_deref().unwrap_or_default();
    let evaluator = failure.evaluator.unwrap_or_default();
    if !result.is_empty() {
        output.line(format!("  {result} ({evaluator})"))?;
    }
    if let Some(expected) = &failure.expected {
        let label = output.say("se esperaba", "expected").to_owned();
        output.line(format!("    {label}: {expected}"))?;
    }
    if let Some(actual) = &failure.actual {
        let label = output.say("se obtuvo", "got").to_owned();
        output.line(format!("    {label}: {actual}"))?;
    }
    if let Some(problem) = &failure.problem {
        let text = problem.text(output.language()).to_owned();
        output.line(format!("    {text}"))?;
    }
    Ok(())
}

/// What ran, for programs.
#[derive(Serialize)]
struct Document {
    passed: usize,
    failed: usize,
    passing: Vec<String>,
    failing: Vec<Value>,
}

impl Document {
    fn new(passed: usize, failed: usize, reports: &[CaseReport], language: Language) -> Document {
        let (good, bad): (Vec<&CaseReport>, Vec<&CaseReport>) = reports.iter().partition(|report| report.passed());
        let failure = |failure: &CaseFailure| {
            json!({
                "result": failure.result,
                "evaluator": failure.evaluator,
                "expected": failure.expected,
                "actual": failure.actual,
                "problem": failure.problem.as_ref().map(|problem| problem.text(language)),
            })
        };
        let failing = bad.iter().map(|report| {
            let failures: Vec<Value> = report.failures.iter().map(failure).collect();
            json!({ "name": report.name, "failures": failures })
        });
        let passing = good.iter().map(|report| report.name.clone()).collect();
        Document { passed, failed, passing, failing: failing.collect() }
    }
}

fn nothing_in(paths: &[PathBuf]) -> Message {
    let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let named = named.join(", ");
    Message::new(
        format!("no hay casos del kit de conformidad en {named}; dé una carpeta con archivos .dmn y sus casos .xml"),
        format!(
            "there are no cases of the conformance kit in {named}; give a folder with .dmn files and their .xml cases"
        ),
    )
}
