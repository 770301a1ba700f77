//! Checks the facts of a batch as the reader of JSON does: kinds, choices, constraints, and that none is missing.

use dictamen_plan::InputId;

use super::{Column, Mask, Sweep};
use crate::program::code::Kind;
use crate::program::layout::{Layout, Leaf, Node, NodeId};
use crate::program::read::is_chosen;
use crate::program::run::is_of;
use crate::program::slot::Slot;

/// Leaves out the rows whose facts are not as their types want them.
pub(super) fn check(sweep: &mut Sweep<'_>, layout: &Layout, (given, needs): (&[bool], &[InputId]), rows: &Mask) {
    for (id, (node, given)) in (0..).zip(layout.inputs().iter().zip(given)) {
        if *given || needs.contains(&id) {
            check_node(sweep, layout, *node, rows);
        }
    }
}

fn check_node(sweep: &mut Sweep<'_>, layout: &Layout, node: NodeId, rows: &Mask) {
    match layout.node(node) {
        Some(Node::Leaf(leaf)) => check_leaf(sweep, leaf, rows),
        Some(Node::Record(record)) if record.presence.is_none() => {
            record.fields.iter().for_each(|field| check_node(sweep, layout, *field, rows));
        }
        // Not given, and it may be absent.
        Some(Node::Record(_)) => {}
        Some(Node::Other) | None => sweep.unusual = sweep.unusual.or(rows),
    }
}

fn check_leaf(sweep: &mut Sweep<'_>, leaf: &Leaf, rows: &Mask) {
    let column = sweep.column(leaf.register);
    let mut there = *rows;
    if let Column::Coded(codes, values) = column {
        let wrong: Vec<bool> = values.iter().map(|value| !fits(leaf, *value, sweep)).collect();
        let absent = |code: &u32| leaf.optional && matches!(values.get(*code as usize), Some(Slot::Null));
        let is_wrong = |code: &u32| wrong.get(*code as usize).copied().unwrap_or(true);
        if wrong.contains(&true) {
            let absent = Mask::of(codes.iter().map(absent)).and(rows);
            let wrong = Mask::of(codes.iter().map(is_wrong)).and(rows).without(&absent);
            there = rows.without(&absent).without(&wrong);
            sweep.unusual = sweep.unusual.or(&wrong);
        }
    } else if !is_plainly(column, leaf) {
        let mut wrong = Mask::NONE;
        there = Mask::NONE;
        for row in rows.rows() {
            match column.get(row) {
                Slot::Null if leaf.optional => {}
                slot if fits(leaf, slot, sweep) => there.insert(row),
                _ => wrong.insert(row),
            }
        }
        sweep.unusual = sweep.unusual.or(&wrong);
    }
    for constraint in &leaf.constraints {
        check_constraint(sweep, leaf, *constraint, &there.without(&sweep.unusual));
    }
}

/// Whether the form of a column tells that all of its values fit.
fn is_plainly(column: &Column, leaf: &Leaf) -> bool {
    let scale_fits = |scale: &u8| leaf.kind == Kind::Number || (leaf.kind == Kind::Integer && *scale == 0);
    leaf.choices.is_none()
        && match column {
            Column::Units(_, scale) => scale_fits(scale),
            Column::Truths(_) => leaf.kind == Kind::Boolean,
            _ => false,
        }
}

fn fits(leaf: &Leaf, slot: Slot, sweep: &Sweep<'_>) -> bool {
    let chosen = |choices| is_chosen(choices, slot, &sweep.state.texts);
    is_of(slot, leaf.kind) && leaf.choices.as_deref().is_none_or(chosen)
}

fn check_constraint(sweep: &mut Sweep<'_>, leaf: &Leaf, constraint: u32, rows: &Mask) {
    let (value, verdict) = sweep.code.constrained;
    let column = sweep.column(leaf.register).clone();
    let Some(block) = sweep.code.constraints.get(&constraint).copied() else {
        sweep.unusual = sweep.unusual.or(rows);
        return;
    };
    for (register, column) in [(value, column), (verdict, Column::default())] {
        if let Some(place) = sweep.columns.get_mut(usize::from(register)) {
            *place = column;
        }
    }
    sweep.block(block, *rows);
    let verdict = sweep.column(verdict);
    let met = verdict.truths().unwrap_or_else(|| true_rows(verdict, rows));
    sweep.unusual = sweep.unusual.or(&rows.without(&met));
}

fn true_rows(verdict: &Column, rows: &Mask) -> Mask {
    let mut met = Mask::NONE;
    for row in rows.rows() {
        if matches!(verdict.get(row), Slot::Boolean(true)) {
            met.insert(row);
        }
    }
    met
}
