//! Decision tables.

use dictamen_value::Message;

use super::Reading;
use crate::dmn::model::{
    Aggregation, Annotation, AnnotationClause, DecisionTable, HitPolicy, InputClause, Orientation, OutputClause, Rule,
};
use crate::dmn::problem;
use crate::xml::Element;

const ATTRIBUTES: &[&str] = &["typeRef", "hitPolicy", "aggregation", "preferredOrientation", "outputLabel"];

const HIT_POLICIES: &[(&str, HitPolicy)] = &[
    ("UNIQUE", HitPolicy::Unique),
    ("FIRST", HitPolicy::First),
    ("PRIORITY", HitPolicy::Priority),
    ("ANY", HitPolicy::Any),
    ("COLLECT", HitPolicy::Collect),
    ("RULE ORDER", HitPolicy::RuleOrder),
    ("OUTPUT ORDER", HitPolicy::OutputOrder),
];

const AGGREGATIONS: &[(&str, Aggregation)] =
    &[("SUM", Aggregation::Sum), ("COUNT", Aggregation::Count), ("MIN", Aggregation::Min), ("MAX", Aggregation::Max)];

const ORIENTATIONS: &[(&str, Orientation)] = &[
    ("Rule-as-Row", Orientation::RuleAsRow),
    ("Rule-as-Column", Orientation::RuleAsColumn),
    ("CrossTable", Orientation::CrossTable),
];

impl Reading<'_> {
    /// A decision table.
    pub(super) fn decision_table(&mut self, at: &Element) -> DecisionTable {
        let table = DecisionTable {
            element: self.element(at, ATTRIBUTES, &["input", "output", "annotation", "rule"]),
            type_ref: self.type_ref(at),
            hit_policy: self.one_of(at, "hitPolicy", HIT_POLICIES).unwrap_or_default(),
            aggregation: self.one_of(at, "aggregation", AGGREGATIONS),
            orientation: self.one_of(at, "preferredOrientation", ORIENTATIONS),
            output_label: self.text_attribute(at, "outputLabel"),
            inputs: self.all(at, "input").map(|clause| self.input_clause(clause)).collect(),
            outputs: self.all(at, "output").map(|clause| self.output_clause(clause)).collect(),
            annotations: self.all(at, "annotation").map(|clause| self.annotation_clause(clause)).collect(),
            rules: self.all(at, "rule").map(|rule| self.rule(rule)).collect(),
        };
        self.check_table(at, &table);
        table
    }

    fn check_table(&mut self, at: &Element, table: &DecisionTable) {
        if table.outputs.is_empty() {
            self.missing_element(at, &["output"]);
        }
        if table.aggregation.is_some() && table.hit_policy != HitPolicy::Collect {
            self.problems.add(&at.origin, problem::useless_aggregation(at));
        }
        for (rule, at) in table.rules.iter().zip(self.all(at, "rule")) {
            self.check_cells(at, rule.inputs.len(), table.inputs.len(), ["columnas de entrada", "input columns"]);
            self.check_cells(at, rule.outputs.len(), table.outputs.len(), ["columnas de salida", "output columns"]);
        }
    }

    /// A row must have a cell for each column; these are named in both languages.
    pub(super) fn check_cells(&mut self, at: &Element, cells: usize, columns: usize, [es, en]: [&str; 2]) {
        if cells != columns {
            self.problems.add(&at.origin, problem::cells(at, cells, columns, &Message::new(es, en)));
        }
    }

    fn input_clause(&mut self, at: &Element) -> InputClause {
        let element = self.element(at, &[], &["inputExpression", "inputValues"]);
        let expression = self.only(at, "inputExpression").map(|literal| self.literal_expression(literal));
        if expression.is_none() {
            self.missing_element(at, &["inputExpression"]);
        }
        let values = self.only(at, "inputValues").map(|tests| self.unary_tests(tests));
        InputClause { element, expression, values }
    }

    fn output_clause(&mut self, at: &Element) -> OutputClause {
        OutputClause {
            element: self.element(at, &["name", "typeRef"], &["outputValues", "defaultOutputEntry"]),
            name: self.text_attribute(at, "name").filter(|name| !name.is_empty()),
            type_ref: self.type_ref(at),
            values: self.only(at, "outputValues").map(|tests| self.unary_tests(tests)),
            default: self.only(at, "defaultOutputEntry").map(|entry| self.literal_expression(entry)),
        }
    }

    fn annotation_clause(&mut self, at: &Element) -> AnnotationClause {
        AnnotationClause { element: self.element(at, &["name"], &[]), name: self.text_attribute(at, "name") }
    }

    fn rule(&mut self, at: &Element) -> Rule {
        Rule {
            element: self.element(at, &[], &["inputEntry", "outputEntry", "annotationEntry"]),
            inputs: self.all(at, "inputEntry").map(|entry| self.unary_tests(entry)).collect(),
            outputs: self.all(at, "outputEntry").map(|entry| self.literal_expression(entry)).collect(),
            annotations: self.all(at, "annotationEntry").map(|entry| self.annotation(entry)).collect(),
        }
    }

    fn annotation(&mut self, at: &Element) -> Annotation {
        self.check(at, &[], &["text"]);
        Annotation { text: self.text_child(at, "text"), origin: at.origin.clone() }
    }
}
