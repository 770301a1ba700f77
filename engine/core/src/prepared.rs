//! A plan with all that is derived from it once, so that evaluations need not.

use std::ops::Deref;

use dictamen_plan::Plan;

/// A plan ready to be evaluated many times. Nothing here changes what a plan means: it can be made anew at any time.
#[derive(Clone, Debug)]
pub struct Prepared {
    plan: Plan,
}

impl Prepared {
    /// Prepares a plan.
    pub fn new(plan: Plan) -> Prepared {
        Prepared { plan }
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
