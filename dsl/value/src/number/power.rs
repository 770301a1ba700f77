//! Powers: whole exponents by squaring with guard digits, others by the Intel library.

use dfp_number_sys::RND_NEAREST_EVEN;
use dfp_number_sys::bid128_000 as intel;

use super::{Number, NumberError};

/// This number raised to another.
pub(super) fn power(base: Number, exponent: Number) -> Result<Number, NumberError> {
    base.through(|flags| intel::bid128_pow(base.to_bid(), exponent.to_bid(), RND_NEAREST_EVEN, flags))
}
