//! Makes one decision again and again: facts in, outcome out, without allocating once it is warm.

use std::sync::atomic::AtomicBool;

use dictamen_plan::{DecisionId, ParameterSet, Plan};
use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Value};
use jiter::Jiter;

use super::layout::{Layout, Node};
use super::read::Reader;
use super::run::{Runner, Setting, State};
use super::slot::Slot;
use super::{Program, outcome, texts_bytes_max, write};
use crate::{FactError, Facts, Failure, Limits, Prepared, Recorder, Request, Usage, read_facts};

/// Memory for texts, in bytes, that a session leaves to the next one.
const TEXTS_KEPT_BYTES_MAX: usize = 64 * 1024;

/// One decision of a plan with its parameters, made for one facts after another on one thread.
///
/// Facts come as JSON ([`Session::read`]) or one by one ([`Session::set`]); then [`Session::decide`] makes the decision, and the
/// outcome is written as JSON, visited scalar by scalar, or taken as a value. Decisions that are flat and typed run as
/// programs; others, and those in which anything unusual happens, by the general evaluator, with the same results.
pub struct Session<'p> {
    prepared: &'p Prepared,
    parameters: &'p ParameterSet,
    decision: DecisionId,
    program: Option<(&'p Program, &'p Layout)>,
    scratch: Scratch,
    limits: Limits,
    as_of: Date,
    known_at: DateTime,
    cancel: Option<&'p AtomicBool>,
    made: Made,
    usage: Usage,
}

/// Memory of a session, which another session of the same decision may use.
#[derive(Debug, Default)]
pub struct Scratch {
    state: State,
    given: Vec<bool>,
    seen: Vec<bool>,
    /// Facts that have no place in registers.
    facts: Option<Facts>,
}

/// What came of the last decision.
enum Made {
    Nothing,
    ByProgram,
    ByMachine(Value),
}

/// A place for a scalar among the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotId(u16, u32);

/// A scalar, as facts bring it and outcomes hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Nothing, or unknown.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(&'a str),
    /// A date.
    Date(Date),
    /// A time.
    Time(Time),
    /// A date with a time.
    DateTime(DateTime),
    /// A duration in days.
    DaysDuration(DaysDuration),
    /// A duration in months.
    MonthsDuration(MonthsDuration),
}

impl<'p> Session<'p> {
    /// A session of a decision, as of a day and as known at an instant.
    pub fn new(
        prepared: &'p Prepared,
        parameters: &'p ParameterSet,
        decision: DecisionId,
        (as_of, known_at): (Date, DateTime),
        limits: Limits,
    ) -> Session<'p> {
        Session::with(Scratch::default(), prepared, parameters, decision, (as_of, known_at), limits)
    }

    /// The same in memory that an earlier session of the same decision of the same plan has used.
    pub fn with(
        mut scratch: Scratch,
        prepared: &'p Prepared,
        parameters: &'p ParameterSet,
        decision: DecisionId,
        (as_of, known_at): (Date, DateTime),
        limits: Limits,
    ) -> Session<'p> {
        let program = prepared.programs().of(prepared, decision).ok();
        let program = program.filter(|(program, _)| program.stays_within(&limits));
        if let Some((program, layout)) = program
            && !scratch.state.fits(&program.code)
        {
            scratch.state = State::new(&program.code);
            scratch.given = vec![false; layout.inputs().len()];
        }
        let usage = Usage::default();
        let (made, cancel) = (Made::Nothing, None);
        let mut session =
            Session { prepared, parameters, decision, program, scratch, limits, as_of, known_at, cancel, made, usage };
        session.bind();
        session
    }

    /// Decides as of another day, or as known at another instant, from now on. Facts are to be given anew.
    pub fn at(&mut self, as_of: Date, known_at: DateTime) {
        (self.as_of, self.known_at) = (as_of, known_at);
        self.bind();
    }

    /// A flag that the host raises to stop what runs without a program; see [`Request::cancel`].
    pub fn stop_on(&mut self, cancel: &'p AtomicBool) {
        self.cancel = Some(cancel);
    }

    fn bind(&mut self) {
        self.made = Made::Nothing;
        self.scratch.facts = None;
        let setting = self.setting();
        if let Some((program, _)) = self.program {
            let state = &mut self.scratch.state;
            Runner { code: &program.code, prepared: self.prepared, setting, state }.bind(self.as_of, self.known_at);
        }
    }

    /// Its memory, for another session of the same decision; what very long texts took is given back.
    pub fn into_scratch(self) -> Scratch {
        let mut scratch = self.scratch;
        scratch.facts = None;
        scratch.state.texts.give_back(TEXTS_KEPT_BYTES_MAX);
        scratch
    }

    /// Whether the decision runs as a program.
    pub fn is_typed(&self) -> bool {
        self.program.is_some()
    }

    /// Reads facts from a JSON object; see [`read_facts`].
    pub fn read(&mut self, json: &[u8]) -> Result<(), Vec<FactError>> {
        self.made = Made::Nothing;
        self.scratch.facts = None;
        if self.read_into_registers(json).is_some() {
            return Ok(());
        }
        let facts = read_facts(self.prepared, self.decision, json)?;
        self.set_facts(facts);
        Ok(())
    }

    /// Takes facts that were read elsewhere.
    pub fn set_facts(&mut self, facts: Facts) {
        self.scratch.facts = Some(facts);
    }

    fn read_into_registers(&mut self, json: &[u8]) -> Option<()> {
        let (program, layout) = self.program?;
        let text = std::str::from_utf8(json).ok().filter(|text| text.len() <= crate::facts::BYTES_MAX)?;
        let needs = &self.prepared.plan().decisions.get(self.decision as usize)?.needs;
        let setting = self.setting();
        let Scratch { state, given, seen, .. } = &mut self.scratch;
        let runner = Runner { code: &program.code, prepared: self.prepared, setting, state };
        let mut reader = Reader { layout, runner, text, json: Jiter::new(json), given, seen };
        reader.document(needs).ok()
    }

    fn setting(&self) -> Setting<'p> {
        Setting { parameters: self.parameters, known_at: self.known_at, texts_bytes_max: texts_bytes_max(&self.limits) }
    }

    /// The place of a scalar fact by its path, such as `caso.base`; `None` where it has none, or the decision is no program.
    pub fn slot(&self, path: &str) -> Option<SlotId> {
        let (_, layout) = self.program?;
        slot_of(self.prepared.plan(), layout, path)
    }

    /// Forgets the facts, before new ones are set one by one.
    pub fn clear(&mut self) {
        self.made = Made::Nothing;
        self.scratch.facts = None;
        self.scratch.state.texts.forget();
        self.scratch.given.fill(false);
    }

    /// Sets a scalar fact. The caller sees to it that it is of its type and that facts that are needed are all set.
    #[inline]
    pub fn set(&mut self, SlotId(register, input): SlotId, scalar: Scalar<'_>) {
        let slot = self.scratch.state.slot_of(scalar);
        self.scratch.state.set(register, slot);
        if let Some(given) = self.scratch.given.get_mut(input as usize) {
            *given = true;
        }
    }

    /// Makes the decision.
    pub fn decide<R: Recorder>(&mut self, recorder: &mut R) -> Result<(), Failure> {
        if !recorder.wants_details() && self.run(recorder) {
            return Ok(());
        }
        self.by_machine(recorder)
    }

    #[inline]
    fn run<R: Recorder>(&mut self, recorder: &mut R) -> bool {
        let Some((program, layout)) = self.program else { return false };
        let setting = self.setting();
        if let Some(facts) = &self.scratch.facts
            && super::load(layout, facts, &mut self.scratch.state).is_none()
        {
            return false;
        }
        let mut runner =
            Runner { code: &program.code, prepared: self.prepared, setting, state: &mut self.scratch.state };
        if runner.decide().is_err() {
            return false;
        }
        self.scratch.state.tell(self.prepared.plan(), recorder);
        self.usage = self.scratch.state.usage();
        self.made = Made::ByProgram;
        true
    }

    #[cold]
    fn by_machine<R: Recorder>(&mut self, recorder: &mut R) -> Result<(), Failure> {
        let facts = match self.scratch.facts.take() {
            Some(facts) => facts,
            None => self.facts()?,
        };
        let request = Request {
            plan: self.prepared,
            parameters: self.parameters,
            decision: self.decision,
            facts: &facts,
            as_of: self.as_of,
            known_at: self.known_at,
            limits: self.limits,
            cancel: self.cancel,
        };
        let (result, usage) = crate::evaluation::by_machine(&request, recorder);
        self.usage = usage;
        self.scratch.facts = Some(facts);
        self.made = Made::ByMachine(result?);
        Ok(())
    }

    /// The facts in registers as the machine reads them.
    fn facts(&self) -> Result<Facts, Failure> {
        let mut json = Vec::new();
        let written = self.write_facts(&mut json);
        let read = read_facts(self.prepared, self.decision, &json);
        match (written, read) {
            (Some(()), Ok(facts)) => Ok(facts),
            (_, Err(errors)) => Err(crate::failure::unreadable(&errors)),
            (None, Ok(_)) => Err(crate::failure::unreadable(&[])),
        }
    }

    /// Appends the JSON of the outcome; nothing where none was made.
    pub fn write_outcome(&self, out: &mut Vec<u8>) {
        match (&self.made, self.program) {
            (Made::ByMachine(value), _) => value.write_json(out),
            (Made::ByProgram, Some((program, _))) => {
                // What a program leaves has JSON: lowering refuses forms that have none.
                let _ = outcome::write(&program.code, &self.scratch.state, out);
            }
            _ => {}
        }
    }

    /// The outcome as a value.
    pub fn outcome(&self) -> Option<Value> {
        match (&self.made, self.program) {
            (Made::ByMachine(value), _) => Some(value.clone()),
            (Made::ByProgram, Some((program, _))) => outcome::value(&program.code, &self.scratch.state),
            _ => None,
        }
    }

    /// Calls something for each scalar of an outcome that a program made, in order, with the name of its field.
    #[inline]
    pub fn visit_outcome(&self, mut each: impl FnMut(&str, Scalar<'_>)) {
        if let (Made::ByProgram, Some((program, _))) = (&self.made, self.program) {
            let state = &self.scratch.state;
            outcome::visit(&program.code, state, &mut |name, slot| each(name, scalar(slot, state)));
        }
    }

    /// Appends the canonical JSON of the facts; see [`Facts::to_json`].
    pub fn write_facts(&self, out: &mut Vec<u8>) -> Option<()> {
        if let Some(facts) = &self.scratch.facts {
            out.extend_from_slice(&facts.to_json(self.prepared.plan()));
            return Some(());
        }
        let (_, layout) = self.program?;
        write::write_facts(layout, &self.prepared.plan().inputs, &self.scratch.given, &self.scratch.state, out)
    }

    /// What the last decision used.
    pub fn usage(&self) -> Usage {
        self.usage
    }
}

/// The place of a scalar fact by its path.
pub(super) fn slot_of(plan: &Plan, layout: &Layout, path: &str) -> Option<SlotId> {
    let mut names = path.split('.');
    let first = names.next()?;
    let input = plan.inputs.iter().position(|input| &*input.name == first)?;
    let input = u32::try_from(input).ok()?;
    let mut node = layout.input(input)?;
    for name in names {
        // Fields of a record that may be absent are there only where it is: such facts come as a whole.
        if matches!(layout.node(node)?, Node::Record(record) if record.presence.is_some()) {
            return None;
        }
        node = layout.field(node, name)?;
    }
    match layout.node(node)? {
        Node::Leaf(leaf) => Some(SlotId(leaf.register, input)),
        _ => None,
    }
}

impl SlotId {
    pub(super) fn register(self) -> u16 {
        self.0
    }

    /// The input that it is part of.
    pub(super) fn input(self) -> u32 {
        self.1
    }
}

impl State {
    /// The slot of a scalar; its text, if it is one, is copied.
    #[inline]
    pub(super) fn slot_of(&mut self, scalar: Scalar<'_>) -> Slot {
        match scalar {
            Scalar::Null => Slot::Null,
            Scalar::Boolean(boolean) => Slot::Boolean(boolean),
            Scalar::Number(number) => Slot::Number(number),
            Scalar::Text(text) => self.texts.push(text).map_or(Slot::Missing, Slot::Text),
            Scalar::Date(date) => Slot::Date(date),
            Scalar::Time(time) => Slot::Time(time),
            Scalar::DateTime(moment) => Slot::DateTime(moment),
            Scalar::DaysDuration(duration) => Slot::DaysDuration(duration),
            Scalar::MonthsDuration(duration) => Slot::MonthsDuration(duration),
        }
    }

    /// Forgets the texts of facts and those that were made.
    pub(super) fn forget_texts(&mut self) {
        self.texts.forget();
    }

    /// What registers hold.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.registers.iter().copied()
    }
}

/// A slot as callers see it.
#[inline]
pub(super) fn scalar<'s>(slot: &Slot, state: &'s State) -> Scalar<'s> {
    match *slot {
        Slot::Missing | Slot::Null | Slot::Rows(..) => Scalar::Null,
        Slot::Boolean(boolean) => Scalar::Boolean(boolean),
        Slot::Number(number) => Scalar::Number(number),
        Slot::Text(text) => Scalar::Text(state.texts.get(text)),
        Slot::Date(date) => Scalar::Date(date),
        Slot::Time(time) => Scalar::Time(time),
        Slot::DateTime(moment) => Scalar::DateTime(moment),
        Slot::DaysDuration(duration) => Scalar::DaysDuration(duration),
        Slot::MonthsDuration(duration) => Scalar::MonthsDuration(duration),
    }
}
