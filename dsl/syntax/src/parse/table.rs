//! Decision tables: policy, head, rows, the default row and annotations.

use std::ops::Range;

use dictamen_value::Message;

use super::cursor::Parser;
use super::rows::{self, Cell, Sections};
use super::session::Session;
use crate::Span;
use crate::cut::Part;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::token::{Symbol, TokenKind, Tokens};
use crate::tree::{
    Attribute, Comment, DefaultRow, Expr, ExprKind, HitPolicy, Name, Row, Table, TableBody, Tests, TestsKind,
};

/// How many columns each section of a table has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    inputs: usize,
    outputs: usize,
    annotations: usize,
    /// The head had no `||`: the last column was taken for the output.
    guessed: bool,
}

/// What the rows of a table have given so far.
#[derive(Default)]
struct Rows {
    shape: Option<Shape>,
    /// Whether the head was the line before.
    below_head: bool,
    comments: Vec<Comment>,
    attributes: Vec<Attribute>,
}

impl Parser<'_, '_> {
    pub(super) fn table(&mut self, rows: &[Part]) -> Table {
        let name = self.name();
        let ty = self.optional_type();
        let body = self.table_body(rows);
        Table { name, ty, attributes: self.take_attributes(), body }
    }

    /// Policy and lines up to the rows, and the rows.
    pub(super) fn table_body(&mut self, parts: &[Part]) -> TableBody {
        let mut body = empty_body(self.span_here());
        self.table_lines(&mut body);
        let mut rows = Rows::default();
        for part in parts {
            match part {
                Part::Row(range) => row_line(self.session, range, &mut body, &mut rows),
                Part::Text(range) => text_between(self.session, range, &mut rows.comments, &mut rows.attributes),
            }
        }
        if rows.shape.is_none() {
            let span = self
                .tokens
                .first()
                .map_or(body.policy_span, |token| self.session.span(token.start as usize, token.end as usize));
            self.session.push(problem::no_head(span, "| edad || tarifa |"));
        }
        self.attributes.append(&mut rows.attributes);
        body.trailing = rows.comments;
        body
    }

    fn table_lines(&mut self, body: &mut TableBody) {
        while !self.at_end() {
            if self.at_keyword(Keyword::Policy) {
                (body.policy, body.policy_span) = self.policy();
            } else if self.at_line() {
                self.attributes_or_policy();
            } else {
                self.unknown_line();
            }
        }
    }

    /// One attribute; a policy where none may stand is told.
    pub(super) fn attributes_or_policy(&mut self) {
        match self.word().and_then(|word| keyword::find(word, self.lines)) {
            Some(Keyword::Attribute(key)) => self.attribute(key),
            _ => self.unknown_line(),
        }
    }

    /// `politica unica`, `politica C+`.
    fn policy(&mut self) -> (HitPolicy, Span) {
        self.eat_keyword(Keyword::Policy);
        let start = self.start();
        if self.word().is_none() || self.at_line() {
            let what = Message::new("una política como `unica`", "a policy such as `unique`");
            let problem = problem::missing_thing(self.gap(), &what, &self.came());
            self.report(problem);
            self.recovering = false;
            return (HitPolicy::default(), self.gap());
        }
        let mut word = self.word().unwrap_or_default().to_owned();
        let mut end = self.span_here().end;
        self.bump();
        while let Some(sign) = self.peek().filter(|token| token.start == end && is_policy_sign(token.kind)) {
            word.push_str(self.text_of(sign));
            end = sign.end;
            self.bump();
        }
        let span = self.span_from(start);
        (self.known_policy(&word, span), span)
    }

    fn known_policy(&mut self, word: &str, span: Span) -> HitPolicy {
        let spelling = self.session.spelling;
        let Some(policy) = keyword::policy(word) else {
            self.session.push(problem::unknown_policy(span, word, spelling));
            return HitPolicy::default();
        };
        if keyword::policy_is_foreign(word, spelling) {
            self.session.push(problem::other_spelling(span, word, keyword::policy_text(policy, spelling)));
        }
        policy
    }
}

fn is_policy_sign(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Symbol(Symbol::Plus | Symbol::Less | Symbol::Greater | Symbol::Hash))
}

fn empty_body(at: Span) -> TableBody {
    TableBody {
        policy: HitPolicy::default(),
        policy_span: Span { end: at.start, ..at },
        inputs: Vec::new(),
        outputs: Vec::new(),
        annotations: Vec::new(),
        rows: Vec::new(),
        default: None,
        trailing: Vec::new(),
    }
}

/// Comments, and attributes that stand below or between rows.
pub(super) fn text_between(
    session: &mut Session<'_>,
    range: &Range<usize>,
    comments: &mut Vec<Comment>,
    attributes: &mut Vec<Attribute>,
) {
    let tokens = Tokens::of(session.text, range.start, range.end);
    let mut parser = Parser::new(session, tokens);
    parser.lines = keyword::ATTRIBUTES;
    parser.each_line(|_, _| {});
    attributes.append(&mut parser.attributes);
    comments.extend(parser.comments_left());
}

/// The span of a line without its indentation.
fn text_span(session: &Session<'_>, range: &Range<usize>) -> Span {
    let text = session.text.get(range.clone()).unwrap_or_default();
    let inset = text.len().saturating_sub(text.trim_start().len());
    session.span(range.start.saturating_add(inset), range.end)
}

/// A parser of a row with the comments above and in it; none where the line is a separator.
pub(super) fn row<'s, 'a>(
    session: &'s mut Session<'a>,
    range: &Range<usize>,
    has_head: bool,
    below_head: &mut bool,
    comments: &mut Vec<Comment>,
) -> Option<(Parser<'s, 'a>, Vec<Comment>)> {
    let text = session.text.get(range.clone()).unwrap_or_default();
    if std::mem::replace(below_head, false) && rows::is_separator(text) {
        return None;
    }
    if has_head && rows::is_plain_separator(text) {
        let span = text_span(session, range);
        session.push(problem::stray_separator(span));
        return None;
    }
    let tokens = Tokens::of_row(session.text, range.start, range.end);
    let mut parser = Parser::new(session, tokens);
    let mut comments = std::mem::take(comments);
    comments.extend(parser.row_comments());
    Some((parser, comments))
}

fn row_line(session: &mut Session<'_>, range: &Range<usize>, body: &mut TableBody, rows: &mut Rows) {
    let has_head = rows.shape.is_some();
    let Some((mut parser, comments)) = row(session, range, has_head, &mut rows.below_head, &mut rows.comments) else {
        return;
    };
    match rows.shape {
        None => {
            rows.shape = Some(parser.table_head(body));
            rows.below_head = true;
            rows.comments = comments;
        }
        Some(shape) => parser.table_row(shape, comments, body),
    }
}

impl Parser<'_, '_> {
    fn table_head(&mut self, body: &mut TableBody) -> Shape {
        let mut sections = rows::sections(&self.tokens);
        let guessed = sections.len() == 1;
        if guessed {
            let span = self.row_span();
            self.note(problem::no_outputs(span));
            last_cell_is_output(&mut sections);
        }
        let mut sections = sections.into_iter();
        let mut section = || sections.next().unwrap_or_default();
        let (inputs, outputs, annotations) = (section(), section(), section());
        if !section().is_empty() {
            let span = self.row_span();
            self.note(problem::unexpected(span, &problem::Came::Text("||".to_owned()), &annotations_message()));
        }
        body.inputs = inputs.iter().map(|cell| self.in_cell(*cell, Parser::cell_expression)).collect();
        body.outputs = outputs.iter().map(|cell| self.in_cell(*cell, Parser::column_name)).collect();
        body.annotations = annotations.iter().map(|cell| self.annotation_name(*cell)).collect();
        Shape { inputs: inputs.len(), outputs: outputs.len(), annotations: annotations.len(), guessed }
    }

    fn in_cell<T>(&mut self, cell: Cell, read: impl FnOnce(&mut Self) -> T) -> T {
        self.within(cell.from, cell.to, read)
    }

    fn column_name(&mut self) -> Name {
        let name = self.reference();
        self.finish(&Message::new("el nombre de una columna", "the name of a column"));
        name
    }

    /// The name of an annotation column; those of attributes are the same in both spellings of the tree.
    fn annotation_name(&mut self, cell: Cell) -> Name {
        let span = self.cell_span(cell);
        let written = self.plain_cell(cell);
        let text = super::cursor::unquoted(&written);
        match keyword::find(&text, keyword::ATTRIBUTES) {
            Some(attribute) => {
                self.session.check_spelling(attribute, &text, span);
                Name { text: attribute.text(crate::tree::Spelling::Spanish).to_owned(), span }
            }
            None => Name { text, span },
        }
    }

    fn table_row(&mut self, shape: Shape, comments: Vec<Comment>, body: &mut TableBody) {
        let mut sections = rows::sections(&self.tokens);
        if shape.guessed && sections.len() == 1 {
            last_cell_is_output(&mut sections);
        }
        let span = self.row_span();
        if self.is_default(sections.first()) {
            return self.default_row(shape, comments, sections, body);
        }
        let sections = self.checked(shape, sections, span, true);
        let mut sections = sections.into_iter();
        let mut section = || sections.next().unwrap_or_default();
        let (inputs, outputs, annotations) = (section(), section(), section());
        body.rows.push(Row {
            comments,
            inputs: self.read_cells(&inputs, shape.inputs, Parser::cell_tests, error_tests),
            outputs: self.read_cells(&outputs, shape.outputs, Parser::cell_expression, error_expression),
            annotations: self.read_annotations(&annotations, shape),
            span,
        });
    }

    /// Whether the first cell says `por_defecto` and the other cells of input are empty.
    fn is_default(&self, inputs: Option<&Vec<Cell>>) -> bool {
        let Some((first, others)) = inputs.and_then(|cells| cells.split_first()) else { return false };
        let word = self.tokens.get(first.from).filter(|_| first.to.saturating_sub(first.from) == 1);
        let named =
            word.is_some_and(|token| token.kind == TokenKind::Name && Keyword::Default.is(self.text_of(*token)));
        named && others.iter().all(|cell| cell.from == cell.to)
    }

    fn default_row(&mut self, shape: Shape, comments: Vec<Comment>, sections: Sections, body: &mut TableBody) {
        let span = self.row_span();
        if let Some(first) = sections.first().and_then(|cells| cells.first()) {
            self.within(first.from, first.to, |parser| parser.eat_keyword(Keyword::Default));
        }
        let sections = self.checked(shape, sections, span, false);
        let mut sections = sections.into_iter().skip(1);
        let mut section = || sections.next().unwrap_or_default();
        let (outputs, annotations) = (section(), section());
        let outputs = self.read_cells(&outputs, shape.outputs, Parser::cell_expression, error_expression);
        let annotations = self.read_annotations(&annotations, shape);
        let row = DefaultRow { comments, outputs, annotations, span };
        if let Some(first) = body.default.as_ref().map(|row| row.span) {
            let word = Keyword::Default.text(self.session.spelling);
            return self.session.push(problem::repeated(span, word, Some(first)));
        }
        body.default = Some(row);
    }

    /// The sections with as many cells as the head has; where they differ says so once and keeps what can be told apart.
    fn checked(&mut self, shape: Shape, sections: Sections, span: Span, with_inputs: bool) -> Sections {
        let expected = [shape.inputs, shape.outputs, shape.annotations];
        let came = |index: usize| sections.get(index).map_or(0, Vec::len);
        let from = usize::from(!with_inputs);
        let wrong = (from..3).find(|index| Some(came(*index)) != expected.get(*index).copied());
        let extra = sections.iter().skip(3).map(Vec::len).sum::<usize>();
        let Some(index) = wrong.or((extra > 0).then_some(2)) else { return sections };
        let count = came(index).saturating_add(if index == 2 { extra } else { 0 });
        let wanted = expected.get(index).copied().unwrap_or_default();
        self.session.push(problem::wrong_cells(span, &section_name(index), wanted, count));
        let total = sections.iter().map(Vec::len).sum::<usize>();
        if with_inputs && total == expected.iter().sum::<usize>() { resplit(&sections, expected) } else { sections }
    }

    /// One value a column; missing cells are errors, and so is the last one where there are too many.
    fn read_cells<T>(
        &mut self,
        cells: &[Cell],
        columns: usize,
        read: impl Fn(&mut Self) -> T,
        error: impl Fn(Span) -> T,
    ) -> Vec<T> {
        let mut values: Vec<T> = cells.iter().take(columns).map(|cell| self.in_cell(*cell, &read)).collect();
        let span = self.row_span();
        if cells.len() > columns {
            values.pop();
        }
        while values.len() < columns {
            values.push(error(span));
        }
        values
    }

    fn read_annotations(&mut self, cells: &[Cell], shape: Shape) -> Vec<String> {
        let mut values: Vec<String> = cells.iter().take(shape.annotations).map(|cell| self.plain_cell(*cell)).collect();
        values.resize(shape.annotations, String::new());
        values
    }
}

fn annotations_message() -> Message {
    Message::new("las anotaciones", "the annotations")
}

fn error_tests(span: Span) -> Tests {
    Tests { kind: TestsKind::Error, span }
}

fn error_expression(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, span }
}

fn last_cell_is_output(sections: &mut Sections) {
    let last = sections.last_mut().and_then(Vec::pop);
    sections.push(last.into_iter().collect());
}

fn resplit(sections: &Sections, expected: [usize; 3]) -> Sections {
    let mut cells = sections.iter().flatten().copied();
    expected.iter().map(|count| cells.by_ref().take(*count).collect()).collect()
}

fn section_name(index: usize) -> Message {
    match index {
        0 => Message::new("de entrada", "input"),
        1 => Message::new("de salida", "output"),
        _ => Message::new("de anotación", "annotation"),
    }
}
