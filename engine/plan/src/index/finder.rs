//! Chooses how boxes are found by their number and shape, and adds the rows that have none.

use super::Coordinate;
use super::boxes::Boxes;
use super::masks::Masks;
use super::planting;
use super::tree::Tree;

/// Up to so many boxes have one lane of masks, which nothing is faster than.
const ONE_LANE_BOXES: usize = 256;
/// Points that are searched for to compare ways.
const SAMPLE: u32 = 64;
/// A tree that is found to take no longer than this is taken, without making masks to compare with.
const FAST_ENOUGH: usize = 60;
/// How long things take beside one another, about in nanoseconds: a node that is passed, a box that is tested, a lane of one
/// column's mask that is joined.
const NODE: usize = 2;
const BOX: usize = 5;
const LANE: usize = 1;

/// How boxes are found.
#[derive(Clone, Debug)]
pub(super) enum Finder {
    Masks(Masks),
    Tree(Tree),
}

impl Finder {
    /// Trees are for boxes that lie apart. Where they overlap so much that leaves are large, masks are faster, above all where
    /// only the first row is asked for (`first_only`).
    pub(super) fn build(boxes: &Boxes, first_only: bool) -> Finder {
        if boxes.len() <= ONE_LANE_BOXES {
            return Finder::Masks(Masks::build(boxes));
        }
        let points = sample(boxes);
        let tree = planting::plant(boxes);
        let of_tree: usize = points.iter().map(|point| tree_work(&tree, point)).sum();
        if of_tree <= points.len().saturating_mul(FAST_ENOUGH) {
            return Finder::Tree(tree);
        }
        let masks = Masks::build(boxes);
        let of_masks: usize = points.iter().map(|point| masks_work(&masks, boxes, point, first_only)).sum();
        if of_masks < of_tree { Finder::Masks(masks) } else { Finder::Tree(tree) }
    }

    pub(super) fn shape(&self) -> String {
        match self {
            Finder::Masks(masks) => masks.shape(),
            Finder::Tree(tree) => tree.shape(),
        }
    }

    /// See [`super::TableIndex::find`].
    #[inline]
    pub(super) fn find(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        let start = found.len();
        match self {
            Finder::Masks(masks) => masks.find(boxes, point, first_only, found),
            Finder::Tree(tree) => tree.find(boxes, point, first_only, found),
        }
        if !boxes.always().is_empty() {
            mix(boxes, first_only, found, start);
        }
    }
}

/// Points inside of boxes, some of them each time the same for the same boxes.
fn sample(boxes: &Boxes) -> Vec<Vec<Coordinate>> {
    let count = u32::try_from(boxes.len()).unwrap_or(u32::MAX);
    let step = count.div_ceil(SAMPLE).max(1) as usize;
    (0..count).step_by(step).map(|number| inside(boxes, number)).collect()
}

/// A point in a box, at no particular place.
fn inside(boxes: &Boxes, number: u32) -> Vec<Coordinate> {
    let mut chance = number;
    let columns = (0..boxes.width()).map(|column| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let Some(span) = boxes.spans(number, column).first() else { return 0 };
        let further = (chance >> 8).checked_rem(span.high.saturating_sub(span.low).saturating_add(1));
        span.low.saturating_add(further.unwrap_or_default())
    });
    columns.collect()
}

fn tree_work(tree: &Tree, point: &[Coordinate]) -> usize {
    let (tested, passed) = tree.work(point);
    tested.saturating_mul(BOX).saturating_add(passed.saturating_mul(NODE))
}

fn masks_work(masks: &Masks, boxes: &Boxes, point: &[Coordinate], first_only: bool) -> usize {
    let (tested, joined) = masks.work(boxes, point, first_only);
    tested.saturating_mul(BOX).saturating_add(joined.saturating_mul(LANE))
}

/// Adds the rows that are always tested, and puts all in order.
fn mix(boxes: &Boxes, first_only: bool, found: &mut Vec<u32>, start: usize) {
    found.extend_from_slice(boxes.always());
    let rows = found.get_mut(start..).unwrap_or_default();
    rows.sort_unstable();
    if first_only && let Some(first) = rows.iter().position(|row| boxes.residual(*row).is_none()) {
        found.truncate(start.saturating_add(first).saturating_add(1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cells::Extent;
    use super::super::spans::{Span, normalise};
    use super::*;

    const LAST: Coordinate = 60;
    const COLUMNS: usize = 3;

    /// The spans of a cell: mostly one, and all coordinates where there are none.
    fn cell() -> impl Strategy<Value = Vec<Span>> {
        let span =
            (0..=LAST, 0_u32..20).prop_map(|(low, width)| Span { low, high: low.saturating_add(width).min(LAST) });
        let whole = Span { low: 0, high: LAST };
        prop_oneof![
            1 => Just(vec![whole]),
            2 => (0..=LAST).prop_map(|at| vec![Span { low: at, high: at }]),
            4 => span.clone().prop_map(|span| vec![span]),
            1 => prop::collection::vec(span, 1..4).prop_map(|mut spans| {
                normalise(&mut spans);
                spans
            }),
        ]
    }

    /// Rows with their spans, and what there is to know of them.
    type Rows = Vec<([Vec<Span>; COLUMNS], State)>;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum State {
        Plain,
        /// It never matches.
        Dead,
        /// Cells are still to be tested.
        InDoubt,
    }

    /// Tables of plain rows alone, and such that have all sorts.
    fn rows() -> impl Strategy<Value = Rows> {
        let state = prop_oneof![8 => Just(State::Plain), 1 => Just(State::Dead), 1 => Just(State::InDoubt)];
        let cells = || [cell(), cell(), cell()];
        prop_oneof![
            prop::collection::vec((cells(), Just(State::Plain)), 1..400),
            prop::collection::vec((cells(), state), 1..400),
        ]
    }

    fn boxes(rows: &Rows) -> Boxes {
        let mut sets = Vec::new();
        let mut extents = Vec::new();
        for (cells, _) in rows {
            extents.push(cells.clone().map(|spans| match spans.as_slice() {
                [one] => Extent::One(*one),
                several => {
                    sets.extend_from_slice(several);
                    Extent::Several((sets.len() - several.len()) as u32, several.len() as u32)
                }
            }));
        }
        let mut boxes = Boxes::new(vec![Span { low: 0, high: LAST }; COLUMNS], sets);
        for (row, ((_, state), extents)) in (0..).zip(rows.iter().zip(extents)) {
            match state {
                State::Plain => boxes.add(row, None, extents.into_iter()),
                State::Dead => boxes.add_dead(),
                State::InDoubt => boxes.add(row, Some(COLUMNS as u32), extents.into_iter()),
            }
        }
        boxes.finish();
        boxes
    }

    fn naive(rows: &Rows, point: &[Coordinate], first_only: bool) -> Vec<u32> {
        let lies_in = |cells: &[Vec<Span>; COLUMNS]| {
            cells.iter().zip(point).all(|(spans, at)| spans.iter().any(|span| span.contains(*at)))
        };
        let mut found = Vec::new();
        for (row, (cells, state)) in (0..).zip(rows) {
            if *state != State::Dead && lies_in(cells) {
                found.push(row);
                if first_only && *state == State::Plain {
                    break;
                }
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_way_finds_what_lies_around_a_point(
            rows in rows(),
            points in prop::collection::vec([0..=LAST, 0..=LAST, 0..=LAST], 20),
        ) {
            let boxes = boxes(&rows);
            let ways = [
                Finder::Tree(planting::plant(&boxes)),
                Finder::Masks(Masks::build(&boxes)),
                Finder::Masks(Masks::within(&boxes, 5, COLUMNS)),
                Finder::Masks(Masks::within(&boxes, 50, COLUMNS - 1)),
                Finder::build(&boxes, true),
            ];
            for (way, first_only) in ways.iter().flat_map(|way| [(way, false), (way, true)]) {
                for point in &points {
                    let mut found = vec![7];
                    way.find(&boxes, point, first_only, &mut found);
                    prop_assert_eq!(&found[1..], naive(&rows, point, first_only), "{:?} {}", point, way.shape());
                }
            }
        }
    }
}
