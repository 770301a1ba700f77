//! Reads facts from JSON straight into typed values, collecting all errors on the way.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_plan::{ConstraintId, DecisionId, ParameterSet, Plan};
use dictamen_value::{Context, Date, DateTime, DaysDuration, MonthsDuration, RecordType, Time, Type, Value};
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use super::errors::{self, Problem};
use super::syntax::{line_and_column, syntax_message};
use super::{FactError, Facts};
use crate::evaluation::{Machine, Setting};
use crate::{Limits, Nothing};

/// Bytes of JSON.
pub(crate) const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Values in it: fields, elements, and what they hold.
const ITEMS_MAX: usize = 2_000_000;
/// Lists and objects inside one another.
const DEPTH_MAX: usize = 100;
/// What checking one value against the constraint of its type may use.
const CHECKING_LIMITS: Limits =
    Limits { steps_max: 1_000_000, depth_max: 128, rows_max: 100_000, bytes_max: 64 * 1024 * 1024 };
/// Steps that checking all values may take.
const CHECKING_STEPS_MAX: u64 = 200_000_000;
/// Errors that are collected.
const ERRORS_MAX: usize = 100;
/// Characters of JSON that an error shows.
const SHOWN_CHARACTERS_MAX: usize = 80;

/// Reading cannot go on; why is among the errors.
pub(super) struct Abort;

pub(super) type Read<T> = Result<T, Abort>;

/// A step into the facts.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

pub(super) struct Reader<'a> {
    plan: &'a Plan,
    pub(super) text: &'a str,
    pub(super) jiter: Jiter<'a>,
    machine: Machine<'a>,
    pointer: Vec<Step<'a>>,
    errors: Vec<FactError>,
    items: usize,
    depth: usize,
    /// Steps that constraints have taken.
    checking_steps: u64,
    /// Names of records, so that records of one type share them.
    shapes: Vec<(&'a RecordType, Arc<[Arc<str>]>)>,
}

/// See [`super::read_facts`].
pub(super) fn read(plan: &Plan, decision: DecisionId, json: &[u8]) -> Result<Facts, Vec<FactError>> {
    if json.len() > BYTES_MAX {
        return Err(vec![errors::too_many_bytes(BYTES_MAX, json.len()).at(String::new())]);
    }
    let text = std::str::from_utf8(json).map_err(|error| {
        let (line, column) = line_and_column(json, error.valid_up_to());
        vec![errors::not_utf8(line, column).at(String::new())]
    })?;
    let (no_facts, no_parameters, mut nothing) = (Facts::default(), ParameterSet::default(), Nothing);
    let as_of = Date::new(1970, 1, 1).map_err(|_| Vec::new())?;
    let setting = checking_setting(plan, &no_facts, &no_parameters, as_of);
    let mut reader = Reader {
        plan,
        text,
        jiter: Jiter::new(json),
        machine: Machine::new(setting, &mut nothing),
        pointer: Vec::new(),
        errors: Vec::new(),
        items: 0,
        depth: 0,
        checking_steps: 0,
        shapes: Vec::new(),
    };
    let facts = reader.document(decision);
    match facts {
        Ok(facts) if reader.errors.is_empty() => Ok(facts),
        _ => Err(reader.errors),
    }
}

/// What constraints of types are checked with: they see a value and nothing else.
fn checking_setting<'a>(plan: &'a Plan, facts: &'a Facts, parameters: &'a ParameterSet, as_of: Date) -> Setting<'a> {
    Setting {
        plan,
        indexes: &[],
        parameters,
        facts,
        as_of,
        known_at: DateTime::at_midnight_utc(as_of),
        limits: CHECKING_LIMITS,
        cancel: None,
    }
}

impl<'a> Reader<'a> {
    fn document(&mut self, decision: DecisionId) -> Read<Facts> {
        let peek = self.json(Jiter::peek)?;
        if peek != Peek::Object {
            let received = self.skipped(peek)?;
            return Err(self.abort(errors::not_an_object(received)));
        }
        let facts = self.inputs()?;
        self.json(Jiter::finish)?;
        self.require_needed(decision, &facts);
        Ok(facts)
    }

    fn inputs(&mut self) -> Read<Facts> {
        let plan = self.plan;
        let names: Vec<&'a str> = plan.inputs.iter().map(|input| &*input.name).collect();
        let mut facts = Facts::new(plan);
        let mut seen = vec![false; names.len()];
        let mut next = 0;
        let mut first = true;
        while let Some(position) = self.key(&names, &mut seen, next, std::mem::take(&mut first))? {
            let Some(position) = position else { continue };
            next = position.saturating_add(1);
            let Some(input) = plan.inputs.get(position) else { continue };
            let value = self.inside(Step::Field(&input.name), |reader| reader.value(&input.ty))?;
            if let (Some(value), Ok(id)) = (value, u32::try_from(position)) {
                facts.set(id, value);
            }
        }
        // What was given wrongly was given: only what is not there at all is missing.
        for (id, _) in (0..).zip(&seen).filter(|(_, seen)| **seen) {
            if facts.get(id).is_none() {
                facts.set(id, Value::Null);
            }
        }
        Ok(facts)
    }

    fn require_needed(&mut self, decision: DecisionId, facts: &Facts) {
        let plan = self.plan;
        let needs = plan.decisions.get(decision as usize).map_or(&[][..], |decision| &decision.needs);
        for id in needs.iter().filter(|id| facts.get(**id).is_none()) {
            if let Some(input) = plan.inputs.get(*id as usize)
                && !input.ty.is_optional()
                && !plan.dmn_mode
            {
                self.pointer.push(Step::Field(&input.name));
                let full = self.report_at(errors::missing(&input.name, &input.ty), None).is_err();
                self.pointer.pop();
                if full {
                    return;
                }
            }
        }
    }

    /// A value of a type; `None` where it was wrong, which is among the errors.
    fn value(&mut self, ty: &'a Type) -> Read<Option<Value>> {
        self.count_item()?;
        let peek = self.json(Jiter::peek)?;
        if peek == Peek::Null {
            self.json(Jiter::known_null)?;
            return match ty.is_optional() || self.plan.dmn_mode {
                true => Ok(Some(Value::Null)),
                false => self.report(errors::null(ty)),
            };
        }
        self.present(ty, ty, peek)
    }

    /// A value that is not null; `shown` is what errors call its type, by name where it has one.
    fn present(&mut self, ty: &'a Type, shown: &'a Type, peek: Peek) -> Read<Option<Value>> {
        match ty {
            Type::Optional(of) => self.present(of, of, peek),
            Type::Named(named) => {
                let shown = if named.name.is_some() { ty } else { shown };
                let value = self.present(&named.base, shown, peek)?;
                match (value, named.constraint) {
                    (Some(value), Some(constraint)) => self.constrained(constraint, value),
                    (value, _) => Ok(value),
                }
            }
            Type::Any => self.any(peek),
            Type::Boolean => self.boolean(shown, peek),
            Type::Number { integer, .. } => self.number(shown, *integer, peek),
            Type::Text => self.text(shown, peek),
            Type::Date => self.temporal(shown, peek, |text| Date::parse(text).map(Value::Date)),
            Type::Time => self.temporal(shown, peek, |text| Time::parse(text).map(Value::Time)),
            Type::DateTime => self.temporal(shown, peek, |text| DateTime::parse(text).map(Value::DateTime)),
            Type::DaysDuration => self.temporal(shown, peek, |text| DaysDuration::parse(text).map(Value::DaysDuration)),
            Type::MonthsDuration => {
                self.temporal(shown, peek, |text| MonthsDuration::parse(text).map(Value::MonthsDuration))
            }
            Type::Range(of) => self.range(shown, of, peek),
            Type::List(of) => self.list(shown, of, peek),
            Type::Record(record) => self.record(shown, record, peek),
            Type::Choice(choices) => self.choice(ty, choices, peek),
            Type::Null | Type::Function(_) => self.refuse(shown, peek),
        }
    }

    fn list(&mut self, ty: &Type, of: &'a Type, peek: Peek) -> Read<Option<Value>> {
        if peek != Peek::Array {
            return self.refuse(ty, peek);
        }
        self.deeper()?;
        let mut elements = Vec::new();
        let mut good = true;
        let mut more = self.json(Jiter::known_array)?;
        let mut position: usize = 0;
        while more.is_some() {
            match self.inside(Step::Index(position), |reader| reader.value(of))? {
                Some(value) => elements.push(value),
                None => good = false,
            }
            position = position.saturating_add(1);
            more = self.json(Jiter::array_step)?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(good.then(|| Value::list(elements)))
    }

    fn record(&mut self, ty: &Type, record: &'a RecordType, peek: Peek) -> Read<Option<Value>> {
        if peek != Peek::Object {
            return self.refuse(ty, peek);
        }
        self.deeper()?;
        let names = self.shape(record);
        let mut values = vec![Value::Null; names.len()];
        let mut seen = vec![false; names.len()];
        let mut good = true;
        let (mut next, mut first) = (0, true);
        while let Some(position) = self.field_key(record, &mut seen, next, std::mem::take(&mut first))? {
            let Some(position) = position else {
                good = false;
                continue;
            };
            next = position.saturating_add(1);
            let Some(field) = record.fields.get(position) else { continue };
            match self.inside(Step::Field(&field.name), |reader| reader.value(&field.ty))? {
                Some(value) => values.get_mut(position).map(|slot| *slot = value).unwrap_or_default(),
                None => good = false,
            }
        }
        good &= self.require_fields(record, &seen)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(good.then(|| Context::with_shape(names, values).map(Value::from)).flatten())
    }

    /// `false` where a field that must be there is not.
    fn require_fields(&mut self, record: &'a RecordType, seen: &[bool]) -> Read<bool> {
        let mut good = true;
        for (field, _) in record.fields.iter().zip(seen).filter(|(_, seen)| !**seen) {
            if !field.ty.is_optional() && !self.plan.dmn_mode {
                good = false;
                let problem = errors::missing(&field.name, &field.ty);
                self.inside(Step::Field(&field.name), |reader| reader.report_at(problem, None))?;
            }
        }
        Ok(good)
    }

    fn shape(&mut self, record: &'a RecordType) -> Arc<[Arc<str>]> {
        if let Some((_, names)) = self.shapes.iter().find(|(known, _)| std::ptr::eq(*known, record)) {
            return names.clone();
        }
        let names: Arc<[Arc<str>]> = record.fields.iter().map(|field| field.name.clone()).collect();
        self.shapes.push((record, names.clone()));
        names
    }

    /// A value whose type is not known: dates and the like stay text.
    fn any(&mut self, peek: Peek) -> Read<Option<Value>> {
        match peek {
            Peek::Null => self.json(Jiter::known_null).map(|()| Some(Value::Null)),
            Peek::True | Peek::False => self.boolean(&Type::Boolean, peek),
            Peek::String => self.text(&Type::Text, peek),
            Peek::Array => self.list(&Type::Any, &Type::Any, peek),
            Peek::Object => self.any_object(),
            peek if peek.is_num() => self.number(&Type::Any, false, peek),
            peek => self.refuse(&Type::Any, peek),
        }
    }

    fn any_object(&mut self) -> Read<Option<Value>> {
        self.deeper()?;
        let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
        let mut known: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut good = true;
        let mut key = self.json(|jiter| jiter.known_object().map(|key| key.map(Arc::<str>::from)))?;
        while let Some(name) = key {
            if !known.insert(name.clone()) {
                good = false;
                self.report_at(errors::repeated_field(&cut(&name)), Some(&name))?;
            }
            match self.value(&Type::Any)? {
                Some(value) => entries.push((name, value)),
                None => good = false,
            }
            key = self.json(|jiter| jiter.next_key().map(|key| key.map(Arc::<str>::from)))?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(good.then(|| Value::from(Context::from_pairs(entries))))
    }

    fn constrained(&mut self, id: ConstraintId, value: Value) -> Read<Option<Value>> {
        let plan = self.plan;
        let text = plan.constraints.get(id as usize).and_then(|constraint| plan.texts.get(constraint.text as usize));
        let text = text.map_or("?", |text| &**text);
        let met = self.machine.attempt(|machine| machine.meets(id, &value));
        self.checking_steps = self.checking_steps.saturating_add(self.machine.renew().steps);
        if self.checking_steps > CHECKING_STEPS_MAX {
            return Err(self.abort(errors::too_much_checking(CHECKING_STEPS_MAX)));
        }
        match met {
            Ok(true) => Ok(Some(value)),
            Ok(false) => self.report(errors::constraint(text, &value)),
            Err(failure) => self.report(errors::constraint_failed(text, &failure.message, &value)),
        }
    }

    pub(super) fn refuse(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        let received = self.skipped(peek)?;
        self.report(errors::wrong_type(ty, received))
    }

    /// Passes over a value and gives it as it stands, cut where it is long.
    pub(super) fn skipped(&mut self, peek: Peek) -> Read<String> {
        let start = self.jiter.current_index();
        self.json(|jiter| jiter.known_skip(peek))?;
        Ok(self.shown_from(start))
    }

    pub(super) fn shown_from(&self, start: usize) -> String {
        cut(self.text.get(start..self.jiter.current_index()).unwrap_or_default())
    }

    fn inside<T>(&mut self, step: Step<'a>, read: impl FnOnce(&mut Reader<'a>) -> Read<T>) -> Read<T> {
        self.pointer.push(step);
        let result = read(self);
        if result.is_ok() {
            self.pointer.pop();
        }
        result
    }

    fn count_item(&mut self) -> Read<()> {
        self.items = self.items.saturating_add(1);
        if self.items > ITEMS_MAX { Err(self.abort(errors::too_many_items(ITEMS_MAX))) } else { Ok(()) }
    }

    fn deeper(&mut self) -> Read<()> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH_MAX { Err(self.abort(errors::too_deep(DEPTH_MAX))) } else { Ok(()) }
    }

    /// Runs a step of the JSON reader; where the JSON itself is wrong, nothing after it can be read.
    pub(super) fn json<T>(&mut self, step: impl FnOnce(&mut Jiter<'a>) -> Result<T, JiterError>) -> Read<T> {
        step(&mut self.jiter).map_err(|error| {
            let (line, column) = line_and_column(self.text.as_bytes(), error.index);
            let problem = match &error.error_type {
                JiterErrorType::JsonError(JsonErrorType::RecursionLimitExceeded) => errors::too_deep(DEPTH_MAX),
                kind => errors::syntax(&syntax_message(kind), line, column),
            };
            self.abort(problem)
        })
    }

    pub(super) fn report<T>(&mut self, problem: Problem) -> Read<Option<T>> {
        self.report_at(problem, None).map(|()| None)
    }

    pub(super) fn report_at(&mut self, problem: Problem, field: Option<&str>) -> Read<()> {
        let pointer = self.pointer_text(field);
        self.errors.push(problem.at(pointer));
        if self.errors.len() >= ERRORS_MAX { Err(Abort) } else { Ok(()) }
    }

    fn abort(&mut self, problem: Problem) -> Abort {
        let pointer = self.pointer_text(None);
        self.errors.push(problem.at(pointer));
        Abort
    }

    fn pointer_text(&self, field: Option<&str>) -> String {
        let mut out = String::new();
        for step in self.pointer.iter().copied().chain(field.map(Step::Field)) {
            out.push('/');
            match step {
                Step::Field(name) => out.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Index(position) => out.push_str(&position.to_string()),
            }
        }
        out
    }
}

/// JSON as errors show it: cut where it is long.
pub(super) fn cut(json: &str) -> String {
    crate::evaluation::cut(json, SHOWN_CHARACTERS_MAX)
}
