//! The shapes of tables that are measured, each made from a seed.

use super::table::{Cell, GROUPS, Kind, Output, Policy, Row, Scalar, Table};
use crate::chance::Chance;

/// Numbers go up to a million.
const NUMBERS: Kind = Kind::Number(100_000_000);
const NUMBERS_END: i64 = 100_000_000;
/// From 2000-01-01 up to 2031-01-01, in days since 1970.
const DATES: Kind = Kind::Date(10_957, 22_280);

/// One text that is equal to a key, two ranges of decimals, exactly one match: the table of the research page.
pub fn research(rows: usize) -> Table {
    let keys = (rows / 200).max(2);
    grid_by_key(format!("one key of {keys}, two ranges"), rows, keys, false)
}

/// The same with other limits for each key.
pub fn own_limits(rows: usize) -> Table {
    let keys = (rows / 200).max(2);
    grid_by_key(format!("one key of {keys}, two ranges with limits of their own"), rows, keys, true)
}

fn grid_by_key(name: String, rows: usize, keys: usize, own_limits: bool) -> Table {
    let mut chance = Chance::new(rows as u64);
    let names = names("clave", keys);
    let (a, b) = sides(rows / keys);
    let mut limits = (limits(&mut chance, a), limits(&mut chance, b));
    let mut made = Vec::with_capacity(rows);
    for name in &names {
        if own_limits {
            limits = (self::limits(&mut chance, a), self::limits(&mut chance, b));
        }
        for cells in grid(&limits.0, &limits.1) {
            let key = Cell::OneOf(vec![Scalar::Text(name.clone())]);
            made.push(row(std::iter::once(key).chain(cells).collect(), &mut chance));
        }
    }
    let columns = vec![Kind::Text(names), NUMBERS, NUMBERS];
    Table { name, columns, rows: made, policy: Policy::First }
}

/// Two ranges of decimals alone, exactly one match.
pub fn ranges_only(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let (a, b) = sides(rows);
    let (first, second) = (limits(&mut chance, a), limits(&mut chance, b));
    let rows = grid(&first, &second).map(|cells| row(cells.to_vec(), &mut chance)).collect();
    Table { name: "two ranges".to_owned(), columns: vec![NUMBERS, NUMBERS], rows, policy: Policy::First }
}

/// A key of its own in each row, and two wide ranges of its own.
pub fn unique_keys(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let names = names("nit", rows);
    let made = names.iter().map(|name| {
        let cells = vec![Cell::OneOf(vec![Scalar::Text(name.clone())]), wide(&mut chance), wide(&mut chance)];
        row(cells, &mut chance)
    });
    let rows = made.collect();
    let columns = vec![Kind::Text(names), NUMBERS, NUMBERS];
    Table { name: "unique keys, two ranges".to_owned(), columns, rows, policy: Policy::Unique }
}

/// One range of decimals, exactly one match.
pub fn bands(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let limits = limits(&mut chance, rows);
    let rows = limits.into_iter().map(|(low, high)| row(vec![Cell::Range(low, high)], &mut chance)).collect();
    Table { name: "one range".to_owned(), columns: vec![NUMBERS], rows, policy: Policy::First }
}

/// Columns of all kinds by turns; a third of the cells say nothing; the first match counts.
pub fn mixed_columns(columns: usize, rows: usize) -> Table {
    let turns = [NUMBERS, Kind::Text(names("grupo", 8)), DATES, NUMBERS, Kind::Text(names("zona", 30)), Kind::Boolean];
    let kinds: Vec<Kind> = turns.iter().cycle().take(columns).cloned().collect();
    drawn(format!("{columns} mixed columns, a third any"), kinds, rows, 33, Policy::First)
}

/// Few cells that say something.
pub fn wildcards(rows: usize) -> Table {
    let kinds = vec![Kind::Text(names("zona", 200)), NUMBERS, DATES, NUMBERS, Kind::Text(names("grupo", 20)), NUMBERS];
    drawn("6 columns, 80 % any".to_owned(), kinds, rows, 80, Policy::First)
}

/// Ranges that overlap, all matches.
pub fn collect(rows: usize) -> Table {
    overlapping("two ranges that overlap, all matches".to_owned(), rows, Policy::Collect)
}

/// Ranges that overlap, the foremost group.
pub fn priority(rows: usize) -> Table {
    overlapping("two ranges that overlap, the foremost".to_owned(), rows, Policy::Priority)
}

/// Disjoint ranges.
pub fn unique(rows: usize) -> Table {
    let table = research(rows);
    Table { name: format!("{}, unique", table.name), policy: Policy::Unique, ..table }
}

/// Rows that overlap and agree: two neighbours, and one across both.
pub fn agreeing(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let names = names("clave", 20);
    let mut made = Vec::new();
    for name in &names {
        let cuts = limits(&mut chance, rows / names.len() / 3 * 2);
        for pair in cuts.chunks(2) {
            let output = output(&mut chance);
            let across = (pair[0].0, pair[1].1);
            for range in [pair[0], pair[1], across] {
                let cells = vec![Cell::OneOf(vec![Scalar::Text(name.clone())]), Cell::Range(range.0, range.1)];
                made.push(Row { cells, output });
            }
        }
    }
    let columns = vec![Kind::Text(names), NUMBERS];
    Table { name: "one key, overlapping rows that agree".to_owned(), columns, rows: made, policy: Policy::Any }
}

/// Ten thousand texts: sets of three in each row, beside a small column.
pub fn many_texts(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let (texts, zones) = (names("municipio", 10_000), names("zona", 20));
    let rows = (0..rows).map(|_| {
        let cells = vec![some_of(&texts, 3, &mut chance), some_of(&zones, 5, &mut chance)];
        row(cells, &mut chance)
    });
    let rows = rows.collect();
    let columns = vec![Kind::Text(texts), Kind::Text(zones)];
    Table { name: "sets of three of 10 000 texts".to_owned(), columns, rows, policy: Policy::First }
}

/// Two dates between others, exactly one match.
pub fn dates(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let (a, b) = sides(rows);
    let (first, second) = (days(&mut chance, a), days(&mut chance, b));
    let rows = grid(&first, &second).map(|cells| row(cells.to_vec(), &mut chance)).collect();
    Table { name: "two ranges of dates".to_owned(), columns: vec![DATES, DATES], rows, policy: Policy::First }
}

/// Sets of texts and their opposites; the first of many matches.
pub fn negations(rows: usize) -> Table {
    let mut chance = Chance::new(rows as u64);
    let kinds = [names("actividad", 50), names("zona", 30), names("grupo", 12)];
    let rows = (0..rows).map(|_| {
        let cells = kinds.iter().map(|values| {
            match (some_of(values, 1 + values.len() / 10, &mut chance), chance.percent(30)) {
                (Cell::OneOf(values), true) => Cell::NoneOf(values),
                (cell, _) => cell,
            }
        });
        let cells = cells.collect();
        row(cells, &mut chance)
    });
    let rows = rows.collect();
    let columns = kinds.iter().cloned().map(Kind::Text).collect();
    Table { name: "three columns of sets and negations".to_owned(), columns, rows, policy: Policy::First }
}

fn overlapping(name: String, rows: usize, policy: Policy) -> Table {
    let mut chance = Chance::new(rows as u64);
    let rows = (0..rows).map(|_| row(vec![broad(&mut chance), broad(&mut chance)], &mut chance)).collect();
    Table { name, columns: vec![NUMBERS, NUMBERS], rows, policy }
}

fn drawn(name: String, columns: Vec<Kind>, rows: usize, any_percent: i64, policy: Policy) -> Table {
    let mut chance = Chance::new((rows * 100 + columns.len()) as u64);
    let rows = (0..rows).map(|_| {
        let cells = telling_cells(&columns, any_percent, &mut chance);
        row(cells, &mut chance)
    });
    let rows = rows.collect();
    Table { name, columns, rows, policy }
}

/// Cells of a row, two of which at least say something: otherwise it would hide all rows below it.
fn telling_cells(columns: &[Kind], any_percent: i64, chance: &mut Chance) -> Vec<Cell> {
    loop {
        let cells = columns.iter().map(|kind| match chance.percent(any_percent) {
            true => Cell::Any,
            false => cell(kind, chance),
        });
        let cells: Vec<Cell> = cells.collect();
        if cells.iter().filter(|cell| **cell != Cell::Any).count() >= 2 {
            return cells;
        }
    }
}

/// A cell that says something.
fn cell(kind: &Kind, chance: &mut Chance) -> Cell {
    match kind {
        Kind::Text(values) => some_of(values, 1, chance),
        Kind::Boolean => Cell::OneOf(vec![Scalar::Units(chance.between(0, 2))]),
        Kind::Number(_) => narrow(chance),
        Kind::Date(first, end) => {
            let low = chance.between(*first, *end - 365);
            Cell::Range(Some(low), Some(low + chance.between(1, 365)))
        }
    }
}

/// One number in forty, more or less.
fn narrow(chance: &mut Chance) -> Cell {
    let low = chance.between(0, NUMBERS_END / 20 * 19);
    Cell::Range(Some(low), Some(low + chance.between(1, NUMBERS_END / 20)))
}

/// A tenth of all numbers, more or less.
fn broad(chance: &mut Chance) -> Cell {
    let low = chance.between(0, NUMBERS_END / 5 * 4);
    Cell::Range(Some(low), Some(low + chance.between(1, NUMBERS_END / 5)))
}

/// Most numbers.
fn wide(chance: &mut Chance) -> Cell {
    let high = chance.between(NUMBERS_END / 10 * 9, NUMBERS_END);
    Cell::Range(Some(chance.between(0, NUMBERS_END / 10)), Some(high))
}

fn some_of(values: &[String], count: usize, chance: &mut Chance) -> Cell {
    let drawn = (0..count).map(|_| Scalar::Text(chance.one_of(values).clone()));
    Cell::OneOf(drawn.collect::<std::collections::BTreeSet<_>>().into_iter().collect())
}

fn row(cells: Vec<Cell>, chance: &mut Chance) -> Row {
    Row { cells, output: output(chance) }
}

fn output(chance: &mut Chance) -> Output {
    (chance.between(0, 5_000), chance.below(GROUPS.len()))
}

type Limits = Vec<(Option<i64>, Option<i64>)>;

/// All numbers in so many ranges one after the other.
fn limits(chance: &mut Chance, count: usize) -> Limits {
    between(&chance.ascending(count - 1, 1, NUMBERS_END))
}

fn days(chance: &mut Chance, count: usize) -> Limits {
    between(&chance.ascending(count - 1, 10_958, 22_280))
}

fn between(cuts: &[i64]) -> Limits {
    let lows = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    lows.zip(cuts.iter().copied().map(Some).chain([None])).collect()
}

fn grid<'a>(first: &'a Limits, second: &'a Limits) -> impl Iterator<Item = [Cell; 2]> + 'a {
    let cell = |range: (Option<i64>, Option<i64>)| match range {
        (None, None) => Cell::Any,
        (low, high) => Cell::Range(low, high),
    };
    first.iter().flat_map(move |a| second.iter().map(move |b| [cell(*a), cell(*b)]))
}

/// Two numbers as near to one another as can be whose product is the given one.
fn sides(product: usize) -> (usize, usize) {
    let root = (1..).take_while(|side| side * side <= product).filter(|side| product.is_multiple_of(*side)).last();
    let root = root.unwrap_or(1);
    (root, product / root)
}

fn names(stem: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{stem}-{number:05}")).collect()
}
