//! Decision tables.

use super::Writing;
use crate::dmn::model::{Aggregation, DecisionTable, HitPolicy, InputClause, Orientation, OutputClause, Rule};

impl Writing {
    pub(super) fn decision_table(&mut self, table: &DecisionTable) {
        self.typed("decisionTable", &table.element, table.type_ref.as_ref());
        self.xml.attribute("hitPolicy", hit_policy(table.hit_policy));
        self.optional("aggregation", table.aggregation.map(aggregation));
        self.optional("preferredOrientation", table.orientation.map(orientation));
        self.optional("outputLabel", table.output_label.as_deref());
        self.inside(&table.element);
        for clause in &table.inputs {
            self.input_clause(clause);
        }
        for clause in &table.outputs {
            self.output_clause(clause);
        }
        for clause in &table.annotations {
            self.start("annotation", &clause.element);
            self.optional("name", clause.name.as_deref());
            self.inside(&clause.element);
            self.xml.end();
        }
        for rule in &table.rules {
            self.rule(rule);
        }
        self.xml.end();
    }

    fn input_clause(&mut self, clause: &InputClause) {
        self.start("input", &clause.element);
        self.inside(&clause.element);
        if let Some(expression) = &clause.expression {
            self.literal("inputExpression", expression);
        }
        self.optional_tests("inputValues", clause.values.as_ref());
        self.xml.end();
    }

    fn output_clause(&mut self, clause: &OutputClause) {
        self.start("output", &clause.element);
        self.optional("name", clause.name.as_deref());
        self.type_ref(clause.type_ref.as_ref());
        self.inside(&clause.element);
        self.optional_tests("outputValues", clause.values.as_ref());
        if let Some(default) = &clause.default {
            self.literal("defaultOutputEntry", default);
        }
        self.xml.end();
    }

    fn rule(&mut self, rule: &Rule) {
        self.start("rule", &rule.element);
        self.inside(&rule.element);
        for entry in &rule.inputs {
            self.unary_tests("inputEntry", entry);
        }
        for entry in &rule.outputs {
            self.literal("outputEntry", entry);
        }
        for entry in &rule.annotations {
            self.xml.start("annotationEntry");
            self.optional_text("text", entry.text.as_deref());
            self.xml.end();
        }
        self.xml.end();
    }
}

fn hit_policy(policy: HitPolicy) -> &'static str {
    match policy {
        HitPolicy::Unique => "UNIQUE",
        HitPolicy::First => "FIRST",
        HitPolicy::Priority => "PRIORITY",
        HitPolicy::Any => "ANY",
        HitPolicy::Collect => "COLLECT",
        HitPolicy::RuleOrder => "RULE ORDER",
        HitPolicy::OutputOrder => "OUTPUT ORDER",
    }
}

fn aggregation(aggregation: Aggregation) -> &'static str {
    match aggregation {
        Aggregation::Sum => "SUM",
        Aggregation::Count => "COUNT",
        Aggregation::Min => "MIN",
        Aggregation::Max => "MAX",
    }
}

fn orientation(orientation: Orientation) -> &'static str {
    match orientation {
        Orientation::RuleAsRow => "Rule-as-Row",
        Orientation::RuleAsColumn => "Rule-as-Column",
        Orientation::CrossTable => "CrossTable",
    }
}
