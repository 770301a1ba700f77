//! Item definitions become types (DMN 1.5, clause 7.3.2).

use dictamen_syntax::tree::{
    BinaryOp, Expr, ExprKind, FieldDeclaration, Item, ItemKind, Test, TestKind, Tests, TestsKind, TypeDeclaration,
    TypeExpr, TypeKind,
};

use super::identifiers::spelled;
use super::mapping::{self, Mapping};
use super::{attributes, names, types};
use crate::dmn::model::{FunctionItem, ItemDefinition, UnaryTests};

impl Mapping<'_, '_> {
    /// The type that an item definition declares.
    pub(super) fn type_declaration(&mut self, item: &ItemDefinition) -> Item {
        let origin = &item.element.origin;
        self.defining = Some(spelled(&item.name));
        let ty = self.item_type(item);
        self.defining = None;
        let declaration = TypeDeclaration {
            name: mapping::name(&types::declared_name(&item.name), origin),
            attributes: attributes::of_element(&item.element, &item.name),
            ty,
        };
        let mut kind = ItemKind::Type(declaration);
        let remarks = std::mem::take(&mut self.remarks);
        self.annotations.add(&mut kind, &item.element, &remarks);
        mapping::item(kind, origin)
    }

    /// What an item definition stands for: allowed values restrict the elements of a collection, the constraint its whole.
    pub(super) fn item_type(&mut self, item: &ItemDefinition) -> TypeExpr {
        let mut ty = self.element_type(item);
        if item.is_collection {
            ty = TypeExpr { kind: TypeKind::List(Box::new(ty)), span: item.element.origin.span };
        }
        self.restricted(ty, item.type_constraint.as_ref())
    }

    /// The type of the elements of a collection, or of the value of what is none.
    pub(super) fn element_type(&mut self, item: &ItemDefinition) -> TypeExpr {
        let span = item.element.origin.span;
        let base = match (&item.function, &item.type_ref) {
            (Some(function), _) => self.function_type(function),
            _ if !item.components.is_empty() => TypeExpr { kind: self.record(&item.components), span },
            (_, Some(ty)) => self.named_type(ty),
            _ => types::any(span),
        };
        self.restricted(base, item.allowed_values.as_ref())
    }

    fn record(&mut self, components: &[ItemDefinition]) -> TypeKind {
        let fields = components.iter().map(|component| FieldDeclaration {
            comments: attributes::described_above(&component.element),
            name: mapping::name(&component.name, &component.element.origin),
            ty: self.item_type(component),
        });
        TypeKind::Record(fields.collect())
    }

    fn function_type(&mut self, function: &FunctionItem) -> TypeExpr {
        let span = function.element.origin.span;
        let parameters = function.parameters.iter();
        let parameters = parameters.map(|parameter| match &parameter.type_ref {
            Some(ty) => self.named_type(ty),
            None => types::any(parameter.element.origin.span),
        });
        let parameters = parameters.collect();
        let result = function.output_type.as_ref().map_or_else(|| types::any(span), |ty| self.named_type(ty));
        TypeExpr { kind: TypeKind::Function(parameters, Box::new(result)), span }
    }

    /// A type whose values meet some tests: choices where these are values of the type, a condition where they are one.
    pub(super) fn restricted(&mut self, ty: TypeExpr, tests: Option<&UnaryTests>) -> TypeExpr {
        let Some(tests) = tests.map(|tests| self.tests(tests)).filter(|tests| !is_unreadable(tests)) else { return ty };
        let kind = if let TypeKind::Name(name) = &ty.kind { Some(name.as_str()) } else { None };
        if let Some(choices) = kind.and_then(|kind| choices(kind, &tests)) {
            return TypeExpr { kind: TypeKind::Choice(choices), span: tests.span };
        }
        if is_whole_number(&ty, &tests) {
            return TypeExpr { kind: TypeKind::Name("entero".to_owned()), span: ty.span };
        }
        tested(ty, tests)
    }
}

/// Whether a type is that of whole numbers, as exporting writes what FEEL has no name for.
fn is_whole_number(ty: &TypeExpr, tests: &Tests) -> bool {
    matches!(&ty.kind, TypeKind::Name(name) if name == "numero")
        && dictamen_syntax::print_tests(tests) == crate::dmn::export::WHOLE
}

/// A type whose values meet some tests.
pub(super) fn tested(ty: TypeExpr, tests: Tests) -> TypeExpr {
    let span = tests.span;
    match &tests.kind {
        TestsKind::Any | TestsKind::Error => return ty,
        TestsKind::AnyOf(several) => {
            if let [Test { kind: TestKind::Expression(condition), .. }] = several.as_slice()
                && is_condition(condition)
            {
                return TypeExpr { kind: TypeKind::Where(Box::new(ty), Box::new(condition.clone())), span };
            }
        }
        TestsKind::NoneOf(_) => {}
    }
    TypeExpr { kind: TypeKind::Tested(Box::new(ty), Box::new(tests)), span }
}

/// The values that tests allow, where each is a value of that built-in type.
pub(super) fn choices(kind: &str, tests: &Tests) -> Option<Vec<Expr>> {
    let TestsKind::AnyOf(several) = &tests.kind else { return None };
    let value = |test: &Test| match &test.kind {
        TestKind::Expression(value) if is_value_of(value, kind) => Some(value.clone()),
        _ => None,
    };
    several.iter().map(value).collect()
}

/// The built-in type of which all values that tests allow are.
pub(super) fn kind_of_values(tests: &Tests) -> Option<&'static str> {
    ["texto", "numero", "booleano"].into_iter().find(|kind| choices(kind, tests).is_some())
}

/// Whether an expression is a fixed value of a built-in type.
pub(super) fn is_value_of(expr: &Expr, ty: &str) -> bool {
    match &expr.kind {
        ExprKind::Text(_) => ty == "texto",
        ExprKind::Number(_) => ty == "numero",
        ExprKind::Negate(of) => ty == "numero" && matches!(of.kind, ExprKind::Number(_)),
        ExprKind::Boolean(_) => ty == "booleano",
        _ => false,
    }
}

/// Takes the comments of fields out of a type that stands in the head of a block.
pub(super) fn forget_comments(ty: &mut TypeExpr) {
    match &mut ty.kind {
        TypeKind::Record(fields) => fields.iter_mut().for_each(|field| {
            field.comments.clear();
            forget_comments(&mut field.ty);
        }),
        TypeKind::List(of) | TypeKind::Optional(of) | TypeKind::Tested(of, _) | TypeKind::Where(of, _) => {
            forget_comments(of);
        }
        _ => {}
    }
}

/// Whether some test is no FEEL.
pub(super) fn is_unreadable(tests: &Tests) -> bool {
    let unreadable =
        |test: &Test| matches!(&test.kind, TestKind::Expression(expr) if matches!(expr.kind, ExprKind::Unreadable(_)));
    matches!(&tests.kind, TestsKind::AnyOf(several) if several.iter().any(unreadable))
}

/// Whether a test is a condition on `?` rather than a value to compare with.
fn is_condition(expr: &Expr) -> bool {
    let boolean = match &expr.kind {
        ExprKind::Binary(op, ..) => matches!(op, BinaryOp::Or | BinaryOp::And | BinaryOp::Compare(_)),
        ExprKind::Between(..) | ExprKind::In(..) | ExprKind::Quantified(..) => true,
        ExprKind::Call(function, _) => {
            matches!(&function.kind, ExprKind::Name(name) if PREDICATES.contains(&name.as_str()))
        }
        _ => false,
    };
    boolean && names::tests_a_value(expr)
}

/// Functions of FEEL that say yes or no.
const PREDICATES: [&str; 9] =
    ["all", "any", "contains", "ends with", "even", "list contains", "matches", "odd", "starts with"];
