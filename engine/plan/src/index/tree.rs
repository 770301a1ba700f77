//! Many rows: a tree of decisions about single coordinates, with the boxes that are left at its leaves.

use super::Coordinate;
use super::boxes::Boxes;

/// One tree over some of the boxes.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Where a search begins.
    pub(super) root: Step,
    /// Nodes come behind those that lead to them.
    pub(super) nodes: Vec<Node>,
    /// Where switches lead to, by coordinate.
    pub(super) children: Vec<Step>,
    /// Boxes of leaves with several, in order of their rows.
    pub(super) leaves: Vec<u32>,
}

/// Where a search goes on: at a node, or it ends with one box, or with none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step(u32);

/// A step on the way from the root: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The column it looks at, with [`SWITCH`] where it has a child for each coordinate; [`LEAF`] or [`SURE_LEAF`] where it
    /// looks at none.
    pub(super) column: u32,
    /// Where the upper half starts; the first coordinate of a switch; how many boxes a leaf has.
    pub(super) boundary: u32,
    /// Where the lower half leads to, and the upper one; where the children of a switch, or the boxes of a leaf, start.
    pub(super) next: [u32; 2],
}

/// The boxes are still to be tested.
pub(super) const LEAF: u32 = u32::MAX;
/// Every point that comes here lies in all the boxes.
pub(super) const SURE_LEAF: u32 = u32::MAX - 1;
pub(super) const SWITCH: u32 = 1 << 31;

impl Step {
    pub(super) const NOTHING: Step = Step(u32::MAX);
    const ONE: u32 = 1 << 31;
    const SURE: u32 = 1 << 30;

    /// To a node.
    pub(super) fn node(number: u32) -> Step {
        Step(number)
    }

    /// Ends with one box; `None` for one of more than there can be.
    pub(super) fn one(number: u32, is_sure: bool) -> Option<Step> {
        let sure = if is_sure { Step::SURE } else { 0 };
        Some(Step(number | Step::ONE | sure)).filter(|step| number < Step::SURE && *step != Step::NOTHING)
    }

    /// As part of a node.
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    #[inline]
    fn is_end(self) -> bool {
        self.0 >= Step::ONE
    }
}

impl Node {
    #[inline]
    fn start(&self) -> u32 {
        let [start, _] = self.next;
        start
    }
}

impl Tree {
    pub(super) fn shape(&self) -> String {
        let Tree { nodes, children, leaves, .. } = self;
        format!("a tree of {} nodes, {} children, {} boxes in lists", nodes.len(), children.len(), leaves.len())
    }

    /// Adds the rows of the boxes that a point lies in; with `first_only` none behind the first that is certain.
    #[inline]
    pub(super) fn find(&self, boxes: &Boxes, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        let (numbers, is_sure) = match self.end(point) {
            End::One(step) if step == Step::NOTHING => return,
            End::One(Step(bits)) => {
                let number = bits & !(Step::ONE | Step::SURE);
                if bits & Step::SURE != 0 || boxes.contains(number, point) {
                    found.extend(boxes.row(number));
                }
                return;
            }
            End::Several(numbers, is_sure) => (numbers, is_sure),
        };
        for number in numbers {
            if (is_sure || boxes.contains(*number, point))
                && let Some(row) = boxes.row(*number)
            {
                found.push(row);
                if first_only && boxes.residual(row).is_none() {
                    return;
                }
            }
        }
    }

    /// How many boxes a search for a point has to test, and how many nodes it passes.
    pub(super) fn work(&self, point: &[Coordinate]) -> (usize, usize) {
        let mut passed = 0_usize;
        let mut at = self.root;
        while let Some(next) = self.next(at, point) {
            (at, passed) = (next, passed.saturating_add(1));
        }
        match self.end(point) {
            End::One(_) => (1, passed),
            End::Several(numbers, is_sure) => (if is_sure { 0 } else { numbers.len() }, passed),
        }
    }

    /// The boxes of the leaf that a point lies in.
    #[inline]
    fn end(&self, point: &[Coordinate]) -> End<'_> {
        let mut at = self.root;
        // Nodes come behind those that lead to them, so that this ends.
        while let Some(next) = self.next(at, point) {
            at = next;
        }
        if at.is_end() {
            return End::One(at);
        }
        match self.nodes.get(at.0 as usize) {
            Some(leaf) => {
                let start = leaf.start() as usize;
                let numbers = self.leaves.get(start..start.wrapping_add(leaf.boundary as usize));
                End::Several(numbers.unwrap_or_default(), leaf.column == SURE_LEAF)
            }
            None => End::One(Step::NOTHING),
        }
    }

    /// The step behind a node that is no leaf.
    #[inline]
    fn next(&self, at: Step, point: &[Coordinate]) -> Option<Step> {
        if at.is_end() {
            return None;
        }
        let node = self.nodes.get(at.0 as usize)?;
        if node.column >= SURE_LEAF {
            return None;
        }
        let coordinate = point.get((node.column & !SWITCH) as usize).copied().unwrap_or_default();
        if node.column < SWITCH {
            // Which half it is cannot be foretold: it is looked up, not branched to.
            return node.next.get(usize::from(coordinate >= node.boundary)).map(|next| Step(*next));
        }
        let place = node.start().wrapping_add(coordinate.wrapping_sub(node.boundary));
        Some(self.children.get(place as usize).copied().unwrap_or(Step::NOTHING))
    }
}

/// How a search ends.
enum End<'t> {
    One(Step),
    /// Boxes, and whether the point is sure to lie in them.
    Several(&'t [u32], bool),
}
