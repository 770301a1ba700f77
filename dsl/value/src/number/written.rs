//! Numbers written as text, in one canonical way, without allocating.

use std::fmt;

use serde::{Serialize, Serializer};

use super::bits::{self, Parts};
use super::{Number, short};

/// The longest plain decimal notation, in characters; numbers that would need more are written with an exponent.
const PLAIN_CHARACTERS_LIMIT: i32 = 40;
/// The longest text is that of 34 digits with two signs, a point and an exponent of four digits: 42 characters.
const TEXT_CHARACTERS: usize = 48;
/// How many digits of a long coefficient are written at a time.
const CHUNK_DIGITS: u32 = 17;
const CHUNK: u128 = 10_u128.pow(CHUNK_DIGITS);
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

/// The text of a number, written into its place from the end.
pub(super) struct Written {
    bytes: [u8; TEXT_CHARACTERS],
    start: usize,
}

impl Number {
    /// Appends the canonical text, which is also the number in JSON: plain decimal notation of at most 40 characters,
    /// else `d.ddE±x`.
    pub fn write_to(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.written().as_bytes());
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

    /// The digits of a number, with zeros before them where there are fewer than wanted.
    fn wide_digits(&mut self, mut value: u128, mut least: u32) {
        while value >= CHUNK || least > CHUNK_DIGITS {
            self.digits((value % CHUNK) as u64, CHUNK_DIGITS);
            value /= CHUNK;
            least = least.saturating_sub(CHUNK_DIGITS);
        }
        self.digits(value as u64, least);
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
    let unit = 10_u128.saturating_pow(places);
    (coefficient.checked_div(unit).unwrap_or_default(), coefficient.checked_rem(unit).unwrap_or_default())
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
