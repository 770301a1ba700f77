//! What came of a batch: row by row, or the values of a field in all rows.

use std::sync::Arc;

use dictamen_value::{Context, Value};

use super::column::Column;
use super::mask::Mask;
use crate::Scalar;
use crate::program::code::Reg;
use crate::program::lower::{Code, Form};
use crate::program::outcome::write_record;
use crate::program::run::State;
use crate::program::session::scalar;
use crate::program::slot::Slot;
use crate::program::write::write_slot;

/// The outcomes of a batch.
#[derive(Clone, Copy)]
pub struct Outcomes<'s> {
    columns: &'s [Column],
    state: &'s State,
    form: &'s Form,
    /// The scalars that the form is made of.
    scalars: &'s [(Arc<str>, Reg)],
}

/// The values that a field of the outcome has in the rows of a batch. Those of unusual rows mean nothing.
#[derive(Debug)]
pub enum Field<'s> {
    /// The same in all rows.
    Same(Scalar<'s>),
    /// Numbers: so many units of `10^-scale` each.
    Units(&'s [i64], u8),
    /// Truth values.
    Truths(Truths<'s>),
    /// One of some values: its position among them.
    Coded(&'s [u32], Vec<Scalar<'s>>),
    /// To be asked for row by row.
    Others(Others<'s>),
}

/// Truth values of the rows of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Truths<'s>(&'s Mask);

/// Scalars of the rows of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Others<'s>(&'s Column, &'s State);

impl<'s> Outcomes<'s> {
    pub(super) fn of(columns: &'s [Column], state: &'s State, code: &'s Code) -> Outcomes<'s> {
        let scalars = code.scalars.as_deref().unwrap_or_default();
        Outcomes { columns, state, form: &code.outcome, scalars }
    }

    /// Appends the JSON of the outcome of a row: the bytes that [`Value::write_json`] gives.
    pub fn write(&self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        self.write_form(self.form, row, out)
    }

    fn write_form(&self, form: &Form, row: usize, out: &mut Vec<u8>) -> Option<()> {
        match form {
            Form::Slot(register) => write_slot(&self.slot(*register, row), &self.state.texts, out),
            Form::Record(names, fields) => {
                write_record(names.iter().zip(fields), out, |field, out| self.write_form(field, row, out))
            }
            _ => None,
        }
    }

    /// The outcome of a row.
    pub fn value(&self, row: usize) -> Option<Value> {
        self.value_of(self.form, row)
    }

    fn value_of(&self, form: &Form, row: usize) -> Option<Value> {
        match form {
            Form::Slot(register) => self.state.texts.value(self.slot(*register, row)),
            Form::Record(names, fields) => {
                let fields = fields.iter().map(|field| self.value_of(field, row));
                Context::with_shape(names.clone(), fields.collect::<Option<_>>()?).map(Value::from)
            }
            _ => None,
        }
    }

    fn slot(&self, register: Reg, row: usize) -> Slot {
        self.columns.get(usize::from(register)).map_or(Slot::Missing, |column| column.get(row))
    }

    /// Calls something for each field of the outcome, in order, with its name.
    pub fn fields(&self, mut each: impl FnMut(&str, Field<'s>)) {
        for (name, register) in self.scalars {
            match self.columns.get(usize::from(*register)) {
                Some(column) => each(name, self.field(column)),
                None => each(name, Field::Same(Scalar::Null)),
            }
        }
    }

    fn field(&self, column: &'s Column) -> Field<'s> {
        match column {
            Column::Same(slot) => Field::Same(scalar(slot, self.state)),
            Column::Units(units, scale) => Field::Units(units, *scale),
            Column::Truths(mask) => Field::Truths(Truths(mask)),
            Column::Coded(codes, values) => {
                Field::Coded(codes, values.iter().map(|value| scalar(value, self.state)).collect())
            }
            other => Field::Others(Others(other, self.state)),
        }
    }

    /// Calls something for each scalar of the outcome of a row, in order, with the name of its field.
    pub fn visit(&self, row: usize, mut each: impl FnMut(&str, Scalar<'s>)) {
        self.scalars.iter().for_each(|(name, register)| each(name, scalar(&self.slot(*register, row), self.state)));
    }
}

impl Truths<'_> {
    /// All of them as bits, those of 64 rows a word, the first row lowest.
    pub fn words(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.words()
    }

    /// That of a row.
    pub fn get(&self, row: usize) -> bool {
        self.0.contains(row)
    }
}

impl<'s> Others<'s> {
    /// That of a row.
    pub fn get(&self, row: usize) -> Scalar<'s> {
        scalar(&self.0.get(row), self.1)
    }
}
