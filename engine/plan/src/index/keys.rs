//! Values of ordered kinds as whole numbers of 64 bits in the same order.

use dictamen_value::{DateTime, Number, Time};

use super::probe::{Kind, Probe};

/// The greatest key that is not greater than a value, and whether it is the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) floor: i64,
    pub(super) exact: bool,
}

/// More decimals than any figure of a law; columns with more have no keys.
const SCALE_MAX: i32 = 18;
const NANOS_PER_SECOND: i128 = 1_000_000_000;
const NANOS_PER_DAY: i128 = 86_400 * NANOS_PER_SECOND;

/// The key of a number in units of `10^-scale`. Numbers beyond those of 64 bits lie beyond every cut.
#[inline]
pub(super) fn of_number(number: Number, scale: i32) -> Key {
    match number.units_at(scale) {
        Some((floor, exact)) => Key { floor, exact },
        None if number.is_negative() => Key { floor: i64::MIN, exact: false },
        None => Key { floor: i64::MAX, exact: false },
    }
}

/// The key of a value of a kind that is no number; `None` where it is of another kind. Lengths of time and moments have it in
/// seconds of `scale` decimals, of which there are 0 or 9.
pub(super) fn of_probe(probe: Probe<'_>, kind: Kind, scale: i32) -> Option<Key> {
    if probe.kind() != Some(kind) {
        return None;
    }
    match probe {
        Probe::Date(date) => Some(exact(date.day_number())),
        Probe::Months(duration) => Some(exact(duration.months())),
        Probe::Days(duration) => Some(of_nanos(duration.total_nanos(), scale)),
        Probe::Time(time) => Some(of_nanos(time_nanos(time)?, scale)),
        Probe::DateTime(moment) => Some(of_nanos(moment_nanos(moment), scale)),
        _ => None,
    }
}

/// The fewest decimals with which a number is a whole number of units that fits.
pub(super) fn scale_of(number: Number) -> Option<i32> {
    (0..=SCALE_MAX).find(|scale| matches!(number.units_at(*scale), Some((_, true))))
}

/// The key of a value that is a whole number.
#[inline]
pub(super) fn exact(key: i64) -> Key {
    Key { floor: key, exact: true }
}

fn of_nanos(nanos: i128, scale: i32) -> Key {
    let (units, is_whole) = match scale {
        0 => (nanos.div_euclid(NANOS_PER_SECOND), nanos.rem_euclid(NANOS_PER_SECOND) == 0),
        _ => (nanos, true),
    };
    match i64::try_from(units) {
        Ok(floor) => Key { floor, exact: is_whole },
        Err(_) => Key { floor: if nanos < 0 { i64::MIN } else { i64::MAX }, exact: false },
    }
}

fn time_nanos(time: Time) -> Option<i128> {
    let offset = time.zone().offset_seconds().ok()?.unwrap_or_default();
    Some(time.nanos_of_day().saturating_sub(i128::from(offset).saturating_mul(NANOS_PER_SECOND)))
}

fn moment_nanos(moment: DateTime) -> i128 {
    let local = || i128::from(moment.date().day_number()).saturating_mul(NANOS_PER_DAY);
    moment.instant().unwrap_or_else(|| local().saturating_add(moment.time().nanos_of_day()))
}
