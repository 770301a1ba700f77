//! The typed decision graph: what the reference evaluator walks and what the compiler lowers to a plan.

use std::sync::Arc;

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Comparison, HitPolicy, Quantifier};
use dictamen_value::{Date, DateTime, Message, Type, Value};

/// Number of a ruleset in a model.
pub type RulesetId = u32;
/// Number of an input in a model.
pub type InputId = u32;
/// Number of a parameter in a model.
pub type ParameterId = u32;
/// Number of a decision in a model.
pub type DecisionId = u32;
/// Number of a declared function in a model.
pub type FunctionId = u32;
/// Number of a lambda in a model.
pub type LambdaId = u32;
/// Number of a constraint in a model (`NamedType::constraint`).
pub type ConstraintId = u32;
/// Number of a local variable in its body's frame.
pub type LocalId = u32;

/// One ruleset with all that it imports, linked and typed.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Rulesets; `root` is the one that was asked for, the others are imported.
    pub rulesets: Vec<Ruleset>,
    /// The ruleset that was asked for.
    pub root: RulesetId,
    /// Named types, in order of declaration, with what people should know of them.
    pub types: Vec<TypeDeclaration>,
    /// Constraints of types.
    pub constraints: Vec<Constraint>,
    /// Facts that a request may bring.
    pub inputs: Vec<Input>,
    /// Dated parameters.
    pub parameters: Vec<Parameter>,
    /// Decisions and tables.
    pub decisions: Vec<Decision>,
    /// Declared functions.
    pub functions: Vec<Function>,
    /// Bodies of `function(x) …` expressions.
    pub lambdas: Vec<Lambda>,
    /// What people are told of decisions: at most one letter a decision.
    pub letters: Vec<Letter>,
    /// Words that letters explain, those of the root ruleset first.
    pub glossary: Vec<Term>,
    /// Cases of the root ruleset.
    pub cases: Vec<Case>,
    /// Whether DMN's dynamic rules hold: errors are null with a diagnostic.
    pub dmn_mode: bool,
}

/// What a ruleset says of itself.
#[derive(Clone, Debug, Default)]
pub struct Ruleset {
    /// Identifier, such as `rut.iva`.
    pub id: Arc<str>,
    /// Title, legal basis, owner, notes.
    pub about: About,
    /// `version "…"`, if given.
    pub version: Option<Arc<str>>,
    /// First day in force; always where `None`.
    pub in_force_from: Option<Date>,
    /// Last day in force; for ever where `None`.
    pub in_force_to: Option<Date>,
    /// Day from which it is known; always where `None`.
    pub published: Option<Date>,
}

/// What people should know of a thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// `titulo`.
    pub title: Option<Arc<str>>,
    /// `base_legal`.
    pub legal_basis: Option<Arc<str>>,
    /// `responsable`.
    pub owner: Option<Arc<str>>,
    /// `nota`.
    pub note: Option<Arc<str>>,
    /// `por_verificar`: what is not yet sure.
    pub to_verify: Option<Arc<str>>,
    /// `reserva`: why, and by which norm, people are not told how it decides.
    pub reserved: Option<Arc<str>>,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDeclaration {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// Its name.
    pub name: Arc<str>,
    /// The type, always `Type::Named`.
    pub ty: Type,
    /// Title, legal basis, notes.
    pub about: About,
    /// The name in its declaration.
    pub span: Span,
}

/// What values of a type must meet.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Conditions over local 0, the value.
    pub tests: Cell,
    /// Frame size of the tests.
    pub frame: u32,
    /// As written, for messages.
    pub text: Arc<str>,
}

/// A fact that a request may bring.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it was declared first.
    pub ruleset: RulesetId,
    /// Its name; inputs of imported rulesets with the same name and type are one.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Title, notes.
    pub about: About,
    /// The name in its declaration.
    pub span: Span,
}

/// A parameter with its dated values.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Title, legal basis, notes.
    pub about: About,
    /// Its values; see [`DatedValue::holds`] for which one holds.
    pub rows: Vec<DatedValue>,
    /// The name in its declaration.
    pub span: Span,
}

/// A value with the days on which it holds and the instant from which it was known.
#[derive(Clone, Debug)]
pub struct DatedValue {
    /// First day on which it holds.
    pub from: Date,
    /// Last day on which it holds; for ever where `None`.
    pub to: Option<Date>,
    /// Instant from which it is known; always where `None`.
    pub known: Option<DateTime>,
    /// The value; `Null` where it is not known yet: reading it is an error.
    pub value: Value,
    /// Legal basis, notes of the row.
    pub about: About,
    /// The row.
    pub span: Span,
}

/// A decision or table.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// Its name.
    pub name: Arc<str>,
    /// The type of its outcome.
    pub ty: Type,
    /// Title, legal basis, notes.
    pub about: About,
    /// What it decides.
    pub body: Body,
    /// The name in its declaration.
    pub span: Span,
}

/// Something to evaluate, with the size of the frame that its locals need.
#[derive(Clone, Debug)]
pub struct Body {
    /// What to evaluate.
    pub kind: BodyKind,
    /// How many locals there are.
    pub frame: u32,
}

/// An expression or a table.
#[derive(Clone, Debug)]
pub enum BodyKind {
    /// The value of an expression.
    Expression(Expr),
    /// The outcome of a table.
    Table(Box<Table>),
}

/// A declared function; arguments are its locals 0, 1, ….
#[derive(Clone, Debug)]
pub struct Function {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// Its name.
    pub name: Arc<str>,
    /// Names and types of its parameters.
    pub parameters: Vec<(Arc<str>, Type)>,
    /// The type of what it returns.
    pub ty: Type,
    /// Title, legal basis, notes.
    pub about: About,
    /// What it returns.
    pub body: Body,
    /// The name in its declaration.
    pub span: Span,
}

/// The body of a `function(x) …` expression. Its locals are its arguments, then what it captured.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// Names and types of its parameters.
    pub parameters: Vec<(Arc<str>, Type)>,
    /// Locals of the body around it that it captures; they become its locals after the arguments, in this order.
    pub captures: Vec<LocalId>,
    /// DMN mode: whether the function itself is its local after those, so that it may call itself by the name it was given.
    pub sees_itself: bool,
    /// What it returns.
    pub body: Expr,
    /// How many locals there are.
    pub frame: u32,
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a typed expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A value that is known already.
    Constant(Value),
    /// A fact of the request.
    Input(InputId),
    /// The outcome of another decision.
    Decision(DecisionId),
    /// The value of a parameter, at the as-of date or at the date given.
    Parameter(ParameterId, Option<Box<Expr>>),
    /// The as-of date (`fecha_decision`, `today()`).
    AsOf,
    /// The instant as of which figures are known: the moment of the decision (`now()`).
    KnownAt,
    /// A local variable.
    Local(LocalId),
    /// A field of a record; with its position where the type tells it.
    Field(Box<Expr>, Arc<str>, Option<u32>),
    /// A field of every record of a list (FEEL's path over lists).
    FieldOfEach(Box<Expr>, Arc<str>),
    /// The elements of a list (`item` holds each) for which a condition holds.
    Filter {
        /// The list.
        list: Box<Expr>,
        /// The local that holds the element.
        item: LocalId,
        /// The condition.
        condition: Box<Expr>,
    },
    /// The element at a position, from 1, from the end where negative; null where there is none.
    Element(Box<Expr>, Box<Expr>),
    /// `+ - * / **`.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// Unary minus.
    Negate(Box<Expr>),
    /// A comparison.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Three-valued conjunction.
    And(Box<Expr>, Box<Expr>),
    /// Three-valued disjunction.
    Or(Box<Expr>, Box<Expr>),
    /// Whether any of the tests holds for a value, which is put in the local first.
    In {
        /// The value.
        value: Box<Expr>,
        /// The local that tests see it in.
        tested: LocalId,
        /// The tests.
        tests: Vec<Test>,
    },
    /// Whether a value is of a type.
    InstanceOf(Box<Expr>, Type),
    /// The value, which must meet the constraints of a type; one that does not fails.
    Ensure(Box<Expr>, Type),
    /// A conditional.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The list of a body's values over the combinations of iterations.
    For(Vec<Iteration>, Box<Expr>),
    /// The same, where the body sees the list of the values so far in a local (`partial`).
    ForPartial(Vec<Iteration>, LocalId, Box<Expr>),
    /// Whether a condition holds for some or every combination.
    Quantified(Quantifier, Vec<Iteration>, Box<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// A context: each entry is evaluated in order and put in its local, which later ones see.
    Context(Vec<ContextEntry>),
    /// A range as a value; a missing end is `Constant(Null)`.
    Range {
        /// Lower end.
        low: Box<Expr>,
        /// Whether it belongs.
        low_closed: bool,
        /// Upper end.
        high: Box<Expr>,
        /// Whether it belongs.
        high_closed: bool,
    },
    /// A function value.
    Lambda(LambdaId),
    /// A declared function as a value.
    FunctionValue(FunctionId),
    /// A call of a declared function; one argument a parameter.
    Call(FunctionId, Vec<Expr>),
    /// A call of a built-in function (its catalogue name) by the signature at this position.
    BuiltIn {
        /// The function.
        name: &'static str,
        /// Which of its signatures.
        signature: usize,
        /// Arguments in the order of the parameters.
        arguments: Vec<Expr>,
    },
    /// A call of a function value.
    CallValue(Box<Expr>, Vec<Expr>),
    /// What a decision service gives for the arguments in its locals.
    Service(Box<Service>),
    /// A call of a function value whose arguments have names.
    CallNamed(Box<Expr>, Vec<(Arc<str>, Expr)>),
    /// A call of a Java method of the closed list of external functions, by its class and its signature.
    External(Arc<str>, Arc<str>, Vec<Expr>),
    /// Values that are put in locals, in order, and then the value of an expression that sees them.
    Let(Vec<(LocalId, Expr)>, Box<Expr>),
    /// DMN mode: the value as a type wants it (DMN 1.5, clause 10.3.2.9.4), null where it does not conform.
    Convert(Box<Expr>, Type),
    /// DMN mode: the entry of a name, where the value in the local is a context that has it; else the other expression.
    EntryOr(LocalId, Arc<str>, Box<Expr>),
    /// DMN mode: what makes no sense: null, with this code and message as its diagnostic.
    Fault(Arc<str>, Message),
}

/// A decision service inside the function that offers it: what each of its parameters is, and what it gives.
#[derive(Clone, Debug)]
pub struct Service {
    /// Facts, with the locals that hold them.
    pub inputs: Vec<(InputId, LocalId)>,
    /// Decisions whose outcomes are given, with the locals that hold them.
    pub decisions: Vec<(DecisionId, LocalId)>,
    /// Its outputs; one gives its outcome, several a context of theirs.
    pub outputs: Vec<DecisionId>,
    /// Names of the outputs in that context.
    pub names: Vec<Arc<str>>,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A variable that runs over something.
#[derive(Clone, Debug)]
pub struct Iteration {
    /// The local that holds the element.
    pub item: LocalId,
    /// What it runs over.
    pub domain: Domain,
}

/// What a variable runs over.
#[derive(Clone, Debug)]
pub enum Domain {
    /// The elements of a list.
    List(Expr),
    /// Whole numbers or days from one to the other, both included, up or down.
    Interval(Expr, Expr),
}

/// An entry of a context.
#[derive(Clone, Debug)]
pub struct ContextEntry {
    /// Its name.
    pub name: Arc<str>,
    /// The local that later entries see it in.
    pub local: LocalId,
    /// Its value.
    pub value: Expr,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// How many rows may match and what comes of them.
    pub policy: HitPolicy,
    /// Input columns.
    pub inputs: Vec<InputColumn>,
    /// Output columns.
    pub outputs: Vec<OutputColumn>,
    /// Whether an outcome is the value of the only output column, and not a record of them.
    pub single: bool,
    /// Names of annotation columns.
    pub annotations: Vec<Arc<str>>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Outcome where no row matches: one expression an output column, and its annotations.
    pub default: Option<(Vec<Expr>, About, Span)>,
    /// The type of one outcome (of an element where the policy gives lists).
    pub outcome: Type,
    /// The table.
    pub span: Span,
}

/// An input column: what its cells test, in the local that they see it in.
#[derive(Clone, Debug)]
pub struct InputColumn {
    /// The expression.
    pub value: Expr,
    /// The local (`?`).
    pub tested: LocalId,
    /// As written.
    pub text: Arc<str>,
}

/// An output column.
#[derive(Clone, Debug)]
pub struct OutputColumn {
    /// Its name.
    pub name: Arc<str>,
    /// The type of its cells.
    pub ty: Type,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell an input column.
    pub inputs: Vec<Cell>,
    /// One expression an output column.
    pub outputs: Vec<Expr>,
    /// Legal basis and notes of the row.
    pub about: About,
    /// Texts of the annotation columns.
    pub annotations: Vec<Arc<str>>,
    /// The row.
    pub span: Span,
}

/// An input cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it tests.
    pub kind: CellKind,
    /// As written.
    pub text: Arc<str>,
    /// The cell.
    pub span: Span,
}

/// The forms of a cell.
#[derive(Clone, Debug)]
pub enum CellKind {
    /// Anything goes.
    Any,
    /// One of these holds.
    AnyOf(Vec<Test>),
    /// None of these holds.
    NoneOf(Vec<Test>),
}

/// One test of the value in a local.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it is.
    pub kind: TestKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a test. A comparison with null on either side does not hold, save two: null is `= null`, and what is there is
/// `!= null`. An end of a range that is `Constant(Null)` is no end.
#[derive(Clone, Debug)]
pub enum TestKind {
    /// Compares with the value of an expression.
    Compare(Comparison, Expr),
    /// Lies in a range given by its ends (`Constant(Null)`: no end).
    Within {
        /// Lower end.
        low: Expr,
        /// Whether it belongs.
        low_closed: bool,
        /// Upper end.
        high: Expr,
        /// Whether it belongs.
        high_closed: bool,
    },
    /// Lies in the range that an expression gives.
    InRange(Expr),
    /// Is an element of the list that an expression gives.
    InList(Expr),
    /// A condition in which the local is the value.
    Condition(Expr),
    /// DMN mode, type not known: decided by what the expression gives.
    Dynamic(Expr),
}

/// What people are told of a decision.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// The decision.
    pub decision: DecisionId,
    /// Gives a context with an entry for each line it has: `asunto` (text), `decidimos` (text or list of text), `razones` (list of
    /// text or of records of `texto` and `base_legal`), `puede_hacer` (list of text).
    pub body: Body,
    /// The decision's name in the letter.
    pub span: Span,
}

/// A word that letters explain.
#[derive(Clone, Debug)]
pub struct Term {
    /// Where it was declared.
    pub ruleset: RulesetId,
    /// The word or words.
    pub term: Arc<str>,
    /// What it means.
    pub meaning: Arc<str>,
    /// The row.
    pub span: Span,
}

/// Facts and what is expected of them.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub title: Arc<str>,
    /// Legal basis, notes.
    pub about: About,
    /// The as-of date.
    pub as_of: Option<Date>,
    /// The known-at instant.
    pub known_at: Option<DateTime>,
    /// Values of inputs.
    pub given: Vec<(InputId, Value)>,
    /// What must hold.
    pub expectations: Vec<Expectation>,
    /// The title.
    pub span: Span,
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What it is.
    pub kind: ExpectationKind,
    /// As written.
    pub text: Arc<str>,
    /// The line.
    pub span: Span,
}

/// What may be expected.
#[derive(Clone, Debug)]
pub enum ExpectationKind {
    /// Two sides are equal (both are shown where they are not).
    Equal(Body, Body),
    /// A condition holds.
    Holds(Body),
    /// Evaluating a decision fails with a code.
    Fails(Arc<str>, DecisionId),
}
