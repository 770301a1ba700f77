//! Decision tables: which rows match, and what each hit policy makes of them (DMN 1.5, clause 8.2.8).

use std::cmp::Ordering;
use std::sync::Arc;

use dictamen_model::graph::{ArithmeticOp, OutputColumn, Row, Table};
use dictamen_syntax::tree::HitPolicy;
use dictamen_value::{Context, Number, Type, Value};

use crate::evaluation::{Evaluation, Frame, Outcome, assign};
use crate::expression::unexpected;
use crate::failure::{self, Failure};
use crate::operators;

impl<'m> Evaluation<'m> {
    /// The outcome of a table; in DMN mode, null where it fails.
    pub(crate) fn table(&mut self, table: &'m Table, frame: &mut Frame) -> Outcome {
        match self.outcome(table, frame) {
            Err(failure) if self.model.dmn_mode && failure.becomes_null() => Ok(Value::Null),
            outcome => outcome.map_err(|failure| failure.at(table.span)),
        }
    }

    fn outcome(&mut self, table: &'m Table, frame: &mut Frame) -> Outcome {
        for column in &table.inputs {
            let value = self.expression(&column.value, frame)?;
            assign(frame, column.tested, value)?;
        }
        let matched = self.matching(table, frame)?;
        if table.policy == HitPolicy::Unique && matched.len() > 1 {
            return Err(Failure::new(failure::MANY_ROWS));
        }
        let mut hits = Vec::new();
        for row in matched {
            hits.push(self.expressions(&row.outputs, frame)?);
        }
        if let (true, Some((default, ..))) = (hits.is_empty(), &table.default) {
            hits.push(self.expressions(default, frame)?);
            return of_default(table, hits);
        }
        combine(table, hits)
    }

    /// Rows that match, in order; with the policy `first`, the first of them.
    fn matching(&mut self, table: &'m Table, frame: &mut Frame) -> Result<Vec<&'m Row>, Failure> {
        let mut matched = Vec::new();
        for row in &table.rows {
            self.charge(1)?;
            if self.matches(table, row, frame)? {
                matched.push(row);
                if table.policy == HitPolicy::First {
                    break;
                }
            }
        }
        Ok(matched)
    }

    fn matches(&mut self, table: &'m Table, row: &'m Row, frame: &mut Frame) -> Result<bool, Failure> {
        for (column, cell) in table.inputs.iter().zip(&row.inputs) {
            if !self.cell(cell, column.tested, frame)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What a policy makes of the outputs of the rows that matched, or of a default that is taken for one.
fn combine(table: &Table, hits: Vec<Vec<Value>>) -> Outcome {
    match table.policy {
        HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax if !table.single && !hits.is_empty() => {
            Err(Failure::new(failure::KIND))
        }
        HitPolicy::Unique | HitPolicy::First => one(table, hits.first()),
        HitPolicy::Any => agreed(table, &hits),
        HitPolicy::Priority => one(table, by_priority(table, hits).first()),
        HitPolicy::RuleOrder | HitPolicy::Collect => list(table, &hits),
        HitPolicy::OutputOrder => list(table, &by_priority(table, hits)),
        HitPolicy::CollectSum => {
            fold(&hits, is_amount, |sum, next| operators::arithmetic(ArithmeticOp::Add, &sum, next))
        }
        HitPolicy::CollectMin => fold(&hits, has_order, |least, next| choose(Ordering::Less, least, next)),
        HitPolicy::CollectMax => fold(&hits, has_order, |most, next| choose(Ordering::Greater, most, next)),
        HitPolicy::CollectCount => Ok(Value::Number(Number::from(hits.len()))),
    }
}

/// One outcome; where there is none, null if the table's type allows it.
fn one(table: &Table, hit: Option<&Vec<Value>>) -> Outcome {
    match hit {
        Some(outputs) => Ok(outcome_of(table, outputs)),
        None if table.outcome.is_optional() => Ok(Value::Null),
        None => Err(Failure::new(failure::NO_ROW)),
    }
}

fn agreed(table: &Table, hits: &[Vec<Value>]) -> Outcome {
    let outcomes: Vec<Value> = hits.iter().map(|outputs| outcome_of(table, outputs)).collect();
    let differ = outcomes.windows(2).any(|pair| match pair {
        [left, right] => operators::equal(left, right) != Some(true),
        _ => false,
    });
    if differ { Err(Failure::new(failure::MANY_ROWS)) } else { one(table, hits.first()) }
}

fn list(table: &Table, hits: &[Vec<Value>]) -> Outcome {
    Ok(Value::List(Arc::new(hits.iter().map(|outputs| outcome_of(table, outputs)).collect())))
}

/// The default is the outcome as it stands: there is nothing to add it to or to compare it with.
fn of_default(table: &Table, hits: Vec<Vec<Value>>) -> Outcome {
    match (table.policy, hits.first()) {
        (HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax, Some(outputs)) => {
            Ok(outcome_of(table, outputs))
        }
        _ => combine(table, hits),
    }
}

/// The value of the only output column, or a record of them.
fn outcome_of(table: &Table, outputs: &[Value]) -> Value {
    if table.single {
        return outputs.first().cloned().unwrap_or_default();
    }
    let names = table.outputs.iter().map(|column| column.name.clone());
    Value::Context(Arc::new(Context::from_pairs(names.zip(outputs.iter().cloned()))))
}

/// In decreasing priority: the first output column counts most, an earlier choice of its type comes first, and rows
/// of equal priority stay in order.
fn by_priority(table: &Table, mut hits: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    hits.sort_by_key(|outputs| -> Vec<usize> {
        table.outputs.iter().zip(outputs).map(|(column, value)| priority(column, value)).collect()
    });
    hits
}

fn priority(column: &OutputColumn, value: &Value) -> usize {
    match column.ty.bare() {
        Type::Choice(choices) => {
            let position = choices.iter().position(|choice| operators::equal(choice, value) == Some(true));
            position.unwrap_or(choices.len())
        }
        _ => 0,
    }
}

/// The values of the only output column taken together; null where there are none.
fn fold(hits: &[Vec<Value>], fits: impl Fn(&Value) -> bool, together: impl Fn(Value, &Value) -> Outcome) -> Outcome {
    let mut values = hits.iter().filter_map(|outputs| outputs.first());
    let Some(first) = values.next() else { return Ok(Value::Null) };
    if !fits(first) {
        return Err(unexpected(first));
    }
    values.try_fold(first.clone(), together)
}

/// Whether a value can be added up with others, even where it is alone.
fn is_amount(value: &Value) -> bool {
    matches!(value, Value::Number(_) | Value::DaysDuration(_) | Value::MonthsDuration(_))
}

/// Whether a value has a place among others of its kind, even where it is alone.
fn has_order(value: &Value) -> bool {
    operators::order(value, value).is_some()
}

fn choose(wanted: Ordering, best: Value, next: &Value) -> Outcome {
    let ordering = operators::order(next, &best).ok_or(Failure::new(failure::KIND))?;
    Ok(if ordering == wanted { next.clone() } else { best })
}
