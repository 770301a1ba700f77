//! References to types: built-in ones, item definitions, those of imports, and those that FEEL spells out.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{TypeExpr, TypeKind};

use super::identifiers::spelled;
use super::library::Document;
use super::mapping::Mapping;
use super::problem;
use crate::dmn::model::{ItemDefinition, TypeRef};

/// Item definitions that lead from one to another; more of them lead in a circle.
const CHAIN: usize = 64;

impl<'m, 'd> Mapping<'m, 'd> {
    /// The type that a reference names; any where nobody knows it.
    pub(super) fn named_type(&mut self, ty: &TypeRef) -> TypeExpr {
        let span = ty.origin.span;
        if self.closes_a_circle(&ty.name) {
            self.problems.add(&ty.origin, problem::circular_type(&ty.origin, &ty.name));
            return any(span);
        }
        if self.item_of(ty).is_some() {
            return TypeExpr { kind: TypeKind::Name(declared_name(&ty.name)), span };
        }
        if let Some(kind) = built_in(&ty.name, span) {
            return TypeExpr { kind, span };
        }
        let spelled = ty.name.contains('<').then(|| self.type_text(&ty.name, &ty.origin)).flatten();
        spelled.unwrap_or_else(|| {
            self.problems.add(&ty.origin, problem::unknown_type(&ty.origin, &ty.name));
            any(span)
        })
    }

    /// The type that a reference names, where there is one and it says something.
    pub(super) fn telling_type(&mut self, ty: Option<&TypeRef>) -> Option<TypeExpr> {
        ty.map(|ty| self.named_type(ty)).filter(|ty| !is_any(ty))
    }

    /// The item definition that a reference of this document names, and its document.
    pub(super) fn item_of(&self, ty: &TypeRef) -> Option<(&'m Document<'d>, &'d ItemDefinition)> {
        self.library.item(self.document, ty)
    }

    /// The built-in type that a reference comes down to through plain item definitions.
    pub(super) fn basic_type(&self, ty: &TypeRef) -> Option<&'static str> {
        match self.plain_item(ty) {
            Some((_, Some(_))) => None,
            Some((name, None)) => built_in_name(&name.name),
            None => None,
        }
    }

    /// Follows item definitions that only give another name or a constraint: the last reference, and the item definition
    /// there that is more than that.
    fn plain_item(&self, ty: &TypeRef) -> Option<(TypeRef, Option<&'d ItemDefinition>)> {
        let (mut home, mut ty) = (self.document, ty.clone());
        for _ in 0..CHAIN {
            let Some((found, item)) = self.library.item(home, &ty) else { return Some((ty, None)) };
            match &item.type_ref {
                Some(next) if !item.is_collection && item.components.is_empty() => (home, ty) = (found, next.clone()),
                _ => return Some((ty, Some(item))),
            }
        }
        None
    }

    /// The item definition with structure that a reference comes down to.
    pub(super) fn structure_of(&self, ty: &TypeRef) -> Option<&'d ItemDefinition> {
        self.plain_item(ty).and_then(|(_, item)| item)
    }
}

/// How rules call an item definition: types of rules keep their names.
pub(super) fn declared_name(name: &str) -> String {
    let name = spelled(name);
    if dictamen_syntax::type_names().any(|reserved| reserved == name) { format!("{name}_") } else { name }
}

/// Any type.
pub(super) fn any(span: Span) -> TypeExpr {
    TypeExpr { kind: TypeKind::Name("cualquiera".to_owned()), span }
}

/// Whether a type says nothing.
pub(super) fn is_any(ty: &TypeExpr) -> bool {
    matches!(&ty.kind, TypeKind::Name(name) if name == "cualquiera")
}

fn built_in(name: &str, span: Span) -> Option<TypeKind> {
    Some(match name.trim() {
        "context" => TypeKind::Record(Vec::new()),
        "list" => TypeKind::List(Box::new(any(span))),
        other => TypeKind::Name(built_in_name(other)?.to_owned()),
    })
}

/// Types of FEEL, also by the names that they had in DMN 1.1, as rules call them.
fn built_in_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "string" => "texto",
        "number" => "numero",
        "boolean" => "booleano",
        "date" => "fecha",
        "time" => "hora",
        "date and time" | "dateTime" => "fecha_hora",
        "days and time duration" | "dayTimeDuration" => "duracion_dias",
        "years and months duration" | "yearMonthDuration" => "duracion_meses",
        "Any" => "cualquiera",
        "Null" => "nulo",
        _ => return None,
    })
}
