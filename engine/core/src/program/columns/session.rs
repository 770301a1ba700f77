//! Makes one decision for many facts at a time, as columns.

use dictamen_plan::{DecisionId, InputId, ParameterSet};
use dictamen_value::{Date, DateTime};

use super::{Column, LANES, Mask, Memos, Outcomes, Sweep, facts, is_columnar};
use crate::program::layout::{Layout, Node, NodeId};
use crate::program::run::{Runner, Setting, State};
use crate::program::session::slot_of;
use crate::program::slot::Slot;
use crate::program::write::write_facts_by;
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
    memos: Memos,
    /// Inputs that were given.
    given: Vec<bool>,
    needs: &'p [InputId],
    unusual: Mask,
    rows: usize,
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
        if !program.stays_within(&limits) || !is_columnar(&program.code) || program.code.scalars.is_none() {
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
            memos: Memos::of(&program.code, prepared),
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

    /// Fills a column with truth values: bits, those of 64 rows a word, the first row lowest.
    pub fn set_truths(&mut self, slot: SlotId, words: impl Iterator<Item = u64>) {
        self.set_column(slot, Column::Truths(Mask::of_words(words)));
    }

    /// Fills a column with scalars of any kind. A text is copied.
    pub fn set_scalars<'s>(&mut self, slot: SlotId, scalars: impl Iterator<Item = Scalar<'s>>) {
        let mut slots: Vec<Slot> = scalars.take(self.rows).map(|scalar| self.state.slot_of(scalar)).collect();
        slots.resize(LANES, Slot::Missing);
        self.set_column(slot, Column::Slots(slots));
    }

    /// Fills a column with scalars of which there are few: for each row its position among them. A text is copied once.
    pub fn set_coded<'s>(
        &mut self,
        slot: SlotId,
        codes: impl Iterator<Item = u32>,
        values: impl Iterator<Item = Scalar<'s>>,
    ) {
        let mut codes: Vec<u32> = codes.take(self.rows).collect();
        codes.resize(LANES, 0);
        let values = values.map(|value| self.state.slot_of(value)).collect();
        self.set_column(slot, Column::Coded(codes, values));
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
            memos: &mut self.memos,
            all: rows,
            unusual: self.unusual,
        };
        facts::check(&mut sweep, self.layout, (&self.given, self.needs), &rows);
        sweep.block(self.program.code.root, rows);
        self.unusual = sweep.unusual;
    }

    /// Appends the canonical JSON of the facts of a row that is not unusual; see [`crate::Facts::to_json`].
    pub fn write_facts(&self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        let slot =
            |register: u16| self.columns.get(usize::from(register)).map_or(Slot::Missing, |column| column.get(row));
        let inputs = self.prepared.plan().inputs.iter().zip(self.layout.inputs()).zip(&self.given);
        let is_there = |node: NodeId| match self.layout.node(node) {
            Some(Node::Leaf(leaf)) => !matches!(slot(leaf.register), Slot::Null),
            _ => true,
        };
        let given = inputs.filter(|((_, node), given)| **given && is_there(**node));
        let given = given.map(|((input, node), _)| (&input.name, *node));
        write_facts_by(self.layout, given, &slot, &self.state.texts, out)
    }

    /// Rows that have no outcome here, in order.
    pub fn unusual(&self) -> impl Iterator<Item = usize> + '_ {
        self.unusual.rows().filter(|row| *row < self.rows)
    }

    /// The outcomes of the rows that are not unusual.
    pub fn outcomes(&self) -> Outcomes<'_> {
        Outcomes::of(&self.columns, &self.state, &self.program.code)
    }
}
