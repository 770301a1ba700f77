//! What `.name` reads from values that are no contexts (DMN 1.5, table 65).

use crate::{Date, DaysDuration, Range, Time, Value, Zone};

impl Value {
    /// A property of a date, time, duration or range by its FEEL name, such as `year`, `time offset` or `start
    /// included`; `None` where the kind has no such property. An entry of a context by its name.
    pub fn property(&self, name: &str) -> Option<Value> {
        match self {
            Value::Context(context) => context.get(name).cloned(),
            Value::Date(date) => of_date(*date, name),
            Value::Time(time) => of_time(*time, name),
            Value::DateTime(moment) if name == "time offset" => Some(offset(moment.offset_seconds())),
            Value::DateTime(moment) => of_date(moment.date(), name).or_else(|| of_time(moment.time(), name)),
            Value::DaysDuration(duration) => {
                let (days, hours, minutes, seconds) = duration.parts();
                match name {
                    "days" => Some(Value::from(days)),
                    "hours" => Some(Value::from(hours)),
                    "minutes" => Some(Value::from(minutes)),
                    "seconds" => Some(Value::from(seconds)),
                    _ => None,
                }
            }
            Value::MonthsDuration(duration) => match name {
                "years" => Some(Value::from(duration.parts().0)),
                "months" => Some(Value::from(duration.parts().1)),
                _ => None,
            },
            Value::Range(range) => of_range(range, name),
            _ => None,
        }
    }
}

fn of_date(date: Date, name: &str) -> Option<Value> {
    match name {
        "year" => Some(Value::from(date.year())),
        "month" => Some(Value::from(u32::from(date.month()))),
        "day" => Some(Value::from(u32::from(date.day()))),
        "weekday" => Some(Value::from(u32::from(date.weekday()))),
        _ => None,
    }
}

fn of_time(time: Time, name: &str) -> Option<Value> {
    match name {
        "hour" => Some(Value::from(u32::from(time.hour()))),
        "minute" => Some(Value::from(u32::from(time.minute()))),
        "second" => Some(Value::from(u32::from(time.second()))),
        "time offset" => Some(offset(time.zone().offset_seconds().ok().flatten())),
        "timezone" => Some(match time.zone() {
            Zone::Named(zone) => Value::text(zone.name()),
            Zone::None | Zone::Offset(_) => Value::Null,
        }),
        _ => None,
    }
}

fn offset(seconds: Option<i32>) -> Value {
    seconds.map_or(Value::Null, |seconds| Value::from(DaysDuration::from_seconds(i64::from(seconds))))
}

fn of_range(range: &Range, name: &str) -> Option<Value> {
    match name {
        "start" => Some(range.low.clone()),
        "end" => Some(range.high.clone()),
        "start included" => Some(Value::from(range.low_closed)),
        "end included" => Some(Value::from(range.high_closed)),
        _ => None,
    }
}
