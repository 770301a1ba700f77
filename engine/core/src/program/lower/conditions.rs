//! Conditions to jumps, so that a comparison that only chooses a way leaves no truth value behind.

use dictamen_plan::{Comparison, Op, OpId};

use super::{Lowered, Lowering};
use crate::program::code::{Instruction, Target};

impl Lowering<'_> {
    /// Emits jumps that are taken where a condition is `on`; gives them, so that the caller lands them. Where the condition is
    /// neither true nor false the run hands over: neither way was meant for it.
    pub(super) fn branch(&mut self, condition: OpId, on: bool) -> Lowered<Vec<Target>> {
        self.nested(|lowering| lowering.dispatch_branch(condition, on))
    }

    fn dispatch_branch(&mut self, condition: OpId, on: bool) -> Lowered<Vec<Target>> {
        match self.op(condition)? {
            Op::NumberCompare(comparison, left, right) => self.branch_on_numbers(*comparison, *left, *right, on),
            Op::And(left, right) => self.branch_on_join(*left, *right, false, on),
            Op::Or(left, right) => self.branch_on_join(*left, *right, true, on),
            Op::BuiltIn(name, _, arguments) if &**name == "not" && arguments.len() == 1 => {
                let argument = arguments.first().copied().unwrap_or_default();
                self.branch(argument, !on)
            }
            _ => {
                let condition = self.slot(condition)?;
                Ok(vec![self.emit_jump(Instruction::Branch { condition, on, target: 0 })?])
            }
        }
    }

    fn branch_on_numbers(&mut self, comparison: Comparison, left: OpId, right: OpId, on: bool) -> Lowered<Vec<Target>> {
        let (left, right) = (self.slot(left)?, self.slot(right)?);
        let comparison = if on { comparison } else { opposite(comparison) };
        Ok(vec![self.emit_jump(Instruction::BranchNumbers { comparison, left, right, target: 0 })?])
    }

    /// A conjunction (`decisive` is false) or disjunction (`decisive` is true). Null on either side hands over, also where
    /// the other side decides: the machine knows.
    fn branch_on_join(&mut self, left: OpId, right: OpId, decisive: bool, on: bool) -> Lowered<Vec<Target>> {
        if decisive == on {
            let mut jumps = self.branch(left, on)?;
            jumps.extend(self.aside(|lowering| lowering.branch(right, on))?);
            return Ok(jumps);
        }
        let decided = self.branch(left, decisive)?;
        let jumps = self.aside(|lowering| lowering.branch(right, on))?;
        self.land(&decided);
        Ok(jumps)
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}
