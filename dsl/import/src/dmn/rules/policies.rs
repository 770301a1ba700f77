//! Hit policies, with the aggregation that DMN keeps apart, and tables that give nothing.

use dictamen_syntax::tree::HitPolicy;

use crate::dmn::model::{self, DecisionTable};

/// Whether a table may give anything but null.
pub(super) fn has_outcomes(table: &DecisionTable) -> bool {
    let defaults = table.outputs.iter().any(|clause| clause.default.is_some());
    !table.outputs.is_empty() && (defaults || !table.rules.is_empty())
}

/// How a table that is given a type puts together the outcomes of several rows.
pub(super) fn policy_of(table: &DecisionTable) -> HitPolicy {
    match (table.hit_policy, table.aggregation) {
        (model::HitPolicy::Unique, _) => HitPolicy::Unique,
        (model::HitPolicy::First, _) => HitPolicy::First,
        (model::HitPolicy::Priority, _) => HitPolicy::Priority,
        (model::HitPolicy::Any, _) => HitPolicy::Any,
        (model::HitPolicy::RuleOrder, _) => HitPolicy::RuleOrder,
        (model::HitPolicy::OutputOrder, _) => HitPolicy::OutputOrder,
        (model::HitPolicy::Collect, None) => HitPolicy::Collect,
        (model::HitPolicy::Collect, Some(model::Aggregation::Sum)) => HitPolicy::CollectSum,
        (model::HitPolicy::Collect, Some(model::Aggregation::Count)) => HitPolicy::CollectCount,
        (model::HitPolicy::Collect, Some(model::Aggregation::Min)) => HitPolicy::CollectMin,
        (model::HitPolicy::Collect, Some(model::Aggregation::Max)) => HitPolicy::CollectMax,
    }
}
