//! Reads facts from JSON straight into typed values, collecting all errors on the way.

use std::sync::Arc;

use dictamen_plan::{ConstraintId, DecisionId, ParameterSet, Plan};
use dictamen_value::{
    Context, Date, DateTime, DaysDuration, Message, MonthsDuration, Number, RecordType, TemporalError, Time, Type,
    Value,
};
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use super::errors::{self, Problem};
use super::nearest::nearest;
use super::{FactError, Facts, ranges};
use crate::evaluation::Machine;
use crate::{Limits, Nothing, Request};

/// Bytes of JSON.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Values in it: fields, elements, and what they hold.
const ITEMS_MAX: usize = 2_000_000;
/// Lists and objects inside one another.
const DEPTH_MAX: usize = 100;
/// Errors that are collected.
const ERRORS_MAX: usize = 100;
/// Characters of JSON that an error shows.
const SHOWN_CHARACTERS_MAX: usize = 80;
/// Fields that an error lists.
const SHOWN_FIELDS_MAX: usize = 12;

/// Reading cannot go on; why is among the errors.
struct Abort;

type Read<T> = Result<T, Abort>;

/// A step into the facts.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

struct Reader<'a> {
    plan: &'a Plan,
    json: &'a str,
    jiter: Jiter<'a>,
    machine: Machine<'a>,
    pointer: Vec<Step<'a>>,
    errors: Vec<FactError>,
    items: usize,
    depth: usize,
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
    let request = checking_request(plan, decision, &no_facts, &no_parameters, as_of);
    let mut reader = Reader {
        plan,
        json: text,
        jiter: Jiter::new(json),
        machine: Machine::new(&request, &mut nothing),
        pointer: Vec::new(),
        errors: Vec::new(),
        items: 0,
        depth: 0,
        shapes: Vec::new(),
    };
    let facts = reader.document(decision);
    match facts {
        Ok(facts) if reader.errors.is_empty() => Ok(facts),
        _ => Err(reader.errors),
    }
}

/// What constraints of types are checked with: they see a value and nothing else.
fn checking_request<'a>(
    plan: &'a Plan,
    decision: DecisionId,
    facts: &'a Facts,
    parameters: &'a ParameterSet,
    as_of: Date,
) -> Request<'a> {
    Request {
        plan,
        parameters,
        decision,
        facts,
        as_of,
        known_at: DateTime::at_midnight_utc(as_of),
        limits: Limits::default(),
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
                let _ = self.report_at(errors::missing(&input.name, &input.ty), None);
                self.pointer.pop();
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
        self.present(ty, peek)
    }

    fn present(&mut self, ty: &'a Type, peek: Peek) -> Read<Option<Value>> {
        match ty {
            Type::Optional(of) => self.present(of, peek),
            Type::Named(named) => {
                let value = self.present(&named.base, peek)?;
                match (value, named.constraint) {
                    (Some(value), Some(constraint)) => self.constrained(constraint, value),
                    (value, _) => Ok(value),
                }
            }
            Type::Any => self.any(peek),
            Type::Boolean => self.boolean(ty, peek),
            Type::Number { integer, .. } => self.number(ty, *integer, peek),
            Type::Text => self.text(ty, peek),
            Type::Date => self.temporal(ty, peek, |text| Date::parse(text).map(Value::Date)),
            Type::Time => self.temporal(ty, peek, |text| Time::parse(text).map(Value::Time)),
            Type::DateTime => self.temporal(ty, peek, |text| DateTime::parse(text).map(Value::DateTime)),
            Type::DaysDuration => self.temporal(ty, peek, |text| DaysDuration::parse(text).map(Value::DaysDuration)),
            Type::MonthsDuration => {
                self.temporal(ty, peek, |text| MonthsDuration::parse(text).map(Value::MonthsDuration))
            }
            Type::Range(of) => self.range(ty, of, peek),
            Type::List(of) => self.list(ty, of, peek),
            Type::Record(record) => self.record(ty, record, peek),
            Type::Choice(choices) => self.choice(ty, choices, peek),
            Type::Null | Type::Function(_) => self.refuse(ty, peek),
        }
    }

    fn boolean(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        match peek {
            Peek::True | Peek::False => self.json(|jiter| jiter.known_bool(peek)).map(|truth| Some(truth.into())),
            _ => self.refuse(ty, peek),
        }
    }

    fn number(&mut self, ty: &Type, integer: bool, peek: Peek) -> Read<Option<Value>> {
        if !peek.is_num() {
            return self.refuse(ty, peek);
        }
        let digits = self.number_text(peek)?;
        match Number::parse(digits) {
            Ok(number) if integer && !number.is_integer() => self.report(errors::not_whole(ty, number)),
            Ok(number) => Ok(Some(Value::Number(number))),
            Err(error) => {
                let received = cut(digits);
                self.report(errors::number(ty, error, received))
            }
        }
    }

    fn number_text(&mut self, peek: Peek) -> Read<&'a str> {
        let start = self.jiter.current_index();
        self.json(|jiter| jiter.known_number_bytes(peek).map(|_| ()))?;
        Ok(self.json.get(start..self.jiter.current_index()).unwrap_or_default())
    }

    fn text(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        match peek {
            Peek::String => self.json(|jiter| jiter.known_str().map(Value::from)).map(Some),
            _ => self.refuse(ty, peek),
        }
    }

    fn temporal(
        &mut self,
        ty: &Type,
        peek: Peek,
        parse: impl FnOnce(&str) -> Result<Value, TemporalError>,
    ) -> Read<Option<Value>> {
        if peek != Peek::String {
            return self.refuse(ty, peek);
        }
        let start = self.jiter.current_index();
        match self.json(|jiter| jiter.known_str().map(parse))? {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let received = self.shown_from(start);
                self.report(errors::temporal(ty, &error, received))
            }
        }
    }

    fn range(&mut self, ty: &Type, of: &Type, peek: Peek) -> Read<Option<Value>> {
        if peek != Peek::String {
            return self.refuse(ty, peek);
        }
        let start = self.jiter.current_index();
        match self.json(|jiter| jiter.known_str().map(|text| ranges::parse(text, of)))? {
            Some(range) => Ok(Some(range)),
            None => {
                let received = self.shown_from(start);
                self.report(errors::range(ty, received))
            }
        }
    }

    fn choice(&mut self, ty: &Type, choices: &'a [Value], peek: Peek) -> Read<Option<Value>> {
        let start = self.jiter.current_index();
        let basic = ty.basic();
        let value = match (&basic, peek) {
            (Type::Boolean, Peek::True | Peek::False) => Some(Value::from(peek == Peek::True)),
            (Type::Number { .. }, peek) if peek.is_num() => {
                Number::parse(self.number_text(peek)?).ok().map(Value::Number)
            }
            (basic, Peek::String) => {
                let text = self.json(|jiter| jiter.known_str().map(str::to_owned))?;
                text_of_type(&text, basic)
            }
            (_, peek) => return self.refuse(ty, peek),
        };
        if matches!(value, Some(Value::Boolean(_))) {
            self.json(|jiter| jiter.known_bool(peek).map(|_| ()))?;
        }
        if let Some(choice) = value.as_ref().and_then(|value| choices.iter().find(|choice| choice.same(value))) {
            return Ok(Some(choice.clone()));
        }
        let received = self.shown_from(start);
        let text = value.as_ref().and_then(Value::as_text).unwrap_or_default();
        let near = nearest(text, choices.iter().filter_map(Value::as_text));
        self.report(errors::not_a_choice(ty, near, received))
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

    fn field_key(
        &mut self,
        record: &'a RecordType,
        seen: &mut [bool],
        next: usize,
        first: bool,
    ) -> Read<Option<Option<usize>>> {
        let likely = record.fields.get(next).map(|field| &*field.name);
        let find = |key: &str| record.fields.iter().position(|field| &*field.name == key);
        let key = self.next_key(likely, next, first, find)?;
        let names = || record.fields.iter().map(|field| &*field.name).collect();
        self.known_key(key, seen, names)
    }

    fn key(&mut self, names: &[&'a str], seen: &mut [bool], next: usize, first: bool) -> Read<Option<Option<usize>>> {
        let find = |key: &str| names.iter().position(|name| *name == key);
        let key = self.next_key(names.get(next).copied(), next, first, find)?;
        self.known_key(key, seen, || names.to_vec())
    }

    /// The next key, as the position of the field it names or as it stands; tries the likely field first.
    fn next_key(
        &mut self,
        likely: Option<&str>,
        next: usize,
        first: bool,
        find: impl FnOnce(&str) -> Option<usize>,
    ) -> Read<Option<Result<usize, String>>> {
        let place = |key: &str| match likely {
            Some(likely) if likely == key => Ok(next),
            _ => find(key).ok_or_else(|| key.to_owned()),
        };
        self.json(|jiter| {
            let key = if first { jiter.known_object() } else { jiter.next_key() };
            key.map(|key| key.map(place))
        })
    }

    /// `Some(None)` where the key names no field, or one that was there before; its value has been passed over.
    fn known_key<'n>(
        &mut self,
        key: Option<Result<usize, String>>,
        seen: &mut [bool],
        names: impl FnOnce() -> Vec<&'n str>,
    ) -> Read<Option<Option<usize>>> {
        let (problem, name) = match key {
            None => return Ok(None),
            Some(Ok(position)) => match seen.get_mut(position) {
                Some(seen) if !*seen => {
                    *seen = true;
                    return Ok(Some(Some(position)));
                }
                _ => {
                    let name = names().get(position).copied().unwrap_or_default();
                    (errors::repeated_field(name), name.to_owned())
                }
            },
            Some(Err(unknown)) => {
                let names = names();
                let known: Vec<_> = names.iter().take(SHOWN_FIELDS_MAX).map(|name| format!("\"{name}\"")).collect();
                let more = if names.len() > SHOWN_FIELDS_MAX { ", …" } else { "" };
                let known = known.join(", ") + more;
                let near = nearest(&unknown, names.iter().copied());
                (errors::unknown_field(&cut(&unknown), near, &known), unknown)
            }
        };
        let peek = self.json(Jiter::peek)?;
        let received = self.skipped(peek)?;
        self.report_at(problem.received(received), Some(&name))?;
        Ok(Some(None))
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
        let mut good = true;
        let mut key = self.json(|jiter| jiter.known_object().map(|key| key.map(Arc::<str>::from)))?;
        while let Some(name) = key {
            if entries.iter().any(|(known, _)| *known == name) {
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
        match self.machine.attempt(|machine| machine.meets(id, &value)) {
            Ok(true) => Ok(Some(value)),
            Ok(false) => self.report(errors::constraint(text, &value)),
            Err(failure) => self.report(errors::constraint_failed(text, &failure.message, &value)),
        }
    }

    fn refuse(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        let received = self.skipped(peek)?;
        self.report(errors::wrong_type(ty, received))
    }

    /// Passes over a value and gives it as it stands, cut where it is long.
    fn skipped(&mut self, peek: Peek) -> Read<String> {
        let start = self.jiter.current_index();
        self.json(|jiter| jiter.known_skip(peek))?;
        Ok(self.shown_from(start))
    }

    fn shown_from(&self, start: usize) -> String {
        cut(self.json.get(start..self.jiter.current_index()).unwrap_or_default())
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
    fn json<T>(&mut self, step: impl FnOnce(&mut Jiter<'a>) -> Result<T, JiterError>) -> Read<T> {
        step(&mut self.jiter).map_err(|error| {
            let position = self.jiter.error_position(error.index);
            let problem = match &error.error_type {
                JiterErrorType::JsonError(JsonErrorType::RecursionLimitExceeded) => errors::too_deep(DEPTH_MAX),
                kind => errors::syntax(&syntax_message(kind), position.line, position.column),
            };
            self.abort(problem)
        })
    }

    fn report<T>(&mut self, problem: Problem) -> Read<Option<T>> {
        self.report_at(problem, None).map(|()| None)
    }

    fn report_at(&mut self, problem: Problem, field: Option<&str>) -> Read<()> {
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

/// The value that a JSON string writes for a basic type.
fn text_of_type(text: &str, basic: &Type) -> Option<Value> {
    match basic {
        Type::Text => Some(Value::from(text)),
        Type::Date => Date::parse(text).ok().map(Value::Date),
        Type::Time => Time::parse(text).ok().map(Value::Time),
        Type::DateTime => DateTime::parse(text).ok().map(Value::DateTime),
        Type::DaysDuration => DaysDuration::parse(text).ok().map(Value::DaysDuration),
        Type::MonthsDuration => MonthsDuration::parse(text).ok().map(Value::MonthsDuration),
        _ => None,
    }
}

fn cut(json: &str) -> String {
    let mut characters = json.chars();
    let shown: String = characters.by_ref().take(SHOWN_CHARACTERS_MAX).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

fn line_and_column(bytes: &[u8], position: usize) -> (usize, usize) {
    let before = bytes.get(..position).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len).saturating_add(1);
    (line, column)
}

fn syntax_message(kind: &JiterErrorType) -> Message {
    let JiterErrorType::JsonError(kind) = kind else {
        return Message::new("se esperaba otra clase de valor", "another kind of value was expected");
    };
    match kind {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue
        | JsonErrorType::UnexpectedEndOfHexEscape => Message::new("se acaba antes de tiempo", "it ends too early"),
        JsonErrorType::ExpectedColon => Message::new("se esperaban dos puntos (:)", "expected a colon (:)"),
        JsonErrorType::ExpectedListCommaOrEnd => Message::new("se esperaba una coma o ]", "expected a comma or ]"),
        JsonErrorType::ExpectedObjectCommaOrEnd => Message::new("se esperaba una coma o }", "expected a comma or }"),
        JsonErrorType::TrailingComma => Message::new("sobra una coma", "there is a comma too many"),
        JsonErrorType::TrailingCharacters => {
            Message::new("sobra texto después del JSON", "there is text after the JSON")
        }
        JsonErrorType::KeyMustBeAString => {
            Message::new("el nombre de un campo va entre comillas", "the name of a field goes in quotes")
        }
        JsonErrorType::InvalidNumber => Message::new("el número está mal escrito", "the number is badly written"),
        JsonErrorType::NumberOutOfRange => {
            Message::new("el número tiene demasiados dígitos", "the number has too many digits")
        }
        JsonErrorType::ControlCharacterWhileParsingString => {
            Message::new("hay un carácter de control en un texto", "there is a control character in a text")
        }
        JsonErrorType::InvalidEscape
        | JsonErrorType::InvalidUnicodeCodePoint
        | JsonErrorType::LoneLeadingSurrogateInHexEscape => Message::new(
            "hay una secuencia de escape (\\) que no existe",
            "there is an escape sequence (\\) that does not exist",
        ),
        _ => Message::new("se esperaba un valor", "a value was expected"),
    }
}
