//! Titles, notes and legal bases of blocks, from labels, descriptions, questions and authorities.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Attribute, AttributeKey, Comment, Expr, ExprKind};
use dictamen_value::Date;

use super::library::{Document, Library};
use crate::dmn::model::{AuthorityRequirement, Definitions, DmnElement, DrgElement, RequiredAuthority};
use crate::dmn::said::{self, Said};

/// The attributes of a ruleset: the label of the document is its title, or else its name.
pub(super) fn of_document(definitions: &Definitions) -> Vec<Attribute> {
    let element = &definitions.element;
    let label = element.label.as_deref().filter(|label| !label.trim().is_empty());
    let title = attribute(AttributeKey::Title, label.or(Some(&definitions.name)), element.origin.span);
    title.into_iter().chain(described(element)).collect()
}

/// From when to when the rules of a document are in force, and from when they are known, where its description says so.
pub(super) fn force_of(element: &DmnElement) -> (Option<(Expr, Option<Expr>)>, Option<Expr>) {
    let lines = said::read(element.description.as_deref().unwrap_or_default());
    let line = |wanted: Said| lines.iter().find(|(said, _)| *said == wanted).map(|(_, text)| text.as_str());
    let date = |text: &str| {
        let kind = ExprKind::At(text.to_owned());
        Date::parse(text).is_ok().then_some(Expr { kind, span: element.origin.span })
    };
    let force = line(Said::InForce).and_then(|text| match text.split_once("..") {
        Some((from, to)) => Some((date(from)?, Some(date(to)?))),
        None => Some((date(text)?, None)),
    });
    (force, line(Said::Published).and_then(date))
}

/// The description of what has no attributes of its own, such as a row or a field, as comments above it.
pub(super) fn described_above(element: &DmnElement) -> Vec<Comment> {
    comments(element.description.as_deref(), element.origin.span)
}

/// A text as comments, a line each.
pub(super) fn comments(text: Option<&str>, span: Span) -> Vec<Comment> {
    let lines = text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Comment { text: format!("// {line}"), span }).collect()
}

/// What a description says, and a note where it is not in the form that rules write.
fn described(element: &DmnElement) -> impl Iterator<Item = Attribute> {
    let span = element.origin.span;
    let lines = said::read(element.description.as_deref().unwrap_or_default());
    lines.into_iter().filter_map(move |(said, text)| match said {
        Said::Attribute(key) => attribute(key, Some(&text), span),
        Said::InForce | Said::Published => None,
    })
}

/// The attributes of a block that an element called `name` became.
pub(super) fn of_element(element: &DmnElement, name: &str) -> Vec<Attribute> {
    let span = element.origin.span;
    let label = element.label.as_deref().filter(|label| label.trim() != name);
    let title = attribute(AttributeKey::Title, label, span);
    title.into_iter().chain(described(element)).collect()
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
