//! Evaluates tables: coordinates of the columns, rows by the index, and what the hit policy makes of them.

use dictamen_plan::HitPolicy;
use dictamen_plan::index::{Column, Probe};
use dictamen_value::Number;

use super::code::{NoRow, Outputs, Reg, TableCode};
use super::run::{HandOver, Run, Runner, State, equal};
use super::slot::{Slot, Texts};

impl Runner<'_> {
    /// Evaluates a table; leaves its outcome in its registers.
    pub(super) fn table(&mut self, number: u16) -> Run<()> {
        let code = self.code;
        let table = code.tables.get(usize::from(number)).ok_or(HandOver)?;
        self.find(table)?;
        // Tables that its cells asked for have added their rows meanwhile.
        let start = self.state.tables.last().map_or(0, |(_, end)| *end as usize);
        let end = self.state.rows.len();
        self.state.tables.push((table.table, u32::try_from(end).map_err(|_| HandOver)?));
        if start == end { self.no_row(table) } else { self.outcome(table, start, end) }
    }

    /// Adds the rows that match, in order.
    fn find(&mut self, table: &TableCode) -> Run<()> {
        let first_only = table.policy == HitPolicy::First;
        let Some(index) = self.prepared.index(table.table) else { return self.test_every_row(table, first_only) };
        let State { coordinates, candidates, rows, registers, texts, rows_tested, .. } = &mut *self.state;
        locate(table, index.columns(), registers, texts, coordinates)?;
        if !table.tests.blocks.is_empty() {
            candidates.clear();
            index.find(coordinates, first_only, candidates);
            return self.test_all(table, first_only);
        }
        let start = rows.len();
        index.find(coordinates, first_only, rows);
        *rows_tested = rows_tested.saturating_add(rows.len().saturating_sub(start) as u64);
        if first_only {
            rows.truncate(start.saturating_add(1));
        }
        Ok(())
    }

    #[cold]
    fn test_every_row(&mut self, table: &TableCode, first_only: bool) -> Run<()> {
        let rows = self.prepared.plan().tables.get(table.table as usize).map_or(0, |table| table.rows.len());
        self.state.candidates.clear();
        self.state.candidates.extend(0..u32::try_from(rows).map_err(|_| HandOver)?);
        self.test_all(table, first_only)
    }

    fn test_all(&mut self, table: &TableCode, first_only: bool) -> Run<()> {
        // Blocks evaluate tables of their own: they take another list.
        let spare = self.state.spare.pop().unwrap_or_default();
        let mut candidates = std::mem::replace(&mut self.state.candidates, spare);
        let mut kept = 0;
        for position in 0..candidates.len() {
            let row = candidates.get(position).copied().ok_or(HandOver)?;
            self.state.rows_tested = self.state.rows_tested.saturating_add(1);
            if self.row_holds(table, row)? {
                candidates.get_mut(kept).map(|place| *place = row).unwrap_or_default();
                kept = kept.saturating_add(1);
                if first_only {
                    break;
                }
            }
        }
        self.state.rows.extend_from_slice(candidates.get(..kept).unwrap_or_default());
        self.state.spare.push(candidates);
        Ok(())
    }

    fn row_holds(&mut self, table: &TableCode, row: u32) -> Run<bool> {
        let Some(block) = table.tests.of(row) else { return Ok(true) };
        self.block(block)?;
        Ok(matches!(self.state.get(table.tests.verdict), Slot::Boolean(true)))
    }

    fn no_row(&mut self, table: &TableCode) -> Run<()> {
        match &table.none {
            NoRow::HandOver => Err(HandOver),
            NoRow::Null => self.give(table, Slot::Null),
            NoRow::Empty if table.policy == HitPolicy::CollectCount => self.give(table, Slot::Number(Number::ZERO)),
            NoRow::Empty => self.give(table, Slot::Rows(0, 0)),
            NoRow::Default(block, registers) => {
                self.block(*block)?;
                self.move_all(registers, &table.to);
                Ok(())
            }
        }
    }

    fn outcome(&mut self, table: &TableCode, start: usize, end: usize) -> Run<()> {
        use HitPolicy as P;
        match table.policy {
            P::Unique if end.saturating_sub(start) > 1 => Err(HandOver),
            P::Unique | P::First => self.row_at(table, start),
            P::Any => self.agreed(table, start, end),
            P::Priority => self.foremost(table, start, end),
            P::Collect | P::RuleOrder => self.listed(table, start, end, false),
            P::OutputOrder => self.listed(table, start, end, true),
            P::CollectCount => self.counted(table, start, end),
            P::CollectSum => self.folded(table, start, end, |sum, next| sum.checked_add(next).ok()),
            P::CollectMin => self.folded(table, start, end, |best, next| Some(best.min(next))),
            P::CollectMax => self.folded(table, start, end, |best, next| Some(best.max(next))),
        }
    }

    fn row_at(&mut self, table: &TableCode, position: usize) -> Run<()> {
        let row = self.state.rows.get(position).copied().ok_or(HandOver)?;
        self.outputs(table, row)
    }

    /// Leaves the outputs of a row in the registers of the outcome.
    #[inline]
    fn outputs(&mut self, table: &TableCode, row: u32) -> Run<()> {
        match &table.outputs {
            Outputs::Constants(constants) => {
                let first = (row as usize).saturating_mul(table.width);
                let constants = constants.get(first..).ok_or(HandOver)?;
                for (to, constant) in table.to.iter().zip(constants) {
                    self.state.set_from(*to, self.code.constants.get(*constant as usize).ok_or(HandOver)?);
                }
                Ok(())
            }
            Outputs::Blocks(blocks, registers) => {
                self.block(*blocks.get(row as usize).ok_or(HandOver)?)?;
                self.move_all(registers, &table.to);
                Ok(())
            }
        }
    }

    fn agreed(&mut self, table: &TableCode, start: usize, end: usize) -> Run<()> {
        self.row_at(table, start)?;
        if self.give_the_same(table, start, end) {
            return Ok(());
        }
        let first: Vec<Slot> = table.to.iter().map(|to| self.state.get(*to)).collect();
        for position in start.saturating_add(1)..end {
            self.row_at(table, position)?;
            for (to, first) in table.to.iter().zip(&first) {
                if !equal(self.state.at(*to), first, &self.state.texts)? {
                    return Err(HandOver);
                }
            }
        }
        for (to, first) in table.to.iter().zip(&first) {
            self.state.set(*to, *first);
        }
        Ok(())
    }

    /// Whether rows surely agree: their outputs are the same constants.
    fn give_the_same(&self, table: &TableCode, start: usize, end: usize) -> bool {
        let Outputs::Constants(constants) = &table.outputs else { return false };
        let outputs = |row: &u32| {
            let first = (*row as usize).saturating_mul(table.width);
            constants.get(first..first.saturating_add(table.width))
        };
        let rows = self.state.rows.get(start..end).unwrap_or_default();
        rows.first().is_some_and(|first| rows.iter().all(|row| outputs(row) == outputs(first)))
    }

    fn foremost(&mut self, table: &TableCode, start: usize, end: usize) -> Run<()> {
        let rows = self.state.rows.get(start..end).unwrap_or_default();
        let rank = |row: &u32| table.ranks.get(*row as usize).copied().unwrap_or(u32::MAX);
        let best = rows.iter().copied().min_by_key(|row| rank(row)).ok_or(HandOver)?;
        if matches!(table.outputs, Outputs::Blocks(..)) {
            // The machine computes the outputs of all rows: one that fails must fail here too.
            for position in start..end {
                self.row_at(table, position)?;
            }
        }
        self.outputs(table, best)
    }

    fn listed(&mut self, table: &TableCode, start: usize, end: usize, by_rank: bool) -> Run<()> {
        let State { rows, lists, .. } = &mut *self.state;
        let from = lists.len();
        lists.extend_from_slice(rows.get(start..end).unwrap_or_default());
        if by_rank && let Some(list) = lists.get_mut(from..) {
            // Stable, so that rows of one rank stay in order.
            list.sort_by_key(|row| table.ranks.get(*row as usize).copied().unwrap_or(u32::MAX));
        }
        let slot = Slot::Rows(
            u32::try_from(from).map_err(|_| HandOver)?,
            u32::try_from(end.saturating_sub(start)).map_err(|_| HandOver)?,
        );
        self.give(table, slot)
    }

    fn counted(&mut self, table: &TableCode, start: usize, end: usize) -> Run<()> {
        if let Outputs::Blocks(blocks, _) = &table.outputs {
            for position in start..end {
                let row = self.state.rows.get(position).copied().ok_or(HandOver)?;
                self.block(*blocks.get(row as usize).ok_or(HandOver)?)?;
            }
        }
        self.give(table, Slot::Number(Number::from(end.saturating_sub(start))))
    }

    fn folded(
        &mut self,
        table: &TableCode,
        start: usize,
        end: usize,
        fold: impl Fn(Number, Number) -> Option<Number>,
    ) -> Run<()> {
        let mut folded: Option<Number> = None;
        let to = *table.to.first().ok_or(HandOver)?;
        for position in start..end {
            self.row_at(table, position)?;
            let Slot::Number(next) = self.state.get(to) else { return Err(HandOver) };
            folded = Some(match folded {
                Some(sum) => fold(sum, next).ok_or(HandOver)?,
                None => next,
            });
        }
        self.give(table, folded.map_or(Slot::Null, Slot::Number))
    }

    fn give(&mut self, table: &TableCode, slot: Slot) -> Run<()> {
        self.state.set(*table.to.first().ok_or(HandOver)?, slot);
        Ok(())
    }

    fn move_all(&mut self, from: &[Reg], to: &[Reg]) {
        for (from, to) in from.iter().zip(to) {
            let slot = self.state.get(*from);
            self.state.set(*to, slot);
        }
    }
}

/// The coordinates of the columns' values; a value of another kind than the cells is for the machine.
#[inline]
fn locate(
    table: &TableCode,
    columns: &[Column],
    registers: &[Slot],
    texts: &Texts,
    coordinates: &mut Vec<u32>,
) -> Run<()> {
    coordinates.clear();
    for column in columns {
        let register = *table.columns.get(column.position()).ok_or(HandOver)?;
        let probe = probe(registers.get(usize::from(register)).ok_or(HandOver)?, texts)?;
        coordinates.push(column.coordinate(probe).ok_or(HandOver)?);
    }
    Ok(())
}

/// A value as indexes know it.
#[inline]
pub(super) fn probe<'t>(slot: &Slot, texts: &'t Texts) -> Run<Probe<'t>> {
    Ok(match *slot {
        Slot::Number(number) => Probe::Number(number),
        Slot::Text(text) => Probe::Text(texts.get(text)),
        Slot::Boolean(boolean) => Probe::Boolean(boolean),
        Slot::Date(date) => Probe::Date(date),
        Slot::Time(time) => Probe::Time(time),
        Slot::DateTime(moment) => Probe::DateTime(moment),
        Slot::DaysDuration(duration) => Probe::Days(duration),
        Slot::MonthsDuration(duration) => Probe::Months(duration),
        Slot::Null => Probe::Null,
        Slot::Missing | Slot::Rows(..) => return Err(HandOver),
    })
}
