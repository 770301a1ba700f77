//! The way in: a request goes in, an outcome or a failure comes out, with what it has used.

mod access;
mod arithmetic;
mod builtin;
mod calls;
mod comparison;
mod conformance;
mod construction;
mod decisions;
mod dmn_tests;
mod dynamic;
mod extent;
mod faults;
mod hit_policy;
mod iteration;
mod machine;
mod membership;
mod services;
mod tables;
mod typing;

use std::sync::atomic::AtomicBool;

use dictamen_plan::{DecisionId, ParameterSet};
use dictamen_value::{Date, DateTime, Value};

use crate::{Facts, Failure, Limits, Prepared, Recorder, Usage};

pub(crate) use builtin::accepts;
pub(crate) use comparison::order_holds;
pub(crate) use faults::{cut, described, excerpt};
pub(crate) use machine::{Machine, Setting, decision_name, function_name, place};

/// What to decide, with all that it depends on.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The compiled ruleset.
    pub plan: &'a Prepared,
    /// Values of its parameters.
    pub parameters: &'a ParameterSet,
    /// The decision to make.
    pub decision: DecisionId,
    /// Facts.
    pub facts: &'a Facts,
    /// The as-of date: parameters are read at it, and rules see it.
    pub as_of: Date,
    /// The instant as of which parameters are known. It must have an offset: a local one knows no dated value.
    pub known_at: DateTime,
    /// The most that may be used.
    pub limits: Limits,
    /// Set by the host to stop; read every so many steps.
    pub cancel: Option<&'a AtomicBool>,
}

/// Makes a decision. A pure function of the request, but for `cancel`, which can only turn an outcome into a failure.
pub fn evaluate<R: Recorder>(request: &Request<'_>, recorder: &mut R) -> (Result<Value, Failure>, Usage) {
    match crate::program::evaluate(request, recorder) {
        Some((outcome, usage)) => (Ok(outcome), usage),
        None => by_machine(request, recorder),
    }
}

/// Makes a decision by walking its operations, whatever they are.
pub(crate) fn by_machine(request: &Request<'_>, recorder: &mut dyn Recorder) -> (Result<Value, Failure>, Usage) {
    let mut machine = Machine::new(request, recorder);
    let outcome = machine.decide(request.decision);
    (outcome.map_err(|stop| *stop), machine.usage())
}
