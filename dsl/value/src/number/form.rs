//! The two forms of a number in its sixteen bytes: short, as 64-bit units at a scale, and long, as decimal128 bits.

use std::num::NonZeroU64;

use dfp_number_sys::BID128;

use super::bits::{self, Parts};
use super::{Number, NumberError};

/// The most digits after the point of a short number.
pub(super) const SCALE_LIMIT: u32 = 18;

/// The powers of ten up to the largest scale.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which refuses what lies outside")]
pub(super) const POWERS: [i64; SCALE_LIMIT as usize + 1] = {
    let mut powers = [1; SCALE_LIMIT as usize + 1];
    let mut scale = 1;
    while scale < powers.len() {
        powers[scale] = powers[scale - 1] * 10;
        scale += 1;
    }
    powers
};

/// The high word of a short number is this plus its scale.
const SHORT_START: NonZeroU64 = NonZeroU64::MIN.saturating_add(255);
/// The high word of a long number is this plus the high word of its decimal128 bits, which stay below `0b11 << 61`
/// with or without a sign; short high words are below it.
const LONG_START: NonZeroU64 = NonZeroU64::MIN.saturating_add((1 << 61) - 1);

impl Number {
    /// `units * 10^-scale`, for a scale up to 18.
    #[inline]
    pub(super) const fn short(units: i64, scale: u8) -> Number {
        Number { low: units.cast_unsigned(), high: SHORT_START.saturating_add(scale as u64) }
    }

    /// A number that has no short form, by the bits of its canonical encoding.
    pub(super) fn long([low, high]: [u64; 2]) -> Number {
        Number { low, high: LONG_START.saturating_add(high) }
    }

    #[inline]
    pub(super) fn is_short(self) -> bool {
        self.high < LONG_START
    }

    /// The units of a short number.
    #[inline]
    pub(super) fn units(self) -> i64 {
        self.low.cast_signed()
    }

    /// The scale of a short number.
    #[inline]
    pub(super) fn scale(self) -> u8 {
        self.high.get() as u8
    }

    /// A short number of other units at the same scale.
    #[inline]
    pub(super) fn with_units(self, units: i64) -> Number {
        Number { low: units.cast_unsigned(), high: self.high }
    }

    /// As held: the coefficient of a short number may end in zeros.
    pub(super) fn loose_parts(self) -> Parts {
        if self.is_short() {
            let (units, exponent) = (self.units(), i32::from(self.scale()).saturating_neg());
            return Parts { negative: units < 0, coefficient: u128::from(units.unsigned_abs()), exponent };
        }
        bits::unpack(self.long_words())
    }

    /// Without zeros at the end of the coefficient.
    pub(super) fn parts(self) -> Parts {
        if self.is_short() { bits::strip(self.loose_parts()) } else { bits::unpack(self.long_words()) }
    }

    /// For the Intel library.
    pub(super) fn to_bid(self) -> BID128 {
        let [low, high] = if self.is_short() { bits::pack(self.loose_parts()) } else { self.long_words() };
        BID128::new(low, high)
    }

    /// The same in its canonical encoding, for functions whose last digit could depend on it.
    pub(super) fn to_canonical_bid(self) -> BID128 {
        let [low, high] = bits::pack(self.parts());
        BID128::new(low, high)
    }

    /// The number that the Intel library computed; an error where that is infinite or no number.
    pub(super) fn from_bid(bid: BID128) -> Result<Number, NumberError> {
        bits::finite(bid).map(Number::of_parts)
    }

    /// The number of a coefficient below 10^34 and an exponent in range: short where it has a short form.
    pub(super) fn of_parts(parts: Parts) -> Number {
        if let Some(short) = shortened(&parts) {
            return short;
        }
        let stripped = bits::strip(parts);
        shortened(&stripped).unwrap_or_else(|| Number::long(bits::pack(stripped)))
    }

    fn long_words(self) -> [u64; 2] {
        [self.low, self.high.get().wrapping_sub(LONG_START.get())]
    }
}

/// The short form of what fits it as it stands.
fn shortened(&Parts { negative, coefficient, exponent }: &Parts) -> Option<Number> {
    if coefficient == 0 {
        return Some(Number::ZERO);
    }
    let coefficient = u64::try_from(coefficient).ok()?;
    let power = POWERS.get(usize::try_from(exponent.max(0)).ok()?)?;
    let magnitude = coefficient.checked_mul(power.unsigned_abs())?;
    let units = if negative { 0_i64.checked_sub_unsigned(magnitude)? } else { i64::try_from(magnitude).ok()? };
    let scale = exponent.min(0).unsigned_abs();
    (scale <= SCALE_LIMIT).then(|| Number::short(units, scale as u8))
}
