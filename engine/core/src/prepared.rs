//! A plan with all that is derived from it once, so that evaluations need not.

use std::ops::Deref;

use dictamen_plan::{DecisionId, Plan, TableId, TableIndex};

use crate::program::Programs;

/// A plan ready to be evaluated many times. Nothing here changes what a plan means: it can be made anew at any time.
#[derive(Debug)]
pub struct Prepared {
    plan: Plan,
    /// One entry a table, in the order of the plan; `None` where rows are tested one by one.
    indexes: Vec<Option<TableIndex>>,
    programs: Programs,
}

impl Prepared {
    /// Prepares a plan.
    pub fn new(plan: Plan) -> Prepared {
        let indexes = plan.tables.iter().map(|table| TableIndex::build(&plan, table)).collect();
        let programs = Programs::new(&plan);
        Prepared { plan, indexes, programs }
    }

    /// A plan whose tables are tested row by row: slower, and all the same otherwise, as tests make sure.
    pub fn without_indexes(plan: Plan) -> Prepared {
        let programs = Programs::new(&plan);
        Prepared { plan, indexes: Vec::new(), programs }
    }

    /// The indexes of its tables: one entry a table, or none at all.
    pub fn indexes(&self) -> &[Option<TableIndex>] {
        &self.indexes
    }

    /// The index of a table, where it has one.
    #[inline]
    pub fn index(&self, table: TableId) -> Option<&TableIndex> {
        self.indexes.get(table as usize)?.as_ref()
    }

    /// The plan itself.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Why a decision is not made by a typed program but by the general evaluator, in English; `None` where it is.
    pub fn untyped(&self, decision: DecisionId) -> Option<&'static str> {
        self.programs.of(self, decision).err().map(|reason| reason.0)
    }

    /// Programs of its decisions.
    pub(crate) fn programs(&self) -> &Programs {
        &self.programs
    }
}

impl Clone for Prepared {
    fn clone(&self) -> Prepared {
        Prepared { plan: self.plan.clone(), indexes: self.indexes.clone(), programs: Programs::new(&self.plan) }
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
