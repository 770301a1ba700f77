//! Where facts stand in registers: one a scalar, records taken apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_plan::{ConstraintId, InputId, Plan};
use dictamen_value::{RecordType, Type, Value};

use super::code::{Kind, Reg};

/// Position in the layout.
pub(crate) type NodeId = u32;

/// Scalars of all facts.
const LEAVES_MAX: u16 = 8_000;

/// The facts of a plan, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    inputs: Vec<NodeId>,
    nodes: Vec<Node>,
    leaves: u16,
}

/// A fact or a part of one.
#[derive(Debug)]
pub(crate) enum Node {
    Leaf(Leaf),
    Record(Record),
    /// What has no place in registers: lists, ranges, types that are not known.
    Other,
}

/// A scalar.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) register: Reg,
    pub(crate) kind: Kind,
    /// Whether it may be absent.
    pub(crate) optional: bool,
    /// The values it may have, where they are listed.
    pub(crate) choices: Option<Arc<[Value]>>,
    /// What it must meet, innermost first.
    pub(crate) constraints: Vec<ConstraintId>,
}

/// A record: names and nodes of its fields.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) names: Arc<[Arc<str>]>,
    pub(crate) fields: Vec<NodeId>,
    /// The register that says whether it is there, where it may be absent.
    pub(crate) presence: Option<Reg>,
}

impl Layout {
    /// The layout of a plan's facts; `None` where there are too many.
    pub(crate) fn new(plan: &Plan) -> Option<Layout> {
        let mut layout = Layout::default();
        for input in &plan.inputs {
            let node = layout.add(&input.ty)?;
            layout.inputs.push(node);
        }
        Some(layout)
    }

    /// How many registers facts take.
    pub(crate) fn leaves(&self) -> u16 {
        self.leaves
    }

    pub(crate) fn input(&self, id: InputId) -> Option<NodeId> {
        self.inputs.get(id as usize).copied()
    }

    /// Whether an input may be left out.
    pub(crate) fn may_be_absent(&self, id: InputId) -> bool {
        match self.input(id).and_then(|node| self.node(node)) {
            Some(Node::Leaf(leaf)) => leaf.optional,
            Some(Node::Record(record)) => record.presence.is_some(),
            Some(Node::Other) | None => false,
        }
    }

    pub(crate) fn inputs(&self) -> &[NodeId] {
        &self.inputs
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// A field of a record.
    pub(crate) fn field(&self, record: NodeId, name: &str) -> Option<NodeId> {
        let Some(Node::Record(record)) = self.node(record) else { return None };
        let position = record.names.iter().position(|known| &**known == name)?;
        record.fields.get(position).copied()
    }

    /// Constraints that scalars must meet, each once.
    pub(crate) fn constraints(&self) -> BTreeSet<ConstraintId> {
        let of_leaves = self.nodes.iter().filter_map(|node| match node {
            Node::Leaf(leaf) => Some(&leaf.constraints),
            _ => None,
        });
        of_leaves.flatten().copied().collect()
    }

    fn add(&mut self, ty: &Type) -> Option<NodeId> {
        let node = self.node_of(ty)?;
        let id = NodeId::try_from(self.nodes.len()).ok()?;
        self.nodes.push(node);
        Some(id)
    }

    fn node_of(&mut self, ty: &Type) -> Option<Node> {
        let mut constraints = Vec::new();
        let base = bare(ty, &mut constraints);
        constraints.reverse();
        match base {
            Type::Record(record) if constraints.is_empty() => self.record(record, ty.is_optional()),
            Type::Choice(choices) => {
                let kind = choices.first().and_then(kind_of_value);
                self.leaf(kind, ty, Some(choices.clone()), constraints)
            }
            other => self.leaf(kind_of(other), ty, None, constraints),
        }
    }

    fn record(&mut self, record: &RecordType, optional: bool) -> Option<Node> {
        let presence = if optional { Some(self.register()?) } else { None };
        let fields = record.fields.iter().map(|field| self.add(&field.ty)).collect::<Option<Vec<_>>>()?;
        let names = record.fields.iter().map(|field| field.name.clone()).collect();
        Some(Node::Record(Record { names, fields, presence }))
    }

    fn leaf(
        &mut self,
        kind: Option<Kind>,
        ty: &Type,
        choices: Option<Arc<[Value]>>,
        constraints: Vec<ConstraintId>,
    ) -> Option<Node> {
        let Some(kind) = kind else { return Some(Node::Other) };
        let register = self.register()?;
        Some(Node::Leaf(Leaf { register, kind, optional: ty.is_optional(), choices, constraints }))
    }

    fn register(&mut self) -> Option<Reg> {
        let register = self.leaves;
        self.leaves = self.leaves.checked_add(1).filter(|leaves| *leaves <= LEAVES_MAX)?;
        Some(register)
    }
}

/// The type without names and options; constraints on the way are added, outermost first.
fn bare<'t>(ty: &'t Type, constraints: &mut Vec<ConstraintId>) -> &'t Type {
    match ty {
        Type::Optional(of) => bare(of, constraints),
        Type::Named(named) => {
            constraints.extend(named.constraint);
            bare(&named.base, constraints)
        }
        other => other,
    }
}

fn kind_of(ty: &Type) -> Option<Kind> {
    Some(match ty {
        Type::Boolean => Kind::Boolean,
        Type::Number { integer: false, .. } => Kind::Number,
        Type::Number { integer: true, .. } => Kind::Integer,
        Type::Text => Kind::Text,
        Type::Date => Kind::Date,
        Type::Time => Kind::Time,
        Type::DateTime => Kind::DateTime,
        Type::DaysDuration => Kind::DaysDuration,
        Type::MonthsDuration => Kind::MonthsDuration,
        _ => return None,
    })
}

fn kind_of_value(value: &Value) -> Option<Kind> {
    Some(match value {
        Value::Boolean(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::Text(_) => Kind::Text,
        Value::Date(_) => Kind::Date,
        Value::Time(_) => Kind::Time,
        Value::DateTime(_) => Kind::DateTime,
        Value::DaysDuration(_) => Kind::DaysDuration,
        Value::MonthsDuration(_) => Kind::MonthsDuration,
        _ => return None,
    })
}
