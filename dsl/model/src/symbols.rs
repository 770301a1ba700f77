//! Which names a ruleset knows: its own, and those of the rulesets it imports.

use std::collections::HashMap;

use dictamen_syntax::{Span, tree};
use dictamen_value::Type;

use crate::graph::{DecisionId, FunctionId, InputId, ParameterId, RulesetId};

/// The names of one ruleset.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    /// Values and functions it declares.
    pub(crate) own: HashMap<String, (Symbol, Span)>,
    /// Types it declares.
    pub(crate) types: HashMap<String, TypeSymbol<'a>>,
    /// Rulesets whose names are used as they are.
    pub(crate) open_imports: Vec<RulesetId>,
    /// Rulesets by the name they are called here: alias, or whole identifier.
    pub(crate) named_imports: HashMap<String, RulesetId>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// A fact.
    Input(InputId),
    /// A dated parameter.
    Parameter(ParameterId),
    /// A decision or table.
    Decision(DecisionId),
    /// A function.
    Function(FunctionId),
}

/// A declared type, resolved when it is first asked for.
#[derive(Clone, Debug)]
pub(crate) struct TypeSymbol<'a> {
    /// Its declaration.
    pub(crate) declaration: &'a tree::TypeDeclaration,
    /// What it stands for, once resolved.
    pub(crate) resolved: Option<Type>,
}

/// What became of looking a name up.
#[derive(Debug, PartialEq)]
pub(crate) enum Lookup {
    /// It stands for one thing.
    Found(Symbol),
    /// Two imports declare it; their identifiers.
    Ambiguous(RulesetId, RulesetId),
    /// Nobody declares it.
    Unknown,
}

/// Looks a name up in a ruleset: its own names first, then those of its open imports.
pub(crate) fn lookup(scopes: &[Scope<'_>], ruleset: RulesetId, name: &str) -> Lookup {
    let Some(scope) = scopes.get(ruleset as usize) else { return Lookup::Unknown };
    if let Some((symbol, _)) = scope.own.get(name) {
        return Lookup::Found(*symbol);
    }
    let mut found: Option<(RulesetId, Symbol)> = None;
    for import in &scope.open_imports {
        let Some(symbol) = own(scopes, *import, name) else { continue };
        match found {
            Some((first, known)) if known != symbol => return Lookup::Ambiguous(first, *import),
            _ => found = Some((*import, symbol)),
        }
    }
    found.map_or(Lookup::Unknown, |(_, symbol)| Lookup::Found(symbol))
}

/// What a ruleset itself declares under a name.
pub(crate) fn own(scopes: &[Scope<'_>], ruleset: RulesetId, name: &str) -> Option<Symbol> {
    scopes.get(ruleset as usize)?.own.get(name).map(|(symbol, _)| *symbol)
}

/// All names of values and functions that a ruleset may use as they are.
pub(crate) fn visible<'s>(scopes: &'s [Scope<'_>], ruleset: RulesetId) -> impl Iterator<Item = &'s str> {
    let scope = scopes.get(ruleset as usize);
    let imports =
        scope.into_iter().flat_map(|scope| scope.open_imports.iter().filter_map(|id| scopes.get(*id as usize)));
    scope.into_iter().chain(imports).flat_map(|scope| scope.own.keys().map(String::as_str))
}
