//! Many rows of one question: decided one after the other, and left under one trace with the root of hashes over all of them.

use std::sync::Arc;

use dictamen_batch::{BatchEvaluator, Hears, Row, Rows, Undecided};
use dictamen_core::{Failure, Form, Limits};
use dictamen_plan::DecisionId;
use dictamen_platform::Principal;
use dictamen_platform::store::TraceId;

use super::{AskedDates, Decisions, Refusal, SettledDates, as_told};
use crate::batches::{CHUNK_ROWS, Hash, Tree, leaf};
use crate::catalogue::Ready;
use crate::trace::{BatchHead, BatchTrace, FORMAT, Kind, RowCounts};

/// What is asked for every row.
#[derive(Clone, Copy, Debug)]
pub struct RowsQuestion<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// The ruleset.
    pub ruleset: &'a str,
    /// The decision: a name of the ruleset, or `ruleset.name` of one that it imports.
    pub decision: &'a str,
    /// The dates that the request says.
    pub dates: AskedDates,
    /// The version's name, where it is pinned.
    pub version: Option<&'a str>,
    /// The name of the request.
    pub request_id: &'a str,
}

/// Rows that are being decided. Threads may share it.
#[derive(Debug)]
pub struct ManyRows {
    ready: Arc<Ready>,
    decision: DecisionId,
    name: String,
    dates: SettledDates,
    version_pinned: bool,
    principal: String,
    sees_reserved: bool,
    request_id: String,
    limits: Limits,
}

/// What came of one row, as it may be told.
#[derive(Debug)]
pub enum RowResult<'r> {
    /// The outcome's JSON.
    Outcome(&'r [u8]),
    /// It could not be decided.
    Failed(Box<Failure>),
    /// Its facts don't fit.
    Refused(Refusal),
}

impl Decisions {
    /// Begins to decide rows. Nothing is left of it until [`Decisions::end_rows`].
    pub fn begin_rows(&self, question: &RowsQuestion<'_>) -> Result<ManyRows, Refusal> {
        let sees_reserved = question.principal.sees_reserved();
        let names = (question.ruleset, question.decision);
        let (ready, decision, dates) = self.choose(names, question.dates, question.version, sees_reserved)?;
        Ok(ManyRows {
            ready,
            decision,
            name: question.decision.to_owned(),
            dates,
            version_pinned: question.version.is_some(),
            principal: question.principal.subject.clone(),
            sees_reserved,
            request_id: question.request_id.to_owned(),
            limits: self.settings.limits,
        })
    }

    /// Leaves the trace of rows that were decided, whose leaves are in a tree; gives its name and the root once it is durable.
    pub async fn end_rows(&self, rows: &ManyRows, counts: RowCounts, tree: Tree) -> Result<(TraceId, Hash), Refusal> {
        self.keep(&rows.ready)?;
        let trace = BatchTrace::of(tree, |root| rows.head(counts, root));
        let payload = serde_json::to_vec(&trace).map_err(|error| Refusal::Internal(error.to_string()))?;
        let appended = self.ports.traces.append(payload).await;
        Ok((appended.map_err(|error| self.not_written(error))?, trace.head.root))
    }
}

impl ManyRows {
    /// Decides some rows, each facts as a JSON object with its number, in order; gives their leaves, and how many came to what.
    pub fn decide(&self, lines: &[(u64, &[u8])], mut each: impl FnMut(u64, RowResult<'_>)) -> (Vec<Hash>, RowCounts) {
        let evaluator = BatchEvaluator::new(self.question(), None, Hears::All);
        let (mut leaves, mut counts) = (Vec::with_capacity(lines.len()), RowCounts::default());
        let (mut room, mut outcome) = (Vec::new(), Vec::new());
        let answered = evaluator.evaluate(Rows::Lines(lines), |row| {
            leaves.push(leaf(row, &mut room));
            outcome.clear();
            let result = self.result(row, &mut outcome);
            let count = match result {
                RowResult::Outcome(_) => &mut counts.decided,
                RowResult::Failed(_) => &mut counts.failed,
                RowResult::Refused(_) => &mut counts.refused,
            };
            *count = count.saturating_add(1);
            each(row.number, result);
        });
        // Only columns can be of another schema than what they are bound by.
        drop(answered);
        (leaves, counts)
    }

    /// What decides.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    fn result<'r>(&self, row: &Row<'_>, outcome: &'r mut Vec<u8>) -> RowResult<'r> {
        match row.undecided() {
            None => {
                row.write_outcome(outcome);
                RowResult::Outcome(outcome)
            }
            Some(Undecided::Failed(failure)) => {
                RowResult::Failed(Box::new(as_told(&self.ready, failure.clone(), Form::Public)))
            }
            Some(Undecided::Refused(errors)) => {
                RowResult::Refused(Refusal::facts(&self.ready.plan, errors.to_vec(), self.sees_reserved))
            }
        }
    }

    fn question(&self) -> dictamen_batch::Question<'_> {
        self.ready.question(self.decision, &self.dates.day, self.limits)
    }

    fn head(&self, rows: RowCounts, root: Hash) -> BatchHead {
        let SettledDates { day, as_of_defaulted, known_at_defaulted, now } = self.dates;
        BatchHead {
            format: FORMAT,
            kind: Kind::Batch,
            semantics: self.ready.plan.semantics,
            ruleset: self.ready.id.to_string(),
            version: self.ready.version.to_string(),
            decision: self.name.clone(),
            plan: self.ready.plan_digest,
            parameters: self.ready.parameters_digest,
            as_of: day.as_of,
            as_of_defaulted,
            known_at: day.known_at,
            known_at_defaulted,
            version_pinned: self.version_pinned,
            principal: self.principal.clone(),
            received_at: now,
            request_id: self.request_id.clone(),
            limits: self.limits,
            rows,
            chunk_rows: CHUNK_ROWS,
            root,
        }
    }
}
