//! `for`, `some` and `every`.

use std::sync::Arc;

use dictamen_plan::{Domain, Iteration, LocalId, OpId, Quantifier};
use dictamen_value::{Date, Number, Range, Value};

use super::faults;
use super::machine::{Machine, Stop};

/// What to do after a combination.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    GoOn,
    Enough,
}

/// What comes of the combinations.
enum Gathering {
    /// Values of the body, and the local in which it sees those so far.
    Values { values: Vec<Value>, partial: Option<LocalId> },
    /// What the condition has been so far, and what settles it.
    Truth { so_far: Option<bool>, decisive: bool },
}

/// What a variable runs over, once it is known.
enum Run {
    Elements(Arc<Vec<Value>>),
    Numbers(Number, Number),
    /// Days since 1970-01-01.
    Days(i64, i64),
    /// Nothing, after a fault in DMN mode.
    Fault,
}

impl<'a> Machine<'a> {
    /// The list of a body's values over all combinations.
    pub(super) fn for_each(&mut self, id: OpId, iterations: &'a [Iteration], body: OpId) -> Result<Value, Stop> {
        self.gathered(id, iterations, body, None)
    }

    /// The same, where the local holds the list of the values so far.
    pub(super) fn for_each_partial(
        &mut self,
        id: OpId,
        iterations: &'a [Iteration],
        partial: LocalId,
        body: OpId,
    ) -> Result<Value, Stop> {
        self.set_local(partial, Value::list(Vec::new()))?;
        self.gathered(id, iterations, body, Some(partial))
    }

    fn gathered(
        &mut self,
        id: OpId,
        iterations: &'a [Iteration],
        body: OpId,
        partial: Option<LocalId>,
    ) -> Result<Value, Stop> {
        let mut gathering = Gathering::Values { values: Vec::new(), partial };
        match self.run_over(id, iterations, body, &mut gathering)? {
            Some(_) => {}
            None => return Ok(Value::Null),
        }
        match gathering {
            Gathering::Values { values, .. } => self.bounded(id, Value::list(values)),
            Gathering::Truth { .. } => Ok(Value::Null),
        }
    }

    /// Whether a condition holds for some or every combination; null where that hangs on one that is null.
    pub(super) fn quantified(
        &mut self,
        id: OpId,
        quantifier: Quantifier,
        iterations: &'a [Iteration],
        condition: OpId,
    ) -> Result<Value, Stop> {
        let decisive = quantifier == Quantifier::Some;
        let mut gathering = Gathering::Truth { so_far: Some(!decisive), decisive };
        let outcome = self.run_over(id, iterations, condition, &mut gathering)?;
        match (outcome, gathering) {
            (Some(_), Gathering::Truth { so_far: Some(truth), .. }) => Ok(Value::Boolean(truth)),
            _ => Ok(Value::Null),
        }
    }

    /// Runs the first iteration, and the others inside it; `None` where (in DMN mode) there is nothing to run over.
    fn run_over(
        &mut self,
        id: OpId,
        iterations: &'a [Iteration],
        body: OpId,
        gathering: &mut Gathering,
    ) -> Result<Option<Next>, Stop> {
        let Some((first, rest)) = iterations.split_first() else {
            let value = self.eval(body)?;
            return self.gather(id, value, gathering).map(Some);
        };
        self.nest(id)?;
        let run = self.run_of(id, &first.domain)?;
        let next = match run {
            Run::Elements(elements) => {
                self.run_values(id, first, rest, body, gathering, elements.iter().cloned().map(Some))
            }
            Run::Numbers(from, to) => self.run_values(id, first, rest, body, gathering, numbers(from, to)),
            Run::Days(from, to) => self.run_values(id, first, rest, body, gathering, days(from, to)),
            Run::Fault => Ok(None),
        };
        self.unnest();
        next
    }

    fn run_values(
        &mut self,
        id: OpId,
        first: &'a Iteration,
        rest: &'a [Iteration],
        body: OpId,
        gathering: &mut Gathering,
        values: impl Iterator<Item = Option<Value>>,
    ) -> Result<Option<Next>, Stop> {
        for value in values {
            // Beyond the numbers and dates that exist there is nothing to run over.
            let Some(value) = value else { break };
            self.spend_steps(1, id)?;
            self.set_local(first.item, value)?;
            match self.run_over(id, rest, body, gathering)? {
                Some(Next::GoOn) => {}
                other => return Ok(other),
            }
        }
        Ok(Some(Next::GoOn))
    }

    fn gather(&mut self, id: OpId, value: Value, gathering: &mut Gathering) -> Result<Next, Stop> {
        match gathering {
            Gathering::Values { values, partial } => {
                self.spend_values(1, id)?;
                values.push(value);
                if let Some(partial) = partial {
                    self.spend_values(values.len(), id)?;
                    let so_far = self.bounded(id, Value::list(values.clone()))?;
                    self.set_local(*partial, so_far)?;
                }
                Ok(Next::GoOn)
            }
            Gathering::Truth { so_far, decisive } => match value {
                Value::Boolean(truth) if truth == *decisive => {
                    *so_far = Some(truth);
                    Ok(Next::Enough)
                }
                Value::Boolean(_) => Ok(Next::GoOn),
                other => {
                    *so_far = None;
                    if !other.is_null() {
                        self.fail(faults::logic(&other), self.position(id))?;
                    }
                    Ok(Next::GoOn)
                }
            },
        }
    }

    fn run_of(&mut self, id: OpId, domain: &Domain) -> Result<Run, Stop> {
        match domain {
            Domain::List(list) => match self.eval(*list)? {
                Value::Range(range) => self.run_of_range(id, &range),
                value => match self.elements(&value) {
                    Some(elements) => Ok(Run::Elements(elements)),
                    None => self.no_run(faults::not_a_list(&value), id),
                },
            },
            Domain::Interval(from, to) => {
                let from = self.eval(*from)?;
                let to = self.eval(*to)?;
                self.run_between(id, &from, &to)
            }
        }
    }

    fn run_between(&mut self, id: OpId, from: &Value, to: &Value) -> Result<Run, Stop> {
        match (from, to) {
            (Value::Number(from), Value::Number(to)) if from.is_integer() && to.is_integer() => {
                Ok(Run::Numbers(*from, *to))
            }
            (Value::Date(from), Value::Date(to)) => Ok(Run::Days(from.day_number(), to.day_number())),
            (Value::Date(_), other) => self.no_run(faults::interval_end(other), id),
            (Value::Number(number), other) if number.is_integer() => self.no_run(faults::interval_end(other), id),
            (other, _) => self.no_run(faults::interval_end(other), id),
        }
    }

    /// A range of whole numbers or days, without the ends that do not belong.
    fn run_of_range(&mut self, id: OpId, range: &Range) -> Result<Run, Stop> {
        let run = self.run_between(id, &range.low, &range.high)?;
        let (low, high) = (i64::from(!range.low_closed), i64::from(!range.high_closed));
        let run = match run {
            Run::Numbers(from, to) => {
                let from = from.checked_add(Number::from(low)).unwrap_or(from);
                Run::Numbers(from, to.checked_sub(Number::from(high)).unwrap_or(to))
            }
            Run::Days(from, to) => Run::Days(from.saturating_add(low), to.saturating_sub(high)),
            other => return Ok(other),
        };
        // A range that holds nothing is not an interval that runs down.
        Ok(match run {
            Run::Numbers(from, to) if from > to => Run::Elements(Arc::default()),
            Run::Days(from, to) if from > to => Run::Elements(Arc::default()),
            other => other,
        })
    }

    fn no_run(&mut self, fault: faults::Fault, id: OpId) -> Result<Run, Stop> {
        self.fail(fault, self.position(id)).map(|_| Run::Fault)
    }
}

/// Whole numbers from one to the other, up or down.
fn numbers(from: Number, to: Number) -> impl Iterator<Item = Option<Value>> {
    let step = if from <= to { Number::ONE } else { Number::ONE.negate() };
    let after = move |number: &Number| {
        if *number == to {
            return None;
        }
        // Beyond 34 digits adding one changes nothing; there the run ends.
        number.checked_add(step).ok().filter(|next| next != number)
    };
    std::iter::successors(Some(from), after).map(|number| Some(Value::Number(number)))
}

/// Days from one to the other, up or down.
fn days(from: i64, to: i64) -> impl Iterator<Item = Option<Value>> {
    let step = if from <= to { 1 } else { -1 };
    let after = move |day: &i64| if *day == to { None } else { day.checked_add(step) };
    std::iter::successors(Some(from), after).map(|day| Date::from_day_number(day).ok().map(Value::Date))
}
