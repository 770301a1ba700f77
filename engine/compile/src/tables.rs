//! Typed tables become tables of tests.

use dictamen_model::graph::{self, CellKind};
use dictamen_plan::{Cell, HitPolicy, Row, Table, TableId};
use dictamen_syntax::tree;
use dictamen_value::Type;

use crate::builder::{Builder, about};

impl Builder<'_> {
    /// Lowers a table whose whole outcome has a type.
    pub(crate) fn table(&mut self, table: &graph::Table, ty: &Type) -> TableId {
        let inputs = table
            .inputs
            .iter()
            .map(|column| (self.lower(&column.value), column.tested, self.text(&column.text)))
            .collect();
        let outputs = self.shape(table.outputs.iter().map(|column| column.name.clone()).collect());
        let rows = table.rows.iter().map(|row| self.row(row)).collect();
        let default = table
            .default
            .as_ref()
            .map(|(cells, knowledge, span)| (self.all(cells), about(knowledge), self.position(*span)));
        let lowered = Table {
            policy: policy(table.policy),
            inputs,
            outputs,
            single: table.single,
            output_types: table.outputs.iter().map(|column| column.ty.clone()).collect(),
            annotations: table.annotations.clone(),
            rows,
            default,
            may_be_absent: self.model.dmn_mode || ty.is_optional(),
            position: self.position(table.span),
        };
        self.push_table(lowered)
    }

    fn row(&mut self, row: &graph::Row) -> Row {
        Row {
            inputs: row.inputs.iter().map(|cell| self.cell(cell)).collect(),
            outputs: self.all(&row.outputs),
            about: about(&row.about),
            annotations: row.annotations.iter().map(|text| self.text(text)).collect(),
            position: self.position(row.span),
        }
    }

    /// Lowers a cell.
    pub(crate) fn cell(&mut self, cell: &graph::Cell) -> Cell {
        let text = self.text(&cell.text);
        let (tests, negated) = match &cell.kind {
            CellKind::Any => (Vec::new(), false),
            CellKind::AnyOf(tests) => (tests.iter().map(|test| self.test(test)).collect(), false),
            CellKind::NoneOf(tests) => (tests.iter().map(|test| self.test(test)).collect(), true),
        };
        Cell { tests, negated, text }
    }
}

fn policy(policy: tree::HitPolicy) -> HitPolicy {
    match policy {
        tree::HitPolicy::Unique => HitPolicy::Unique,
        tree::HitPolicy::Any => HitPolicy::Any,
        tree::HitPolicy::Priority => HitPolicy::Priority,
        tree::HitPolicy::First => HitPolicy::First,
        tree::HitPolicy::RuleOrder => HitPolicy::RuleOrder,
        tree::HitPolicy::OutputOrder => HitPolicy::OutputOrder,
        tree::HitPolicy::Collect => HitPolicy::Collect,
        tree::HitPolicy::CollectSum => HitPolicy::CollectSum,
        tree::HitPolicy::CollectMin => HitPolicy::CollectMin,
        tree::HitPolicy::CollectMax => HitPolicy::CollectMax,
        tree::HitPolicy::CollectCount => HitPolicy::CollectCount,
    }
}
