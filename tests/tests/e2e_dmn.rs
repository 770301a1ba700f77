//! DMN models with the real binary: checked, served, traced and explained as they are; imported to text and exported again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};

use dictamen_tests::binary::call;
use dictamen_tests::http::Request;
use dictamen_tests::load::trace_id;
use dictamen_tests::project::root;
use dictamen_tests::server::Server;
use serde_json::{Value, json};

/// A folder of the kit.
fn model(folder: &str) -> PathBuf {
    root().join("tests/conformance/dmn-tck/compliance-level-3").join(folder)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_model_is_served_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&place.path().join("data"), &model("0088-no-decision-logic"), &["--log", "warn"]);
    let facts = json!({ "Student's name": "Ana", "Grade": "A", "Teacher's Evaluation": "good" });
    let service = "/v1/decisions/modelo_0088_no_decision_logic/Evaluation%20DS";
    let answer = server.send(&Request::post(service, &json!({ "input": facts, "explain": true })));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["outcome"], "Ana is Graduated with merit with grade: A and evaluation: good");
    let why = answer.json()["explanation"]["text"].as_str().unwrap().to_owned();
    assert!(why.contains("0088-no-decision-logic.dmn:22:7"), "a row is named by its place in the model: {why}");
    let wrong = server.send(&Request::post(service, &json!({ "input": { "Grade": "X" } })));
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("#/input/Grade")));
    let replayed = call(place.path(), ["replay", &trace_id(&answer), "--data", "data", "--json"]).expect(0);
    assert!(!replayed.json().is_null());
    assert_eq!(server.stop("TERM").code, 0);
}

#[test]
fn a_single_model_finds_what_it_imports_beside_it() {
    let file = model("0089-nested-inputdata-imports/0089-nested-inputdata-imports.dmn");
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("facts.json"), json!({ "Person name": "Ana" }).to_string()).unwrap();
    let said = call(place.path(), ["eval", text(&file), "Model C Decision based on Bs", "--input", "facts.json"]);
    let outcome = "\"B: Evaluating Say Hello to: Hello, Ana; B2: Evaluating Say Hello to: Hello, Ana\"";
    assert_eq!(said.expect(0).out.trim(), outcome);
}

#[test]
fn a_model_goes_to_text_and_back() {
    let place = tempfile::tempdir().unwrap();
    let file = model("0086-import/0086-import.dmn");
    let written = call(place.path(), ["import", "--json", text(&file), "-o", "rules"]).expect(0).json();
    assert_eq!(written["written"].as_array().map(Vec::len), Some(2), "the model and what it imports");
    call(place.path(), ["check", "rules"]).expect(0);
    call(place.path(), ["fmt", "--check", "rules"]).expect(0);
    fs::write(place.path().join("facts.json"), json!({ "A Person": { "name": "Ana", "age": 40 } }).to_string())
        .unwrap();
    let as_text = outcomes(place.path(), "rules");
    call(place.path(), ["export", "rules", "-o", "models/back.dmn"]).expect(0);
    assert_eq!(fs::read_dir(place.path().join("models")).unwrap().count(), 2, "a document a ruleset");
    assert_eq!(outcomes(place.path(), "models"), as_text);
    assert_eq!(as_text, ["\"Respectfully, Hello Ana!\""]);
}

/// The outcomes of all decisions of the rules in a folder whose facts are a person.
fn outcomes(place: &Path, rules: &str) -> Vec<String> {
    let decision = |name: &str| {
        let said = call(place, ["eval", "--json", rules, name, "--input", "facts.json"]).expect(0);
        said.json()["outcome"].to_string()
    };
    ["modelo_0086_import.A Decision Ctx with DT"].map(decision).to_vec()
}

#[test]
fn importing_never_overwrites_somebody_elses_work() {
    let place = tempfile::tempdir().unwrap();
    let file = model("0001-filter/0001-filter.dmn");
    let import = |more: &[&str]| {
        let arguments = ["import", text(&file), "-o", "rules"].iter().chain(more).copied().collect::<Vec<_>>();
        call(place.path(), arguments)
    };
    import(&[]).expect(0);
    let written = fs::read_dir(place.path().join("rules")).unwrap().next().unwrap().unwrap().path();
    let imported = fs::read_to_string(&written).unwrap();
    import(&[]).expect(0);
    fs::write(&written, imported.clone() + "\n// a note\n").unwrap();
    let refused = import(&[]).expect(2);
    assert!(refused.err.contains("--replace"), "{}", refused.text());
    assert_ne!(fs::read_to_string(&written).unwrap(), imported);
    import(&["--replace"]).expect(0);
    assert_eq!(fs::read_to_string(&written).unwrap(), imported);
}

#[test]
fn the_shipped_rulesets_are_exported_and_what_is_lost_is_said() {
    let place = tempfile::tempdir().unwrap();
    let rulesets = root().join("rulesets");
    let said = call(
        place.path(),
        ["export", "--json", text(&rulesets), "--ruleset", "rut.responsabilidades", "-o", "rut.dmn"],
    );
    let written = said.expect(0).json();
    let documents = written["written"].as_array().expect("documents");
    assert!(documents.len() > 1, "{written}");
    assert!(!written["diagnostics"].as_array().unwrap().is_empty(), "units are lost, and that is said");
    for document in documents.iter().filter_map(Value::as_str) {
        let written = fs::read_to_string(place.path().join(document)).unwrap();
        // A ruleset of types alone has nothing to draw.
        assert!(!written.contains("<decision ") || written.contains("<dmndi:DMNDiagram"), "{document}");
    }
}
