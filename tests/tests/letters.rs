//! Letters to the person: each is what its golden file says, in both languages, and reads plainly.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail loudly")]

use std::path::Path;

use dictamen_tests::golden::{Goldens, LANGUAGES, inputs};
use dictamen_tests::readability::Readability;
use dictamen_tests::{binary, project};
use serde_json::Value;

/// `*.facts` name a decision of the rules beside them, a day, and facts.
#[test]
fn letters_say_what_their_golden_files_say() {
    let folder = project::root().join("tests/golden/letters");
    let mut goldens = Goldens::default();
    for input in inputs(&folder, "facts") {
        for language in LANGUAGES {
            let answered = answered(&folder, &input, language);
            let letter = &answered["letter"];
            goldens.hold(&input, language, letter["text"].as_str().unwrap());
            // Why nothing was decided is told in words that are not the ruleset's.
            let own = answered["outcome"].is_null().then(Readability::default).unwrap_or_else(|| readability(letter));
            own.complaints().iter().for_each(|complaint| goldens.complain(&input, complaint));
        }
    }
    goldens.finish(&folder);
}

fn answered(folder: &Path, input: &Path, language: &str) -> Value {
    let asked: Value = serde_json::from_str(&std::fs::read_to_string(input).unwrap()).unwrap();
    let (decision, day) = (asked["decision"].as_str().unwrap(), asked["as_of"].as_str().unwrap());
    let arguments = ["eval", ".", decision, "--input", "-", "--as-of", day, "--letter", "--json", "--lang", language];
    let called = binary::call_with(folder, arguments, &[], asked["input"].to_string().as_bytes());
    called.json()
}

/// Of what the rules themselves say: what was decided, why, and what may be done.
fn readability(letter: &Value) -> Readability {
    let reasons = letter["reasons"].as_array().unwrap().iter().map(|reason| &reason["text"]);
    let others = ["decided", "options"].into_iter().flat_map(|part| letter[part].as_array().unwrap());
    Readability::of(reasons.chain(others).map(|text| text.as_str().unwrap()))
}

/// The command line tells the public form unless the other one is asked for.
#[test]
fn eval_tells_what_is_reserved_only_when_asked() {
    let folder = project::root().join("tests/golden/letters");
    let facts = br#"{ "comerciante": { "nit": "9", "ingresos": 1 }, "alertas": 55443322 }"#;
    let explain = |more: &[&str]| {
        let arguments = ["eval", ".", "riesgo", "--input", "-", "--as-of", "2026-03-10", "--explain"];
        binary::call_with(&folder, arguments.iter().chain(more), &[], facts).expect(0).out
    };
    let (open, reserved) = (explain(&[]), explain(&["--explain-form", "reserved"]));
    assert!(open.contains("criterio reservado") && open.contains("Toman parte 2 criterios reservados"), "{open}");
    assert!(!open.contains("alertas") && !open.contains("55443322") && !open.contains("corte"), "{open}");
    assert!(reserved.contains("alertas = 55443322") && reserved.contains("prueba.iva.corte"), "{reserved}");
}
