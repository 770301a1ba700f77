//! Columns of outcomes: one a field of a record, or one named after the decision; exact or not at all.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Decimal128Builder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use arrow_buffer::{BooleanBuffer, Buffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use dictamen_core::{Field as Outcome, Outcomes, Scalar, Truths};
use dictamen_value::{Context, Language, Number, Type, Value};

use crate::entry::{Entry, Form, Misfit, Numbers, entry, entry_of, form, holds};
use crate::row::Undecided;

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
        self.builders.iter_mut().zip(entries).for_each(|(builder, entry)| builder.push(&entry));
        self.codes.append_null();
        self.messages.append_null();
        true
    }

    /// Adds the outcomes of rows that were decided by columns; gives how many of them do not fit their columns.
    pub(crate) fn swept(&mut self, outcomes: &Outcomes<'_>, rows: Range<usize>) -> u64 {
        if let Some(parts) = self.parts(outcomes, &rows) {
            for (builder, part) in self.builders.iter_mut().zip(&parts) {
                part.append(builder, rows.clone());
            }
            self.codes.append_nulls(rows.len());
            self.messages.append_nulls(rows.len());
            return 0;
        }
        let fitting = rows.clone().filter(|row| self.swept_row(outcomes, *row)).count();
        rows.len().saturating_sub(fitting) as u64
    }

    /// What each column gets; `None` where it cannot hold a value, which is then one row's error.
    fn parts<'s>(&self, outcomes: &Outcomes<'s>, rows: &Range<usize>) -> Option<Vec<Part<'s>>> {
        let columns = self.columns;
        let mut parts: Vec<Part<'s>> = columns.columns.iter().map(|_| Part::Same(Entry::Null)).collect();
        let (mut next, mut fits) = (0, true);
        outcomes.fields(|name, field| {
            let Some((position, form)) = columns.find(name, next) else { return };
            next = position.saturating_add(1);
            match (Part::of(field, form, rows), parts.get_mut(position)) {
                (Some(part), Some(place)) => *place = part,
                _ => fits = false,
            }
        });
        fits.then_some(parts)
    }

    fn swept_row(&mut self, outcomes: &Outcomes<'_>, row: usize) -> bool {
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
        self.builders.iter_mut().for_each(|builder| builder.push(&Entry::Null));
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
            Form::Decimal(..) => {
                Builder::Decimal(Decimal128Builder::with_capacity(rows).with_data_type(form.data_type()))
            }
            Form::Date => Builder::Date(Date32Builder::with_capacity(rows)),
            Form::Text | Form::Written => Builder::Text(StringBuilder::with_capacity(rows, 0)),
        }
    }

    fn push(&mut self, entry: &Entry) {
        match (self, entry) {
            (Builder::Boolean(builder), Entry::Boolean(boolean)) => builder.append_value(*boolean),
            (Builder::Decimal(builder), Entry::Units(units)) => builder.append_value(*units),
            (Builder::Date(builder), Entry::Days(days)) => builder.append_value(*days),
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

/// What a column gets of a field of the outcomes of a batch.
enum Part<'s> {
    Same(Entry),
    /// Units, and what each is to be multiplied by.
    Units(&'s [i64], i128),
    Truths(Truths<'s>),
    /// One of some entries a row: its position among them.
    Coded(&'s [u32], Vec<Entry>),
    /// One for each row that is appended.
    Each(Vec<Entry>),
}

impl<'s> Part<'s> {
    /// `None` where the column cannot hold one of the values.
    fn of(field: Outcome<'s>, form: Form, rows: &Range<usize>) -> Option<Part<'s>> {
        let entry = |scalar: Scalar<'_>| entry_of(scalar, form).ok();
        Some(match field {
            Outcome::Units(units, own) => match whole(units.get(rows.clone())?, own, form) {
                Some(factor) => Part::Units(units, factor),
                None => {
                    let number = |row: usize| Some(Scalar::Number(Number::from_units(*units.get(row)?, own)));
                    Part::Each(rows.clone().map(|row| entry(number(row)?)).collect::<Option<_>>()?)
                }
            },
            Outcome::Truths(truths) if form == Form::Boolean => Part::Truths(truths),
            Outcome::Truths(truths) => {
                Part::Each(rows.clone().map(|row| entry(Scalar::Boolean(truths.get(row)))).collect::<Option<_>>()?)
            }
            Outcome::Same(scalar) => Part::Same(entry(scalar)?),
            Outcome::Coded(codes, values) => Part::Coded(codes, values.into_iter().map(entry).collect::<Option<_>>()?),
            Outcome::Others(others) => {
                Part::Each(rows.clone().map(|row| entry(others.get(row))).collect::<Option<_>>()?)
            }
        })
    }

    fn append(&self, builder: &mut Builder, rows: Range<usize>) {
        match (self, builder) {
            (Part::Units(units, factor), Builder::Decimal(builder)) => {
                let units = units.get(rows).unwrap_or_default();
                let units: Vec<i128> = units.iter().map(|units| i128::from(*units).wrapping_mul(*factor)).collect();
                builder.append_slice(&units);
            }
            (Part::Truths(truths), Builder::Boolean(builder)) => {
                let words: Vec<u64> = truths.words().map(u64::to_le).collect();
                let bits = BooleanBuffer::new(Buffer::from_vec(words), rows.start, rows.len());
                builder.append_array(&BooleanArray::new(bits, None));
            }
            (Part::Coded(codes, entries), builder) => {
                let codes = codes.get(rows).unwrap_or_default();
                codes.iter().for_each(|code| builder.push(entries.get(*code as usize).unwrap_or(&Entry::Null)));
            }
            (Part::Same(entry), builder) => rows.for_each(|_| builder.push(entry)),
            (Part::Each(entries), builder) => entries.iter().for_each(|entry| builder.push(entry)),
            (Part::Units(..) | Part::Truths(_), builder) => rows.for_each(|_| builder.push(&Entry::Null)),
        }
    }
}

/// What units are to be multiplied by for a column of decimals, where all of them fit it then.
fn whole(units: &[i64], own: u8, form: Form) -> Option<i128> {
    let Form::Decimal(digits, scale) = form else { return None };
    let zeros = u32::try_from(scale).ok()?.checked_sub(own.into())?;
    let longest = units.iter().fold(0, |longest, units| units.unsigned_abs().max(longest));
    let factor = 10_i128.checked_pow(zeros)?;
    holds(i128::from(longest).checked_mul(factor)?, digits).then_some(factor)
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

fn is_scalar(ty: &Type) -> bool {
    !matches!(ty.basic(), Type::Any | Type::Null | Type::Range(_) | Type::List(_) | Type::Record(_) | Type::Function(_))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use dictamen_value::Date;

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
        let unfit = (false, Some("lote.numero-no-cabe".to_owned()));
        for (text, fits) in [("1.25", true), ("-9999999999999999.99", true), ("1E+16", false), ("0.125", false)] {
            let expected = if fits { (true, None) } else { unfit.clone() };
            assert_eq!(held(&numeric, Numbers::Places(2), &number(text)), expected, "{text}");
        }
        assert_eq!(held(&numeric, Numbers::Text, &number("1E-19")), (true, None));
        assert_eq!(held(&Type::Date, Numbers::Decimal, &Value::Null), (false, None));
    }
}
