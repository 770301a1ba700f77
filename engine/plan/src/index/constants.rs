//! Operands of cells that are known without evaluating anything.

use dictamen_value::Value;

use super::probe::{Kind, Probe};
use crate::{Op, OpId, Plan};

/// What an operand is known to be.
#[derive(Clone, Copy)]
pub(super) enum Operand<'p> {
    /// A value of its own.
    One(Probe<'p>),
    /// The values of a constant list.
    List(&'p [Value]),
    /// A list whose elements are operations.
    Listed(&'p [OpId]),
    /// A range of values.
    Range(Ends<'p>),
}

/// Low and high end, each with whether it belongs; `Null` where there is none.
#[derive(Clone, Copy)]
pub(super) struct Ends<'p> {
    pub(super) low: (Probe<'p>, bool),
    pub(super) high: (Probe<'p>, bool),
}

/// The operand, where it is constant; `None` where it has to be evaluated, and where the plan is damaged.
pub(super) fn operand(plan: &Plan, id: OpId) -> Option<Operand<'_>> {
    match plan.operations.get(id as usize)? {
        Op::Constant(constant) => Some(of_value(plan.constants.get(*constant as usize)?)),
        Op::List(elements) => Some(Operand::Listed(elements)),
        Op::Range(low, low_closed, high, high_closed) => {
            let ends = Ends { low: (scalar(plan, *low)?, *low_closed), high: (scalar(plan, *high)?, *high_closed) };
            Some(Operand::Range(ends))
        }
        _ => scalar(plan, id).map(Operand::One),
    }
}

/// A constant, also with a minus before it.
pub(super) fn scalar(plan: &Plan, id: OpId) -> Option<Probe<'_>> {
    match plan.operations.get(id as usize)? {
        Op::Constant(constant) => Some(Probe::of(plan.constants.get(*constant as usize)?)),
        Op::Negate(inner) => match plan.operations.get(*inner as usize)? {
            Op::Constant(constant) => {
                plan.constants.get(*constant as usize)?.as_number().map(|number| Probe::Number(number.negate()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether an operation is a constant null: no end of a range, unlike a null that was computed.
pub(super) fn is_constant(plan: &Plan, id: OpId) -> bool {
    matches!(plan.operations.get(id as usize), Some(Op::Constant(_)))
}

pub(super) fn of_value(value: &Value) -> Operand<'_> {
    match value {
        Value::List(elements) => Operand::List(elements),
        Value::Range(range) => Operand::Range(Ends {
            low: (Probe::of(&range.low), range.low_closed),
            high: (Probe::of(&range.high), range.high_closed),
        }),
        other => Operand::One(Probe::of(other)),
    }
}

impl Ends<'_> {
    /// The kind of the ends, where both have one that is ordered, or one has it and the other is missing.
    pub(super) fn kind(self) -> Option<Kind> {
        let kind = match (self.low.0, self.high.0) {
            (Probe::Null, end) | (end, Probe::Null) => end.kind(),
            (low, high) => low.kind().filter(|kind| high.kind() == Some(*kind)),
        };
        kind.filter(|kind| kind.is_ordered())
    }
}
