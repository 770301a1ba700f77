//! The outcome of a run: as a value, and as JSON without making a value of it.

use std::sync::Arc;

use dictamen_value::{Context, Value};

use super::code::{Outputs, TableCode};
use super::lower::{Code, Form};
use super::run::State;
use super::slot::{Slot, Texts};
use super::write::{write_name, write_slot};

/// The outcome as a value.
pub(super) fn value(code: &Code, state: &State) -> Option<Value> {
    value_of(&code.outcome, code, state)
}

fn value_of(form: &Form, code: &Code, state: &State) -> Option<Value> {
    match form {
        Form::Slot(register) => state.texts.value(state.get(*register)),
        Form::Constant(value) => Some(value.clone()),
        Form::List(elements) => {
            let elements = elements.iter().map(|element| value_of(element, code, state));
            Some(Value::list(elements.collect::<Option<_>>()?))
        }
        Form::Record(names, fields) => {
            let fields = fields.iter().map(|field| value_of(field, code, state));
            Context::with_shape(names.clone(), fields.collect::<Option<_>>()?).map(Value::from)
        }
        Form::Rows(table, register) => {
            let rows = rows(state, *register)?;
            let table = code.tables.get(usize::from(*table))?;
            let outcomes = rows.iter().map(|row| row_value(code, table, *row));
            Some(Value::list(outcomes.collect::<Option<_>>()?))
        }
        Form::Facts(_) => None,
    }
}

fn row_value(code: &Code, table: &TableCode, row: u32) -> Option<Value> {
    let mut values = row_slots(code, table, row)?.map(|slot| code.texts.value(*slot));
    match &table.names {
        None => values.next()?,
        Some(names) => Context::with_shape(names.clone(), values.collect::<Option<_>>()?).map(Value::from),
    }
}

/// Appends the outcome's JSON: the bytes that [`Value::write_json`] gives. `None` where it has none here.
pub(super) fn write(code: &Code, state: &State, out: &mut Vec<u8>) -> Option<()> {
    write_form(&code.outcome, code, state, out)
}

fn write_form(form: &Form, code: &Code, state: &State, out: &mut Vec<u8>) -> Option<()> {
    match form {
        Form::Slot(register) => write_slot(state.at(*register), &state.texts, out),
        Form::Constant(value) => {
            value.write_json(out);
            Some(())
        }
        Form::List(elements) => write_list(elements.iter(), out, |element, out| write_form(element, code, state, out)),
        Form::Record(names, fields) => {
            let entries = names.iter().zip(fields);
            write_record(entries, out, |field, out| write_form(field, code, state, out))
        }
        Form::Rows(table, register) => {
            let table = code.tables.get(usize::from(*table))?;
            write_list(rows(state, *register)?.iter(), out, |row, out| write_row(code, table, *row, out))
        }
        Form::Facts(_) => None,
    }
}

fn write_row(code: &Code, table: &TableCode, row: u32, out: &mut Vec<u8>) -> Option<()> {
    let mut slots = row_slots(code, table, row)?;
    let write = |slot: &Slot, texts: &Texts, out: &mut Vec<u8>| write_slot(slot, texts, out);
    match &table.names {
        None => write(slots.next()?, &code.texts, out),
        Some(names) => write_record(names.iter().zip(slots), out, |slot, out| write(slot, &code.texts, out)),
    }
}

fn write_list<T>(
    elements: impl Iterator<Item = T>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    out.push(b'[');
    for (position, element) in elements.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(element, out)?;
    }
    out.push(b']');
    Some(())
}

pub(super) fn write_record<'n, T>(
    entries: impl Iterator<Item = (&'n Arc<str>, T)>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    out.push(b'{');
    for (position, (name, value)) in entries.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_name(name, out);
        write(value, out)?;
    }
    out.push(b'}');
    Some(())
}

/// Rows that a table's list consists of.
fn rows(state: &State, register: u16) -> Option<&[u32]> {
    let Slot::Rows(start, count) = *state.at(register) else { return None };
    let start = start as usize;
    state.lists.get(start..start.checked_add(count as usize)?)
}

/// What a row of constants gives.
#[inline]
fn row_slots<'a>(code: &'a Code, table: &'a TableCode, row: u32) -> Option<impl Iterator<Item = &'a Slot> + 'a> {
    let Outputs::Constants(constants) = &table.outputs else { return None };
    let first = (row as usize).checked_mul(table.width)?;
    let constants = constants.get(first..first.checked_add(table.width)?)?;
    Some(constants.iter().map(|constant| code.constants.get(*constant as usize).unwrap_or(&Slot::Missing)))
}

/// Calls something for each scalar of the outcome, in order, with the name of its field; elements of lists have none.
#[inline]
pub(super) fn visit(code: &Code, state: &State, each: &mut impl FnMut(&str, &Slot)) {
    match &code.scalars {
        Some(scalars) => scalars.iter().for_each(|(name, register)| each(name, state.at(*register))),
        None => visit_form(&code.outcome, "", code, state, each),
    }
}

fn visit_form(form: &Form, name: &str, code: &Code, state: &State, each: &mut impl FnMut(&str, &Slot)) {
    match form {
        Form::Slot(register) => each(name, state.at(*register)),
        Form::List(elements) => elements.iter().for_each(|element| visit_form(element, "", code, state, each)),
        Form::Record(names, fields) => {
            names.iter().zip(fields).for_each(|(name, field)| visit_form(field, name, code, state, each));
        }
        Form::Rows(table, register) => visit_rows((*table, *register), code, state, each),
        Form::Constant(_) | Form::Facts(_) => {}
    }
}

fn visit_rows((table, register): (u16, u16), code: &Code, state: &State, each: &mut impl FnMut(&str, &Slot)) {
    let Some(table) = code.tables.get(usize::from(table)) else { return };
    for row in rows(state, register).unwrap_or_default() {
        let Some(slots) = row_slots(code, table, *row) else { return };
        match &table.names {
            None => slots.for_each(|slot| each("", slot)),
            Some(names) => names.iter().zip(slots).for_each(|(name, slot)| each(name, slot)),
        }
    }
}
