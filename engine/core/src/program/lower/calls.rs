//! Calls: the bodies of declared functions in their place, built-in functions by their bodies.

use dictamen_functions::Shape;
use dictamen_plan::{ArithmeticOp, FunctionId, Op, OpId};
use dictamen_value::Rounding;

use super::{Form, Lowered, Lowering, Unsupported, frame};
use crate::program::code::{Call, Instruction, Reg};

/// Digits after the point that numbers are rounded to by an instruction of its own.
const ROUNDED_SCALES: std::ops::RangeInclusive<i8> = -18..=18;
/// Arguments of a built-in function that are passed without a vector.
pub(crate) const ARGUMENTS_MAX: usize = 4;

impl Lowering<'_> {
    /// A call of a declared function: its body, where it stands.
    pub(super) fn call(&mut self, function: FunctionId, arguments: &[OpId]) -> Lowered<Form> {
        let declared = self.plan.functions.get(function as usize).ok_or(Unsupported("a damaged plan"))?;
        if declared.parameters.len() != arguments.len() {
            return Err(Unsupported("a damaged plan"));
        }
        let mut locals = frame((declared.body.frame as usize).max(arguments.len()))?;
        for (local, argument) in locals.iter_mut().zip(arguments) {
            *local = Some(self.form(*argument)?);
        }
        self.descend()?;
        let outer = std::mem::replace(&mut self.locals, locals);
        let form = self.form(declared.body.root)?;
        self.locals = outer;
        self.ascend();
        Ok(form)
    }

    /// A call of a built-in function.
    pub(super) fn built_in(&mut self, name: &str, signature: u32, arguments: &[OpId]) -> Lowered<Form> {
        let found = dictamen_functions::find(name).and_then(|entry| entry.signatures.get(signature as usize));
        let signature = found.ok_or(Unsupported("a damaged plan"))?;
        let forms = arguments.iter().map(|argument| self.form(*argument)).collect::<Lowered<Vec<_>>>()?;
        if let Some((rounding, scale)) = self.rounding(name, arguments) {
            let from = register(forms.first().ok_or(Unsupported("a damaged plan"))?)?;
            return self.rounded(from, scale, rounding);
        }
        match name {
            "not" => self.negation(&forms),
            "min" | "max" => self.extreme(name == "max", &forms),
            _ => {
                if !gives_a_scalar(signature.result) {
                    return Err(Unsupported("a built-in function that gives a list or record"));
                }
                let arguments = forms.iter().map(register).collect::<Lowered<Vec<_>>>()?;
                self.scalar_call(Call { signature, arguments: arguments.into(), to: 0 })
            }
        }
    }

    /// A number that is rounded; a quotient that nobody else reads is divided and rounded at once.
    fn rounded(&mut self, from: Reg, scale: i8, rounding: Rounding) -> Lowered<Form> {
        let to = self.fresh()?;
        let instruction = match self.last_writing(from) {
            Some(Instruction::Arithmetic { operator: ArithmeticOp::Divide, left, right, .. }) => {
                self.take_back();
                Instruction::Quotient { left, right, scale, rounding, to }
            }
            _ => Instruction::Round { from, scale, rounding, to },
        };
        self.emit(instruction)?;
        Ok(Form::Slot(to))
    }

    /// How a function rounds, and to how many digits, where that is constant.
    fn rounding(&self, name: &str, arguments: &[OpId]) -> Option<(Rounding, i8)> {
        let rounding = match name {
            "decimal" => Rounding::HalfEven,
            "floor" => Rounding::Floor,
            "ceiling" => Rounding::Ceiling,
            "round up" => Rounding::Up,
            "round down" => Rounding::Down,
            "round half up" => Rounding::HalfUp,
            "round half down" => Rounding::HalfDown,
            _ => return None,
        };
        match arguments {
            [_] => Some((rounding, 0)),
            [_, scale] => match self.plan.operations.get(*scale as usize)? {
                Op::Constant(scale) => {
                    let scale = self.plan.constants.get(*scale as usize)?.as_number()?.to_i64()?;
                    Some((rounding, i8::try_from(scale).ok().filter(|scale| ROUNDED_SCALES.contains(scale))?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn scalar_call(&mut self, call: Call) -> Lowered<Form> {
        if call.arguments.len() > ARGUMENTS_MAX {
            return Err(Unsupported("a built-in function of many arguments"));
        }
        let to = self.fresh()?;
        let number = u16::try_from(self.calls.len()).map_err(|_| Unsupported("too many calls"))?;
        self.calls.push(Call { to, ..call });
        self.emit(Instruction::Call { call: number })?;
        Ok(Form::Slot(to))
    }

    fn negation(&mut self, arguments: &[Form]) -> Lowered<Form> {
        let from = register(arguments.first().ok_or(Unsupported("a damaged plan"))?)?;
        let to = self.fresh()?;
        self.emit(Instruction::Not { from, to })?;
        Ok(Form::Slot(to))
    }

    /// The smallest or largest of numbers that are known one by one.
    fn extreme(&mut self, largest: bool, arguments: &[Form]) -> Lowered<Form> {
        let elements = match arguments {
            [Form::List(elements)] => elements,
            several => several,
        };
        let mut registers = elements.iter().map(register);
        let first = registers.next().ok_or(Unsupported("the extreme of no values"))??;
        let mut best = first;
        let mut others = 0_u32;
        for other in registers {
            let (other, to) = (other?, self.fresh()?);
            self.emit(Instruction::Extreme { left: best, right: other, largest, to })?;
            best = to;
            others = others.saturating_add(1);
        }
        if others == 0 { Err(Unsupported("the extreme of one value")) } else { Ok(Form::Slot(best)) }
    }
}

fn register(form: &Form) -> Lowered<Reg> {
    match form {
        Form::Slot(register) => Ok(*register),
        _ => Err(Unsupported("a list or record as an argument")),
    }
}

fn gives_a_scalar(shape: Shape) -> bool {
    match shape {
        Shape::Optional(of) => gives_a_scalar(*of),
        Shape::Any | Shape::Context | Shape::List(_) | Shape::Range(_) | Shape::Function(..) => false,
        _ => true,
    }
}
