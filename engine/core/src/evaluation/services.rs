//! Decision services: their outputs, made in an evaluation of their own that sees only what the service was given.

use dictamen_plan::{OpId, Service};
use dictamen_value::{Context, Value};

use super::decisions::Memo;
use super::machine::{Machine, Stop};
use crate::Facts;

impl Machine<'_> {
    /// What a service gives for the arguments in the locals: its only output, or a context of its outputs
    /// (DMN 1.5, clause 10.4). Nothing that was decided outside counts inside, and nothing inside is kept.
    pub(super) fn service(&mut self, id: OpId, service: &Service) -> Result<Value, Stop> {
        let (facts, memo) = self.given_to(service)?;
        let mut inside = self.inside(&facts, memo);
        let outcomes: Result<Vec<Value>, Stop> =
            service.outputs.iter().map(|decision| inside.decision(id, *decision)).collect();
        let used = inside.usage();
        self.take_back(used);
        self.outcome_of_service(service, outcomes?)
    }

    /// The arguments as facts and as decisions that were made.
    fn given_to(&mut self, service: &Service) -> Result<(Facts, Vec<Memo>), Stop> {
        let mut facts = Facts::new(self.plan);
        for (input, local) in &service.inputs {
            facts.set(*input, self.local(*local).cloned().unwrap_or_default());
        }
        let mut memo = vec![Memo::Waiting; self.plan.decisions.len()];
        for (decision, local) in &service.decisions {
            let given = self.local(*local).cloned().unwrap_or_default();
            match memo.get_mut(*decision as usize) {
                Some(slot) => *slot = Memo::Made(given),
                None => return Err(self.damaged("decisión", "decision", *decision)),
            }
        }
        Ok((facts, memo))
    }

    fn outcome_of_service(&mut self, service: &Service, outcomes: Vec<Value>) -> Result<Value, Stop> {
        let Some(shape) = service.shape else {
            return Ok(outcomes.into_iter().next().unwrap_or_default());
        };
        let names = self.plan.shapes.get(shape as usize).cloned();
        let context = names.and_then(|names| Context::with_shape(names, outcomes));
        context.map(Value::from).ok_or_else(|| self.damaged("forma", "shape", shape))
    }
}
