//! What functions read besides their parameters: a business knowledge model sees no inputs and decisions, so it is given them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dictamen_syntax::tree::{Function, ItemKind};

use super::document::Document;
use super::losses::Loss;
use super::rulesets::{Rulesets, Symbol, SymbolKind};

/// Something that a function reads and is no parameter of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Need<'f> {
    /// An input or decision: the number of its ruleset, and its name.
    Information(usize, &'f str),
    /// The as-of date.
    AsOf,
}

/// A function with what it needs.
#[derive(Debug, Default)]
pub(super) struct Closure<'f> {
    /// Its own parameters.
    pub(super) parameters: Vec<&'f str>,
    /// What it needs besides, each with the name of the parameter that it becomes.
    pub(super) needs: Vec<(Need<'f>, String)>,
}

/// The functions of all rulesets, and how often each name is called.
#[derive(Debug, Default)]
pub(super) struct Closures<'f> {
    functions: HashMap<(usize, &'f str), Closure<'f>>,
    calls: HashMap<(usize, &'f str), usize>,
}

/// What a function reads itself, and which functions it uses.
#[derive(Debug, Default)]
struct Direct<'f> {
    needs: BTreeSet<Need<'f>>,
    functions: Vec<(usize, &'f str)>,
}

impl<'f> Closures<'f> {
    /// The needs of all functions, through the functions that they call.
    pub(super) fn of_rulesets(rulesets: &Rulesets<'f>) -> Closures<'f> {
        let mut direct: BTreeMap<(usize, &'f str), Direct<'f>> = BTreeMap::new();
        let mut closures = Closures::default();
        let nothing = Closures::default();
        for (here, set) in rulesets.sets.iter().enumerate() {
            let mut trial = Document::new(rulesets, here, &nothing);
            for item in set.items() {
                match &item.kind {
                    ItemKind::Function(function) => {
                        let name = function.name.text.as_str();
                        direct.insert((here, name), trial.reads(function));
                        let parameters = function.parameters.iter().map(|(name, _)| name.text.as_str()).collect();
                        closures.functions.insert((here, name), Closure { parameters, needs: Vec::new() });
                    }
                    _ => trial.item(item),
                }
            }
            trial.calls.iter().for_each(|call| {
                let count = closures.calls.entry(*call).or_default();
                *count = count.saturating_add(1);
            });
        }
        spread(&mut direct);
        for (key, Direct { needs, .. }) in direct {
            closures.give(rulesets, key, needs);
        }
        closures
    }

    /// A function, with what it needs.
    pub(super) fn of(&self, symbol: &Symbol<'f>) -> Option<&Closure<'f>> {
        self.functions.get(&(symbol.ruleset, symbol.name))
    }

    /// How often a name is called, in all rulesets.
    pub(super) fn calls(&self, symbol: &Symbol<'f>) -> usize {
        self.calls.get(&(symbol.ruleset, symbol.name)).copied().unwrap_or_default()
    }

    fn give(&mut self, rulesets: &Rulesets<'f>, key: (usize, &'f str), needs: BTreeSet<Need<'f>>) {
        let Some(closure) = self.functions.get_mut(&key) else { return };
        let mut taken: Vec<String> = closure.parameters.iter().map(|name| (*name).to_owned()).collect();
        for need in needs {
            let wished = match need {
                Need::Information(ruleset, name) if ruleset == key.0 => name.to_owned(),
                Need::Information(ruleset, name) => {
                    let id = rulesets.sets.get(ruleset).map_or("", |set| set.id);
                    format!("{}_{name}", id.replace('.', "_"))
                }
                Need::AsOf => {
                    rulesets.sets.get(key.0).map_or("", |set| set.word("fecha_decision", "decision_date")).to_owned()
                }
            };
            let mut name = wished;
            while taken.contains(&name) {
                name.push('_');
            }
            taken.push(name.clone());
            closure.needs.push((need, name));
        }
    }
}

/// What a function calls needs, the function needs: until nothing is added.
fn spread(direct: &mut BTreeMap<(usize, &str), Direct<'_>>) {
    loop {
        let mut added = false;
        let keys: Vec<_> = direct.keys().copied().collect();
        for key in keys {
            let called = direct.get(&key).map(|function| function.functions.clone()).unwrap_or_default();
            let through: BTreeSet<Need<'_>> = called
                .iter()
                .filter_map(|callee| direct.get(callee))
                .flat_map(|callee| callee.needs.iter().copied())
                .collect();
            if let Some(function) = direct.get_mut(&key) {
                let before = function.needs.len();
                function.needs.extend(through);
                added = added || function.needs.len() > before;
            }
        }
        if !added {
            return;
        }
    }
}

impl<'f> Document<'_, 'f> {
    fn reads(&mut self, function: &'f Function) -> Direct<'f> {
        let (_, scope) = self.function_logic(function, Vec::new());
        let mut direct = Direct::default();
        direct.needs.extend(Some(Need::AsOf).filter(|_| scope.as_of));
        for symbol in scope.used {
            match symbol.kind {
                SymbolKind::Input | SymbolKind::Decision => {
                    direct.needs.insert(Need::Information(symbol.ruleset, symbol.name));
                }
                SymbolKind::Function => direct.functions.push((symbol.ruleset, symbol.name)),
                SymbolKind::Parameter | SymbolKind::Service => {}
            }
        }
        direct
    }

    /// Tells that a function gets parameters for what it reads.
    pub(super) fn tell_needs(&mut self, function: &Function, needs: &[(Need<'f>, String)]) {
        if needs.iter().any(|(need, _)| matches!(need, Need::Information(..))) {
            self.losses.add(Loss::Closure, function.name.span);
        }
    }
}
