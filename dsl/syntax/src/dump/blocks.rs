//! Headers, blocks, tables and types as indented text.

use super::Writer;
use crate::tree::{
    Case, DefaultRow, Expectation, ExpectationKind, FieldDeclaration, FunctionBody, Glossary, Header, Item, ItemKind,
    Letter, Local, Name, Parameter, ParameterRow, Row, Service, TableBody, TypeExpr, TypeKind,
};

impl Writer {
    pub(super) fn header(&mut self, header: &Header) {
        self.comments("comment", &header.comments);
        let word = if header.cases_only { "cases" } else { "rules" };
        self.node(format_args!("{word} {}", header.id.text), |out| {
            out.attributes(&header.attributes);
            if let Some((from, to)) = &header.in_force {
                out.node("in_force", |out| {
                    out.expression(from);
                    to.iter().for_each(|to| out.expression(to));
                });
            }
            header.published.iter().for_each(|date| out.node("published", |out| out.expression(date)));
            if header.dmn_mode {
                out.line("mode dmn");
            }
        });
    }

    pub(super) fn item(&mut self, item: &Item) {
        self.comments("comment", &item.comments);
        match &item.kind {
            ItemKind::Import(import) => {
                let alias = import.alias.as_ref().map(|alias| format!(" as {}", alias.text)).unwrap_or_default();
                self.line(format_args!("use {}{alias}", import.ruleset.text));
            }
            ItemKind::Type(declaration) => self.node(format_args!("type {}", declaration.name.text), |out| {
                out.attributes(&declaration.attributes);
                out.ty(&declaration.ty);
            }),
            ItemKind::Input(input) => self.node(format_args!("input {}", input.name.text), |out| {
                out.attributes(&input.attributes);
                out.ty(&input.ty);
            }),
            ItemKind::Parameter(parameter) => self.parameter(parameter),
            ItemKind::Decision(decision) => self.node(format_args!("decision {}", decision.name.text), |out| {
                out.attributes(&decision.attributes);
                decision.ty.iter().for_each(|ty| out.ty(ty));
                out.locals(&decision.locals);
                out.node("body", |out| out.expression(&decision.body));
            }),
            ItemKind::Table(table) => self.node(format_args!("table {}", table.name.text), |out| {
                out.attributes(&table.attributes);
                table.ty.iter().for_each(|ty| out.ty(ty));
                out.table(&table.body);
            }),
            ItemKind::Function(function) => self.node(format_args!("function {}", function.name.text), |out| {
                out.attributes(&function.attributes);
                out.parameters(&function.parameters);
                function.ty.iter().for_each(|ty| out.ty(ty));
                match &function.body {
                    FunctionBody::Expression(locals, body) => {
                        out.locals(locals);
                        out.node("body", |out| out.expression(body));
                    }
                    FunctionBody::Table(body) => out.table(body),
                    FunctionBody::External { class, method } => {
                        out.line(format_args!("external java {class:?} {method:?}"));
                    }
                }
            }),
            ItemKind::Service(service) => self.service(service),
            ItemKind::Letter(letter) => self.letter(letter),
            ItemKind::Glossary(glossary) => self.glossary(glossary),
            ItemKind::Case(case) => self.case(case),
            ItemKind::Error(text) => self.line(format_args!("error {text:?}")),
        }
    }

    pub(super) fn parameters(&mut self, parameters: &[(Name, Option<TypeExpr>)]) {
        for (name, ty) in parameters {
            self.node(format_args!("parameter {}", name.text), |out| ty.iter().for_each(|ty| out.ty(ty)));
        }
    }

    fn locals(&mut self, locals: &[Local]) {
        for local in locals {
            self.comments("comment", &local.comments);
            self.node(format_args!("let {}", local.name.text), |out| {
                local.ty.iter().for_each(|ty| out.ty(ty));
                out.expression(&local.value);
            });
        }
    }

    fn service(&mut self, service: &Service) {
        let lists = [
            ("output", &service.outputs),
            ("enclosed", &service.encloses),
            ("input", &service.inputs),
            ("input_decision", &service.input_decisions),
        ];
        self.node(format_args!("service {}", service.name.text), |out| {
            out.attributes(&service.attributes);
            service.ty.iter().for_each(|ty| out.ty(ty));
            for (word, names) in lists {
                names.iter().for_each(|name| out.line(format_args!("{word} {}", name.text)));
            }
        });
    }

    fn letter(&mut self, letter: &Letter) {
        self.node(format_args!("letter {}", letter.decision.text), |out| {
            out.attributes(&letter.attributes);
            out.locals(&letter.locals);
            for line in &letter.lines {
                out.comments("comment", &line.comments);
                out.node(format_args!("{:?}", line.part).to_string().to_lowercase(), |out| out.expression(&line.value));
            }
        });
    }

    fn glossary(&mut self, glossary: &Glossary) {
        self.node("glossary", |out| {
            out.attributes(&glossary.attributes);
            for entry in &glossary.entries {
                out.comments("comment", &entry.comments);
                out.line(format_args!("term {:?} means {:?}", entry.term, entry.meaning));
            }
            out.comments("trailing", &glossary.trailing);
        });
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.node(format_args!("parameter {}", parameter.name.text), |out| {
            out.attributes(&parameter.attributes);
            out.ty(&parameter.ty);
            parameter.rows.iter().for_each(|row| out.parameter_row(row));
            out.comments("trailing", &parameter.trailing);
        });
    }

    fn parameter_row(&mut self, row: &ParameterRow) {
        self.comments("comment", &row.comments);
        self.node("row", |out| {
            for (word, value) in [("from", &row.from), ("to", &row.to), ("known", &row.known), ("value", &row.value)] {
                value.iter().for_each(|value| out.node(word, |out| out.expression(value)));
            }
            out.attributes(&row.attributes);
        });
    }

    fn case(&mut self, case: &Case) {
        self.node(format_args!("case {:?}", case.title), |out| {
            out.attributes(&case.attributes);
            case.like.iter().for_each(|like| out.line(format_args!("like {:?}", like.title)));
            for (word, value) in [("date", &case.as_of), ("known", &case.known_at), ("given", &case.given)] {
                value.iter().for_each(|value| out.node(word, |out| out.expression(value)));
            }
            case.expectations.iter().for_each(|expectation| out.expectation(expectation));
        });
    }

    fn expectation(&mut self, expectation: &Expectation) {
        self.comments("comment", &expectation.comments);
        match &expectation.kind {
            ExpectationKind::Holds(expr) => self.node("expect", |out| out.expression(expr)),
            ExpectationKind::Fails { code, decision } => {
                self.line(format_args!("expect error {code:?} in {}", decision.text));
            }
        }
    }

    // Tables.

    fn table(&mut self, body: &TableBody) {
        self.line(format_args!("policy {:?}", body.policy));
        body.inputs.iter().for_each(|input| self.node("input", |out| out.expression(input)));
        body.outputs.iter().for_each(|output| self.line(format_args!("output {}", output.text)));
        body.annotations.iter().for_each(|annotation| self.line(format_args!("annotation {}", annotation.text)));
        body.rows.iter().for_each(|row| self.row(row));
        body.default.iter().for_each(|row| self.default_row(row));
        self.comments("trailing", &body.trailing);
    }

    fn row(&mut self, row: &Row) {
        self.comments("comment", &row.comments);
        self.node("row", |out| {
            row.inputs.iter().for_each(|tests| out.tests(tests));
            row.outputs.iter().for_each(|output| out.node("outcome", |out| out.expression(output)));
            row.annotations.iter().for_each(|text| out.line(format_args!("annotation {text:?}")));
        });
    }

    fn default_row(&mut self, row: &DefaultRow) {
        self.comments("comment", &row.comments);
        self.node("default", |out| {
            row.outputs.iter().for_each(|output| out.node("outcome", |out| out.expression(output)));
            row.annotations.iter().for_each(|text| out.line(format_args!("annotation {text:?}")));
        });
    }

    // Types.

    pub(super) fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Error => self.line("type error"),
            TypeKind::Name(name) => self.line(format_args!("type {name}")),
            TypeKind::WithUnit(of, above, below) => {
                let names = |units: &[Name]| units.iter().map(|unit| unit.text.as_str()).collect::<Vec<_>>().join("*");
                self.node(format_args!("type in {} / {}", names(above), names(below)), |out| out.ty(of));
            }
            TypeKind::List(of) => self.node("type list of", |out| out.ty(of)),
            TypeKind::Range(of) => self.node("type range of", |out| out.ty(of)),
            TypeKind::Record(fields) => {
                self.node("type record", |out| fields.iter().for_each(|field| out.field(field)))
            }
            TypeKind::Choice(choices) => {
                self.node("type choice", |out| choices.iter().for_each(|choice| out.expression(choice)));
            }
            TypeKind::Optional(of) => self.node("type optional", |out| out.ty(of)),
            TypeKind::Tested(of, tests) => self.node("type tested", |out| {
                out.ty(of);
                out.tests(tests);
            }),
            TypeKind::Where(of, condition) => self.node("type where", |out| {
                out.ty(of);
                out.expression(condition);
            }),
            TypeKind::Function(parameters, result) => self.node("type function", |out| {
                parameters.iter().for_each(|parameter| out.ty(parameter));
                out.node("result", |out| out.ty(result));
            }),
        }
    }

    fn field(&mut self, field: &FieldDeclaration) {
        self.comments("comment", &field.comments);
        self.node(format_args!("field {}", field.name.text), |out| out.ty(&field.ty));
    }
}
