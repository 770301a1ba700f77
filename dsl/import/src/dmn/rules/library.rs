//! Documents and how they find each other's elements and types.

use std::collections::{HashMap, HashSet};

use super::identifiers::{self, spelled};
use crate::dmn::model::{Definitions, DrgElement, ImportKind, ItemDefinition, Reference, TypeRef};

/// Documents that may import each other.
pub(super) struct Library<'d> {
    documents: Vec<Document<'d>>,
    by_namespace: HashMap<&'d str, usize>,
}

/// One document with what it declares, by identifier and by name.
pub(super) struct Document<'d> {
    pub(super) definitions: &'d Definitions,
    /// The identifier of its ruleset.
    pub(super) ruleset: String,
    elements: HashMap<&'d str, &'d DrgElement>,
    items: HashMap<String, &'d ItemDefinition>,
    names: HashMap<String, &'d DrgElement>,
    /// Namespaces by what they are called here.
    aliases: HashMap<String, &'d str>,
    /// Namespaces whose names are used as they are.
    open: Vec<&'d str>,
}

impl<'d> Library<'d> {
    pub(super) fn new(documents: &[&'d Definitions]) -> Library<'d> {
        let mut taken = HashSet::new();
        let mut library = Library { documents: Vec::new(), by_namespace: HashMap::new() };
        for (position, definitions) in documents.iter().copied().enumerate() {
            let ruleset = identifiers::of_ruleset(&definitions.name, &taken);
            taken.insert(ruleset.clone());
            library.by_namespace.entry(&definitions.namespace).or_insert(position);
            library.documents.push(Document::new(definitions, ruleset));
        }
        library
    }

    pub(super) fn document(&self, position: usize) -> Option<&Document<'d>> {
        self.documents.get(position)
    }

    /// The document of a namespace.
    pub(super) fn of_namespace(&self, namespace: &str) -> Option<&Document<'d>> {
        self.document(*self.by_namespace.get(namespace)?)
    }

    /// The element that a reference in a document is to, and the document that has it.
    pub(super) fn element<'l>(
        &'l self,
        from: &'l Document<'d>,
        reference: &Reference,
    ) -> Option<(&'l Document<'d>, &'d DrgElement)> {
        let home = match reference.namespace.as_deref() {
            Some(namespace) if namespace != from.definitions.namespace => self.of_namespace(namespace)?,
            _ => from,
        };
        home.elements.get(reference.id.as_str()).map(|element| (home, *element))
    }

    /// The item definition that a type in a document names, and the document that has it.
    pub(super) fn item<'l>(
        &'l self,
        from: &'l Document<'d>,
        ty: &TypeRef,
    ) -> Option<(&'l Document<'d>, &'d ItemDefinition)> {
        let name = &*spelled(&ty.name);
        if let Some(item) = from.items.get(name) {
            return Some((from, item));
        }
        let open = from.open.iter().filter_map(|namespace| self.of_namespace(namespace));
        let mut found = open.filter_map(|home| home.items.get(name).map(|item| (home, *item)));
        found.next().or_else(|| self.item_of_alias(from, name))
    }

    fn item_of_alias<'l>(
        &'l self,
        from: &'l Document<'d>,
        name: &str,
    ) -> Option<(&'l Document<'d>, &'d ItemDefinition)> {
        let dots = name.match_indices('.').map(|(at, _)| at);
        let mut split = dots.filter_map(|at| Some((name.get(..at)?, name.get(at.checked_add(1)?..)?)));
        split.find_map(|(alias, local)| {
            let home = self.of_namespace(from.aliases.get(alias)?)?;
            home.items.get(local).map(|item| (home, *item))
        })
    }
}

impl<'d> Document<'d> {
    fn new(definitions: &'d Definitions, ruleset: String) -> Document<'d> {
        let elements = definitions.drg_elements.iter();
        let with_id = elements.clone().filter_map(|element| Some((element.element().id.as_deref()?, element)));
        let dmn = definitions.imports.iter().filter(|import| import.kind == ImportKind::Dmn);
        let named = dmn.clone().filter(|import| !import.name.is_empty());
        Document {
            definitions,
            ruleset,
            elements: with_id.collect(),
            items: definitions.item_definitions.iter().map(|item| (spelled(&item.name), item)).collect(),
            names: elements
                .filter(|element| is_declared(element))
                .map(|element| (spelled(element.name()), element))
                .collect(),
            aliases: named.map(|import| (spelled(&import.name), import.namespace.as_str())).collect(),
            open: dmn.filter(|import| import.name.is_empty()).map(|import| import.namespace.as_str()).collect(),
        }
    }

    /// The decision, input, function or service of that name.
    pub(super) fn declared(&self, name: &str) -> Option<&'d DrgElement> {
        self.names.get(name).copied()
    }

    /// Whether an item definition has that name.
    pub(super) fn declares_type(&self, name: &str) -> bool {
        self.items.contains_key(name)
    }

    /// The namespaces whose names are used as they are.
    pub(super) fn open_imports(&self) -> &[&'d str] {
        &self.open
    }
}

/// Whether rules can name it.
fn is_declared(element: &DrgElement) -> bool {
    !matches!(element, DrgElement::KnowledgeSource(_))
}
