//! The values that one register has in the rows of a batch.

use std::sync::Arc;

use dictamen_value::Number;

use super::blending;
use super::mask::{LANES, Mask};
use crate::program::slot::Slot;

/// One value a row; rows that nothing was written for hold anything.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// The same in every row.
    Same(Slot),
    /// Numbers: so many units of `10^-scale` each.
    Units(Vec<i64>, u8),
    /// Truth values: true in these rows.
    Truths(Mask),
    /// One of some values: its position among them.
    Coded(Vec<u32>, Arc<[Slot]>),
    /// Any scalars.
    Slots(Vec<Slot>),
}

impl Default for Column {
    fn default() -> Column {
        Column::Same(Slot::Missing)
    }
}

impl Column {
    /// The value in a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Slot {
        match self {
            Column::Same(slot) => *slot,
            Column::Units(units, scale) => {
                units.get(row).map_or(Slot::Missing, |units| Slot::Number(Number::from_units(*units, *scale)))
            }
            Column::Truths(mask) => Slot::Boolean(mask.contains(row)),
            Column::Coded(codes, values) => {
                codes.get(row).and_then(|code| values.get(*code as usize)).copied().unwrap_or_default()
            }
            Column::Slots(slots) => slots.get(row).copied().unwrap_or_default(),
        }
    }

    /// Numbers as units of one size, where they are.
    pub(crate) fn units(&self) -> Option<(Operand<'_>, u8)> {
        match self {
            Column::Units(units, scale) => Some((Operand::Each(units), *scale)),
            Column::Same(Slot::Number(number)) => {
                let (units, exponent) = number.short_parts()?;
                let scale = u8::try_from(exponent.checked_neg()?).ok()?;
                Some((Operand::Same(units), scale))
            }
            _ => None,
        }
    }

    /// The rows in which it is true; `None` where it is no truth value in some row.
    pub(crate) fn truths(&self) -> Option<Mask> {
        match self {
            Column::Truths(mask) => Some(*mask),
            Column::Same(Slot::Boolean(true)) => Some(Mask::first(LANES)),
            Column::Same(Slot::Boolean(false)) => Some(Mask::NONE),
            _ => None,
        }
    }

    /// Whether the form tells that there is a value, and not null, in all rows that count.
    pub(crate) fn is_there(&self) -> bool {
        matches!(self, Column::Units(..) | Column::Truths(_))
    }

    /// Those of some rows in which there is neither a value nor null.
    pub(crate) fn missing(&self, active: &Mask) -> Mask {
        match self {
            Column::Same(Slot::Missing) => *active,
            Column::Slots(slots) => Mask::of(slots.iter().map(|slot| matches!(slot, Slot::Missing))).and(active),
            _ => Mask::NONE,
        }
    }

    /// Takes over the values of another column in some rows.
    pub(crate) fn merge(&mut self, other: Column, rows: &Mask) {
        *self = blending::blended(std::mem::take(self), other, rows);
    }

    /// Scalars in the form that loops know best, whatever they are in rows that do not count.
    pub(crate) fn of_slots(slots: Vec<Slot>, active: &Mask) -> Column {
        let first = active.rows().next().and_then(|row| slots.get(row));
        let compact = match first {
            Some(Slot::Number(_)) => units_in(&slots, active.rows()).map(|(units, scale)| Column::Units(units, scale)),
            Some(Slot::Boolean(_)) => truths_of(&slots, active),
            _ => None,
        };
        compact.unwrap_or(Column::Slots(slots))
    }

    /// One of some values a row, in the form that loops know best. A code without a value is of a row that does not count.
    pub(crate) fn of_codes(codes: Vec<u32>, values: Arc<[Slot]>) -> Column {
        if let Some((units, scale)) = short_units(&values) {
            return Column::Units(gather(&codes, &units), scale);
        }
        if values.iter().all(|value| matches!(value, Slot::Boolean(_))) {
            let is_true = |code: &u32| matches!(values.get(*code as usize), Some(Slot::Boolean(true)));
            return Column::Truths(Mask::of(codes.iter().map(is_true)));
        }
        Column::Coded(codes, values)
    }
}

/// The value of each code; nothing in particular where it has none.
pub(super) fn gather<T: Copy + Default>(codes: &[u32], values: &[T]) -> Vec<T> {
    codes.iter().map(|code| values.get(*code as usize).copied().unwrap_or_default()).collect()
}

/// Some numbers as units of one size, where all of them are short.
pub(super) fn short_units(values: &[Slot]) -> Option<(Vec<i64>, u8)> {
    units_in(values, 0..values.len())
}

/// The same of the values in some places; nothing in particular stands in the others.
fn units_in(values: &[Slot], places: impl Iterator<Item = usize> + Clone) -> Option<(Vec<i64>, u8)> {
    let number = |place: usize| match values.get(place) {
        Some(Slot::Number(number)) => Some(number),
        _ => None,
    };
    let mut scale = 0;
    for place in places.clone() {
        scale = scale.max(number(place)?.short_parts()?.1.unsigned_abs());
    }
    let mut units = vec![0; values.len()];
    for place in places {
        let (exact, true) = number(place)?.units_at(scale.cast_signed())? else { return None };
        *units.get_mut(place)? = exact;
    }
    Some((units, u8::try_from(scale).ok()?))
}

fn truths_of(slots: &[Slot], active: &Mask) -> Option<Column> {
    let all = active.rows().all(|row| matches!(slots.get(row), Some(Slot::Boolean(_))));
    all.then(|| Column::Truths(Mask::of(slots.iter().map(|slot| matches!(slot, Slot::Boolean(true))))))
}

/// Units of numbers: one a row, or the same in all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'c> {
    Each(&'c [i64]),
    Same(i64),
}

impl Operand<'_> {
    /// One a row.
    pub(crate) fn to_vec(self) -> Vec<i64> {
        match self {
            Operand::Each(units) => units.to_vec(),
            Operand::Same(units) => vec![units; LANES],
        }
    }
}
