//! Rulesets become DMN documents that say the same when they are read again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
mod golden;
#[path = "kit/mod.rs"]
mod kit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dictamen_import::dmn::model::Definitions;
use dictamen_import::{Limits, dmn};
use dictamen_syntax::tree::File;
use dictamen_syntax::{Diagnostic, Names, Severity, Source, SourceId, format, parse, render};
use dictamen_value::Language;

/// What a tree says: its canonical text.
fn text(file: &File) -> String {
    format(&Source::new("", ""), file, None)
}

fn read(name: &str, bytes: &[u8]) -> Definitions {
    let read = dmn::read(SourceId(0), name, bytes, &Limits::default());
    let sources = std::slice::from_ref(&read.source);
    let told: Vec<String> = read.diagnostics.iter().map(|told| render(told, sources, Language::En, false)).collect();
    read.value.unwrap_or_else(|| panic!("{name}: {}", told.join("\n")))
}

/// Models as rulesets, with their namespaces.
fn rules(models: &[Definitions]) -> (Vec<File>, BTreeMap<String, String>) {
    let mapped = dmn::to_rules(&models.iter().collect::<Vec<_>>());
    let ids = mapped.rules.iter().zip(models).map(|(rules, model)| (rules.id.clone(), model.namespace.clone()));
    (mapped.rules.iter().map(|rules| rules.file.clone()).collect(), ids.collect())
}

/// Documents of rulesets, as another tool would read them.
fn exported(files: &[File], namespaces: &BTreeMap<String, String>) -> (Vec<Definitions>, Vec<Diagnostic>) {
    let namespace_of = |id: &str| namespaces.get(id).cloned().unwrap_or_else(|| dmn::namespace_of(id));
    let exported = dmn::from_rules(&files.iter().collect::<Vec<_>>(), &namespace_of);
    let documents = exported.documents.into_iter().map(|mut document| {
        dmn::lay_out(&mut document);
        let written = dmn::write(&document);
        let again = read(&document.name, written.as_bytes());
        assert_eq!(again, document, "{} says something else when it was written", document.name);
        document
    });
    (documents.collect(), exported.diagnostics)
}

/// The first line that differs.
fn difference(name: &str, before: &str, after: &str) -> Option<String> {
    let line = before.lines().zip(after.lines()).position(|(before, after)| before != after);
    (before != after).then(|| {
        let line = line.unwrap_or_else(|| before.lines().count().min(after.lines().count()));
        let of = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
        format!("{name}:{}\n  before {}\n  after  {}", line + 1, of(before), of(after))
    })
}

/// The kit's models, by folder: those of one folder may import each other.
fn kit_models() -> BTreeMap<PathBuf, Vec<Definitions>> {
    let mut folders: BTreeMap<PathBuf, Vec<Definitions>> = BTreeMap::new();
    for (path, bytes) in kit::files("dmn") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        folders.entry(path.parent().unwrap().to_owned()).or_default().push(read(&name, &bytes));
    }
    folders
}

#[test]
fn models_of_the_kit_say_the_same_when_they_are_exported() {
    let mut differences = Vec::new();
    for (folder, models) in kit_models() {
        let (before, namespaces) = rules(&models);
        let (documents, _) = exported(&before, &namespaces);
        let (after, _) = rules(&documents);
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let pairs = before.iter().zip(&after);
        differences.extend(pairs.filter_map(|(before, after)| difference(&name, &text(before), &text(after))));
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// All rulesets of a folder and those below it.
fn rulesets(folder: &Path, found: &mut Vec<(PathBuf, Source)>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rulesets(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "regla") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.clone(), Source::new(path.file_name().unwrap().to_string_lossy().as_ref(), text)));
        }
    }
}

fn parsed(sources: &[(PathBuf, Source)]) -> Vec<File> {
    let files = (0..).zip(sources).map(|(number, (path, source))| {
        let parsed = parse(source, SourceId(number), &Names::default());
        assert!(parsed.diagnostics.is_empty(), "{}: {:?}", path.display(), parsed.diagnostics);
        parsed.file
    });
    files.collect()
}

#[test]
fn every_ruleset_of_the_project_is_exported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for folder in ["rulesets", "examples"] {
        let mut sources = Vec::new();
        rulesets(&root.join(folder), &mut sources);
        let files = parsed(&sources);
        let (documents, told) = exported(&files, &BTreeMap::new());
        let rulesets = files.iter().filter(|file| file.header.as_ref().is_some_and(|header| !header.cases_only));
        assert_eq!(documents.len(), rulesets.count(), "{folder}");
        let errors: Vec<_> = told.iter().filter(|told| told.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let mapped = dmn::to_rules(&documents.iter().collect::<Vec<_>>());
        let names: Vec<Source> = documents.iter().map(|document| Source::new(document.name.as_str(), "")).collect();
        let told: Vec<String> =
            mapped.diagnostics.iter().map(|told| render(told, &names, Language::En, false)).collect();
        if !told.is_empty() { for d in &documents { std::fs::write(format!("/tmp/exp_{}.dmn", d.name), dmn::write(d)).unwrap(); } }
        assert_eq!(told.join("\n"), "", "{folder}");
    }
}
