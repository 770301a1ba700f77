//! `dictamen export`: writes a ruleset and all that it imports as DMN 1.5.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::Command as Definition;
use dictamen_import::dmn;
use dictamen_syntax::{Diagnostic, Severity, Source, SourceId, tree};
use dictamen_value::Message;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, files, rules};

pub(super) const COMMAND: Command = Command {
    name: "export",
    usage: ("[OPCIONES] RUTA... -o ARCHIVO.dmn", "[OPTIONS] PATH... -o FILE.dmn"),
    define,
    run,
};

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Escribe un conjunto de reglas, y los que usa, como modelos DMN 1.5.",
        "Writes a ruleset, and those it uses, as DMN 1.5 models.",
    );
    let file = define.say(
        "el modelo; los de los conjuntos que usa se escriben a su lado",
        "the model; those of the rulesets it uses are written beside it",
    );
    let ruleset = define.say("cuál, donde la ruta tiene varios", "which one, where the path has several");
    Definition::new("export")
        .about(about)
        .arg(define.paths())
        .arg(define.flag("output", define.say("ARCHIVO", "FILE"), file).short('o').required(true))
        .arg(define.flag("ruleset", define.say("CONJUNTO", "RULESET"), ruleset))
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let target = given.required_path("output");
    if target.extension().and_then(|ending| ending.to_str()) != Some("dmn") {
        return Err(Stop::WrongUse(only_dmn(&target)));
    }
    let texts = rules::read(&given.paths())?;
    let (files, mut found) = parsed(&texts.sources);
    found.extend(texts.diagnostics);
    if has_errors(&found) {
        return diagnostics::tell(&texts.sources, &found, &[], output);
    }
    let chosen = closure(root(&files, given.text("ruleset"))?, &files);
    let exported = dmn::from_rules(&chosen, &dmn::namespace_of);
    if exported.has_errors() {
        return diagnostics::tell(&texts.sources, &exported.diagnostics, &[], output);
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|error| Stop::file(folder, "crear", "create", &error))?;
    }
    let mut written = Vec::new();
    for (mut definitions, file) in exported.documents.into_iter().zip(chosen) {
        dmn::lay_out(&mut definitions);
        let path = if written.is_empty() { target.clone() } else { target.with_file_name(format!("{}.dmn", id(file))) };
        files::write(&path, dmn::write(&definitions).as_bytes())?;
        written.push(path);
    }
    diagnostics::tell(&texts.sources, &exported.diagnostics, &written, output)
}

fn parsed(sources: &[Source]) -> (Vec<tree::File>, Vec<Diagnostic>) {
    let (mut files, mut found) = (Vec::new(), Vec::new());
    for (source, number) in sources.iter().zip(0_u32..) {
        let parsed = dictamen_syntax::parse(source, SourceId(number), &dictamen_model::names());
        files.push(parsed.file);
        found.extend(parsed.diagnostics);
    }
    (files, found)
}

fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The identifier of a ruleset; empty for a file of cases alone.
fn id(file: &tree::File) -> &str {
    let header = file.header.as_ref().filter(|header| !header.cases_only);
    header.map(|header| header.id.text.as_str()).unwrap_or_default()
}

/// The ruleset that is meant: the one named, or the only one that no other uses.
fn root<'a>(files: &'a [tree::File], named: Option<&str>) -> Result<&'a tree::File, Stop> {
    let used: BTreeSet<&str> = files.iter().flat_map(uses).collect();
    let rulesets = files.iter().filter(|file| !id(file).is_empty());
    let meant: Vec<&tree::File> = match named {
        Some(name) => rulesets.filter(|file| id(file) == name).collect(),
        None => rulesets.filter(|file| !used.contains(id(file))).collect(),
    };
    match meant.as_slice() {
        [one] => Ok(one),
        several => Err(Stop::WrongUse(which_of(several, files))),
    }
}

/// Rulesets that a file uses.
fn uses(file: &tree::File) -> impl Iterator<Item = &str> {
    file.items.iter().filter_map(|item| match &item.kind {
        tree::ItemKind::Import(import) => Some(import.ruleset.text.as_str()),
        _ => None,
    })
}

/// A ruleset and all that it uses, directly or not; first the ruleset.
fn closure<'a>(root: &'a tree::File, files: &'a [tree::File]) -> Vec<&'a tree::File> {
    let mut found = vec![root];
    let mut seen = BTreeSet::from([id(root)]);
    let mut next = 0_usize;
    while let Some(file) = found.get(next).copied() {
        for name in uses(file) {
            found.extend(files.iter().filter(|known| id(known) == name && seen.insert(name)));
        }
        next = next.saturating_add(1);
    }
    found
}

fn only_dmn(target: &Path) -> Message {
    let target = target.display();
    Message::new(
        format!("{target}: se exporta a archivos que terminan en .dmn"),
        format!("{target}: files to export to end in .dmn"),
    )
}

fn which_of(several: &[&tree::File], files: &[tree::File]) -> Message {
    let all = files.iter().map(id).filter(|id| !id.is_empty());
    let names: Vec<&str> = if several.is_empty() { all.collect() } else { several.iter().copied().map(id).collect() };
    let names = names.into_iter().take(20).collect::<Vec<_>>().join(", ");
    Message::new(
        format!("diga con --ruleset qué conjunto de reglas se exporta; los que hay: {names}"),
        format!("say with --ruleset which ruleset to export; there are: {names}"),
    )
}
