//! Dates, times and durations: reading and writing, the calendar, arithmetic, and what is refused and why.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

use std::cmp::Ordering;
use std::str::FromStr;

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, TemporalError, Time, Zone};
use proptest::prelude::*;

const VECTORS: &str = include_str!("dates/vectors.tsv");
const ZONE_VECTORS: &str = include_str!("zones/vectors.tsv");

fn read<T: FromStr<Err = TemporalError>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn date(text: &str) -> Date {
    read(text)
}

fn time(text: &str) -> Time {
    read(text)
}

fn moment(text: &str) -> DateTime {
    read(text)
}

fn days(text: &str) -> DaysDuration {
    read(text)
}

fn months(text: &str) -> MonthsDuration {
    read(text)
}

fn assert_written<T: FromStr<Err = TemporalError> + ToString>(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let value: T = read(text);
        assert_eq!(value.to_string(), *expected, "{text}");
        assert_eq!(read::<T>(expected).to_string(), *expected);
    }
}

fn assert_refused<T: FromStr<Err = TemporalError> + ToString>(cases: &[(&str, &str)]) {
    for (text, reason) in cases {
        match text.parse::<T>() {
            Ok(value) => panic!("{text} was read as {}", value.to_string()),
            Err(error) => {
                let message = error.message();
                assert!(message.es.contains(reason), "{text}: «{}» does not say «{reason}»", message.es);
                assert!(!message.en.is_empty() && message.en != message.es);
            }
        }
    }
}

#[test]
fn the_calendar_agrees_with_another_one() {
    assert!(VECTORS.lines().count() > 300);
    for line in VECTORS.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, day_number, weekday, day_of_year, week] = columns[..] else { panic!("{line}") };
        let date = date(text);
        let found = (date.day_number(), date.weekday(), date.day_of_year(), date.iso_week());
        let expected = (
            day_number.parse().unwrap(),
            weekday.parse().unwrap(),
            day_of_year.parse().unwrap(),
            week.parse().unwrap(),
        );
        assert_eq!(found, expected, "{text}");
        assert_eq!(Date::from_day_number(found.0), Ok(date));
        assert_eq!(date.to_string(), text);
    }
}

#[test]
fn each_day_follows_the_one_before_across_eras() {
    let start = date("-0401-12-30").day_number();
    let mut before = Date::from_day_number(start).unwrap();
    for number in start + 1..start + 300_000 {
        let day = Date::from_day_number(number).unwrap();
        assert_eq!(day.day_number(), number);
        let same_month = (day.year(), day.month()) == (before.year(), before.month());
        assert!(same_month && day.day() == before.day() + 1 || !same_month && day.day() == 1 && before.day() >= 28);
        assert!(day > before);
        before = day;
    }
}

#[test]
fn dates_are_written_as_they_are_read() {
    assert_written::<Date>(&[
        ("2026-01-31", "2026-01-31"),
        ("0001-01-01", "0001-01-01"),
        ("0000-02-29", "0000-02-29"),
        ("-0044-03-15", "-0044-03-15"),
        ("12026-01-01", "12026-01-01"),
        ("999999999-12-31", "999999999-12-31"),
        ("-999999999-01-01", "-999999999-01-01"),
        ("2000-02-29", "2000-02-29"),
    ]);
    assert_refused::<Date>(&[
        ("", "se esperaba año-mes-día"),
        ("2026-1-31", "se esperaba año-mes-día"),
        ("26-01-31", "se esperaba año-mes-día"),
        ("02026-01-31", "se esperaba año-mes-día"),
        ("2026/01/31", "se esperaba año-mes-día"),
        ("2026-01-31T", "se esperaba año-mes-día"),
        ("+2026-01-31", "se esperaba año-mes-día"),
        ("2026-01-31 ", "se esperaba año-mes-día"),
        ("2026-13-01", "el mes 13 no existe"),
        ("2026-00-01", "el mes 0 no existe"),
        ("2026-02-29", "febrero de 2026 tiene 28 días"),
        ("2024-02-30", "febrero de 2024 tiene 29 días"),
        ("1900-02-29", "febrero de 1900 tiene 28 días"),
        ("2026-04-31", "abril de 2026 tiene 30 días"),
        ("2026-01-00", "no existe el día 0"),
        ("1000000000-01-01", "el año debe estar entre"),
        ("99999999999999999999-01-01", "el año debe estar entre"),
    ]);
}

#[test]
fn times_are_written_as_they_are_read() {
    assert_written::<Time>(&[
        ("14:30:00", "14:30:00"),
        ("00:00:00Z", "00:00:00Z"),
        ("00:00:00z", "00:00:00Z"),
        ("11:22:33+00:00", "11:22:33Z"),
        ("11:22:33-00:00", "11:22:33Z"),
        ("23:59:59.999999999-05:00", "23:59:59.999999999-05:00"),
        ("10:00:00.500", "10:00:00.5"),
        ("10:00:00.000", "10:00:00"),
        ("11:59:45+02:45:55", "11:59:45+02:45:55"),
        ("10:00:00+18:00", "10:00:00+18:00"),
        ("10:00:00@America/Bogota", "10:00:00@America/Bogota"),
        ("10:00:00@europe/paris", "10:00:00@Europe/Paris"),
        ("10:00:00@Etc/UTC", "10:00:00@Etc/UTC"),
        ("24:00:00", "00:00:00"),
        ("24:00:00.000-05:00", "00:00:00-05:00"),
    ]);
    assert_refused::<Time>(&[
        ("", "no es una hora"),
        ("7:00:00", "no es una hora"),
        ("07:00", "no es una hora"),
        ("07:1:00", "no es una hora"),
        ("T07:00:00", "no es una hora"),
        ("07:00:00.", "no es una hora"),
        ("07:00:00 Z", "no es una hora"),
        ("07:00:00+5", "no es una hora"),
        ("07:00:00+5:00", "no es una hora"),
        ("13:20:00+02:00@Europe/Paris", "no es una hora"),
        ("24:00:01", "la hora debe estar entre"),
        ("24:00:00.1", "la hora debe estar entre"),
        ("23:60:00", "la hora debe estar entre"),
        ("23:59:60", "la hora debe estar entre"),
        ("07:00:00.1234567890", "nueve decimales"),
        ("07:00:00+18:01", "el desfase"),
        ("07:00:00-19:00", "el desfase"),
        ("07:00:00+02:60", "el desfase"),
        ("07:00:00@xyz/abc", "no existe la zona horaria «xyz/abc»"),
        ("07:00:00@", "no existe la zona horaria"),
    ]);
}

#[test]
fn dates_with_times_are_written_as_they_are_read() {
    assert_written::<DateTime>(&[
        ("2026-01-31T14:30:00-05:00", "2026-01-31T14:30:00-05:00"),
        ("2026-01-31T14:30:00.250Z", "2026-01-31T14:30:00.25Z"),
        ("-0001-12-31T00:00:00", "-0001-12-31T00:00:00"),
        ("2018-12-08T10:30:11@Australia/Melbourne", "2018-12-08T10:30:11@Australia/Melbourne"),
        ("2019-03-31T02:30:00@Europe/Paris", "2019-03-31T02:30:00@Europe/Paris"),
        ("2021-12-31T24:00:00", "2022-01-01T00:00:00"),
        ("2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z"),
        ("-999999999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z"),
    ]);
    assert_refused::<DateTime>(&[
        ("2026-01-31", "no es una fecha con hora"),
        ("2026-01-31 14:30:00", "no es una fecha con hora"),
        ("2026-01-31T", "no es una fecha con hora"),
        ("2026-02-30T14:30:00", "febrero de 2026 tiene 28 días"),
        ("2026-01-31T25:00:00", "la hora debe estar entre"),
        ("999999999-12-31T24:00:00", "fuera del rango"),
    ]);
}

#[test]
fn durations_have_one_canonical_form() {
    assert_written::<DaysDuration>(&[
        ("P1DT2H", "P1DT2H"),
        ("PT24H", "P1D"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("-PT1H2M", "-PT1H2M"),
        ("P0D", "PT0S"),
        ("-PT0S", "PT0S"),
        ("PT3600S", "PT1H"),
        ("-PT0.5S", "-PT0.5S"),
        ("-P1DT0.5S", "-P1DT0.5S"),
        ("PT0.S", "PT0S"),
        ("P106751991167DT0S", "P106751991167D"),
    ]);
    assert_written::<MonthsDuration>(&[
        ("P1Y2M", "P1Y2M"),
        ("P26M", "P2Y2M"),
        ("P0Y", "P0M"),
        ("-P100M", "-P8Y4M"),
        ("P999999999M", "P83333333Y3M"),
        ("P1Y", "P1Y"),
        ("P11M", "P11M"),
    ]);
    assert_refused::<DaysDuration>(&[
        ("", "no es una duración en días"),
        ("P", "no es una duración en días"),
        ("PT", "no es una duración en días"),
        ("P1DT", "no es una duración en días"),
        ("1D", "no es una duración en días"),
        ("P1H", "no es una duración en días"),
        ("PT1M1H", "no es una duración en días"),
        ("PT1H1H", "no es una duración en días"),
        ("PT1.5H", "no es una duración en días"),
        ("P1.5D", "no es una duración en días"),
        ("P1Y", "no es una duración en días"),
        ("P-1D", "no es una duración en días"),
        ("P999999999999999999999D", "fuera del rango"),
        ("PT0.1234567891S", "nueve decimales"),
    ]);
    assert_refused::<MonthsDuration>(&[
        ("P", "no es una duración en meses"),
        ("P1M1Y", "no es una duración en meses"),
        ("P1Y1", "no es una duración en meses"),
        ("P1D", "no es una duración en meses"),
        ("P1Y1D", "no es una duración en meses"),
        ("P1.5Y", "no es una duración en meses"),
        ("P999999999999999999Y", "fuera del rango"),
    ]);
}

#[test]
fn parts_carry_the_sign_of_the_whole() {
    assert_eq!(days("-P1DT2H3M4.5S").parts(), (-1, -2, -3, -4));
    assert_eq!(days("-P1DT2H3M4.5S").seconds(), -93_785);
    assert_eq!(days("-P1DT2H3M4.5S").total_seconds().to_string(), "-93784.5");
    assert_eq!(months("-P1Y2M").parts(), (-1, -2));
}

#[test]
fn months_move_dates_to_the_last_day_at_most() {
    for (start, duration, expected) in [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2026-03-31", "-P1M", "2026-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-12-15", "P1M", "2027-01-15"),
        ("2026-01-15", "-P1M", "2025-12-15"),
        ("0000-01-01", "-P1M", "-0001-12-01"),
    ] {
        assert_eq!(date(start).add_months(months(duration)), Ok(date(expected)), "{start} + {duration}");
    }
    assert_eq!(date("999999999-12-31").add_months(months("P1M")), Err(TemporalError::Overflow));
    assert_eq!(date("2026-01-01").add_months(MonthsDuration::from_months(i64::MAX)), Err(TemporalError::Overflow));
}

#[test]
fn whole_months_between_dates_count_towards_zero() {
    for (from, to, expected) in [
        ("2011-12-22", "2013-08-24", "P1Y8M"),
        ("2011-12-24", "2013-08-22", "P1Y7M"),
        ("2013-08-24", "2011-12-22", "-P1Y8M"),
        ("2026-01-31", "2026-02-28", "P0M"),
        ("2026-02-28", "2026-01-31", "P0M"),
        ("2026-01-15", "2026-01-15", "P0M"),
    ] {
        assert_eq!(date(to).months_since(date(from)), months(expected), "{from} to {to}");
    }
    let moments = (moment("2015-12-24T00:00:01-01:00"), moment("2016-12-24T23:59:00-08:00"));
    assert_eq!(moments.1.months_since(moments.0), Ok(months("P1Y")));
    let moments = (moment("2026-01-15T10:00:00"), moment("2026-02-15T09:59:59"));
    assert_eq!(moments.1.months_since(moments.0), Ok(months("P0M")));
    assert_eq!(moments.0.months_since(moments.1), Ok(months("P0M")));
}

#[test]
fn durations_move_dates_and_times() {
    assert_eq!(date("2026-01-31").add_duration(days("PT23H")), Ok(date("2026-01-31")));
    assert_eq!(date("2026-01-31").add_duration(days("PT24H")), Ok(date("2026-02-01")));
    assert_eq!(date("2026-01-31").add_duration(days("-PT1S")), Ok(date("2026-01-30")));
    assert_eq!(date("999999999-12-31").add_days(1), Err(TemporalError::Overflow));
    assert_eq!(date("2026-01-01").add_days(i64::MAX), Err(TemporalError::Overflow));
    assert_eq!(time("23:30:00-05:00").add_duration(days("PT1H")), Ok(time("00:30:00-05:00")));
    assert_eq!(time("00:00:00").add_duration(days("-PT0.5S")), Ok(time("23:59:59.5")));
    let late = moment("2026-12-31T23:59:59.5Z");
    assert_eq!(late.add_duration(days("PT0.5S")), Ok(moment("2027-01-01T00:00:00Z")));
    assert_eq!(late.add_months(months("P2M")), Ok(moment("2027-02-28T23:59:59.5Z")));
    assert_eq!(date("2026-03-01").since(date("2026-02-01")), days("P28D"));
    let span = moment("2016-12-24T23:59:00-08:00").since(moment("2015-12-24T00:00:01-01:00"));
    assert_eq!(span, Ok(days("P367DT6H58M59S")));
}

#[test]
fn moments_are_compared_where_both_have_an_offset_or_neither() {
    use Ordering::{Equal, Greater, Less};
    for (left, right, expected) in [
        ("10:00:00Z", "11:00:00+01:00", Some(Equal)),
        ("10:00:00Z", "10:00:00-05:00", Some(Less)),
        ("10:00:00", "09:59:59.999", Some(Greater)),
        ("10:00:00", "10:00:00Z", None),
        ("10:00:00@Etc/UTC", "10:00:00Z", Some(Equal)),
        ("10:00:00@Etc/GMT+5", "10:00:00-05:00", Some(Equal)),
        ("10:00:00@America/Bogota", "15:00:00Z", Some(Equal)),
        ("10:00:00@Europe/Paris", "10:00:00Z", None),
        ("10:00:00@Europe/Paris", "11:00:00@Europe/Paris", Some(Less)),
    ] {
        assert_eq!(time(left).compare(time(right)), expected, "{left} {right}");
    }
    for (left, right, expected) in [
        ("2026-01-01T10:00:00Z", "2026-01-01T11:00:00+01:00", Some(Equal)),
        ("2026-01-01T10:00:00", "2026-01-01T09:59:59.999", Some(Greater)),
        ("2026-01-01T10:00:00", "2026-01-01T10:00:00Z", None),
        ("2026-01-01T10:00:00", "2026-01-01T10:00:00@Etc/UTC", None),
        ("2026-01-01T10:00:00@America/Bogota", "2026-01-01T10:00:00-05:00", Some(Equal)),
        ("2026-01-01T10:00:00@Europe/Paris", "2026-01-01T10:00:00+01:00", Some(Equal)),
        ("2026-07-01T10:00:00@Europe/Paris", "2026-07-01T10:00:00+01:00", Some(Less)),
        ("2026-07-01T10:00:00@Europe/Paris", "2026-07-01T03:00:00@America/Bogota", Some(Equal)),
    ] {
        assert_eq!(moment(left).compare(moment(right)), expected, "{left} {right}");
    }
    assert_eq!(time("10:00:00").since(time("10:00:00Z")), Err(TemporalError::MixedZones));
    let unknown = time("10:00:00@Europe/Paris").since(time("10:00:00Z"));
    assert_eq!(unknown, Err(TemporalError::ZoneWithoutOffset("Europe/Paris")));
    assert_eq!(moment("1970-01-01T01:00:00+01:00").instant(), Some(0));
    assert_eq!(moment("1970-01-01T01:00:00").instant(), None);
    assert_eq!(DateTime::from_instant(-1), Ok(moment("1969-12-31T23:59:59.999999999Z")));
}

#[test]
fn zones_have_the_offsets_of_the_iana_database() {
    let mut count = 0;
    for line in ZONE_VECTORS.lines() {
        let mut columns = line.split('\t');
        let (local, zone, offset) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        let moment = moment(&format!("{local}@{zone}"));
        assert_eq!(moment.offset_seconds(), Some(offset.parse().unwrap()), "{moment}");
        count += 1;
    }
    assert!(count > 400);
}

/// In Paris, clocks went from 2:00 to 3:00 on 2019-03-31 and from 3:00 back to 2:00 on 2019-10-27.
#[test]
fn clocks_that_change_show_in_moments_and_durations() {
    for (from, duration, to) in [
        ("2019-03-31T01:30:00@Europe/Paris", "PT1H", "2019-03-31T03:30:00@Europe/Paris"),
        ("2019-03-31T03:30:00@Europe/Paris", "-PT1H", "2019-03-31T01:30:00@Europe/Paris"),
        ("2019-03-31T02:30:00@Europe/Paris", "PT1H", "2019-03-31T04:30:00@Europe/Paris"),
        ("2019-03-31T02:30:00@Europe/Paris", "PT0S", "2019-03-31T03:30:00@Europe/Paris"),
        ("2019-03-30T12:00:00@Europe/Paris", "P1D", "2019-03-31T13:00:00@Europe/Paris"),
        ("2019-10-27T02:30:00@Europe/Paris", "PT2H", "2019-10-27T03:30:00@Europe/Paris"),
        ("2019-10-26T12:00:00@Europe/Paris", "P1D", "2019-10-27T11:00:00@Europe/Paris"),
        ("-2021-01-01T10:10:10@Australia/Melbourne", "-P1D", "-2022-12-31T10:10:10@Australia/Melbourne"),
        ("999999998-07-01T00:00:00@Europe/Paris", "P184D", "999999998-12-31T23:00:00@Europe/Paris"),
    ] {
        assert_eq!(moment(from).add_duration(days(duration)), Ok(moment(to)), "{from} {duration}");
    }
    for (from, to, expected) in [
        ("2019-03-31T00:00:00@Europe/Paris", "2019-04-01T00:00:00@Europe/Paris", "PT23H"),
        ("2019-10-27T00:00:00@Europe/Paris", "2019-10-28T00:00:00@Europe/Paris", "P1DT1H"),
        ("2021-01-01T10:10:10@Asia/Dhaka", "2021-01-02T10:10:10@Europe/Paris", "P1DT5H"),
        ("2021-01-01T00:00:00Z", "2021-01-02T10:10:10@Europe/Paris", "P1DT9H10M10S"),
    ] {
        assert_eq!(moment(to).since(moment(from)), Ok(days(expected)), "{from} {to}");
    }
    let noon = moment("2019-07-01T12:00:00@Europe/Paris");
    assert_eq!(noon.in_zone(Zone::named("America/Bogota").unwrap()), Ok(moment("2019-07-01T05:00:00@America/Bogota")));
    assert_eq!(noon.in_zone(Zone::UTC), Ok(moment("2019-07-01T10:00:00Z")));
    assert_eq!(moment("2019-07-01T12:00:00").in_zone(Zone::UTC), Ok(moment("2019-07-01T12:00:00Z")));
    assert_eq!(Zone::database_release(), "2026e");
}

#[test]
fn durations_are_scaled_and_divided() {
    let number = |text| Number::parse(text).unwrap();
    assert_eq!(days("P1D").multiply(number("1.5")), Ok(days("P1DT12H")));
    assert_eq!(days("PT1S").divide(number("3")), Ok(days("PT0.333333333S")));
    assert_eq!(days("P1D").divide(Number::ZERO), Err(TemporalError::DivisionByZero));
    assert_eq!(days("P1D").ratio(days("PT8H")), Ok(number("3")));
    assert_eq!(days("P1D").ratio(days("PT0S")), Err(TemporalError::DivisionByZero));
    assert_eq!(days("P106751991167D").multiply(number("10000")), Err(TemporalError::Overflow));
    assert_eq!(months("P1Y").multiply(number("1.5")), Ok(months("P1Y6M")));
    assert_eq!(months("P1Y").divide(number("-5")), Ok(months("-P2M")));
    assert_eq!(months("P1Y").ratio(months("P5M")), Ok(number("2.4")));
    assert_eq!(months("P1Y").checked_add(MonthsDuration::from_months(i64::MAX)), Err(TemporalError::Overflow));
    assert_eq!(MonthsDuration::from_months(i64::MIN).negate(), Err(TemporalError::Overflow));
    assert_eq!(DaysDuration::from_seconds(i64::MIN).negate(), Err(TemporalError::Overflow));
}

fn any_zone() -> impl Strategy<Value = Zone> {
    let named = prop_oneof![Just("Europe/Paris"), Just("America/Bogota"), Just("Zulu"), Just("Africa/Abidjan")];
    prop_oneof![
        Just(Zone::None),
        (-64_800_i32..=64_800).prop_map(|seconds| Zone::offset(seconds).unwrap()),
        named.prop_map(|name| Zone::named(name).unwrap())
    ]
}

fn any_moment() -> impl Strategy<Value = DateTime> {
    let days = prop_oneof![-1_000_000_i64..1_000_000, -365_000_000_000_i64..365_000_000_000];
    (days, 0_u8..24, 0_u8..60, 0_u8..60, 0_u32..1_000_000_000, any_zone()).prop_map(
        |(day, hour, minute, second, nanos, zone)| {
            let time = Time::new(hour, minute, second, nanos, zone).unwrap();
            DateTime::new(Date::from_day_number(day).unwrap(), time)
        },
    )
}

proptest! {
    #[test]
    fn text_round_trips(moment in any_moment(), nanos in any::<i64>(), count in any::<i64>()) {
        prop_assert_eq!(DateTime::parse(&moment.to_string()), Ok(moment));
        prop_assert_eq!(Date::parse(&moment.date().to_string()), Ok(moment.date()));
        prop_assert_eq!(Time::parse(&moment.time().to_string()), Ok(moment.time()));
        let duration = DaysDuration::from_nanos(i128::from(nanos) * 1_000).unwrap();
        prop_assert_eq!(DaysDuration::parse(&duration.to_string()), Ok(duration));
        let duration = MonthsDuration::from_months(count / 2);
        prop_assert_eq!(MonthsDuration::parse(&duration.to_string()), Ok(duration));
    }

    #[test]
    fn moving_there_and_back_changes_nothing(moment in any_moment(), nanos in -10_i128.pow(18)..10_i128.pow(18)) {
        let duration = DaysDuration::from_nanos(nanos).unwrap();
        let there = moment.add_duration(duration).unwrap();
        let back = there.add_duration(duration.negate().unwrap()).unwrap();
        // Of an hour that the clocks of a zone show twice, or not at all, only one end can be written.
        let hours = if let Zone::Named(_) = moment.zone() { 1 } else { 0 };
        let lost = back.since(moment).unwrap().seconds().abs();
        prop_assert!(lost <= hours * 3600, "{} is {}", moment, back);
        let moved = there.since(moment).unwrap().checked_sub(duration).unwrap();
        prop_assert!(moved.seconds().abs() <= hours * 3600, "{} is {}", moment, there);
    }

    #[test]
    fn order_of_moments_is_that_of_instants(left in any_moment(), right in any_moment()) {
        if let (Some(first), Some(second)) = (left.instant(), right.instant()) {
            prop_assert_eq!(left.compare(right), Some(first.cmp(&second)));
            prop_assert_eq!(DateTime::from_instant(first).unwrap().compare(left), Some(Ordering::Equal));
        }
    }

    #[test]
    fn reading_never_panics(text in "[-+PT0-9YMDHSZ:.@/a-z]{0,24}") {
        let _ = (Date::parse(&text), Time::parse(&text), DateTime::parse(&text));
        let _ = (DaysDuration::parse(&text), MonthsDuration::parse(&text), Number::parse(&text));
    }
}
