//! A DMN document as DMN 1.5 describes it (chapters 6 to 10 and 13, and its XML schema).
//!
//! Older versions are raised to this shape when they are read. Two models are equal where they say the same, wherever
//! it stood.

mod diagram;
mod element;
mod expression;
mod graph;
mod items;
mod table;

pub use diagram::{
    Alignment, Bounds, Color, Diagram, DiagramElement, DiagramPart, Diagrams, Divider, Edge, Label, Point, Shape, Size,
    Style,
};
pub use element::{DmnElement, Extension, ForeignAttribute, Language, Reference, TypeRef};
pub use expression::{
    Binding, ChildExpression, Conditional, ContextEntry, ContextExpression, Expression, Filter, ForExpression,
    FunctionDefinition, FunctionKind, ImportedValues, Invocation, ListExpression, LiteralExpression, Quantified,
    Quantifier, Relation,
};
pub use graph::{
    Artifact, Association, AssociationDirection, AuthorityRequirement, BusinessContextElement, BusinessContextKind,
    BusinessKnowledgeModel, Decision, DecisionService, DrgElement, ElementCollection, Group, InformationRequirement,
    InputData, KnowledgeRequirement, KnowledgeSource, RequiredAuthority, RequiredInformation, TextAnnotation,
};
pub use items::{Definitions, FunctionItem, Import, ImportKind, InformationItem, ItemDefinition};
pub use table::{
    Aggregation, Annotation, AnnotationClause, DecisionTable, HitPolicy, InputClause, Orientation, OutputClause, Rule,
    UnaryTests,
};

pub use super::Version;
