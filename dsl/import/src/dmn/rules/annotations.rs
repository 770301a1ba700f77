//! Text annotations: those that a line ties to an element become notes of it, the others comments above the header.

use std::collections::HashMap;

use dictamen_syntax::tree::{Attribute, AttributeKey, Comment, ItemKind};

use super::attributes;
use crate::dmn::model::{Artifact, Association, Definitions, DmnElement, TextAnnotation};

/// The annotations of a document.
#[derive(Debug, Default)]
pub(super) struct Annotations<'d> {
    /// By the identifier of what they are tied to.
    tied: HashMap<&'d str, Vec<&'d str>>,
    /// Those that are tied to nothing that rules have.
    loose: Vec<&'d TextAnnotation>,
}

impl<'d> Annotations<'d> {
    pub(super) fn of(definitions: &'d Definitions) -> Annotations<'d> {
        let elements = definitions.drg_elements.iter().filter_map(|element| element.element().id.as_deref());
        let mut tied: HashMap<&str, Vec<&str>> = elements.map(|id| (id, Vec::new())).collect();
        let mut loose = Vec::new();
        let ends = ends(definitions);
        for artifact in &definitions.artifacts {
            let Artifact::TextAnnotation(annotation) = artifact else { continue };
            let ends = annotation.element.id.as_deref().and_then(|id| ends.get(id));
            let mut found = false;
            for end in ends.into_iter().flatten() {
                if let (Some(texts), Some(text)) = (tied.get_mut(*end), text_of(annotation)) {
                    texts.push(text);
                    found = true;
                }
            }
            if !found {
                loose.push(annotation);
            }
        }
        Annotations { tied, loose }
    }

    /// Comments above the header.
    pub(super) fn above_header(&self) -> Vec<Comment> {
        let comments = self
            .loose
            .iter()
            .map(|annotation| attributes::comments(annotation.text.as_deref(), annotation.element.origin.span));
        comments.flatten().collect()
    }

    /// Adds to a block what is tied to the element that it comes from, and comments inside of its texts.
    pub(super) fn add(&self, kind: &mut ItemKind, element: &DmnElement, remarks: &[Comment]) {
        let tied = element.id.as_deref().and_then(|id| self.tied.get(id)).into_iter().flatten().copied();
        let remarks = remarks.iter().map(|remark| remark.text.trim_start_matches(['/', ' ']));
        let mut lines: Vec<&str> = Vec::new();
        for line in tied.chain(remarks) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let text = lines.join("\n");
        let Some(attributes) = attributes_of(kind).filter(|_| !text.is_empty()) else { return };
        if let Some(note) = attributes.iter_mut().find(|attribute| attribute.key == AttributeKey::Note) {
            note.text = format!("{}\n{text}", note.text);
            return;
        }
        let note = Attribute { key: AttributeKey::Note, text, comments: Vec::new(), span: element.origin.span };
        let after = [AttributeKey::ToVerify, AttributeKey::Reserved];
        let last = attributes.iter().take_while(|attribute| !after.contains(&attribute.key)).count();
        attributes.insert(last, note);
    }
}

/// What each end of a line in the document leads to.
fn ends(definitions: &Definitions) -> HashMap<&str, Vec<&str>> {
    let mut ends: HashMap<&str, Vec<&str>> = HashMap::new();
    for artifact in &definitions.artifacts {
        let Artifact::Association(Association { source, target, .. }) = artifact else { continue };
        ends.entry(source.id.as_str()).or_default().push(&target.id);
        ends.entry(target.id.as_str()).or_default().push(&source.id);
    }
    ends
}

fn text_of(annotation: &TextAnnotation) -> Option<&str> {
    annotation.text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn attributes_of(kind: &mut ItemKind) -> Option<&mut Vec<Attribute>> {
    match kind {
        ItemKind::Type(declaration) => Some(&mut declaration.attributes),
        ItemKind::Input(input) => Some(&mut input.attributes),
        ItemKind::Decision(decision) => Some(&mut decision.attributes),
        ItemKind::Table(table) => Some(&mut table.attributes),
        ItemKind::Function(function) => Some(&mut function.attributes),
        ItemKind::Service(service) => Some(&mut service.attributes),
        _ => None,
    }
}
