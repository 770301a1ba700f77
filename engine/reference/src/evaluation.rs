//! One evaluation: its facts, dates and limits, and what decisions, inputs and parameters give under them.

use std::collections::{BTreeMap, HashMap};

use dictamen_model::graph::{Body, BodyKind, DatedValue, DecisionId, InputId, Model, ParameterId};
use dictamen_value::{Date, DateTime, Type, Value};

use crate::failure::{self, Failure};

/// What an expression, test or table comes to.
pub(crate) type Outcome = Result<Value, Failure>;

/// The most that one evaluation may use, so that it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Expressions evaluated and items handled.
    pub steps_max: u64,
    /// Calls and decisions inside one another.
    pub depth_max: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps_max: 10_000_000, depth_max: 128 }
    }
}

/// The outcome of a decision of a model for facts that conform to the types of their inputs, at an as-of date and as known at
/// an instant.
///
/// # Errors
/// In native mode the first operation that fails, in the order of evaluation; in DMN mode (where failing operations are
/// null) only limits and references that the model does not hold.
pub fn evaluate(
    model: &Model,
    decision: DecisionId,
    facts: &BTreeMap<InputId, Value>,
    as_of: Date,
    known_at: DateTime,
    limits: Limits,
) -> Outcome {
    Evaluation::new(model, facts, as_of, known_at, limits).decision(decision)
}

/// Whether a value belongs to a type of a model, constraints included.
///
/// # Errors
/// Where the test of a constraint fails.
pub fn conforms(model: &Model, value: &Value, ty: &Type) -> Result<bool, Failure> {
    let (facts, day) = (BTreeMap::new(), Date::from_day_number(0)?);
    Evaluation::new(model, &facts, day, DateTime::at_midnight_utc(day), Limits::default()).conforms(value, ty)
}

/// The state of one evaluation.
pub(crate) struct Evaluation<'m> {
    /// What is evaluated.
    pub(crate) model: &'m Model,
    /// The as-of date.
    pub(crate) as_of: Date,
    /// The failure of a function value that a built-in function called, until the built-in returns.
    pub(crate) in_host: Option<Failure>,
    /// Whether null belongs to every type, as outcomes have it in DMN mode.
    pub(crate) nulls_belong: bool,
    facts: &'m BTreeMap<InputId, Value>,
    /// The instant as of which figures are known.
    pub(crate) known_at: DateTime,
    limits: Limits,
    decided: HashMap<DecisionId, Value>,
    /// Decisions that are being made, to find one that needs its own outcome.
    deciding: Vec<DecisionId>,
    depth: u32,
    steps: u64,
}

/// The locals of a body.
pub(crate) type Frame = Vec<Value>;

/// Locals of a body, none of which has a value yet.
pub(crate) fn empty_frame(size: u32) -> Frame {
    vec![Value::Null; size as usize]
}

/// Puts a value in a local.
pub(crate) fn assign(frame: &mut Frame, local: u32, value: Value) -> Result<(), Failure> {
    let slot = frame.get_mut(local as usize).ok_or(Failure::new(failure::MODEL))?;
    *slot = value;
    Ok(())
}

impl<'m> Evaluation<'m> {
    fn new(
        model: &'m Model,
        facts: &'m BTreeMap<InputId, Value>,
        as_of: Date,
        known_at: DateTime,
        limits: Limits,
    ) -> Evaluation<'m> {
        Evaluation {
            model,
            facts,
            as_of,
            known_at,
            limits,
            decided: HashMap::new(),
            deciding: Vec::new(),
            depth: 0,
            steps: 0,
            in_host: None,
            nulls_belong: false,
        }
    }

    /// Does something in an evaluation with facts and outcomes of its own, under what is left of the same limits.
    pub(crate) fn inside<T>(
        &mut self,
        facts: &BTreeMap<InputId, Value>,
        given: Vec<(DecisionId, Value)>,
        work: impl FnOnce(&mut Evaluation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut inside = Evaluation::new(self.model, facts, self.as_of, self.known_at, self.limits);
        (inside.depth, inside.steps) = (self.depth, self.steps);
        inside.decided.extend(given);
        let result = work(&mut inside);
        self.steps = inside.steps;
        result
    }

    /// The outcome of a decision, evaluated once.
    pub(crate) fn decision(&mut self, id: DecisionId) -> Outcome {
        if let Some(known) = self.decided.get(&id) {
            return Ok(known.clone());
        }
        let decision = self.model.decisions.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        if self.deciding.contains(&id) {
            return Err(Failure::new(failure::CYCLE));
        }
        let mut frame = empty_frame(decision.body.frame);
        self.deciding.push(id);
        let outcome = self.deeper(|evaluation| evaluation.body(&decision.body, &mut frame));
        self.deciding.pop();
        let outcome = self.as_wanted(outcome?, &decision.ty)?;
        self.decided.insert(id, outcome.clone());
        Ok(outcome)
    }

    /// What a body gives with its locals.
    pub(crate) fn body(&mut self, body: &'m Body, frame: &mut Frame) -> Outcome {
        match &body.kind {
            BodyKind::Expression(expr) => self.expression(expr, frame),
            BodyKind::Table(table) => self.table(table, frame),
        }
    }

    /// A fact as the type of its input wants it; null where it may be absent and is.
    pub(crate) fn input(&mut self, id: InputId) -> Outcome {
        let input = self.model.inputs.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        match self.facts.get(&id) {
            Some(value) => self.as_wanted(value.clone(), &input.ty),
            None if input.ty.is_optional() => Ok(Value::Null),
            None => Err(Failure::new(failure::FACT)),
        }
    }

    /// The value of a parameter on a day: that of the row with the latest `from` among those that hold, then the latest known.
    pub(crate) fn parameter(&self, id: ParameterId, day: Date) -> Outcome {
        let parameter = self.model.parameters.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        let holding = parameter.rows.iter().filter(|row| self.holds(row, day));
        let best = holding.max_by_key(|row| (row.from, row.known.and_then(DateTime::instant)));
        match best.map(|row| &row.value) {
            None | Some(Value::Null) => Err(Failure::new(failure::NO_PARAMETER)),
            Some(value) => Ok(value.clone()),
        }
    }

    fn holds(&self, row: &DatedValue, day: Date) -> bool {
        let in_force = row.from <= day && row.to.is_none_or(|to| day <= to);
        let known = row.known.is_none_or(|known| known.instant() <= self.known_at.instant());
        in_force && known
    }

    /// Counts one expression, or so many items.
    pub(crate) fn charge(&mut self, items: u64) -> Result<(), Failure> {
        self.steps = self.steps.saturating_add(items);
        if self.steps > self.limits.steps_max { Err(Failure::new(failure::STEPS)) } else { Ok(()) }
    }

    /// Does something one decision or call further in.
    pub(crate) fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        if self.depth >= self.limits.depth_max {
            return Err(Failure::new(failure::DEPTH));
        }
        self.depth = self.depth.saturating_add(1);
        let result = inside(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }
}
