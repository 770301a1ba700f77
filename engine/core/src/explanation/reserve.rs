//! What of a plan is reserved, and what names it: the texts, cells and values that the public form leaves out.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_plan::{About, Body, DecisionId, FunctionId, InputId, LambdaId, LocalId, Op, OpId, ParameterId, Plan};

use super::ReserveReport;

/// What is reserved and what rests on it.
#[derive(Debug, Default)]
pub(crate) struct Reserve {
    /// Whether anything is reserved at all.
    any: bool,
    /// Operations that name what is reserved, or a local value that was made from it.
    tainted: Vec<bool>,
    /// What each decision refers to itself and through functions that are not reserved.
    decisions: Vec<References>,
}

/// What a body refers to, and whether it names what is reserved.
#[derive(Clone, Debug, Default)]
struct References {
    decisions: BTreeSet<DecisionId>,
    functions: BTreeSet<FunctionId>,
    lambdas: BTreeSet<LambdaId>,
    names_reserved: bool,
}

impl Reserve {
    /// Looks through a plan; one without reserves costs no more than looking whether there are any.
    pub(crate) fn of(plan: &Plan) -> Reserve {
        if !has_reserves(plan) {
            return Reserve::default();
        }
        let mut taint = Taint::new(plan);
        taint.run();
        let decisions = plan.decisions.iter().map(|decision| references(plan, decision.body)).collect();
        Reserve { any: true, tainted: taint.operations, decisions }
    }

    /// Whether an operation names what is reserved.
    pub(crate) fn is_tainted(&self, op: OpId) -> bool {
        self.any && self.tainted.get(op as usize).copied().unwrap_or_default()
    }

    /// Whether a decision names what is reserved, itself or through functions.
    pub(crate) fn touches(&self, decision: DecisionId) -> bool {
        self.any && self.decisions.get(decision as usize).is_none_or(|references| references.names_reserved)
    }

    /// The decisions that are not reserved and that a decision asks other than through what is.
    pub(crate) fn asks(&self, plan: &Plan, decision: DecisionId) -> Vec<DecisionId> {
        let asked = self.decisions.get(decision as usize).into_iter().flat_map(|references| &references.decisions);
        asked.copied().filter(|id| decision_reserve(plan, *id).is_none()).collect()
    }

    /// The decisions that are told of where one is asked for: those it reaches other than through what is reserved.
    pub(crate) fn told(&self, plan: &Plan, root: DecisionId) -> BTreeSet<DecisionId> {
        let mut told = BTreeSet::new();
        let mut waiting: Vec<DecisionId> =
            Some(root).into_iter().filter(|id| decision_reserve(plan, *id).is_none()).collect();
        while let Some(id) = waiting.pop() {
            if told.insert(id) {
                waiting.extend(self.asks(plan, id));
            }
        }
        told
    }
}

/// Whether a decision names what is reserved, itself or through functions.
pub(crate) fn touches(plan: &Plan, decision: DecisionId) -> bool {
    plan.decisions.get(decision as usize).is_none_or(|decision| references(plan, decision.body).names_reserved)
}

/// How many reserved things a decision may rest on, whatever the facts are, and why they are so.
pub(super) fn report(plan: &Plan, decision: DecisionId) -> Option<ReserveReport> {
    if !has_reserves(plan) {
        return None;
    }
    let mut found: BTreeSet<(Kind, u32)> = BTreeSet::new();
    let mut bodies: Vec<Body> = Vec::new();
    let mut reach = |kind: Kind, id: u32, bodies: &mut Vec<Body>| {
        if found.insert((kind, id)) {
            bodies.extend(kind.body(plan, id));
        }
    };
    reach(Kind::Decision, decision, &mut bodies);
    while let Some(body) = bodies.pop() {
        each_operation(plan, body.root, &mut |op| each_reference(op, &mut |kind, id| reach(kind, id, &mut bodies)));
    }
    let reserved: Vec<&Arc<str>> = found.iter().filter_map(|(kind, id)| kind.reserve(plan, *id)).collect();
    let norms: BTreeSet<Arc<str>> = reserved.iter().map(|why| (*why).clone()).collect();
    (!reserved.is_empty()).then(|| ReserveReport { criteria: reserved.len(), norms: norms.into_iter().collect() })
}

/// The kinds of things that a body may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Decision,
    Function,
    Lambda,
    Parameter,
    Input,
}

impl Kind {
    fn body(self, plan: &Plan, id: u32) -> Option<Body> {
        let at = id as usize;
        match self {
            Kind::Decision => plan.decisions.get(at).map(|it| it.body),
            Kind::Function => plan.functions.get(at).map(|it| it.body),
            Kind::Lambda => plan.lambdas.get(at).map(|it| it.body),
            Kind::Parameter | Kind::Input => None,
        }
    }

    fn reserve(self, plan: &Plan, id: u32) -> Option<&Arc<str>> {
        match self {
            Kind::Decision => decision_reserve(plan, id),
            Kind::Function => function_reserve(plan, id),
            Kind::Parameter => parameter_reserve(plan, id),
            Kind::Input => input_reserve(plan, id),
            Kind::Lambda => None,
        }
    }
}

fn each_reference(op: &Op, visit: &mut dyn FnMut(Kind, u32)) {
    match op {
        Op::Input(id) => visit(Kind::Input, *id),
        Op::Parameter(id, _) => visit(Kind::Parameter, *id),
        Op::Decision(id) => visit(Kind::Decision, *id),
        Op::Call(id, _) | Op::FunctionValue(id) => visit(Kind::Function, *id),
        Op::Lambda(id) => visit(Kind::Lambda, *id),
        Op::Service(service) => service.outputs.iter().for_each(|id| visit(Kind::Decision, *id)),
        _ => {}
    }
}

/// Whether anything of a plan is reserved.
pub(crate) fn has_reserves(plan: &Plan) -> bool {
    let is = |about: &About| about.reserved.is_some();
    plan.decisions.iter().any(|it| is(&it.about))
        || plan.functions.iter().any(|it| is(&it.about))
        || plan.inputs.iter().any(|it| is(&it.about))
        || plan.parameters.iter().any(|(_, _, about)| is(about))
}

/// Why a decision is reserved, if it is.
pub(crate) fn decision_reserve(plan: &Plan, id: DecisionId) -> Option<&Arc<str>> {
    plan.decisions.get(id as usize)?.about.reserved.as_ref()
}

/// Why a function is reserved, if it is.
pub(crate) fn function_reserve(plan: &Plan, id: FunctionId) -> Option<&Arc<str>> {
    plan.functions.get(id as usize)?.about.reserved.as_ref()
}

/// Why a parameter is reserved, if it is.
pub(crate) fn parameter_reserve(plan: &Plan, id: ParameterId) -> Option<&Arc<str>> {
    plan.parameters.get(id as usize)?.2.reserved.as_ref()
}

/// Why an input is reserved, if it is.
pub(crate) fn input_reserve(plan: &Plan, id: InputId) -> Option<&Arc<str>> {
    plan.inputs.get(id as usize)?.about.reserved.as_ref()
}

/// Whether an operation itself names what is reserved.
fn names_reserved(plan: &Plan, op: &Op) -> bool {
    match op {
        Op::Input(id) => input_reserve(plan, *id).is_some(),
        Op::Parameter(id, _) => parameter_reserve(plan, *id).is_some(),
        Op::Decision(id) => decision_reserve(plan, *id).is_some(),
        Op::Call(id, _) | Op::FunctionValue(id) => function_reserve(plan, *id).is_some(),
        Op::Service(service) => {
            service.outputs.iter().any(|id| decision_reserve(plan, *id).is_some())
                || service.inputs.iter().any(|(id, _)| input_reserve(plan, *id).is_some())
        }
        _ => false,
    }
}

/// Whether an operation, or one below it, names what is reserved; bodies of declared functions are apart.
fn names_reserved_inside(plan: &Plan, root: OpId) -> bool {
    let (mut named, mut lambdas) = (false, Vec::new());
    each_operation(plan, root, &mut |op| {
        named |= names_reserved(plan, op);
        lambdas.extend(if let Op::Lambda(id) = op { plan.lambdas.get(*id as usize) } else { None });
    });
    named || lambdas.iter().any(|lambda| names_reserved_inside(plan, lambda.body.root))
}

/// Visits the operands of an operation, those inside of a table, too.
fn operands(plan: &Plan, op: &Op, visit: &mut dyn FnMut(OpId, Option<LocalId>)) {
    op.operands(visit);
    let Op::Table(table) = op else { return };
    let Some(table) = plan.tables.get(*table as usize) else { return };
    table.inputs.iter().for_each(|(column, local, _)| visit(*column, Some(*local)));
    for row in &table.rows {
        row.inputs.iter().flat_map(|cell| &cell.tests).for_each(|test| test.operands(visit));
        row.outputs.iter().for_each(|output| visit(*output, None));
    }
    table.default.iter().flat_map(|(outputs, ..)| outputs).for_each(|output| visit(*output, None));
}

/// What a body refers to itself and through functions that are not reserved.
fn references(plan: &Plan, body: Body) -> References {
    let mut all = References::default();
    let mut bodies = vec![body];
    while let Some(body) = bodies.pop() {
        let mut own = References::default();
        each_operation(plan, body.root, &mut |op| note(plan, op, &mut own));
        all.names_reserved |= own.names_reserved;
        all.decisions.extend(own.decisions);
        let functions = own.functions.into_iter().filter(|id| function_reserve(plan, *id).is_none());
        let new: Vec<FunctionId> = functions.filter(|id| all.functions.insert(*id)).collect();
        bodies.extend(new.iter().filter_map(|id| plan.functions.get(*id as usize)).map(|function| function.body));
        let new: Vec<LambdaId> = own.lambdas.into_iter().filter(|id| all.lambdas.insert(*id)).collect();
        bodies.extend(new.iter().filter_map(|id| plan.lambdas.get(*id as usize)).map(|lambda| lambda.body));
    }
    all
}

fn note(plan: &Plan, op: &Op, own: &mut References) {
    own.names_reserved |= names_reserved(plan, op);
    match op {
        Op::Decision(id) => own.decisions.extend([*id]),
        Op::Call(id, _) | Op::FunctionValue(id) => own.functions.extend([*id]),
        Op::Lambda(id) => own.lambdas.extend([*id]),
        Op::Service(service) => own.decisions.extend(&service.outputs),
        _ => {}
    }
}

/// Visits an operation and all below it, bodies of functions apart; on a list of its own, so that depth costs no stack.
fn each_operation(plan: &Plan, root: OpId, visit: &mut dyn FnMut(&Op)) {
    let mut waiting = vec![root];
    while let Some(op) = waiting.pop().and_then(|id| plan.operations.get(id as usize)) {
        visit(op);
        operands(plan, op, &mut |id, _| waiting.push(id));
    }
}

/// Follows what is reserved through local values and arguments.
struct Taint<'a> {
    plan: &'a Plan,
    operations: Vec<bool>,
    /// Arguments of functions that are made from what is reserved somewhere.
    arguments: Vec<BTreeSet<LocalId>>,
    changed: bool,
}

impl<'a> Taint<'a> {
    fn new(plan: &'a Plan) -> Taint<'a> {
        let (operations, arguments) = (Vec::new(), vec![BTreeSet::new(); plan.functions.len()]);
        Taint { plan, operations, arguments, changed: true }
    }

    /// Until nothing more is found; each round marks an argument that was not marked before.
    fn run(&mut self) {
        self.operations = vec![false; self.plan.operations.len()];
        while std::mem::take(&mut self.changed) {
            for decision in self.plan.decisions.iter().filter(|it| it.about.reserved.is_none()) {
                self.body(decision.body, BTreeSet::new());
            }
            for (function, id) in self.plan.functions.iter().zip(0usize..) {
                if function.about.reserved.is_none() {
                    let locals = self.arguments.get(id).cloned().unwrap_or_default();
                    self.body(function.body, locals);
                }
            }
        }
    }

    fn body(&mut self, body: Body, mut locals: BTreeSet<LocalId>) {
        if !locals.is_empty() || names_reserved_inside(self.plan, body.root) {
            self.operation(body.root, &mut locals);
        }
    }

    /// Whether an operation is tainted; those below it are marked on the way.
    fn operation(&mut self, id: OpId, locals: &mut BTreeSet<LocalId>) -> bool {
        let plan = self.plan;
        let Some(op) = plan.operations.get(id as usize) else { return false };
        let mut tainted = names_reserved(plan, op) || matches!(op, Op::Local(local) if locals.contains(local));
        let mut below: Vec<(OpId, Option<LocalId>)> = Vec::new();
        operands(plan, op, &mut |id, local| below.push((id, local)));
        for (position, (operand, local)) in (0u32..).zip(below) {
            let one = self.operation(operand, locals);
            tainted |= one;
            if one {
                locals.extend(local);
                self.argument(op, position);
            }
        }
        tainted |= self.function_inside(op, locals);
        if let Some(slot) = self.operations.get_mut(id as usize) {
            *slot |= tainted;
        }
        tainted
    }

    fn argument(&mut self, op: &Op, position: LocalId) {
        if let Op::Call(function, _) = op {
            self.mark(*function, position);
        }
    }

    fn mark(&mut self, function: FunctionId, position: LocalId) {
        if let Some(arguments) = self.arguments.get_mut(function as usize) {
            self.changed |= arguments.insert(position);
        }
    }

    /// A function that stands as a value beside what is reserved may be given it: all its arguments count as made from it.
    fn function_inside(&mut self, op: &Op, locals: &BTreeSet<LocalId>) -> bool {
        match op {
            Op::FunctionValue(id) => {
                let count = self.plan.functions.get(*id as usize).map_or(0, |function| function.parameters.len());
                (0..u32::try_from(count).unwrap_or(u32::MAX)).for_each(|position| self.mark(*id, position));
                false
            }
            Op::Lambda(id) => {
                let Some(lambda) = self.plan.lambdas.get(*id as usize) else { return false };
                let captured = (lambda.parameters..).zip(&lambda.captures).filter(|(_, from)| locals.contains(from));
                let mut inner: BTreeSet<LocalId> = captured.map(|(to, _)| to).chain(0..lambda.parameters).collect();
                let named = names_reserved_inside(self.plan, lambda.body.root);
                let captures_it = inner.iter().any(|local| *local >= lambda.parameters);
                self.operation(lambda.body.root, &mut inner);
                named || captures_it
            }
            _ => false,
        }
    }
}
