//! The typed program of a decision: what is flat and typed runs here, on registers and without allocating.
//!
//! A program gives the outcome that the machine (`evaluation`) would give, or hands over: then the machine evaluates from the
//! start and says what there is to say. So failures have one source, and differential tests hold both to the naive evaluator.

mod code;
mod columns;
mod layout;
mod lower;
mod outcome;
mod properties;
mod read;
mod run;
mod session;
mod slot;
mod tables;
mod write;

use std::sync::{Mutex, OnceLock};

use dictamen_plan::DecisionId;
use dictamen_value::Value;

use crate::{Facts, Limits, Prepared, Recorder, Request, Usage};
pub use columns::{ColumnSession, Field, Others, Outcomes, Truths};
pub(crate) use layout::Layout;
use lower::{Code, Unsupported};
use run::{Run, Runner, Setting, State};
pub use session::{Scalar, Scratch, Session, SlotId};

/// Bytes of texts that may be made, as a part of those that values may take: texts are copied more often here.
const TEXTS_PART: u64 = 8;
/// Memory of runs that is kept for the next ones.
const STATES_MAX: usize = 16;

/// Programs of a plan's decisions, each made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Programs {
    layout: Option<Layout>,
    programs: Box<[OnceLock<Result<Program, Unsupported>>]>,
}

/// A decision as instructions.
#[derive(Debug)]
pub(crate) struct Program {
    code: Code,
    states: Mutex<Vec<State>>,
}

impl Programs {
    pub(crate) fn new(plan: &dictamen_plan::Plan) -> Programs {
        Programs {
            layout: Layout::new(plan).filter(|_| !plan.dmn_mode),
            programs: plan.decisions.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The program of a decision, where it has one.
    pub(crate) fn of(&self, prepared: &Prepared, decision: DecisionId) -> Result<(&Program, &Layout), Unsupported> {
        let layout = self.layout.as_ref().ok_or(Unsupported("DMN's dynamic rules, or very many facts"))?;
        let place = self.programs.get(decision as usize).ok_or(Unsupported("a damaged plan"))?;
        let made = || lower::lower(prepared, layout, decision).map(Program::new);
        place.get_or_init(made).as_ref().map(|program| (program, layout)).map_err(|reason| *reason)
    }
}

/// The outcome of a request by the program of its decision; `None` where the machine is to evaluate it.
pub(crate) fn evaluate(request: &Request<'_>, recorder: &mut dyn Recorder) -> Option<(Value, Usage)> {
    if recorder.wants_details() {
        return None;
    }
    let prepared = request.plan;
    let (program, layout) = prepared.programs().of(prepared, request.decision).ok()?;
    if !program.stays_within(&request.limits) {
        return None;
    }
    let mut state = program.take_state();
    let outcome = program.decide(request, layout, &mut state, recorder);
    program.keep_state(state);
    outcome
}

impl Program {
    fn new(code: Code) -> Program {
        Program { code, states: Mutex::default() }
    }

    /// Whether the machine would stay within limits too, whatever the facts: else it has to say where it stopped.
    fn stays_within(&self, limits: &Limits) -> bool {
        self.code.steps_bound <= limits.steps_max
            && self.code.rows_bound <= limits.rows_max
            && self.code.depth <= limits.depth_max
    }

    fn decide(
        &self,
        request: &Request<'_>,
        layout: &Layout,
        state: &mut State,
        recorder: &mut dyn Recorder,
    ) -> Option<(Value, Usage)> {
        let setting = Setting {
            parameters: request.parameters,
            known_at: request.known_at,
            texts_bytes_max: texts_bytes_max(&request.limits),
        };
        let mut runner = Runner { code: &self.code, prepared: request.plan, setting, state };
        runner.bind(request.as_of, request.known_at);
        let needs = &request.plan.plan().decisions.get(request.decision as usize)?.needs;
        // What is missing fails only where it is read: the machine knows.
        if needs.iter().any(|id| request.facts.get(*id).is_none() && !layout.may_be_absent(*id)) {
            return None;
        }
        load(layout, request.facts, runner.state)?;
        runner.decide().ok()?;
        let value = outcome::value(&self.code, state)?;
        state.tell(request.plan.plan(), recorder);
        Some((value, state.usage()))
    }

    fn take_state(&self) -> State {
        let kept = self.states.lock().ok().and_then(|mut states| states.pop());
        kept.unwrap_or_else(|| State::new(&self.code))
    }

    fn keep_state(&self, state: State) {
        if let Ok(mut states) = self.states.lock()
            && states.len() < STATES_MAX
        {
            states.push(state);
        }
    }
}

fn texts_bytes_max(limits: &Limits) -> usize {
    usize::try_from(limits.bytes_max / TEXTS_PART).unwrap_or(usize::MAX)
}

impl Runner<'_> {
    /// Puts dates and parameters in their registers. A parameter without a value stays missing: whoever reads it hands over.
    fn bind(&mut self, as_of: dictamen_value::Date, known_at: dictamen_value::DateTime) {
        self.state.texts.restart(&self.code.texts);
        self.state.set(self.code.as_of, slot::Slot::Date(as_of));
        self.state.set(self.code.known_at, slot::Slot::DateTime(known_at));
        for (parameter, register) in &self.code.parameters {
            let value = self.parameter_on(*parameter, as_of).unwrap_or_default();
            self.state.set(*register, value);
        }
        self.state.texts.keep();
    }

    fn decide(&mut self) -> Run<()> {
        self.state.start();
        self.block(self.code.root)
    }
}

impl State {
    /// Tells which rows of which tables matched, in order.
    fn tell(&self, plan: &dictamen_plan::Plan, recorder: &mut (impl Recorder + ?Sized)) {
        let mut start = 0;
        for (table, end) in &self.tables {
            let end = *end as usize;
            recorder.matched(plan, *table, self.rows.get(start..end).unwrap_or_default());
            start = end;
        }
    }

    fn usage(&self) -> Usage {
        Usage { steps: self.steps, rows: self.rows_tested, bytes: self.texts.added_bytes() as u64 }
    }
}

/// Puts facts in registers; `None` where one has no place there.
fn load(layout: &Layout, facts: &Facts, state: &mut State) -> Option<()> {
    state.texts.forget();
    for (id, node) in (0..).zip(layout.inputs()) {
        load_node(layout, *node, facts.get(id), state)?;
    }
    Some(())
}

fn load_node(layout: &Layout, node: layout::NodeId, value: Option<&Value>, state: &mut State) -> Option<()> {
    use slot::Slot;
    match (layout.node(node)?, value) {
        (layout::Node::Other, _) => {}
        (layout::Node::Leaf(leaf), Some(value)) => {
            let slot = state.texts.slot(value)?;
            state.set(leaf.register, slot);
        }
        (layout::Node::Leaf(leaf), None) => {
            state.set(leaf.register, if leaf.optional { Slot::Null } else { Slot::Missing });
        }
        (layout::Node::Record(record), Some(Value::Context(context))) => {
            if let Some(presence) = record.presence {
                state.set(presence, Slot::Boolean(true));
            }
            for (position, (name, field)) in record.names.iter().zip(&record.fields).enumerate() {
                let value = context.get_at(position, name).unwrap_or(&Value::Null);
                load_node(layout, *field, Some(value), state)?;
            }
        }
        (layout::Node::Record(record), Some(Value::Null) | None) => {
            if let Some(presence) = record.presence {
                state.set(presence, Slot::Null);
            }
            clear(layout, record, state);
        }
        (layout::Node::Record(_), Some(_)) => return None,
    }
    Some(())
}

/// The fields of a record that is not there: whoever reads one hands over.
fn clear(layout: &Layout, record: &layout::Record, state: &mut State) {
    for field in &record.fields {
        match layout.node(*field) {
            Some(layout::Node::Leaf(leaf)) => state.set(leaf.register, slot::Slot::Missing),
            Some(layout::Node::Record(inner)) => {
                if let Some(presence) = inner.presence {
                    state.set(presence, slot::Slot::Missing);
                }
                clear(layout, inner, state);
            }
            Some(layout::Node::Other) | None => {}
        }
    }
}
