//! Decision tables (DMN 1.5, chapter 8).

use super::element::{DmnElement, Language, TypeRef};
use super::expression::LiteralExpression;
use crate::xml::{Origin, Text};

/// A decision table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionTable {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of its value.
    pub type_ref: Option<TypeRef>,
    /// How many rules may match, and what comes of them.
    pub hit_policy: HitPolicy,
    /// What is made of the outcomes of a table that collects.
    pub aggregation: Option<Aggregation>,
    /// How it is drawn; rules as rows where it is missing.
    pub orientation: Option<Orientation>,
    /// What is written above its outputs.
    pub output_label: Option<String>,
    /// Input columns.
    pub inputs: Vec<InputClause>,
    /// Output columns.
    pub outputs: Vec<OutputClause>,
    /// Annotation columns.
    pub annotations: Vec<AnnotationClause>,
    /// Rules in order.
    pub rules: Vec<Rule>,
}

/// How many rules may match, and what comes of them (DMN 1.5, clause 8.2.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HitPolicy {
    /// At most one matches.
    #[default]
    Unique,
    /// The first that matches.
    First,
    /// That of the highest priority.
    Priority,
    /// Those that match agree.
    Any,
    /// All, in any order.
    Collect,
    /// All, in the order of the rules.
    RuleOrder,
    /// All, in the order of the output values.
    OutputOrder,
}

/// What is made of the outcomes of a table that collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// Their sum.
    Sum,
    /// How many there are.
    Count,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// How a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Rules are rows.
    RuleAsRow,
    /// Rules are columns.
    RuleAsColumn,
    /// Rules are cells.
    CrossTable,
}

/// An input column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputClause {
    /// What all elements have.
    pub element: DmnElement,
    /// What is tested.
    pub expression: Option<LiteralExpression>,
    /// The values that it may have.
    pub values: Option<UnaryTests>,
}

/// An output column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputClause {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name, where there is more than one.
    pub name: Option<String>,
    /// Its type.
    pub type_ref: Option<TypeRef>,
    /// The values that it may have, the first of the highest priority.
    pub values: Option<UnaryTests>,
    /// Its value where no rule matches.
    pub default: Option<LiteralExpression>,
}

/// An annotation column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotationClause {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: Option<String>,
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// What all elements have.
    pub element: DmnElement,
    /// One cell an input column.
    pub inputs: Vec<UnaryTests>,
    /// One cell an output column.
    pub outputs: Vec<LiteralExpression>,
    /// One cell an annotation column.
    pub annotations: Vec<Annotation>,
}

/// An annotation of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// What it says.
    pub text: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// Tests of a value, as text (DMN 1.5, clause 7.2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnaryTests {
    /// What all elements have.
    pub element: DmnElement,
    /// The type of the value.
    pub type_ref: Option<TypeRef>,
    /// The language; that of the document where it is missing.
    pub language: Option<Language>,
    /// The text.
    pub text: Text,
}
