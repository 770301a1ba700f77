//! Files that are wrong or hostile, and what is said of them in both languages. `DICTAMEN_BLESS=1` writes what is
//! expected.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
mod golden;

use std::collections::BTreeSet;
use std::path::Path;

use dictamen_import::tck::TestCases;
use dictamen_import::{Limits, Read, codes, dmn, tck};
use dictamen_syntax::{Diagnostic, Source, SourceId, render};
use dictamen_value::Language;

/// Limits for the files that go past one.
const NARROW: Limits = Limits {
    file_bytes: 400,
    nesting_levels: 6,
    elements: 10,
    attributes_of_an_element: 5,
    namespaces: 4,
    diagnostics: 100,
};

fn read_model(path: &Path) -> (Source, Vec<Diagnostic>) {
    let name = path.file_name().unwrap().to_string_lossy();
    let limits = if name.starts_with("limit-") { NARROW } else { Limits::default() };
    let read = dmn::read(SourceId(0), &name, &std::fs::read(path).unwrap(), &limits);
    assert!(read.whole().is_none() || !read.diagnostics.is_empty(), "{name} is fine");
    (read.source, read.diagnostics)
}

/// A model that is well-formed, and what rules cannot say of it.
fn map_model(path: &Path) -> (Source, Vec<Diagnostic>) {
    let name = path.file_name().unwrap().to_string_lossy();
    let read = dmn::read(SourceId(0), &name, &std::fs::read(path).unwrap(), &Limits::default());
    assert!(!read.has_errors(), "{name} does not read");
    let mapped = dmn::to_rules(&[&read.value.unwrap()]);
    (read.source, mapped.diagnostics)
}

fn read_cases(path: &Path) -> (Read<TestCases>, Vec<Diagnostic>) {
    let name = path.file_name().unwrap().to_string_lossy();
    let read = tck::read(SourceId(0), &name, &std::fs::read(path).unwrap(), &Limits::default());
    let mut told = read.diagnostics.clone();
    let cases = read.value.iter().flat_map(|file| &file.cases);
    let values = cases.flat_map(|case| case.inputs.iter().map(|input| &input.value));
    told.extend(values.filter_map(|value| value.to_value().err()).map(|problem| *problem));
    (read, told)
}

fn shown(source: &Source, told: &[Diagnostic], language: Language) -> String {
    let sources = std::slice::from_ref(source);
    let shown: Vec<String> = told.iter().map(|problem| render(problem, sources, language, false) + "\n").collect();
    shown.join("\n")
}

fn compare(path: &Path, source: &Source, told: &[Diagnostic]) -> Vec<String> {
    let languages = [(Language::Es, "es.txt"), (Language::En, "en.txt")];
    let compared = languages
        .iter()
        .filter_map(|(language, end)| golden::check(&golden::beside(path, end), &shown(source, told, *language)));
    compared.collect()
}

#[test]
fn what_is_wrong_is_told_in_both_languages() {
    let (mut differences, mut seen) = (Vec::new(), BTreeSet::new());
    for path in golden::files("dmn/bad", "dmn") {
        let (source, told) = read_model(&path);
        assert!(!told.is_empty(), "{} is fine", path.display());
        seen.extend(told.iter().map(|problem| problem.code));
        differences.extend(compare(&path, &source, &told));
    }
    for path in golden::files("rules/bad", "dmn") {
        let (source, told) = map_model(&path);
        assert!(!told.is_empty(), "{} is fine", path.display());
        seen.extend(told.iter().map(|problem| problem.code));
        differences.extend(compare(&path, &source, &told));
    }
    for path in golden::files("tck/bad", "xml") {
        let (read, told) = read_cases(&path);
        seen.extend(told.iter().map(|problem| problem.code));
        differences.extend(compare(&path, &read.source, &told));
    }
    let codes: BTreeSet<&str> = codes().into_iter().collect();
    // What export loses is told in tests of its own.
    let unseen: Vec<_> = codes.difference(&seen).filter(|code| !code.starts_with("dmn.exporta-")).collect();
    assert!(unseen.is_empty(), "no bad file gives {unseen:?}");
    let unlisted: Vec<_> = seen.difference(&codes).collect();
    assert!(unlisted.is_empty(), "codes() lacks {unlisted:?}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn cases_are_read_with_their_values() {
    let mut differences = Vec::new();
    for path in golden::files("tck/good", "xml") {
        let (read, told) = read_cases(&path);
        assert_eq!(shown(&read.source, &told, Language::En), "", "{}", path.display());
        let file = read.value.unwrap();
        let mut text = format!("{:?} {:?} {:?} {:?}\n", file.name, file.model_name, file.namespace, file.labels);
        for case in &file.cases {
            let called = (&case.id, case.kind, &case.invocable_name, &case.name, &case.namespace, &case.description);
            text += &format!("{called:?} at {:?}\n", case.origin);
            for input in &case.inputs {
                let value = input.value.to_value().unwrap();
                text +=
                    &format!("  given {} {:?} = {value} at {:?}\n", input.name, input.namespace, input.value.origin);
            }
            for result in &case.results {
                let expected = result.expected.as_ref().map(|value| value.to_value().unwrap().to_feel());
                let about = (&result.namespace, &result.kind, result.error_result, &result.cast);
                text += &format!("  expected {} {about:?} = {expected:?}\n", result.name);
            }
        }
        differences.extend(golden::check(&golden::beside(&path, "read"), &text));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Nesting as deep as the limit allows is read, compared, shown and written on the stack of a thread.
#[test]
fn models_as_deep_as_allowed_are_read() {
    let limits = Limits::default();
    let root = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"\" namespace=\"x\">";
    for (open, close) in [
        ("<list>", "</list>"),
        ("<itemComponent name=\"a\">", "</itemComponent>"),
        ("<filter><in>", "</in><match/></filter>"),
        ("<functionDefinition>", "</functionDefinition>"),
    ] {
        let levels = open.matches('<').count();
        let (start, end) = match open.starts_with("<item") {
            true => ("<itemDefinition name=\"a\">", "</itemDefinition>"),
            false => ("<decision name=\"a\">", "</decision>"),
        };
        let times = (limits.nesting_levels - 2) / levels;
        let text = |times: usize| {
            let (open, close) = (open.repeat(times), close.repeat(times));
            format!("{root}{start}{open}{close}{end}</definitions>")
        };
        let read = dmn::read(SourceId(0), "deep", text(times).as_bytes(), &limits);
        let model = read.value.unwrap();
        let again = dmn::read(SourceId(0), "deep", dmn::write(&model).as_bytes(), &limits).value.unwrap();
        assert_eq!(again, model.clone(), "{open}");
        assert!(format!("{model:?}").len() > times);
        let deeper = dmn::read(SourceId(0), "deep", text(times + 1).as_bytes(), &limits);
        assert!(deeper.value.is_none(), "{open}");
    }
}

/// UTF-16 with its mark or without, and UTF-8 with its mark, say the same as UTF-8.
#[test]
fn encodings_say_the_same() {
    let text = "<?xml version=\"1.0\"?><definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"año 🐎\" namespace=\"x\"/>";
    let read = |bytes: &[u8]| dmn::read(SourceId(0), "x", bytes, &Limits::default()).value.unwrap();
    let plain = read(text.as_bytes());
    assert_eq!(plain.name, "año 🐎");
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{FEFF}{text}");
    for bytes in [marked.clone().into_bytes(), big(&marked), little(&marked), big(text), little(text)] {
        assert_eq!(read(&bytes), plain);
    }
}
