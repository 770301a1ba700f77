//! Reads a file of test cases.

use dictamen_syntax::SourceId;

use super::cases::{CaseKind, InputNode, ResultNode, TestCase, TestCases, TestValue, TestValueKind};
use super::problem;
use crate::outcome::{Problems, Read};
use crate::xml::{self, Element, Limits, is_xml_space};

/// The namespace of files of test cases.
const NAMESPACE: &str = "http://www.omg.org/spec/DMN/20160719/testcase";
/// The namespace of `xsi:type` and `xsi:nil`.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

const KINDS: &[(&str, CaseKind)] = &[
    ("decision", CaseKind::Decision),
    ("bkm", CaseKind::BusinessKnowledgeModel),
    ("decisionService", CaseKind::DecisionService),
];
const FLAGS: &[(&str, bool)] = &[("true", true), ("false", false), ("1", true), ("0", false)];

/// Reads a file of test cases. `name` is what messages call the file and `source` its number among the caller's
/// sources. Values are checked when they are turned into values ([`TestValue::to_value`]).
pub fn read(source: SourceId, name: &str, bytes: &[u8], limits: &Limits) -> Read<TestCases> {
    let (text, problem) = xml::decode(source, name, bytes, limits);
    if let Some(problem) = problem {
        return Read::refused(text, problem);
    }
    match xml::parse(source, &text, limits) {
        Ok(root) if root.is(NAMESPACE, "testCases") => {
            let mut reading = Reading { problems: Problems::new(limits) };
            let value = reading.test_cases(&root);
            Read { value: Some(value), diagnostics: reading.problems.finish(), source: text }
        }
        Ok(root) => Read::refused(text, problem::not_tck(&root)),
        Err(problem) => Read::refused(text, *problem),
    }
}

struct Reading {
    problems: Problems,
}

impl Reading {
    fn test_cases(&mut self, at: &Element) -> TestCases {
        self.check(at, &["testCasesName", "modelName", "labels", "testCase"]);
        TestCases {
            name: text_child(at, "testCasesName"),
            model_name: text_child(at, "modelName"),
            namespace: text_attribute(at, "namespace"),
            labels: children(at, "labels").flat_map(|labels| children(labels, "label")).map(content).collect(),
            cases: children(at, "testCase").map(|case| self.test_case(case)).collect(),
            origin: at.origin.clone(),
        }
    }

    fn test_case(&mut self, at: &Element) -> TestCase {
        self.check(at, &["description", "inputNode", "resultNode"]);
        TestCase {
            id: text_attribute(at, "id"),
            kind: self.one_of(at, "type", KINDS).unwrap_or_default(),
            invocable_name: text_attribute(at, "invocableName").as_deref().map(one_spaced),
            name: text_attribute(at, "name"),
            namespace: text_attribute(at, "namespace"),
            description: text_child(at, "description"),
            inputs: children(at, "inputNode").map(|node| self.input_node(node)).collect(),
            results: children(at, "resultNode").map(|node| self.result_node(node)).collect(),
            origin: at.origin.clone(),
        }
    }

    fn input_node(&mut self, at: &Element) -> InputNode {
        InputNode {
            name: one_spaced(&self.required(at, "name")),
            namespace: text_attribute(at, "namespace"),
            value: self.value(at),
            origin: at.origin.clone(),
        }
    }

    fn result_node(&mut self, at: &Element) -> ResultNode {
        self.check(at, &["expected"]);
        ResultNode {
            name: one_spaced(&self.required(at, "name")),
            namespace: text_attribute(at, "namespace"),
            kind: text_attribute(at, "type"),
            error_result: self.one_of(at, "errorResult", FLAGS).unwrap_or_default(),
            cast: at.attributes.iter().find(|attribute| attribute.local == "cast").map(|cast| cast.value.value.clone()),
            expected: children(at, "expected").next().map(|expected| self.value(expected)),
            origin: at.origin.clone(),
        }
    }

    /// The value of an element: a `value`, a `list` or `component`s; null where it has none of them.
    fn value(&mut self, at: &Element) -> TestValue {
        self.check(at, &["value", "list", "component"]);
        let of_ours = at.children.iter().filter(|child| child.namespace.as_deref() == Some(NAMESPACE));
        let mut found = of_ours.filter(|child| ["value", "list", "component"].contains(&child.local.as_str()));
        let Some(first) = found.next() else {
            return TestValue { kind: TestValueKind::Nil, origin: at.origin.clone() };
        };
        for again in found.filter(|again| first.local != "component" || again.local != "component") {
            self.problems.add(&again.origin, problem::two_values(again, at));
        }
        let kind = match first.local.as_str() {
            "component" => self.context(at),
            _ if self.is_nil(first) => TestValueKind::Nil,
            "list" => self.list(first),
            _ => simple(first),
        };
        let origin = if first.local == "component" { &at.origin } else { &first.origin };
        TestValue { kind, origin: origin.clone() }
    }

    fn list(&mut self, at: &Element) -> TestValueKind {
        self.check(at, &["item"]);
        let items: Vec<TestValue> = children(at, "item").map(|item| self.item(item)).collect();
        TestValueKind::List(items)
    }

    fn context(&mut self, at: &Element) -> TestValueKind {
        let named: Vec<(String, TestValue)> = children(at, "component")
            .map(|component| (self.required(component, "name"), self.item(component)))
            .collect();
        TestValueKind::Context(named)
    }

    fn item(&mut self, at: &Element) -> TestValue {
        if self.is_nil(at) {
            return TestValue { kind: TestValueKind::Nil, origin: at.origin.clone() };
        }
        self.value(at)
    }

    fn is_nil(&mut self, at: &Element) -> bool {
        let nil = at.attribute_of(SCHEMA_INSTANCE, "nil");
        nil.is_some_and(|nil| self.word("xsi:nil", &nil.value, FLAGS).unwrap_or_default())
    }

    fn check(&mut self, at: &Element, known: &[&str]) {
        for child in &at.children {
            let ours = child.namespace.as_deref() == Some(NAMESPACE);
            if !ours || (child.local != "extensionElements" && !known.contains(&child.local.as_str())) {
                self.problems.add(&child.origin, problem::unknown_element(child, at));
            }
        }
    }

    fn required(&mut self, at: &Element, name: &str) -> String {
        let value = text_attribute(at, name);
        if value.is_none() {
            self.problems.add(&at.origin, problem::missing_attribute(at, name));
        }
        value.unwrap_or_default()
    }

    fn one_of<T: Copy>(&mut self, at: &Element, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.word(name, &at.attribute(name)?.value, words)
    }

    fn word<T: Copy>(&mut self, name: &str, value: &xml::Text, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == value.value.trim_matches(is_xml_space));
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problems.add(&value.origin, problem::bad_attribute(name, value, &words.join(", ")));
        }
        found.map(|(_, value)| *value)
    }
}

fn simple(at: &Element) -> TestValueKind {
    let written = at.attribute_of(SCHEMA_INSTANCE, "type").map(|attribute| attribute.value.value.as_str());
    let type_name = written.map(|name| name.rsplit(':').next().unwrap_or(name).trim_matches(is_xml_space).to_owned());
    TestValueKind::Simple { text: at.text.clone(), type_name }
}

fn children<'e>(at: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    at.children.iter().filter(move |child| child.is(NAMESPACE, name))
}

fn text_child(at: &Element, name: &'static str) -> Option<String> {
    children(at, name).next().map(content)
}

fn content(at: &Element) -> String {
    at.text.value.clone()
}

/// A name as FEEL reads it: one space between its words (DMN 1.5, clause 10.3.1.4).
fn one_spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text_attribute(at: &Element, name: &str) -> Option<String> {
    at.attribute(name).map(|attribute| attribute.value.value.clone())
}
