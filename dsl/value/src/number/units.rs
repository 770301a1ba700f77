//! Numbers as 64-bit units at a scale, for indexes and columns.

use super::bits::Parts;
use super::{Number, Rounding, short};

impl Number {
    /// `units * 10^-scale`: 1234 at scale 2 is 12.34.
    #[inline]
    pub fn from_units(units: i64, scale: u8) -> Number {
        short::at_scale(units, scale).unwrap_or_else(|| at_large_scale(units, scale))
    }

    /// The units and exponent (0 to -18) of `units * 10^exponent`, as the number is held; `None` where it needs more
    /// than 64 bits. One number may be held in several ways: with zeros at its end, or without.
    #[inline]
    pub fn short_parts(self) -> Option<(i64, i32)> {
        self.is_short().then(|| (self.units(), i32::from(self.scale()).wrapping_neg()))
    }

    /// The greatest whole number of units of `10^-scale` that is not greater than this number, and whether it is equal
    /// to it; `None` where those units do not fit 64 bits (the sign of the number says on which side).
    #[inline]
    pub fn units_at(self, scale: i32) -> Option<(i64, bool)> {
        if !self.is_short() {
            return long_units_at(self, scale);
        }
        let (units, distance) = (self.units(), scale.saturating_sub(i32::from(self.scale())));
        if distance == 0 || units == 0 {
            return Some((units, true));
        }
        if distance > 0 {
            return Some((units.checked_mul(short::power(distance.cast_unsigned())?)?, true));
        }
        match short::power(distance.unsigned_abs()) {
            Some(unit) => Some((units.checked_div_euclid(unit)?, units.checked_rem(unit)? == 0)),
            None => long_units_at(self, scale),
        }
    }
}

#[cold]
fn at_large_scale(units: i64, scale: u8) -> Number {
    let exponent = i32::from(scale).saturating_neg();
    Number::of_parts(Parts { negative: units < 0, coefficient: u128::from(units.unsigned_abs()), exponent })
}

#[cold]
fn long_units_at(number: Number, scale: i32) -> Option<(i64, bool)> {
    let floor = number.to_scaled(scale, Rounding::Floor)?;
    let exact = number.to_scaled(scale, Rounding::Ceiling) == Some(floor);
    Some((i64::try_from(floor).ok()?, exact))
}
