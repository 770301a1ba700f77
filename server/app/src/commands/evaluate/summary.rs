//! What came of many rows, counted: how many were decided, and which values stand at paths into their outcomes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use dictamen_batch::Undecided;
use dictamen_core::{FactError, Failure};
use dictamen_value::{Message, Type, Value};

use crate::stop::Stop;

/// The most different values that are counted at a path, and kinds of failures or of refusals.
const VALUES_MAX: usize = 10_000;

/// Names of fields, from the outcome inwards; `a.b` is the field b of the field a, in every element where there are lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// As it was written.
    pub(super) text: String,
    names: Vec<String>,
}

/// Counts of some rows.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Rows with an outcome.
    pub(super) decided: u64,
    /// Rows whose rules could not decide, by the code of the failure.
    pub(super) failed: BTreeMap<String, u64>,
    /// Rows whose facts do not fit, by code and place of the first error, positions in lists written `*`.
    pub(super) refused: BTreeMap<String, u64>,
    /// Values in the order of the paths.
    pub(super) values: Vec<Values>,
}

/// What stands at a path in how many rows.
#[derive(Debug, Default)]
pub(super) struct Values(HashMap<Vec<u8>, Count>);

/// What stands there.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// No field of the name, or nothing that could have fields.
    Missing,
    /// A list without elements.
    EmptyList,
    /// A value, which may be null.
    Value(Value),
}

#[derive(Debug)]
struct Count {
    found: Found,
    rows: u64,
    /// The last row that was counted: one with a value twice counts once.
    last: u64,
}

impl Path {
    /// The paths of `--summary a.b,c`, each of which the outcome may have.
    pub(super) fn read_all(text: &str, outcome: &Type) -> Result<Vec<Path>, Stop> {
        text.split(',').map(|path| Path::read(path.trim(), outcome)).collect()
    }

    fn read(text: &str, outcome: &Type) -> Result<Path, Stop> {
        let names: Vec<String> = if text == "." { Vec::new() } else { text.split('.').map(str::to_owned).collect() };
        let path = Path { text: text.to_owned(), names };
        let mut ty = outcome;
        for name in &path.names {
            ty = match field(ty, name) {
                Ok(Some(inner)) => inner,
                Ok(None) => return Ok(path),
                Err(known) => return Err(no_such_path(text, name, &known)),
            };
        }
        Ok(path)
    }
}

impl Summary {
    /// Nothing yet, at so many paths.
    pub(super) fn at(paths: &[Path]) -> Summary {
        Summary { values: paths.iter().map(|_| Values::default()).collect(), ..Summary::default() }
    }

    /// How many rows there were.
    pub(super) fn rows(&self) -> u64 {
        let others = self.failed.values().chain(self.refused.values());
        others.fold(self.decided, |sum, count| sum.saturating_add(*count))
    }

    /// Whether each row has an outcome.
    pub(super) fn all_decided(&self) -> bool {
        self.failed.is_empty() && self.refused.is_empty()
    }

    /// Counts a row.
    pub(super) fn count(&mut self, outcome: Result<&Value, Undecided<'_>>, paths: &[Path]) {
        match outcome {
            Ok(outcome) => {
                self.decided = self.decided.saturating_add(1);
                for (path, values) in paths.iter().zip(&mut self.values) {
                    values.count_at(outcome, &path.names, self.decided);
                }
            }
            Err(Undecided::Failed(Failure { code, .. })) => add(&mut self.failed, code.to_string(), 1),
            Err(Undecided::Refused(errors)) => {
                add(&mut self.refused, errors.first().map(kind).unwrap_or_default(), 1);
            }
        }
    }

    /// Adds the counts of rows that come after.
    pub(super) fn merge(&mut self, later: Summary) -> Result<(), Stop> {
        self.decided = self.decided.saturating_add(later.decided);
        later.failed.into_iter().for_each(|(code, rows)| add(&mut self.failed, code, rows));
        later.refused.into_iter().for_each(|(kind, rows)| add(&mut self.refused, kind, rows));
        for (values, later) in self.values.iter_mut().zip(later.values) {
            values.merge(later);
        }
        let counts = self.values.iter().map(|values| values.0.len()).chain([self.failed.len(), self.refused.len()]);
        if counts.max().unwrap_or(0) > VALUES_MAX { Err(too_many()) } else { Ok(()) }
    }
}

impl Values {
    /// Values with the number of their rows, in order; what is missing comes last.
    pub(super) fn sorted(&self) -> Vec<(&Found, u64)> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by(|(key, one), (other_key, other)| one.found.order(&other.found).then_with(|| key.cmp(other_key)));
        sorted.into_iter().map(|(_, count)| (&count.found, count.rows)).collect()
    }

    /// Counts what stands at a path, element by element where there are lists.
    fn count_at(&mut self, value: &Value, names: &[String], row: u64) {
        match (value, names.split_first()) {
            (Value::List(elements), _) if elements.is_empty() => self.count(&Found::EmptyList, row),
            (Value::List(elements), _) => elements.iter().for_each(|element| self.count_at(element, names, row)),
            (Value::Context(context), Some((name, rest))) => match context.get(name) {
                Some(inner) => self.count_at(inner, rest, row),
                None => self.count(&Found::Missing, row),
            },
            (_, Some(_)) => self.count(&Found::Missing, row),
            (value, None) => self.count(&Found::Value(value.clone()), row),
        }
    }

    fn count(&mut self, found: &Found, row: u64) {
        let key = found.key();
        match self.0.get_mut(&key) {
            None => drop(self.0.insert(key, Count { found: found.clone(), rows: 1, last: row })),
            Some(count) if count.last == row => {}
            Some(count) => {
                count.rows = count.rows.saturating_add(1);
                count.last = row;
            }
        }
    }

    fn merge(&mut self, later: Values) {
        for (key, count) in later.0 {
            match self.0.get_mut(&key) {
                Some(known) => known.rows = known.rows.saturating_add(count.rows),
                None => drop(self.0.insert(key, count)),
            }
        }
    }
}

impl Found {
    /// Bytes that tell it from all others: its JSON, with the names of contexts sorted; none where it is missing.
    fn key(&self) -> Vec<u8> {
        let mut key = Vec::new();
        match self {
            Found::Missing => {}
            Found::EmptyList => key.extend_from_slice(b"[]"),
            Found::Value(value) => value.write_canonical_json(&mut key),
        }
        key
    }

    /// Numbers by size, others by kind and, as the caller sees to, by text; null, empty lists and what is missing last.
    fn order(&self, other: &Found) -> Ordering {
        match (self, other) {
            (Found::Value(Value::Number(one)), Found::Value(Value::Number(other))) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Found::Value(Value::Number(_)) => 0,
            Found::Value(Value::Null) => 2,
            Found::Value(_) => 1,
            Found::EmptyList => 3,
            Found::Missing => 4,
        }
    }
}

/// The type of a field, nothing where only an outcome can tell, or the names of the fields that there are instead.
fn field<'a>(ty: &'a Type, name: &str) -> Result<Option<&'a Type>, Vec<String>> {
    match ty {
        Type::Any => Ok(None),
        Type::Optional(of) | Type::List(of) => field(of, name),
        Type::Named(named) => field(&named.base, name),
        Type::Record(record) => match record.fields.iter().find(|field| &*field.name == name) {
            Some(field) => Ok(Some(&field.ty)),
            None => Err(record.fields.iter().map(|field| field.name.to_string()).collect()),
        },
        _ => Err(Vec::new()),
    }
}

/// Code and place of an error, without positions in lists: those of two rows should meet.
fn kind(error: &FactError) -> String {
    let is_position = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = error.pointer.split('/').map(|part| if is_position(part) { "*" } else { part });
    let place = parts.collect::<Vec<&str>>().join("/");
    format!("{} {}", error.code, if place.is_empty() { "/" } else { &place })
}

fn add(counts: &mut BTreeMap<String, u64>, key: String, more: u64) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(more);
}

fn no_such_path(path: &str, name: &str, known: &[String]) -> Stop {
    let (es, en) = match known {
        [] => ("ahí no hay campos".to_owned(), "there are no fields there".to_owned()),
        known => (format!("ahí hay: {}", known.join(", ")), format!("there are: {}", known.join(", "))),
    };
    Stop::WrongUse(Message::new(
        format!(
            "--summary: el resultado no tiene «{path}»: no hay un campo «{name}»; {es}; «.» es el resultado entero"
        ),
        format!("--summary: the outcome has no “{path}”: there is no field “{name}”; {en}; “.” is the whole outcome"),
    ))
}

fn too_many() -> Stop {
    Stop::WrongUse(Message::new(
        format!("--summary: hay más de {VALUES_MAX} valores distintos; elija un campo que tenga menos"),
        format!("--summary: there are more than {VALUES_MAX} different values; choose a field that has fewer"),
    ))
}
