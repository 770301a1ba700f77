//! Decision tables of rules become decision tables of DMN.

use dictamen_syntax::tree::{
    self, Expr, ExprKind, Name, Row, TableBody, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind,
};
use dictamen_syntax::{print_feel, print_feel_tests};

use super::boxes::{comment, literal_of, untyped};
use super::document::Document;
use super::types::{choices, type_of_choices, unary_tests};
use crate::dmn::model::{
    Aggregation, Annotation, AnnotationClause, DecisionTable, DmnElement, Expression, HitPolicy, InputClause,
    LiteralExpression, OutputClause, Rule, TypeRef, UnaryTests,
};

/// The type that a table gives as a whole, from that of one outcome.
pub(super) fn outcome(policy: tree::HitPolicy, ty: &TypeExpr) -> TypeExpr {
    use tree::HitPolicy as P;
    let kind = match policy {
        P::RuleOrder | P::OutputOrder | P::Collect => TypeKind::List(Box::new(ty.clone())),
        P::CollectCount => TypeKind::Name("numero".to_owned()),
        P::Unique | P::Any | P::Priority | P::First | P::CollectSum | P::CollectMin | P::CollectMax => {
            return ty.clone();
        }
    };
    TypeExpr { kind, span: ty.span }
}

impl Document<'_, '_> {
    /// A table; `ty` is the type of one outcome.
    pub(super) fn table_expression(&mut self, body: &TableBody, ty: Option<&TypeExpr>, name: &Name) -> Expression {
        let (hit_policy, aggregation) = policy(body.policy);
        let wrapped = self.wrapped(body, ty);
        let inputs = body.inputs.iter().map(|input| self.input_clause(input)).collect();
        let outputs = self.output_clauses(body, ty, name);
        let rules = body.rows.iter().map(|row| self.rule(row, wrapped)).collect();
        let annotations = body
            .annotations
            .iter()
            .map(|name| AnnotationClause { name: Some(name.text.clone()), ..AnnotationClause::default() });
        Expression::Table(DecisionTable {
            hit_policy,
            aggregation,
            inputs,
            outputs,
            annotations: annotations.collect(),
            rules,
            ..DecisionTable::default()
        })
    }

    /// The name of the only output column where it is a field of the outcome: DMN gives the cell itself, not a context.
    fn wrapped<'b>(&self, body: &'b TableBody, ty: Option<&TypeExpr>) -> Option<&'b Name> {
        let [only] = body.outputs.as_slice() else { return None };
        let fields = self.rulesets.fields(self.here, ty?)?;
        fields.iter().any(|field| field.name.text == only.text).then_some(only)
    }

    fn input_clause(&mut self, input: &Expr) -> InputClause {
        let (of, ty) = untyped(input);
        let (type_ref, values) = match ty {
            Some(ty) => self.clause_type(ty, &print_feel(of)),
            None => (None, None),
        };
        let mut expression = self.literal_text(of);
        expression.type_ref = type_ref;
        InputClause { expression: Some(expression), values, ..InputClause::default() }
    }

    fn output_clauses(&mut self, body: &TableBody, ty: Option<&TypeExpr>, name: &Name) -> Vec<OutputClause> {
        let rulesets = self.rulesets;
        let fields = ty.and_then(|ty| rulesets.fields(self.here, ty)).unwrap_or_default();
        let defaults = body.default.as_ref().map(|row| row.outputs.as_slice()).unwrap_or_default();
        let single = body.outputs.len() == 1;
        let wrapped = self.wrapped(body, ty);
        let prioritised = matches!(body.policy, tree::HitPolicy::Priority | tree::HitPolicy::OutputOrder);
        let mut clauses = Vec::new();
        for (position, column) in body.outputs.iter().enumerate() {
            let field = fields.iter().find(|field| field.name.text == column.text).map(|field| &field.ty);
            let own = if single && wrapped.is_none() { ty } else { field };
            let default = defaults.get(position).map(|value| self.cell(value, wrapped));
            let (type_ref, values) = match own.filter(|_| wrapped.is_none()) {
                Some(own) => self.clause_type(own, &column.text),
                None => (None, None),
            };
            let values = values.or_else(|| own.filter(|_| prioritised).and_then(|own| self.priorities(own)));
            clauses.push(OutputClause {
                name: Some(column.text.clone()).filter(|text| !single || *text != name.text),
                type_ref,
                values,
                default,
                ..OutputClause::default()
            });
        }
        clauses
    }

    /// The type of a column and the values that it lists, where they stand in its type itself.
    fn clause_type(&mut self, ty: &TypeExpr, hint: &str) -> (Option<TypeRef>, Option<UnaryTests>) {
        match &ty.kind {
            TypeKind::Choice(values) => (Some(type_of_choices(values)), Some(unary_tests(choices(values)))),
            TypeKind::Tested(base, tests) => {
                let text = print_feel_tests(&self.rewritten_tests(tests));
                (Some(self.type_ref(base, hint)), Some(unary_tests(text)))
            }
            _ => (Some(self.type_ref(ty, hint)), None),
        }
    }

    /// The values that an output column lists because their order matters.
    fn priorities(&self, ty: &TypeExpr) -> Option<UnaryTests> {
        match &self.rulesets.resolved_type(self.here, ty)?.kind {
            TypeKind::Choice(values) => Some(unary_tests(choices(values))),
            _ => None,
        }
    }

    fn rule(&mut self, row: &Row, wrapped: Option<&Name>) -> Rule {
        let inputs = row.inputs.iter().map(|tests| self.tests_text(tests)).collect();
        let outputs = row.outputs.iter().map(|cell| self.cell(cell, wrapped)).collect();
        let annotations = row.annotations.iter().map(|text| Annotation {
            text: Some(text.clone()).filter(|text| !text.is_empty()),
            ..Annotation::default()
        });
        let element = DmnElement { description: comment(&row.comments), ..DmnElement::default() };
        Rule { element, inputs, outputs, annotations: annotations.collect() }
    }

    fn cell(&mut self, cell: &Expr, wrapped: Option<&Name>) -> LiteralExpression {
        let text = match &cell.kind {
            ExprKind::Unreadable(text) => text.clone(),
            _ => print_feel(&self.rewritten(cell)),
        };
        literal_of(match wrapped {
            None => text,
            Some(name) => format!("{{ {}: {text} }}", quoted_key(&name.text)),
        })
    }

    /// The tests of a cell as a text.
    fn tests_text(&mut self, tests: &Tests) -> UnaryTests {
        unary_tests(match unreadable(tests) {
            Some(text) => text.to_owned(),
            None => print_feel_tests(&self.rewritten_tests(tests)),
        })
    }
}

fn unreadable(tests: &Tests) -> Option<&str> {
    match &tests.kind {
        TestsKind::AnyOf(several) => match several.as_slice() {
            [Test { kind: TestKind::Expression(Expr { kind: ExprKind::Unreadable(text), .. }), .. }] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The name of an entry, in quotes where it is no plain word.
fn quoted_key(name: &str) -> String {
    let plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn policy(policy: tree::HitPolicy) -> (HitPolicy, Option<Aggregation>) {
    use tree::HitPolicy as P;
    match policy {
        P::Unique => (HitPolicy::Unique, None),
        P::Any => (HitPolicy::Any, None),
        P::Priority => (HitPolicy::Priority, None),
        P::First => (HitPolicy::First, None),
        P::RuleOrder => (HitPolicy::RuleOrder, None),
        P::OutputOrder => (HitPolicy::OutputOrder, None),
        P::Collect => (HitPolicy::Collect, None),
        P::CollectSum => (HitPolicy::Collect, Some(Aggregation::Sum)),
        P::CollectMin => (HitPolicy::Collect, Some(Aggregation::Min)),
        P::CollectMax => (HitPolicy::Collect, Some(Aggregation::Max)),
        P::CollectCount => (HitPolicy::Collect, Some(Aggregation::Count)),
    }
}
