//! Decimal digits written eight at a time, in one machine word.

/// The digit 0 in all eight places.
const ZEROS: u64 = 0x3030_3030_3030_3030;
/// One more than the largest number of eight digits.
pub(crate) const EIGHT_DIGITS: u64 = 100_000_000;

/// The eight digits of a number below 10^8 in ASCII, with zeros before them.
#[inline]
pub(crate) fn eight_digits(value: u64) -> [u8; 8] {
    (word(value) | ZEROS).to_le_bytes()
}

/// Appends the digits of a whole number.
#[inline]
pub(crate) fn write_whole(out: &mut Vec<u8>, value: u64) {
    if value >= EIGHT_DIGITS {
        write_whole_long(out, value);
    } else {
        let word = word(value);
        let zeros = (word.trailing_zeros() / 8).min(7);
        append(out, (word | ZEROS) >> zeros.wrapping_mul(8), 8_u32.wrapping_sub(zeros));
    }
}

/// Appends the digits after a point, `value / 10^places`, without zeros at their end; 1 to 8 places.
#[inline]
pub(crate) fn write_fraction(out: &mut Vec<u8>, value: u64, places: u8) {
    let word = word(value) >> 8_u32.saturating_sub(u32::from(places)).wrapping_mul(8);
    append(out, word | ZEROS, 8_u32.wrapping_sub(word.leading_zeros() / 8));
}

#[inline(never)]
fn write_whole_long(out: &mut Vec<u8>, value: u64) {
    write_whole(out, value / EIGHT_DIGITS);
    append(out, word(value % EIGHT_DIGITS) | ZEROS, 8);
}

/// Appends the first bytes of a word, up to eight, by way of all eight: a copy of known length is the cheapest.
#[inline]
fn append(out: &mut Vec<u8>, word: u64, count: u32) {
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(out.len().wrapping_sub(8_u32.wrapping_sub(count) as usize));
}

/// The digits of a number below 10^8, the first in the lowest byte: halves, then quarters, then eighths of the word are
/// divided side by side. 10486 / 2^20 is a hundredth for what is below 10 000, 103 / 2^10 a tenth below 100.
#[inline]
fn word(value: u64) -> u64 {
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007F_0000_007F;
    let quarters = hundreds | (halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16);
    let tens = (quarters.wrapping_mul(103) >> 10) & 0x000F_000F_000F_000F;
    tens | (quarters.wrapping_sub(tens.wrapping_mul(10)) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_that_the_standard_library_writes() {
        let edges = (0..=20).map(|power| 10_u64.saturating_pow(power));
        let edges = edges.flat_map(|edge| [edge.saturating_sub(1), edge, edge.saturating_add(1)]);
        let spread = (0..20_000_u64).map(|step| step.saturating_mul(4_999));
        for value in edges.chain(spread) {
            let mut out = Vec::new();
            write_whole(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
            if value >= EIGHT_DIGITS {
                continue;
            }
            assert_eq!(eight_digits(value).as_slice(), format!("{value:08}").as_bytes());
            for places in (1..=8_u8).filter(|places| value > 0 && value < 10_u64.pow(u32::from(*places))) {
                let mut out = Vec::new();
                write_fraction(&mut out, value, places);
                let padded = format!("{value:0>width$}", width = usize::from(places));
                assert_eq!(out, padded.trim_end_matches('0').as_bytes());
            }
        }
    }
}
