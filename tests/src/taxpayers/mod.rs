//! Taxpayers drawn by chance, as `rut.contribuyente` asks for them: a population to measure and to try rules on.
//!
//! Amounts are drawn over many orders of magnitude and know nothing of the limits of any law.

mod chance;
mod profiles;
mod reading;

use serde_json::{Value, json};

use chance::Chance;
use profiles::{Kind, Profile};

pub use reading::readable;

/// The facts of one taxpayer of a population: `{ "contribuyente": { … } }`.
pub fn taxpayer(seed: u64, row: u64) -> Value {
    let mut draw = Draw::new(seed, row);
    json!({ "contribuyente": draw.taxpayer() })
}

/// What is drawn for one taxpayer.
struct Draw {
    chance: Chance,
    profile: &'static Profile,
    activity: &'static str,
    /// Income of the year before.
    income: u64,
    /// Income of this year until now.
    income_now: u64,
    in_simple: bool,
    in_customs: bool,
}

/// NITs of public entities and large companies, as everyone finds them printed on their papers.
const KNOWN_NITS: &[&str] = &[
    "800197268",
    "899999068",
    "890903938",
    "860002964",
    "860034313",
    "890904996",
    "860003020",
    "899999034",
    "890903937",
    "890900608",
];

const CUSTOMS_ROLES: &[&str] = &["22", "23", "62", "1", "18", "53"];

impl Draw {
    fn new(seed: u64, row: u64) -> Draw {
        let mut chance = Chance::of_row(seed, row);
        let profile: &Profile = chance.weighted(profiles::PROFILES);
        let (low, high) = profile.income_octaves;
        let income = if profile.activities == ["ninguna"] { 0 } else { chance.pesos(low, high) };
        let activity: &&str = chance.one_of(profile.activities);
        let activity = *activity;
        let income_now = chance.part(income).saturating_mul(2);
        Draw {
            activity,
            in_simple: profile.simple_once_in.is_some_and(|times| chance.once_in(times)),
            in_customs: profile.customs_once_in.is_some_and(|times| chance.once_in(times)),
            chance,
            profile,
            income,
            income_now,
        }
    }

    fn is_company(&self) -> bool {
        self.profile.kind != Kind::Person
    }

    fn taxpayer(&mut self) -> Value {
        let mut taxpayer = json!({
            "nit": self.nit(),
            "tipo_persona": if self.is_company() { "juridica" } else { "natural" },
            "residente": self.profile.resident,
            "actividad_principal": self.activity,
            "actividades_secundarias": self.other_activities(),
            "operaciones_iva": self.vat(),
            "renta": self.renta(),
            "anio_anterior": self.year(self.income),
            "anio_en_curso": self.year(self.income_now),
            "contratos": self.contracts(),
            "negocio": self.business(),
            "todo_retenido_407_a_411": !self.profile.resident && !self.chance.once_in(3),
            "regimen_tributario_especial": self.profile.kind == Kind::NonProfit && !self.chance.once_in(3),
        });
        let optional = [
            ("simple", self.in_simple.then(|| self.simple())),
            ("rut", self.usually(Draw::inscription)),
            ("entidad", if self.is_company() { self.usually(Draw::entity) } else { None }),
            ("patrimonio", self.usually(Draw::wealth)),
            ("comercio", self.usually(Draw::commerce)),
            ("exterior", self.usually(Draw::abroad)),
            ("informacion", self.usually(Draw::information)),
        ];
        for (name, group) in optional {
            if let Some(group) = group {
                taxpayer[name] = group;
            }
        }
        taxpayer
    }

    /// A group of facts that is known of nearly everybody.
    fn usually(&mut self, group: fn(&mut Draw) -> Value) -> Option<Value> {
        let drawn = group(self);
        (!self.chance.once_in(40)).then_some(drawn)
    }

    fn nit(&mut self) -> String {
        match self.profile.kind {
            Kind::Person => (1_000_000 + self.chance.below(1_130_000_000)).to_string(),
            _ if self.profile.income_octaves.0 >= 36 => (*self.chance.one_of(KNOWN_NITS)).to_owned(),
            _ => (800_000_000 + self.chance.below(102_000_000)).to_string(),
        }
    }

    fn other_activities(&mut self) -> Vec<&'static str> {
        let others = ["servicios", "comercio_minorista", "rentista_de_capital", "agricultura"];
        if self.profile.sells && self.chance.once_in(8) { vec![*self.chance.one_of(&others)] } else { Vec::new() }
    }

    fn vat(&mut self) -> &'static str {
        match self.activity {
            _ if !self.profile.sells => "ninguna",
            "agricultura" | "ganaderia" | "transporte_urbano" if !self.chance.once_in(5) => "excluidas_o_no_gravadas",
            _ if self.chance.once_in(10) => "excluidas_o_no_gravadas",
            _ => "gravadas",
        }
    }

    fn renta(&mut self) -> Value {
        let (card, purchases) = (self.chance.part(self.income / 2), self.chance.part(self.income));
        json!({
            "patrimonio_bruto": self.income / 2 + self.chance.pesos(10, 31),
            "tarjeta": card,
            "compras": card + purchases,
            "consignaciones": self.chance.part(self.income) + if self.chance.once_in(20) { self.income } else { 0 },
        })
    }

    fn year(&mut self, income: u64) -> Value {
        let own = if !self.profile.sells {
            0
        } else if self.chance.once_in(5) {
            self.chance.part(income)
        } else {
            income
        };
        json!({ "ingresos": income, "ingresos_actividad": own, "consignaciones_actividad": self.chance.part(own) })
    }

    fn contracts(&mut self) -> Value {
        let mut largest = |income: u64| if self.profile.sells { self.chance.part(income) } else { 0 };
        let (before, now) = (largest(self.income), largest(self.income_now));
        json!({ "mayor_anio_anterior": before, "mayor_anio_en_curso": now, "mismo_contratante": now })
    }

    fn business(&mut self) -> Value {
        let places = match (self.profile.sells, self.is_company()) {
            (false, _) => 0,
            (true, true) => 1 + self.chance.below(6),
            (true, false) => *self.chance.weighted(&[(2, 0), (14, 1), (2, 2), (1, 3)]),
        };
        json!({
            "establecimientos": places,
            "franquicia": self.profile.sells && self.chance.once_in(25),
            "usuario_aduanero": self.in_customs,
            "contratista_estado": self.profile.sells && self.chance.once_in(20),
        })
    }

    fn simple(&mut self) -> Value {
        let exclusions = ["accionista_de_otras", "filial_o_sucursal", "automoviles", "escision_reciente", "factoring"];
        let found = if self.chance.once_in(12) { vec![*self.chance.one_of(&exclusions)] } else { Vec::new() };
        json!({
            "empresa_nueva": self.chance.once_in(10),
            "socios_naturales_residentes": !self.chance.once_in(15),
            "ingresos_por_consolidar": if self.chance.once_in(15) { self.chance.pesos(20, 33) } else { 0 },
            "rut_activo": !self.chance.once_in(40),
            "firma_electronica": !self.chance.once_in(30),
            "factura_electronica": !self.chance.once_in(30),
            "exclusiones": found,
        })
    }

    fn inscription(&mut self) -> Value {
        let causes = ["direccion_no_ubicada", "camara_de_comercio", "datos_desactualizados", "orden_judicial"];
        let states = [(90, "activo"), (4, "suspendido"), (3, "cancelado"), (3, "sin_inscripcion")];
        let state = *self.chance.weighted(&states);
        let why = if state == "suspendido" { vec![*self.chance.one_of(&causes)] } else { Vec::new() };
        let customs = if self.in_customs { vec![*self.chance.one_of(CUSTOMS_ROLES)] } else { Vec::new() };
        let mut inscription = json!({
            "estado": state,
            "causas_de_suspension": why,
            "responsabilidades": self.registered(),
            "calidades_aduaneras": customs,
            "numeracion_vigente": self.profile.sells && !self.chance.once_in(4),
            "firma_electronica": !self.chance.once_in(3),
        });
        if state != "sin_inscripcion" {
            inscription["inscrito_desde"] = json!(self.date(2004, 22));
            inscription["ultima_actualizacion"] = json!(self.date(2018, 8));
        }
        inscription
    }

    /// Codes that the RUT shows, whether they should stand there or not.
    fn registered(&mut self) -> Vec<&'static str> {
        let mut codes = vec![if self.in_simple { "47" } else { "05" }];
        codes.extend(self.profile.sells.then(|| *self.chance.one_of(&["48", "49", "52"])));
        codes.extend(self.in_customs.then_some("10"));
        codes
    }

    fn date(&mut self, from: u64, years: u64) -> String {
        let (year, month, day) =
            (from + self.chance.below(years), 1 + self.chance.below(12), 1 + self.chance.below(28));
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn entity(&mut self) -> Value {
        let mut entity = json!({
            "clase": self.profile.entity,
            "exonerada_114_1": self.profile.kind == Kind::Company && !self.chance.once_in(5),
            "celebra_contratos": self.chance.once_in(4),
            "inscrita_desde": self.date(2004, 22),
        });
        if self.profile.entity == "economia_mixta" {
            entity["mayoria_publica"] = json!(self.chance.once_in(2));
        }
        if self.profile.entity == "entidad_publica" {
            let standings = ["contribuyente", "no_contribuyente", "declarante_de_ingresos"];
            entity["ante_la_renta"] = json!(self.chance.one_of(&standings));
        }
        entity
    }

    fn wealth(&mut self) -> Value {
        let abroad = if self.chance.once_in(30) { self.chance.pesos(24, 33) } else { 0 };
        json!({ "liquido_1_enero": self.chance.part(self.income) + self.chance.pesos(10, 33), "activos_en_el_exterior": abroad })
    }

    fn commerce(&mut self) -> Value {
        let trades = ["tienda", "comercio_minorista", "comercio_mayorista", "industria", "restaurante_bar"];
        json!({
            "comerciante": trades.contains(&self.activity) && !self.chance.once_in(10),
            "bienes_exentos_477_481": self.profile.sells && self.chance.once_in(20),
            "paga_sometido_a_retencion": self.is_company() || (self.profile.sells && self.chance.once_in(3)),
            "opera_comercio_exterior": self.in_customs,
            "telefonia_o_bienes_inc": self.profile.sells && self.chance.once_in(40),
            "compra_con_retencion_iva": self.profile.sells && self.chance.once_in(4),
        })
    }

    fn abroad(&mut self) -> Value {
        let related = self.is_company() && self.chance.once_in(12);
        json!({
            "con_vinculados": related,
            "con_paraisos_fiscales": self.is_company() && self.chance.once_in(60),
            "ingresos_del_grupo": if related && self.chance.once_in(10) { self.chance.pesos(38, 43) } else { 0 },
        })
    }

    fn information(&mut self) -> Value {
        let asked = self.is_company() || self.chance.once_in(10);
        let withholds = self.is_company() && self.chance.once_in(30);
        json!({ "obligado_por_resolucion": asked, "agente_de_retencion_iva": withholds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_population_repeats_and_has_persons_and_companies() {
        let rows = |seed| (0..200).map(|row| taxpayer(seed, row).to_string()).collect::<Vec<_>>();
        assert_eq!(rows(1), rows(1));
        assert_ne!(rows(1), rows(2));
        let all = rows(1).join("\n");
        assert!(all.contains("\"natural\"") && all.contains("\"juridica\""), "{all}");
    }
}
