//! Decimals with twice the digits of a number, for results that must be rounded once, at the end.

use std::cmp::Ordering;

use super::bits::{self, Parts};
use super::{Number, NumberError, Rounding};

/// Nine decimal digits to a limb.
const LIMB: u64 = 1_000_000_000;
const LIMB_WIDE: u128 = LIMB as u128;
const DIGITS_PER_LIMB: i64 = 9;
/// At least 73 digits are carried along.
const LIMBS_LIMIT: usize = 9;
const RESULT_DIGITS: i32 = 34;

/// `±limbs * 10^(9 * places)`, the lowest limb first. `inexact` says that digits were lost below the lowest limb.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    negative: bool,
    limbs: Vec<u64>,
    places: i64,
    inexact: bool,
}

impl From<Number> for Wide {
    fn from(number: Number) -> Wide {
        let Parts { negative, mut coefficient, exponent } = number.parts();
        let mut limbs = Vec::with_capacity(LIMBS_LIMIT);
        while coefficient > 0 {
            limbs.push(u64::try_from(coefficient % LIMB_WIDE).unwrap_or_default());
            coefficient /= LIMB_WIDE;
        }
        let exponent = i64::from(exponent);
        let shift = u32::try_from(exponent.rem_euclid(DIGITS_PER_LIMB)).unwrap_or_default();
        let limbs = multiple(&limbs, 10_u64.saturating_pow(shift));
        Wide { negative, limbs, places: exponent.div_euclid(DIGITS_PER_LIMB), inexact: false }.trimmed()
    }
}

impl Wide {
    pub(super) fn one() -> Wide {
        Wide { negative: false, limbs: vec![1], places: 0, inexact: false }
    }

    fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether this is too small to change a sum with 1.
    pub(super) fn is_negligible(&self) -> bool {
        self.is_zero() || self.top().saturating_neg() > i64::try_from(LIMBS_LIMIT).unwrap_or_default()
    }

    pub(super) fn negated(mut self) -> Wide {
        self.negative = !self.negative;
        self
    }

    pub(super) fn times(&self, other: &Wide) -> Wide {
        let mut limbs = vec![0_u64; self.limbs.len().saturating_add(other.limbs.len())];
        for (shift, factor) in self.limbs.iter().enumerate() {
            add_product(limbs.get_mut(shift..).unwrap_or_default(), *factor, &other.limbs);
        }
        let places = self.places.saturating_add(other.places);
        let negative = self.negative != other.negative;
        Wide { negative, limbs, places, inexact: self.inexact || other.inexact }.trimmed()
    }

    pub(super) fn plus(&self, other: &Wide) -> Wide {
        let (large, small) = if self.top() >= other.top() { (self, other) } else { (other, self) };
        let reach = i64::try_from(LIMBS_LIMIT.saturating_mul(2)).unwrap_or_default();
        if small.is_zero() || large.top().saturating_sub(small.top()) > reach {
            let inexact = large.inexact || !small.is_zero();
            return Wide { inexact, ..large.clone() };
        }
        let places = self.places.min(other.places);
        let (left, right) = (large.limbs_from(places), small.limbs_from(places));
        let inexact = self.inexact || other.inexact;
        let (negative, limbs) = match (large.negative == small.negative, compare(&left, &right)) {
            (true, _) => (large.negative, sum(left, &right)),
            (false, Ordering::Less) => (small.negative, difference(right, &left)),
            (false, _) => (large.negative, difference(left, &right)),
        };
        Wide { negative, limbs, places, inexact }.trimmed()
    }

    /// Divided by a number below 10^9; nothing divided by zero is zero.
    pub(super) fn divided_by(&self, divisor: u32) -> Wide {
        let (mut quotient, mut remainder) = (Vec::with_capacity(LIMBS_LIMIT), 0_u64);
        let lower = std::iter::repeat_n(&0, LIMBS_LIMIT);
        for limb in self.limbs.iter().rev().chain(lower) {
            let dividend = remainder.saturating_mul(LIMB).saturating_add(*limb);
            quotient.push(dividend.checked_div(u64::from(divisor)).unwrap_or_default());
            remainder = dividend.checked_rem(u64::from(divisor)).unwrap_or_default();
        }
        quotient.reverse();
        let places = self.places.saturating_sub(i64::try_from(LIMBS_LIMIT).unwrap_or_default());
        let inexact = self.inexact || remainder != 0;
        Wide { negative: self.negative, limbs: quotient, places, inexact }.trimmed()
    }

    /// `1 / self`, by long division.
    pub(super) fn inverse(&self) -> Wide {
        let count = LIMBS_LIMIT.saturating_add(self.limbs.len());
        let mut remainder = vec![1_u64];
        let mut quotient = Vec::with_capacity(count);
        for _ in 0..count {
            remainder.insert(0, 0);
            quotient.push(divide_once(&mut remainder, &self.limbs));
        }
        quotient.reverse();
        let places = self.places.saturating_add(i64::try_from(count).unwrap_or_default()).saturating_neg();
        let inexact = self.inexact || remainder.iter().any(|limb| *limb != 0);
        Wide { negative: self.negative, limbs: quotient, places, inexact }.trimmed()
    }

    /// This raised to a whole number.
    pub(super) fn raised(&self, mut exponent: u64) -> Wide {
        let mut result = Wide::one();
        let mut square = self.clone();
        while exponent > 0 {
            if exponent % 2 == 1 {
                result = result.times(&square);
            }
            exponent /= 2;
            if exponent > 0 {
                square = square.times(&square);
            }
        }
        result
    }

    /// The nearest number of 34 digits; of two equally near, the even one.
    pub(super) fn rounded(&self) -> Result<Number, NumberError> {
        let digits: String = self.limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
        let digits = digits.trim_start_matches('0');
        let kept = digits.len().min(RESULT_DIGITS as usize);
        let (head, tail) = digits.split_at_checked(kept).unwrap_or((digits, ""));
        let coefficient: u128 = head.parse().unwrap_or_default();
        let lowest = self.places.saturating_mul(DIGITS_PER_LIMB);
        let exponent = lowest.saturating_add(i64::try_from(tail.len()).unwrap_or(i64::MAX));
        let coefficient = coefficient.saturating_add(u128::from(rounds_up(coefficient, tail, self.inexact)));
        assemble(self.negative, coefficient, exponent)
    }

    /// How many limbs reach above the point.
    fn top(&self) -> i64 {
        self.places.saturating_add(i64::try_from(self.limbs.len()).unwrap_or(i64::MAX))
    }

    /// The limbs down to a lower place.
    fn limbs_from(&self, places: i64) -> Vec<u64> {
        let zeros = usize::try_from(self.places.saturating_sub(places)).unwrap_or_default();
        std::iter::repeat_n(0, zeros).chain(self.limbs.iter().copied()).collect()
    }

    /// Without zero limbs at the top, and with no more limbs than are carried along.
    fn trimmed(mut self) -> Wide {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        let dropped = self.limbs.len().saturating_sub(LIMBS_LIMIT);
        self.inexact |= self.limbs.drain(..dropped).any(|limb| limb != 0);
        self.places = self.places.saturating_add(i64::try_from(dropped).unwrap_or(i64::MAX));
        self
    }
}

/// Adds `factor * limbs` into the lowest limbs of a sum that has room for it.
fn add_product(sum: &mut [u64], factor: u64, limbs: &[u64]) {
    let mut carry = 0_u64;
    let padded = limbs.iter().chain(std::iter::repeat(&0));
    for (place, limb) in sum.iter_mut().zip(padded) {
        // Below 10^18 + 2 * 10^9, which fits.
        let total = factor.saturating_mul(*limb).saturating_add(*place).saturating_add(carry);
        *place = total % LIMB;
        carry = total / LIMB;
    }
}

fn multiple(limbs: &[u64], factor: u64) -> Vec<u64> {
    let mut product = vec![0; limbs.len().saturating_add(1)];
    add_product(&mut product, factor, limbs);
    product
}

fn sum(mut left: Vec<u64>, right: &[u64]) -> Vec<u64> {
    left.resize(left.len().max(right.len()).saturating_add(1), 0);
    add_product(&mut left, 1, right);
    left
}

/// What remains of limbs after taking away others that are not more.
fn difference(mut limbs: Vec<u64>, other: &[u64]) -> Vec<u64> {
    let mut borrow = 0_u64;
    let padded = other.iter().chain(std::iter::repeat(&0));
    for (place, limb) in limbs.iter_mut().zip(padded) {
        let taken = limb.saturating_add(borrow);
        borrow = u64::from(*place < taken);
        *place = place.saturating_add(borrow.saturating_mul(LIMB)).saturating_sub(taken);
    }
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

fn compare(left: &[u64], right: &[u64]) -> Ordering {
    let longest = left.len().max(right.len());
    let limb = |limbs: &[u64], place: usize| limbs.get(place).copied().unwrap_or_default();
    let orders = (0..longest).rev().map(|place| limb(left, place).cmp(&limb(right, place)));
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Divides a remainder by a divisor that goes into it less than 10^9 times, and leaves what is left.
fn divide_once(remainder: &mut Vec<u64>, divisor: &[u64]) -> u64 {
    let (mut quotient, mut too_large) = (0_u64, LIMB);
    while too_large.saturating_sub(quotient) > 1 {
        let middle = quotient.midpoint(too_large);
        match compare(&multiple(divisor, middle), remainder) {
            Ordering::Greater => too_large = middle,
            _ => quotient = middle,
        }
    }
    *remainder = difference(std::mem::take(remainder), &multiple(divisor, quotient));
    quotient
}

fn rounds_up(coefficient: u128, tail: &str, inexact: bool) -> bool {
    let mut dropped = tail.bytes();
    match dropped.next() {
        None | Some(b'0'..=b'4') => false,
        Some(b'5') => inexact || dropped.any(|digit| digit != b'0') || coefficient % 2 == 1,
        Some(_) => true,
    }
}

/// The number of a coefficient of at most 34 digits (or 10^34), where it is in range; what is too small is rounded.
fn assemble(negative: bool, coefficient: u128, exponent: i64) -> Result<Number, NumberError> {
    let exponent = i32::try_from(exponent.clamp(-20_000, 20_000)).unwrap_or_default();
    let (coefficient, exponent) = match coefficient {
        bits::COEFFICIENT_LIMIT.. => (coefficient / 10, exponent.saturating_add(1)),
        fits => (fits, exponent),
    };
    if exponent >= bits::EXPONENT_MIN {
        return bits::exact(negative, coefficient, exponent);
    }
    let places = exponent.saturating_sub(bits::EXPONENT_MIN);
    if places < -RESULT_DIGITS {
        return Ok(Number::ZERO);
    }
    // Rounded a second time, among numbers below 10^-6142.
    let shifted = Number::of_parts(Parts { negative, coefficient, exponent: places }).round(0, Rounding::HalfEven)?;
    let Parts { negative, coefficient, exponent } = shifted.parts();
    bits::exact(negative, coefficient, exponent.saturating_add(bits::EXPONENT_MIN))
}
