//! Evaluates a decision for every row of a batch, whether its facts come in columns or as lines of JSON.

use arrow_array::RecordBatch;
use dictamen_core::{Limits, Prepared};
use dictamen_plan::{DecisionId, ParameterSet};
use dictamen_value::{Date, DateTime, Message};

use crate::binding::{Binding, Bound};
use crate::decider::Decider;
use crate::outcome::{Builders, OutcomeColumns};
use crate::row::{Made, Row};
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
    /// Only those without an outcome: the others may be decided by columns, many at a time.
    Undecided,
}

/// Evaluates one decision for rows. It keeps nothing between batches: threads may share it.
pub struct BatchEvaluator<'q> {
    question: Question<'q>,
    columns: Option<OutcomeColumns>,
    hears: Hears,
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
        BatchEvaluator { question, columns, hears }
    }

    /// Evaluates every row; `each` is told of them in order, of all or of those without an outcome. A row that has no outcome stops no other; the error is of a batch
    /// that has another schema than what it is bound by.
    pub fn evaluate(&self, rows: Rows<'_>, each: impl FnMut(&Row<'_>)) -> Result<Answered, Message> {
        let mut run = Run::new(self, rows.count(), each);
        match rows {
            Rows::Lines(lines) => lines.iter().for_each(|(number, json)| run.row(*number, json)),
            Rows::Columns(binding, batch, before) => {
                let bound = binding.bind(batch)?;
                let columns = Columns { binding, bound: &bound, rows: batch.num_rows(), before };
                let by_columns = self.hears == Hears::Undecided && self.columns.as_ref().is_none_or(|to| to.is_flat());
                match by_columns.then(|| Sweep::of(&self.question, binding)).flatten() {
                    Some(sweep) => run.sweep(&columns, sweep),
                    None => (0..columns.rows).for_each(|row| run.row_of(&columns, row)),
                }
            }
        }
        run.finish()
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

/// One batch while it is evaluated.
struct Run<'e, F> {
    decider: Decider<'e>,
    builders: Option<Builders<'e>>,
    hears: Hears,
    given: Vec<u8>,
    decided: u64,
    unfit: u64,
    each: F,
}

impl<'e, F: FnMut(&Row<'_>)> Run<'e, F> {
    fn new(evaluator: &'e BatchEvaluator<'_>, rows: usize, each: F) -> Run<'e, F> {
        let builders = evaluator.columns.as_ref().map(|columns| columns.build(rows));
        let (decider, given) = (Decider::new(evaluator.question), Vec::new());
        Run { decider, builders, hears: evaluator.hears, given, decided: 0, unfit: 0, each }
    }

    /// Decides rows by columns, as many at once as can be, and those that are left one by one, in their places.
    fn sweep(&mut self, columns: &Columns<'_>, mut sweep: Sweep<'_>) {
        let mut from = 0;
        while from < columns.rows {
            let rows = Sweep::ROWS_MAX.min(columns.rows.saturating_sub(from));
            sweep.decide(columns.bound, from, rows);
            let left = sweep.left();
            let mut left = left.iter().copied().peekable();
            for row in 0..rows {
                match left.next_if_eq(&row) {
                    Some(_) => self.row_of(columns, from.saturating_add(row)),
                    None => self.swept(&sweep, row),
                }
            }
            from = from.saturating_add(rows);
        }
    }

    fn swept(&mut self, sweep: &Sweep<'_>, row: usize) {
        let fits = self.builders.as_mut().is_none_or(|builders| builders.swept(&sweep.outcomes(), row));
        self.count(true, fits);
    }

    fn row_of(&mut self, columns: &Columns<'_>, row: usize) {
        let mut given = std::mem::take(&mut self.given);
        given.clear();
        columns.binding.write_row(columns.bound, row, &mut given);
        self.row(columns.before.saturating_add(row as u64).saturating_add(1), &given);
        self.given = given;
    }

    fn count(&mut self, is_decided: bool, fits: bool) {
        self.decided = self.decided.saturating_add(is_decided.into());
        self.unfit = self.unfit.saturating_add((is_decided && !fits).into());
    }

    fn row(&mut self, number: u64, given: &[u8]) {
        let made = make(&mut self.decider, given);
        let row = Row { number, given, made: &made, decider: &self.decider };
        if self.hears == Hears::All || row.outcome().is_err() {
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
