//! Where things stand, in a plan's terms: sources are numbered by first use, and what is asked for next stands nearby.

use std::collections::HashMap;
use std::sync::Arc;

use dictamen_plan::Position;
use dictamen_syntax::{Source, Span};

/// Places of the sources of a unit. A file that has nothing to do with a plan is not in it.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    sources: &'a [Source],
    numbers: HashMap<u32, u32>,
    /// Names of the sources in the order of their numbers.
    pub(crate) names: Vec<Arc<str>>,
    /// The source that was last asked for, its number, and the line that was found in it.
    last: Option<(u32, u32, usize)>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Places<'a> {
        Places { sources, numbers: HashMap::new(), names: Vec::new(), last: None }
    }

    /// Where a span starts; the default position where its source is not there.
    pub(crate) fn position(&mut self, span: Span) -> Position {
        let Some(source) = self.sources.get(span.source.0 as usize) else { return Position::default() };
        let (number, near) = match self.last {
            Some((last, number, line)) if last == span.source.0 => (number, line),
            _ => (self.number(span.source.0, source.name()), 0),
        };
        let (index, line, column) = source.line_and_column(span, near);
        self.last = Some((span.source.0, number, index));
        Position(number, line, column)
    }

    fn number(&mut self, source: u32, name: &Arc<str>) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(source).or_insert_with(|| {
            self.names.push(name.clone());
            next
        })
    }
}
