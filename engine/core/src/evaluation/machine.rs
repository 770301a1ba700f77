//! The state of an evaluation, its limits, and the step from an operation to its value.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dictamen_plan::{DecisionId, FunctionId, InputId, LocalId, Op, OpId, ParameterSet, Plan, Position, TableIndex};
use dictamen_value::{Date, DateTime, Message, Value};

use super::Request;
use super::builtin::SignatureCache;
use super::decisions::Memo;
use super::extent::Extents;
use super::faults::{self, Fault, FaultParts};
use crate::{Facts, Failure, Limits, Recorder, Usage};

/// Ends an evaluation, whatever the mode.
pub(crate) type Stop = Box<Failure>;

/// Operations inside one another, through calls and decisions: what the native stack must bear.
/// Tests hold this together with a thread of 2 MiB, in debug builds too.
pub(crate) const NESTING_MAX: u32 = 1_000;
/// Locals of all bodies that are running.
const STACK_VALUES_MAX: usize = 1 << 20;
/// The host's wish to stop is looked at once in so many steps.
const STEPS_BETWEEN_LOOKS: u64 = 1_024;

/// What an evaluation depends on, but for the question: the parts of a [`Request`], or a plan alone.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) indexes: &'a [Option<TableIndex>],
    pub(crate) parameters: &'a ParameterSet,
    pub(crate) facts: &'a Facts,
    pub(crate) as_of: Date,
    pub(crate) known_at: DateTime,
    pub(crate) limits: Limits,
    pub(crate) cancel: Option<&'a AtomicBool>,
}

impl<'a> From<&Request<'a>> for Setting<'a> {
    fn from(request: &Request<'a>) -> Setting<'a> {
        Setting {
            plan: request.plan.plan(),
            indexes: request.plan.indexes(),
            parameters: request.parameters,
            facts: request.facts,
            as_of: request.as_of,
            known_at: request.known_at,
            limits: request.limits,
            cancel: request.cancel,
        }
    }
}

/// One evaluation.
pub(crate) struct Machine<'a> {
    pub(super) plan: &'a Plan,
    pub(super) indexes: &'a [Option<TableIndex>],
    pub(super) parameters: &'a ParameterSet,
    pub(super) facts: &'a Facts,
    pub(super) as_of: Date,
    pub(super) known_at: DateTime,
    limits: Limits,
    cancel: Option<&'a AtomicBool>,
    pub(super) recorder: &'a mut dyn Recorder,
    usage: Usage,
    /// Frames of locals, one after another; arguments on their way to a call stand above the last.
    pub(super) stack: Vec<Value>,
    /// Where the frame of the running body starts.
    pub(super) base: usize,
    /// Rows that match, of all tables that are running.
    pub(super) matched: Vec<u32>,
    /// Rows that indexes gave, of all tables that are running.
    pub(super) candidates: Vec<u32>,
    /// Coordinates of the columns of the table that is being looked up.
    pub(super) point: Vec<u32>,
    pub(super) memo: Vec<Memo>,
    /// DMN mode: facts that were read, as the types of their inputs want them.
    pub(super) converted_facts: HashMap<InputId, Value>,
    /// Decisions that are being made, outermost first.
    pub(super) path: Vec<DecisionId>,
    depth: u32,
    nesting: u32,
    pub(super) signatures: SignatureCache,
    pub(super) extents: Extents,
}

/// What to go back to when something that was tried has failed.
struct Mark {
    stack: usize,
    base: usize,
    matched: usize,
    candidates: usize,
    path: usize,
    depth: u32,
    nesting: u32,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(setting: impl Into<Setting<'a>>, recorder: &'a mut dyn Recorder) -> Machine<'a> {
        let setting = setting.into();
        Machine {
            plan: setting.plan,
            indexes: setting.indexes,
            parameters: setting.parameters,
            facts: setting.facts,
            as_of: setting.as_of,
            known_at: setting.known_at,
            limits: setting.limits,
            cancel: setting.cancel,
            recorder,
            usage: Usage::default(),
            stack: Vec::new(),
            base: 0,
            matched: Vec::new(),
            candidates: Vec::new(),
            point: Vec::new(),
            memo: vec![Memo::Waiting; setting.plan.decisions.len()],
            converted_facts: HashMap::new(),
            path: Vec::new(),
            depth: 0,
            nesting: 0,
            signatures: SignatureCache::new(),
            extents: Extents::default(),
        }
    }

    /// An evaluation that knows the outcomes of decisions already.
    pub(crate) fn with_memo(request: &Request<'a>, recorder: &'a mut dyn Recorder, memo: Vec<Memo>) -> Machine<'a> {
        let mut machine = Machine::new(request, recorder);
        machine.memo = memo;
        machine
    }

    /// An evaluation inside this one with facts and outcomes of its own, under the same limits: what it uses is counted on
    /// from here, and [`Machine::take_back`] counts on from there.
    pub(super) fn inside<'b>(&'b mut self, facts: &'b Facts, memo: Vec<Memo>) -> Machine<'b> {
        Machine {
            plan: self.plan,
            indexes: self.indexes,
            parameters: self.parameters,
            facts,
            as_of: self.as_of,
            known_at: self.known_at,
            limits: self.limits,
            cancel: self.cancel,
            recorder: &mut *self.recorder,
            usage: self.usage,
            stack: Vec::new(),
            base: 0,
            matched: Vec::new(),
            candidates: Vec::new(),
            point: Vec::new(),
            memo,
            converted_facts: HashMap::new(),
            path: self.path.clone(),
            depth: self.depth,
            nesting: self.nesting,
            signatures: SignatureCache::new(),
            extents: Extents::default(),
        }
    }

    /// Goes on counting from what an evaluation inside has used.
    pub(super) fn take_back(&mut self, usage: Usage) {
        self.usage = usage;
    }

    /// The outcomes of decisions that were made.
    pub(crate) fn into_memo(self) -> Vec<Memo> {
        let made = |memo| if matches!(memo, Memo::Made(_)) { memo } else { Memo::Waiting };
        self.memo.into_iter().map(made).collect()
    }

    /// Starts to count anew; gives what was used until now.
    pub(crate) fn renew(&mut self) -> Usage {
        std::mem::take(&mut self.usage)
    }

    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }

    /// The value of an operation.
    pub(super) fn eval(&mut self, id: OpId) -> Result<Value, Stop> {
        self.spend_steps(1, id)?;
        self.eval_counted(id)
    }

    /// The value of an operation that has been counted already.
    pub(super) fn eval_counted(&mut self, id: OpId) -> Result<Value, Stop> {
        if let Some(value) = self.peek(id) {
            return Ok(value.clone());
        }
        let Some(op) = self.plan.operations.get(id as usize) else {
            return Err(self.damaged("operación", "operation", id));
        };
        self.nest(id)?;
        let value = self.dispatch(id, op);
        self.nesting = self.nesting.saturating_sub(1);
        value
    }

    fn dispatch(&mut self, id: OpId, op: &'a Op) -> Result<Value, Stop> {
        match op {
            Op::Constant(constant) => Err(self.damaged("constante", "constant", *constant)),
            Op::Local(local) => Err(self.damaged("variable", "variable", *local)),
            Op::Input(input) => self.input(id, *input),
            Op::Decision(decision) => self.decision(id, *decision),
            Op::Parameter(parameter, day) => self.parameter(id, *parameter, *day),
            Op::AsOf => Ok(Value::Date(self.as_of)),
            Op::KnownAt => Ok(Value::DateTime(self.known_at)),
            Op::Field(record, name, position) => self.field(id, *record, *name, *position),
            Op::FieldOfEach(list, name) => self.field_of_each(id, *list, *name),
            Op::Filter(list, item, condition) => self.filter(id, *list, *item, *condition),
            Op::Element(list, position) => self.element(id, *list, *position),
            Op::Arithmetic(operator, left, right) => self.arithmetic(id, *operator, *left, *right),
            Op::NumberArithmetic(operator, left, right) => self.number_arithmetic(id, *operator, *left, *right),
            Op::Negate(operand) => self.negate(id, *operand),
            Op::Compare(comparison, left, right) => self.compare(id, *comparison, *left, *right),
            Op::NumberCompare(comparison, left, right) => self.number_compare(*comparison, *left, *right),
            Op::And(left, right) => self.and(id, *left, *right),
            Op::Or(left, right) => self.or(id, *left, *right),
            Op::In(value, local, tests) => self.is_in(*value, *local, tests),
            Op::InstanceOf(value, ty) => self.instance_of(id, *value, ty),
            Op::Ensure(value, ty) => self.ensure(id, *value, ty),
            Op::If(condition, then, otherwise) => self.conditional(id, *condition, *then, *otherwise),
            Op::For(iterations, body) => self.for_each(id, iterations, *body),
            Op::ForPartial(iterations, partial, body) => self.for_each_partial(id, iterations, *partial, *body),
            Op::Quantified(quantifier, iterations, body) => self.quantified(id, *quantifier, iterations, *body),
            Op::List(elements) => self.list(id, elements),
            Op::Context(shape, entries) => self.context(id, *shape, entries),
            Op::Range(low, low_closed, high, high_closed) => self.range(id, *low, *low_closed, *high, *high_closed),
            Op::Lambda(lambda) => self.lambda(id, *lambda),
            Op::FunctionValue(function) => self.function_value(*function),
            Op::Call(function, arguments) => self.call(id, *function, arguments),
            Op::BuiltIn(name, signature, arguments) => self.built_in(id, name, *signature, arguments),
            Op::CallValue(function, arguments) => self.call_value(id, *function, arguments),
            Op::Table(table) => self.table(id, *table),
            Op::Service(service) => self.service(id, service),
            Op::CallNamed(function, arguments) => self.call_named(id, *function, arguments),
            Op::External(class, method, arguments) => self.external(id, class, method, arguments),
            Op::Let(locals, body) => self.with_locals(locals, *body),
            Op::Convert(value, ty) => self.convert(id, *value, ty),
            Op::EntryOr(local, name, otherwise) => self.entry_or(*local, *name, *otherwise),
            Op::Fault(code, message) => self.planned_fault(id, code, message),
        }
    }

    /// The value of an operation that only has to be looked up.
    #[inline]
    pub(super) fn peek(&self, id: OpId) -> Option<&Value> {
        match self.plan.operations.get(id as usize)? {
            Op::Constant(constant) => self.plan.constants.get(*constant as usize),
            Op::Local(local) => self.local(*local),
            // In DMN mode facts are converted when they are first read.
            Op::Input(input) if !self.plan.dmn_mode => self.facts.get(*input),
            _ => None,
        }
    }

    /// A local variable of the running body.
    #[inline]
    pub(super) fn local(&self, local: LocalId) -> Option<&Value> {
        self.stack.get(self.base.checked_add(local as usize)?)
    }

    /// Gives a local variable its value.
    #[inline]
    pub(super) fn set_local(&mut self, local: LocalId, value: Value) -> Result<(), Stop> {
        let position = self.base.saturating_add(local as usize);
        match self.stack.get_mut(position) {
            Some(slot) => {
                *slot = value;
                Ok(())
            }
            None => Err(self.damaged("variable", "variable", local)),
        }
    }

    /// Starts a body whose first locals stand on the stack from `start`; gives what `close_frame` needs.
    pub(super) fn open_frame(&mut self, start: usize, size: u32) -> Result<usize, Stop> {
        let end = start.saturating_add(size as usize);
        if end > STACK_VALUES_MAX {
            return Err(self.stop(faults::too_many_locals(STACK_VALUES_MAX), None));
        }
        // Arguments beyond the frame of a damaged plan stay: nothing reads them.
        self.stack.resize(end.max(self.stack.len()), Value::Null);
        Ok(std::mem::replace(&mut self.base, start))
    }

    /// Ends the running body.
    pub(super) fn close_frame(&mut self, previous: usize) {
        self.stack.truncate(self.base);
        self.base = previous;
    }

    /// Counts one more call or decision inside the others.
    pub(super) fn enter(&mut self, from: Option<Position>) -> Result<(), Stop> {
        if self.depth >= self.limits.depth_max {
            return Err(self.stop(faults::too_deep(self.limits.depth_max), from));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Counts one more operation inside the others.
    #[inline]
    pub(super) fn nest(&mut self, id: OpId) -> Result<(), Stop> {
        if self.nesting >= NESTING_MAX {
            let place = self.position(id);
            return Err(self.stop(faults::too_nested(NESTING_MAX), place));
        }
        self.nesting = self.nesting.saturating_add(1);
        Ok(())
    }

    pub(super) fn unnest(&mut self) {
        self.nesting = self.nesting.saturating_sub(1);
    }

    /// Counts steps; an evaluation that uses more than its limit, or that the host cancels, stops here.
    #[inline]
    pub(super) fn spend_steps(&mut self, steps: u64, id: OpId) -> Result<(), Stop> {
        let before = self.usage.steps;
        self.usage.steps = before.saturating_add(steps);
        if self.usage.steps > self.limits.steps_max {
            let place = self.position(id);
            return Err(self.stop(faults::too_many_steps(self.limits.steps_max), place));
        }
        let looked = before / STEPS_BETWEEN_LOOKS;
        if self.usage.steps / STEPS_BETWEEN_LOOKS != looked || before == 0 { self.look_at_cancel(id) } else { Ok(()) }
    }

    #[cold]
    fn look_at_cancel(&mut self, id: OpId) -> Result<(), Stop> {
        match self.cancel {
            Some(cancel) if cancel.load(Ordering::Relaxed) => {
                let place = self.position(id);
                Err(self.stop(faults::cancelled(), place))
            }
            _ => Ok(()),
        }
    }

    /// Counts bytes of values that are about to be made.
    #[inline]
    pub(super) fn spend_bytes(&mut self, bytes: usize, id: OpId) -> Result<(), Stop> {
        self.usage.bytes = self.usage.bytes.saturating_add(bytes as u64);
        if self.usage.bytes > self.limits.bytes_max {
            let place = self.position(id);
            return Err(self.stop(faults::too_many_bytes(self.limits.bytes_max), place));
        }
        Ok(())
    }

    /// Counts values that are about to be made.
    #[inline]
    pub(super) fn spend_values(&mut self, values: usize, id: OpId) -> Result<(), Stop> {
        self.spend_bytes(values.saturating_mul(size_of::<Value>()), id)
    }

    /// Counts a row to be tested.
    #[inline]
    pub(super) fn spend_row(&mut self, place: Position) -> Result<(), Stop> {
        self.usage.rows = self.usage.rows.saturating_add(1);
        if self.usage.rows > self.limits.rows_max {
            return Err(self.stop(faults::too_many_rows(self.limits.rows_max), Some(place)));
        }
        Ok(())
    }

    /// The most bytes that this evaluation may make.
    pub(super) fn bytes_max(&self) -> u64 {
        self.limits.bytes_max
    }

    /// Native rules fail where something went wrong; in DMN mode it becomes null, and the recorder hears of it.
    pub(super) fn settle(&mut self, id: OpId, result: Result<Value, Fault>) -> Result<Value, Stop> {
        match result {
            Ok(value) => Ok(value),
            Err(fault) => self.fail(fault, self.position(id)),
        }
    }

    /// The same for what has surely gone wrong.
    #[cold]
    pub(super) fn fail(&mut self, fault: Fault, place: Option<Position>) -> Result<Value, Stop> {
        let failure = self.stop(fault, place);
        if !self.plan.dmn_mode {
            return Err(failure);
        }
        let explanation = Message::new(
            format!("en modo DMN el resultado es null: {}", failure.message.es),
            format!("in DMN mode the result is null: {}", failure.message.en),
        );
        self.recorder.diagnostic(self.plan, &failure, &explanation);
        Ok(Value::Null)
    }

    /// The failure that a fault makes at a place.
    #[expect(clippy::boxed_local, reason = "faults travel boxed so that results stay small")]
    #[cold]
    pub(super) fn stop(&self, fault: Fault, place: Option<Position>) -> Stop {
        let FaultParts { code, message } = *fault;
        Box::new(Failure {
            code: Arc::from(&*code),
            message,
            place: place.and_then(|place| self.plan_place(place)).map(Into::into),
            path: self.path.iter().map(|decision| decision_name(self.plan, *decision).into()).collect(),
        })
    }

    /// A number in the plan that points nowhere.
    #[cold]
    pub(super) fn damaged(&self, es: &str, en: &str, number: u32) -> Stop {
        self.stop(faults::damaged(es, en, number), None)
    }

    /// Where an operation stands.
    pub(super) fn position(&self, id: OpId) -> Option<Position> {
        self.plan.positions.get(id as usize).copied()
    }

    fn plan_place(&self, position: Position) -> Option<String> {
        place(self.plan, position)
    }

    /// Tries something that may fail, and goes back to how things were before.
    pub(crate) fn attempt<T>(&mut self, action: impl FnOnce(&mut Machine<'a>) -> Result<T, Stop>) -> Result<T, Stop> {
        let mark = self.mark();
        let result = action(self);
        self.go_back(&mark);
        result
    }

    fn mark(&self) -> Mark {
        Mark {
            stack: self.stack.len(),
            base: self.base,
            matched: self.matched.len(),
            candidates: self.candidates.len(),
            path: self.path.len(),
            depth: self.depth,
            nesting: self.nesting,
        }
    }

    fn go_back(&mut self, mark: &Mark) {
        for decision in self.path.drain(mark.path..) {
            if let Some(memo) = self.memo.get_mut(decision as usize) {
                *memo = Memo::Waiting;
            }
        }
        self.stack.truncate(mark.stack);
        self.matched.truncate(mark.matched);
        self.candidates.truncate(mark.candidates);
        (self.base, self.depth, self.nesting) = (mark.base, mark.depth, mark.nesting);
    }
}

/// `ruleset.name` of a decision.
pub(crate) fn decision_name(plan: &Plan, id: DecisionId) -> String {
    let Some(decision) = plan.decisions.get(id as usize) else { return format!("#{id}") };
    match plan.rulesets.get(decision.ruleset as usize) {
        Some(ruleset) => format!("{}.{}", ruleset.id, decision.name),
        None => decision.name.to_string(),
    }
}

/// `ruleset.name` of a declared function.
pub(crate) fn function_name(plan: &Plan, id: FunctionId) -> String {
    let Some(function) = plan.functions.get(id as usize) else { return format!("#{id}") };
    match plan.rulesets.get(function.ruleset as usize) {
        Some(ruleset) => format!("{}.{}", ruleset.id, function.name),
        None => function.name.to_string(),
    }
}

/// `source:line:column` of a position.
pub(crate) fn place(plan: &Plan, Position(source, line, column): Position) -> Option<String> {
    Some(format!("{}:{line}:{column}", plan.sources.get(source as usize)?))
}
