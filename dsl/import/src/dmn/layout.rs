//! A simple diagram for a document that has none: what is required stands below what requires it.

use std::collections::{BTreeMap, BTreeSet};

use dictamen_value::Number;

use super::model::{
    Artifact, Bounds, Definitions, Diagram, DiagramElement, DiagramPart, Diagrams, DmnElement, DrgElement, Edge, Point,
    Reference, RequiredAuthority, RequiredInformation, Shape, Size,
};

/// Lengths, in the units of the diagram.
const SHAPE_WIDTH: i64 = 160;
const SHAPE_HEIGHT: i64 = 60;
const COLUMN_WIDTH: i64 = 200;
const LEVEL_HEIGHT: i64 = 140;
const MARGIN: i64 = 40;

/// Gives a document a diagram where it has none, and identifiers to what it draws. Whatever diagram there is stays.
///
/// Inputs, functions and sources that require nothing are at the bottom, each other element one level above the
/// highest that it requires. Decision services are drawn closed, notes to the right.
pub fn lay_out(definitions: &mut Definitions) {
    if definitions.diagrams.is_some() || definitions.drg_elements.is_empty() {
        return;
    }
    identify(definitions);
    let mut graph = Graph::of(definitions);
    graph.place();
    let mut elements: Vec<DiagramElement> = graph.nodes.iter().map(|node| node.shape()).collect();
    let edges = graph.edges.iter().chain(&graph.associations);
    elements.extend(edges.filter_map(|edge| graph.edge(edge)));
    for (element, number) in elements.iter_mut().zip(1_u32..) {
        let part = match element {
            DiagramElement::Shape(shape) => &mut shape.part,
            DiagramElement::Edge(edge) => &mut edge.part,
        };
        part.element.id = Some(format!("_drawn-{number}"));
    }
    let part = DiagramPart { element: identified("_diagram-1"), ..DiagramPart::default() };
    let diagram = Diagram { part, name: Some(definitions.name.clone()), elements, ..Diagram::default() };
    definitions.diagrams = Some(Diagrams { diagrams: vec![diagram], styles: Vec::new() });
}

fn identified(id: &str) -> DmnElement {
    DmnElement { id: Some(id.to_owned()), ..DmnElement::default() }
}

/// Gives identifiers to elements of the graph, requirements, notes and lines that have none.
fn identify(definitions: &mut Definitions) {
    let mut elements: Vec<&mut DmnElement> = Vec::new();
    for element in &mut definitions.drg_elements {
        match element {
            DrgElement::Decision(decision) => {
                elements.push(&mut decision.element);
                elements.extend(decision.information.iter_mut().map(|requirement| &mut requirement.element));
                elements.extend(decision.knowledge.iter_mut().map(|requirement| &mut requirement.element));
                elements.extend(decision.authority.iter_mut().map(|requirement| &mut requirement.element));
            }
            DrgElement::BusinessKnowledgeModel(model) => {
                elements.push(&mut model.element);
                elements.extend(model.knowledge.iter_mut().map(|requirement| &mut requirement.element));
                elements.extend(model.authority.iter_mut().map(|requirement| &mut requirement.element));
            }
            DrgElement::KnowledgeSource(source) => {
                elements.push(&mut source.element);
                elements.extend(source.authority.iter_mut().map(|requirement| &mut requirement.element));
            }
            other => elements.push(other.element_mut()),
        }
    }
    for artifact in &mut definitions.artifacts {
        match artifact {
            Artifact::TextAnnotation(annotation) => elements.push(&mut annotation.element),
            Artifact::Association(association) => elements.push(&mut association.element),
            Artifact::Group(_) => {}
        }
    }
    let taken: BTreeSet<String> = elements.iter().filter_map(|element| element.id.clone()).collect();
    let mut free = (1_u32..).map(|number| format!("_element-{number}")).filter(|id| !taken.contains(id));
    for element in elements.into_iter().filter(|element| element.id.is_none()) {
        element.id = free.next();
    }
}

/// What is drawn.
#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    /// Positions of the nodes by namespace (empty for this document) and identifier.
    positions: BTreeMap<(String, String), usize>,
    /// Requirements.
    edges: Vec<Line>,
    associations: Vec<Line>,
}

/// Nodes at the other end of requirements, by the position of a node.
type Neighbours = BTreeMap<usize, Vec<usize>>;

struct Node {
    drawn: Reference,
    is_service: bool,
    is_note: bool,
    level: usize,
    x: i64,
    y: i64,
}

/// A line from one node to another.
struct Line {
    /// The requirement or association that it draws.
    id: String,
    from: usize,
    to: usize,
}

impl Graph {
    fn of(definitions: &Definitions) -> Graph {
        let mut graph = Graph::default();
        for element in &definitions.drg_elements {
            let position = graph.node(&local(element.element()));
            if let Some(node) = graph.nodes.get_mut(position) {
                node.is_service = matches!(element, DrgElement::DecisionService(_));
            }
        }
        for element in &definitions.drg_elements {
            graph.require(element);
        }
        for artifact in &definitions.artifacts {
            graph.artifact(artifact);
        }
        graph
    }

    /// The position of the node that draws an element.
    fn node(&mut self, drawn: &Reference) -> usize {
        let key = (drawn.namespace.clone().unwrap_or_default(), drawn.id.clone());
        let next = self.nodes.len();
        let position = *self.positions.entry(key).or_insert(next);
        if position == next {
            let drawn = drawn.clone();
            self.nodes.push(Node { drawn, is_service: false, is_note: false, level: 0, x: 0, y: 0 });
        }
        position
    }

    fn require(&mut self, element: &DrgElement) {
        let (information, knowledge, authority) = match element {
            DrgElement::Decision(decision) => (&*decision.information, &*decision.knowledge, &*decision.authority),
            DrgElement::BusinessKnowledgeModel(model) => (&[][..], &*model.knowledge, &*model.authority),
            DrgElement::KnowledgeSource(source) => (&[][..], &[][..], &*source.authority),
            DrgElement::InputData(_) | DrgElement::DecisionService(_) => return,
        };
        let to = self.node(&local(element.element()));
        for requirement in information {
            let (RequiredInformation::Decision(from) | RequiredInformation::Input(from)) = &requirement.required;
            self.line(&requirement.element, from, to);
        }
        for requirement in knowledge {
            self.line(&requirement.element, &requirement.required, to);
        }
        for requirement in authority {
            let (RequiredAuthority::Decision(from)
            | RequiredAuthority::Input(from)
            | RequiredAuthority::Authority(from)) = &requirement.required;
            self.line(&requirement.element, from, to);
        }
    }

    fn line(&mut self, element: &DmnElement, from: &Reference, to: usize) {
        let from = self.node(from);
        self.edges.push(Line { id: element.id.clone().unwrap_or_default(), from, to });
    }

    fn artifact(&mut self, artifact: &Artifact) {
        match artifact {
            Artifact::TextAnnotation(annotation) => {
                let position = self.node(&local(&annotation.element));
                if let Some(node) = self.nodes.get_mut(position) {
                    node.is_note = true;
                }
            }
            Artifact::Association(association) => {
                let (from, to) = (self.node(&association.source), self.node(&association.target));
                let id = association.element.id.clone().unwrap_or_default();
                self.associations.push(Line { id, from, to });
            }
            Artifact::Group(_) => {}
        }
    }

    /// Gives each node its level and its place.
    fn place(&mut self) {
        for (position, level) in self.levels().into_iter().enumerate() {
            if let Some(node) = self.nodes.get_mut(position) {
                node.level = level;
            }
        }
        let top = self.nodes.iter().map(|node| node.level).max().unwrap_or_default();
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); top.saturating_add(1)];
        for (position, node) in self.nodes.iter().enumerate().filter(|(_, node)| !node.is_note) {
            if let Some(row) = rows.get_mut(node.level) {
                row.push(position);
            }
        }
        let widest = rows.iter().map(Vec::len).max().unwrap_or_default();
        let required = self.by(|edge| (edge.to, edge.from));
        for (level, row) in rows.into_iter().enumerate() {
            self.place_row(row, &required, top.saturating_sub(level), widest);
        }
        self.place_notes(widest);
    }

    /// The level of each node: above all that it requires. Those on a cycle, or above one, stay where they were when
    /// nothing more could be placed.
    fn levels(&self) -> Vec<usize> {
        let mut levels = vec![0_usize; self.nodes.len()];
        let mut waiting = vec![0_usize; self.nodes.len()];
        for edge in &self.edges {
            if let Some(count) = waiting.get_mut(edge.to) {
                *count = count.saturating_add(1);
            }
        }
        let requiring = self.by(|edge| (edge.from, edge.to));
        let mut ready: Vec<usize> = (0..levels.len()).filter(|node| waiting.get(*node) == Some(&0)).collect();
        while let Some(node) = ready.pop() {
            let above = levels.get(node).copied().unwrap_or_default().saturating_add(1);
            for to in requiring.get(&node).into_iter().flatten() {
                let (Some(level), Some(count)) = (levels.get_mut(*to), waiting.get_mut(*to)) else { continue };
                *level = above.max(*level);
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(*to);
                }
            }
        }
        levels
    }

    /// A row of the diagram, ordered by the middle of what each node requires and centred.
    fn place_row(&mut self, mut row: Vec<usize>, required: &Neighbours, from_top: usize, widest: usize) {
        row.sort_by_cached_key(|position| self.middle(required.get(position).map_or(&[], Vec::as_slice)));
        let free = as_length(widest.saturating_sub(row.len())).saturating_mul(COLUMN_WIDTH);
        let start = MARGIN.saturating_add(free.checked_div(2).unwrap_or_default());
        let y = MARGIN.saturating_add(as_length(from_top).saturating_mul(LEVEL_HEIGHT));
        for (column, position) in row.into_iter().enumerate() {
            if let Some(node) = self.nodes.get_mut(position) {
                node.x = start.saturating_add(as_length(column).saturating_mul(COLUMN_WIDTH));
                node.y = y;
            }
        }
    }

    /// The mean of the places of some nodes from left to right.
    fn middle(&self, nodes: &[usize]) -> i64 {
        let places = nodes.iter().filter_map(|position| self.nodes.get(*position)).map(|node| node.x);
        let sum = places.fold(0_i64, i64::saturating_add);
        sum.checked_div(as_length(nodes.len())).unwrap_or_default()
    }

    /// For one end of each requirement, the other ends.
    fn by(&self, ends: impl Fn(&Line) -> (usize, usize)) -> Neighbours {
        let mut neighbours = Neighbours::new();
        for (one, other) in self.edges.iter().map(ends) {
            neighbours.entry(one).or_default().push(other);
        }
        neighbours
    }

    fn place_notes(&mut self, widest: usize) {
        let x = MARGIN.saturating_add(as_length(widest).saturating_mul(COLUMN_WIDTH));
        for (note, row) in self.nodes.iter_mut().filter(|node| node.is_note).zip(0_i64..) {
            note.x = x;
            note.y = MARGIN.saturating_add(row.saturating_mul(SHAPE_HEIGHT.saturating_mul(2)));
        }
    }

    /// The line that draws a requirement or association.
    fn edge(&self, line: &Line) -> Option<DiagramElement> {
        let (from, to) = (self.nodes.get(line.from)?, self.nodes.get(line.to)?);
        let drawn = Reference { id: line.id.clone(), ..Reference::default() };
        let waypoints = if from.is_note || to.is_note {
            vec![from.point(SHAPE_HEIGHT / 2), to.point(SHAPE_HEIGHT / 2)]
        } else {
            vec![from.point(0), to.point(SHAPE_HEIGHT)]
        };
        Some(DiagramElement::Edge(Edge { drawn, waypoints, ..Edge::default() }))
    }
}

impl Node {
    /// The middle of the shape from left to right, so far below its top.
    fn point(&self, below_top: i64) -> Point {
        Point {
            x: Number::from(self.x.saturating_add(SHAPE_WIDTH / 2)),
            y: Number::from(self.y.saturating_add(below_top)),
        }
    }

    fn shape(&self) -> DiagramElement {
        let corner = Point { x: Number::from(self.x), y: Number::from(self.y) };
        let size = Size { width: Number::from(SHAPE_WIDTH), height: Number::from(SHAPE_HEIGHT) };
        DiagramElement::Shape(Shape {
            drawn: self.drawn.clone(),
            is_collapsed: self.is_service.then_some(true),
            bounds: Some(Bounds { corner, size }),
            ..Shape::default()
        })
    }
}

/// A reference to an element of this document.
fn local(element: &DmnElement) -> Reference {
    Reference { id: element.id.clone().unwrap_or_default(), ..Reference::default() }
}

fn as_length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
