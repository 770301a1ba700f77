//! Columns of outcomes: one a field of a record, or one named after the decision; exact or not at all.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Decimal128Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use dictamen_core::{Outcomes, Scalar};
use dictamen_value::{Context, Date, Language, Message, Number, Rounding, Type, Value};

use crate::row::Undecided;

/// How columns hold numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// As decimals of 38 digits: whole numbers without places after the point, others with 18.
    Decimal,
    /// As text, each with all of its digits.
    Text,
}

/// Digits of the decimals of a column, and how many of them stand after the point where numbers need not be whole.
const DIGITS: u8 = 38;
const PLACES: i8 = 18;

/// The columns of a decision's outcome, and of what is told of rows without one.
#[derive(Clone, Debug)]
pub struct OutcomeColumns {
    schema: SchemaRef,
    columns: Vec<Column>,
    is_record: bool,
    /// Whether all of them hold scalars.
    is_flat: bool,
    language: Language,
}

#[derive(Clone, Debug)]
struct Column {
    name: Arc<str>,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Boolean,
    Decimal(i8),
    Date,
    /// Texts as they are.
    Text,
    /// Dates, numbers and the like as they are written, without quotes; what has parts as JSON.
    Written,
}

/// A value on its way into a column.
enum Entry {
    Null,
    Boolean(bool),
    Units(i128),
    Days(i32),
    Text(String),
}

/// What a column cannot hold exactly.
enum Misfit {
    /// A number with more digits than decimals of this scale have.
    Number(Number, i8),
    /// A date further from 1970 than 32 bits of days reach.
    Date(Date),
    /// A value of another kind than the column's, as JSON.
    Kind(String),
}

/// The columns of one batch while they grow.
pub(crate) struct Builders<'c> {
    columns: &'c OutcomeColumns,
    builders: Vec<Builder>,
    codes: StringBuilder,
    messages: StringBuilder,
    entries: Vec<Entry>,
}

enum Builder {
    Boolean(BooleanBuilder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Text(StringBuilder),
}

impl OutcomeColumns {
    /// The columns for outcomes of a type of a decision with this name; messages are in one language.
    pub fn of(decision: &str, ty: &Type, numbers: Numbers, language: Language) -> OutcomeColumns {
        let column = |name: &Arc<str>, ty: &Type| Column { name: name.clone(), form: form(ty, numbers) };
        let (columns, is_record) = match ty.bare() {
            Type::Record(record) => (record.fields.iter().map(|field| column(&field.name, &field.ty)).collect(), true),
            _ => (vec![column(&decision.into(), ty)], false),
        };
        let schema = Arc::new(Schema::new(fields(&columns)));
        let is_flat = match ty.bare() {
            Type::Record(record) => record.fields.iter().all(|field| is_scalar(&field.ty)),
            _ => is_scalar(ty),
        };
        OutcomeColumns { schema, columns, is_record, is_flat, language }
    }

    /// The columns, in order: those of the outcome, then `error_code` and `error_message`, null where there is an outcome.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Whether all columns hold scalars, which outcomes by columns are.
    pub(crate) fn is_flat(&self) -> bool {
        self.is_flat
    }

    pub(crate) fn build(&self, rows: usize) -> Builders<'_> {
        let builders = self.columns.iter().map(|column| Builder::of(column.form, rows)).collect();
        let texts = || StringBuilder::with_capacity(rows, 0);
        Builders { columns: self, builders, codes: texts(), messages: texts(), entries: Vec::new() }
    }

    /// The column of a field, which most likely is the next one.
    fn find(&self, name: &str, next: usize) -> Option<(usize, Form)> {
        if !self.is_record {
            return self.columns.first().map(|column| (0, column.form));
        }
        let is_next = self.columns.get(next).is_some_and(|column| *column.name == *name);
        let position = if is_next { next } else { self.columns.iter().position(|column| *column.name == *name)? };
        self.columns.get(position).map(|column| (position, column.form))
    }

    fn name(&self, column: usize) -> &str {
        self.columns.get(column).map(|column| &*column.name).unwrap_or_default()
    }
}

impl Builders<'_> {
    /// Adds an outcome. `false` where something does not fit its column: the row then says so and has none.
    pub(crate) fn decided(&mut self, outcome: &Value) -> bool {
        self.entries.clear();
        for (position, column) in self.columns.columns.iter().enumerate() {
            let value = if self.columns.is_record {
                outcome.as_context().and_then(|context: &Context| context.get_at(position, &column.name))
            } else {
                Some(outcome)
            };
            match entry(value.unwrap_or(&Value::Null), column.form) {
                Ok(entry) => self.entries.push(entry),
                Err(misfit) => return self.append(Some((position, misfit))),
            }
        }
        self.append(None)
    }

    /// Adds the entries of a row, unless one does not fit its column.
    fn append(&mut self, misfit: Option<(usize, Misfit)>) -> bool {
        if let Some((column, misfit)) = misfit {
            let message = misfit.message(self.columns.name(column));
            self.without(misfit.code(), message.text(self.columns.language));
            return false;
        }
        let entries = self.entries.drain(..);
        self.builders.iter_mut().zip(entries).for_each(|(builder, entry)| builder.push(entry));
        self.codes.append_null();
        self.messages.append_null();
        true
    }

    /// Adds the outcome of a row that was decided by columns.
    pub(crate) fn swept(&mut self, outcomes: &Outcomes<'_>, row: usize) -> bool {
        let columns = self.columns;
        self.entries.clear();
        self.entries.resize_with(columns.columns.len(), || Entry::Null);
        let (mut unfit, mut next) = (None, 0);
        outcomes.visit(row, |name, scalar| {
            let Some((position, form)) = columns.find(name, next) else { return };
            next = position.saturating_add(1);
            let entry = entry_of(scalar, form).unwrap_or_else(|misfit| {
                unfit.get_or_insert((position, misfit));
                Entry::Null
            });
            self.entries.get_mut(position).map(|place| *place = entry).unwrap_or_default();
        });
        self.append(unfit)
    }

    /// Adds a row without an outcome.
    pub(crate) fn undecided(&mut self, why: &Undecided<'_>) {
        let text = why.text(self.columns.language);
        self.without(why.code(), &text);
    }

    fn without(&mut self, code: &str, message: &str) {
        self.builders.iter_mut().for_each(|builder| builder.push(Entry::Null));
        self.codes.append_value(code);
        self.messages.append_value(message);
    }

    /// The columns.
    pub(crate) fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let outcomes = self.builders.iter_mut().map(Builder::finish);
        let errors = [Arc::new(self.codes.finish()) as ArrayRef, Arc::new(self.messages.finish())];
        RecordBatch::try_new(self.columns.schema.clone(), outcomes.chain(errors).collect())
    }
}

impl Builder {
    fn of(form: Form, rows: usize) -> Builder {
        match form {
            Form::Boolean => Builder::Boolean(BooleanBuilder::with_capacity(rows)),
            Form::Decimal(_) => {
                Builder::Decimal(Decimal128Builder::with_capacity(rows).with_data_type(form.data_type()))
            }
            Form::Date => Builder::Date(Date32Builder::with_capacity(rows)),
            Form::Text | Form::Written => Builder::Text(StringBuilder::with_capacity(rows, 0)),
        }
    }

    fn push(&mut self, entry: Entry) {
        match (self, entry) {
            (Builder::Boolean(builder), Entry::Boolean(boolean)) => builder.append_value(boolean),
            (Builder::Decimal(builder), Entry::Units(units)) => builder.append_value(units),
            (Builder::Date(builder), Entry::Days(days)) => builder.append_value(days),
            (Builder::Text(builder), Entry::Text(text)) => builder.append_value(text),
            (Builder::Boolean(builder), _) => builder.append_null(),
            (Builder::Decimal(builder), _) => builder.append_null(),
            (Builder::Date(builder), _) => builder.append_null(),
            (Builder::Text(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Boolean(builder) => Arc::new(builder.finish()),
            Builder::Decimal(builder) => Arc::new(builder.finish()),
            Builder::Date(builder) => Arc::new(builder.finish()),
            Builder::Text(builder) => Arc::new(builder.finish()),
        }
    }
}

impl Form {
    fn data_type(self) -> DataType {
        match self {
            Form::Boolean => DataType::Boolean,
            Form::Decimal(scale) => DataType::Decimal128(DIGITS, scale),
            Form::Date => DataType::Date32,
            Form::Text | Form::Written => DataType::Utf8,
        }
    }
}

fn form(ty: &Type, numbers: Numbers) -> Form {
    match (ty.basic(), numbers) {
        (Type::Boolean, _) => Form::Boolean,
        (Type::Number { integer: true, .. }, Numbers::Decimal) => Form::Decimal(0),
        (Type::Number { .. }, Numbers::Decimal) => Form::Decimal(PLACES),
        (Type::Date, _) => Form::Date,
        (Type::Text, _) => Form::Text,
        _ => Form::Written,
    }
}

/// The fields of a schema; names of columns for errors give way to those of outcomes.
fn fields(columns: &[Column]) -> Vec<Field> {
    let free = |name: &str| {
        let mut name = name.to_owned();
        while columns.iter().any(|column| *column.name == name) {
            name.push('_');
        }
        Field::new(name, DataType::Utf8, true)
    };
    let outcomes = columns.iter().map(|column| Field::new(&*column.name, column.form.data_type(), true));
    outcomes.chain([free("error_code"), free("error_message")]).collect()
}

impl Misfit {
    /// Stable.
    fn code(&self) -> &'static str {
        match self {
            Misfit::Number(..) => "lote.numero-no-cabe",
            Misfit::Date(_) => "lote.fecha-no-cabe",
            Misfit::Kind(_) => "lote.valor-no-cabe",
        }
    }

    fn message(&self, name: &str) -> Message {
        match self {
            Misfit::Number(number, scale) => Message::new(
                format!(
                    "{name}: {number} no cabe exacto en {DIGITS} dígitos con {scale} decimales; pida los números como texto"
                ),
                format!(
                    "{name}: {number} does not fit {DIGITS} digits with {scale} decimals exactly; ask for numbers as text"
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
fn entry(value: &Value, form: Form) -> Result<Entry, Misfit> {
    Ok(match (form, value) {
        (_, Value::Null) => Entry::Null,
        (Form::Boolean, Value::Boolean(boolean)) => Entry::Boolean(*boolean),
        (Form::Decimal(scale), Value::Number(number)) => Entry::Units(fitting(*number, scale)?),
        (Form::Date, Value::Date(date)) => Entry::Days(days(*date).ok_or(Misfit::Date(*date))?),
        (Form::Text | Form::Written, Value::Text(text)) => Entry::Text(text.to_string()),
        (Form::Text | Form::Written, Value::List(_) | Value::Context(_)) => Entry::Text(value.to_json()),
        (Form::Text | Form::Written, value) => Entry::Text(unquoted(value.to_json())),
        (_, value) => return Err(Misfit::Kind(value.to_json())),
    })
}

fn fitting(number: Number, scale: i8) -> Result<i128, Misfit> {
    units(number, scale).ok_or(Misfit::Number(number, scale))
}

/// The same of a scalar.
fn entry_of(scalar: Scalar<'_>, form: Form) -> Result<Entry, Misfit> {
    Ok(match (form, scalar) {
        (Form::Text | Form::Written, Scalar::Text(text)) => Entry::Text(text.to_owned()),
        (Form::Decimal(scale), Scalar::Number(number)) => Entry::Units(fitting(number, scale)?),
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

fn is_scalar(ty: &Type) -> bool {
    !matches!(ty.basic(), Type::Any | Type::Null | Type::Range(_) | Type::List(_) | Type::Record(_) | Type::Function(_))
}

/// Units of `10^-scale`, where that is exactly the number and has no more digits than columns hold.
fn units(number: Number, scale: i8) -> Option<i128> {
    if let Some((units, exponent)) = number.short_parts() {
        let shift = u32::try_from(exponent.saturating_add(scale.into())).ok();
        if let Some(units) = shift.and_then(|shift| i128::from(units).checked_mul(10_i128.checked_pow(shift)?)) {
            return Some(units).filter(holds);
        }
    }
    let rounded = |rounding| number.to_scaled(scale.into(), rounding);
    let floor = rounded(Rounding::Floor)?;
    (rounded(Rounding::Ceiling) == Some(floor)).then_some(floor).filter(holds)
}

fn holds(units: &i128) -> bool {
    10_u128.checked_pow(DIGITS.into()).is_some_and(|limit| units.unsigned_abs() < limit)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;

    /// What a column of a type makes of a value: whether it holds it, and the code where it does not.
    fn held(ty: &Type, numbers: Numbers, value: &Value) -> (bool, Option<String>) {
        let columns = OutcomeColumns::of("valor", ty, numbers, Language::En);
        let mut builders = columns.build(1);
        let fits = builders.decided(value);
        let batch = builders.finish().unwrap();
        let code = batch.column(1).as_string::<i32>();
        assert_eq!(code.is_null(0), fits);
        (batch.column(0).is_valid(0), (!fits).then(|| code.value(0).to_owned()))
    }

    #[test]
    fn what_a_column_cannot_hold_is_an_error_of_its_row_and_never_null() {
        let date = |text: &str| Value::Date(Date::parse(text).unwrap());
        let number = |text: &str| Value::Number(Number::parse(text).unwrap());
        let numeric = Type::number();
        for (ty, value, expected) in [
            (Type::Date, date("2026-01-31"), None),
            (Type::Date, date("5881580-07-11"), None),
            (Type::Date, date("5881580-07-12"), Some("lote.fecha-no-cabe")),
            (Type::Date, date("-5877641-06-23"), None),
            (Type::Date, date("-5877641-06-22"), Some("lote.fecha-no-cabe")),
            (numeric.clone(), number("1E+19"), None),
            (numeric.clone(), number("1E+20"), Some("lote.numero-no-cabe")),
            (numeric.clone(), number("1E-19"), Some("lote.numero-no-cabe")),
            (Type::Boolean, number("1"), Some("lote.valor-no-cabe")),
            (Type::Date, Value::text("2026-01-31"), Some("lote.valor-no-cabe")),
        ] {
            let expected = (expected.is_none(), expected.map(str::to_owned));
            assert_eq!(held(&ty, Numbers::Decimal, &value), expected, "{value:?}");
        }
        assert_eq!(held(&numeric, Numbers::Text, &number("1E-19")), (true, None));
        assert_eq!(held(&Type::Date, Numbers::Decimal, &Value::Null), (false, None));
    }
}
