//! Calls of declared functions and of function values.

use dictamen_plan::{Body, Function, FunctionId, LambdaId, OpId};
use dictamen_value::{FunctionTarget, FunctionValue, Value};

use super::faults;
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// A call of a declared function.
    pub(super) fn call(&mut self, id: OpId, function: FunctionId, arguments: &[OpId]) -> Result<Value, Stop> {
        let start = self.push_arguments(arguments)?;
        self.run_declared(id, function, start)
    }

    /// A call of a function value.
    pub(super) fn call_value(&mut self, id: OpId, function: OpId, arguments: &[OpId]) -> Result<Value, Stop> {
        let function = self.eval(function)?;
        let start = self.push_arguments(arguments)?;
        match function {
            Value::Function(function) => self.invoke(id, &function, start),
            other => {
                self.stack.truncate(start);
                self.fail(faults::not_a_function(&other), self.position(id))
            }
        }
    }

    /// Runs a function value over the arguments that stand on the stack from `start`, and takes them away.
    pub(super) fn invoke(&mut self, id: OpId, function: &FunctionValue, start: usize) -> Result<Value, Stop> {
        match &function.target {
            FunctionTarget::Lambda(lambda) => self.run_lambda(id, *lambda, &function.captured, start),
            FunctionTarget::Declared(declared) => self.run_declared(id, *declared, start),
            FunctionTarget::BuiltIn(name) => self.run_built_in_value(id, name, start),
        }
    }

    /// Evaluates arguments onto the stack, above the running frame; says where they start.
    fn push_arguments(&mut self, arguments: &[OpId]) -> Result<usize, Stop> {
        let start = self.stack.len();
        for argument in arguments {
            let value = self.eval(*argument)?;
            self.stack.push(value);
        }
        Ok(start)
    }

    fn run_declared(&mut self, id: OpId, function: FunctionId, start: usize) -> Result<Value, Stop> {
        let Some(declared) = self.plan.functions.get(function as usize) else {
            return Err(self.damaged("función", "function", function));
        };
        if let Some(fault) = self.wrong_count(&declared.name, declared.parameters.len(), start) {
            return self.fail(fault, self.position(id));
        }
        if self.plan.dmn_mode && !self.fit_arguments(id, declared, start)? {
            self.stack.truncate(start);
            return Ok(Value::Null);
        }
        let value = self.run(id, declared.body, start)?;
        if self.plan.dmn_mode { self.fit_result(id, declared, value) } else { Ok(value) }
    }

    fn run_lambda(&mut self, id: OpId, lambda: LambdaId, captured: &[Value], start: usize) -> Result<Value, Stop> {
        let Some(declared) = self.plan.lambdas.get(lambda as usize) else {
            return Err(self.damaged("función", "function", lambda));
        };
        if let Some(fault) = self.wrong_count("function(…)", declared.parameters as usize, start) {
            return self.fail(fault, self.position(id));
        }
        self.stack.extend_from_slice(captured);
        self.run(id, declared.body, start)
    }

    fn run(&mut self, id: OpId, body: Body, start: usize) -> Result<Value, Stop> {
        self.enter(self.position(id))?;
        let previous = self.open_frame(start, body.frame)?;
        let value = self.eval(body.root);
        self.close_frame(previous);
        self.leave();
        value
    }

    /// Takes the arguments away where there are too few or too many.
    fn wrong_count(&mut self, name: &str, expected: usize, start: usize) -> Option<faults::Fault> {
        let received = self.stack.len().saturating_sub(start);
        if received == expected {
            return None;
        }
        self.stack.truncate(start);
        Some(faults::argument_count(name, expected, received))
    }

    /// DMN mode: makes arguments fit the types of the parameters; `false` where one cannot.
    fn fit_arguments(&mut self, id: OpId, function: &'a Function, start: usize) -> Result<bool, Stop> {
        for ((name, ty), position) in function.parameters.iter().zip(start..) {
            let value = self.stack.get_mut(position).map(std::mem::take).unwrap_or_default();
            let was_null = value.is_null();
            let value = self.fit(value, ty, (name, name), self.position(id))?;
            if value.is_null() && !was_null {
                return Ok(false);
            }
            if let Some(slot) = self.stack.get_mut(position) {
                *slot = value;
            }
        }
        Ok(true)
    }

    fn fit_result(&mut self, id: OpId, function: &'a Function, value: Value) -> Result<Value, Stop> {
        self.fit(value, &function.ty, (&function.name, &function.name), self.position(id))
    }
}
