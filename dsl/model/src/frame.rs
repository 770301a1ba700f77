//! The local variables of a body while it is checked, and what is known to be present.

use std::sync::Arc;

use dictamen_value::Type;

use crate::graph::{Expr, ExprKind, LocalId, RulesetId};

/// The frame of one body.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    /// The ruleset whose names the body sees.
    pub(crate) ruleset: RulesetId,
    /// Variables in scope, innermost last.
    pub(crate) variables: Vec<Variable>,
    /// Locals handed out so far: the size of the frame.
    pub(crate) size: u32,
    /// What is known to be present here, by [`key`].
    pub(crate) present: Vec<String>,
    /// Whether fields may be asked of what may be absent: in expectations of cases, where absence is a case that fails.
    pub(crate) lenient: bool,
    /// Expressions inside one another, to refuse what would run out of stack.
    pub(crate) depth: u32,
}

/// A variable in scope.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// Its name; `?` for the value under test.
    pub(crate) name: Arc<str>,
    /// The local that holds it.
    pub(crate) local: LocalId,
    /// Its type.
    pub(crate) ty: Type,
    /// Whether the fields of its value are names too.
    pub(crate) names: Names,
    /// Whether it is an entry of a context while something else outside has the same name.
    pub(crate) hides: bool,
}

/// Which names a variable brings into scope besides its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// None.
    Own,
    /// The fields of its type (the `item` of a filter).
    Fields,
    /// Those, and in DMN mode any entry that its value may turn out to have.
    Entries,
}

/// How far back to go when a scope ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    variables: usize,
    present: usize,
}

impl Frame {
    /// An empty frame for a body of a ruleset.
    pub(crate) fn new(ruleset: RulesetId) -> Frame {
        Frame { ruleset, ..Frame::default() }
    }

    /// A new local that no name stands for.
    pub(crate) fn fresh(&mut self) -> LocalId {
        let local = self.size;
        self.size = self.size.saturating_add(1);
        local
    }

    /// Brings a variable into scope in a new local.
    pub(crate) fn declare(&mut self, name: &str, ty: Type) -> LocalId {
        let local = self.fresh();
        self.variables.push(Variable { name: name.into(), local, ty, names: Names::Own, hides: false });
        local
    }

    /// The same for an entry of a context, which later entries see.
    pub(crate) fn declare_entry(&mut self, name: &str, ty: Type, hides: bool) -> LocalId {
        let local = self.fresh();
        self.variables.push(Variable { name: name.into(), local, ty, names: Names::Own, hides });
        local
    }

    /// Brings the element of a filter into scope, with its fields as names; in DMN mode (`dynamic`) also with whatever
    /// entries it has, unless its type tells that it is no context.
    pub(crate) fn declare_item(&mut self, ty: Type, dynamic: bool) -> LocalId {
        let local = self.fresh();
        let may_be_context = matches!(ty.bare(), Type::Any | Type::Record(_));
        let names = if dynamic && may_be_context { Names::Entries } else { Names::Fields };
        self.variables.push(Variable { name: "item".into(), local, ty, names, hides: false });
        local
    }

    /// The start of a scope.
    pub(crate) fn mark(&self) -> Mark {
        Mark { variables: self.variables.len(), present: self.present.len() }
    }

    /// Ends the scope that a mark began.
    pub(crate) fn release(&mut self, mark: Mark) {
        self.variables.truncate(mark.variables);
        self.present.truncate(mark.present);
    }

    /// A variable, or a field of an open one, by name: innermost first.
    pub(crate) fn find(&self, name: &str) -> Option<Found> {
        self.variables.iter().rev().find_map(|variable| {
            // An entry called `item` comes before the element itself (DMN 1.5, clause 10.3.2.5).
            let fields = (variable.names != Names::Own).then(|| variable.ty.fields()).flatten().unwrap_or_default();
            if fields.iter().any(|field| &*field.name == name) {
                return Some(Found::FieldOf(variable.clone()));
            }
            (&*variable.name == name).then(|| Found::Variable(variable.clone()))
        })
    }

    /// Locals whose values may turn out to have an entry of this name, which then is what the name stands for: innermost
    /// first, as far as a variable or field that surely has the name.
    pub(crate) fn maybe_entries(&self, name: &str) -> Vec<LocalId> {
        let mut locals = Vec::new();
        for variable in self.variables.iter().rev() {
            let has = |variable: &Variable| {
                variable.ty.fields().is_some_and(|fields| fields.iter().any(|field| &*field.name == name))
            };
            if variable.names != Names::Own && has(variable) {
                break;
            }
            if variable.names == Names::Entries {
                locals.push(variable.local);
            }
            if &*variable.name == name {
                break;
            }
        }
        locals
    }

    /// Adds what a condition tells of presence where it is true (or false).
    pub(crate) fn assume(&mut self, condition: &Expr, truth: bool) {
        match (&condition.kind, truth) {
            (ExprKind::And(left, right), true) | (ExprKind::Or(left, right), false) => {
                self.assume(left, truth);
                self.assume(right, truth);
            }
            (ExprKind::Compare(comparison, left, right), _) => self.assume_comparison(*comparison, left, right, truth),
            (ExprKind::BuiltIn { name: "not", arguments, .. }, _) => {
                if let Some(inner) = arguments.first() {
                    self.assume(inner, !truth);
                }
            }
            _ => {}
        }
    }

    fn assume_comparison(
        &mut self,
        comparison: dictamen_syntax::tree::Comparison,
        left: &Expr,
        right: &Expr,
        truth: bool,
    ) {
        use dictamen_syntax::tree::Comparison::{Equal, NotEqual};
        let null = |expr: &Expr| matches!(expr.kind, ExprKind::Constant(dictamen_value::Value::Null));
        let tells_presence = matches!((comparison, truth), (NotEqual, true) | (Equal, false));
        let known = match (null(left), null(right)) {
            (true, false) if tells_presence => key(right),
            (false, true) if tells_presence => key(left),
            (false, false) if comparison == Equal && truth && !right.ty.is_optional() => key(left),
            (false, false) if comparison == Equal && truth && !left.ty.is_optional() => key(right),
            _ => None,
        };
        self.present.extend(known);
    }

    /// Whether an expression is known to be present here.
    pub(crate) fn is_present(&self, expr: &Expr) -> bool {
        key(expr).is_some_and(|key| self.present.contains(&key))
    }
}

/// What a name in scope stands for.
#[derive(Debug)]
pub(crate) enum Found {
    /// A variable.
    Variable(Variable),
    /// A field of an open variable's value.
    FieldOf(Variable),
}

/// What names the same value each time it is evaluated in a body: facts, decisions, locals and their fields.
pub(crate) fn key(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Input(id) => Some(format!("i{id}")),
        ExprKind::Decision(id) => Some(format!("d{id}")),
        ExprKind::Local(id) => Some(format!("l{id}")),
        ExprKind::Parameter(id, None) => Some(format!("p{id}")),
        ExprKind::Field(of, name, _) => Some(format!("{}.{name}", key(of)?)),
        _ => None,
    }
}
