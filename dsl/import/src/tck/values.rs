//! Values of test cases to values of the language.

use dictamen_syntax::Diagnostic;
use dictamen_value::{Date, DateTime, DaysDuration, Message, MonthsDuration, Number, TemporalError, Time, Value};

use super::cases::{TestValue, TestValueKind};
use super::problem;
use crate::xml::is_xml_space;

impl TestValue {
    /// The value, by the type of XML Schema that stands with it.
    ///
    /// # Errors
    /// Where the text has not the form of its type, or the type is none of the kit.
    pub fn to_value(&self) -> Result<Value, Box<Diagnostic>> {
        match &self.kind {
            TestValueKind::Nil => Ok(Value::Null),
            TestValueKind::Simple { text, type_name } => self.simple(&text.value, type_name.as_deref()),
            TestValueKind::List(items) => {
                items.iter().map(TestValue::to_value).collect::<Result<Vec<_>, _>>().map(Value::list)
            }
            TestValueKind::Context(components) => {
                let entries = components.iter().map(|(name, value)| Ok((name.as_str(), value.to_value()?)));
                entries.collect::<Result<Vec<_>, _>>().map(Value::context)
            }
        }
    }

    fn simple(&self, text: &str, type_name: Option<&str>) -> Result<Value, Box<Diagnostic>> {
        let name = type_name.unwrap_or("string");
        let trimmed = text.trim_matches(is_xml_space);
        let value = match name {
            "string" => return Ok(Value::text(text)),
            "decimal" | "double" | "float" | "integer" | "int" | "long" => number(trimmed),
            "boolean" => boolean(trimmed),
            "date" => temporal(Date::parse(trimmed)),
            "time" => temporal(Time::parse(trimmed)),
            "dateTime" => temporal(DateTime::parse(trimmed)),
            "duration" | "dayTimeDuration" | "yearMonthDuration" => duration(trimmed),
            _ => return Err(Box::new(problem::unknown_type(name, self))),
        };
        value.map_err(|reason| Box::new(problem::bad_value(text, name, self, &reason)))
    }
}

fn number(text: &str) -> Result<Value, Message> {
    Number::parse_rounded(text).map(Value::from).map_err(|error| error.message())
}

fn boolean(text: &str) -> Result<Value, Message> {
    match text {
        "true" | "1" => Ok(Value::from(true)),
        "false" | "0" => Ok(Value::from(false)),
        _ => Err(Message::new("es `true` o `false`", "it is `true` or `false`")),
    }
}

fn temporal<T: Into<Value>>(parsed: Result<T, TemporalError>) -> Result<Value, Message> {
    parsed.map(Into::into).map_err(|error| error.message())
}

/// Years and months, or days and shorter: a duration of both kinds is none of FEEL.
fn duration(text: &str) -> Result<Value, Message> {
    match MonthsDuration::parse(text) {
        Ok(months) => Ok(Value::from(months)),
        Err(_) => temporal(DaysDuration::parse(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Origin, Text};

    #[test]
    fn texts_become_values_by_their_type() {
        for (name, text, expected) in [
            (None, " a ", Some("\" a \"")),
            (Some("string"), "", Some("\"\"")),
            (Some("decimal"), " 1.50 ", Some("1.5")),
            (Some("double"), "1.5E3", Some("1500")),
            (Some("decimal"), "0.33333333333333333333333333333333333333", Some("0.3333333333333333333333333333333333")),
            (Some("double"), "INF", None),
            (Some("boolean"), "true", Some("true")),
            (Some("boolean"), "yes", None),
            (Some("date"), "2026-02-28", Some("date(\"2026-02-28\")")),
            (Some("date"), "2026-02-30", None),
            (Some("time"), "10:00:00Z", Some("time(\"10:00:00Z\")")),
            (Some("dateTime"), "2026-02-28T10:00:00", Some("date and time(\"2026-02-28T10:00:00\")")),
            (Some("duration"), "P1Y2M", Some("duration(\"P1Y2M\")")),
            (Some("duration"), "-P1DT1H", Some("duration(\"-P1DT1H\")")),
            (Some("duration"), "P1Y1D", None),
            (Some("anyURI"), "x", None),
        ] {
            let kind = TestValueKind::Simple { text: Text::new(text), type_name: name.map(str::to_owned) };
            let value = TestValue { kind, origin: Origin::default() }.to_value();
            assert_eq!(value.ok().map(|value| value.to_feel()).as_deref(), expected, "{name:?} {text:?}");
        }
    }
}
