//! Tables by hand in Rust over machine floats: a scan of the rows, and the index that one would write for them.

use ahash::AHashMap;

use super::table::{Case, Cell, GROUPS, Kind, Policy, Row, Scalar, Table};

/// As many columns as a case by hand has room for.
pub const COLUMNS_MAX: usize = 12;

/// What is decided about: fields of a struct, as someone who knows the table writes them.
#[derive(Clone, Debug)]
pub struct HandCase {
    texts: [Box<str>; COLUMNS_MAX],
    numbers: [f64; COLUMNS_MAX],
}

/// What comes of it.
pub type HandOutput = (f64, &'static str);

impl HandCase {
    /// A case of a table.
    pub fn new(table: &Table, case: &Case) -> HandCase {
        let mut made = HandCase { texts: Default::default(), numbers: [0.0; COLUMNS_MAX] };
        for (column, (kind, value)) in table.columns.iter().zip(case).enumerate() {
            match value {
                Scalar::Text(text) => made.texts[column] = text.as_str().into(),
                Scalar::Units(units) => made.numbers[column] = number(kind, *units),
            }
        }
        made
    }
}

/// A value in units as the float that stands for it.
fn number(kind: &Kind, units: i64) -> f64 {
    if matches!(kind, Kind::Number(_)) { units as f64 / 100.0 } else { units as f64 }
}

/// One test of a row.
#[derive(Clone, Debug)]
enum Test {
    Range { column: usize, low: f64, high: f64 },
    Text { column: usize, values: Vec<Box<str>>, negated: bool },
}

impl Test {
    fn new(column: usize, kind: &Kind, cell: &Cell) -> Option<Test> {
        let range = |low, high| Test::Range { column, low, high };
        let at = |units| number(kind, units);
        match cell {
            Cell::Any => None,
            Cell::Range(low, high) => Some(range(low.map_or(f64::NEG_INFINITY, at), high.map_or(f64::INFINITY, at))),
            Cell::OneOf(values) | Cell::NoneOf(values) => match values.as_slice() {
                [Scalar::Units(units)] if matches!(cell, Cell::OneOf(_)) => Some(range(at(*units), at(units + 1))),
                values => {
                    let negated = matches!(cell, Cell::NoneOf(_));
                    Some(Test::Text { column, values: values.iter().map(text).collect(), negated })
                }
            },
        }
    }

    #[inline]
    fn holds(&self, case: &HandCase) -> bool {
        match self {
            Test::Range { column, low, high } => {
                let value = case.numbers[*column];
                *low <= value && value < *high
            }
            Test::Text { column, values, negated } => {
                let value = &*case.texts[*column];
                values.iter().any(|known| **known == *value) != *negated
            }
        }
    }
}

fn text(value: &Scalar) -> Box<str> {
    match value {
        Scalar::Text(text) => text.as_str().into(),
        Scalar::Units(units) => unreachable!("a set of numbers ({units}) is of no shape here"),
    }
}

/// What matched rows come to.
struct Outputs {
    policy: Policy,
    values: Vec<HandOutput>,
    ranks: Vec<usize>,
}

impl Outputs {
    fn new(table: &Table) -> Outputs {
        let value = |row: &Row| (row.output.0 as f64 / 100.0, GROUPS[row.output.1]);
        let ranks = table.rows.iter().map(|row| row.output.1).collect();
        Outputs { policy: table.policy, values: table.rows.iter().map(value).collect(), ranks }
    }

    /// Hears a matching row; true once enough is known.
    #[inline]
    fn take(&self, row: usize, out: &mut Found) -> bool {
        match self.policy {
            Policy::First | Policy::Unique | Policy::Any => {
                out.outputs.push(self.values[row]);
                return true;
            }
            Policy::Collect => out.outputs.push(self.values[row]),
            Policy::Priority => {
                if self.ranks[row] < out.rank {
                    out.rank = self.ranks[row];
                    out.outputs.clear();
                    out.outputs.push(self.values[row]);
                }
            }
        }
        false
    }
}

/// The outcome, in memory that is used again.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Outputs of the rows that count.
    pub outputs: Vec<HandOutput>,
    rank: usize,
}

impl Found {
    fn begin(&mut self) {
        self.outputs.clear();
        self.rank = usize::MAX;
    }
}

/// One row after the other.
pub struct Scan {
    rows: Vec<Vec<Test>>,
    outputs: Outputs,
}

impl Scan {
    /// All rows with the tests that say something.
    pub fn new(table: &Table) -> Scan {
        Scan { rows: table.rows.iter().map(|row| tests(table, row)).collect(), outputs: Outputs::new(table) }
    }

    /// The outcome of a case.
    pub fn find(&self, case: &HandCase, out: &mut Found) {
        out.begin();
        for (row, tests) in self.rows.iter().enumerate() {
            if tests.iter().all(|test| test.holds(case)) && self.outputs.take(row, out) {
                return;
            }
        }
    }
}

fn tests(table: &Table, row: &Row) -> Vec<Test> {
    let columns = table.columns.iter().zip(&row.cells).enumerate();
    columns.filter_map(|(column, (kind, cell))| Test::new(column, kind, cell)).collect()
}

/// Memory that one index of bits may take.
const BITS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A set of rows for each elementary interval, or text, of each column; a case takes one of each and what all have in
/// common.
pub struct Bits {
    rows: Vec<u32>,
    words: usize,
    columns: Vec<BitColumn>,
}

struct BitColumn {
    column: usize,
    places: Places,
    sets: Vec<u64>,
}

/// Which set a value has.
enum Places {
    /// The number of cuts that are not greater.
    Cuts(Vec<f64>),
    /// Its own; 0 for texts that no cell names.
    Texts(AHashMap<Box<str>, u32>),
}

/// Words that are taken at a time: with the loops inside so short they become vector instructions.
const LANES: usize = 4;

impl Bits {
    /// Over some rows of a table and some of its columns; `None` where it would take too much memory.
    fn new(table: &Table, rows: Vec<u32>, left_out: Option<usize>) -> Option<Bits> {
        let words = rows.len().div_ceil(64).next_multiple_of(LANES);
        let columns = (0..table.columns.len()).filter(|column| Some(*column) != left_out);
        let columns =
            columns.filter_map(|column| BitColumn::new(table, &rows, column, words)).collect::<Option<_>>()?;
        Some(Bits { rows, words, columns })
    }

    fn find(&self, case: &HandCase, outputs: &Outputs, out: &mut Found) {
        let mut sets: [&[u64]; COLUMNS_MAX] = [&[]; COLUMNS_MAX];
        for (set, column) in sets.iter_mut().zip(&self.columns) {
            *set = column.set(case, self.words);
        }
        let sets = &sets[..self.columns.len()];
        for start in (0..self.words).step_by(LANES) {
            let mut common = [u64::MAX; LANES];
            for set in sets {
                let block = &set[start..start + LANES];
                for lane in 0..LANES {
                    common[lane] &= block[lane];
                }
            }
            if common != [0; LANES] && self.take(start, common, outputs, out) {
                return;
            }
        }
    }

    #[inline]
    fn take(&self, start: usize, common: [u64; LANES], outputs: &Outputs, out: &mut Found) -> bool {
        for (lane, mut word) in common.into_iter().enumerate() {
            while word != 0 {
                let position = (start + lane) * 64 + word.trailing_zeros() as usize;
                // Words past the last row are empty unless no column says anything.
                let Some(row) = self.rows.get(position) else { return true };
                if outputs.take(*row as usize, out) {
                    return true;
                }
                word &= word - 1;
            }
        }
        false
    }
}

impl BitColumn {
    /// `None` where no cell says anything; `Some(None)` where it would take too much memory.
    fn new(table: &Table, rows: &[u32], column: usize, words: usize) -> Option<Option<BitColumn>> {
        let cells: Vec<&Cell> = rows.iter().map(|row| &table.rows[*row as usize].cells[column]).collect();
        if cells.iter().all(|cell| **cell == Cell::Any) {
            return None;
        }
        let kind = &table.columns[column];
        let values = values(&cells);
        if (values.len() + 1) * words * 8 > BITS_BYTES_MAX {
            return Some(None);
        }
        let mut sets = vec![0_u64; (values.len() + 1) * words];
        for (position, cell) in cells.iter().enumerate() {
            for place in places_of(cell, &values) {
                sets[place * words + position / 64] |= 1 << (position % 64);
            }
        }
        let places = match kind {
            Kind::Text(_) => Places::Texts(values.iter().zip(1..).map(|(value, place)| (text(value), place)).collect()),
            _ => Places::Cuts(values.iter().map(|value| number(kind, units(value))).collect()),
        };
        Some(Some(BitColumn { column, places, sets }))
    }

    #[inline]
    fn set(&self, case: &HandCase, words: usize) -> &[u64] {
        let place = match &self.places {
            Places::Cuts(cuts) => {
                let value = case.numbers[self.column];
                cuts.partition_point(|cut| *cut <= value)
            }
            Places::Texts(texts) => texts.get(&case.texts[self.column]).copied().unwrap_or_default() as usize,
        };
        &self.sets[place * words..(place + 1) * words]
    }
}

fn units(value: &Scalar) -> i64 {
    match value {
        Scalar::Units(units) => *units,
        Scalar::Text(text) => unreachable!("a text ({text}) among numbers"),
    }
}

/// Texts that cells name, or units at which something begins or ends; ascending.
fn values(cells: &[&Cell]) -> Vec<Scalar> {
    let mut found = std::collections::BTreeSet::new();
    for cell in cells {
        match cell {
            Cell::Any => {}
            Cell::Range(low, high) => found.extend(low.iter().chain(high).map(|cut| Scalar::Units(*cut))),
            Cell::OneOf(values) | Cell::NoneOf(values) => {
                found.extend(values.iter().cloned());
                found.extend(
                    values
                        .iter()
                        .filter(|value| matches!(value, Scalar::Units(_)))
                        .map(|value| Scalar::Units(units(value) + 1)),
                );
            }
        }
    }
    found.into_iter().collect()
}

/// The places (0 before or beside all values) at which a cell holds.
fn places_of(cell: &Cell, values: &[Scalar]) -> Vec<usize> {
    let place = |value: &Scalar| values.binary_search(value).expect("values are of the cells") + 1;
    let at = |value: &i64| place(&Scalar::Units(*value));
    match cell {
        Cell::Any => (0..=values.len()).collect(),
        Cell::Range(low, high) => (low.as_ref().map_or(0, at)..high.as_ref().map_or(values.len() + 1, at)).collect(),
        Cell::OneOf(own) => own.iter().map(place).collect(),
        Cell::NoneOf(own) => {
            let holds = |at: &usize| *at == 0 || !own.contains(&values[*at - 1]);
            (0..=values.len()).filter(holds).collect()
        }
    }
}

/// Rows among which one is looked for.
enum Bucket {
    /// So few that they are tested one after the other.
    Few(Vec<(u32, Vec<Test>)>),
    /// By bits.
    Many(Bits),
}

/// As many rows as are tested one after the other.
const FEW: usize = 4;

impl Bucket {
    fn new(table: &Table, rows: Vec<u32>, key: usize) -> Option<Bucket> {
        if rows.len() > FEW {
            return Bits::new(table, rows, Some(key)).map(Bucket::Many);
        }
        let tests = |row: &u32| {
            let cells = table.columns.iter().zip(&table.rows[*row as usize].cells).enumerate();
            let others = cells.filter(|(column, _)| *column != key);
            others.filter_map(|(column, (kind, cell))| Test::new(column, kind, cell)).collect()
        };
        Some(Bucket::Few(rows.iter().map(|row| (*row, tests(row))).collect()))
    }

    fn find(&self, case: &HandCase, outputs: &Outputs, out: &mut Found) {
        match self {
            Bucket::Many(bits) => bits.find(case, outputs, out),
            Bucket::Few(rows) => {
                let mut matching = rows.iter().filter(|(_, tests)| tests.iter().all(|test| test.holds(case)));
                _ = matching.any(|(row, _)| outputs.take(*row as usize, out));
            }
        }
    }
}

/// The index that one would write: by the texts of one column first, where that helps, then by bits.
pub struct Index {
    keyed: Option<(usize, AHashMap<Box<str>, Bucket>)>,
    others: Bucket,
    outputs: Outputs,
}

/// How often rows may stand in the buckets of an index by key, all together, for each row of the table.
const COPIES_MAX: usize = 16;

impl Index {
    /// Of bits alone; `None` where they would take too much memory.
    pub fn of_bits(table: &Table) -> Option<Index> {
        let all = (0..table.rows.len() as u32).collect();
        let others = Bucket::Many(Bits::new(table, all, None)?);
        Some(Index { keyed: None, others, outputs: Outputs::new(table) })
    }

    /// By key, then of bits; `None` where no column of texts serves as a key.
    pub fn by_key(table: &Table) -> Option<Index> {
        let (column, buckets, others) = buckets(table)?;
        let buckets = buckets.into_iter().map(|(key, rows)| Some((key, Bucket::new(table, rows, column)?)));
        let keyed = Some((column, buckets.collect::<Option<_>>()?));
        Some(Index { keyed, others: Bucket::new(table, others, column)?, outputs: Outputs::new(table) })
    }

    /// The outcome of a case.
    pub fn find(&self, case: &HandCase, out: &mut Found) {
        out.begin();
        let bucket = self.keyed.as_ref().and_then(|(column, buckets)| buckets.get(&case.texts[*column]));
        bucket.unwrap_or(&self.others).find(case, &self.outputs, out);
    }
}

type Buckets = (usize, AHashMap<Box<str>, Vec<u32>>, Vec<u32>);

/// The column with most texts, the rows that may match for each of them, and those for all others.
fn buckets(table: &Table) -> Option<Buckets> {
    let texts = |column: &usize| match &table.columns[*column] {
        Kind::Text(values) => values.len(),
        _ => 0,
    };
    let column = (0..table.columns.len()).max_by_key(texts).filter(|column| texts(column) > 1)?;
    let mut buckets: AHashMap<Box<str>, Vec<u32>> = AHashMap::new();
    for row in &table.rows {
        match &row.cells[column] {
            Cell::OneOf(values) => values.iter().for_each(|value| _ = buckets.entry(text(value)).or_default()),
            Cell::Any => {}
            Cell::NoneOf(_) | Cell::Range(..) => return None,
        }
    }
    let mut others = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        match &row.cells[column] {
            Cell::OneOf(values) => {
                values.iter().for_each(|value| buckets.entry(text(value)).or_default().push(number as u32));
            }
            _ => {
                buckets.values_mut().for_each(|rows| rows.push(number as u32));
                others.push(number as u32);
            }
        }
    }
    let copies: usize = buckets.values().map(Vec::len).sum();
    (copies <= COPIES_MAX * table.rows.len()).then_some((column, buckets, others))
}
