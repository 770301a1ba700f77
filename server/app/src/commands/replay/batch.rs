//! `dictamen replay --batch`: evaluates the rows of a file again, and compares what comes of them with the batch's manifest.

use std::num::NonZero;
use std::path::Path;

use dictamen_batch::{BatchEvaluator, Binding, Hears, UnknownColumns};
use dictamen_decisions::batches::{CHUNK_ROWS, Hash, Manifest, Proof, Tree, leaf};
use dictamen_decisions::port::DryRuns;
use dictamen_value::{Language, Message};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::command_line::arguments::Given;
use crate::data::{Data, Piece};
use crate::output::Output;
use crate::progress::{Part, Progress};
use crate::stop::{Stop, Verdict};
use crate::{conveyor, files};

/// How many chunks that differ are named; the rest are counted.
const DIFFERING_MAX: usize = 20;

/// Checks a batch, or one row of it.
pub(super) fn run(
    given: &Given<'_>,
    manifest: &Path,
    threads: NonZero<usize>,
    output: &mut Output,
) -> Result<Verdict, Stop> {
    let manifest = files::read_input(&manifest.to_string_lossy())?;
    let manifest = Manifest::read(&manifest).map_err(Stop::WrongUse)?;
    let ready = manifest.restore().map_err(Stop::WrongUse)?;
    let head = &manifest.head;
    let runs = DryRuns::of(&ready, &head.decision, manifest.day(), head.limits);
    let runs = runs.map_err(|refusal| Stop::WrongUse(refusal.message()))?;
    let question = runs.question();
    // Other columns were refused or ignored then, and take no part now.
    let path = given.text("data").unwrap_or_default();
    let data = Data::open(path, (question.plan, question.decision), UnknownColumns::Ignored)?;
    let check = Check {
        manifest: &manifest,
        evaluator: BatchEvaluator::new(question, None, Hears::All),
        binding: data.binding.clone(),
    };
    match given.text("row") {
        None => check.all(data, threads, output),
        Some(_) => check.one(given.number::<u64>("row")?, data, output),
    }
}

/// What is checked, and how.
struct Check<'c> {
    manifest: &'c Manifest,
    evaluator: BatchEvaluator<'c>,
    binding: Option<Binding>,
}

impl Check<'_> {
    fn all(&self, data: Data, threads: NonZero<usize>, output: &mut Output) -> Result<Verdict, Stop> {
        let mut tree = Tree::default();
        let mut progress = Progress::of_rows(output.language());
        conveyor::run(
            threads,
            data.pieces,
            |piece| (self.leaves(&piece, (0, u64::MAX), &mut |_, _| {}), piece.done),
            |(leaves, done): (Result<Vec<Hash>, Stop>, u64)| {
                leaves?.into_iter().for_each(|leaf| tree.push(leaf));
                progress.reach_in_file(tree.rows(), Part { bytes: done, of: data.whole });
                Ok(())
            },
        )?;
        drop(progress);
        self.tell(tree, output)
    }

    /// Says which chunks are not what the manifest says.
    fn tell(&self, tree: Tree, output: &mut Output) -> Result<Verdict, Stop> {
        let rows = tree.rows();
        let again = tree.finish();
        let differing: Vec<(u64, u64)> =
            self.manifest.differing(&again).map(|chunk| self.manifest.rows_of_chunk(chunk)).collect();
        let holds = differing.is_empty() && rows == self.manifest.head.rows;
        if output.is_json() {
            output.document(&Document { seal: self.manifest.seal.to_string(), rows, holds, differing: &differing })?;
            return Ok(Verdict::of(holds));
        }
        if rows != self.manifest.head.rows {
            output.message(&other_count(rows, self.manifest.head.rows))?;
        }
        for (first, last) in differing.iter().take(DIFFERING_MAX) {
            output.message(&differs(*first, *last))?;
        }
        output.message(&summary(self.manifest, differing.len(), holds))?;
        Ok(Verdict::of(holds))
    }

    /// Evaluates the chunk of a row again, shows the row, and proves that it is of the batch.
    fn one(&self, row: u64, data: Data, output: &mut Output) -> Result<Verdict, Stop> {
        if row == 0 || row > self.manifest.head.rows {
            return Err(Stop::WrongUse(no_row(row, self.manifest.head.rows)));
        }
        let before = row.saturating_sub(1);
        let first = before.saturating_sub(before.checked_rem(CHUNK_ROWS as u64).unwrap_or_default());
        let after = first.saturating_add(CHUNK_ROWS as u64);
        let (mut leaves, mut shown) = (Vec::new(), None);
        for piece in data.pieces {
            let piece = piece?;
            if piece.before >= after {
                break;
            }
            let part = (first.saturating_sub(piece.before), after.saturating_sub(piece.before));
            let start = first.max(piece.before);
            leaves.extend(self.leaves(&piece, part, &mut |position, text| {
                if start.saturating_add(position) == before {
                    shown = Some(text());
                }
            })?);
        }
        self.show(self.manifest.prove(row, &leaves), row, shown, output)
    }

    fn show(&self, proof: Option<Proof>, row: u64, shown: Option<Shown>, output: &mut Output) -> Result<Verdict, Stop> {
        let holds = proof.is_some();
        if output.is_json() {
            let (facts, now) = shown.map(|shown| (shown.facts, shown.result)).unwrap_or_default();
            output.document(&RowDocument {
                row,
                holds,
                facts,
                now,
                root: self.manifest.head.root.to_string(),
                proof,
            })?;
            return Ok(Verdict::of(holds));
        }
        if let Some(Shown { facts: Some(facts), result: Some(result) }) = &shown {
            output.line(facts.get())?;
            output.line(result.get())?;
        }
        output.message(&about_row(row, holds))?;
        Ok(Verdict::of(holds))
    }

    /// The leaves of some rows of a piece; `each` is told the place of each row among them.
    fn leaves(
        &self,
        piece: &Piece,
        part: (u64, u64),
        each: &mut dyn FnMut(u64, &dyn Fn() -> Shown),
    ) -> Result<Vec<Hash>, Stop> {
        let (mut leaves, mut room) = (Vec::new(), Vec::new());
        let evaluated = piece.with_rows(self.binding.as_ref(), part, |rows| {
            self.evaluator.evaluate(rows, |row| {
                each(leaves.len() as u64, &|| Shown::of(row));
                leaves.push(leaf(row, &mut room));
            })
        });
        evaluated.map_err(Stop::WrongUse)?;
        Ok(leaves)
    }
}

/// A row for people: its facts and what comes of them now.
struct Shown {
    facts: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
}

impl Shown {
    fn of(row: &dictamen_batch::Row<'_>) -> Shown {
        let raw = |bytes: Vec<u8>| RawValue::from_string(String::from_utf8(bytes).ok()?).ok();
        let mut facts = Vec::new();
        row.write_facts(&mut facts);
        let result = match row.outcome() {
            Ok(outcome) => outcome.to_json(),
            Err(why) => serde_json::json!({ "code": why.code(), "message": why.text(Language::Es) }).to_string(),
        };
        Shown { facts: raw(facts), result: raw(result.into_bytes()) }
    }
}

/// What came of a whole batch, for programs.
#[derive(Serialize)]
struct Document<'a> {
    seal: String,
    rows: u64,
    holds: bool,
    differing: &'a [(u64, u64)],
}

/// What came of a row, for programs.
#[derive(Serialize)]
struct RowDocument {
    row: u64,
    holds: bool,
    facts: Option<Box<RawValue>>,
    now: Option<Box<RawValue>>,
    root: String,
    proof: Option<Proof>,
}

fn summary(manifest: &Manifest, differing: usize, holds: bool) -> Message {
    let (rows, seal) = (manifest.head.rows, manifest.seal);
    if holds {
        return Message::new(
            format!("{rows} filas dan los mismos bytes; sello {seal}"),
            format!("{rows} rows give the same bytes; seal {seal}"),
        );
    }
    Message::new(
        format!("{differing} trozos no dan lo que dice el manifiesto; sello {seal}"),
        format!("{differing} chunks do not give what the manifest says; seal {seal}"),
    )
}

fn differs(first: u64, last: u64) -> Message {
    Message::new(
        format!("filas {first} a {last}: alguna cambió, falta, sobra o está en otro orden"),
        format!("rows {first} to {last}: one has changed, is missing, is too many or stands elsewhere"),
    )
}

fn other_count(now: u64, then: u64) -> Message {
    Message::new(
        format!("el archivo tiene {now} filas; el manifiesto dice {then}"),
        format!("the file has {now} rows; the manifest says {then}"),
    )
}

fn about_row(row: u64, holds: bool) -> Message {
    match holds {
        true => Message::new(
            format!("fila {row}: da los mismos bytes y pertenece al lote"),
            format!("row {row}: gives the same bytes and belongs to the batch"),
        ),
        false => Message::new(
            format!("fila {row}: ella u otra de su trozo no es la que dice el manifiesto"),
            format!("row {row}: it or another of its chunk is not what the manifest says"),
        ),
    }
}

fn no_row(row: u64, rows: u64) -> Message {
    Message::new(
        format!("no hay una fila {row}: el lote tiene las filas 1 a {rows}"),
        format!("there is no row {row}: the batch has rows 1 to {rows}"),
    )
}
