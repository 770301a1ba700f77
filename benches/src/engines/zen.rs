//! zen-engine (GoRules), compiled, as its own measurements use it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::Value;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, EvaluationOptions, Variable};

/// A decision of zen.
pub struct Zen(Decision);

impl Zen {
    /// From a JDM graph.
    pub fn new(jdm: Value) -> Zen {
        Zen::from_content(serde_json::from_value(jdm).expect("zen reads the model"))
    }

    /// From the text of a JDM graph.
    pub fn from_text(jdm: &str) -> Zen {
        Zen::from_content(serde_json::from_str(jdm).expect("zen reads the model"))
    }

    fn from_content(content: DecisionContent) -> Zen {
        let DecisionContent::Graph(graph) = content else { panic!("the model is a graph") };
        let mut decision = Decision::from(graph);
        decision.compile();
        Zen(decision)
    }

    /// Facts as zen takes them.
    pub fn facts(&self, facts: &Value) -> Variable {
        Variable::from(facts)
    }

    /// The outcome.
    pub fn evaluate(&self, facts: &Variable) -> Variable {
        self.run(facts, false)
    }

    /// The outcome, with zen's trace made on the way.
    pub fn evaluate_traced(&self, facts: &Variable) -> Variable {
        self.run(facts, true)
    }

    fn run(&self, facts: &Variable, trace: bool) -> Variable {
        let options = EvaluationOptions { trace, max_depth: 10 };
        let answer = ready(self.0.evaluate_with_opts(facts.clone(), options));
        answer.unwrap_or_else(|error| panic!("{error:?}")).result
    }

    /// JSON text to JSON text.
    pub fn json_to_json(&self, json: &[u8]) -> Vec<u8> {
        let facts: Variable = serde_json::from_slice(json).expect("JSON");
        serde_json::to_vec(&self.run(&facts, false)).expect("JSON")
    }
}

/// The value of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the engine waits for something"),
    }
}
