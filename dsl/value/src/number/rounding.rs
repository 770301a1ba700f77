//! Rounding a number to so many digits after the point.

use std::cmp::Ordering;

use super::bits::{self, Parts};
use super::{Number, NumberError};

/// Which neighbour to take where a number has more digits than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// The nearest; of two equally near, the even one (FEEL's `decimal`).
    HalfEven,
    /// The nearest; of two equally near, the one away from zero.
    HalfUp,
    /// The nearest; of two equally near, the one towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// The greater.
    Ceiling,
    /// The lesser.
    Floor,
}

/// Rounds to `scale` digits after the point.
#[cold]
#[inline(never)]
pub(super) fn round(number: Number, scale: i32, rounding: Rounding) -> Result<Number, NumberError> {
    let Parts { negative, coefficient, exponent } = number.parts();
    let wanted = scale.saturating_neg();
    let dropped = wanted.saturating_sub(exponent);
    if dropped <= 0 || coefficient == 0 {
        return Ok(number);
    }
    // 10^39 is more than any coefficient, and so is its half.
    let (kept, remainder_to_half, exact) = match bits::power(dropped.unsigned_abs()) {
        Some(unit) => split(coefficient, unit),
        None => (0, Ordering::Less, false),
    };
    let away = !exact && rounds_away(rounding, negative, kept % 2 == 1, remainder_to_half);
    bits::exact(negative, kept.saturating_add(u128::from(away)), wanted)
}

/// Whether what was dropped, which was not nothing, makes one more of what was kept.
#[inline]
pub(super) fn rounds_away(rounding: Rounding, negative: bool, odd: bool, remainder_to_half: Ordering) -> bool {
    match rounding {
        Rounding::HalfEven => remainder_to_half.then(if odd { Ordering::Greater } else { Ordering::Less }).is_gt(),
        Rounding::HalfUp => remainder_to_half.is_ge(),
        Rounding::HalfDown => remainder_to_half.is_gt(),
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
    }
}

/// What remains after dropping digits, how what was dropped compares to half a unit, and whether nothing was lost.
fn split(coefficient: u128, unit: u128) -> (u128, Ordering, bool) {
    let kept = coefficient.checked_div(unit).unwrap_or_default();
    let remainder = coefficient.wrapping_sub(kept.wrapping_mul(unit));
    (kept, remainder.cmp(&(unit / 2)), remainder == 0)
}
