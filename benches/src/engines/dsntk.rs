//! dsntk (Decision Toolkit), a DMN engine.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use dsntk_common::Jsonify as _;
use dsntk_feel::FeelNumber;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_model_evaluator::ModelEvaluator;
use serde_json::Value;

use super::peers::Peer;
use crate::tables::spelling::{DECISION, DMN_NAME, DMN_NAMESPACE};

/// A decision of dsntk.
pub(super) struct Dsntk(Arc<ModelEvaluator>);

impl Dsntk {
    /// From the text of a DMN model.
    pub(super) fn new(dmn: &str) -> Dsntk {
        let definitions = dsntk_model::parse(dmn).unwrap_or_else(|error| panic!("{error}"));
        Dsntk(ModelEvaluator::new(&[definitions]).unwrap_or_else(|error| panic!("{error}")))
    }

    /// From its own values to its own values.
    pub(super) fn peer(self, name: &'static str, facts: &[Value]) -> Peer {
        let facts: Vec<FeelContext> = facts.iter().map(context).collect();
        let decide = move |case: usize| self.0.evaluate_invocable(DMN_NAMESPACE, DMN_NAME, DECISION, &facts[case]);
        let decide = Rc::new(decide);
        let also = decide.clone();
        Peer {
            name,
            run: Box::new(move |case| drop(black_box(decide(case)))),
            outcome: Box::new(move |case| serde_json::from_str(&also(case).jsonify()).expect("outcomes are JSON")),
        }
    }
}

fn context(facts: &Value) -> FeelContext {
    let mut context = FeelContext::default();
    for (name, value) in facts.as_object().expect("facts are an object") {
        context.set_entry(&name.as_str().into(), feel(value));
    }
    context
}

/// Texts that look like dates are dates.
fn feel(value: &Value) -> Feel {
    match value {
        Value::Bool(value) => Feel::Boolean(*value),
        Value::Number(number) => Feel::Number(number.to_string().parse::<FeelNumber>().expect("a number")),
        Value::String(text) => match text.parse() {
            Ok(date) if text.len() == 10 => Feel::Date(date),
            _ => Feel::String(text.clone()),
        },
        other => panic!("no fact here is {other}"),
    }
}
