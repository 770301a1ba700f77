//! Decision tables: columns into locals, rows that match, and what the hit policy makes of them.

use dictamen_plan::index::Probe;
use dictamen_plan::{Cell, HitPolicy, LocalId, OpId, Row, Table, TableId, TableIndex};
use dictamen_value::Value;

use super::machine::{Machine, Stop};
use crate::CellRecorder;

impl<'a> Machine<'a> {
    /// The outcome of a table.
    pub(super) fn table(&mut self, id: OpId, table_id: TableId) -> Result<Value, Stop> {
        let Some(table) = self.plan.tables.get(table_id as usize) else {
            return Err(self.damaged("tabla", "table", table_id));
        };
        self.nest(id)?;
        for (column, local, _) in &table.inputs {
            let value = self.eval(*column)?;
            self.set_local(*local, value)?;
        }
        let start = self.matched.len();
        self.matching_rows(table_id, table)?;
        self.tell(table_id, table, start);
        let outcome = self.outcome(id, table, start);
        self.matched.truncate(start);
        self.unnest();
        outcome
    }

    /// Adds the rows that match to those known, in order. This is the one place that looks for them.
    fn matching_rows(&mut self, id: TableId, table: &'a Table) -> Result<(), Stop> {
        let indexes = self.indexes;
        match indexes.get(id as usize) {
            Some(Some(index)) if self.locate(index, table) => self.matching_candidates(index, table),
            _ => self.matching_of_all(table),
        }
    }

    fn matching_of_all(&mut self, table: &'a Table) -> Result<(), Stop> {
        for (number, _) in (0..).zip(&table.rows) {
            if self.adds_row(table, number, Some(0))? && table.policy == HitPolicy::First {
                break;
            }
        }
        Ok(())
    }

    /// Finds the coordinates of the columns' values; false where one is of a kind that only testing rows makes something of.
    fn locate(&mut self, index: &TableIndex, table: &Table) -> bool {
        self.point.clear();
        for column in index.columns() {
            let value = table.inputs.get(column.position()).and_then(|(_, local, _)| self.local(*local));
            match value.and_then(|value| column.coordinate(Probe::of(value))) {
                Some(coordinate) => self.point.push(coordinate),
                None => return false,
            }
        }
        true
    }

    fn matching_candidates(&mut self, index: &TableIndex, table: &'a Table) -> Result<(), Stop> {
        let start = self.candidates.len();
        index.find(&self.point, table.policy == HitPolicy::First, &mut self.candidates);
        // The candidates of tables inside cells come behind these, and go before the next of these is looked at.
        for at in start..self.candidates.len() {
            let Some(number) = self.candidates.get(at).copied() else { break };
            if self.adds_row(table, number, index.residual(number))? && table.policy == HitPolicy::First {
                break;
            }
        }
        self.candidates.truncate(start);
        Ok(())
    }

    /// Adds a row if its cells hold, of which those from the first column on are still to be tested, if any.
    fn adds_row(&mut self, table: &'a Table, number: u32, first_column: Option<usize>) -> Result<bool, Stop> {
        let Some(row) = table.rows.get(number as usize) else { return Ok(false) };
        self.spend_row(row.position)?;
        let holds = match first_column {
            Some(column) => self.cells_hold(table, row, column)?,
            None => true,
        };
        if holds {
            self.matched.push(number);
        }
        Ok(holds)
    }

    fn cells_hold(&mut self, table: &'a Table, row: &'a Row, first_column: usize) -> Result<bool, Stop> {
        for (cell, (_, local, _)) in row.inputs.iter().zip(&table.inputs).skip(first_column) {
            if !self.cell_holds(cell, *local)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells the recorder; columns that stand side by side, as compilers place them, are not copied.
    fn tell(&mut self, id: TableId, table: &'a Table, start: usize) {
        let matched = self.matched.get(start..).unwrap_or_default();
        self.recorder.matched(self.plan, id, matched);
        self.recorder.locals(self.plan, id, self.stack.get(self.base..).unwrap_or_default());
        let first = side_by_side(table).map(|first| self.base.saturating_add(first as usize));
        let columns = first.and_then(|first| self.stack.get(first..first.saturating_add(table.inputs.len())));
        match columns {
            Some(columns) => self.recorder.table(self.plan, id, columns, matched),
            None => {
                let columns: Vec<Value> = self.column_values(table).map(|(_, value)| value.clone()).collect();
                self.recorder.table(self.plan, id, &columns, matched);
            }
        }
    }

    /// Whether a cell holds by itself, for columns with these values.
    pub(crate) fn try_cell(
        &mut self,
        frame: u32,
        table: &Table,
        columns: &[Value],
        cell: &'a Cell,
        local: LocalId,
    ) -> Result<bool, Stop> {
        self.attempt(|machine| {
            machine.open_frame(machine.stack.len(), frame)?;
            for ((_, local, _), value) in table.inputs.iter().zip(columns) {
                machine.set_local(*local, value.clone())?;
            }
            machine.cell_holds(cell, local)
        })
    }

    /// Tells whether each cell that the recorder wants holds by itself, in a body with these locals.
    pub(crate) fn try_cells(
        &mut self,
        (id, table): (TableId, &'a Table),
        locals: &[Value],
        recorder: &mut dyn CellRecorder,
    ) -> Result<(), Stop> {
        self.attempt(|machine| {
            machine.open_frame(machine.stack.len(), u32::try_from(locals.len()).unwrap_or(u32::MAX))?;
            for (number, row) in table.rows.iter().enumerate() {
                for (column, (cell, (_, local, _))) in row.inputs.iter().zip(&table.inputs).enumerate() {
                    if recorder.wants_cell(id, number, column)
                        && let Ok(holds) = machine.try_in_frame(locals, cell, *local)
                    {
                        recorder.cell(id, number, column, holds);
                    }
                }
            }
            Ok(())
        })
    }

    /// A cell may leave something in locals of its own: each starts from the same ones.
    fn try_in_frame(&mut self, locals: &[Value], cell: &'a Cell, local: LocalId) -> Result<bool, Stop> {
        if let Some(frame) = self.stack.get_mut(self.base..self.base.saturating_add(locals.len())) {
            frame.clone_from_slice(locals);
        }
        self.attempt(|machine| machine.cell_holds(cell, local))
    }

    /// Texts and values of a table's input columns.
    pub(super) fn column_values(&self, table: &'a Table) -> impl Iterator<Item = (&'a str, &Value)> {
        let text = |id: u32| self.plan.texts.get(id as usize).map_or("?", |text| &**text);
        table.inputs.iter().filter_map(move |(_, local, name)| Some((text(*name), self.local(*local)?)))
    }
}

/// The first local of the input columns, where each next column has the next local.
fn side_by_side(table: &Table) -> Option<LocalId> {
    let (_, first, _) = table.inputs.first()?;
    table.inputs.iter().zip(*first..).all(|((_, local, _), expected)| *local == expected).then_some(*first)
}
