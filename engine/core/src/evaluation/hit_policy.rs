//! What hit policies make of the rows that match (DMN 1.5, clause 8.2.8).

use std::cmp::Ordering;

use dictamen_plan::{HitPolicy, OpId, Row, Table};
use dictamen_value::{Type, Value};

use super::arithmetic::calculate;
use super::faults;
use super::machine::{Machine, Stop, place};

impl<'a> Machine<'a> {
    /// The outcome of a table, whose matching rows are those from `start`.
    pub(super) fn outcome(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Value, Stop> {
        if self.matched.len() == start {
            return self.outcome_of_none(id, table);
        }
        match table.policy {
            HitPolicy::Unique => self.the_only(id, table, start),
            HitPolicy::Any => self.the_agreed(id, table, start),
            HitPolicy::First => self.row_outcome(id, table, self.matched.get(start).copied()),
            HitPolicy::Priority => self.the_foremost(id, table, start),
            HitPolicy::RuleOrder | HitPolicy::Collect => {
                let outcomes = self.outcomes(id, table, start)?;
                self.bounded(id, Value::list(outcomes))
            }
            HitPolicy::OutputOrder => {
                let outcomes = self.by_priority(id, table, start)?;
                self.bounded(id, Value::list(outcomes))
            }
            HitPolicy::CollectSum => self.sum(id, table, start),
            HitPolicy::CollectMin => self.extreme(id, table, start, Ordering::Less),
            HitPolicy::CollectMax => self.extreme(id, table, start, Ordering::Greater),
            // "The number of outputs": one a row that matches, so that equal ones count each.
            HitPolicy::CollectCount => Ok(Value::from(self.outcomes(id, table, start)?.len())),
        }
    }

    /// No row matches: the default; else no outcome, where there may be none; else it is an error.
    fn outcome_of_none(&mut self, id: OpId, table: &'a Table) -> Result<Value, Stop> {
        if let Some((outputs, _, _)) = &table.default {
            return self.outcome_of_default(id, table, outputs);
        }
        match table.policy {
            HitPolicy::CollectCount => Ok(Value::from(0)),
            HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect => Ok(Value::list(Vec::new())),
            _ if table.may_be_absent => Ok(Value::Null),
            _ => {
                let columns: Vec<_> = self.column_values(table).collect();
                let fault = faults::no_row(&columns);
                self.fail(fault, Some(table.position))
            }
        }
    }

    /// The default counts as the one output there is.
    fn outcome_of_default(&mut self, id: OpId, table: &'a Table, outputs: &'a [OpId]) -> Result<Value, Stop> {
        let outcome = self.outputs(id, table, outputs)?;
        match table.policy {
            HitPolicy::CollectCount => Ok(Value::from(1)),
            HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect => {
                self.bounded(id, Value::list(vec![outcome]))
            }
            _ => Ok(outcome),
        }
    }

    fn the_only(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Value, Stop> {
        if self.matched.len().saturating_sub(start) == 1 {
            return self.row_outcome(id, table, self.matched.get(start).copied());
        }
        let columns: Vec<_> = self.column_values(table).collect();
        let fault = faults::several_rows(&self.matched_names(table, start), &columns);
        self.fail(fault, Some(table.position))
    }

    fn the_agreed(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Value, Stop> {
        let outcomes = self.outcomes(id, table, start)?;
        let Some((first, others)) = outcomes.split_first() else { return Ok(Value::Null) };
        for other in others {
            self.spend_comparison(id, first, other)?;
        }
        match others.iter().find(|other| !first.same(other)) {
            None => Ok(first.clone()),
            Some(other) => {
                let columns: Vec<_> = self.column_values(table).collect();
                let fault = faults::rows_disagree(&self.matched_names(table, start), (first, other), &columns);
                self.fail(fault, Some(table.position))
            }
        }
    }

    fn the_foremost(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Value, Stop> {
        let outcomes = self.by_priority(id, table, start)?;
        Ok(outcomes.into_iter().next().unwrap_or_default())
    }

    /// Outcomes in decreasing priority; those of one priority in the order of their rows.
    fn by_priority(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Vec<Value>, Stop> {
        let mut ranked = Vec::with_capacity(self.matched.len().saturating_sub(start));
        for outcome in self.outcomes(id, table, start)? {
            ranked.push((ranks(table, &outcome), outcome));
        }
        ranked.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(ranked.into_iter().map(|(_, outcome)| outcome).collect())
    }

    fn sum(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Value, Stop> {
        let mut outcomes = self.outcomes(id, table, start)?.into_iter();
        let mut sum = outcomes.next().unwrap_or_default();
        let summable = matches!(sum, Value::Number(_) | Value::DaysDuration(_) | Value::MonthsDuration(_));
        if !summable {
            return self.fail(faults::not_aggregable(&sum), Some(table.position));
        }
        for outcome in outcomes {
            match calculate(dictamen_plan::ArithmeticOp::Add, &sum, &outcome) {
                Ok(next) => sum = next,
                Err(fault) => return self.fail(fault, Some(table.position)),
            }
        }
        Ok(sum)
    }

    fn extreme(&mut self, id: OpId, table: &'a Table, start: usize, wanted: Ordering) -> Result<Value, Stop> {
        let mut outcomes = self.outcomes(id, table, start)?.into_iter();
        let mut best = outcomes.next().unwrap_or_default();
        if best.order(&best).is_none() {
            return self.fail(faults::not_aggregable(&best), Some(table.position));
        }
        for outcome in outcomes {
            match outcome.order(&best) {
                Some(order) if order == wanted => best = outcome,
                Some(_) => {}
                None => return self.fail(faults::not_aggregable(&outcome), Some(table.position)),
            }
        }
        Ok(best)
    }

    /// Outcomes of the rows that match, in order.
    fn outcomes(&mut self, id: OpId, table: &'a Table, start: usize) -> Result<Vec<Value>, Stop> {
        let count = self.matched.len().saturating_sub(start);
        self.spend_values(count, id)?;
        let mut outcomes = Vec::with_capacity(count);
        for position in start..self.matched.len() {
            outcomes.push(self.row_outcome(id, table, self.matched.get(position).copied())?);
        }
        Ok(outcomes)
    }

    fn row_outcome(&mut self, id: OpId, table: &'a Table, row: Option<u32>) -> Result<Value, Stop> {
        match row.and_then(|row| table.rows.get(row as usize)) {
            Some(Row { outputs, .. }) => self.outputs(id, table, outputs),
            None => Err(self.damaged("fila", "row", row.unwrap_or_default())),
        }
    }

    fn outputs(&mut self, id: OpId, table: &'a Table, outputs: &'a [OpId]) -> Result<Value, Stop> {
        if let ([only], true) = (outputs, table.single) {
            return self.eval(*only);
        }
        self.spend_values(outputs.len(), id)?;
        let mut values = Vec::with_capacity(outputs.len());
        for output in outputs {
            values.push(self.eval(*output)?);
        }
        self.record(id, table.outputs, values)
    }

    /// Matching rows as messages name them: number and place.
    fn matched_names(&self, table: &'a Table, start: usize) -> Vec<String> {
        let name = |row: &u32| {
            let number = row.saturating_add(1);
            let position = table.rows.get(*row as usize).and_then(|row| place(self.plan, row.position));
            position.map_or_else(|| number.to_string(), |place| format!("{number} ({place})"))
        };
        self.matched.get(start..).unwrap_or_default().iter().map(name).collect()
    }
}

/// The priority of an outcome in each output column: its position among the choices there, 0 being the highest.
/// Columns without choices have no say; what is not among the choices comes last.
fn ranks(table: &Table, outcome: &Value) -> Vec<usize> {
    let column = |position: usize, ty: &Type| {
        let value = match outcome {
            Value::Context(context) if !table.single => context.values().get(position)?,
            other => other,
        };
        match ty.bare() {
            Type::Choice(choices) => Some(choices.iter().position(|choice| choice.same(value)).unwrap_or(usize::MAX)),
            _ => None,
        }
    };
    table.output_types.iter().enumerate().filter_map(|(position, ty)| column(position, ty)).collect()
}
