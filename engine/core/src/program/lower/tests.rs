//! Tests of cells, constraints and `in` to instructions. See `evaluation/membership.rs` for what they mean.

use dictamen_plan::{Comparison, LocalId, Op, OpId, Test};
use dictamen_value::{Range, Value};

use super::{Form, Lowered, Lowering, Unsupported};
use crate::program::code::{Instruction, Reg};

/// Elements of a list that are compared one by one.
const ELEMENTS_MAX: usize = 64;

impl Lowering<'_> {
    /// `value in tests`.
    pub(super) fn membership(&mut self, value: OpId, local: LocalId, tests: &[Test]) -> Lowered<Form> {
        let tested = self.slot(value)?;
        self.set_local(local, Form::Slot(tested))?;
        Ok(Form::Slot(self.any_test(tested, tests, false)?))
    }

    /// A register that says whether one of the tests holds, or, negated, none.
    pub(super) fn any_test(&mut self, tested: Reg, tests: &[Test], negated: bool) -> Lowered<Reg> {
        self.steps_bound = self.steps_bound.saturating_add(tests.len() as u64);
        let (first, others) = tests.split_first().ok_or(Unsupported("a test without alternatives"))?;
        let mut holds = self.test(tested, first)?;
        if !others.is_empty() {
            holds = self.any_other(tested, holds, others)?;
        }
        if !negated {
            return Ok(holds);
        }
        let to = self.fresh()?;
        self.emit(Instruction::Not { from: holds, to })?;
        Ok(to)
    }

    fn any_other(&mut self, tested: Reg, first: Reg, others: &[Test]) -> Lowered<Reg> {
        let to = self.fresh()?;
        self.copy_slot(first, to)?;
        let mut decided = Vec::with_capacity(others.len());
        for other in others {
            decided.push(self.emit_jump(Instruction::When { condition: to, is: true, target: 0 })?);
            self.aside(|lowering| {
                let holds = lowering.test(tested, other)?;
                lowering.copy_slot(holds, to)
            })?;
        }
        self.land(&decided);
        Ok(to)
    }

    fn test(&mut self, tested: Reg, test: &Test) -> Lowered<Reg> {
        match test {
            Test::Compare(comparison, operand) => {
                let operand = self.slot(*operand)?;
                self.compared(*comparison, tested, operand)
            }
            Test::Within(low, low_closed, high, high_closed) => {
                let low = (self.end(*low)?, *low_closed);
                self.within(tested, low, |lowering| Ok((lowering.end(*high)?, *high_closed)))
            }
            Test::InRange(range) => self.in_range(tested, *range),
            Test::InList(list) => self.in_list(tested, *list),
            Test::Condition(condition) => {
                let condition = self.slot(*condition)?;
                let yes = self.known(&Value::Boolean(true))?;
                self.compared(Comparison::Equal, condition, yes)
            }
            Test::Dynamic(_) => Err(Unsupported("DMN's dynamic rules")),
        }
    }

    fn compared(&mut self, comparison: Comparison, tested: Reg, operand: Reg) -> Lowered<Reg> {
        let to = self.fresh()?;
        self.emit(Instruction::Test { comparison, tested, operand, to })?;
        Ok(to)
    }

    /// An end of an interval; a constant null is none.
    fn end(&mut self, id: OpId) -> Lowered<Option<Reg>> {
        let register = self.slot(id)?;
        let constant = matches!(self.op(id)?, Op::Constant(_));
        Ok((!(constant && self.is_null(register))).then_some(register))
    }

    fn within(
        &mut self,
        tested: Reg,
        (low, low_closed): (Option<Reg>, bool),
        high: impl FnOnce(&mut Self) -> Lowered<(Option<Reg>, bool)>,
    ) -> Lowered<Reg> {
        let to = self.fresh()?;
        self.share(to);
        self.beyond(tested, low, low_closed, true, to)?;
        let decided = self.emit_jump(Instruction::When { condition: to, is: false, target: 0 })?;
        self.aside(|lowering| {
            let (high, high_closed) = high(lowering)?;
            lowering.beyond(tested, high, high_closed, false, to)
        })?;
        self.land(&[decided]);
        Ok(to)
    }

    fn beyond(&mut self, tested: Reg, end: Option<Reg>, closed: bool, above: bool, to: Reg) -> Lowered<()> {
        match end {
            Some(end) => self.emit(Instruction::Beyond { tested, end, closed, above, to }),
            None => self.emit(Instruction::IsThere { from: tested, to }),
        }
    }

    fn in_range(&mut self, tested: Reg, range: OpId) -> Lowered<Reg> {
        match self.form(range)? {
            Form::Constant(Value::Range(range)) => self.in_constant_range(tested, &range),
            _ => Err(Unsupported("a range that is computed")),
        }
    }

    fn in_constant_range(&mut self, tested: Reg, range: &Range) -> Lowered<Reg> {
        if range.low.is_null() && range.high.is_null() {
            return Err(Unsupported("a range without ends"));
        }
        let low = if range.low.is_null() { None } else { Some(self.known(&range.low)?) };
        let high = if range.high.is_null() { None } else { Some(self.known(&range.high)?) };
        self.within(tested, (low, range.low_closed), |_| Ok((high, range.high_closed)))
    }

    fn in_list(&mut self, tested: Reg, list: OpId) -> Lowered<Reg> {
        let elements = match self.form(list)? {
            Form::Constant(Value::List(elements)) if elements.len() <= ELEMENTS_MAX => {
                elements.iter().map(|element| self.known(element)).collect::<Lowered<Vec<_>>>()?
            }
            Form::List(elements) if elements.len() <= ELEMENTS_MAX => {
                elements.iter().map(scalar).collect::<Lowered<_>>()?
            }
            _ => return Err(Unsupported("a list that is long or computed")),
        };
        let to = self.known(&Value::Boolean(false))?;
        let to = self.started_as(to)?;
        let mut decided = Vec::with_capacity(elements.len());
        for element in elements {
            self.emit(Instruction::Test { comparison: Comparison::Equal, tested, operand: element, to })?;
            decided.push(self.emit_jump(Instruction::When { condition: to, is: true, target: 0 })?);
        }
        self.land(&decided);
        Ok(to)
    }

    /// A register of its own that starts with what another one holds.
    pub(super) fn started_as(&mut self, from: Reg) -> Lowered<Reg> {
        let to = self.fresh()?;
        self.share(to);
        self.emit(Instruction::Copy { from, to })?;
        Ok(to)
    }
}

fn scalar(form: &Form) -> Lowered<Reg> {
    match form {
        Form::Slot(register) => Ok(*register),
        _ => Err(Unsupported("a list of lists or records")),
    }
}
