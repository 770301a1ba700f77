//! Files of facts: Parquet, CSV and lines of JSON give what one decision after another gives, and say what is wrong with them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "tests fail loudly"
)]

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, DictionaryArray, Float64Array,
    Int64Array, LargeStringArray, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field};
use dictamen_batch::{BatchEvaluator, Binding, Hears, Numbers, Rows, Undecided, UnknownColumns};
use dictamen_core::Limits;
use dictamen_decisions::batches::{CHUNK_ROWS, Manifest, Sink, Table, Tree, leaf};
use dictamen_decisions::port::DryRuns;
use dictamen_decisions::{Catalogue, Day, LoadLimits, Ready, Selection};
use dictamen_value::{Date, DateTime, Language};
use parquet::arrow::ArrowWriter;

const RULES: &str = r#"reglas lote
tipo Caso {
  nit    : texto donde matches(?, "^[0-9]{1,10}$")
  base   : dinero >= 0
  clase  : "a" | "b"
  dia    : fecha?
  nota   : texto?
}
entrada caso : Caso
entrada sedes : entero [0..1000]
entrada exento : booleano?
entrada cuando : fecha_hora?
entrada pagos : lista de entero
tabla tarifa : numero   politica unica
  | caso.clase | sedes  || tarifa |
  |------------|--------||--------|
  | "a"        | < 500  || 5      |
  | "a"        | >= 500 || 7.5    |
  | "b"        | < 900  || 10     |
decision impuesto : { codigo: texto, valor: dinero, dia: fecha?, exento: booleano, tercio: numero, entero: entero, partes: lista de numero } = {
  codigo: caso.nit, valor: caso.base * tarifa / 100, dia: caso.dia, exento: exento = true, tercio: sedes / 8, entero: sedes, partes: pagos
}
decision tercio : numero = sedes / 3
"#;

struct Place {
    folder: tempfile::TempDir,
    ready: Arc<Ready>,
}

impl Place {
    fn new() -> Place {
        Place::of(RULES, "lote")
    }

    fn of(rules: &str, id: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("reglas.regla"), rules).unwrap();
        let catalogue = Catalogue::load(&[folder.path().to_owned()], &LoadLimits::default());
        assert_eq!(catalogue.diagnostics().len(), 0, "{:?}", catalogue.diagnostics());
        let ready = catalogue.resolve(id, &Selection::on(day())).unwrap();
        Place { folder, ready }
    }

    fn runs(&self, decision: &str) -> DryRuns<'_> {
        DryRuns::of(&self.ready, decision, day(), Limits::default()).unwrap()
    }

    fn table(&self, path: &Path, unknown: UnknownColumns) -> Result<Table, Vec<String>> {
        let question = self.runs("impuesto").question();
        let file = File::open(path).unwrap();
        let table = match path.extension().unwrap().to_str().unwrap() {
            "parquet" => Table::parquet(file, question.plan, question.decision, unknown),
            _ => Table::csv(file, None, question.plan, question.decision, unknown),
        };
        table.map_err(|wrong| wrong.into_iter().map(|message| message.en.to_string()).collect())
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

fn day() -> Day {
    Day { as_of: Date::parse("2026-01-31").unwrap(), known_at: DateTime::parse("2026-01-31T10:00:00Z").unwrap() }
}

/// The facts of a row by its number: some decided, some failing, some refused.
struct Facts(i64);

impl Facts {
    fn nit(&self) -> String {
        if self.0 % 13 == 5 { "x".to_owned() } else { (self.0 * 7919).to_string() }
    }
    /// In hundredths.
    fn base(&self) -> i128 {
        if self.0 % 17 == 3 { -1 } else { i128::from(self.0 * 10_007 % 1_000_000) }
    }
    fn class(&self) -> &'static str {
        ["a", "b", "c"][(self.0 % 29).min(27) as usize % 2 + usize::from(self.0 % 29 == 28)]
    }
    fn days(&self) -> Option<i32> {
        (self.0 % 3 != 0).then_some(i32::try_from(self.0).unwrap() * 31 - 5_000)
    }
    fn note(&self) -> Option<&'static str> {
        (self.0 % 4 == 1).then_some("dice \"sí\", señor; coma, y\nsalto")
    }
    fn sites(&self) -> i64 {
        self.0 * 37 % 1_003
    }
    fn exempt(&self) -> Option<bool> {
        (self.0 % 5 != 0).then_some(self.0 % 2 == 0)
    }
    fn micros(&self) -> Option<i64> {
        (self.0 % 7 == 1).then_some(self.0 * 1_234_567_891)
    }
    fn payments(&self) -> Vec<Option<i32>> {
        (0..self.0 % 4).map(|at| Some(i32::try_from(self.0 + at).unwrap())).collect()
    }

    fn json(&self) -> String {
        let mut caso = serde_json::Map::new();
        caso.insert("nit".into(), self.nit().into());
        let base = format!(
            "{}{}.{:02}",
            if self.base() < 0 { "-" } else { "" },
            self.base().abs() / 100,
            self.base().abs() % 100
        );
        caso.insert("base".into(), serde_json::Value::Null);
        caso.insert("clase".into(), self.class().into());
        if let Some(days) = self.days() {
            caso.insert("dia".into(), Date::from_day_number(days.into()).unwrap().to_string().into());
        }
        if let Some(note) = self.note() {
            caso.insert("nota".into(), note.into());
        }
        let caso = serde_json::to_string(&caso).unwrap().replace("\"base\":null", &format!("\"base\":{base}"));
        let mut rest = format!("\"sedes\":{}", self.sites());
        if let Some(exempt) = self.exempt() {
            rest += &format!(",\"exento\":{exempt}");
        }
        if let Some(micros) = self.micros() {
            rest += &format!(",\"cuando\":\"{}\"", moment(micros));
        }
        let payments: Vec<i32> = self.payments().into_iter().flatten().collect();
        format!("{{\"caso\":{caso},{rest},\"pagos\":{}}}", serde_json::to_string(&payments).unwrap())
    }
}

fn moment(micros: i64) -> String {
    DateTime::from_instant(i128::from(micros) * 1_000).unwrap().to_string()
}

fn rows(count: i64) -> Vec<Facts> {
    (0..count).map(Facts).collect()
}

/// Columns with dotted names, each in a layout of its own.
fn dotted(rows: &[Facts]) -> RecordBatch {
    let each = |fact: fn(&Facts) -> String| LargeStringArray::from_iter_values(rows.iter().map(fact));
    let mut classes = StringDictionaryBuilder::<Int32Type>::new();
    rows.iter().for_each(|row| drop(classes.append(row.class())));
    let moments = TimestampMicrosecondArray::from_iter(rows.iter().map(Facts::micros)).with_timezone("UTC");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("pagos", lists(rows)),
        ("caso.nit", Arc::new(each(Facts::nit))),
        ("sedes", Arc::new(Int64Array::from_iter_values(rows.iter().map(Facts::sites)))),
        ("caso.base", bases(rows)),
        ("caso.clase", Arc::new(classes.finish())),
        ("caso.dia", Arc::new(Date32Array::from_iter(rows.iter().map(Facts::days)))),
        ("caso.nota", Arc::new(StringArray::from_iter(rows.iter().map(Facts::note)))),
        ("exento", Arc::new(BooleanArray::from_iter(rows.iter().map(Facts::exempt)))),
        ("cuando", Arc::new(moments)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

/// The same with one column for the record.
fn nested(rows: &[Facts]) -> RecordBatch {
    let field = |name: &str, column: ArrayRef| (Arc::new(Field::new(name, column.data_type().clone(), true)), column);
    let record = StructArray::from(vec![
        field("nit", Arc::new(StringArray::from_iter_values(rows.iter().map(Facts::nit)))),
        field("base", bases(rows)),
        field("clase", Arc::new(StringArray::from_iter_values(rows.iter().map(Facts::class)))),
        field("dia", Arc::new(Date32Array::from_iter(rows.iter().map(Facts::days)))),
        field("nota", Arc::new(StringArray::from_iter(rows.iter().map(Facts::note)))),
    ]);
    let moments = TimestampMicrosecondArray::from_iter(rows.iter().map(Facts::micros)).with_timezone("+00:00");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("caso", Arc::new(record)),
        ("sedes", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.sites() as f64)))),
        ("exento", Arc::new(BooleanArray::from_iter(rows.iter().map(Facts::exempt)))),
        ("cuando", Arc::new(moments)),
        ("pagos", lists(rows)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

fn bases(rows: &[Facts]) -> ArrayRef {
    let bases = Decimal128Array::from_iter_values(rows.iter().map(Facts::base));
    Arc::new(bases.with_precision_and_scale(20, 2).unwrap())
}

fn lists(rows: &[Facts]) -> ArrayRef {
    let mut lists = ListBuilder::new(Int32Builder::new());
    rows.iter().for_each(|row| lists.append_value(row.payments()));
    Arc::new(lists.finish())
}

fn write_parquet(path: &Path, batch: &RecordBatch) {
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn write_csv(path: &Path, rows: &[Facts], separator: u8) {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_path(path).unwrap();
    writer
        .write_record([
            "sedes",
            "caso.nit",
            "caso.base",
            "caso.clase",
            "caso.dia",
            "caso.nota",
            "exento",
            "cuando",
            "pagos",
        ])
        .unwrap();
    for row in rows {
        let base = Decimal128Array::from_iter_values([row.base()]).with_precision_and_scale(20, 2).unwrap();
        let payments: Vec<i32> = row.payments().into_iter().flatten().collect();
        writer
            .write_record([
                row.sites().to_string(),
                row.nit(),
                base.value_as_string(0),
                row.class().to_owned(),
                row.days().map(|days| Date::from_day_number(days.into()).unwrap().to_string()).unwrap_or_default(),
                row.note().unwrap_or_default().to_owned(),
                row.exempt().map(|exempt| exempt.to_string()).unwrap_or_default(),
                row.micros().map(moment).unwrap_or_default(),
                serde_json::to_string(&payments).unwrap(),
            ])
            .unwrap();
    }
    writer.flush().unwrap();
}

/// What comes of each row, as text: its number, its facts and its outcome, failure or the errors of its facts.
fn answers(place: &Place, decision: &str, table: Table) -> (Vec<String>, Vec<RecordBatch>) {
    let runs = place.runs(decision);
    let columns = runs.outcome_columns(Numbers::Decimal, Language::En);
    let evaluator = BatchEvaluator::new(runs.question(), Some(columns), Hears::All);
    let (mut said, mut outcomes) = (Vec::new(), Vec::new());
    for piece in table.pieces {
        let piece = piece.unwrap();
        let answered = evaluator.evaluate(Rows::Columns(&table.binding, &piece.batch, piece.before), |row| {
            said.push(tell(row));
        });
        outcomes.push(answered.unwrap().outcomes.unwrap());
    }
    (said, outcomes)
}

fn tell(row: &dictamen_batch::Row<'_>) -> String {
    let mut facts = Vec::new();
    row.write_facts(&mut facts);
    match row.outcome() {
        Ok(outcome) => format!("{} {} {}", row.number, String::from_utf8(facts).unwrap(), outcome.to_json()),
        Err(Undecided::Failed(failure)) => format!("{} {} {failure:?}", row.number, String::from_utf8(facts).unwrap()),
        // What was received reads differently where it came otherwise; what is wrong with it does not.
        Err(Undecided::Refused(errors)) => {
            let errors: Vec<_> = errors.iter().map(|error| (error.code, &error.pointer)).collect();
            format!("{} {errors:?}", row.number)
        }
    }
}

/// The same of rows of JSON, one decision after another.
fn expected(place: &Place, decision: &str, rows: &[Facts]) -> Vec<String> {
    let runs = place.runs(decision);
    let evaluator = BatchEvaluator::new(runs.question(), None, Hears::All);
    let mut said = Vec::new();
    for (number, row) in (1..).zip(rows) {
        let json = row.json();
        let alone = runs.run(json.as_bytes());
        let lines = [(number, json.as_bytes())];
        evaluator
            .evaluate(Rows::Lines(&lines), |row| {
                match (&alone, row.outcome()) {
                    (Err(errors), Err(Undecided::Refused(now))) => assert_eq!(errors, now),
                    (Ok(run), now) => match (&run.result, now) {
                        (Ok(then), Ok(now)) => assert_eq!(then, now),
                        (Err(then), Err(Undecided::Failed(now))) => assert_eq!(then, now),
                        other => panic!("{other:?}"),
                    },
                    (alone, _) => panic!("{alone:?}"),
                }
                said.push(tell(row));
            })
            .unwrap();
    }
    said
}

#[test]
fn columns_give_what_rows_give_one_by_one() {
    let place = Place::new();
    let rows = rows(10_000);
    let expected = expected(&place, "impuesto", &rows);
    let count = |part: &str| expected.iter().filter(|row| row.contains(part)).count();
    assert!(
        count("\"codigo\"") > 5_000 && count("tabla.sin-fila") > 100 && count("hechos.") > 1_000,
        "all kinds of rows"
    );
    write_parquet(&place.file("dotted.parquet"), &dotted(&rows));
    write_parquet(&place.file("nested.parquet"), &nested(&rows));
    write_csv(&place.file("comma.csv"), &rows, b',');
    write_csv(&place.file("semicolon.csv"), &rows, b';');
    for name in ["dotted.parquet", "nested.parquet", "comma.csv", "semicolon.csv"] {
        let table = place.table(&place.file(name), UnknownColumns::Refused).unwrap();
        let (said, _) = answers(&place, "impuesto", table);
        assert_eq!(said.len(), expected.len(), "{name}");
        for (said, expected) in said.iter().zip(&expected) {
            assert_eq!(said, expected, "{name}");
        }
    }
}

#[test]
fn outcomes_have_a_column_a_field_and_say_why_there_is_none() {
    let place = Place::new();
    let rows = rows(200);
    write_parquet(&place.file("rows.parquet"), &dotted(&rows));
    let table = place.table(&place.file("rows.parquet"), UnknownColumns::Refused).unwrap();
    let (_, outcomes) = answers(&place, "impuesto", table);
    let outcome = &outcomes[0];
    let names: Vec<&str> = outcome.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(
        names,
        ["codigo", "valor", "dia", "exento", "tercio", "entero", "partes", "error_code", "error_message"]
    );
    let column = |name: &str| outcome.column_by_name(name).unwrap().clone();
    let runs = place.runs("impuesto");
    for (at, row) in rows.iter().enumerate() {
        let code = column("error_code").as_string::<i32>().is_valid(at);
        let alone = runs.run(row.json().as_bytes()).ok().and_then(|run| run.result.ok());
        assert_eq!(alone.is_none(), code, "row {at}");
        let Some(alone) = alone else { continue };
        let alone: serde_json::Value = serde_json::from_str(&alone.to_json()).unwrap();
        assert_eq!(column("codigo").as_string::<i32>().value(at), alone["codigo"]);
        let value = column("valor").as_primitive::<Decimal128Type>().value_as_string(at);
        let value: dictamen_value::Number = dictamen_value::Number::parse(&value).unwrap();
        assert_eq!(value.to_string(), alone["valor"].to_string());
        assert_eq!(column("exento").as_boolean().value(at), alone["exento"]);
        assert_eq!(column("partes").as_string::<i32>().value(at), alone["partes"].to_string());
        assert_eq!(column("dia").as_primitive::<Date32Type>().is_null(at), alone["dia"].is_null());
    }
    let first_error = (0..outcome.num_rows()).find(|at| column("error_code").is_valid(*at)).unwrap();
    assert!(column("error_message").as_string::<i32>().value(first_error).starts_with("caso."));
}

#[test]
fn a_number_that_does_not_fit_its_column_is_told_and_never_rounded() {
    let place = Place::new();
    write_parquet(&place.file("rows.parquet"), &dotted(&rows(100)));
    let table = place.table(&place.file("rows.parquet"), UnknownColumns::Refused).unwrap();
    let (said, outcomes) = answers(&place, "tercio", table);
    let outcome = &outcomes[0];
    let (numbers, codes) = (outcome.column(0).as_primitive::<Decimal128Type>(), outcome.column(1).as_string::<i32>());
    let mut unfit = 0;
    for (at, row) in rows(100).iter().enumerate().filter(|(at, _)| !said[*at].contains("hechos.")) {
        let is_whole = row.sites() % 3 == 0;
        assert_eq!((numbers.is_valid(at), codes.is_null(at)), (is_whole, is_whole), "{}", said[at]);
        unfit += usize::from(!is_whole);
        if !is_whole {
            assert_eq!(codes.value(at), "lote.numero-no-cabe");
        }
    }
    assert!(unfit > 10);
    let text = place.runs("tercio").outcome_columns(Numbers::Text, Language::En);
    assert_eq!(text.schema().field(0).data_type(), &DataType::Utf8);
}

#[test]
fn what_is_written_reads_back() {
    let place = Place::new();
    write_parquet(&place.file("rows.parquet"), &dotted(&rows(20_000)));
    let table = place.table(&place.file("rows.parquet"), UnknownColumns::Refused).unwrap();
    let outcome = answers(&place, "impuesto", table).1.remove(0);
    // Small batches that become groups together, before and behind one that was encoded elsewhere.
    let mut sink = Sink::parquet(Cursor::new(Vec::new()), outcome.schema()).unwrap();
    let encoder = sink.encoder().unwrap();
    assert!(encoder.encode(&outcome.slice(0, 100)).unwrap().is_none(), "too few rows for a group");
    sink.write(&outcome.slice(0, 100)).unwrap();
    sink.write(&outcome.slice(100, 50)).unwrap();
    sink.append(encoder.encode(&outcome).unwrap().unwrap()).unwrap();
    sink.write(&outcome.slice(150, 300)).unwrap();
    let bytes = sink.finish().unwrap().into_inner();
    std::fs::write(place.file("out.parquet"), bytes).unwrap();
    let file = File::open(place.file("out.parquet")).unwrap();
    let mut reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 65_536).unwrap();
    let back = reader.next().unwrap().unwrap();
    assert_eq!(back.num_rows(), 20_450);
    for (from, part) in [(0, outcome.slice(0, 150)), (150, outcome.clone()), (20_150, outcome.slice(150, 300))] {
        assert_eq!(back.slice(from, part.num_rows()).columns(), part.columns());
    }
}

/// Columns that are wrong, by what is said of them.
#[test]
fn wrong_columns_are_named_before_any_row() {
    let place = Place::new();
    let rows = rows(3);
    let good = dotted(&rows);
    let with = |name: &str, column: ArrayRef| {
        let kept = good.schema_ref().fields().iter().zip(good.columns()).filter(|(field, _)| field.name() != name);
        let columns = kept.map(|(field, column)| (field.name().clone(), column.clone()));
        let more = [(name.to_owned(), column)];
        RecordBatch::try_from_iter(columns.chain(more)).unwrap()
    };
    let without = |name: &str| {
        let kept = good.schema_ref().fields().iter().zip(good.columns()).filter(|(field, _)| field.name() != name);
        RecordBatch::try_from_iter(kept.map(|(field, column)| (field.name().clone(), column.clone()))).unwrap()
    };
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["1", "2", "3"]));
    let booleans: ArrayRef = Arc::new(BooleanArray::from(vec![true; 3]));
    for (batch, expected) in [
        (with("caso.nitt", texts.clone()), "column “caso.nitt” is no fact of the rules; did you mean “caso.nit”?"),
        (with("otra_cosa", texts.clone()), "column “otra_cosa” is no fact of the rules; take it away"),
        (with("caso.base", booleans.clone()), "column “caso.base” is of Arrow type Boolean; expected"),
        (with("exento", good.column(2).clone()), "column “exento” is of Arrow type Int64; expected boolean"),
        (without("sedes"), "column “sedes” is missing: the decision needs integer"),
        (without("caso.clase"), "column “caso.clase” is missing: the decision needs"),
    ] {
        write_parquet(&place.file("wrong.parquet"), &batch);
        let wrong = place.table(&place.file("wrong.parquet"), UnknownColumns::Refused).err().expect(expected);
        assert!(wrong.len() == 1 && wrong[0].starts_with(expected), "{expected}: {wrong:?}");
    }
    write_parquet(&place.file("more.parquet"), &with("otra_cosa", texts));
    let table = place.table(&place.file("more.parquet"), UnknownColumns::Ignored).unwrap();
    assert_eq!(answers(&place, "impuesto", table).0.len(), 3);
}

#[test]
fn damaged_files_say_so_after_the_rows_before_the_damage() {
    let place = Place::new();
    write_parquet(&place.file("rows.parquet"), &dotted(&rows(20_000)));
    let whole = std::fs::read(place.file("rows.parquet")).unwrap();
    let damaged = |bytes: &[u8]| {
        std::fs::write(place.file("damaged.parquet"), bytes).unwrap();
        let table =
            place.table(&place.file("damaged.parquet"), UnknownColumns::Refused).map_err(|wrong| wrong.concat())?;
        table
            .pieces
            .map(|piece| piece.map(|_| ()).map_err(|message| message.en.to_string()))
            .collect::<Result<Vec<()>, String>>()
    };
    assert_eq!(damaged(&whole).unwrap().len(), 1);
    for length in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        assert!(damaged(&whole[..length]).unwrap_err().starts_with("it is no Parquet file"), "{length} bytes");
    }
    let mut spoilt = whole.clone();
    spoilt[whole.len() / 3..whole.len() / 2].fill(0xff);
    assert!(damaged(&spoilt).unwrap_err().starts_with("the Parquet file is damaged after row"));
    let csv = |text: &str| {
        std::fs::write(place.file("damaged.csv"), text).unwrap();
        let table = place.table(&place.file("damaged.csv"), UnknownColumns::Ignored).map_err(|wrong| wrong.concat())?;
        table
            .pieces
            .map(|piece| piece.map(|piece| piece.batch.num_rows()).map_err(|message| message.en.to_string()))
            .collect::<Result<Vec<usize>, String>>()
    };
    let headings = "caso.nit,caso.base,caso.clase,sedes,pagos\n";
    let row = "1,2,a,3,[]\n";
    assert_eq!(csv(&format!("\u{feff}{headings}{row}{row}")).unwrap(), [2]);
    assert!(csv(&format!("{headings}{row}1,2\n{row}")).unwrap_err().starts_with("the CSV cannot be read after row 1"));
    let endless = format!("{headings}{row}\"{}", "x".repeat(20 * 1024 * 1024));
    assert!(csv(&endless).unwrap_err().starts_with("the CSV cannot be read after row 1"));
}

#[test]
fn a_manifest_finds_a_row_that_changed_moved_or_is_missing_and_its_own_changes() {
    let place = Place::new();
    let count = CHUNK_ROWS as i64 * 2 + 500;
    let tree = |rows: &[Facts]| {
        let runs = place.runs("impuesto");
        let (mut tree, mut room) = (Tree::default(), Vec::new());
        let lines: Vec<(u64, String)> = (1..).zip(rows.iter().map(Facts::json)).collect();
        let lines: Vec<(u64, &[u8])> = lines.iter().map(|(number, line)| (*number, line.as_bytes())).collect();
        let mut leaves = Vec::new();
        BatchEvaluator::new(runs.question(), None, Hears::All)
            .evaluate(Rows::Lines(&lines), |row| leaves.push(leaf(row, &mut room)))
            .unwrap();
        leaves.iter().for_each(|leaf| tree.push(*leaf));
        (tree, leaves)
    };
    let good = rows(count);
    let (grown, leaves) = tree(&good);
    let manifest = place.runs("impuesto").manifest(grown).unwrap();
    let bytes = manifest.to_bytes().unwrap();
    let manifest = Manifest::read(&bytes).unwrap();
    assert_eq!(manifest.head.rows, good.len() as u64);
    let restored = manifest.restore().unwrap();
    assert_eq!(restored.plan_digest, place.ready.plan_digest);
    let differing = |rows: Vec<Facts>| manifest.differing(&tree(&rows).0.finish()).collect::<Vec<usize>>();
    assert_eq!(differing(rows(count)), Vec::<usize>::new());
    let mut changed = rows(count);
    changed[CHUNK_ROWS + 3] = Facts(1);
    assert_eq!(differing(changed), [1]);
    let mut moved = rows(count);
    moved.swap(5, CHUNK_ROWS * 2 + 7);
    assert_eq!(differing(moved), [0, 2]);
    assert_eq!(differing(rows(count - 1)), [2]);
    assert_eq!(differing(rows(count + 1)), [2]);
    for row in [1, CHUNK_ROWS as u64, CHUNK_ROWS as u64 + 1, count as u64] {
        let chunk = (row as usize - 1) / CHUNK_ROWS;
        let of_chunk = &leaves[chunk * CHUNK_ROWS..leaves.len().min((chunk + 1) * CHUNK_ROWS)];
        assert_eq!(manifest.prove(row, of_chunk).unwrap().row, row);
        let mut swapped = of_chunk.to_vec();
        swapped.swap(0, 1);
        assert!(manifest.prove(row, &swapped).is_none());
    }
    let text = String::from_utf8(bytes).unwrap();
    for (from, to, said) in [
        ("\"as_of\":\"2026-01-31\"", "\"as_of\":\"2026-01-30\"", "its head is not the one that was sealed"),
        (
            &*format!("\"chunks\":[\"{}\"", manifest.chunks[0]),
            &*format!("\"chunks\":[\"{}\"", manifest.chunks[1]),
            "its chunks do not give its root",
        ),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let message = Manifest::read(text.replace(from, to).as_bytes()).unwrap_err();
        assert!(message.en.contains(said), "{message:?}");
    }
    let other_plan = text.replacen("100", "101", 1);
    let restored = Manifest::read(other_plan.as_bytes()).and_then(|manifest| manifest.restore().map(|_| ()));
    assert!(restored.is_err(), "a plan that changed is found");
}

#[test]
fn decimals_and_dictionaries_of_a_file_are_read_in_their_smallest_layouts() {
    let place = Place::new();
    let rows = rows(3_000);
    let read = |dictionary: bool, digits: u8| {
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for (field, column) in dotted(&rows).schema().fields().iter().zip(dotted(&rows).columns()) {
            let column: ArrayRef = match field.name().as_str() {
                "caso.base" => {
                    let units = column.as_primitive::<Decimal128Type>().values().iter().copied();
                    Arc::new(Decimal128Array::from_iter_values(units).with_precision_and_scale(digits, 2).unwrap())
                }
                _ => column.clone(),
            };
            columns.push((field.name().clone(), column));
        }
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
                .unwrap();
        let properties = parquet::file::properties::WriterProperties::builder()
            .set_dictionary_enabled(dictionary)
            .set_max_row_group_row_count(Some(1_000))
            .build();
        let file = File::create(place.file("rows.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let mut table = place.table(&place.file("rows.parquet"), UnknownColumns::Refused).unwrap();
        let first = table.pieces.next().unwrap().unwrap();
        let types: Vec<DataType> = ["caso.base", "caso.nota"]
            .map(|name| first.batch.schema().field_with_name(name).unwrap().data_type().clone())
            .to_vec();
        let again = place.table(&place.file("rows.parquet"), UnknownColumns::Refused).unwrap();
        (types, answers(&place, "impuesto", again).0)
    };
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let (wide, expected) = read(false, 30);
    assert_eq!(wide, [DataType::Decimal128(30, 2), DataType::Utf8]);
    let (narrow, said) = read(true, 18);
    assert_eq!(narrow, [DataType::Decimal64(18, 2), text]);
    assert_eq!(said, expected);
}

#[test]
fn texts_of_an_arrow_builder_are_texts() {
    let mut builder = StringBuilder::new();
    builder.append_value("7");
    let place = Place::new();
    let good = dotted(&rows(1));
    let columns = good.schema_ref().fields().iter().zip(good.columns()).map(|(field, column)| {
        let column: ArrayRef = if field.name() == "sedes" { Arc::new(builder.finish_cloned()) } else { column.clone() };
        (field.name().clone(), column)
    });
    write_parquet(&place.file("text.parquet"), &RecordBatch::try_from_iter(columns).unwrap());
    let table = place.table(&place.file("text.parquet"), UnknownColumns::Refused).unwrap();
    let (said, _) = answers(&place, "impuesto", table);
    assert!(said[0].contains("\"sedes\":7"), "a whole number written as text is that number: {}", said[0]);
}

const FLAT_RULES: &str = r#"reglas plano
tipo Caso {
  clase  : "a" | "b"
  base   : dinero >= 0
  exento : booleano
  desde  : fecha?
}
entrada caso : Caso
entrada sedes : entero [0..1000]
entrada nota : texto?
entrada divisor : numero
tabla tarifa : numero   politica unica
  | caso.clase | sedes  || tarifa |
  |------------|--------||--------|
  | "a"        | < 500  || 5      |
  | "a"        | >= 500 || 7.5    |
  | "b"        | < 900  || 10     |
decision todo : { valor: dinero, clase: "a" | "b", exento: booleano, desde: fecha?, cociente: dinero, nota: texto? } = {
  valor: caso.base * tarifa / 100, clase: caso.clase, exento: caso.exento, desde: caso.desde, cociente: caso.base / divisor, nota: nota
}
decision nombre : { de: texto, largo: numero, peso: numero? } = { de: if grupo = "alto" then "ALTO" else grupo, largo: string length(grupo), peso: peso }
tabla grupo : texto   politica primera
  | caso.clase | sedes      || grupo |
  |------------|------------||-------|
  | "a"        | [0..300)   || "bajo" |
  | -          | [300..800] || "alto" |
  | "b"        | -          || "medio" |
tabla peso : numero?   politica primera
  | caso.clase | sedes      || peso |
  |------------|------------||------|
  | "a"        | [0..300)   || 0.125 |
  | -          | [300..800] || 12 |
decision redondeos : { arriba: dinero, abajo: dinero, par: dinero, decimo: dinero, opuesto: dinero, mayor: dinero } = {
  arriba: round half up(caso.base / divisor, 3), abajo: round down(caso.base / divisor, 1), par: decimal(caso.base / 8, 2),
  decimo: round half up(caso.base * tarifa / 1000, 0), opuesto: -round half up(-caso.base / 3, 5), mayor: max(caso.base * 6 - caso.base * tarifa, -caso.base)
}
decision caminos : { letra: texto, suma: dinero, cierto: booleano } = {
  letra: if sedes < 100 then "pocas" else if tarifa = 5 then caso.clase else "otra " + caso.clase,
  suma: if caso.clase = "a" then caso.base * tarifa / 4 else if sedes > 700 then 0 else caso.base,
  cierto: caso.clase = "b" or (nota != null and sedes in [10..20])
}
decision solo : dinero = if caso.exento then 0 else caso.base * tarifa / 100
"#;

/// Columns for the flat rules; every so many rows something is null, wrong, or very long.
fn flat(count: i64, layout: u8) -> RecordBatch {
    let rows = || 0..count;
    let classes = StringArray::from_iter(rows().map(|row| {
        (row % 31 != 7)
            .then_some(["a", "b", "c"][(row % 41 == 9) as usize * 2 + (row % 2) as usize * usize::from(row % 41 != 9)])
    }));
    let base = |row: i64| {
        if row % 37 == 5 { -100 } else { i128::from(row) * 7_919 * if row % 53 == 1 { 10_i128.pow(18) } else { 1 } }
    };
    let bases: ArrayRef = match layout {
        0 => Arc::new(Decimal128Array::from_iter_values(rows().map(base)).with_precision_and_scale(38, 2).unwrap()),
        1 => Arc::new(StringArray::from_iter_values(rows().map(|row| base(row).to_string()))),
        3 => {
            let units = rows().map(|row| i64::try_from(base(row)).unwrap_or(i64::MAX - row));
            Arc::new(Decimal64Array::from_iter_values(units).with_precision_and_scale(18, 4).unwrap())
        }
        _ => Arc::new(Float64Array::from_iter_values(rows().map(|row| base(row) as f64 / 8.0))),
    };
    let classes: ArrayRef = match layout {
        3 => Arc::new(classes.iter().collect::<DictionaryArray<Int32Type>>()),
        _ => Arc::new(classes),
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("caso.clase", classes),
        ("caso.base", bases),
        (
            "caso.exento",
            Arc::new(BooleanArray::from_iter(rows().map(|row| (layout == 0 || row % 19 != 3).then_some(row % 3 == 0)))),
        ),
        ("caso.desde", Arc::new(Date32Array::from_iter(rows().map(|row| (row % 5 != 0).then_some(row as i32 * 17))))),
        ("sedes", Arc::new(Int64Array::from_iter(rows().map(|row| (row % 97 != 13).then_some(row * 37 % 1_003))))),
        ("nota", Arc::new(StringArray::from_iter(rows().map(|row| (row % 4 == 1).then_some("nota, con ñ"))))),
        ("divisor", Arc::new(Int64Array::from_iter_values(rows().map(|row| [8, 3, 0, 5][(row % 4) as usize])))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

#[test]
fn rows_decided_by_columns_are_those_decided_one_by_one() {
    let place = Place::of(FLAT_RULES, "plano");
    for decision in ["todo", "solo", "redondeos", "caminos", "nombre"] {
        let runs = place.runs(decision);
        let question = runs.question();
        assert_eq!(question.plan.untyped(question.decision), None, "{decision} runs as a program");
        for (layout, numbers) in [
            (0, Numbers::Decimal),
            (1, Numbers::Decimal),
            (2, Numbers::Text),
            (0, Numbers::Text),
            (3, Numbers::Decimal),
            (3, Numbers::Text),
            (3, Numbers::Places(6)),
            (0, Numbers::Places(0)),
        ] {
            let batch = flat(5_000, layout);
            let binding =
                Binding::of(batch.schema_ref(), question.plan, question.decision, UnknownColumns::Refused).unwrap();
            let evaluate = |hears| {
                let columns = runs.outcome_columns(numbers, Language::Es);
                let mut undecided = Vec::new();
                let evaluator = BatchEvaluator::new(question, Some(columns), hears);
                let answered = evaluator.evaluate(Rows::Columns(&binding, &batch, 7), |row| {
                    if row.outcome().is_err() {
                        undecided.push(tell(row));
                    }
                });
                (answered.unwrap(), undecided)
            };
            let ((one, undecided), (many, undecided_by_columns)) = (evaluate(Hears::All), evaluate(Hears::Undecided));
            let (one_by_one, by_columns) = (one.outcomes.unwrap(), many.outcomes.unwrap());
            for row in 0..batch.num_rows() {
                assert_eq!(
                    one_by_one.slice(row, 1),
                    by_columns.slice(row, 1),
                    "{decision}, layout {layout}, row {row}"
                );
            }
            assert_eq!((one.decided, one.unfit), (many.decided, many.unfit), "{decision}, layout {layout}");
            let leaves = |hears| {
                let (mut leaves, mut room) = (Vec::new(), Vec::new());
                let evaluator = BatchEvaluator::new(question, None, hears);
                let rows = Rows::Columns(&binding, &batch, 7);
                evaluator.evaluate(rows, |row| leaves.push((row.number, leaf(row, &mut room)))).unwrap();
                leaves
            };
            assert_eq!(leaves(Hears::All), leaves(Hears::Written), "{decision}, layout {layout}: the same leaves");
            assert_eq!(undecided, undecided_by_columns);
            assert!(
                one.decided > 1_000 && undecided.len() > 100,
                "both kinds: {} and {}",
                one.decided,
                undecided.len()
            );
        }
    }
}
