//! Small models of each version: what is read of them, and how it is written as DMN 1.5. `DICTAMEN_BLESS=1` writes
//! what is expected.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
mod golden;

use std::path::Path;

use dictamen_import::dmn::model::Definitions;
use dictamen_import::dmn::{self, Version};
use dictamen_import::{Limits, Read};
use dictamen_syntax::{SourceId, render};
use dictamen_value::Language;

const VERSIONS: &[(&str, Version)] = &[
    ("1.1", Version::V1_1),
    ("1.2", Version::V1_2),
    ("1.3", Version::V1_3),
    ("1.4", Version::V1_4),
    ("1.6", Version::V1_6),
];

/// Versions whose models show how diagrams are laid out.
const DRAWN: &[&str] = &["1.1", "1.6"];

fn read(name: &str, text: &[u8]) -> (Definitions, String) {
    let Read { value, diagnostics, source } = dmn::read(SourceId(0), name, text, &Limits::default());
    let sources = std::slice::from_ref(&source);
    let told: String = diagnostics.iter().map(|problem| render(problem, sources, Language::En, false) + "\n").collect();
    (value.unwrap_or_else(|| panic!("{name}: {told}")), told)
}

/// The model with its places, without what is empty.
fn dump(model: &Definitions) -> String {
    let shown = format!("{model:#?}\n");
    let empty = [": None,", ": [],", ": false,"];
    shown.lines().filter(|line| !empty.iter().any(|end| line.ends_with(end))).map(|line| format!("{line}\n")).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn models_of_each_version_are_read_and_written() {
    let mut differences = Vec::new();
    for (folder, version) in VERSIONS {
        let paths = golden::files(&format!("dmn/{folder}"), "dmn");
        assert_eq!(paths.len(), 10, "{folder}");
        for path in paths {
            let (mut model, told) = read(&name(&path), &std::fs::read(&path).unwrap());
            assert_eq!(model.version, *version, "{}", path.display());
            differences.extend(golden::check(&golden::beside(&path, "read"), &(told + &dump(&model))));
            let written = dmn::write(&model);
            differences.extend(golden::check(&golden::beside(&path, "written"), &written));
            let (again, _) = read("written", written.as_bytes());
            model.version = Version::V1_5;
            assert_eq!(again, model, "{}", path.display());
            assert_eq!(dmn::write(&again), written, "{}", path.display());
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A model without a diagram gets one; that of a model which has one stays.
#[test]
fn models_are_drawn() {
    let mut differences = Vec::new();
    for (folder, _) in VERSIONS {
        for path in golden::files(&format!("dmn/{folder}"), "dmn") {
            let (mut model, _) = read(&name(&path), &std::fs::read(&path).unwrap());
            let before = model.diagrams.clone();
            dmn::lay_out(&mut model);
            let written = dmn::write(&model);
            match before {
                Some(_) => assert_eq!(model.diagrams, before, "{}", path.display()),
                None if DRAWN.contains(folder) => {
                    let drawn = written.split_once("  <dmndi:DMNDI>\n").map_or("", |(_, drawn)| drawn);
                    differences.extend(golden::check(&golden::beside(&path, "drawn"), drawn));
                }
                None => {}
            }
            let (again, _) = read("drawn", written.as_bytes());
            model.version = Version::V1_5;
            assert_eq!(again, model, "{}", path.display());
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
