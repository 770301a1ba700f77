//! The texts of DMN's conformance kit: every one is read, printed as FEEL and as `.regla`, and read again to the same tree.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

use std::path::{Path, PathBuf};

use dictamen_syntax::tree::{Expr, ExprKind, Test, TestKind, Tests, TestsKind};
use dictamen_syntax::{
    Diagnostic, Names, Source, SourceId, dump_expression, parse_expression, parse_tests, print_expression, print_feel,
    print_feel_tests, print_tests,
};
use quick_xml::events::{BytesStart, Event};

/// Elements whose texts are tests and no expressions.
const TESTS: &[&str] = &["inputEntry", "allowedValues", "typeConstraint", "inputValues", "outputValues"];

/// Texts of the kit that are no FEEL on purpose, each as `model:line`.
const UNREADABLE: &[&str] = &[];

/// A text of a model, and whether it is tests.
struct KitText {
    place: String,
    tests: bool,
    text: String,
}

/// A tree that was read, in every form that it can be compared in.
#[derive(Debug, PartialEq)]
struct Read {
    tree: String,
    feel: String,
    regla: String,
}

#[test]
fn every_text_is_read_and_survives_printing() {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/dmn-tck");
    let mut count = 0;
    let mut wrong = Vec::new();
    for path in models(&kit) {
        let (texts, names) = texts_and_names(&path);
        let names = Names::new(&names).with_members(&names).native();
        count += texts.len();
        wrong.extend(texts.iter().filter_map(|text| problem(text, &names)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 3_000, "the kit has {count} texts only");
}

fn problem(text: &KitText, names: &Names) -> Option<String> {
    let place = &text.place;
    let expected = !UNREADABLE.contains(&place.as_str());
    let whole = match read(&text.text, text.tests, names) {
        Ok(whole) if expected => whole,
        Ok(_) => return Some(format!("{place}: should be no FEEL: {}", text.text)),
        Err(problems) => return expected.then(|| format!("{place}: {problems}: {}", text.text)),
    };
    let feel = read(&whole.feel, text.tests, names);
    let regla = read(&whole.regla, text.tests, &Names::default());
    let again = [(&whole.feel, feel), (&whole.regla, regla)];
    let (printed, again) = again.into_iter().find(|(_, again)| again.as_ref() != Ok(&whole))?;
    Some(format!("{place}: {} is printed {printed}, which is {again:?}", text.text))
}

fn read(text: &str, tests: bool, names: &Names) -> Result<Read, String> {
    let source = Source::new("kit", text);
    let problems =
        |problems: Vec<Diagnostic>| problems.iter().map(|problem| problem.message.en.clone() + "; ").collect();
    if tests {
        let (tests, told) = parse_tests(&source, SourceId(0), names);
        let whole = Read { tree: dump_tests(&tests), feel: print_feel_tests(&tests), regla: print_tests(&tests) };
        return if told.is_empty() { Ok(whole) } else { Err(problems(told)) };
    }
    let (expr, told) = parse_expression(&source, SourceId(0), names);
    let whole = Read { tree: dump_expression(&expr), feel: print_feel(&expr), regla: print_expression(&expr) };
    if told.is_empty() { Ok(whole) } else { Err(problems(told)) }
}

/// The tree of tests as that of an expression which has them.
fn dump_tests(tests: &Tests) -> String {
    let (word, tests) = match &tests.kind {
        TestsKind::Any => return "any".to_owned(),
        TestsKind::Error => return "error".to_owned(),
        TestsKind::AnyOf(tests) => ("any of", tests),
        TestsKind::NoneOf(tests) => ("none of", tests),
    };
    let dumped = tests.iter().map(|Test { kind, span }| {
        let value = match kind {
            TestKind::Compare(_, value) | TestKind::Expression(value) => value.clone(),
        };
        let test = Test { kind: kind.clone(), span: *span };
        dump_expression(&Expr { kind: ExprKind::In(Box::new(value), vec![test]), span: *span })
    });
    format!("{word}\n{}", dumped.collect::<String>())
}

/// The models below a folder, in order.
fn models(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(models(&path));
        } else if path.extension().is_some_and(|extension| extension == "dmn") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The texts of a model, and every name in it.
fn texts_and_names(path: &Path) -> (Vec<KitText>, Vec<String>) {
    let xml = std::fs::read_to_string(path).unwrap();
    let model = path.file_name().unwrap().to_string_lossy().into_owned();
    let (mut texts, mut names) = (Vec::new(), Vec::new());
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut open: Vec<String> = Vec::new();
    let mut text: Option<String> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                names.extend(name(&start));
                open.push(start.local_name().as_ref().to_owned());
                text = (start.local_name().as_ref() == "text").then(String::new);
            }
            Event::Empty(start) => names.extend(name(&start)),
            Event::Text(part) => text.iter_mut().for_each(|text| text.push_str(&part)),
            Event::CData(part) => text.iter_mut().for_each(|text| text.push_str(&part)),
            Event::GeneralRef(part) => {
                let letter = quick_xml::escape::unescape(&format!("&{};", &*part)).unwrap().into_owned();
                text.iter_mut().for_each(|text| text.push_str(&letter));
            }
            Event::End(_) => {
                open.pop();
                if let (Some(text), Some(element)) = (text.take(), open.last()) {
                    let at = usize::try_from(reader.buffer_position()).unwrap();
                    let line = xml.get(..at).unwrap().lines().count();
                    texts.push(KitText {
                        place: format!("{model}:{line}"),
                        tests: TESTS.contains(&element.as_str()),
                        text,
                    });
                }
            }
            Event::Eof => return (texts, names),
            _ => {}
        }
    }
}

fn name(start: &BytesStart<'_>) -> Option<String> {
    let attribute = start.try_get_attribute("name").unwrap()?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
}
