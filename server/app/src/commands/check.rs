//! `dictamen check`: parses and checks rules, and says what is wrong where.

use clap::Command as Definition;
use dictamen_decisions::Catalogue;
use dictamen_value::{Language, Message};
use serde_json::json;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::diagnostics;
use crate::output::Output;
use crate::rules;
use crate::stop::{Stop, Verdict};

pub(super) const COMMAND: Command =
    Command { name: "check", usage: ("[OPCIONES] RUTA...", "[OPTIONS] PATH..."), define, run };

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Revisa reglas: sintaxis, nombres, tipos, unidades, tablas y casos.",
        "Checks rules: syntax, names, types, units, tables and cases.",
    );
    Definition::new("check").about(about).arg(define.paths())
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let catalogue = rules::load(&given.paths())?;
    if output.is_json() {
        output.document(&json!({
            "files": rules::count(&catalogue),
            "errors": catalogue.error_count(),
            "warnings": warning_count(&catalogue),
            "diagnostics": diagnostics::documents(catalogue.sources(), catalogue.diagnostics(), output.language()),
        }))?;
    } else {
        diagnostics::show(catalogue.sources(), catalogue.diagnostics(), output)?;
        let summary = summary(&catalogue);
        output.message(&summary)?;
    }
    Ok(Verdict::of(catalogue.error_count() == 0))
}

fn warning_count(catalogue: &Catalogue) -> usize {
    catalogue.diagnostics().len().saturating_sub(catalogue.error_count())
}

/// `3 archivos: 1 error, 2 avisos`.
fn summary(catalogue: &Catalogue) -> Message {
    let (files, errors, warnings) = (rules::count(catalogue), catalogue.error_count(), warning_count(catalogue));
    let text = |language| {
        let count = |count, es: [&'static str; 2], en: [&'static str; 2]| {
            let [one, many] = if language == Language::Es { es } else { en };
            format!("{count} {}", if count == 1 { one } else { many })
        };
        format!(
            "{}: {}, {}",
            count(files, ["archivo", "archivos"], ["file", "files"]),
            count(errors, ["error", "errores"], ["error", "errors"]),
            count(warnings, ["aviso", "avisos"], ["warning", "warnings"]),
        )
    };
    Message::new(text(Language::Es), text(Language::En))
}
