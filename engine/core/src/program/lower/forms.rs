//! What an expression is while it is lowered: a register, or something made of several.

use std::sync::Arc;

use dictamen_value::Value;

use super::{Lowered, Lowering, Unsupported};
use crate::program::code::Reg;
use crate::program::layout::NodeId;

/// Where the value of an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// A scalar in a register.
    Slot(Reg),
    /// A record: names, and where the values are.
    Record(Arc<[Arc<str>]>, Vec<Form>),
    /// A list that is known element by element.
    List(Vec<Form>),
    /// A record among the facts.
    Facts(NodeId),
    /// A list or range that is known while lowering.
    Constant(Value),
    /// All rows of a table that matched, by the position of its code and the register that says which.
    Rows(u16, Reg),
}

/// Scalars with the names of their fields.
pub(crate) type Scalars = Box<[(Arc<str>, Reg)]>;

impl Form {
    /// Whether a register is part of it.
    pub(super) fn holds(&self, register: Reg) -> bool {
        match self {
            Form::Slot(own) | Form::Rows(_, own) => *own == register,
            Form::Record(_, parts) | Form::List(parts) => parts.iter().any(|part| part.holds(register)),
            Form::Facts(_) | Form::Constant(_) => false,
        }
    }

    /// Calls something for each register that is part of it.
    pub(super) fn registers(&self, each: &mut impl FnMut(Reg)) {
        match self {
            Form::Slot(own) | Form::Rows(_, own) => each(*own),
            Form::Record(_, parts) | Form::List(parts) => parts.iter().for_each(|part| part.registers(each)),
            Form::Facts(_) | Form::Constant(_) => {}
        }
    }
}

/// Scalars of one value.
const PARTS_MAX: usize = 1_000;

impl Form {
    /// The same, unless it has very many parts: values can hold one another twice, again and again.
    pub(super) fn bounded(self) -> Lowered<Form> {
        if self.parts() > PARTS_MAX { Err(Unsupported("a value of very many parts")) } else { Ok(self) }
    }

    /// Whether a record of facts is part of it.
    pub(super) fn is_made_of_facts(&self) -> bool {
        match self {
            Form::Facts(_) => true,
            Form::Record(_, parts) | Form::List(parts) => parts.iter().any(Form::is_made_of_facts),
            Form::Slot(_) | Form::Constant(_) | Form::Rows(..) => false,
        }
    }

    /// The scalars that it consists of, in order, each with the name of its field; `None` where it has other parts.
    pub(super) fn scalars(&self) -> Option<Scalars> {
        let mut scalars = Vec::new();
        self.add_scalars(&Arc::from(""), &mut scalars)?;
        Some(scalars.into())
    }

    fn add_scalars(&self, name: &Arc<str>, scalars: &mut Vec<(Arc<str>, Reg)>) -> Option<()> {
        match self {
            Form::Slot(register) => scalars.push((name.clone(), *register)),
            Form::Record(names, fields) => {
                names.iter().zip(fields).try_for_each(|(name, field)| field.add_scalars(name, scalars))?;
            }
            _ => return None,
        }
        Some(())
    }

    fn parts(&self) -> usize {
        match self {
            Form::Record(_, parts) | Form::List(parts) => {
                parts.iter().fold(1, |sum, part| part.parts().saturating_add(sum))
            }
            _ => 1,
        }
    }
}

impl Lowering<'_> {
    /// Registers that several paths can leave a value of this form in.
    pub(super) fn merged(&mut self, form: &Form) -> Lowered<Form> {
        match form {
            Form::Slot(_) => Ok(Form::Slot(self.fresh()?)),
            Form::Record(names, fields) => {
                let fields = fields.iter().map(|field| self.merged(field)).collect::<Lowered<_>>()?;
                Ok(Form::Record(names.clone(), fields))
            }
            Form::Facts(_) | Form::List(_) | Form::Constant(_) | Form::Rows(..) => {
                Err(Unsupported("a choice between lists or records of facts"))
            }
        }
    }

    /// Leaves a value in the registers of such a form.
    pub(super) fn copy(&mut self, from: &Form, to: &Form) -> Lowered<()> {
        match (from, to) {
            (Form::Slot(from), Form::Slot(to)) => self.copy_slot(*from, *to),
            (Form::Record(names, from), Form::Record(other, to)) if names == other => {
                from.iter().zip(to).try_for_each(|(from, to)| self.copy_whole(from, to))
            }
            _ => Err(Unsupported("a choice between values of different forms")),
        }
    }

    /// The same for a part of a record, whose register other parts may share.
    fn copy_whole(&mut self, from: &Form, to: &Form) -> Lowered<()> {
        match (from, to) {
            (Form::Slot(from), Form::Slot(to)) => {
                self.emit(crate::program::code::Instruction::Copy { from: *from, to: *to })
            }
            _ => self.copy(from, to),
        }
    }
}
