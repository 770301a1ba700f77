//! Ways into the engine besides one evaluation of facts in memory: sessions from JSON, and columns of many facts.

use dictamen_core::{ColumnSession, Limits, Nothing, Prepared, Scalar, Session, SlotId, evaluate};
use dictamen_model::graph::DecisionId;
use dictamen_plan::Plan;
use dictamen_value::{Type, Value};

use super::comparison::{Ready, Result_, asked, facts_of};
use super::facts::Request;

/// Rows of a batch: more than the bits of a word.
const ROWS: usize = 70;

/// What a session makes of facts in JSON, the second time it is asked.
pub fn by_session(ready: &Ready, request: &Request, decision: DecisionId, json: &[u8]) -> Result<Result_, String> {
    let dates = (request.as_of, request.known_at);
    let limits = Limits { steps_max: 200_000, ..Limits::default() };
    let mut session = Session::new(&ready.plan, &ready.compiled.parameters, decision, dates, limits);
    let mut results = Vec::new();
    for _ in 0..2 {
        session.read(json).map_err(|errors| format!("a session refuses the facts: {errors:?}"))?;
        let mut outcome = Vec::new();
        let result = session.decide(&mut Nothing).map(|()| session.write_outcome(&mut outcome));
        let mut written = Vec::new();
        session.write_facts(&mut written);
        if !ready.model.dmn_mode && written != json {
            return Err(format!("a session writes the facts as {}", String::from_utf8_lossy(&written)));
        }
        let result = result.map(|()| String::from_utf8_lossy(&outcome).into_owned());
        results.push(result.map_err(|failure| failure.code.to_string()));
    }
    match results.pop() {
        Some(last) if results.first() == Some(&last) => Ok(last),
        last => Err(format!("a session first gives {:?}, then {last:?}", results.first())),
    }
}

/// Decides the facts of some requests together, as of the day of the first, and compares what comes with one evaluation after
/// another. Gives how many outcomes agreed; the error is the first that did not.
pub fn compare_columns(ready: &Ready, requests: &[Request]) -> Result<usize, String> {
    let count = DecisionId::try_from(ready.model.decisions.len()).unwrap_or(DecisionId::MAX);
    (0..count).map(|decision| compare_decision(ready, requests, decision)).sum()
}

fn compare_decision(ready: &Ready, requests: &[Request], decision: DecisionId) -> Result<usize, String> {
    let Some(first) = requests.first() else { return Ok(0) };
    let dates = (first.as_of, first.known_at);
    let limits = Limits { steps_max: 200_000, ..Limits::default() };
    let session = ColumnSession::new(&ready.plan, &ready.compiled.parameters, decision, dates, limits);
    let Some(mut session) = session else { return Ok(0) };
    let rows: Vec<Request> = requests
        .iter()
        .cycle()
        .take(ROWS)
        .map(|request| Request { as_of: first.as_of, known_at: first.known_at, ..request.clone() })
        .collect();
    session.start(rows.len());
    fill(&mut session, &ready.plan, &rows);
    session.decide();
    let unusual: Vec<usize> = session.unusual().collect();
    let outcomes = session.outcomes();
    let mut agreed = 0;
    for (row, request) in rows.iter().enumerate().filter(|(row, _)| !unusual.contains(row)) {
        let mut came = Vec::new();
        outcomes.visit(row, |name, scalar| came.push(format!("{name}:{}", value_of(scalar).to_json())));
        let facts = facts_of(&ready.plan, &request.facts);
        let (expected, _) = evaluate(&asked(&ready.plan, ready, &facts, request, decision), &mut Nothing);
        let expected = expected.map(|value| flat("", &value)).map_err(|failure| failure.code.to_string());
        if expected.as_ref() != Ok(&came) {
            let name = &ready.model.decisions[decision as usize].name;
            return Err(format!(
                "decision {name}, row {row} of columns\nby columns: {came:?}\none by one: {expected:?}"
            ));
        }
        agreed += 1;
    }
    Ok(agreed)
}

/// Fills every column that facts have a place for.
fn fill(session: &mut ColumnSession<'_>, plan: &Prepared, rows: &[Request]) {
    for (position, (path, input, fields)) in paths(plan).into_iter().enumerate() {
        let Some(slot) = session.slot(&path) else { continue };
        let values: Vec<Value> = rows
            .iter()
            .map(|row| {
                let whole = row.facts.get(&input).cloned().unwrap_or_default();
                fields.iter().fold(whole, |value, field| value.property(field).unwrap_or_default())
            })
            .collect();
        fill_column(session, slot, &values, position % 3 > 0);
    }
}

/// Numbers as units where they all fit, truth values as bits, and some of the others as positions among the values that there
/// are, so that the loops over these are tested too.
fn fill_column(session: &mut ColumnSession<'_>, slot: SlotId, values: &[Value], coded: bool) {
    let units: Option<Vec<i64>> = values
        .iter()
        .map(|value| value.as_number()?.units_at(4).filter(|(_, exact)| *exact).map(|(units, _)| units))
        .collect();
    match units {
        Some(units) => session.set_units(slot, 4, units.into_iter()),
        None if values.iter().all(|value| matches!(value, Value::Boolean(_))) => {
            let bit = |value: &Value| u64::from(matches!(value, Value::Boolean(true)));
            let word = |values: &[Value]| values.iter().rev().fold(0, |word, value| word << 1 | bit(value));
            session.set_truths(slot, values.chunks(64).map(word));
        }
        None if coded => {
            let mut known: Vec<&Value> = Vec::new();
            let code = |value| {
                let code = known.iter().position(|known| *known == value).unwrap_or(known.len());
                known.extend((code == known.len()).then_some(value));
                code as u32
            };
            let codes: Vec<u32> = values.iter().map(code).collect();
            session.set_coded(slot, codes.into_iter(), known.into_iter().map(scalar_of));
        }
        None => session.set_scalars(slot, values.iter().map(scalar_of)),
    }
}

/// Paths to the scalars of facts: as text, by input and names of fields.
fn paths(plan: &Plan) -> Vec<(String, u32, Vec<String>)> {
    let mut paths = Vec::new();
    for (id, input) in (0..).zip(&plan.inputs) {
        descend(&input.ty, (input.name.to_string(), id, Vec::new()), &mut paths);
    }
    paths
}

fn descend(ty: &Type, here: (String, u32, Vec<String>), paths: &mut Vec<(String, u32, Vec<String>)>) {
    let Type::Record(record) = ty.bare() else {
        paths.push(here);
        return;
    };
    for field in &record.fields {
        let (path, id, mut names) = here.clone();
        names.push(field.name.to_string());
        descend(&field.ty, (format!("{path}.{}", field.name), id, names), paths);
    }
}

fn flat(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Context(context) => context.entries().flat_map(|(name, value)| flat(name, value)).collect(),
        scalar => vec![format!("{name}:{}", scalar.to_json())],
    }
}

fn value_of(scalar: Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(boolean) => Value::Boolean(boolean),
        Scalar::Number(number) => Value::Number(number),
        Scalar::Text(text) => Value::from(text),
        Scalar::Date(date) => Value::Date(date),
        Scalar::Time(time) => Value::Time(time),
        Scalar::DateTime(moment) => Value::DateTime(moment),
        Scalar::DaysDuration(duration) => Value::DaysDuration(duration),
        Scalar::MonthsDuration(duration) => Value::MonthsDuration(duration),
    }
}

fn scalar_of(value: &Value) -> Scalar<'_> {
    match value {
        Value::Boolean(boolean) => Scalar::Boolean(*boolean),
        Value::Number(number) => Scalar::Number(*number),
        Value::Text(text) => Scalar::Text(text),
        Value::Date(date) => Scalar::Date(*date),
        Value::Time(time) => Scalar::Time(*time),
        Value::DateTime(moment) => Scalar::DateTime(*moment),
        Value::DaysDuration(duration) => Scalar::DaysDuration(*duration),
        Value::MonthsDuration(duration) => Scalar::MonthsDuration(*duration),
        _ => Scalar::Null,
    }
}
