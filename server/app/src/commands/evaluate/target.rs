//! Where the answers to rows go: lines of JSON, or columns in a Parquet or CSV file.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use dictamen_batch::{BatchEvaluator, Hears, Numbers, OutcomeColumns};
use dictamen_decisions::batches::{Encoded, Encoder, Format, Sink};
use dictamen_decisions::port::DryRuns;
use dictamen_value::{Language, Message};

use super::answer::Wanted;
use crate::files::Growing;
use crate::output::Output;
use crate::stop::Stop;

/// Where answers are to go.
pub(super) struct Target {
    /// A file, if not standard output.
    pub(super) path: Option<PathBuf>,
    /// How columns hold numbers.
    pub(super) numbers: Numbers,
}

/// Where they go.
pub(super) enum Answers {
    StandardOutput,
    Lines(Growing),
    Columns(Sink<Growing>, OutcomeColumns),
    Nowhere,
}

/// The answers to some rows.
pub(super) struct Written {
    /// Lines of JSON.
    pub(super) lines: Vec<u8>,
    /// Columns, where these are wanted.
    pub(super) columns: Option<Columns>,
}

/// Rows as columns.
pub(super) enum Columns {
    /// To be encoded with others.
    Plain(RecordBatch),
    /// Encoded already.
    Encoded(Encoded),
}

impl Columns {
    /// Encodes rows where that pays.
    pub(super) fn of(rows: RecordBatch, encoder: Option<&Encoder>) -> Result<Columns, Stop> {
        let encoded = encoder.map(|encoder| encoder.encode(&rows)).transpose().map_err(Stop::WrongUse)?;
        Ok(encoded.flatten().map_or(Columns::Plain(rows), Columns::Encoded))
    }
}

impl Target {
    /// Refuses what has no place in columns.
    pub(super) fn ensure_room_for(&self, wanted: Wanted) -> Result<(), Stop> {
        let is_lines = self.path.as_deref().is_none_or(|path| Format::of(path) == Format::Ndjson);
        if is_lines || !wanted.is_something() { Ok(()) } else { Err(Stop::WrongUse(only_lines())) }
    }
}

impl Answers {
    /// Begins to write answers; where there is a summary and no file is named, there are none.
    pub(super) fn create(
        target: &Target,
        runs: &DryRuns<'_>,
        is_summed_up: bool,
        language: Language,
    ) -> Result<Answers, Stop> {
        let Some(path) = &target.path else {
            return Ok(if is_summed_up { Answers::Nowhere } else { Answers::StandardOutput });
        };
        let file = Growing::create(path)?;
        let columns = |numbers| runs.outcome_columns(numbers, language);
        Ok(match Format::of(path) {
            Format::Ndjson => Answers::Lines(file),
            Format::Parquet => {
                let columns = columns(target.numbers);
                let sink =
                    Sink::parquet(file, columns.schema().clone()).map_err(|message| unwritten(path, &message))?;
                Answers::Columns(sink, columns)
            }
            // Text has room for all digits.
            Format::Csv => {
                let columns = columns(Numbers::Text);
                let sink = Sink::csv(file, columns.schema()).map_err(|message| unwritten(path, &message))?;
                Answers::Columns(sink, columns)
            }
        })
    }

    /// An evaluator that makes what is written.
    pub(super) fn evaluator<'r>(&self, runs: &DryRuns<'r>, hears: Hears) -> BatchEvaluator<'r> {
        let columns = match self {
            Answers::Columns(_, columns) => Some(columns.clone()),
            _ => None,
        };
        BatchEvaluator::new(runs.question(), columns, hears)
    }

    /// What encodes columns on the threads that make them, where there is something to encode.
    pub(super) fn encoder(&self) -> Option<Encoder> {
        match self {
            Answers::Columns(sink, _) => sink.encoder(),
            _ => None,
        }
    }

    /// Whether they are lines of JSON.
    pub(super) fn has_lines(&self) -> bool {
        matches!(self, Answers::StandardOutput | Answers::Lines(_))
    }

    /// Writes the answers to some rows.
    pub(super) fn take(&mut self, written: Written, output: &mut Output) -> Result<(), Stop> {
        match self {
            Answers::Nowhere => Ok(()),
            Answers::Lines(file) => file.write(&written.lines),
            Answers::Columns(sink, _) => match written.columns {
                Some(Columns::Plain(rows)) => sink.write(&rows).map_err(Stop::WrongUse),
                Some(Columns::Encoded(rows)) => sink.append(rows).map_err(Stop::WrongUse),
                None => Ok(()),
            },
            Answers::StandardOutput => {
                output.bytes(&written.lines)?;
                // Who sends rows one by one waits for their answers.
                Ok(output.flush()?)
            }
        }
    }

    /// Ends a file and puts it in its place.
    pub(super) fn finish(self) -> Result<(), Stop> {
        match self {
            Answers::Lines(file) => file.finish(),
            Answers::Columns(sink, _) => sink.finish().map_err(Stop::WrongUse)?.finish(),
            Answers::StandardOutput | Answers::Nowhere => Ok(()),
        }
    }
}

fn unwritten(path: &Path, message: &Message) -> Stop {
    let path = path.display();
    Stop::WrongUse(Message::new(format!("{path}: {}", message.es), format!("{path}: {}", message.en)))
}

fn only_lines() -> Message {
    Message::new(
        "--explain y --letter se escriben como líneas JSON: dé a --output un archivo .ndjson",
        "--explain and --letter are written as lines of JSON: give --output an .ndjson file",
    )
}
