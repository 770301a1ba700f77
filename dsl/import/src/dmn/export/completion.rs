//! Fields that may be absent and were left out of a literal: DMN wants every entry of a type there, so they become null.

use dictamen_syntax::tree::{Arguments, Entry, Expr, ExprKind, FieldDeclaration, Name, TypeExpr, TypeKind};

use super::rulesets::{Rulesets, SymbolKind};

/// Rulesets and one of them, whose expressions are completed.
#[derive(Clone, Copy)]
pub(super) struct Completion<'r, 'f> {
    pub(super) rulesets: &'r Rulesets<'f>,
    pub(super) here: usize,
}

impl Completion<'_, '_> {
    /// An expression that is to be of a type (as ruleset `owner` reads it).
    pub(super) fn expression(self, expr: &Expr, owner: usize, ty: Option<&TypeExpr>) -> Expr {
        let kind = match (&expr.kind, ty) {
            (ExprKind::If(condition, then, otherwise), _) => {
                let branch = |branch: &Expr| Box::new(self.expression(branch, owner, ty));
                ExprKind::If(condition.clone(), branch(then), branch(otherwise))
            }
            (ExprKind::Call(function, arguments), _) => {
                ExprKind::Call(function.clone(), self.arguments(function, arguments))
            }
            (ExprKind::Path(of, name), _) => self.result(of, name, owner, ty),
            (ExprKind::Context(entries), Some(ty)) => ExprKind::Context(self.entries(entries, owner, ty)),
            (ExprKind::List(items), Some(ty)) => {
                let Some((owner, element)) = self.element(owner, ty) else { return expr.clone() };
                ExprKind::List(items.iter().map(|item| self.expression(item, owner, Some(element))).collect())
            }
            (ExprKind::For(iterations, body), Some(ty)) => {
                let Some((owner, element)) = self.element(owner, ty) else { return expr.clone() };
                ExprKind::For(iterations.clone(), Box::new(self.expression(body, owner, Some(element))))
            }
            (ExprKind::Filter(list, condition), Some(_)) => {
                ExprKind::Filter(Box::new(self.expression(list, owner, ty)), condition.clone())
            }
            _ => return expr.clone(),
        };
        Expr { kind, span: expr.span }
    }

    /// Arguments of a function that is declared are of the types of its parameters.
    fn arguments(self, function: &Expr, arguments: &Arguments) -> Arguments {
        let callee = match &function.kind {
            ExprKind::Name(name) => self.rulesets.resolve(self.here, name),
            ExprKind::Path(of, name) => {
                super::rulesets::dotted(of).and_then(|prefix| self.rulesets.resolve_in(self.here, &prefix, &name.text))
            }
            _ => None,
        };
        let callee = callee.filter(|symbol| symbol.kind == SymbolKind::Function);
        let declared = callee.and_then(|symbol| self.rulesets.sets.get(symbol.ruleset)?.function(symbol.name));
        let (Some(symbol), Some(declared)) = (callee, declared) else { return arguments.clone() };
        let complete = |value: &Expr, parameter: Option<&(Name, Option<TypeExpr>)>| {
            self.expression(value, symbol.ruleset, parameter.and_then(|(_, ty)| ty.as_ref()))
        };
        match arguments {
            Arguments::Positional(values) => {
                let parameters = declared.parameters.iter().map(Some).chain(std::iter::repeat(None));
                Arguments::Positional(values.iter().zip(parameters).map(|(value, one)| complete(value, one)).collect())
            }
            Arguments::Named(values) => {
                let parameter = |name: &Name| declared.parameters.iter().find(|(one, _)| one.text == name.text);
                let values = values.iter().map(|(name, value)| (name.clone(), complete(value, parameter(name))));
                Arguments::Named(values.collect())
            }
        }
    }

    /// `{ a: …, b: … }.b`: the entry that is asked for is of the type.
    fn result(self, of: &Expr, name: &Name, owner: usize, ty: Option<&TypeExpr>) -> ExprKind {
        let of = match &of.kind {
            ExprKind::Context(entries) => {
                let wanted = |entry: &Entry| ty.filter(|_| entry.name.text == name.text);
                let entries = entries.iter().map(|entry| self.entry(entry, owner, wanted(entry)));
                Expr { kind: ExprKind::Context(entries.collect()), span: of.span }
            }
            _ => of.clone(),
        };
        ExprKind::Path(Box::new(of), name.clone())
    }

    fn entries(self, entries: &[Entry], owner: usize, ty: &TypeExpr) -> Vec<Entry> {
        let Some((owner, fields)) = self.rulesets.fields(owner, ty) else { return entries.to_vec() };
        let field = |name: &str| fields.iter().find(|field| field.name.text == name).map(|field| &field.ty);
        let given = entries.iter().map(|entry| self.entry(entry, owner, field(&entry.name.text)));
        let missing = |field: &&FieldDeclaration| !entries.iter().any(|entry| entry.name.text == field.name.text);
        given.chain(fields.iter().filter(missing).map(absent)).collect()
    }

    fn entry(self, entry: &Entry, owner: usize, ty: Option<&TypeExpr>) -> Entry {
        let value = self.expression(&entry.value, owner, ty);
        Entry { name: entry.name.clone(), value, comments: entry.comments.clone() }
    }

    fn element<'t>(&'t self, owner: usize, ty: &'t TypeExpr) -> Option<(usize, &'t TypeExpr)> {
        match self.rulesets.resolved_type(owner, ty)? {
            (owner, TypeExpr { kind: TypeKind::List(element), .. }) => Some((owner, element)),
            _ => None,
        }
    }
}

fn absent(field: &FieldDeclaration) -> Entry {
    let value = Expr { kind: ExprKind::Null, span: field.name.span };
    Entry { name: field.name.clone(), value, comments: Vec::new() }
}
