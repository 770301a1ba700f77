//! Typed expressions become operations; where types tell that both sides are numbers, the faster ones.

use std::sync::Arc;

use dictamen_model::graph::{self, Expr, ExprKind};
use dictamen_plan as plan;
use dictamen_plan::{ArithmeticOp, Comparison, Domain, Iteration, Op, OpId, Quantifier, Test};
use dictamen_syntax::tree;
use dictamen_value::Type;

use crate::builder::Builder;

impl Builder<'_> {
    /// Lowers an expression and what is inside it; operands come before what uses them.
    pub(crate) fn lower(&mut self, expr: &Expr) -> OpId {
        let op = self.operation(expr);
        self.push(op, expr.span)
    }

    fn operation(&mut self, expr: &Expr) -> Op {
        use ExprKind as K;
        match &expr.kind {
            K::Constant(value) => Op::Constant(self.constant(value)),
            K::Input(id) => self.input(*id),
            K::Decision(id) => self.decision_outcome(*id),
            K::Parameter(id, at) => Op::Parameter(*id, at.as_deref().map(|at| self.lower(at))),
            K::AsOf => Op::AsOf,
            K::KnownAt => Op::KnownAt,
            K::Local(id) => Op::Local(*id),
            K::Field(of, name, at) => Op::Field(self.lower(of), self.text(name), at.unwrap_or(u32::MAX)),
            K::FieldOfEach(of, name) => Op::FieldOfEach(self.lower(of), self.text(name)),
            K::Filter { list, item, condition } => Op::Filter(self.lower(list), *item, self.lower(condition)),
            K::Element(list, position) => Op::Element(self.lower(list), self.lower(position)),
            K::Arithmetic(op, left, right) => self.arithmetic(*op, left, right),
            K::Negate(inner) => Op::Negate(self.lower(inner)),
            K::Compare(op, left, right) => self.compare(*op, left, right),
            K::And(left, right) => Op::And(self.lower(left), self.lower(right)),
            K::Or(left, right) => Op::Or(self.lower(left), self.lower(right)),
            K::In { value, tested, tests } => Op::In(self.lower(value), *tested, self.tests(tests)),
            K::InstanceOf(value, ty) => Op::InstanceOf(self.lower(value), Box::new(ty.clone())),
            K::Ensure(value, ty) => Op::Ensure(self.lower(value), Box::new(ty.clone())),
            K::If(condition, yes, no) => Op::If(self.lower(condition), self.lower(yes), self.lower(no)),
            K::For(over, body) => Op::For(self.iterations(over), self.lower(body)),
            K::ForPartial(over, partial, body) => Op::ForPartial(self.iterations(over), *partial, self.lower(body)),
            K::Quantified(which, over, body) => {
                Op::Quantified(quantifier(*which), self.iterations(over), self.lower(body))
            }
            K::List(items) => Op::List(self.all(items)),
            K::Context(entries) => self.context(entries),
            K::Range { low, low_closed, high, high_closed } => {
                Op::Range(self.lower(low), *low_closed, self.lower(high), *high_closed)
            }
            K::Lambda(id) => self.lambda(*id),
            K::FunctionValue(id) => self.function_value(*id),
            K::Call(id, arguments) => self.call(*id, arguments),
            K::BuiltIn { name, signature, arguments } => self.built_in(name, *signature, arguments),
            K::CallValue(function, arguments) => Op::CallValue(self.lower(function), self.all(arguments)),
            K::Service(service) => Op::Service(Box::new(self.service(service))),
            K::CallNamed(function, arguments) => self.call_named(function, arguments),
            K::External(class, method, arguments) => Op::External(class.clone(), method.clone(), self.all(arguments)),
            K::Let(locals, body) => Op::Let(self.locals(locals), self.lower(body)),
            K::Convert(value, ty) => Op::Convert(self.lower(value), Box::new(ty.clone())),
            K::EntryOr(local, name, otherwise) => self.entry_or(*local, name, otherwise),
            K::Fault(code, message) => Op::Fault(code.clone(), message.clone()),
        }
    }

    fn input(&mut self, id: graph::InputId) -> Op {
        self.references.inputs.insert(id);
        Op::Input(id)
    }

    fn decision_outcome(&mut self, id: graph::DecisionId) -> Op {
        self.references.decisions.insert(id);
        Op::Decision(id)
    }

    fn lambda(&mut self, id: graph::LambdaId) -> Op {
        self.references.lambdas.insert(id);
        Op::Lambda(id)
    }

    fn function_value(&mut self, id: graph::FunctionId) -> Op {
        self.references.functions.insert(id);
        Op::FunctionValue(id)
    }

    fn call(&mut self, id: graph::FunctionId, arguments: &[Expr]) -> Op {
        self.references.functions.insert(id);
        Op::Call(id, self.all(arguments))
    }

    fn built_in(&mut self, name: &str, signature: usize, arguments: &[Expr]) -> Op {
        let (arguments, signature) = (self.all(arguments), self.number(signature));
        match self.folded(name, signature, &arguments) {
            Some(value) => Op::Constant(self.constant(&value)),
            None => Op::BuiltIn(name.into(), signature, arguments),
        }
    }

    fn tests(&mut self, tests: &[graph::Test]) -> Vec<Test> {
        tests.iter().map(|test| self.test(test)).collect()
    }

    fn locals(&mut self, locals: &[(graph::LocalId, Expr)]) -> Vec<(graph::LocalId, OpId)> {
        locals.iter().map(|(local, value)| (*local, self.lower(value))).collect()
    }

    fn entry_or(&mut self, local: graph::LocalId, name: &Arc<str>, otherwise: &Expr) -> Op {
        let otherwise = self.lower(otherwise);
        Op::EntryOr(local, self.text(name), otherwise)
    }

    /// What a service needs is what it is given: its outputs are no references of the function that offers it.
    fn service(&mut self, service: &graph::Service) -> plan::Service {
        let shape = (service.outputs.len() > 1).then(|| self.shape(service.names.clone()));
        let graph::Service { inputs, decisions, outputs, .. } = service;
        plan::Service { inputs: inputs.clone(), decisions: decisions.clone(), outputs: outputs.clone(), shape }
    }

    fn call_named(&mut self, function: &Expr, arguments: &[(Arc<str>, Expr)]) -> Op {
        let function = self.lower(function);
        let argument = |(name, value): &(Arc<str>, Expr)| (self.text(name), self.lower(value));
        Op::CallNamed(function, arguments.iter().map(argument).collect())
    }

    fn two(&mut self, first: &Expr, second: &Expr) -> (OpId, OpId) {
        (self.lower(first), self.lower(second))
    }

    pub(crate) fn all(&mut self, items: &[Expr]) -> Vec<OpId> {
        items.iter().map(|item| self.lower(item)).collect()
    }

    fn arithmetic(&mut self, op: graph::ArithmeticOp, left: &Expr, right: &Expr) -> Op {
        let numbers = self.are_numbers(left, right);
        let (left, right) = self.two(left, right);
        let op = arithmetic_op(op);
        if numbers { Op::NumberArithmetic(op, left, right) } else { Op::Arithmetic(op, left, right) }
    }

    fn compare(&mut self, op: tree::Comparison, left: &Expr, right: &Expr) -> Op {
        let numbers = self.are_numbers(left, right);
        let (left, right) = self.two(left, right);
        let op = comparison(op);
        if numbers { Op::NumberCompare(op, left, right) } else { Op::Compare(op, left, right) }
    }

    /// Whether both sides are sure to be numbers that are there.
    fn are_numbers(&self, left: &Expr, right: &Expr) -> bool {
        let number = |expr: &Expr| !expr.ty.is_optional() && matches!(expr.ty.basic(), Type::Number { .. });
        !self.model.dmn_mode && number(left) && number(right)
    }

    fn context(&mut self, entries: &[graph::ContextEntry]) -> Op {
        let shape = self.shape(entries.iter().map(|entry| entry.name.clone()).collect());
        Op::Context(shape, entries.iter().map(|entry| (entry.local, self.lower(&entry.value))).collect())
    }

    fn iterations(&mut self, iterations: &[graph::Iteration]) -> Vec<Iteration> {
        iterations
            .iter()
            .map(|iteration| Iteration {
                item: iteration.item,
                domain: match &iteration.domain {
                    graph::Domain::List(list) => Domain::List(self.lower(list)),
                    graph::Domain::Interval(from, to) => Domain::Interval(self.lower(from), self.lower(to)),
                },
            })
            .collect()
    }

    /// Lowers one test.
    pub(crate) fn test(&mut self, test: &graph::Test) -> Test {
        use graph::TestKind as K;
        match &test.kind {
            K::Compare(op, expr) => Test::Compare(comparison(*op), self.lower(expr)),
            K::Within { low, low_closed, high, high_closed } => {
                let (low, high) = self.two(low, high);
                Test::Within(low, *low_closed, high, *high_closed)
            }
            K::InRange(expr) => Test::InRange(self.lower(expr)),
            K::InList(expr) => Test::InList(self.lower(expr)),
            K::Condition(expr) => Test::Condition(self.lower(expr)),
            K::Dynamic(expr) => Test::Dynamic(self.lower(expr)),
        }
    }
}

fn arithmetic_op(op: graph::ArithmeticOp) -> ArithmeticOp {
    match op {
        graph::ArithmeticOp::Add => ArithmeticOp::Add,
        graph::ArithmeticOp::Subtract => ArithmeticOp::Subtract,
        graph::ArithmeticOp::Multiply => ArithmeticOp::Multiply,
        graph::ArithmeticOp::Divide => ArithmeticOp::Divide,
        graph::ArithmeticOp::Power => ArithmeticOp::Power,
    }
}

fn comparison(op: tree::Comparison) -> Comparison {
    match op {
        tree::Comparison::Equal => Comparison::Equal,
        tree::Comparison::NotEqual => Comparison::NotEqual,
        tree::Comparison::Less => Comparison::Less,
        tree::Comparison::LessOrEqual => Comparison::LessOrEqual,
        tree::Comparison::Greater => Comparison::Greater,
        tree::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}

fn quantifier(quantifier: tree::Quantifier) -> Quantifier {
    match quantifier {
        tree::Quantifier::Some => Quantifier::Some,
        tree::Quantifier::Every => Quantifier::Every,
    }
}
