//! What a column holds of a value: exactly the value, or a reason why it cannot.

use arrow_schema::DataType;
use dictamen_core::Scalar;
use dictamen_value::{Date, Message, Number, Rounding, Type, Value};

/// How columns hold numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// As decimals of 38 digits: whole numbers without places after the point, others with 18.
    Decimal,
    /// As decimals of 18 digits, which take half the room: whole numbers without places, others with so many, 18 at most.
    Places(u8),
    /// As text, each with all of its digits.
    Text,
}

/// Digits of the decimals of a column, and how many of them stand after the point where numbers need not be whole.
const DIGITS: u8 = 38;
const PLACES: i8 = 18;
/// Digits of decimals that fit 64 bits.
const SHORT_DIGITS: u8 = 18;

/// What a column is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Boolean,
    /// Digits, and how many of them stand after the point.
    Decimal(u8, i8),
    Date,
    /// Texts as they are.
    Text,
    /// Dates, numbers and the like as they are written, without quotes; what has parts as JSON.
    Written,
}

/// A value on its way into a column.
pub(crate) enum Entry {
    Null,
    Boolean(bool),
    Units(i128),
    Days(i32),
    Text(String),
}

/// What a column cannot hold exactly.
pub(crate) enum Misfit {
    /// A number with more digits than decimals of these digits and places have.
    Number(Number, u8, i8),
    /// A date further from 1970 than 32 bits of days reach.
    Date(Date),
    /// A value of another kind than the column's, as JSON.
    Kind(String),
}

impl Form {
    /// The type of the column.
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Form::Boolean => DataType::Boolean,
            Form::Decimal(digits, scale) => DataType::Decimal128(digits, scale),
            Form::Date => DataType::Date32,
            Form::Text | Form::Written => DataType::Utf8,
        }
    }
}

/// The form that outcomes of a type have.
pub(crate) fn form(ty: &Type, numbers: Numbers) -> Form {
    match (ty.basic(), numbers) {
        (Type::Boolean, _) => Form::Boolean,
        (Type::Number { integer: true, .. }, Numbers::Decimal) => Form::Decimal(DIGITS, 0),
        (Type::Number { .. }, Numbers::Decimal) => Form::Decimal(DIGITS, PLACES),
        (Type::Number { integer: true, .. }, Numbers::Places(_)) => Form::Decimal(SHORT_DIGITS, 0),
        (Type::Number { .. }, Numbers::Places(places)) => {
            Form::Decimal(SHORT_DIGITS, i8::try_from(places.min(SHORT_DIGITS)).unwrap_or(PLACES))
        }
        (Type::Date, _) => Form::Date,
        (Type::Text, _) => Form::Text,
        _ => Form::Written,
    }
}

impl Misfit {
    /// Stable.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Misfit::Number(..) => "lote.numero-no-cabe",
            Misfit::Date(_) => "lote.fecha-no-cabe",
            Misfit::Kind(_) => "lote.valor-no-cabe",
        }
    }

    /// What is told of it, by the name of the column.
    pub(crate) fn message(&self, name: &str) -> Message {
        match self {
            Misfit::Number(number, digits, scale) => Message::new(
                format!(
                    "{name}: {number} no cabe exacto en {digits} dígitos con {scale} decimales; pida los números como texto"
                ),
                format!(
                    "{name}: {number} does not fit {digits} digits with {scale} decimals exactly; ask for numbers as text"
                ),
            ),
            Misfit::Date(date) => Message::new(
                format!(
                    "{name}: {date} no cabe en una columna de fechas (días desde 1970 en 32 bits); pida líneas JSON"
                ),
                format!(
                    "{name}: {date} does not fit a column of dates (32 bits of days since 1970); ask for lines of JSON"
                ),
            ),
            Misfit::Kind(json) => Message::new(
                format!("{name}: {json} no es de la clase de valores de su columna; pida líneas JSON"),
                format!("{name}: {json} is not of the kind of values of its column; ask for lines of JSON"),
            ),
        }
    }
}

/// What a column holds of a value, exactly.
pub(crate) fn entry(value: &Value, form: Form) -> Result<Entry, Misfit> {
    Ok(match (form, value) {
        (_, Value::Null) => Entry::Null,
        (Form::Boolean, Value::Boolean(boolean)) => Entry::Boolean(*boolean),
        (Form::Decimal(digits, scale), Value::Number(number)) => Entry::Units(fitting(*number, digits, scale)?),
        (Form::Date, Value::Date(date)) => Entry::Days(days(*date).ok_or(Misfit::Date(*date))?),
        (Form::Text | Form::Written, Value::Text(text)) => Entry::Text(text.to_string()),
        (Form::Text | Form::Written, Value::List(_) | Value::Context(_)) => Entry::Text(value.to_json()),
        (Form::Text | Form::Written, value) => Entry::Text(unquoted(value.to_json())),
        (_, value) => return Err(Misfit::Kind(value.to_json())),
    })
}

fn fitting(number: Number, digits: u8, scale: i8) -> Result<i128, Misfit> {
    units(number, scale).filter(|units| holds(*units, digits)).ok_or(Misfit::Number(number, digits, scale))
}

/// The same of a scalar.
pub(crate) fn entry_of(scalar: Scalar<'_>, form: Form) -> Result<Entry, Misfit> {
    Ok(match (form, scalar) {
        (Form::Text | Form::Written, Scalar::Text(text)) => Entry::Text(text.to_owned()),
        (Form::Decimal(digits, scale), Scalar::Number(number)) => Entry::Units(fitting(number, digits, scale)?),
        (form, scalar) => return entry(&value(scalar), form),
    })
}

fn value(scalar: Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(truth) => Value::Boolean(truth),
        Scalar::Number(number) => Value::Number(number),
        Scalar::Text(text) => Value::text(text),
        Scalar::Date(date) => Value::Date(date),
        Scalar::Time(time) => Value::Time(time),
        Scalar::DateTime(moment) => Value::DateTime(moment),
        Scalar::DaysDuration(duration) => Value::DaysDuration(duration),
        Scalar::MonthsDuration(duration) => Value::MonthsDuration(duration),
    }
}

/// Units of `10^-scale`, where that is exactly the number.
fn units(number: Number, scale: i8) -> Option<i128> {
    if let Some((units, exponent)) = number.short_parts() {
        let shift = u32::try_from(exponent.saturating_add(scale.into())).ok();
        if let Some(units) = shift.and_then(|shift| i128::from(units).checked_mul(10_i128.checked_pow(shift)?)) {
            return Some(units);
        }
    }
    let rounded = |rounding| number.to_scaled(scale.into(), rounding);
    let floor = rounded(Rounding::Floor)?;
    (rounded(Rounding::Ceiling) == Some(floor)).then_some(floor)
}

/// Whether units have no more digits than these.
pub(crate) fn holds(units: i128, digits: u8) -> bool {
    10_u128.checked_pow(digits.into()).is_some_and(|limit| units.unsigned_abs() < limit)
}

fn days(date: Date) -> Option<i32> {
    i32::try_from(date.day_number()).ok()
}

/// JSON of a scalar without the quotes that it may have.
fn unquoted(json: String) -> String {
    match json.strip_prefix('"').and_then(|json| json.strip_suffix('"')) {
        Some(inner) => inner.to_owned(),
        None => json,
    }
}
