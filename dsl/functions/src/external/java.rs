//! Java's types and values, and how FEEL's become them and they become FEEL's (DMN 1.5, clause 10.3.2.13.3).

use std::sync::Arc;

use dictamen_value::{Message, Number, Rounding, Value};

/// A type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    Char,
    Text,
    Decimal,
    BigInteger,
    Object,
    Objects,
    Texts,
}

/// A value on its way into a method or out of it.
#[derive(Clone, Debug)]
pub(super) enum Java {
    Boolean(bool),
    /// `byte`, `short`, `int` and `long`.
    Long(i64),
    Float(f32),
    Double(f64),
    Char(char),
    Text(Arc<str>),
    Number(Number),
    /// What is passed as it is: objects, dates, durations.
    Value(Value),
    Array(Vec<Value>),
}

/// Names of types as signatures spell them.
const NAMES: [(&str, Kind); 45] = [
    ("boolean", Kind::Boolean),
    ("byte", Kind::Byte),
    ("short", Kind::Short),
    ("int", Kind::Int),
    ("long", Kind::Long),
    ("float", Kind::Float),
    ("double", Kind::Double),
    ("char", Kind::Char),
    ("java.lang.String", Kind::Text),
    ("java.math.BigDecimal", Kind::Decimal),
    ("java.math.BigInteger", Kind::BigInteger),
    ("java.lang.Object", Kind::Object),
    ("[Ljava.lang.Object;", Kind::Objects),
    ("[Ljava.lang.CharSequence;", Kind::Texts),
    ("java.lang.Boolean", Kind::Boolean),
    ("java.lang.Byte", Kind::Byte),
    ("java.lang.Short", Kind::Short),
    ("java.lang.Integer", Kind::Int),
    ("java.lang.Long", Kind::Long),
    ("java.lang.Float", Kind::Float),
    ("java.lang.Double", Kind::Double),
    ("java.lang.Character", Kind::Char),
    ("java.lang.CharSequence", Kind::Text),
    ("java.lang.Number", Kind::Decimal),
    ("Boolean", Kind::Boolean),
    ("Byte", Kind::Byte),
    ("Short", Kind::Short),
    ("Integer", Kind::Int),
    ("Long", Kind::Long),
    ("Float", Kind::Float),
    ("Double", Kind::Double),
    ("Character", Kind::Char),
    ("String", Kind::Text),
    ("CharSequence", Kind::Text),
    ("BigDecimal", Kind::Decimal),
    ("BigInteger", Kind::BigInteger),
    ("Object", Kind::Object),
    ("java.lang.Object[]", Kind::Objects),
    ("java.lang.Object...", Kind::Objects),
    ("Object[]", Kind::Objects),
    ("Object...", Kind::Objects),
    ("java.lang.CharSequence[]", Kind::Texts),
    ("java.lang.CharSequence...", Kind::Texts),
    ("CharSequence[]", Kind::Texts),
    ("[Ljava.lang.String;", Kind::Texts),
];

impl Kind {
    /// The kind that a name in a signature stands for.
    pub(super) fn read(name: &str) -> Option<Kind> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Its first name.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map_or("?", |(name, _)| name)
    }

    pub(super) fn is_array(self) -> bool {
        matches!(self, Kind::Objects | Kind::Texts)
    }

    /// A FEEL value as this type has it.
    pub(super) fn convert(self, value: &Value) -> Result<Java, Message> {
        let converted = match (self, value) {
            (Kind::Boolean, Value::Boolean(boolean)) => Some(Java::Boolean(*boolean)),
            (Kind::Byte, Value::Number(number)) => whole(*number, i8::MIN.into(), i8::MAX.into()),
            (Kind::Short, Value::Number(number)) => whole(*number, i16::MIN.into(), i16::MAX.into()),
            (Kind::Int, Value::Number(number)) => whole(*number, i32::MIN.into(), i32::MAX.into()),
            (Kind::Long, Value::Number(number)) => whole(*number, i64::MIN, i64::MAX),
            (Kind::Float, Value::Number(number)) => number.to_string().parse().ok().map(Java::Float),
            (Kind::Double, Value::Number(number)) => number.to_string().parse().ok().map(Java::Double),
            (Kind::Char, Value::Text(text)) => only_character(text).map(Java::Char),
            (Kind::Text, Value::Text(text)) => Some(Java::Text(text.clone())),
            (Kind::Decimal, Value::Number(number)) => Some(Java::Number(*number)),
            (Kind::BigInteger, Value::Number(number)) => number.round(0, Rounding::Down).ok().map(Java::Number),
            (Kind::Object, value) => Some(Java::Value(value.clone())),
            (Kind::Objects | Kind::Texts, Value::List(items)) => return self.convert_all(items),
            _ => None,
        };
        converted.ok_or_else(|| {
            let kind = value.type_name();
            Message::new(
                format!("{} no se convierte en {}", kind.es, self.name()),
                format!("{} does not convert to {}", kind.en, self.name()),
            )
        })
    }

    /// Values as an array of this type.
    pub(super) fn convert_all(self, items: &[Value]) -> Result<Java, Message> {
        if self == Kind::Texts {
            items.iter().try_for_each(|item| Kind::Text.convert(item).map(drop))?;
        }
        Ok(Java::Array(items.to_vec()))
    }
}

impl Java {
    pub(super) fn boolean(&self) -> Result<bool, Message> {
        if let Java::Boolean(boolean) = self { Ok(*boolean) } else { Err(unsuitable()) }
    }

    pub(super) fn long(&self) -> Result<i64, Message> {
        if let Java::Long(number) = self { Ok(*number) } else { Err(unsuitable()) }
    }

    pub(super) fn float(&self) -> Result<f32, Message> {
        if let Java::Float(number) = self { Ok(*number) } else { Err(unsuitable()) }
    }

    pub(super) fn double(&self) -> Result<f64, Message> {
        match self {
            Java::Double(number) => Ok(*number),
            Java::Float(number) => Ok(f64::from(*number)),
            _ => Err(unsuitable()),
        }
    }

    pub(super) fn character(&self) -> Result<char, Message> {
        if let Java::Char(character) = self { Ok(*character) } else { Err(unsuitable()) }
    }

    pub(super) fn text(&self) -> Result<&str, Message> {
        if let Java::Text(text) = self { Ok(text) } else { Err(unsuitable()) }
    }

    pub(super) fn value(&self) -> Result<&Value, Message> {
        if let Java::Value(value) = self { Ok(value) } else { Err(unsuitable()) }
    }

    pub(super) fn array(&self) -> Result<&[Value], Message> {
        if let Java::Array(items) = self { Ok(items) } else { Err(unsuitable()) }
    }

    /// As FEEL has it: binary numbers by their shortest decimal form, which is the same on every machine.
    pub(super) fn into_value(self) -> Result<Value, Message> {
        Ok(match self {
            Java::Boolean(boolean) => Value::Boolean(boolean),
            Java::Long(number) => Value::from(number),
            Java::Float(number) => finite(number.is_finite(), &format!("{number:e}"))?,
            Java::Double(number) => finite(number.is_finite(), &format!("{number:e}"))?,
            Java::Char(character) => Value::text(character.to_string()),
            Java::Text(text) => Value::Text(text),
            Java::Number(number) => Value::Number(number),
            Java::Value(value) => value,
            Java::Array(items) => Value::list(items),
        })
    }
}

/// The argument at a position.
pub(super) fn argument(arguments: &[Java], position: usize) -> Result<&Java, Message> {
    arguments.get(position).ok_or_else(unsuitable)
}

/// What an entry of the list with a mistake in it says.
fn unsuitable() -> Message {
    Message::new("el argumento no es del tipo de su parámetro", "the argument is not of its parameter's type")
}

fn finite(is_finite: bool, text: &str) -> Result<Value, Message> {
    let number = is_finite.then(|| Number::parse(text).ok()).flatten();
    number
        .map(Value::Number)
        .ok_or_else(|| Message::new("el resultado no es un número finito", "the result is not a finite number"))
}

/// Toward zero, as Java narrows a decimal number.
fn whole(number: Number, min: i64, max: i64) -> Option<Java> {
    let whole = number.round(0, Rounding::Down).ok()?.to_i64()?;
    (min..=max).contains(&whole).then_some(Java::Long(whole))
}

/// The character of a text that has one, where Java's `char` can hold it.
fn only_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next()?;
    (characters.next().is_none() && first.len_utf16() == 1).then_some(first)
}
