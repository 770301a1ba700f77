//! Evaluates a table in all rows of a batch: a point of coordinates a row, and for each point what the table gives there.
//!
//! What a table whose rows give constants gives depends on the coordinates alone. So it is evaluated once for each point that
//! occurs, row by row as everything unusual is, and remembered from batch to batch.

use std::sync::Arc;

use dictamen_plan::index;

use super::column::{gather, short_units};
use super::{Column, LANES, Mask, Sweep};
use crate::Prepared;
use crate::program::code::{Instruction, TableCode};
use crate::program::lower::Code;
use crate::program::slot::Slot;
use crate::program::tables::probe;

/// Points that are remembered of one table, and of all.
const POINTS_MAX: u32 = 65_536;
const ALL_POINTS_MAX: u32 = 1_048_576;
/// Of so many outcomes it is looked whether they are known already.
const COMPARED_MAX: usize = 256;

/// A point that has not occurred.
const UNKNOWN: u32 = 0;
/// A point at which the table hands over.
const UNUSUAL: u32 = 1;
/// What the numbers of outcomes start from.
const FIRST: u32 = 2;

/// What tables gave, by their numbers; nothing for those that are evaluated row by row.
#[derive(Debug)]
pub(crate) struct Memos(Vec<Option<Memo>>);

/// What a table gave.
#[derive(Debug)]
struct Memo {
    /// How far points are apart that differ by one in one coordinate, column by column.
    strides: Box<[u32]>,
    /// For each point what is known of it.
    points: Vec<u32>,
    /// What stands in each register of the outcome, by the number of the outcome.
    outputs: Box<[Output]>,
}

/// The values of one register.
#[derive(Debug, Default)]
struct Output {
    values: Vec<Slot>,
    shared: Arc<[Slot]>,
    units: Option<(Vec<i64>, u8)>,
}

impl Memos {
    /// Room for what the tables of a program will give.
    pub(crate) fn of(code: &Code, prepared: &Prepared) -> Memos {
        let mut left = ALL_POINTS_MAX;
        let memo = |table: &TableCode| {
            let (strides, points) = strides(prepared.index(table.table)?.columns())?;
            left = left.checked_sub(points)?;
            let outputs = table.to.iter().map(|_| Output::default()).collect();
            Some(Memo { strides, points: vec![UNKNOWN; points as usize], outputs })
        };
        Memos(code.tables.iter().map(memo).collect())
    }
}

fn strides(columns: &[index::Column]) -> Option<(Box<[u32]>, u32)> {
    let (mut strides, mut points) = (Vec::with_capacity(columns.len()), 1_u32);
    for column in columns {
        strides.push(points);
        points = points.checked_mul(column.last().checked_add(1)?).filter(|points| *points <= POINTS_MAX)?;
    }
    Some((strides.into(), points))
}

impl Sweep<'_> {
    /// Evaluates a table in some rows.
    pub(super) fn table(&mut self, number: u16, active: &Mask) {
        let code = self.code;
        let Some(table) = code.tables.get(usize::from(number)) else { return };
        let memo = self.memos.0.get_mut(usize::from(number)).and_then(Option::take);
        match memo {
            None => self.table_by_row((number, table), active),
            Some(mut memo) => {
                self.table_by_points((number, table), &mut memo, active);
                if let Some(place) = self.memos.0.get_mut(usize::from(number)) {
                    *place = Some(memo);
                }
            }
        }
    }

    fn table_by_points(&mut self, (number, table): (u16, &TableCode), memo: &mut Memo, active: &Mask) {
        let points = self.points(table, &memo.strides, active);
        let active = active.without(&self.unusual);
        let known = |memo: &Memo| -> Vec<u32> { gather(&points, &memo.points) };
        let mut outcomes = known(memo);
        if Mask::of(outcomes.iter().map(|outcome| *outcome == UNKNOWN)).and(&active) != Mask::NONE {
            self.explore((number, table), memo, &points, &active);
            outcomes = known(memo);
        }
        let unusual = Mask::of(outcomes.iter().map(|outcome| *outcome == UNUSUAL)).and(&active);
        self.unusual = self.unusual.or(&unusual);
        outcomes.iter_mut().for_each(|outcome| *outcome = outcome.wrapping_sub(FIRST));
        for (to, output) in table.to.iter().zip(&memo.outputs) {
            self.write(*to, output.column(&outcomes), &active);
        }
    }

    /// The point that each row is at; a row without one is unusual.
    fn points(&mut self, table: &TableCode, strides: &[u32], active: &Mask) -> Vec<u32> {
        let mut points = vec![0_u32; LANES];
        let columns = self.prepared.index(table.table).map(|index| index.columns()).unwrap_or_default();
        for (column, stride) in columns.iter().zip(strides) {
            let coordinates = self.coordinates(table, column, active);
            points.iter_mut().zip(coordinates).for_each(|(point, coordinate)| {
                *point = point.wrapping_add(coordinate.wrapping_mul(*stride));
            });
        }
        points
    }

    /// The coordinate of each row in a column of the index.
    fn coordinates(&mut self, table: &TableCode, column: &index::Column, active: &Mask) -> Vec<u32> {
        let Some(register) = table.columns.get(column.position()) else { return Vec::new() };
        let texts = &self.state.texts;
        let coordinate = |slot: Slot| column.coordinate(probe(&slot, texts).ok()?);
        let (coordinates, without) = match self.columns.get(usize::from(*register)).unwrap_or(&super::MISSING) {
            Column::Units(units, scale) => {
                let mut coordinates = Vec::with_capacity(LANES);
                if column.coordinates_of_units(units, *scale, &mut coordinates) {
                    (coordinates, Mask::NONE)
                } else {
                    by_row(active, |row| {
                        coordinate(Slot::Number(dictamen_value::Number::from_units(*units.get(row)?, *scale)))
                    })
                }
            }
            Column::Truths(mask) => {
                let values = [false, true].map(|truth| coordinate(Slot::Boolean(truth)));
                by_code((0..LANES).map(|row| u32::from(mask.contains(row))), &values, active)
            }
            Column::Same(slot) => by_code((0..LANES).map(|_| 0), &[coordinate(*slot)], active),
            Column::Coded(codes, values) => {
                let values: Vec<Option<u32>> = values.iter().map(|value| coordinate(*value)).collect();
                by_code(codes.iter().copied(), &values, active)
            }
            other => by_row(active, |row| coordinate(other.get(row))),
        };
        self.unusual = self.unusual.or(&without);
        coordinates
    }

    /// Evaluates the table at points that are new.
    fn explore(&mut self, (number, table): (u16, &TableCode), memo: &mut Memo, points: &[u32], active: &Mask) {
        for row in active.rows() {
            let Some(point) = points.get(row).map(|point| *point as usize) else { continue };
            if memo.points.get(point) != Some(&UNKNOWN) {
                continue;
            }
            self.state.start();
            let outcome = match self.run_row(Instruction::Table { table: number }, row) {
                Some(_) => memo.number_of(table.to.iter().map(|to| self.state.get(*to)).collect()),
                None => UNUSUAL,
            };
            memo.points.get_mut(point).map(|place| *place = outcome).unwrap_or_default();
        }
        memo.outputs.iter_mut().for_each(Output::settle);
    }

    fn table_by_row(&mut self, (number, table): (u16, &TableCode), active: &Mask) {
        let mut outputs: Vec<Vec<Slot>> = table.to.iter().map(|_| vec![Slot::Missing; LANES]).collect();
        for row in active.rows() {
            self.state.start();
            if self.run_row(Instruction::Table { table: number }, row).is_none() {
                self.unusual.insert(row);
                continue;
            }
            for (to, slots) in table.to.iter().zip(&mut outputs) {
                slots.get_mut(row).map(|slot| *slot = self.state.get(*to)).unwrap_or_default();
            }
        }
        let active = active.without(&self.unusual);
        for (to, slots) in table.to.iter().zip(outputs) {
            self.write(*to, Column::of_slots(slots, &active), &active);
        }
    }
}

/// Coordinates row by row, and the rows that count and have none.
fn by_row(active: &Mask, coordinate: impl Fn(usize) -> Option<u32>) -> (Vec<u32>, Mask) {
    let (mut coordinates, mut without) = (vec![0; LANES], Mask::NONE);
    for row in active.rows() {
        match (coordinate(row), coordinates.get_mut(row)) {
            (Some(coordinate), Some(place)) => *place = coordinate,
            _ => without.insert(row),
        }
    }
    (coordinates, without)
}

/// The same by the coordinates of few values.
fn by_code(codes: impl Iterator<Item = u32> + Clone, values: &[Option<u32>], active: &Mask) -> (Vec<u32>, Mask) {
    let value = |code: u32| values.get(code as usize).copied().flatten();
    let coordinates = codes.clone().map(|code| value(code).unwrap_or_default()).collect();
    let all = values.iter().all(Option::is_some);
    let without = if all { Mask::NONE } else { Mask::of(codes.map(|code| value(code).is_none())).and(active) };
    (coordinates, without)
}

impl Memo {
    /// The number of an outcome, given by what stands in each of its registers.
    fn number_of(&mut self, outcome: Vec<Slot>) -> u32 {
        let known = self.outputs.first().map_or(0, |output| output.values.len());
        let is_known = |number: &usize| {
            let pairs = self.outputs.iter().zip(&outcome);
            pairs
                .into_iter()
                .all(|(output, slot)| output.values.get(*number).is_some_and(|known| is_same(*known, *slot)))
        };
        let number = (0..known.min(COMPARED_MAX)).find(is_known).unwrap_or(known);
        if number == known {
            self.outputs.iter_mut().zip(outcome).for_each(|(output, slot)| output.values.push(slot));
        }
        u32::try_from(number).unwrap_or(u32::MAX).saturating_add(FIRST)
    }
}

/// Whether two slots are surely the same; texts are, where they are the same constant.
fn is_same(one: Slot, other: Slot) -> bool {
    match (one, other) {
        (Slot::Null, Slot::Null) => true,
        (Slot::Boolean(one), Slot::Boolean(other)) => one == other,
        (Slot::Number(one), Slot::Number(other)) => one == other,
        (Slot::Text(one), Slot::Text(other)) => one == other,
        (Slot::Date(one), Slot::Date(other)) => one == other,
        _ => false,
    }
}

impl Output {
    /// Makes ready what is read, once all outcomes that are new are there.
    fn settle(&mut self) {
        if self.shared.len() != self.values.len() {
            self.shared = self.values.as_slice().into();
            self.units = short_units(&self.values);
        }
    }

    fn column(&self, outcomes: &[u32]) -> Column {
        match &self.units {
            Some((units, scale)) => Column::Units(gather(outcomes, units), *scale),
            None => Column::of_codes(outcomes.to_vec(), self.shared.clone()),
        }
    }
}
