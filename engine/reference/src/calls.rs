//! Calls: of declared functions, of function values and of built-in functions.

use std::sync::Arc;

use dictamen_functions::{FunctionError, Host, Parameter, Presence, Shape, Signature};
use dictamen_model::graph::{Expr, FunctionId, LambdaId};
use dictamen_value::{FunctionTarget, FunctionValue, Type, Value};

use crate::evaluation::{Evaluation, Frame, Outcome};
use crate::expression::unexpected;
use crate::failure::{self, Failure};

impl<'m> Evaluation<'m> {
    /// A function value that holds what it captures as it is now.
    pub(crate) fn lambda(&mut self, id: LambdaId, frame: &mut Frame) -> Outcome {
        let lambda = self.model.lambdas.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        let captured = lambda.captures.iter().map(|local| frame.get(*local as usize).cloned());
        let captured = captured.collect::<Option<Vec<Value>>>().ok_or(Failure::new(failure::MODEL))?;
        Ok(Value::Function(Arc::new(FunctionValue { target: FunctionTarget::Lambda(id), captured })))
    }

    /// A declared function as a value.
    pub(crate) fn declared_as_value(id: FunctionId) -> Value {
        let target = FunctionTarget::Declared(id);
        Value::Function(Arc::new(FunctionValue { target, captured: Vec::new() }))
    }

    /// A call of a declared function, its arguments evaluated first.
    pub(crate) fn call_declared(&mut self, id: FunctionId, arguments: &'m [Expr], frame: &mut Frame) -> Outcome {
        let arguments = self.expressions(arguments, frame)?;
        self.run_declared(id, arguments)
    }

    /// A call of what an expression gives.
    pub(crate) fn call_expression(&mut self, function: &'m Expr, arguments: &'m [Expr], frame: &mut Frame) -> Outcome {
        let function = match self.expression(function, frame)? {
            Value::Function(function) => function,
            other => return Err(unexpected(&other)),
        };
        let arguments = self.expressions(arguments, frame)?;
        self.run(&function, arguments)
    }

    /// A call by name of what an expression gives.
    pub(crate) fn call_by_name(
        &mut self,
        function: &'m Expr,
        arguments: &'m [(Arc<str>, Expr)],
        frame: &mut Frame,
    ) -> Outcome {
        let function = self.expression(function, frame)?;
        let mut named = Vec::new();
        for (name, argument) in arguments {
            named.push((&**name, self.expression(argument, frame)?));
        }
        let Value::Function(function) = function else { return Err(unexpected(&function)) };
        let parameters = match &function.target {
            FunctionTarget::BuiltIn(name) => {
                let entry = dictamen_functions::find(name).ok_or(Failure::new(failure::MODEL))?;
                let (signature, values) = entry.choose_named(&named).ok_or(Failure::new(failure::KIND))?;
                return self.run_signature(signature, &values);
            }
            FunctionTarget::Declared(id) => self.model.functions.get(*id as usize).map(|function| &function.parameters),
            FunctionTarget::Lambda(id) => self.model.lambdas.get(*id as usize).map(|lambda| &lambda.parameters),
        };
        let mut ordered = Vec::new();
        for (wanted, _) in parameters.ok_or(Failure::new(failure::MODEL))? {
            let position = named.iter().position(|(name, _)| *name == &**wanted).ok_or(Failure::new(failure::KIND))?;
            ordered.push(named.remove(position).1);
        }
        if named.is_empty() { self.run(&function, ordered) } else { Err(Failure::new(failure::KIND)) }
    }

    /// A call of a Java method of the closed list.
    pub(crate) fn external(&mut self, class: &str, method: &str, arguments: &'m [Expr], frame: &mut Frame) -> Outcome {
        let arguments = self.expressions(arguments, frame)?;
        let found = dictamen_functions::external::find(class, method, arguments.len());
        found.and_then(|method| method.call(&arguments)).map_err(|_| Failure::new(failure::FUNCTION))
    }

    /// A call of a built-in function by one of its signatures.
    pub(crate) fn call_built_in(
        &mut self,
        name: &str,
        signature: usize,
        arguments: &'m [Expr],
        frame: &mut Frame,
    ) -> Outcome {
        let entry = dictamen_functions::find(name).ok_or(Failure::new(failure::MODEL))?;
        let signature = entry.signatures.get(signature).ok_or(Failure::new(failure::MODEL))?;
        let arguments = self.expressions(arguments, frame)?;
        if self.model.dmn_mode {
            let (signature, arguments) = entry.choose(&arguments).ok_or(Failure::new(failure::KIND))?;
            return self.run_signature(signature, &arguments);
        }
        self.run_signature(signature, &arguments)
    }

    fn run_signature(&mut self, signature: &Signature, arguments: &[Value]) -> Outcome {
        for (position, argument) in arguments.iter().enumerate() {
            let parameter = signature.parameters.get(position).or(signature.parameters.last());
            if !parameter.is_some_and(|parameter| accepts(parameter, argument)) {
                return Err(unexpected(argument));
            }
        }
        let result = (signature.body)(arguments, self);
        result.map_err(|error| match error {
            FunctionError::Domain(_) => Failure::new(failure::FUNCTION),
            FunctionError::Host => self.in_host.take().unwrap_or(Failure::new(failure::FUNCTION)),
        })
    }

    fn run_declared(&mut self, id: FunctionId, arguments: Vec<Value>) -> Outcome {
        let function = self.model.functions.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        let arguments = self.arguments_wanted(arguments, &function.parameters)?;
        let mut frame = frame_with(arguments, function.body.frame);
        let result = self.deeper(|evaluation| evaluation.body(&function.body, &mut frame))?;
        self.as_wanted(result, &function.ty)
    }

    /// Arguments as the types of the parameters want them, as many as there are parameters.
    fn arguments_wanted(
        &mut self,
        arguments: Vec<Value>,
        parameters: &[(Arc<str>, Type)],
    ) -> Result<Vec<Value>, Failure> {
        if arguments.len() != parameters.len() {
            return Err(Failure::new(failure::KIND));
        }
        let mut wanted = Vec::new();
        for (value, (_, ty)) in arguments.into_iter().zip(parameters) {
            let absent = matches!(value, Value::Null);
            let converted = self.as_wanted(value, ty)?;
            if matches!(converted, Value::Null) && !absent {
                return Err(Failure::new(failure::KIND));
            }
            wanted.push(converted);
        }
        Ok(wanted)
    }

    fn run(&mut self, function: &FunctionValue, arguments: Vec<Value>) -> Outcome {
        match &function.target {
            FunctionTarget::Declared(id) => self.run_declared(*id, arguments),
            FunctionTarget::Lambda(id) => {
                let lambda = self.model.lambdas.get(*id as usize).ok_or(Failure::new(failure::MODEL))?;
                let arguments = self.arguments_wanted(arguments, &lambda.parameters)?;
                let itself = lambda.sees_itself.then(|| Value::from(function.clone()));
                let captured = function.captured.iter().cloned();
                let locals = arguments.into_iter().chain(captured).chain(itself).collect();
                let mut frame = frame_with(locals, lambda.frame);
                self.deeper(|evaluation| evaluation.expression(&lambda.body, &mut frame))
            }
            FunctionTarget::BuiltIn(name) => self.run_built_in(name, &arguments),
        }
    }

    /// A built-in function as a value: by the first signature that takes the arguments.
    fn run_built_in(&mut self, name: &str, arguments: &[Value]) -> Outcome {
        let entry = dictamen_functions::find(name).ok_or(Failure::new(failure::MODEL))?;
        if self.model.dmn_mode {
            let (signature, arguments) = entry.choose(arguments).ok_or(Failure::new(failure::KIND))?;
            return self.run_signature(signature, &arguments);
        }
        let fitting = entry.signatures.iter().find(|signature| takes(signature, arguments));
        self.run_signature(fitting.ok_or(Failure::new(failure::KIND))?, arguments)
    }
}

impl Host for Evaluation<'_> {
    fn call(&mut self, function: &FunctionValue, arguments: &[Value]) -> Result<Value, FunctionError> {
        self.run(function, arguments.to_vec()).map_err(|failure| self.pass_on(failure))
    }

    fn charge(&mut self, items: usize) -> Result<(), FunctionError> {
        Evaluation::charge(self, items as u64).map_err(|failure| self.pass_on(failure))
    }
}

impl Evaluation<'_> {
    fn pass_on(&mut self, failure: Failure) -> FunctionError {
        self.in_host = Some(failure);
        FunctionError::Host
    }
}

fn frame_with(first: Vec<Value>, size: u32) -> Frame {
    let mut frame = first;
    let missing = (size as usize).saturating_sub(frame.len());
    frame.extend(std::iter::repeat_n(Value::Null, missing));
    frame
}

fn takes(signature: &Signature, arguments: &[Value]) -> bool {
    let parameters = signature.parameters;
    let needed = parameters.iter().filter(|parameter| parameter.presence == Presence::Required).count();
    let variadic = parameters.last().is_some_and(|parameter| parameter.presence == Presence::Variadic);
    let fits = |(position, argument): (usize, &Value)| {
        parameters.get(position).or(parameters.last()).is_some_and(|parameter| accepts(parameter, argument))
    };
    arguments.len() >= needed
        && (variadic || arguments.len() <= parameters.len())
        && arguments.iter().enumerate().all(fits)
}

fn accepts(parameter: &Parameter, value: &Value) -> bool {
    fits(&parameter.shape, value) || parameter.presence == Presence::Optional && matches!(value, Value::Null)
}

/// Whether a value has a shape; units and sameness were the checker's business.
fn fits(shape: &Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Any | Shape::Same(_), _) | (Shape::Null, Value::Null) => true,
        (Shape::Optional(inner), value) => matches!(value, Value::Null) || fits(inner, value),
        (Shape::Integer, Value::Number(number)) => number.is_integer(),
        (Shape::Boolean, Value::Boolean(_))
        | (Shape::Number | Shape::Unit(_), Value::Number(_))
        | (Shape::Text, Value::Text(_))
        | (Shape::Date, Value::Date(_))
        | (Shape::Time, Value::Time(_))
        | (Shape::DateTime, Value::DateTime(_))
        | (Shape::DaysDuration, Value::DaysDuration(_))
        | (Shape::MonthsDuration, Value::MonthsDuration(_))
        | (Shape::Context, Value::Context(_))
        | (Shape::Function(..), Value::Function(_)) => true,
        (Shape::List(element), Value::List(items)) => items.iter().all(|item| fits(element, item)),
        (Shape::Range(of), Value::Range(range)) => {
            [&range.low, &range.high].iter().all(|end| matches!(end, Value::Null) || fits(of, end))
        }
        _ => false,
    }
}
