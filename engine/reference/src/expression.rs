//! Expressions: what each form gives (DMN 1.5, clause 10.3.2).

use std::sync::Arc;

use dictamen_model::graph::{ArithmeticOp, ContextEntry, Expr, ExprKind, LocalId, ParameterId, Test};
use dictamen_syntax::tree::Comparison;
use dictamen_value::{Context, Number, Range, Value};

use crate::evaluation::{Evaluation, Frame, Outcome, assign};
use crate::failure::{self, Failure};
use crate::operators;

impl<'m> Evaluation<'m> {
    /// The value of an expression; in DMN mode, null where it fails.
    pub(crate) fn expression(&mut self, expr: &'m Expr, frame: &mut Frame) -> Outcome {
        self.charge(1)?;
        match self.form(expr, frame) {
            Err(failure) if self.model.dmn_mode && failure.becomes_null() => Ok(Value::Null),
            outcome => outcome.map_err(|failure| failure.at(expr.span)),
        }
    }

    fn form(&mut self, expr: &'m Expr, frame: &mut Frame) -> Outcome {
        match &expr.kind {
            ExprKind::Constant(value) => Ok(value.clone()),
            ExprKind::Input(id) => self.input(*id),
            ExprKind::Decision(id) => self.decision(*id),
            ExprKind::Parameter(id, day) => self.dated(*id, day.as_deref(), frame),
            ExprKind::AsOf => Ok(Value::Date(self.as_of)),
            ExprKind::KnownAt => Ok(Value::DateTime(self.known_at)),
            ExprKind::Local(local) => frame.get(*local as usize).cloned().ok_or(Failure::new(failure::MODEL)),
            ExprKind::Field(of, name, _) => field(&self.expression(of, frame)?, name),
            ExprKind::FieldOfEach(list, name) => self.field_of_each(list, name, frame),
            ExprKind::Filter { list, item, condition } => self.filter(list, *item, condition, frame),
            ExprKind::Element(list, position) => self.element(list, position, frame),
            ExprKind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right, frame),
            ExprKind::Negate(of) => operators::negate(&self.expression(of, frame)?),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right, frame),
            ExprKind::And(left, right) => self.connective(false, left, right, frame),
            ExprKind::Or(left, right) => self.connective(true, left, right, frame),
            ExprKind::In { value, tested, tests } => self.is_in(value, *tested, tests, frame),
            ExprKind::InstanceOf(of, ty) => {
                let value = self.expression(of, frame)?;
                if self.model.dmn_mode {
                    return Ok(Value::Boolean(self.is_instance(&value, ty)));
                }
                self.conforms(&value, ty).map(Value::Boolean)
            }
            ExprKind::Ensure(of, ty) => {
                let value = self.expression(of, frame)?;
                if self.conforms(&value, ty)? { Ok(value) } else { Err(Failure::new(crate::failure::CONSTRAINT)) }
            }
            ExprKind::If(condition, then, otherwise) => self.conditional(condition, then, otherwise, frame),
            ExprKind::For(iterations, body) => self.each(iterations, body, frame),
            ExprKind::ForPartial(iterations, partial, body) => self.each_seeing(iterations, *partial, body, frame),
            ExprKind::Quantified(quantifier, iterations, body) => self.quantified(*quantifier, iterations, body, frame),
            ExprKind::List(items) => self.expressions(items, frame).map(|values| Value::List(Arc::new(values))),
            ExprKind::Context(entries) => self.context(entries, frame),
            ExprKind::Range { low, low_closed, high, high_closed } => {
                let (low, high) = (self.range_end(low, frame)?, self.range_end(high, frame)?);
                range(Range { low, low_closed: *low_closed, high, high_closed: *high_closed })
            }
            ExprKind::Lambda(id) => self.lambda(*id, frame),
            ExprKind::FunctionValue(id) => Ok(Evaluation::declared_as_value(*id)),
            ExprKind::Call(id, arguments) => self.call_declared(*id, arguments, frame),
            ExprKind::BuiltIn { name, signature, arguments } => self.call_built_in(name, *signature, arguments, frame),
            ExprKind::CallValue(function, arguments) => self.call_expression(function, arguments, frame),
            ExprKind::Service(service) => self.service(service, frame),
            ExprKind::CallNamed(function, arguments) => self.call_by_name(function, arguments, frame),
            ExprKind::External(class, method, arguments) => self.external(class, method, arguments, frame),
            ExprKind::Let(locals, body) => {
                for (local, value) in locals {
                    let value = self.expression(value, frame)?;
                    assign(frame, *local, value)?;
                }
                self.expression(body, frame)
            }
            ExprKind::Convert(of, ty) => {
                let value = self.expression(of, frame)?;
                self.as_wanted(value, ty)
            }
            ExprKind::EntryOr(local, name, otherwise) => match frame.get(*local as usize) {
                Some(Value::Context(context)) if context.get(name).is_some() => {
                    Ok(context.get(name).cloned().unwrap_or_default())
                }
                _ => self.expression(otherwise, frame),
            },
            ExprKind::Fault(..) => Err(Failure::new(failure::FAULT)),
        }
    }

    /// The values of expressions, in order.
    pub(crate) fn expressions(&mut self, exprs: &'m [Expr], frame: &mut Frame) -> Result<Vec<Value>, Failure> {
        exprs.iter().map(|expr| self.expression(expr, frame)).collect()
    }

    fn dated(&mut self, id: ParameterId, day: Option<&'m Expr>, frame: &mut Frame) -> Outcome {
        let day = match day {
            None => self.as_of,
            Some(expr) => match self.expression(expr, frame)? {
                Value::Date(day) => day,
                other => return Err(unexpected(&other)),
            },
        };
        self.parameter(id, day)
    }

    fn field_of_each(&mut self, list: &'m Expr, name: &str, frame: &mut Frame) -> Outcome {
        let items = list_of(self.expression(list, frame)?)?;
        if self.model.dmn_mode {
            return field(&Value::List(items), name);
        }
        let values: Result<Vec<Value>, Failure> = items.iter().map(|item| field(item, name)).collect();
        Ok(Value::List(Arc::new(values?)))
    }

    /// The items of a list; in DMN mode any other value is the list of itself (DMN 1.5, clause 10.3.2.9.4).
    fn items_of(&mut self, list: &'m Expr, frame: &mut Frame) -> Result<Arc<Vec<Value>>, Failure> {
        match self.expression(list, frame)? {
            Value::Null => Err(Failure::new(failure::NULL)),
            Value::List(items) => Ok(items),
            single if self.model.dmn_mode => Ok(Arc::new(vec![single])),
            other => Err(unexpected(&other)),
        }
    }

    /// Items for which the condition is true; false and null leave one out. In DMN mode it may turn out to be a position.
    fn filter(&mut self, list: &'m Expr, item: LocalId, condition: &'m Expr, frame: &mut Frame) -> Outcome {
        let items = self.items_of(list, frame)?;
        let reads = matches!(
            condition.kind,
            ExprKind::EntryOr(..)
                | ExprKind::Local(_)
                | ExprKind::Field(..)
                | ExprKind::Input(_)
                | ExprKind::Decision(_)
        );
        // It may be a position, of which an empty list has none.
        if items.is_empty() && reads && self.model.dmn_mode {
            assign(frame, item, Value::Null)?;
            let position = self.expression(condition, frame)?;
            return Ok(if matches!(position, Value::Number(_)) { Value::Null } else { Value::List(items) });
        }
        let mut kept = Vec::new();
        for value in items.iter() {
            assign(frame, item, value.clone())?;
            let condition = self.expression(condition, frame)?;
            match (&condition, self.model.dmn_mode) {
                (Value::Number(position), true) => return at_position(&items, *position),
                _ if truth(&condition)? == Some(true) => kept.push(value.clone()),
                _ => {}
            }
        }
        Ok(Value::List(Arc::new(kept)))
    }

    fn element(&mut self, list: &'m Expr, position: &'m Expr, frame: &mut Frame) -> Outcome {
        let items = self.items_of(list, frame)?;
        match self.expression(position, frame)? {
            Value::Number(position) => at_position(&items, position),
            // What was taken for a position turned out to be a condition.
            Value::Boolean(keep) if self.model.dmn_mode => {
                Ok(if keep { Value::List(items) } else { Value::List(Arc::default()) })
            }
            other => Err(unexpected(&other)),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, left: &'m Expr, right: &'m Expr, frame: &mut Frame) -> Outcome {
        let (left, right) = (self.expression(left, frame)?, self.expression(right, frame)?);
        let result = operators::arithmetic(op, &left, &right)?;
        if let Value::Text(text) = &result {
            self.charge(text.len() as u64)?;
        }
        Ok(result)
    }

    fn compare(&mut self, op: Comparison, left: &'m Expr, right: &'m Expr, frame: &mut Frame) -> Outcome {
        let (left, right) = (self.expression(left, frame)?, self.expression(right, frame)?);
        operators::compare(op, &left, &right).map(Value::Boolean)
    }

    /// `and` (which false decides) and `or` (which true decides): the right side is looked at unless the left decides.
    fn connective(&mut self, decisive: bool, left: &'m Expr, right: &'m Expr, frame: &mut Frame) -> Outcome {
        let left = self.side(left, frame)?;
        if left == Some(decisive) {
            return Ok(Value::Boolean(decisive));
        }
        let right = self.side(right, frame)?;
        Ok(match (left, right) {
            (_, Some(right)) if right == decisive => Value::Boolean(decisive),
            (Some(_), Some(_)) => Value::Boolean(!decisive),
            _ => Value::Null,
        })
    }

    /// A side of a connective; in DMN mode what is no condition is not known.
    fn side(&mut self, side: &'m Expr, frame: &mut Frame) -> Result<Option<bool>, Failure> {
        match truth(&self.expression(side, frame)?) {
            Err(_) if self.model.dmn_mode => Ok(None),
            known => known,
        }
    }

    fn is_in(&mut self, value: &'m Expr, tested: LocalId, tests: &'m [Test], frame: &mut Frame) -> Outcome {
        let value = self.expression(value, frame)?;
        assign(frame, tested, value)?;
        let any = self.any_holds(tests, tested, frame)?;
        Ok(match any {
            None if self.model.dmn_mode => Value::Null,
            known => Value::Boolean(known == Some(true)),
        })
    }

    /// DMN mode takes `else` where the condition is null; native rules need to know.
    fn conditional(&mut self, condition: &'m Expr, then: &'m Expr, otherwise: &'m Expr, frame: &mut Frame) -> Outcome {
        match self.expression(condition, frame)? {
            Value::Boolean(true) => self.expression(then, frame),
            Value::Boolean(false) => self.expression(otherwise, frame),
            Value::Null if self.model.dmn_mode => self.expression(otherwise, frame),
            other => Err(unexpected(&other)),
        }
    }

    /// An end of a range: only the constant null is no end.
    fn range_end(&mut self, end: &'m Expr, frame: &mut Frame) -> Outcome {
        match (self.expression(end, frame)?, &end.kind) {
            (Value::Null, ExprKind::Constant(_)) => Ok(Value::Null),
            (Value::Null, _) => Err(Failure::new(failure::NULL)),
            (value, _) => Ok(value),
        }
    }

    fn context(&mut self, entries: &'m [ContextEntry], frame: &mut Frame) -> Outcome {
        let mut pairs = Vec::new();
        for entry in entries {
            let value = self.expression(&entry.value, frame)?;
            assign(frame, entry.local, value.clone())?;
            pairs.push((entry.name.clone(), value));
        }
        Ok(Value::Context(Arc::new(Context::from_pairs(pairs))))
    }
}

/// True, false or not known; anything else is no condition.
pub(crate) fn truth(value: &Value) -> Result<Option<bool>, Failure> {
    match value {
        Value::Boolean(known) => Ok(Some(*known)),
        Value::Null => Ok(None),
        _ => Err(Failure::new(failure::KIND)),
    }
}

/// The items of a list.
pub(crate) fn list_of(value: Value) -> Result<Arc<Vec<Value>>, Failure> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(unexpected(&other)),
    }
}

/// The failure of an operation that met this value.
pub(crate) fn unexpected(value: &Value) -> Failure {
    Failure::new(if matches!(value, Value::Null) { failure::NULL } else { failure::KIND })
}

/// The item at a position from 1, from the end where negative; null where there is none.
fn at_position(items: &[Value], position: Number) -> Outcome {
    if !position.is_integer() {
        return Err(Failure::new(failure::WHOLE));
    }
    let index = match position.to_i64() {
        Some(from_start @ 1..) => usize::try_from(from_start).ok().and_then(|at| at.checked_sub(1)),
        Some(from_end @ ..=-1) => {
            usize::try_from(from_end.unsigned_abs()).ok().and_then(|back| items.len().checked_sub(back))
        }
        Some(0) | None => None,
    };
    Ok(index.and_then(|index| items.get(index)).cloned().unwrap_or_default())
}

/// A range: of one end at least, and with an order between both.
fn range(range: Range) -> Outcome {
    let (low, high) = match (&range.low, &range.high) {
        (Value::Null, Value::Null) => return Err(Failure::new(failure::NULL)),
        (end, Value::Null) | (Value::Null, end) => (end, end),
        (low, high) => (low, high),
    };
    match operators::order(low, high) {
        Some(_) => Ok(Value::Range(Arc::new(range))),
        None => Err(Failure::new(failure::KIND)),
    }
}

/// An entry of a context (null where it was left out), or a property of another value. Only DMN mode meets a list here,
/// whose elements each have the entry, or null.
fn field(of: &Value, name: &str) -> Outcome {
    match of {
        Value::List(items) => {
            let values = items.iter().map(|item| field(item, name).unwrap_or_default());
            Ok(Value::List(Arc::new(values.collect())))
        }
        Value::Context(context) => Ok(context.get(name).cloned().unwrap_or_default()),
        other => operators::property(other, name),
    }
}
