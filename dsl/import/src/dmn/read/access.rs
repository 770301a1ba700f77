//! Attributes and children of an element, with what is said about those that are missing, unknown or wrong.

use dictamen_value::{Message, Number};

use super::Reading;
use crate::dmn::model::{DmnElement, ForeignAttribute, Language, Reference, TypeRef};
use crate::dmn::{problem, version};
use crate::xml::{Attribute, Element, Origin, Text, is_plain_name, is_xml_space};

/// Stands among the children that an element may have for all boxed expressions.
pub(super) const EXPRESSION: &str = "(expression)";

/// The boxed expressions.
pub(super) const EXPRESSIONS: &[&str] = &[
    "conditional",
    "context",
    "decisionTable",
    "every",
    "filter",
    "for",
    "functionDefinition",
    "invocation",
    "list",
    "literalExpression",
    "relation",
    "some",
];

/// The namespace of `xsi:schemaLocation`, which says nothing about the model.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl Reading<'_> {
    /// What every element has. `attributes` and `children` are those it may have besides; others are told and left out.
    pub(super) fn element(&mut self, at: &Element, attributes: &[&str], children: &[&str]) -> DmnElement {
        self.check(at, attributes, children);
        self.check_stray_text(at);
        let id = self.id(at);
        DmnElement {
            id,
            label: self.text_attribute(at, "label"),
            description: self.text_child(at, "description"),
            extensions: self.extensions(at),
            attributes: at.attributes.iter().filter_map(foreign).collect(),
            origin: at.origin.clone(),
        }
    }

    /// The identifier of an element, where it can be referred to.
    fn id(&mut self, at: &Element) -> Option<String> {
        let value = &at.attribute("id")?.value;
        let id = value.value.trim_matches(is_xml_space);
        if !is_identifier(id) {
            let allowed = Message::new(
                "un identificador (letras, cifras, «_», «-» y «.»)",
                "an identifier (letters, digits, “_”, “-” and “.”)",
            );
            self.problems.add(&value.origin, problem::bad_value("id", value, &allowed));
            return None;
        }
        self.references.declare(id, at);
        Some(id.to_owned())
    }

    /// Tells attributes and children that are not among those known.
    pub(super) fn check(&mut self, at: &Element, attributes: &[&str], children: &[&str]) {
        for attribute in at.attributes.iter().filter(|attribute| attribute.namespace.is_none()) {
            let known = ["id", "label"].contains(&attribute.local.as_str());
            if !known && !attributes.contains(&attribute.local.as_str()) {
                let problem = problem::unknown_attribute(&attribute.local, &attribute.value, at);
                self.problems.add(&attribute.value.origin, problem);
            }
        }
        let unknown: Vec<&Element> = at.children.iter().filter(|child| !self.is_known(child, children)).collect();
        for child in unknown {
            self.problems.add(&child.origin, problem::unknown_element(child, at));
        }
    }

    fn is_known(&self, child: &Element, children: &[&str]) -> bool {
        if child.namespace.as_ref() != Some(&self.namespace) {
            return child.namespace.as_deref().is_some_and(|namespace| self.is_of_diagrams(namespace, child, children));
        }
        let local = child.local.as_str();
        ["description", "extensionElements"].contains(&local)
            || children.contains(&local)
            || (children.contains(&EXPRESSION) && EXPRESSIONS.contains(&local))
    }

    /// Whether an element is of the namespaces of diagrams, where its name is among those known.
    fn is_of_diagrams(&self, namespace: &str, child: &Element, children: &[&str]) -> bool {
        let drawn = version::is_dmndi(namespace) || [version::DC, version::DI].contains(&namespace);
        drawn && (children.contains(&child.local.as_str()) || child.is(version::DI, "extension"))
    }

    fn check_stray_text(&mut self, at: &Element) {
        let text = at.text.value.trim_matches(is_xml_space);
        if !text.is_empty() {
            let start = at.text.value.find(|character| !is_xml_space(character)).unwrap_or_default();
            let span = at.text.span(start, start.saturating_add(text.len()));
            self.problems.add(&at.origin, problem::stray_text(at, span, text));
        }
    }

    /// Children of that name, in order.
    pub(super) fn all<'e>(&self, at: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> + use<'e> {
        let namespace = self.namespace.clone();
        at.children.iter().filter(move |child| child.is(&namespace, name))
    }

    /// The child of that name; those after the first are told.
    pub(super) fn only<'e>(&mut self, at: &'e Element, name: &'static str) -> Option<&'e Element> {
        let found: Vec<&Element> = self.all(at, name).collect();
        self.first(at, found)
    }

    /// The first of some elements; the others are told.
    pub(super) fn first<'e>(&mut self, at: &Element, found: Vec<&'e Element>) -> Option<&'e Element> {
        let (first, rest) = found.split_first()?;
        for again in rest {
            self.problems.add(&again.origin, problem::repeated(again, first, at));
        }
        Some(first)
    }

    /// Tells that an element lacks its expression.
    pub(super) fn missing_expression(&mut self, at: &Element) {
        self.problems.add(&at.origin, problem::missing_expression(at));
    }

    /// Tells that an element lacks one of some others.
    pub(super) fn missing_element(&mut self, at: &Element, what: &[&str]) {
        self.problems.add(&at.origin, problem::missing_element(at, what));
    }

    /// The content of a child that holds text.
    pub(super) fn text_child(&mut self, at: &Element, name: &'static str) -> Option<String> {
        self.content_child(at, name).map(|text| text.value)
    }

    /// The content of a child that holds text, with its places.
    pub(super) fn content_child(&mut self, at: &Element, name: &'static str) -> Option<Text> {
        let child = self.only(at, name)?;
        self.check(child, &[], &[]);
        Some(child.text.clone())
    }

    /// The value of an attribute.
    pub(super) fn text_attribute(&self, at: &Element, name: &str) -> Option<String> {
        at.attribute(name).map(|attribute| attribute.value.value.clone())
    }

    /// The value of an attribute that must be there; empty where it is not.
    pub(super) fn required(&mut self, at: &Element, name: &str) -> String {
        let value = self.text_attribute(at, name);
        if value.is_none() {
            self.problems.add(&at.origin, problem::missing_attribute(at, name));
        }
        value.unwrap_or_default()
    }

    /// `true` or `false` (also `1` and `0`).
    pub(super) fn flag(&mut self, at: &Element, name: &str) -> Option<bool> {
        self.one_of(at, name, &[("true", true), ("false", false), ("1", true), ("0", false)])
    }

    /// One of some words.
    pub(super) fn one_of<T: Copy>(&mut self, at: &Element, name: &str, words: &[(&str, T)]) -> Option<T> {
        let value = &at.attribute(name)?.value;
        let found = words.iter().find(|(word, _)| *word == value.value.trim_matches(is_xml_space));
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let allowed =
                Message::new(format!("uno de: {}", words.join(", ")), format!("one of: {}", words.join(", ")));
            self.problems.add(&value.origin, problem::bad_value(name, value, &allowed));
        }
        found.map(|(_, value)| *value)
    }

    /// A number.
    pub(super) fn number(&mut self, at: &Element, name: &str) -> Option<Number> {
        let value = &at.attribute(name)?.value;
        let number = Number::parse(value.value.trim_matches(is_xml_space)).ok();
        if number.is_none() {
            let allowed = Message::new("un número, como 12.5", "a number, such as 12.5");
            self.problems.add(&value.origin, problem::bad_value(name, value, &allowed));
        }
        number
    }

    /// The language that an attribute names by its URI.
    pub(super) fn language(&self, at: &Element, name: &str) -> Option<Language> {
        let uri = self.text_attribute(at, name).filter(|uri| !uri.is_empty())?;
        Some(match uri {
            uri if version::is_feel(&uri) => Language::Feel,
            uri if version::is_b_feel(&uri) => Language::BFeel,
            uri => Language::Other(uri),
        })
    }

    /// The type that the attribute `typeRef` names.
    pub(super) fn type_ref(&mut self, at: &Element) -> Option<TypeRef> {
        self.type_attribute(at, "typeRef")
    }

    /// The type that an attribute names.
    pub(super) fn type_attribute(&mut self, at: &Element, name: &str) -> Option<TypeRef> {
        let value = &at.attribute(name)?.value;
        self.type_name(at, &value.value, &value.origin)
    }

    /// The type that a text names: since DMN 1.2 by a name, in DMN 1.1 by a qualified name of XML.
    pub(super) fn type_name(&mut self, at: &Element, written: &str, origin: &Origin) -> Option<TypeRef> {
        let written = written.trim_matches(is_xml_space);
        if written.contains('<') {
            // A type that FEEL spells out, such as `context<a: number>`, has colons of its own.
            return Some(TypeRef { name: written.to_owned(), origin: origin.clone() });
        }
        // No name starts with a space: one after the prefix would be lost when it is read again.
        let name = match at.qualified(written).map(|(space, local)| (space, local.trim_start_matches(is_xml_space))) {
            Some((None, local)) => local.to_owned(),
            Some((Some(namespace), local)) => self.type_of_namespace(&namespace, local, origin),
            None => {
                self.problems.add(origin, problem::undeclared_prefix(written, origin));
                written.to_owned()
            }
        };
        (!name.is_empty()).then(|| TypeRef { name, origin: origin.clone() })
    }

    fn type_of_namespace(&mut self, namespace: &str, local: &str, origin: &Origin) -> String {
        if version::is_feel(namespace) || namespace == self.own_namespace || namespace == &*self.namespace {
            return local.to_owned();
        }
        let import = self.imports.iter().find(|(imported, _)| imported == namespace);
        match import {
            Some((_, name)) if !name.is_empty() => format!("{name}.{local}"),
            Some(_) => local.to_owned(),
            None => {
                self.problems.add(origin, problem::foreign_type(local, namespace, origin));
                local.to_owned()
            }
        }
    }

    /// The reference of an element with `href`.
    pub(super) fn reference(&mut self, at: &Element) -> Reference {
        self.check(at, &["href"], &[]);
        let Some(attribute) = at.attribute("href") else {
            self.problems.add(&at.origin, problem::missing_attribute(at, "href"));
            return Reference { origin: at.origin.clone(), ..Reference::default() };
        };
        self.href(&attribute.value)
    }

    fn href(&mut self, value: &Text) -> Reference {
        let written = value.value.trim_matches(is_xml_space);
        let (namespace, id) = match written.rsplit_once('#') {
            Some((namespace, id)) => (namespace, id),
            None => {
                self.problems.add(&value.origin, problem::no_fragment(value));
                ("", written)
            }
        };
        if id.is_empty() {
            self.problems.add(&value.origin, problem::empty_reference(value));
        }
        let elsewhere = !namespace.is_empty() && namespace != self.own_namespace;
        let namespace = elsewhere.then(|| namespace.to_owned());
        Reference { namespace, id: id.to_owned(), origin: value.origin.clone() }
    }

    /// The reference of a child; `expected` are the elements that it may be to.
    pub(super) fn reference_to(&mut self, at: &Element, expected: &'static [&'static str]) -> Reference {
        let reference = self.reference(at);
        self.references.refer(&reference, expected);
        reference
    }

    /// The references of all children of that name.
    pub(super) fn references_to(
        &mut self,
        at: &Element,
        name: &'static str,
        expected: &'static [&'static str],
    ) -> Vec<Reference> {
        self.all(at, name).map(|child| self.reference_to(child, expected)).collect()
    }
}

/// Whether a text can be an identifier. XML does not let one start with a digit or a stroke; tools write such ones.
fn is_identifier(text: &str) -> bool {
    is_plain_name(&format!("_{text}")) && !text.is_empty()
}

/// An attribute of another namespace, if it says something of the model.
fn foreign(attribute: &Attribute) -> Option<ForeignAttribute> {
    let namespace = attribute.namespace.as_deref().filter(|namespace| *namespace != SCHEMA_INSTANCE)?;
    Some(ForeignAttribute {
        prefix: attribute.prefix.clone(),
        namespace: namespace.to_owned(),
        name: attribute.local.clone(),
        value: attribute.value.value.clone(),
    })
}
