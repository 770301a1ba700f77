//! The plan as a whole, and digests.

use std::fmt;
use std::sync::Arc;

use dictamen_value::{Date, Message, Type, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{DecisionId, InputId, LocalId, Op, OpId, Table, Test, TextId};

/// A compiled ruleset with all that it imports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Number of the layout that its bytes have.
    #[serde(default)]
    pub format: u32,
    /// Semantics number it was compiled for.
    pub semantics: u32,
    /// Whether DMN's dynamic rules hold.
    pub dmn_mode: bool,
    /// The release of the IANA time zone database whose offsets take part in its outcomes, such as `2026e`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zones: Option<Arc<str>>,
    /// Rulesets; the first is the one that was asked for.
    pub rulesets: Vec<Ruleset>,
    /// Facts.
    pub inputs: Vec<Input>,
    /// Names of parameters (`ruleset.name`), their types and what people should know of them.
    pub parameters: Vec<(Arc<str>, Type, About)>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Declared functions.
    pub functions: Vec<Function>,
    /// Bodies of function expressions.
    pub lambdas: Vec<Lambda>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Constraints of types.
    pub constraints: Vec<Constraint>,
    /// Named types that inputs and outcomes are described with.
    pub types: Vec<TypeInfo>,
    /// Operations.
    pub operations: Vec<Op>,
    /// Where each operation stands: one entry an operation.
    pub positions: Vec<Position>,
    /// Constants.
    pub constants: Vec<Value>,
    /// Names of contexts' entries.
    pub shapes: Vec<Arc<[Arc<str>]>>,
    /// Texts: names of fields, cells and columns as written.
    pub texts: Vec<Arc<str>>,
    /// Names of the sources that positions point to.
    pub sources: Vec<Arc<str>>,
    /// What people are told of decisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Letter>,
    /// Words that letters explain, those of the first ruleset first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub glossary: Vec<Term>,
}

/// Where something stands: source (position in `Plan::sources`), line and column from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position(pub u32, pub u32, pub u32);

/// What people should know of a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct About {
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Arc<str>>,
    /// Legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Arc<str>>,
    /// Owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
    /// Note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
    /// What is not yet sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
    /// Why, and by which norm, people are not told how it decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Arc<str>>,
}

/// What people are told of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The decision.
    pub decision: DecisionId,
    /// A decision that no request names: its outcome is a context with an entry for each line that the letter has. `asunto` is a
    /// text, `decidimos` a text or a list of text, `razones` a list of text or of contexts of `texto` (`text`) and `base_legal`
    /// (`legal_basis`), `puede_hacer` a list of text.
    pub body: DecisionId,
}

/// A word that letters explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The word or words.
    pub term: Arc<str>,
    /// What it means.
    pub meaning: Arc<str>,
}

/// What a ruleset says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Identifier.
    pub id: Arc<str>,
    /// `version "…"`.
    pub version: Option<Arc<str>>,
    /// Title, legal basis, owner.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// First day in force.
    pub in_force_from: Option<Date>,
    /// Last day in force.
    pub in_force_to: Option<Date>,
    /// Day from which it is known.
    pub published: Option<Date>,
}

/// A fact that a request may bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Title, notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Ruleset (position in `Plan::rulesets`) it belongs to.
    pub ruleset: u32,
    /// Its name in that ruleset.
    pub name: Arc<str>,
    /// The type of its outcome.
    pub ty: Type,
    /// Title, legal basis, notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// What it evaluates.
    pub body: Body,
    /// Facts that it may need, through every decision it may ask.
    pub needs: Vec<InputId>,
    /// Decisions that it asks itself.
    pub asks: Vec<DecisionId>,
    /// Where it stands.
    pub position: Position,
}

/// An operation to evaluate with a frame of locals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The operation.
    pub root: OpId,
    /// How many locals it needs.
    pub frame: u32,
}

/// A declared function; arguments are its first locals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Ruleset (position in `Plan::rulesets`) it belongs to.
    pub ruleset: u32,
    /// Its name.
    pub name: Arc<str>,
    /// Parameters.
    pub parameters: Vec<(Arc<str>, Type)>,
    /// The type of what it returns.
    pub ty: Type,
    /// Title, legal basis, notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// What it evaluates.
    pub body: Body,
    /// Where it stands.
    pub position: Position,
}

/// The body of a function expression; its locals are its arguments, then what it captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lambda {
    /// How many arguments it takes.
    pub parameters: u32,
    /// Locals around it that it captures.
    pub captures: Vec<LocalId>,
    /// What it evaluates.
    pub body: Body,
    /// DMN mode: names and types of its arguments, which calls by name and implicit conversions need; empty in native plans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<(Arc<str>, Type)>,
    /// DMN mode: whether the function itself is its local after what it captured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sees_itself: bool,
    /// DMN mode: the type of what it returns, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Type>,
}

/// What values of a type must meet: any of the tests over local 0, or none of them where negated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// The tests.
    pub tests: Vec<Test>,
    /// Whether none may hold.
    pub negated: bool,
    /// Frame size.
    pub frame: u32,
    /// As written.
    pub text: TextId,
}

/// A named type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypeInfo {
    /// Ruleset (position in `Plan::rulesets`).
    pub ruleset: u32,
    /// Its name.
    pub name: Arc<str>,
    /// The type.
    pub ty: Type,
    /// Title, legal basis, notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

/// A SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// Why bytes are not a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanError(pub Message);

impl Plan {
    /// The ruleset that was asked for.
    pub fn root(&self) -> Option<&Ruleset> {
        self.rulesets.first()
    }

    /// A decision by its name: of the root ruleset, or `ruleset.name` of an imported one.
    pub fn find_decision(&self, name: &str) -> Option<DecisionId> {
        let matches = |decision: &Decision| match self.rulesets.get(decision.ruleset as usize) {
            Some(_) if decision.ruleset == 0 && &*decision.name == name => true,
            Some(ruleset) => {
                name.strip_prefix(&*ruleset.id).and_then(|rest| rest.strip_prefix('.')) == Some(&*decision.name)
            }
            None => false,
        };
        self.named_decisions().find_map(|(id, decision)| matches(decision).then_some(id))
    }

    /// The decisions that a request may name: all but the bodies of letters.
    pub fn named_decisions(&self) -> impl Iterator<Item = (DecisionId, &Decision)> {
        let is_letter = |id: &DecisionId| self.letters.iter().any(|letter| letter.body == *id);
        (0..).zip(&self.decisions).filter(move |(id, _)| !is_letter(id))
    }

    /// The letter of a decision, if it has one.
    pub fn letter(&self, decision: DecisionId) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.decision == decision)
    }
}

impl About {
    /// Whether there is nothing to know.
    pub fn is_empty(&self) -> bool {
        *self == About::default()
    }
}

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// A digest from its 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Digest> {
        let mut bytes = [0u8; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(|digit| digit.is_ascii_hexdigit() && !digit.is_ascii_uppercase()) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Digest(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One piece for all digits: a trace writes several digests, and each piece is a call.
        let mut digits = [0_u8; 64];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 15].map(hex_digit);
        }
        out.write_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

/// The digit of a number below sixteen.
#[inline]
fn hex_digit(number: u8) -> u8 {
    b"0123456789abcdef".get(usize::from(number)).copied().unwrap_or_default()
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        Digest::parse(&text).ok_or_else(|| serde::de::Error::custom("expected 64 hexadecimal digits"))
    }
}
