//! The whole conformance kit: every model is read, written and read again; every case has its values.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "kit/mod.rs"]
mod kit;

use std::collections::{BTreeMap, BTreeSet};

use dictamen_import::{Limits, Read, dmn, tck};
use dictamen_syntax::{SourceId, render};
use dictamen_value::Language;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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

/// What a model says, counted element by element with another reader: its name, attributes and text.
fn told(xml: &str) -> BTreeMap<String, usize> {
    let mut tokens = Reader::from_str(xml);
    let mut open: Vec<(String, String)> = Vec::new();
    let mut told = BTreeMap::new();
    loop {
        match tokens.read_event().unwrap() {
            Event::Start(tag) => open.push((line(&tag), String::new())),
            Event::Empty(tag) => *told.entry(line(&tag)).or_default() += 1,
            Event::Text(text) => open.last_mut().into_iter().for_each(|(_, inside)| inside.push_str(&text)),
            Event::CData(text) => open.last_mut().into_iter().for_each(|(_, inside)| inside.push_str(&text)),
            Event::GeneralRef(name) => open.last_mut().unwrap().1.push_str(&referred(&name)),
            Event::End(_) => {
                let (line, inside) = open.pop().unwrap();
                *told.entry(format!("{line} {}", inside.trim()).trim_end().to_owned()).or_default() += 1;
            }
            Event::Eof => return told,
            _ => {}
        }
    }
}

fn referred(name: &str) -> String {
    let code = name.strip_prefix('#').map(|code| match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).unwrap(),
        None => code.parse().unwrap(),
    });
    match code {
        Some(code) => char::from_u32(code).unwrap().to_string(),
        None => quick_xml::escape::unescape(&format!("&{name};")).unwrap().into_owned(),
    }
}

/// The name of an element and its attributes in order, but for what is said by leaving it out.
fn line(tag: &BytesStart<'_>) -> String {
    let silent = ["isCollection=false", "kind=FEEL", "locationURI=", "hitPolicy=UNIQUE"];
    let mut attributes: Vec<String> = tag
        .attributes()
        .map(|attribute| attribute.unwrap())
        .filter(|attribute| {
            let name = attribute.key.as_ref();
            !name.starts_with("xmlns") && !name.starts_with("xsi:") && attribute.key.local_name().as_ref() != "uri"
        })
        .map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().replace(['\n', '\t'], " ");
            format!("{}={}", attribute.key.as_ref(), value.strip_suffix(".0").unwrap_or(&value))
        })
        .filter(|attribute| !silent.contains(&attribute.as_str()))
        .collect();
    attributes.sort();
    let name = tag.local_name();
    format!("{} {}", name.as_ref(), attributes.join(" ")).trim_end().to_owned()
}

/// What is written of a model says all that the model said, by the count of a reader that is not ours.
#[test]
fn nothing_is_lost() {
    let mut differences = Vec::new();
    for (path, bytes) in kit::files("dmn") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8(bytes).unwrap();
        let read = dmn::read(SourceId(0), &name, text.as_bytes(), &Limits::default());
        let model = read.value.unwrap();
        // References to the document itself are written without its namespace, and its prefixes are our own.
        let text = text.replace(&format!("href=\"{}#", model.namespace), "href=\"#").replace("include1:", "imported1:");
        let (before, after) = (told(&text), told(&dmn::write(&model)));
        let lines: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for line in lines.into_iter().filter(|line| !["extensionElements", "extension"].contains(&line.as_str())) {
            let (before, after) = (before.get(line).unwrap_or(&0), after.get(line).unwrap_or(&0));
            if before != after {
                differences.push(format!("{name}: {before} → {after} {line}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
