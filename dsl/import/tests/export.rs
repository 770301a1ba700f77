//! Rulesets become DMN documents that say the same when they are read again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
#[allow(dead_code, reason = "other tests use all of it")]
mod golden;
#[path = "kit/mod.rs"]
mod kit;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dictamen_import::dmn::model::Definitions;
use dictamen_import::{Limits, codes, dmn};
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
        let bad = path.parent().unwrap().ends_with("07-what-cannot-be-exported");
        assert_eq!(!parsed.diagnostics.is_empty(), bad, "{}: {:?}", path.display(), parsed.diagnostics);
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
        let told: Vec<&str> = mapped.diagnostics.iter().map(|told| told.message.en.as_str()).collect();
        assert!(told.is_empty(), "{folder}: {told:?}");
    }
}

/// Small rulesets: their documents, what is told of what is lost, and what the documents are as rulesets.
/// `DICTAMEN_BLESS=1` writes what is expected.
#[test]
fn small_rulesets_become_documents() {
    let (mut differences, mut seen) = (Vec::new(), BTreeSet::new());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let mut sources = Vec::new();
        rulesets(&folder, &mut sources);
        let (documents, told) = exported(&parsed(&sources), &BTreeMap::new());
        seen.extend(told.iter().map(|told| told.code));
        let texts: Vec<Source> = sources.into_iter().map(|(_, source)| source).collect();
        let told: String = told.iter().map(|told| render(told, &texts, Language::Es, false) + "\n").collect();
        differences.extend(golden::check(&folder.join("told"), &told));
        let mapped = dmn::to_rules(&documents.iter().collect::<Vec<_>>());
        let told =
            mapped.diagnostics.iter().map(|told| format!("{}: {}\n", told.code, told.message.en)).collect::<String>();
        let again = mapped.rules.iter().map(|rules| text(&rules.file)).collect::<Vec<_>>().join("\n");
        differences.extend(golden::check(&folder.join("again"), &format!("{told}{again}")));
        for document in &documents {
            differences.extend(golden::check(&folder.join(format!("{}.dmn", document.name)), &dmn::write(document)));
        }
    }
    let codes: BTreeSet<&str> = codes().into_iter().filter(|code| code.starts_with("dmn.exporta-")).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(seen, codes, "every code is given by some ruleset, and every one given is listed");
}

/// What was exported and read again is exported as the same document.
#[test]
fn exporting_again_changes_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    let mut differences = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
        let mut sources = Vec::new();
        rulesets(&folder, &mut sources);
        let (documents, _) = exported(&parsed(&sources), &BTreeMap::new());
        let (files, namespaces) = rules(&documents);
        let (again, _) = exported(&files, &namespaces);
        let (files_again, _) = rules(&again);
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let pairs = files.iter().zip(&files_again);
        differences.extend(pairs.filter_map(|(before, after)| difference(&name, &text(before), &text(after))));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
