//! Decision services: their outputs in an evaluation of their own (DMN 1.5, clause 10.4).

use std::collections::BTreeMap;

use dictamen_model::graph::Service;
use dictamen_value::{Context, Value};

use crate::evaluation::{Evaluation, Frame, Outcome};
use crate::failure::{self, Failure};

impl Evaluation<'_> {
    /// The only output of a service, or a context of its outputs.
    pub(crate) fn service(&mut self, service: &Service, frame: &Frame) -> Outcome {
        let argument = |local: &u32| frame.get(*local as usize).cloned().ok_or(Failure::new(failure::MODEL));
        let mut facts = BTreeMap::new();
        for (input, local) in &service.inputs {
            facts.insert(*input, argument(local)?);
        }
        let mut given = Vec::new();
        for (decision, local) in &service.decisions {
            given.push((*decision, argument(local)?));
        }
        let outcomes = self.inside(&facts, given, |inside| {
            service.outputs.iter().map(|output| inside.decision(*output)).collect::<Result<Vec<Value>, Failure>>()
        })?;
        match outcomes.as_slice() {
            [only] => Ok(only.clone()),
            _ => Ok(Value::from(Context::from_pairs(service.names.iter().cloned().zip(outcomes)))),
        }
    }
}
