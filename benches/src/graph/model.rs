//! The graph as data: sixteen inputs, two tables, made-up figures; cases by chance.

use serde_json::{Value, json};

use crate::chance::Chance;

/// Kinds of taxpayers.
pub const KINDS: [&str; 4] = ["empleado", "independiente", "pensionado", "otro"];
/// Where the bands of the base begin, in whole pesos; the first begins at zero.
pub const BASES: [i64; 4] = [12_000, 30_000, 75_000, 180_000];
/// Rates of each kind and band, in ten-thousandths.
pub const RATES: [[i64; 5]; 4] = [
    [0, 825, 1_475, 2_150, 3_325],
    [0, 975, 1_625, 2_450, 3_475],
    [0, 450, 1_050, 1_825, 2_775],
    [325, 1_125, 1_875, 2_650, 3_625],
];
/// The group of each band.
pub const GROUPS: [&str; 5] = ["exento", "bajo", "medio", "alto", "maximo"];
/// Where the bands of debt beside wealth begin, in ten-thousandths; the first begins at zero.
pub const DEBTS: [i64; 4] = [2_000, 4_500, 7_000, 10_000];
/// Years from which one counts as old.
pub const OLD_YEARS: i64 = 5;
/// Points by residence, age and band of debt.
pub const POINTS: [[[i64; 5]; 2]; 2] =
    [[[30, 45, 60, 75, 95], [20, 35, 50, 65, 85]], [[15, 25, 40, 55, 80], [5, 10, 25, 40, 60]]];
/// From so many points on the level is `medio`, then `alto`.
pub const LEVELS: [i64; 2] = [30, 60];

/// What is decided about; amounts in hundredths.
#[derive(Clone, Debug)]
pub struct GraphCase {
    /// Amounts, in the order of [`AMOUNTS`].
    pub amounts: [i64; 11],
    /// Dependants.
    pub dependants: i64,
    /// Years since the inscription.
    pub years: i64,
    /// Resident.
    pub resident: bool,
    /// Has to keep books.
    pub keeps_books: bool,
    /// A position in [`KINDS`].
    pub kind: usize,
}

/// The inputs that are amounts of money.
pub const AMOUNTS: [&str; 11] = [
    "ingresos_laborales",
    "ingresos_capital",
    "ingresos_no_laborales",
    "aportes_salud",
    "aportes_pension",
    "intereses_vivienda",
    "medicina_prepagada",
    "patrimonio",
    "deudas",
    "retenciones",
    "anticipo",
];

/// The other inputs.
pub const OTHERS: [&str; 5] = ["dependientes", "antiguedad", "residente", "obligado", "tipo"];

/// What comes of it: to pay and in favour in pesos, whether to declare, the level, its points, the rate in ten-thousandths.
pub type GraphOutcome = (i64, i64, bool, &'static str, i64, i64);

/// Cases by chance.
pub fn cases(count: usize, seed: u64) -> Vec<GraphCase> {
    let mut chance = Chance::new(seed);
    (0..count).map(|_| case(&mut chance)).collect()
}

fn case(chance: &mut Chance) -> GraphCase {
    // Up to these, in hundredths; a part of the cases has nothing of the kind.
    let ends = [
        20_000_000, 8_000_000, 9_000_000, 800_000, 800_000, 300_000, 40_000, 60_000_000, 50_000_000, 2_000_000, 500_000,
    ];
    let amounts = ends.map(|end| if chance.percent(15) { 0 } else { chance.between(0, end) });
    GraphCase {
        amounts,
        dependants: chance.between(0, 7),
        years: chance.between(0, 30),
        resident: chance.percent(80),
        keeps_books: chance.percent(20),
        kind: chance.below(KINDS.len()),
    }
}

impl GraphCase {
    /// As JSON.
    pub fn facts(&self) -> Value {
        let amounts = AMOUNTS.iter().zip(self.amounts);
        let mut facts: serde_json::Map<String, Value> =
            amounts.map(|(name, amount)| ((*name).to_owned(), json!(amount as f64 / 100.0))).collect();
        let others = [
            json!(self.dependants),
            json!(self.years),
            json!(self.resident),
            json!(self.keeps_books),
            json!(KINDS[self.kind]),
        ];
        facts.extend(OTHERS.iter().map(|name| (*name).to_owned()).zip(others));
        Value::Object(facts)
    }
}

/// The level that goes with points.
pub fn level(points: i64) -> &'static str {
    match points {
        points if points >= LEVELS[1] => "alto",
        points if points >= LEVELS[0] => "medio",
        _ => "bajo",
    }
}
