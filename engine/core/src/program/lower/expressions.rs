//! Expressions to instructions.

use dictamen_plan::{ArithmeticOp, Comparison, LocalId, Op, OpId, ShapeId, TextId};
use dictamen_value::{Type, Value};

use super::{Form, Lowered, Lowering, Unsupported, frame};
use crate::program::code::{Instruction, Kind, Reg};
use crate::program::layout::Node;
use crate::program::properties;

impl Lowering<'_> {
    /// Where the value of an operation will be.
    pub(super) fn form(&mut self, id: OpId) -> Lowered<Form> {
        self.nested(|lowering| lowering.dispatch(id))
    }

    /// The register of a scalar.
    pub(super) fn slot(&mut self, id: OpId) -> Lowered<Reg> {
        match self.form(id)? {
            Form::Slot(register) => Ok(register),
            _ => Err(Unsupported("a list or record where a scalar is wanted")),
        }
    }

    fn dispatch(&mut self, id: OpId) -> Lowered<Form> {
        match self.op(id)? {
            Op::Constant(constant) => self.constant_form(*constant),
            Op::Input(input) => self.fact(*input),
            Op::Decision(decision) => self.ask(*decision),
            Op::Parameter(parameter, None) => Ok(Form::Slot(self.parameter(*parameter)?)),
            Op::Parameter(parameter, Some(day)) => self.parameter_at(*parameter, *day),
            Op::AsOf => Ok(Form::Slot(self.dates().0)),
            Op::KnownAt => Ok(Form::Slot(self.dates().1)),
            Op::Local(local) => self.local(*local),
            Op::Field(record, name, _) => self.field(*record, *name),
            Op::Arithmetic(operator, left, right) | Op::NumberArithmetic(operator, left, right) => {
                self.arithmetic(*operator, *left, *right)
            }
            Op::Negate(of) => self.negate(*of),
            Op::Compare(comparison, left, right) | Op::NumberCompare(comparison, left, right) => {
                self.compare(*comparison, *left, *right)
            }
            Op::And(left, right) => self.join(*left, *right, false),
            Op::Or(left, right) => self.join(*left, *right, true),
            Op::In(value, local, tests) => self.membership(*value, *local, tests),
            Op::Ensure(value, ty) => self.ensure(*value, ty),
            Op::If(condition, then, otherwise) => self.conditional(*condition, *then, *otherwise),
            Op::List(elements) => self.list(elements),
            Op::Context(shape, entries) => self.context(*shape, entries),
            Op::Call(function, arguments) => self.call(*function, arguments),
            Op::BuiltIn(name, signature, arguments) => self.built_in(name, *signature, arguments),
            Op::Table(table) => self.table(*table),
            Op::Let(locals, body) => self.with_locals(locals, *body),
            _ => Err(Unsupported("an operation over lists, functions or unknown types")),
        }
    }

    fn constant_form(&mut self, id: u32) -> Lowered<Form> {
        match self.plan.constants.get(id as usize) {
            Some(list @ (Value::List(_) | Value::Range(_) | Value::Context(_))) => Ok(Form::Constant(list.clone())),
            _ => Ok(Form::Slot(self.constant(id)?)),
        }
    }

    fn fact(&mut self, input: u32) -> Lowered<Form> {
        let node = self.layout().input(input).ok_or(Unsupported("a damaged plan"))?;
        self.node(node)
    }

    fn node(&mut self, id: u32) -> Lowered<Form> {
        match self.layout().node(id) {
            Some(Node::Leaf(leaf)) => Ok(Form::Slot(leaf.register)),
            Some(Node::Record(record)) if record.presence.is_none() => Ok(Form::Facts(id)),
            Some(Node::Record(_)) => Err(Unsupported("a record among the facts that may be absent")),
            Some(Node::Other) | None => Err(Unsupported("a list among the facts")),
        }
    }

    fn local(&mut self, local: LocalId) -> Lowered<Form> {
        self.locals.get(local as usize).cloned().flatten().ok_or(Unsupported("a local that nothing was put in"))
    }

    fn field(&mut self, record: OpId, name: TextId) -> Lowered<Form> {
        let name = self.plan.texts.get(name as usize).ok_or(Unsupported("a damaged plan"))?;
        match self.form(record)? {
            Form::Facts(node) => {
                let field = self.layout().field(node, name).ok_or(Unsupported("a field that records do not have"))?;
                self.node(field)
            }
            Form::Record(names, fields) => {
                let position = names.iter().position(|known| known == name);
                position
                    .and_then(|position| fields.get(position).cloned())
                    .ok_or(Unsupported("a field that records do not have"))
            }
            Form::Slot(from) => self.property(from, name),
            _ => Err(Unsupported("a field of a list")),
        }
    }

    fn property(&mut self, from: Reg, name: &str) -> Lowered<Form> {
        let property = properties::known(name).ok_or(Unsupported("a property of a scalar"))?;
        let to = self.fresh()?;
        self.emit(Instruction::Property { from, property, to })?;
        Ok(Form::Slot(to))
    }

    fn parameter_at(&mut self, parameter: u32, day: OpId) -> Lowered<Form> {
        self.scalar_parameter(parameter)?;
        let day = self.slot(day)?;
        let to = self.fresh()?;
        self.emit(Instruction::Parameter { parameter, day, to })?;
        Ok(Form::Slot(to))
    }

    fn arithmetic(&mut self, operator: ArithmeticOp, left: OpId, right: OpId) -> Lowered<Form> {
        let (left, right) = (self.slot(left)?, self.slot(right)?);
        let to = self.fresh()?;
        self.emit(Instruction::Arithmetic { operator, left, right, to })?;
        Ok(Form::Slot(to))
    }

    fn negate(&mut self, of: OpId) -> Lowered<Form> {
        let from = self.slot(of)?;
        let to = self.fresh()?;
        self.emit(Instruction::Negate { from, to })?;
        Ok(Form::Slot(to))
    }

    fn compare(&mut self, comparison: Comparison, left: OpId, right: OpId) -> Lowered<Form> {
        let (left, right) = (self.slot(left)?, self.slot(right)?);
        let to = self.fresh()?;
        self.emit(Instruction::Compare { comparison, left, right, to })?;
        Ok(Form::Slot(to))
    }

    /// Three-valued conjunction or disjunction; the right side runs only where the left one does not decide.
    fn join(&mut self, left: OpId, right: OpId, decisive: bool) -> Lowered<Form> {
        let nested = matches!(self.op(left)?, Op::And(..) | Op::Or(..));
        let left = self.slot(left)?;
        // A register that nobody else reads holds the result as well.
        let own = nested || self.last_writing(left).is_some();
        let to = if own { left } else { self.started_as(left)? };
        self.share(to);
        let decided = self.emit_jump(Instruction::When { condition: left, is: decisive, target: 0 })?;
        self.aside(|lowering| {
            let right = lowering.slot(right)?;
            lowering.emit(Instruction::Join { left, right, decisive, to })
        })?;
        self.land(&[decided]);
        Ok(Form::Slot(to))
    }

    fn conditional(&mut self, condition: OpId, then: OpId, otherwise: OpId) -> Lowered<Form> {
        let otherwise_at = self.branch(condition, false)?;
        let (result, end) = self.aside(|lowering| {
            let value = lowering.form(then)?;
            let result = lowering.merged(&value)?;
            lowering.copy(&value, &result)?;
            let end = lowering.emit_jump(Instruction::Jump { target: 0 })?;
            Ok((result, end))
        })?;
        self.land(&otherwise_at);
        self.aside(|lowering| {
            let value = lowering.form(otherwise)?;
            lowering.copy(&value, &result)
        })?;
        self.land(&[end]);
        Ok(result)
    }

    fn list(&mut self, elements: &[OpId]) -> Lowered<Form> {
        Form::List(elements.iter().map(|element| self.form(*element)).collect::<Lowered<_>>()?).bounded()
    }

    fn context(&mut self, shape: ShapeId, entries: &[(LocalId, OpId)]) -> Lowered<Form> {
        let names = self.plan.shapes.get(shape as usize).ok_or(Unsupported("a damaged plan"))?.clone();
        let mut fields = Vec::with_capacity(entries.len());
        for (local, entry) in entries {
            let form = self.form(*entry)?;
            self.set_local(*local, form.clone())?;
            fields.push(form);
        }
        if names.len() != fields.len() {
            return Err(Unsupported("a damaged plan"));
        }
        Form::Record(names, fields).bounded()
    }

    fn with_locals(&mut self, locals: &[(LocalId, OpId)], body: OpId) -> Lowered<Form> {
        for (local, value) in locals {
            let form = self.form(*value)?;
            self.set_local(*local, form)?;
        }
        self.form(body)
    }

    /// The value, where it is of a type; else the machine says why not.
    fn ensure(&mut self, value: OpId, ty: &Type) -> Lowered<Form> {
        let register = self.slot(value)?;
        self.require_type(register, ty)?;
        Ok(Form::Slot(register))
    }

    fn require_type(&mut self, register: Reg, ty: &Type) -> Lowered<()> {
        match ty {
            Type::Named(named) => {
                self.require_type(register, &named.base)?;
                named.constraint.map_or(Ok(()), |constraint| self.require_constraint(register, constraint))
            }
            Type::Number { integer: false, .. } => self.require_kind(register, Kind::Number),
            Type::Number { integer: true, .. } => self.require_kind(register, Kind::Integer),
            Type::Boolean => self.require_kind(register, Kind::Boolean),
            Type::Text => self.require_kind(register, Kind::Text),
            Type::Date => self.require_kind(register, Kind::Date),
            _ => Err(Unsupported("a constraint of a type that is no simple scalar")),
        }
    }

    fn require_kind(&mut self, from: Reg, kind: Kind) -> Lowered<()> {
        self.emit(Instruction::RequireKind { from, kind })
    }

    fn require_constraint(&mut self, register: Reg, constraint: u32) -> Lowered<()> {
        let constraint = self.plan.constraints.get(constraint as usize).ok_or(Unsupported("a damaged plan"))?;
        let locals = std::mem::replace(&mut self.locals, frame(constraint.frame.max(1) as usize)?);
        self.set_local(0, Form::Slot(register))?;
        let met = self.any_test(register, &constraint.tests, constraint.negated)?;
        self.locals = locals;
        self.emit(Instruction::Require { condition: met })
    }
}
