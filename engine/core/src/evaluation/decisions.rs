//! Decisions, asked on demand and made once, and what they read: facts and dated parameters.

use dictamen_plan::{Body, DecisionId, InputId, OpId, ParameterId, Position};
use dictamen_value::{Date, Value};

use super::faults;
use super::machine::{Machine, Stop, decision_name};

/// What is known of a decision's outcome.
#[derive(Clone, Debug)]
pub(crate) enum Memo {
    /// Not asked yet.
    Waiting,
    /// Being made.
    Running,
    /// Made.
    Made(Value),
}

impl Machine<'_> {
    /// The outcome of a decision that the request asks for.
    pub(crate) fn decide(&mut self, id: DecisionId) -> Result<Value, Stop> {
        self.outcome_of(id, None)
    }

    /// The outcome of a decision that an operation asks for.
    pub(super) fn decision(&mut self, from: OpId, id: DecisionId) -> Result<Value, Stop> {
        self.outcome_of(id, Some(from))
    }

    fn outcome_of(&mut self, id: DecisionId, from: Option<OpId>) -> Result<Value, Stop> {
        let place = from.and_then(|from| self.position(from));
        match self.memo.get(id as usize) {
            Some(Memo::Made(value)) => Ok(value.clone()),
            Some(Memo::Running) => self.fail(faults::decision_cycle(&decision_name(self.plan, id)), place),
            Some(Memo::Waiting) => self.make(id, place),
            None => Err(self.damaged("decisión", "decision", id)),
        }
    }

    fn make(&mut self, id: DecisionId, asked_at: Option<Position>) -> Result<Value, Stop> {
        let Some(decision) = self.plan.decisions.get(id as usize) else {
            return Err(self.damaged("decisión", "decision", id));
        };
        self.enter(asked_at)?;
        self.path.push(id);
        self.remember(id, Memo::Running);
        self.recorder.deciding(self.plan, id);
        let outcome = self.run_decision(decision.body).and_then(|value| self.fit_outcome(decision, value));
        self.recorder.decided(self.plan, id, outcome.as_ref().map_err(|stop| &**stop));
        if let Ok(value) = &outcome {
            self.remember(id, Memo::Made(value.clone()));
            self.path.pop();
        }
        self.leave();
        outcome
    }

    fn run_decision(&mut self, body: Body) -> Result<Value, Stop> {
        let previous = self.open_frame(self.stack.len(), body.frame)?;
        let value = self.eval(body.root);
        self.close_frame(previous);
        value
    }

    fn remember(&mut self, id: DecisionId, memo: Memo) {
        if let Some(slot) = self.memo.get_mut(id as usize) {
            *slot = memo;
        }
    }

    /// A fact that is not just looked up: one that was not given, or any in DMN mode.
    pub(super) fn input(&mut self, id: OpId, input: InputId) -> Result<Value, Stop> {
        let Some(value) = self.facts.get(input) else { return self.missing_input(id, input) };
        if let Some(known) = self.converted_facts.get(&input) {
            return Ok(known.clone());
        }
        let Some(declared) = self.plan.inputs.get(input as usize) else {
            return Err(self.damaged("entrada", "input", input));
        };
        let converted = self.fit(value.clone(), &declared.ty, (&declared.name, &declared.name), self.position(id))?;
        self.converted_facts.insert(input, converted.clone());
        Ok(converted)
    }

    /// A fact that was not given: null where it may be absent.
    fn missing_input(&mut self, id: OpId, input: InputId) -> Result<Value, Stop> {
        match self.plan.inputs.get(input as usize) {
            Some(input) if input.ty.is_optional() || self.plan.dmn_mode => Ok(Value::Null),
            Some(input) => Err(self.stop(faults::missing_fact(&input.name), self.position(id))),
            None => Err(self.damaged("entrada", "input", input)),
        }
    }

    /// The value of a parameter, at the as-of date or at the day that an operand gives.
    pub(super) fn parameter(&mut self, id: OpId, parameter: ParameterId, day: Option<OpId>) -> Result<Value, Stop> {
        let day = match day {
            None => Value::Date(self.as_of),
            Some(day) => self.eval(day)?,
        };
        match day {
            Value::Date(day) => self.parameter_at(id, parameter, day),
            other => self.fail(faults::not_a_day(&other), self.position(id)),
        }
    }

    fn parameter_at(&mut self, id: OpId, parameter: ParameterId, day: Date) -> Result<Value, Stop> {
        let Some((name, ty, about)) = self.plan.parameters.get(parameter as usize) else {
            return Err(self.damaged("parámetro", "parameter", parameter));
        };
        let rows = self.parameters.parameters.get(parameter as usize).map_or(&[][..], |parameter| &parameter.rows);
        let found = rows.iter().enumerate().find(|(_, row)| row.holds(day, &self.known_at));
        match found {
            Some((row, dated)) if !dated.value.is_null() || ty.is_optional() => {
                self.recorder.parameter(self.plan, parameter, day, row);
                Ok(dated.value.clone())
            }
            _ => {
                // Rules fail closed: a figure that is not known is never taken for another or for zero.
                let fault = faults::no_parameter_value(name, about, day, &self.known_at, found.map(|(_, row)| row));
                self.fail(fault, self.position(id))
            }
        }
    }
}
