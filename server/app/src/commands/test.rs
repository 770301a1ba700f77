//! `dictamen test`: runs the cases of rulesets and says what failed and, if asked, what they covered; the last line is always `N passed, M failed`.

use clap::Command as Definition;
use dictamen_core::Limits;
use dictamen_decisions::cases::{self, CasesReport};
use dictamen_decisions::coverage::{CoverageReport, Shortfall};
use serde::Serialize;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, rules};

pub(super) const COMMAND: Command =
    Command { name: "test", usage: ("[OPCIONES] RUTA...", "[OPTIONS] PATH..."), define, run };

fn define(definer: Definer) -> Definition {
    let about = definer.say(
        "Ejecuta los casos de las reglas y muestra los que fallan.",
        "Runs the cases of rules and shows those that fail.",
    );
    let coverage = definer.say(
        "dice además qué filas y celdas de las tablas alcanzan los casos que se cumplen: una fila está cubierta si algún caso llega a ella; una celda, si se vio que se cumple y que no",
        "also says which rows and cells of tables the cases that hold reach: a row is covered where some case reaches it; a cell, where it was seen to hold and to fail",
    );
    let rows_min = definer.say(
        "falla si las filas cubiertas son menos que este porcentaje; incluye --coverage",
        "fails where fewer rows than this percentage are covered; includes --coverage",
    );
    Definition::new("test")
        .about(about)
        .arg(definer.paths())
        .arg(definer.switch("coverage", coverage))
        .arg(definer.flag("rows-min", definer.say("PORCENTAJE", "PERCENT"), rows_min))
}

/// What ran, for programs.
#[derive(Serialize)]
struct Document<'a> {
    passed: usize,
    failed: usize,
    errors: usize,
    diagnostics: Vec<serde_json::Value>,
    #[serde(flatten)]
    report: &'a CasesReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a CoverageReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows_min: Option<RowsMin<'a>>,
}

/// What became of `--rows-min`, for programs.
#[derive(Serialize)]
struct RowsMin<'a> {
    per_mille: usize,
    met: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// What cases gave, and what they covered where that was asked for.
struct Findings {
    report: CasesReport,
    coverage: Option<CoverageReport>,
    rows_min: Option<usize>,
    shortfall: Option<Shortfall>,
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let rows_min = given.per_mille("rows-min")?;
    let catalogue = rules::load(&given.paths())?;
    let (report, coverage) = if given.is_on("coverage") || rows_min.is_some() {
        let (report, coverage) = cases::run_with_coverage(&catalogue, Limits::default());
        (report, Some(coverage))
    } else {
        (cases::run(&catalogue, Limits::default()), None)
    };
    let shortfall = coverage.as_ref().zip(rows_min).and_then(|(coverage, asked)| coverage.shortfall(asked));
    let findings = Findings { report, coverage, rows_min, shortfall };
    let errors = catalogue.error_count();
    if output.is_json() {
        let diagnostics = diagnostics::documents(catalogue.sources(), catalogue.diagnostics(), output.language());
        document(&findings, errors, diagnostics, output)?;
    } else {
        diagnostics::show(catalogue.sources(), catalogue.diagnostics(), output)?;
        show(&findings, errors, output)?;
    }
    // Rules with errors run none of their cases: that must not look like success.
    Ok(Verdict::of(findings.report.failed() == 0 && errors == 0 && findings.shortfall.is_none()))
}

fn document(
    findings: &Findings,
    errors: usize,
    diagnostics: Vec<serde_json::Value>,
    output: &mut Output,
) -> Result<(), Stop> {
    let Findings { report, coverage, rows_min, shortfall } = findings;
    let message = shortfall.as_ref().map(|shortfall| shortfall.message.text(output.language()));
    let rows_min = rows_min.map(|per_mille| RowsMin { per_mille, met: shortfall.is_none(), message });
    let (passed, failed, coverage) = (report.passed(), report.failed(), coverage.as_ref());
    Ok(output.document(&Document { passed, failed, errors, diagnostics, report, coverage, rows_min })?)
}

fn show(findings: &Findings, errors: usize, output: &mut Output) -> Result<(), Stop> {
    let Findings { report, coverage, shortfall, .. } = findings;
    let text = report.text(output.language());
    // Its own last line is the count in the reader's language; ours is one that programs read in any language.
    if let Some((failures, _)) = text.rsplit_once('\n') {
        output.line(failures)?;
    }
    if let Some(coverage) = coverage {
        let text = coverage.text(output.language());
        output.text(&text)?;
        if !text.is_empty() {
            output.line("")?;
        }
        if let Some(shortfall) = shortfall {
            output.message(&shortfall.message)?;
        }
        output.line(coverage.totals())?;
    }
    let failed = report.failed().saturating_add(errors);
    Ok(output.line(format!("{} passed, {failed} failed", report.passed()))?)
}
