//! The one place where measurements touch our own engine.

use std::path::Path;
use std::sync::Arc;

use dictamen_core::{Facts, Limits, Prepared, Record, Recorder, Request, evaluate, read_facts};
use dictamen_decisions::{Catalogue, Day, LoadLimits, Ready, Selection};
use dictamen_plan::{DecisionId, Plan};
use dictamen_value::{Date, Value};

/// A decision that is ready to be made.
pub struct Engine {
    ready: Arc<Ready>,
    decision: DecisionId,
    day: Day,
}

/// Hears nothing; it exists in the measurements alone.
struct Deaf;

impl Recorder for Deaf {}

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

    /// Facts in memory, from JSON.
    pub fn read(&self, json: &[u8]) -> Facts {
        read_facts(&self.ready.plan, self.decision, json).unwrap_or_else(|errors| panic!("{errors:#?}"))
    }

    /// Facts in memory to an outcome, heard by nobody.
    #[inline]
    pub fn evaluate(&self, facts: &Facts) -> Value {
        self.run(facts, &mut Deaf)
    }

    /// The same, recording what a trace needs.
    #[inline]
    pub fn evaluate_recorded(&self, facts: &Facts) -> (Value, Record) {
        let mut record = Record::default();
        (self.run(facts, &mut record), record)
    }

    /// JSON of facts to JSON of the outcome, into a buffer that is used again.
    #[inline]
    pub fn json_to_json(&self, json: &[u8], out: &mut Vec<u8>) {
        out.clear();
        self.evaluate(&self.read(json)).write_json(out);
    }

    fn run(&self, facts: &Facts, recorder: &mut impl Recorder) -> Value {
        let request = Request {
            plan: &self.ready.plan,
            parameters: &self.ready.parameters,
            decision: self.decision,
            facts,
            as_of: self.day.as_of,
            known_at: self.day.known_at,
            limits: Limits::default(),
            cancel: None,
        };
        evaluate(&request, recorder).0.unwrap_or_else(|failure| panic!("{failure:#?}"))
    }
}

/// Loads what [`Engine::plan_bytes`] gave, until it could decide.
pub fn load_plan(bytes: &[u8]) -> Prepared {
    Prepared::new(Plan::from_bytes(bytes).expect("a plan"))
}
