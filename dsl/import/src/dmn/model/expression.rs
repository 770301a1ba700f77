//! Boxed expressions (DMN 1.5, clause 7.2 and chapter 10).

use super::element::{DmnElement, Language, TypeRef};
use super::items::{Import, InformationItem};
use super::table::DecisionTable;
use crate::xml::{Origin, Text};

/// An expression in its box.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Text in FEEL or in another language.
    Literal(LiteralExpression),
    /// Named entries, one after the other.
    Context(ContextExpression),
    /// The call of a function.
    Invocation(Invocation),
    /// Elements in order.
    List(ListExpression),
    /// A list of contexts with the same names.
    Relation(Relation),
    /// A function.
    Function(FunctionDefinition),
    /// A decision table.
    Table(DecisionTable),
    /// If, then, else (DMN 1.4).
    Conditional(Conditional),
    /// For … return (DMN 1.4).
    For(ForExpression),
    /// Some or every … satisfies (DMN 1.4).
    Quantified(Quantified),
    /// The elements of a list that match (DMN 1.4).
    Filter(Filter),
}

impl Expression {
    /// What all elements have.
    pub fn element(&self) -> &DmnElement {
        match self {
            Expression::Literal(literal) => &literal.element,
            Expression::Context(context) => &context.element,
            Expression::Invocation(invocation) => &invocation.element,
            Expression::List(list) => &list.element,
            Expression::Relation(relation) => &relation.element,
            Expression::Function(function) => &function.element,
            Expression::Table(table) => &table.element,
            Expression::Conditional(conditional) => &conditional.element,
            Expression::For(iteration) => &iteration.element,
            Expression::Quantified(quantified) => &quantified.element,
            Expression::Filter(filter) => &filter.element,
        }
    }

    /// The type of its value, where that is said.
    pub fn type_ref(&self) -> Option<&TypeRef> {
        match self {
            Expression::Literal(literal) => literal.type_ref.as_ref(),
            Expression::Context(context) => context.type_ref.as_ref(),
            Expression::Invocation(invocation) => invocation.type_ref.as_ref(),
            Expression::List(list) => list.type_ref.as_ref(),
            Expression::Relation(relation) => relation.type_ref.as_ref(),
            Expression::Function(function) => function.type_ref.as_ref(),
            Expression::Table(table) => table.type_ref.as_ref(),
            Expression::Conditional(conditional) => conditional.type_ref.as_ref(),
            Expression::For(iteration) => iteration.type_ref.as_ref(),
            Expression::Quantified(quantified) => quantified.type_ref.as_ref(),
            Expression::Filter(filter) => filter.type_ref.as_ref(),
        }
    }
}

/// Text in FEEL or in another language (DMN 1.5, clause 7.2.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiteralExpression {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The language; that of the document where it is missing.
    pub language: Option<Language>,
    /// The text; `None` where it is imported or missing.
    pub text: Option<Text>,
    /// Values of another document instead of a text.
    pub imported_values: Option<Box<ImportedValues>>,
}

/// Values of another document (DMN 1.5, clause 7.2.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedValues {
    /// The document.
    pub import: Import,
    /// What of it.
    pub imported_element: Text,
    /// The language in which that is said.
    pub language: Option<Language>,
}

/// Named entries; the last may have no name and is then the value (DMN 1.5, clause 10.2.1.4).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextExpression {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The entries in order.
    pub entries: Vec<ContextEntry>,
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextEntry {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name and type; `None` for the result of the context.
    pub variable: Option<InformationItem>,
    /// Its value.
    pub value: Option<Expression>,
}

/// The call of a function (DMN 1.5, clause 10.2.1.3).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invocation {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The function: most often a literal that names it.
    pub function: Option<Box<Expression>>,
    /// Its arguments.
    pub bindings: Vec<Binding>,
}

/// One argument.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binding {
    /// What all elements have.
    pub element: DmnElement,
    /// The parameter.
    pub parameter: InformationItem,
    /// Its value.
    pub formula: Option<Expression>,
}

/// Elements in order (DMN 1.5, clause 10.2.1.5).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListExpression {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The elements.
    pub elements: Vec<Expression>,
}

/// A list of contexts with the same names (DMN 1.5, clause 10.2.1.6).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The names, with their types.
    pub columns: Vec<InformationItem>,
    /// The contexts: one expression a column.
    pub rows: Vec<ListExpression>,
}

/// A function (DMN 1.5, clause 10.2.1.7).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FunctionDefinition {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// Where its body runs.
    pub kind: FunctionKind,
    /// Its parameters.
    pub parameters: Vec<InformationItem>,
    /// Its body; for Java and PMML a context that names what is called.
    pub body: Option<Box<Expression>>,
}

/// Where the body of a function runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FunctionKind {
    /// In FEEL.
    #[default]
    Feel,
    /// In a static method of Java.
    Java,
    /// In a PMML model.
    Pmml,
}

/// If, then, else (DMN 1.5, clause 10.2.1.8).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditional {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The condition.
    pub condition: ChildExpression,
    /// The value where it holds.
    pub then: ChildExpression,
    /// The value where it does not.
    pub otherwise: ChildExpression,
}

/// For … return (DMN 1.5, clause 10.2.1.10).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForExpression {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The variable.
    pub variable: Option<String>,
    /// What it runs over.
    pub collection: ChildExpression,
    /// What is returned for each.
    pub returned: ChildExpression,
}

/// Some or every … satisfies (DMN 1.5, clause 10.2.1.11).
#[derive(Clone, Debug, PartialEq)]
pub struct Quantified {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// Some or every.
    pub quantifier: Quantifier,
    /// The variable.
    pub variable: Option<String>,
    /// What it runs over.
    pub collection: ChildExpression,
    /// The condition.
    pub satisfies: ChildExpression,
}

/// Some or every.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All.
    Every,
}

/// The elements of a list that match (DMN 1.5, clause 10.2.1.9).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// The list.
    pub collection: ChildExpression,
    /// The condition, in which `item` is the element.
    pub matches: ChildExpression,
}

/// A part of a conditional, an iterator or a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChildExpression {
    /// Its identifier.
    pub id: Option<String>,
    /// The type of its elements; only where a variable runs over it.
    pub type_ref: Option<TypeRef>,
    /// The expression; `None` where it is missing.
    pub expression: Option<Box<Expression>>,
    /// Where it stands.
    pub origin: Origin,
}
