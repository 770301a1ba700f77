//! Letters and glossaries: what people are told of a decision, in types that a letter can be written from.

use std::sync::Arc;

use dictamen_syntax::tree::{self, ItemKind, LetterPart, Name};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{Field, Message, Type};

use crate::bodies::{local_values, with_values};
use crate::checker::Checker;
use crate::declarations::ruleset_files;
use crate::fit::fits;
use crate::frame::Frame;
use crate::graph::{Body, BodyKind, ContextEntry, DecisionId, Expr, ExprKind, Letter, RulesetId, Term};
use crate::names::folded;
use crate::names::{nearest, suggestion};
use crate::symbols::{self, Symbol};

/// Checks every letter and glossary of the unit.
pub(crate) fn check(checker: &mut Checker<'_>) {
    for (ruleset, file) in ruleset_files(checker) {
        for item in &file.items {
            match &item.kind {
                ItemKind::Letter(letter) => check_letter(checker, ruleset, letter),
                ItemKind::Glossary(glossary) => check_glossary(checker, ruleset, glossary),
                _ => {}
            }
        }
    }
}

fn check_letter<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, letter: &'a tree::Letter) {
    let decision = decision_of(checker, ruleset, &letter.decision);
    let first = decision.and_then(|id| checker.model.letters.iter().find(|known| known.decision == id));
    if let Some(first) = first.map(|known| known.span) {
        let message = Message::new(
            format!("la decisión «{}» ya tiene una carta", letter.decision.text),
            format!("the decision `{}` has a letter already", letter.decision.text),
        );
        let diagnostic = Diagnostic::error("carta.repetida", letter.decision.span, message);
        checker.report(diagnostic.with_related(first, Message::new("aquí", "here")));
        return;
    }
    if !letter.lines.iter().any(|line| line.part == LetterPart::Decided) {
        checker.error(
            "carta.falta",
            letter.decision.span,
            "a la carta le falta «decidimos»: qué se decidió, en una o varias frases",
            "the letter lacks `decided`: what was decided, in a sentence or several",
        );
    }
    let body = letter_body(checker, ruleset, letter);
    if let (Some(decision), Some(body)) = (decision, body) {
        checker.model.letters.push(Letter { ruleset, decision, body, span: letter.decision.span });
    }
}

/// The decision of this ruleset that a letter names.
fn decision_of(checker: &mut Checker<'_>, ruleset: RulesetId, name: &Name) -> Option<DecisionId> {
    match symbols::own(&checker.scopes, ruleset, &name.text) {
        Some(Symbol::Decision(id)) => Some(id),
        _ if name.text.is_empty() => None,
        _ => {
            not_a_decision(checker, ruleset, name);
            None
        }
    }
}

fn not_a_decision(checker: &mut Checker<'_>, ruleset: RulesetId, name: &Name) {
    let own = checker.model.decisions.iter().filter(|decision| decision.ruleset == ruleset);
    let own: Vec<Arc<str>> = own.map(|decision| decision.name.clone()).collect();
    let message = Message::new(
        format!("una carta es de una decisión o tabla de este conjunto de reglas, y «{}» no lo es", name.text),
        format!("a letter is about a decision or table of this ruleset, which `{}` is not", name.text),
    );
    let mut diagnostic = Diagnostic::error("carta.decision", name.span, message);
    if let Some(near) = nearest(&name.text, own.iter().map(|known| &**known)) {
        diagnostic = diagnostic.with_help(suggestion(near));
    }
    checker.report(diagnostic);
}

/// A context with an entry a line; each line sees the letter's local values and the whole scope of the ruleset.
fn letter_body<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, letter: &'a tree::Letter) -> Option<Body> {
    let mut frame = Frame::new(ruleset);
    let values = local_values(checker, &mut frame, &letter.locals)?;
    let mut entries = Vec::new();
    for line in &letter.lines {
        let mark = frame.mark();
        let value = checker.expression(&mut frame, &line.value, None);
        frame.release(mark);
        must_fit(checker, line.part, &value);
        entries.push(ContextEntry { name: entry_name(line.part).into(), local: frame.fresh(), value });
    }
    let span = letter.decision.span;
    let context = Expr { kind: ExprKind::Context(entries), ty: Type::Any, span };
    let kind = BodyKind::Expression(with_values(values, context));
    Some(Body { kind, frame: frame.size })
}

fn entry_name(part: LetterPart) -> &'static str {
    match part {
        LetterPart::Subject => "asunto",
        LetterPart::Decided => "decidimos",
        LetterPart::Reasons => "razones",
        LetterPart::Options => "puede_hacer",
    }
}

fn must_fit(checker: &mut Checker<'_>, part: LetterPart, value: &Expr) {
    let texts = || Type::list(Type::Text.optional());
    let (ok, wanted) = match part {
        LetterPart::Subject => {
            (fits(&value.ty, &Type::Text.optional()), Message::new("«asunto» dice un texto", "`subject` says a text"))
        }
        LetterPart::Decided => (
            fits(&value.ty, &Type::Text) || fits(&value.ty, &texts()),
            Message::new("«decidimos» dice un texto o una lista de textos", "`decided` says a text or a list of texts"),
        ),
        LetterPart::Reasons => (
            fits(&value.ty, &texts().optional()) || says_reasons(&value.ty),
            Message::new(
                "«razones» dice una lista de textos, o de `{ texto: …, base_legal: … }`",
                "`reasons` says a list of texts, or of `{ text: …, legal_basis: … }`",
            ),
        ),
        LetterPart::Options => (
            fits(&value.ty, &texts().optional()),
            Message::new("«puede_hacer» dice una lista de textos", "`options` says a list of texts"),
        ),
    };
    if !ok {
        wrong_type(checker, &wanted, value);
    }
}

fn wrong_type(checker: &mut Checker<'_>, wanted: &Message, value: &Expr) {
    let came = value.ty.describe();
    let message = Message::new(
        format!("{}, y esto es {}", wanted.es, came.es),
        format!("{}, and this is {}", wanted.en, came.en),
    );
    let diagnostic = Diagnostic::error("carta.tipo", value.span, message);
    checker.report(match help(&value.ty) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    });
}

fn help(came: &Type) -> Option<Message> {
    match came.basic() {
        Type::Text => Some(Message::new("póngalo entre corchetes: [ … ]", "put it into brackets: [ … ]")),
        Type::List(_) | Type::Record(_) => None,
        _ => Some(Message::new(
            "se vuelve texto con `string(…)` o con una función de textos",
            "it becomes a text with `string(…)` or a function for texts",
        )),
    }
}

/// Whether it is a list of records with a text and, where they have it, a legal basis.
fn says_reasons(ty: &Type) -> bool {
    let Type::List(element) = ty.bare() else { return false };
    let Some(fields) = element.bare().fields() else { return false };
    let text = Type::Text.optional();
    let is = |field: &Field, names: [&str; 2]| names.contains(&&*field.name) && fits(&field.ty, &text);
    let says = |names: [&str; 2]| fields.iter().any(|field| is(field, names));
    let (text_names, basis_names) = (["texto", "text"], ["base_legal", "legal_basis"]);
    let only_known = fields.iter().all(|field| is(field, text_names) || is(field, basis_names));
    says(text_names) && only_known
}

fn check_glossary(checker: &mut Checker<'_>, ruleset: RulesetId, glossary: &tree::Glossary) {
    for entry in glossary.entries.iter().filter(|entry| !entry.term.is_empty()) {
        let same = |known: &&Term| known.ruleset == ruleset && folded(known.term.trim()) == folded(entry.term.trim());
        if let Some(first) = checker.model.glossary.iter().find(same).map(|known| known.span) {
            repeated_term(checker, &entry.term, entry.span, first);
            continue;
        }
        let (term, meaning) = (entry.term.as_str().into(), entry.meaning.as_str().into());
        checker.model.glossary.push(Term { ruleset, term, meaning, span: entry.span });
    }
}

fn repeated_term(checker: &mut Checker<'_>, term: &str, span: Span, first: Span) {
    let message =
        Message::new(format!("«{term}» ya está en el glosario"), format!("`{term}` is in the glossary already"));
    let diagnostic = Diagnostic::error("glosario.repetido", span, message);
    checker.report(diagnostic.with_related(first, Message::new("aquí", "here")));
}
