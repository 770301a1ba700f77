//! Decision tables as data, from which each contestant's model and inputs are spelled.

use crate::chance::Chance;

/// A value of a column, in whole units: hundredths of a number, days since 1970, false and true as 0 and 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A number, a date or a truth value, as the column says.
    Units(i64),
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Texts, with those from which cases without a say are drawn.
    Text(Vec<String>),
    /// Numbers with two digits after the point, from 0 up to a limit in hundredths.
    Number(i64),
    /// Dates: first day and the day after the last.
    Date(i64, i64),
    /// Truth values.
    Boolean,
}

/// An input cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Holds always.
    Any,
    /// Holds for these.
    OneOf(Vec<Scalar>),
    /// Holds for all but these.
    NoneOf(Vec<Scalar>),
    /// Holds from `low` up to, but not, `high`, in units; open where there is none.
    Range(Option<i64>, Option<i64>),
}

/// Which rows that match count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The first.
    First,
    /// The only one.
    Unique,
    /// Any of those that agree.
    Any,
    /// The one with the foremost group, of several the first.
    Priority,
    /// All, in order.
    Collect,
}

/// What a row gives: a number in hundredths, and a group by its position in [`GROUPS`].
pub type Output = (i64, usize);

/// The groups that rows give, the foremost first.
pub const GROUPS: [&str; 6] = ["exento", "reducido", "general", "alto", "maximo", "especial"];

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// What it gives.
    pub output: Output,
}

/// A table with two outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it is called in reports.
    pub name: String,
    /// Input columns; they are called `c0`, `c1`…
    pub columns: Vec<Kind>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Hit policy.
    pub policy: Policy,
}

/// One value a column.
pub type Case = Vec<Scalar>;

impl Cell {
    /// Whether it holds for a value.
    pub fn holds(&self, value: &Scalar) -> bool {
        match (self, value) {
            (Cell::Any, _) => true,
            (Cell::OneOf(values), value) => values.contains(value),
            (Cell::NoneOf(values), value) => !values.contains(value),
            (Cell::Range(low, high), Scalar::Units(value)) => {
                low.is_none_or(|low| low <= *value) && high.is_none_or(|high| *value < high)
            }
            (Cell::Range(..), Scalar::Text(_)) => false,
        }
    }
}

impl Kind {
    /// A value by chance.
    fn draw(&self, chance: &mut Chance) -> Scalar {
        match self {
            Kind::Text(values) => Scalar::Text(chance.one_of(values).clone()),
            _ => {
                let (low, high) = self.bounds();
                Scalar::Units(chance.between(low, high))
            }
        }
    }

    /// The units from the first up to, but not, the last.
    fn bounds(&self) -> (i64, i64) {
        match self {
            Kind::Text(_) => (0, 0),
            Kind::Number(limit) => (0, *limit),
            Kind::Date(first, end) => (*first, *end),
            Kind::Boolean => (0, 2),
        }
    }

    /// A value for which a cell holds.
    fn draw_within(&self, cell: &Cell, chance: &mut Chance) -> Scalar {
        match cell {
            Cell::Any => self.draw(chance),
            Cell::OneOf(values) => chance.one_of(values).clone(),
            Cell::NoneOf(_) => loop {
                let drawn = self.draw(chance);
                if cell.holds(&drawn) {
                    return drawn;
                }
            },
            Cell::Range(low, high) => {
                let bounds = self.bounds();
                Scalar::Units(chance.between(low.unwrap_or(bounds.0), high.unwrap_or(bounds.1)))
            }
        }
    }
}

impl Table {
    /// Cases by chance; each lies within some row, so that every case has an outcome.
    pub fn cases(&self, count: usize, seed: u64) -> Vec<Case> {
        let mut chance = Chance::new(seed);
        let case = |_| {
            let row = &self.rows[chance.below(self.rows.len())];
            let drawn = self.columns.iter().zip(&row.cells).map(|(kind, cell)| kind.draw_within(cell, &mut chance));
            drawn.collect()
        };
        (0..count).map(case).collect()
    }

    /// The outcome as the hit policy's definition says, row by row: what all contestants are held against.
    pub fn outcome(&self, case: &Case) -> Vec<Output> {
        let matches = |row: &&Row| row.cells.iter().zip(case).all(|(cell, value)| cell.holds(value));
        let mut matched = self.rows.iter().filter(matches).map(|row| row.output);
        match self.policy {
            Policy::Collect => matched.collect(),
            Policy::Priority => matched.min_by_key(|output| output.1).into_iter().collect(),
            Policy::First | Policy::Unique | Policy::Any => matched.next().into_iter().collect(),
        }
    }
}
