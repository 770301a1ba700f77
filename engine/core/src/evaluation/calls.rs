//! Calls of declared functions and of function values.

use std::sync::Arc;

use dictamen_plan::{Body, Function, FunctionId, LambdaId, OpId, TextId};
use dictamen_value::{FunctionTarget, FunctionValue, Type, Value};

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

    /// A call of a function value whose arguments have names.
    pub(super) fn call_named(&mut self, id: OpId, function: OpId, arguments: &[(TextId, OpId)]) -> Result<Value, Stop> {
        let function = self.eval(function)?;
        let mut named: Vec<(&str, Value)> = Vec::with_capacity(arguments.len());
        for (name, argument) in arguments {
            let value = self.eval(*argument)?;
            named.push((self.text(*name)?, value));
        }
        let Value::Function(function) = function else {
            return self.fail(faults::not_a_function(&function), self.position(id));
        };
        if let FunctionTarget::BuiltIn(name) = &function.target {
            return self.call_built_in_named(id, name, &named);
        }
        match self.in_order(&function, &named) {
            Ok(values) => {
                let start = self.stack.len();
                self.stack.extend(values);
                self.invoke(id, &function, start)
            }
            Err(fault) => self.fail(fault, self.position(id)),
        }
    }

    /// Named arguments in the order of the parameters.
    fn in_order(&self, function: &FunctionValue, named: &[(&str, Value)]) -> Result<Vec<Value>, faults::Fault> {
        let plan = self.plan;
        let (name, parameters) = match &function.target {
            FunctionTarget::Declared(id) => {
                plan.functions.get(*id as usize).map(|function| (&*function.name, &function.parameters))
            }
            FunctionTarget::Lambda(id) => {
                plan.lambdas.get(*id as usize).map(|lambda| ("function(…)", &lambda.signature))
            }
            FunctionTarget::BuiltIn(_) => None,
        }
        .ok_or_else(|| faults::unknown_function("?"))?;
        let value_of = |(wanted, _): &(Arc<str>, Type)| {
            let mut given = named.iter().filter(|(name, _)| *name == &**wanted);
            given.next().filter(|_| given.next().is_none()).map(|(_, value)| value.clone())
        };
        let values: Option<Vec<Value>> = parameters.iter().map(value_of).collect();
        values.filter(|values| values.len() == named.len()).ok_or_else(|| {
            let expected: Vec<&str> = parameters.iter().map(|(name, _)| &**name).collect();
            let received: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
            faults::argument_names(name, &expected, &received)
        })
    }

    /// Runs a function value over the arguments that stand on the stack from `start`, and takes them away.
    pub(super) fn invoke(&mut self, id: OpId, function: &FunctionValue, start: usize) -> Result<Value, Stop> {
        match &function.target {
            FunctionTarget::Lambda(lambda) => self.run_lambda(id, *lambda, function, start),
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
        if self.plan.dmn_mode && !self.fit_arguments(id, &declared.parameters, start)? {
            self.stack.truncate(start);
            return Ok(Value::Null);
        }
        self.recorder.calling(self.plan, function);
        let value = self.run(id, declared.body, start);
        self.recorder.called(self.plan, function);
        let value = value?;
        if self.plan.dmn_mode { self.fit_result(id, declared, value) } else { Ok(value) }
    }

    fn run_lambda(
        &mut self,
        id: OpId,
        lambda: LambdaId,
        function: &FunctionValue,
        start: usize,
    ) -> Result<Value, Stop> {
        let Some(declared) = self.plan.lambdas.get(lambda as usize) else {
            return Err(self.damaged("función", "function", lambda));
        };
        if let Some(fault) = self.wrong_count("function(…)", declared.parameters as usize, start) {
            return self.fail(fault, self.position(id));
        }
        if self.plan.dmn_mode && !self.fit_arguments(id, &declared.signature, start)? {
            self.stack.truncate(start);
            return Ok(Value::Null);
        }
        self.stack.extend_from_slice(&function.captured);
        if declared.sees_itself {
            self.stack.push(Value::from(function.clone()));
        }
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
    fn fit_arguments(&mut self, id: OpId, parameters: &'a [(Arc<str>, Type)], start: usize) -> Result<bool, Stop> {
        for ((name, ty), position) in parameters.iter().zip(start..) {
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
