//! One document on its way to a ruleset: what its texts see, and the blocks that come of it.

use std::collections::HashSet;
use std::rc::Rc;

use dictamen_syntax::tree::{Comment, File, Header, Import, Item, ItemKind, Name};
use dictamen_syntax::{Names, Span};

use super::annotations::Annotations;
use super::circles::Circles;
use super::identifiers::{self, spelled};
use super::library::{Document, Library};
use super::scope::Scope;
use super::{attributes, problem};
use crate::dmn::model::{self, DrgElement, ImportKind, ItemDefinition};
use crate::outcome::Problems;
use crate::xml::Origin;

/// A document that is mapped.
pub(super) struct Mapping<'m, 'd> {
    pub(super) library: &'m Library<'d>,
    pub(super) document: &'m Document<'d>,
    pub(super) problems: &'m mut Problems,
    /// What all its texts see.
    pub(super) common: Rc<Common>,
    /// What the element that is mapped sees.
    pub(super) scope: Scope,
    /// Functions that were made of tables inside it.
    pub(super) lifted: Vec<Item>,
    /// Names that functions which are made may not have.
    pub(super) taken: HashSet<String>,
    /// Comments inside of the texts that were read since they were last asked for.
    pub(super) remarks: Vec<Comment>,
    /// Text annotations of the document.
    pub(super) annotations: Annotations<'d>,
    /// The item definition that is mapped.
    pub(super) defining: Option<String>,
    /// Whether it was told that the document is in B-FEEL.
    told_b_feel: bool,
}

/// What all texts of a document see.
pub(super) struct Common {
    /// Names of several words: of types, of components and of imports.
    pub(super) names: Names,
    /// The same as a list.
    pub(super) list: Vec<String>,
    /// Those that read as operations too: names only in texts with paths, filters, contexts or types.
    pub(super) operations: Vec<String>,
    /// Types that contain themselves.
    circles: Circles,
}

impl Common {
    fn of(library: &Library<'_>, document: &Document<'_>) -> Common {
        let (operations, list) = names_for_all(library, document).into_iter().partition(|name| is_operation(name));
        let list: Vec<String> = list;
        let circles = Circles::of(&document.definitions.item_definitions);
        Common { names: Names::new(&list).native(), list, operations, circles }
    }
}

impl<'m, 'd> Mapping<'m, 'd> {
    pub(super) fn new(library: &'m Library<'d>, document: &'m Document<'d>, problems: &'m mut Problems) -> Self {
        Mapping::with(Rc::new(Common::of(library, document)), library, document, problems)
    }

    /// A mapping of a document of the library that starts afresh.
    pub(super) fn aside<'a>(&'a self, document: &'a Document<'d>, problems: &'a mut Problems) -> Mapping<'a, 'd> {
        let common = match std::ptr::eq(document, self.document) {
            true => self.common.clone(),
            false => Rc::new(Common::of(self.library, document)),
        };
        Mapping::with(common, self.library, document, problems)
    }

    fn with(
        common: Rc<Common>,
        library: &'m Library<'d>,
        document: &'m Document<'d>,
        problems: &'m mut Problems,
    ) -> Self {
        let elements = document.definitions.drg_elements.iter().map(|element| spelled(element.name()));
        Mapping {
            library,
            document,
            problems,
            scope: Scope::of("", common.names.clone()),
            common,
            lifted: Vec::new(),
            taken: elements.collect(),
            remarks: Vec::new(),
            annotations: Annotations::default(),
            defining: None,
            told_b_feel: false,
        }
    }

    /// The ruleset.
    pub(super) fn file(mut self) -> File {
        let definitions = self.document.definitions;
        self.annotations = Annotations::of(definitions);
        let comments = self.annotations.above_header();
        let span = definitions.element.origin.span;
        let id = Name { text: self.document.ruleset.clone(), span };
        let (in_force, published) = attributes::force_of(&definitions.element);
        let about = attributes::of_document(definitions);
        let header =
            Header { comments, id, attributes: about, in_force, published, dmn_mode: true, span, ..Header::default() };
        let mut items: Vec<Item> = definitions.imports.iter().filter_map(|import| self.import(import)).collect();
        items.extend(definitions.item_definitions.iter().map(|item| self.type_declaration(item)));
        let (inputs, others): (Vec<_>, Vec<_>) =
            definitions.drg_elements.iter().partition(|element| matches!(element, DrgElement::InputData(_)));
        let mut seen = HashSet::new();
        for element in inputs.into_iter().chain(others) {
            if !matches!(element, DrgElement::KnowledgeSource(_)) && !seen.insert(spelled(element.name())) {
                let origin = &element.element().origin;
                self.problems.add(origin, problem::repeated_name(origin, element.name()));
                continue;
            }
            let own = self.element(element);
            items.append(&mut self.lifted);
            items.extend(own);
        }
        File { header: Some(header), items, ..File::default() }
    }

    fn import(&mut self, import: &model::Import) -> Option<Item> {
        let origin = &import.element.origin;
        if let ImportKind::Other(kind) = &import.kind {
            self.problems.add(origin, problem::foreign_import(origin, kind));
            return None;
        }
        let Some(imported) = self.library.of_namespace(&import.namespace) else {
            self.problems.add(origin, problem::missing_import(origin, &import.namespace));
            return None;
        };
        let ruleset = name(&imported.ruleset, origin);
        let alias = (!import.name.is_empty()).then(|| name(&import.name, origin));
        Some(item(ItemKind::Import(Import { ruleset, alias }), origin))
    }

    /// Whether a type that the item definition which is mapped refers to contains it.
    pub(super) fn closes_a_circle(&self, name: &str) -> bool {
        self.defining.as_deref().is_some_and(|from| self.common.circles.close(from, name))
    }

    /// Tells once that the document is in B-FEEL.
    pub(super) fn tell_b_feel(&mut self, origin: &Origin) {
        if !std::mem::replace(&mut self.told_b_feel, true) {
            self.problems.add(origin, problem::b_feel(origin));
        }
    }
}

/// A name that stands somewhere in an element; what has none gets one.
pub(super) fn name(text: &str, origin: &Origin) -> Name {
    Name { text: identifiers::given(text), span: origin.span }
}

/// A block that an element became.
pub(super) fn item(kind: ItemKind, origin: &Origin) -> Item {
    item_at(kind, origin.span)
}

/// A block that stands for something at a place.
pub(super) fn item_at(kind: ItemKind, span: Span) -> Item {
    Item { comments: Vec::new(), kind, span }
}

/// Names of several words of types, of their components and of imports, of the document and of what it imports; and those
/// of what is imported, which stand behind the name of the import.
fn names_for_all(library: &Library<'_>, document: &Document<'_>) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    add_types(&mut names, &document.definitions.item_definitions);
    for import in &document.definitions.imports {
        names.push(import.name.as_str());
        let Some(imported) = library.of_namespace(&import.namespace) else { continue };
        add_types(&mut names, &imported.definitions.item_definitions);
        if !import.name.is_empty() {
            names.extend(imported.definitions.drg_elements.iter().map(DrgElement::name));
            names.extend(imported.definitions.imports.iter().map(|import| import.name.as_str()));
        }
    }
    names.into_iter().map(spelled).filter(|name| !is_one_word(name)).collect()
}

/// Whether the parser needs not know a name to read it whole.
fn is_one_word(name: &str) -> bool {
    name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Whether a name reads as an operation too, as `rate-base` does.
fn is_operation(name: &str) -> bool {
    name.contains(['+', '-', '*', '/'])
}

fn add_types<'d>(names: &mut Vec<&'d str>, items: &'d [ItemDefinition]) {
    for item in items {
        names.push(&item.name);
        add_types(names, &item.components);
    }
}
