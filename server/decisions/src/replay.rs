//! Evaluates recorded decisions again and compares bytes: what was answered then is what the rules say.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use dictamen_core::{Explanation, Facts, Form};
use dictamen_plan::{DecisionId, Digest, ParameterSet, Plan, SEMANTICS};
use dictamen_platform::store::{
    self, ObjectReader, Payload, StoreError, Trace, TraceId, TraceReader, TraceScan, Trust, VerifyReport,
};
use dictamen_value::{Language, Message};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::batches::Manifest;
use crate::catalogue::{Day, Ready};
use crate::explain::Letter;
use crate::port::{Asked, Evaluated, evaluate, explain, find_decision, write_letter};
use crate::trace::{BatchHead, BatchTrace, DecisionTrace, TraceResult};

/// How many plans are kept in memory while traces are replayed.
const PLANS_MAX: usize = 256;

/// How many problems a report lists; the rest are counted.
const PROBLEMS_MAX: usize = 1_000;

/// How many traces are replayed in one round, after which progress is told.
const ROUND_TRACES_MAX: usize = 4_096;

/// How many bytes of payloads are replayed in one round, unless one alone has more.
const ROUND_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Replays traces from readers; it works beside a running server.
pub struct Replayer<'a> {
    traces: &'a dyn TraceReader,
    objects: &'a dyn ObjectReader,
    plans: Mutex<HashMap<(Digest, Digest), Arc<Ready>>>,
}

/// What replaying one trace gave.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The trace.
    pub id: TraceId,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What it says, where it could be read.
    pub trace: Option<Box<DecisionTrace>>,
    /// What it gives now: the outcome's JSON, or the failure's.
    pub now: Option<Vec<u8>>,
}

/// A recorded decision with why it came out as it did, or why that can't be told.
pub type Explained = Result<(Box<DecisionTrace>, Explanation), ReplayProblem>;

/// The letter of a recorded decision, or why there is none.
pub type LetterOrProblem = Result<Letter, ReplayProblem>;

/// Whether a trace holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The same bytes.
    Same,
    /// Its payload was purged; its place in the chain is checked with the chain.
    Purged {
        /// How many bytes there were.
        length_bytes: u64,
    },
    /// It is of a batch, whole, and what decided is there; its rows are replayed with the file of their facts.
    Batch {
        /// How many rows there are.
        rows: u64,
    },
    /// It doesn't hold, or can't be replayed.
    Problem(ReplayProblem),
}

/// What is wrong with one trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayProblem {
    /// For programs: `outcome-differs`, `object-missing`, `object-damaged`, `trace-damaged`, `unreadable`, `semantics-unknown`,
    /// `facts-differ`, `letter-failed`,
    /// `replay-failed`.
    pub code: &'static str,
    /// What differs, for a reader.
    pub message: Message,
}

/// What replaying a whole log found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReplayReport {
    /// What verifying the chains found.
    pub chains: VerifyReport,
    /// Traces looked at.
    pub traces: u64,
    /// Traces that gave the same bytes.
    pub same: u64,
    /// Traces whose payload was purged.
    pub purged: u64,
    /// Traces of batches, which are whole.
    pub batches: u64,
    /// Traces that don't hold.
    pub problems: Vec<(Option<TraceId>, ReplayProblem)>,
    /// How many more there were than are listed.
    pub problems_left_out: u64,
}

impl ReplayReport {
    /// Whether everything holds.
    pub fn is_clean(&self) -> bool {
        self.chains.is_clean() && self.problems.is_empty()
    }

    /// How many traces don't hold.
    pub fn problem_count(&self) -> u64 {
        u64::try_from(self.problems.len()).unwrap_or(u64::MAX).saturating_add(self.problems_left_out)
    }

    fn add(&mut self, id: Option<TraceId>, verdict: Verdict) {
        self.traces = self.traces.saturating_add(1);
        match verdict {
            Verdict::Same => self.same = self.same.saturating_add(1),
            Verdict::Purged { .. } => self.purged = self.purged.saturating_add(1),
            Verdict::Batch { .. } => self.batches = self.batches.saturating_add(1),
            Verdict::Problem(problem) if self.problems.len() < PROBLEMS_MAX => self.problems.push((id, problem)),
            Verdict::Problem(_) => self.problems_left_out = self.problems_left_out.saturating_add(1),
        }
    }
}

impl<'a> Replayer<'a> {
    /// A replayer over a log and its objects.
    pub fn new(traces: &'a dyn TraceReader, objects: &'a dyn ObjectReader) -> Replayer<'a> {
        Replayer { traces, objects, plans: Mutex::default() }
    }

    /// Replays one trace; none where there is no such trace. Fails where the log can't be read.
    pub fn replay(&self, id: &TraceId) -> Result<Option<Replayed>, StoreError> {
        match self.traces.get(id) {
            Ok(trace) => Ok(trace.map(|trace| self.replay_trace(&trace))),
            Err(error @ StoreError::DamagedTrace { .. }) => Ok(Some(Replayed::problem(*id, damaged(&error)))),
            Err(error) => Err(error),
        }
    }

    /// Verifies the chains and replays every trace, in bounded memory; tells progress now and then. Fails where the log can't
    /// be read at all; what is damaged is in the report.
    pub fn replay_all(
        &self,
        trust: &Trust,
        progress: &mut dyn FnMut(&ReplayReport),
    ) -> Result<ReplayReport, StoreError> {
        let mut report = ReplayReport { chains: self.traces.verify(trust)?, ..ReplayReport::default() };
        let mut traces = self.traces.scan(None)?;
        loop {
            let round = round_of(&mut traces);
            if round.is_empty() {
                break;
            }
            for (id, verdict) in self.replay_round(&round) {
                report.add(id, verdict);
            }
            progress(&report);
        }
        progress(&report);
        Ok(report)
    }

    /// Replays some traces on all cores; verdicts are in their order.
    fn replay_round(&self, round: &[Result<Trace, StoreError>]) -> Vec<(Option<TraceId>, Verdict)> {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = round.len().div_ceil(cores).max(1);
        thread::scope(|scope| {
            let replay = |share| scope.spawn(move || self.replay_share(share));
            let begun: Vec<_> = round.chunks(share).map(|share| (share, replay(share))).collect();
            begun
                .into_iter()
                .flat_map(|(share, replaying)| replaying.join().unwrap_or_else(|_| given_up(share)))
                .collect()
        })
    }

    fn replay_share(&self, share: &[Result<Trace, StoreError>]) -> Vec<(Option<TraceId>, Verdict)> {
        let one = |trace: &Result<Trace, StoreError>| match trace {
            Ok(trace) => (Some(trace.id), self.replay_trace(trace).verdict),
            Err(error) => (place_of(error), Verdict::Problem(damaged(error))),
        };
        share.iter().map(one).collect()
    }

    /// Why a recorded decision came out as it did; none where there is no such trace or its payload was purged.
    pub fn explain(&self, id: &TraceId, form: Form) -> Result<Option<Explained>, StoreError> {
        let Some(Trace { payload: Payload::Present(payload), .. }) = self.traces.get(id)? else { return Ok(None) };
        Ok(Some(self.explain_payload(&payload, form)))
    }

    /// The letter of a recorded decision; none where there is no such trace or its payload was purged.
    pub fn letter(&self, id: &TraceId, language: Language) -> Result<Option<LetterOrProblem>, StoreError> {
        let Some(Trace { payload: Payload::Present(payload), .. }) = self.traces.get(id)? else { return Ok(None) };
        Ok(Some(self.letter_of(&payload, id, language)))
    }

    fn letter_of(&self, payload: &[u8], id: &TraceId, language: Language) -> LetterOrProblem {
        let trace = read(payload)?;
        let (ready, decision, facts) = self.restore(&trace)?;
        let (day, limits) = (day(&trace), trace.head.limits);
        let asked = Asked { ready: &ready, decision, facts: &facts, day: &day, limits };
        let failed = |failure: Box<dictamen_core::Failure>| ReplayProblem {
            code: "letter-failed",
            message: Message::new(
                format!("la carta no se pudo escribir: {}", failure.message.es),
                format!("the letter could not be written: {}", failure.message.en),
            ),
        };
        write_letter(&asked, Some(&id.to_string()), language).map_err(failed)
    }

    /// Replays a trace that was read.
    pub fn replay_trace(&self, trace: &Trace) -> Replayed {
        match &trace.payload {
            Payload::Purged { length_bytes } => Replayed {
                id: trace.id,
                verdict: Verdict::Purged { length_bytes: *length_bytes },
                trace: None,
                now: None,
            },
            Payload::Present(payload) => match read(payload) {
                Ok(decision) => self.replay_decision(trace.id, Box::new(decision)),
                Err(_) if BatchTrace::is_one(payload) => self.replay_batch(trace.id, payload),
                Err(problem) => Replayed::problem(trace.id, problem),
            },
        }
    }

    fn replay_batch(&self, id: TraceId, payload: &[u8]) -> Replayed {
        let verdict = match self.batch(payload) {
            Ok((batch, _)) => Verdict::Batch { rows: batch.head.rows.all() },
            Err(problem) => Verdict::Problem(problem),
        };
        Replayed { id, verdict, trace: None, now: None }
    }

    /// The manifest of a batch; none where there is no such trace or its payload was purged.
    pub fn manifest(&self, id: &TraceId) -> Result<Option<Result<Manifest, ReplayProblem>>, StoreError> {
        let Some(Trace { payload: Payload::Present(payload), .. }) = self.traces.get(id)? else { return Ok(None) };
        let unreadable = |message| ReplayProblem { code: "unreadable", message };
        let manifest = self.batch(&payload).and_then(|(trace, ready)| {
            let decision =
                find_decision(&ready, &trace.head.decision, true).map_err(|refusal| unreadable(refusal.message()))?;
            Manifest::of_trace(&trace, &ready, &ready.full_name(decision)).map_err(unreadable)
        });
        Ok(Some(manifest))
    }

    /// The trace of a batch, and what decided.
    fn batch(&self, payload: &[u8]) -> Result<(BatchTrace, Arc<Ready>), ReplayProblem> {
        let trace = BatchTrace::read(payload).map_err(|message| ReplayProblem { code: "unreadable", message })?;
        let BatchHead { semantics, plan, parameters, ruleset, version, .. } = &trace.head;
        known_semantics(*semantics)?;
        let ready = self.plan((*plan, *parameters), (ruleset, version))?;
        Ok((trace, ready))
    }

    fn replay_decision(&self, id: TraceId, trace: Box<DecisionTrace>) -> Replayed {
        let (verdict, now) = match self.evaluate_again(&trace) {
            Ok(evaluated) => {
                let verdict = compare(&trace.head.result, &evaluated.trace_result());
                let now = evaluated.result.or_else(|failure| serde_json::to_vec(&failure)).ok();
                (verdict, now)
            }
            Err(problem) => (Verdict::Problem(problem), None),
        };
        Replayed { id, verdict, trace: Some(trace), now }
    }

    fn evaluate_again(&self, trace: &DecisionTrace) -> Result<Evaluated, ReplayProblem> {
        let (ready, decision, facts) = self.restore(trace)?;
        Ok(evaluate(&ready, decision, &facts, &day(trace), trace.head.limits))
    }

    /// What of a payload may be told to those who don't see what is reserved: all, or all but reserved facts, or nothing where
    /// the decision is reserved itself or what decided cannot be read.
    pub(crate) fn told(&self, payload: &[u8]) -> Told {
        let Ok(trace) = read(payload) else { return self.told_of_batch(payload) };
        let Ok(ready) = self.plan_of(&trace) else { return Told::Nothing };
        let decision = find_decision(&ready, &trace.head.decision, false);
        if decision.is_err() {
            return Told::Nothing;
        }
        let Ok(mut facts) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(trace.facts.get()) else {
            return Told::Nothing;
        };
        let given = facts.len();
        let reserved = ready.plan.inputs.iter().filter(|input| input.about.reserved.is_some());
        reserved.for_each(|input| drop(facts.remove(&*input.name)));
        if facts.len() == given {
            return Told::All;
        }
        let payload = serde_json::to_vec(&facts).and_then(|facts| trace.head.with_facts(&facts));
        payload.map_or(Told::Nothing, Told::Without)
    }

    /// There are no facts in the trace of a batch.
    fn told_of_batch(&self, payload: &[u8]) -> Told {
        match self.batch(payload) {
            Ok((trace, ready)) if find_decision(&ready, &trace.head.decision, false).is_ok() => Told::All,
            _ => Told::Nothing,
        }
    }

    fn explain_payload(&self, payload: &[u8], form: Form) -> Explained {
        let trace = Box::new(read(payload)?);
        let (ready, decision, facts) = self.restore(&trace)?;
        let explanation = explain(&ready, decision, &facts, &day(&trace), trace.head.limits, form);
        Ok((trace, explanation))
    }

    /// What decided then, and the facts it decided by.
    fn restore(&self, trace: &DecisionTrace) -> Result<(Arc<Ready>, DecisionId, Facts), ReplayProblem> {
        let ready = self.plan_of(trace)?;
        let unreadable = |message| ReplayProblem { code: "facts-differ", message };
        let decision =
            find_decision(&ready, &trace.head.decision, true).map_err(|refusal| unreadable(refusal.message()))?;
        let facts = dictamen_core::read_facts(&ready.plan, decision, trace.facts.get().as_bytes());
        let first = |errors: Vec<dictamen_core::FactError>| errors.into_iter().next().map(|error| error.message);
        let facts = facts.map_err(|errors| unreadable(first(errors).unwrap_or_else(|| Message::same(""))))?;
        Ok((ready, decision, facts))
    }

    /// The plan and parameters that the trace of a decision names.
    pub(crate) fn plan_of(&self, trace: &DecisionTrace) -> Result<Arc<Ready>, ReplayProblem> {
        let head = &trace.head;
        self.plan((head.plan, head.parameters), (&head.ruleset, &head.version))
    }

    /// A plan and parameters by their hashes, under the name of a ruleset and its version, from memory or from the objects.
    fn plan(&self, key: (Digest, Digest), (id, version): (&str, &str)) -> Result<Arc<Ready>, ReplayProblem> {
        if let Some(known) = self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let plan = self.object(key.0, Plan::from_bytes)?;
        let parameters = self.object(key.1, ParameterSet::from_bytes)?;
        let ready = Arc::new(Ready::restored(id.into(), version.into(), (plan, key.0), (parameters, key.1)));
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= PLANS_MAX {
            plans.clear();
        }
        plans.insert(key, ready.clone());
        Ok(ready)
    }

    fn object<T>(
        &self,
        digest: Digest,
        read: fn(&[u8]) -> Result<T, dictamen_plan::PlanError>,
    ) -> Result<T, ReplayProblem> {
        match self.objects.get(&store::Digest(digest.0)) {
            Ok(Some(bytes)) => read(&bytes).map_err(|error| ReplayProblem { code: "unreadable", message: error.0 }),
            Ok(None) => Err(missing(digest)),
            Err(error) => Err(ReplayProblem { code: "object-damaged", message: error.message() }),
        }
    }
}

/// What of a payload may be told.
pub(crate) enum Told {
    /// All of it.
    All,
    /// The payload without reserved facts.
    Without(Vec<u8>),
    /// None of it.
    Nothing,
}

impl Replayed {
    fn problem(id: TraceId, problem: ReplayProblem) -> Replayed {
        Replayed { id, verdict: Verdict::Problem(problem), trace: None, now: None }
    }
}

impl std::fmt::Debug for Replayer<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Replayer").finish_non_exhaustive()
    }
}

/// The traces of the next round.
fn round_of(traces: &mut TraceScan) -> Vec<Result<Trace, StoreError>> {
    let mut round = Vec::new();
    let mut bytes = 0_usize;
    while round.len() < ROUND_TRACES_MAX && bytes < ROUND_BYTES_MAX {
        let Some(trace) = traces.next() else { break };
        if let Ok(Trace { payload: Payload::Present(payload), .. }) = &trace {
            bytes = bytes.saturating_add(payload.len());
        }
        round.push(trace);
    }
    round
}

/// The verdict on traces whose replay broke off.
fn given_up(share: &[Result<Trace, StoreError>]) -> Vec<(Option<TraceId>, Verdict)> {
    let message = Message::new(
        "el programa falló al repetir esta traza o una cercana; repítala sola y avise a quien lo mantiene",
        "the program failed while replaying this trace or one near it; replay it alone and tell whoever maintains it",
    );
    let verdict = || Verdict::Problem(ReplayProblem { code: "replay-failed", message: message.clone() });
    share.iter().map(|trace| (trace.as_ref().ok().map(|trace| trace.id), verdict())).collect()
}

fn read(payload: &[u8]) -> Result<DecisionTrace, ReplayProblem> {
    let trace = DecisionTrace::read(payload).map_err(|message| ReplayProblem { code: "unreadable", message })?;
    known_semantics(trace.head.semantics).map(|()| trace)
}

fn known_semantics(number: u32) -> Result<(), ReplayProblem> {
    match number {
        1..=SEMANTICS => Ok(()),
        other => Err(ReplayProblem { code: "semantics-unknown", message: unknown_semantics(other) }),
    }
}

fn day(trace: &DecisionTrace) -> Day {
    Day { as_of: trace.head.as_of, known_at: trace.head.known_at }
}

fn compare(then: &TraceResult, now: &TraceResult) -> Verdict {
    if then == now {
        return Verdict::Same;
    }
    let words = |result: &TraceResult| match result {
        TraceResult::Outcome { digest } => (format!("el resultado {digest}"), format!("outcome {digest}")),
        TraceResult::Failure { digest, code } => {
            (format!("el fallo {code} {digest}"), format!("failure {code} {digest}"))
        }
    };
    let ((then, then_en), (now, now_en)) = (words(then), words(now));
    let message = Message::new(
        format!("entonces dio {then}; ahora da {now}: la traza o el programa cambiaron"),
        format!("then it gave {then_en}; now it gives {now_en}: the trace or the program has changed"),
    );
    Verdict::Problem(ReplayProblem { code: "outcome-differs", message })
}

fn damaged(error: &StoreError) -> ReplayProblem {
    ReplayProblem { code: "trace-damaged", message: error.message() }
}

fn place_of(error: &StoreError) -> Option<TraceId> {
    match error {
        StoreError::DamagedTrace { trace, .. } => Some(*trace),
        _ => None,
    }
}

fn missing(digest: Digest) -> ReplayProblem {
    let message = Message::new(
        format!("falta el objeto {digest} (plan o parámetros); restáurelo de una copia"),
        format!("object {digest} (a plan or parameters) is missing; restore it from a copy"),
    );
    ReplayProblem { code: "object-missing", message }
}

fn unknown_semantics(number: u32) -> Message {
    Message::new(
        format!(
            "se decidió con la semántica {number}; este programa conoce hasta la {SEMANTICS}: use una versión más nueva"
        ),
        format!("it was decided under semantics {number}; this program knows up to {SEMANTICS}: use a newer version"),
    )
}
