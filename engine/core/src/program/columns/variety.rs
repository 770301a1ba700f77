//! Runs an instruction once a value instead of once a row, where its operands have few: the same in all rows, or coded.

use std::sync::Arc;

use super::{Column, Mask, Sweep};
use crate::program::code::{Instruction, Reg};
use crate::program::slot::Slot;

/// The operands of an instruction: how many ways they come together, and which of these each row has.
pub(super) enum Variety {
    /// The same in all rows.
    One,
    /// As many as the values of one column.
    Few(Vec<u32>, usize),
}

/// What an instruction does with each value: whether it jumps, or nothing where it hands over.
pub(super) struct Runs {
    variety: Variety,
    jumps: Vec<Option<bool>>,
    /// What it leaves in its register.
    values: Vec<Slot>,
}

impl Sweep<'_> {
    /// Runs an instruction with all values of its operands; `None` where there are about as many as rows.
    pub(super) fn by_value(&mut self, instruction: Instruction, to: Option<Reg>, active: &Mask) -> Option<Runs> {
        let variety = self.variety(instruction, active)?;
        let count = if let Variety::Few(_, count) = &variety { *count } else { 1 };
        let mut runs = Runs { variety, jumps: Vec::with_capacity(count), values: Vec::with_capacity(count) };
        for code in 0..count {
            let columns = &*self.columns;
            instruction.operands(self.code, &mut |register| {
                let column = columns.get(usize::from(register));
                self.state.set(register, column.map_or(Slot::Missing, |column| value_of(column, code)));
            });
            let jumps = self.run_step(instruction);
            runs.values.push(jumps.and(to).map_or(Slot::Missing, |to| self.state.get(to)));
            runs.jumps.push(jumps);
        }
        self.unusual = self.unusual.or(&runs.rows(active, |jumps| jumps.is_none()));
        Some(runs)
    }

    fn variety(&self, instruction: Instruction, active: &Mask) -> Option<Variety> {
        let (mut coded, mut several) = (None, false);
        instruction.operands(self.code, &mut |register| match self.column(register) {
            Column::Same(_) => {}
            Column::Coded(..) if coded.is_none_or(|coded| coded == register) => coded = Some(register),
            _ => several = true,
        });
        let column = coded.map(|coded| self.column(coded));
        match column {
            _ if several => None,
            None => Some(Variety::One),
            Some(Column::Coded(codes, values)) if values.len() <= active.count() / 2 => {
                Some(Variety::Few(codes.clone(), values.len()))
            }
            Some(_) => None,
        }
    }
}

impl Runs {
    /// Rows in which something is so.
    pub(super) fn rows(&self, active: &Mask, is_so: impl Fn(Option<bool>) -> bool) -> Mask {
        match &self.variety {
            Variety::One if self.jumps.iter().any(|jumps| is_so(*jumps)) => *active,
            Variety::One => Mask::NONE,
            Variety::Few(..) if !self.jumps.iter().any(|jumps| is_so(*jumps)) => Mask::NONE,
            Variety::Few(codes, _) => {
                let of_code = |code: &u32| self.jumps.get(*code as usize).is_some_and(|jumps| is_so(*jumps));
                Mask::of(codes.iter().map(of_code)).and(active)
            }
        }
    }

    /// What it gives in all rows.
    pub(super) fn into_column(self) -> Column {
        match self.variety {
            Variety::One => Column::Same(self.values.first().copied().unwrap_or_default()),
            Variety::Few(codes, _) => Column::of_codes(codes, Arc::from(self.values)),
        }
    }
}

fn value_of(column: &Column, code: usize) -> Slot {
    match column {
        Column::Same(slot) => *slot,
        Column::Coded(_, values) => values.get(code).copied().unwrap_or_default(),
        _ => Slot::Missing,
    }
}
