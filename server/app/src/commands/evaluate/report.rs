//! A summary of many rows as a table for people and as one document for programs.

use std::collections::BTreeMap;

use dictamen_value::Language;
use serde::Serialize;
use serde_json::value::RawValue;

use super::summary::{Found, Path, Summary, Values};
use crate::output::Output;
use crate::stop::Stop;

/// Shows a summary: to people as a table, to programs as one document.
pub(super) fn show(summary: &Summary, paths: &[Path], output: &mut Output) -> Result<(), Stop> {
    if output.is_json() {
        return Ok(output.document(&document(summary, paths))?);
    }
    Ok(output.text(&table(summary, paths, output.language()))?)
}

/// A summary for programs; shares are numbers with two decimals, those of values a part of what was decided.
#[derive(Serialize)]
struct Document<'a> {
    rows: u64,
    decided: u64,
    failed: Vec<KindDocument<'a>>,
    refused: Vec<KindDocument<'a>>,
    summary: Vec<PathDocument<'a>>,
}

/// How many rows failed or were refused in one way.
#[derive(Serialize)]
struct KindDocument<'a> {
    kind: &'a str,
    rows: u64,
    percent: Box<RawValue>,
}

#[derive(Serialize)]
struct PathDocument<'a> {
    path: &'a str,
    values: Vec<ValueDocument>,
}

/// How many rows have a value; `missing` instead of one where there is no such field.
#[derive(Serialize)]
struct ValueDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
    rows: u64,
    percent: Box<RawValue>,
}

fn document<'a>(summary: &'a Summary, paths: &'a [Path]) -> Document<'a> {
    let of = summary.rows();
    let kinds = |kinds: &'a BTreeMap<String, u64>| -> Vec<KindDocument<'a>> {
        kinds.iter().map(|(kind, rows)| KindDocument { kind, rows: *rows, percent: percent(*rows, of) }).collect()
    };
    let paths = paths.iter().zip(&summary.values).map(|(path, values)| {
        let values = values.sorted().into_iter().map(|(found, rows)| value_document(found, rows, summary.decided));
        PathDocument { path: &path.text, values: values.collect() }
    });
    Document {
        rows: of,
        decided: summary.decided,
        failed: kinds(&summary.failed),
        refused: kinds(&summary.refused),
        summary: paths.collect(),
    }
}

fn value_document(found: &Found, rows: u64, of: u64) -> ValueDocument {
    let value = match found {
        Found::Missing => None,
        Found::EmptyList => Some(raw("[]".to_owned())),
        Found::Value(value) => Some(raw(value.to_json())),
    };
    ValueDocument { missing: value.is_none(), value, rows, percent: percent(rows, of) }
}

fn percent(rows: u64, of: u64) -> Box<RawValue> {
    raw(share(rows, of, '.'))
}

/// JSON as it stands: numbers keep their digits.
fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_default()
}

fn table(summary: &Summary, paths: &[Path], language: Language) -> String {
    let of = summary.rows();
    let say = |es: &str, en: &str| if matches!(language, Language::Es) { es.to_owned() } else { en.to_owned() };
    let sum = |kinds: &BTreeMap<String, u64>| kinds.values().fold(0_u64, |sum, rows| sum.saturating_add(*rows));
    let indented = |kinds: &BTreeMap<String, u64>| -> Vec<(String, u64)> {
        kinds.iter().map(|(kind, rows)| (format!("  {kind}"), *rows)).collect()
    };
    let mut lines = vec![(say("filas", "rows"), of), (say("decididas", "decided"), summary.decided)];
    lines.push((say("fallaron", "failed"), sum(&summary.failed)));
    lines.extend(indented(&summary.failed));
    lines.push((say("rechazadas", "refused"), sum(&summary.refused)));
    lines.extend(indented(&summary.refused));
    let mut text = aligned(&lines, of, language);
    for (path, values) in paths.iter().zip(&summary.values) {
        text += &format!("\n{}\n{}", path.text, aligned(&named(values, language), summary.decided, language));
    }
    text
}

fn named(values: &Values, language: Language) -> Vec<(String, u64)> {
    let name = |found: &Found| match (found, language) {
        (Found::Missing, Language::Es) => "(falta)".to_owned(),
        (Found::Missing, Language::En) => "(missing)".to_owned(),
        (Found::EmptyList, Language::Es) => "(lista vacía)".to_owned(),
        (Found::EmptyList, Language::En) => "(empty list)".to_owned(),
        (Found::Value(value), _) => value.to_json(),
    };
    values.sorted().into_iter().map(|(found, rows)| (format!("  {}", name(found)), rows)).collect()
}

/// Names, counts and shares in three columns.
fn aligned(lines: &[(String, u64)], of: u64, language: Language) -> String {
    let (mark, space) = if matches!(language, Language::Es) { (',', " ") } else { ('.', "") };
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let digits = lines.iter().map(|(_, rows)| rows.to_string().len()).max().unwrap_or(0);
    let line = |(name, rows): &(String, u64)| {
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        format!("{name}{padding}  {rows:>digits$}  {:>6}{space}%\n", share(*rows, of, mark))
    };
    lines.iter().map(line).collect()
}

/// Percent with two decimals, rounded half up; nothing of nothing is zero.
fn share(rows: u64, of: u64, mark: char) -> String {
    let (rows, of) = (u128::from(rows), u128::from(of));
    let hundredths =
        rows.saturating_mul(20_000).saturating_add(of).checked_div(of.saturating_mul(2)).unwrap_or_default();
    format!("{}{mark}{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_two_decimals_and_round_half_up() {
        for (rows, of, expected) in
            [(0, 0, "0.00"), (0, 3, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (3, 3, "100.00"), (1, 20_000, "0.01")]
        {
            assert_eq!(share(rows, of, '.'), expected, "{rows} of {of}");
        }
    }
}
