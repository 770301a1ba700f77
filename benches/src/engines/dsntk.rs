//! dsntk (Decision Toolkit), a DMN engine.

use std::sync::Arc;

use dsntk_common::Jsonify as _;
use dsntk_feel::FeelNumber;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_model_evaluator::ModelEvaluator;
use serde_json::Value;

use crate::tables::spelling::{DECISION, DMN_NAME, DMN_NAMESPACE};

/// A decision of dsntk.
pub struct Dsntk(Arc<ModelEvaluator>);

impl Dsntk {
    /// From the text of a DMN model.
    pub fn new(dmn: &str) -> Dsntk {
        let definitions = dsntk_model::parse(dmn).unwrap_or_else(|error| panic!("{error}"));
        Dsntk(ModelEvaluator::new(&[definitions]).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Facts as dsntk takes them: texts that look like dates are dates.
    pub fn facts(&self, facts: &Value) -> FeelContext {
        let mut context = FeelContext::default();
        for (name, value) in facts.as_object().expect("an object") {
            context.set_entry(&name.as_str().into(), feel(value));
        }
        context
    }

    /// The outcome as JSON.
    pub fn evaluate_to_json(&self, facts: &FeelContext) -> String {
        self.evaluate(facts).jsonify()
    }

    /// The outcome.
    pub fn evaluate(&self, facts: &FeelContext) -> Feel {
        self.0.evaluate_invocable(DMN_NAMESPACE, DMN_NAME, DECISION, facts)
    }
}

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
