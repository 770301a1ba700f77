//! What the texts of one element see: what it requires, and the local names around them (DMN 1.5, clause 10.4).

use std::collections::HashMap;

use dictamen_syntax::Names;
use dictamen_syntax::tree::TypeExpr;

use super::identifiers::{given, spelled};
use crate::dmn::model::TypeRef;

/// Names above which it is worth making a set of them, which takes longer but needs not be copied for each text.
const MANY: usize = 16;

/// What the texts of one element see.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The name of the element.
    pub(super) owner: String,
    /// Names on the way from the element to the box that is mapped.
    pub(super) path: Vec<String>,
    /// Elements that it requires, by the names that texts use.
    pub(super) required: HashMap<String, Required>,
    /// Entries, parameters and iteration variables around, the innermost last.
    pub(super) locals: Vec<Variable>,
    /// Names of several words among all of these.
    pub(super) names: Names,
    /// Boxes around.
    pub(super) boxes: usize,
    /// Filters around, in which fields of elements are names too.
    pub(super) filters: usize,
}

/// An element that another requires.
#[derive(Clone, Debug)]
pub(super) struct Required {
    /// What rules call it.
    pub(super) declared: String,
    /// Its type, where it is of the same document.
    pub(super) type_ref: Option<TypeRef>,
}

/// A local name.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    /// Its type, as rules spell it.
    pub(super) ty: Option<TypeExpr>,
    /// Its type, as the document names it.
    pub(super) type_ref: Option<TypeRef>,
}

/// How far back to go when the names of a box end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    locals: usize,
    names: usize,
}

impl Scope {
    /// The scope of an element.
    pub(super) fn of(owner: &str, names: Names) -> Scope {
        Scope { owner: given(owner), names, ..Scope::default() }
    }

    /// Adds what the element requires, by the names that texts use; `known` are those that every text may use.
    pub(super) fn require(&mut self, required: Vec<(String, Required)>, known: &[String]) {
        if required.len() > MANY {
            let names = known.iter().chain(required.iter().map(|(name, _)| name));
            self.names = Names::new(names).native();
        } else {
            required.iter().for_each(|(name, _)| self.names.push(name));
        }
        self.required.extend(required);
    }

    /// Where the names of a box start.
    pub(super) fn enter(&self) -> Mark {
        Mark { locals: self.locals.len(), names: self.names.enter() }
    }

    /// Adds a local name.
    pub(super) fn declare(&mut self, variable: Variable) {
        let variable = Variable { name: spelled(&variable.name), ..variable };
        self.names.push(&variable.name);
        self.locals.push(variable);
    }

    /// Ends the names of a box.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.locals.truncate(mark.locals);
        self.names.leave(mark.names);
    }

    /// The innermost local of that name.
    pub(super) fn local(&self, name: &str) -> Option<&Variable> {
        self.locals.iter().rev().find(|variable| variable.name == name)
    }
}

impl Variable {
    /// A local name of which no type is known.
    pub(super) fn untyped(name: &str) -> Variable {
        Variable { name: name.to_owned(), ty: None, type_ref: None }
    }
}
