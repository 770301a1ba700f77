//! Boxed contexts: `sea` lines where they are the logic of an element, contexts of FEEL inside other boxes.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Comment, Entry, Expr, ExprKind, Local, TypeExpr};

use super::mapping::{self, Mapping};
use super::scope::Variable;
use super::{attributes, identifiers};
use crate::dmn::model::{ContextEntry, ContextExpression, Expression, InformationItem, TypeRef};

/// What the result of a context is called on the way to it.
const RESULT: &str = "resultado";

/// A context that was read: its entries in order, and its result where it has one.
struct Entries {
    locals: Vec<Typing>,
    result: Option<Expr>,
}

/// An entry with its type, and whether this may change its value.
struct Typing {
    local: Local,
    /// Comments inside of its texts.
    remarks: Vec<Comment>,
    matters: bool,
}

impl Mapping<'_, '_> {
    /// The logic of a decision or function: `sea` lines for the entries of a context that has a result or whose entries
    /// have types, and what it comes to.
    pub(super) fn body(&mut self, expression: &Expression) -> (Vec<Local>, Expr) {
        let Expression::Context(context) = expression else { return (Vec::new(), self.expression(expression, "")) };
        self.scope.boxes = self.scope.boxes.saturating_add(1);
        let mut entries = self.entries(context);
        self.scope.boxes = self.scope.boxes.saturating_sub(1);
        let span = context.element.origin.span;
        let plain = entries.result.is_none() && !entries.locals.iter().any(|typing| typing.matters);
        if plain || entries.has_repetitions() {
            self.remarks.append(&mut entries.take_remarks());
            return (Vec::new(), entries.into_context(span));
        }
        let locals: Vec<Local> = entries.locals.into_iter().map(Typing::into_local).collect();
        let body = entries.result.unwrap_or_else(|| all_of(&locals, span));
        (locals, body)
    }

    /// A context inside another box; `{ …, resultado: … }.resultado` where it has a result.
    pub(super) fn context(&mut self, context: &ContextExpression) -> Expr {
        let mut entries = self.entries(context);
        self.remarks.append(&mut entries.take_remarks());
        entries.into_context(context.element.origin.span)
    }

    fn entries(&mut self, context: &ContextExpression) -> Entries {
        let mark = self.scope.enter();
        let mut entries = Entries { locals: Vec::new(), result: None };
        for entry in &context.entries {
            match &entry.variable {
                Some(variable) => entries.locals.push(self.local(entry, variable)),
                None => entries.result = Some(self.entry_value(entry, RESULT)),
            }
        }
        self.scope.leave(mark);
        entries
    }

    /// An entry with a name, which is in scope from here on.
    fn local(&mut self, entry: &ContextEntry, variable: &InformationItem) -> Typing {
        let around = std::mem::take(&mut self.remarks);
        let type_ref = variable.type_ref.clone().or_else(|| entry.value.as_ref()?.type_ref().cloned());
        let value = match &entry.value {
            Some(Expression::Table(table)) => {
                self.scope.path.push(variable.name.clone());
                let value = self.inner_table(table, type_ref.as_ref());
                self.scope.path.pop();
                value
            }
            _ => self.entry_value(entry, &variable.name),
        };
        let ty = self.telling_type(type_ref.as_ref());
        let matters = ty.is_some() && !self.is_known_as(&value, type_ref.as_ref());
        self.scope.declare(Variable { name: variable.name.clone(), ty: ty.clone(), type_ref });
        let name = mapping::name(&variable.name, &entry.element.origin);
        let comments = attributes::described_above(&entry.element);
        let remarks = std::mem::replace(&mut self.remarks, around);
        Typing { local: Local { comments, name, ty, value }, remarks, matters }
    }

    fn is_known_as(&self, value: &Expr, type_ref: Option<&TypeRef>) -> bool {
        type_ref.is_some_and(|said| self.known(value).is_some_and(|known| self.says_all(&known, said)))
    }

    /// The value of an entry, whose type the entry says, or what has the context as its logic.
    fn entry_value(&mut self, entry: &ContextEntry, label: &str) -> Expr {
        match &entry.value {
            Some(value) => self.expression(value, label),
            None => self.optional(None, label, &entry.element.origin),
        }
    }
}

impl Entries {
    /// Whether two entries have one name, which local names may not.
    fn has_repetitions(&self) -> bool {
        let mut seen = std::collections::HashSet::new();
        self.locals.iter().any(|typing| !seen.insert(typing.local.name.text.as_str()))
    }

    /// The comments inside of all texts, which stand above the whole where entries have no lines of their own.
    fn take_remarks(&mut self) -> Vec<Comment> {
        self.locals.iter_mut().flat_map(|typing| std::mem::take(&mut typing.remarks)).collect()
    }

    /// A context of FEEL.
    fn into_context(self, span: Span) -> Expr {
        let mut entries: Vec<Entry> = self.locals.into_iter().map(Typing::into_entry).collect();
        let Some(value) = self.result else { return Expr { kind: ExprKind::Context(entries), span } };
        if entries.is_empty() {
            return value;
        }
        let taken = |name: &str| entries.iter().any(|entry| entry.name.text == name);
        let text = identifiers::unique(RESULT.to_owned(), taken);
        let name = dictamen_syntax::tree::Name { text, span: value.span };
        entries.push(Entry { name: name.clone(), value, comments: Vec::new() });
        let whole = Expr { kind: ExprKind::Context(entries), span };
        Expr { kind: ExprKind::Path(Box::new(whole), Box::new(name)), span }
    }
}

impl Typing {
    fn into_local(mut self) -> Local {
        self.local.comments.append(&mut self.remarks);
        self.local
    }

    fn into_entry(self) -> Entry {
        let Local { name, ty, value, .. } = self.local;
        Entry { name, value: typed(value, ty.filter(|_| self.matters)), comments: Vec::new() }
    }
}

/// An expression as a type, where there is one.
pub(super) fn typed(value: Expr, ty: Option<TypeExpr>) -> Expr {
    match ty {
        Some(ty) if matches!(&value.kind, ExprKind::Typed(_, known) if known.kind == ty.kind) => value,
        Some(ty) => {
            let span = value.span;
            Expr { kind: ExprKind::Typed(Box::new(value), Box::new(ty)), span }
        }
        None => value,
    }
}

/// A context of all local names.
fn all_of(locals: &[Local], span: Span) -> Expr {
    let entry = |local: &Local| {
        let value = Expr { kind: ExprKind::Name(local.name.text.clone()), span: local.name.span };
        Entry { name: local.name.clone(), value, comments: Vec::new() }
    };
    Expr { kind: ExprKind::Context(locals.iter().map(entry).collect()), span }
}
