//! Boxed expressions.

use super::Reading;
use super::access::EXPRESSION;
use crate::dmn::Version;
use crate::dmn::model::{
    Binding, ChildExpression, Conditional, ContextEntry, ContextExpression, Expression, Filter, ForExpression,
    FunctionDefinition, FunctionKind, Import, ImportKind, ImportedValues, InformationItem, Invocation, ListExpression,
    LiteralExpression, Quantified, Quantifier, Relation,
};
use crate::xml::Element;

const TYPED: &[&str] = &["typeRef"];

/// The kinds of a function.
const KINDS: &[(&str, FunctionKind)] =
    &[("FEEL", FunctionKind::Feel), ("Java", FunctionKind::Java), ("PMML", FunctionKind::Pmml)];
/// The letters that tools wrote for them in DMN 1.1.
const OLD_KINDS: &[(&str, FunctionKind)] =
    &[("F", FunctionKind::Feel), ("J", FunctionKind::Java), ("P", FunctionKind::Pmml)];

impl Reading<'_> {
    /// The one boxed expression directly inside an element.
    pub(super) fn expression_in(&mut self, at: &Element) -> Option<Expression> {
        let found = self.expressions_of(at);
        self.first(at, found).and_then(|child| self.expression(child))
    }

    fn expressions_in(&mut self, at: &Element) -> Vec<Expression> {
        self.expressions_of(at).into_iter().filter_map(|child| self.expression(child)).collect()
    }

    fn expression(&mut self, at: &Element) -> Option<Expression> {
        Some(match at.local.as_str() {
            "literalExpression" => Expression::Literal(self.literal_expression(at)),
            "context" => Expression::Context(self.context(at)),
            "invocation" => Expression::Invocation(self.invocation(at)),
            "list" => Expression::List(self.list(at)),
            "relation" => Expression::Relation(self.relation(at)),
            "functionDefinition" => Expression::Function(self.function_definition(at)),
            "decisionTable" => Expression::Table(self.decision_table(at)),
            "conditional" => Expression::Conditional(self.conditional(at)),
            "for" => Expression::For(self.iteration(at)),
            "some" => Expression::Quantified(self.quantified(at, Quantifier::Some)),
            "every" => Expression::Quantified(self.quantified(at, Quantifier::Every)),
            "filter" => Expression::Filter(self.filter(at)),
            _ => return None,
        })
    }

    /// Text in FEEL or in another language.
    pub(super) fn literal_expression(&mut self, at: &Element) -> LiteralExpression {
        LiteralExpression {
            element: self.element(at, &["typeRef", "expressionLanguage"], &["text", "importedValues"]),
            type_ref: self.type_ref(at),
            language: self.language(at, "expressionLanguage"),
            text: self.content_child(at, "text"),
            imported_values: self.only(at, "importedValues").map(|values| Box::new(self.imported_values(values))),
        }
    }

    fn imported_values(&mut self, at: &Element) -> ImportedValues {
        const ATTRIBUTES: &[&str] = &["name", "namespace", "locationURI", "importType", "expressionLanguage"];
        let element = self.element(at, ATTRIBUTES, &["importedElement"]);
        let imported_element = self.content_child(at, "importedElement");
        if imported_element.is_none() {
            self.missing_element(at, &["importedElement"]);
        }
        let kind = self.required(at, "importType");
        let import = Import {
            element,
            name: self.text_attribute(at, "name").unwrap_or_default(),
            namespace: self.required(at, "namespace"),
            location: self.text_attribute(at, "locationURI").filter(|uri| !uri.is_empty()),
            kind: if Version::of_namespace(&kind).is_some() { ImportKind::Dmn } else { ImportKind::Other(kind) },
        };
        let language = self.language(at, "expressionLanguage");
        ImportedValues { import, imported_element: imported_element.unwrap_or_default(), language }
    }

    fn context(&mut self, at: &Element) -> ContextExpression {
        ContextExpression {
            element: self.element(at, TYPED, &["contextEntry"]),
            type_ref: self.type_ref(at),
            entries: self.all(at, "contextEntry").map(|entry| self.context_entry(entry)).collect(),
        }
    }

    fn context_entry(&mut self, at: &Element) -> ContextEntry {
        let element = self.element(at, &[], &["variable", EXPRESSION]);
        let entry = ContextEntry { element, variable: self.variable(at), value: self.expression_in(at) };
        if entry.value.is_none() {
            self.missing_expression(at);
        }
        entry
    }

    fn invocation(&mut self, at: &Element) -> Invocation {
        Invocation {
            element: self.element(at, TYPED, &["binding", EXPRESSION]),
            type_ref: self.type_ref(at),
            function: self.expression_in(at).map(Box::new),
            bindings: self.all(at, "binding").map(|binding| self.binding(binding)).collect(),
        }
    }

    fn binding(&mut self, at: &Element) -> Binding {
        let element = self.element(at, &[], &["parameter", EXPRESSION]);
        let parameter = self.only(at, "parameter").map(|parameter| self.information_item(parameter));
        if parameter.is_none() {
            self.missing_element(at, &["parameter"]);
        }
        Binding { element, parameter: parameter.unwrap_or_default(), formula: self.expression_in(at) }
    }

    fn list(&mut self, at: &Element) -> ListExpression {
        ListExpression {
            element: self.element(at, TYPED, &[EXPRESSION]),
            type_ref: self.type_ref(at),
            elements: self.expressions_in(at),
        }
    }

    fn relation(&mut self, at: &Element) -> Relation {
        let element = self.element(at, TYPED, &["column", "row"]);
        let columns: Vec<InformationItem> =
            self.all(at, "column").map(|column| self.information_item(column)).collect();
        let rows = self.all(at, "row").map(|row| self.relation_row(row, columns.len())).collect();
        Relation { element, type_ref: self.type_ref(at), columns, rows }
    }

    fn relation_row(&mut self, at: &Element, columns: usize) -> ListExpression {
        let row = self.list(at);
        self.check_cells(at, row.elements.len(), columns, ["columnas de la relación", "columns of the relation"]);
        row
    }

    /// A function: that of a business knowledge model, or one in the middle of an expression.
    pub(super) fn function_definition(&mut self, at: &Element) -> FunctionDefinition {
        let mut element = self.element(at, &["typeRef", "kind"], &["formalParameter", EXPRESSION]);
        if self.version == Version::V1_1 {
            element.attributes.retain(|attribute| attribute.name != "kind");
        }
        FunctionDefinition {
            element,
            type_ref: self.type_ref(at),
            kind: self.function_kind(at),
            parameters: self.all(at, "formalParameter").map(|parameter| self.information_item(parameter)).collect(),
            body: self.expression_in(at).map(Box::new),
        }
    }

    /// Where a function runs. DMN 1.1 has no attribute for it: tools wrote one of their own namespace.
    fn function_kind(&mut self, at: &Element) -> FunctionKind {
        let foreign = at.attributes.iter().find(|attribute| attribute.namespace.is_some() && attribute.local == "kind");
        match foreign.filter(|_| self.version == Version::V1_1) {
            Some(attribute) => {
                let found = OLD_KINDS.iter().chain(KINDS).find(|(word, _)| *word == attribute.value.value);
                found.map(|(_, kind)| *kind).unwrap_or_default()
            }
            None => self.one_of(at, "kind", KINDS).unwrap_or_default(),
        }
    }

    fn conditional(&mut self, at: &Element) -> Conditional {
        Conditional {
            element: self.element(at, TYPED, &["if", "then", "else"]),
            type_ref: self.type_ref(at),
            condition: self.child_expression(at, "if"),
            then: self.child_expression(at, "then"),
            otherwise: self.child_expression(at, "else"),
        }
    }

    fn iteration(&mut self, at: &Element) -> ForExpression {
        ForExpression {
            element: self.element(at, &["typeRef", "iteratorVariable"], &["in", "return"]),
            type_ref: self.type_ref(at),
            variable: Some(self.required(at, "iteratorVariable")).filter(|variable| !variable.is_empty()),
            collection: self.child_expression(at, "in"),
            returned: self.child_expression(at, "return"),
        }
    }

    fn quantified(&mut self, at: &Element, quantifier: Quantifier) -> Quantified {
        Quantified {
            element: self.element(at, &["typeRef", "iteratorVariable"], &["in", "satisfies"]),
            type_ref: self.type_ref(at),
            quantifier,
            variable: Some(self.required(at, "iteratorVariable")).filter(|variable| !variable.is_empty()),
            collection: self.child_expression(at, "in"),
            satisfies: self.child_expression(at, "satisfies"),
        }
    }

    fn filter(&mut self, at: &Element) -> Filter {
        Filter {
            element: self.element(at, TYPED, &["in", "match"]),
            type_ref: self.type_ref(at),
            collection: self.child_expression(at, "in"),
            matches: self.child_expression(at, "match"),
        }
    }

    /// A part of one of those, which must be there.
    fn child_expression(&mut self, at: &Element, name: &'static str) -> ChildExpression {
        let Some(child) = self.only(at, name) else {
            self.missing_element(at, &[name]);
            return ChildExpression { origin: at.origin.clone(), ..ChildExpression::default() };
        };
        let element = self.element(child, TYPED, &[EXPRESSION]);
        let expression = self.expression_in(child).map(Box::new);
        if expression.is_none() {
            self.missing_expression(child);
        }
        ChildExpression { id: element.id, type_ref: self.type_ref(child), expression, origin: element.origin }
    }
}
