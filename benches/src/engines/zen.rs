//! zen-engine (GoRules), compiled, as its own measurements use it.

use std::hint::black_box;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde_json::Value;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, EvaluationOptions, Variable};

use super::peers::Peer;

/// A decision of zen.
pub(super) struct Zen(Decision);

impl Zen {
    /// From a JDM graph.
    pub(super) fn new(jdm: Value) -> Zen {
        Zen::from_content(serde_json::from_value(jdm).expect("zen reads the model"))
    }

    /// From the text of a JDM graph.
    pub(super) fn from_text(jdm: &str) -> Zen {
        Zen::from_content(serde_json::from_str(jdm).expect("zen reads the model"))
    }

    fn from_content(content: DecisionContent) -> Zen {
        let DecisionContent::Graph(graph) = content else { panic!("the model is a graph") };
        let mut decision = Decision::from(graph);
        decision.compile();
        Zen(decision)
    }

    /// From its own values to its own values.
    pub(super) fn peer(self, name: &'static str, facts: &[Value]) -> Peer {
        self.in_memory(name, facts, false)
    }

    /// The same with its trace made on the way.
    pub(super) fn traced_peer(self, name: &'static str, facts: &[Value]) -> Peer {
        self.in_memory(name, facts, true)
    }

    fn in_memory(self, name: &'static str, facts: &[Value], trace: bool) -> Peer {
        let facts: Vec<Variable> = facts.iter().map(Variable::from).collect();
        let decide = Rc::new(move |case: usize| self.evaluate(facts[case].clone(), trace));
        let also = decide.clone();
        Peer {
            name,
            run: Box::new(move |case| drop(black_box(decide(case)))),
            outcome: Box::new(move |case| also(case).to_value()),
        }
    }

    /// Text to text.
    pub(super) fn json_peer(self, name: &'static str, facts: &[Value]) -> Peer {
        let facts: Vec<String> = facts.iter().map(Value::to_string).collect();
        let decide = Rc::new(move |case: usize| {
            let facts: Variable = serde_json::from_str(&facts[case]).expect("JSON");
            serde_json::to_vec(&self.evaluate(facts, false)).expect("JSON")
        });
        let also = decide.clone();
        Peer {
            name,
            run: Box::new(move |case| drop(black_box(decide(case)))),
            outcome: Box::new(move |case| serde_json::from_slice(&also(case)).expect("JSON")),
        }
    }

    fn evaluate(&self, facts: Variable, trace: bool) -> Variable {
        let options = EvaluationOptions { trace, max_depth: 10 };
        let answer = ready(self.0.evaluate_with_opts(facts, options));
        answer.unwrap_or_else(|error| panic!("{error:?}")).result
    }
}

/// The value of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the engine waits for something"),
    }
}
