//! Reads facts from JSON straight into registers. Anything that is not as it should be is [`Anomaly`]: the full reader
//! (`facts/reader`) then reads the same bytes and says what is wrong, or keeps what has no place in registers.

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Value};
use jiter::{Jiter, JiterError, Peek};

use super::code::Kind;
use super::layout::{Layout, Leaf, Node, NodeId, Record};
use super::run::{HandOver, Runner};
use super::slot::{Slot, Texts};

/// Something that the full reader is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anomaly;

type Read<T> = Result<T, Anomaly>;

impl From<JiterError> for Anomaly {
    fn from(_: JiterError) -> Anomaly {
        Anomaly
    }
}

impl From<HandOver> for Anomaly {
    fn from(_: HandOver) -> Anomaly {
        Anomaly
    }
}

pub(super) struct Reader<'r, 'j> {
    pub(super) layout: &'r Layout,
    pub(super) runner: Runner<'r>,
    pub(super) text: &'j str,
    pub(super) json: Jiter<'j>,
    /// Which inputs were given.
    pub(super) given: &'r mut [bool],
    /// Fields that were seen, of all records that are being read, one after another.
    pub(super) seen: &'r mut Vec<bool>,
}

impl Reader<'_, '_> {
    /// Reads the whole document. Facts that are needed must be there.
    pub(super) fn document(&mut self, needs: &[u32]) -> Read<()> {
        self.runner.state.texts.forget();
        self.given.fill(false);
        self.seen.clear();
        self.inputs()?;
        self.json.finish()?;
        self.absent(needs)
    }

    fn inputs(&mut self) -> Read<()> {
        if self.json.peek()? != Peek::Object {
            return Err(Anomaly);
        }
        let inputs = &self.runner.prepared.plan().inputs;
        let (mut next, mut first) = (0, true);
        while let Some(position) = self.key(
            std::mem::take(&mut first),
            next,
            |position| inputs.get(position).map(|input| &*input.name),
            inputs.len(),
        )? {
            next = position.saturating_add(1);
            match self.given.get_mut(position) {
                Some(given) if !*given => *given = true,
                _ => return Err(Anomaly),
            }
            let node = u32::try_from(position).ok().and_then(|id| self.layout.input(id)).ok_or(Anomaly)?;
            self.value(node)?;
        }
        Ok(())
    }

    /// The position of the field that the next key names; tries the likely one first.
    fn key<'n>(
        &mut self,
        first: bool,
        likely: usize,
        name: impl Fn(usize) -> Option<&'n str>,
        count: usize,
    ) -> Read<Option<usize>> {
        let key = if first { self.json.known_object()? } else { self.json.next_key()? };
        let Some(key) = key else { return Ok(None) };
        if name(likely) == Some(key) {
            return Ok(Some(likely));
        }
        (0..count).find(|position| name(*position) == Some(key)).map(Some).ok_or(Anomaly)
    }

    fn value(&mut self, node: NodeId) -> Read<()> {
        let layout = self.layout;
        match layout.node(node).ok_or(Anomaly)? {
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::Record(record) => self.record(record),
            Node::Other => Err(Anomaly),
        }
    }

    fn record(&mut self, record: &Record) -> Read<()> {
        let peek = self.json.peek()?;
        if peek == Peek::Null
            && let Some(presence) = record.presence
        {
            self.json.known_null()?;
            return self.no_record(record, presence);
        }
        if peek != Peek::Object {
            return Err(Anomaly);
        }
        if let Some(presence) = record.presence {
            self.runner.state.set(presence, Slot::Boolean(true));
        }
        let start = self.seen.len();
        self.seen.resize(start.saturating_add(record.names.len()), false);
        self.fields(record, start)?;
        self.absent_fields(record, start)?;
        self.seen.truncate(start);
        Ok(())
    }

    fn fields(&mut self, record: &Record, start: usize) -> Read<()> {
        let (mut next, mut first) = (0, true);
        let name = |position: usize| record.names.get(position).map(|name| &**name);
        while let Some(position) = self.key(std::mem::take(&mut first), next, name, record.names.len())? {
            next = position.saturating_add(1);
            match self.seen.get_mut(start.saturating_add(position)) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(Anomaly),
            }
            self.value(*record.fields.get(position).ok_or(Anomaly)?)?;
        }
        Ok(())
    }

    fn absent_fields(&mut self, record: &Record, start: usize) -> Read<()> {
        let layout = self.layout;
        for (position, field) in record.fields.iter().enumerate() {
            if self.seen.get(start.saturating_add(position)) == Some(&true) {
                continue;
            }
            match layout.node(*field).ok_or(Anomaly)? {
                Node::Leaf(leaf) if leaf.optional => self.runner.state.set(leaf.register, Slot::Null),
                Node::Record(Record { presence: Some(presence), .. }) => {
                    let Some(Node::Record(inner)) = layout.node(*field) else { return Err(Anomaly) };
                    self.no_record(inner, *presence)?;
                }
                _ => return Err(Anomaly),
            }
        }
        Ok(())
    }

    fn no_record(&mut self, record: &Record, presence: u16) -> Read<()> {
        self.runner.state.set(presence, Slot::Null);
        super::clear(self.layout, record, self.runner.state);
        Ok(())
    }

    /// Registers of facts that were not given.
    fn absent(&mut self, needs: &[u32]) -> Read<()> {
        let layout = self.layout;
        for (position, node) in layout.inputs().iter().enumerate() {
            if self.given.get(position) == Some(&true) {
                continue;
            }
            let needed = || u32::try_from(position).is_ok_and(|id| needs.contains(&id));
            match layout.node(*node).ok_or(Anomaly)? {
                Node::Leaf(leaf) if leaf.optional => self.runner.state.set(leaf.register, Slot::Null),
                Node::Record(Record { presence: Some(presence), .. }) => {
                    let Some(Node::Record(record)) = layout.node(*node) else { return Err(Anomaly) };
                    self.no_record(record, *presence)?;
                }
                Node::Other => {}
                _ if needed() => return Err(Anomaly),
                Node::Leaf(leaf) => self.runner.state.set(leaf.register, Slot::Missing),
                Node::Record(record) => super::clear(layout, record, self.runner.state),
            }
        }
        Ok(())
    }

    fn leaf(&mut self, leaf: &Leaf) -> Read<()> {
        let peek = self.json.peek()?;
        if peek == Peek::Null {
            self.json.known_null()?;
            self.runner.state.set(leaf.register, Slot::Null);
            return if leaf.optional { Ok(()) } else { Err(Anomaly) };
        }
        match leaf.kind {
            Kind::Number | Kind::Integer => {
                let number = self.number(leaf.kind, peek)?;
                self.runner.state.set(leaf.register, Slot::Number(number));
            }
            kind => {
                let slot = self.scalar(kind, peek)?;
                self.runner.state.set(leaf.register, slot);
            }
        }
        if leaf.choices.is_none() && leaf.constraints.is_empty() { Ok(()) } else { self.allowed(leaf) }
    }

    /// Whether what was read is a value that its type allows.
    fn allowed(&mut self, leaf: &Leaf) -> Read<()> {
        let slot = self.runner.state.get(leaf.register);
        if let Some(choices) = &leaf.choices
            && !is_chosen(choices, slot, &self.runner.state.texts)
        {
            return Err(Anomaly);
        }
        leaf.constraints.iter().try_for_each(|constraint| self.constrained(*constraint, slot))
    }

    fn scalar(&mut self, kind: Kind, peek: Peek) -> Read<Slot> {
        match kind {
            Kind::Number | Kind::Integer => self.number(kind, peek).map(Slot::Number),
            Kind::Boolean if matches!(peek, Peek::True | Peek::False) => Ok(Slot::Boolean(self.json.known_bool(peek)?)),
            Kind::Boolean => Err(Anomaly),
            _ if peek != Peek::String => Err(Anomaly),
            Kind::Text => {
                let text = self.json.known_str()?;
                self.runner.state.texts.push(text).map(Slot::Text).ok_or(Anomaly)
            }
            Kind::Date => Ok(Slot::Date(Date::parse(self.json.known_str()?).map_err(|_| Anomaly)?)),
            Kind::Time => Ok(Slot::Time(Time::parse(self.json.known_str()?).map_err(|_| Anomaly)?)),
            Kind::DateTime => Ok(Slot::DateTime(DateTime::parse(self.json.known_str()?).map_err(|_| Anomaly)?)),
            Kind::DaysDuration => {
                Ok(Slot::DaysDuration(DaysDuration::parse(self.json.known_str()?).map_err(|_| Anomaly)?))
            }
            Kind::MonthsDuration => {
                Ok(Slot::MonthsDuration(MonthsDuration::parse(self.json.known_str()?).map_err(|_| Anomaly)?))
            }
        }
    }

    #[inline]
    fn number(&mut self, kind: Kind, peek: Peek) -> Read<Number> {
        if !peek.is_num() {
            return Err(Anomaly);
        }
        let start = self.json.current_index();
        self.json.known_number_bytes(peek)?;
        let digits = self.text.get(start..self.json.current_index()).ok_or(Anomaly)?;
        let number = Number::parse(digits).map_err(|_| Anomaly)?;
        if kind == Kind::Integer && !number.is_integer() { Err(Anomaly) } else { Ok(number) }
    }

    fn constrained(&mut self, constraint: u32, slot: Slot) -> Read<()> {
        let block = *self.runner.code.constraints.get(&constraint).ok_or(Anomaly)?;
        let (value, verdict) = self.runner.code.constrained;
        self.runner.state.set(value, slot);
        self.runner.block(block)?;
        if matches!(self.runner.state.at(verdict), Slot::Boolean(true)) { Ok(()) } else { Err(Anomaly) }
    }
}

/// Whether a value is among those that are listed.
pub(super) fn is_chosen(choices: &[Value], slot: Slot, texts: &Texts) -> bool {
    match slot {
        Slot::Text(text) => {
            let text = texts.get(text);
            choices.iter().any(|choice| choice.as_text() == Some(text))
        }
        other => other.value_but_text().is_some_and(|value| choices.iter().any(|choice| choice.same(&value))),
    }
}
