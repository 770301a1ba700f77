//! A file of columns, read batch by batch with only the columns that are facts.

use std::fs::File;
use std::io::Read;

use arrow_array::RecordBatch;
use dictamen_batch::{Binding, UnknownColumns};
use dictamen_plan::{DecisionId, Plan};
use dictamen_value::Message;

use super::{comma, parquet};

/// How many rows are read and evaluated at once, at most.
pub(super) const BATCH_ROWS: usize = 32_768;
/// A batch of longer rows has fewer of them, so that it takes about so much memory.
pub(super) const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// The columns of a file, bound to facts.
pub struct Table {
    /// Which of its columns is which fact.
    pub binding: Binding,
    /// Its batches, in order; an error is the last of them.
    pub pieces: Box<dyn Iterator<Item = Result<Piece, Message>> + Send>,
    /// How much there is in all, in the measure of [`Piece::done`], where that is known.
    pub whole: Option<u64>,
}

/// Some rows of a file.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The rows.
    pub batch: RecordBatch,
    /// How many rows came before.
    pub before: u64,
    /// How far the file has been read when these rows were: in rows or bytes.
    pub done: u64,
}

/// What is read from a table.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'p> {
    pub(super) plan: &'p Plan,
    pub(super) decision: DecisionId,
    pub(super) unknown: UnknownColumns,
}

impl Table {
    /// The columns of a Parquet file that are facts of a decision. The error says what is wrong with the file, or with
    /// all of its columns at once.
    pub fn parquet(
        file: File,
        plan: &Plan,
        decision: DecisionId,
        unknown: UnknownColumns,
    ) -> Result<Table, Vec<Message>> {
        parquet::open(file, Wanted { plan, decision, unknown })
    }

    /// The same of text with headings, separated by commas, semicolons or tabs: whichever of them the headings have most of.
    /// Every cell is text, which the type of its fact says how to read; an empty one is a fact that is not there.
    pub fn csv(
        text: impl Read + Send + 'static,
        size: Option<u64>,
        plan: &Plan,
        decision: DecisionId,
        unknown: UnknownColumns,
    ) -> Result<Table, Vec<Message>> {
        comma::open(text, size, Wanted { plan, decision, unknown })
    }
}
