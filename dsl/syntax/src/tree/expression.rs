//! FEEL expressions, and the tests of input cells.

use super::{Comment, Name, TypeExpr};
use crate::Span;

/// The tests of an input cell (DMN 1.5, grammar rules 14 to 17).
#[derive(Clone, Debug, PartialEq)]
pub struct Tests {
    /// What they are.
    pub kind: TestsKind,
    /// The cell.
    pub span: Span,
}

/// The forms of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum TestsKind {
    /// `-`: anything.
    Any,
    /// One of these holds.
    AnyOf(Vec<Test>),
    /// `not(…)`: none of these holds.
    NoneOf(Vec<Test>),
    /// What could not be read.
    Error,
}

/// One unary test.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it is.
    pub kind: TestKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestKind {
    /// `< 3`, `>= x`, `= "a"`, `!= 4`.
    Compare(Comparison, Expr),
    /// A value, a range, a list to be in, or a condition in which `?` is the value of the column.
    Expression(Expr),
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A FEEL expression (DMN 1.5, clause 10.3.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// What could not be read.
    Error,
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// `@"2026-01-01"`, and a bare date such as `2026-01-01` where a date must stand (headers, parameters): the text between.
    At(String),
    /// A name; one with spaces is whole.
    Name(String),
    /// `?`: the value that is tested.
    Tested,
    /// `of.name`.
    Path(Box<Expr>, Box<Name>),
    /// `of[condition]`.
    Filter(Box<Expr>, Box<Expr>),
    /// `function(arguments)`.
    Call(Box<Expr>, Arguments),
    /// `-value`.
    Negate(Box<Expr>),
    /// `left op right`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `value between low and high`.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `value in (tests)`.
    In(Box<Expr>, Vec<Test>),
    /// `value instance of type`.
    InstanceOf(Box<Expr>, Box<TypeExpr>),
    /// `if condition then … else …`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `for … in …, … return …`.
    For(Vec<Iteration>, Box<Expr>),
    /// `some … in … satisfies …` / `every …`.
    Quantified(Quantifier, Vec<Iteration>, Box<Expr>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a: 1, b: a + 1 }`; entries see those above them.
    Context(Vec<Entry>),
    /// `[a..b]`, `(a..b]`, `]a..b[`, and `(>= a)` as a range value.
    Range(Box<RangeExpr>),
    /// `function(x: T) body`.
    Function(Vec<(Name, Option<TypeExpr>)>, Box<Expr>),
    /// `function(x: T) external { java: … }`: the body of a function is the context that says where it is.
    External(Box<Expr>),
    /// `(value : type)`: the value as that type; in `modo dmn` with DMN's conversions.
    Typed(Box<Expr>, Box<TypeExpr>),
    /// `ilegible "…"` (`unreadable "…"`), only in `modo dmn`: a text from DMN that is no FEEL; it gives null with a diagnostic.
    Unreadable(String),
}

/// Arguments of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// By position.
    Positional(Vec<Expr>),
    /// By name.
    Named(Vec<(Name, Expr)>),
}

/// Operators with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// A comparison.
    Compare(Comparison),
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

/// `some` or `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `some`.
    Some,
    /// `every`.
    Every,
}

/// `name in domain`, `name in from..to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Iteration {
    /// The variable.
    pub name: Name,
    /// What it runs over.
    pub domain: Domain,
}

/// What an iteration runs over.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// A list (or a range as a value).
    List(Expr),
    /// `from..to`, up or down.
    Interval(Expr, Expr),
}

/// `name: value` in a context.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expr,
    /// Comments above it.
    pub comments: Vec<Comment>,
}

/// A range literal; a missing end is open without limit.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeExpr {
    /// The lower end.
    pub low: Option<Expr>,
    /// Whether it belongs.
    pub low_closed: bool,
    /// The upper end.
    pub high: Option<Expr>,
    /// Whether it belongs.
    pub high_closed: bool,
}
