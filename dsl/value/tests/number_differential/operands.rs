//! Numbers to compute with: random ones of all sizes and those at the edges of what is held in which form.

use std::fmt;

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{BID128, RND_NEAREST_EVEN};
use dictamen_value::{Number, NumberError};

use super::oracle::{Decimal, decimal};

const EDGES: [u128; 16] = [
    0,
    5,
    1 << 31,
    1 << 32,
    1 << 53,
    1 << 62,
    1 << 63,
    1 << 64,
    9 << 60,
    5_u128.pow(27),
    u64::MAX as u128 * 5,
    922_337_203_685_477_580,
    9_223_372_036_854_775_800,
    1 << 112,
    5 * 10_u128.pow(33),
    10_u128.pow(34) - 1,
];
const EXPONENTS: [i32; 28] = [
    -6176, -6175, -6160, -6143, -3088, -52, -40, -39, -38, -37, -36, -35, -34, -20, -19, -18, -17, -9, 17, 18, 19, 20,
    34, 40, 3056, 6077, 6110, 6111,
];

/// One number on both sides.
#[derive(Clone)]
pub(crate) struct Operand {
    pub(crate) number: Number,
    pub(crate) bid: BID128,
    pub(crate) decimal: Decimal,
}

impl Operand {
    pub(crate) fn parse(text: &str) -> Result<Operand, NumberError> {
        let number = Number::parse(text)?;
        let bid = intel::bid128_from_string(text, RND_NEAREST_EVEN, &mut 0);
        let decimal = decimal(bid).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(number.to_string(), decimal.text(), "{text}");
        Ok(Operand { number, bid, decimal })
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (held as {:?})", self.decimal.scientific(), self.number.short_parts())
    }
}

/// A sequence of operands that its seed decides (xorshift64*).
pub(crate) struct Operands {
    state: u64,
}

impl Operands {
    pub(crate) fn new(seed: u64) -> Operands {
        Operands { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) }
    }

    /// One in so many times.
    pub(crate) fn chance(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn next(&mut self) -> Operand {
        loop {
            let sign = if self.chance(2) { "-" } else { "" };
            let coefficient = self.coefficient();
            let text = match self.below(4) {
                0 => self.plain(coefficient),
                _ => format!("{coefficient}E{}", self.exponent()),
            };
            if let Ok(operand) = Operand::parse(&format!("{sign}{text}")) {
                return self.held_otherwise(operand);
            }
        }
    }

    /// The same number, perhaps with zeros at its end, or one whose last digit differs.
    pub(crate) fn near(&mut self, operand: &Operand) -> Operand {
        let mut near = operand.decimal.clone();
        let zeros = usize::try_from(self.below(5)).unwrap();
        near.digits.push_str(&"0".repeat(zeros));
        near.exponent -= i32::try_from(zeros).unwrap();
        if self.chance(2) {
            near.digits.pop();
            near.digits.push(char::from(b'0' + self.below(10) as u8));
        }
        let near = Operand::parse(&near.scientific()).unwrap_or_else(|_| operand.clone());
        self.held_otherwise(near)
    }

    /// A scale that cuts somewhere in or near the digits of a number.
    pub(crate) fn scale(&mut self, operand: &Operand) -> i32 {
        let wide = i32::try_from(self.below(44)).unwrap() - 5;
        let scale = match self.below(3) {
            0 => i32::try_from(self.below(40)).unwrap() - 20,
            _ => -(operand.decimal.exponent + wide),
        };
        scale.clamp(-6111, 6176)
    }

    fn coefficient(&mut self) -> u128 {
        let any = u128::from(self.random()) << 64 | u128::from(self.random());
        let power = 10_u128.pow(u32::try_from(self.below(35)).unwrap());
        let coefficient = match self.below(5) {
            0 => EDGES[self.below(16) as usize] + u128::from(self.below(5)),
            1 => power + u128::from(self.below(5)),
            2 => (any % 1_000) * power,
            _ => any % power.max(10),
        };
        coefficient.saturating_sub(2)
    }

    fn exponent(&mut self) -> i32 {
        match self.below(8) {
            0 => EXPONENTS[self.below(28) as usize],
            1 => i32::try_from(self.below(12_400)).unwrap() - 6_200,
            2 | 3 => i32::try_from(self.below(60)).unwrap() - 30,
            _ => i32::try_from(self.below(6)).unwrap() - 5,
        }
    }

    /// A coefficient with a point somewhere in it.
    fn plain(&mut self, coefficient: u128) -> String {
        let places = usize::try_from(self.below(25)).unwrap();
        let digits = format!("{coefficient:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }

    /// The same number as computing leaves it, with zeros at its end.
    fn held_otherwise(&mut self, mut operand: Operand) -> Operand {
        let places = self.below(4) as u8;
        let one = Number::from_units(10_i64.pow(u32::from(places)), places);
        operand.number = operand.number.checked_mul(one).unwrap();
        operand
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random() % limit
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}
