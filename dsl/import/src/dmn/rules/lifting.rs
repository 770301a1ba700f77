//! Decision tables inside other boxes become functions, whose parameters are the local names that they use.

use dictamen_syntax::tree::{Arguments, Expr, ExprKind, Function, FunctionBody, ItemKind, Name, TableBody, TypeExpr};

use super::mapping::{self, Mapping};
use super::outputs::Shape;
use super::policies::has_outcomes;
use super::{identifiers, names};
use crate::dmn::model::{DecisionTable, TypeRef};

impl Mapping<'_, '_> {
    /// A table inside another box, whose value is to be of a type: the call of the function that has it.
    pub(super) fn inner_table(&mut self, table: &DecisionTable, type_ref: Option<&TypeRef>) -> Expr {
        if !has_outcomes(table) {
            return Expr { kind: ExprKind::Null, span: table.element.origin.span };
        }
        let shape = self.table_shape(table, type_ref);
        self.lifted_table(table, shape, "")
    }

    /// The call of a function that has a table; `label` ends its name.
    pub(super) fn lifted_table(&mut self, table: &DecisionTable, shape: Shape, label: &str) -> Expr {
        let origin = &table.element.origin;
        let mut body = self.table_body(table, &shape);
        let parameters = self.locals_used(&mut body);
        let name = mapping::name(&self.lifted_name(label), origin);
        let arguments = parameters.iter().map(|(name, _)| reference(name)).collect();
        let function = Function {
            name: name.clone(),
            parameters,
            ty: shape.ty,
            attributes: Vec::new(),
            body: FunctionBody::Table(body),
        };
        self.lifted.push(mapping::item(ItemKind::Function(function), origin));
        let call = ExprKind::Call(Box::new(reference(&name)), Arguments::Positional(arguments));
        Expr { kind: call, span: origin.span }
    }

    /// The local names that a table uses, in the order of its columns and rows, with their types.
    fn locals_used(&self, body: &mut TableBody) -> Vec<(Name, Option<TypeExpr>)> {
        let mut used: Vec<(Name, Option<TypeExpr>)> = Vec::new();
        names::of_table(body, &mut |expr, bound| {
            let ExprKind::Name(name) = &expr.kind else { return };
            if bound.binds(name) || used.iter().any(|(known, _)| known.text == *name) {
                return;
            }
            let local = self.scope.local(name);
            // In a filter any name may be that of a field of the element, which only the call sees.
            let field = self.scope.filters > 0 && !bound.is_called();
            if local.is_some() || field {
                let ty = local.and_then(|local| local.ty.clone());
                used.push((Name { text: name.clone(), span: expr.span }, ty));
            }
        });
        used
    }

    /// A name made of those of the owner and of the boxes around, that nothing else has.
    fn lifted_name(&mut self, label: &str) -> String {
        let path = self.scope.path.iter().map(String::as_str);
        let mut parts: Vec<&str> = std::iter::once(self.scope.owner.as_str()).chain(path).collect();
        parts.push(label);
        if parts.iter().skip(1).all(|part| part.is_empty()) {
            parts.push("tabla");
        }
        let taken = |id: &str| self.taken.contains(id) || self.scope.local(id).is_some();
        let name = identifiers::unique(identifiers::of_path(parts), taken);
        self.taken.insert(name.clone());
        name
    }
}

fn reference(name: &Name) -> Expr {
    Expr { kind: ExprKind::Name(name.text.clone()), span: name.span }
}
