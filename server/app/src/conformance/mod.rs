//! Runs the test cases of the DMN conformance kit over its models, on both evaluators and on every way a model can take.
//!
//! A model can be run as it is, by way of the `.regla` text that `dictamen import` writes, or by way of the DMN that
//! `dictamen export` makes of that text. What holds on one way must hold on all.

mod comparison;
mod expectation;
mod invocation;
mod route;
mod suite;
mod trial;

use dictamen_value::Message;
use serde::Serialize;

pub(crate) use route::{Route, closure};
pub(crate) use suite::{Folder, folders, models};

/// Which evaluators run a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evaluators {
    /// The engine, as in the service.
    Engine,
    /// The naive one.
    Reference,
    /// Both: a case passes where it passes on each.
    Both,
}

/// Calls and decisions inside one another: kits show recursion, which goes deeper than a service may.
const DEPTH_MAX: u32 = 1_000;

/// Room on the stack for so many, also in builds that are not optimised.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// What came of a case.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CaseReport {
    /// Folder, file and identifier of the case: its name in lists.
    pub(crate) name: String,
    /// Why it failed, one entry a result and evaluator; empty where it passed.
    pub(crate) failures: Vec<CaseFailure>,
}

/// One thing that did not come out as expected.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CaseFailure {
    /// The result, if the case got so far.
    pub(crate) result: Option<String>,
    /// `engine` or `reference`; none where the case did not run.
    pub(crate) evaluator: Option<&'static str>,
    /// What was expected.
    pub(crate) expected: Option<String>,
    /// What came.
    pub(crate) actual: Option<String>,
    /// Why there is nothing to compare.
    pub(crate) problem: Option<Message>,
}

impl CaseReport {
    /// Whether everything came out as expected.
    pub(crate) fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl CaseFailure {
    /// A case that could not run.
    fn not_run(problem: Message) -> CaseFailure {
        CaseFailure { result: None, evaluator: None, expected: None, actual: None, problem: Some(problem) }
    }
}

/// Runs all cases of a folder.
pub(crate) fn run(folder: &Folder, route: Route, evaluators: Evaluators) -> Vec<CaseReport> {
    let all = || folder.cases.iter().flat_map(|file| trial::run(folder, file, route, evaluators)).collect();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, all);
        // Where there is no thread to be had, the cases run here, and those that are too deep say so.
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(reports)) => reports,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => all(),
        }
    })
}
