//! Files of many facts, as commands read them: lines of JSON, or columns of Parquet or CSV.

mod lines;

use std::fs::File;
use std::path::Path;

use dictamen_batch::{Binding, Rows, UnknownColumns};
use dictamen_core::Prepared;
use dictamen_decisions::batches::{self, Format, Table};
use dictamen_plan::DecisionId;
use dictamen_value::Message;

use self::lines::{Chunk, Chunks};
use crate::files;
use crate::stop::Stop;

/// Rows of a file, piece by piece.
pub(crate) struct Data {
    /// Which column is which fact, where there are columns.
    pub(crate) binding: Option<Binding>,
    /// The pieces, in order; an error is the last of them.
    pub(crate) pieces: Box<dyn Iterator<Item = Result<Piece, Stop>> + Send>,
    /// How much there is in all, in the measure of [`Piece::done`], where that is known.
    pub(crate) whole: Option<u64>,
}

/// Some rows of a file.
pub(crate) struct Piece {
    rows: Kind,
    /// How many rows came before.
    pub(crate) before: u64,
    /// How far the file has been read, in bytes or in rows.
    pub(crate) done: u64,
}

enum Kind {
    Lines(Chunk),
    Columns(batches::Piece),
}

impl Data {
    /// Opens a file, whose format its name says, or standard input (`-`), which brings lines of JSON.
    pub(crate) fn open(
        path: &str,
        (plan, decision): (&Prepared, DecisionId),
        unknown: UnknownColumns,
    ) -> Result<Data, Stop> {
        let columns =
            |table: Result<Table, Vec<Message>>| table.map(Data::of_columns).map_err(|wrong| stopped(path, wrong));
        match if path == "-" { Format::Ndjson } else { Format::of(Path::new(path)) } {
            Format::Ndjson => {
                let (text, size) = files::open_sized(path)?;
                Ok(Data::of_lines(Chunks::of(text), size))
            }
            Format::Csv => {
                let (text, size) = files::open_sized(path)?;
                columns(Table::csv(text, size, plan, decision, unknown))
            }
            Format::Parquet => {
                let file = File::open(path).map_err(|error| Stop::file(Path::new(path), "leer", "read", &error))?;
                columns(Table::parquet(file, plan, decision, unknown))
            }
        }
    }

    fn of_lines(chunks: Chunks<impl std::io::Read + Send + 'static>, size: Option<u64>) -> Data {
        let (mut done, mut rows) = (0_u64, 0_u64);
        let pieces = chunks.map(move |chunk| {
            let chunk = chunk?;
            let before = rows;
            done = done.saturating_add(chunk.bytes());
            rows = rows.saturating_add(chunk.rows().count() as u64);
            Ok(Piece { rows: Kind::Lines(chunk), before, done })
        });
        Data { binding: None, pieces: Box::new(pieces), whole: size }
    }

    fn of_columns(table: Table) -> Data {
        let pieces = table.pieces.map(|piece| {
            let piece = piece.map_err(Stop::WrongUse)?;
            Ok(Piece { before: piece.before, done: piece.done, rows: Kind::Columns(piece) })
        });
        Data { binding: Some(table.binding), pieces: Box::new(pieces), whole: table.whole }
    }
}

impl Piece {
    /// Does something with its rows from one to another, counted from 0 in the piece; the rest are passed over.
    pub(crate) fn with_rows<T>(
        &self,
        binding: Option<&Binding>,
        (from, to): (u64, u64),
        work: impl FnOnce(Rows<'_>) -> T,
    ) -> T {
        let place = |of: u64| usize::try_from(of).unwrap_or(usize::MAX);
        match (&self.rows, binding) {
            (Kind::Columns(piece), Some(binding)) => {
                let to = place(to).min(piece.batch.num_rows());
                let from = place(from).min(to);
                let batch = piece.batch.slice(from, to.saturating_sub(from));
                work(Rows::Columns(binding, &batch, piece.before.saturating_add(from as u64)))
            }
            (Kind::Lines(chunk), _) => {
                let (from, to) = (place(from), place(to));
                let lines: Vec<(u64, &[u8])> = chunk.rows().take(to).skip(from).collect();
                work(Rows::Lines(&lines))
            }
            (Kind::Columns(_), None) => work(Rows::Lines(&[])),
        }
    }
}

/// Everything that is wrong with a file, one thing a line.
fn stopped(path: &str, wrong: Vec<Message>) -> Stop {
    let lines = |text: fn(&Message) -> &str| {
        wrong.iter().map(|message| format!("{path}: {}", text(message))).collect::<Vec<_>>().join("\n")
    };
    Stop::WrongUse(Message::new(lines(|message| &message.es), lines(|message| &message.en)))
}
