//! `dictamen test`: runs the cases of rulesets and says what failed; the last line is always `N passed, M failed`.

use clap::Command as Definition;
use dictamen_core::Limits;
use dictamen_decisions::cases::{self, CasesReport};
use serde::Serialize;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, rules};

pub(super) const COMMAND: Command =
    Command { name: "test", usage: ("[OPCIONES] RUTA...", "[OPTIONS] PATH..."), define, run };

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Ejecuta los casos de las reglas y muestra los que fallan.",
        "Runs the cases of rules and shows those that fail.",
    );
    Definition::new("test").about(about).arg(define.paths())
}

/// What ran, for programs.
#[derive(Serialize)]
struct Document {
    passed: usize,
    failed: usize,
    errors: usize,
    diagnostics: Vec<serde_json::Value>,
    #[serde(flatten)]
    report: CasesReport,
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let catalogue = rules::load(&given.paths())?;
    let report = cases::run(&catalogue, Limits::default());
    let errors = catalogue.error_count();
    // Rules with errors run none of their cases: that must not look like success.
    let verdict = Verdict::of(report.failed() == 0 && errors == 0);
    if output.is_json() {
        let (passed, failed) = (report.passed(), report.failed());
        let diagnostics = diagnostics::documents(catalogue.sources(), catalogue.diagnostics(), output.language());
        output.document(&Document { passed, failed, errors, diagnostics, report })?;
    } else {
        diagnostics::show(catalogue.sources(), catalogue.diagnostics(), output)?;
        show(&report, errors, output)?;
    }
    Ok(verdict)
}

fn show(report: &CasesReport, errors: usize, output: &mut Output) -> Result<(), Stop> {
    let text = report.text(output.language());
    // Its own last line is the count in the reader's language; ours is one that programs read in any language.
    if let Some((failures, _)) = text.rsplit_once('\n') {
        output.line(failures)?;
    }
    let failed = report.failed().saturating_add(errors);
    Ok(output.line(format!("{} passed, {failed} failed", report.passed()))?)
}
