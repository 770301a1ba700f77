//! Reads what is neither list nor object: numbers, texts, dates and the like, ranges and choices.

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, TemporalError, Time, Type, Value};
use jiter::Peek;

use super::nearest::nearest;
use super::reader::{Read, Reader, cut};
use super::{errors, ranges};

impl<'a> Reader<'a> {
    pub(super) fn boolean(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        match peek {
            Peek::True | Peek::False => self.json(|jiter| jiter.known_bool(peek)).map(|truth| Some(truth.into())),
            _ => self.refuse(ty, peek),
        }
    }

    pub(super) fn number(&mut self, ty: &Type, integer: bool, peek: Peek) -> Read<Option<Value>> {
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

    pub(super) fn number_text(&mut self, peek: Peek) -> Read<&'a str> {
        let start = self.jiter.current_index();
        self.json(|jiter| jiter.known_number_bytes(peek).map(|_| ()))?;
        Ok(self.text.get(start..self.jiter.current_index()).unwrap_or_default())
    }

    pub(super) fn text(&mut self, ty: &Type, peek: Peek) -> Read<Option<Value>> {
        match peek {
            Peek::String => self.json(|jiter| jiter.known_str().map(Value::from)).map(Some),
            _ => self.refuse(ty, peek),
        }
    }

    pub(super) fn temporal(
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

    pub(super) fn range(&mut self, ty: &Type, of: &Type, peek: Peek) -> Read<Option<Value>> {
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

    pub(super) fn choice(&mut self, ty: &Type, choices: &'a [Value], peek: Peek) -> Read<Option<Value>> {
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
