//! Business knowledge models, and functions inside boxes: of FEEL, of Java, and of PMML, which are not evaluated.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Entry, Expr, ExprKind, Function, FunctionBody, ItemKind, Name, TypeExpr};

use super::identifiers::{given, spelled};
use super::mapping::{self, Mapping};
use super::policies::has_outcomes;
use super::scope::{Required, Variable};
use super::texts::unreadable;
use super::{attributes, problem};
use crate::dmn::model::{
    BusinessKnowledgeModel, DecisionTable, Expression, FunctionDefinition, FunctionKind, InformationItem, TypeRef,
};

impl Mapping<'_, '_> {
    /// A business knowledge model.
    pub(super) fn knowledge_model(&mut self, model: &BusinessKnowledgeModel) -> ItemKind {
        self.check_variable(model.variable.as_ref(), &model.name);
        self.open_scope(&model.name, &[], &model.knowledge);
        let itself = Required { declared: given(&model.name), type_ref: None };
        self.scope.require(vec![(spelled(&model.name), itself)], &[]);
        let origin = &model.element.origin;
        let mut about = attributes::of_element(&model.element, &model.name);
        attributes::add_authorities(&mut about, self.library, self.document, &model.authority, origin.span);
        let result = self.result_of(model);
        let parameters = model.logic.as_ref().map(|logic| self.parameters(&logic.parameters)).unwrap_or_default();
        let (body, ty) = self.function_body(model, result.as_ref());
        let name = mapping::name(&model.name, origin);
        ItemKind::Function(Function { name, parameters, ty, attributes: about, body })
    }

    fn function_body(
        &mut self,
        model: &BusinessKnowledgeModel,
        result: Option<&TypeRef>,
    ) -> (FunctionBody, Option<TypeExpr>) {
        let span = model.element.origin.span;
        let Some(logic) = &model.logic else { return (nothing(span), self.result_type(result)) };
        match (logic.kind, logic.body.as_deref()) {
            (FunctionKind::Feel, Some(Expression::Table(table))) if has_outcomes(table) => {
                self.table_of_function(table, result)
            }
            (FunctionKind::Feel, Some(body)) => {
                let (locals, body) = self.body(body);
                (FunctionBody::Expression(locals, body), self.result_type(result))
            }
            (FunctionKind::Feel, None) => (nothing(span), self.result_type(result)),
            (FunctionKind::Java, body) => {
                let body = self.java(model, body);
                (body, self.result_type(result))
            }
            (FunctionKind::Pmml, _) => {
                let origin = &logic.element.origin;
                self.problems.add(origin, problem::external_function(origin, &model.name));
                (FunctionBody::Expression(Vec::new(), unreadable("PMML", origin.span)), self.result_type(result))
            }
        }
    }

    fn result_type(&mut self, result: Option<&TypeRef>) -> Option<TypeExpr> {
        result.map(|ty| self.named_type(ty))
    }

    fn table_of_function(
        &mut self,
        table: &DecisionTable,
        result: Option<&TypeRef>,
    ) -> (FunctionBody, Option<TypeExpr>) {
        let shape = self.table_shape(table, result);
        if shape.fits {
            let body = self.table_body(table, &shape);
            return (FunctionBody::Table(body), shape.ty);
        }
        let call = self.lifted_table(table, shape, "tabla");
        (FunctionBody::Expression(Vec::new(), call), self.result_type(result))
    }

    fn java(&mut self, model: &BusinessKnowledgeModel, body: Option<&Expression>) -> FunctionBody {
        let (class, method) = (fixed_text(body, "class"), fixed_text(body, "method signature"));
        match (class, method) {
            (Some(class), Some(method)) => FunctionBody::External { class, method },
            _ => {
                let origin = &model.element.origin;
                self.problems.add(origin, problem::incomplete_java(origin, &model.name));
                FunctionBody::Expression(Vec::new(), unreadable("java", origin.span))
            }
        }
    }

    /// The type of what a business knowledge model returns: its variable says it, or the type of the function that it is.
    fn result_of(&self, model: &BusinessKnowledgeModel) -> Option<TypeRef> {
        let logic = model.logic.as_ref();
        let said = [
            model.variable.as_ref().and_then(|variable| variable.type_ref.as_ref()),
            logic.and_then(|logic| logic.type_ref.as_ref()),
            logic.and_then(|logic| logic.body.as_deref()).and_then(Expression::type_ref),
        ];
        let ty = said.into_iter().flatten().find(|ty| ty.name != "Any")?;
        match self.structure_of(ty).and_then(|item| item.function.as_ref()) {
            Some(function) => function.output_type.clone(),
            None => Some(ty.clone()),
        }
    }

    /// Parameters, which are in scope from here on.
    fn parameters(&mut self, parameters: &[InformationItem]) -> Vec<(Name, Option<TypeExpr>)> {
        let each = parameters.iter().map(|parameter| {
            let ty = parameter.type_ref.as_ref().map(|ty| self.named_type(ty));
            let (name, type_ref) = (parameter.name.clone(), parameter.type_ref.clone());
            self.scope.declare(Variable { name, ty: ty.clone(), type_ref });
            (mapping::name(&parameter.name, &parameter.element.origin), ty)
        });
        each.collect()
    }

    /// A function inside a box.
    pub(super) fn function(&mut self, function: &FunctionDefinition) -> Expr {
        let origin = &function.element.origin;
        let mark = self.scope.enter();
        let parameters = self.parameters(&function.parameters);
        let body = match function.kind {
            FunctionKind::Feel => {
                let body = self.optional(function.body.as_deref(), "", origin);
                let ty = function.body.as_deref().and_then(Expression::type_ref);
                self.given_type(body, ty)
            }
            FunctionKind::Java => {
                let context = self.optional(function.body.as_deref(), "", origin);
                external_java(context)
            }
            FunctionKind::Pmml => {
                self.problems.add(origin, problem::external_function(origin, &self.scope.owner));
                unreadable("PMML", origin.span)
            }
        };
        self.scope.leave(mark);
        Expr { kind: ExprKind::Function(parameters, Box::new(body)), span: origin.span }
    }
}

fn nothing(span: Span) -> FunctionBody {
    FunctionBody::Expression(Vec::new(), Expr { kind: ExprKind::Null, span })
}

/// `external { java: … }`.
fn external_java(context: Expr) -> Expr {
    let span = context.span;
    let name = Name { text: "java".to_owned(), span };
    let entry = Entry { name, value: context, comments: Vec::new() };
    let kind = ExprKind::Context(vec![entry]);
    Expr { kind: ExprKind::External(Box::new(Expr { kind, span })), span }
}

/// The text of an entry of a boxed context, where it is a string and nothing else.
fn fixed_text(body: Option<&Expression>, name: &str) -> Option<String> {
    let Some(Expression::Context(context)) = body else { return None };
    let named = |variable: &InformationItem| variable.name == name;
    let entry = context.entries.iter().find(|entry| entry.variable.as_ref().is_some_and(named))?;
    let Some(Expression::Literal(literal)) = &entry.value else { return None };
    let text = literal.text.as_ref()?.value.trim();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains(['"', '\\'])).then(|| inner.to_owned())
}
