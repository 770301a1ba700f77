//! Chooses how boxes are found by their number and shape, and adds the rows that have none.

use super::Coordinate;
use super::boxes::Boxes;
use super::column::Column;
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
    pub(super) fn build(columns: &[Column], boxes: &Boxes) -> Finder {
        if boxes.len() <= MASKED_BOXES_MAX {
            return Finder::Masks(Masks::build(columns, boxes));
        }
        let (tree, leaf) = planting::plant(boxes);
        let words = masks::words(boxes.len()).saturating_mul(columns.len());
        if leaf.saturating_mul(WORDS_PER_BOX) > words {
            Finder::Masks(Masks::build(columns, boxes))
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

/// Adds the rows that are always tested, and puts all in order.
fn mix(boxes: &Boxes, first_only: bool, found: &mut Vec<u32>, start: usize) {
    found.extend_from_slice(boxes.always());
    let rows = found.get_mut(start..).unwrap_or_default();
    rows.sort_unstable();
    if first_only && let Some(first) = rows.iter().position(|row| boxes.residual(*row).is_none()) {
        found.truncate(start.saturating_add(first).saturating_add(1));
    }
}
