//! Dates, times, and lengths of time (DMN 1.5, clauses 10.3.2.3.4 to 10.3.2.3.8), without any clock.

mod date;
mod date_time;
mod durations;
mod error;
mod text;
mod time;
mod zone;
mod zone_rules;

pub use date::Date;
pub use date_time::DateTime;
pub use durations::{DaysDuration, MonthsDuration};
pub use error::{TemporalError, TemporalKind};
pub use time::Time;
pub use zone::{Zone, ZoneName};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const NANOS_PER_DAY: i128 = 86_400 * NANOS_PER_SECOND;
