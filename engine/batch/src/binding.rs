//! Which column is which fact: by dotted path (`caso.base`), or a record whose fields are those of the fact.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema};
use dictamen_plan::{DecisionId, Plan};
use dictamen_value::{Message, RecordType, Type};

use crate::cells::{Cell, Cells};
use crate::texts::{self, Entries};

/// What to do with columns that are no facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownColumns {
    /// They are errors: a mistyped name must not look like a fact that nobody gave.
    Refused,
    /// They are not read.
    Ignored,
}

/// The facts of a plan and the columns that they come from.
#[derive(Clone, Debug)]
pub struct Binding {
    nodes: Vec<Node>,
    /// What tells it and its copies from all others.
    identity: Arc<()>,
}

/// A fact, or a part of one, with its column.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    pub(crate) ty: Type,
    pub(crate) from: From,
}

#[derive(Clone, Debug)]
pub(crate) enum From {
    /// A column of the schema.
    Column(usize),
    /// Columns for parts of it.
    Parts(Vec<Node>),
}

/// The columns of one batch, in the order in which [`Binding::leaves`] names them.
pub(crate) struct Bound(Vec<Cells>);

impl Bound {
    /// The columns, in the order in which [`Binding::leaves`] names them.
    pub(crate) fn cells(&self) -> &[Cells] {
        &self.0
    }
}

impl Binding {
    /// Finds the column of each fact. The error says everything that is wrong with the columns, at once.
    pub fn of(
        schema: &Schema,
        plan: &Plan,
        decision: DecisionId,
        unknown: UnknownColumns,
    ) -> Result<Binding, Vec<Message>> {
        let mut builder = Builder { nodes: Vec::new(), wrong: Vec::new() };
        for (position, field) in schema.fields().iter().enumerate() {
            builder.place(plan, position, field, unknown);
        }
        if !plan.dmn_mode {
            let needs = plan.decisions.get(decision as usize).map(|decision| decision.needs.as_slice());
            for input in needs.unwrap_or_default().iter().filter_map(|id| plan.inputs.get(*id as usize)) {
                require(&builder.nodes, &input.name, &input.name, &input.ty, &mut builder.wrong);
            }
        }
        let Builder { mut nodes, wrong } = builder;
        arrange(&mut nodes, &|name| plan.inputs.iter().position(|input| &*input.name == name));
        if wrong.is_empty() { Ok(Binding { nodes, identity: Arc::default() }) } else { Err(wrong) }
    }

    /// What tells it and its copies from all others.
    pub(crate) fn identity(&self) -> &Arc<()> {
        &self.identity
    }

    /// The positions of the columns that are facts, in ascending order: the others need not be read.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = Vec::new();
        self.nodes.iter().for_each(|node| collect(node, &mut columns));
        columns.sort_unstable();
        columns
    }

    /// The dotted paths and types of the facts that have columns, in the order of their cells.
    pub(crate) fn leaves(&self) -> Vec<(String, &Type)> {
        let mut leaves = Vec::new();
        self.nodes.iter().for_each(|node| collect_leaves(node, &node.name, &mut leaves));
        leaves
    }

    /// The cells of a batch of this schema; the error names a column that cannot be read.
    pub(crate) fn bind(&self, batch: &RecordBatch) -> Result<Bound, Message> {
        let mut columns = Vec::new();
        self.nodes.iter().for_each(|node| collect(node, &mut columns));
        let cells = columns.into_iter().map(|position| {
            let column = batch.columns().get(position).and_then(Cells::of);
            column.ok_or_else(|| unreadable(batch.schema_ref(), position))
        });
        Ok(Bound(cells.collect::<Result<Vec<Cells>, Message>>()?))
    }

    /// Appends the facts of a row as JSON.
    pub(crate) fn write_row(&self, bound: &Bound, row: usize, out: &mut Vec<u8>) {
        let mut cells = bound.0.iter();
        let mut entries = Entries::open(out);
        for node in &self.nodes {
            write_entry(node, &mut cells, row, &mut entries);
        }
        entries.close();
    }
}

/// Puts facts in the order in which they are declared, whatever that of the columns: so do the errors of a row stand.
fn arrange(nodes: &mut [Node], place: &dyn Fn(&str) -> Option<usize>) {
    nodes.sort_by_key(|node| place(&node.name));
    for node in nodes {
        if let (From::Parts(parts), Some(record)) = (&mut node.from, record(&node.ty)) {
            arrange(parts, &|name| record.fields.iter().position(|field| &*field.name == name));
        }
    }
}

fn collect_leaves<'n>(node: &'n Node, path: &str, leaves: &mut Vec<(String, &'n Type)>) {
    match &node.from {
        From::Column(_) => leaves.push((path.to_owned(), &node.ty)),
        From::Parts(parts) => {
            parts.iter().for_each(|part| collect_leaves(part, &format!("{path}.{}", part.name), leaves));
        }
    }
}

fn collect(node: &Node, columns: &mut Vec<usize>) {
    match &node.from {
        From::Column(position) => columns.push(*position),
        From::Parts(parts) => parts.iter().for_each(|part| collect(part, columns)),
    }
}

/// Writes a fact unless it is absent. Cells come in the order of the nodes.
fn write_entry<'c>(node: &Node, cells: &mut impl Iterator<Item = &'c Cells>, row: usize, entries: &mut Entries<'_>) {
    match &node.from {
        From::Column(_) => {
            let cell = cells.next().map_or(Cell::Null, |cells| cells.at(row));
            if !matches!(cell, Cell::Null) {
                texts::write(&cell, &node.ty, entries.next(&node.name));
            }
        }
        From::Parts(parts) => {
            let mut inner = Vec::new();
            let mut fields = Entries::open(&mut inner);
            for part in parts {
                write_part(part, cells, row, &mut fields);
            }
            // A record that may be absent is absent where each of its columns is empty.
            if fields.close() > 0 || !node.ty.is_optional() {
                entries.next(&node.name).extend_from_slice(&inner);
            }
        }
    }
}

/// The same for a part of a fact: through a trait object, since parts have parts.
fn write_part<'c>(node: &Node, cells: &mut impl Iterator<Item = &'c Cells>, row: usize, entries: &mut Entries<'_>) {
    let mut cells: &mut dyn Iterator<Item = &'c Cells> = cells;
    write_entry(node, &mut cells, row, entries);
}

struct Builder {
    nodes: Vec<Node>,
    wrong: Vec<Message>,
}

impl Builder {
    fn place(&mut self, plan: &Plan, position: usize, field: &Field, unknown: UnknownColumns) {
        let Some((path, ty)) = find(plan, field.name()) else {
            if unknown == UnknownColumns::Refused {
                self.wrong.push(unknown_column(plan, field.name()));
            }
            return;
        };
        self.wrong.extend(misfit(field.name(), field.data_type(), ty));
        self.insert(plan, &path, position, field.name());
    }

    fn insert(&mut self, plan: &Plan, path: &[&str], position: usize, column: &str) {
        let Some((first, rest)) = path.split_first() else { return };
        let Some(input) = plan.inputs.iter().find(|input| &*input.name == *first) else { return };
        if !insert(&mut self.nodes, &input.name, &input.ty, rest, position) {
            self.wrong.push(twice(column));
        }
    }
}

/// Puts a column into its place; `false` where there is one for that fact already.
fn insert(nodes: &mut Vec<Node>, name: &Arc<str>, ty: &Type, rest: &[&str], position: usize) -> bool {
    let known = nodes.iter_mut().find(|node| node.name == *name);
    let Some((next, rest)) = rest.split_first() else {
        if known.is_some() {
            return false;
        }
        nodes.push(Node { name: name.clone(), ty: ty.clone(), from: From::Column(position) });
        return true;
    };
    let Some(field) = record(ty).and_then(|record| record.fields.iter().find(|field| &*field.name == *next)) else {
        return false;
    };
    match known {
        Some(Node { from: From::Parts(parts), .. }) => insert(parts, &field.name, &field.ty, rest, position),
        Some(_) => false,
        None => {
            let mut parts = Vec::new();
            insert(&mut parts, &field.name, &field.ty, rest, position);
            nodes.push(Node { name: name.clone(), ty: ty.clone(), from: From::Parts(parts) });
            true
        }
    }
}

/// The fact or part of a fact that a name means, with the path to it.
fn find<'p, 'n>(plan: &'p Plan, name: &'n str) -> Option<(Vec<&'n str>, &'p Type)> {
    if let Some(input) = plan.inputs.iter().find(|input| &*input.name == name) {
        return Some((vec![name], &input.ty));
    }
    let path: Vec<&str> = name.split('.').collect();
    let (first, rest) = path.split_first()?;
    let mut ty = &plan.inputs.iter().find(|input| &*input.name == *first)?.ty;
    for name in rest {
        ty = &record(ty)?.fields.iter().find(|field| &*field.name == *name)?.ty;
    }
    Some((path, ty))
}

fn record(ty: &Type) -> Option<&RecordType> {
    match ty.bare() {
        Type::Record(record) => Some(record),
        _ => None,
    }
}

/// Adds what is missing of a fact that is needed.
fn require(nodes: &[Node], name: &str, path: &str, ty: &Type, wrong: &mut Vec<Message>) {
    if ty.is_optional() {
        return;
    }
    match nodes.iter().find(|node| &*node.name == name) {
        None => wrong.push(missing(path, ty)),
        Some(Node { from: From::Column(_), .. }) => {}
        Some(Node { from: From::Parts(parts), .. }) => {
            for field in record(ty).map(|record| record.fields.as_slice()).unwrap_or_default() {
                require(parts, &field.name, &format!("{path}.{}", field.name), &field.ty, wrong);
            }
        }
    }
}

/// Why a column can hold no fact of a type, where that can be told before reading it.
fn misfit(column: &str, data: &DataType, ty: &Type) -> Option<Message> {
    match (data, ty.bare()) {
        (DataType::Dictionary(_, values), _) => misfit(column, values, ty),
        (DataType::List(of) | DataType::LargeList(of) | DataType::FixedSizeList(of, _), Type::List(expected)) => {
            misfit(column, of.data_type(), expected)
        }
        (DataType::Struct(fields), Type::Record(record)) => misfit_of_fields(column, fields, record),
        _ if may_hold(data, ty) => None,
        _ => Some(wrong_type(column, data, ty)),
    }
}

fn misfit_of_fields(column: &str, fields: &Fields, record: &RecordType) -> Option<Message> {
    fields.iter().find_map(|field| {
        let path = format!("{column}.{}", field.name());
        match record.fields.iter().find(|known| *known.name == **field.name()) {
            Some(known) => misfit(&path, field.data_type(), &known.ty),
            None => Some(unknown_name(&path, record.fields.iter().map(|field| format!("{column}.{}", field.name)))),
        }
    })
}

fn may_hold(data: &DataType, ty: &Type) -> bool {
    let is_text = matches!(data, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    if is_text || *data == DataType::Null {
        return true;
    }
    match ty.basic() {
        Type::Boolean => *data == DataType::Boolean,
        Type::Number { .. } => data.is_numeric(),
        Type::Date => matches!(data, DataType::Date32 | DataType::Date64),
        Type::Time => matches!(data, DataType::Time32(_) | DataType::Time64(_)),
        Type::DateTime => matches!(data, DataType::Timestamp(..)),
        Type::DaysDuration => matches!(data, DataType::Duration(_)),
        Type::Any => {
            !matches!(data, DataType::Interval(_)) && (data.is_numeric() || data.is_temporal() || is_open(data))
        }
        _ => false,
    }
}

/// Layouts that are neither numbers nor dates, and that a value of any type may come in.
fn is_open(data: &DataType) -> bool {
    matches!(
        data,
        DataType::Boolean
            | DataType::List(_)
            | DataType::LargeList(_)
            | DataType::FixedSizeList(..)
            | DataType::Struct(_)
    )
}

fn unknown_column(plan: &Plan, name: &str) -> Message {
    let mut known = Vec::new();
    for input in &plan.inputs {
        paths(&input.name, &input.ty, &mut known);
    }
    unknown_name(name, known.into_iter())
}

/// The paths of a fact and of its parts.
fn paths(path: &str, ty: &Type, known: &mut Vec<String>) {
    known.push(path.to_owned());
    for field in record(ty).map(|record| record.fields.as_slice()).unwrap_or_default() {
        paths(&format!("{path}.{}", field.name), &field.ty, known);
    }
}

fn unknown_name(name: &str, known: impl Iterator<Item = String>) -> Message {
    let near = known.map(|known| (strsim::damerau_levenshtein(name, &known), known)).min();
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let (es, en) = match near {
        Some((changes, near)) if changes <= allowed => {
            (format!("; ¿quiso decir «{near}»?"), format!("; did you mean “{near}”?"))
        }
        _ => (
            "; quítela, o diga que se ignoren las columnas desconocidas".to_owned(),
            "; take it away, or say that unknown columns are to be ignored".to_owned(),
        ),
    };
    Message::new(
        format!("la columna «{name}» no es ningún hecho de las reglas{es}"),
        format!("column “{name}” is no fact of the rules{en}"),
    )
}

fn twice(column: &str) -> Message {
    Message::new(
        format!("la columna «{column}» da un hecho que otra columna ya da; deje una sola"),
        format!("column “{column}” gives a fact that another column gives already; leave one alone"),
    )
}

fn missing(path: &str, ty: &Type) -> Message {
    Message::new(
        format!("falta la columna «{path}»: la decisión necesita {}", ty.describe().es),
        format!("column “{path}” is missing: the decision needs {}", ty.describe().en),
    )
}

fn wrong_type(column: &str, data: &DataType, ty: &Type) -> Message {
    let expected = ty.describe();
    Message::new(
        format!("la columna «{column}» es de tipo Arrow {data}; se esperaba {}", expected.es),
        format!("column “{column}” is of Arrow type {data}; expected {}", expected.en),
    )
}

fn unreadable(schema: &Schema, position: usize) -> Message {
    let name = schema.fields().get(position).map(|field| field.name().as_str()).unwrap_or_default();
    Message::new(format!("la columna «{name}» no se puede leer"), format!("column “{name}” cannot be read"))
}
