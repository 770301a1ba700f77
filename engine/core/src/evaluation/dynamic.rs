//! Locals of a body, and what only DMN mode has: conversions where a type is written, entries that may be there, and texts
//! that make no sense.

use std::sync::Arc;

use dictamen_functions::external;
use dictamen_plan::{LocalId, OpId, TextId};
use dictamen_value::{Message, Type, Value};

use super::faults;
use super::machine::{Machine, Stop};

impl Machine<'_> {
    /// Puts values in locals, in order, and evaluates what sees them.
    pub(super) fn with_locals(&mut self, locals: &[(LocalId, OpId)], body: OpId) -> Result<Value, Stop> {
        for (local, value) in locals {
            let value = self.eval(*value)?;
            self.set_local(*local, value)?;
        }
        self.eval(body)
    }

    /// The value as a type wants it, null where it does not conform.
    pub(super) fn convert(&mut self, id: OpId, value: OpId, ty: &Type) -> Result<Value, Stop> {
        let value = self.eval(value)?;
        self.spend_comparison(id, &value, &value)?;
        self.fit(value, ty, ("el valor", "the value"), self.position(id))
    }

    /// The entry of a name, where the value in the local is a context that has it; else the other operation.
    pub(super) fn entry_or(&mut self, local: LocalId, name: TextId, otherwise: OpId) -> Result<Value, Stop> {
        let name = self.text(name)?;
        match self.local(local) {
            Some(Value::Context(context)) => match context.get(name) {
                Some(value) => Ok(value.clone()),
                None => self.eval(otherwise),
            },
            _ => self.eval(otherwise),
        }
    }

    /// Null, for something that the checker found to make no sense.
    pub(super) fn planned_fault(&mut self, id: OpId, code: &str, message: &Message) -> Result<Value, Stop> {
        self.fail(faults::planned(code, message), self.position(id))
    }

    /// A call of a Java method of the closed list.
    pub(super) fn external(
        &mut self,
        id: OpId,
        class: &Arc<str>,
        method: &Arc<str>,
        arguments: &[OpId],
    ) -> Result<Value, Stop> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.eval(*argument)?);
        }
        let found = external::find(class, method, values.len());
        let result = found.and_then(|method| method.call(&values));
        match result {
            Ok(Value::Text(text)) => {
                self.spend_bytes(text.len(), id)?;
                Ok(Value::Text(text))
            }
            Ok(value) => Ok(value),
            Err(message) => self.fail(faults::function_domain(method, &message, &values), self.position(id)),
        }
    }
}
