//! Fields that may be absent and were left out of a literal: DMN wants every entry of a type there, so they become null.

use dictamen_syntax::tree::{Arguments, Entry, Expr, ExprKind, FieldDeclaration, Function, Name, TypeExpr, TypeKind};

use super::rulesets::{Rulesets, dotted};

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
                ExprKind::If(self.inside(condition), branch(then), branch(otherwise))
            }
            (ExprKind::Call(function, arguments), _) => {
                ExprKind::Call(function.clone(), self.arguments(function, arguments))
            }
            (ExprKind::Path(of, name), _) => self.result(of, name, owner, ty),
            (ExprKind::Typed(of, ty), _) => {
                ExprKind::Typed(Box::new(self.expression(of, self.here, Some(ty))), ty.clone())
            }
            (ExprKind::Context(entries), _) => ExprKind::Context(self.entries(entries, owner, ty)),
            (ExprKind::List(items), _) => {
                let (owner, element) = self.element(owner, ty);
                ExprKind::List(items.iter().map(|item| self.expression(item, owner, element)).collect())
            }
            (ExprKind::For(iterations, body), _) => {
                let (owner, element) = self.element(owner, ty);
                ExprKind::For(iterations.clone(), Box::new(self.expression(body, owner, element)))
            }
            (ExprKind::Filter(list, condition), _) => {
                ExprKind::Filter(Box::new(self.expression(list, owner, ty)), self.inside(condition))
            }
            (ExprKind::Function(parameters, body), _) => ExprKind::Function(parameters.clone(), self.inside(body)),
            (ExprKind::Binary(op, left, right), _) => ExprKind::Binary(*op, self.inside(left), self.inside(right)),
            _ => return expr.clone(),
        };
        Expr { kind, span: expr.span }
    }

    /// A part of which no type is known.
    fn inside(self, part: &Expr) -> Box<Expr> {
        Box::new(self.expression(part, self.here, None))
    }

    /// Arguments of a function that is declared are of the types of its parameters.
    fn arguments(self, function: &Expr, arguments: &Arguments) -> Arguments {
        let declared = self.declared(function);
        let owner = declared.map_or(self.here, |(owner, _)| owner);
        let parameters: &[_] = declared.map_or(&[], |(_, function)| &function.parameters);
        match arguments {
            Arguments::Positional(values) => {
                let types = parameters.iter().map(|(_, ty)| ty.as_ref()).chain(std::iter::repeat(None));
                let values = values.iter().zip(types).map(|(value, ty)| self.expression(value, owner, ty));
                Arguments::Positional(values.collect())
            }
            Arguments::Named(values) => {
                let ty = |name: &Name| parameters.iter().find(|(one, _)| one.text == name.text)?.1.as_ref();
                let values = values.iter().map(|(name, value)| (name.clone(), self.expression(value, owner, ty(name))));
                Arguments::Named(values.collect())
            }
        }
    }

    /// The declared function that is called, with its ruleset.
    fn declared(&self, function: &Expr) -> Option<(usize, &Function)> {
        let symbol = match &function.kind {
            ExprKind::Name(name) => self.rulesets.resolve(self.here, name)?,
            ExprKind::Path(of, name) => self.rulesets.resolve_in(self.here, &dotted(of)?, &name.text)?,
            _ => return None,
        };
        Some((symbol.ruleset, self.rulesets.sets.get(symbol.ruleset)?.function(symbol.name)?))
    }

    /// `{ a: …, b: … }.b`: the entry that is asked for is of the type.
    fn result(self, of: &Expr, name: &Name, owner: usize, ty: Option<&TypeExpr>) -> ExprKind {
        let of = match &of.kind {
            ExprKind::Context(entries) => {
                let wanted = |entry: &Entry| ty.filter(|_| entry.name.text == name.text);
                let entries = entries.iter().map(|entry| self.entry(entry, owner, wanted(entry)));
                Expr { kind: ExprKind::Context(entries.collect()), span: of.span }
            }
            _ => self.expression(of, self.here, None),
        };
        ExprKind::Path(Box::new(of), Box::new(name.clone()))
    }

    fn entries(self, entries: &[Entry], owner: usize, ty: Option<&TypeExpr>) -> Vec<Entry> {
        let fields = ty.and_then(|ty| self.rulesets.fields(owner, ty));
        let (owner, fields) = fields.unwrap_or((owner, &[]));
        let field = |name: &str| fields.iter().find(|field| field.name.text == name).map(|field| &field.ty);
        let given = entries.iter().map(|entry| self.entry(entry, owner, field(&entry.name.text)));
        let missing = |field: &&FieldDeclaration| {
            let given = entries.iter().any(|entry| entry.name.text == field.name.text);
            !given && self.rulesets.may_be_absent(owner, &field.ty)
        };
        given.chain(fields.iter().filter(missing).map(absent)).collect()
    }

    fn entry(self, entry: &Entry, owner: usize, ty: Option<&TypeExpr>) -> Entry {
        let value = self.expression(&entry.value, owner, ty);
        Entry { name: entry.name.clone(), value, comments: entry.comments.clone() }
    }

    /// The type of the elements, where the type is that of a list.
    fn element<'t>(&'t self, owner: usize, ty: Option<&'t TypeExpr>) -> (usize, Option<&'t TypeExpr>) {
        match ty.and_then(|ty| self.rulesets.resolved_type(owner, ty)) {
            Some((owner, TypeExpr { kind: TypeKind::List(element), .. })) => (owner, Some(element)),
            _ => (owner, None),
        }
    }
}

fn absent(field: &FieldDeclaration) -> Entry {
    let value = Expr { kind: ExprKind::Null, span: field.name.span };
    Entry { name: field.name.clone(), value, comments: Vec::new() }
}
