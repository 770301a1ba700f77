//! Expressions with the names that the document has, and what they use on the way.
//!
//! A dated parameter becomes the call of a function over the as-of date; a function that reads facts gets them as arguments.

use dictamen_syntax::tree::{
    Arguments, Domain, Entry, Expr, ExprKind, Iteration, Name, RangeExpr, Test, TestKind, Tests, TestsKind, TypeExpr,
};
use dictamen_syntax::{Names, Source, SourceId, Span, parse_expression, tree};

use super::closures::Need;
use super::document::Document;
use super::losses::Loss;
use super::or_else;
use super::rulesets::{AS_OF, Symbol, SymbolKind, dotted};

/// The names that hold inside a body, and what the body uses.
#[derive(Debug, Default)]
pub(super) struct Scope<'r, 'f> {
    /// Local names, the innermost last.
    bound: Vec<String>,
    /// Filters around, in which names may mean fields.
    filters: usize,
    /// What the function that the body belongs to is given besides its own parameters, and how it calls that.
    pub(super) given: Option<Vec<(Need<'f>, String)>>,
    /// What is used, in the order of first use.
    pub(super) used: Vec<&'r Symbol<'f>>,
    /// Whether the as-of date is used.
    pub(super) as_of: bool,
}

impl<'r, 'f> Scope<'r, 'f> {
    /// The scope of a function's body.
    pub(super) fn of_function(given: Vec<(Need<'f>, String)>) -> Scope<'r, 'f> {
        Scope { given: Some(given), ..Scope::default() }
    }

    /// Brings a local name into scope.
    pub(super) fn bind(&mut self, name: &str) {
        self.bound.push(name.to_owned());
    }

    /// A mark to give to [`Scope::release`].
    pub(super) fn mark(&self) -> usize {
        self.bound.len()
    }

    /// Forgets the names that were bound since the mark.
    pub(super) fn release(&mut self, mark: usize) {
        self.bound.truncate(mark);
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|bound| bound == name)
    }

    fn note(&mut self, symbol: &'r Symbol<'f>) {
        let known = |used: &&Symbol<'f>| (used.ruleset, used.name) == (symbol.ruleset, symbol.name);
        if !self.used.iter().any(known) {
            self.used.push(symbol);
        }
    }
}

impl<'r, 'f> Document<'r, 'f> {
    /// An expression as the document has it.
    pub(super) fn rewritten(&mut self, expr: &Expr) -> Expr {
        use ExprKind as K;
        let kind = match &expr.kind {
            K::Name(_) => return self.name(expr),
            K::Path(of, name) => return self.path(expr, of, name),
            K::Call(function, arguments) => return self.call(function, arguments, expr.span),
            K::Error => {
                self.losses.add(Loss::Unreadable, expr.span);
                K::Error
            }
            K::Filter(list, condition) => self.filter(list, condition),
            K::Negate(of) => K::Negate(self.boxed_rewritten(of)),
            K::External(of) => K::External(self.boxed_rewritten(of)),
            K::Typed(of, ty) => return self.converted(of, ty, expr.span),
            K::Binary(op, left, right) => K::Binary(*op, self.boxed_rewritten(left), self.boxed_rewritten(right)),
            K::Between(value, low, high) => {
                K::Between(self.boxed_rewritten(value), self.boxed_rewritten(low), self.boxed_rewritten(high))
            }
            K::In(value, tests) => {
                K::In(self.boxed_rewritten(value), tests.iter().map(|test| self.rewritten_test(test)).collect())
            }
            K::InstanceOf(value, ty) => K::InstanceOf(self.boxed_rewritten(value), Box::new(self.feel_type(ty))),
            K::If(condition, then, otherwise) => {
                let (condition, then) = (self.boxed_rewritten(condition), self.boxed_rewritten(then));
                K::If(condition, then, self.boxed_rewritten(otherwise))
            }
            K::For(iterations, body) => {
                let (iterations, body) = self.loops(iterations, body);
                K::For(iterations, body)
            }
            K::Quantified(quantifier, iterations, body) => {
                let (iterations, body) = self.loops(iterations, body);
                K::Quantified(*quantifier, iterations, body)
            }
            K::List(items) => K::List(items.iter().map(|item| self.rewritten(item)).collect()),
            K::Context(entries) => self.context(entries),
            K::Range(range) => K::Range(Box::new(self.range(range))),
            K::Function(parameters, body) => self.lambda(parameters, body),
            K::Unreadable(text) if !is_name(text) => {
                self.losses.add(Loss::Texts, expr.span);
                K::Null
            }
            K::Null | K::Boolean(_) | K::Number(_) | K::Text(_) | K::At(_) | K::Tested | K::Unreadable(_) => {
                return expr.clone();
            }
        };
        Expr { kind, span: expr.span }
    }

    /// The tests of a cell as the document has them.
    pub(super) fn rewritten_tests(&mut self, tests: &Tests) -> Tests {
        let kind = match &tests.kind {
            TestsKind::AnyOf(tests) => TestsKind::AnyOf(tests.iter().map(|test| self.rewritten_test(test)).collect()),
            TestsKind::NoneOf(tests) => TestsKind::NoneOf(tests.iter().map(|test| self.rewritten_test(test)).collect()),
            TestsKind::Any => TestsKind::Any,
            TestsKind::Error => {
                self.losses.add(Loss::Unreadable, tests.span);
                TestsKind::Error
            }
        };
        Tests { kind, span: tests.span }
    }

    /// What the document calls a need, where the body that is written uses it.
    pub(super) fn need(&mut self, need: &Need<'f>, span: Span) -> Expr {
        match need {
            Need::AsOf => self.as_of(span),
            Need::Information(ruleset, name) => {
                let rulesets = self.rulesets;
                match rulesets.sets.get(*ruleset).and_then(|set| set.symbol(name)) {
                    Some(symbol) => self.reference(symbol, span),
                    None => named(name, span),
                }
            }
        }
    }

    fn boxed_rewritten(&mut self, expr: &Expr) -> Box<Expr> {
        Box::new(self.rewritten(expr))
    }

    fn rewritten_test(&mut self, test: &Test) -> Test {
        let kind = match &test.kind {
            TestKind::Compare(op, value) => TestKind::Compare(*op, self.rewritten(value)),
            TestKind::Expression(value) => TestKind::Expression(self.rewritten(value)),
        };
        Test { kind, span: test.span }
    }

    /// `(function(value: T) value)(e)`: the binding of a parameter converts as DMN says.
    fn converted(&mut self, of: &Expr, ty: &TypeExpr, span: Span) -> Expr {
        let value = self.rewritten(of);
        let word = self.word("valor", "value");
        let parameter = (Name { text: word.to_owned(), span }, Some(self.feel_type(ty)));
        let function = ExprKind::Function(vec![parameter], Box::new(named(word, span)));
        let call = ExprKind::Call(Box::new(Expr { kind: function, span }), Arguments::Positional(vec![value]));
        Expr { kind: call, span }
    }

    fn name(&mut self, expr: &Expr) -> Expr {
        let ExprKind::Name(name) = &expr.kind else { return expr.clone() };
        if self.scope.is_bound(name) {
            return expr.clone();
        }
        match self.rulesets.resolve(self.here, name) {
            Some(symbol) if self.may_be_field(name) => {
                self.scope.note(symbol);
                expr.clone()
            }
            Some(symbol) => self.value_of(symbol, expr.span),
            None if AS_OF.contains(&name.as_str()) => self.as_of(expr.span),
            None if self.is_or_else(expr) => or_else::function(expr.span),
            None => expr.clone(),
        }
    }

    fn is_or_else(&self, function: &Expr) -> bool {
        matches!(&function.kind, ExprKind::Name(name) if name == or_else::NAME && !self.scope.is_bound(name))
    }

    /// In a filter a name may mean a field of the element.
    fn may_be_field(&self, name: &str) -> bool {
        self.scope.filters > 0 && self.field_names.contains(name)
    }

    fn path(&mut self, whole: &Expr, of: &Expr, name: &Name) -> Expr {
        if let Some(symbol) = self.imported(of, &name.text) {
            return self.value_of(symbol, whole.span);
        }
        let of = self.boxed_rewritten(of);
        Expr { kind: ExprKind::Path(of, Box::new(name.clone())), span: whole.span }
    }

    /// What `of.name` means, where `of` is an import.
    fn imported(&self, of: &Expr, name: &str) -> Option<&'r Symbol<'f>> {
        let prefix = dotted(of)?;
        let first = prefix.split('.').next().unwrap_or_default();
        let own = self.rulesets.sets.get(self.here).and_then(|set| set.symbol(first));
        if self.scope.is_bound(first) || self.scope.is_bound(&prefix) || own.is_some() {
            return None;
        }
        self.rulesets.resolve_in(self.here, &prefix, name)
    }

    /// What stands behind a name that is called or read.
    fn callee(&self, function: &Expr) -> Option<&'r Symbol<'f>> {
        match &function.kind {
            ExprKind::Name(name) if self.scope.is_bound(name) => None,
            ExprKind::Name(name) => self.rulesets.resolve(self.here, name),
            ExprKind::Path(of, name) => self.imported(of, &name.text),
            _ => None,
        }
    }

    fn value_of(&mut self, symbol: &'r Symbol<'f>, span: Span) -> Expr {
        match symbol.kind {
            SymbolKind::Input | SymbolKind::Decision | SymbolKind::Service => self.reference(symbol, span),
            SymbolKind::Parameter => {
                let function = Box::new(self.reference(symbol, span));
                let date = self.as_of(span);
                Expr { kind: ExprKind::Call(function, Arguments::Positional(vec![date])), span }
            }
            SymbolKind::Function => self.function_value(symbol, span),
        }
    }

    /// A function as a value; one that needs facts is wrapped in one that does not.
    fn function_value(&mut self, symbol: &'r Symbol<'f>, span: Span) -> Expr {
        let reference = self.reference(symbol, span);
        let closures = self.closures;
        let Some(closure) = closures.of(symbol).filter(|closure| !closure.needs.is_empty()) else { return reference };
        let own = closure.parameters.iter().map(|name| named(name, span));
        let needs: Vec<Expr> = closure.needs.iter().map(|(need, _)| self.need(need, span)).collect();
        let arguments = Arguments::Positional(own.chain(needs).collect());
        let call = Expr { kind: ExprKind::Call(Box::new(reference), arguments), span };
        let names = closure.parameters.iter().map(|name| (Name { text: (*name).to_owned(), span }, None));
        Expr { kind: ExprKind::Function(names.collect(), Box::new(call)), span }
    }

    fn call(&mut self, function: &Expr, arguments: &Arguments, span: Span) -> Expr {
        let callee = self.callee(function);
        let mut arguments = match arguments {
            Arguments::Positional(values) => {
                Arguments::Positional(values.iter().map(|value| self.rewritten(value)).collect())
            }
            Arguments::Named(values) => {
                let values = values.iter().map(|(name, value)| (name.clone(), self.rewritten(value)));
                Arguments::Named(values.collect())
            }
        };
        if self.is_or_else(function)
            && let Some((value, other)) = or_else::arguments(&arguments)
        {
            return or_else::choice(value, other, span);
        }
        let function = match callee {
            Some(symbol) => {
                self.give_needs(symbol, &mut arguments, span);
                self.calls.push((symbol.ruleset, symbol.name));
                self.reference(symbol, function.span)
            }
            None => self.rewritten(function),
        };
        Expr { kind: ExprKind::Call(Box::new(function), arguments), span }
    }

    /// Adds to the arguments of a call what the function needs besides.
    fn give_needs(&mut self, symbol: &'r Symbol<'f>, arguments: &mut Arguments, span: Span) {
        let closures = self.closures;
        for (need, parameter) in closures.of(symbol).into_iter().flat_map(|closure| &closure.needs) {
            let value = self.need(need, span);
            match arguments {
                Arguments::Positional(values) => values.push(value),
                Arguments::Named(values) => values.push((Name { text: parameter.clone(), span }, value)),
            }
        }
    }

    /// The name by which the body that is written calls a symbol, which it uses then.
    fn reference(&mut self, symbol: &'r Symbol<'f>, span: Span) -> Expr {
        let information = matches!(symbol.kind, SymbolKind::Input | SymbolKind::Decision);
        if information && let Some(given) = &self.scope.given {
            let need = Need::Information(symbol.ruleset, symbol.name);
            let name = given.iter().find(|(known, _)| *known == need).map(|(_, name)| name.clone());
            self.scope.note(symbol);
            let name = name.unwrap_or_else(|| symbol.name.to_owned());
            return self.checked(&name, span);
        }
        self.scope.note(symbol);
        match self.alias_of(symbol.ruleset) {
            None => self.checked(symbol.name, span),
            Some(alias) => {
                let alias = Box::new(self.checked(&alias, span));
                Expr { kind: ExprKind::Path(alias, Box::new(Name { text: symbol.name.to_owned(), span })), span }
            }
        }
    }

    fn as_of(&mut self, span: Span) -> Expr {
        self.scope.as_of = true;
        let given = self.scope.given.iter().flatten().find(|(need, _)| *need == Need::AsOf);
        let name = given.map_or_else(|| self.as_of_name().to_owned(), |(_, name)| name.clone());
        self.checked(&name, span)
    }

    /// A name that must not mean a local.
    fn checked(&mut self, name: &str, span: Span) -> Expr {
        if self.scope.is_bound(name) && !self.is_given(name) {
            self.losses.add(Loss::Capture, span);
        }
        named(name, span)
    }

    fn is_given(&self, name: &str) -> bool {
        self.scope.given.iter().flatten().any(|(_, given)| given == name)
    }

    fn filter(&mut self, list: &Expr, condition: &Expr) -> ExprKind {
        let list = self.boxed_rewritten(list);
        let condition = Box::new(self.condition(condition));
        ExprKind::Filter(list, condition)
    }

    /// The condition of a filter.
    pub(super) fn condition(&mut self, condition: &Expr) -> Expr {
        let mark = self.scope.mark();
        self.scope.bind("item");
        self.scope.filters = self.scope.filters.saturating_add(1);
        let condition = self.rewritten(condition);
        self.scope.filters = self.scope.filters.saturating_sub(1);
        self.scope.release(mark);
        condition
    }

    fn loops(&mut self, iterations: &[Iteration], body: &Expr) -> (Vec<Iteration>, Box<Expr>) {
        let mark = self.scope.mark();
        let mut rewritten = Vec::new();
        for iteration in iterations {
            let domain = match &iteration.domain {
                Domain::List(list) => Domain::List(self.rewritten(list)),
                Domain::Interval(from, to) => Domain::Interval(self.rewritten(from), self.rewritten(to)),
            };
            self.scope.bind(&iteration.name.text);
            rewritten.push(Iteration { name: iteration.name.clone(), domain });
        }
        self.scope.bind("partial");
        let body = self.boxed_rewritten(body);
        self.scope.release(mark);
        (rewritten, body)
    }

    fn context(&mut self, entries: &[Entry]) -> ExprKind {
        let mark = self.scope.mark();
        let mut rewritten = Vec::new();
        for entry in entries {
            let value = self.rewritten(&entry.value);
            self.scope.bind(&entry.name.text);
            rewritten.push(Entry { name: entry.name.clone(), value, comments: Vec::new() });
        }
        self.scope.release(mark);
        ExprKind::Context(rewritten)
    }

    fn range(&mut self, range: &RangeExpr) -> RangeExpr {
        let low = range.low.as_ref().map(|low| self.rewritten(low));
        let high = range.high.as_ref().map(|high| self.rewritten(high));
        RangeExpr { low, high, low_closed: range.low_closed, high_closed: range.high_closed }
    }

    fn lambda(&mut self, parameters: &[(Name, Option<TypeExpr>)], body: &Expr) -> ExprKind {
        let mark = self.scope.mark();
        parameters.iter().for_each(|(name, _)| self.scope.bind(&name.text));
        let parameters = parameters.iter().map(|(name, ty)| (name.clone(), ty.as_ref().map(|ty| self.feel_type(ty))));
        let parameters = parameters.collect();
        let body = self.boxed_rewritten(body);
        self.scope.release(mark);
        tree::ExprKind::Function(parameters, body)
    }
}

/// Whether a text that is no FEEL is the name of something that is out of scope: that reads as such again.
fn is_name(text: &str) -> bool {
    let (expr, told) = parse_expression(&Source::new("", text), SourceId(0), &Names::default().native());
    told.is_empty() && matches!(expr.kind, ExprKind::Name(_) | ExprKind::Path(..))
}

/// A name as an expression.
fn named(name: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Name(name.to_owned()), span }
}
