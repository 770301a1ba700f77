//! Properties of dates, times and durations that are numbers.

use super::code::Property;

static KNOWN: [&str; 13] = [
    "year", "month", "day", "weekday", "hour", "minute", "second", "days", "hours", "minutes", "seconds", "years",
    "months",
];

/// The property of a name.
pub(super) fn known(name: &str) -> Option<Property> {
    KNOWN.iter().find(|known| **known == name)
}
