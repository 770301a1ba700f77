//! Numbers written as text, in one canonical way, without allocating.

use std::fmt;

use serde::{Serialize, Serializer};

use super::bits::{self, Parts};
use super::{Number, short};
use crate::digits;

/// The longest plain decimal notation, in characters; numbers that would need more are written with an exponent.
const PLAIN_CHARACTERS_LIMIT: i32 = 40;
const HALF_DIGITS: u32 = bits::HALF_DIGITS.unsigned_abs();
/// The longest text is that of 34 digits with two signs, a point and an exponent of four digits: 42 characters.
const TEXT_CHARACTERS: usize = 48;
/// The two digits of every number below 100.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which refuses what lies outside")]
const DIGIT_PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut value = 0;
    while value < 100 {
        pairs[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    pairs
};

/// The most digits after the point that are written at a time.
const WORD_PLACES: u8 = 8;

/// The text of a number, written into its place from the end.
pub(super) struct Written {
    bytes: [u8; TEXT_CHARACTERS],
    start: usize,
}

impl Number {
    /// Appends the canonical text, which is also the number in JSON: plain decimal notation of at most 40 characters,
    /// else `d.ddE±x`.
    #[inline]
    pub fn write_to(self, out: &mut Vec<u8>) {
        if self.is_short() && self.scale() <= WORD_PLACES {
            write_short(self, out);
        } else {
            out.extend_from_slice(self.written().as_bytes());
        }
    }

    /// The canonical text.
    #[inline]
    pub(super) fn written(self) -> Written {
        let mut written = Written { bytes: [0; TEXT_CHARACTERS], start: TEXT_CHARACTERS };
        if self.is_short() {
            written.short(self);
        } else {
            written.long(&self.parts());
        }
        written
    }
}

/// Appends a short number of up to eight places.
fn write_short(number: Number, out: &mut Vec<u8>) {
    let (magnitude, scale) = (number.units().unsigned_abs(), number.scale());
    if number.units() < 0 {
        out.push(b'-');
    }
    if scale == 0 {
        return digits::write_whole(out, magnitude);
    }
    let unit = short::power(u32::from(scale)).unwrap_or(1).unsigned_abs();
    let fraction = magnitude.checked_rem(unit).unwrap_or_default();
    digits::write_whole(out, magnitude.checked_div(unit).unwrap_or_default());
    if fraction > 0 {
        out.push(b'.');
        digits::write_fraction(out, fraction, scale);
    }
}

impl Written {
    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// At most 20 digits, a point and a sign, which is less than the limit of plain notation.
    fn short(&mut self, number: Number) {
        let magnitude = number.units().unsigned_abs();
        match number.scale() {
            0 => self.digits(magnitude, 1),
            _ => self.with_point(short::least_scale(number)),
        }
        self.sign(number.units() < 0);
    }

    fn with_point(&mut self, number: Number) {
        let (magnitude, scale) = (number.units().unsigned_abs(), u32::from(number.scale()));
        let unit = short::power(scale).unwrap_or(1).unsigned_abs();
        if scale > 0 {
            self.digits(magnitude.checked_rem(unit).unwrap_or_default(), scale);
            self.byte(b'.');
        }
        self.digits(magnitude.checked_div(unit).unwrap_or_default(), 1);
    }

    fn long(&mut self, parts: &Parts) {
        let count = parts.digits();
        let plain_length = match parts.exponent {
            0.. => count.saturating_add(parts.exponent),
            exponent if count.saturating_add(exponent) > 0 => count.saturating_add(1),
            exponent => 2_i32.saturating_sub(exponent),
        };
        if plain_length.saturating_add(i32::from(parts.negative)) <= PLAIN_CHARACTERS_LIMIT {
            self.plain(parts);
        } else {
            self.scientific(parts);
        }
        self.sign(parts.negative);
    }

    fn plain(&mut self, parts: &Parts) {
        let places = parts.exponent.unsigned_abs();
        if parts.exponent >= 0 {
            (0..places).for_each(|_| self.byte(b'0'));
            return self.wide_digits(parts.coefficient, 1);
        }
        let (whole, fraction) = split(parts.coefficient, places);
        self.wide_digits(fraction, places);
        self.byte(b'.');
        self.wide_digits(whole, 1);
    }

    fn scientific(&mut self, parts: &Parts) {
        let (mut coefficient, mut exponent) = (parts.coefficient, parts.exponent);
        // Only where exponents reach no further does the coefficient end in zeros.
        while coefficient.is_multiple_of(10) {
            (coefficient, exponent) = (coefficient / 10, exponent.saturating_add(1));
        }
        let places = bits::digits(coefficient).saturating_sub(1);
        exponent = exponent.saturating_add(places);
        self.digits(u64::from(exponent.unsigned_abs()), 1);
        self.byte(if exponent < 0 { b'-' } else { b'+' });
        self.byte(b'E');
        let (first, rest) = split(coefficient, places.unsigned_abs());
        if places > 0 {
            self.wide_digits(rest, places.unsigned_abs());
            self.byte(b'.');
        }
        self.wide_digits(first, 1);
    }

    fn sign(&mut self, negative: bool) {
        if negative {
            self.byte(b'-');
        }
    }

    /// The digits of a coefficient, with zeros before them where there are fewer than wanted.
    fn wide_digits(&mut self, coefficient: u128, least: u32) {
        let (high, low) = bits::halves(coefficient);
        if high == 0 && least <= HALF_DIGITS {
            return self.digits(low, least);
        }
        self.digits(low, HALF_DIGITS);
        self.digits(high, least.saturating_sub(HALF_DIGITS));
    }

    /// The same for a number of 64 bits.
    #[inline]
    fn digits(&mut self, mut value: u64, least: u32) {
        let enough = self.start.saturating_sub(least as usize);
        while value >= 100 {
            self.pair(value % 100);
            value /= 100;
        }
        match value {
            10.. => self.pair(value),
            1.. => self.byte(b'0'.wrapping_add(value as u8)),
            0 => {}
        }
        while self.start > enough {
            self.byte(b'0');
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.start = self.start.wrapping_sub(1);
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }

    /// Two digits of a number below 100.
    #[inline]
    fn pair(&mut self, value: u64) {
        let [tens, ones] = DIGIT_PAIRS.get(value as usize).copied().unwrap_or_default();
        self.byte(ones);
        self.byte(tens);
    }
}

/// What stands before and after the point, which has so many places after it.
fn split(coefficient: u128, places: u32) -> (u128, u128) {
    let unit = bits::power(places).unwrap_or(u128::MAX);
    let whole = coefficient.checked_div(unit).unwrap_or_default();
    (whole, coefficient.wrapping_sub(whole.wrapping_mul(unit)))
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written().as_str())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.written().as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
