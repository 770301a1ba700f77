//! Text to a tree of elements. The tokens come from quick-xml; what is well formed is decided here.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictamen_syntax::{Diagnostic, Source, SourceId, Span};
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesStart, Event};

use super::names::{Scope, is_name, offset_within, split};
use super::text::is_xml_space;
use super::{Attribute, Element, Limits, Origin, Path, Text, problem};

/// The root element of a text, or the first thing that is not XML or goes past a limit.
pub(crate) fn parse(id: SourceId, source: &Source, limits: &Limits) -> Result<Element, Box<Diagnostic>> {
    let text = source.text();
    let mut tokens = Reader::from_str(text);
    tokens.config_mut().check_comments = true;
    let mut parser = Parser { id, text, limits, cursor: Cursor::default(), open: Vec::new(), root: None, elements: 0 };
    if text.starts_with('\u{FEFF}') {
        return Err(Box::new(problem::bad_character(id, 0, '\u{FEFF}')));
    }
    loop {
        let start = offset(tokens.buffer_position());
        match tokens.read_event() {
            Ok(Event::Eof) => return parser.finish(),
            Ok(event) => parser.event(event, start)?,
            Err(error) => return Err(parser.syntax(&error, offset(tokens.error_position()))),
        }
    }
}

type Outcome<T = ()> = Result<T, Box<Diagnostic>>;

struct Parser<'a> {
    id: SourceId,
    text: &'a str,
    limits: &'a Limits,
    cursor: Cursor,
    open: Vec<Open>,
    root: Option<Element>,
    elements: usize,
}

/// An element whose end has not come.
struct Open {
    element: Element,
    /// How many children there are of each name.
    counts: BTreeMap<String, u32>,
}

/// A place in the text, which only goes forward.
#[derive(Default)]
struct Cursor {
    offset: usize,
    line: u32,
    column: u32,
}

impl Cursor {
    /// Line and column of a place, both from 1. Places come in order; an earlier one gets those of the last.
    fn advance(&mut self, text: &str, offset: usize) -> (u32, u32) {
        for character in text.get(self.offset..offset).unwrap_or_default().chars() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 0;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = self.offset.max(offset);
        (self.line.saturating_add(1), self.column.saturating_add(1))
    }
}

impl Parser<'_> {
    fn event(&mut self, event: Event<'_>, start: usize) -> Outcome {
        match event {
            Event::Start(tag) => self.open(&tag, start),
            Event::Empty(tag) => {
                self.open(&tag, start)?;
                self.close(start.saturating_add(tag.len()).saturating_add("</>".len()))
            }
            Event::End(tag) => self.end(tag.as_ref(), start),
            Event::Text(text) => self.characters(&text, start),
            Event::CData(data) => self.data(&data, start),
            Event::GeneralRef(reference) => self.reference(&reference, start),
            Event::DocType(_) => Err(Box::new(problem::document_type(self.span(start, "<!DOCTYPE".len())))),
            Event::Decl(declaration) => self.declaration(&declaration, start),
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn finish(mut self) -> Outcome<Element> {
        if let Some(open) = self.open.pop() {
            return Err(Box::new(problem::not_closed(&open.element.origin, &open.element.local)));
        }
        self.root.ok_or_else(|| Box::new(problem::no_root(Span::new(self.id, 0, 0))))
    }

    fn declaration(&self, declaration: &BytesDecl<'_>, start: usize) -> Outcome {
        let span = self.span(start, "<?xml".len());
        if start != 0 {
            return Err(Box::new(problem::misplaced_declaration(span)));
        }
        match declaration.version().ok().filter(|version| version.starts_with("1.")) {
            Some(_) => Ok(()),
            None => Err(Box::new(problem::xml_version(span))),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, start: usize) -> Outcome {
        let name = tag.name().into_inner();
        let span = self.span(start, name.len().saturating_add(1));
        self.check_place(span)?;
        if !is_name(name) {
            return Err(Box::new(problem::bad_name(span, name)));
        }
        let base = start.saturating_add(1);
        let raw = self.raw_attributes(tag, base)?;
        let (line, column) = self.cursor.advance(self.text, start);
        let scope = self.scope(&raw, span)?;
        let (prefix, local) = split(name);
        let namespace = namespace_of_element(&scope, prefix).ok_or_else(|| problem::prefix(span, prefix))?;
        let label = raw.iter().find(|raw| raw.name == "name").map(|raw| raw.value.value.as_str());
        let origin = Origin { span, line, column, path: self.path(local, label) };
        let attributes = self.attributes(raw, &scope, &origin)?;
        let element = Element {
            local: local.to_owned(),
            namespace,
            attributes,
            children: Vec::new(),
            text: Text::at(origin.clone()),
            origin,
            outer: start..start,
            scope,
        };
        self.open.push(Open { element, counts: BTreeMap::new() });
        Ok(())
    }

    /// Whether one more element may stand here.
    fn check_place(&mut self, span: Span) -> Outcome {
        if self.open.is_empty() && self.root.is_some() {
            return Err(Box::new(problem::second_root(span)));
        }
        if self.open.len() >= self.limits.nesting_levels {
            return Err(Box::new(problem::too_deep(span, self.limits)));
        }
        self.elements = self.elements.saturating_add(1);
        if self.elements > self.limits.elements {
            return Err(Box::new(problem::too_many_elements(span, self.limits)));
        }
        Ok(())
    }

    fn path(&mut self, local: &str, name: Option<&str>) -> Path {
        let Some(parent) = self.open.last_mut() else { return Path::default().child(local, None, 1) };
        let count = parent.counts.entry(local.to_owned()).or_default();
        *count = count.saturating_add(1);
        parent.element.origin.path.child(local, name, *count)
    }

    fn raw_attributes(&self, tag: &BytesStart<'_>, base: usize) -> Outcome<Vec<RawAttribute>> {
        let mut found = Vec::new();
        for attribute in tag.attributes() {
            if found.len() >= self.limits.attributes_of_an_element {
                let span = self.span(base, tag.name().as_ref().len());
                return Err(Box::new(problem::too_many_attributes(span, self.limits)));
            }
            let attribute = attribute.map_err(|error| problem::attribute(self.id, base, &error))?;
            let name = attribute.key.into_inner();
            let start = base.saturating_add(offset_within(tag, name).unwrap_or_default());
            let span = self.span(start, name.len());
            if !is_name(name) {
                return Err(Box::new(problem::bad_name(span, name)));
            }
            let inside = offset_within(tag, &attribute.value).unwrap_or_default();
            let value = self.attribute_value(&attribute.value, base.saturating_add(inside))?;
            found.push(RawAttribute { name: name.to_owned(), span, value });
        }
        Ok(found)
    }

    /// The value of an attribute: references resolved, line ends and tabs become spaces (XML 1.0, clause 3.3.3).
    fn attribute_value(&self, raw: &str, start: usize) -> Outcome<Text> {
        if let Some(at) = raw.find('<') {
            return Err(Box::new(problem::less_than(self.span(start.saturating_add(at), 1))));
        }
        let mut text = Text::default();
        let mut rest = raw;
        let mut at = start;
        while let Some((before, after)) = rest.split_once('&') {
            text.push_attribute(before, at);
            at = at.saturating_add(before.len());
            let Some((name, after)) = after.split_once(';') else {
                return Err(Box::new(problem::open_reference(self.span(at, 1))));
            };
            text.push_decoded(self.resolve(name, at)?, at);
            at = at.saturating_add(name.len()).saturating_add("&;".len());
            rest = after;
        }
        text.push_attribute(rest, at);
        Ok(text)
    }

    /// Declarations of this tag within those around it.
    fn scope(&self, raw: &[RawAttribute], span: Span) -> Outcome<Scope> {
        let around = self.open.last().map(|open| open.element.scope.clone()).unwrap_or_default();
        let declared = raw.iter().filter_map(|raw| {
            let prefix = if raw.name == "xmlns" { Some("") } else { raw.name.strip_prefix("xmlns:") };
            prefix.map(|prefix| (prefix.to_owned(), Arc::from(raw.value.value.as_str())))
        });
        let scope = around.within(declared.collect());
        if scope.count() > self.limits.namespaces {
            return Err(Box::new(problem::too_many_namespaces(span, self.limits)));
        }
        Ok(scope)
    }

    fn attributes(&mut self, raw: Vec<RawAttribute>, scope: &Scope, origin: &Origin) -> Outcome<Vec<Attribute>> {
        let mut attributes = Vec::new();
        for RawAttribute { name, span, mut value } in raw {
            let (prefix, local) = split(&name);
            if name == "xmlns" || prefix == "xmlns" {
                continue;
            }
            let namespace = match prefix {
                "" => None,
                prefix => Some(scope.namespace(prefix).ok_or_else(|| problem::prefix(span, prefix))?),
            };
            let start = usize::try_from(span.start).unwrap_or(usize::MAX);
            let (line, column) = self.cursor.advance(self.text, start);
            value.origin = Origin { span, line, column, path: origin.path.attribute(&name) };
            attributes.push(Attribute { prefix: prefix.to_owned(), local: local.to_owned(), namespace, value });
        }
        Ok(attributes)
    }

    fn end(&mut self, tag: &str, start: usize) -> Outcome {
        let end = self.text.get(start..).and_then(|rest| rest.find('>'));
        let end = end.map_or(self.text.len(), |length| start.saturating_add(length).saturating_add(1));
        if !is_name(tag) {
            return Err(Box::new(problem::bad_name(self.span(start, tag.len()), tag)));
        }
        self.close(end)
    }

    /// Ends the innermost element.
    fn close(&mut self, end: usize) -> Outcome {
        if let Some(Open { mut element, .. }) = self.open.pop() {
            element.outer.end = end.min(self.text.len());
            match self.open.last_mut() {
                Some(parent) => parent.element.children.push(element),
                None => self.root = Some(element),
            }
        }
        Ok(())
    }

    fn characters(&mut self, raw: &str, start: usize) -> Outcome {
        if let Some(at) = raw.find("]]>") {
            return Err(Box::new(problem::stray_end(self.span(start.saturating_add(at), "]]>".len()))));
        }
        match self.open.last_mut() {
            Some(open) => open.element.text.push_content(raw, start),
            None => self.check_outside(raw, start)?,
        }
        Ok(())
    }

    /// Only space may stand outside the root.
    fn check_outside(&self, raw: &str, start: usize) -> Outcome {
        match raw.find(|character| !is_xml_space(character)) {
            Some(at) => Err(Box::new(problem::outside(self.span(start.saturating_add(at), 1)))),
            None => Ok(()),
        }
    }

    fn data(&mut self, raw: &str, start: usize) -> Outcome {
        match self.open.last_mut() {
            Some(open) => {
                open.element.text.push_content(raw, start.saturating_add("<![CDATA[".len()));
                Ok(())
            }
            None => Err(Box::new(problem::outside(self.span(start, "<![CDATA[".len())))),
        }
    }

    fn reference(&mut self, name: &str, start: usize) -> Outcome {
        let character = self.resolve(name, start)?;
        match self.open.last_mut() {
            Some(open) => {
                open.element.text.push_decoded(character, start);
                Ok(())
            }
            None => Err(Box::new(problem::outside(self.span(start, name.len())))),
        }
    }

    /// The character that a reference stands for: one of the five of XML, or a number.
    fn resolve(&self, name: &str, start: usize) -> Outcome<char> {
        let span = self.span(start, name.len().saturating_add("&;".len()));
        match name {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            _ => match name.strip_prefix('#') {
                Some(number) => numbered(number).ok_or_else(|| Box::new(problem::character_reference(span, name))),
                None => Err(Box::new(problem::entity(span, name))),
            },
        }
    }

    fn syntax(&self, error: &quick_xml::Error, at: usize) -> Box<Diagnostic> {
        let open = self.open.last().map(|open| &open.element);
        Box::new(problem::syntax(self.span(at, 1), error, open))
    }

    fn span(&self, start: usize, length: usize) -> Span {
        let end = start.saturating_add(length).min(self.text.len());
        Span::new(self.id, start.min(end), end)
    }
}

struct RawAttribute {
    name: String,
    span: Span,
    value: Text,
}

/// The namespace of an element; `None` where its prefix was not declared.
fn namespace_of_element(scope: &Scope, prefix: &str) -> Option<Option<Arc<str>>> {
    match (prefix, scope.namespace(prefix)) {
        ("", namespace) => Some(namespace),
        (_, Some(namespace)) => Some(Some(namespace)),
        (_, None) => None,
    }
}

/// The character of `#65` or `#x41`, where XML allows it.
fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix('x') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16),
        None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse(),
        _ => return None,
    };
    char::from_u32(code.ok()?).filter(|character| super::bytes::is_xml_character(*character))
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
