//! Loops over the rows of a batch: arithmetic and comparisons of numbers that are units of one size. Rounding is `rounding`.

use dictamen_plan::{ArithmeticOp, Comparison};

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
        ArithmeticOp::Divide => divide(left, right, active),
        ArithmeticOp::Power => None,
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

/// Numbers with the opposite sign.
pub(super) fn negate(from: &Column, active: &Mask) -> Option<Column> {
    let Column::Units(units, scale) = from else { return None };
    let negated = each(Operand::Each(units), Operand::Same(0), active, |units, _| units.overflowing_neg())?;
    Some(Column::Units(negated, *scale))
}

/// Quotients, where the divisor is the same in all rows and divides a power of ten.
pub(super) fn divide(left: &Column, right: &Column, active: &Mask) -> Option<Column> {
    match right.units()? {
        (Operand::Same(divisor), scale) => divide_by(left, divisor, scale, active),
        (Operand::Each(_), _) => None,
    }
}

/// Multiplies instead, where the divisor divides a power of ten: `x / d = x * (10^k / d) * 10^-k`.
fn divide_by(left: &Column, divisor: i64, divisor_scale: u8, active: &Mask) -> Option<Column> {
    let (units, scale) = left.units()?;
    let (places, factor) = (0..=SCALE_MAX).find_map(|places| {
        let power = 10_i64.checked_pow(places.into())?;
        (power.checked_rem(divisor)? == 0).then_some((places, power.checked_div(divisor)?))
    })?;
    let places = scale.checked_add(places)?;
    // A divisor with places after the point makes the quotient greater.
    let (scale, zeros) = match places.checked_sub(divisor_scale) {
        Some(scale) => (scale, 0),
        None => (0, divisor_scale.checked_sub(places)?),
    };
    let factor = factor.checked_mul(10_i64.checked_pow(zeros.into())?)?;
    let units = each(units, Operand::Same(factor), active, i64::overflowing_mul)?;
    (scale <= SCALE_MAX).then_some(Column::Units(units, scale))
}

/// What an operation over units gives, once both sides have the finer of their scales, and that scale.
pub(super) fn at_one_scale<T>(
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
pub(super) fn rescaled<'o>(
    operand: Operand<'o>,
    finer: u8,
    active: &Mask,
    space: &'o mut Vec<i64>,
) -> Option<Operand<'o>> {
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
    let mut any_out = false;
    let mut keep = |(result, out): (i64, bool)| {
        any_out |= out;
        result
    };
    let units: Vec<i64> = match (left, right) {
        (Operand::Each(left), Operand::Each(right)) => {
            left.iter().zip(right).map(|(left, right)| keep(operate(*left, *right))).collect()
        }
        (Operand::Each(left), Operand::Same(right)) => left.iter().map(|left| keep(operate(*left, right))).collect(),
        (Operand::Same(left), Operand::Each(right)) => right.iter().map(|right| keep(operate(left, *right))).collect(),
        (Operand::Same(left), Operand::Same(right)) => {
            let (result, out) = operate(left, right);
            return (!out).then(|| vec![result; LANES]);
        }
    };
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
        (Operand::Each(left), Operand::Each(right)) => Mask::of_words(
            left.chunks(64)
                .zip(right.chunks(64))
                .map(|(left, right)| word(left.iter().zip(right).map(|(left, right)| holds(*left, *right)))),
        ),
        (Operand::Each(left), Operand::Same(right)) => {
            Mask::of_words(left.chunks(64).map(|left| word(left.iter().map(|left| holds(*left, right)))))
        }
        (Operand::Same(left), Operand::Each(right)) => {
            Mask::of_words(right.chunks(64).map(|right| word(right.iter().map(|right| holds(left, *right)))))
        }
        (Operand::Same(left), Operand::Same(right)) if holds(left, right) => Mask::first(LANES),
        (Operand::Same(_), Operand::Same(_)) => Mask::NONE,
    }
}

#[inline]
fn word(holds: impl Iterator<Item = bool>) -> u64 {
    holds.enumerate().fold(0, |word, (bit, holds)| word | u64::from(holds) << bit)
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
