//! Rounds the numbers and the quotients of a batch.

use dictamen_value::{Number, Rounding};

use super::column::{Column, Operand};
use super::kernels::at_one_scale;
use super::mask::Mask;

/// Quotients are rounded to at most so many places directly. A quotient of units of 64 bits that is not itself halfway between
/// two numbers of `s` places is further from there than the 34th digit reaches while `s` is less than 14: rounding it in one
/// step or first to 34 digits is the same.
const QUOTIENT_PLACES_MAX: u8 = 12;

/// Numbers rounded to a scale; `None` where there is no loop for them.
pub(super) fn round(from: &Column, scale: i32, rounding: Rounding) -> Option<Column> {
    match from {
        Column::Units(units, own) => round_units(from, units, (*own, scale), rounding),
        _ => None,
    }
}

/// Quotients rounded to a scale; `None` where there is no loop for them, or a row that counts needs more than 64 bits or
/// divides by zero.
pub(super) fn quotient(
    left: &Column,
    right: &Column,
    (scale, rounding): (i32, Rounding),
    active: &Mask,
) -> Option<Column> {
    let places =
        u8::try_from(scale).ok().filter(|places| *places <= QUOTIENT_PLACES_MAX && rounding == Rounding::HalfUp)?;
    let unit = 10_u64.checked_pow(places.into())?;
    let divided = |left: Operand<'_>, right: Operand<'_>| quotients(&left.to_vec(), &right.to_vec(), unit, active);
    let (units, _) = at_one_scale(left, right, active, divided)?;
    Some(Column::Units(units, places))
}

fn round_units(from: &Column, units: &[i64], (own, scale): (u8, i32), rounding: Rounding) -> Option<Column> {
    let dropped = i32::from(own).checked_sub(scale)?;
    if dropped <= 0 {
        return Some(from.clone());
    }
    let scale = u8::try_from(scale).ok()?;
    let rounded = match rounding {
        Rounding::HalfUp => half_up(units, dropped.unsigned_abs())?,
        other => units.iter().map(|units| by_number(*units, own, scale, other)).collect(),
    };
    Some(Column::Units(rounded, scale))
}

/// Rounding makes no number longer than one digit more; rows that don't count hold anything, and fit as well.
fn by_number(units: i64, own: u8, scale: u8, rounding: Rounding) -> i64 {
    let rounded = Number::from_units(units, own).round(scale.into(), rounding).ok();
    rounded.and_then(|rounded| rounded.units_at(scale.into())).map_or(0, |(units, _)| units)
}

/// Without so many digits at the end, halves away from zero. Divisions by what is known here are multiplications.
fn half_up(units: &[i64], dropped: u32) -> Option<Vec<i64>> {
    let each = |unit: u64| units.iter().map(|units| away(*units, unit)).collect();
    Some(match dropped {
        1 => units.iter().map(|units| away(*units, 10)).collect(),
        2 => units.iter().map(|units| away(*units, 100)).collect(),
        3 => units.iter().map(|units| away(*units, 1_000)).collect(),
        4 => units.iter().map(|units| away(*units, 10_000)).collect(),
        6 => units.iter().map(|units| away(*units, 1_000_000)).collect(),
        _ => each(10_u64.checked_pow(dropped)?),
    })
}

/// Units of a coarser size, halves away from zero. Neither sum nor quotient leaves 64 bits: a unit is at most `10^18`.
#[inline]
fn away(units: i64, unit: u64) -> i64 {
    let magnitude = units.unsigned_abs().wrapping_add(unit / 2).checked_div(unit).unwrap_or_default().cast_signed();
    if units < 0 { magnitude.wrapping_neg() } else { magnitude }
}

/// Quotients in units of `1 / unit`, halves away from zero.
fn quotients(dividends: &[i64], divisors: &[i64], unit: u64, active: &Mask) -> Option<Vec<i64>> {
    let mut any_out = false;
    let pairs = || dividends.iter().zip(divisors);
    let each = pairs().map(|(dividend, divisor)| {
        let quotient = rounded(*dividend, *divisor, unit);
        any_out |= quotient.is_none();
        quotient.unwrap_or_default()
    });
    let quotients: Vec<i64> = each.collect();
    let is_out = |row: usize| pairs().nth(row).is_some_and(|(left, right)| rounded(*left, *right, unit).is_none());
    (!any_out || !active.rows().any(is_out)).then_some(quotients)
}

#[inline]
fn rounded(dividend: i64, divisor: i64, unit: u64) -> Option<i64> {
    let (magnitude, by) = (dividend.unsigned_abs(), divisor.unsigned_abs());
    let units = match magnitude.checked_mul(unit) {
        Some(scaled) => {
            let (kept, rest) = (scaled.checked_div(by)?, scaled.checked_rem(by)?);
            kept.checked_add(u64::from(rest >= by.wrapping_sub(rest)))?
        }
        None => wide_quotient(magnitude, by, unit)?,
    };
    let units = i64::try_from(units).ok()?;
    Some(if (dividend < 0) != (divisor < 0) { units.wrapping_neg() } else { units })
}

#[cold]
fn wide_quotient(magnitude: u64, by: u64, unit: u64) -> Option<u64> {
    let (scaled, by) = (u128::from(magnitude).checked_mul(unit.into())?, u128::from(by));
    let (kept, rest) = (scaled.checked_div(by)?, scaled.checked_rem(by)?);
    u64::try_from(kept.checked_add(u128::from(rest >= by.checked_sub(rest)?))?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail loudly")]

    use proptest::prelude::*;

    use super::super::mask::LANES;
    use super::*;
    use crate::program::columns::kernels;
    use crate::program::slot::Slot;

    /// Whole numbers of all sizes.
    fn units() -> impl Strategy<Value = i64> {
        prop_oneof![-1_000_i64..1_000, any::<i32>().prop_map(i64::from), any::<i64>()]
    }

    fn numbers(column: &Column, count: usize) -> Vec<Option<Number>> {
        let number = |slot| if let Slot::Number(number) = slot { Some(number) } else { None };
        (0..count).map(|row| number(column.get(row))).collect()
    }

    proptest! {
        #[test]
        fn numbers_are_rounded_as_they_are_one_by_one(
            units in prop::collection::vec(units(), 1..70), own in 0_u8..=18, scale in 0_u8..=18,
        ) {
            for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Floor] {
                let column = Column::Units(units.clone(), own);
                let rounded = round(&column, scale.into(), rounding).unwrap();
                let one = |units: &i64| Number::from_units(*units, own).round(scale.into(), rounding).ok();
                let one_by_one: Vec<_> = units.iter().map(one).collect();
                prop_assert_eq!(numbers(&rounded, units.len()), one_by_one);
            }
        }

        #[test]
        fn quotients_are_rounded_as_they_are_after_34_digits(
            pairs in prop::collection::vec((units(), units()), 1..70), scale in 0_u8..=12, ties in prop::collection::vec((units(), -1_i64..=1), 70),
        ) {
            // Some dividends lie halfway between two results, or one unit beside that.
            let near = |((dividend, divisor), (half, beside)): (&(i64, i64), &(i64, i64))| {
                let halfway = half.checked_mul(*divisor).map(|twice| (twice / 2).saturating_add(*beside));
                (if half % 2 == 0 { *dividend } else { halfway.unwrap_or(*dividend) }, if *divisor == 0 { 1 } else { *divisor })
            };
            let (dividends, divisors): (Vec<i64>, Vec<i64>) = pairs.iter().zip(&ties).map(near).unzip();
            let all = Mask::first(dividends.len());
            let (left, right) = (Column::Units(dividends.clone(), 3), Column::Units(divisors.clone(), 3));
            let one = |(dividend, divisor): (&i64, &i64)| {
                let quotient = Number::from_units(*dividend, 0).checked_div(Number::from_units(*divisor, 0)).unwrap();
                quotient.round(scale.into(), Rounding::HalfUp).unwrap()
            };
            let one_by_one: Vec<Number> = dividends.iter().zip(&divisors).map(one).collect();
            match quotient(&left, &right, (scale.into(), Rounding::HalfUp), &all) {
                Some(rounded) => {
                    let one_by_one: Vec<_> = one_by_one.into_iter().map(Some).collect();
                    prop_assert_eq!(numbers(&rounded, dividends.len()), one_by_one);
                }
                None => prop_assert!(one_by_one.iter().any(|number| number.units_at(scale.into()).is_none())),
            }
        }

        #[test]
        fn numbers_are_divided_as_they_are_one_by_one(
            units in prop::collection::vec(units(), LANES), scale in 0_u8..=9,
            divisor in prop_oneof![-1_000_i64..1_000, Just(1_000_000), any::<i64>()], divisor_scale in 0_u8..=9,
        ) {
            prop_assume!(divisor != 0);
            let by = Number::from_units(divisor, divisor_scale);
            let (left, right) = (Column::Units(units.clone(), scale), Column::Same(Slot::Number(by)));
            if let Some(divided) = kernels::divide(&left, &right, &Mask::first(LANES)) {
                let one = |units: &i64| Number::from_units(*units, scale).checked_div(by).ok();
                prop_assert_eq!(numbers(&divided, LANES), units.iter().map(one).collect::<Vec<_>>());
            }
        }
    }
}
