//! Literals: numbers with the unit that is expected, texts that may be choices, dates, times and durations.

use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{Date, DateTime, DaysDuration, Message, MonthsDuration, Number, Time, Type, Unit, Value};

use crate::checker::Checker;
use crate::expressions::constant;
use crate::fit;
use crate::graph::Expr;
use crate::names::nearest;

impl Checker<'_> {
    pub(crate) fn number_literal(&mut self, text: &str, span: Span, expected: Option<&Type>) -> Expr {
        let number = if self.model.dmn_mode { Number::parse_rounded(text) } else { Number::parse(text) };
        match number {
            Ok(number) => {
                let value = Value::Number(number);
                let ty = self.literal_type(&value, number_type(number, expected), span, expected);
                constant(value, ty, span)
            }
            Err(error) => {
                let message = error.message();
                self.error("expresion.numero", span, message.es, message.en);
                self.nothing(span)
            }
        }
    }

    pub(crate) fn text_literal(&mut self, text: &str, span: Span, expected: Option<&Type>) -> Expr {
        let value = Value::text(text);
        let ty = self.literal_type(&value, Type::Text, span, expected);
        constant(value, ty, span)
    }

    /// A literal where a choice is expected must be one of its values, and then is of that choice's type.
    fn literal_type(&mut self, value: &Value, basic: Type, span: Span, expected: Option<&Type>) -> Type {
        let Some(Type::Choice(choices)) = expected.map(Type::bare).filter(|_| !self.model.dmn_mode) else {
            return basic;
        };
        if choices.contains(value) {
            return Type::Choice(vec![value.clone()].into());
        }
        if !fit::comparable(&basic, &Type::Choice(choices.clone()).basic()) {
            return basic;
        }
        let listed = choices.iter().map(Value::to_feel).collect::<Vec<_>>().join(", ");
        let mut diagnostic = Diagnostic::error(
            "tipos.no-es-opcion",
            span,
            Message::new(
                format!("{value} no es una de las opciones: {listed}"),
                format!("{value} is not one of the choices: {listed}"),
            ),
        );
        let texts: Vec<String> = choices.iter().map(Value::to_feel).collect();
        if let Some(near) = nearest(&value.to_feel(), texts.iter().map(String::as_str)) {
            diagnostic =
                diagnostic.with_help(Message::new(format!("¿quiso decir {near}?"), format!("did you mean {near}?")));
        }
        self.report(diagnostic);
        Type::Any
    }

    pub(crate) fn at_literal(&mut self, text: &str, span: Span) -> Expr {
        let read = Date::parse(text).map(|date| (Value::Date(date), Type::Date)).or_else(|date_error| {
            let other = DateTime::parse(text).map(|value| (Value::DateTime(value), Type::DateTime));
            let other = other.or_else(|_| Time::parse(text).map(|value| (Value::Time(value), Type::Time)));
            let other = other.or_else(|_| {
                MonthsDuration::parse(text).map(|value| (Value::MonthsDuration(value), Type::MonthsDuration))
            });
            let other = other
                .or_else(|_| DaysDuration::parse(text).map(|value| (Value::DaysDuration(value), Type::DaysDuration)));
            other.map_err(|_| date_error)
        });
        match read {
            Ok((value, ty)) => constant(value, ty, span),
            Err(error) => {
                let message = error.message();
                self.error(
                    "expresion.fecha",
                    span,
                    format!("@\"{text}\" no es una fecha, hora ni duración: {}", message.es),
                    format!("@\"{text}\" is not a date, time or duration: {}", message.en),
                );
                self.nothing(span)
            }
        }
    }
}

fn number_type(number: Number, expected: Option<&Type>) -> Type {
    let unit = match expected.and_then(fit::number) {
        Some((_, unit)) => unit,
        None => Unit::none(),
    };
    Type::Number { integer: number.is_integer(), unit }
}
