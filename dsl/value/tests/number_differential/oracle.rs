//! What the Intel library computed, read from its own text.

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{BID128, ExcFlags};

/// `±digits * 10^exponent` without zeros at the end of the digits; zero is `0 * 10^0`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    pub(crate) digits: String,
    pub(crate) exponent: i32,
}

impl Decimal {
    /// The canonical text: plain where that takes at most 40 characters.
    pub(crate) fn text(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let count = i32::try_from(self.digits.len()).unwrap();
        let plain = match self.exponent {
            0.. => format!("{sign}{}{}", self.digits, "0".repeat(self.exponent.unsigned_abs() as usize)),
            exponent if count + exponent > 0 => {
                let (whole, fraction) = self.digits.split_at((count + exponent).unsigned_abs() as usize);
                format!("{sign}{whole}.{fraction}")
            }
            exponent => format!("{sign}0.{}{}", "0".repeat((count + exponent).unsigned_abs() as usize), self.digits),
        };
        if plain.len() <= 40 {
            return plain;
        }
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{:+}", self.exponent + count - 1)
    }

    pub(crate) fn scientific(&self) -> String {
        format!("{}{}E{}", if self.negative { "-" } else { "" }, self.digits, self.exponent)
    }

    /// The machine integer, where it is one.
    pub(crate) fn whole(&self) -> Option<i64> {
        if !(0..=19).contains(&self.exponent) {
            return None;
        }
        self.text().parse().ok()
    }
}

/// The result of an operation; `None` where it is infinite or no number.
pub(crate) fn computed(operation: impl FnOnce(&mut ExcFlags) -> BID128) -> Option<Decimal> {
    decimal(operation(&mut 0))
}

/// A number of the library; `None` where it is infinite or no number.
pub(crate) fn decimal(bid: BID128) -> Option<Decimal> {
    let text = intel::bid128_to_string(bid, &mut 0);
    let (mantissa, exponent) = text.split_once('E')?;
    let (sign, digits) = mantissa.split_at(1);
    let stripped = digits.trim_start_matches('0').trim_end_matches('0');
    if stripped.is_empty() {
        return Some(Decimal { negative: false, digits: "0".to_owned(), exponent: 0 });
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let exponent = exponent.parse::<i32>().unwrap() + i32::try_from(zeros).unwrap();
    Some(Decimal { negative: sign == "-", digits: stripped.to_owned(), exponent })
}
