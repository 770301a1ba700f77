//! Writes a model as DMN 1.5, always in the same layout: read again it says the same.

mod diagrams;
mod expressions;
mod graph;
mod items;
mod namespaces;
mod tables;

use super::model::{Definitions, DmnElement, Language, Reference, TypeRef};
use super::version::{FEEL, MODEL};
use crate::xml::XmlWriter;
use namespaces::Namespaces;

/// The namespace of B-FEEL, in the version that has it.
const B_FEEL: &str = "https://www.omg.org/spec/DMN/20240513/B-FEEL/";

/// The document as XML of DMN 1.5, with the diagrams that the model has ([`super::lay_out`] makes one where there is
/// none). A character that XML cannot hold is written as U+FFFD; a model that was read has none.
pub fn write(definitions: &Definitions) -> String {
    let mut writing = Writing { xml: XmlWriter::inside("definitions"), namespaces: Namespaces::default() };
    let foreign = writing.foreign(&definitions.element);
    writing.content(definitions);
    let content = writing.xml.finish();
    let root = root(definitions, writing.namespaces, &foreign).finish_tag(!content.is_empty());
    let end = if content.is_empty() { "" } else { "</definitions>\n" };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}{content}{end}")
}

/// The start tag of the document, once the namespaces that its content needs are known.
fn root(definitions: &Definitions, namespaces: Namespaces, foreign: &[(String, &str)]) -> XmlWriter {
    let mut root = Writing { xml: XmlWriter::default(), namespaces: Namespaces::default() };
    root.xml.start("definitions");
    root.xml.attribute("xmlns", MODEL);
    for (prefix, namespace) in namespaces.declarations() {
        root.xml.attribute(&format!("xmlns:{prefix}"), &namespace);
    }
    root.identity(&definitions.element, foreign);
    root.xml.attribute("name", &definitions.name);
    root.xml.attribute("namespace", &definitions.namespace);
    root.language("expressionLanguage", definitions.expression_language.as_ref());
    root.language("typeLanguage", definitions.type_language.as_ref());
    root.optional("exporter", definitions.exporter.as_deref());
    root.optional("exporterVersion", definitions.exporter_version.as_deref());
    root.xml
}

/// A document that is being written.
struct Writing {
    xml: XmlWriter,
    namespaces: Namespaces,
}

impl Writing {
    /// Starts an element with what all elements have as attributes.
    fn start(&mut self, name: &str, element: &DmnElement) {
        self.xml.start(name);
        let foreign = self.foreign(element);
        self.identity(element, &foreign);
    }

    /// Foreign attributes: their names, with prefixes that are declared at the root, and values.
    fn foreign<'e>(&mut self, element: &'e DmnElement) -> Vec<(String, &'e str)> {
        let named = element.attributes.iter().map(|attribute| {
            let prefix = self.namespaces.declare(&attribute.prefix, &attribute.namespace);
            (format!("{prefix}:{}", attribute.name), attribute.value.as_str())
        });
        named.collect()
    }

    fn identity(&mut self, element: &DmnElement, foreign: &[(String, &str)]) {
        self.optional("id", element.id.as_deref());
        self.optional("label", element.label.as_deref());
        for (name, value) in foreign {
            self.xml.attribute(name, value);
        }
    }

    /// What all elements have as children: their description and what tools added.
    fn inside(&mut self, element: &DmnElement) {
        self.optional_text("description", element.description.as_deref());
        self.extensions("extensionElements", element);
    }

    /// What tools added, inside an element of that name.
    fn extensions(&mut self, name: &str, element: &DmnElement) {
        if element.extensions.is_empty() {
            return;
        }
        self.xml.start(name);
        for extension in &element.extensions {
            self.xml.raw(&extension.xml);
        }
        self.xml.end();
    }

    fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.xml.attribute(name, value);
        }
    }

    fn optional_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.xml.start(name);
        self.xml.end_with_text(text);
    }

    fn type_ref(&mut self, type_ref: Option<&TypeRef>) {
        self.optional("typeRef", type_ref.map(|type_ref| type_ref.name.as_str()));
    }

    fn language(&mut self, name: &str, language: Option<&Language>) {
        let uri = match language {
            None => return,
            Some(Language::Feel) => FEEL,
            Some(Language::BFeel) => B_FEEL,
            Some(Language::Other(uri)) => uri,
        };
        self.xml.attribute(name, uri);
    }

    fn reference(&mut self, name: &str, reference: &Reference) {
        self.xml.start(name);
        self.xml.attribute("href", &reference.to_string());
        self.xml.end();
    }

    fn references(&mut self, name: &str, references: &[Reference]) {
        for reference in references {
            self.reference(name, reference);
        }
    }
}
