//! Titles, notes and legal bases of blocks, from labels, descriptions, questions and authorities.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Attribute, AttributeKey};

use super::library::{Document, Library};
use crate::dmn::model::{AuthorityRequirement, Definitions, DmnElement, DrgElement, RequiredAuthority};

/// The attributes of a ruleset: the name of the document is its title.
pub(super) fn of_document(definitions: &Definitions) -> Vec<Attribute> {
    let span = definitions.element.origin.span;
    let title = attribute(AttributeKey::Title, Some(&definitions.name), span);
    title.into_iter().chain(attribute(AttributeKey::Note, definitions.element.description.as_deref(), span)).collect()
}

/// The attributes of a block that an element called `name` became.
pub(super) fn of_element(element: &DmnElement, name: &str) -> Vec<Attribute> {
    let span = element.origin.span;
    let label = element.label.as_deref().filter(|label| label.trim() != name);
    let title = attribute(AttributeKey::Title, label, span);
    title.into_iter().chain(attribute(AttributeKey::Note, element.description.as_deref(), span)).collect()
}

/// The attributes of a block with its question for a title where it has no label.
pub(super) fn of_decision(element: &DmnElement, name: &str, question: Option<&str>) -> Vec<Attribute> {
    let mut attributes = of_element(element, name);
    if !attributes.iter().any(|attribute| attribute.key == AttributeKey::Title) {
        let question = attribute(AttributeKey::Title, question, element.origin.span);
        attributes.splice(0..0, question);
    }
    attributes
}

/// Adds the knowledge sources that an element of a document rests on as its legal basis.
pub(super) fn add_authorities(
    attributes: &mut Vec<Attribute>,
    library: &Library<'_>,
    document: &Document<'_>,
    authorities: &[AuthorityRequirement],
    span: Span,
) {
    let sources = authorities.iter().filter_map(|authority| match &authority.required {
        RequiredAuthority::Authority(reference) => library.element(document, reference),
        _ => None,
    });
    let names: Vec<&str> = sources
        .filter_map(|(_, element)| match element {
            DrgElement::KnowledgeSource(source) => Some(source.name.trim()),
            _ => None,
        })
        .filter(|name| !name.is_empty())
        .collect();
    let basis = attribute(AttributeKey::LegalBasis, Some(&names.join("; ")), span);
    let after_title = attributes.iter().take_while(|attribute| attribute.key == AttributeKey::Title).count();
    attributes.splice(after_title..after_title, basis);
}

fn attribute(key: AttributeKey, text: Option<&str>, span: Span) -> Option<Attribute> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    Some(Attribute { key, text: text.to_owned(), comments: Vec::new(), span })
}
