//! What holds for every tree and every text: layouts are stable, trees survive printing, nothing panics or takes too long.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

#[path = "golden/mod.rs"]
mod golden;
mod trees;

use std::time::{Duration, Instant};

use dictamen_syntax::tree::{Expr, File, Spelling, Tests};
use dictamen_syntax::{
    Names, Parsed, Severity, Source, SourceId, dump, dump_expression, format, parse, parse_expression, parse_tests,
    parse_type, print_expression, print_feel, print_feel_tests, print_tests, print_type, render,
};
use dictamen_value::Language;
use proptest::prelude::*;

fn parsed(text: &str) -> (Source, Parsed) {
    let source = Source::new("prueba", text);
    let parsed = parse(&source, SourceId(0), &Names::default());
    (source, parsed)
}

fn problems(source: &Source, parsed: &Parsed) -> String {
    let shown = |problem| render(problem, std::slice::from_ref(source), Language::En, false);
    parsed.diagnostics.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// The tree without the line that tells the spelling.
fn tree(file: &File) -> String {
    dump(file).split_once('\n').unwrap().1.to_owned()
}

/// Parsing the layout gives the tree again, and the layout of that is the same.
fn assert_stable(source: &Source, file: &File, spelling: Option<Spelling>) {
    let text = format(source, file, spelling);
    let (again, twin) = parsed(&text);
    assert_eq!(problems(&again, &twin), "", "\n{text}");
    assert_eq!(tree(&twin.file), tree(file), "\n{text}");
    let twice = format(&again, &twin.file, spelling);
    assert_eq!(twice, text);
}

fn has_errors(parsed: &Parsed) -> bool {
    parsed.diagnostics.iter().any(|problem| problem.severity == Severity::Error)
}

/// Nothing panics, spans lie in the text, and text without errors has a stable layout.
fn assert_survives(text: &str) {
    let (source, file) = parsed(text);
    for problem in &file.diagnostics {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        assert!(text.get(start..end).is_some(), "{problem:?}");
        render(problem, std::slice::from_ref(&source), Language::Es, true);
    }
    if has_errors(&file) {
        format(&source, &file.file, None);
    } else {
        assert_stable(&source, &file.file, None);
        assert_eq!(golden::comments(&format(&source, &file.file, None)), golden::comments(text), "{text}");
    }
}

/// Pieces of text that mean something.
const PIECES: &[&str] = &[
    "\n",
    "\n  ",
    "\n| ",
    " | ",
    " || ",
    "tabla ",
    "decision x : numero",
    " = ",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "//",
    "/*",
    "*/",
    "`",
    "..",
    "if a then b else c",
    "por_defecto",
    "reglas a.b\n",
    "caso \"x\"\n",
    "espera ",
    "dado {",
    ",",
    ":",
    "?",
    "-",
    "not(",
    "in ",
    "1",
    "2026-01-01",
    "@\"",
    "\\",
    "\r\n",
    "\t",
    "\u{FEFF}",
    "\u{7}",
    "ñ",
    "🐎",
    "for x in ",
    "function(",
    " and ",
    "titulo \"t\"",
    "lista de ",
    "list<",
    ">",
    "donde ",
    "politica C+",
    "parametro p : dinero\n",
    "| desde | valor |\n",
    "==",
    "...",
];

fn corpus() -> Vec<String> {
    golden::files("good", "regla").iter().map(|path| golden::read(path)).collect()
}

/// The expressions and cells of the golden tests of DMN.
fn feel_corpus() -> Vec<String> {
    let files = golden::files("feel", "feel").into_iter().chain(golden::files("cells", "cells"));
    let lines = files.flat_map(|path| golden::read(&path).lines().map(String::from).collect::<Vec<_>>());
    lines.filter(|line| !line.contains('`')).collect()
}

/// Pieces of FEEL that change what stands around them.
const FEEL_PIECES: &[&str] = &[
    "",
    " ",
    "(",
    ")",
    "[",
    "]",
    "..",
    ".",
    ", ",
    ": ",
    "-",
    " - ",
    "> ",
    "= ",
    "'",
    "?",
    " and ",
    " or ",
    " in ",
    " between ",
    " instance of ",
    "number",
    "a-b",
    "x.a-b",
    "date and time",
    "time offset",
    "Loan Amount",
    "Rate of return",
    "not(",
    "if a then ",
    " else ",
    "for x in ",
    " return ",
    "{ a: ",
    "}",
    "function(x) ",
    "external { a: 1 }",
    "list<",
    "-1",
    "\"a\"",
    "@\"2020-01-01\"",
];

fn mutated() -> impl Strategy<Value = String> {
    mutated_of(corpus(), PIECES)
}

fn mutated_of(corpus: Vec<String>, pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..12usize, prop::sample::select(pieces));
    (prop::sample::select(corpus), prop::collection::vec(edit, 1..5)).prop_map(|(text, edits)| {
        edits.into_iter().fold(text, |text, (place, removed, piece)| {
            let characters: Vec<char> = text.chars().collect();
            let at = place.index(characters.len() + 1);
            let end = (at + removed).min(characters.len());
            characters[..at].iter().copied().chain(piece.chars()).chain(characters[end..].iter().copied()).collect()
        })
    })
}

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Names of several words that stand for those of the trees that FEEL cannot have.
const FEEL_NAMES_OF_TREES: &[&str] =
    &["Person's age", "Post-bureau rate", "días de mora", "monto total", "a+b", "is ok?", "espera x", "Tipo raro"];

/// The text with names and types that FEEL can have.
fn text_for_feel(text: &str) -> String {
    let names = [("`if`", "`Person's age`"), ("`1x`", "`Post-bureau rate`"), ("`in`", "`is ok?`"), ("`a``b`", "`a+b`")];
    let types = [("dinero", "number"), ("`string`", "string")];
    names.iter().chain(&types).fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn said_in_feel(expr: &Expr) -> Expr {
    let text = text_for_feel(&print_expression(expr));
    let (expr, problems) = parse_expression(&Source::new("e", text.as_str()), SourceId(0), &Names::default());
    assert!(problems.is_empty(), "{text}: {problems:?}");
    expr
}

fn tests_said_in_feel(tests: &Tests) -> Tests {
    let text = text_for_feel(&print_tests(tests));
    let (tests, problems) = parse_tests(&Source::new("t", text.as_str()), SourceId(0), &Names::default());
    assert!(problems.is_empty(), "{text}: {problems:?}");
    tests
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn trees_survive_their_layout(file in trees::file()) {
        for spelling in [Spelling::Spanish, Spelling::English] {
            assert_stable(&Source::new("nada", ""), &file, Some(spelling));
        }
    }

    #[test]
    fn expressions_survive_printing(expr in trees::expression()) {
        let text = print_expression(&expr);
        let (twin, problems) = parse_expression(&Source::new("e", text.as_str()), SourceId(0), &Names::default());
        prop_assert_eq!(problems.len(), 0, "{} {:?}", text, problems);
        let text_again = print_expression(&twin);
        prop_assert_eq!(&text_again, &text);
        prop_assert_eq!(print_expression(&expr), text);
    }

    #[test]
    fn expressions_survive_printing_as_feel(expr in trees::feel_expression()) {
        let expr = said_in_feel(&expr);
        let feel = print_feel(&expr);
        let names = Names::new(FEEL_NAMES_OF_TREES).native();
        let (twin, problems) = parse_expression(&Source::new("e", feel.as_str()), SourceId(0), &names);
        prop_assert!(problems.is_empty(), "{} {:?}", feel, problems);
        prop_assert_eq!(dump_expression(&twin), dump_expression(&expr), "{}", feel);
    }

    #[test]
    fn tests_survive_printing_as_feel(tests in trees::feel_tests()) {
        let tests = tests_said_in_feel(&tests);
        let feel = print_feel_tests(&tests);
        let names = Names::new(FEEL_NAMES_OF_TREES).native();
        let (twin, problems) = parse_tests(&Source::new("t", feel.as_str()), SourceId(0), &names);
        prop_assert!(problems.is_empty(), "{} {:?}", feel, problems);
        prop_assert_eq!(print_tests(&twin), print_tests(&tests), "{}", feel);
    }

    #[test]
    fn tests_survive_printing(tests in trees::tests()) {
        let text = print_tests(&tests);
        let (twin, problems) = parse_tests(&Source::new("t", text.as_str()), SourceId(0), &Names::default());
        prop_assert_eq!(problems.len(), 0, "{} {:?}", text, problems);
        prop_assert_eq!(print_tests(&twin), text);
    }

    #[test]
    fn types_survive_printing(ty in trees::declared_type()) {
        for spelling in [Spelling::Spanish, Spelling::English] {
            let text = print_type(&ty, spelling);
            let (twin, problems) = parse_type(&Source::new("t", text.as_str()), SourceId(0), &Names::default());
            prop_assert!(problems.is_empty(), "{} {:?}", text, problems);
            prop_assert_eq!(print_type(&twin, spelling), text);
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        assert_survives(&text);
    }

    #[test]
    fn pieces_of_rules_are_survived(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        assert_survives(&pieces.concat());
    }

    #[test]
    fn mutated_files_are_survived(text in mutated()) {
        assert_survives(&text);
    }

    #[test]
    fn mutated_texts_of_dmn_survive_printing(text in mutated_of(feel_corpus(), FEEL_PIECES)) {
        let names = Names::new(["Loan Amount", "Rate of return", "Teacher's Evaluation"]).with_members(["a-b"]).native();
        let source = Source::new("e", text.as_str());
        let (expr, problems) = parse_expression(&source, SourceId(0), &names);
        if problems.is_empty() {
            for (printed, names) in [(print_feel(&expr), &names), (print_expression(&expr), &Names::default())] {
                let (twin, problems) = parse_expression(&Source::new("e", printed.as_str()), SourceId(0), names);
                prop_assert!(problems.is_empty(), "{} is printed {}: {:?}", text, printed, problems);
                prop_assert_eq!(dump_expression(&twin), dump_expression(&expr), "{} is printed {}", text, printed);
            }
        }
        let (tests, problems) = parse_tests(&source, SourceId(0), &names);
        if problems.is_empty() {
            let printed = print_feel_tests(&tests);
            let (twin, problems) = parse_tests(&Source::new("t", printed.as_str()), SourceId(0), &names);
            prop_assert!(problems.is_empty(), "{} is printed {}: {:?}", text, printed, problems);
            prop_assert_eq!(print_tests(&twin), print_tests(&tests), "{} is printed {}", text, printed);
        }
    }

    #[test]
    fn any_expression_is_survived(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        let source = Source::new("e", pieces.concat());
        for names in [Names::default(), Names::default().native()] {
            let (expr, _) = parse_expression(&source, SourceId(0), &names);
            dump_expression(&expr);
            print_expression(&expr);
            parse_tests(&source, SourceId(0), &names);
            parse_type(&source, SourceId(0), &names);
        }
    }
}

/// Text that nests or repeats without end is read in time that grows with its length, and refused with a message.
#[test]
fn endless_nesting_is_refused_in_time() {
    let count = 5_000;
    let started = Instant::now();
    for (piece, refused) in [
        ("(", true),
        ("[", true),
        ("{a:", true),
        ("-", true),
        ("a[", true),
        ("f(", true),
        ("if a then ", true),
        ("a.", true),
        ("a+", true),
        ("a or ", true),
        ("function(x) ", true),
        ("for x in ", true),
        ("not(", true),
        ("1,", false),
        ("[1]", true),
        ("|", false),
        ("\"", false),
        ("/*", false),
        ("`", false),
        ("x in ", false),
        ("]1..", true),
        ("@\"", false),
        ("lista de ", false),
        ("list<", true),
    ] {
        let text = format!("decision x : numero = {}", piece.repeat(count));
        let (source, file) = parsed(&text);
        let deep = file.diagnostics.iter().any(|problem| problem.code == "sintaxis.anidamiento");
        assert!(deep || !refused, "{piece}: {}", problems(&source, &file));
        parsed(&format!("tipo x = {}", piece.repeat(count)));
        parsed(&format!("tabla x\n  | a || b |\n  | {} || 1 |", piece.repeat(count)));
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn what_is_nested_within_the_limit_is_read() {
    for nested in [format!("{}1{}", "(".repeat(200), ")".repeat(200)), format!("1{}", " + 1".repeat(200))] {
        let (expr, problems) = parse_expression(&Source::new("e", nested), SourceId(0), &Names::default());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(!dump_expression(&expr).contains("error"));
    }
}

#[test]
fn line_ends_tabs_and_marks_make_no_difference() {
    for text in corpus() {
        let plain = tree(&parsed(&text).1.file);
        for other in [text.replace('\n', "\r\n"), format!("\u{FEFF}{text}"), text.replace("\n  ", "\n\t")] {
            let (source, file) = parsed(&other);
            assert_eq!(problems(&source, &file), "");
            assert_eq!(tree(&file.file), plain);
        }
    }
}
