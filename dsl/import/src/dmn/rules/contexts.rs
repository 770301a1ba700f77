//! Boxed contexts: `sea` lines where they are the logic of an element, contexts of FEEL inside other boxes.

use dictamen_syntax::tree::{Entry, Expr, ExprKind, Local, Name};

use super::elements::typed;
use super::identifiers;
use super::mapping::{self, Mapping};
use super::scope::Variable;
use crate::dmn::model::{ContextEntry, ContextExpression, Expression, InformationItem};

/// What the result of a context is called on the way to it.
const RESULT: &str = "resultado";

impl Mapping<'_, '_> {
    /// The logic of a decision or function: `sea` lines for the entries of a context that has a result or whose entries
    /// have types, and what it comes to.
    pub(super) fn body(&mut self, expression: &Expression) -> (Vec<Local>, Expr) {
        match expression {
            Expression::Context(context) if has_result(context) || self.has_types(context) => {
                self.scope.boxes = self.scope.boxes.saturating_add(1);
                let mark = self.scope.enter();
                let body = self.locals(context);
                self.scope.leave(mark);
                self.scope.boxes = self.scope.boxes.saturating_sub(1);
                body
            }
            other => (Vec::new(), self.expression(other, "")),
        }
    }

    fn locals(&mut self, context: &ContextExpression) -> (Vec<Local>, Expr) {
        let mut locals = Vec::new();
        let mut result = None;
        for entry in &context.entries {
            match &entry.variable {
                Some(variable) => locals.push(self.local(entry, variable)),
                None => result = Some(self.entry_value(entry, RESULT)),
            }
        }
        let body = result.unwrap_or_else(|| all_of(&locals, context));
        (locals, body)
    }

    fn local(&mut self, entry: &ContextEntry, variable: &InformationItem) -> Local {
        let (value, ty) = self.named_value(entry, variable);
        let name = mapping::name(&variable.name, &entry.element.origin);
        Local { comments: Vec::new(), name, ty, value }
    }

    /// The value of an entry and its type; the entry is in scope from here on.
    fn named_value(
        &mut self,
        entry: &ContextEntry,
        variable: &InformationItem,
    ) -> (Expr, Option<dictamen_syntax::tree::TypeExpr>) {
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
        self.scope.declare(Variable { name: variable.name.clone(), ty: ty.clone(), type_ref });
        (value, ty)
    }

    fn entry_value(&mut self, entry: &ContextEntry, label: &str) -> Expr {
        self.optional(entry.value.as_ref(), label, &entry.element.origin)
    }

    fn has_types(&self, context: &ContextExpression) -> bool {
        let types = context.entries.iter().filter_map(|entry| entry.variable.as_ref()?.type_ref.as_ref());
        types.into_iter().any(|ty| ty.name != "Any")
    }

    /// A context inside another box; `{ …, resultado: … }.resultado` where it has a result.
    pub(super) fn context(&mut self, context: &ContextExpression) -> Expr {
        let span = context.element.origin.span;
        let mark = self.scope.enter();
        let mut entries: Vec<Entry> = Vec::new();
        let mut result = None;
        for entry in &context.entries {
            match &entry.variable {
                Some(variable) => {
                    let (value, ty) = self.named_value(entry, variable);
                    let name = mapping::name(&variable.name, &entry.element.origin);
                    entries.push(Entry { name, value: typed(value, ty), comments: Vec::new() });
                }
                None => result = Some((entry, self.entry_value(entry, RESULT))),
            }
        }
        self.scope.leave(mark);
        let Some((entry, value)) = result else { return Expr { kind: ExprKind::Context(entries), span } };
        if entries.is_empty() {
            return value;
        }
        let taken = |name: &str| entries.iter().any(|entry| entry.name.text == name);
        let name = mapping::name(&identifiers::unique(RESULT.to_owned(), taken), &entry.element.origin);
        entries.push(Entry { name: name.clone(), value, comments: Vec::new() });
        let whole = Expr { kind: ExprKind::Context(entries), span };
        Expr { kind: ExprKind::Path(Box::new(whole), name), span }
    }
}

fn has_result(context: &ContextExpression) -> bool {
    context.entries.iter().any(|entry| entry.variable.is_none())
}

/// A context of all local names.
fn all_of(locals: &[Local], context: &ContextExpression) -> Expr {
    let entry = |local: &Local| {
        let name: &Name = &local.name;
        let value = Expr { kind: ExprKind::Name(name.text.clone()), span: name.span };
        Entry { name: name.clone(), value, comments: Vec::new() }
    };
    Expr { kind: ExprKind::Context(locals.iter().map(entry).collect()), span: context.element.origin.span }
}
