//! Makes one decision for many facts at a time, as columns.

use dictamen_plan::{DecisionId, InputId, ParameterSet};
use dictamen_value::{Date, DateTime};

use super::{Column, LANES, Mask, Sweep, facts, is_columnar};
use crate::program::layout::{Layout, Node};
use crate::program::lower::Form;
use crate::program::run::{Runner, Setting, State};
use crate::program::session::{scalar, slot_of};
use crate::program::slot::Slot;
use crate::program::{Program, texts_bytes_max};
use crate::{Limits, Prepared, Scalar, SlotId};

/// One decision of a plan with its parameters, made for up to [`ColumnSession::ROWS_MAX`] facts at a time on one thread.
///
/// Fill the columns of a batch, decide, visit the outcomes. Rows in which anything unusual happened have no outcome here:
/// decide them one by one with a [`crate::Session`], which says what there is to say.
pub struct ColumnSession<'p> {
    prepared: &'p Prepared,
    parameters: &'p ParameterSet,
    program: &'p Program,
    layout: &'p Layout,
    limits: Limits,
    known_at: DateTime,
    state: State,
    /// Columns before any facts: constants, dates, parameters.
    initial: Vec<Column>,
    columns: Vec<Column>,
    ran: Vec<Mask>,
    /// Inputs that were given.
    given: Vec<bool>,
    needs: &'p [InputId],
    unusual: Mask,
    rows: usize,
}

/// The outcomes of a batch.
#[derive(Clone, Copy)]
pub struct Outcomes<'s> {
    columns: &'s [Column],
    state: &'s State,
    form: &'s Form,
}

impl<'p> ColumnSession<'p> {
    /// Rows of one batch.
    pub const ROWS_MAX: usize = LANES;

    /// A session of a decision, as of a day and as known at an instant; `None` where it cannot be made by columns.
    pub fn new(
        prepared: &'p Prepared,
        parameters: &'p ParameterSet,
        decision: DecisionId,
        (as_of, known_at): (Date, DateTime),
        limits: Limits,
    ) -> Option<ColumnSession<'p>> {
        let (program, layout) = prepared.programs().of(prepared, decision).ok()?;
        if !program.stays_within(&limits) || !is_columnar(&program.code) || !is_scalar(&program.code.outcome) {
            return None;
        }
        let mut state = State::new(&program.code);
        let setting = Setting { parameters, known_at, texts_bytes_max: texts_bytes_max(&limits) };
        Runner { code: &program.code, prepared, setting, state: &mut state }.bind(as_of, known_at);
        let initial: Vec<Column> = state.slots().map(Column::Same).collect();
        let ran = vec![Mask::NONE; program.code.blocks.len()];
        let needs = &prepared.plan().decisions.get(decision as usize)?.needs;
        let given = vec![false; layout.inputs().len()];
        let (columns, unusual, rows) = (Vec::new(), Mask::NONE, 0);
        Some(ColumnSession {
            prepared,
            parameters,
            program,
            layout,
            limits,
            known_at,
            state,
            initial,
            columns,
            ran,
            given,
            needs,
            unusual,
            rows,
        })
    }

    /// The place of a scalar fact by its path, such as `caso.base`.
    pub fn slot(&self, path: &str) -> Option<SlotId> {
        slot_of(self.prepared.plan(), self.layout, path)
    }

    /// Forgets the last batch, before a new one of so many rows is filled. Facts that are optional start as absent.
    pub fn start(&mut self, rows: usize) {
        self.rows = rows.min(LANES);
        self.unusual = Mask::NONE;
        self.state.forget_texts();
        self.ran.fill(Mask::NONE);
        self.given.fill(false);
        self.columns.clone_from(&self.initial);
        for node in self.layout.nodes() {
            if let Node::Leaf(leaf) = node
                && leaf.optional
                && let Some(column) = self.columns.get_mut(usize::from(leaf.register))
            {
                *column = Column::Same(Slot::Null);
            }
        }
    }

    /// Fills a column with numbers: so many units of `10^-scale` in each row.
    pub fn set_units(&mut self, slot: SlotId, scale: u8, units: impl Iterator<Item = i64>) {
        let mut units: Vec<i64> = units.take(self.rows).collect();
        units.resize(LANES, 0);
        self.set_column(slot, Column::Units(units, scale));
    }

    /// Fills a column with truth values.
    pub fn set_truths(&mut self, slot: SlotId, truths: impl Iterator<Item = bool>) {
        let mut truths = truths;
        self.set_column(slot, Column::Truths(Mask::from_fn(self.rows, |_| truths.next().unwrap_or_default())));
    }

    /// Fills a column with scalars of any kind. A text is copied.
    pub fn set_scalars<'s>(&mut self, slot: SlotId, scalars: impl Iterator<Item = Scalar<'s>>) {
        let mut slots: Vec<Slot> = scalars.take(self.rows).map(|scalar| self.state.slot_of(scalar)).collect();
        slots.resize(LANES, Slot::Missing);
        self.set_column(slot, Column::Slots(slots));
    }

    /// Leaves a row out: it is to be decided by itself.
    pub fn leave_out(&mut self, row: usize) {
        self.unusual.insert(row);
    }

    fn set_column(&mut self, slot: SlotId, column: Column) {
        if let Some(place) = self.columns.get_mut(usize::from(slot.register())) {
            *place = column;
        }
        if let Some(given) = self.given.get_mut(slot.input() as usize) {
            *given = true;
        }
    }

    /// Makes the decision in all rows.
    pub fn decide(&mut self) {
        let rows = Mask::first(self.rows);
        let setting = Setting {
            parameters: self.parameters,
            known_at: self.known_at,
            texts_bytes_max: texts_bytes_max(&self.limits),
        };
        let mut sweep = Sweep {
            code: &self.program.code,
            prepared: self.prepared,
            setting,
            state: &mut self.state,
            columns: &mut self.columns,
            ran: &mut self.ran,
            all: rows,
            unusual: self.unusual,
        };
        facts::check(&mut sweep, self.layout, (&self.given, self.needs), &rows);
        sweep.block(self.program.code.root, rows);
        self.unusual = sweep.unusual;
    }

    /// Rows that have no outcome here, in order.
    pub fn unusual(&self) -> impl Iterator<Item = usize> + '_ {
        self.unusual.rows().filter(|row| *row < self.rows)
    }

    /// The outcomes of the rows that are not unusual.
    pub fn outcomes(&self) -> Outcomes<'_> {
        Outcomes { columns: &self.columns, state: &self.state, form: &self.program.code.outcome }
    }
}

impl<'s> Outcomes<'s> {
    /// Calls something for each scalar of the outcome of a row, in order, with the name of its field.
    pub fn visit(&self, row: usize, mut each: impl FnMut(&str, Scalar<'s>)) {
        self.visit_form(self.form, "", row, &mut each);
    }

    fn visit_form(&self, form: &Form, name: &str, row: usize, each: &mut dyn FnMut(&str, Scalar<'s>)) {
        match form {
            Form::Slot(register) => {
                let slot = self.columns.get(usize::from(*register)).map_or(Slot::Missing, |column| column.get(row));
                each(name, scalar(&slot, self.state));
            }
            Form::Record(names, fields) => {
                names.iter().zip(fields).for_each(|(name, field)| self.visit_form(field, name, row, each));
            }
            _ => {}
        }
    }
}

/// Whether an outcome consists of scalars, in records perhaps.
fn is_scalar(form: &Form) -> bool {
    match form {
        Form::Slot(_) => true,
        Form::Record(_, fields) => fields.iter().all(is_scalar),
        _ => false,
    }
}
