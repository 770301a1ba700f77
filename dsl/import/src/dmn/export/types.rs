//! Types become item definitions; one without a name gets a name where DMN needs one.

use std::collections::HashSet;

use dictamen_syntax::tree::{
    Expr, ExprKind, FieldDeclaration, Function, FunctionBody, Item, ItemKind, Spelling, Table, TableBody,
    TypeDeclaration, TypeExpr, TypeKind,
};
use dictamen_syntax::{print_feel, print_feel_tests, print_type};

use super::boxes::comment;
use super::closures::Need;
use super::document::Document;
use super::losses::Loss;
use crate::Text;
use crate::dmn::model::{DmnElement, FunctionItem, InformationItem, ItemDefinition, TypeRef, UnaryTests};

/// Types inside one another that are followed to find what values are allowed.
const TYPE_STEPS_MAX: usize = 64;

/// What is true of whole numbers.
pub(crate) const WHOLE: &str = "floor(?) = ?";

/// Item definitions of a document.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// Those that are declared, and those that were made.
    pub(super) definitions: Vec<ItemDefinition>,
    /// Types that got a name, as they are printed, with it.
    named: Vec<(String, String)>,
    /// Names of those that were made.
    made: HashSet<String>,
    /// Types around the one that is written; declarations may lead in a circle.
    depth: usize,
}

impl Types {
    /// Takes up the types that have names already, so that the same type written out is called so too.
    pub(super) fn know<'t>(&mut self, items: impl Iterator<Item = &'t Item>) {
        for item in items {
            if let ItemKind::Type(declaration) = &item.kind
                && (!matches!(declaration.ty.kind, TypeKind::Name(_)) || is_whole(&declaration.ty))
            {
                let key = print_type(&declaration.ty, Spelling::Spanish);
                self.named.push((key, declaration.name.text.clone()));
            }
        }
    }

    fn name_of(&self, ty: &TypeExpr) -> Option<String> {
        let key = print_type(ty, Spelling::Spanish);
        self.named.iter().find(|(known, _)| *known == key).map(|(_, name)| name.clone())
    }
}

impl<'f> Document<'_, 'f> {
    /// Adds a declared type.
    pub(super) fn declared_type(&mut self, declaration: &TypeDeclaration) {
        self.owner.clone_from(&declaration.name.text);
        let mut definition = self.definition(&declaration.name.text, &declaration.ty);
        definition.element = self.element(&declaration.name, &declaration.attributes);
        self.types.definitions.push(definition);
    }

    /// How a type is referred to; one that has no name gets one after `hint`.
    pub(super) fn type_ref(&mut self, ty: &TypeExpr, hint: &str) -> TypeRef {
        let name = match &ty.kind {
            TypeKind::Name(name) => self.type_name(name, ty),
            TypeKind::Optional(of) => {
                self.losses.add(Loss::Absence, ty.span);
                match self.constrained(of) {
                    Some(_) => self.made_type(ty, hint),
                    None => return self.type_ref(of, hint),
                }
            }
            TypeKind::WithUnit(of, ..) => {
                self.losses.add(Loss::Units, ty.span);
                return self.type_ref(of, hint);
            }
            TypeKind::Record(fields) if fields.is_empty() => "context".to_owned(),
            TypeKind::Error => {
                self.losses.add(Loss::Unreadable, ty.span);
                "Any".to_owned()
            }
            TypeKind::List(_) | TypeKind::Range(_) | TypeKind::Function(..) if self.is_dmn_mode() => {
                self.types.name_of(ty).unwrap_or_else(|| self.spelled(ty))
            }
            TypeKind::Range(_) => {
                self.losses.add(Loss::Ranges, ty.span);
                "Any".to_owned()
            }
            _ => self.made_type(ty, hint),
        };
        TypeRef { name, ..TypeRef::default() }
    }

    /// A type inside an expression, by the names that the document has.
    pub(super) fn feel_type(&mut self, ty: &TypeExpr) -> TypeExpr {
        let mut each = |of: &TypeExpr| Box::new(self.feel_type(of));
        let kind = match &ty.kind {
            TypeKind::List(of) => TypeKind::List(each(of)),
            TypeKind::Range(of) => TypeKind::Range(each(of)),
            TypeKind::Function(parameters, result) => {
                let parameters = parameters.iter().map(|parameter| *each(parameter)).collect();
                TypeKind::Function(parameters, each(result))
            }
            TypeKind::Record(fields) => TypeKind::Record(
                fields.iter().map(|field| FieldDeclaration { ty: *each(&field.ty), ..field.clone() }).collect(),
            ),
            TypeKind::Name(name) if feel_name(name).is_none() => TypeKind::Name(self.type_name(name, ty)),
            TypeKind::Optional(of) | TypeKind::WithUnit(of, ..) | TypeKind::Tested(of, _) | TypeKind::Where(of, _) => {
                return *each(of);
            }
            TypeKind::Choice(_) => TypeKind::Name(self.type_ref(ty, "").name),
            TypeKind::Name(_) | TypeKind::Error => return ty.clone(),
        };
        TypeExpr { kind, span: ty.span }
    }

    /// What holds the value of a decision that is a table: a list where the hit policy gives several outcomes.
    pub(super) fn table_variable(&mut self, table: &Table) -> InformationItem {
        let ty = self.said_type(&table.body, table.ty.as_ref());
        self.variable(&table.name.text, ty.as_ref(), &table.name.text)
    }

    /// What a function is called by, with the type of what it returns.
    pub(super) fn function_variable(&mut self, function: &Function) -> InformationItem {
        let outcome = match &function.body {
            FunctionBody::Table(body) => self.said_type(body, function.ty.as_ref()),
            _ => function.ty.clone(),
        };
        self.variable(&function.name.text, outcome.as_ref(), &function.name.text)
    }

    /// The type of what a table gives as a whole; in text from DMN its columns say it where it has no name.
    fn said_type(&self, body: &TableBody, ty: Option<&TypeExpr>) -> Option<TypeExpr> {
        let whole = super::tables::outcome(body.policy, ty?);
        let columns_say = matches!(ty?.kind, TypeKind::Choice(_) | TypeKind::Record(_)) && self.is_dmn_mode();
        Some(whole).filter(|whole| !columns_say || self.types.name_of(whole).is_some())
    }

    /// The type of what a function is given besides its own parameters.
    pub(super) fn type_of_need(&mut self, need: &Need<'f>) -> Option<TypeRef> {
        match need {
            Need::AsOf => Some(TypeRef { name: "date".to_owned(), ..TypeRef::default() }),
            Need::Information(ruleset, name) if *ruleset == self.here => {
                let ty = self.rulesets.sets.get(self.here)?.type_of(name)?;
                Some(self.type_ref(&ty, name))
            }
            Need::Information(..) => None,
        }
    }

    fn type_name(&mut self, name: &str, ty: &TypeExpr) -> String {
        let own = self.rulesets.sets.get(self.here).is_some_and(|set| set.has_type(name));
        if let Some(feel) = feel_name(name).filter(|_| !own) {
            if matches!(name, "dinero" | "uvt") {
                self.losses.add(Loss::Units, ty.span);
            }
            return feel.to_owned();
        }
        if name == "entero" && !own {
            return self.whole_number(ty);
        }
        let Some((owner, declaration)) = self.rulesets.declared_type(self.here, name).filter(|_| !own) else {
            return name.to_owned();
        };
        let local = declaration.name.text.clone();
        match self.alias_of(owner) {
            Some(alias) => format!("{alias}.{local}"),
            None => local,
        }
    }

    /// The item definition of whole numbers, which FEEL has no type for.
    fn whole_number(&mut self, ty: &TypeExpr) -> String {
        let word = self.word("Entero", "Integer");
        if let Some(name) = self.types.name_of(ty) {
            return name;
        }
        let name = self.free_type_name(word);
        self.types.named.push((print_type(ty, Spelling::Spanish), name.clone()));
        let definition = self.definition(&name, ty);
        self.types.definitions.push(definition);
        name
    }

    /// The name of an item definition that is made for a type.
    fn made_type(&mut self, ty: &TypeExpr, hint: &str) -> String {
        if let Some(name) = self.types.name_of(ty) {
            return name;
        }
        let hint =
            if hint == self.owner || hint.is_empty() { self.owner.clone() } else { format!("{} {hint}", self.owner) };
        let name = self.free_type_name(&format!("t{}", in_one_word(&hint)));
        self.types.named.push((print_type(ty, Spelling::Spanish), name.clone()));
        let definition = self.definition(&name, ty);
        self.types.definitions.push(definition);
        name
    }

    fn free_type_name(&mut self, wished: &str) -> String {
        let set = self.rulesets.sets.get(self.here);
        let numbered = (2_u32..).map(|number| format!("{wished}{number}"));
        let mut candidates = std::iter::once(wished.to_owned()).chain(numbered);
        let made = &self.types.made;
        let is_free = |name: &String| !made.contains(name) && !set.is_some_and(|set| set.has_type(name));
        let name = candidates.find(is_free).unwrap_or_else(|| wished.to_owned());
        self.types.made.insert(name.clone());
        name
    }

    /// `list<T>` and the like, which text from DMN may have in place of a name.
    fn spelled(&mut self, ty: &TypeExpr) -> String {
        let mut each = |of: &TypeExpr| self.type_ref(of, "").name;
        match &ty.kind {
            TypeKind::List(of) if matches!(&of.kind, TypeKind::Name(name) if name == "cualquiera") => "list".to_owned(),
            TypeKind::List(of) => format!("list<{}>", each(of)),
            TypeKind::Range(of) => format!("range<{}>", each(of)),
            TypeKind::Function(parameters, result) => {
                let parameters: Vec<String> = parameters.iter().map(&mut each).collect();
                format!("function<{}>->{}", parameters.join(", "), each(result))
            }
            _ => each(ty),
        }
    }

    /// An item definition, or a component, of a type.
    fn definition(&mut self, name: &str, ty: &TypeExpr) -> ItemDefinition {
        let mut item = ItemDefinition { name: name.to_owned(), ..ItemDefinition::default() };
        self.fill(&mut item, ty);
        item
    }

    fn fill(&mut self, item: &mut ItemDefinition, ty: &TypeExpr) {
        if self.types.depth >= TYPE_STEPS_MAX {
            self.losses.add(Loss::Unreadable, ty.span);
            return;
        }
        self.types.depth = self.types.depth.saturating_add(1);
        self.fill_within(item, ty);
        self.types.depth = self.types.depth.saturating_sub(1);
    }

    fn fill_within(&mut self, item: &mut ItemDefinition, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Name(_) if is_whole(ty) && self.types.name_of(ty).as_ref() == Some(&item.name) => {
                item.type_ref = Some(TypeRef { name: "number".to_owned(), ..TypeRef::default() });
                item.allowed_values = Some(unary_tests(WHOLE.to_owned()));
            }
            TypeKind::List(of) if !item.is_collection => {
                self.fill_element(item, of);
                item.is_collection = true;
            }
            TypeKind::Record(fields) if !fields.is_empty() => {
                item.components = fields.iter().map(|field| self.component(field)).collect();
            }
            TypeKind::Choice(values) => {
                item.type_ref = Some(type_of_choices(values));
                item.allowed_values = Some(unary_tests(choices(values)));
            }
            TypeKind::Tested(of, tests) => {
                self.fill(item, of);
                let text = print_feel_tests(&self.rewritten_tests(tests));
                self.restrict(item, of, unary_tests(text));
            }
            TypeKind::Where(of, condition) => {
                self.fill(item, of);
                let text = print_feel(&self.rewritten(condition));
                self.restrict(item, of, unary_tests(text));
            }
            TypeKind::Optional(of) => {
                self.losses.add(Loss::Absence, ty.span);
                let constrained = self.constrained(of).unwrap_or((**of).clone());
                self.fill(item, &constrained);
                let tests = [&mut item.allowed_values, &mut item.type_constraint];
                let own = if item.is_collection { 1 } else { 0 };
                tests.into_iter().skip(own).flatten().for_each(or_null);
            }
            TypeKind::Function(parameters, result) => item.function = Some(self.function_item(parameters, result)),
            _ => item.type_ref = Some(self.type_ref(ty, &item.name.clone())),
        }
    }

    /// A type that says which values are allowed, followed through names; `None` where it says nothing of that. What may
    /// be absent must allow null then, which DMN takes for a value like any other.
    fn constrained(&self, ty: &TypeExpr) -> Option<TypeExpr> {
        let (mut here, mut ty) = (self.here, ty.clone());
        for _ in 0..TYPE_STEPS_MAX {
            match &ty.kind {
                TypeKind::Optional(of) => ty = (**of).clone(),
                TypeKind::Choice(_) | TypeKind::Tested(..) | TypeKind::Where(..) => return Some(ty),
                TypeKind::Name(name) => {
                    let (owner, declaration) = self.rulesets.declared_type(here, name)?;
                    (here, ty) = (owner, declaration.ty.clone());
                }
                _ => return None,
            }
        }
        None
    }

    /// The element of a list: what cannot be said beside that it is a list gets a name.
    fn fill_element(&mut self, item: &mut ItemDefinition, ty: &TypeExpr) {
        let mut element = self.definition(&item.name, ty);
        if element.is_collection || element.type_constraint.is_some() || element.function.is_some() {
            let name = self.made_type(ty, &item.name);
            element =
                ItemDefinition { type_ref: Some(TypeRef { name, ..TypeRef::default() }), ..ItemDefinition::default() };
        }
        item.type_ref = element.type_ref;
        item.allowed_values = element.allowed_values;
        item.components = element.components;
    }

    /// Adds tests to what is filled: allowed values of what is no list, else a constraint, else on a type of its own.
    fn restrict(&mut self, item: &mut ItemDefinition, of: &TypeExpr, tests: UnaryTests) {
        if !item.is_collection && item.allowed_values.is_none() && item.type_constraint.is_none() {
            item.allowed_values = Some(tests);
        } else if item.type_constraint.is_none() {
            item.type_constraint = Some(tests);
        } else {
            let name = self.made_type(of, &item.name.clone());
            *item = ItemDefinition {
                name: std::mem::take(&mut item.name),
                type_ref: Some(TypeRef { name, ..TypeRef::default() }),
                allowed_values: Some(tests),
                ..ItemDefinition::default()
            };
        }
    }

    fn component(&mut self, field: &FieldDeclaration) -> ItemDefinition {
        let mut item = self.definition(&field.name.text, &field.ty);
        item.element = DmnElement { description: comment(&field.comments), ..DmnElement::default() };
        item
    }

    fn function_item(&mut self, parameters: &[TypeExpr], result: &TypeExpr) -> FunctionItem {
        let numbered = (1_u32..).map(|number| format!("p{number}"));
        let items = numbered.zip(parameters).map(|(name, ty)| self.variable(&name, Some(ty), &name)).collect();
        let output_type = Some(self.type_ref(result, "resultado"));
        FunctionItem { parameters: items, output_type, ..FunctionItem::default() }
    }
}

/// The same tests, or null.
fn or_null(tests: &mut UnaryTests) {
    let text = &tests.text.value;
    let text = match text.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')')) {
        Some(none) => format!("? = null or not(? in ({none}))"),
        None => format!("null, {text}"),
    };
    tests.text = Text::new(text);
}

/// Whether a type is that of whole numbers, by its built-in name.
fn is_whole(ty: &TypeExpr) -> bool {
    matches!(&ty.kind, TypeKind::Name(name) if name == "entero")
}

/// Tests as a text.
pub(super) fn unary_tests(text: String) -> UnaryTests {
    UnaryTests { text: Text::new(text), ..UnaryTests::default() }
}

/// Choices as a text of unary tests.
pub(super) fn choices(values: &[Expr]) -> String {
    values.iter().map(print_feel).collect::<Vec<_>>().join(", ")
}

/// What FEEL calls a built-in type.
pub(super) fn feel_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "texto" => "string",
        "numero" | "dinero" | "uvt" => "number",
        "booleano" => "boolean",
        "fecha" => "date",
        "hora" => "time",
        "fecha_hora" => "date and time",
        "duracion_dias" => "days and time duration",
        "duracion_meses" => "years and months duration",
        "cualquiera" => "Any",
        "nulo" => "Null",
        _ => return None,
    })
}

/// The type that all choices have.
pub(super) fn type_of_choices(values: &[Expr]) -> TypeRef {
    let mut types: Vec<&'static str> = values.iter().map(type_of_literal).collect();
    types.dedup();
    let name = match types.as_slice() {
        [only] => only,
        _ => "Any",
    };
    TypeRef { name: name.to_owned(), ..TypeRef::default() }
}

fn type_of_literal(value: &Expr) -> &'static str {
    match &value.kind {
        ExprKind::Text(_) => "string",
        ExprKind::Number(_) => "number",
        ExprKind::Negate(of) => type_of_literal(of),
        ExprKind::Boolean(_) => "boolean",
        _ => "Any",
    }
}

/// Words of a text, each with a capital, as one.
fn in_one_word(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        })
        .collect()
}
