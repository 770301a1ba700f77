//! One evaluation: from facts to bytes, the same for a request, a batch, a replay and the command line.

use dictamen_batch::{Numbers, OutcomeColumns};
use dictamen_core::{Explanation, FactError, Facts, Failure, Form, Limits, Nothing, Recorder, Request, Session, Usage};
use dictamen_plan::{DecisionId, Plan, TableId};
use dictamen_value::{Language, Message, Type, Value};

use super::{Refusal, find_decision};
use crate::batches::{Manifest, Tree};
use crate::catalogue::{Day, Ready};
use crate::explain::letter::{Letter, Sources, Written};

/// What an evaluation gave.
#[derive(Clone, Debug)]
pub(crate) struct Evaluated {
    /// The outcome's JSON, or why there is none.
    pub(crate) result: Result<Vec<u8>, Failure>,
    /// What it used.
    pub(crate) usage: Usage,
    /// Tables in the order they were evaluated, each with how many of its rows matched.
    pub(crate) matched: Vec<(TableId, u64)>,
}

/// Counts the rows that matched, for the metrics.
#[derive(Debug, Default)]
struct Matched(Vec<(TableId, u64)>);

impl Recorder for Matched {
    fn matched(&mut self, _plan: &Plan, table: TableId, rows: &[u32]) {
        self.0.push((table, rows.len() as u64));
    }

    fn wants_details(&self) -> bool {
        false
    }
}

/// Evaluations of one decision that leave no trace: one question for many facts, on as many threads as one likes.
#[derive(Clone, Copy, Debug)]
pub struct DryRuns<'a> {
    ready: &'a Ready,
    decision: DecisionId,
    day: Day,
    limits: Limits,
}

/// What came of one of them.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The outcome, or why there is none.
    pub result: Result<Value, Failure>,
    /// What it used.
    pub usage: Usage,
    facts: Facts,
}

impl<'a> DryRuns<'a> {
    /// Evaluations of a decision of a ruleset on a day; refuses a name that it does not have.
    pub fn of(ready: &'a Ready, decision: &str, day: Day, limits: Limits) -> Result<DryRuns<'a>, Refusal> {
        Ok(DryRuns { ready, decision: find_decision(ready, decision, true)?, day, limits })
    }

    /// The type of what the decision gives.
    pub fn outcome_type(&self) -> Option<&'a Type> {
        self.ready.plan.decisions.get(self.decision as usize).map(|decision| &decision.ty)
    }

    /// The same question for rows of batches.
    pub fn question(&self) -> dictamen_batch::Question<'a> {
        self.ready.question(self.decision, &self.day, self.limits)
    }

    /// The columns that outcomes of many rows have.
    pub fn outcome_columns(&self, numbers: Numbers, language: Language) -> OutcomeColumns {
        let decision = self.ready.plan.decisions.get(self.decision as usize);
        let (name, ty) = decision.map_or(("", &Type::Any), |decision| (&*decision.name, &decision.ty));
        OutcomeColumns::of(name, ty, numbers, language)
    }

    /// The manifest of many rows that were evaluated so and whose leaves are in a tree.
    pub fn manifest(&self, tree: Tree) -> Result<Manifest, Message> {
        Manifest::of(self.ready, &self.ready.full_name(self.decision), self.day, self.limits, tree)
    }

    /// Evaluates it with some facts; the error is what is wrong with them.
    pub fn run(&self, input: &[u8]) -> Result<DryRun, Vec<FactError>> {
        let facts = dictamen_core::read_facts(&self.ready.plan, self.decision, input)?;
        let request = request(self.ready, self.decision, &facts, &self.day, self.limits);
        let (result, usage) = dictamen_core::evaluate(&request, &mut Nothing);
        Ok(DryRun { result, usage, facts })
    }

    /// Why one of these comes out as it does.
    pub fn explain(&self, run: &DryRun, form: Form) -> Explanation {
        explain(self.ready, self.decision, &run.facts, &self.day, self.limits, form)
    }

    /// The letter of one of these; the failure is that of the ruleset's own words for it.
    pub fn letter(&self, run: &DryRun, language: Language) -> Written {
        let DryRuns { ready, decision, day, limits } = self;
        let asked = Asked { ready, decision: *decision, facts: &run.facts, day, limits: *limits };
        write_letter(&asked, None, language)
    }
}

/// A decision with its facts and dates.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) ready: &'a Ready,
    pub(crate) decision: DecisionId,
    pub(crate) facts: &'a Facts,
    pub(crate) day: &'a Day,
    pub(crate) limits: Limits,
}

/// Writes the letter of a decision: from its public explanation, and from what the ruleset says, unless nothing was decided.
pub(crate) fn write_letter(asked: &Asked<'_>, trace_id: Option<&str>, language: Language) -> Written {
    let Asked { ready, decision, facts, day, limits } = *asked;
    let explanation = explain(ready, decision, facts, day, limits, Form::Public);
    let letter = ready.plan.letter(decision).filter(|_| explanation.outcome.is_ok());
    let said = letter.map(|letter| said(asked, letter.body)).transpose()?;
    let sources = Sources {
        ready,
        decision,
        explanation: &explanation,
        said: said.as_ref(),
        facts: &facts.to_json(&ready.plan),
        date: day.as_of,
        trace_id,
    };
    Ok(Letter::of(&sources, language))
}

fn said(asked: &Asked<'_>, body: DecisionId) -> Result<Value, Box<Failure>> {
    let Asked { ready, facts, day, limits, .. } = *asked;
    let (outcome, _) = dictamen_core::evaluate(&request(ready, body, facts, day, limits), &mut Nothing);
    outcome.map_err(|failure| Box::new(dictamen_core::conceal(&ready.plan, &failure)))
}

/// Room for the JSON of an outcome, in bytes; longer ones take more.
const OUTCOME_BYTES: usize = 256;

/// Makes the decision whose facts a session has read.
pub(crate) fn decide(session: &mut Session<'_>) -> Evaluated {
    let mut matched = Matched::default();
    let result = session.decide(&mut matched).map(|()| {
        let mut outcome = Vec::with_capacity(OUTCOME_BYTES);
        session.write_outcome(&mut outcome);
        outcome
    });
    Evaluated { result, usage: session.usage(), matched: matched.0 }
}

/// Evaluates a decision with facts that were read before.
pub(crate) fn evaluate(ready: &Ready, decision: DecisionId, facts: &Facts, day: &Day, limits: Limits) -> Evaluated {
    let mut matched = Matched::default();
    let (result, usage) = dictamen_core::evaluate(&request(ready, decision, facts, day, limits), &mut matched);
    let result = result.map(|value| {
        let mut outcome = Vec::with_capacity(OUTCOME_BYTES);
        value.write_json(&mut outcome);
        outcome
    });
    Evaluated { result, usage, matched: matched.0 }
}

/// Why a decision comes out as it does.
pub(crate) fn explain(
    ready: &Ready,
    decision: DecisionId,
    facts: &Facts,
    day: &Day,
    limits: Limits,
    form: Form,
) -> Explanation {
    dictamen_core::explain(&request(ready, decision, facts, day, limits), form)
}

fn request<'a>(ready: &'a Ready, decision: DecisionId, facts: &'a Facts, day: &Day, limits: Limits) -> Request<'a> {
    let (plan, parameters) = (&ready.plan, &ready.parameters);
    Request { plan, parameters, decision, facts, as_of: day.as_of, known_at: day.known_at, limits, cancel: None }
}
