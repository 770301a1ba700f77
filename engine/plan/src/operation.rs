//! Operations: what an expression compiles to. They live in one array; an operation names its operands by position.

use std::sync::Arc;

use dictamen_value::{Message, Type};
use serde::{Deserialize, Serialize};

/// Position of an operation in `Plan::operations`.
pub type OpId = u32;
/// Position in `Plan::constants`.
pub type ConstantId = u32;
/// Position in `Plan::shapes`.
pub type ShapeId = u32;
/// Position in `Plan::texts`.
pub type TextId = u32;
/// Position in `Plan::inputs`.
pub type InputId = u32;
/// Position in `Plan::parameters`.
pub type ParameterId = u32;
/// Position in `Plan::decisions`.
pub type DecisionId = u32;
/// Position in `Plan::functions`.
pub type FunctionId = u32;
/// Position in `Plan::lambdas`.
pub type LambdaId = u32;
/// Position in `Plan::tables`.
pub type TableId = u32;
/// Position in `Plan::constraints`; the numbering of `NamedType::constraint`.
pub type ConstraintId = u32;
/// Position of a local variable in the frame of its body.
pub type LocalId = u32;

/// One operation. See the model's expressions for what each means; here names are slots and types are settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// A constant.
    Constant(ConstantId),
    /// A fact.
    Input(InputId),
    /// The outcome of a decision, evaluated on demand and once.
    Decision(DecisionId),
    /// The value of a parameter, at the as-of date or at the date that an operand gives.
    Parameter(ParameterId, Option<OpId>),
    /// The as-of date.
    AsOf,
    /// A local variable.
    Local(LocalId),
    /// A field, by name and likely position.
    Field(OpId, TextId, u32),
    /// A field of every record of a list.
    FieldOfEach(OpId, TextId),
    /// The elements (in the local) of a list for which a condition holds.
    Filter(OpId, LocalId, OpId),
    /// The element at a position from 1.
    Element(OpId, OpId),
    /// Arithmetic over any kinds of value.
    Arithmetic(ArithmeticOp, OpId, OpId),
    /// Arithmetic over numbers that are never null.
    NumberArithmetic(ArithmeticOp, OpId, OpId),
    /// Unary minus.
    Negate(OpId),
    /// Comparison of any values.
    Compare(Comparison, OpId, OpId),
    /// Comparison of numbers that are never null.
    NumberCompare(Comparison, OpId, OpId),
    /// Three-valued conjunction.
    And(OpId, OpId),
    /// Three-valued disjunction.
    Or(OpId, OpId),
    /// Puts a value in the local and says whether one of the tests holds.
    In(OpId, LocalId, Vec<Test>),
    /// Whether a value is of a type.
    InstanceOf(OpId, Box<Type>),
    /// The value, which must meet the constraints of a type; one that does not fails.
    Ensure(OpId, Box<Type>),
    /// A conditional.
    If(OpId, OpId, OpId),
    /// The list of a body's values.
    For(Vec<Iteration>, OpId),
    /// Whether a condition holds for some or every combination.
    Quantified(Quantifier, Vec<Iteration>, OpId),
    /// A list.
    List(Vec<OpId>),
    /// A context: names, then each value with the local that later entries see it in.
    Context(ShapeId, Vec<(LocalId, OpId)>),
    /// A range from low to high, each closed or not.
    Range(OpId, bool, OpId, bool),
    /// A function value that captures locals.
    Lambda(LambdaId),
    /// A declared function as a value.
    FunctionValue(FunctionId),
    /// A call of a declared function.
    Call(FunctionId, Vec<OpId>),
    /// A call of a built-in function by name and signature.
    BuiltIn(Arc<str>, u32, Vec<OpId>),
    /// A call of a function value.
    CallValue(OpId, Vec<OpId>),
    /// The outcome of a table.
    Table(TableId),
    /// The instant as of which figures are known: the moment of the decision.
    KnownAt,
    /// What a decision service gives for the arguments in its locals.
    Service(Box<Service>),
    /// A call of a function value whose arguments have names.
    CallNamed(OpId, Vec<(TextId, OpId)>),
    /// A call of a Java method of the closed list, by its class and its signature.
    External(Arc<str>, Arc<str>, Vec<OpId>),
    /// Values that are put in locals, in order, and then the value of an operation that sees them.
    Let(Vec<(LocalId, OpId)>, OpId),
    /// The list of a body's values; the local holds the list of those so far.
    ForPartial(Vec<Iteration>, LocalId, OpId),
    /// DMN mode: the value as a type wants it, null where it does not conform.
    Convert(OpId, Box<Type>),
    /// DMN mode: the entry of a name, where the value in the local is a context that has it; else the other operation.
    EntryOr(LocalId, TextId, OpId),
    /// DMN mode: null, with this code and message as its diagnostic.
    Fault(Arc<str>, Message),
}

impl Op {
    /// Visits operands in the order in which they are evaluated, each with the local that holds its value where it is put in one.
    /// The operands of a table stand in the table.
    pub fn operands(&self, visit: &mut dyn FnMut(OpId, Option<LocalId>)) {
        match self {
            Op::Constant(_) | Op::Input(_) | Op::Decision(_) | Op::AsOf | Op::Local(_) | Op::KnownAt => {}
            Op::Lambda(_) | Op::FunctionValue(_) | Op::Table(_) | Op::Service(_) | Op::Fault(..) => {}
            Op::Parameter(_, day) => day.iter().for_each(|day| visit(*day, None)),
            Op::Field(of, ..) | Op::FieldOfEach(of, _) | Op::Negate(of) | Op::InstanceOf(of, _) => visit(*of, None),
            Op::Ensure(of, _) | Op::Convert(of, _) | Op::EntryOr(_, _, of) => visit(*of, None),
            Op::Filter(list, item, condition) => {
                visit(*list, Some(*item));
                visit(*condition, None);
            }
            Op::Element(left, right) | Op::And(left, right) | Op::Or(left, right) | Op::Range(left, _, right, _) => {
                both(*left, *right, visit);
            }
            Op::Arithmetic(_, left, right) | Op::NumberArithmetic(_, left, right) => both(*left, *right, visit),
            Op::Compare(_, left, right) | Op::NumberCompare(_, left, right) => both(*left, *right, visit),
            Op::In(value, local, tests) => {
                visit(*value, Some(*local));
                tests.iter().for_each(|test| test.operands(visit));
            }
            Op::If(condition, then, otherwise) => {
                visit(*condition, None);
                both(*then, *otherwise, visit);
            }
            Op::For(iterations, body) | Op::Quantified(_, iterations, body) => {
                iterations.iter().for_each(|iteration| iteration.operands(visit));
                visit(*body, None);
            }
            Op::ForPartial(iterations, partial, body) => {
                iterations.iter().for_each(|iteration| iteration.operands(visit));
                visit(*body, Some(*partial));
            }
            Op::List(items) | Op::Call(_, items) | Op::BuiltIn(_, _, items) | Op::External(_, _, items) => {
                items.iter().for_each(|item| visit(*item, None));
            }
            Op::Context(_, entries) => entries.iter().for_each(|(local, entry)| visit(*entry, Some(*local))),
            Op::CallValue(function, arguments) => {
                visit(*function, None);
                arguments.iter().for_each(|argument| visit(*argument, None));
            }
            Op::CallNamed(function, arguments) => {
                visit(*function, None);
                arguments.iter().for_each(|(_, argument)| visit(*argument, None));
            }
            Op::Let(locals, body) => {
                locals.iter().for_each(|(local, value)| visit(*value, Some(*local)));
                visit(*body, None);
            }
        }
    }
}

fn both(left: OpId, right: OpId, visit: &mut dyn FnMut(OpId, Option<LocalId>)) {
    visit(left, None);
    visit(right, None);
}

impl Test {
    /// Visits its operands.
    pub fn operands(&self, visit: &mut dyn FnMut(OpId, Option<LocalId>)) {
        match self {
            Test::Compare(_, value)
            | Test::InRange(value)
            | Test::InList(value)
            | Test::Condition(value)
            | Test::Dynamic(value) => visit(*value, None),
            Test::Within(low, _, high, _) => both(*low, *high, visit),
        }
    }
}

impl Iteration {
    fn operands(&self, visit: &mut dyn FnMut(OpId, Option<LocalId>)) {
        match &self.domain {
            Domain::List(list) => visit(*list, Some(self.item)),
            Domain::Interval(from, to) => {
                visit(*from, Some(self.item));
                visit(*to, Some(self.item));
            }
        }
    }
}

/// A decision service inside the function that offers it (DMN 1.5, clause 10.4): an evaluation of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Facts, with the locals that hold them.
    pub inputs: Vec<(InputId, LocalId)>,
    /// Decisions whose outcomes are given, with the locals that hold them.
    pub decisions: Vec<(DecisionId, LocalId)>,
    /// Its outputs.
    pub outputs: Vec<DecisionId>,
    /// Names of the outputs in the context that it gives; none where it gives the outcome of its only output.
    pub shape: Option<ShapeId>,
}

/// One test of the value in a local.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Compares with a value.
    Compare(Comparison, OpId),
    /// Lies between two values, each closed or not; null is no end.
    Within(OpId, bool, OpId, bool),
    /// Lies in a range value.
    InRange(OpId),
    /// Is an element of a list.
    InList(OpId),
    /// A condition over the local.
    Condition(OpId),
    /// Decided by what the operand gives (DMN mode).
    Dynamic(OpId),
}

/// A variable that runs over something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Iteration {
    /// The local that holds the element.
    pub item: LocalId,
    /// What it runs over.
    pub domain: Domain,
}

/// What a variable runs over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Domain {
    /// The elements of a list.
    List(OpId),
    /// Whole numbers or days from one to the other, both included, up or down.
    Interval(OpId, OpId),
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ArithmeticOp {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `**`.
    Power,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// `=`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// `some` or `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantifier {
    /// `some`.
    Some,
    /// `every`.
    Every,
}
