//! The decision port: what every service asks decisions of. It evaluates, leaves a trace, and then answers.

mod dates;
mod deadline;
mod evaluation;
mod idempotency;
mod refusal;
mod rows;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dictamen_core::{Explanation, Failure, Form, Limits, Session, Usage};
use dictamen_plan::{DecisionId, Digest, TableId};
use dictamen_platform::store::{Objects, Records, StoreError, TraceId, TraceLog};
use dictamen_platform::{Clock, Principal};
use dictamen_value::Message;

use crate::catalogue::{Catalogue, Day, Ready, Selection, listed};
use crate::trace::{NewHead, TraceResult};

pub use dates::{AskedDates, ServiceZone, SettledDates, read_as_of, read_known_at};
use evaluation::decide;
pub(crate) use evaluation::{Asked, Evaluated, evaluate, explain, write_letter};
pub use evaluation::{DryRun, DryRuns};
pub use idempotency::{Claim, Key, StoredResponse, Ticket};
pub(crate) use refusal::failed_row;
pub use refusal::{Refusal, field_errors};
pub use rows::{ManyRows, RowResult, RowsQuestion};

use deadline::Watch;

/// Where decisions are kept, and what time it is.
#[derive(Clone)]
pub struct Ports {
    /// The log of traces.
    pub traces: Arc<dyn TraceLog>,
    /// Plans and parameters by their hash.
    pub objects: Arc<dyn Objects>,
    /// Responses by their idempotency key.
    pub records: Arc<dyn Records>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How decisions are made here.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The offset whose calendar day is the default as-of day.
    pub zone: ServiceZone,
    /// What one evaluation may use; recorded in its trace.
    pub limits: Limits,
    /// How long one evaluation may take before it is cancelled.
    pub evaluation_time: Duration,
    /// How many evaluations may run at once.
    pub evaluations_at_once: usize,
    /// How long responses are kept for repeated idempotency keys.
    pub keys_kept_for: Duration,
}

impl Default for Settings {
    /// UTC; two seconds an evaluation; keys for seven days.
    fn default() -> Settings {
        Settings {
            zone: ServiceZone::default(),
            limits: Limits::default(),
            evaluation_time: Duration::from_secs(2),
            evaluations_at_once: 1_024,
            keys_kept_for: Duration::from_secs(7 * 24 * 3_600),
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
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
    /// The facts: a JSON object.
    pub input: &'a [u8],
    /// The form of the explanation, where one is wanted; the reserved one is for principals that see what is reserved.
    pub explain: Option<Form>,
    /// The name of the request it came with.
    pub request_id: &'a str,
    /// Its line in a batch, from 1.
    pub line: Option<u64>,
    /// The digest of the idempotency key it came with.
    pub idempotency_key: Option<Digest>,
}

/// What was decided.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The outcome's JSON, byte for byte what the trace has the digest of.
    pub outcome: Vec<u8>,
    /// The name of its trace, which is durable.
    pub trace_id: TraceId,
    /// What decided.
    pub ready: Arc<Ready>,
    /// The dates it was decided by.
    pub dates: SettledDates,
    /// Why, if that was asked for.
    pub explanation: Option<Box<Explanation>>,
    /// What the evaluation used.
    pub usage: Usage,
    /// Tables in the order they were evaluated, each with how many of its rows matched.
    pub matched: Vec<(TableId, u64)>,
}

/// Decides.
pub struct Decisions {
    catalogue: Arc<Catalogue>,
    ports: Ports,
    settings: Settings,
    /// JSON of the limits, as traces have it.
    limits: Box<[u8]>,
    watch: Watch,
    keys: idempotency::Keys,
    writes: AtomicBool,
}

/// How many evaluations of a batch run before others get their turn.
const EVALUATIONS_A_TURN: usize = 16;

/// An evaluation that waits for its trace to be durable.
struct Made {
    ready: Arc<Ready>,
    dates: SettledDates,
    payload: Vec<u8>,
    evaluated: Evaluated,
    explanation: Option<Box<Explanation>>,
    told: Form,
}

impl Decisions {
    /// A decision port over a catalogue. Fails where the thread that watches deadlines can't be started.
    pub fn new(catalogue: Arc<Catalogue>, ports: Ports, settings: Settings) -> std::io::Result<Decisions> {
        let watch = Watch::start(ports.clock.clone(), settings.evaluation_time, settings.evaluations_at_once)?;
        let keys = idempotency::Keys::new(ports.records.clone(), ports.clock.clone(), settings.keys_kept_for);
        let limits = serde_json::to_vec(&settings.limits)?.into();
        Ok(Decisions { catalogue, ports, settings, limits, watch, keys, writes: AtomicBool::new(true) })
    }

    /// The rulesets that decide.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Where decisions are kept.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// How decisions are made here.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Responses by their idempotency key.
    pub fn keys(&self) -> &idempotency::Keys {
        &self.keys
    }

    /// The dates that hold where a request says none.
    pub fn today(&self) -> Result<SettledDates, Message> {
        AskedDates::default().settle(&*self.ports.clock, self.settings.zone)
    }

    /// Whether a decision takes microseconds, as far as is known before its version is: whether it is made by a typed program today.
    pub fn is_short(&self, ruleset: &str, decision: &str) -> bool {
        let Ok(today) = self.today() else { return false };
        let ready = self.catalogue.resolve(ruleset, &Selection { day: today.day, version: None });
        ready.is_ok_and(|ready| ready.find_decision(decision).is_some_and(|id| ready.plan.untyped(id).is_none()))
    }

    /// Decides: evaluates, makes the trace durable, answers. A failed evaluation leaves a trace too; a question that never
    /// reaches evaluation, or one that is cancelled at the deadline, leaves none.
    pub async fn decide(&self, question: &Question<'_>) -> Result<Answer, Refusal> {
        let mut made = self.make(question)?;
        let payload = std::mem::take(&mut made.payload);
        let trace_id = self.ports.traces.append(payload).await.map_err(|error| self.not_written(error))?;
        made.answer(trace_id)
    }

    /// Decides several questions; their traces are made durable together, in their order. One that is refused stops no other.
    pub async fn decide_all(&self, questions: &[Question<'_>]) -> Vec<Result<Answer, Refusal>> {
        let mut made: Vec<Result<Made, Refusal>> = Vec::with_capacity(questions.len());
        for (position, question) in questions.iter().enumerate() {
            made.push(self.make(question));
            if position.checked_rem(EVALUATIONS_A_TURN) == Some(EVALUATIONS_A_TURN.saturating_sub(1)) {
                tokio::task::yield_now().await;
            }
        }
        let payloads = made.iter_mut().flatten().map(|made| std::mem::take(&mut made.payload)).collect();
        match self.ports.traces.append_batch(payloads).await {
            Ok(first) => answer_in_order(made, first),
            Err(error) => {
                let refusal = self.not_written(error);
                made.into_iter().map(|made| made.and_then(|_| Err(refusal.clone()))).collect()
            }
        }
    }

    /// Whether traces could be written, as far as is known: once the log fails it takes no more until a restart.
    pub fn writes(&self) -> bool {
        self.writes.load(Ordering::Relaxed)
    }

    fn not_written(&self, error: StoreError) -> Refusal {
        if matches!(error, StoreError::Poisoned { .. } | StoreError::Closed) {
            self.writes.store(false, Ordering::Relaxed);
        }
        Refusal::Store(error)
    }

    /// Chooses what decides, by the dates that are asked.
    fn choose(
        &self,
        (ruleset, decision): (&str, &str),
        dates: AskedDates,
        version: Option<&str>,
        sees_reserved: bool,
    ) -> Result<(Arc<Ready>, DecisionId, SettledDates), Refusal> {
        let dates = dates.settle(&*self.ports.clock, self.settings.zone).map_err(Refusal::Clock)?;
        let ready = self.catalogue.resolve(ruleset, &Selection { day: dates.day, version })?;
        let decision = find_decision(&ready, decision, sees_reserved)?;
        Ok((ready, decision, dates))
    }

    /// Evaluates a question and writes its trace, not yet durable.
    fn make(&self, question: &Question<'_>) -> Result<Made, Refusal> {
        let sees_reserved = question.principal.sees_reserved();
        let names = (question.ruleset, question.decision);
        let (ready, decision, dates) = self.choose(names, question.dates, question.version, sees_reserved)?;
        let mut session = ready.session(decision, &dates.day, self.settings.limits);
        session.read(question.input).map_err(|errors| Refusal::facts(&ready.plan, errors, sees_reserved))?;
        let evaluated = self.decide_in_time(&mut session)?;
        self.keep(&ready)?;
        let payload = self.head(question, &ready, &dates, &evaluated).with_facts_of(&session);
        let payload = payload.ok_or_else(|| Refusal::Internal("facts that can't be written".to_owned()))?;
        ready.end_session(decision, session);
        let told = question.explain.filter(|_| sees_reserved).unwrap_or_default();
        let explanation = question.explain.map(|_| self.explained(&ready, decision, question, &dates.day, told));
        let explanation = explanation.transpose()?;
        Ok(Made { ready, dates, payload, evaluated, explanation, told })
    }

    fn decide_in_time<'s>(&'s self, session: &mut Session<'s>) -> Result<Evaluated, Refusal> {
        let watched = self.watch.begin().ok_or(Refusal::Busy)?;
        session.stop_on(watched.cancel());
        let evaluated = decide(session);
        match evaluated.result {
            Err(_) if watched.is_over() => Err(Refusal::OutOfTime { limit: self.watch.limit() }),
            _ => Ok(evaluated),
        }
    }

    /// Why it comes out as it does: facts are read once more, by the reader that keeps them as values.
    fn explained(
        &self,
        ready: &Ready,
        decision: DecisionId,
        question: &Question<'_>,
        day: &Day,
        told: Form,
    ) -> Result<Box<Explanation>, Refusal> {
        let facts = dictamen_core::read_facts(&ready.plan, decision, question.input);
        let facts = facts.map_err(|errors| Refusal::facts(&ready.plan, errors, question.principal.sees_reserved()))?;
        Ok(Box::new(explain(ready, decision, &facts, day, self.settings.limits, told)))
    }

    /// Keeps plan and parameters by their hashes, before the first trace that names them.
    fn keep(&self, ready: &Ready) -> Result<(), Refusal> {
        if ready.is_kept() {
            return Ok(());
        }
        let plan = ready.plan.to_bytes().map_err(|error| Refusal::Internal(error.0.to_string()))?;
        let parameters = ready.parameters.to_bytes().map_err(|error| Refusal::Internal(error.0.to_string()))?;
        self.ports.objects.put(&plan)?;
        self.ports.objects.put(&parameters)?;
        ready.mark_kept();
        Ok(())
    }

    fn head<'a>(
        &'a self,
        question: &Question<'a>,
        ready: &'a Ready,
        dates: &'a SettledDates,
        evaluated: &'a Evaluated,
    ) -> NewHead<'a> {
        NewHead {
            letterhead: ready.letterhead(),
            decision: question.decision,
            dates,
            version_pinned: question.version.is_some(),
            result: evaluated.result.as_deref(),
            principal: &question.principal.subject,
            request_id: question.request_id,
            line: question.line,
            idempotency_key: question.idempotency_key,
            limits: &self.limits,
        }
    }
}

impl Made {
    fn answer(self, trace_id: TraceId) -> Result<Answer, Refusal> {
        let Made { ready, dates, evaluated, explanation, told, .. } = self;
        match evaluated.result {
            Ok(outcome) => {
                let (usage, matched) = (evaluated.usage, evaluated.matched);
                Ok(Answer { outcome, trace_id, ready, dates, explanation, usage, matched })
            }
            Err(failure) => {
                let failure = Box::new(as_told(&ready, failure, told));
                Err(Refusal::Failed { failure, trace_id, ready, explanation })
            }
        }
    }
}

impl Evaluated {
    /// The digest of what came of it.
    pub(crate) fn trace_result(&self) -> TraceResult {
        match &self.result {
            Ok(outcome) => TraceResult::of_outcome(outcome),
            Err(failure) => TraceResult::of_failure(failure),
        }
    }
}

impl std::fmt::Debug for Decisions {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Decisions").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A failure in the form in which it is told.
pub(crate) fn as_told(ready: &Ready, failure: Failure, form: Form) -> Failure {
    match form {
        Form::Public => dictamen_core::conceal(&ready.plan, &failure),
        Form::Reserved => failure,
    }
}

/// A decision by its name, or the names there are; who does not see what is reserved is told of none that is.
pub(crate) fn find_decision(ready: &Ready, name: &str, sees_reserved: bool) -> Result<DecisionId, Refusal> {
    let is_open = |id: &DecisionId| sees_reserved || !dictamen_core::is_reserved(&ready.plan, *id);
    ready.find_decision(name).filter(is_open).ok_or_else(|| {
        let open = ready.decisions().filter(|(id, _)| is_open(id));
        let known: Vec<_> = open.map(|(_, decision)| decision.name.clone()).collect();
        let (id, version, known) = (&ready.id, &ready.version, listed(&known));
        Refusal::NoDecision(Message::new(
            format!("«{id}» (versión {version}) no tiene una decisión «{name}»; tiene: {known}"),
            format!("“{id}” (version {version}) has no decision “{name}”; it has: {known}"),
        ))
    })
}

/// Gives the traces of a batch to what was made, in order.
fn answer_in_order(made: Vec<Result<Made, Refusal>>, first: Option<TraceId>) -> Vec<Result<Answer, Refusal>> {
    let mut place = 0_u64;
    let mut next = || {
        let trace_id = first.map(|first| first.following(place));
        place = place.saturating_add(1);
        trace_id.ok_or_else(|| Refusal::Internal("the log gave no name to a trace".to_owned()))
    };
    made.into_iter().map(|made| made.and_then(|made| made.answer(next()?))).collect()
}
