//! Bodies become boxed expressions: literal ones, unless a part needs a box of its own to say its type or its text.

use dictamen_syntax::tree::{
    Arguments, Domain, Entry, Expr, ExprKind, Function, FunctionBody, Iteration, Local, Name, TypeExpr,
};
use dictamen_syntax::{print_feel, tree};

use super::completion::Completion;
use super::document::Document;
use super::rulesets::SymbolKind;
use crate::Text;
use crate::dmn::model::{
    Binding, ChildExpression, Conditional, ContextEntry, ContextExpression, DmnElement, Expression, Filter,
    ForExpression, FunctionDefinition, FunctionKind, InformationItem, Invocation, ListExpression, LiteralExpression,
    Quantified, Quantifier, TypeRef,
};

impl<'f> Document<'_, 'f> {
    /// The body of a decision or function, which gives a value of a type.
    pub(super) fn body(&mut self, locals: &[Local], body: &Expr, ty: Option<&TypeExpr>) -> Expression {
        let body = &self.completed(body, ty);
        if locals.is_empty() {
            let native = !self.is_dmn_mode();
            return match entries_and_result(body).filter(|(entries, _)| native && !entries.is_empty()) {
                Some((entries, result)) => self.context_with_result(entries, result),
                None if matches!(body.kind, ExprKind::Typed(..)) => self.context_with_result(&[], body),
                None => self.expression(body),
            };
        }
        let mark = self.scope.mark();
        let mut entries = Vec::new();
        for local in locals {
            let value = self.completed(&local.value, local.ty.as_ref());
            let value = self.expression(&value);
            let variable = self.variable(&local.name.text, local.ty.as_ref(), &local.name.text);
            self.scope.bind(&local.name.text);
            entries.push(entry(Some(variable), value, &local.comments));
        }
        entries.push(entry(None, self.expression(body), &[]));
        self.scope.release(mark);
        Expression::Context(ContextExpression { entries, ..ContextExpression::default() })
    }

    /// A value of a type with all its fields.
    pub(super) fn completed(&self, value: &Expr, ty: Option<&TypeExpr>) -> Expr {
        self.completed_for(value, self.here, ty)
    }

    /// The same where another ruleset says what the type means.
    pub(super) fn completed_for(&self, value: &Expr, owner: usize, ty: Option<&TypeExpr>) -> Expr {
        Completion { rulesets: self.rulesets, here: self.here }.expression(value, owner, ty)
    }

    /// An expression in the simplest box that says all of it.
    pub(super) fn expression(&mut self, expr: &Expr) -> Expression {
        if !self.needs_box(expr) {
            return self.literal(expr);
        }
        match &expr.kind {
            ExprKind::Typed(of, ty) => self.typed(of, ty),
            ExprKind::Unreadable(text) => Expression::Literal(literal_of(text.clone())),
            ExprKind::Context(entries) => self.boxed_context(entries),
            ExprKind::List(items) => {
                let elements = items.iter().map(|item| self.expression(item)).collect();
                Expression::List(ListExpression { elements, ..ListExpression::default() })
            }
            ExprKind::Call(function, arguments) => self.boxed_call(expr, function, arguments),
            ExprKind::If(condition, then, otherwise) => Expression::Conditional(Conditional {
                condition: self.condition_child(condition),
                then: self.child(then),
                otherwise: self.child(otherwise),
                ..Conditional::default()
            }),
            ExprKind::For(iterations, body) => self.boxed_loop(expr, iterations, body),
            ExprKind::Quantified(quantifier, iterations, body) => {
                self.boxed_quantified(expr, *quantifier, iterations, body)
            }
            ExprKind::Filter(list, condition) => self.boxed_filter(list, condition),
            ExprKind::Function(parameters, body) => self.boxed_function(parameters, body),
            ExprKind::Path(..) => match entries_and_result(expr) {
                Some((entries, result)) => self.context_with_result(entries, result),
                None => self.literal(expr),
            },
            _ => self.literal(expr),
        }
    }

    /// A literal expression.
    pub(super) fn literal(&mut self, expr: &Expr) -> Expression {
        Expression::Literal(self.literal_text(expr))
    }

    /// An expression as a text.
    pub(super) fn literal_text(&mut self, expr: &Expr) -> LiteralExpression {
        literal_of(print_feel(&self.rewritten(expr)))
    }

    /// Whether some part, on the way of boxes, says what no text of FEEL can.
    fn needs_box(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Typed(..) | ExprKind::Unreadable(_) => true,
            ExprKind::Context(entries) => {
                self.reads_better_boxed(entries) || entries.iter().any(|entry| self.needs_box(&entry.value))
            }
            ExprKind::List(items) => items.iter().any(|item| self.needs_box(item)),
            ExprKind::Call(function, arguments) => {
                self.inlinable(function, arguments).is_some()
                    || matches!(arguments, Arguments::Named(values) if values.iter().any(|(_, value)| self.needs_box(value)))
            }
            ExprKind::If(condition, then, otherwise) => {
                [condition, then, otherwise].into_iter().any(|part| self.needs_box(part))
            }
            ExprKind::For(iterations, body) | ExprKind::Quantified(_, iterations, body) => {
                match iterations.as_slice() {
                    [Iteration { domain: Domain::List(list), .. }] => self.needs_box(list) || self.needs_box(body),
                    _ => false,
                }
            }
            ExprKind::Filter(list, condition) => self.needs_box(list) || self.needs_box(condition),
            ExprKind::Function(_, body) => self.needs_box(body),
            ExprKind::Path(..) => entries_and_result(expr).is_some_and(|(entries, result)| {
                self.needs_box(result) || entries.iter().any(|entry| self.needs_box(&entry.value))
            }),
            _ => false,
        }
    }

    /// Contexts of several entries, in native text.
    fn reads_better_boxed(&self, entries: &[Entry]) -> bool {
        !self.is_dmn_mode() && entries.len() > 1 && are_distinct(entries)
    }

    fn context_with_result(&mut self, entries: &[Entry], result: &Expr) -> Expression {
        let mark = self.scope.mark();
        let mut boxed = self.context_entries(entries);
        boxed.push(entry(None, self.expression(result), &[]));
        self.scope.release(mark);
        Expression::Context(ContextExpression { entries: boxed, ..ContextExpression::default() })
    }

    fn boxed_context(&mut self, entries: &[Entry]) -> Expression {
        let mark = self.scope.mark();
        let entries = self.context_entries(entries);
        self.scope.release(mark);
        Expression::Context(ContextExpression { entries, ..ContextExpression::default() })
    }

    fn context_entries(&mut self, entries: &[Entry]) -> Vec<ContextEntry> {
        let mut boxed = Vec::new();
        for each in entries {
            let (value, ty) = untyped(&each.value);
            let value = self.expression(value);
            let variable = self.variable(&each.name.text, ty, &each.name.text);
            self.scope.bind(&each.name.text);
            boxed.push(entry(Some(variable), value, &each.comments));
        }
        boxed
    }

    /// A box says one type: an expression that has another one inside is converted by its text.
    fn typed(&mut self, of: &Expr, ty: &TypeExpr) -> Expression {
        let owner = self.owner.clone();
        let type_ref = self.type_ref(ty, &owner);
        let inner = match &of.kind {
            ExprKind::Typed(_, inner) if self.type_ref(inner, &owner) != type_ref => self.literal(of),
            _ => self.expression(of),
        };
        with_type(inner, type_ref)
    }

    /// The call of a function by names, or the table of a function that is called here alone.
    fn boxed_call(&mut self, whole: &Expr, function: &Expr, arguments: &Arguments) -> Expression {
        if let Some(inlined) = self.inlinable(function, arguments)
            && let FunctionBody::Table(body) = &inlined.body
        {
            self.inlined.insert(inlined.name.text.as_str());
            return self.table_expression(body, inlined.ty.as_ref(), &inlined.name);
        }
        let Arguments::Named(values) = arguments else { return self.literal(whole) };
        let bindings = values.iter().map(|(name, value)| self.binding(name, value)).collect();
        let function = Some(Box::new(self.literal(function)));
        Expression::Invocation(Invocation { function, bindings, ..Invocation::default() })
    }

    fn binding(&mut self, name: &Name, value: &Expr) -> Binding {
        let (value, ty) = untyped(value);
        let parameter = self.variable(&name.text, ty, &name.text);
        Binding { parameter, formula: Some(self.expression(value)), ..Binding::default() }
    }

    /// The function whose table may stand where it is called: it is called nowhere else, with the names of its parameters,
    /// and by itself would have to be given what it reads, or has a name that was made up.
    fn inlinable(&self, function: &Expr, arguments: &Arguments) -> Option<&'f Function> {
        let ExprKind::Name(name) = &function.kind else { return None };
        let symbol = self.rulesets.resolve(self.here, name).filter(|symbol| symbol.kind == SymbolKind::Function)?;
        let closure = self.closures.of(symbol)?;
        let lifted = self.is_dmn_mode() || !closure.needs.is_empty();
        if symbol.ruleset != self.here || self.closures.calls(symbol) != 1 || !lifted {
            return None;
        }
        let declaration = self.rulesets.sets.get(self.here)?.function(name)?;
        let table = matches!(declaration.body, FunctionBody::Table(_));
        (table && gives_its_names(declaration, arguments)).then_some(declaration)
    }

    fn child(&mut self, expr: &Expr) -> ChildExpression {
        ChildExpression { expression: Some(Box::new(self.expression(expr))), ..ChildExpression::default() }
    }

    /// A condition: the type that its box says tells nothing, so it is converted by its text.
    fn condition_child(&mut self, expr: &Expr) -> ChildExpression {
        match expr.kind {
            ExprKind::Typed(..) => {
                let expression = Some(Box::new(self.literal(expr)));
                ChildExpression { expression, ..ChildExpression::default() }
            }
            _ => self.child(expr),
        }
    }

    fn boxed_loop(&mut self, whole: &Expr, iterations: &[Iteration], body: &Expr) -> Expression {
        let [Iteration { name, domain: Domain::List(list) }] = iterations else { return self.literal(whole) };
        let collection = self.child(list);
        let mark = self.scope.mark();
        self.scope.bind(&name.text);
        self.scope.bind("partial");
        let returned = self.child(body);
        self.scope.release(mark);
        let variable = Some(name.text.clone());
        Expression::For(ForExpression { variable, collection, returned, ..ForExpression::default() })
    }

    fn boxed_quantified(
        &mut self,
        whole: &Expr,
        quantifier: tree::Quantifier,
        iterations: &[Iteration],
        body: &Expr,
    ) -> Expression {
        let [Iteration { name, domain: Domain::List(list) }] = iterations else { return self.literal(whole) };
        let collection = self.child(list);
        let mark = self.scope.mark();
        self.scope.bind(&name.text);
        let satisfies = self.condition_child(body);
        self.scope.release(mark);
        Expression::Quantified(Quantified {
            element: DmnElement::default(),
            type_ref: None,
            quantifier: match quantifier {
                tree::Quantifier::Some => Quantifier::Some,
                tree::Quantifier::Every => Quantifier::Every,
            },
            variable: Some(name.text.clone()),
            collection,
            satisfies,
        })
    }

    fn boxed_filter(&mut self, list: &Expr, condition: &Expr) -> Expression {
        let collection = self.child(list);
        let matches = if self.needs_box(condition) && !matches!(condition.kind, ExprKind::Typed(..)) {
            let mark = self.scope.mark();
            self.scope.bind("item");
            let child = self.child(condition);
            self.scope.release(mark);
            child
        } else {
            let text = print_feel(&self.condition(condition));
            let expression = Some(Box::new(Expression::Literal(literal_of(text))));
            ChildExpression { expression, ..ChildExpression::default() }
        };
        Expression::Filter(Filter { collection, matches, ..Filter::default() })
    }

    fn boxed_function(&mut self, parameters: &[(Name, Option<TypeExpr>)], body: &Expr) -> Expression {
        let mark = self.scope.mark();
        parameters.iter().for_each(|(name, _)| self.scope.bind(&name.text));
        let parameters = self.parameters(parameters);
        let body = Some(Box::new(self.expression(body)));
        self.scope.release(mark);
        Expression::Function(FunctionDefinition { parameters, body, ..FunctionDefinition::default() })
    }
}

/// A function of Java: a method of a class.
pub(super) fn java(class: &str, method: &str) -> FunctionDefinition {
    let quoted = |text: &str| Expr { kind: ExprKind::Text(text.to_owned()), span: Default::default() };
    let entry_of = |name: &str, value: &str| {
        let variable = InformationItem { name: name.to_owned(), ..InformationItem::default() };
        entry(Some(variable), Expression::Literal(literal_of(print_feel(&quoted(value)))), &[])
    };
    let entries = vec![entry_of("class", class), entry_of("method signature", method)];
    let body = Expression::Context(ContextExpression { entries, ..ContextExpression::default() });
    FunctionDefinition { kind: FunctionKind::Java, body: Some(Box::new(body)), ..FunctionDefinition::default() }
}

/// A literal expression with a text.
pub(super) fn literal_of(text: String) -> LiteralExpression {
    LiteralExpression { text: Some(Text::new(text)), ..LiteralExpression::default() }
}

/// Comments as one text, without their strokes.
pub(super) fn comment(comments: &[tree::Comment]) -> Option<String> {
    let lines = comments.iter().flat_map(|comment| comment.text.lines());
    let lines: Vec<&str> = lines.map(|line| line.trim().trim_start_matches('/').trim()).collect();
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}

fn entry(variable: Option<InformationItem>, value: Expression, comments: &[tree::Comment]) -> ContextEntry {
    let element = DmnElement { description: comment(comments), ..DmnElement::default() };
    ContextEntry { element, variable, value: Some(value) }
}

/// `{ a: …, b: … }.b`: entries and a result.
fn entries_and_result(body: &Expr) -> Option<(&[Entry], &Expr)> {
    let ExprKind::Path(of, name) = &body.kind else { return None };
    let ExprKind::Context(entries) = &of.kind else { return None };
    let (last, before) = entries.split_last()?;
    (are_distinct(entries) && last.name.text == name.text).then_some((before, &last.value))
}

fn are_distinct(entries: &[Entry]) -> bool {
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.text.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len() == entries.len()
}

/// A value and the type that it is said to have.
pub(super) fn untyped(value: &Expr) -> (&Expr, Option<&TypeExpr>) {
    match &value.kind {
        ExprKind::Typed(of, ty) => (of, Some(ty)),
        _ => (value, None),
    }
}

/// Whether the arguments are the names of the parameters, in order.
fn gives_its_names(function: &Function, arguments: &Arguments) -> bool {
    let Arguments::Positional(values) = arguments else { return false };
    let same = |(value, (name, _)): (&Expr, &(Name, Option<TypeExpr>))| matches!(&value.kind, ExprKind::Name(given) if *given == name.text);
    values.len() == function.parameters.len() && values.iter().zip(&function.parameters).all(same)
}

/// An expression with the type of its value.
pub(super) fn with_type(mut expression: Expression, type_ref: TypeRef) -> Expression {
    let slot = match &mut expression {
        Expression::Literal(literal) => &mut literal.type_ref,
        Expression::Context(context) => &mut context.type_ref,
        Expression::Invocation(invocation) => &mut invocation.type_ref,
        Expression::List(list) => &mut list.type_ref,
        Expression::Relation(relation) => &mut relation.type_ref,
        Expression::Function(function) => &mut function.type_ref,
        Expression::Table(table) => &mut table.type_ref,
        Expression::Conditional(conditional) => &mut conditional.type_ref,
        Expression::For(iteration) => &mut iteration.type_ref,
        Expression::Quantified(quantified) => &mut quantified.type_ref,
        Expression::Filter(filter) => &mut filter.type_ref,
    };
    *slot = Some(type_ref);
    expression
}
