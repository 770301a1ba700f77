//! The rulesets that are exported together: what each declares, and what a name stands for in each.

use std::collections::{HashMap, HashSet};

use dictamen_syntax::tree::{
    Expr, ExprKind, FieldDeclaration, File, Function, Item, ItemKind, Spelling, TypeDeclaration, TypeExpr, TypeKind,
};

use super::ids::Ids;

/// Names of the as-of date, in both spellings.
pub(super) const AS_OF: [&str; 2] = ["fecha_decision", "decision_date"];

/// Types inside one another that are followed to find the fields of one.
const TYPE_STEPS_MAX: usize = 64;

/// All rulesets, in the order they were given.
pub(super) struct Rulesets<'f> {
    /// Each of them.
    pub(super) sets: Vec<Ruleset<'f>>,
}

/// One ruleset.
pub(super) struct Ruleset<'f> {
    /// Its identifier.
    pub(super) id: &'f str,
    /// The namespace of its document.
    pub(super) namespace: String,
    /// Its files: most often one.
    pub(super) files: Vec<&'f File>,
    /// What it imports.
    pub(super) imports: Vec<Imported<'f>>,
    /// Identifiers that its elements have.
    pub(super) taken: Vec<String>,
    symbols: HashMap<&'f str, Symbol<'f>>,
    types: HashMap<&'f str, &'f TypeDeclaration>,
    functions: HashMap<&'f str, &'f Function>,
}

/// What a ruleset imports.
pub(super) struct Imported<'f> {
    /// What it is called there; empty where its names are used as they are.
    pub(super) alias: &'f str,
    /// Its identifier.
    pub(super) id: &'f str,
    /// Which of the rulesets it is; `None` where it is not among them.
    pub(super) target: Option<usize>,
    /// The block that imports it.
    pub(super) item: &'f Item,
}

/// Something that a ruleset declares under a name.
#[derive(Clone, Debug)]
pub(super) struct Symbol<'f> {
    /// The ruleset.
    pub(super) ruleset: usize,
    /// The name.
    pub(super) name: &'f str,
    /// What it is.
    pub(super) kind: SymbolKind,
    /// The identifier of its element.
    pub(super) id: String,
}

/// What may stand behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolKind {
    Input,
    Decision,
    Parameter,
    Function,
    Service,
}

impl<'f> Rulesets<'f> {
    /// The rulesets of files; files of cases alone are no rulesets.
    pub(super) fn of(files: &[&'f File], namespace_of: &dyn Fn(&str) -> String) -> Rulesets<'f> {
        let mut sets: Vec<Ruleset<'f>> = Vec::new();
        for file in files {
            let id = match &file.header {
                Some(header) if header.cases_only => continue,
                Some(header) => header.id.text.as_str(),
                None => "",
            };
            match sets.iter_mut().find(|set| set.id == id) {
                Some(set) => set.files.push(file),
                None => sets.push(Ruleset::new(id, namespace_of(id), file)),
            }
        }
        let known: Vec<&str> = sets.iter().map(|set| set.id).collect();
        for (number, set) in sets.iter_mut().enumerate() {
            set.declare(number, &known);
        }
        Rulesets { sets }
    }

    /// What a name stands for in a ruleset: something of its own, or of what it imports without an alias.
    pub(super) fn resolve(&self, here: usize, name: &str) -> Option<&Symbol<'f>> {
        let set = self.sets.get(here)?;
        let open = set.imports.iter().filter(|import| import.alias.is_empty());
        set.symbols
            .get(name)
            .or_else(|| open.filter_map(|import| self.sets.get(import.target?)?.symbols.get(name)).next())
    }

    /// What `prefix.name` stands for in a ruleset, where the prefix is an alias or the identifier of an import.
    pub(super) fn resolve_in(&self, here: usize, prefix: &str, name: &str) -> Option<&Symbol<'f>> {
        self.import_called(here, prefix)?.symbols.get(name)
    }

    /// What a name of a service stands for: as it is, or with an alias before a dot.
    pub(super) fn resolve_text(&self, here: usize, name: &str) -> Option<&Symbol<'f>> {
        self.resolve(here, name).or_else(|| {
            let mut dots = name.match_indices('.').filter_map(|(dot, _)| name.split_at_checked(dot));
            dots.find_map(|(prefix, rest)| self.resolve_in(here, prefix, rest.strip_prefix('.')?))
        })
    }

    fn import_called(&self, here: usize, prefix: &str) -> Option<&Ruleset<'f>> {
        let mut imports = self.sets.get(here)?.imports.iter();
        let import = imports.find(|import| (import.alias == prefix && !prefix.is_empty()) || import.id == prefix)?;
        self.sets.get(import.target?)
    }

    /// The fields of a record type, followed through its names, with the ruleset that declares them.
    pub(super) fn fields<'t>(&'t self, here: usize, ty: &'t TypeExpr) -> Option<(usize, &'t [FieldDeclaration])> {
        match self.resolved_type(here, ty)? {
            (owner, TypeExpr { kind: TypeKind::Record(fields), .. }) => Some((owner, fields)),
            _ => None,
        }
    }

    /// A type without its tests, conditions and absence, followed through its names, with the ruleset that declares it.
    pub(super) fn resolved_type<'t>(&'t self, here: usize, ty: &'t TypeExpr) -> Option<(usize, &'t TypeExpr)> {
        let (mut here, mut ty) = (here, ty);
        for _ in 0..TYPE_STEPS_MAX {
            match &ty.kind {
                TypeKind::Optional(of) | TypeKind::Tested(of, _) | TypeKind::Where(of, _) => ty = of,
                TypeKind::Name(name) => match self.declared_type(here, name) {
                    Some((owner, declaration)) => (here, ty) = (owner, &declaration.ty),
                    None => return Some((here, ty)),
                },
                _ => return Some((here, ty)),
            }
        }
        None
    }

    /// Whether a value of a type may be absent.
    pub(super) fn may_be_absent(&self, here: usize, ty: &TypeExpr) -> bool {
        let (mut here, mut ty) = (here, ty);
        for _ in 0..TYPE_STEPS_MAX {
            match &ty.kind {
                TypeKind::Optional(_) => return true,
                TypeKind::Tested(of, _) | TypeKind::Where(of, _) => ty = of,
                TypeKind::Name(name) => match self.declared_type(here, name) {
                    Some((owner, declaration)) => (here, ty) = (owner, &declaration.ty),
                    None => return false,
                },
                _ => return false,
            }
        }
        false
    }

    /// The declaration of a type that a name means in a ruleset, with the ruleset that has it.
    pub(super) fn declared_type(&self, here: usize, name: &str) -> Option<(usize, &'f TypeDeclaration)> {
        let set = self.sets.get(here)?;
        if let Some(own) = set.types.get(name) {
            return Some((here, own));
        }
        let open = set.imports.iter().filter(|import| import.alias.is_empty()).filter_map(|import| import.target);
        let mut open = open.filter_map(|target| Some((target, *self.sets.get(target)?.types.get(name)?)));
        open.next().or_else(|| {
            let (prefix, local) = name.rsplit_once('.')?;
            let import = self.import_called(here, prefix)?;
            let target = self.sets.iter().position(|set| set.id == import.id)?;
            Some((target, *import.types.get(local)?))
        })
    }

    /// All names of fields that some record or context of a ruleset has: in a filter these may mean a field.
    pub(super) fn field_names(&self, here: usize) -> HashSet<String> {
        let mut names = HashSet::new();
        for file in self.sets.get(here).into_iter().flat_map(|set| &set.files) {
            for item in &file.items {
                super::fields::of_item(item, &mut names);
            }
        }
        let imported = self.sets.get(here).into_iter().flat_map(|set| &set.imports);
        for set in imported.filter_map(|import| self.sets.get(import.target?)) {
            set.types.values().for_each(|declaration| super::fields::of_type(&declaration.ty, &mut names));
        }
        names
    }
}

impl<'f> Ruleset<'f> {
    fn new(id: &'f str, namespace: String, file: &'f File) -> Ruleset<'f> {
        Ruleset {
            id,
            namespace,
            files: vec![file],
            imports: Vec::new(),
            taken: Vec::new(),
            symbols: HashMap::new(),
            types: HashMap::new(),
            functions: HashMap::new(),
        }
    }

    /// The blocks of all its files.
    pub(super) fn items(&self) -> impl Iterator<Item = &'f Item> + use<'f> {
        self.files.clone().into_iter().flat_map(|file| &file.items)
    }

    /// Whether it follows the rules of DMN, where errors are null.
    pub(super) fn dmn_mode(&self) -> bool {
        self.files.iter().filter_map(|file| file.header.as_ref()).any(|header| header.dmn_mode)
    }

    /// The word of its own spelling.
    pub(super) fn word(&self, spanish: &'static str, english: &'static str) -> &'static str {
        match self.files.first().map(|file| file.spelling) {
            Some(Spelling::English) => english,
            _ => spanish,
        }
    }

    /// Something that it declares itself.
    pub(super) fn symbol(&self, name: &str) -> Option<&Symbol<'f>> {
        self.symbols.get(name)
    }

    /// A function that it declares.
    pub(super) fn function(&self, name: &str) -> Option<&'f Function> {
        self.functions.get(name).copied()
    }

    /// The type of an input or decision that it declares.
    pub(super) fn type_of(&self, name: &str) -> Option<TypeExpr> {
        self.items().find_map(|item| match &item.kind {
            ItemKind::Input(input) if input.name.text == name => Some(input.ty.clone()),
            ItemKind::Decision(decision) if decision.name.text == name => decision.ty.clone(),
            ItemKind::Table(table) if table.name.text == name => {
                table.ty.as_ref().map(|ty| super::tables::outcome(table.body.policy, ty))
            }
            _ => None,
        })
    }

    /// Whether it declares a type of that name.
    pub(super) fn has_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    fn declare(&mut self, number: usize, known: &[&str]) {
        let mut ids = Ids::default();
        for item in self.items() {
            match &item.kind {
                ItemKind::Import(import) => self.imports.push(Imported {
                    alias: import.alias.as_ref().map_or("", |alias| &alias.text),
                    id: &import.ruleset.text,
                    target: known.iter().position(|id| *id == import.ruleset.text),
                    item,
                }),
                ItemKind::Type(declaration) => {
                    self.types.entry(&declaration.name.text).or_insert(declaration);
                }
                other => {
                    if let ItemKind::Function(function) = other {
                        self.functions.entry(&function.name.text).or_insert(function);
                    }
                    self.declare_symbol(number, other, &mut ids);
                }
            }
        }
    }

    fn declare_symbol(&mut self, ruleset: usize, item: &'f ItemKind, ids: &mut Ids) {
        let (name, kind, word) = match item {
            ItemKind::Input(input) => (&input.name.text, SymbolKind::Input, "input"),
            ItemKind::Decision(decision) => (&decision.name.text, SymbolKind::Decision, "decision"),
            ItemKind::Table(table) => (&table.name.text, SymbolKind::Decision, "decision"),
            ItemKind::Parameter(parameter) => (&parameter.name.text, SymbolKind::Parameter, "parameter"),
            ItemKind::Function(function) => (&function.name.text, SymbolKind::Function, "function"),
            ItemKind::Service(service) => (&service.name.text, SymbolKind::Service, "service"),
            _ => return,
        };
        let id = ids.fresh(word, name);
        self.taken.push(id.clone());
        self.symbols.entry(name).or_insert(Symbol { ruleset, name, kind, id });
    }
}

/// `a.b.c` as one text, where an expression is such a chain of names.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Path(of, name) => Some(format!("{}.{}", dotted(of)?, name.text)),
        _ => None,
    }
}
