//! The one place where measurements touch our own engine.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use dictamen_core::{
    Facts, Limits, Prepared, Record, Recorder, Request, Scalar, Session, SlotId, evaluate, read_facts,
};
use dictamen_decisions::{Catalogue, Day, LoadLimits, Ready, Selection};
use dictamen_plan::{DecisionId, Plan};
use dictamen_value::{Date, Number, Value};

use crate::rounds::Contestant;

/// A decision that is ready to be made.
pub struct Engine {
    ready: Arc<Ready>,
    decision: DecisionId,
    day: Day,
}

/// Facts in memory: scalars with their slots where the decision runs as a program, values otherwise.
pub enum Given {
    /// Scalars with their slots.
    Slots(Vec<(SlotId, Held)>),
    /// Values of the general evaluator.
    Values(Facts),
}

/// A scalar that is kept.
pub enum Held {
    /// A number.
    Number(Number),
    /// A text.
    Text(Arc<str>),
    /// A truth value.
    Boolean(bool),
    /// A date.
    Date(Date),
}

/// Hears nothing; it exists in the measurements alone.
struct Deaf;

impl Recorder for Deaf {
    fn wants_details(&self) -> bool {
        false
    }
}

/// The engine on one thread, with memory that is used again.
pub struct Seat<'e> {
    engine: &'e Engine,
    session: Session<'e>,
    record: Record,
}

impl Engine {
    /// Compiles a `.regla` text.
    pub fn compile(text: &str, ruleset: &str, decision: &str) -> Engine {
        let catalogue = Catalogue::from_texts(&[("medicion.regla", text)]);
        assert_eq!(catalogue.error_count(), 0, "{:#?}", catalogue.diagnostics().first());
        Engine::resolve(&catalogue, ruleset, decision, "2026-01-01")
    }

    /// Loads a folder of rulesets and compiles one decision as of a day (`yyyy-mm-dd`).
    pub fn load(folder: &Path, ruleset: &str, decision: &str, day: &str) -> Engine {
        Engine::resolve(&Catalogue::load(&[folder], &LoadLimits::default()), ruleset, decision, day)
    }

    fn resolve(catalogue: &Catalogue, ruleset: &str, decision: &str, day: &str) -> Engine {
        let day = Day::with_hindsight(Date::parse(day).expect("a day"));
        let ready = catalogue.resolve(ruleset, &Selection::on(day)).expect("the ruleset resolves");
        let decision = ready.find_decision(decision).expect("the decision exists");
        Engine { ready, decision, day }
    }

    /// The compiled plan as it is kept.
    pub fn plan_bytes(&self) -> Vec<u8> {
        self.ready.plan.to_bytes().expect("plans have bytes")
    }

    /// A place to decide at.
    pub fn seat(&self) -> Seat<'_> {
        let times = (self.day.as_of, self.day.known_at);
        let (plan, parameters) = (&self.ready.plan, &self.ready.parameters);
        let session = Session::new(plan, parameters, self.decision, times, Limits::default());
        Seat { engine: self, session, record: Record::default() }
    }

    /// Facts in memory, from JSON.
    pub fn read(&self, json: &[u8]) -> Given {
        let facts = read_facts(&self.ready.plan, self.decision, json);
        let facts = facts.unwrap_or_else(|errors| panic!("{errors:#?}"));
        let seat = self.seat();
        let mut slots = Vec::new();
        let inputs = self.ready.plan.inputs.iter().zip(0..);
        let all = inputs
            .filter_map(|(input, id)| Some((input, facts.get(id)?)))
            .try_for_each(|(input, value)| add_slots(&seat.session, &input.name, value, &mut slots));
        if all.is_some() { Given::Slots(slots) } else { Given::Values(facts) }
    }

    /// Ours in a contest, each with the form of its input and what it records.
    pub fn contestants<'a>(&'a self, given: &'a [Given], json: &'a [Vec<u8>]) -> Vec<Contestant<'a>> {
        let mut all = self.in_memory(given);
        let (mut seat, mut buffer) = (self.seat(), Vec::new());
        all.push(Contestant::new("ours: JSON in and out", json.len(), move |case| {
            seat.json_to_json(&json[case], &mut buffer);
            black_box(&buffer);
        }));
        all
    }

    /// Without and with a record of what a trace needs, by the same path.
    pub fn in_memory<'a>(&'a self, given: &'a [Given]) -> Vec<Contestant<'a>> {
        let (mut deaf, mut hearing) = (self.seat(), self.seat());
        let name = match &given[0] {
            Given::Slots(_) => "ours: facts in slots",
            Given::Values(_) => "ours: facts as values",
        };
        vec![
            Contestant::new(name, given.len(), move |case| deaf.decide(&given[case])),
            Contestant::new("ours: the same, recording for a trace", given.len(), move |case| {
                hearing.decide_recorded(&given[case]);
            }),
        ]
    }
}

/// Scalars of a value with their slots; `None` where one has none.
fn add_slots(session: &Session<'_>, path: &str, value: &Value, slots: &mut Vec<(SlotId, Held)>) -> Option<()> {
    let held = match value {
        Value::Number(number) => Held::Number(*number),
        Value::Text(text) => Held::Text(text.clone()),
        Value::Boolean(truth) => Held::Boolean(*truth),
        Value::Date(date) => Held::Date(*date),
        Value::Context(context) => {
            return context
                .entries()
                .try_for_each(|(name, value)| add_slots(session, &format!("{path}.{name}"), value, slots));
        }
        _ => return None,
    };
    slots.push((session.slot(path)?, held));
    Some(())
}

impl Seat<'_> {
    /// Facts in memory to an outcome in memory, heard by nobody.
    #[inline]
    pub fn decide(&mut self, given: &Given) {
        run(self.engine, &mut self.session, given, &mut Deaf);
    }

    /// The same, recording what a trace needs.
    #[inline]
    pub fn decide_recorded(&mut self, given: &Given) {
        self.record.clear();
        run(self.engine, &mut self.session, given, &mut self.record);
        black_box(&self.record);
    }

    /// JSON of facts to JSON of the outcome, into a buffer that is used again.
    #[inline]
    pub fn json_to_json(&mut self, json: &[u8], out: &mut Vec<u8>) {
        out.clear();
        self.session.read(json).unwrap_or_else(|errors| panic!("{errors:#?}"));
        self.session.decide(&mut Deaf).unwrap_or_else(|failure| panic!("{failure:#?}"));
        self.session.write_outcome(out);
    }

    /// The outcome as JSON, by way of [`Seat::decide`] or [`Seat::decide_recorded`].
    pub fn outcome(&mut self, given: &Given, recorded: bool) -> Vec<u8> {
        let value = match recorded {
            true => {
                self.record.clear();
                run(self.engine, &mut self.session, given, &mut self.record)
            }
            false => run(self.engine, &mut self.session, given, &mut Deaf),
        };
        let mut out = Vec::new();
        match value {
            Some(value) => value.write_json(&mut out),
            None => self.session.write_outcome(&mut out),
        }
        out
    }
}

/// Decides; the outcome stays in the session where facts came in slots.
#[inline]
fn run(engine: &Engine, session: &mut Session<'_>, given: &Given, recorder: &mut impl Recorder) -> Option<Value> {
    match given {
        Given::Slots(slots) => {
            session.clear();
            slots.iter().for_each(|(slot, held)| session.set(*slot, held.scalar()));
            session.decide(recorder).unwrap_or_else(|failure| panic!("{failure:#?}"));
            session.visit_outcome(|_, scalar| _ = black_box(scalar));
            None
        }
        Given::Values(facts) => Some(black_box(by_values(engine, facts, recorder))),
    }
}

impl Held {
    #[inline]
    fn scalar(&self) -> Scalar<'_> {
        match self {
            Held::Number(number) => Scalar::Number(*number),
            Held::Text(text) => Scalar::Text(text),
            Held::Boolean(truth) => Scalar::Boolean(*truth),
            Held::Date(date) => Scalar::Date(*date),
        }
    }
}

fn by_values(engine: &Engine, facts: &Facts, recorder: &mut impl Recorder) -> Value {
    let request = Request {
        plan: &engine.ready.plan,
        parameters: &engine.ready.parameters,
        decision: engine.decision,
        facts,
        as_of: engine.day.as_of,
        known_at: engine.day.known_at,
        limits: Limits::default(),
        cancel: None,
    };
    evaluate(&request, recorder).0.unwrap_or_else(|failure| panic!("{failure:#?}"))
}

/// Loads what [`Engine::plan_bytes`] gave, until it could decide.
pub fn load_plan(bytes: &[u8]) -> Prepared {
    Prepared::new(Plan::from_bytes(bytes).expect("a plan"))
}
