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

/// The names of several words, or with signs such as `-` in them, that one text may use: the longest that stands at a place is
/// read there, as DMN says (DMN 1.5, clause 10.3.1.2, after the grammar rules). The names of FEEL are always among them.
///
/// For one text give the names in scope there; one set serves many texts, as parsing never changes it:
///
/// ```
/// use dictamen_syntax::{Names, Source, SourceId, parse_expression, print_expression};
///
/// // Values that the whole model has, and the components of its types, which stand behind a dot or inside a filter.
/// let mut names = Names::new(["Model B"]).with_members(["Monthly-Fee", "Evaluating Say Hello"]).native();
/// let mark = names.enter();
/// names.push("Teacher's Evaluation"); // An input that only this decision requires, an entry above, a parameter…
/// let text = Source::new("", "Teacher's Evaluation.Monthly-Fee - Model B.Evaluating Say Hello");
/// let (expr, problems) = parse_expression(&text, SourceId(0), &names);
/// names.leave(mark);
/// assert!(problems.is_empty());
/// assert_eq!(print_expression(&expr), "`Teacher's Evaluation`.`Monthly-Fee` - `Model B`.`Evaluating Say Hello`");
/// ```
///
/// Names that a text introduces itself (iteration variables, parameters, entries of contexts) need not be given. Names of one
/// word need not either, and do no harm. Spans are offsets in bytes of the text that was given to the source: who took that text
/// from elsewhere, such as from XML with entities, moves them from there to the file.
#[derive(Clone, Debug, Default)]
pub struct Names {
    base: Arc<Table>,
    local: Table,
    /// What was added, in order, so that a scope can be taken back.
    added: Vec<Words>,
    members: Arc<Table>,
    /// Names of entries of the contexts that were read so far in this text.
    entries: Table,
    native: bool,
}

/// Where a name stands: that decides which names are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Where a value may stand.
    Value,
    /// The same inside a filter, where the fields of the elements are names, too.
    Filter,
    /// Behind a dot.
    Member,
}

/// Names by their first word.
type Table = HashMap<String, Group>;

/// Names that share their first word.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Words of the longest one.
    longest: usize,
    /// How each is written and how often it was added, by its words.
    names: HashMap<String, (Arc<str>, usize)>,
}

/// The first word of a name, and all of them.
#[derive(Clone, Debug)]
struct Words {
    first: String,
    all: String,
}

static FEEL: LazyLock<Table> = LazyLock::new(|| table_of(FEEL_NAMES));

static PROPERTIES: LazyLock<Table> = LazyLock::new(|| table_of(["start included", "end included", "time offset"]));

impl Names {
    /// The names of FEEL and these, which may stand wherever a value may.
    pub fn new<I>(names: I) -> Names
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Names { base: Arc::new(table_of(names)), ..Names::default() }
    }

    /// The same with names that stand behind a dot or inside a filter and nowhere else: components of types, and what an import
    /// gives behind its name. Where there are none, those of values are looked for behind dots, too.
    pub fn with_members<I>(mut self, names: I) -> Names
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.members = Arc::new(table_of(names));
        self
    }

    /// The same for text from DMN. Names with spaces and signs stand without back-quotes there, unknown words side by side are
    /// one name instead of an error, `2026-01-01` is a subtraction, `a < b < c` compares twice, `> 5` is a range as `(> 5)` is,
    /// and what is ours and no FEEL, `(e : T)` and `ilegible "…"`, is not read.
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
        if let Some(words) = insert(&mut self.local, name) {
            self.added.push(words);
        }
    }

    /// A mark to give to [`Names::leave`] once the scope that starts here ends.
    pub fn enter(&self) -> usize {
        self.added.len()
    }

    /// Forgets the names that were pushed since the mark.
    pub fn leave(&mut self, mark: usize) {
        for words in self.added.drain(mark.min(self.added.len())..).rev() {
            remove(&mut self.local, &words);
        }
    }

    /// Adds the name of an entry of a context, which may stand behind a dot further on.
    pub(crate) fn push_entry(&mut self, name: &str) {
        if self.native {
            insert(&mut self.entries, name);
        }
    }

    /// The longest name that these tokens of `text` start with: how many tokens it takes, and how it is written.
    pub(crate) fn longest(&self, text: &str, tokens: &[Token], place: Place) -> Option<(usize, Arc<str>)> {
        let first = word(text, tokens.first()?);
        let found = self.tables(place).into_iter().flatten().filter_map(|table| table.get(first));
        found.filter_map(|group| group.longest(text, tokens)).max_by_key(|(count, _)| *count)
    }

    fn tables(&self, place: Place) -> [Option<&Table>; 5] {
        let value = place != Place::Member;
        let value_or_unsaid = value || self.members.is_empty();
        let member = place != Place::Value;
        [
            Some(if value || !self.native { &*FEEL } else { &*PROPERTIES }),
            value_or_unsaid.then_some(&*self.base),
            value_or_unsaid.then_some(&self.local),
            member.then_some(&*self.members),
            member.then_some(&self.entries),
        ]
    }
}

impl Group {
    fn longest(&self, text: &str, tokens: &[Token]) -> Option<(usize, Arc<str>)> {
        let tokens = tokens.get(..self.longest).unwrap_or(tokens);
        (2..=tokens.len()).rev().find_map(|count| {
            let words = joined(tokens.iter().take(count).map(|token| word(text, token)));
            self.names.get(&words).map(|(name, _)| (count, name.clone()))
        })
    }
}

fn word<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.start as usize..token.end as usize).unwrap_or_default()
}

fn table_of<I>(names: I) -> Table
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut table = Table::new();
    names.into_iter().for_each(|name| {
        insert(&mut table, name.as_ref());
    });
    table
}

/// Adds a name of several words.
fn insert(table: &mut Table, name: &str) -> Option<Words> {
    let mut tokens = Tokens::of(name, 0, name.len());
    tokens.split_dates(name);
    let tokens = tokens.tokens;
    let first = word(name, tokens.first().filter(|_| (2..=NAME_WORDS).contains(&tokens.len()))?).to_owned();
    let all = joined(tokens.iter().map(|token| word(name, token)));
    let group = table.entry(first.clone()).or_default();
    group.longest = group.longest.max(tokens.len());
    let known = group.names.entry(all.clone()).or_insert_with(|| (name.into(), 0));
    known.1 = known.1.saturating_add(1);
    Some(Words { first, all })
}

fn remove(table: &mut Table, words: &Words) {
    let Some(group) = table.get_mut(&words.first) else { return };
    if let Some(known) = group.names.get_mut(&words.all) {
        known.1 = known.1.saturating_sub(1);
        if known.1 == 0 {
            group.names.remove(&words.all);
        }
    }
    if group.names.is_empty() {
        table.remove(&words.first);
    }
}

/// Words that a name may have; longer ones stand in back-quotes.
const NAME_WORDS: usize = 32;

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(names: &Names, text: &str) -> Option<(usize, String)> {
        let tokens = Tokens::of(text, 0, text.len()).tokens;
        names.longest(text, &tokens, Place::Value).map(|(count, name)| (count, name.as_ref().to_owned()))
    }

    #[test]
    fn the_longest_known_name_wins_in_its_scope() {
        let mut names = Names::new(["Loan", "Loan Amount", "a+b"]);
        let mark = names.enter();
        names.push("Loan Amount Due");
        for (text, expected) in [
            ("Loan  Amount + 1", Some((2, "Loan Amount"))),
            ("Loan Amount Due", Some((3, "Loan Amount Due"))),
            ("a + b", Some((3, "a+b"))),
            ("date and time(x)", Some((3, "date and time"))),
            ("Loan", None),
            ("date and b", None),
        ] {
            assert_eq!(longest(&names, text), expected.map(|(count, name)| (count, name.to_owned())), "{text}");
        }
        names.leave(mark);
        assert_eq!(longest(&names, "Loan Amount Due"), Some((2, "Loan Amount".to_owned())));
    }
}
