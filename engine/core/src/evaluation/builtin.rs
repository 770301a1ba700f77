//! Calls of built-in functions, and what these may ask of the evaluation in return.

use std::sync::Arc;

use dictamen_functions::{FunctionError, Host, Parameter, Presence, Signature};
use dictamen_plan::OpId;
use dictamen_value::{FunctionValue, Value};

use super::faults::{self, Fault};
use super::machine::{Machine, Stop};

/// Signatures that were looked up by name already, so that a name is searched once and not at every call.
pub(super) struct SignatureCache {
    entries: [Option<(OpId, &'static Signature)>; SignatureCache::SIZE],
}

impl SignatureCache {
    const SIZE: usize = 64;

    pub(super) fn new() -> SignatureCache {
        SignatureCache { entries: [None; SignatureCache::SIZE] }
    }

    fn get(&self, id: OpId) -> Option<&'static Signature> {
        match self.entries.get(id as usize % SignatureCache::SIZE) {
            Some(Some((known, signature))) if *known == id => Some(signature),
            _ => None,
        }
    }

    fn put(&mut self, id: OpId, signature: &'static Signature) {
        if let Some(entry) = self.entries.get_mut(id as usize % SignatureCache::SIZE) {
            *entry = Some((id, signature));
        }
    }
}

/// Most calls have this many arguments at most; these need no vector.
const INLINE_ARGUMENTS: usize = 3;

impl<'a> Machine<'a> {
    /// A call of a built-in function.
    pub(super) fn built_in(
        &mut self,
        id: OpId,
        name: &'a Arc<str>,
        signature: u32,
        arguments: &[OpId],
    ) -> Result<Value, Stop> {
        let signature = self.signature(id, name, signature)?;
        if arguments.len() > INLINE_ARGUMENTS {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(self.eval(*argument)?);
            }
            return self.apply(id, name, signature, &mut values);
        }
        let mut values: [Value; INLINE_ARGUMENTS] = Default::default();
        for (value, argument) in values.iter_mut().zip(arguments) {
            *value = self.eval(*argument)?;
        }
        self.apply(id, name, signature, values.get_mut(..arguments.len()).unwrap_or_default())
    }

    /// Runs a built-in function given as a value over the arguments that stand on the stack from `start`.
    pub(super) fn run_built_in_value(&mut self, id: OpId, name: &str, start: usize) -> Result<Value, Stop> {
        let mut arguments: Vec<Value> = self.stack.drain(start..).collect();
        let Some(entry) = dictamen_functions::find(name) else {
            return Err(self.stop(faults::unknown_function(name), self.position(id)));
        };
        let fitting = entry.signatures.iter().find(|signature| misfit(signature, &arguments).is_none());
        match fitting.or(entry.signatures.first()) {
            Some(signature) => self.apply(id, name, signature, &mut arguments),
            None => Err(self.stop(faults::unknown_function(name), self.position(id))),
        }
    }

    fn signature(&mut self, id: OpId, name: &str, number: u32) -> Result<&'static Signature, Stop> {
        if let Some(signature) = self.signatures.get(id) {
            return Ok(signature);
        }
        let found = dictamen_functions::find(name).and_then(|entry| entry.signatures.get(number as usize));
        match found {
            Some(signature) => {
                self.signatures.put(id, signature);
                Ok(signature)
            }
            None => Err(self.stop(faults::unknown_function(name), self.position(id))),
        }
    }

    /// Runs a body, once its arguments are what it takes.
    fn apply(
        &mut self,
        id: OpId,
        name: &str,
        signature: &'static Signature,
        arguments: &mut [Value],
    ) -> Result<Value, Stop> {
        if self.plan.dmn_mode
            && let Some((chosen, converted)) = dictamen_functions::find(name).and_then(|entry| entry.choose(arguments))
        {
            return self.run_body(id, name, chosen, &converted);
        }
        match misfit(signature, arguments) {
            None if !self.plan.dmn_mode => self.run_body(id, name, signature, arguments),
            Some(misfit) => self.fail(misfit.fault(name, arguments), self.position(id)),
            None => {
                self.fail(faults::argument_count(name, signature.parameters.len(), arguments.len()), self.position(id))
            }
        }
    }

    /// A call by name of a built-in function.
    pub(super) fn call_built_in_named(
        &mut self,
        id: OpId,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> Result<Value, Stop> {
        let Some(entry) = dictamen_functions::find(name) else {
            return Err(self.stop(faults::unknown_function(name), self.position(id)));
        };
        match entry.choose_named(arguments) {
            Some((signature, values)) => self.run_body(id, name, signature, &values),
            None => {
                let expected: Vec<&str> = entry
                    .signatures
                    .first()
                    .map(|signature| signature.parameters.iter().map(|parameter| parameter.name).collect())
                    .unwrap_or_default();
                let received: Vec<&str> = arguments.iter().map(|(name, _)| *name).collect();
                self.fail(faults::argument_names(name, &expected, &received), self.position(id))
            }
        }
    }

    fn run_body(
        &mut self,
        id: OpId,
        name: &str,
        signature: &'static Signature,
        arguments: &[Value],
    ) -> Result<Value, Stop> {
        self.nest(id)?;
        let mut host = BodyHost { machine: self, id, stop: None };
        let result = (signature.body)(arguments, &mut host);
        let stop = host.stop.take();
        self.unnest();
        match (result, stop) {
            (_, Some(stop)) => Err(stop),
            (Ok(value), None) => self.bounded(id, value),
            (Err(FunctionError::Domain(message)), None) => {
                self.fail(faults::function_domain(name, &message, arguments), self.position(id))
            }
            (Err(FunctionError::Host), None) => Err(self.damaged("función", "function", id)),
        }
    }
}

/// The evaluation as a body sees it.
struct BodyHost<'m, 'a> {
    machine: &'m mut Machine<'a>,
    id: OpId,
    stop: Option<Stop>,
}

impl BodyHost<'_, '_> {
    fn keep<T>(&mut self, result: Result<T, Stop>) -> Result<T, FunctionError> {
        result.map_err(|stop| {
            self.stop = Some(stop);
            FunctionError::Host
        })
    }
}

impl Host for BodyHost<'_, '_> {
    fn call(&mut self, function: &FunctionValue, arguments: &[Value]) -> Result<Value, FunctionError> {
        let start = self.machine.stack.len();
        self.machine.stack.extend_from_slice(arguments);
        let spent = self.machine.spend_steps(1, self.id);
        let result = spent.and_then(|()| self.machine.invoke(self.id, function, start));
        self.keep(result)
    }

    fn charge(&mut self, items: usize) -> Result<(), FunctionError> {
        let steps = self.machine.spend_steps(items as u64, self.id);
        let result = steps.and_then(|()| self.machine.spend_values(items, self.id));
        self.keep(result)
    }
}

/// Why arguments are not what a signature takes.
enum Misfit {
    Count { expected: usize },
    Argument { position: usize, parameter: &'static str },
}

impl Misfit {
    fn fault(&self, name: &str, arguments: &[Value]) -> Fault {
        match self {
            Misfit::Count { expected } => faults::argument_count(name, *expected, arguments.len()),
            Misfit::Argument { position, parameter } => {
                let null = Value::Null;
                faults::function_argument(name, parameter, arguments.get(*position).unwrap_or(&null))
            }
        }
    }
}

/// Whether arguments are what a signature takes.
pub(crate) fn accepts(signature: &'static Signature, arguments: &[Value]) -> bool {
    misfit(signature, arguments).is_none()
}

/// Why arguments are not what a signature takes; `None` where they are.
fn misfit(signature: &'static Signature, arguments: &[Value]) -> Option<Misfit> {
    for (position, argument) in arguments.iter().enumerate() {
        let parameter = parameter_at(signature, position);
        let Some(parameter) = parameter else { return Some(Misfit::Count { expected: signature.parameters.len() }) };
        let left_out = parameter.presence == Presence::Optional && argument.is_null();
        if !left_out && !parameter.shape.accepts(argument) {
            return Some(Misfit::Argument { position, parameter: parameter.name });
        }
    }
    let missing = signature.parameters.get(arguments.len()).is_some_and(|next| next.presence == Presence::Required);
    missing.then_some(Misfit::Count { expected: signature.parameters.len() })
}

fn parameter_at(signature: &'static Signature, position: usize) -> Option<&'static Parameter> {
    let last = signature.parameters.last().filter(|last| last.presence == Presence::Variadic);
    signature.parameters.get(position).or(last)
}
