//! Figures of rulesets by the tree: those that stand where they may, and those that do not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dictamen_syntax::tree::{
    Attribute, AttributeKey, DefaultRow, Expr, File, Function, FunctionBody, Item, ItemKind, Letter, Local, Parameter,
    Row, Spelling, TableBody, TypeExpr, TypeKind,
};
use dictamen_syntax::{Source, SourceId, Span, parse, print_type};

use super::expressions::{self, Literal};
use super::{canonical, is_figure, texts};
use crate::project;

/// A number of the law in its one place: a dated row of a parameter, or a row of a table of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number, as [`canonical`] writes it.
    pub number: String,
    /// What it counts: the type of the parameter or of the column.
    pub unit: String,
    /// The norms that the row names, or else its block, each written one way.
    pub articles: Vec<String>,
    /// The parameter, table or function, as `file:name`.
    pub block: String,
    /// The column of a table; empty for a parameter.
    pub column: String,
    /// Where, as `file:line:column`.
    pub place: String,
}

/// What was found in rulesets.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Figures where they may stand.
    pub figures: Vec<Figure>,
    /// Numbers in expressions and in types: number and place.
    pub in_expressions: Vec<(String, String)>,
    /// Figures in texts: the figure and its place.
    pub in_texts: Vec<(String, String)>,
    /// Figures in rows that no norm is named for: number and place.
    pub without_article: Vec<(String, String)>,
}

/// Reads all rulesets of a folder; cases may hold any figure.
pub fn read(folder: &Path) -> Findings {
    let paths = project::files_below(folder, &["regla"]);
    let sources: Vec<Source> = paths.iter().map(|path| source(folder, path)).collect();
    let names = dictamen_model::names();
    let files: Vec<File> =
        sources.iter().zip(0..).map(|(source, id)| parse(source, SourceId(id), &names).file).collect();
    let types = types(&files);
    let mut findings = Findings::default();
    for (source, file) in sources.iter().zip(&files) {
        let mut reader = Reader { source, types: &types, findings: &mut findings };
        reader.file(file);
    }
    findings
}

fn source(folder: &Path, path: &PathBuf) -> Source {
    let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
    Source::new(name, std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Types by their name; of several with one name, any.
fn types(files: &[File]) -> BTreeMap<String, TypeExpr> {
    let items = files.iter().flat_map(|file| &file.items);
    let declared = items.filter_map(|item| match &item.kind {
        ItemKind::Type(declaration) => Some((declaration.name.text.clone(), declaration.ty.clone())),
        _ => None,
    });
    declared.collect()
}

struct Reader<'a> {
    source: &'a Source,
    types: &'a BTreeMap<String, TypeExpr>,
    findings: &'a mut Findings,
}

/// A block whose rows are read.
struct Block<'a> {
    name: &'a str,
    ty: Option<&'a TypeExpr>,
    attributes: &'a [Attribute],
}

impl Reader<'_> {
    fn file(&mut self, file: &File) {
        let Some(header) = &file.header else { return };
        if header.cases_only {
            return;
        }
        self.attributes(&header.attributes);
        file.items.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Type(declaration) => {
                self.attributes(&declaration.attributes);
                self.ty(&declaration.ty);
            }
            ItemKind::Input(input) => {
                self.attributes(&input.attributes);
                self.ty(&input.ty);
            }
            ItemKind::Parameter(parameter) => self.parameter(parameter),
            ItemKind::Decision(decision) => {
                self.attributes(&decision.attributes);
                decision.ty.iter().for_each(|ty| self.ty(ty));
                self.body(&decision.locals, &decision.body);
            }
            ItemKind::Table(table) => {
                let (name, ty, attributes) = (&table.name.text, table.ty.as_ref(), &table.attributes);
                ty.into_iter().for_each(|ty| self.ty(ty));
                self.table(&Block { name, ty, attributes }, &table.body);
            }
            ItemKind::Function(function) => self.function(function),
            ItemKind::Letter(letter) => self.letter(letter),
            ItemKind::Glossary(glossary) => {
                self.attributes(&glossary.attributes);
                glossary.entries.iter().for_each(|entry| self.text(&entry.meaning, entry.span));
            }
            ItemKind::Case(_) | ItemKind::Import(_) | ItemKind::Service(_) | ItemKind::Error(_) => {}
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.attributes(&parameter.attributes);
        self.ty(&parameter.ty);
        for row in &parameter.rows {
            self.attributes(&row.attributes);
            let articles = articles(&row.attributes).or_else(|| articles(&parameter.attributes));
            let unit = print_type(&parameter.ty, Spelling::Spanish);
            if let Some(value) = &row.value {
                self.cell(value, (&parameter.name.text, ""), &unit, articles.as_deref());
            }
        }
    }

    fn function(&mut self, function: &Function) {
        let (name, ty, attributes) = (&function.name.text, function.ty.as_ref(), &function.attributes);
        let parameters = function.parameters.iter().filter_map(|(_, ty)| ty.as_ref());
        parameters.chain(ty).for_each(|ty| self.ty(ty));
        match &function.body {
            FunctionBody::Table(table) => self.table(&Block { name, ty, attributes }, table),
            FunctionBody::Expression(locals, body) => {
                self.attributes(attributes);
                self.body(locals, body);
            }
            FunctionBody::External { .. } => self.attributes(attributes),
        }
    }

    fn letter(&mut self, letter: &Letter) {
        self.attributes(&letter.attributes);
        letter.locals.iter().for_each(|local| self.expression(&local.value));
        letter.lines.iter().for_each(|line| self.expression(&line.value));
    }

    fn body(&mut self, locals: &[Local], body: &Expr) {
        locals.iter().for_each(|local| self.expression(&local.value));
        self.expression(body);
    }

    fn table(&mut self, block: &Block<'_>, table: &TableBody) {
        self.attributes(block.attributes);
        table.inputs.iter().for_each(|column| self.expression(column));
        let units: Vec<String> = table.outputs.iter().map(|column| self.unit(block.ty, &column.text)).collect();
        for Row { inputs, outputs, annotations, .. } in &table.rows {
            let articles = annotated(table, annotations).or_else(|| articles(block.attributes));
            for (column, cell) in table.inputs.iter().zip(inputs) {
                let head = self.source.slice(column.span).to_owned();
                let mut found = Vec::new();
                expressions::in_cell(cell, &mut |literal, span, is_data| found.push((literal, span, is_data)));
                self.found(found, (block.name, &head), "?", articles.as_deref());
            }
            self.outputs(block, table, &units, outputs, articles.as_deref());
        }
        if let Some(DefaultRow { outputs, annotations, .. }) = &table.default {
            let articles = annotated(table, annotations).or_else(|| articles(block.attributes));
            self.outputs(block, table, &units, outputs, articles.as_deref());
        }
    }

    fn outputs(
        &mut self,
        block: &Block<'_>,
        table: &TableBody,
        units: &[String],
        outputs: &[Expr],
        articles: Option<&[String]>,
    ) {
        for ((column, unit), cell) in table.outputs.iter().zip(units).zip(outputs) {
            self.cell(cell, (block.name, &column.text), unit, articles);
        }
    }

    /// What a column of outcomes counts: the type of the field of its name, or of the outcome itself.
    fn unit(&self, ty: Option<&TypeExpr>, column: &str) -> String {
        let Some(ty) = ty else { return "?".to_owned() };
        match &ty.kind {
            TypeKind::Record(fields) => fields
                .iter()
                .find(|field| field.name.text == column)
                .map_or_else(|| "?".to_owned(), |field| print_type(&field.ty, Spelling::Spanish)),
            TypeKind::Name(name) => match self.types.get(name.rsplit('.').next().unwrap_or(name)) {
                Some(declared) => self.unit(Some(declared), column),
                None => name.clone(),
            },
            TypeKind::List(of) | TypeKind::Optional(of) => self.unit(Some(of), column),
            _ => print_type(ty, Spelling::Spanish),
        }
    }

    fn cell(&mut self, value: &Expr, name: (&str, &str), unit: &str, articles: Option<&[String]>) {
        let mut found = Vec::new();
        expressions::literals(value, true, &mut |literal, span, is_data| found.push((literal, span, is_data)));
        self.found(found, name, unit, articles);
    }

    fn found(
        &mut self,
        found: Vec<(Literal, Span, bool)>,
        (block, column): (&str, &str),
        unit: &str,
        articles: Option<&[String]>,
    ) {
        for (literal, span, is_data) in found {
            match literal {
                Literal::Text(text) => self.text(&text, span),
                Literal::Number(number) if is_data => {
                    let (number, place) = (canonical(&number), self.place(span));
                    if articles.is_none() && is_figure(&number) {
                        self.findings.without_article.push((number.clone(), place.clone()));
                    }
                    self.findings.figures.push(Figure {
                        number,
                        unit: unit.trim_end_matches('?').to_owned(),
                        articles: articles.unwrap_or_default().to_vec(),
                        block: format!("{}:{block}", self.source.name()),
                        column: column.to_owned(),
                        place,
                    });
                }
                Literal::Number(number) => self.number(&number, span),
            }
        }
    }

    fn expression(&mut self, expr: &Expr) {
        let mut found = Vec::new();
        expressions::literals(expr, false, &mut |literal, span, _| found.push((literal, span)));
        for (literal, span) in found {
            match literal {
                Literal::Text(text) => self.text(&text, span),
                Literal::Number(number) => self.number(&number, span),
            }
        }
    }

    fn ty(&mut self, ty: &TypeExpr) {
        let mut found = Vec::new();
        expressions::in_type(ty, &mut |literal, span, _| found.push((literal, span)));
        for (literal, span) in found {
            if let Literal::Number(number) = literal {
                self.number(&number, span);
            }
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.key != AttributeKey::LegalBasis) {
            self.text(&attribute.text, attribute.span);
        }
    }

    fn number(&mut self, number: &str, span: Span) {
        let number = canonical(number);
        if is_figure(&number) {
            self.findings.in_expressions.push((number, self.place(span)));
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if let Some(figure) = texts::figure(text) {
            self.findings.in_texts.push((figure, self.place(span)));
        }
    }

    fn place(&self, span: Span) -> String {
        self.source.place(span).to_string()
    }
}

/// The norms that attributes name.
fn articles(attributes: &[Attribute]) -> Option<Vec<String>> {
    let named = attributes.iter().find(|attribute| attribute.key == AttributeKey::LegalBasis)?;
    Some(cited(&named.text))
}

/// The norms that a row's `base_legal` column names.
fn annotated(table: &TableBody, annotations: &[String]) -> Option<Vec<String>> {
    let mut columns = table.annotations.iter().zip(annotations);
    let (_, text) =
        columns.find(|(name, text)| matches!(name.text.as_str(), "base_legal" | "legal_basis") && !text.is_empty())?;
    Some(cited(text))
}

/// Norms, each without what stands in parentheses and without words that say nothing.
fn cited(text: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let plain: String = text
        .chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' if depth > 0 => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let words = |norm: &str| -> String {
        let kept: Vec<&str> = norm.split_whitespace().filter(|word| !matches!(*word, "art." | "arts.")).collect();
        kept.join(" ").to_lowercase()
    };
    plain.split(';').map(words).filter(|norm| !norm.is_empty()).collect()
}
