//! One answer a row of a file, or a summary of them, by all cores: the file may be longer than memory.

use std::num::NonZero;
use std::path::PathBuf;

use dictamen_batch::{BatchEvaluator, Binding, Hears, Row};
use dictamen_decisions::batches::{Encoder, Hash, Manifest, Tree, leaf};
use dictamen_decisions::port::DryRuns;
use dictamen_value::{Language, Message};

use super::answer::{Made, Wanted, write_row};
use super::report;
use super::summary::{Path, Summary};
use super::target::{Answers, Columns, Target, Written};
use crate::data::{Data, Piece};
use crate::output::Output;
use crate::progress::{Part, Progress};
use crate::stop::{Stop, Verdict};
use crate::{conveyor, files};

/// What is to be done with the rows of a file.
pub(super) struct Rows<'a> {
    /// The decision that each asks for.
    pub(super) runs: DryRuns<'a>,
    /// What is wanted beside each outcome.
    pub(super) wanted: Wanted,
    /// Where values of outcomes are counted; no summary where there are none.
    pub(super) paths: Option<Vec<Path>>,
    /// Where answers go.
    pub(super) target: Target,
    /// Where the manifest goes, by which the rows can be checked again.
    pub(super) manifest: Option<PathBuf>,
    /// How many threads work on them.
    pub(super) threads: NonZero<usize>,
}

/// What came of a piece.
struct Worked {
    written: Written,
    counts: Counts,
    done: u64,
}

/// What is counted and hashed of a piece.
struct Counts {
    leaves: Vec<Hash>,
    summary: Summary,
    /// Rows with an outcome that its columns cannot hold.
    unfit: u64,
}

/// What came of all pieces so far.
struct Whole {
    summary: Summary,
    tree: Tree,
    unfit: u64,
}

impl Rows<'_> {
    /// Answers each row of a file.
    pub(super) fn run(&self, data: Data, output: &mut Output) -> Result<Verdict, Stop> {
        let language = output.language();
        let mut answers = Answers::create(&self.target, &self.runs, self.paths.is_some(), language)?;
        let work = Work {
            rows: self,
            evaluator: answers.evaluator(&self.runs, self.hears(answers.has_lines())),
            binding: data.binding,
            encoder: answers.encoder(),
            lines: answers.has_lines(),
            language,
        };
        let mut whole = Whole { summary: Summary::at(self.paths()), tree: Tree::default(), unfit: 0 };
        let mut progress = Progress::of_rows(language);
        conveyor::run(
            self.threads,
            data.pieces,
            |piece| work.on(&piece),
            |worked: Result<Worked, Stop>| {
                let worked = worked?;
                let part = Part { bytes: worked.done, of: data.whole };
                answers.take(worked.written, output)?;
                whole.add(worked.counts)?;
                progress.reach_in_file(whole.summary.rows(), part);
                Ok(())
            },
        )?;
        drop(progress);
        answers.finish()?;
        self.finish(whole, output)
    }

    fn finish(&self, whole: Whole, output: &mut Output) -> Result<Verdict, Stop> {
        if let Some(paths) = &self.paths {
            report::show(&whole.summary, paths, output)?;
        }
        if let Some(path) = &self.manifest {
            let manifest = self.runs.manifest(whole.tree).map_err(Stop::WrongUse)?;
            files::write(path, &manifest.to_bytes().map_err(Stop::WrongUse)?)?;
            output.notice(&sealed(&manifest));
        }
        if whole.unfit > 0 {
            output.notice(&unfit(whole.unfit));
        }
        Ok(Verdict::of(whole.summary.all_decided() && whole.unfit == 0))
    }

    /// Rows need not be looked at one by one where only columns of outcomes are written.
    fn hears(&self, writes_lines: bool) -> Hears {
        let is_written = writes_lines || self.manifest.is_some() || !self.paths().is_empty();
        match is_written {
            true if writes_lines && self.wanted.is_something() => Hears::All,
            true => Hears::Written,
            false => Hears::Undecided,
        }
    }

    fn paths(&self) -> &[Path] {
        self.paths.as_deref().unwrap_or_default()
    }
}

impl Whole {
    fn add(&mut self, counts: Counts) -> Result<(), Stop> {
        counts.leaves.into_iter().for_each(|leaf| self.tree.push(leaf));
        self.unfit = self.unfit.saturating_add(counts.unfit);
        self.summary.merge(counts.summary)
    }
}

/// What threads do with pieces.
struct Work<'w> {
    rows: &'w Rows<'w>,
    evaluator: BatchEvaluator<'w>,
    binding: Option<Binding>,
    /// What encodes columns, where they are encoded.
    encoder: Option<Encoder>,
    /// Whether answers are lines of JSON.
    lines: bool,
    language: Language,
}

impl Work<'_> {
    fn on(&self, piece: &Piece) -> Result<Worked, Stop> {
        let paths = self.rows.paths();
        let (mut lines, mut leaves, mut room) = (Vec::new(), Vec::new(), Vec::new());
        let mut summary = Summary::at(paths);
        let answered = piece.with_rows(self.binding.as_ref(), (0, u64::MAX), |rows| {
            self.evaluator.evaluate(rows, |row| {
                if !paths.is_empty() || row.undecided().is_some() {
                    summary.count(row.outcome(), paths);
                }
                if self.rows.manifest.is_some() {
                    leaves.push(leaf(row, &mut room));
                }
                if self.lines {
                    self.write(row, &mut lines);
                }
            })
        });
        let answered = answered.map_err(Stop::WrongUse)?;
        summary.decided = answered.decided;
        let columns = answered.outcomes.map(|rows| Columns::of(rows, self.encoder.as_ref())).transpose()?;
        let counts = Counts { leaves, summary, unfit: answered.unfit };
        Ok(Worked { written: Written { lines, columns }, counts, done: piece.done })
    }

    fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        match self.rows.wanted.is_something() {
            true => Made::of(&self.rows.runs, row.given(), self.rows.wanted).write_row(row.number, self.language, out),
            false => write_row(row.number, row.outcome(), self.language, out),
        }
    }
}

fn sealed(manifest: &Manifest) -> Message {
    let (rows, seal) = (manifest.head.rows, manifest.seal);
    Message::new(
        format!("{rows} filas bajo el sello {seal}; anótelo donde quien guarda el manifiesto no pueda cambiarlo"),
        format!("{rows} rows under the seal {seal}; note it where whoever keeps the manifest cannot change it"),
    )
}

fn unfit(rows: u64) -> Message {
    Message::new(
        format!(
            "{rows} filas se decidieron, pero tienen valores que no caben exactos en su columna; error_message dice cuáles"
        ),
        format!(
            "{rows} rows were decided, but have values that do not fit their column exactly; error_message says which"
        ),
    )
}
