//! The names of fields that a ruleset speaks of: in its record types and in its context literals.

use std::collections::HashSet;

use dictamen_syntax::tree::{Expr, ExprKind, FunctionBody, Item, ItemKind, Local, TableBody, TypeExpr, TypeKind};
use dictamen_syntax::walk;

/// Adds the names of fields of a block.
pub(super) fn of_item(item: &Item, names: &mut HashSet<String>) {
    match &item.kind {
        ItemKind::Type(declaration) => of_type(&declaration.ty, names),
        ItemKind::Input(input) => of_type(&input.ty, names),
        ItemKind::Parameter(parameter) => of_type(&parameter.ty, names),
        ItemKind::Decision(decision) => {
            decision.ty.iter().for_each(|ty| of_type(ty, names));
            of_body(&decision.locals, &decision.body, names);
        }
        ItemKind::Table(table) => {
            table.ty.iter().for_each(|ty| of_type(ty, names));
            of_table(&table.body, names);
        }
        ItemKind::Function(function) => {
            let types = function.parameters.iter().filter_map(|(_, ty)| ty.as_ref()).chain(&function.ty);
            types.for_each(|ty| of_type(ty, names));
            match &function.body {
                FunctionBody::Expression(locals, body) => of_body(locals, body, names),
                FunctionBody::Table(body) => of_table(body, names),
                FunctionBody::External { .. } => {}
            }
        }
        // Letters are not exported, nor are glossaries.
        ItemKind::Letter(_) | ItemKind::Glossary(_) => {}
        ItemKind::Service(_) | ItemKind::Import(_) | ItemKind::Case(_) | ItemKind::Error(_) => {}
    }
}

/// Adds the names of fields of a type.
pub(super) fn of_type(ty: &TypeExpr, names: &mut HashSet<String>) {
    match &ty.kind {
        TypeKind::Record(fields) => {
            for field in fields {
                names.insert(field.name.text.clone());
                of_type(&field.ty, names);
            }
        }
        TypeKind::WithUnit(of, ..)
        | TypeKind::List(of)
        | TypeKind::Range(of)
        | TypeKind::Optional(of)
        | TypeKind::Tested(of, _)
        | TypeKind::Where(of, _) => of_type(of, names),
        TypeKind::Function(parameters, result) => {
            parameters.iter().for_each(|parameter| of_type(parameter, names));
            of_type(result, names);
        }
        TypeKind::Name(_) | TypeKind::Choice(_) | TypeKind::Error => {}
    }
}

fn of_body(locals: &[Local], body: &Expr, names: &mut HashSet<String>) {
    locals.iter().for_each(|local| of_expression(&local.value, names));
    of_expression(body, names);
}

fn of_table(table: &TableBody, names: &mut HashSet<String>) {
    names.extend(table.outputs.iter().map(|output| output.text.clone()));
    let cells = table.rows.iter().flat_map(|row| &row.outputs);
    table.inputs.iter().chain(cells).for_each(|expr| of_expression(expr, names));
}

fn of_expression(expr: &Expr, names: &mut HashSet<String>) {
    if let ExprKind::Context(entries) = &expr.kind {
        names.extend(entries.iter().map(|entry| entry.name.text.clone()));
    }
    walk::children(expr, &mut |child| of_expression(child, names));
}
