//! Runs blocks of instructions over registers.

use std::cmp::Ordering;
use std::sync::Arc;

use dictamen_functions::{FunctionError, Host};
use dictamen_plan::{ArithmeticOp, Comparison, ParameterSet};
use dictamen_value::{Date, DateTime, FunctionValue, Number, Rounding, Value};

use super::code::{BlockId, Call, Instruction, Kind, Reg};
use super::lower::{ARGUMENTS_MAX, Code};
use super::slot::{Slot, Texts};
use crate::evaluation::{accepts, order_holds};

/// Work or values that a built-in function may announce at once; the machine counts the rest against its limits.
const CHARGE_MAX: usize = 10_000;

/// Something unusual: the machine is to say what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HandOver;

pub(super) type Run<T> = Result<T, HandOver>;

/// What blocks read besides registers.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) parameters: &'a ParameterSet,
    pub(super) known_at: DateTime,
    /// Bytes of texts that may be made.
    pub(super) texts_bytes_max: usize,
}

/// What one run writes: registers, texts, rows that matched.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The program it belongs to.
    identity: Arc<()>,
    pub(super) registers: Vec<Slot>,
    pub(super) texts: Texts,
    /// In which run each block of a decision was run last.
    ran: Vec<u64>,
    run: u64,
    /// Tables in the order in which they were evaluated, each with where its rows end in `rows`.
    pub(super) tables: Vec<(u32, u32)>,
    /// Rows that matched.
    pub(super) rows: Vec<u32>,
    /// Rows of lists that tables give.
    pub(super) lists: Vec<u32>,
    /// Coordinates of the columns of the table that is being looked up.
    pub(super) coordinates: Vec<u32>,
    /// Rows that the index gives and that are still to be tested.
    pub(super) candidates: Vec<u32>,
    /// Lists for tables inside of rows.
    pub(super) spare: Vec<Vec<u32>>,
    /// Instructions of the blocks that were entered.
    pub(super) steps: u64,
    /// Rows that were tested.
    pub(super) rows_tested: u64,
}

/// A run of a program.
pub(super) struct Runner<'a> {
    pub(super) code: &'a Code,
    pub(super) prepared: &'a crate::Prepared,
    pub(super) setting: Setting<'a>,
    pub(super) state: &'a mut State,
}

impl State {
    /// Registers and texts as a program starts with them.
    pub(super) fn new(code: &Code) -> State {
        State {
            identity: code.identity.clone(),
            registers: code.registers.clone(),
            texts: code.texts.clone(),
            ran: vec![0; code.blocks.len()],
            ..State::default()
        }
    }

    /// Whether it was made for this program.
    pub(super) fn fits(&self, code: &Code) -> bool {
        Arc::ptr_eq(&self.identity, &code.identity)
    }

    /// Forgets the last run, but not the facts.
    pub(super) fn start(&mut self) {
        self.run = self.run.wrapping_add(1);
        self.tables.clear();
        self.rows.clear();
        self.lists.clear();
        (self.steps, self.rows_tested) = (0, 0);
    }

    #[inline]
    pub(super) fn get(&self, register: Reg) -> Slot {
        self.registers.get(usize::from(register)).copied().unwrap_or_default()
    }

    /// The same where it stands: a slot that was just written is slow to copy as a whole.
    #[inline]
    pub(super) fn at(&self, register: Reg) -> &Slot {
        self.registers.get(usize::from(register)).unwrap_or(&Slot::Missing)
    }

    #[inline]
    pub(super) fn set(&mut self, register: Reg, slot: Slot) {
        if let Some(place) = self.registers.get_mut(usize::from(register)) {
            *place = slot;
        }
    }

    /// Copies a slot at once, not by way of a place of its own.
    #[inline]
    pub(super) fn set_from(&mut self, register: Reg, slot: &Slot) {
        if let Some(place) = self.registers.get_mut(usize::from(register)) {
            *place = *slot;
        }
    }

    #[inline]
    fn number(&self, register: Reg) -> Run<Number> {
        match self.registers.get(usize::from(register)) {
            Some(Slot::Number(number)) => Ok(*number),
            _ => Err(HandOver),
        }
    }
}

impl Runner<'_> {
    /// Runs a block to its end.
    pub(super) fn block(&mut self, id: BlockId) -> Run<()> {
        let code: &[Instruction] = self.code.blocks.get(usize::from(id)).ok_or(HandOver)?;
        self.state.steps = self.state.steps.saturating_add(code.len() as u64);
        let mut rest = code.iter();
        while let Some(instruction) = rest.next() {
            if let Some(target) = self.step(instruction)? {
                rest = code.get(target as usize..).unwrap_or_default().iter();
            }
        }
        Ok(())
    }

    /// Runs one instruction; gives where to go on, where that is not the next one.
    #[inline]
    pub(super) fn step(&mut self, instruction: &Instruction) -> Run<Option<u32>> {
        use Instruction as I;
        match *instruction {
            I::Copy { from, to } => self.copy(from, to)?,
            I::Arithmetic { operator, left, right, to } => self.arithmetic(operator, left, right, to)?,
            I::Negate { from, to } => self.negate(from, to)?,
            I::Compare { comparison, left, right, to } => {
                let holds = self.compare(comparison, left, right)?;
                self.state.set(to, Slot::Boolean(holds));
            }
            I::Test { comparison, tested, operand, to } => {
                let holds = self.test(comparison, tested, operand)?;
                self.state.set(to, Slot::Boolean(holds));
            }
            I::Beyond { tested, end, closed, above, to } => {
                let holds = self.beyond(tested, end, closed, above)?;
                self.state.set(to, Slot::Boolean(holds));
            }
            I::IsThere { from, to } => self.is_there(from, to)?,
            I::Not { from, to } => self.not(from, to)?,
            I::Branch { condition, on, target } => {
                let Slot::Boolean(truth) = *self.state.at(condition) else { return Err(HandOver) };
                return Ok((truth == on).then_some(target));
            }
            I::BranchNumbers { comparison, left, right, target } => {
                let order = self.state.number(left)?.cmp(&self.state.number(right)?);
                return Ok(order_holds(comparison, order).then_some(target));
            }
            I::When { condition, is, target } => return Ok(self.is(condition, is)?.then_some(target)),
            I::Join { left, right, decisive, to } => self.join(left, right, decisive, to)?,
            I::Jump { target } => return Ok(Some(target)),
            I::Ask { block } => self.ask(block)?,
            I::Table { table } => self.table(table)?,
            I::Parameter { parameter, day, to } => self.parameter(parameter, day, to)?,
            I::Call { call } => self.call(call)?,
            I::Extreme { left, right, largest, to } => self.extreme(left, right, largest, to)?,
            I::Round { from, scale, rounding, to } => self.round(from, scale, rounding, to)?,
            I::Quotient { left, right, scale, rounding, to } => self.quotient(left, right, (scale, rounding), to)?,
            I::Property { from, property, to } => self.property(from, property, to)?,
            I::Require { condition } => return self.require(condition),
            I::RequireSomething { from } if matches!(self.state.at(from), Slot::Missing) => return Err(HandOver),
            I::RequireSomething { .. } => {}
            I::RequireKind { from, kind } => return self.require_kind(from, kind),
        }
        Ok(None)
    }

    #[inline]
    fn copy(&mut self, from: Reg, to: Reg) -> Run<()> {
        let slot = match *self.state.at(from) {
            Slot::Number(number) => Slot::Number(number),
            Slot::Boolean(truth) => Slot::Boolean(truth),
            Slot::Missing => return Err(HandOver),
            slot => slot,
        };
        self.state.set(to, slot);
        Ok(())
    }

    #[inline]
    fn arithmetic(&mut self, operator: ArithmeticOp, left: Reg, right: Reg, to: Reg) -> Run<()> {
        let (Ok(left), Ok(right)) = (self.state.number(left), self.state.number(right)) else {
            return self.arithmetic_of_others(operator, left, right, to);
        };
        let result = match operator {
            ArithmeticOp::Add => left.checked_add(right),
            ArithmeticOp::Subtract => left.checked_sub(right),
            ArithmeticOp::Multiply => left.checked_mul(right),
            ArithmeticOp::Divide => left.checked_div(right),
            ArithmeticOp::Power => left.power(right),
        };
        self.state.set(to, Slot::Number(result.map_err(|_| HandOver)?));
        Ok(())
    }

    #[inline(never)]
    fn arithmetic_of_others(&mut self, operator: ArithmeticOp, left: Reg, right: Reg, to: Reg) -> Run<()> {
        let (left, right) = (self.state.get(left), self.state.get(right));
        if let (ArithmeticOp::Add, Slot::Text(left), Slot::Text(right)) = (operator, left, right) {
            let joined = self.state.texts.join(left, right).ok_or(HandOver)?;
            self.state.set(to, Slot::Text(joined));
            return self.bounded_texts();
        }
        let (Some(left), Some(right)) = (left.value_but_text(), right.value_but_text()) else { return Err(HandOver) };
        let result = match operator {
            ArithmeticOp::Add => left.add(&right),
            ArithmeticOp::Subtract => left.subtract(&right),
            ArithmeticOp::Multiply => left.multiply(&right),
            ArithmeticOp::Divide => left.divide(&right),
            ArithmeticOp::Power => left.power(&right),
        };
        self.set_value(to, &result.map_err(|_| HandOver)?)
    }

    fn bounded_texts(&self) -> Run<()> {
        if self.state.texts.added_bytes() > self.setting.texts_bytes_max { Err(HandOver) } else { Ok(()) }
    }

    fn set_value(&mut self, to: Reg, value: &Value) -> Run<()> {
        let slot = self.state.texts.slot(value).ok_or(HandOver)?;
        self.state.set(to, slot);
        if matches!(slot, Slot::Text(_)) { self.bounded_texts() } else { Ok(()) }
    }

    #[inline]
    fn negate(&mut self, from: Reg, to: Reg) -> Run<()> {
        if let Ok(number) = self.state.number(from) {
            self.state.set(to, Slot::Number(number.negate()));
            return Ok(());
        }
        let value = self.state.get(from).value_but_text().ok_or(HandOver)?;
        self.set_value(to, &value.negate().map_err(|_| HandOver)?)
    }

    #[inline]
    fn compare(&self, comparison: Comparison, left: Reg, right: Reg) -> Run<bool> {
        if let (Ok(left), Ok(right)) = (self.state.number(left), self.state.number(right)) {
            return Ok(order_holds(comparison, left.cmp(&right)));
        }
        holds(comparison, self.state.at(left), self.state.at(right), &self.state.texts)
    }

    #[inline]
    fn test(&self, comparison: Comparison, tested: Reg, operand: Reg) -> Run<bool> {
        let (tested, operand) = (self.state.at(tested), self.state.at(operand));
        match (tested, operand) {
            (Slot::Missing, _) | (_, Slot::Missing) => Err(HandOver),
            (Slot::Null, operand) => Ok(matches!((comparison, operand), (Comparison::Equal, Slot::Null))),
            (_, Slot::Null) => Ok(comparison == Comparison::NotEqual),
            _ => holds(comparison, tested, operand, &self.state.texts),
        }
    }

    #[inline]
    fn beyond(&self, tested: Reg, end: Reg, closed: bool, above: bool) -> Run<bool> {
        if let (Ok(tested), Ok(end)) = (self.state.number(tested), self.state.number(end)) {
            let (order, side) = (tested.cmp(&end), if above { Ordering::Greater } else { Ordering::Less });
            return Ok(order == side || (closed && order.is_eq()));
        }
        match (self.state.at(tested), self.state.at(end)) {
            (Slot::Missing, _) | (_, Slot::Missing) => Err(HandOver),
            (Slot::Null, _) | (_, Slot::Null) => Ok(false),
            (tested, end) => {
                let order = order(tested, end, &self.state.texts)?;
                let side = if above { Ordering::Greater } else { Ordering::Less };
                Ok(order == side || (closed && order.is_eq()))
            }
        }
    }

    fn is_there(&mut self, from: Reg, to: Reg) -> Run<()> {
        let there = match self.state.at(from) {
            Slot::Missing => return Err(HandOver),
            slot => !matches!(slot, Slot::Null),
        };
        self.state.set(to, Slot::Boolean(there));
        Ok(())
    }

    fn not(&mut self, from: Reg, to: Reg) -> Run<()> {
        let Slot::Boolean(truth) = *self.state.at(from) else { return Err(HandOver) };
        self.state.set(to, Slot::Boolean(!truth));
        Ok(())
    }

    /// Whether a truth value is this one; it may be null.
    #[inline]
    fn is(&self, condition: Reg, is: bool) -> Run<bool> {
        Ok(truth(self.state.at(condition))? == Some(is))
    }

    /// The left side did not decide: it is the other truth value, or null.
    #[inline]
    fn join(&mut self, left: Reg, right: Reg, decisive: bool, to: Reg) -> Run<()> {
        let (left, right) = (truth(self.state.at(left))?, truth(self.state.at(right))?);
        let joined = match (left, right) {
            (_, Some(right)) if right == decisive => Slot::Boolean(decisive),
            (Some(_), Some(_)) => Slot::Boolean(!decisive),
            _ => Slot::Null,
        };
        self.state.set(to, joined);
        Ok(())
    }

    #[inline]
    fn ask(&mut self, block: BlockId) -> Run<()> {
        let run = self.state.run;
        match self.state.ran.get_mut(usize::from(block)) {
            Some(ran) if *ran == run => Ok(()),
            Some(ran) => {
                *ran = run;
                self.block(block)
            }
            None => Err(HandOver),
        }
    }

    fn parameter(&mut self, parameter: u32, day: Reg, to: Reg) -> Run<()> {
        let Slot::Date(day) = self.state.get(day) else { return Err(HandOver) };
        let slot = self.parameter_on(parameter, day)?;
        self.state.set(to, slot);
        Ok(())
    }

    /// The value of a parameter on a day; hands over where there is none.
    pub(super) fn parameter_on(&mut self, parameter: u32, day: Date) -> Run<Slot> {
        let row = self.setting.parameters.row(parameter, day, &self.setting.known_at).ok_or(HandOver)?;
        let optional =
            self.prepared.plan().parameters.get(parameter as usize).is_some_and(|(_, ty, _)| ty.is_optional());
        if row.value.is_null() && !optional {
            return Err(HandOver);
        }
        self.state.texts.slot(&row.value).ok_or(HandOver)
    }

    fn call(&mut self, call: u16) -> Run<()> {
        let Call { signature, arguments, to } = self.code.calls.get(usize::from(call)).ok_or(HandOver)?;
        let mut values: [Value; ARGUMENTS_MAX] = Default::default();
        for (value, argument) in values.iter_mut().zip(arguments) {
            *value = self.state.texts.value(self.state.get(*argument)).ok_or(HandOver)?;
        }
        let values = values.get(..arguments.len()).ok_or(HandOver)?;
        if !accepts(signature, values) {
            return Err(HandOver);
        }
        let result = (signature.body)(values, &mut NoHost).map_err(|_| HandOver)?;
        self.set_value(*to, &result)
    }

    #[inline]
    fn extreme(&mut self, left: Reg, right: Reg, largest: bool, to: Reg) -> Run<()> {
        let (left, right) = (self.state.number(left)?, self.state.number(right)?);
        let best = if largest { left.max(right) } else { left.min(right) };
        self.state.set(to, Slot::Number(best));
        Ok(())
    }

    #[inline]
    fn round(&mut self, from: Reg, scale: i8, rounding: Rounding, to: Reg) -> Run<()> {
        let rounded = self.state.number(from)?.round(scale.into(), rounding).map_err(|_| HandOver)?;
        self.state.set(to, Slot::Number(rounded));
        Ok(())
    }

    #[inline]
    fn quotient(&mut self, left: Reg, right: Reg, (scale, rounding): (i8, Rounding), to: Reg) -> Run<()> {
        let (left, right) = (self.state.number(left)?, self.state.number(right)?);
        let quotient = left.rounded_quotient(right, scale.into(), rounding).map_err(|_| HandOver)?;
        self.state.set(to, Slot::Number(quotient));
        Ok(())
    }

    fn property(&mut self, from: Reg, property: &str, to: Reg) -> Run<()> {
        let value = self.state.get(from).value_but_text().ok_or(HandOver)?;
        self.set_value(to, &value.property(property).ok_or(HandOver)?)
    }

    fn require(&self, condition: Reg) -> Run<Option<u32>> {
        if matches!(self.state.at(condition), Slot::Boolean(true)) { Ok(None) } else { Err(HandOver) }
    }

    fn require_kind(&self, from: Reg, kind: Kind) -> Run<Option<u32>> {
        if is_of(self.state.get(from), kind) { Ok(None) } else { Err(HandOver) }
    }
}

/// Whether a slot holds a value of a kind.
pub(super) fn is_of(slot: Slot, kind: Kind) -> bool {
    match kind {
        Kind::Boolean => matches!(slot, Slot::Boolean(_)),
        Kind::Number => matches!(slot, Slot::Number(_)),
        Kind::Integer => matches!(slot, Slot::Number(number) if number.is_integer()),
        Kind::Text => matches!(slot, Slot::Text(_)),
        Kind::Date => matches!(slot, Slot::Date(_)),
        Kind::Time => matches!(slot, Slot::Time(_)),
        Kind::DateTime => matches!(slot, Slot::DateTime(_)),
        Kind::DaysDuration => matches!(slot, Slot::DaysDuration(_)),
        Kind::MonthsDuration => matches!(slot, Slot::MonthsDuration(_)),
    }
}

#[inline]
fn truth(slot: &Slot) -> Run<Option<bool>> {
    match slot {
        Slot::Boolean(truth) => Ok(Some(*truth)),
        Slot::Null => Ok(None),
        _ => Err(HandOver),
    }
}

/// Whether a comparison holds, as expressions have it.
#[inline]
pub(super) fn holds(comparison: Comparison, left: &Slot, right: &Slot, texts: &Texts) -> Run<bool> {
    if let (Slot::Number(left), Slot::Number(right)) = (left, right) {
        return Ok(order_holds(comparison, left.cmp(right)));
    }
    match comparison {
        Comparison::Equal => equal(left, right, texts),
        Comparison::NotEqual => equal(left, right, texts).map(|equal| !equal),
        _ => order(left, right, texts).map(|order| order_holds(comparison, order)),
    }
}

/// FEEL's `=`; see [`Value::equal`].
pub(super) fn equal(left: &Slot, right: &Slot, texts: &Texts) -> Run<bool> {
    match (left, right) {
        (Slot::Missing, _) | (_, Slot::Missing) => Err(HandOver),
        (Slot::Null, other) | (other, Slot::Null) => Ok(matches!(other, Slot::Null)),
        (Slot::Text(left), Slot::Text(right)) => Ok(left == right || texts.get(*left) == texts.get(*right)),
        (Slot::Boolean(left), Slot::Boolean(right)) => Ok(left == right),
        (Slot::Number(left), Slot::Number(right)) => Ok(left == right),
        (Slot::Date(left), Slot::Date(right)) => Ok(left == right),
        (left, right) => {
            let (Some(left), Some(right)) = (left.value_but_text(), right.value_but_text()) else {
                return Err(HandOver);
            };
            left.equal(&right).ok_or(HandOver)
        }
    }
}

/// FEEL's `<` and `>`; see [`Value::order`].
#[inline]
pub(super) fn order(left: &Slot, right: &Slot, texts: &Texts) -> Run<Ordering> {
    match (left, right) {
        (Slot::Number(left), Slot::Number(right)) => Ok(left.cmp(right)),
        (Slot::Text(left), Slot::Text(right)) => Ok(texts.get(*left).cmp(texts.get(*right))),
        (Slot::Date(left), Slot::Date(right)) => Ok(left.cmp(right)),
        (left, right) => {
            let (Some(left), Some(right)) = (left.value_but_text(), right.value_but_text()) else {
                return Err(HandOver);
            };
            left.order(&right).ok_or(HandOver)
        }
    }
}

/// Bodies of functions of scalars ask nothing of their host; one that does is handed over.
struct NoHost;

impl Host for NoHost {
    fn call(&mut self, _: &FunctionValue, _: &[Value]) -> Result<Value, FunctionError> {
        Err(FunctionError::Host)
    }

    fn charge(&mut self, items: usize) -> Result<(), FunctionError> {
        if items > CHARGE_MAX { Err(FunctionError::Host) } else { Ok(()) }
    }
}
