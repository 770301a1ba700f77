//! What is known of the type of an expression without evaluating it: where that is said already, it is not said again.

use dictamen_syntax::print_tests;
use dictamen_syntax::tree::{Expr, ExprKind, Tests};

use super::contexts::typed;
use super::mapping::Mapping;
use crate::dmn::model::{ItemDefinition, TypeRef, UnaryTests};
use crate::xml::Origin;

/// The type of a value as the document names it, with the values that are allowed of it.
pub(super) struct Known<'d> {
    type_ref: TypeRef,
    allowed: Option<&'d UnaryTests>,
}

impl<'d> Mapping<'_, 'd> {
    /// What is known of a name, a path or a literal.
    pub(super) fn known(&self, expr: &Expr) -> Option<Known<'d>> {
        match &expr.kind {
            ExprKind::Text(_) => Some(basic("string")),
            ExprKind::Number(_) => Some(basic("number")),
            ExprKind::Boolean(_) => Some(basic("boolean")),
            ExprKind::Name(name) => {
                let type_ref = match self.scope.local(name) {
                    Some(local) => local.type_ref.clone(),
                    None => self.scope.required.get(name)?.type_ref.clone(),
                };
                type_ref.map(|type_ref| self.known_type(type_ref))
            }
            ExprKind::Path(of, name) => self.known_field(self.known(of)?.type_ref, &name.text),
            _ => None,
        }
    }

    /// What is known of a value of a type.
    pub(super) fn known_type(&self, type_ref: TypeRef) -> Known<'d> {
        let item = self.item_of(&type_ref).map(|(_, item)| item).filter(|item| !item.is_collection);
        Known { allowed: item.and_then(|item| item.allowed_values.as_ref()), type_ref }
    }

    fn known_field(&self, of: TypeRef, name: &str) -> Option<Known<'d>> {
        let structure: &'d ItemDefinition = self.structure_of(&of).filter(|item| !item.is_collection)?;
        let field = structure.components.iter().find(|field| field.name == name && !field.is_collection)?;
        let known = self.known_type(field.type_ref.clone()?);
        Some(Known { allowed: field.allowed_values.as_ref().or(known.allowed), ..known })
    }

    /// Whether what is known of a value says as much as a type.
    pub(super) fn says_all(&self, known: &Known<'_>, said: &TypeRef) -> bool {
        if known.type_ref.name == said.name {
            return true;
        }
        let built_in = self.item_of(said).is_none();
        built_in && self.basic_type(said).is_some_and(|said| self.basic_type(&known.type_ref) == Some(said))
    }

    /// Whether the values that are known to be allowed are those that tests allow.
    pub(super) fn allows_only(&mut self, known: &Known<'_>, tests: &Tests) -> bool {
        let Some(allowed) = known.allowed else { return false };
        print_tests(&self.tests(allowed)) == print_tests(tests)
    }

    /// A value as a type, where that may change something.
    pub(super) fn given_type(&mut self, value: Expr, said: Option<&TypeRef>) -> Expr {
        let said = said.filter(|said| !self.known(&value).is_some_and(|known| self.says_all(&known, said)));
        let ty = self.telling_type(said);
        typed(value, ty)
    }
}

fn basic(name: &str) -> Known<'static> {
    Known { type_ref: TypeRef { name: name.to_owned(), origin: Origin::default() }, allowed: None }
}
