//! Rows as boxes of coordinates.

use super::Coordinate;
use super::cells::Extent;
use super::spans::Span;

/// The boxes of a table's rows, one after another, each with one entry a column.
#[derive(Clone, Debug)]
pub(super) struct Boxes {
    /// All coordinates of each column.
    wholes: Vec<Span>,
    /// The span of a column, or where several start in `sets` (with [`SEVERAL`]) and how many there are.
    entries: Vec<Span>,
    sets: Vec<Span>,
    count: u32,
    /// The row of each box, ascending; nothing where every row has one.
    rows: Vec<u32>,
    /// Rows without a box that always have to be tested, ascending.
    always: Vec<u32>,
    /// For each row, the first column that is still to be tested, or [`NONE`]; nothing where no row has one.
    residuals: Vec<u32>,
    has_residuals: bool,
}

/// Marks an entry that is not a span: no coordinate is as great.
const SEVERAL: u32 = 1 << 31;
const NONE: u32 = u32::MAX;

impl Boxes {
    /// No rows yet.
    pub(super) fn new(wholes: Vec<Span>, sets: Vec<Span>) -> Boxes {
        Boxes {
            wholes,
            entries: Vec::new(),
            sets,
            count: 0,
            rows: Vec::new(),
            always: Vec::new(),
            residuals: Vec::new(),
            has_residuals: false,
        }
    }

    /// Adds the next row, with the column from which its cells are still to be tested.
    pub(super) fn add(&mut self, row: u32, residual: Option<u32>, extents: impl Iterator<Item = Extent> + Clone) {
        self.has_residuals |= residual.is_some();
        self.residuals.push(residual.unwrap_or(NONE));
        let is_whole = |(extent, whole)| matches!(extent, Extent::One(span) if span == whole);
        if extents.clone().zip(self.wholes.iter().copied()).all(is_whole) {
            self.always.push(row);
            return;
        }
        self.rows.push(row);
        self.count = self.count.saturating_add(1);
        self.entries.extend(extents.map(|extent| match extent {
            Extent::One(span) => span,
            Extent::Several(start, count) => Span { low: start | SEVERAL, high: count },
        }));
    }

    /// Adds the next row, which never matches.
    pub(super) fn add_dead(&mut self) {
        self.residuals.push(NONE);
    }

    /// How many boxes there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    pub(super) fn width(&self) -> usize {
        self.wholes.len()
    }

    pub(super) fn whole(&self, column: usize) -> Span {
        self.wholes.get(column).copied().unwrap_or(Span { low: 0, high: 0 })
    }

    /// The row of a box.
    #[inline]
    pub(super) fn row(&self, number: u32) -> Option<u32> {
        if self.rows.is_empty() {
            return (number < self.count).then_some(number);
        }
        self.rows.get(number as usize).copied()
    }

    /// The box of a row.
    pub(super) fn number(&self, row: u32) -> Option<u32> {
        if self.rows.is_empty() {
            return (row < self.count).then_some(row);
        }
        u32::try_from(self.rows.binary_search(&row).ok()?).ok()
    }

    /// Rows to test whatever the point.
    pub(super) fn always(&self) -> &[u32] {
        &self.always
    }

    /// Whether a point lies in a box.
    #[inline]
    pub(super) fn contains(&self, number: u32, point: &[Coordinate]) -> bool {
        let start = (number as usize).saturating_mul(self.wholes.len());
        let entries = self.entries.get(start..start.saturating_add(self.wholes.len())).unwrap_or_default();
        // All columns are looked at: at which one a box is left cannot be foretold, and a wrong guess costs more.
        entries.iter().zip(point).fold(true, |holds, (entry, coordinate)| {
            let lies_in = entry.contains(*coordinate) | (entry.low >= SEVERAL && self.is_in_set(*entry, *coordinate));
            holds & lies_in
        })
    }

    fn is_in_set(&self, entry: Span, coordinate: Coordinate) -> bool {
        let spans = self.set(entry);
        let before = spans.partition_point(|span| span.low <= coordinate);
        before.checked_sub(1).and_then(|last| spans.get(last)).is_some_and(|span| span.contains(coordinate))
    }

    fn set(&self, entry: Span) -> &[Span] {
        let start = (entry.low & !SEVERAL) as usize;
        self.sets.get(start..start.saturating_add(entry.high as usize)).unwrap_or_default()
    }

    /// The spans of a box in a column.
    pub(super) fn spans(&self, number: u32, column: usize) -> &[Span] {
        let place = (number as usize).saturating_mul(self.wholes.len()).saturating_add(column);
        match self.entries.get(place) {
            Some(entry) if entry.low >= SEVERAL => self.set(*entry),
            Some(entry) => std::slice::from_ref(entry),
            None => &[],
        }
    }

    /// The spans of a row in a column.
    pub(super) fn spans_of_row(&self, row: u32, column: usize) -> Option<&[Span]> {
        Some(self.spans(self.number(row)?, column)).filter(|spans| !spans.is_empty())
    }

    /// The first column of a row that is still to be tested.
    #[inline]
    pub(super) fn residual(&self, row: u32) -> Option<usize> {
        let column = *self.residuals.get(row as usize).filter(|_| self.has_residuals)?;
        (column != NONE).then_some(column as usize)
    }

    #[inline]
    pub(super) fn has_residuals(&self) -> bool {
        self.has_residuals
    }

    /// No more rows come.
    pub(super) fn finish(&mut self) {
        if !self.has_residuals {
            self.residuals = Vec::new();
        }
        self.entries.shrink_to_fit();
        self.rows.shrink_to_fit();
        // Ascending from 0 without gaps where the last is the count less one.
        if self.rows.last().is_none_or(|last| last.saturating_add(1) == self.count) {
            self.rows = Vec::new();
        }
    }
}
