//! Runs one file of cases: its model is made ready once, then each case is evaluated and compared.

use std::collections::BTreeMap;

use dictamen_compile::Compiled;
use dictamen_core::{Facts, Nothing, Prepared, Request};
use dictamen_import::Read;
use dictamen_import::dmn::model::Definitions;
use dictamen_import::tck::{ResultNode, TestCase, TestCases};
use dictamen_model::graph::Model;
use dictamen_plan::ParameterSet;
use dictamen_value::{Date, DateTime, Message, Value};

use super::expectation::{GivenInput, calls, expected, inputs, invokes};
use super::route::{self, Documents, Route};
use super::suite::Folder;
use super::{CaseFailure, CaseReport, DEPTH_MAX, Evaluators, comparison, invocation};

/// The day on which cases are decided; no case of the kit may depend on it.
const DAY: &str = "2026-01-01";

/// Runs a file of cases.
pub(super) fn run(
    folder: &Folder,
    (file, read): &(String, Read<TestCases>),
    route: Route,
    evaluators: Evaluators,
) -> Vec<CaseReport> {
    let Some(cases) = &read.value else {
        let problems = read.diagnostics.iter().map(|problem| CaseFailure::not_run(problem.message.clone()));
        let failures = problems.take(1).collect();
        return vec![CaseReport { name: format!("{}/{file}", folder.name), failures }];
    };
    let ready = ready(folder, cases, route);
    let report = |(position, case): (usize, &TestCase)| {
        let failures = match &ready {
            Ok(ready) => ready.try_case(position, case, evaluators),
            Err(problem) => vec![CaseFailure::not_run(problem.clone())],
        };
        let id = case.id.clone().unwrap_or_else(|| position.saturating_add(1).to_string());
        CaseReport { name: format!("{}/{file}#{id}", folder.name), failures }
    };
    cases.cases.iter().enumerate().map(report).collect()
}

/// A model that can run.
struct Ready {
    model: Model,
    plan: Prepared,
    parameters: ParameterSet,
    day: Date,
}

fn ready(folder: &Folder, cases: &TestCases, route: Route) -> Result<Ready, Message> {
    let documents = documents(folder, cases)?;
    let mut unit = route.take(documents)?;
    if let Some(root) = unit.files.first_mut() {
        invocation::add(root, &cases.cases)?;
    }
    let files = unit.files.iter().collect();
    let checked = dictamen_model::check(&dictamen_model::Unit { sources: &unit.sources, files, root: 0 });
    route::refuse_unchecked(&checked.diagnostics, &unit.sources)?;
    let compiled = dictamen_compile::compile(&checked.model, &unit.sources)?;
    let day = Date::parse(DAY).map_err(|error| error.message())?;
    let Compiled { plan, parameters } = compiled;
    Ok(Ready { model: checked.model, plan: plan.into(), parameters, day })
}

/// The model that a file of cases names, with what it imports.
fn documents(folder: &Folder, cases: &TestCases) -> Result<Documents, Message> {
    let wanted = cases.model_name.as_deref().unwrap_or_default();
    let (_, read) = folder.models.iter().find(|(file, _)| file == wanted).ok_or_else(|| no_model(folder, wanted))?;
    let sources = folder.models.iter().map(|(_, read)| read.source.clone()).collect::<Vec<_>>();
    let Some(root) = &read.value else {
        route::refuse_unread(&read.diagnostics, &sources)?;
        return Err(no_model(folder, wanted));
    };
    // What is wrong with one element of a model is the business of the cases about that element.
    let at_hand: Vec<&Definitions> = folder.models.iter().filter_map(|(_, read)| read.value.as_ref()).collect();
    let definitions = route::closure(root, &at_hand).into_iter().cloned().collect();
    Ok(Documents { sources, definitions })
}

fn no_model(folder: &Folder, wanted: &str) -> Message {
    let name = &folder.name;
    Message::new(
        format!("en {name} no hay un modelo DMN que se llame «{wanted}»"),
        format!("there is no DMN model named “{wanted}” in {name}"),
    )
}

impl Ready {
    fn try_case(&self, position: usize, case: &TestCase, evaluators: Evaluators) -> Vec<CaseFailure> {
        let given = match inputs(case) {
            Ok(given) => given,
            Err(problem) => return vec![CaseFailure::not_run(problem)],
        };
        let mut failures = Vec::new();
        for result in &case.results {
            match expected(result) {
                Ok(expected) => {
                    let tried = Trial { ready: self, position, case, given: &given, result, expected };
                    failures.extend(tried.failures(evaluators));
                }
                Err(problem) => failures.push(CaseFailure::not_run(problem)),
            }
        }
        failures
    }
}

/// One result of a case.
struct Trial<'a> {
    ready: &'a Ready,
    position: usize,
    case: &'a TestCase,
    given: &'a [GivenInput<'a>],
    result: &'a ResultNode,
    expected: Value,
}

impl Trial<'_> {
    fn failures(&self, evaluators: Evaluators) -> Vec<CaseFailure> {
        let mut failures = Vec::new();
        if evaluators != Evaluators::Reference {
            failures.extend(self.compare("engine", self.on_engine()));
        }
        if evaluators != Evaluators::Engine {
            failures.extend(self.compare("reference", self.on_reference()));
        }
        failures
    }

    fn compare(&self, evaluator: &'static str, came: Result<Value, Message>) -> Option<CaseFailure> {
        let (actual, problem) = match came {
            Ok(value) => (Some(self.asked_for(value)), None),
            Err(problem) => (None, Some(problem)),
        };
        let agrees = match &actual {
            Some(actual) => comparison::agrees(&self.expected, actual),
            // A decision that ends in an error, such as that of a limit, is what the case may ask for.
            None => self.result.error_result && self.is_there(),
        };
        (!agrees).then(|| CaseFailure {
            result: Some(self.result.name.clone()),
            evaluator: Some(evaluator),
            expected: Some(self.expected.to_feel()),
            actual: actual.map(|value| value.to_feel()),
            problem,
        })
    }

    /// A service with several outputs gives a context: the result is then one of its entries.
    fn asked_for(&self, value: Value) -> Value {
        let of_many = invokes(self.case).and(value.as_context()).and_then(|outcome| outcome.get(&self.result.name));
        of_many.cloned().unwrap_or(value)
    }

    /// The decision to make: that of the result, that of the service, or the one that makes the call of the case.
    fn decision(&self) -> String {
        match (calls(self.case), invokes(self.case)) {
            (Some(_), _) => invocation::name(self.position),
            (None, Some(service)) => service.to_owned(),
            (None, None) => self.result.name.clone(),
        }
    }

    fn on_engine(&self) -> Result<Value, Message> {
        let Ready { plan, parameters, .. } = self.ready;
        let decision = plan.find_decision(&self.decision()).ok_or_else(|| self.no_decision())?;
        let mut facts = Facts::new(plan);
        for GivenInput { name, value } in self.given {
            let inputs = plan.inputs.iter().zip(0..).filter(|(input, _)| &*input.name == *name);
            inputs.for_each(|(_, id)| facts.set(id, value.clone()));
        }
        let request = Request {
            plan,
            parameters,
            decision,
            facts: &facts,
            as_of: self.ready.day,
            known_at: DateTime::at_midnight_utc(self.ready.day),
            limits: dictamen_core::Limits { depth_max: DEPTH_MAX, ..dictamen_core::Limits::default() },
            cancel: None,
        };
        let (outcome, _) = dictamen_core::evaluate(&request, &mut Nothing);
        outcome.map_err(|failure| failure.message)
    }

    fn on_reference(&self) -> Result<Value, Message> {
        let Ready { model, day, .. } = self.ready;
        let name = self.decision();
        let mut decisions = model.decisions.iter().zip(0..);
        let found = decisions.find(|(decision, _)| decision.ruleset == model.root && *decision.name == name);
        let (_, decision) = found.ok_or_else(|| self.no_decision())?;
        let mut facts = BTreeMap::new();
        for GivenInput { name, value } in self.given {
            let inputs = model.inputs.iter().zip(0..).filter(|(input, _)| &*input.name == *name);
            facts.extend(inputs.map(|(_, id)| (id, value.clone())));
        }
        let known_at = DateTime::at_midnight_utc(*day);
        let limits = dictamen_reference::Limits { depth_max: DEPTH_MAX, ..dictamen_reference::Limits::default() };
        let outcome = dictamen_reference::evaluate(model, decision, &facts, *day, known_at, limits);
        outcome.map_err(|failure| Message::same(failure.code))
    }

    fn is_there(&self) -> bool {
        self.ready.plan.find_decision(&self.decision()).is_some()
    }

    fn no_decision(&self) -> Message {
        let name = self.decision();
        Message::new(format!("el modelo no tiene la decisión «{name}»"), format!("the model has no decision “{name}”"))
    }
}
