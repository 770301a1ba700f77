//! One input column of an index: from a value to its coordinate.
//!
//! Where values have an order and the cells of the column have `n` different operands, 1 is what lies below the first
//! operand, 2 the first itself, 3 what lies between it and the second, and so on up to `2n + 1`. Where cells only know
//! equality of texts, 1 is every other text, and each operand has the next number.

use std::sync::Arc;

use dictamen_value::Number;

use super::Coordinate;
use super::keys;
use super::points::Points;
use super::probe::{Kind, Probe};
use super::spans::Span;
use super::texts::Texts;

/// A column with at least one cell that is indexed.
#[derive(Clone, Debug)]
pub struct Column {
    position: usize,
    kind: Kind,
    scale: i32,
    operands: Operands,
}

/// The different operands of a column's cells.
#[derive(Clone, Debug)]
enum Operands {
    /// 1 is false, 2 is true.
    Booleans,
    Keys(Points),
    /// Numbers that no 64 bits hold at one scale.
    Numbers(Vec<Number>),
    /// Texts that are only compared for equality.
    Texts(Texts),
    OrderedTexts(Vec<Arc<str>>),
}

/// What the cells of a column compare with, as it is collected.
#[derive(Default)]
pub(super) struct Collected<'p> {
    pub(super) operands: Vec<Probe<'p>>,
    /// Whether a cell asks for more than equality.
    pub(super) asks_order: bool,
}

const FALSE: Coordinate = 1;
const TRUE: Coordinate = 2;
/// Every text that no cell names, where cells only know equality.
const OTHER_TEXT: Coordinate = 1;

impl Column {
    /// A column (by its position in `Table::inputs`) of a kind, with the operands of its cells.
    /// `None` where they are too fine and too far apart for 64 bits.
    pub(super) fn new(position: usize, kind: Kind, collected: &Collected<'_>) -> Option<Column> {
        let (operands, scale) = match kind {
            Kind::Boolean => (Operands::Booleans, 0),
            Kind::Number => numbers(&collected.operands),
            Kind::Text => (texts(collected), 0),
            kind => moments(&collected.operands, kind)?,
        };
        Some(Column { position, kind, scale, operands })
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Its position among the input columns of the table.
    #[inline]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The coordinate of a value; `None` where it is of a kind that the cells cannot be compared with.
    #[inline]
    pub fn coordinate(&self, probe: Probe<'_>) -> Option<Coordinate> {
        match (&self.operands, probe) {
            (Operands::Keys(points), Probe::Number(number)) if self.kind == Kind::Number => {
                Some(of_place(points.locate(keys::of_number(number, self.scale))))
            }
            (Operands::Keys(points), Probe::Date(date)) if self.kind == Kind::Date => {
                Some(of_place(points.locate(keys::exact(date.day_number()))))
            }
            (Operands::Texts(texts), Probe::Text(text)) => Some(texts.find(text).wrapping_add(OTHER_TEXT)),
            (_, Probe::Null) => Some(0),
            (Operands::Booleans, Probe::Boolean(truth)) => Some(if truth { TRUE } else { FALSE }),
            _ => self.rarer_coordinate(probe),
        }
    }

    /// Adds the coordinates of numbers, given as units of `10^-scale`; `false`, and nothing is added, where the column does not
    /// hold keys of numbers that fit that scale.
    pub fn coordinates_of_units(&self, units: &[i64], scale: u8, coordinates: &mut Vec<Coordinate>) -> bool {
        let finer = i32::from(scale).saturating_sub(self.scale);
        match (&self.operands, self.kind, u32::try_from(finer)) {
            (Operands::Keys(points), Kind::Number, Ok(finer)) => points.locate_all(units, finer, coordinates),
            _ => false,
        }
    }

    /// The greatest coordinate.
    pub fn last(&self) -> Coordinate {
        let doubled = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(2).saturating_add(1);
        match &self.operands {
            Operands::Booleans => TRUE,
            Operands::Keys(points) => doubled(points.len()),
            Operands::Numbers(numbers) => doubled(numbers.len()),
            Operands::OrderedTexts(texts) => doubled(texts.len()),
            Operands::Texts(texts) => texts.len().saturating_add(OTHER_TEXT),
        }
    }

    /// All coordinates but that of null.
    pub(super) fn present(&self) -> Span {
        Span { low: 1, high: self.last() }
    }

    /// All coordinates.
    pub(super) fn whole(&self) -> Span {
        Span { low: 0, high: self.last() }
    }

    fn rarer_coordinate(&self, probe: Probe<'_>) -> Option<Coordinate> {
        match (&self.operands, probe) {
            (Operands::Keys(points), probe) => {
                Some(of_place(points.locate(keys::of_probe(probe, self.kind, self.scale)?)))
            }
            (Operands::Numbers(numbers), Probe::Number(number)) => {
                let before = numbers.partition_point(|operand| *operand <= number);
                Some(of_sorted(before, |last| numbers.get(last) == Some(&number)))
            }
            (Operands::OrderedTexts(texts), Probe::Text(text)) => {
                let before = texts.partition_point(|operand| **operand <= *text);
                Some(of_sorted(before, |last| texts.get(last).is_some_and(|operand| **operand == *text)))
            }
            _ => None,
        }
    }
}

#[inline]
fn of_place((before, is_last): (u32, bool)) -> Coordinate {
    before.wrapping_mul(2).wrapping_add(u32::from(!is_last))
}

fn of_sorted(before: usize, is_operand: impl FnOnce(usize) -> bool) -> Coordinate {
    let is_last = before.checked_sub(1).is_some_and(is_operand);
    of_place((u32::try_from(before).unwrap_or(u32::MAX), is_last))
}

/// Numbers at the scale that all of them need, as keys where that fits 64 bits.
fn numbers(operands: &[Probe<'_>]) -> (Operands, i32) {
    let numbers =
        operands.iter().filter_map(|probe| if let Probe::Number(number) = probe { Some(*number) } else { None });
    let scale = numbers.clone().try_fold(0, |scale, number| keys::scale_of(number).map(|own| own.max(scale)));
    let at_scale = |scale: i32| numbers.clone().map(move |number| cut(keys::of_number(number, scale))).collect();
    if let Some(scale) = scale
        && let Some(keys) = at_scale(scale)
    {
        return (Operands::Keys(Points::new(keys)), scale);
    }
    let mut sorted: Vec<Number> = numbers.collect();
    sorted.sort_unstable();
    sorted.dedup();
    (Operands::Numbers(sorted), 0)
}

/// A key that stands for an operand. The least one does not: what is smaller than any key looks the same.
fn cut(key: keys::Key) -> Option<i64> {
    (key.exact && key.floor != i64::MIN).then_some(key.floor)
}

/// Whole seconds (or days, or months) where those are enough.
fn moments(operands: &[Probe<'_>], kind: Kind) -> Option<(Operands, i32)> {
    let at_scale = |scale: i32| -> Option<Vec<i64>> {
        operands.iter().map(|probe| cut(keys::of_probe(*probe, kind, scale)?)).collect()
    };
    let (keys, scale) = at_scale(0).map(|keys| (keys, 0)).or_else(|| Some((at_scale(9)?, 9)))?;
    Some((Operands::Keys(Points::new(keys)), scale))
}

fn texts(collected: &Collected<'_>) -> Operands {
    let texts =
        collected.operands.iter().filter_map(|probe| if let Probe::Text(text) = probe { Some(*text) } else { None });
    if !collected.asks_order
        && let Some(texts) = Texts::new(texts.clone())
    {
        return Operands::Texts(texts);
    }
    let mut sorted: Vec<&str> = texts.collect();
    sorted.sort_unstable();
    sorted.dedup();
    Operands::OrderedTexts(sorted.into_iter().map(Arc::from).collect())
}

#[cfg(test)]
mod tests {
    use dictamen_value::{Date, Time};

    use super::*;

    fn number(text: &str) -> Probe<'_> {
        Probe::Number(Number::parse(text).unwrap())
    }

    fn column<'p>(kind: Kind, operands: &[Probe<'p>], asks_order: bool) -> Column {
        Column::new(0, kind, &Collected { operands: operands.to_vec(), asks_order }).unwrap()
    }

    fn coordinates(column: &Column, probes: &[Probe<'_>]) -> Vec<Option<Coordinate>> {
        probes.iter().map(|probe| column.coordinate(*probe)).collect()
    }

    #[test]
    fn numbers_lie_at_or_between_operands() {
        let column = column(Kind::Number, &[number("10"), number("0.5"), number("10.00")], true);
        let at = ["0", "0.4999", "0.5", "0.5000000001", "9.99", "10", "10.01", "1E+40", "-1E+40"].map(number);
        let expected = [1, 1, 2, 3, 3, 4, 5, 5, 1].map(Some);
        assert_eq!(coordinates(&column, &at), expected);
        assert_eq!(coordinates(&column, &[Probe::Null, Probe::Text("10"), Probe::Other]), [Some(0), None, None]);
        assert_eq!(column.last(), 5);
    }

    #[test]
    fn units_lie_where_their_numbers_do() {
        let few = [number("10"), number("0.5"), number("-3.25")];
        let texts: Vec<String> = (0..40).map(|key| format!("{}", key * key * 7)).collect();
        let many: Vec<Probe<'_>> = texts.iter().map(|text| number(text)).collect();
        let units: Vec<i64> = (-500..500).map(|unit| unit * 77).chain([i64::MIN, i64::MAX, -325, 50, 1_000]).collect();
        for operands in [few.as_slice(), &many] {
            let column = column(Kind::Number, operands, true);
            for scale in 0..=18 {
                let mut together = Vec::new();
                if !column.coordinates_of_units(&units, scale, &mut together) {
                    assert!(!(2..=14).contains(&scale), "scale {scale}");
                    continue;
                }
                let one_by_one = units.iter().map(|unit| Probe::Number(Number::from_units(*unit, scale)));
                let one_by_one: Vec<_> = one_by_one.map(|probe| column.coordinate(probe).unwrap()).collect();
                assert_eq!(together, one_by_one, "scale {scale}");
            }
        }
    }

    #[test]
    fn numbers_that_fit_no_scale_are_compared_as_they_are() {
        let column = column(Kind::Number, &[number("1E-30"), number("1E+30")], true);
        let at = ["0", "1E-30", "2E-30", "1E+30", "1E+31"].map(number);
        assert_eq!(coordinates(&column, &at), [1, 2, 3, 4, 5].map(Some));
    }

    #[test]
    fn texts_are_ordered_only_where_cells_ask_for_it() {
        let operands = ["b", "a", "b"].map(Probe::Text);
        let probes = ["", "a", "aa", "b", "c"].map(Probe::Text);
        assert_eq!(coordinates(&column(Kind::Text, &operands, true), &probes), [1, 2, 3, 4, 5].map(Some));
        assert_eq!(coordinates(&column(Kind::Text, &operands, false), &probes), [1, 3, 1, 2, 1].map(Some));
    }

    #[test]
    fn texts_that_hashes_do_not_tell_apart_are_searched_in_order() {
        let crafted = super::super::texts::tests::crafted(100);
        let operands: Vec<Probe<'_>> = crafted.iter().map(|text| Probe::Text(text)).collect();
        let column = column(Kind::Text, &operands, false);
        assert!(matches!(column.operands, Operands::OrderedTexts(_)));
        // They were made in ascending order.
        let expected: Vec<Option<Coordinate>> = (1..=100).map(|place| Some(2 * place)).collect();
        assert_eq!(coordinates(&column, &operands), expected);
        assert_eq!(coordinates(&column, &[Probe::Text("~")]), [Some(201)]);
    }

    #[test]
    fn days_and_times_lie_among_their_own_kind() {
        let date = |text: &str| Probe::Date(Date::parse(text).unwrap());
        let days = column(Kind::Date, &[date("2026-01-01")], true);
        let at = [date("2025-12-31"), date("2026-01-01"), date("2026-01-02"), number("1")];
        assert_eq!(coordinates(&days, &at), [Some(1), Some(2), Some(3), None]);
        let time = |text: &str| Probe::Time(Time::parse(text).unwrap());
        let times = column(Kind::Time, &[time("10:00:00Z"), time("05:00:00-05:00")], false);
        let at = [time("12:00:00+02:00"), time("10:00:00.5Z"), time("10:00:00"), time("10:00:00@America/New_York")];
        assert_eq!(coordinates(&times, &at), [Some(2), Some(3), None, None]);
    }
}
