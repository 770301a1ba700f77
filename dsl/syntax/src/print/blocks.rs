//! Blocks of every kind.

use super::WIDTH;
use super::doc::{Doc, INDENT};
use super::file::{KeyedLine, Lines, Printer, key_width, put_comments, put_keyed, put_lines};
use super::types::{aligned_fields, declared_type, type_before_body};
use super::words::{self, Quoting, quoted};
use crate::Span;
use crate::keyword::{self, Keyword};
use crate::tree::{
    Case, Decision, Expectation, ExpectationKind, Function, FunctionBody, Glossary, Import, Input, Item, ItemKind,
    Letter, LetterLine, LetterPart, Name, Parameter, Service, Table, TypeDeclaration, TypeExpr, TypeKind,
};

impl Printer<'_> {
    pub(super) fn block(&self, item: &Item) -> String {
        let mut out = String::new();
        match &item.kind {
            ItemKind::Import(import) => self.import(import, &mut out),
            ItemKind::Type(declaration) => self.type_declaration(declaration, &mut out),
            ItemKind::Input(input) => self.input(input, &mut out),
            ItemKind::Parameter(parameter) => self.parameter(parameter, &mut out),
            ItemKind::Decision(decision) => self.decision(decision, item.span, &mut out),
            ItemKind::Table(table) => self.table(table, &mut out),
            ItemKind::Function(function) => self.function(function, item.span, &mut out),
            ItemKind::Case(case) => self.case(case, item.span, &mut out),
            ItemKind::Service(service) => self.service(service, &mut out),
            ItemKind::Letter(letter) => self.letter(letter, item.span, &mut out),
            ItemKind::Glossary(glossary) => self.glossary(glossary, &mut out),
            ItemKind::Error(text) => put_lines(text, &mut out),
        }
        out.truncate(out.trim_end_matches('\n').len());
        out
    }

    fn import(&self, import: &Import, out: &mut String) {
        let ruleset = words::qualified(&import.ruleset.text);
        let alias = import.alias.as_ref().map(|alias| format!(" {} {}", self.word(Keyword::As), name(alias)));
        put_lines(&format!("{} {ruleset}{}", self.word(Keyword::Use), alias.unwrap_or_default()), out);
    }

    fn type_declaration(&self, declaration: &TypeDeclaration, out: &mut String) {
        let head = format!("{} {}", self.word(Keyword::Type), name(&declaration.name));
        if let TypeKind::Record(fields) = &declaration.ty.kind {
            put_lines(&format!("{head} {{"), out);
            self.attributes(&declaration.attributes, out);
            aligned_fields(fields, self.spelling).iter().for_each(|line| put_lines(&format!("  {line}"), out));
            return put_lines("}", out);
        }
        put_lines(&self.with_type(&format!("{head} ="), &declaration.ty), out);
        self.attributes(&declaration.attributes, out);
    }

    fn with_type(&self, head: &str, ty: &TypeExpr) -> String {
        let column = head.chars().count().saturating_add(1);
        format!("{head} {}", declared_type(ty, self.spelling).lay_out(column, INDENT, WIDTH))
    }

    fn with_optional_type(&self, head: &str, ty: Option<&TypeExpr>, before_body: bool) -> String {
        let Some(ty) = ty else { return head.to_owned() };
        let doc = if before_body { type_before_body(ty, self.spelling) } else { declared_type(ty, self.spelling) };
        let column = head.chars().count().saturating_add(3);
        format!("{head} : {}", doc.lay_out(column, INDENT, WIDTH))
    }

    fn input(&self, input: &Input, out: &mut String) {
        let head = format!("{} {} :", self.word(Keyword::Input), name(&input.name));
        put_lines(&self.with_type(&head, &input.ty), out);
        self.attributes(&input.attributes, out);
    }

    fn parameter(&self, parameter: &Parameter, out: &mut String) {
        let head = format!("{} {} :", self.word(Keyword::Parameter), name(&parameter.name));
        put_lines(&self.with_type(&head, &parameter.ty), out);
        self.attributes(&parameter.attributes, out);
        self.parameter_rows(parameter, out);
        put_comments(&parameter.trailing, "  ", out);
    }

    fn decision(&self, decision: &Decision, block: Span, out: &mut String) {
        let head = format!("{} {}", self.word(Keyword::Decision), words::qualified(&decision.name.text));
        let head = self.with_optional_type(&head, decision.ty.as_ref(), true);
        let lines = Lines { attributes: &decision.attributes, locals: &decision.locals };
        self.head_and_body(&head, lines, &decision.body, block, out);
    }

    fn table(&self, table: &Table, out: &mut String) {
        let head = format!("{} {}", self.word(Keyword::Table), name(&table.name));
        let head = self.with_optional_type(&head, table.ty.as_ref(), false);
        self.head_and_policy(&head, table.body.policy, out);
        self.attributes(&table.attributes, out);
        self.table_rows(&table.body, out);
    }

    fn head_and_policy(&self, head: &str, policy: crate::tree::HitPolicy, out: &mut String) {
        let policy = format!("{} {}", self.word(Keyword::Policy), keyword::policy_text(policy, self.spelling));
        head_and_end(head, "   ", &policy, out);
    }

    fn function(&self, function: &Function, block: Span, out: &mut String) {
        let before_body = matches!(function.body, FunctionBody::Expression(..));
        let head = self.function_head(function, before_body).lay_out(0, INDENT, WIDTH);
        match &function.body {
            FunctionBody::Expression(locals, body) => {
                let lines = Lines { attributes: &function.attributes, locals };
                self.head_and_body(&head, lines, body, block, out);
            }
            FunctionBody::External { class, method } => {
                let body = format!("{} java {} {}", self.word(Keyword::External), quoted(class), quoted(method));
                head_and_end(&head, " ", &body, out);
                self.attributes(&function.attributes, out);
            }
            FunctionBody::Table(body) => {
                self.head_and_policy(&head, body.policy, out);
                self.attributes(&function.attributes, out);
                self.table_rows(body, out);
            }
        }
    }

    fn function_head(&self, function: &Function, before_body: bool) -> Doc {
        let parameters = function.parameters.iter().map(|(parameter, ty)| self.parameter_of(parameter, ty.as_ref()));
        let mut parts = vec![
            Doc::text(format!("{} {}", self.word(Keyword::Function), name(&function.name))),
            Doc::bracketed("(", parameters.collect(), ")", &Doc::Soft),
        ];
        if let Some(ty) = &function.ty {
            let ty = if before_body { type_before_body(ty, self.spelling) } else { declared_type(ty, self.spelling) };
            parts.extend([Doc::text(" : "), ty]);
        }
        Doc::Concat(parts)
    }

    fn service(&self, service: &Service, out: &mut String) {
        let head = format!("{} {}", self.word(Keyword::Service), name(&service.name));
        put_lines(&self.with_optional_type(&head, service.ty.as_ref(), false), out);
        self.attributes(&service.attributes, out);
        let lists = [
            (Keyword::Outputs, &service.outputs),
            (Keyword::Encloses, &service.encloses),
            (Keyword::TakesInputs, &service.inputs),
            (Keyword::TakesDecisions, &service.input_decisions),
        ];
        let lists =
            lists.map(|(key, names)| (self.word(key), names)).into_iter().filter(|(_, names)| !names.is_empty());
        let width = lists.clone().map(|(key, _)| key.chars().count()).max().unwrap_or_default().saturating_add(3);
        let lines: Vec<_> = lists.map(|(key, names)| KeyedLine::new(key, name_list(names, width))).collect();
        put_keyed(&lines, out);
    }

    fn parameter_of(&self, parameter: &Name, ty: Option<&TypeExpr>) -> Doc {
        let mut parts = vec![Doc::text(name(parameter))];
        if let Some(ty) = ty {
            parts.extend([Doc::text(": "), declared_type(ty, self.spelling)]);
        }
        Doc::Concat(parts)
    }

    fn case(&self, case: &Case, block: Span, out: &mut String) {
        put_lines(&format!("{} {}", self.word(Keyword::Case), quoted(&case.title)), out);
        self.attributes(&case.attributes, out);
        let mut lines = Vec::new();
        lines.extend(case.like.iter().map(|like| KeyedLine::new(self.word(Keyword::Like), quoted(&like.title))));
        let dates = [(Keyword::Date, &case.as_of), (Keyword::Known, &case.known_at)];
        for (key, value) in dates {
            lines.extend(value.as_ref().map(|value| KeyedLine::new(self.word(key), self.date(value))));
        }
        let mut keys: Vec<KeyedLine<'_>> = Vec::new();
        keys.extend(case.given.iter().map(|_| KeyedLine::new(self.word(Keyword::Given), String::new())));
        keys.extend(
            case.expectations.iter().take(1).map(|_| KeyedLine::new(self.word(Keyword::Expect), String::new())),
        );
        let width = key_width(&lines).max(key_width(&keys));
        let column = width.saturating_add(3);
        if let Some(given) = &case.given {
            let text = self.expression(given, block, column, INDENT);
            lines.push(KeyedLine::new(self.word(Keyword::Given), text));
        }
        lines.extend(case.expectations.iter().map(|expectation| self.expectation(expectation, block, column)));
        put_keyed(&lines, out);
    }

    fn letter(&self, letter: &Letter, block: Span, out: &mut String) {
        let decision = words::qualified(&letter.decision.text);
        put_lines(&format!("{} {decision}", self.word(Keyword::Letter)), out);
        self.attributes(&letter.attributes, out);
        letter.locals.iter().for_each(|local| self.local(local, block, out));
        let key = |line: &LetterLine| self.word(letter_keyword(line.part));
        let width = letter.lines.iter().map(|line| key(line).chars().count()).max().unwrap_or_default();
        for line in &letter.lines {
            put_comments(&line.comments, "  ", out);
            self.put_value(&format!("  {:width$}", key(line)), &line.value, block, out);
        }
    }

    fn glossary(&self, glossary: &Glossary, out: &mut String) {
        put_lines(self.word(Keyword::Glossary), out);
        self.attributes(&glossary.attributes, out);
        self.glossary_rows(glossary, out);
        put_comments(&glossary.trailing, "  ", out);
    }

    fn expectation<'a>(&self, expectation: &'a Expectation, block: Span, column: usize) -> KeyedLine<'a> {
        let text = match &expectation.kind {
            ExpectationKind::Holds(expr) => self.expression(expr, block, column, INDENT.saturating_mul(2)),
            ExpectationKind::Fails { code, decision } => {
                let decision = words::qualified(&decision.text);
                format!("{} {} {} {decision}", self.word(Keyword::Error), quoted(code), self.word(Keyword::In))
            }
        };
        KeyedLine { comments: &expectation.comments, key: self.word(Keyword::Expect), text }
    }
}

fn letter_keyword(part: LetterPart) -> Keyword {
    match part {
        LetterPart::Subject => Keyword::Subject,
        LetterPart::Decided => Keyword::Decided,
        LetterPart::Reasons => Keyword::Reasons,
        LetterPart::Options => Keyword::Options,
    }
}

/// What ends a head, on the same line if it fits there.
fn head_and_end(head: &str, between: &str, end: &str, out: &mut String) {
    let last = head.lines().last().unwrap_or_default().chars().count();
    let fits = last.saturating_add(between.len()).saturating_add(end.chars().count()) <= WIDTH;
    put_lines(&if fits { format!("{head}{between}{end}") } else { format!("{head}\n  {end}") }, out);
}

/// Names with commas between them, below each other where they do not fit behind `column`.
fn name_list(names: &[Name], column: usize) -> String {
    let names = names.iter().map(|name| Doc::text(words::qualified(&name.text))).collect();
    let separator = Doc::Concat(vec![Doc::text(","), Doc::Line]);
    Doc::joined(names, &separator).group().lay_out(column, column, WIDTH)
}

fn name(name: &Name) -> String {
    words::declared(&name.text, Quoting::Quotes)
}
