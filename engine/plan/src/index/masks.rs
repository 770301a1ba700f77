//! For classes of coordinates of each column, a mask of the boxes that reach them; a point lies in boxes of all its masks.

use super::Coordinate;
use super::boxes::Boxes;
use super::spans::Span;

/// One bit a box, in words of 64.
#[derive(Clone, Debug)]
pub(super) struct Masks {
    /// Words of a mask: one, or a multiple of [`LANES`].
    words: usize,
    /// Those that tell boxes apart, at most [`COLUMNS_MAX`].
    columns: Vec<Masked>,
    /// Whether classes tell all boxes apart, so that what they give needs no test.
    is_exact: bool,
}

/// The masks of a column.
#[derive(Clone, Debug)]
struct Masked {
    /// Its position among the columns of the boxes.
    position: usize,
    /// The class of each coordinate.
    classes: Vec<u16>,
    /// The masks of the classes one after another.
    masks: Vec<u64>,
    is_exact: bool,
}

/// Words that are joined at once.
type Lane = [u64; LANES];

const BITS: usize = u64::BITS as usize;
const LANES: usize = 4;
/// Columns whose masks are joined; boxes are tested for others.
const COLUMNS_MAX: usize = 16;
/// The masks of a table take no more than this, where that is enough for [`CLASSES_MIN`] classes of each column.
const BYTES_MAX: usize = 1 << 20;
/// Classes that a column may have however many boxes there are.
const CLASSES_MIN: usize = 128;
/// Classes that a column may have however few boxes there are.
const CLASSES_MAX: usize = 1 << 13;

/// Words of the mask of so many boxes.
fn words(boxes: usize) -> usize {
    match boxes.div_ceil(BITS) {
        0 | 1 => 1,
        words => words.next_multiple_of(LANES),
    }
}

impl Masks {
    pub(super) fn build(boxes: &Boxes) -> Masks {
        Masks::within(boxes, classes_max(boxes), COLUMNS_MAX)
    }

    /// With so many classes a column at most, of so many columns, of which no more than [`COLUMNS_MAX`] are joined.
    pub(super) fn within(boxes: &Boxes, classes_max: usize, columns_max: usize) -> Masks {
        let words = words(boxes.len());
        let all = (0..boxes.width()).map(|position| Masked::build(boxes, position, words, classes_max));
        let mut columns: Vec<Masked> = all.collect();
        let is_exact = columns.len() <= columns_max && columns.iter().all(|column| column.is_exact);
        // Those that rule out most stay, and come first.
        columns.sort_by_cached_key(Masked::density);
        columns.truncate(columns_max);
        Masks { words, columns, is_exact }
    }

    pub(super) fn shape(&self) -> String {
        format!("masks of {} words{}", self.words, if self.is_exact { "" } else { ", to be tested" })
    }

    /// Adds the rows of the boxes that a point lies in; with `first_only` none behind the first that is certain.
    #[inline]
    pub(super) fn find(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        if self.words == 1 {
            let hits = self.columns.iter().fold(u64::MAX, |hits, column| hits & column.word(point));
            self.add(boxes, (0, hits), point, first_only, found);
            return;
        }
        let mut masks: [&[Lane]; COLUMNS_MAX] = [&[]; COLUMNS_MAX];
        masks.iter_mut().zip(&self.columns).for_each(|(mask, column)| *mask = column.mask(point, self.words));
        let masks = masks.get(..self.columns.len()).unwrap_or_default();
        for lane in 0..self.words / LANES {
            let hits = joined(masks, lane);
            if hits != [0; LANES] && self.add_all(boxes, (lane, hits), point, first_only, found) {
                return;
            }
        }
    }

    /// How many boxes a search for a point has to test, and how many lanes of masks it joins.
    pub(super) fn work(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool) -> (usize, usize) {
        let mut found = Vec::new();
        self.find(boxes, point, first_only, &mut found);
        let last = found.last().filter(|row| first_only && boxes.residual(**row).is_none());
        let boxes_passed = last.and_then(|row| boxes.number(*row)).map_or(boxes.len(), |number| number as usize);
        let lanes = boxes_passed.div_ceil(BITS).div_ceil(LANES).max(1);
        (if self.is_exact { 0 } else { found.len() }, lanes.saturating_mul(self.columns.len()))
    }

    /// Adds the rows of words that were joined; tells whether to stop.
    #[inline]
    fn add_all(
        &self,
        boxes: &Boxes,
        (lane, hits): (usize, Lane),
        point: &[Coordinate],
        first_only: bool,
        found: &mut Vec<u32>,
    ) -> bool {
        // Which words have hits cannot be foretold, but how many mostly can: those without are not branched around.
        let mut words = hits.iter().rev().fold(0_u32, |words, hits| (words << 1) | u32::from(*hits != 0));
        while words != 0 {
            let word = words.trailing_zeros() as usize;
            words &= words.wrapping_sub(1);
            let hits = hits.get(word).copied().unwrap_or_default();
            if self.add(boxes, (lane.wrapping_mul(LANES).wrapping_add(word), hits), point, first_only, found) {
                return true;
            }
        }
        false
    }

    /// Adds the rows of one word; tells whether to stop.
    #[inline]
    fn add(
        &self,
        boxes: &Boxes,
        (word, mut hits): (usize, u64),
        point: &[Coordinate],
        first_only: bool,
        found: &mut Vec<u32>,
    ) -> bool {
        while hits != 0 {
            let number = (word.wrapping_mul(BITS) as u32).wrapping_add(hits.trailing_zeros());
            hits &= hits.wrapping_sub(1);
            if (self.is_exact || boxes.contains(number, point))
                && let Some(row) = boxes.row(number)
            {
                found.push(row);
                if first_only && boxes.residual(row).is_none() {
                    return true;
                }
            }
        }
        false
    }
}

/// What some masks have in common at one lane.
#[inline]
fn joined(masks: &[&[Lane]], lane: usize) -> Lane {
    let mut hits = [u64::MAX; LANES];
    for mask in masks {
        let mask = mask.get(lane).copied().unwrap_or_default();
        hits.iter_mut().zip(mask).for_each(|(hits, mask)| *hits &= mask);
    }
    hits
}

impl Masked {
    fn build(boxes: &Boxes, position: usize, words: usize, classes_max: usize) -> Masked {
        let whole = boxes.whole(position);
        let (starts, is_exact) = starts(boxes, position, classes_max);
        let mut classes = Vec::with_capacity(whole.high as usize);
        let ends = starts.iter().skip(1).copied().chain([whole.high.saturating_add(1)]);
        for (class, (start, end)) in (0..=u16::MAX).zip(starts.iter().copied().zip(ends)) {
            classes.extend((start..end).map(|_| class));
        }
        let masks = masks(boxes, position, &classes, words);
        Masked { position, classes, masks, is_exact }
    }

    /// How many bits are set, of all classes together.
    fn density(&self) -> u64 {
        let bits: u64 = self.masks.iter().map(|word| u64::from(word.count_ones())).sum();
        bits.saturating_mul(1 << 16).checked_div(self.masks.len() as u64).unwrap_or_default()
    }

    #[inline]
    fn class(&self, point: &[Coordinate]) -> usize {
        let class = point.get(self.position).and_then(|at| self.classes.get(*at as usize));
        class.copied().map_or(usize::MAX, usize::from)
    }

    #[inline]
    fn word(&self, point: &[Coordinate]) -> u64 {
        self.masks.get(self.class(point)).copied().unwrap_or_default()
    }

    #[inline]
    fn mask(&self, point: &[Coordinate], words: usize) -> &[Lane] {
        let start = self.class(point).saturating_mul(words);
        self.masks.get(start..start.saturating_add(words)).unwrap_or_default().as_chunks().0
    }
}

/// Classes that each column may have.
fn classes_max(boxes: &Boxes) -> usize {
    let class_bytes = words(boxes.len()).saturating_mul(size_of::<u64>()).saturating_mul(boxes.width());
    BYTES_MAX.checked_div(class_bytes).unwrap_or_default().clamp(CLASSES_MIN, CLASSES_MAX)
}

/// The masks of all classes, one after another.
fn masks(boxes: &Boxes, position: usize, classes: &[u16], words: usize) -> Vec<u64> {
    let class = |at: Coordinate| classes.get(at as usize).copied().map_or(0, usize::from);
    let count = classes.last().copied().map_or(1, usize::from).saturating_add(1);
    let whole = boxes.whole(position);
    let mut masks = vec![0; count.saturating_mul(words)];
    // Boxes that reach everywhere, which may be most, are not set class by class.
    let mut everywhere = vec![0; words];
    for number in 0..u32::try_from(boxes.len()).unwrap_or(u32::MAX) {
        for span in boxes.spans(number, position) {
            if *span == whole {
                set(&mut everywhere, number);
                continue;
            }
            let to = class(span.high).saturating_add(1).saturating_mul(words);
            let reached = masks.get_mut(class(span.low).saturating_mul(words)..to).unwrap_or_default();
            reached.chunks_exact_mut(words).for_each(|mask| set(mask, number));
        }
    }
    for mask in masks.chunks_exact_mut(words) {
        mask.iter_mut().zip(&everywhere).for_each(|(word, everywhere)| *word |= everywhere);
    }
    masks
}

fn set(mask: &mut [u64], number: u32) {
    let place = mask.get_mut(number as usize / BITS);
    place.into_iter().for_each(|word| *word |= 1 << (number as usize % BITS));
}

/// The first coordinates of the classes of a column, and whether they are all that its boxes tell apart. Where there are too
/// many, classes are those that about as many boxes start or end in.
fn starts(boxes: &Boxes, position: usize, classes_max: usize) -> (Vec<Coordinate>, bool) {
    let whole = boxes.whole(position);
    let mut starts = vec![whole.low];
    for number in 0..u32::try_from(boxes.len()).unwrap_or(u32::MAX) {
        for Span { low, high } in boxes.spans(number, position) {
            starts
                .extend([*low, high.saturating_add(1)].into_iter().filter(|start| *start > 0 && *start <= whole.high));
        }
    }
    starts.sort_unstable();
    let mut distinct = starts.clone();
    distinct.dedup();
    if distinct.len() <= classes_max {
        return (distinct, true);
    }
    let step = starts.len().div_ceil(classes_max);
    let mut chosen: Vec<Coordinate> = starts.iter().step_by(step).copied().collect();
    chosen.dedup();
    (chosen, false)
}
