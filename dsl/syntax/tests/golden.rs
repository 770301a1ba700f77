//! Files of rules and what comes of them: trees, layouts and messages. `DICTAMEN_BLESS=1` writes what is expected.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
mod golden;

use std::collections::BTreeSet;

use dictamen_syntax::tree::{Spelling, TestsKind};
use dictamen_syntax::{
    CODES, Limits, Names, Parsed, Source, SourceId, dump, dump_expression, format, parse, parse_expression,
    parse_tests, parse_within, print_expression, print_feel_tests, print_tests, render,
};
use dictamen_value::Language;

fn parsed(name: &str, text: &str) -> (Source, Parsed) {
    let source = Source::new(name, text);
    let parsed = parse(&source, SourceId(0), &Names::default());
    (source, parsed)
}

fn other(spelling: Spelling) -> Spelling {
    if spelling == Spelling::Spanish { Spelling::English } else { Spelling::Spanish }
}

fn messages(source: &Source, parsed: &Parsed, language: Language) -> String {
    let sources = std::slice::from_ref(source);
    let shown = parsed.diagnostics.iter().map(|diagnostic| render(diagnostic, sources, language, false));
    shown.map(|text| text + "\n").collect::<Vec<_>>().join("\n")
}

fn assert_none(differences: Vec<String>) {
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn good_files_give_their_trees_and_layouts() {
    let mut differences = Vec::new();
    for path in golden::files("good", "regla") {
        let (source, file) = parsed("good", &golden::read(&path));
        assert_eq!(messages(&source, &file, Language::En), "", "{}", path.display());
        let tree = dump(&file.file);
        differences.extend(golden::check(&path.with_extension("tree"), &tree));
        for (spelling, extension) in [(file.file.spelling, "formatted"), (other(file.file.spelling), "translated")] {
            let text = format(&source, &file.file, Some(spelling));
            differences.extend(golden::check(&path.with_extension(extension), &text));
            let (again, twin) = parsed("formatted", &text);
            assert_eq!(messages(&again, &twin, Language::En), "", "{}", path.display());
            assert_eq!(without_spelling(&dump(&twin.file)), without_spelling(&tree), "{}", path.display());
            assert_eq!(format(&again, &twin.file, None), text, "{}", path.display());
            assert_eq!(golden::comments(&text), golden::comments(source.text()), "{}", path.display());
        }
    }
    assert_none(differences);
}

fn without_spelling(tree: &str) -> &str {
    tree.split_once('\n').unwrap().1
}

#[test]
fn bad_files_give_their_messages_in_both_languages() {
    let mut differences = Vec::new();
    for path in golden::files("bad", "regla") {
        let (source, file) = parsed("regla", &golden::read(&path));
        assert!(!file.diagnostics.is_empty(), "{} is fine", path.display());
        for (language, extension) in [(Language::Es, "es.txt"), (Language::En, "en.txt")] {
            differences.extend(golden::check(&path.with_extension(extension), &messages(&source, &file, language)));
        }
    }
    assert_none(differences);
}

#[test]
fn every_code_has_a_bad_file() {
    let mut seen = BTreeSet::from(["sintaxis.archivo-grande", "sintaxis.demasiados-errores"]);
    for path in golden::files("bad", "regla") {
        let (_, file) = parsed("regla", &golden::read(&path));
        seen.extend(file.diagnostics.iter().map(|diagnostic| diagnostic.code));
    }
    let unseen: Vec<_> = CODES.iter().filter(|code| !seen.contains(*code)).collect();
    assert!(unseen.is_empty(), "no bad file gives {unseen:?}");
    let unlisted: Vec<_> = seen.iter().filter(|code| !CODES.contains(code)).collect();
    assert!(unlisted.is_empty(), "CODES lacks {unlisted:?}");
}

fn native_names() -> Names {
    let values =
        ["Loan Amount", "Pre-Bureau Risk", "a+b", "Model B", "Requested product", "Rate of return", "in stock"];
    let awkward = ["Teacher's Evaluation", "Student’s name", "Eligible?", "5G rate", "Rate %", "Rate 2026-01-01"];
    let members = ["a-b", "c-d", "Evaluating Say Hello", "Person name", "Monthly Income"];
    Names::new(values.into_iter().chain(awkward)).with_members(members).native()
}

/// Each line of a `.feel` file is an expression; below it stand its tree and how it is printed, or what is wrong.
#[test]
fn expressions_give_their_trees() {
    let mut differences = Vec::new();
    for path in golden::files("feel", "feel") {
        let native = path.to_string_lossy().contains("native");
        let names = if native { native_names() } else { Names::new(["Loan Amount", "Pre-Bureau Risk"]) };
        let text: String =
            golden::read(&path).lines().filter(|line| !line.is_empty()).map(|line| shown(line, &names)).collect();
        differences.extend(golden::check(&path.with_extension("tree"), &text));
    }
    assert_none(differences);
}

fn shown(line: &str, names: &Names) -> String {
    let source = Source::new("feel", line);
    let (expr, problems) = parse_expression(&source, SourceId(0), names);
    if !problems.is_empty() {
        let problems = problems.iter().map(|problem| format!("! {}: {}\n", problem.code, problem.message.en));
        return format!("> {line}\n{}\n", problems.collect::<String>());
    }
    let printed = print_expression(&expr);
    let (again, problems) = parse_expression(&Source::new("printed", printed.as_str()), SourceId(0), names);
    assert!(problems.is_empty(), "{line} is printed {printed}: {problems:?}");
    assert_eq!(dump_expression(&again), dump_expression(&expr), "{line} is printed {printed}");
    format!("> {line}\n{}= {printed}\n\n", dump_expression(&expr))
}

/// Each line of a `.cells` file is a cell; below it stands how it is printed, after the word for its kind, or what is wrong.
#[test]
fn cells_give_their_tests() {
    let mut differences = Vec::new();
    for path in golden::files("cells", "cells") {
        let text: String = golden::read(&path).lines().map(cell).collect();
        differences.extend(golden::check(&path.with_extension("tests"), &text));
    }
    assert_none(differences);
}

fn cell(line: &str) -> String {
    let (tests, problems) = parse_tests(&Source::new("cell", line), SourceId(0), &native_names());
    if !problems.is_empty() {
        let problems = problems.iter().map(|problem| format!("! {}: {}\n", problem.code, problem.message.en));
        return format!("> {line}\n{}\n", problems.collect::<String>());
    }
    let kind = match &tests.kind {
        TestsKind::Any => "any".to_owned(),
        TestsKind::Error => "error".to_owned(),
        TestsKind::AnyOf(tests) => format!("any of {}", tests.len()),
        TestsKind::NoneOf(tests) => format!("none of {}", tests.len()),
    };
    let feel = print_feel_tests(&tests);
    let (again, problems) = parse_tests(&Source::new("printed", feel.as_str()), SourceId(0), &native_names());
    assert!(problems.is_empty(), "{line} is printed {feel}: {problems:?}");
    assert_eq!(print_tests(&again), print_tests(&tests), "{line} is printed {feel}");
    format!("> {line}\n{kind}\n= {feel}\n\n")
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let source = Source::new("large", " ".repeat(64 * 1024 * 1024 + 1));
    let parsed = parse(&source, SourceId(0), &Names::default());
    assert_eq!(parsed.diagnostics.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["sintaxis.archivo-grande"]);
}

#[test]
fn many_errors_are_cut_short() {
    let source = Source::new("many", "decision x : numero = )\n".repeat(5));
    let limits = Limits { diagnostics: 2, ..Limits::default() };
    let parsed = parse_within(&source, SourceId(0), &Names::default(), limits);
    let codes: Vec<_> = parsed.diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["sintaxis.expresion", "sintaxis.expresion", "sintaxis.demasiados-errores"]);
    assert_eq!(parsed.file.items.len(), 5);
}
