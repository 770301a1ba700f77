//! A dated parameter becomes a business knowledge model over the date: the first row of its table that holds.
//!
//! Rows stand with the latest start first, and of those with one start the one known last, which alone is kept where it
//! replaces the others: what holds is then the first row that matches. Since when each is known is an annotation.

use std::cmp::Reverse;

use dictamen_syntax::print_feel;
use dictamen_syntax::tree::{AttributeKey, Expr, ExprKind, Parameter, ParameterRow, TypeExpr};

use super::boxes::{comment, literal_of};
use super::document::Document;
use super::losses::Loss;
use super::types::unary_tests;
use crate::dmn::model::{
    Annotation, AnnotationClause, BusinessKnowledgeModel, DecisionTable, DmnElement, Expression, FunctionDefinition,
    HitPolicy, InformationItem, InputClause, OutputClause, Rule, TypeRef,
};

/// Annotation columns for attributes of rows, in order.
const ATTRIBUTES: [AttributeKey; 3] = [AttributeKey::LegalBasis, AttributeKey::Note, AttributeKey::ToVerify];

impl Document<'_, '_> {
    /// The business knowledge model that gives the value at a date.
    pub(super) fn dated(&mut self, parameter: &Parameter) -> BusinessKnowledgeModel {
        if parameter.rows.iter().any(|row| row.known.is_some()) {
            self.losses.add(Loss::Known, parameter.name.span);
        }
        if let Some(comment) = parameter.trailing.first() {
            self.losses.add(Loss::Comments, comment.span);
        }
        let type_ref = self.type_ref(&parameter.ty, &parameter.name.text);
        let date = self.word("fecha", "date").to_owned();
        let date = InformationItem {
            name: date,
            type_ref: Some(TypeRef { name: "date".to_owned(), ..TypeRef::default() }),
            ..InformationItem::default()
        };
        let table = self.dated_table(parameter, &date, type_ref.clone());
        let logic = FunctionDefinition {
            parameters: vec![date],
            body: Some(Box::new(Expression::Table(table))),
            ..FunctionDefinition::default()
        };
        let variable = InformationItem {
            name: parameter.name.text.clone(),
            type_ref: Some(type_ref),
            ..InformationItem::default()
        };
        let (element, authority) = self.authorised(&parameter.name, &parameter.attributes);
        BusinessKnowledgeModel {
            element,
            name: parameter.name.text.clone(),
            variable: Some(variable),
            logic: Some(logic),
            knowledge: Vec::new(),
            authority,
        }
    }

    fn dated_table(&mut self, parameter: &Parameter, date: &InformationItem, type_ref: TypeRef) -> DecisionTable {
        let rows = holding(&parameter.rows);
        let known = rows.iter().any(|row| row.known.is_some());
        let keys: Vec<AttributeKey> = ATTRIBUTES
            .into_iter()
            .filter(|key| rows.iter().any(|row| row.attributes.iter().any(|attribute| attribute.key == *key)))
            .collect();
        let names = keys.iter().map(|key| self.annotation_name(*key));
        let names = names.chain(known.then(|| self.word("conocido", "known")));
        let annotations =
            names.map(|name| AnnotationClause { name: Some(name.to_owned()), ..AnnotationClause::default() }).collect();
        let mut expression = literal_of(date.name.clone());
        expression.type_ref.clone_from(&date.type_ref);
        DecisionTable {
            hit_policy: HitPolicy::First,
            inputs: vec![InputClause { expression: Some(expression), ..InputClause::default() }],
            outputs: vec![OutputClause { type_ref: Some(type_ref), ..OutputClause::default() }],
            annotations,
            rules: rows.iter().map(|row| self.dated_rule(row, &parameter.ty, &keys, known)).collect(),
            ..DecisionTable::default()
        }
    }

    fn annotation_name(&self, key: AttributeKey) -> &'static str {
        match key {
            AttributeKey::LegalBasis => self.word("base_legal", "legal_basis"),
            AttributeKey::Note => self.word("nota", "note"),
            _ => self.word("por_verificar", "to_verify"),
        }
    }

    fn dated_rule(&mut self, row: &ParameterRow, ty: &TypeExpr, keys: &[AttributeKey], known: bool) -> Rule {
        let said = keys.iter().map(|key| {
            let attribute = row.attributes.iter().find(|attribute| attribute.key == *key);
            attribute.map(|attribute| attribute.text.clone())
        });
        let known = known.then(|| row.known.as_ref().map(|known| text(Some(known))));
        let annotations = said.chain(known).map(|text| Annotation { text, ..Annotation::default() }).collect();
        let value = match &row.value {
            Some(value) => {
                let value = self.completed(value, Some(ty));
                print_feel(&self.rewritten(&value))
            }
            None => "null".to_owned(),
        };
        Rule {
            element: DmnElement { description: comment(&row.comments), ..DmnElement::default() },
            inputs: vec![unary_tests(during(row))],
            outputs: vec![literal_of(value)],
            annotations,
        }
    }
}

/// The dates of a row as a test.
fn during(row: &ParameterRow) -> String {
    let date = |expr: &Expr| match &expr.kind {
        ExprKind::At(text) => format!("date(\"{text}\")"),
        _ => print_feel(expr),
    };
    match (row.from.as_ref().map(date), row.to.as_ref().map(date)) {
        (Some(from), Some(to)) => format!("[{from}..{to}]"),
        (Some(from), None) => format!(">= {from}"),
        (None, Some(to)) => format!("<= {to}"),
        (None, None) => "-".to_owned(),
    }
}

/// The rows in the order in which they are asked, without those that others replace altogether.
fn holding(rows: &[ParameterRow]) -> Vec<&ParameterRow> {
    let mut ordered: Vec<&ParameterRow> = rows.iter().rev().collect();
    ordered.sort_by_key(|row| (Reverse(text(row.from.as_ref())), Reverse(text(row.known.as_ref()))));
    let mut kept: Vec<&ParameterRow> = Vec::new();
    for row in ordered {
        let replaced =
            kept.iter().any(|later| text(later.from.as_ref()) == text(row.from.as_ref()) && covers(later, row));
        if !replaced {
            kept.push(row);
        }
    }
    kept
}

/// Whether the one holds at least as long as the other, from one start.
fn covers(one: &ParameterRow, other: &ParameterRow) -> bool {
    match (&one.to, &other.to) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => text(Some(one)) >= text(Some(other)),
    }
}

/// A date as a text: those of four-digit years are in the order of time.
pub(super) fn text_of_date(date: &Expr) -> String {
    match &date.kind {
        ExprKind::At(text) => text.clone(),
        _ => print_feel(date),
    }
}

fn text(date: Option<&Expr>) -> String {
    date.map(text_of_date).unwrap_or_default()
}
