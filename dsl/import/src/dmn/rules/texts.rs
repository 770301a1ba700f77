//! FEEL texts become trees whose spans are of the file, or are kept as they are where they are no FEEL.

use std::borrow::Cow;

use dictamen_syntax::tree::{Expr, ExprKind, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind};
use dictamen_syntax::{Diagnostic, Names, Severity, Source, SourceId, Span, parse_expression, parse_tests, parse_type};

use super::identifiers::spelled;
use super::library::Document;
use super::locate::{self, Visit};
use super::mapping::Mapping;
use super::names::{self, Bound};
use super::{problem, remarks};
use crate::dmn::model::{DrgElement, Language, LiteralExpression, UnaryTests};
use crate::xml::{Origin, Text};

impl Mapping<'_, '_> {
    /// A literal expression; one without a text is null.
    pub(super) fn literal(&mut self, literal: &LiteralExpression) -> Expr {
        let origin = &literal.element.origin;
        if let Some(values) = &literal.imported_values {
            self.problems.add(origin, problem::imported_values(origin, &values.import.namespace));
            return unreadable(&values.imported_element.value, origin.span);
        }
        match &literal.text {
            Some(text) => self.text(text, literal.language.as_ref()),
            None => Expr { kind: ExprKind::Null, span: origin.span },
        }
    }

    /// A text that is an expression; an empty one is null.
    pub(super) fn text(&mut self, text: &Text, language: Option<&Language>) -> Expr {
        let span = text.span(0, text.value.len());
        if text.value.trim().is_empty() {
            return Expr { kind: ExprKind::Null, span };
        }
        if !self.is_feel(language, &text.origin) {
            return unreadable(&text.value, span);
        }
        let (mut expr, told) = parse_expression(&source(text), SourceId(0), &self.names_in(text));
        if self.tell_unreadable(text, &told) {
            return unreadable(&text.value, span);
        }
        self.remarks.extend(remarks::of(&text.value, span));
        locate::expression(&mut expr, &mut Places { text, before: 0, document: self.document });
        names::of_expression(&mut expr, &mut |name, bound| self.settle(name, bound, &text.origin));
        expr
    }

    /// A text such as `1..3`, which is no expression but what `for` may run over.
    pub(super) fn interval(&mut self, text: &Text) -> Option<(Expr, Expr)> {
        let bare = !text.value.trim_start().starts_with(['[', '(', ']']) && text.value.contains("..");
        let range = Source::new("", bare.then(|| format!("[{}]", text.value))?);
        let (expr, told) = parse_expression(&range, SourceId(0), &self.names_in(text));
        let ExprKind::Range(range) = expr.kind else { return None };
        let (mut low, mut high) = (range.low?, range.high?);
        for end in [&mut low, &mut high] {
            locate::expression(end, &mut Places { text, before: 1, document: self.document });
            names::of_expression(end, &mut |name, bound| self.settle(name, bound, &text.origin));
        }
        told.is_empty().then_some((low, high))
    }

    /// The tests of a cell; an empty text tests nothing.
    pub(super) fn tests(&mut self, tests: &UnaryTests) -> Tests {
        let text = &tests.text;
        let span = text.span(0, text.value.len());
        if text.value.trim().is_empty() {
            return Tests { kind: TestsKind::Any, span };
        }
        if !self.is_feel(tests.language.as_ref(), &text.origin) {
            return unreadable_tests(&text.value, span);
        }
        let (mut read, told) = parse_tests(&source(text), SourceId(0), &self.names_in(text));
        if self.tell_unreadable(text, &told) {
            return unreadable_tests(&text.value, span);
        }
        self.remarks.extend(remarks::of(&text.value, span));
        locate::tests(&mut read, &mut Places { text, before: 0, document: self.document });
        names::of_tests(&mut read, &mut |name, bound| self.settle(name, bound, &text.origin));
        read
    }

    /// A type that FEEL spells with more than a name, such as `list<string>`.
    pub(super) fn type_text(&mut self, text: &str, origin: &Origin) -> Option<TypeExpr> {
        let (mut ty, told) = parse_type(&Source::new("", text), SourceId(0), &self.common.names);
        let fails = told.iter().any(|problem| problem.severity == Severity::Error);
        locate::ty(&mut ty, &mut Fixed(origin.span));
        (!fails && ty.kind != TypeKind::Error).then_some(ty)
    }

    /// The names of several words that a text may use.
    fn names_in(&self, text: &Text) -> Cow<'_, Names> {
        let operations = &self.common.operations;
        let behind = text.value.contains(['.', '[', '{']) || text.value.contains("instance of");
        if operations.is_empty() || !(behind || self.scope.filters > 0) {
            return Cow::Borrowed(&self.scope.names);
        }
        let mut names = self.scope.names.clone();
        operations.iter().for_each(|name| names.push(name));
        Cow::Owned(names)
    }

    fn is_feel(&mut self, language: Option<&Language>, origin: &Origin) -> bool {
        match language.or(self.document.definitions.expression_language.as_ref()) {
            None | Some(Language::Feel) => true,
            Some(Language::BFeel) => {
                self.tell_b_feel(origin);
                true
            }
            // Some tools say it in short.
            Some(Language::Other(language)) if language.trim().eq_ignore_ascii_case("feel") => true,
            Some(Language::Other(language)) => {
                self.problems.add(origin, problem::other_language(origin, language));
                false
            }
        }
    }

    /// Tells the first thing that is wrong with a text, if there is one.
    fn tell_unreadable(&mut self, text: &Text, told: &[Diagnostic]) -> bool {
        let Some(first) = told.iter().find(|problem| problem.severity == Severity::Error) else { return false };
        let place = text.span(first.span.start as usize, first.span.end as usize);
        self.problems.add(&text.origin, problem::unreadable(place, first));
        true
    }

    /// A name that no box around binds: that of an element that is required, under which rules know it; of one that is
    /// not, which is none here; or of something that only the checker knows.
    fn settle(&mut self, expr: &mut Expr, bound: &Bound, origin: &Origin) {
        let ExprKind::Name(name) = &mut expr.kind else { return };
        if bound.binds(name) || self.scope.local(name).is_some() {
            return;
        }
        if let Some(required) = self.scope.required.get(name) {
            name.clone_from(&required.declared);
        } else if !bound.in_filter() && self.scope.filters == 0 && self.is_out_of_scope(name, bound.is_called()) {
            self.problems.add(origin, problem::not_required(expr.span, name, &self.scope.owner));
            expr.kind = ExprKind::Unreadable(std::mem::take(name));
        }
    }

    /// Whether a name is that of an element that is not required. What is called may have the name of a decision and be
    /// a function of FEEL, though.
    fn is_out_of_scope(&self, name: &str, called: bool) -> bool {
        let open = self.document.open_imports().iter().filter_map(|namespace| self.library.of_namespace(namespace));
        let mut found = std::iter::once(self.document).chain(open).filter_map(|document| document.declared(name));
        found.any(|element| !called || is_invocable(element))
    }
}

fn is_invocable(element: &DrgElement) -> bool {
    matches!(element, DrgElement::BusinessKnowledgeModel(_) | DrgElement::DecisionService(_))
}

fn source(text: &Text) -> Source {
    Source::new("", text.value.as_str())
}

/// A text that is no FEEL.
pub(super) fn unreadable(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Unreadable(text.trim().to_owned()), span }
}

fn unreadable_tests(text: &str, span: Span) -> Tests {
    let test = Test { kind: TestKind::Expression(unreadable(text, span)), span };
    Tests { kind: TestsKind::AnyOf(vec![test]), span }
}

/// Moves spans from a text to the file, and reads names of types as the document declares them.
struct Places<'t, 'd> {
    text: &'t Text,
    /// Bytes that the parser saw before the text.
    before: usize,
    document: &'t Document<'d>,
}

impl Visit for Places<'_, '_> {
    fn span(&mut self, span: &mut Span) {
        let at = |offset: u32| (offset as usize).saturating_sub(self.before);
        *span = self.text.span(at(span.start), at(span.end));
    }

    fn ty(&mut self, ty: &mut TypeExpr) {
        let at = |offset: u32| (offset as usize).saturating_sub(self.before);
        let written = self.text.value.get(at(ty.span.start)..at(ty.span.end)).unwrap_or_default();
        if matches!(ty.kind, TypeKind::Name(_)) && self.document.declares_type(&spelled(written)) {
            ty.kind = TypeKind::Name(super::types::declared_name(written));
        }
    }
}

/// Moves every span to one place.
struct Fixed(Span);

impl Visit for Fixed {
    fn span(&mut self, span: &mut Span) {
        *span = self.0;
    }
}
