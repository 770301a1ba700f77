//! Names of several words that the parser must know to read them as one: `string length`, `date and time`, and in DMN the names in scope.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::token::{Token, Tokens};

/// The names with spaces of FEEL itself: functions, types and properties (DMN 1.5, clauses 10.3.2 and 10.3.4).
pub const FEEL_NAMES: &[&str] = &[
    "context merge",
    "context put",
    "date and time",
    "day of week",
    "day of year",
    "days and time duration",
    "distinct values",
    "ends with",
    "finished by",
    "get entries",
    "get value",
    "index of",
    "insert before",
    "list contains",
    "list replace",
    "lower case",
    "met by",
    "month of year",
    "overlaps after",
    "overlaps before",
    "round down",
    "round half down",
    "round half up",
    "round up",
    "start included",
    "end included",
    "started by",
    "starts with",
    "string join",
    "string length",
    "substring after",
    "substring before",
    "time offset",
    "upper case",
    "week of year",
    "years and months duration",
];

/// A set of names of several words, with scopes that can be pushed. The names of FEEL are always in it.
#[derive(Clone, Debug)]
pub struct Names {
    base: Arc<Table>,
    local: Table,
    /// First words in the order they were added, so that a scope can be taken back.
    added: Vec<String>,
    native: bool,
}

type Table = HashMap<String, Vec<Known>>;

#[derive(Clone, Debug)]
struct Known {
    words: Vec<String>,
    text: Arc<str>,
}

static FEEL: LazyLock<Arc<Table>> = LazyLock::new(|| Arc::new(table(FEEL_NAMES.iter().copied())));

impl Default for Names {
    fn default() -> Names {
        Names { base: FEEL.clone(), local: Table::new(), added: Vec::new(), native: false }
    }
}

impl Names {
    /// The names of FEEL and these; names of one word need not be given and do no harm.
    pub fn new<I>(names: I) -> Names
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut all = FEEL.as_ref().clone();
        names.into_iter().for_each(|name| {
            insert(&mut all, name.as_ref());
        });
        Names { base: Arc::new(all), ..Names::default() }
    }

    /// The same for text from DMN, where names with spaces stand without back-quotes: unknown words side by side are one name
    /// instead of an error, and `2026-01-01` is a subtraction.
    pub fn native(mut self) -> Names {
        self.native = true;
        self
    }

    /// Whether names with spaces need no back-quotes.
    pub fn is_native(&self) -> bool {
        self.native
    }

    /// Adds a name to the innermost scope.
    pub fn push(&mut self, name: &str) {
        if let Some(first) = insert(&mut self.local, name) {
            self.added.push(first);
        }
    }

    /// A mark to give to [`Names::leave`] once the scope that starts here ends.
    pub fn enter(&self) -> usize {
        self.added.len()
    }

    /// Forgets the names that were pushed since the mark.
    pub fn leave(&mut self, mark: usize) {
        for first in self.added.drain(mark.min(self.added.len())..).rev() {
            if let Some(known) = self.local.get_mut(&first) {
                known.pop();
            }
        }
    }

    /// The longest name that these tokens of `text` start with: how many tokens it takes, and how it is written.
    pub(crate) fn longest(&self, text: &str, tokens: &[Token]) -> Option<(usize, Arc<str>)> {
        let first = word(text, tokens.first()?);
        let known = [self.local.get(first), self.base.get(first)].into_iter().flatten().flatten();
        let fitting = known.filter(|known| known.starts(text, tokens));
        fitting.max_by_key(|known| known.words.len()).map(|known| (known.words.len(), known.text.clone()))
    }
}

impl Known {
    fn starts(&self, text: &str, tokens: &[Token]) -> bool {
        tokens.len() >= self.words.len()
            && self.words.iter().zip(tokens).all(|(expected, token)| expected == word(text, token))
    }
}

fn word<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.start as usize..token.end as usize).unwrap_or_default()
}

fn table<'a>(names: impl Iterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    names.for_each(|name| {
        insert(&mut table, name);
    });
    table
}

/// Adds a name of several words under its first word, which it returns.
fn insert(table: &mut Table, name: &str) -> Option<String> {
    let tokens = Tokens::of(name, 0, name.len()).tokens;
    let words: Vec<String> = tokens.iter().map(|token| word(name, token).to_owned()).collect();
    let first = words.first().filter(|_| words.len() > 1)?.clone();
    table.entry(first.clone()).or_default().push(Known { words, text: name.into() });
    Some(first)
}
