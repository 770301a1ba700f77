//! The kinds of taxpayers of a population, and how common each is.

/// What sort of taxpayer in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A natural person.
    Person,
    /// A company or another entity.
    Company,
    /// An entity without profit that may ask for the special regime.
    NonProfit,
}

/// One kind of taxpayer.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) kind: Kind,
    /// What sort of entity, for those that are no persons.
    pub(super) entity: &'static str,
    pub(super) activities: &'static [&'static str],
    /// Whether they sell goods or services of their own.
    pub(super) sells: bool,
    pub(super) resident: bool,
    /// Income of a year in pesos: from two to the power of the first up to twice two to the power of the second.
    pub(super) income_octaves: (u64, u64),
    /// Of so many, one asks for the SIMPLE.
    pub(super) simple_once_in: Option<u64>,
    /// Of so many, one is a customs user.
    pub(super) customs_once_in: Option<u64>,
}

const PERSON: Profile = Profile {
    kind: Kind::Person,
    entity: "",
    activities: &["asalariado"],
    sells: false,
    resident: true,
    income_octaves: (23, 28),
    simple_once_in: None,
    customs_once_in: None,
};

const TRADER: Profile = Profile {
    activities: &["tienda", "comercio_minorista", "artesania"],
    sells: true,
    income_octaves: (22, 31),
    simple_once_in: Some(6),
    customs_once_in: Some(60),
    ..PERSON
};

const COMPANY: Profile = Profile {
    kind: Kind::Company,
    entity: "sociedad_nacional",
    activities: &["comercio_mayorista", "comercio_minorista", "industria", "servicios", "restaurante_bar"],
    income_octaves: (25, 36),
    simple_once_in: Some(6),
    customs_once_in: Some(8),
    ..TRADER
};

/// Profiles, each with how many of a thousand or so are like it.
pub(super) const PROFILES: &[(u64, Profile)] = &[
    (410, PERSON),
    (80, Profile { activities: &["pensionado"], ..PERSON }),
    (25, Profile { activities: &["ninguna"], income_octaves: (0, 1), ..PERSON }),
    (130, TRADER),
    (70, Profile { activities: &["peluqueria", "servicios"], ..TRADER }),
    (70, Profile { activities: &["profesion_liberal"], income_octaves: (23, 30), ..TRADER }),
    (30, Profile { activities: &["restaurante_bar"], customs_once_in: None, ..TRADER }),
    (40, Profile { activities: &["agricultura", "ganaderia"], simple_once_in: Some(20), ..TRADER }),
    (10, Profile { activities: &["transporte_urbano"], ..TRADER }),
    (20, Profile { activities: &["rentista_de_capital"], simple_once_in: None, ..TRADER }),
    (8, Profile { activities: &["comercio_mayorista"], income_octaves: (26, 34), customs_once_in: Some(2), ..TRADER }),
    (8, Profile { activities: &["asalariado", "servicios", "ninguna"], resident: false, ..PERSON }),
    (4, Profile { activities: &["servicios_desde_el_exterior"], resident: false, simple_once_in: None, ..COMPANY }),
    (70, COMPANY),
    (5, Profile { activities: &["industria", "servicios"], income_octaves: (36, 42), simple_once_in: None, ..COMPANY }),
    (10, Profile { kind: Kind::NonProfit, entity: "sin_animo_de_lucro", activities: &["servicios"], ..COMPANY }),
    (4, Profile { kind: Kind::NonProfit, entity: "junta_de_accion_comunal", activities: &["servicios"], ..COMPANY }),
    (2, Profile { activities: &["entidad_financiera"], income_octaves: (32, 40), simple_once_in: None, ..COMPANY }),
    (2, Profile { activities: &["cooperativa_financiera"], simple_once_in: None, ..COMPANY }),
    (3, Profile { entity: "entidad_publica", activities: &["ninguna"], sells: false, simple_once_in: None, ..COMPANY }),
    (1, Profile { entity: "economia_mixta", simple_once_in: None, ..COMPANY }),
    (1, Profile { entity: "establecimiento_permanente", resident: false, ..COMPANY }),
    (
        1,
        Profile {
            entity: "mision_diplomatica",
            activities: &["ninguna"],
            sells: false,
            simple_once_in: None,
            ..COMPANY
        },
    ),
];
