//! Rows as one flat list of numbers: position, what is said of the row, input cells, outputs and annotations of each.

use serde::de::{Deserializer, Error as _, SeqAccess};
use serde::ser::{SerializeSeq, Serializer};

use super::numbers::{self, FromNumbers, Numbers};
use super::positions;
use crate::{About, Cell, Comparison, Row, Test};

/// A row whose `about` is still a number: that of what the table's list says from 1, or 0.
pub(super) struct PackedRow {
    pub(super) row: Row,
    pub(super) about: u32,
}

pub(super) fn serialize<S: Serializer>(rows: &[(&Row, u32)], serializer: S) -> Result<S::Ok, S::Error> {
    numbers::write(serializer, |list| rows.iter().try_for_each(|(row, about)| put_row(list, row, *about)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PackedRow>, D::Error> {
    numbers::read(deserializer)
}

impl FromNumbers for Vec<PackedRow> {
    const EXPECTED: &'static str = "the rows of a table";

    fn from_numbers<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Vec<PackedRow>, A::Error> {
        let mut rows = Vec::new();
        while let Some(about) = numbers.next()? {
            rows.push(PackedRow { row: take_row(numbers)?, about });
        }
        Ok(rows)
    }
}

fn put_row<S: SerializeSeq>(list: &mut S, row: &Row, about: u32) -> Result<(), S::Error> {
    numbers::put(list, about)?;
    positions::put(list, row.position)?;
    numbers::put_count(list, row.inputs.len())?;
    row.inputs.iter().try_for_each(|cell| put_cell(list, cell))?;
    put_each(list, &row.outputs)?;
    put_each(list, &row.annotations)
}

fn take_row<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Row, A::Error> {
    let position = positions::take(numbers)?;
    let inputs = numbers.take_each(take_cell)?;
    let outputs = numbers.take_each(Numbers::take)?;
    let annotations = numbers.take_each(Numbers::take)?;
    Ok(Row { inputs, outputs, about: About::default(), annotations, position })
}

fn put_each<S: SerializeSeq>(list: &mut S, ids: &[u32]) -> Result<(), S::Error> {
    numbers::put_count(list, ids.len())?;
    ids.iter().try_for_each(|id| numbers::put(list, *id))
}

/// A cell: its text, whether it is negated, its tests.
fn put_cell<S: SerializeSeq>(list: &mut S, cell: &Cell) -> Result<(), S::Error> {
    numbers::put(list, cell.text)?;
    numbers::put(list, cell.negated.into())?;
    numbers::put_count(list, cell.tests.len())?;
    cell.tests.iter().try_for_each(|test| put_test(list, test))
}

fn take_cell<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Cell, A::Error> {
    let text = numbers.take()?;
    let negated = match numbers.take()? {
        0 => false,
        1 => true,
        _ => return Err(A::Error::custom("a cell is negated (1) or not (0)")),
    };
    Ok(Cell { tests: numbers.take_each(take_test)?, negated, text })
}

/// Which test it is, then its operands.
fn put_test<S: SerializeSeq>(list: &mut S, test: &Test) -> Result<(), S::Error> {
    let (code, first, second) = match test {
        Test::Compare(Comparison::Equal, value) => (0, value, None),
        Test::Compare(Comparison::NotEqual, value) => (1, value, None),
        Test::Compare(Comparison::Less, value) => (2, value, None),
        Test::Compare(Comparison::LessOrEqual, value) => (3, value, None),
        Test::Compare(Comparison::Greater, value) => (4, value, None),
        Test::Compare(Comparison::GreaterOrEqual, value) => (5, value, None),
        Test::InRange(value) => (6, value, None),
        Test::InList(value) => (7, value, None),
        Test::Condition(value) => (8, value, None),
        Test::Dynamic(value) => (9, value, None),
        Test::Within(low, false, high, false) => (10, low, Some(high)),
        Test::Within(low, false, high, true) => (11, low, Some(high)),
        Test::Within(low, true, high, false) => (12, low, Some(high)),
        Test::Within(low, true, high, true) => (13, low, Some(high)),
    };
    numbers::put(list, code)?;
    numbers::put(list, *first)?;
    second.map_or(Ok(()), |second| numbers::put(list, *second))
}

fn take_test<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Test, A::Error> {
    let (code, value) = (numbers.take()?, numbers.take()?);
    Ok(match code {
        0 => Test::Compare(Comparison::Equal, value),
        1 => Test::Compare(Comparison::NotEqual, value),
        2 => Test::Compare(Comparison::Less, value),
        3 => Test::Compare(Comparison::LessOrEqual, value),
        4 => Test::Compare(Comparison::Greater, value),
        5 => Test::Compare(Comparison::GreaterOrEqual, value),
        6 => Test::InRange(value),
        7 => Test::InList(value),
        8 => Test::Condition(value),
        9 => Test::Dynamic(value),
        10 => Test::Within(value, false, numbers.take()?, false),
        11 => Test::Within(value, false, numbers.take()?, true),
        12 => Test::Within(value, true, numbers.take()?, false),
        13 => Test::Within(value, true, numbers.take()?, true),
        _ => return Err(A::Error::custom(format!("there is no test {code}"))),
    })
}
