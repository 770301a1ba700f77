//! Versions of rulesets and which of them holds on a day, as known at a moment: dates alone, no files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dictamen_value::{Date, DateTime};

/// The dates that choose versions and values: the day as of which is decided, and the moment as known at which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// The day as of which is decided.
    pub as_of: Date,
    /// The moment as known at which is decided; it has an offset.
    pub known_at: DateTime,
}

/// One version of a ruleset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Version {
    /// Its file, by position in the catalogue.
    pub(crate) file: usize,
    /// Its name: what the header says, or else its first day in force, or else `1`.
    pub(crate) label: Arc<str>,
    /// First day in force; always where `None`.
    pub(crate) from: Option<Date>,
    /// Last day in force; for ever where `None`.
    pub(crate) to: Option<Date>,
    /// Day from whose first instant (UTC) it is known; always where `None`.
    pub(crate) published: Option<Date>,
    /// Rulesets that it imports.
    pub(crate) imports: Vec<Arc<str>>,
}

/// A ruleset with the versions of all that it imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Closure {
    /// Files: the root's first, then those of imports, each once, in the order in which they are met.
    pub(crate) files: Vec<usize>,
    /// Imports that have no version in force then, with the file that imports them.
    pub(crate) missing: Vec<(Arc<str>, usize)>,
}

/// All versions, by ruleset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    by_id: BTreeMap<Arc<str>, Vec<Version>>,
    positions: foldhash::HashMap<Arc<str>, usize>,
}

/// Days and moments at which some version starts or ceases to hold, in order: between two of them every choice is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct TurningPoints {
    days: Vec<Date>,
    moments: Vec<i128>,
}

/// How many combinations of dates are looked through for closures of one version.
const COMBINATIONS_MAX: usize = 4_096;

impl Version {
    fn is_known(&self, known_at: &DateTime) -> bool {
        let first = |day| DateTime::at_midnight_utc(day).instant();
        self.published.is_none_or(|day| first(day) <= known_at.instant())
    }

    fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Its name and days, for people: `2026.1 (2026-01-01 … -)`.
    pub(crate) fn in_words(&self) -> String {
        let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let published = self.published.map(|day| format!("; {day}")).unwrap_or_default();
        format!("{} ({} … {}{published})", self.label, day(self.from), day(self.to))
    }

    /// Whether there is a day on which both are in force.
    pub(crate) fn overlaps(&self, other: &Version) -> bool {
        let starts_in_time = |start: Option<Date>, end: Option<Date>| match (start, end) {
            (Some(start), Some(end)) => start <= end,
            _ => true,
        };
        starts_in_time(self.from, other.to) && starts_in_time(other.from, self.to)
    }
}

impl TurningPoints {
    /// How many days and moments have come by then.
    pub(crate) fn before(&self, day: &Day) -> (usize, usize) {
        let instant = day.known_at.instant().unwrap_or(i128::MAX);
        let days = self.days.partition_point(|point| *point <= day.as_of);
        (days, self.moments.partition_point(|point| *point <= instant))
    }
}

impl Versions {
    /// Adds a version.
    pub(crate) fn add(&mut self, id: &Arc<str>, version: Version) {
        let next = self.positions.len();
        self.positions.entry(id.clone()).or_insert(next);
        self.by_id.entry(id.clone()).or_default().push(version);
    }

    /// Rulesets with their versions, in order of their identifiers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[Version])> {
        self.by_id.iter().map(|(id, versions)| (id, versions.as_slice()))
    }

    /// The versions of a ruleset; none where it does not exist.
    pub(crate) fn of(&self, id: &str) -> &[Version] {
        self.by_id.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of a ruleset, which stays while no other is added.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// The version that holds: of those known and in force, the one that started last, and among equals the one published last.
    pub(crate) fn choose(&self, id: &str, day: &Day) -> Option<&Version> {
        let holding =
            self.of(id).iter().filter(|version| version.is_known(&day.known_at) && version.is_in_force(day.as_of));
        holding.max_by_key(|version| (version.from, version.published))
    }

    /// A version with all that it imports, directly or not, by the same dates.
    pub(crate) fn closure(&self, id: &str, root: &Version, day: &Day) -> Closure {
        let mut closure = Closure { files: vec![root.file], missing: Vec::new() };
        let mut met = BTreeSet::from([id]);
        let mut waiting = vec![root];
        while let Some(version) = waiting.pop() {
            for import in &version.imports {
                if !met.insert(import) {
                    continue;
                }
                match self.choose(import, day) {
                    Some(found) => {
                        closure.files.push(found.file);
                        waiting.push(found);
                    }
                    None => closure.missing.push((import.clone(), version.file)),
                }
            }
        }
        closure
    }

    /// The points between which nothing changes.
    pub(crate) fn turning_points(&self) -> TurningPoints {
        let all = || self.by_id.values().flatten();
        let ends = |version: &Version| version.to.and_then(|day| day.add_days(1).ok());
        let days: BTreeSet<Date> = all().flat_map(|version| [version.from, ends(version)]).flatten().collect();
        let published = all().filter_map(|version| DateTime::at_midnight_utc(version.published?).instant());
        let moments: BTreeSet<i128> = published.collect();
        TurningPoints { days: days.into_iter().collect(), moments: moments.into_iter().collect() }
    }

    /// Every closure that a version has on some day on which it is the one chosen, with a day for each.
    pub(crate) fn closures(&self, id: &str, root: &Version) -> Vec<(Closure, Day)> {
        let reachable = self.reachable(id, root);
        let mut found: Vec<(Closure, Day)> = Vec::new();
        for day in days(root, &reachable).into_iter().take(COMBINATIONS_MAX) {
            if self.choose(id, &day) != Some(root) {
                continue;
            }
            let closure = self.closure(id, root, &day);
            if !found.iter().any(|(known, _)| *known == closure) {
                found.push((closure, day));
            }
        }
        found
    }

    /// All versions of all rulesets that a version may ever import, and those of its own ruleset, which may hide it.
    fn reachable<'a>(&'a self, id: &str, root: &'a Version) -> Vec<&'a Version> {
        let mut met = BTreeSet::new();
        let mut found = vec![root];
        let mut next = 0;
        while let Some(version) = found.get(next).copied() {
            next = next.saturating_add(1);
            for import in &version.imports {
                if met.insert(import) {
                    found.extend(self.of(import));
                }
            }
        }
        found.extend(self.of(id));
        found
    }
}

/// The days on which something may change, crossed with the moments at which something may become known: the latest first.
fn days(root: &Version, reachable: &[&Version]) -> Vec<Day> {
    let next_day = |day: Date| day.add_days(1).ok();
    let starts = reachable.iter().filter_map(|version| version.from);
    let ends = reachable.iter().filter_map(|version| version.to.and_then(next_day));
    let mut as_of: BTreeSet<Date> = starts.chain(ends).filter(|day| root.is_in_force(*day)).collect();
    as_of.extend(root.from.or_else(|| day_before(&as_of)));
    let mut known: BTreeSet<Date> = reachable.iter().filter_map(|version| version.published).collect();
    known.extend(root.published.or_else(|| day_before(&known)));
    let known: Vec<DateTime> = known.into_iter().rev().map(DateTime::at_midnight_utc).collect();
    let cross = |as_of: Date| known.iter().map(move |known_at| Day { as_of, known_at: *known_at });
    as_of.into_iter().rev().flat_map(cross).collect()
}

/// The day before all others; any day where there are none.
fn day_before(days: &BTreeSet<Date>) -> Option<Date> {
    match days.first() {
        Some(day) => day.add_days(-1).ok(),
        None => Date::from_day_number(0).ok(),
    }
}

#[cfg(test)]
mod tests {
    use dictamen_value::DaysDuration;
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Option<Date> {
        Date::parse(text).ok()
    }

    fn day(as_of: &str, known_at: &str) -> Day {
        Day { as_of: Date::parse(as_of).unwrap(), known_at: DateTime::parse(known_at).unwrap() }
    }

    /// `file id from to published imports…`, with `-` for what is open.
    fn versions(lines: &[&str]) -> Versions {
        let mut versions = Versions::default();
        for (file, line) in lines.iter().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let imports = words[4..].iter().map(|id| Arc::from(*id)).collect();
            let version = Version {
                file,
                label: "1".into(),
                from: date(words[1]),
                to: date(words[2]),
                published: date(words[3]),
                imports,
            };
            versions.add(&words[0].into(), version);
        }
        versions
    }

    #[test]
    fn the_version_that_started_last_among_those_known_holds() {
        let versions = versions(&[
            "r 2020-01-01 2024-12-31 2019-12-01",
            "r 2025-01-01 -          2024-12-01",
            "r 2025-01-01 -          2026-06-01",
            "r 2027-01-01 2027-12-31 2026-12-01",
        ]);
        for (as_of, known_at, expected) in [
            ("2019-12-31", "2030-01-01T00:00:00Z", None),
            ("2020-01-01", "2030-01-01T00:00:00Z", Some(0)),
            ("2020-01-01", "2019-11-30T23:59:59Z", None),
            ("2025-01-01", "2024-11-30T18:59:59-05:00", None),
            ("2025-01-01", "2024-11-30T19:00:00-05:00", Some(1)),
            ("2025-01-01", "2026-05-31T23:59:59.999Z", Some(1)),
            ("2025-01-01", "2026-06-01T00:00:00Z", Some(2)),
            ("2027-06-01", "2026-12-01T00:00:00Z", Some(3)),
            ("2028-01-01", "2026-12-01T00:00:00Z", Some(2)),
        ] {
            let chosen = versions.choose("r", &day(as_of, known_at)).map(|version| version.file);
            assert_eq!(chosen, expected, "{as_of} {known_at}");
        }
    }

    #[test]
    fn imports_follow_the_same_dates_and_every_closure_is_found() {
        let versions = versions(&[
            "root 2024-01-01 - - a",
            "a    2024-01-01 2024-12-31 - b",
            "a    2025-01-01 - - b",
            "b    2023-01-01 - 2022-12-01 root",
            "b    2025-01-01 - 2025-06-01",
        ]);
        let root = &versions.of("root")[0];
        let files = |as_of, known_at| versions.closure("root", root, &day(as_of, known_at)).files;
        assert_eq!(files("2024-05-01", "2030-01-01T00:00:00Z"), [0, 1, 3]);
        assert_eq!(files("2025-05-01", "2025-05-31T00:00:00Z"), [0, 2, 3]);
        assert_eq!(files("2025-05-01", "2025-06-01T00:00:00Z"), [0, 2, 4]);
        let closures = versions.closures("root", root).into_iter().map(|(closure, _)| closure);
        let mut closures: Vec<Vec<usize>> =
            closures.filter(|closure| closure.missing.is_empty()).map(|closure| closure.files).collect();
        closures.sort();
        assert_eq!(closures, [vec![0, 1, 3], vec![0, 2, 3], vec![0, 2, 4]]);
    }

    #[test]
    fn an_import_without_a_version_in_force_is_named() {
        let versions = versions(&["root 2024-01-01 - - a", "a 2025-01-01 - -"]);
        let closure = versions.closure("root", &versions.of("root")[0], &day("2024-05-01", "2030-01-01T00:00:00Z"));
        assert_eq!(closure, Closure { files: vec![0], missing: vec![("a".into(), 0)] });
    }

    #[test]
    fn overlap_is_about_days() {
        let versions =
            versions(&["r 2024-01-01 2024-12-31 -", "r 2025-01-01 - -", "r 2024-12-31 2025-01-01 -", "r - - -"]);
        let of = versions.of("r");
        let overlapping: Vec<(usize, usize)> =
            (0..4).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|(a, b)| of[*a].overlaps(&of[*b])).collect();
        assert_eq!(overlapping, [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]);
    }

    /// Days and moments of one small month, so that ends meet.
    fn some_day() -> impl Strategy<Value = Option<Date>> {
        prop_oneof![Just(None), (1_u8..=6).prop_map(|day| Date::new(2026, 1, day).ok())]
    }

    fn some_versions() -> impl Strategy<Value = Versions> {
        let imports = proptest::sample::subsequence(vec!["a", "b", "c"], 0..=2);
        let version = (proptest::sample::select(vec!["a", "b", "c"]), some_day(), some_day(), some_day(), imports);
        proptest::collection::vec(version, 1..8).prop_map(|drawn| {
            let mut versions = Versions::default();
            for (file, (id, from, to, published, imports)) in drawn.into_iter().enumerate() {
                let imports = imports.into_iter().map(Arc::from).collect();
                versions
                    .add(&id.into(), Version { file, label: file.to_string().into(), from, to, published, imports });
            }
            versions
        })
    }

    fn some_moment() -> impl Strategy<Value = Day> {
        let first = Date::new(2025, 12, 31).unwrap();
        (0_i64..9, 0_i64..9, -1_i64..2).prop_map(move |(as_of, known, seconds)| {
            let known_at = DateTime::at_midnight_utc(first.add_days(known).unwrap());
            let known_at = known_at.add_duration(DaysDuration::from_seconds(seconds)).unwrap();
            Day { as_of: first.add_days(as_of).unwrap(), known_at }
        })
    }

    proptest! {
        #[test]
        fn between_turning_points_nothing_changes(versions in some_versions(), one in some_moment(), other in some_moment()) {
            let points = versions.turning_points();
            if points.before(&one) == points.before(&other) {
                for id in ["a", "b", "c"] {
                    prop_assert_eq!(versions.choose(id, &one), versions.choose(id, &other));
                }
            }
        }

        #[test]
        fn no_day_has_a_closure_that_was_not_found(versions in some_versions(), day in some_moment()) {
            for id in ["a", "b", "c"] {
                if let Some(version) = versions.choose(id, &day) {
                    let closure = versions.closure(id, version, &day);
                    let found = versions.closures(id, version);
                    prop_assert!(found.iter().any(|(known, _)| *known == closure), "{closure:?} is not among {found:?}");
                    for (closure, day) in &found {
                        prop_assert_eq!(versions.choose(id, day), Some(version));
                        prop_assert_eq!(&versions.closure(id, version, day), closure);
                    }
                }
            }
        }
    }
}
