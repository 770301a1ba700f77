//! `for`, `some` and `every`: a body over the combinations of variables (DMN 1.5, clause 10.3.2.14).

use std::cmp::Ordering;
use std::sync::Arc;

use dictamen_model::graph::{Domain, Expr, Iteration, LocalId};
use dictamen_syntax::tree::Quantifier;
use dictamen_value::{Date, Number, Range, Value};

use crate::evaluation::{Evaluation, Frame, Outcome, assign};
use crate::expression::{truth, unexpected};
use crate::failure::{self, Failure};
use crate::operators;

/// Whether to go on with the next combination.
enum Next {
    Continue,
    Stop,
}

impl<'m> Evaluation<'m> {
    /// The values of a body over all combinations; the first variable varies slowest.
    pub(crate) fn each(&mut self, iterations: &'m [Iteration], body: &'m Expr, frame: &mut Frame) -> Outcome {
        let mut values = Vec::new();
        self.combinations(iterations, frame, &mut |evaluation, frame| {
            values.push(evaluation.expression(body, frame)?);
            Ok(Next::Continue)
        })?;
        Ok(Value::List(Arc::new(values)))
    }

    /// The same, where the body sees the values so far in a local.
    pub(crate) fn each_seeing(
        &mut self,
        iterations: &'m [Iteration],
        partial: LocalId,
        body: &'m Expr,
        frame: &mut Frame,
    ) -> Outcome {
        let mut values = Vec::new();
        self.combinations(iterations, frame, &mut |evaluation, frame| {
            evaluation.charge(values.len() as u64)?;
            assign(frame, partial, Value::List(Arc::new(values.clone())))?;
            values.push(evaluation.expression(body, frame)?);
            Ok(Next::Continue)
        })?;
        Ok(Value::List(Arc::new(values)))
    }

    /// `some` is a disjunction over the combinations, `every` a conjunction: three-valued, and left to right.
    pub(crate) fn quantified(
        &mut self,
        quantifier: Quantifier,
        iterations: &'m [Iteration],
        body: &'m Expr,
        frame: &mut Frame,
    ) -> Outcome {
        let decisive = quantifier == Quantifier::Some;
        let mut result = Value::Boolean(!decisive);
        self.combinations(iterations, frame, &mut |evaluation, frame| {
            match truth(&evaluation.expression(body, frame)?)? {
                Some(holds) if holds == decisive => {
                    result = Value::Boolean(decisive);
                    return Ok(Next::Stop);
                }
                Some(_) => {}
                None => result = Value::Null,
            }
            Ok(Next::Continue)
        })?;
        Ok(result)
    }

    fn combinations(
        &mut self,
        iterations: &'m [Iteration],
        frame: &mut Frame,
        visit: &mut dyn FnMut(&mut Self, &mut Frame) -> Result<Next, Failure>,
    ) -> Result<Next, Failure> {
        let Some((first, rest)) = iterations.split_first() else { return visit(self, frame) };
        for item in self.domain(&first.domain, frame)? {
            assign(frame, first.item, item)?;
            if let Next::Stop = self.combinations(rest, frame, visit)? {
                return Ok(Next::Stop);
            }
        }
        Ok(Next::Continue)
    }

    fn domain(&mut self, domain: &'m Domain, frame: &mut Frame) -> Result<Vec<Value>, Failure> {
        match domain {
            Domain::List(list) => match self.expression(list, frame)? {
                Value::Range(range) => self.members(&range),
                Value::Null => Err(Failure::new(failure::NULL)),
                Value::List(items) => Ok(items.to_vec()),
                single if self.model.dmn_mode => Ok(vec![single]),
                other => Err(unexpected(&other)),
            },
            Domain::Interval(from, to) => {
                let (from, to) = (self.expression(from, frame)?, self.expression(to, frame)?);
                self.interval(&from, &to)
            }
        }
    }

    /// Whole numbers or days of a range, which never runs down.
    fn members(&mut self, range: &Range) -> Result<Vec<Value>, Failure> {
        let mut members = self.interval(&range.low, &range.high)?;
        if operators::order(&range.low, &range.high).is_none_or(Ordering::is_gt) {
            return Ok(Vec::new());
        }
        if !range.high_closed {
            members.pop();
        }
        Ok(members.into_iter().skip(usize::from(!range.low_closed)).collect())
    }

    /// Whole numbers or days from one to the other, up or down.
    fn interval(&mut self, from: &Value, to: &Value) -> Result<Vec<Value>, Failure> {
        match (from, to) {
            (Value::Number(from), Value::Number(to)) => {
                let (from, to) = (whole(*from)?, whole(*to)?);
                self.charge(from.abs_diff(to))?;
                Ok(steps(from, to).into_iter().map(|number| Value::Number(number.into())).collect())
            }
            (Value::Date(from), Value::Date(to)) => {
                let (from, to) = (from.day_number(), to.day_number());
                self.charge(from.abs_diff(to))?;
                steps(from, to).into_iter().map(|day| Ok(Value::Date(Date::from_day_number(day)?))).collect()
            }
            (Value::Null, _) => Err(unexpected(from)),
            (_, other) => Err(unexpected(other)),
        }
    }
}

fn whole(number: Number) -> Result<i64, Failure> {
    number.to_i64().ok_or(Failure::new(failure::WHOLE))
}

fn steps(from: i64, to: i64) -> Vec<i64> {
    if from <= to { (from..=to).collect() } else { (to..=from).rev().collect() }
}
