//! Runs a program over many rows at once: one column of values a register, one loop an instruction.
//!
//! Jumps go forward only. So one sweep over a block does for all rows: rows that jump wait at their target and join those
//! that come there straight. What no loop knows is done row by row as [`Runner`] does it; rows in which anything unusual
//! happens are left out and named, for the caller to decide one by one.

mod blending;
mod column;
mod facts;
mod kernels;
mod mask;
mod outcomes;
mod rounding;
mod session;
mod tables;
mod variety;

use dictamen_plan::{ArithmeticOp, Comparison};
use dictamen_value::Number;

use super::code::{BlockId, Instruction, Kind, NoRow, Outputs, Reg, Target};
use super::lower::Code;
use super::run::{Runner, Setting, State};
use super::slot::Slot;
pub(crate) use column::Column;
pub(crate) use mask::{LANES, Mask};
pub use outcomes::{Field, Others, Outcomes, Truths};
pub use session::ColumnSession;
pub(crate) use tables::Memos;

/// A run over the rows of one batch.
pub(super) struct Sweep<'a> {
    pub(super) code: &'a Code,
    pub(super) prepared: &'a crate::Prepared,
    pub(super) setting: Setting<'a>,
    pub(super) state: &'a mut State,
    pub(super) columns: &'a mut [Column],
    /// Rows in which each block of a decision was run.
    pub(super) ran: &'a mut [Mask],
    /// What tables gave before.
    pub(super) memos: &'a mut Memos,
    /// All rows of the batch.
    pub(super) all: Mask,
    /// Rows that are handed over.
    pub(super) unusual: Mask,
}

static MISSING: Column = Column::Same(Slot::Missing);
static ZERO: Column = Column::Same(Slot::Number(Number::ZERO));

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
            I::Quotient { right, .. } | I::Arithmetic { operator: ArithmeticOp::Divide, right, .. } => {
                self.leave_out_zeros(right, active);
                self.by_column_or_row(instruction, &active.without(&self.unusual));
            }
            other => self.by_column_or_row(other, active),
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
            I::Round { from, scale, rounding, to } => (to, rounding::round(column(from), scale.into(), rounding)?),
            I::Quotient { left, right, scale, rounding, to } => {
                (to, rounding::quotient(column(left), column(right), (scale.into(), rounding), active)?)
            }
            I::Negate { from, to } => (to, kernels::negate(column(from), active)?),
            I::IsThere { from, to } if column(from).is_there() => (to, Column::Same(Slot::Boolean(true))),
            I::Not { from, to } => (to, Column::Truths(Mask::first(LANES).without(&column(from).truths()?))),
            I::Join { left, right, decisive, to } => {
                let (left, right) = (column(left).truths()?, column(right).truths()?);
                (to, Column::Truths(if decisive { left.or(&right) } else { left.and(&right) }))
            }
            _ => return None,
        })
    }

    /// Runs an instruction value by value, or row by row.
    fn by_row(&mut self, instruction: Instruction, active: &Mask) {
        let Some(to) = instruction.destination(self.code) else {
            return self.check_by_row(instruction, active);
        };
        if let Some(runs) = self.by_value(instruction, Some(to), active) {
            let active = active.without(&self.unusual);
            return self.write(to, runs.into_column(), &active);
        }
        let mut slots = vec![Slot::Missing; LANES];
        for row in active.rows() {
            match self.run_row(instruction, row) {
                Some(_) => slots.get_mut(row).map(|slot| *slot = self.state.get(to)).unwrap_or_default(),
                None => self.unusual.insert(row),
            }
        }
        let active = active.without(&self.unusual);
        self.write(to, Column::of_slots(slots, &active), &active);
    }

    /// The same for one that only looks.
    fn check_by_row(&mut self, instruction: Instruction, active: &Mask) {
        if self.holds_plainly(instruction, active) || self.by_value(instruction, None, active).is_some() {
            return;
        }
        for row in active.rows() {
            if self.run_row(instruction, row).is_none() {
                self.unusual.insert(row);
            }
        }
    }

    /// Whether the form of a column tells that what is required of it holds in all rows that count.
    fn holds_plainly(&self, instruction: Instruction, active: &Mask) -> bool {
        use Instruction as I;
        match instruction {
            I::Require { condition } => {
                self.column(condition).truths().is_some_and(|truths| active.without(&truths).is_empty())
            }
            I::RequireSomething { from } => self.column(from).is_there(),
            I::RequireKind { from, kind } => match self.column(from) {
                Column::Units(_, scale) => kind == Kind::Number || (kind == Kind::Integer && *scale == 0),
                Column::Truths(_) => kind == Kind::Boolean,
                _ => false,
            },
            _ => false,
        }
    }

    fn jump_by_row(&mut self, instruction: Instruction, target: Target, active: &mut Mask, waiting: &mut Waiting) {
        let mut jumps = Mask::NONE;
        if let Some(runs) = self.by_value(instruction, None, active) {
            jumps = runs.rows(active, |jumps| jumps == Some(true));
        } else {
            for row in active.rows() {
                match self.run_row(instruction, row) {
                    Some(true) => jumps.insert(row),
                    Some(false) => {}
                    None => self.unusual.insert(row),
                }
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
        self.run_step(instruction)
    }

    /// The same with what stands in the registers.
    fn run_step(&mut self, instruction: Instruction) -> Option<bool> {
        let mut runner =
            Runner { code: self.code, prepared: self.prepared, setting: self.setting, state: &mut *self.state };
        runner.step(&instruction).ok().map(|target| target.is_some())
    }

    /// What divides by zero is for the machine.
    fn leave_out_zeros(&mut self, divisor: Reg, active: &Mask) {
        let zeros = kernels::compare(Comparison::Equal, self.column(divisor), &ZERO, active);
        self.unusual = self.unusual.or(&zeros.unwrap_or(Mask::NONE).and(active));
    }

    fn by_column_or_row(&mut self, instruction: Instruction, active: &Mask) {
        match self.by_column(instruction, active) {
            Some((to, column)) => self.write(to, column, active),
            None => self.by_row(instruction, active),
        }
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
            column => {
                let (column, missing) = (column.clone(), column.missing(active));
                self.unusual = self.unusual.or(&missing);
                self.write(to, column, &active.without(&missing));
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
