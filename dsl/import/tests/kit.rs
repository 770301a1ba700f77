//! The whole conformance kit: every model is read, written and read again; every case has its values.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "kit/mod.rs"]
mod kit;

use dictamen_import::{Limits, Read, dmn, tck};
use dictamen_syntax::{SourceId, render};
use dictamen_value::Language;

/// Models of the kit, cases, and what those expect.
const MODELS: usize = 106;
const CASE_FILES: usize = 102;

fn problems<T>(read: &Read<T>) -> Vec<String> {
    let sources = std::slice::from_ref(&read.source);
    read.diagnostics.iter().map(|problem| render(problem, sources, Language::En, false)).collect()
}

#[test]
fn every_model_is_read_written_and_read_again() {
    let models = kit::files("dmn");
    assert_eq!(models.len(), MODELS);
    let mut told = Vec::new();
    for (path, bytes) in models {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read = dmn::read(SourceId(0), &name, &bytes, &Limits::default());
        told.extend(problems(&read));
        let model = read.value.unwrap();
        let written = dmn::write(&model);
        let again = dmn::read(SourceId(0), &name, written.as_bytes(), &Limits::default());
        assert!(!again.has_errors() || !told.is_empty(), "{name}: {}", problems(&again).join("\n"));
        assert!(again.value.as_ref() == Some(&model), "{name} says something else when it was written");
        assert_eq!(dmn::write(&again.value.unwrap()), written, "{name} is not written alike twice");
    }
    assert_eq!(told.join("\n"), "");
}

#[test]
fn every_case_has_its_values() {
    let files = kit::files("xml");
    assert_eq!(files.len(), CASE_FILES);
    let (mut cases, mut results, mut told) = (0, 0, Vec::new());
    for (path, bytes) in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read = tck::read(SourceId(0), &name, &bytes, &Limits::default());
        told.extend(problems(&read));
        let file = read.value.unwrap();
        assert!(file.model_name.is_some() && !file.cases.is_empty(), "{name} has no model or no case");
        for case in &file.cases {
            cases += 1;
            results += case.results.len();
            let inputs = case.inputs.iter().map(|input| &input.value);
            let values = inputs.chain(case.results.iter().filter_map(|result| result.expected.as_ref()));
            told.extend(
                values
                    .filter_map(|value| value.to_value().err())
                    .map(|problem| render(&problem, std::slice::from_ref(&read.source), Language::En, false)),
            );
        }
    }
    assert_eq!(told.join("\n"), "");
    assert_eq!((cases, results), (2579, 2653));
}
