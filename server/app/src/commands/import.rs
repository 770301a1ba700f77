//! `dictamen import`: writes a DMN model and all that it imports as `.regla` texts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Command as Definition;
use dictamen_import::dmn::{self, Rules};
use dictamen_syntax::tree::Spelling;
use dictamen_syntax::{Diagnostic, Source};
use dictamen_value::Message;

use super::Command;
use crate::command_line::arguments::{Definer, Given, variable};
use crate::command_line::language::TAGS;
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{conformance, diagnostics, files};

pub(super) const COMMAND: Command = Command {
    name: "import",
    usage: ("[OPCIONES] ARCHIVO.dmn -o CARPETA", "[OPTIONS] FILE.dmn -o FOLDER"),
    define,
    run,
};

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Escribe un modelo DMN, y los que importa, como textos .regla.",
        "Writes a DMN model, and those it imports, as .regla texts.",
    );
    let file = define.say(
        "el modelo; los que importa se buscan por su espacio de nombres en la misma carpeta y debajo",
        "the model; those it imports are looked for by their namespace in the same folder and below",
    );
    let folder = define.say("dónde se escriben los textos", "where the texts are written");
    let lang = define.say("las palabras clave: es o en", "the keywords: es or en");
    let lang =
        define.flag_by("lang", "es|en", variable("import-lang"), lang).value_parser(TAGS).hide_possible_values(true);
    let replace = define.say("reemplaza textos que ya estén", "replaces texts that are there already");
    Definition::new("import")
        .about(about)
        .arg(define.place("path", define.say("ARCHIVO", "FILE"), file))
        .arg(define.flag("output", define.say("CARPETA", "FOLDER"), folder).short('o').required(true))
        .arg(lang)
        .arg(define.switch("replace", replace))
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let folder = given.required_path("output");
    let beside = conformance::models(&given.required_path("path"))?;
    let sources: Vec<Source> = beside.iter().map(|(_, read)| read.source.clone()).collect();
    let mut found: Vec<Diagnostic> = beside.iter().take(1).flat_map(|(_, read)| read.diagnostics.clone()).collect();
    let at_hand: Vec<_> = beside.iter().filter_map(|(_, read)| read.whole()).collect();
    let root = beside.first().and_then(|(_, read)| read.whole());
    let Some(root) = root else { return diagnostics::tell(&sources, &found, &[], output) };
    let mapped = dmn::to_rules(&conformance::closure(root, &at_hand));
    let refused = mapped.has_errors();
    found.extend(mapped.diagnostics);
    if refused {
        return diagnostics::tell(&sources, &found, &[], output);
    }
    let spelling = match given.text("lang") {
        Some("en") => Spelling::English,
        _ => Spelling::Spanish,
    };
    // The trees come from XML: there is no text of theirs to take anything from.
    let nothing = Source::new("", "");
    let text = |rules: &Rules| {
        let path = folder.join(format!("{}.regla", rules.id));
        (path, dictamen_syntax::format(&nothing, &rules.file, Some(spelling)))
    };
    let texts: Vec<(PathBuf, String)> = mapped.rules.iter().map(text).collect();
    write(&folder, &texts, given.is_on("replace"))?;
    let written: Vec<PathBuf> = texts.into_iter().map(|(path, _)| path).collect();
    diagnostics::tell(&sources, &found, &written, output)
}

/// Writes all or nothing: a text that is there and says something else is somebody's work.
fn write(folder: &Path, texts: &[(PathBuf, String)], replace: bool) -> Result<(), Stop> {
    let is_other = |(path, text): &&(PathBuf, String)| fs::read(path).is_ok_and(|there| there != text.as_bytes());
    if let Some((path, _)) = texts.iter().find(is_other).filter(|_| !replace) {
        let path = path.display();
        return Err(Stop::WrongUse(Message::new(
            format!("{path} ya existe y dice otra cosa; no se escribió nada: dé otra carpeta, o --replace"),
            format!(
                "{path} is there already and says something else; nothing was written: give another folder, or --replace"
            ),
        )));
    }
    fs::create_dir_all(folder).map_err(|error| Stop::file(folder, "crear", "create", &error))?;
    texts.iter().try_for_each(|(path, text)| files::write(path, text.as_bytes()))
}
