//! The tree that every source format builds: blocks, types, tables and FEEL expressions, each with its span.

mod expression;

use crate::Span;

pub use expression::*;

/// Which spelling of the keywords a file uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    /// `reglas`, `decision`, `tabla`…
    #[default]
    Spanish,
    /// `rules`, `decision`, `table`…
    English,
}

/// One file: at most one header, then blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The spelling of its keywords.
    pub spelling: Spelling,
    /// The header; a file of cases alone has `Header::cases_for`.
    pub header: Option<Header>,
    /// Blocks in the order they were written.
    pub items: Vec<Item>,
    /// Comments after the last block.
    pub trailing: Vec<Comment>,
}

/// A name as it was written (without the back-quotes around one with spaces).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name; parts of a qualified one are joined by dots.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A comment on lines of its own, `//` included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comment {
    /// Its text with the slashes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `reglas rut.iva` with its attributes, or `casos rut.iva` (a file of cases for a ruleset).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The ruleset's identifier, such as `rut.iva`.
    pub id: Name,
    /// Whether this file holds only cases for that ruleset.
    pub cases_only: bool,
    /// Title, legal basis, owner, version, notes.
    pub attributes: Vec<Attribute>,
    /// `vigente desde FECHA hasta FECHA`: from when to when (inclusive) it is in force.
    pub in_force: Option<(Expr, Option<Expr>)>,
    /// `publicada FECHA`: from when it is known.
    pub published: Option<Expr>,
    /// `modo dmn`.
    pub dmn_mode: bool,
    /// The whole header.
    pub span: Span,
}

/// `titulo "…"`, `base_legal "…"` and the like: one line of text about a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// What it says.
    pub key: AttributeKey,
    /// The text, unescaped.
    pub text: String,
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The whole line.
    pub span: Span,
}

/// The attributes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeKey {
    /// `titulo` / `title`.
    Title,
    /// `base_legal` / `legal_basis`.
    LegalBasis,
    /// `responsable` / `owner`.
    Owner,
    /// `version` / `version`.
    Version,
    /// `nota` / `note`.
    Note,
    /// `por_verificar` / `to_verify`: what is not yet sure about it.
    ToVerify,
    /// `reserva` / `reserved`: why, and by which norm, the person is not told how it decides.
    Reserved,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// What it declares.
    pub kind: ItemKind,
    /// The whole block.
    pub span: Span,
}

/// The blocks there are.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `usa comun.uvt como u`.
    Import(Import),
    /// `tipo Nit = texto …` or `tipo Contribuyente { … }`.
    Type(TypeDeclaration),
    /// `entrada contribuyente : Contribuyente`.
    Input(Input),
    /// `parametro valor_uvt : dinero` with its dated rows.
    Parameter(Parameter),
    /// `decision total : dinero = …`.
    Decision(Decision),
    /// `tabla iva : { … } politica unica` with its rows.
    Table(Table),
    /// `funcion uvt(anio: entero) : dinero = …`.
    Function(Function),
    /// `servicio evaluacion` with what it takes and gives.
    Service(Service),
    /// `carta obligaciones`: what the person is told of a decision.
    Letter(Letter),
    /// `glosario` with its words.
    Glossary(Glossary),
    /// `caso "…"`.
    Case(Case),
    /// What could not be read; its text is kept as it is.
    Error(String),
}

/// `usa comun.uvt como u`.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The ruleset.
    pub ruleset: Name,
    /// What it is called here; without it its names are used as they are.
    pub alias: Option<Name>,
}

/// `tipo Nit = texto …`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDeclaration {
    /// Its name.
    pub name: Name,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// What it stands for.
    pub ty: TypeExpr,
}

/// `entrada contribuyente : Contribuyente`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// Title, notes.
    pub attributes: Vec<Attribute>,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// What it says.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `texto`, `dinero`, `Contribuyente`: names are resolved by the checker, built-in ones too.
    Name(String),
    /// `numero en COP/UVT`: units above and below the stroke.
    WithUnit(Box<TypeExpr>, Vec<Name>, Vec<Name>),
    /// `lista de T`.
    List(Box<TypeExpr>),
    /// `rango de T`.
    Range(Box<TypeExpr>),
    /// `{ a: T, b: U }`.
    Record(Vec<FieldDeclaration>),
    /// `"a" | "b"`: literals.
    Choice(Vec<Expr>),
    /// `T?`.
    Optional(Box<TypeExpr>),
    /// `T >= 0`, `T [1..12]`: a unary test that values must meet.
    Tested(Box<TypeExpr>, Box<Tests>),
    /// `T donde matches(?, "…")`: a condition in which `?` is the value.
    Where(Box<TypeExpr>, Box<Expr>),
    /// `funcion(T, U) : V`.
    Function(Vec<TypeExpr>, Box<TypeExpr>),
    /// What could not be read.
    Error,
}

/// One field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDeclaration {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
}

/// `parametro valor_uvt : dinero`, with a table whose columns are `desde`, `hasta`, `conocido`, `valor` and attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// Values with their dates.
    pub rows: Vec<ParameterRow>,
    /// Comments after the last row.
    pub trailing: Vec<Comment>,
}

/// One dated value.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterRow {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// `desde`: from which date it holds.
    pub from: Option<Expr>,
    /// `hasta`: to which date, inclusive; open where missing or `-`.
    pub to: Option<Expr>,
    /// `conocido`: a date or a date and time from which it was known; always where missing or `-`.
    pub known: Option<Expr>,
    /// `valor`: a constant expression, `null` where it is not known yet.
    pub value: Option<Expr>,
    /// `base_legal`, `nota`, `por_verificar` columns that are not empty.
    pub attributes: Vec<Attribute>,
    /// The row.
    pub span: Span,
}

/// `decision total : dinero = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Its name.
    pub name: Name,
    /// Its type; only text from DMN may leave it out.
    pub ty: Option<TypeExpr>,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// `sea x : T = …` lines; each sees those above it.
    pub locals: Vec<Local>,
    /// What it decides.
    pub body: Expr,
}

/// `sea x : T = …` (`let x : T = …`): a value with a name inside one decision or function.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// Its name.
    pub name: Name,
    /// Its type, where that is said.
    pub ty: Option<TypeExpr>,
    /// Its value.
    pub value: Expr,
}

/// `servicio evaluacion : T`: decisions offered as one function (DMN 1.5, clauses 6.2.4 and 10.4).
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// The type of what it returns, where that is said.
    pub ty: Option<TypeExpr>,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// `entrega a, b`: its output decisions; one gives its value, several a context of theirs.
    pub outputs: Vec<Name>,
    /// `encierra c`: decisions that it evaluates inside.
    pub encloses: Vec<Name>,
    /// `recibe_datos x, y`: inputs that are its first parameters.
    pub inputs: Vec<Name>,
    /// `recibe_decisiones z`: decisions whose outcomes are its other parameters.
    pub input_decisions: Vec<Name>,
}

/// `carta obligaciones` (`letter obligaciones`): what the person is told of a decision, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The decision that it tells of.
    pub decision: Name,
    /// Legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// `sea x : T = …` lines; each sees those above it, and every line of the letter sees them all.
    pub locals: Vec<Local>,
    /// Its lines.
    pub lines: Vec<LetterLine>,
}

/// One line of a letter: `asunto = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterLine {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// What it says.
    pub part: LetterPart,
    /// The text, or the texts, that it says.
    pub value: Expr,
    /// The line.
    pub span: Span,
}

/// What a line of a letter may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterPart {
    /// `asunto` / `subject`: what the letter is about.
    Subject,
    /// `decidimos` / `decided`: what was decided.
    Decided,
    /// `razones` / `reasons`: why.
    Reasons,
    /// `puede_hacer` / `options`: what the person may do now.
    Options,
}

/// `glosario` (`glossary`): words that letters explain where they use them.
#[derive(Clone, Debug, PartialEq)]
pub struct Glossary {
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// Its words.
    pub entries: Vec<GlossaryEntry>,
    /// Comments after the last row.
    pub trailing: Vec<Comment>,
}

/// A word and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct GlossaryEntry {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// The word or words, in the singular.
    pub term: String,
    /// What it means, in plain words.
    pub meaning: String,
    /// The row.
    pub span: Span,
}

/// `funcion uvt(anio: entero) : dinero = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Parameters in order.
    pub parameters: Vec<(Name, Option<TypeExpr>)>,
    /// The type of what it returns.
    pub ty: Option<TypeExpr>,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// What it returns: an expression or a table.
    pub body: FunctionBody,
}

/// What a function returns.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionBody {
    /// The value of an expression, after its `sea` lines.
    Expression(Vec<Local>, Expr),
    /// The outcome of a table: `funcion f(x: T) : U politica unica` and rows.
    Table(TableBody),
    /// `externa java "java.lang.Math" "cos(double)"`: a method of the closed list (DMN 1.5, clause 10.3.2.13.3).
    External {
        /// The class, such as `java.lang.Math`.
        class: String,
        /// The method with the types of its parameters, such as `cos(double)`.
        method: String,
    },
}

/// `tabla iva : { … } politica unica` with its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// The type of a single outcome (of an element, where the hit policy gives lists).
    pub ty: Option<TypeExpr>,
    /// Title, legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// Policy, columns and rows.
    pub body: TableBody,
}

/// Policy, columns and rows of a decision table (DMN 1.5, chapter 8).
#[derive(Clone, Debug, PartialEq)]
pub struct TableBody {
    /// How many rows may match, and what comes of them.
    pub policy: HitPolicy,
    /// Where the policy stands; empty where it was left out (then it is unique).
    pub policy_span: Span,
    /// Input columns: expressions over the names in scope.
    pub inputs: Vec<Expr>,
    /// Output columns.
    pub outputs: Vec<Name>,
    /// Annotation columns, after the second `||`: `base_legal`, `nota` or a free name.
    pub annotations: Vec<Name>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// `por_defecto || … |`: outcome where no row matches.
    pub default: Option<DefaultRow>,
    /// Comments after the last row.
    pub trailing: Vec<Comment>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// One cell an input column.
    pub inputs: Vec<Tests>,
    /// One cell an output column.
    pub outputs: Vec<Expr>,
    /// One cell an annotation column: its text, without quotes where it had them.
    pub annotations: Vec<String>,
    /// The row.
    pub span: Span,
}

/// The row that holds where no other does.
#[derive(Clone, Debug, PartialEq)]
pub struct DefaultRow {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// One cell an output column.
    pub outputs: Vec<Expr>,
    /// One cell an annotation column.
    pub annotations: Vec<String>,
    /// The row.
    pub span: Span,
}

/// Hit policies (DMN 1.5, clause 8.2.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HitPolicy {
    /// U: at most one row matches.
    #[default]
    Unique,
    /// A: rows that match agree.
    Any,
    /// P: the outcome of the highest priority, in the order of the output type's choices.
    Priority,
    /// F: the first row that matches.
    First,
    /// R: all, in the order of rows.
    RuleOrder,
    /// O: all, in decreasing priority.
    OutputOrder,
    /// C: all, in no order that counts (we give that of the rows).
    Collect,
    /// C+: their sum.
    CollectSum,
    /// C<: the smallest.
    CollectMin,
    /// C>: the largest.
    CollectMax,
    /// C#: how many.
    CollectCount,
}

/// `caso "…"`: facts and what is expected of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it is about.
    pub title: String,
    /// Where the title stands.
    pub title_span: Span,
    /// Legal basis, notes.
    pub attributes: Vec<Attribute>,
    /// `como "…"`: the case over whose facts this one's are laid.
    pub like: Option<Like>,
    /// `fecha`: the as-of date.
    pub as_of: Option<Expr>,
    /// `conocido`: the known-at time.
    pub known_at: Option<Expr>,
    /// `dado`: a context of inputs.
    pub given: Option<Expr>,
    /// `espera`: what must hold.
    pub expectations: Vec<Expectation>,
}

/// A case named by another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    /// Its title.
    pub title: String,
    /// Where this one names it.
    pub span: Span,
    /// Whether this one already has the facts of that case, under its own.
    pub laid: bool,
}

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Comments above it.
    pub comments: Vec<Comment>,
    /// What must hold.
    pub kind: ExpectationKind,
    /// The line.
    pub span: Span,
}

/// What may be expected.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectationKind {
    /// `espera EXPRESION`: a condition over decisions.
    Holds(Expr),
    /// `espera error "codigo" en DECISION`: evaluating it fails so.
    Fails {
        /// The code of the failure.
        code: String,
        /// The decision.
        decision: Name,
    },
}
