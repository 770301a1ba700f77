//! Identifiers and references: each reference must be to one element, of the right kind.

use std::collections::BTreeMap;

use super::Reading;
use crate::dmn::model::Reference;
use crate::dmn::problem;
use crate::xml::{Element, Origin};

/// What was declared and referred to.
#[derive(Default)]
pub(super) struct References {
    /// Elements by their identifier.
    declared: BTreeMap<String, Declared>,
    /// Identifiers that came again.
    again: Vec<(String, Origin)>,
    /// References with the elements that they may be to; to any where there are none.
    referred: Vec<(Reference, &'static [&'static str])>,
}

struct Declared {
    /// The name of its element.
    kind: String,
    origin: Origin,
    count: u32,
}

impl References {
    /// An element with an identifier.
    pub(super) fn declare(&mut self, id: &str, at: &Element) {
        match self.declared.get_mut(id) {
            Some(declared) => {
                declared.count = declared.count.saturating_add(1);
                self.again.push((id.to_owned(), at.origin.clone()));
            }
            None => {
                let declared = Declared { kind: at.local.clone(), origin: at.origin.clone(), count: 1 };
                self.declared.insert(id.to_owned(), declared);
            }
        }
    }

    /// A reference to one of the `expected` elements; to any where there are none.
    pub(super) fn refer(&mut self, reference: &Reference, expected: &'static [&'static str]) {
        if !reference.id.is_empty() {
            self.referred.push((reference.clone(), expected));
        }
    }
}

impl Reading<'_> {
    /// Tells what is wrong with identifiers and references.
    pub(super) fn check_references(&mut self) {
        let References { declared, again, referred } = std::mem::take(&mut self.references);
        for (id, origin) in &again {
            if let Some(first) = declared.get(id) {
                self.problems.add(origin, problem::repeated_id(id, origin, &first.origin));
            }
        }
        for (reference, expected) in &referred {
            match &reference.namespace {
                Some(namespace) => self.check_imported(namespace, &reference.origin),
                None => self.check_local(reference, expected, declared.get(&reference.id)),
            }
        }
    }

    fn check_imported(&mut self, namespace: &str, origin: &Origin) {
        if !self.imports.iter().any(|(imported, _)| imported == namespace) {
            self.problems.add(origin, problem::not_imported(namespace, origin));
        }
    }

    fn check_local(&mut self, reference: &Reference, expected: &[&str], declared: Option<&Declared>) {
        let Reference { id, origin, .. } = reference;
        match declared {
            None => self.problems.add(origin, problem::unknown_reference(id, origin)),
            Some(declared) if declared.count > 1 => {
                self.problems.add(origin, problem::ambiguous_reference(id, origin, &declared.origin));
            }
            Some(declared) if !expected.is_empty() && !expected.contains(&declared.kind.as_str()) => {
                self.problems.add(origin, problem::wrong_reference(id, &declared.kind, expected, origin));
            }
            Some(_) => {}
        }
    }
}
