//! FEEL arithmetic on values (DMN 1.5, tables 54 to 59).

use crate::{DateTime, Message, NumberError, TemporalError, Value};

impl Value {
    /// FEEL's `+`: numbers, text (joined), durations of one kind, and dates or times with durations.
    pub fn add(&self, other: &Value) -> Result<Value, Message> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => number(left.checked_add(*right)),
            (Value::Text(left), Value::Text(right)) => Ok(Value::from([&**left, &**right].concat())),
            (Value::DaysDuration(left), Value::DaysDuration(right)) => temporal(left.checked_add(*right)),
            (Value::MonthsDuration(left), Value::MonthsDuration(right)) => temporal(left.checked_add(*right)),
            (_, Value::DaysDuration(_) | Value::MonthsDuration(_)) => self.shift(other, other, &ADD),
            (Value::DaysDuration(_) | Value::MonthsDuration(_), _) => other.shift(self, self, &ADD),
            _ => Err(refuse(&ADD, self, other)),
        }
    }

    /// FEEL's `-`: numbers, durations of one kind, dates or times, and dates or times with durations.
    pub fn subtract(&self, other: &Value) -> Result<Value, Message> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => number(left.checked_sub(*right)),
            (Value::DaysDuration(left), Value::DaysDuration(right)) => temporal(left.checked_sub(*right)),
            (Value::MonthsDuration(left), Value::MonthsDuration(right)) => temporal(left.checked_sub(*right)),
            (Value::Date(left), Value::Date(right)) => Ok(Value::from(left.since(*right))),
            (Value::Time(left), Value::Time(right)) => temporal(left.since(*right)),
            (Value::DateTime(left), Value::DateTime(right)) => temporal(left.since(*right)),
            (Value::DateTime(left), Value::Date(right)) => temporal(left.since(DateTime::at_midnight_utc(*right))),
            (Value::Date(left), Value::DateTime(right)) => temporal(DateTime::at_midnight_utc(*left).since(*right)),
            (_, Value::DaysDuration(_) | Value::MonthsDuration(_)) => self.shift(other, &other.negate()?, &SUBTRACT),
            _ => Err(refuse(&SUBTRACT, self, other)),
        }
    }

    /// FEEL's `*`: numbers, and durations with numbers.
    pub fn multiply(&self, other: &Value) -> Result<Value, Message> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => number(left.checked_mul(*right)),
            (Value::DaysDuration(duration), Value::Number(factor))
            | (Value::Number(factor), Value::DaysDuration(duration)) => temporal(duration.multiply(*factor)),
            (Value::MonthsDuration(duration), Value::Number(factor))
            | (Value::Number(factor), Value::MonthsDuration(duration)) => temporal(duration.multiply(*factor)),
            _ => Err(refuse(&MULTIPLY, self, other)),
        }
    }

    /// FEEL's `/`: numbers, durations by numbers, and durations of one kind (a number).
    pub fn divide(&self, other: &Value) -> Result<Value, Message> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => number(left.checked_div(*right)),
            (Value::DaysDuration(left), Value::Number(right)) => temporal(left.divide(*right)),
            (Value::MonthsDuration(left), Value::Number(right)) => temporal(left.divide(*right)),
            (Value::DaysDuration(left), Value::DaysDuration(right)) => temporal(left.ratio(*right)),
            (Value::MonthsDuration(left), Value::MonthsDuration(right)) => temporal(left.ratio(*right)),
            _ => Err(refuse(&DIVIDE, self, other)),
        }
    }

    /// FEEL's `**`: numbers.
    pub fn power(&self, other: &Value) -> Result<Value, Message> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => number(left.power(*right)),
            _ => Err(refuse(&POWER, self, other)),
        }
    }

    /// FEEL's unary `-`: numbers and durations.
    pub fn negate(&self) -> Result<Value, Message> {
        match self {
            Value::Number(number) => Ok(Value::from(number.negate())),
            Value::DaysDuration(duration) => temporal(duration.negate()),
            Value::MonthsDuration(duration) => temporal(duration.negate()),
            _ => {
                let kind = self.type_name();
                Err(Message::new(
                    format!("no se puede cambiar el signo de {}: se esperaba un número o una duración", kind.es),
                    format!("cannot negate {}: expected a number or a duration", kind.en),
                ))
            }
        }
    }

    /// Moves a date or time by a duration; `written` is the duration as the operator got it.
    fn shift(&self, written: &Value, duration: &Value, operator: &Operator) -> Result<Value, Message> {
        match (self, duration) {
            (Value::Date(date), Value::DaysDuration(duration)) => temporal(date.add_duration(*duration)),
            (Value::Date(date), Value::MonthsDuration(duration)) => temporal(date.add_months(*duration)),
            (Value::DateTime(moment), Value::DaysDuration(duration)) => temporal(moment.add_duration(*duration)),
            (Value::DateTime(moment), Value::MonthsDuration(duration)) => temporal(moment.add_months(*duration)),
            (Value::Time(time), Value::DaysDuration(duration)) => temporal(time.add_duration(*duration)),
            _ => Err(refuse(operator, self, written)),
        }
    }
}

/// An operator as messages name it.
struct Operator {
    es: &'static str,
    en: &'static str,
}

const ADD: Operator = Operator { es: "sumar (+)", en: "add (+)" };
const SUBTRACT: Operator = Operator { es: "restar (-)", en: "subtract (-)" };
const MULTIPLY: Operator = Operator { es: "multiplicar (*)", en: "multiply (*)" };
const DIVIDE: Operator = Operator { es: "dividir (/)", en: "divide (/)" };
const POWER: Operator = Operator { es: "elevar (**)", en: "raise (**)" };

fn refuse(operator: &Operator, left: &Value, right: &Value) -> Message {
    let (left, right) = (left.type_name(), right.type_name());
    Message::new(
        format!("no se puede {} con {} a la izquierda y {} a la derecha", operator.es, left.es, right.es),
        format!("cannot {} with {} on the left and {} on the right", operator.en, left.en, right.en),
    )
}

fn number(result: Result<crate::Number, NumberError>) -> Result<Value, Message> {
    result.map(Value::from).map_err(NumberError::message)
}

fn temporal(result: Result<impl Into<Value>, TemporalError>) -> Result<Value, Message> {
    result.map(Into::into).map_err(|error| error.message())
}
