//! Tables: their rows are one flat list of numbers, and what people should know of rows is written once for all that share it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use dictamen_value::Type;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rows::{self, PackedRow};
use crate::{About, HitPolicy, LocalId, OpId, Position, Row, ShapeId, Table, TextId};

pub(super) fn serialize<S: Serializer>(tables: &[Table], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tables.iter().map(WrittenTable::of))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, [Table]>, D::Error> {
    let read: Vec<ReadTable> = Vec::deserialize(deserializer)?;
    read.into_iter().map(|table| table.unpacked().map_err(serde::de::Error::custom)).collect()
}

/// A table without its rows.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    policy: HitPolicy,
    inputs: Cow<'a, [(OpId, LocalId, TextId)]>,
    outputs: ShapeId,
    single: bool,
    output_types: Cow<'a, [Type]>,
    annotations: Cow<'a, [Arc<str>]>,
    default: Cow<'a, Option<(Vec<OpId>, About, Position)>>,
    may_be_absent: bool,
    position: Position,
}

#[derive(Serialize)]
struct WrittenTable<'a> {
    head: Head<'a>,
    about: Vec<&'a About>,
    #[serde(serialize_with = "rows::serialize")]
    rows: Vec<(&'a Row, u32)>,
}

#[derive(Deserialize)]
struct ReadTable {
    head: Head<'static>,
    about: Vec<About>,
    #[serde(deserialize_with = "rows::deserialize")]
    rows: Vec<PackedRow>,
}

impl WrittenTable<'_> {
    fn of(table: &Table) -> WrittenTable<'_> {
        let head = Head {
            policy: table.policy,
            inputs: Cow::Borrowed(&table.inputs),
            outputs: table.outputs,
            single: table.single,
            output_types: Cow::Borrowed(&table.output_types),
            annotations: Cow::Borrowed(&table.annotations),
            default: Cow::Borrowed(&table.default),
            may_be_absent: table.may_be_absent,
            position: table.position,
        };
        let (about, rows) = numbered(&table.rows);
        WrittenTable { head, about, rows }
    }
}

/// What rows have to say, each once, and each row with the number (from 1) of what it says; 0 where it says nothing.
fn numbered(rows: &[Row]) -> (Vec<&About>, Vec<(&Row, u32)>) {
    let (mut said, mut numbers) = (Vec::new(), HashMap::new());
    let mut number = |about| {
        *numbers.entry(about).or_insert_with(|| {
            said.push(about);
            u32::try_from(said.len()).unwrap_or(u32::MAX)
        })
    };
    let rows = rows.iter().map(|row| (row, if row.about.is_empty() { 0 } else { number(&row.about) })).collect();
    (said, rows)
}

impl ReadTable {
    fn unpacked(self) -> Result<Table, &'static str> {
        let ReadTable { head, about, rows } = self;
        let row = |PackedRow { row, about: number }: PackedRow| match usize::try_from(number).ok()?.checked_sub(1) {
            None => Some(row),
            Some(at) => Some(Row { about: about.get(at)?.clone(), ..row }),
        };
        let rows: Option<Vec<Row>> = rows.into_iter().map(row).collect();
        Ok(Table {
            policy: head.policy,
            inputs: head.inputs.into_owned(),
            outputs: head.outputs,
            single: head.single,
            output_types: head.output_types.into_owned(),
            annotations: head.annotations.into_owned(),
            rows: rows.ok_or("a row names something said of rows that is not there")?,
            default: head.default.into_owned(),
            may_be_absent: head.may_be_absent,
            position: head.position,
        })
    }
}
