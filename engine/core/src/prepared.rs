//! A plan with all that is derived from it once, so that evaluations need not.

use std::ops::Deref;

use dictamen_plan::{Plan, TableIndex};

/// A plan ready to be evaluated many times. Nothing here changes what a plan means: it can be made anew at any time.
#[derive(Clone, Debug)]
pub struct Prepared {
    plan: Plan,
    /// One entry a table, in the order of the plan; `None` where rows are tested one by one.
    indexes: Vec<Option<TableIndex>>,
}

impl Prepared {
    /// Prepares a plan.
    pub fn new(plan: Plan) -> Prepared {
        let indexes = plan.tables.iter().map(|table| TableIndex::build(&plan, table)).collect();
        Prepared { plan, indexes }
    }

    /// A plan whose tables are tested row by row: slower, and all the same otherwise, as tests make sure.
    pub fn without_indexes(plan: Plan) -> Prepared {
        Prepared { plan, indexes: Vec::new() }
    }

    /// The indexes of its tables: one entry a table, or none at all.
    pub fn indexes(&self) -> &[Option<TableIndex>] {
        &self.indexes
    }

    /// The plan itself.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

impl From<Plan> for Prepared {
    fn from(plan: Plan) -> Prepared {
        Prepared::new(plan)
    }
}

impl Deref for Prepared {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}
