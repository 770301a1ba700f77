//! Runs the cases of rulesets: facts in, what was expected against what came, with its place.

use std::sync::Arc;

use dictamen_compile::{CompiledCase, CompiledExpectation, CompiledExpectationKind};
use dictamen_core::{FactError, Facts, Failure, Limits, Nothing, Request};
use dictamen_plan::{DecisionId, Plan, Position};
use dictamen_value::{Date, DateTime, Language, Message, Value};
use serde::Serialize;

use crate::catalogue::{CasePlan, Catalogue, Day};
use crate::coverage::{Coverage, CoverageReport};

/// What running cases gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CasesReport {
    /// One entry a case, in the order of rulesets and files.
    pub cases: Vec<CaseReport>,
}

/// What running one case gave.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    /// The ruleset.
    pub ruleset: Arc<str>,
    /// The version it ran against.
    pub version: Arc<str>,
    /// What it is about.
    pub title: Arc<str>,
    /// Where it stands, as `file:line:column`.
    pub place: String,
    /// The day it ran as of.
    pub as_of: Date,
    /// The moment it ran as known at.
    pub known_at: DateTime,
    /// What was expected, in order.
    pub expectations: Vec<ExpectationReport>,
}

/// What came of one expectation.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectationReport {
    /// As written, without its keyword.
    pub text: Arc<str>,
    /// Where it stands, as `file:line:column`.
    pub place: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was expected: the JSON of a value, or the code of a failure.
    pub expected: String,
    /// What came: the JSON of a value, or the code and message of a failure.
    pub actual: Came,
}

/// What came of an evaluation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Came {
    /// A value, as JSON.
    Value(String),
    /// A failure.
    Failure(Failure),
}

impl CasesReport {
    /// How many cases hold.
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.passed()).count()
    }

    /// How many cases don't.
    pub fn failed(&self) -> usize {
        self.cases.len().saturating_sub(self.passed())
    }

    /// What failed, for people, and at the end `N passed, M failed`, which programs read in any language.
    pub fn text(&self, language: Language) -> String {
        let mut lines: Vec<String> =
            self.cases.iter().filter(|case| !case.passed()).map(|case| case.text(language)).collect();
        lines.push(format!("{} passed, {} failed", self.passed(), self.failed()));
        lines.join("\n")
    }
}

impl CaseReport {
    /// Whether everything that was expected holds.
    pub fn passed(&self) -> bool {
        self.expectations.iter().all(|expectation| expectation.passed)
    }

    fn text(&self, language: Language) -> String {
        let CaseReport { ruleset, version, title, place, as_of, .. } = self;
        let word = match language {
            Language::Es => "caso",
            Language::En => "case",
        };
        let failed = self.expectations.iter().filter(|expectation| !expectation.passed);
        let failed: String = failed.map(|expectation| expectation.text(language)).collect();
        format!("{place}: {word} «{title}» ({ruleset} {version}, {as_of})\n{failed}")
    }
}

impl ExpectationReport {
    fn text(&self, language: Language) -> String {
        let ExpectationReport { text, place, expected, .. } = self;
        let actual = self.actual.text(language);
        match language {
            Language::Es => format!("  {place}: espera {text}\n    se esperaba {expected}\n    se obtuvo   {actual}\n"),
            Language::En => format!("  {place}: expect {text}\n    expected {expected}\n    got      {actual}\n"),
        }
    }
}

impl Came {
    fn text(&self, language: Language) -> String {
        match self {
            Came::Value(json) => json.clone(),
            Came::Failure(failure) => format!("error {}: {}", failure.code, failure.message.text(language)),
        }
    }
}

/// Runs all cases of the rulesets that were asked for. Rulesets with errors run none: see the catalogue's diagnostics.
pub fn run(catalogue: &Catalogue, limits: Limits) -> CasesReport {
    let plans = catalogue.case_plans();
    let runs = plans.iter().flat_map(|plan| runs(plan, limits));
    CasesReport { cases: runs.map(|(case, run)| run.case(case)).collect() }
}

/// The same, with what the cases that hold have covered.
pub fn run_with_coverage(catalogue: &Catalogue, limits: Limits) -> (CasesReport, CoverageReport) {
    let mut coverage = Coverage::of(catalogue);
    let mut report = CasesReport::default();
    for plan in catalogue.case_plans() {
        let map = coverage.map(&plan.plan, &plan.parameters);
        for (case, run) in runs(&plan, limits) {
            let mut seen = coverage.start(&map);
            let came = run.case_watched(case, &mut seen);
            let seen = seen.into_found();
            if came.passed() {
                coverage.add(seen);
            }
            report.cases.push(came);
        }
    }
    (report, coverage.report())
}

fn runs(plan: &CasePlan, limits: Limits) -> impl Iterator<Item = (&CompiledCase, Run<'_>)> {
    let cases = plan.cases.iter().filter_map(|(position, day)| Some((plan.compiled.get(*position)?, *day)));
    cases.map(move |(case, day)| (case, Run { plan, day, limits, facts: facts_of(plan, case) }))
}

/// How the decisions that a case asks for are made.
pub(crate) trait Watch {
    /// Makes a decision.
    fn evaluate(&mut self, request: &Request<'_>) -> Result<Value, Failure>;
}

/// Nobody looks on.
struct Unwatched;

impl Watch for Unwatched {
    fn evaluate(&mut self, request: &Request<'_>) -> Result<Value, Failure> {
        dictamen_core::evaluate(request, &mut Nothing).0
    }
}

/// The facts of a case.
pub(crate) fn facts_of(plan: &CasePlan, case: &CompiledCase) -> Facts {
    let mut facts = Facts::new(&plan.plan);
    for (input, value) in &case.facts {
        facts.set(*input, value.clone());
    }
    facts
}

/// One case being run.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a CasePlan,
    pub(crate) day: Day,
    pub(crate) limits: Limits,
    pub(crate) facts: Facts,
}

impl Run<'_> {
    /// Runs a case.
    pub(crate) fn case(&self, case: &CompiledCase) -> CaseReport {
        self.case_watched(case, &mut Unwatched)
    }

    fn case_watched(&self, case: &CompiledCase, watch: &mut impl Watch) -> CaseReport {
        CaseReport {
            ruleset: self.plan.id.clone(),
            version: self.plan.version.clone(),
            title: case.title.clone(),
            place: place(&self.plan.plan, case.position),
            as_of: self.day.as_of,
            known_at: self.day.known_at,
            expectations: case.expectations.iter().map(|expectation| self.expectation(expectation, watch)).collect(),
        }
    }

    fn expectation(&self, expectation: &CompiledExpectation, watch: &mut impl Watch) -> ExpectationReport {
        let mut evaluate = |decision| self.evaluate_watched(decision, watch);
        let (passed, expected, actual) = match &expectation.kind {
            CompiledExpectationKind::Equal(actual, expected) => equal(evaluate(*actual), evaluate(*expected)),
            CompiledExpectationKind::Holds(condition) => holds(evaluate(*condition)),
            CompiledExpectationKind::Fails(code, decision) => fails(code, evaluate(*decision)),
        };
        let place = place(&self.plan.plan, expectation.position);
        ExpectationReport { text: expectation.text.clone(), place, passed, expected, actual }
    }

    /// Evaluates a decision on the facts of the case: a case is a request, so its facts are read as those of one.
    pub(crate) fn evaluate(&self, decision: DecisionId) -> Result<Value, Failure> {
        self.evaluate_watched(decision, &mut Unwatched)
    }

    fn evaluate_watched(&self, decision: DecisionId, watch: &mut impl Watch) -> Result<Value, Failure> {
        let CasePlan { plan, parameters, .. } = self.plan;
        let read = dictamen_core::read_facts(plan, decision, &self.facts.to_json(plan));
        let facts = read.map_err(|errors| wrong_facts(&errors))?;
        let request = Request {
            plan,
            parameters,
            decision,
            facts: &facts,
            as_of: self.day.as_of,
            known_at: self.day.known_at,
            limits: self.limits,
            cancel: None,
        };
        watch.evaluate(&request)
    }
}

/// The first mistake in facts, as a failure.
fn wrong_facts(errors: &[FactError]) -> Failure {
    let first = errors.first();
    let nothing = || Message::new("los hechos no sirven", "the facts are wrong");
    let pointer = first.map(|error| error.pointer.as_str()).unwrap_or_default();
    let message = first.map_or_else(nothing, |error| error.message.clone());
    let message = Message::new(format!("{pointer}: {}", message.es), format!("{pointer}: {}", message.en));
    Failure { code: first.map_or("hechos", |error| error.code).into(), message, place: None, path: Vec::new() }
}

fn equal(actual: Result<Value, Failure>, expected: Result<Value, Failure>) -> (bool, String, Came) {
    let passed = matches!((&actual, &expected), (Ok(actual), Ok(expected)) if actual == expected);
    let expected = match Came::from(expected) {
        Came::Value(json) => json,
        Came::Failure(failure) => format!("error {}", failure.code),
    };
    (passed, expected, actual.into())
}

fn holds(condition: Result<Value, Failure>) -> (bool, String, Came) {
    (matches!(condition, Ok(Value::Boolean(true))), "true".to_owned(), condition.into())
}

fn fails(code: &str, came: Result<Value, Failure>) -> (bool, String, Came) {
    let passed = came.as_ref().is_err_and(|failure| &*failure.code == code);
    (passed, format!("error {code}"), came.into())
}

impl From<Result<Value, Failure>> for Came {
    fn from(came: Result<Value, Failure>) -> Came {
        match came {
            Ok(value) => Came::Value(value.to_json()),
            Err(failure) => Came::Failure(failure),
        }
    }
}

/// A position as people name it.
pub(crate) fn place(plan: &Plan, position: Position) -> String {
    let Position(source, line, column) = position;
    let file = plan.sources.get(source as usize).map(AsRef::as_ref).unwrap_or_default();
    format!("{file}:{line}:{column}")
}
