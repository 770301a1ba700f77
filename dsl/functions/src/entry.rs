//! What an entry of the catalogue consists of.

use dictamen_value::{DateTime, FunctionValue, Message, NumberError, TemporalError, Value};

/// A built-in function.
#[derive(Debug)]
pub struct Entry {
    /// Its FEEL name, spaces included, such as `string length`.
    pub name: &'static str,
    /// The chapter of the manual it belongs to, such as `texto`.
    pub chapter: &'static str,
    /// What it does, in a sentence, in Spanish.
    pub doc_es: &'static str,
    /// The same in English.
    pub doc_en: &'static str,
    /// The ways to call it; the first that accepts the arguments is taken.
    pub signatures: &'static [Signature],
    /// Calls with their results; each runs as a test.
    pub examples: &'static [Example],
}

/// An example: two FEEL expressions that are equal.
#[derive(Debug)]
pub struct Example {
    /// The call.
    pub call: &'static str,
    /// What it returns, as a FEEL literal.
    pub result: &'static str,
}

/// One way to call a function.
#[derive(Debug)]
pub struct Signature {
    /// Parameters in order.
    pub parameters: &'static [Parameter],
    /// What it returns.
    pub result: Shape,
    /// What it does. Arguments come in the order of the parameters and were checked against their shapes; optional ones at the
    /// end that were not given are not there, a variadic last one gives any number of them.
    pub body: fn(&[Value], &mut dyn Host) -> Result<Value, FunctionError>,
}

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its FEEL name (DMN 1.5, clause 10.3.4), spaces included.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Whether it must be given, may be left out, or takes all that follow.
    pub presence: Presence,
}

/// Whether an argument must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Once.
    Required,
    /// Or not.
    Optional,
    /// All that follow; only on the last parameter.
    Variadic,
}

/// A pattern over types. `Same(n)` stands for one type throughout a signature, so that `append` of a list of dates is a
/// list of dates; `Unit(n)` likewise for numbers that keep their unit, so that a `sum` of pesos is pesos. Both are
/// the checker's business: at run time `Same` takes any value and `Unit` any number.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// `null` alone.
    Null,
    /// A boolean.
    Boolean,
    /// A plain number (an argument with a unit is refused).
    Number,
    /// A number with the unit that the signature knows by this number.
    Unit(u8),
    /// A whole plain number.
    Integer,
    /// Text.
    Text,
    /// A date.
    Date,
    /// A time.
    Time,
    /// A date and time.
    DateTime,
    /// A duration in days.
    DaysDuration,
    /// A duration in months.
    MonthsDuration,
    /// A context with any entries.
    Context,
    /// The type that the signature knows by this number.
    Same(u8),
    /// A list.
    List(&'static Shape),
    /// A range.
    Range(&'static Shape),
    /// A value that may be null; where a parameter says so, an argument may be absent.
    Optional(&'static Shape),
    /// A function from these to that.
    Function(&'static [Shape], &'static Shape),
}

/// Why a body gave no value.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionError {
    /// The arguments make no sense together, such as the 30th of February. DMN makes this null; native rules fail.
    Domain(Message),
    /// A limit or a nested failure of the host's: passed through untouched, whatever the mode.
    Host,
}

/// What a body may ask of the evaluator that runs it.
pub trait Host {
    /// Calls a function value, such as the ordering given to `sort`.
    fn call(&mut self, function: &FunctionValue, arguments: &[Value]) -> Result<Value, FunctionError>;

    /// Says that the body is about to do work or make values in proportion to `items`, so that limits hold.
    fn charge(&mut self, items: usize) -> Result<(), FunctionError>;
}

impl Entry {
    /// The signature to call with these arguments, and the arguments as it wants them: the first that accepts them as
    /// they are, else the first that does after FEEL's implicit conversions (DMN 1.5, clause 10.3.2.9.4).
    pub fn choose(&self, arguments: &[Value]) -> Option<(&'static Signature, Vec<Value>)> {
        let exact = self.signatures.iter().find(|signature| signature.accepts(arguments));
        if let Some(signature) = exact {
            return Some((signature, arguments.to_vec()));
        }
        self.signatures.iter().find_map(|signature| Some((signature, signature.convert(arguments)?)))
    }

    /// The same for arguments with names: `None` also where a name is not one of a parameter, is given twice, or is missing.
    pub fn choose_named(&self, arguments: &[(&str, Value)]) -> Option<(&'static Signature, Vec<Value>)> {
        let in_order = |signature: &'static Signature| Some((signature, signature.in_order(arguments)?));
        let candidates: Vec<_> = self.signatures.iter().filter_map(in_order).collect();
        let exact = candidates.iter().find(|(signature, values)| signature.accepts(values)).cloned();
        exact.or_else(|| {
            candidates.into_iter().find_map(|(signature, values)| Some((signature, signature.convert(&values)?)))
        })
    }
}

impl Example {
    /// An example from a call and its result.
    pub const fn new(call: &'static str, result: &'static str) -> Example {
        Example { call, result }
    }
}

impl Signature {
    /// A signature from its parts.
    pub const fn new(
        parameters: &'static [Parameter],
        result: Shape,
        body: fn(&[Value], &mut dyn Host) -> Result<Value, FunctionError>,
    ) -> Signature {
        Signature { parameters, result, body }
    }

    /// The parameter that takes the argument at a position, counted from 0.
    pub fn parameter_at(&self, position: usize) -> Option<&'static Parameter> {
        let last = self.parameters.last().filter(|last| last.presence == Presence::Variadic);
        self.parameters.get(position).or(last)
    }

    /// Named arguments in the order of the parameters, null for optional ones that are missing.
    fn in_order(&self, arguments: &[(&str, Value)]) -> Option<Vec<Value>> {
        let mut left = arguments.len();
        let mut values = Vec::with_capacity(self.parameters.len());
        for parameter in self.parameters {
            let mut given = arguments.iter().filter(|(name, _)| *name == parameter.name);
            match (given.next(), given.next(), parameter.presence) {
                (Some((_, value)), None, _) => {
                    left = left.saturating_sub(1);
                    values.push(value.clone());
                }
                (None, _, Presence::Optional) => values.push(Value::Null),
                _ => return None,
            }
        }
        (left == 0).then_some(values)
    }

    /// Whether so many arguments may be given.
    pub fn takes(&self, count: usize) -> bool {
        let required = self.parameters.iter().filter(|parameter| parameter.presence == Presence::Required).count();
        let variadic = self.parameters.iter().any(|parameter| parameter.presence == Presence::Variadic);
        count >= required && (variadic || count <= self.parameters.len())
    }

    /// Whether the arguments, in order, fit the parameters as they are.
    pub fn accepts(&self, arguments: &[Value]) -> bool {
        let fits = |(position, argument): (usize, &Value)| {
            self.parameter_at(position).is_some_and(|parameter| parameter.shape.accepts(argument))
        };
        self.takes(arguments.len()) && arguments.iter().enumerate().all(fits)
    }

    /// The arguments after FEEL's implicit conversions, where they fit then.
    pub fn convert(&self, arguments: &[Value]) -> Option<Vec<Value>> {
        if !self.takes(arguments.len()) {
            return None;
        }
        let converted = |(position, argument)| self.parameter_at(position)?.shape.convert(argument);
        arguments.iter().enumerate().map(converted).collect()
    }
}

impl Parameter {
    /// One that must be given.
    pub const fn required(name: &'static str, shape: Shape) -> Parameter {
        Parameter { name, shape, presence: Presence::Required }
    }

    /// One that may be left out.
    pub const fn optional(name: &'static str, shape: Shape) -> Parameter {
        Parameter { name, shape, presence: Presence::Optional }
    }

    /// One that takes all that follow.
    pub const fn variadic(name: &'static str, shape: Shape) -> Parameter {
        Parameter { name, shape, presence: Presence::Variadic }
    }
}

impl Shape {
    /// Whether a value fits at run time. Functions are not looked into: their arity shows when they are called.
    pub fn accepts(&self, value: &Value) -> bool {
        match self {
            Shape::Any | Shape::Same(_) => true,
            Shape::Null => value.is_null(),
            Shape::Boolean => matches!(value, Value::Boolean(_)),
            Shape::Number | Shape::Unit(_) => matches!(value, Value::Number(_)),
            Shape::Integer => value.as_number().is_some_and(|number| number.is_integer()),
            Shape::Text => matches!(value, Value::Text(_)),
            Shape::Date => matches!(value, Value::Date(_)),
            Shape::Time => matches!(value, Value::Time(_)),
            Shape::DateTime => matches!(value, Value::DateTime(_)),
            Shape::DaysDuration => matches!(value, Value::DaysDuration(_)),
            Shape::MonthsDuration => matches!(value, Value::MonthsDuration(_)),
            Shape::Context => matches!(value, Value::Context(_)),
            Shape::List(of) => {
                value.as_list().is_some_and(|elements| elements.iter().all(|element| of.accepts(element)))
            }
            Shape::Range(of) => value
                .as_range()
                .is_some_and(|range| [&range.low, &range.high].into_iter().all(|end| end.is_null() || of.accepts(end))),
            Shape::Optional(of) => value.is_null() || of.accepts(value),
            Shape::Function(..) => matches!(value, Value::Function(_)),
        }
    }

    /// The value as this shape wants it: itself where it fits, alone in a list where a list is wanted, out of its list
    /// where it is alone in one, a date as its midnight in UTC where a date with a time is wanted.
    pub fn convert(&self, value: &Value) -> Option<Value> {
        if self.accepts(value) {
            return Some(value.clone());
        }
        match (self, value) {
            (Shape::Optional(of), _) => of.convert(value),
            (Shape::List(_), Value::Null) => None,
            (Shape::List(of), single) if single.as_list().is_none() => Some(Value::list(vec![of.convert(single)?])),
            (Shape::DateTime, Value::Date(date)) => Some(Value::from(DateTime::at_midnight_utc(*date))),
            (_, Value::List(elements)) => match elements.as_slice() {
                [single] if self.accepts(single) => Some(single.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl FunctionError {
    /// An error of the first kind, from what is wrong in Spanish and in English.
    pub fn domain(es: impl Into<String>, en: impl Into<String>) -> FunctionError {
        FunctionError::Domain(Message::new(es, en))
    }
}

impl From<Message> for FunctionError {
    fn from(message: Message) -> FunctionError {
        FunctionError::Domain(message)
    }
}

impl From<NumberError> for FunctionError {
    fn from(error: NumberError) -> FunctionError {
        FunctionError::Domain(error.message())
    }
}

impl From<TemporalError> for FunctionError {
    fn from(error: TemporalError) -> FunctionError {
        FunctionError::Domain(error.message())
    }
}
