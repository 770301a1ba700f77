//! Which facts a decision may need and which decisions it asks, through functions and lambdas.

use std::collections::BTreeSet;

use crate::builder::{Builder, References};

/// Fills in `needs` and `asks` of every decision.
pub(crate) fn fill_in(builder: &mut Builder<'_>) {
    let direct: Vec<References> =
        builder.decisions.iter().map(|decision| through_functions(builder, decision)).collect();
    for (id, references) in direct.iter().enumerate() {
        let needs = facts(&direct, id);
        if let Some(decision) = builder.plan.decisions.get_mut(id) {
            decision.asks = references.decisions.iter().copied().collect();
            decision.needs = needs.into_iter().collect();
        }
    }
}

/// What a body refers to itself, and through the functions and lambdas it uses.
fn through_functions(builder: &Builder<'_>, start: &References) -> References {
    let mut all = start.clone();
    let mut seen_functions = BTreeSet::new();
    let mut seen_lambdas = BTreeSet::new();
    loop {
        let function = all.functions.iter().copied().find(|id| !seen_functions.contains(id));
        let lambda = all.lambdas.iter().copied().find(|id| !seen_lambdas.contains(id));
        let next = match (function, lambda) {
            (Some(id), _) => {
                seen_functions.insert(id);
                builder.functions.get(id as usize)
            }
            (None, Some(id)) => {
                seen_lambdas.insert(id);
                builder.lambdas.get(id as usize)
            }
            (None, None) => return all,
        };
        if let Some(next) = next {
            all.inputs.extend(&next.inputs);
            all.decisions.extend(&next.decisions);
            all.functions.extend(&next.functions);
            all.lambdas.extend(&next.lambdas);
        }
    }
}

/// Facts of a decision and of all that it may ask.
fn facts(direct: &[References], start: usize) -> BTreeSet<u32> {
    let mut facts = BTreeSet::new();
    let mut seen = BTreeSet::from([start]);
    let mut pending = vec![start];
    while let Some(references) = pending.pop().and_then(|id| direct.get(id)) {
        facts.extend(&references.inputs);
        for next in references.decisions.iter().map(|id| *id as usize) {
            if seen.insert(next) {
                pending.push(next);
            }
        }
    }
    facts
}
