//! For classes of coordinates of each column, a mask of the boxes that reach them; a point lies in boxes of all its masks.

use super::Coordinate;
use super::boxes::Boxes;
use super::spans::Span;

/// One bit a box, in words of 64.
#[derive(Clone, Debug)]
pub(super) struct Masks {
    /// Words of a mask: one, or a multiple of [`LANES`].
    words: usize,
    columns: Vec<Masked>,
    /// Whether classes tell all boxes apart, so that what they give needs no test.
    is_exact: bool,
}

/// The masks of a column.
#[derive(Clone, Debug)]
struct Masked {
    /// The class of each coordinate.
    classes: Vec<u8>,
    /// The masks of the classes one after another.
    masks: Vec<u64>,
    is_exact: bool,
}

const BITS: usize = u64::BITS as usize;
/// Words that are joined at once.
const LANES: usize = 8;
/// Classes of a column: with more, masks would take more memory than boxes.
const CLASSES_MAX: usize = 128;

/// Words of the mask of so many boxes.
pub(super) fn words(boxes: usize) -> usize {
    match boxes.div_ceil(BITS) {
        0 | 1 => 1,
        words => words.next_multiple_of(LANES),
    }
}

impl Masks {
    pub(super) fn build(columns: usize, boxes: &Boxes) -> Masks {
        let words = words(boxes.len());
        let columns = (0..columns).map(|position| Masked::build(boxes, position, words));
        let columns: Vec<Masked> = columns.collect();
        let is_exact = columns.iter().all(|column| column.is_exact);
        Masks { words, columns, is_exact }
    }

    pub(super) fn shape(&self) -> String {
        format!("masks of {} words{}", self.words, if self.is_exact { "" } else { ", to be tested" })
    }

    /// Adds the rows of the boxes that a point lies in; with `first_only` none behind the first that is certain.
    #[inline]
    pub(super) fn find(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        if self.words == 1 {
            let hits = self.columns.iter().zip(point).fold(u64::MAX, |hits, (column, at)| hits & column.word(*at));
            self.add(boxes, (0, hits), point, first_only, found);
            return;
        }
        for lane in 0..self.words / LANES {
            let hits = self.joined(point, lane);
            for (word, hits) in hits.into_iter().enumerate().filter(|(_, hits)| *hits != 0) {
                let word = lane.wrapping_mul(LANES).wrapping_add(word);
                if self.add(boxes, (word, hits), point, first_only, found) {
                    return;
                }
            }
        }
    }

    #[inline]
    fn joined(&self, point: &[Coordinate], lane: usize) -> [u64; LANES] {
        let mut hits = [u64::MAX; LANES];
        for (column, at) in self.columns.iter().zip(point) {
            let lane = column.mask(*at, self.words).get(lane).copied().unwrap_or_default();
            hits.iter_mut().zip(lane).for_each(|(hits, mask)| *hits &= mask);
        }
        hits
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
            if let Some(row) = boxes.row(number)
                && (self.is_exact || boxes.contains(number, point))
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

impl Masked {
    fn build(boxes: &Boxes, position: usize, words: usize) -> Masked {
        let whole = boxes.whole(position);
        let (starts, is_exact) = starts(boxes, position);
        let mut classes = Vec::with_capacity(whole.high as usize);
        let ends = starts.iter().skip(1).copied().chain([whole.high.saturating_add(1)]);
        for (class, (start, end)) in (0..=u8::MAX).zip(starts.iter().copied().zip(ends)) {
            classes.extend((start..end).map(|_| class));
        }
        let mut masks = vec![0; starts.len().saturating_mul(words)];
        for number in 0..u32::try_from(boxes.len()).unwrap_or(u32::MAX) {
            for Span { low, high } in boxes.spans(number, position) {
                let class = |at: Coordinate| classes.get(at as usize).copied().map_or(0, usize::from);
                let to = class(*high).saturating_add(1).saturating_mul(words);
                let masks = masks.get_mut(class(*low).saturating_mul(words)..to).unwrap_or_default();
                masks.chunks_exact_mut(words).for_each(|mask| set(mask, number));
            }
        }
        Masked { classes, masks, is_exact }
    }

    #[inline]
    fn class(&self, coordinate: Coordinate) -> usize {
        self.classes.get(coordinate as usize).copied().map_or(usize::MAX, usize::from)
    }

    #[inline]
    fn word(&self, coordinate: Coordinate) -> u64 {
        self.masks.get(self.class(coordinate)).copied().unwrap_or_default()
    }

    #[inline]
    fn mask(&self, coordinate: Coordinate, words: usize) -> &[[u64; LANES]] {
        let start = self.class(coordinate).saturating_mul(words);
        self.masks.get(start..start.saturating_add(words)).unwrap_or_default().as_chunks().0
    }
}

fn set(mask: &mut [u64], number: u32) {
    let place = mask.get_mut(number as usize / BITS);
    place.into_iter().for_each(|word| *word |= 1 << (number as usize % BITS));
}

/// The first coordinates of the classes of a column, and whether they are all that its boxes tell apart. Where there are too
/// many, classes are those that about as many boxes start or end in.
fn starts(boxes: &Boxes, position: usize) -> (Vec<Coordinate>, bool) {
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
    if distinct.len() <= CLASSES_MAX {
        return (distinct, true);
    }
    let step = starts.len().div_ceil(CLASSES_MAX);
    let mut chosen: Vec<Coordinate> = starts.iter().step_by(step).copied().collect();
    chosen.dedup();
    (chosen, false)
}
