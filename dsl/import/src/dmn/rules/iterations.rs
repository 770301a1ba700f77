//! Boxed iterators and filters (DMN 1.5, clauses 10.2.1.9 to 10.2.1.11).

use dictamen_syntax::tree::{Domain, Expr, ExprKind, Iteration, Quantifier};

use super::mapping::{self, Mapping};
use super::scope::Variable;
use crate::dmn::model::{self, ChildExpression, Expression, Filter, ForExpression, Quantified};
use crate::xml::Origin;

impl Mapping<'_, '_> {
    pub(super) fn for_each(&mut self, iteration: &ForExpression) -> Expr {
        let origin = &iteration.element.origin;
        let over = self.iterated(iteration.variable.as_deref(), &iteration.collection, origin);
        let mark = self.scope.enter();
        self.scope.declare(Variable::untyped(&over.name.text));
        self.scope.declare(Variable::untyped("partial"));
        let returned = self.child(&iteration.returned, "devuelve");
        self.scope.leave(mark);
        Expr { kind: ExprKind::For(vec![over], Box::new(returned)), span: origin.span }
    }

    pub(super) fn quantified(&mut self, quantified: &Quantified) -> Expr {
        let origin = &quantified.element.origin;
        let over = self.iterated(quantified.variable.as_deref(), &quantified.collection, origin);
        let mark = self.scope.enter();
        self.scope.declare(Variable::untyped(&over.name.text));
        let condition = self.condition(&quantified.satisfies, "cumple");
        self.scope.leave(mark);
        let quantifier = match quantified.quantifier {
            model::Quantifier::Some => Quantifier::Some,
            model::Quantifier::Every => Quantifier::Every,
        };
        Expr { kind: ExprKind::Quantified(quantifier, vec![over], Box::new(condition)), span: origin.span }
    }

    fn iterated(&mut self, variable: Option<&str>, collection: &ChildExpression, origin: &Origin) -> Iteration {
        let domain = self.domain(collection);
        Iteration { name: mapping::name(variable.unwrap_or("item"), origin), domain }
    }

    /// What is run over: a list, or `1..3`, which FEEL only has there.
    fn domain(&mut self, collection: &ChildExpression) -> Domain {
        if let Some(Expression::Literal(literal)) = collection.expression.as_deref()
            && let Some((from, to)) = literal.text.as_ref().and_then(|text| self.interval(text))
        {
            return Domain::Interval(from, to);
        }
        Domain::List(self.child(collection, "lista"))
    }

    pub(super) fn filter(&mut self, filter: &Filter) -> Expr {
        let collection = self.child(&filter.collection, "lista");
        let mark = self.scope.enter();
        self.scope.declare(Variable::untyped("item"));
        self.scope.filters = self.scope.filters.saturating_add(1);
        let condition = self.condition(&filter.matches, "condicion");
        self.scope.filters = self.scope.filters.saturating_sub(1);
        self.scope.leave(mark);
        let kind = ExprKind::Filter(Box::new(collection), Box::new(condition));
        Expr { kind, span: filter.element.origin.span }
    }
}
