//! The graph by hand in Rust: over decimals as whole numbers, and over machine floats.

use serde::{Deserialize, Serialize};

use super::model::{BASES, DEBTS, GraphCase, GraphOutcome, KINDS, OLD_YEARS, POINTS, RATES, level};

/// One of the kinds, as a field of a struct.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names are the texts of the model")]
pub enum Kind {
    Empleado,
    Independiente,
    Pensionado,
    Otro,
}

/// The facts, with amounts as floats or in hundredths.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "their names are those of the model")]
pub struct Facts<N> {
    pub ingresos_laborales: N,
    pub ingresos_capital: N,
    pub ingresos_no_laborales: N,
    pub aportes_salud: N,
    pub aportes_pension: N,
    pub intereses_vivienda: N,
    pub medicina_prepagada: N,
    pub patrimonio: N,
    pub deudas: N,
    pub retenciones: N,
    pub anticipo: N,
    pub dependientes: i64,
    pub antiguedad: i64,
    pub residente: bool,
    pub obligado: bool,
    pub tipo: Kind,
}

/// An amount in hundredths that JSON writes as a decimal.
#[derive(Clone, Copy, Debug)]
pub struct Hundredths(pub i64);

impl<'de> Deserialize<'de> for Hundredths {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Hundredths, D::Error> {
        Ok(Hundredths((f64::deserialize(from)? * 100.0).round() as i64))
    }
}

/// The outcome as it is written in JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "their names are those of the model")]
pub struct Outcome {
    pub a_pagar: f64,
    pub a_favor: f64,
    pub declara: bool,
    pub nivel: &'static str,
    pub puntos: i64,
    pub tasa: f64,
}

impl<N> Facts<N> {
    /// A case, with its amounts made from hundredths.
    pub fn new(case: &GraphCase, amount: impl Fn(i64) -> N) -> Facts<N> {
        let at = |position: usize| amount(case.amounts[position]);
        Facts {
            ingresos_laborales: at(0),
            ingresos_capital: at(1),
            ingresos_no_laborales: at(2),
            aportes_salud: at(3),
            aportes_pension: at(4),
            intereses_vivienda: at(5),
            medicina_prepagada: at(6),
            patrimonio: at(7),
            deudas: at(8),
            retenciones: at(9),
            anticipo: at(10),
            dependientes: case.dependants,
            antiguedad: case.years,
            residente: case.resident,
            obligado: case.keeps_books,
            tipo: [Kind::Empleado, Kind::Independiente, Kind::Pensionado, Kind::Otro][case.kind % KINDS.len()],
        }
    }
}

/// Over whole numbers: ten-thousandths of a peso within, exact as decimals are.
pub fn by_decimals(facts: &Facts<Hundredths>) -> GraphOutcome {
    let of = |amount: Hundredths| amount.0 * 100;
    let gross = of(facts.ingresos_laborales) + of(facts.ingresos_capital) + of(facts.ingresos_no_laborales);
    let contributions = of(facts.aportes_salud) + of(facts.aportes_pension);
    let net = (gross - contributions).max(0);
    let housing = of(facts.intereses_vivienda).min(15_000_000);
    let medicine = of(facts.medicina_prepagada).min(2_500_000);
    let dependants = if facts.dependientes > 4 { 3_600_000 } else { facts.dependientes * 900_000 };
    let accepted = (housing + medicine + dependants).min(net * 35 / 100);
    let base = rounded(net - accepted, 10_000);
    let rate = RATES[facts.tipo as usize][band(&BASES, base)];
    let tax = rounded(base * rate, 100) * 100;
    let debt = match facts.patrimonio.0 {
        ..=0 => 0,
        wealth => rounded(facts.deudas.0 * 10_000, wealth),
    };
    let points = points(facts.residente, facts.antiguedad, band(&DEBTS, debt));
    let level = level(points);
    let surcharge = if level == "alto" { tax * 5 / 100 } else { 0 };
    let due = rounded(tax + surcharge, 10_000) * 10_000 - (of(facts.retenciones) + of(facts.anticipo));
    let declares =
        gross >= 2_500_000_000 || of(facts.patrimonio) >= 4_500_000_000 || facts.obligado || !facts.residente;
    (due.max(0) / 100, (-due).max(0) / 100, declares, level, points, rate)
}

/// A number that is not negative, divided and rounded to the nearest whole one, halves up.
fn rounded(number: i64, by: i64) -> i64 {
    (2 * number + by) / (2 * by)
}

/// How many bands begin at or below a number.
fn band(bands: &[i64; 4], number: i64) -> usize {
    bands.iter().map(|begin| usize::from(*begin <= number)).sum()
}

fn points(resident: bool, years: i64, band: usize) -> i64 {
    POINTS[usize::from(resident)][usize::from(years >= OLD_YEARS)][band]
}

/// Over machine floats; where they err, so does this.
pub fn by_floats(facts: &Facts<f64>) -> Outcome {
    let gross = facts.ingresos_laborales + facts.ingresos_capital + facts.ingresos_no_laborales;
    let net = (gross - (facts.aportes_salud + facts.aportes_pension)).max(0.0);
    let housing = facts.intereses_vivienda.min(1_500.0);
    let medicine = facts.medicina_prepagada.min(250.0);
    let dependants = if facts.dependientes > 4 { 360.0 } else { facts.dependientes as f64 * 90.0 };
    let accepted = (housing + medicine + dependants).min(net * 0.35);
    let base = (net - accepted).round();
    let rate = RATES[facts.tipo as usize][float_band(&BASES, base)] as f64 / 10_000.0;
    let tax = (base * rate * 100.0).round() / 100.0;
    let debt = match facts.patrimonio > 0.0 {
        true => (facts.deudas / facts.patrimonio * 10_000.0).round(),
        false => 0.0,
    };
    let points = points(facts.residente, facts.antiguedad, float_band(&DEBTS, debt));
    let nivel = level(points);
    let surcharge = if nivel == "alto" { tax * 0.05 } else { 0.0 };
    let due = (tax + surcharge).round() - (facts.retenciones + facts.anticipo);
    let declara = gross >= 250_000.0 || facts.patrimonio >= 450_000.0 || facts.obligado || !facts.residente;
    Outcome { a_pagar: due.max(0.0), a_favor: (-due).max(0.0), declara, nivel, puntos: points, tasa: rate }
}

fn float_band(bands: &[i64; 4], number: f64) -> usize {
    bands.iter().map(|begin| usize::from(*begin as f64 <= number)).sum()
}

impl From<GraphOutcome> for Outcome {
    fn from((pay, favour, declara, nivel, puntos, rate): GraphOutcome) -> Outcome {
        let (a_pagar, a_favor) = (pay as f64 / 100.0, favour as f64 / 100.0);
        Outcome { a_pagar, a_favor, declara, nivel, puntos, tasa: rate as f64 / 10_000.0 }
    }
}

/// JSON to JSON over whole numbers, into a buffer that is used again.
pub fn json_by_decimals(json: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let facts: Facts<Hundredths> = serde_json::from_slice(json).expect("JSON of the facts");
    serde_json::to_writer(out, &Outcome::from(by_decimals(&facts))).expect("memory takes what is written");
}

/// JSON to JSON over floats, into a buffer that is used again.
pub fn json_by_floats(json: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let facts: Facts<f64> = serde_json::from_slice(json).expect("JSON of the facts");
    serde_json::to_writer(out, &by_floats(&facts)).expect("memory takes what is written");
}
