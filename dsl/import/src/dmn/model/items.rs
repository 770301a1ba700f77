//! The document itself, its imports and its types.

use super::Version;
use super::diagram::Diagrams;
use super::element::{DmnElement, Language, TypeRef};
use super::graph::{Artifact, BusinessContextElement, DrgElement, ElementCollection};
use super::table::UnaryTests;

/// A document (DMN 1.5, clause 6.3.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Definitions {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// Its namespace, by which other documents refer to it.
    pub namespace: String,
    /// The version that it was read from.
    pub version: Version,
    /// The language of expressions that do not say theirs; FEEL where it is missing.
    pub expression_language: Option<Language>,
    /// The language of types that do not say theirs; FEEL where it is missing.
    pub type_language: Option<Language>,
    /// The tool that wrote it.
    pub exporter: Option<String>,
    /// The version of that tool.
    pub exporter_version: Option<String>,
    /// Other documents that it uses.
    pub imports: Vec<Import>,
    /// Its types.
    pub item_definitions: Vec<ItemDefinition>,
    /// Decisions, input data, business knowledge models, decision services and knowledge sources, in order.
    pub drg_elements: Vec<DrgElement>,
    /// Text annotations, associations and groups.
    pub artifacts: Vec<Artifact>,
    /// Named sets of elements.
    pub element_collections: Vec<ElementCollection>,
    /// Performance indicators and organisation units.
    pub business_context: Vec<BusinessContextElement>,
    /// How it is drawn; `None` where nothing is said of it.
    pub diagrams: Option<Diagrams>,
}

/// The use of another document (DMN 1.5, clause 6.3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// What all elements have.
    pub element: DmnElement,
    /// What its elements are called by here (`name.element`); empty where they are used as they are.
    pub name: String,
    /// The namespace of what is imported.
    pub namespace: String,
    /// Where it may be found.
    pub location: Option<String>,
    /// What it is.
    pub kind: ImportKind,
}

/// What is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// A DMN document of whatever version.
    Dmn,
    /// Something else, such as PMML or an XML schema, by the URI of its format.
    Other(String),
}

/// A type (DMN 1.5, clause 7.3.2): another one with constraints, a structure of components, or a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemDefinition {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// The type that it is made of.
    pub type_ref: Option<TypeRef>,
    /// The language of that type.
    pub type_language: Option<Language>,
    /// Whether it is a list of that type or structure.
    pub is_collection: bool,
    /// Which values of the type (or of the elements of a list) are allowed.
    pub allowed_values: Option<UnaryTests>,
    /// A condition on the value as a whole (DMN 1.5).
    pub type_constraint: Option<UnaryTests>,
    /// The components of a structure.
    pub components: Vec<ItemDefinition>,
    /// The signature of a function.
    pub function: Option<FunctionItem>,
}

/// The signature of a function (DMN 1.5, clause 7.3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionItem {
    /// What all elements have.
    pub element: DmnElement,
    /// Its parameters in order.
    pub parameters: Vec<InformationItem>,
    /// The type of what it returns.
    pub output_type: Option<TypeRef>,
}

/// A variable, a parameter or a column (DMN 1.5, clause 7.3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InformationItem {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_ref: Option<TypeRef>,
}
