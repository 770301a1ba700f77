//! Evaluates a decision for every row of a batch, whether its facts come in columns or as lines of JSON.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Mutex;

use arrow_array::RecordBatch;
use dictamen_core::{Limits, Prepared};
use dictamen_plan::{DecisionId, ParameterSet};
use dictamen_value::{Date, DateTime, Message};

use crate::binding::{Binding, Bound};
use crate::decider::Decider;
use crate::outcome::{Builders, OutcomeColumns};
use crate::row::{From, Made, Row};
use crate::sweep::Sweep;

/// What every row asks: one decision of one plan, by the same dates and limits.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The plan.
    pub plan: &'q Prepared,
    /// Dated values.
    pub parameters: &'q ParameterSet,
    /// The decision.
    pub decision: DecisionId,
    /// The day as of which it is made.
    pub as_of: Date,
    /// The moment as known at which it is made.
    pub known_at: DateTime,
    /// What each row may use.
    pub limits: Limits,
}

/// Rows as they come.
#[derive(Clone, Copy)]
pub enum Rows<'r> {
    /// A batch whose columns are bound to facts, and how many rows came before it.
    Columns(&'r Binding, &'r RecordBatch, u64),
    /// Facts as JSON objects, each with its number.
    Lines(&'r [(u64, &'r [u8])]),
}

/// Which rows are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    /// All, one by one.
    All,
    /// All; those that are decided by columns without the facts as they were given.
    Written,
    /// Only those without an outcome: the others may be decided by columns, many at a time.
    Undecided,
}

/// Evaluates one decision for rows. Threads may share it: what it keeps between batches is memory to work in.
pub struct BatchEvaluator<'q> {
    question: Question<'q>,
    columns: Option<OutcomeColumns>,
    hears: Hears,
    /// Of threads that are at work on no batch.
    idle: Mutex<Vec<Bench<'q>>>,
}

/// What a thread works with.
struct Bench<'q> {
    decider: Decider<'q>,
    sweep: Option<Sweep<'q>>,
    given: Vec<u8>,
}

/// What came of a batch.
#[derive(Debug)]
pub struct Answered {
    /// A row for each row of the batch, in order, where columns of outcomes are wanted: see [`OutcomeColumns::schema`].
    pub outcomes: Option<RecordBatch>,
    /// How many rows have an outcome.
    pub decided: u64,
    /// How many of those its columns cannot hold.
    pub unfit: u64,
}

impl<'q> BatchEvaluator<'q> {
    /// An evaluator, into columns of outcomes where they are wanted.
    pub fn new(question: Question<'q>, columns: Option<OutcomeColumns>, hears: Hears) -> BatchEvaluator<'q> {
        BatchEvaluator { question, columns, hears, idle: Mutex::default() }
    }

    /// Evaluates every row; `each` is told of them in order, of all or of those without an outcome. A row that has no outcome stops no other; the error is of a batch
    /// that has another schema than what it is bound by.
    pub fn evaluate(&self, rows: Rows<'_>, each: impl FnMut(&Row<'_>)) -> Result<Answered, Message> {
        let mut bench = self.take_bench();
        let mut run = Run::new(self, &mut bench, rows.count(), each);
        match rows {
            Rows::Lines(lines) => lines.iter().for_each(|(number, json)| run.row(*number, json)),
            Rows::Columns(binding, batch, before) => {
                let bound = binding.bind(batch)?;
                run.columns(&Columns { binding, bound: &bound, rows: batch.num_rows(), before }, self);
            }
        }
        let answered = run.finish();
        self.keep_bench(bench);
        answered
    }

    fn take_bench(&self) -> Bench<'q> {
        let kept = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        kept.unwrap_or_else(|| Bench { decider: Decider::new(self.question), sweep: None, given: Vec::new() })
    }

    fn keep_bench(&self, bench: Bench<'q>) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(bench);
        }
    }

    /// Whether rows may be decided by columns.
    fn sweeps(&self) -> bool {
        self.hears != Hears::All && self.columns.as_ref().is_none_or(OutcomeColumns::is_flat)
    }
}

impl Rows<'_> {
    fn count(&self) -> usize {
        match self {
            Rows::Columns(_, batch, _) => batch.num_rows(),
            Rows::Lines(lines) => lines.len(),
        }
    }
}

/// Rows in columns.
struct Columns<'c> {
    binding: &'c Binding,
    bound: &'c Bound,
    rows: usize,
    /// How many rows came before.
    before: u64,
}

impl Columns<'_> {
    /// The number of a row that is counted from 0.
    fn number(&self, row: usize) -> u64 {
        self.before.saturating_add(row as u64).saturating_add(1)
    }
}

/// One batch while it is evaluated.
struct Run<'e, 'q, F> {
    bench: &'e mut Bench<'q>,
    builders: Option<Builders<'e>>,
    hears: Hears,
    decided: u64,
    unfit: u64,
    each: F,
}

impl<'e, 'q, F: FnMut(&Row<'_>)> Run<'e, 'q, F> {
    fn new(evaluator: &'e BatchEvaluator<'q>, bench: &'e mut Bench<'q>, rows: usize, each: F) -> Run<'e, 'q, F> {
        let builders = evaluator.columns.as_ref().map(|columns| columns.build(rows));
        Run { bench, builders, hears: evaluator.hears, decided: 0, unfit: 0, each }
    }

    fn columns(&mut self, columns: &Columns<'_>, evaluator: &BatchEvaluator<'q>) {
        let sweep = match self.bench.sweep.take() {
            Some(sweep) if sweep.is_for(columns.binding) => Some(sweep),
            _ if evaluator.sweeps() => Sweep::of(&evaluator.question, columns.binding),
            _ => None,
        };
        match sweep {
            Some(mut sweep) => {
                self.sweep(columns, &mut sweep);
                self.bench.sweep = Some(sweep);
            }
            None => (0..columns.rows).for_each(|row| self.row_of(columns, row)),
        }
    }

    /// Decides rows by columns, as many at once as can be, and those that are left one by one, in their places.
    fn sweep(&mut self, columns: &Columns<'_>, sweep: &mut Sweep<'_>) {
        let mut from = 0;
        while from < columns.rows {
            let rows = Sweep::ROWS_MAX.min(columns.rows.saturating_sub(from));
            sweep.decide(columns.bound, from, rows);
            let mut next = 0;
            for left in sweep.left() {
                self.swept(columns, sweep, from, next..left);
                self.row_of(columns, from.saturating_add(left));
                next = left.saturating_add(1);
            }
            self.swept(columns, sweep, from, next..rows);
            from = from.saturating_add(rows);
        }
    }

    /// Takes the outcomes of some rows that follow one another.
    fn swept(&mut self, columns: &Columns<'_>, sweep: &Sweep<'_>, from: usize, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        if self.hears == Hears::Written {
            for row in rows.clone() {
                let number = columns.number(from.saturating_add(row));
                (self.each)(&Row { number, from: From::Many(sweep, row, OnceCell::new()) });
            }
        }
        let unfit = self.builders.as_mut().map_or(0, |builders| builders.swept(&sweep.outcomes(), rows.clone()));
        self.decided = self.decided.saturating_add(rows.len() as u64);
        self.unfit = self.unfit.saturating_add(unfit);
    }

    fn row_of(&mut self, columns: &Columns<'_>, row: usize) {
        let mut given = std::mem::take(&mut self.bench.given);
        given.clear();
        columns.binding.write_row(columns.bound, row, &mut given);
        self.row(columns.number(row), &given);
        self.bench.given = given;
    }

    fn count(&mut self, is_decided: bool, fits: bool) {
        self.decided = self.decided.saturating_add(is_decided.into());
        self.unfit = self.unfit.saturating_add((is_decided && !fits).into());
    }

    fn row(&mut self, number: u64, given: &[u8]) {
        let made = make(&mut self.bench.decider, given);
        let row = Row { number, from: From::One(given, &made, &self.bench.decider) };
        if self.hears != Hears::Undecided || row.outcome().is_err() {
            (self.each)(&row);
        }
        let fits = match (row.outcome(), &mut self.builders) {
            (_, None) => true,
            (Ok(outcome), Some(builders)) => builders.decided(outcome),
            (Err(why), Some(builders)) => {
                builders.undecided(&why);
                true
            }
        };
        let is_decided = row.outcome().is_ok();
        self.count(is_decided, fits);
    }

    fn finish(self) -> Result<Answered, Message> {
        let outcomes = self.builders.map(Builders::finish).transpose();
        let outcomes = outcomes.map_err(|error| Message::same(error.to_string()))?;
        Ok(Answered { outcomes, decided: self.decided, unfit: self.unfit })
    }
}

fn make(decider: &mut Decider<'_>, given: &[u8]) -> Made {
    match decider.read(given) {
        Err(errors) => Made::Refused(errors),
        Ok(()) => match decider.decide() {
            Ok(outcome) => Made::Outcome(outcome),
            Err(failure) => Made::Failed(failure),
        },
    }
}
