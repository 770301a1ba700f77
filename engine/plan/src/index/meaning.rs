//! What a test with constant operands says of the values of a kind.
//!
//! The reference is how cells are tested one by one: a test that could fail, or whose answer depends on more than the class
//! of the value, has no meaning here.

use super::constants::{self, Ends, Operand};
use super::probe::{Kind, Probe};
use crate::{Comparison, OpId, Plan, Test};

/// Values between two ends, each with whether it belongs; all values of the kind where both are missing.
#[derive(Clone, Copy)]
pub(super) struct Between<'p> {
    pub(super) low: Option<(Probe<'p>, bool)>,
    pub(super) high: Option<(Probe<'p>, bool)>,
    is_point: bool,
}

/// What a test says, beside the values between ends that it holds for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant {
    /// Whether it holds for the other values of the kind instead.
    pub(super) inverted: bool,
    /// Whether it holds for null; `None` where that is not known, which only DMN mode has.
    pub(super) null: Option<bool>,
}

/// Takes the values between ends that a test names.
pub(super) type Sink<'s, 'p> = &'s mut dyn FnMut(Between<'p>);

impl<'p> Between<'p> {
    /// Everything that is there.
    fn all() -> Between<'p> {
        Between { low: None, high: None, is_point: false }
    }

    fn point(value: Probe<'p>) -> Between<'p> {
        Between { low: Some((value, true)), high: Some((value, true)), is_point: true }
    }

    fn of(ends: Ends<'p>) -> Between<'p> {
        let end = |(value, closed)| if matches!(value, Probe::Null) { None } else { Some((value, closed)) };
        Between { low: end(ends.low), high: end(ends.high), is_point: false }
    }

    /// Whether it takes the order of the kind to know what lies between.
    pub(super) fn asks_order(self) -> bool {
        !self.is_point && (self.low.is_some() || self.high.is_some())
    }
}

/// The kind of what a test compares with, if that is constant.
pub(super) fn kind(plan: &Plan, test: &Test) -> Option<Kind> {
    match test {
        Test::Compare(_, operand) | Test::InRange(operand) | Test::InList(operand) | Test::Dynamic(operand) => {
            kind_of(plan, constants::operand(plan, *operand)?)
        }
        Test::Within(low, _, high, _) => {
            constants::scalar(plan, *low)?.kind().or_else(|| constants::scalar(plan, *high)?.kind())
        }
        Test::Condition(_) => None,
    }
}

fn kind_of(plan: &Plan, operand: Operand<'_>) -> Option<Kind> {
    match operand {
        Operand::One(value) => value.kind(),
        Operand::Range(ends) => ends.kind(),
        Operand::List(elements) => elements.iter().find_map(|element| match constants::of_value(element) {
            Operand::One(value) => value.kind(),
            Operand::Range(ends) => ends.kind(),
            _ => None,
        }),
        Operand::Listed(elements) => elements.iter().find_map(|element| constants::scalar(plan, *element)?.kind()),
    }
}

/// Tells for which values of a kind a test holds; `None` where it has no such meaning. What was told before is then void.
pub(super) fn read<'p>(plan: &'p Plan, test: &'p Test, kind: Kind, sink: Sink<'_, 'p>) -> Option<Meant> {
    match test {
        Test::Compare(comparison, operand) => match constants::operand(plan, *operand)? {
            Operand::One(operand) => compare(plan, *comparison, operand, kind, sink),
            _ => None,
        },
        Test::Within(low, low_closed, high, high_closed) => {
            let ends = Ends { low: (end(plan, *low)?, *low_closed), high: (end(plan, *high)?, *high_closed) };
            within(plan, ends, kind, sink)
        }
        Test::InRange(operand) if !plan.dmn_mode => match constants::operand(plan, *operand)? {
            Operand::Range(ends) => in_range(ends, kind, Some(false), sink),
            _ => None,
        },
        Test::InList(operand) if !plan.dmn_mode => in_list(plan, constants::operand(plan, *operand)?, kind, sink),
        Test::InRange(operand) | Test::InList(operand) => {
            in_value(plan, constants::operand(plan, *operand)?, kind, sink)
        }
        Test::Dynamic(operand) if plan.dmn_mode => dynamic(plan, constants::operand(plan, *operand)?, kind, sink),
        Test::Dynamic(_) | Test::Condition(_) => None,
    }
}

/// An end that is known; null only where it was left out, not where it came out so.
fn end(plan: &Plan, id: OpId) -> Option<Probe<'_>> {
    constants::scalar(plan, id).filter(|end| !matches!(end, Probe::Null) || constants::is_constant(plan, id))
}

fn compare<'p>(
    plan: &Plan,
    comparison: Comparison,
    operand: Probe<'p>,
    kind: Kind,
    sink: Sink<'_, 'p>,
) -> Option<Meant> {
    if matches!(operand, Probe::Null) {
        return compare_with_null(plan, comparison, sink);
    }
    if operand.kind() != Some(kind) {
        return None;
    }
    let meant = |inverted, null| Some(Meant { inverted, null });
    match comparison {
        Comparison::Equal | Comparison::NotEqual => {
            sink(Between::point(operand));
            let inverted = comparison == Comparison::NotEqual;
            // In DMN mode null is not what is there; in native rules a test with null does not hold.
            meant(inverted, Some(inverted && plan.dmn_mode))
        }
        _ if !kind.is_ordered() => None,
        Comparison::Less | Comparison::LessOrEqual => {
            let high = Some((operand, comparison == Comparison::LessOrEqual));
            sink(Between { low: None, high, is_point: false });
            meant(false, unknown(plan))
        }
        Comparison::Greater | Comparison::GreaterOrEqual => {
            let low = Some((operand, comparison == Comparison::GreaterOrEqual));
            sink(Between { low, high: None, is_point: false });
            meant(false, unknown(plan))
        }
    }
}

/// Whether null lies on some side of a value: native rules say no, DMN mode does not know.
fn unknown(plan: &Plan) -> Option<bool> {
    if plan.dmn_mode { None } else { Some(false) }
}

fn compare_with_null(plan: &Plan, comparison: Comparison, sink: Sink<'_, '_>) -> Option<Meant> {
    match comparison {
        Comparison::Equal => Some(Meant { inverted: false, null: Some(true) }),
        Comparison::NotEqual => {
            sink(Between::all());
            Some(Meant { inverted: false, null: Some(false) })
        }
        // DMN mode reports such comparisons.
        _ if plan.dmn_mode => None,
        _ => Some(Meant { inverted: false, null: Some(false) }),
    }
}

fn within<'p>(plan: &Plan, ends: Ends<'p>, kind: Kind, sink: Sink<'_, 'p>) -> Option<Meant> {
    if let (Probe::Null, Probe::Null) = (ends.low.0, ends.high.0) {
        sink(Between::all());
        return Some(Meant { inverted: false, null: unknown(plan) });
    }
    in_range(ends, kind, unknown(plan), sink)
}

fn in_range<'p>(ends: Ends<'p>, kind: Kind, null: Option<bool>, sink: Sink<'_, 'p>) -> Option<Meant> {
    if ends.kind() != Some(kind) {
        return None;
    }
    sink(Between::of(ends));
    Some(Meant { inverted: false, null })
}

/// Native rules: an element is the value, or it is not. Elements of other kinds never are.
fn in_list<'p>(plan: &'p Plan, operand: Operand<'p>, kind: Kind, sink: Sink<'_, 'p>) -> Option<Meant> {
    let mut null = false;
    let mut element = |element: Probe<'p>| match element {
        Probe::Null => null = true,
        value if value.kind() == Some(kind) => sink(Between::point(value)),
        _ => {}
    };
    match operand {
        Operand::List(elements) => elements.iter().for_each(|value| element(Probe::of(value))),
        Operand::Listed(elements) => {
            for id in elements {
                element(constants::scalar(plan, *id)?);
            }
        }
        // What is no list has no elements.
        Operand::One(_) | Operand::Range(_) => {}
    }
    Some(Meant { inverted: false, null: Some(null) })
}

/// DMN mode: an element equals or contains the value; what is no list counts as its only element.
fn in_value<'p>(plan: &'p Plan, operand: Operand<'p>, kind: Kind, sink: Sink<'_, 'p>) -> Option<Meant> {
    match operand {
        Operand::List(elements) => {
            let mut null = false;
            for element in elements {
                match constants::of_value(element) {
                    Operand::One(Probe::Null) => null = true,
                    Operand::One(value) if value.kind() == Some(kind) => sink(Between::point(value)),
                    Operand::Range(ends) if ends.kind() == Some(kind) => sink(Between::of(ends)),
                    _ => {}
                }
            }
            Some(Meant { inverted: false, null: Some(null) })
        }
        Operand::Listed(_) => in_list(plan, operand, kind, sink),
        Operand::Range(ends) => in_range(ends, kind, None, sink),
        Operand::One(value) if value.kind() == Some(kind) => {
            sink(Between::point(value));
            Some(Meant { inverted: false, null: Some(false) })
        }
        Operand::One(_) => None,
    }
}

/// DMN mode: what a cell that is an expression gives.
fn dynamic<'p>(plan: &'p Plan, operand: Operand<'p>, kind: Kind, sink: Sink<'_, 'p>) -> Option<Meant> {
    match operand {
        Operand::One(Probe::Boolean(_)) if kind != Kind::Boolean => None,
        // A condition, as null is no boolean to compare with.
        Operand::One(value @ Probe::Boolean(truth)) => {
            sink(Between::point(value));
            Some(Meant { inverted: false, null: Some(truth) })
        }
        Operand::One(Probe::Null) => Some(Meant { inverted: false, null: Some(true) }),
        other => in_value(plan, other, kind, sink),
    }
}
