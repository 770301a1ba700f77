//! Decision tables: columns, rows, defaults and annotations (DMN 1.5, chapter 8).

use std::iter::repeat_with;

use dictamen_syntax::Span;
use dictamen_syntax::tree::{DefaultRow, Expr, ExprKind, Name, Row, TableBody, Tests, TestsKind, TypeExpr};

use super::contexts::typed;
use super::mapping::{self, Mapping};
use super::outputs::Shape;
use super::policies::policy_of;
use super::{attributes, identifiers, items, types};
use crate::dmn::model::{AnnotationClause, DecisionTable, InputClause, LiteralExpression, Rule};

/// Annotation columns that have a name in both spellings of rules; the tree has the Spanish one.
const ANNOTATIONS: [(&str, &str); 6] = [
    ("titulo", "title"),
    ("base_legal", "legal_basis"),
    ("responsable", "owner"),
    ("version", "version"),
    ("nota", "note"),
    ("por_verificar", "to_verify"),
];

impl Mapping<'_, '_> {
    /// Policy, columns and rows.
    pub(super) fn table_body(&mut self, table: &DecisionTable, shape: &Shape) -> TableBody {
        let annotations = annotation_columns(table);
        let rows = table.rules.iter().map(|rule| self.row(table, rule, annotations.len())).collect();
        TableBody {
            policy: policy_of(table),
            policy_span: table.element.origin.span,
            inputs: table.inputs.iter().map(|input| self.input_column(input)).collect(),
            outputs: shape.columns.clone(),
            rows,
            default: self.default_row(table, annotations.len()),
            annotations,
            trailing: Vec::new(),
        }
    }

    /// What a column tests, as the type that it says where that may change something.
    fn input_column(&mut self, input: &InputClause) -> Expr {
        let span = input.element.origin.span;
        let Some(literal) = &input.expression else { return Expr { kind: ExprKind::Null, span } };
        let tested = self.literal(literal);
        let ty = self.column_type(input, literal, &tested);
        typed(tested, ty)
    }

    /// The type of a column and the values that it may have, where these may change something.
    fn column_type(&mut self, input: &InputClause, literal: &LiteralExpression, tested: &Expr) -> Option<TypeExpr> {
        let known = self.known(tested);
        let said = literal.type_ref.as_ref();
        let says_all = said.is_some_and(|said| known.as_ref().is_some_and(|known| self.says_all(known, said)));
        let values = input.values.as_ref().filter(|values| !values.text.value.trim().is_empty());
        let values = values.map(|values| self.tests(values)).filter(|tests| !items::is_unreadable(tests));
        let values = values.filter(|tests| !known.is_some_and(|known| self.allows_only(&known, tests)));
        match values {
            Some(values) => {
                let base = said.map(|ty| self.named_type(ty)).unwrap_or_else(|| types::any(values.span));
                Some(items::tested(base, values)).filter(|ty| !types::is_any(ty))
            }
            None => self.telling_type(said.filter(|_| !says_all)),
        }
    }

    fn row(&mut self, table: &DecisionTable, rule: &Rule, annotations: usize) -> Row {
        let span = rule.element.origin.span;
        let around = std::mem::take(&mut self.remarks);
        let mut inputs: Vec<Tests> = rule.inputs.iter().map(|tests| self.tests(tests)).collect();
        inputs.resize_with(table.inputs.len(), || Tests { kind: TestsKind::Any, span });
        let texts = rule.annotations.iter().map(|annotation| annotation.text.as_deref().unwrap_or_default());
        let texts = texts.map(|text| text.trim().to_owned()).chain(repeat_with(String::new));
        let outputs = self.output_cells(table, &rule.outputs, span);
        let mut comments = attributes::described_above(&rule.element);
        comments.append(&mut std::mem::replace(&mut self.remarks, around));
        Row { comments, inputs, outputs, annotations: texts.take(annotations).collect(), span }
    }

    fn output_cells(&mut self, table: &DecisionTable, cells: &[LiteralExpression], span: Span) -> Vec<Expr> {
        let mut outputs: Vec<Expr> = cells.iter().map(|cell| self.literal(cell)).collect();
        outputs.resize_with(table.outputs.len(), || Expr { kind: ExprKind::Null, span });
        outputs
    }

    /// The outcome where no rule matches, if a column says one.
    fn default_row(&mut self, table: &DecisionTable, annotations: usize) -> Option<DefaultRow> {
        let said =
            |literal: &LiteralExpression| literal.text.as_ref().is_some_and(|text| !text.value.trim().is_empty());
        let defaults = table.outputs.iter().map(|clause| clause.default.as_ref().filter(|literal| said(literal)));
        let defaults: Vec<Option<&LiteralExpression>> = defaults.collect();
        let span = defaults.iter().flatten().next()?.element.origin.span;
        let outputs = defaults.into_iter().map(|default| match default {
            Some(literal) => self.literal(literal),
            None => Expr { kind: ExprKind::Null, span },
        });
        let outputs = outputs.collect();
        Some(DefaultRow { comments: Vec::new(), outputs, annotations: vec![String::new(); annotations], span })
    }
}

/// Annotation columns, each with a name of its own.
fn annotation_columns(table: &DecisionTable) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for clause in &table.annotations {
        let taken = |name: &str| names.iter().any(|known| known.text == name);
        let text = identifiers::unique(annotation_name(clause), taken);
        names.push(mapping::name(&text, &clause.element.origin));
    }
    names
}

fn annotation_name(clause: &AnnotationClause) -> String {
    let name = clause.name.as_deref().unwrap_or_default().trim();
    let known = ANNOTATIONS.iter().find(|(es, en)| name == *es || name == *en);
    match known {
        Some((es, _)) => (*es).to_owned(),
        None if name.is_empty() => "nota".to_owned(),
        None => name.to_owned(),
    }
}
