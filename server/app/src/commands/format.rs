//! `dictamen fmt`: gives rules their one canonical layout, or only says which files lack it; translates keywords.

use std::path::PathBuf;

use clap::Command as Definition;
use dictamen_syntax::tree::Spelling;
use dictamen_syntax::{Diagnostic, Parsed, Severity, Source, SourceId};
use dictamen_value::Message;
use serde_json::json;

use super::Command;
use crate::command_line::arguments::{Definer, Given, variable};
use crate::command_line::language::TAGS;
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, files, rules};

pub(super) const COMMAND: Command =
    Command { name: "fmt", usage: ("[OPCIONES] RUTA...", "[OPTIONS] PATH..."), define, run };

fn define(define: Definer) -> Definition {
    let about = define.say("Da a las reglas su formato canónico.", "Gives rules their canonical layout.");
    let check = define.say(
        "no escribe: dice qué archivos cambiarían, y termina con 1 si hay alguno",
        "writes nothing: says which files would change, and exits with 1 if any would",
    );
    let lang = define.say(
        "traduce las palabras clave: es o en (antes de «fmt», --lang es el idioma de los mensajes)",
        "translates the keywords: es or en (before “fmt”, --lang is the language of messages)",
    );
    let lang =
        define.flag_by("lang", "es|en", variable("fmt-lang"), lang).value_parser(TAGS).hide_possible_values(true);
    Definition::new("fmt").about(about).arg(define.paths()).arg(define.switch("check", check)).arg(lang)
}

/// What became of the files.
#[derive(Default)]
struct Done {
    files: usize,
    changed: Vec<PathBuf>,
    refused: Vec<PathBuf>,
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let texts = rules::read(&given.paths())?;
    let spelling = given.text("lang").map(|tag| if tag == "en" { Spelling::English } else { Spelling::Spanish });
    let only_check = given.is_on("check");
    let mut done = Done { refused: texts.unreadable.clone(), ..Done::default() };
    let mut found = texts.diagnostics;
    for ((path, source), id) in texts.paths.iter().zip(&texts.sources).zip((0..).map(SourceId)) {
        done.files = done.files.saturating_add(1);
        if done.refused.contains(path) {
            continue;
        }
        let Parsed { file, diagnostics } = dictamen_syntax::parse(source, id, &dictamen_model::names());
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            // What could not be read cannot be laid out.
            found.extend(diagnostics);
            done.refused.push(path.clone());
            continue;
        }
        let formatted = dictamen_syntax::format(source, &file, spelling);
        if formatted != **source.text() {
            if !only_check {
                files::write(path, formatted.as_bytes())?;
            }
            done.changed.push(path.clone());
        }
    }
    report(&done, only_check, (&texts.sources, &found), output)?;
    let holds = done.changed.is_empty() || !only_check;
    Ok(Verdict::of(holds && done.refused.is_empty()))
}

fn report(done: &Done, only_check: bool, found: (&[Source], &[Diagnostic]), output: &mut Output) -> Result<(), Stop> {
    let (sources, diagnostics) = found;
    if output.is_json() {
        let Done { files, changed, refused } = done;
        let diagnostics = diagnostics::documents(sources, diagnostics, output.language());
        let document = json!({ "files": files, "changed": changed, "refused": refused, "diagnostics": diagnostics });
        return Ok(output.document(&document)?);
    }
    diagnostics::show(sources, diagnostics, output)?;
    for path in &done.changed {
        output.line(path.display())?;
    }
    Ok(output.message(&summary(done, only_check))?)
}

fn summary(done: &Done, only_check: bool) -> Message {
    let Done { files, changed, refused } = done;
    let (changed, refused) = (changed.len(), refused.len());
    let (es, en) = if only_check {
        ("sin el formato canónico", "without the canonical layout")
    } else {
        ("cambiados", "changed")
    };
    let (not_es, not_en) = match refused {
        0 => (String::new(), String::new()),
        count => (
            format!("; {count} con errores de sintaxis, que se dejaron como estaban"),
            format!("; {count} with syntax errors, which were left as they were"),
        ),
    };
    Message::new(
        format!("archivos: {files}, {es}: {changed}{not_es}"),
        format!("files: {files}, {en}: {changed}{not_en}"),
    )
}
