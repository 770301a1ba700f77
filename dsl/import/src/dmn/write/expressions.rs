//! Boxed expressions.

use super::Writing;
use crate::dmn::model::{
    ChildExpression, Conditional, ContextExpression, DmnElement, Expression, Filter, ForExpression, FunctionDefinition,
    FunctionKind, ImportedValues, Invocation, ListExpression, LiteralExpression, Quantified, Quantifier, Relation,
    TypeRef,
};

impl Writing {
    pub(super) fn optional_expression(&mut self, expression: Option<&Expression>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Literal(literal) => self.literal("literalExpression", literal),
            Expression::Context(context) => self.context(context),
            Expression::Invocation(invocation) => self.invocation(invocation),
            Expression::List(list) => self.list("list", list),
            Expression::Relation(relation) => self.relation(relation),
            Expression::Function(function) => self.function_definition("functionDefinition", function),
            Expression::Table(table) => self.decision_table(table),
            Expression::Conditional(conditional) => self.conditional(conditional),
            Expression::For(iteration) => self.iteration(iteration),
            Expression::Quantified(quantified) => self.quantified(quantified),
            Expression::Filter(filter) => self.filter(filter),
        }
    }

    /// Starts an expression with its type.
    pub(super) fn typed(&mut self, name: &str, element: &DmnElement, type_ref: Option<&TypeRef>) {
        self.start(name, element);
        self.type_ref(type_ref);
    }

    /// Text in FEEL or in another language, under the name that it has there.
    pub(super) fn literal(&mut self, name: &str, literal: &LiteralExpression) {
        self.typed(name, &literal.element, literal.type_ref.as_ref());
        self.language("expressionLanguage", literal.language.as_ref());
        self.inside(&literal.element);
        self.optional_text("text", literal.text.as_ref().map(|text| text.value.as_str()));
        if let Some(values) = &literal.imported_values {
            self.imported_values(values);
        }
        self.xml.end();
    }

    fn imported_values(&mut self, values: &ImportedValues) {
        self.import("importedValues", &values.import);
        self.language("expressionLanguage", values.language.as_ref());
        self.inside(&values.import.element);
        self.text("importedElement", &values.imported_element.value);
        self.xml.end();
    }

    fn context(&mut self, context: &ContextExpression) {
        self.typed("context", &context.element, context.type_ref.as_ref());
        self.inside(&context.element);
        for entry in &context.entries {
            self.start("contextEntry", &entry.element);
            self.inside(&entry.element);
            self.variable(entry.variable.as_ref());
            self.optional_expression(entry.value.as_ref());
            self.xml.end();
        }
        self.xml.end();
    }

    fn invocation(&mut self, invocation: &Invocation) {
        self.typed("invocation", &invocation.element, invocation.type_ref.as_ref());
        self.inside(&invocation.element);
        self.optional_expression(invocation.function.as_deref());
        for binding in &invocation.bindings {
            self.start("binding", &binding.element);
            self.inside(&binding.element);
            self.information_item("parameter", &binding.parameter);
            self.optional_expression(binding.formula.as_ref());
            self.xml.end();
        }
        self.xml.end();
    }

    fn list(&mut self, name: &str, list: &ListExpression) {
        self.typed(name, &list.element, list.type_ref.as_ref());
        self.inside(&list.element);
        for element in &list.elements {
            self.expression(element);
        }
        self.xml.end();
    }

    fn relation(&mut self, relation: &Relation) {
        self.typed("relation", &relation.element, relation.type_ref.as_ref());
        self.inside(&relation.element);
        for column in &relation.columns {
            self.information_item("column", column);
        }
        for row in &relation.rows {
            self.list("row", row);
        }
        self.xml.end();
    }

    /// A function, under the name that it has there.
    pub(super) fn function_definition(&mut self, name: &str, function: &FunctionDefinition) {
        self.typed(name, &function.element, function.type_ref.as_ref());
        match function.kind {
            FunctionKind::Feel => {}
            FunctionKind::Java => self.xml.attribute("kind", "Java"),
            FunctionKind::Pmml => self.xml.attribute("kind", "PMML"),
        }
        self.inside(&function.element);
        for parameter in &function.parameters {
            self.information_item("formalParameter", parameter);
        }
        self.optional_expression(function.body.as_deref());
        self.xml.end();
    }

    fn conditional(&mut self, conditional: &Conditional) {
        self.typed("conditional", &conditional.element, conditional.type_ref.as_ref());
        self.inside(&conditional.element);
        self.child("if", &conditional.condition);
        self.child("then", &conditional.then);
        self.child("else", &conditional.otherwise);
        self.xml.end();
    }

    fn iteration(&mut self, iteration: &ForExpression) {
        self.typed("for", &iteration.element, iteration.type_ref.as_ref());
        self.optional("iteratorVariable", iteration.variable.as_deref());
        self.inside(&iteration.element);
        self.child("in", &iteration.collection);
        self.child("return", &iteration.returned);
        self.xml.end();
    }

    fn quantified(&mut self, quantified: &Quantified) {
        let name = match quantified.quantifier {
            Quantifier::Some => "some",
            Quantifier::Every => "every",
        };
        self.typed(name, &quantified.element, quantified.type_ref.as_ref());
        self.optional("iteratorVariable", quantified.variable.as_deref());
        self.inside(&quantified.element);
        self.child("in", &quantified.collection);
        self.child("satisfies", &quantified.satisfies);
        self.xml.end();
    }

    fn filter(&mut self, filter: &Filter) {
        self.typed("filter", &filter.element, filter.type_ref.as_ref());
        self.inside(&filter.element);
        self.child("in", &filter.collection);
        self.child("match", &filter.matches);
        self.xml.end();
    }

    fn child(&mut self, name: &str, child: &ChildExpression) {
        self.xml.start(name);
        self.optional("id", child.id.as_deref());
        self.type_ref(child.type_ref.as_ref());
        self.optional_expression(child.expression.as_deref());
        self.xml.end();
    }
}
