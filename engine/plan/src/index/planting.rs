//! Builds trees over boxes: by halves where boxes lie apart, by switches where a column tells many of them apart at once.

use super::Coordinate;
use super::boxes::Boxes;
use super::spans::Span;
use super::tree::{LEAF, Node, SURE_LEAF, SWITCH, Step, Tree};

/// Copies of boxes in leaves, for each box.
const COPIES_MAX: usize = 6;
/// Halves inside one another; beyond, boxes do not lie apart.
const DEPTH_MAX: u32 = 64;
/// Boxes that are looked at to choose how a node divides.
const SAMPLE: usize = 32;
/// Switches have at most so many children for each box.
const SWITCH_WIDTH_PER_BOX: usize = 4;
/// Fewer boxes are told apart as fast by halves.
const SWITCH_BOXES_MIN: usize = 6;
/// Fewer classes are, too.
const SWITCH_CLASSES_MIN: usize = 4;

/// A tree over all boxes.
pub(super) fn plant(boxes: &Boxes) -> Tree {
    let numbers: Vec<u32> = (0..clamped(boxes.len())).collect();
    let region = (0..boxes.width()).map(|column| boxes.whole(column)).collect();
    let tree = Tree { root: Step::NOTHING, nodes: Vec::new(), children: Vec::new(), leaves: Vec::new() };
    let mut planter = Planter { boxes, tree, region };
    let root = planter.node(&numbers, numbers.len().saturating_mul(COPIES_MAX), 0);
    let mut tree = planter.tree;
    tree.root = root;
    tree.nodes.shrink_to_fit();
    tree.leaves.shrink_to_fit();
    tree.children.shrink_to_fit();
    tree
}

struct Planter<'b> {
    boxes: &'b Boxes,
    tree: Tree,
    /// The coordinates that the node in hand is about, by column.
    region: Vec<Span>,
}

/// The boxes that reach below a boundary, and those that reach above.
struct Halves {
    column: usize,
    boundary: Coordinate,
    left: Vec<u32>,
    right: Vec<u32>,
}

/// How a node divides.
enum Choice {
    Leaf,
    Halves(Halves),
    Switch(usize, Vec<Coordinate>),
}

impl Planter<'_> {
    /// Where to go on for some boxes, whose leaves may hold so many copies of boxes together.
    fn node(&mut self, numbers: &[u32], copies: usize, depth: u32) -> Step {
        match self.choose(numbers, copies, depth) {
            Choice::Leaf => self.leaf(numbers),
            Choice::Halves(halves) => self.halves(&halves, copies, depth),
            Choice::Switch(column, starts) => self.switch(numbers, copies, depth, (column, &starts)),
        }
    }

    fn leaf(&mut self, numbers: &[u32]) -> Step {
        let is_sure = numbers.iter().all(|number| self.covers_region(*number));
        match numbers {
            [] => return Step::NOTHING,
            [number] => {
                if let Some(step) = Step::one(*number, is_sure) {
                    return step;
                }
            }
            _ => {}
        }
        let start = clamped(self.tree.leaves.len());
        self.tree.leaves.extend_from_slice(numbers);
        let column = if is_sure { SURE_LEAF } else { LEAF };
        self.add(Node { column, boundary: clamped(numbers.len()), next: [start, 0] })
    }

    /// Whether every point of the region lies in a box.
    fn covers_region(&self, number: u32) -> bool {
        self.region.iter().enumerate().all(|(column, region)| {
            let mut spans = self.boxes.spans(number, column).iter();
            spans.any(|span| span.low <= region.low && region.high <= span.high)
        })
    }

    fn halves(&mut self, halves: &Halves, copies: usize, depth: u32) -> Step {
        let Halves { column, boundary, left, right } = halves;
        let Span { low, high } = self.region(*column);
        let at = self.add(Node { column: clamped(*column), boundary: *boundary, next: [0, 0] });
        let total = left.len().saturating_add(right.len());
        let below = Span { low, high: boundary.saturating_sub(1) };
        let below = self.child(*column, below, left, share(copies, left.len(), total), depth);
        let above = Span { low: *boundary, high };
        let above = self.child(*column, above, right, share(copies, right.len(), total), depth);
        self.region_mut(*column, Span { low, high });
        if let Some(node) = self.tree.nodes.get_mut(at.bits() as usize) {
            node.next = [below.bits(), above.bits()];
        }
        at
    }

    /// `starts` are the first coordinates of its classes.
    fn switch(&mut self, numbers: &[u32], copies: usize, depth: u32, (column, starts): (usize, &[Coordinate])) -> Step {
        let Span { low, high } = self.region(column);
        let (classes, total) = self.classified(numbers, column, starts);
        let width = high.saturating_sub(low).saturating_add(1) as usize;
        let first = self.tree.children.len();
        self.tree.children.resize(first.saturating_add(width), Step::NOTHING);
        let at = self.add(Node { column: clamped(column) | SWITCH, boundary: low, next: [clamped(first), 0] });
        let ends = starts.iter().skip(1).copied().chain([high.saturating_add(1)]);
        for ((start, end), numbers) in starts.iter().zip(ends).zip(classes) {
            let part = Span { low: *start, high: end.saturating_sub(1) };
            let child = self.child(column, part, &numbers, share(copies, numbers.len(), total), depth);
            let place = |coordinate: Coordinate| first.saturating_add(coordinate.saturating_sub(low) as usize);
            let places = self.tree.children.get_mut(place(*start)..place(end));
            places.unwrap_or_default().fill(child);
        }
        self.region_mut(column, Span { low, high });
        at
    }

    /// The boxes that reach each class of a column, and how many those are in all.
    fn classified(&self, numbers: &[u32], column: usize, starts: &[Coordinate]) -> (Vec<Vec<u32>>, usize) {
        let mut classes: Vec<Vec<u32>> = vec![Vec::new(); starts.len()];
        let mut total = 0_usize;
        for number in numbers {
            for span in self.clipped(*number, column) {
                let first = starts.partition_point(|start| *start <= span.low).saturating_sub(1);
                let end = starts.partition_point(|start| *start <= span.high);
                for class in classes.get_mut(first..end).unwrap_or_default() {
                    // A box with several spans may reach a class twice.
                    if class.last() != Some(number) {
                        class.push(*number);
                        total = total.saturating_add(1);
                    }
                }
            }
        }
        (classes, total)
    }

    fn child(&mut self, column: usize, part: Span, numbers: &[u32], copies: usize, depth: u32) -> Step {
        self.region_mut(column, part);
        self.node(numbers, copies, depth.saturating_add(1))
    }

    fn add(&mut self, node: Node) -> Step {
        let at = clamped(self.tree.nodes.len());
        self.tree.nodes.push(node);
        Step::node(at)
    }

    fn region(&self, column: usize) -> Span {
        self.region.get(column).copied().unwrap_or(Span { low: 0, high: 0 })
    }

    fn region_mut(&mut self, column: usize, span: Span) {
        self.region.get_mut(column).into_iter().for_each(|slot| *slot = span);
    }

    fn choose(&self, numbers: &[u32], copies: usize, depth: u32) -> Choice {
        if numbers.len() < 2 || depth >= DEPTH_MAX {
            return Choice::Leaf;
        }
        let sample = sample(numbers);
        if numbers.len() >= SWITCH_BOXES_MIN
            && let Some((column, starts)) = self.best_switch(numbers, &sample, copies)
        {
            return Choice::Switch(column, starts);
        }
        let halves = self.best_halves(&sample);
        let halves = halves.and_then(|(column, boundary)| self.divided(numbers, column, boundary, copies));
        halves.map_or(Choice::Leaf, Choice::Halves)
    }

    /// The column that tells most boxes apart at once, with the first coordinates of its classes.
    fn best_switch(&self, numbers: &[u32], sample: &[u32], copies: usize) -> Option<(usize, Vec<Coordinate>)> {
        let columns = 0..self.boxes.width();
        let promising = columns.filter(|column| self.lie_apart(sample, *column));
        let switches = promising.filter_map(|column| Some((column, self.classes(numbers, column, copies)?)));
        switches.max_by_key(|(_, starts)| starts.len())
    }

    /// Whether most boxes of a sample that do not span the region are the same or apart in a column.
    fn lie_apart(&self, sample: &[u32], column: usize) -> bool {
        let region = self.region(column);
        let mut spans: Vec<Span> = Vec::new();
        for number in sample {
            spans.extend(self.clipped(*number, column).filter(|span| *span != region));
        }
        spans.sort_unstable();
        let overlaps = spans.iter().zip(spans.iter().skip(1)).filter(|(one, next)| one != next && one.meets(**next));
        spans.len().saturating_mul(4) >= sample.len().saturating_mul(3)
            && overlaps.count().saturating_mul(8) <= spans.len()
    }

    fn clipped(&self, number: u32, column: usize) -> impl Iterator<Item = Span> {
        let region = self.region(column);
        let inside = self.boxes.spans(number, column).iter().filter(move |span| span.meets(region));
        inside.map(move |span| Span { low: span.low.max(region.low), high: span.high.min(region.high) })
    }

    /// The first coordinates of the classes that the boxes make in a column, where that costs few copies.
    fn classes(&self, numbers: &[u32], column: usize, copies: usize) -> Option<Vec<Coordinate>> {
        let region = self.region(column);
        let width = region.high.saturating_sub(region.low) as usize;
        if width > numbers.len().saturating_mul(SWITCH_WIDTH_PER_BOX) {
            return None;
        }
        let mut starts = vec![region.low];
        for number in numbers {
            for span in self.clipped(*number, column) {
                starts.push(span.low);
                starts.extend((span.high < region.high).then(|| span.high.saturating_add(1)));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        let reached = |span: Span| {
            let first = starts.partition_point(|start| *start < span.low);
            starts.partition_point(|start| *start <= span.high).saturating_sub(first)
        };
        let total: usize = numbers.iter().flat_map(|number| self.clipped(*number, column)).map(reached).sum();
        let is_cheap = total <= copies && total <= numbers.len().saturating_add(numbers.len() / 2);
        (starts.len() >= SWITCH_CLASSES_MIN && is_cheap).then_some(starts)
    }

    /// The column and boundary that divide a sample best.
    fn best_halves(&self, sample: &[u32]) -> Option<(usize, Coordinate)> {
        let candidates = (0..self.boxes.width()).filter_map(|column| Some((column, self.median(sample, column)?)));
        candidates.min_by_key(|(column, boundary)| {
            let (left, right) = self.halved(sample, *column, *boundary);
            left.max(right).saturating_add(left.saturating_add(right).saturating_sub(sample.len()))
        })
    }

    /// The median of where boxes start and end inside the region.
    fn median(&self, sample: &[u32], column: usize) -> Option<Coordinate> {
        let region = self.region(column);
        let mut boundaries: Vec<Coordinate> = Vec::new();
        for number in sample {
            for span in self.clipped(*number, column) {
                boundaries.extend((span.low > region.low).then_some(span.low));
                boundaries.extend((span.high < region.high).then(|| span.high.saturating_add(1)));
            }
        }
        let middle = boundaries.len() / 2;
        (!boundaries.is_empty()).then(|| *boundaries.select_nth_unstable(middle).1)
    }

    /// How many boxes reach below a boundary, and how many above.
    fn halved(&self, numbers: &[u32], column: usize, boundary: Coordinate) -> (usize, usize) {
        let (left, right) = self.sides(column, boundary);
        let reaching = |part: Span| {
            numbers
                .iter()
                .filter(|number| self.boxes.spans(**number, column).iter().any(|span| span.meets(part)))
                .count()
        };
        (reaching(left), reaching(right))
    }

    /// The boxes on both sides of a boundary, if those are fewer by enough for the copies that it costs.
    fn divided(&self, numbers: &[u32], column: usize, boundary: Coordinate, copies: usize) -> Option<Halves> {
        let (below, above) = self.sides(column, boundary);
        let (mut left, mut right) = (Vec::with_capacity(numbers.len()), Vec::with_capacity(numbers.len()));
        for number in numbers {
            let spans = self.boxes.spans(*number, column);
            left.extend(spans.iter().any(|span| span.meets(below)).then_some(*number));
            right.extend(spans.iter().any(|span| span.meets(above)).then_some(*number));
        }
        let most = left.len().max(right.len());
        let pays = most < numbers.len() && most <= numbers.len().saturating_sub(numbers.len() / 16);
        let is_cheap = left.len().saturating_add(right.len()) <= copies;
        (pays && is_cheap).then_some(Halves { column, boundary, left, right })
    }

    fn sides(&self, column: usize, boundary: Coordinate) -> (Span, Span) {
        let Span { low, high } = self.region(column);
        (Span { low, high: boundary.saturating_sub(1) }, Span { low: boundary, high })
    }
}

/// The copies that a part may have, in proportion to its boxes.
fn share(copies: usize, part: usize, total: usize) -> usize {
    copies.saturating_mul(part).checked_div(total).unwrap_or_default()
}

fn sample(numbers: &[u32]) -> Vec<u32> {
    let step = numbers.len().div_ceil(SAMPLE).max(1);
    numbers.iter().step_by(step).copied().collect()
}

fn clamped(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
