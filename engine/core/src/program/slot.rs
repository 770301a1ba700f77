//! Values of the typed program: copied, never shared, so that nothing is allocated and nothing is counted.

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Value};

/// A scalar, or why there is none. Texts stand in the session's [`Texts`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Slot {
    /// A fact that was not given, or a parameter without a value: whoever reads it hands over.
    #[default]
    Missing,
    Null,
    Boolean(bool),
    Number(Number),
    Text(TextRef),
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    DaysDuration(DaysDuration),
    MonthsDuration(MonthsDuration),
    /// Rows of a table that matched: where they start in the session's list, and how many there are.
    Rows(u32, u32),
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextRef {
    start: u32,
    bytes: u32,
}

/// Texts one after another: those of the program first, then those of the facts and those that were made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    kept: usize,
}

impl Texts {
    /// Adds a text; `None` where there would be more than 4 GiB of them.
    pub(crate) fn push(&mut self, text: &str) -> Option<TextRef> {
        let start = u32::try_from(self.all.len()).ok()?;
        let bytes = u32::try_from(text.len()).ok()?;
        start.checked_add(bytes)?;
        self.all.push_str(text);
        Some(TextRef { start, bytes })
    }

    /// Adds one text after another as one.
    pub(crate) fn join(&mut self, left: TextRef, right: TextRef) -> Option<TextRef> {
        let start = u32::try_from(self.all.len()).ok()?;
        let bytes = left.bytes.checked_add(right.bytes)?;
        start.checked_add(bytes)?;
        for part in [left, right] {
            self.all.extend_from_within(part.range());
        }
        Some(TextRef { start, bytes })
    }

    #[inline]
    pub(crate) fn get(&self, text: TextRef) -> &str {
        self.all.get(text.range()).unwrap_or_default()
    }

    /// Bytes that were added since [`Texts::keep`].
    pub(crate) fn added_bytes(&self) -> usize {
        self.all.len().saturating_sub(self.kept)
    }

    /// Makes all texts so far stay when others are forgotten.
    pub(crate) fn keep(&mut self) {
        self.kept = self.all.len();
    }

    /// Forgets all but the texts of the program, with which these began.
    pub(crate) fn restart(&mut self, program: &Texts) {
        self.all.truncate(program.all.len());
        self.keep();
    }

    /// Gives memory back where there is more than so many bytes, and forgets what was added.
    pub(crate) fn give_back(&mut self, kept_bytes_max: usize) {
        if self.all.capacity() > kept_bytes_max {
            self.forget();
            self.all.shrink_to(kept_bytes_max);
        }
    }

    /// Forgets what was added since [`Texts::keep`].
    pub(crate) fn forget(&mut self) {
        self.all.truncate(self.kept);
    }

    /// The slot of a scalar; `None` for a list, a context, a range or a function.
    pub(crate) fn slot(&mut self, value: &Value) -> Option<Slot> {
        Some(match value {
            Value::Null => Slot::Null,
            Value::Boolean(boolean) => Slot::Boolean(*boolean),
            Value::Number(number) => Slot::Number(*number),
            Value::Text(text) => Slot::Text(self.push(text)?),
            Value::Date(date) => Slot::Date(*date),
            Value::Time(time) => Slot::Time(*time),
            Value::DateTime(moment) => Slot::DateTime(*moment),
            Value::DaysDuration(duration) => Slot::DaysDuration(*duration),
            Value::MonthsDuration(duration) => Slot::MonthsDuration(*duration),
            Value::Range(_) | Value::List(_) | Value::Context(_) | Value::Function(_) => return None,
        })
    }

    /// The value of a slot; `None` where it has none.
    pub(crate) fn value(&self, slot: Slot) -> Option<Value> {
        match slot {
            Slot::Text(text) => Some(Value::from(self.get(text))),
            other => other.value_but_text(),
        }
    }
}

impl TextRef {
    #[inline]
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start.saturating_add(self.bytes as usize)
    }
}

impl Slot {
    /// The value, made without allocating; `None` for texts and for what has none.
    pub(crate) fn value_but_text(self) -> Option<Value> {
        Some(match self {
            Slot::Null => Value::Null,
            Slot::Boolean(boolean) => Value::Boolean(boolean),
            Slot::Number(number) => Value::Number(number),
            Slot::Date(date) => Value::Date(date),
            Slot::Time(time) => Value::Time(time),
            Slot::DateTime(moment) => Value::DateTime(moment),
            Slot::DaysDuration(duration) => Value::DaysDuration(duration),
            Slot::MonthsDuration(duration) => Value::MonthsDuration(duration),
            Slot::Missing | Slot::Text(_) | Slot::Rows(..) => return None,
        })
    }
}
