//! What an entry of the catalogue consists of.

use dictamen_value::{FunctionValue, Message, Value};

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
/// list of dates; `Unit(n)` likewise for numbers that keep their unit, so that a `sum` of pesos is pesos.
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
