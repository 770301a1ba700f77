//! Puts two columns together: in some rows the values of one, in all others those of the other.

use std::sync::Arc;

use super::column::Column;
use super::kernels::rescaled;
use super::mask::{LANES, Mask};
use crate::program::slot::Slot;

/// The values of `other` in some rows, those of `own` elsewhere.
pub(super) fn blended(own: Column, other: Column, rows: &Mask) -> Column {
    let truths = own.truths().zip(other.truths());
    if let Some((own, other)) = truths {
        return Column::Truths(own.without(rows).or(&other.and(rows)));
    }
    if let Some(numbers) = numbers(&own, &other, rows) {
        return numbers;
    }
    match (own, other) {
        (Column::Coded(mut own, values), Column::Coded(other, other_values)) if Arc::ptr_eq(&values, &other_values) => {
            replace(&mut own, &other, rows);
            Column::Coded(own, values)
        }
        (own, other) => coded(&own, &other, rows).unwrap_or_else(|| slots(own, &other, rows)),
    }
}

/// Numbers at the finer of two scales; `None` where they are something else, or do not fit there.
fn numbers(own: &Column, other: &Column, rows: &Mask) -> Option<Column> {
    let ((own, own_scale), (other, other_scale)) = (own.units()?, other.units()?);
    let (scale, all) = (own_scale.max(other_scale), Mask::first(LANES));
    let (mut own_space, mut other_space) = (Vec::new(), Vec::new());
    let own = rescaled(own, scale.checked_sub(own_scale)?, &all, &mut own_space)?;
    let other = rescaled(other, scale.checked_sub(other_scale)?, &all, &mut other_space)?;
    let mut blended = own.to_vec();
    replace(&mut blended, &other.to_vec(), rows);
    Some(Column::Units(blended, scale))
}

/// One of the values of either, where both have few.
fn coded(own: &Column, other: &Column, rows: &Mask) -> Option<Column> {
    let ((mut codes, own), (other_codes, other)) = (codes(own)?, codes(other)?);
    if own.len().saturating_add(other.len()) > LANES / 4 {
        return None;
    }
    let offset = u32::try_from(own.len()).ok()?;
    let other_codes: Vec<u32> = other_codes.iter().map(|code| code.saturating_add(offset)).collect();
    replace(&mut codes, &other_codes, rows);
    // What no row has any more would otherwise pile up.
    Some(Column::Coded(codes, own.iter().chain(other).copied().collect()))
}

fn codes(column: &Column) -> Option<(Vec<u32>, &[Slot])> {
    match column {
        Column::Coded(codes, values) => Some((codes.clone(), values)),
        Column::Same(slot) => Some((vec![0; LANES], std::slice::from_ref(slot))),
        _ => None,
    }
}

fn slots(own: Column, other: &Column, rows: &Mask) -> Column {
    let mut slots = match own {
        Column::Slots(slots) => slots,
        other => (0..LANES).map(|row| other.get(row)).collect(),
    };
    for row in rows.rows() {
        if let Some(slot) = slots.get_mut(row) {
            *slot = other.get(row);
        }
    }
    Column::Slots(slots)
}

fn replace<T: Copy>(own: &mut [T], other: &[T], rows: &Mask) {
    for ((own, other), word) in own.chunks_mut(64).zip(other.chunks(64)).zip(rows.words()) {
        match word {
            0 => {}
            u64::MAX if own.len() == other.len() => own.copy_from_slice(other),
            word => {
                let pairs = own.iter_mut().zip(other).enumerate();
                pairs.for_each(|(bit, (own, other))| *own = if word >> bit & 1 == 1 { *other } else { *own });
            }
        }
    }
}
