//! The outcome of a decision table: the names and types of its columns, and whether it can have the type that is wanted.

use dictamen_syntax::print_expression;
use dictamen_syntax::tree::{Expr, FieldDeclaration, HitPolicy, Name, Spelling, TypeExpr, TypeKind};

use super::library::Document;
use super::mapping::{self, Mapping};
use super::policies::policy_of;
use super::{items, types};
use crate::dmn::model::{DecisionTable, OutputClause, TypeRef};
use crate::outcome::Problems;
use crate::xml::Limits;

/// Types whose values can be summed.
const SUMMED: [&str; 3] = ["numero", "duracion_dias", "duracion_meses"];

/// Types of whose values there is a smallest.
const COMPARED: [&str; 7] = ["numero", "texto", "fecha", "hora", "fecha_hora", "duracion_dias", "duracion_meses"];

/// Item definitions that lead from one to another.
const CHAIN: usize = 64;

/// The outcome of a table.
#[derive(Debug)]
pub(super) struct Shape {
    /// Its output columns.
    pub(super) columns: Vec<Name>,
    /// The type of the outcome of one row.
    pub(super) ty: Option<TypeExpr>,
    /// Whether the table as a whole then has the type that is wanted.
    pub(super) fits: bool,
}

impl<'d> Mapping<'_, 'd> {
    /// The outcome of a table that is to be of a type.
    pub(super) fn table_shape(&mut self, table: &DecisionTable, wanted: Option<&TypeRef>) -> Shape {
        let wanted = wanted.filter(|ty| ty.name != "Any");
        let (ty, fits) = match policy_of(table) {
            HitPolicy::Unique | HitPolicy::Any | HitPolicy::First => match wanted {
                Some(wanted) => (Some(self.named_type(wanted)), true),
                None => (self.own_type(table), true),
            },
            HitPolicy::Priority => {
                let wanted_type = wanted.map(|wanted| self.named_type(wanted));
                self.ordered(table, wanted_type, wanted.is_none())
            }
            HitPolicy::OutputOrder => {
                let element = wanted.and_then(|wanted| self.elements_of(wanted));
                self.ordered(table, element, wanted.is_none())
            }
            HitPolicy::RuleOrder | HitPolicy::Collect => match wanted.map(|wanted| self.elements_of(wanted)) {
                Some(Some(element)) => (Some(element).filter(|ty| !types::is_any(ty)), true),
                Some(None) => (self.own_type(table), false),
                None => (self.own_type(table), true),
            },
            HitPolicy::CollectCount => (self.own_type(table), wanted.is_none_or(|ty| ty.name == "number")),
            HitPolicy::CollectSum => self.aggregated(wanted, table, &SUMMED),
            HitPolicy::CollectMin | HitPolicy::CollectMax => self.aggregated(wanted, table, &COMPARED),
        };
        let columns = self.columns(table, wanted);
        Shape { columns, ty, fits }
    }

    /// Outcomes that have an order must have the type that says it.
    fn ordered(&mut self, table: &DecisionTable, wanted: Option<TypeExpr>, untyped: bool) -> (Option<TypeExpr>, bool) {
        match self.own_type(table).filter(|own| self.has_choices(own)) {
            Some(own) => {
                let meant = wanted.as_ref().map(|wanted| self.spelled_out(wanted));
                if meant.as_ref().is_some_and(|meant| says_the_same(&own, meant)) {
                    return (wanted, true);
                }
                let fits = untyped || meant.is_some_and(|meant| is_part_of(&self.spelled_out(&own), &meant));
                (Some(own), fits)
            }
            None => {
                let wanted = wanted.filter(|wanted| self.has_choices(wanted));
                let fits = untyped || wanted.is_some();
                (wanted, fits)
            }
        }
    }

    /// What a type stands for, where an item definition declares it.
    fn spelled_out(&self, ty: &TypeExpr) -> TypeExpr {
        let TypeKind::Name(name) = &ty.kind else { return ty.clone() };
        let reference = TypeRef { name: name.clone(), ..TypeRef::default() };
        let found = self.item_of(&reference);
        found.map_or_else(|| ty.clone(), |(home, item)| self.declared(home, |mapping| mapping.item_type(item)))
    }

    /// Whether a type, or a column of it, has values in an order.
    fn has_choices(&self, ty: &TypeExpr) -> bool {
        self.orders(self.document, ty, CHAIN)
    }

    fn orders(&self, home: &Document<'d>, ty: &TypeExpr, levels: usize) -> bool {
        let Some(levels) = levels.checked_sub(1) else { return false };
        match &ty.kind {
            TypeKind::Choice(_) => true,
            TypeKind::Record(fields) => fields.iter().any(|field| self.orders(home, &field.ty, levels)),
            TypeKind::Name(name) => {
                let ty = TypeRef { name: name.clone(), ..TypeRef::default() };
                let Some((home, item)) = self.library.item(home, &ty) else { return false };
                self.orders(home, &self.declared(home, |mapping| mapping.item_type(item)), levels)
            }
            _ => false,
        }
    }

    /// A type that a document declares, seen from there; what is wrong with it is told where it is declared.
    fn declared<'a>(&'a self, home: &'a Document<'d>, map: impl FnOnce(&mut Mapping<'_, 'd>) -> TypeExpr) -> TypeExpr {
        let mut unheard = Problems::new(&Limits::default());
        map(&mut self.aside(home, &mut unheard))
    }

    /// Outcomes of which one value is made: they must be of a type of which that can be done.
    fn aggregated(
        &mut self,
        wanted: Option<&TypeRef>,
        table: &DecisionTable,
        kinds: &[&str],
    ) -> (Option<TypeExpr>, bool) {
        let clause = table.outputs.first().and_then(|clause| clause.type_ref.as_ref());
        let Some(ty) = wanted.or(clause) else { return (None, true) };
        let fits = self.basic_type(ty).is_some_and(|basic| kinds.contains(&basic));
        (fits.then(|| self.named_type(ty)), fits || wanted.is_none())
    }

    /// The type that the columns themselves give the outcome of a row; none where they say nothing.
    fn own_type(&mut self, table: &DecisionTable) -> Option<TypeExpr> {
        if let [only] = table.outputs.as_slice() {
            return self.clause_type(only).filter(|ty| !types::is_any(ty));
        }
        let types: Vec<Option<TypeExpr>> = table.outputs.iter().map(|clause| self.clause_type(clause)).collect();
        if types.iter().flatten().all(types::is_any) {
            return None;
        }
        let fields = table.outputs.iter().zip(types).enumerate().map(|(position, (clause, ty))| {
            let span = clause.element.origin.span;
            let name = Name { text: column_name(clause, position), span };
            FieldDeclaration { comments: Vec::new(), name, ty: ty.unwrap_or_else(|| types::any(span)) }
        });
        Some(TypeExpr { kind: TypeKind::Record(fields.collect()), span: table.element.origin.span })
    }

    /// The type of an output column: its output values are choices, in their order, or restrict it.
    fn clause_type(&mut self, clause: &OutputClause) -> Option<TypeExpr> {
        let base = clause.type_ref.as_ref().map(|ty| self.named_type(ty));
        let Some(values) = clause.values.as_ref().map(|values| self.tests(values)) else { return base };
        let known = clause.type_ref.as_ref().map(|ty| self.known_type(ty.clone()));
        if known.is_some_and(|known| self.allows_only(&known, &values)) {
            return base;
        }
        let kind = match &clause.type_ref {
            Some(ty) => self.basic_type(ty),
            None => items::kind_of_values(&values),
        };
        if let Some(choices) = kind.and_then(|kind| items::choices(kind, &values)) {
            return Some(TypeExpr { kind: TypeKind::Choice(choices), span: values.span });
        }
        let base = base.unwrap_or_else(|| types::any(clause.element.origin.span));
        Some(if items::is_unreadable(&values) { base } else { items::tested(base, values) })
    }

    /// The type of the elements, where a reference names a list without more conditions.
    fn elements_of(&mut self, ty: &TypeRef) -> Option<TypeExpr> {
        let Some((home, item)) = self.item_of(ty) else {
            return match self.named_type(ty).kind {
                TypeKind::List(element) => Some(*element),
                _ => None,
            };
        };
        let here = std::ptr::eq(home, self.document);
        (here && item.is_collection && item.type_constraint.is_none()).then(|| {
            let mut element = self.declared(home, |mapping| mapping.element_type(item));
            items::forget_comments(&mut element);
            element
        })
    }

    /// The output columns. A single one gives its value alone, so that it must not be called as a field of the outcome.
    fn columns(&mut self, table: &DecisionTable, wanted: Option<&TypeRef>) -> Vec<Name> {
        let named = |(position, clause): (usize, &OutputClause)| {
            mapping::name(&column_name(clause, position), &clause.element.origin)
        };
        let mut columns: Vec<Name> = table.outputs.iter().enumerate().map(named).collect();
        if let [only] = columns.as_mut_slice() {
            let clause = table.outputs.first();
            let unnamed = clause.is_some_and(|clause| clause.name.as_deref().unwrap_or_default().trim().is_empty());
            let label = table.output_label.as_deref().map(str::trim).filter(|label| !label.is_empty());
            if unnamed {
                let inner = self.scope.path.iter().rev().find(|label| !label.is_empty());
                label.or(inner.map(String::as_str)).unwrap_or(&self.scope.owner).clone_into(&mut only.text);
            }
            let fields = wanted.and_then(|ty| self.structure_of(ty)).map(|item| item.components.as_slice());
            let is_field = |name: &str| fields.is_some_and(|fields| fields.iter().any(|field| field.name == name));
            only.text = super::identifiers::unique(only.text.clone(), is_field);
        }
        columns
    }
}

fn column_name(clause: &OutputClause, position: usize) -> String {
    let named = [&clause.name, &clause.element.label].into_iter().flatten();
    let name = named.map(|name| name.trim()).find(|name| !name.is_empty());
    name.map_or_else(|| format!("salida {}", position.saturating_add(1)), str::to_owned)
}

/// Whether two types have the same choices in the same order.
fn says_the_same(own: &TypeExpr, wanted: &TypeExpr) -> bool {
    let printed = |ty: &TypeExpr| dictamen_syntax::print_type(ty, Spelling::Spanish);
    printed(own) == printed(wanted)
}

/// Whether every value of a type of choices is one of the type that is wanted, so that this needs not be said again.
fn is_part_of(own: &TypeExpr, wanted: &TypeExpr) -> bool {
    match (&own.kind, &wanted.kind) {
        (TypeKind::Choice(choices), TypeKind::Name(name)) => {
            let kind = |choice: &Expr| items::is_value_of(choice, name);
            choices.iter().all(kind)
        }
        (TypeKind::Choice(choices), TypeKind::Choice(wanted)) => {
            let wanted: Vec<String> = wanted.iter().map(print_expression).collect();
            choices.iter().all(|choice| wanted.contains(&print_expression(choice)))
        }
        (TypeKind::Name(own), TypeKind::Name(wanted)) => own == wanted,
        _ => false,
    }
}
