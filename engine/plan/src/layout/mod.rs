//! The second layout of plans: JSON in which rows, operations, positions and texts, of which there are many, are flat lists.

mod numbers;
mod operations;
mod positions;
mod rows;
mod tables;
mod texts;

use std::borrow::Cow;
use std::sync::Arc;

use dictamen_value::{Type, Value};
use serde::{Deserialize, Serialize};

use crate::{
    About, Constraint, Decision, Function, Input, Lambda, Letter, Op, Plan, Position, Ruleset, Table, Term, TypeInfo,
};

/// The parts of a plan, those that there are many of packed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Packed<'a> {
    semantics: u32,
    dmn_mode: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zones: Option<Arc<str>>,
    rulesets: Cow<'a, [Ruleset]>,
    inputs: Cow<'a, [Input]>,
    parameters: Cow<'a, [(Arc<str>, Type, About)]>,
    decisions: Cow<'a, [Decision]>,
    functions: Cow<'a, [Function]>,
    lambdas: Cow<'a, [Lambda]>,
    #[serde(with = "tables")]
    tables: Cow<'a, [Table]>,
    constraints: Cow<'a, [Constraint]>,
    types: Cow<'a, [TypeInfo]>,
    #[serde(with = "operations")]
    operations: Cow<'a, [Op]>,
    #[serde(with = "positions")]
    positions: Cow<'a, [Position]>,
    constants: Cow<'a, [Value]>,
    shapes: Cow<'a, [Arc<[Arc<str>]>]>,
    #[serde(with = "texts")]
    texts: Cow<'a, [Arc<str>]>,
    sources: Cow<'a, [Arc<str>]>,
    #[serde(default, skip_serializing_if = "is_empty")]
    letters: Cow<'a, [Letter]>,
    #[serde(default, skip_serializing_if = "is_empty")]
    glossary: Cow<'a, [Term]>,
}

fn is_empty<T>(items: &[T]) -> bool {
    items.is_empty()
}

impl Packed<'_> {
    /// The parts of a plan.
    pub(crate) fn of(plan: &Plan) -> Packed<'_> {
        Packed {
            semantics: plan.semantics,
            dmn_mode: plan.dmn_mode,
            time_zones: plan.time_zones.clone(),
            rulesets: Cow::Borrowed(&plan.rulesets),
            inputs: Cow::Borrowed(&plan.inputs),
            parameters: Cow::Borrowed(&plan.parameters),
            decisions: Cow::Borrowed(&plan.decisions),
            functions: Cow::Borrowed(&plan.functions),
            lambdas: Cow::Borrowed(&plan.lambdas),
            tables: Cow::Borrowed(&plan.tables),
            constraints: Cow::Borrowed(&plan.constraints),
            types: Cow::Borrowed(&plan.types),
            operations: Cow::Borrowed(&plan.operations),
            positions: Cow::Borrowed(&plan.positions),
            constants: Cow::Borrowed(&plan.constants),
            shapes: Cow::Borrowed(&plan.shapes),
            texts: Cow::Borrowed(&plan.texts),
            sources: Cow::Borrowed(&plan.sources),
            letters: Cow::Borrowed(&plan.letters),
            glossary: Cow::Borrowed(&plan.glossary),
        }
    }

    /// The plan that they are parts of.
    pub(crate) fn unpacked(self) -> Plan {
        Plan {
            format: crate::FORMAT,
            semantics: self.semantics,
            dmn_mode: self.dmn_mode,
            time_zones: self.time_zones,
            rulesets: self.rulesets.into_owned(),
            inputs: self.inputs.into_owned(),
            parameters: self.parameters.into_owned(),
            decisions: self.decisions.into_owned(),
            functions: self.functions.into_owned(),
            lambdas: self.lambdas.into_owned(),
            tables: self.tables.into_owned(),
            constraints: self.constraints.into_owned(),
            types: self.types.into_owned(),
            operations: self.operations.into_owned(),
            positions: self.positions.into_owned(),
            constants: self.constants.into_owned(),
            shapes: self.shapes.into_owned(),
            texts: self.texts.into_owned(),
            sources: self.sources.into_owned(),
            letters: self.letters.into_owned(),
            glossary: self.glossary.into_owned(),
        }
    }
}
