//! Loops over the rows of a batch: arithmetic and comparisons of numbers that are units of one size.

use dictamen_plan::{ArithmeticOp, Comparison};
use dictamen_value::{Number, Rounding};

use super::column::{Column, Operand};
use super::mask::{LANES, Mask};

/// Digits after the point of units in 64 bits.
const SCALE_MAX: u8 = 18;

/// The sum, difference or product of numbers; `None` where a row that counts needs more than 64 bits, or another operator.
pub(super) fn arithmetic(operator: ArithmeticOp, left: &Column, right: &Column, active: &Mask) -> Option<Column> {
    match operator {
        ArithmeticOp::Multiply => {
            let ((left, left_scale), (right, right_scale)) = (left.units()?, right.units()?);
            let scale = left_scale.checked_add(right_scale).filter(|scale| *scale <= SCALE_MAX)?;
            let units = each(left, right, active, i64::overflowing_mul)?;
            Some(Column::Units(units, scale))
        }
        ArithmeticOp::Add | ArithmeticOp::Subtract => {
            let operate = if operator == ArithmeticOp::Add { i64::overflowing_add } else { i64::overflowing_sub };
            let (units, scale) = at_one_scale(left, right, active, |left, right| each(left, right, active, operate))?;
            Some(Column::Units(units, scale))
        }
        ArithmeticOp::Divide | ArithmeticOp::Power => None,
    }
}

/// The smaller or larger of numbers.
pub(super) fn extreme(left: &Column, right: &Column, largest: bool, active: &Mask) -> Option<Column> {
    let (units, scale) = at_one_scale(left, right, active, |left, right| match largest {
        true => each(left, right, active, |left, right| (left.max(right), false)),
        false => each(left, right, active, |left, right| (left.min(right), false)),
    })?;
    Some(Column::Units(units, scale))
}

/// The rows in which a comparison of numbers holds; rows that don't count may be among them.
pub(super) fn compare(comparison: Comparison, left: &Column, right: &Column, active: &Mask) -> Option<Mask> {
    let compared = |left: Operand<'_>, right: Operand<'_>| {
        Some(match comparison {
            Comparison::Equal => compared(left, right, |left, right| left == right),
            Comparison::NotEqual => compared(left, right, |left, right| left != right),
            Comparison::Less => compared(left, right, |left, right| left < right),
            Comparison::LessOrEqual => compared(left, right, |left, right| left <= right),
            Comparison::Greater => compared(left, right, |left, right| left > right),
            Comparison::GreaterOrEqual => compared(left, right, |left, right| left >= right),
        })
    };
    at_one_scale(left, right, active, compared).map(|(holds, _)| holds)
}

/// Numbers rounded to a scale.
pub(super) fn round(from: &Column, scale: i32, rounding: Rounding) -> Option<Column> {
    let Column::Units(units, own) = from else { return None };
    let dropped = i32::from(*own).checked_sub(scale)?;
    if dropped <= 0 {
        return Some(from.clone());
    }
    let scale = u8::try_from(scale).ok()?;
    let rounded = units.iter().map(|units| {
        // Rounding makes no number longer than one digit more; rows that don't count hold anything, and fit as well.
        let rounded = Number::from_units(*units, *own).round(scale.into(), rounding).ok();
        rounded.and_then(|rounded| rounded.units_at(scale.into())).map_or(0, |(units, _)| units)
    });
    Some(Column::Units(rounded.collect(), scale))
}

/// What an operation over units gives, once both sides have the finer of their scales, and that scale.
fn at_one_scale<T>(
    left: &Column,
    right: &Column,
    active: &Mask,
    operate: impl FnOnce(Operand<'_>, Operand<'_>) -> Option<T>,
) -> Option<(T, u8)> {
    let ((left, left_scale), (right, right_scale)) = (left.units()?, right.units()?);
    let scale = left_scale.max(right_scale);
    let (mut left_space, mut right_space) = (Vec::new(), Vec::new());
    let left = rescaled(left, scale.checked_sub(left_scale)?, active, &mut left_space)?;
    let right = rescaled(right, scale.checked_sub(right_scale)?, active, &mut right_space)?;
    Some((operate(left, right)?, scale))
}

/// Units at a finer scale.
fn rescaled<'o>(operand: Operand<'o>, finer: u8, active: &Mask, space: &'o mut Vec<i64>) -> Option<Operand<'o>> {
    if finer == 0 {
        return Some(operand);
    }
    let factor = 10_i64.checked_pow(finer.into())?;
    match operand {
        Operand::Same(units) => Some(Operand::Same(units.checked_mul(factor)?)),
        Operand::Each(_) => {
            *space = each(operand, Operand::Same(factor), active, i64::overflowing_mul)?;
            Some(Operand::Each(space))
        }
    }
}

/// Units of all rows; `None` where one that counts is out of range.
#[inline]
fn each(
    left: Operand<'_>,
    right: Operand<'_>,
    active: &Mask,
    operate: impl Fn(i64, i64) -> (i64, bool) + Copy,
) -> Option<Vec<i64>> {
    let mut units = Vec::with_capacity(LANES);
    let mut any_out = false;
    let mut push = |(result, out): (i64, bool)| {
        any_out |= out;
        units.push(result);
    };
    match (left, right) {
        (Operand::Each(left), Operand::Each(right)) => {
            left.iter().zip(right).for_each(|(left, right)| push(operate(*left, *right)));
        }
        (Operand::Each(left), Operand::Same(right)) => left.iter().for_each(|left| push(operate(*left, right))),
        (Operand::Same(left), Operand::Each(right)) => right.iter().for_each(|right| push(operate(left, *right))),
        (Operand::Same(left), Operand::Same(right)) => {
            let (result, out) = operate(left, right);
            return (!out).then(|| vec![result; LANES]);
        }
    }
    (!any_out || !counts(left, right, active, operate)).then_some(units)
}

/// Whether a row that is out of range counts.
#[cold]
fn counts(left: Operand<'_>, right: Operand<'_>, active: &Mask, operate: impl Fn(i64, i64) -> (i64, bool)) -> bool {
    let at = |operand: Operand<'_>, row: usize| match operand {
        Operand::Each(units) => units.get(row).copied().unwrap_or_default(),
        Operand::Same(units) => units,
    };
    active.rows().any(|row| operate(at(left, row), at(right, row)).1)
}

#[inline]
fn compared(left: Operand<'_>, right: Operand<'_>, holds: impl Fn(i64, i64) -> bool) -> Mask {
    match (left, right) {
        (Operand::Each(left), Operand::Each(right)) => {
            let mut pairs = left.iter().zip(right);
            Mask::from_fn(left.len().min(right.len()), |_| {
                pairs.next().is_some_and(|(left, right)| holds(*left, *right))
            })
        }
        (Operand::Each(left), Operand::Same(right)) => {
            let mut each = left.iter();
            Mask::from_fn(left.len(), |_| each.next().is_some_and(|left| holds(*left, right)))
        }
        (Operand::Same(left), Operand::Each(right)) => {
            let mut each = right.iter();
            Mask::from_fn(right.len(), |_| each.next().is_some_and(|right| holds(left, *right)))
        }
        (Operand::Same(left), Operand::Same(right)) => {
            if holds(left, right) {
                Mask::first(LANES)
            } else {
                Mask::NONE
            }
        }
    }
}

/// Whether a value lies on the right side of an end.
pub(super) fn beyond(tested: &Column, end: &Column, closed: bool, above: bool, active: &Mask) -> Option<Mask> {
    let comparison = match (above, closed) {
        (true, true) => Comparison::GreaterOrEqual,
        (true, false) => Comparison::Greater,
        (false, true) => Comparison::LessOrEqual,
        (false, false) => Comparison::Less,
    };
    compare(comparison, tested, end, active)
}
