//! Runs a program over many rows at once: one column of values a register, one loop an instruction.
//!
//! Jumps go forward only. So one sweep over a block does for all rows: rows that jump wait at their target and join those
//! that come there straight. What no loop knows is done row by row as [`Runner`] does it; rows in which anything unusual
//! happens are left out and named, for the caller to decide one by one.

mod column;
mod facts;
mod kernels;
mod mask;
mod session;

use super::code::{BlockId, Instruction, NoRow, Outputs, Reg, Target};
use super::lower::Code;
use super::run::{Runner, Setting, State};
use super::slot::Slot;
pub(crate) use column::Column;
pub(crate) use mask::{LANES, Mask};
pub use session::{ColumnSession, Outcomes};

/// A run over the rows of one batch.
pub(super) struct Sweep<'a> {
    pub(super) code: &'a Code,
    pub(super) prepared: &'a crate::Prepared,
    pub(super) setting: Setting<'a>,
    pub(super) state: &'a mut State,
    pub(super) columns: &'a mut [Column],
    /// Rows in which each block of a decision was run.
    pub(super) ran: &'a mut [Mask],
    /// All rows of the batch.
    pub(super) all: Mask,
    /// Rows that are handed over.
    pub(super) unusual: Mask,
}

static MISSING: Column = Column::Same(Slot::Missing);

/// Rows that wait for an instruction.
#[derive(Default)]
struct Waiting(Vec<(Target, Mask)>);

/// Whether rows can be decided many at a time.
pub(super) fn is_columnar(code: &Code) -> bool {
    let plain = |table: &super::code::TableCode| {
        table.tests.blocks.is_empty()
            && matches!(table.outputs, Outputs::Constants(_))
            && !matches!(table.none, NoRow::Default(..) | NoRow::Empty)
            && table.to.len() == table.width
    };
    code.tables.iter().all(plain)
}

impl Sweep<'_> {
    /// Runs a block in some rows.
    pub(super) fn block(&mut self, id: BlockId, rows: Mask) {
        let code = self.code;
        let Some(block) = code.blocks.get(usize::from(id)) else { return };
        let mut active = rows.without(&self.unusual);
        let mut waiting = Waiting::default();
        for (position, instruction) in (0..).zip(block) {
            waiting.join(position, &mut active);
            if active.is_empty() {
                continue;
            }
            self.step(*instruction, &mut active, &mut waiting);
            active = active.without(&self.unusual);
        }
    }

    fn step(&mut self, instruction: Instruction, active: &mut Mask, waiting: &mut Waiting) {
        use Instruction as I;
        match instruction {
            I::Jump { target } => waiting.add(target, std::mem::replace(active, Mask::NONE)),
            I::Branch { condition, on, target } => self.branch(condition, on, target, active, waiting),
            I::When { condition, is, target } => self.when(condition, is, target, active, waiting),
            I::BranchNumbers { comparison, left, right, target } => {
                match kernels::compare(comparison, self.column(left), self.column(right), active) {
                    Some(jumps) => leave(&jumps, target, active, waiting),
                    None => self.jump_by_row(instruction, target, active, waiting),
                }
            }
            I::Ask { block } => self.ask(block, active),
            I::Table { table } => self.table(table, active),
            I::Copy { from, to } => self.copy(from, to, active),
            other => match self.by_column(other, active) {
                Some((to, column)) => self.write(to, column, active),
                None => self.by_row(other, active),
            },
        }
    }

    fn column(&self, register: Reg) -> &Column {
        self.columns.get(usize::from(register)).unwrap_or(&MISSING)
    }

    /// Sets a register in some rows; in others it keeps what another path, or an earlier run of the block, has left there.
    fn write(&mut self, to: Reg, column: Column, rows: &Mask) {
        match self.columns.get_mut(usize::from(to)) {
            Some(own) if *rows == self.all || matches!(own, Column::Same(Slot::Missing)) => *own = column,
            Some(own) => own.merge(column, rows),
            None => {}
        }
    }

    /// What an instruction gives in all rows, where there is a loop for it.
    fn by_column(&self, instruction: Instruction, active: &Mask) -> Option<(Reg, Column)> {
        use Instruction as I;
        let column = |register| self.column(register);
        Some(match instruction {
            I::Arithmetic { operator, left, right, to } => {
                (to, kernels::arithmetic(operator, column(left), column(right), active)?)
            }
            I::Compare { comparison, left, right, to } | I::Test { comparison, tested: left, operand: right, to } => {
                (to, Column::Truths(kernels::compare(comparison, column(left), column(right), active)?))
            }
            I::Beyond { tested, end, closed, above, to } => {
                (to, Column::Truths(kernels::beyond(column(tested), column(end), closed, above, active)?))
            }
            I::Extreme { left, right, largest, to } => {
                (to, kernels::extreme(column(left), column(right), largest, active)?)
            }
            I::Round { from, scale, rounding, to } => (to, kernels::round(column(from), scale.into(), rounding)?),
            I::Not { from, to } => (to, Column::Truths(Mask::first(LANES).without(&column(from).truths()?))),
            I::Join { left, right, decisive, to } => {
                let (left, right) = (column(left).truths()?, column(right).truths()?);
                (to, Column::Truths(if decisive { left.or(&right) } else { left.and(&right) }))
            }
            _ => return None,
        })
    }

    /// Runs an instruction row by row.
    fn by_row(&mut self, instruction: Instruction, active: &Mask) {
        let Some(to) = instruction.destination(self.code) else {
            return self.check_by_row(instruction, active);
        };
        let mut slots = vec![Slot::Missing; LANES];
        for row in active.rows() {
            match self.run_row(instruction, row) {
                Some(_) => slots.get_mut(row).map(|slot| *slot = self.state.get(to)).unwrap_or_default(),
                None => self.unusual.insert(row),
            }
        }
        self.write(to, Column::Slots(slots), active);
    }

    /// The same for one that only looks.
    fn check_by_row(&mut self, instruction: Instruction, active: &Mask) {
        for row in active.rows() {
            if self.run_row(instruction, row).is_none() {
                self.unusual.insert(row);
            }
        }
    }

    fn jump_by_row(&mut self, instruction: Instruction, target: Target, active: &mut Mask, waiting: &mut Waiting) {
        let mut jumps = Mask::NONE;
        for row in active.rows() {
            match self.run_row(instruction, row) {
                Some(true) => jumps.insert(row),
                Some(false) => {}
                None => self.unusual.insert(row),
            }
        }
        leave(&jumps, target, active, waiting);
    }

    /// Runs an instruction in one row: whether it jumps, or `None` where it hands over.
    fn run_row(&mut self, instruction: Instruction, row: usize) -> Option<bool> {
        let columns = &*self.columns;
        instruction.operands(self.code, &mut |register| {
            let slot = columns.get(usize::from(register)).map_or(Slot::Missing, |column| column.get(row));
            self.state.set(register, slot);
        });
        let mut runner =
            Runner { code: self.code, prepared: self.prepared, setting: self.setting, state: &mut *self.state };
        runner.step(&instruction).ok().map(|target| target.is_some())
    }

    fn branch(&mut self, condition: Reg, on: bool, target: Target, active: &mut Mask, waiting: &mut Waiting) {
        match self.column(condition).truths() {
            Some(truths) => leave(&if on { truths } else { active.without(&truths) }, target, active, waiting),
            None => self.jump_by_row(Instruction::Branch { condition, on, target }, target, active, waiting),
        }
    }

    fn when(&mut self, condition: Reg, is: bool, target: Target, active: &mut Mask, waiting: &mut Waiting) {
        match self.column(condition).truths() {
            Some(truths) => leave(&if is { truths } else { active.without(&truths) }, target, active, waiting),
            None => self.jump_by_row(Instruction::When { condition, is, target }, target, active, waiting),
        }
    }

    fn copy(&mut self, from: Reg, to: Reg, active: &Mask) {
        match self.column(from) {
            Column::Same(Slot::Missing) => self.unusual = self.unusual.or(active),
            Column::Slots(_) => self.by_row(Instruction::Copy { from, to }, active),
            column => {
                let column = column.clone();
                self.write(to, column, active);
            }
        }
    }

    fn ask(&mut self, block: BlockId, active: &Mask) {
        let Some(ran) = self.ran.get_mut(usize::from(block)) else { return };
        let rows = active.without(ran);
        *ran = ran.or(&rows);
        if !rows.is_empty() {
            self.block(block, rows);
        }
    }

    fn table(&mut self, number: u16, active: &Mask) {
        let code = self.code;
        let Some(table) = code.tables.get(usize::from(number)) else { return };
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
        for (to, slots) in table.to.iter().zip(outputs) {
            let column = compact(slots, active);
            self.write(*to, column, active);
        }
    }
}

/// Numbers of one scale as units, so that loops know what follows.
fn compact(slots: Vec<Slot>, active: &Mask) -> Column {
    let mut scale = 0;
    for row in active.rows() {
        match slots.get(row) {
            Some(Slot::Number(number)) => match number.short_parts() {
                Some((_, exponent @ -18..=0)) => scale = scale.max(exponent.unsigned_abs()),
                _ => return Column::Slots(slots),
            },
            Some(Slot::Missing) => {}
            _ => return Column::Slots(slots),
        }
    }
    let mut units = vec![0; slots.len()];
    for row in active.rows() {
        if let (Some(Slot::Number(number)), Some(place)) = (slots.get(row), units.get_mut(row)) {
            match number.units_at(scale.cast_signed()) {
                Some((exact, true)) => *place = exact,
                _ => return Column::Slots(slots),
            }
        }
    }
    Column::Units(units, u8::try_from(scale).unwrap_or_default())
}

/// Sends rows to a target.
fn leave(jumps: &Mask, target: Target, active: &mut Mask, waiting: &mut Waiting) {
    let jumps = jumps.and(active);
    *active = active.without(&jumps);
    waiting.add(target, jumps);
}

impl Waiting {
    fn add(&mut self, target: Target, rows: Mask) {
        if !rows.is_empty() {
            self.0.push((target, rows));
        }
    }

    /// Lets rows go on that wait for an instruction.
    fn join(&mut self, position: Target, active: &mut Mask) {
        self.0.retain(|(target, rows)| {
            if *target == position {
                *active = active.or(rows);
            }
            *target != position
        });
    }
}
