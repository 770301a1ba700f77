//! Calls that are constants in other words, such as `date("2026-01-31")`, become constants: cells with them can be indexed.

use dictamen_functions::{FunctionError, Host};
use dictamen_plan::{Op, OpId};
use dictamen_value::{FunctionValue, Value};

use crate::builder::Builder;

/// Functions that write a value: what they give depends on their arguments alone, whatever the release of the time zones.
const FOLDED: [&str; 2] = ["date", "duration"];

impl Builder<'_> {
    /// What a call of a built-in function with constants gives; `None` where it is to be called when rules run: it may fail
    /// then, at its place. DMN's implicit conversions belong to the run too.
    pub(crate) fn folded(&self, name: &str, signature: u32, arguments: &[OpId]) -> Option<Value> {
        if self.model.dmn_mode || !FOLDED.contains(&name) {
            return None;
        }
        let signature = dictamen_functions::find(name)?.signatures.get(signature as usize)?;
        let arguments = arguments.iter().map(|id| self.known(*id)).collect::<Option<Vec<Value>>>()?;
        if !signature.accepts(&arguments) {
            return None;
        }
        (signature.body)(&arguments, &mut Nobody).ok().filter(|value| !value.is_null())
    }

    fn known(&self, id: OpId) -> Option<Value> {
        match self.plan.operations.get(id as usize)? {
            Op::Constant(constant) => self.plan.constants.get(*constant as usize).cloned(),
            _ => None,
        }
    }
}

/// There is no run that a body could ask anything of.
struct Nobody;

impl Host for Nobody {
    fn call(&mut self, _: &FunctionValue, _: &[Value]) -> Result<Value, FunctionError> {
        Err(FunctionError::Host)
    }

    fn charge(&mut self, _: usize) -> Result<(), FunctionError> {
        Ok(())
    }
}
