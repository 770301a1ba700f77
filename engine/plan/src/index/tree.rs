//! Many rows: a tree of decisions about single coordinates, with the boxes that are left at its leaves.

use super::Coordinate;
use super::boxes::Boxes;

/// One tree over some of the boxes.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// The first is the root.
    pub(super) nodes: Vec<Node>,
    /// Children of switches, by coordinate.
    pub(super) children: Vec<u32>,
    /// Boxes of leaves, in order of their rows.
    pub(super) leaves: Vec<u32>,
}

/// A step on the way from the root: 12 bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    /// The column it looks at, with [`SWITCH`] where it has a child for each coordinate; [`LEAF`] where it looks at none.
    pub(super) column: u32,
    /// Where the right half starts; the first coordinate of a switch; how many boxes a leaf has.
    pub(super) boundary: u32,
    /// The node of the left half, before that of the right; where the children of a switch, or the boxes of a leaf, start.
    pub(super) next: u32,
}

pub(super) const LEAF: u32 = u32::MAX;
pub(super) const SWITCH: u32 = 1 << 31;

impl Tree {
    pub(super) fn shape(&self) -> String {
        let Tree { nodes, children, leaves } = self;
        format!("a tree of {} nodes, {} children, {} boxes", nodes.len(), children.len(), leaves.len())
    }

    /// Adds the rows of the boxes that a point lies in; with `first_only` none behind the first that is certain.
    #[inline]
    pub(super) fn find(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        for number in self.leaf(point) {
            if boxes.contains(*number, point)
                && let Some(row) = boxes.row(*number)
            {
                found.push(row);
                if first_only && boxes.residual(row).is_none() {
                    return;
                }
            }
        }
    }

    /// The boxes of the leaf that a point lies in.
    #[inline]
    fn leaf(&self, point: &[Coordinate]) -> &[u32] {
        let mut at = 0;
        // Children come behind their parents, so that this ends.
        while let Some(node) = self.nodes.get(at as usize) {
            if node.column == LEAF {
                let start = node.next as usize;
                return self.leaves.get(start..start.wrapping_add(node.boundary as usize)).unwrap_or_default();
            }
            let coordinate = point.get((node.column & !SWITCH) as usize).copied().unwrap_or_default();
            at = if node.column < SWITCH {
                node.next.wrapping_add(u32::from(coordinate >= node.boundary))
            } else {
                let place = node.next.wrapping_add(coordinate.wrapping_sub(node.boundary));
                self.children.get(place as usize).copied().unwrap_or(u32::MAX)
            };
        }
        &[]
    }
}
