//! Chooses how boxes are found by their number and shape, and adds the rows that have none.

use super::Coordinate;
use super::boxes::Boxes;
use super::masks::{self, Masks};
use super::planting;
use super::tree::Tree;

/// Up to so many boxes, masks are faster than trees.
const MASKED_BOXES_MAX: usize = 256;
/// The box at a leaf of a tree takes as long to test as so many words of masks to join.
const WORDS_PER_BOX: usize = 10;

/// How boxes are found.
#[derive(Clone, Debug)]
pub(super) enum Finder {
    Masks(Masks),
    Tree(Tree),
}

impl Finder {
    /// Trees are for boxes that lie apart. Where they overlap so much that leaves are large, masks are faster.
    pub(super) fn build(boxes: &Boxes) -> Finder {
        if boxes.len() <= MASKED_BOXES_MAX {
            return Finder::Masks(Masks::build(boxes.width(), boxes));
        }
        let tree = planting::plant(boxes);
        let words = masks::words(boxes.len()).saturating_mul(boxes.width());
        let leaf = average_leaf(&tree, boxes);
        if leaf.saturating_mul(WORDS_PER_BOX) > words {
            Finder::Masks(Masks::build(boxes.width(), boxes))
        } else {
            Finder::Tree(tree)
        }
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

fn average_leaf(tree: &Tree, boxes: &Boxes) -> usize {
    let step = boxes.len().div_ceil(64).max(1);
    let mut total = 0_usize;
    for number in (0..boxes.len() as u32).step_by(step) {
        let point: Vec<Coordinate> =
            (0..boxes.width()).map(|c| boxes.spans(number, c).first().map_or(0, |s| s.low.midpoint(s.high))).collect();
        total = total.saturating_add(tree.work(&point).0);
    }
    total / 64
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

    /// Rows with their spans, and whether cells of theirs are still to be tested.
    type Rows = Vec<([Vec<Span>; COLUMNS], bool)>;

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
        for (row, ((_, has_residual), extents)) in (0..).zip(rows.iter().zip(extents)) {
            boxes.add(row, has_residual.then_some(COLUMNS as u32), extents.into_iter());
        }
        boxes.finish();
        boxes
    }

    fn naive(rows: &Rows, point: &[Coordinate], first_only: bool) -> Vec<u32> {
        let lies_in = |cells: &[Vec<Span>; COLUMNS]| {
            cells.iter().zip(point).all(|(spans, at)| spans.iter().any(|span| span.contains(*at)))
        };
        let mut found = Vec::new();
        for (row, (cells, has_residual)) in (0..).zip(rows) {
            if lies_in(cells) {
                found.push(row);
                if first_only && !has_residual {
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
            rows in prop::collection::vec(([cell(), cell(), cell()], prop::bool::weighted(0.1)), 1..400),
            points in prop::collection::vec([0..=LAST, 0..=LAST, 0..=LAST], 20),
        ) {
            let boxes = boxes(&rows);
            let ways = [Finder::Tree(planting::plant(&boxes)), Finder::Masks(Masks::build(COLUMNS, &boxes))];
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
