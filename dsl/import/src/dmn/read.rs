//! Reads a document of any version from 1.1 to 1.6 into the model.

mod access;
mod diagrams;
mod expressions;
mod extensions;
mod graph;
mod items;
mod references;
mod tables;

use std::sync::Arc;

use dictamen_syntax::SourceId;

use super::Version;
use super::model::Definitions;
use super::problem;
use crate::outcome::{Problems, Read};
use crate::xml::{self, Element, Limits};
use references::References;

/// Reads a DMN document. `name` is what messages call the file and `source` its number among the caller's sources.
///
/// Never fails as a whole where something can be read: problems are told with their places and the rest is there.
pub fn read(source: SourceId, name: &str, bytes: &[u8], limits: &Limits) -> Read<Definitions> {
    let (text, problem) = xml::decode(source, name, bytes, limits);
    if let Some(problem) = problem {
        return Read::refused(text, problem);
    }
    let root = match xml::parse(source, &text, limits) {
        Ok(root) => root,
        Err(problem) => return Read::refused(text, *problem),
    };
    let version = root.namespace.as_deref().and_then(Version::of_namespace);
    match version {
        Some(version) if root.local == "definitions" => {
            let mut reading = Reading::new(text.text(), &root, version, limits);
            let value = reading.definitions(&root);
            reading.check_references();
            Read { value: Some(value), diagnostics: reading.problems.finish(), source: text }
        }
        None if root.local == "definitions" => Read::refused(text, problem::unknown_version(&root)),
        _ => Read::refused(text, problem::not_dmn(&root)),
    }
}

/// What is known while a document is read.
struct Reading<'a> {
    /// The text of the whole file.
    text: &'a str,
    version: Version,
    /// The namespace of its elements.
    namespace: Arc<str>,
    /// The namespace of the document.
    own_namespace: String,
    /// Namespaces of imports and what they are called.
    imports: Vec<(String, String)>,
    problems: Problems,
    references: References,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str, root: &Element, version: Version, limits: &Limits) -> Reading<'a> {
        Reading {
            text,
            version,
            namespace: root.namespace.clone().unwrap_or_default(),
            own_namespace: String::new(),
            imports: Vec::new(),
            problems: Problems::new(limits),
            references: References::default(),
        }
    }
}
