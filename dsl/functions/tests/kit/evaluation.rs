//! A small evaluator of FEEL for the kit's cases: literals, operators, properties and calls of built-in functions, errors
//! as null. Of names it knows those of parameters; it knows no control flow and no types.

use std::cell::RefCell;

use dictamen_functions::{Entry, FunctionError, Host, all};
use dictamen_value::{
    Date, DateTime, DaysDuration, FunctionTarget, FunctionValue, Message, MonthsDuration, Number, Time, Value,
};

/// The value of an expression; `None` where it is more than this evaluator knows.
pub(crate) fn evaluate(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text, scope: Vec::new() };
    let value = reader.expression()?;
    reader.rest.trim().is_empty().then_some(value)
}

thread_local! {
    /// The functions that expressions have made: parameters and body.
    static FUNCTIONS: RefCell<Vec<(Vec<String>, String)>> = RefCell::default();
}

/// What a function returns; an error where it does not take so many arguments.
fn apply(function: &FunctionValue, arguments: &[Value]) -> Option<Value> {
    let FunctionTarget::Lambda(number) = function.target else { return None };
    let (parameters, body) = FUNCTIONS.with_borrow(|functions| functions.get(number as usize).cloned())?;
    (parameters.len() == arguments.len()).then_some(())?;
    let scope = parameters.into_iter().zip(arguments.iter().cloned()).collect();
    Reader { rest: &body, scope }.expression()
}

struct NoLimits;

impl Host for NoLimits {
    fn call(&mut self, function: &FunctionValue, arguments: &[Value]) -> Result<Value, FunctionError> {
        apply(function, arguments).ok_or_else(|| FunctionError::domain("no sirve", "no good"))
    }

    fn charge(&mut self, _: usize) -> Result<(), FunctionError> {
        Ok(())
    }
}

/// Operators by their level, the loosest first; at one level the longer come first.
const LEVELS: [&[&str]; 4] = [&["<=", ">=", "!=", "=", "<", ">"], &["+", "-"], &["*", "/"], &["**"]];

struct Reader<'a> {
    rest: &'a str,
    scope: Vec<(String, Value)>,
}

impl Reader<'_> {
    fn expression(&mut self) -> Option<Value> {
        self.operation(0)
    }

    fn operation(&mut self, level: usize) -> Option<Value> {
        let Some(operators) = LEVELS.get(level) else { return self.negation() };
        let mut left = self.operation(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take_operator(operator)) {
            let right = self.operation(level + 1)?;
            left = operate(operator, &left, &right);
        }
        Some(left)
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        self.rest = self.rest.trim_start();
        let longer = operator == "*" && self.rest.starts_with("**");
        !longer && self.take(operator)
    }

    fn negation(&mut self) -> Option<Value> {
        if self.take("-") {
            return Some(self.negation()?.negate().unwrap_or_default());
        }
        let mut value = self.primary()?;
        while let (Value::Function(function), true) = (&value, self.rest.starts_with('(')) {
            self.take("(");
            value = apply(function, &self.sequence(")")?).unwrap_or_default();
        }
        while self.rest.starts_with('.') && !self.rest.starts_with("..") {
            self.take(".");
            let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == ' ')).unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            self.rest = rest;
            value = value.property(name.trim())?;
        }
        Some(value)
    }

    fn primary(&mut self) -> Option<Value> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '"' => self.text().map(Value::from),
            '@' => {
                self.take("@");
                Some(temporal(&self.text()?).unwrap_or_default())
            }
            '{' => self.context(),
            '[' => self.list_or_range(),
            '(' => self.parenthesis(),
            '0'..='9' | '.' => self.number(),
            _ => self.word(),
        }
    }

    fn take(&mut self, wanted: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Values between commas up to a closing sign.
    fn sequence(&mut self, close: &str) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        if self.take(close) {
            return Some(values);
        }
        loop {
            values.push(self.expression()?);
            if self.take(close) {
                return Some(values);
            }
            self.take(",").then_some(())?;
        }
    }

    fn text(&mut self) -> Option<String> {
        self.take("\"").then_some(())?;
        let mut text = String::new();
        let mut units = Vec::new();
        loop {
            let character = self.rest.chars().next()?;
            self.rest = &self.rest[character.len_utf8()..];
            let escaped = (character == '\\').then(|| self.rest.chars().next()).flatten();
            match (character, escaped) {
                ('"', _) => break,
                ('\\', Some('u')) => units.push(self.code(4)?),
                ('\\', Some('U')) => {
                    let code = char::from_u32(self.code(6)?)?;
                    units.extend(code.encode_utf16(&mut [0; 2]).iter().map(|unit| u32::from(*unit)));
                }
                ('\\', Some(sign @ ('n' | 'r' | 't' | '"' | '\\'))) => {
                    self.rest = &self.rest[1..];
                    let meant = match sign {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => other,
                    };
                    units.push(u32::from(meant));
                }
                // A backslash before anything else stands for itself.
                (other, _) => units.extend(other.encode_utf16(&mut [0; 2]).iter().map(|unit| u32::from(*unit))),
            }
        }
        let units: Vec<u16> = units.into_iter().map(|unit| u16::try_from(unit).ok()).collect::<Option<_>>()?;
        text.push_str(&String::from_utf16(&units).ok()?);
        Some(text)
    }

    /// A code in hexadecimal after `u` or `U`.
    fn code(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest.get(1..=digits)?, 16).ok()?;
        self.rest = &self.rest[digits + 1..];
        Some(code)
    }

    fn number(&mut self) -> Option<Value> {
        let mut end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(self.rest.len());
        if let Some(dots) = self.rest.find("..").filter(|dots| *dots < end) {
            end = dots;
        }
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Number::parse(number).ok().map(Value::from)
    }

    fn word(&mut self) -> Option<Value> {
        if let Some(value) = self.keyword() {
            return Some(value);
        }
        if let Some((name, value)) = self.scope.iter().find(|(name, _)| self.starts_with_word(name)).cloned() {
            self.take(&name);
            return Some(value);
        }
        if self.starts_with_word("function") {
            return self.function();
        }
        let called =
            |entry: &&Entry| self.rest.strip_prefix(entry.name).is_some_and(|rest| rest.trim_start().starts_with('('));
        let entry = all().filter(called).max_by_key(|entry| entry.name.len())?;
        self.take(entry.name);
        self.take("(");
        let arguments = self.arguments()?;
        Some(call(entry, &arguments))
    }

    fn starts_with_word(&self, word: &str) -> bool {
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric());
        self.rest.strip_prefix(word).is_some_and(ends)
    }

    /// `function(x, y) body`: the body is read once to see where it ends.
    fn function(&mut self) -> Option<Value> {
        self.take("function");
        self.take("(").then_some(())?;
        let (parameters, rest) = self.rest.split_once(')')?;
        let parameters: Vec<String> = parameters.split(',').map(|name| name.trim().to_owned()).collect();
        let scope = parameters.iter().map(|name| (name.clone(), Value::Null)).collect();
        let mut body = Reader { rest, scope };
        body.expression()?;
        let text = rest.strip_suffix(body.rest)?.to_owned();
        self.rest = body.rest;
        let number = FUNCTIONS.with_borrow_mut(|functions| {
            functions.push((parameters, text));
            functions.len() - 1
        });
        let target = FunctionTarget::Lambda(u32::try_from(number).ok()?);
        Some(Value::from(FunctionValue { target, captured: Vec::new() }))
    }

    fn keyword(&mut self) -> Option<Value> {
        for (word, value) in [("null", Value::Null), ("true", Value::from(true)), ("false", Value::from(false))] {
            let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '(');
            if self.rest.strip_prefix(word).is_some_and(ends) {
                self.take(word);
                return Some(value);
            }
        }
        None
    }

    /// Arguments, each with its name where it has one.
    fn arguments(&mut self) -> Option<Vec<(Option<String>, Value)>> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Some(arguments);
        }
        loop {
            let name = self.argument_name();
            arguments.push((name, self.expression()?));
            if self.take(")") {
                return Some(arguments);
            }
            self.take(",").then_some(())?;
        }
    }

    fn argument_name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == ' '))?;
        let (name, rest) = self.rest.split_at(end);
        let rest = rest.strip_prefix(':')?;
        self.rest = rest;
        Some(name.trim().to_owned())
    }

    fn context(&mut self) -> Option<Value> {
        self.take("{");
        let mut entries = Vec::new();
        if self.take("}") {
            return Some(Value::context(entries));
        }
        loop {
            self.rest = self.rest.trim_start();
            let name = if self.rest.starts_with('"') {
                self.text()?
            } else {
                let (name, rest) = self.rest.split_at(self.rest.find(':')?);
                self.rest = rest;
                name.trim().to_owned()
            };
            self.take(":").then_some(())?;
            entries.push((name, self.expression()?));
            if self.take("}") {
                return Some(Value::context(entries));
            }
            self.take(",").then_some(())?;
        }
    }

    fn list_or_range(&mut self) -> Option<Value> {
        self.take("[");
        if self.take("]") {
            return Some(Value::list(Vec::new()));
        }
        let first = self.expression()?;
        if self.take("..") {
            return self.range_from(first, true);
        }
        let mut elements = vec![first];
        if self.take(",") {
            elements.extend(self.sequence("]")?);
        } else {
            self.take("]").then_some(())?;
        }
        Some(Value::list(elements))
    }

    fn range_from(&mut self, low: Value, low_closed: bool) -> Option<Value> {
        let high = self.expression()?;
        let high_closed = self.take("]");
        (high_closed || self.take(")")).then_some(())?;
        Some(Value::range(low, low_closed, high, high_closed))
    }

    /// An expression in parentheses, or an open range.
    fn parenthesis(&mut self) -> Option<Value> {
        self.take("(");
        let value = self.expression()?;
        if self.take("..") {
            return self.range_from(value, false);
        }
        self.take(")").then_some(value)
    }
}

fn operate(operator: &str, left: &Value, right: &Value) -> Value {
    use std::cmp::Ordering;
    let compared =
        |holds: fn(Ordering) -> bool| left.order(right).map_or(Value::Null, |order| Value::from(holds(order)));
    let computed = |result: Result<Value, Message>| result.unwrap_or_default();
    match operator {
        "+" => computed(left.add(right)),
        "-" => computed(left.subtract(right)),
        "*" => computed(left.multiply(right)),
        "/" => computed(left.divide(right)),
        "**" => computed(left.power(right)),
        "=" => left.equal(right).map_or(Value::Null, Value::from),
        "!=" => left.equal(right).map_or(Value::Null, |equal| Value::from(!equal)),
        "<" => compared(Ordering::is_lt),
        "<=" => compared(Ordering::is_le),
        ">" => compared(Ordering::is_gt),
        _ => compared(Ordering::is_ge),
    }
}

/// A call; null where no signature takes the arguments, or where the body gives none.
fn call(entry: &'static Entry, arguments: &[(Option<String>, Value)]) -> Value {
    let named: Option<Vec<(&str, Value)>> =
        arguments.iter().map(|(name, value)| Some((name.as_deref()?, value.clone()))).collect();
    let chosen = match named {
        Some(named) if !named.is_empty() => entry.choose_named(&named),
        _ if arguments.iter().any(|(name, _)| name.is_some()) => None,
        _ => entry.choose(&arguments.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>()),
    };
    let result = chosen.map(|(signature, arguments)| (signature.body)(&arguments, &mut NoLimits));
    result.and_then(Result::ok).unwrap_or_default()
}

fn temporal(text: &str) -> Option<Value> {
    let date = Date::parse(text).map(Value::from).ok();
    let time = || Time::parse(text).map(Value::from).ok();
    let moment = || DateTime::parse(text).map(Value::from).ok();
    let days = || DaysDuration::parse(text).map(Value::from).ok();
    let months = || MonthsDuration::parse(text).map(Value::from).ok();
    date.or_else(time).or_else(moment).or_else(months).or_else(days)
}
