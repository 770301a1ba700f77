//! What generated rulesets are made of: counts of every form of the typed graph.

use std::collections::BTreeMap;

use dictamen_model::graph::{Cell, CellKind, Domain, Expr, ExprKind, Model, Table, Test, TestKind};

use super::walk::{Visitor, walk};

/// How often each form was met.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Counts by form, such as `expression For` or `policy Unique`.
    pub counts: BTreeMap<String, usize>,
}

/// Every form of expression, policy, cell, test and domain that rulesets can have.
pub const FORMS: [&str; 65] = [
    "expression Constant",
    "expression Input",
    "expression Decision",
    "expression Parameter",
    "expression Parameter at a date",
    "expression AsOf",
    "expression Local",
    "expression Field",
    "expression FieldOfEach",
    "expression Filter",
    "expression Element",
    "expression Arithmetic Add",
    "expression Arithmetic Subtract",
    "expression Arithmetic Multiply",
    "expression Arithmetic Divide",
    "expression Arithmetic Power",
    "expression Negate",
    "expression Compare",
    "expression And",
    "expression Or",
    "expression In",
    "expression InstanceOf",
    "expression Ensure",
    "expression If",
    "expression For",
    "expression Quantified Some",
    "expression Quantified Every",
    "expression List",
    "expression Context",
    "expression Range",
    "expression Lambda",
    "expression FunctionValue",
    "expression Call",
    "expression BuiltIn",
    "expression CallValue",
    "expression CallNamed",
    "expression External",
    "expression Let",
    "expression Convert",
    "expression EntryOr",
    "expression Fault",
    "expression ForPartial",
    "test Dynamic",
    "domain List",
    "domain Interval",
    "policy Unique",
    "policy Any",
    "policy Priority",
    "policy First",
    "policy RuleOrder",
    "policy OutputOrder",
    "policy Collect",
    "policy CollectSum",
    "policy CollectMin",
    "policy CollectMax",
    "policy CollectCount",
    "cell Any",
    "cell AnyOf",
    "cell NoneOf",
    "test Compare",
    "test Within",
    "test InRange",
    "test InList",
    "test Condition",
    "table default",
];

impl Coverage {
    /// Counts the forms of a model.
    pub fn add(&mut self, model: &Model) {
        walk(model, self);
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Coverage) {
        for (form, count) in &other.counts {
            *self.counts.entry(form.clone()).or_default() += count;
        }
    }

    /// Forms that were never met.
    pub fn missing(&self) -> Vec<&'static str> {
        FORMS.into_iter().filter(|form| !self.counts.contains_key(*form)).collect()
    }

    fn count(&mut self, form: String) {
        *self.counts.entry(form).or_default() += 1;
    }
}

impl Visitor for Coverage {
    fn expression(&mut self, expr: &Expr) {
        if let ExprKind::BuiltIn { name, .. } = &expr.kind {
            self.count(format!("function {name}"));
        }
        self.count(format!("expression {}", form(expr)));
    }

    fn test(&mut self, test: &Test) {
        let form = match &test.kind {
            TestKind::Compare(..) => "Compare",
            TestKind::Within { .. } => "Within",
            TestKind::InRange(_) => "InRange",
            TestKind::InList(_) => "InList",
            TestKind::Condition(_) => "Condition",
            TestKind::Dynamic(_) => "Dynamic",
        };
        self.count(format!("test {form}"));
    }

    fn cell(&mut self, cell: &Cell) {
        let form = match &cell.kind {
            CellKind::Any => "Any",
            CellKind::AnyOf(_) => "AnyOf",
            CellKind::NoneOf(_) => "NoneOf",
        };
        self.count(format!("cell {form}"));
    }

    fn domain(&mut self, domain: &Domain) {
        let form = match domain {
            Domain::List(_) => "List",
            Domain::Interval(..) => "Interval",
        };
        self.count(format!("domain {form}"));
    }

    fn table(&mut self, table: &Table) {
        self.count(format!("policy {:?}", table.policy));
        if table.default.is_some() {
            self.count("table default".into());
        }
    }
}

fn form(expr: &Expr) -> String {
    let form = match &expr.kind {
        ExprKind::Constant(_) => "Constant",
        ExprKind::Input(_) => "Input",
        ExprKind::Decision(_) => "Decision",
        ExprKind::Parameter(_, None) => "Parameter",
        ExprKind::Parameter(_, Some(_)) => "Parameter at a date",
        ExprKind::AsOf => "AsOf",
        ExprKind::KnownAt => "KnownAt",
        ExprKind::Local(_) => "Local",
        ExprKind::Field(..) => "Field",
        ExprKind::FieldOfEach(..) => "FieldOfEach",
        ExprKind::Filter { .. } => "Filter",
        ExprKind::Element(..) => "Element",
        ExprKind::Arithmetic(op, ..) => return format!("Arithmetic {op:?}"),
        ExprKind::Negate(_) => "Negate",
        ExprKind::Compare(..) => "Compare",
        ExprKind::And(..) => "And",
        ExprKind::Or(..) => "Or",
        ExprKind::In { .. } => "In",
        ExprKind::InstanceOf(..) => "InstanceOf",
        ExprKind::Ensure(..) => "Ensure",
        ExprKind::If(..) => "If",
        ExprKind::For(..) => "For",
        ExprKind::ForPartial(..) => "ForPartial",
        ExprKind::Quantified(quantifier, ..) => return format!("Quantified {quantifier:?}"),
        ExprKind::List(_) => "List",
        ExprKind::Context(_) => "Context",
        ExprKind::Range { .. } => "Range",
        ExprKind::Lambda(_) => "Lambda",
        ExprKind::FunctionValue(_) => "FunctionValue",
        ExprKind::Call(..) => "Call",
        ExprKind::BuiltIn { .. } => "BuiltIn",
        ExprKind::CallValue(..) => "CallValue",
        ExprKind::CallNamed(..) => "CallNamed",
        ExprKind::External(..) => "External",
        ExprKind::Let(..) => "Let",
        ExprKind::Convert(..) => "Convert",
        ExprKind::EntryOr(..) => "EntryOr",
        ExprKind::Fault(..) => "Fault",
        ExprKind::Service(_) => "Service",
    };
    form.into()
}
