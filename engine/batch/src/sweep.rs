//! Decides the rows of a batch by columns, where decision and facts allow it; the others are left to be decided one by one.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::Array;
use arrow_buffer::NullBuffer;
use dictamen_core::{ColumnSession, Outcomes, Scalar, SlotId};
use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Type};

use crate::binding::{Binding, Bound};
use crate::cells::{Cell, Cells};
use crate::evaluator::Question;
use crate::texts;

/// Numbers held as units have at most so many digits after the point.
const SCALE_MAX: i8 = 18;
/// Dictionaries of more values are read row by row.
const VALUES_MAX: usize = 256;

/// A decision made by columns.
pub(crate) struct Sweep<'q> {
    session: ColumnSession<'q>,
    /// The places of facts and their types, in the order of the binding's columns.
    leaves: Vec<(SlotId, Type)>,
    /// The binding that it is for.
    binding: Arc<()>,
}

impl<'q> Sweep<'q> {
    /// The most rows that are decided at once.
    pub(crate) const ROWS_MAX: usize = ColumnSession::ROWS_MAX;

    /// `None` where the decision, or one of the facts that have columns, cannot be had by columns.
    pub(crate) fn of(question: &Question<'q>, binding: &Binding) -> Option<Sweep<'q>> {
        let Question { plan, parameters, decision, as_of, known_at, limits } = *question;
        let session = ColumnSession::new(plan, parameters, decision, (as_of, known_at), limits)?;
        let mut leaves = Vec::new();
        for (path, ty) in binding.leaves() {
            leaves.push((session.slot(&path)?, ty.basic()));
        }
        Some(Sweep { session, leaves, binding: binding.identity().clone() })
    }

    /// Whether it is for the columns of a binding.
    pub(crate) fn is_for(&self, binding: &Binding) -> bool {
        Arc::ptr_eq(&self.binding, binding.identity())
    }

    /// Decides some rows of a batch, counted from 0.
    pub(crate) fn decide(&mut self, bound: &Bound, from: usize, rows: usize) {
        self.session.start(rows);
        for ((slot, basic), cells) in self.leaves.iter().zip(bound.cells()) {
            fill(&mut self.session, *slot, basic, cells, (from, rows));
        }
        self.session.decide();
    }

    /// Those of them that are to be decided one by one, in order, counted from the first of them.
    pub(crate) fn left(&self) -> Vec<usize> {
        self.session.unusual().collect()
    }

    /// Appends the canonical JSON of the facts of one of the others.
    pub(crate) fn write_facts(&self, row: usize, out: &mut Vec<u8>) {
        // Facts that have columns have JSON.
        let _ = self.session.write_facts(row, out);
    }

    /// The outcomes of the others.
    pub(crate) fn outcomes(&self) -> Outcomes<'_> {
        self.session.outcomes()
    }
}

fn fill(session: &mut ColumnSession<'_>, slot: SlotId, basic: &Type, cells: &Cells, (from, rows): (usize, usize)) {
    let to = from.saturating_add(rows);
    match (cells, basic) {
        (Cells::Integer(numbers), Type::Number { .. }) if numbers.null_count() == 0 => {
            session.set_units(slot, 0, part(numbers.values(), from..to).iter().copied());
        }
        (Cells::ShortDecimal(numbers, scale @ 0..=SCALE_MAX), Type::Number { .. }) if numbers.null_count() == 0 => {
            session.set_units(slot, scale.unsigned_abs(), part(numbers.values(), from..to).iter().copied());
        }
        (Cells::Decimal(numbers, scale @ 0..=SCALE_MAX), Type::Number { .. }) if numbers.null_count() == 0 => {
            let units = || part(numbers.values(), from..to).iter().map(|units| i64::try_from(*units));
            session.set_units(slot, scale.unsigned_abs(), units().map(Result::unwrap_or_default));
            units().enumerate().filter(|(_, units)| units.is_err()).for_each(|(row, _)| session.leave_out(row));
        }
        (Cells::Boolean(truths), Type::Boolean) if truths.null_count() == 0 => {
            session.set_truths(slot, truths.values().slice(from, rows).bit_chunks().iter_padded());
        }
        (Cells::Dictionary(keys, count @ ..=VALUES_MAX, values), basic) => {
            fill_coded(
                session,
                (slot, basic),
                part(keys.values(), from..to),
                keys.nulls().map(|nulls| nulls.slice(from, rows)).as_ref(),
                (*count, values),
            );
        }
        _ => fill_scalars(session, slot, basic, cells, (from, rows)),
    }
}

fn part<T>(all: &[T], rows: Range<usize>) -> &[T] {
    all.get(rows).unwrap_or_default()
}

/// Few values, each read once; rows of one that does not fit are left out, those of none have null.
fn fill_coded(
    session: &mut ColumnSession<'_>,
    (slot, basic): (SlotId, &Type),
    keys: &[i64],
    nulls: Option<&NullBuffer>,
    (count, values): (usize, &Cells),
) {
    let is_null = |row: usize| nulls.is_some_and(|nulls| nulls.is_null(row));
    let none = u32::try_from(count).unwrap_or(u32::MAX);
    let code = |(row, key): (usize, &i64)| match u32::try_from(*key) {
        Ok(code) if code < none && !is_null(row) => code,
        _ => none,
    };
    let scalars: Vec<Option<Scalar<'_>>> = (0..count).map(|value| scalar(values.at(value), basic)).collect();
    let known = scalars.iter().map(|scalar| scalar.unwrap_or(Scalar::Null)).chain([Scalar::Null]);
    session.set_coded(slot, keys.iter().enumerate().map(code), known);
    if scalars.iter().any(Option::is_none) {
        let misfits = |row: &usize| {
            let key = keys.get(*row).and_then(|key| usize::try_from(*key).ok());
            !is_null(*row) && key.and_then(|key| scalars.get(key)).is_some_and(Option::is_none)
        };
        (0..keys.len()).filter(misfits).for_each(|row| session.leave_out(row));
    }
}

fn fill_scalars(
    session: &mut ColumnSession<'_>,
    slot: SlotId,
    basic: &Type,
    cells: &Cells,
    (from, rows): (usize, usize),
) {
    let mut left = Vec::new();
    let scalars = (from..from.saturating_add(rows)).enumerate().map(|(position, row)| {
        scalar(cells.at(row), basic).unwrap_or_else(|| {
            left.push(position);
            Scalar::Null
        })
    });
    session.set_scalars(slot, scalars);
    left.into_iter().for_each(|row| session.leave_out(row));
}

/// A cell as a scalar of a type; `None` where it is to be read as facts are, which says what is wrong with it.
fn scalar<'c>(cell: Cell<'c>, basic: &Type) -> Option<Scalar<'c>> {
    match (cell, basic) {
        (Cell::Null, _) => Some(Scalar::Null),
        (Cell::Boolean(truth), Type::Boolean) => Some(Scalar::Boolean(truth)),
        (Cell::Integer(units), Type::Number { .. }) => Some(Scalar::Number(Number::from_units(units, 0))),
        (Cell::Decimal(units, scale), Type::Number { .. }) => {
            Number::from_scaled(units, i32::from(scale).saturating_neg()).ok().map(Scalar::Number)
        }
        (Cell::Float(float), Type::Number { .. }) => texts::number(&format!("{float:?}")).map(Scalar::Number),
        (Cell::ShortFloat(float), Type::Number { .. }) => texts::number(&format!("{float:?}")).map(Scalar::Number),
        (Cell::Date(days), Type::Date) => texts::date(days).map(Scalar::Date),
        (Cell::Time(nanos), Type::Time) => texts::time(nanos).map(Scalar::Time),
        (Cell::Moment(nanos, zoned), Type::DateTime) => texts::moment(nanos, zoned).map(Scalar::DateTime),
        (Cell::Duration(nanos), Type::DaysDuration) => DaysDuration::from_nanos(nanos).ok().map(Scalar::DaysDuration),
        (Cell::Text(text), basic) => of_text(text, basic),
        _ => None,
    }
}

fn of_text<'c>(text: &'c str, basic: &Type) -> Option<Scalar<'c>> {
    match basic {
        Type::Text => Some(Scalar::Text(text)),
        Type::Number { .. } => texts::number(text).map(Scalar::Number),
        Type::Boolean => text.parse().ok().map(Scalar::Boolean),
        Type::Date => Date::parse(text).ok().map(Scalar::Date),
        Type::Time => Time::parse(text).ok().map(Scalar::Time),
        Type::DateTime => DateTime::parse(text).ok().map(Scalar::DateTime),
        Type::DaysDuration => DaysDuration::parse(text).ok().map(Scalar::DaysDuration),
        Type::MonthsDuration => MonthsDuration::parse(text).ok().map(Scalar::MonthsDuration),
        _ => None,
    }
}
