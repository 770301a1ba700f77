//! The values that one register has in the rows of a batch.

use dictamen_value::Number;

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

    /// Takes over the values of another column in some rows.
    pub(crate) fn merge(&mut self, other: Column, rows: &Mask) {
        match (&mut *self, other) {
            (Column::Units(own, scale), Column::Units(other, other_scale)) if *scale == other_scale => {
                for row in rows.rows() {
                    if let (Some(own), Some(other)) = (own.get_mut(row), other.get(row)) {
                        *own = *other;
                    }
                }
            }
            (Column::Truths(own), Column::Truths(other)) => *own = own.without(rows).or(&other.and(rows)),
            (own, other) => {
                let mut slots = std::mem::take(own).into_slots();
                for row in rows.rows() {
                    if let Some(slot) = slots.get_mut(row) {
                        *slot = other.get(row);
                    }
                }
                *own = Column::Slots(slots);
            }
        }
    }

    fn into_slots(self) -> Vec<Slot> {
        match self {
            Column::Slots(slots) => slots,
            other => (0..LANES).map(|row| other.get(row)).collect(),
        }
    }
}

/// Units of numbers: one a row, or the same in all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'c> {
    Each(&'c [i64]),
    Same(i64),
}
