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

/// The code of an outcome that a column of decimals cannot hold exactly.
const UNFIT: &str = "lote.numero-no-cabe";

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

/// A number that a column cannot hold exactly.
struct Unfit {
    column: usize,
    number: Number,
    scale: i8,
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

    fn unfit(&self, unfit: &Unfit) -> Message {
        let Unfit { column, number, scale } = unfit;
        let name = self.columns.get(*column).map(|column| &*column.name).unwrap_or_default();
        Message::new(
            format!(
                "{name}: {number} no cabe exacto en {DIGITS} dígitos con {scale} decimales; pida los números como texto"
            ),
            format!(
                "{name}: {number} does not fit {DIGITS} digits with {scale} decimals exactly; ask for numbers as text"
            ),
        )
    }
}

impl Builders<'_> {
    /// Adds an outcome. `false` where a number does not fit its column: the row then says so and has none.
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
                Err((number, scale)) => return self.append(Some(Unfit { column: position, number, scale })),
            }
        }
        self.append(None)
    }

    /// Adds the entries of a row, unless one does not fit its column.
    fn append(&mut self, unfit: Option<Unfit>) -> bool {
        if let Some(unfit) = unfit {
            let message = self.columns.unfit(&unfit);
            self.without(UNFIT, message.text(self.columns.language));
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
            let entry = entry_of(scalar, form).unwrap_or_else(|(number, scale)| {
                unfit.get_or_insert(Unfit { column: position, number, scale });
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

/// What a column holds of a value; the error is a number that does not fit it, with the column's scale.
fn entry(value: &Value, form: Form) -> Result<Entry, (Number, i8)> {
    Ok(match (form, value) {
        (_, Value::Null) => Entry::Null,
        (Form::Boolean, Value::Boolean(boolean)) => Entry::Boolean(*boolean),
        (Form::Decimal(scale), Value::Number(number)) => Entry::Units(units(*number, scale).ok_or((*number, scale))?),
        (Form::Date, Value::Date(date)) => days(*date).map_or(Entry::Null, Entry::Days),
        (Form::Text | Form::Written, Value::Text(text)) => Entry::Text(text.to_string()),
        (_, Value::List(_) | Value::Context(_)) => Entry::Text(value.to_json()),
        (_, value) => Entry::Text(unquoted(value.to_json())),
    })
}

/// The same of a scalar.
fn entry_of(scalar: Scalar<'_>, form: Form) -> Result<Entry, (Number, i8)> {
    Ok(match (form, scalar) {
        (Form::Text | Form::Written, Scalar::Text(text)) => Entry::Text(text.to_owned()),
        (Form::Decimal(scale), Scalar::Number(number)) => Entry::Units(units(number, scale).ok_or((number, scale))?),
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
