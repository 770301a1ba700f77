//! `dictamen fmt`: gives rules their one canonical layout, or only says which files lack it; translates keywords.

use std::path::{Path, PathBuf};

use clap::Command as Definition;
use dictamen_syntax::tree::Spelling;
use dictamen_syntax::{Diagnostic, Parsed, Severity, Source, SourceId};
use dictamen_value::Message;
use serde_json::json;

use super::Command;
use crate::command_line::arguments::{Definer, Given, variable};
use crate::command_line::language::TAGS;
use crate::output::Output;
use crate::rules::{self, Texts};
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, files};

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

/// What is asked of the files, and what became of them.
#[derive(Default)]
struct Formatting {
    spelling: Option<Spelling>,
    only_check: bool,
    files: usize,
    changed: Vec<PathBuf>,
    refused: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let Texts { paths, sources, unreadable, diagnostics } = rules::read(&given.paths())?;
    let spelling = given.text("lang").map(|tag| if tag == "en" { Spelling::English } else { Spelling::Spanish });
    let only_check = given.is_on("check");
    let mut done = Formatting { spelling, only_check, refused: unreadable, diagnostics, ..Formatting::default() };
    for ((path, source), id) in paths.iter().zip(&sources).zip((0..).map(SourceId)) {
        done.format(path, source, id)?;
    }
    done.report(&sources, output)?;
    Ok(done.verdict())
}

impl Formatting {
    fn format(&mut self, path: &Path, source: &Source, id: SourceId) -> Result<(), Stop> {
        self.files = self.files.saturating_add(1);
        if self.refused.iter().any(|refused| refused == path) {
            return Ok(());
        }
        let Parsed { file, diagnostics } = dictamen_syntax::parse(source, id, &dictamen_model::names());
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            // What could not be read cannot be laid out.
            self.diagnostics.extend(diagnostics);
            self.refused.push(path.to_owned());
            return Ok(());
        }
        self.replace(path, source.text(), &dictamen_syntax::format(source, &file, self.spelling))
    }

    fn replace(&mut self, path: &Path, text: &str, formatted: &str) -> Result<(), Stop> {
        if text == formatted {
            return Ok(());
        }
        self.changed.push(path.to_owned());
        if self.only_check { Ok(()) } else { files::write(path, formatted.as_bytes()) }
    }

    fn verdict(&self) -> Verdict {
        let holds = self.changed.is_empty() || !self.only_check;
        Verdict::of(holds && self.refused.is_empty())
    }

    fn report(&self, sources: &[Source], output: &mut Output) -> Result<(), Stop> {
        if output.is_json() {
            let Formatting { files, changed, refused, diagnostics, .. } = self;
            let diagnostics = diagnostics::documents(sources, diagnostics, output.language());
            let document =
                json!({ "files": files, "changed": changed, "refused": refused, "diagnostics": diagnostics });
            return Ok(output.document(&document)?);
        }
        diagnostics::show(sources, &self.diagnostics, output)?;
        for path in &self.changed {
            output.line(path.display())?;
        }
        Ok(output.message(&self.summary())?)
    }

    fn summary(&self) -> Message {
        let Formatting { files, changed, refused, only_check, .. } = self;
        let (es, en) = match only_check {
            true => ("sin el formato canónico", "without the canonical layout"),
            false => ("cambiados", "changed"),
        };
        let (left_es, left_en) = match refused.len() {
            0 => (String::new(), String::new()),
            count => (
                format!("; {count} con errores de sintaxis, que se dejaron como estaban"),
                format!("; {count} with syntax errors, which were left as they were"),
            ),
        };
        let changed = changed.len();
        Message::new(
            format!("archivos: {files}, {es}: {changed}{left_es}"),
            format!("files: {files}, {en}: {changed}{left_en}"),
        )
    }
}
