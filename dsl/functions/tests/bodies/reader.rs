//! Reads the FEEL literals that cases are written in: a call of a built-in function, its arguments, its result.

use dictamen_value::{
    Date, DateTime, DaysDuration, FunctionTarget, FunctionValue, MonthsDuration, Number, Time, Value,
};

/// A call: the name of the function and its arguments; `None` where it is more than literals.
pub(crate) fn read_call(text: &str) -> Option<(String, Vec<Value>)> {
    let (name, rest) = text.split_once('(')?;
    let mut reader = Reader { rest };
    let arguments = reader.sequence(')')?;
    reader.rest.trim().is_empty().then(|| (name.trim().to_owned(), arguments))
}

/// A literal.
pub(crate) fn read_value(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    reader.rest.trim().is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Value> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '"' => self.text().map(Value::from),
            '@' => {
                self.take('@');
                let text = self.text()?;
                temporal(&text)
            }
            '{' => self.context(),
            '[' | '(' => self.list_or_range(),
            '0'..='9' | '-' | '.' => self.number(),
            _ => self.word(),
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Values between commas up to a closing character.
    fn sequence(&mut self, close: char) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        if self.take(close) {
            return Some(values);
        }
        loop {
            values.push(self.value()?);
            if self.take(close) {
                return Some(values);
            }
            self.take(',').then_some(())?;
        }
    }

    fn text(&mut self) -> Option<String> {
        self.take('"').then_some(())?;
        let mut text = String::new();
        let mut characters = self.rest.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'u' => {
                        let code: String = characters.by_ref().take(4).collect();
                        text.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
                    }
                    // As FEEL: a backslash before anything else stands for itself.
                    sign @ ('"' | '\\') => text.push(sign),
                    other => {
                        text.push('\\');
                        text.push(other);
                    }
                },
                other => text.push(other),
            }
        }
        self.rest = characters.as_str();
        Some(text)
    }

    fn number(&mut self) -> Option<Value> {
        let mut end =
            self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(self.rest.len());
        if let Some(dots) = self.rest.find("..").filter(|dots| *dots < end) {
            end = dots;
        }
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Number::parse(number).ok().map(Value::from)
    }

    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ' ').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.trim() {
            "null" => Some(Value::Null),
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            name => {
                let target = FunctionTarget::BuiltIn(name.strip_prefix("fn ")?.into());
                Some(Value::from(FunctionValue { target, captured: Vec::new() }))
            }
        }
    }

    fn context(&mut self) -> Option<Value> {
        self.take('{').then_some(())?;
        let mut entries = Vec::new();
        if self.take('}') {
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
            self.take(':').then_some(())?;
            entries.push((name, self.value()?));
            if self.take('}') {
                return Some(Value::context(entries));
            }
            self.take(',').then_some(())?;
        }
    }

    fn list_or_range(&mut self) -> Option<Value> {
        let low_closed = self.rest.starts_with('[');
        self.rest = self.rest.get(1..)?;
        if low_closed && self.take(']') {
            return Some(Value::list(Vec::new()));
        }
        let first = self.value()?;
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix("..") {
            self.rest = rest;
            let high = self.value()?;
            let high_closed = self.take(']');
            (high_closed || self.take(')')).then_some(())?;
            return Some(Value::range(first, low_closed, high, high_closed));
        }
        let mut elements = vec![first];
        if self.take(',') {
            elements.extend(self.sequence(']')?);
        } else {
            self.take(']').then_some(())?;
        }
        low_closed.then(|| Value::list(elements))
    }
}

fn temporal(text: &str) -> Option<Value> {
    let date = Date::parse(text).map(Value::from).ok();
    let time = || Time::parse(text).map(Value::from).ok();
    let moment = || DateTime::parse(text).map(Value::from).ok();
    let days = || DaysDuration::parse(text).map(Value::from).ok();
    let months = || MonthsDuration::parse(text).map(Value::from).ok();
    date.or_else(time).or_else(moment).or_else(months).or_else(days)
}
