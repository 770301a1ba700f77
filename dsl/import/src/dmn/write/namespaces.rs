//! Prefixes for the namespaces that a document needs, all declared at its root.

use std::collections::BTreeMap;

use crate::dmn::version::{DC, DI, DMNDI};

/// The namespace of `xml:lang`, which needs no declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The prefixes of diagrams.
const DIAGRAMS: [(&str, &str); 3] = [("dmndi", DMNDI), ("dc", DC), ("di", DI)];

/// Prefixes declared at the root, with their namespaces.
#[derive(Debug)]
pub(super) struct Namespaces {
    declared: BTreeMap<String, String>,
    /// Prefixes that were made up, by their namespace.
    made: BTreeMap<String, String>,
    /// Whether the prefixes of diagrams are used.
    pub(super) with_diagrams: bool,
}

impl Default for Namespaces {
    fn default() -> Namespaces {
        let diagrams = DIAGRAMS.map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned()));
        Namespaces { declared: diagrams.into(), made: BTreeMap::new(), with_diagrams: false }
    }
}

impl Namespaces {
    /// The prefix that means `namespace` at the root: the one that is wished, unless it means another one already.
    pub(super) fn declare(&mut self, wished: &str, namespace: &str) -> String {
        if namespace == XML {
            return "xml".to_owned();
        }
        let free = !wished.is_empty() && !wished.starts_with("xml");
        if free && self.declared.entry(wished.to_owned()).or_insert_with(|| namespace.to_owned()) == namespace {
            return wished.to_owned();
        }
        self.prefix_of(namespace)
    }

    /// A prefix that means `namespace` at the root.
    pub(super) fn prefix_of(&mut self, namespace: &str) -> String {
        if let Some(prefix) = self.made.get(namespace) {
            return prefix.clone();
        }
        let mut numbered = (self.made.len()..).map(|number| format!("imported{}", number.saturating_add(1)));
        let prefix = numbered.find(|prefix| !self.declared.contains_key(prefix)).unwrap_or_default();
        self.declared.insert(prefix.clone(), namespace.to_owned());
        self.made.insert(namespace.to_owned(), prefix.clone());
        prefix
    }

    /// The declarations of the root, in order.
    pub(super) fn declarations(self) -> impl Iterator<Item = (String, String)> {
        self.declared.into_iter().filter(move |(prefix, _)| self.with_diagrams || !is_of_diagrams(prefix))
    }
}

fn is_of_diagrams(prefix: &str) -> bool {
    DIAGRAMS.iter().any(|(diagrams, _)| *diagrams == prefix)
}
