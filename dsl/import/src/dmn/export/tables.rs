//! Decision tables of rules become decision tables of DMN.

use dictamen_syntax::tree::{
    self, Expr, ExprKind, FieldDeclaration, Name, Row, TableBody, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind,
};
use dictamen_syntax::{print_feel, print_feel_tests};

use super::boxes::{comment, literal_of, untyped};
use super::document::Document;
use super::losses::Loss;
use super::types::{choices, type_of_choices, unary_tests};
use crate::dmn::model::{
    Aggregation, Annotation, AnnotationClause, DecisionTable, DmnElement, Expression, HitPolicy, InputClause,
    LiteralExpression, OutputClause, Rule, TypeRef, UnaryTests,
};

/// An output column.
struct Column {
    name: String,
    ty: Option<TypeExpr>,
    /// The ruleset in which its type is to be read.
    owner: usize,
}

/// The output columns of a table.
struct Columns {
    all: Vec<Column>,
    /// Whether the only column is a field of the outcome: DMN gives the cell itself, so the context is written into it.
    wrapped: bool,
}

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
        let columns = self.columns(body, ty);
        let inputs = body.inputs.iter().map(|input| self.input_clause(input)).collect();
        let outputs = columns.all.iter().zip(0..).map(|(column, position)| {
            let default = body.default.as_ref().map(|row| row.outputs.get(position));
            let clause = self.output_clause(body.policy, &columns, column, default);
            OutputClause { name: clause.name.filter(|text| columns.all.len() > 1 || *text != name.text), ..clause }
        });
        let mut outputs: Vec<OutputClause> = outputs.collect();
        if let Some(default) = outputs.first_mut().and_then(|clause| clause.default.as_mut()) {
            default.element.description = self.default_notes(body);
        }
        if let Some(comment) = body.trailing.first() {
            self.losses.add(Loss::Comments, comment.span);
        }
        let rules = body.rows.iter().map(|row| self.rule(row, &columns)).collect();
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

    /// What the default row says of itself: its comments, and its annotations with the names of their columns.
    fn default_notes(&mut self, body: &TableBody) -> Option<String> {
        let row = body.default.as_ref()?;
        let notes = body.annotations.iter().zip(&row.annotations).filter(|(_, text)| !text.is_empty());
        let notes: Vec<String> = notes.map(|(name, text)| format!("{}: {text}", name.text)).collect();
        if !notes.is_empty() {
            self.losses.add(Loss::DefaultNotes, row.span);
        }
        let lines: Vec<String> = comment(&row.comments).into_iter().chain(notes).collect();
        Some(lines.join("\n")).filter(|text| !text.is_empty())
    }

    /// The output columns of a table whose outcomes are of a type. Fields that may be absent and have no column get one,
    /// since DMN wants every entry of a type there.
    fn columns(&self, body: &TableBody, ty: Option<&TypeExpr>) -> Columns {
        let fields = ty.and_then(|ty| self.rulesets.fields(self.here, ty));
        let field = |name: &str| fields.and_then(|(_, fields)| fields.iter().find(|field| field.name.text == name));
        let single = matches!(body.outputs.as_slice(), [only] if field(&only.text).is_none());
        let owner = fields.map_or(self.here, |(owner, _)| owner);
        let given = body.outputs.iter().map(|name| match single {
            true => Column { name: name.text.clone(), ty: ty.cloned(), owner: self.here },
            false => Column { name: name.text.clone(), ty: field(&name.text).map(|field| field.ty.clone()), owner },
        });
        let left_out = |field: &&FieldDeclaration| {
            let given = body.outputs.iter().any(|name| name.text == field.name.text);
            !single && !given && self.rulesets.may_be_absent(owner, &field.ty)
        };
        let others = fields.map(|(_, fields)| fields).unwrap_or_default().iter().filter(left_out);
        let others = others.map(|field| Column { name: field.name.text.clone(), ty: Some(field.ty.clone()), owner });
        let all: Vec<Column> = given.chain(others).collect();
        let wrapped = !single && all.len() == 1;
        Columns { all, wrapped }
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

    fn output_clause(
        &mut self,
        policy: tree::HitPolicy,
        columns: &Columns,
        column: &Column,
        default: Option<Option<&Expr>>,
    ) -> OutputClause {
        let prioritised = matches!(policy, tree::HitPolicy::Priority | tree::HitPolicy::OutputOrder);
        let own = column.ty.as_ref().filter(|_| !columns.wrapped && column.owner == self.here);
        let (type_ref, values) = match own {
            Some(own) => self.clause_type(own, &column.name),
            None => (None, None),
        };
        let values = values.or_else(|| self.priorities(column).filter(|_| prioritised));
        let default = default.map(|value| self.cell(value, column, columns));
        OutputClause { name: Some(column.name.clone()), type_ref, values, default, ..OutputClause::default() }
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
    fn priorities(&self, column: &Column) -> Option<UnaryTests> {
        match &self.rulesets.resolved_type(column.owner, column.ty.as_ref()?)?.1.kind {
            TypeKind::Choice(values) => Some(unary_tests(choices(values))),
            _ => None,
        }
    }

    fn rule(&mut self, row: &Row, columns: &Columns) -> Rule {
        let inputs = row.inputs.iter().map(|tests| self.tests_text(tests)).collect();
        let cells = row.outputs.iter().map(Some).chain(std::iter::repeat(None));
        let outputs = columns.all.iter().zip(cells).map(|(column, cell)| self.cell(cell, column, columns)).collect();
        let annotations = row.annotations.iter().map(|text| Annotation {
            text: Some(text.clone()).filter(|text| !text.is_empty()),
            ..Annotation::default()
        });
        let element = DmnElement { description: comment(&row.comments), ..DmnElement::default() };
        Rule { element, inputs, outputs, annotations: annotations.collect() }
    }

    /// A cell of a column; null where the row has none.
    fn cell(&mut self, cell: Option<&Expr>, column: &Column, columns: &Columns) -> LiteralExpression {
        let text = match cell.map(|cell| &cell.kind) {
            None => "null".to_owned(),
            Some(ExprKind::Unreadable(text)) => text.clone(),
            Some(_) => cell.map(|cell| self.cell_text(cell, column)).unwrap_or_default(),
        };
        literal_of(match columns.wrapped {
            false => text,
            true => format!("{{ {}: {text} }}", quoted_key(&column.name)),
        })
    }

    fn cell_text(&mut self, cell: &Expr, column: &Column) -> String {
        let cell = self.completed_for(cell, column.owner, column.ty.as_ref());
        print_feel(&self.rewritten(&cell))
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
