//! The interface described by itself: OpenAPI 3.1, with the types and examples of each decision.

mod examples;
mod node;
mod paths;
mod schema;
mod shared;

use std::sync::Arc;

use dictamen_value::{Language, Message};
use serde_json::json;

use crate::catalogue::{Catalogue, Day, Ready, Selection};

pub use examples::{Example, examples};
pub(crate) use node::Node;
pub(crate) use paths::encoded;
pub(crate) use schema::in_words;

/// The ruleset versions that are described: of each ruleset the one in force, or else the last that ever was.
pub(crate) fn described(catalogue: &Catalogue, today: &Day) -> Vec<Arc<Ready>> {
    let one = |id: &Arc<str>| {
        let now = catalogue.resolve(id, &Selection::on(*today)).ok();
        now.or_else(|| last_of(catalogue, id))
    };
    catalogue.ids().filter_map(one).collect()
}

fn last_of(catalogue: &Catalogue, id: &Arc<str>) -> Option<Arc<Ready>> {
    let entry = catalogue.rulesets().into_iter().find(|entry| entry.id == *id)?;
    let last =
        entry.versions.into_iter().filter(|version| version.errors == 0).max_by_key(|version| version.in_force_from)?;
    let selection = Selection { day: last.chosen_on?, version: Some(&last.version) };
    catalogue.resolve(id, &selection).ok()
}

/// The document, in a language.
pub(crate) fn document(catalogue: &Catalogue, today: &Day, language: Language) -> Node {
    let described = described(catalogue, today);
    let mut paths = Node::object();
    let mut schemas = shared::schemas(language);
    let mut tags = Vec::new();
    for ready in &described {
        let examples = examples(catalogue, ready);
        tags.push(paths::tag(ready));
        paths::add_decisions(&mut paths, ready, &examples, language);
        schema::add_types(&mut schemas, ready);
    }
    paths::add_service(&mut paths, language);
    let mut components = Node::object();
    components.set("schemas", schemas);
    components.set("responses", shared::responses(language));
    components.set("parameters", shared::parameters(language));
    let mut document = Node::object();
    document.set("openapi", json!("3.1.0"));
    document.set("info", info(language));
    document.set("tags", json!(tags));
    document.set("paths", paths);
    document.set("components", components);
    document
}

fn info(language: Language) -> serde_json::Value {
    let description = Message::new(
        "Cada decisión tiene su propia ruta, con los tipos de sus hechos y de su resultado, y ejemplos tomados de sus casos. \
         Toda decisión deja una traza que se puede repetir. Los errores son documentos RFC 9457 cuyos `errors[]` nombran cada campo.",
        "Each decision has a path of its own, with the types of its facts and its outcome, and examples taken from its cases. \
         Every decision leaves a trace that can be replayed. Errors are RFC 9457 documents whose `errors[]` name each field.",
    );
    json!({ "title": "Dictamen", "version": env!("CARGO_PKG_VERSION"), "description": description.text(language), "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } })
}
