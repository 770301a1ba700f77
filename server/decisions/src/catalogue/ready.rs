//! A version of a ruleset with its imports, checked and compiled once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dictamen_compile::Compiled;
use dictamen_core::{Limits, Prepared, Scratch, Session};
use dictamen_model::{Checked, Unit};
use dictamen_plan::{About, DecisionId, Digest, Op, ParameterSet, Plan, TableId};
use dictamen_syntax::{Diagnostic, Severity, Source, Span, tree};
use dictamen_value::Message;
use foldhash::HashMap;
use serde_json::json;

use super::Day;
use crate::trace::Letterhead;

/// What decides: a plan and the values of its parameters, with the hashes that traces name them by.
#[derive(Debug)]
pub struct Ready {
    /// The ruleset.
    pub id: Arc<str>,
    /// The version's name.
    pub version: Arc<str>,
    /// The compiled logic.
    pub plan: Prepared,
    /// The dated values.
    pub parameters: ParameterSet,
    /// The hash of the plan's bytes.
    pub plan_digest: Digest,
    /// The hash of the parameters' bytes.
    pub parameters_digest: Digest,
    named: Box<str>,
    letterhead: Letterhead,
    names: HashMap<String, DecisionId>,
    tables: Vec<String>,
    kept: AtomicBool,
    /// Memory of sessions that have ended, by decision.
    scratches: Box<[Mutex<Vec<Scratch>>]>,
}

/// Memory of sessions that is kept for the next ones, for each decision.
const SCRATCHES_MAX: usize = 16;

/// A ruleset that doesn't serve, with why.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Errors and warnings.
    pub(crate) diagnostics: Arc<[Diagnostic]>,
}

impl Broken {
    /// How many errors there are.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }
}

impl Ready {
    /// A plan and parameters under a name, with their hashes.
    pub fn new(id: Arc<str>, version: Arc<str>, plan: Plan, parameters: ParameterSet) -> Result<Ready, Message> {
        let plan_digest = plan.digest().map_err(|error| error.0)?;
        let parameters_digest = parameters.digest().map_err(|error| error.0)?;
        let ready = Ready::restored(id, version, (plan, plan_digest), (parameters, parameters_digest));
        Ok(Ready { kept: AtomicBool::new(false), ..ready })
    }

    /// A plan and parameters that were kept as objects, each with the hash that named it.
    pub(crate) fn restored(
        id: Arc<str>,
        version: Arc<str>,
        plan: (Plan, Digest),
        parameters: (ParameterSet, Digest),
    ) -> Ready {
        let ((plan, plan_digest), (parameters, parameters_digest)) = (plan, parameters);
        let (names, tables) = (names(&plan), metric_names(&plan));
        let named = json!({ "id": id, "version": version, "hash": plan_digest }).to_string().into();
        let letterhead = Letterhead::of(plan.semantics, (&id, &version), plan_digest, parameters_digest);
        let scratches = plan.decisions.iter().map(|_| Mutex::default()).collect();
        let plan = Prepared::new(plan);
        let kept = AtomicBool::new(true);
        Ready {
            id,
            version,
            plan,
            parameters,
            plan_digest,
            parameters_digest,
            named,
            letterhead,
            names,
            tables,
            kept,
            scratches,
        }
    }

    /// A session of a decision, in memory that earlier ones have used; give it back with [`Ready::end_session`].
    pub(crate) fn session(&self, decision: DecisionId, day: &Day, limits: Limits) -> Session<'_> {
        let scratch = self.scratches_of(decision).and_then(|mut scratches| scratches.pop()).unwrap_or_default();
        Session::with(scratch, &self.plan, &self.parameters, decision, (day.as_of, day.known_at), limits)
    }

    /// One question of a decision for rows of batches.
    pub(crate) fn question(&self, decision: DecisionId, day: &Day, limits: Limits) -> dictamen_batch::Question<'_> {
        let (plan, parameters) = (&self.plan, &self.parameters);
        dictamen_batch::Question { plan, parameters, decision, as_of: day.as_of, known_at: day.known_at, limits }
    }

    /// Keeps the memory of a session for the next one of the same decision.
    pub(crate) fn end_session(&self, decision: DecisionId, session: Session<'_>) {
        let scratch = session.into_scratch();
        if let Some(mut scratches) = self.scratches_of(decision)
            && scratches.len() < SCRATCHES_MAX
        {
            scratches.push(scratch);
        }
    }

    fn scratches_of(&self, decision: DecisionId) -> Option<MutexGuard<'_, Vec<Scratch>>> {
        Some(self.scratches.get(decision as usize)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What answers call it: a JSON object of identifier, version and hash.
    pub(crate) fn named(&self) -> &str {
        &self.named
    }

    /// What the heads of its traces have in common.
    pub(crate) fn letterhead(&self) -> &Letterhead {
        &self.letterhead
    }

    /// A decision by its name: of this ruleset, or `ruleset.name` of an imported one.
    pub fn find_decision(&self, name: &str) -> Option<DecisionId> {
        self.names.get(name).copied()
    }

    /// A decision's name with that of its ruleset, `ruleset.name`; empty where there is no such decision.
    pub(crate) fn full_name(&self, decision: DecisionId) -> String {
        let decision = self.plan.decisions.get(decision as usize);
        let ruleset = decision.and_then(|decision| self.plan.rulesets.get(decision.ruleset as usize));
        match (decision, ruleset) {
            (Some(decision), Some(ruleset)) => format!("{}.{}", ruleset.id, decision.name),
            _ => String::new(),
        }
    }

    /// The name of a table for people: that of the decision or function whose body it is, as `ruleset.name`.
    pub fn table_name(&self, table: TableId) -> &str {
        self.tables.get(table as usize).map(String::as_str).unwrap_or_default()
    }

    /// What metrics call a decision; those that are reserved have one name together.
    pub fn label<'a>(&self, decision: &'a str) -> &'a str {
        let reserved = self.find_decision(decision).is_some_and(|id| dictamen_core::is_reserved(&self.plan, id));
        if reserved { RESERVED_LABEL } else { decision }
    }

    /// The decisions of this ruleset itself that are not reserved, in order of declaration: those that descriptions list.
    pub fn public_decisions(&self) -> impl Iterator<Item = (DecisionId, &dictamen_plan::Decision)> {
        self.decisions().filter(|(_, decision)| decision.about.reserved.is_none())
    }

    /// The names of the decisions of this ruleset itself, in order of declaration.
    pub fn decisions(&self) -> impl Iterator<Item = (DecisionId, &dictamen_plan::Decision)> {
        self.plan.named_decisions().filter(|(_, decision)| decision.ruleset == 0)
    }

    /// Whether plan and parameters are known to be kept as objects.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Acquire)
    }

    /// Remembers that plan and parameters are kept as objects.
    pub(crate) fn mark_kept(&self) {
        self.kept.store(true, Ordering::Release);
    }
}

/// Decisions by the names that [`Plan::find_decision`] takes; of two with one name, the first.
fn names(plan: &Plan) -> HashMap<String, DecisionId> {
    let mut names = HashMap::default();
    for (id, decision) in plan.named_decisions() {
        if let Some(ruleset) = plan.rulesets.get(decision.ruleset as usize) {
            names.entry(format!("{}.{}", ruleset.id, decision.name)).or_insert(id);
        }
        if decision.ruleset == 0 {
            names.entry(decision.name.to_string()).or_insert(id);
        }
    }
    names
}

/// What metrics call what is reserved.
const RESERVED_LABEL: &str = "(reserva)";

/// The name of each table as metrics have it: one for all that are reserved in a ruleset.
fn metric_names(plan: &Plan) -> Vec<String> {
    table_names_by(plan, open_name)
}

/// The name of each table: that of the decision or function whose body it is; empty inside other expressions.
pub(crate) fn table_names(plan: &Plan) -> Vec<String> {
    table_names_by(plan, |name, _| name)
}

fn table_names_by(plan: &Plan, told: for<'a> fn(&'a str, &About) -> &'a str) -> Vec<String> {
    let mut names = vec![String::new(); plan.tables.len()];
    let decisions =
        plan.decisions.iter().map(|decision| (decision.ruleset, told(&decision.name, &decision.about), decision.body));
    let functions =
        plan.functions.iter().map(|function| (function.ruleset, told(&function.name, &function.about), function.body));
    for (ruleset, name, body) in decisions.chain(functions) {
        let Some(Op::Table(table)) = plan.operations.get(body.root as usize) else { continue };
        let ruleset = plan.rulesets.get(ruleset as usize);
        if let (Some(slot), Some(ruleset)) = (names.get_mut(*table as usize), ruleset) {
            *slot = format!("{}.{name}", ruleset.id);
        }
    }
    names
}

fn open_name<'a>(name: &'a str, about: &About) -> &'a str {
    if about.reserved.is_some() { RESERVED_LABEL } else { name }
}

/// Checks and compiles a unit; what was wrong with its texts before is passed along.
pub(crate) fn build(
    name: (&Arc<str>, &Arc<str>),
    sources: &[Source],
    files: Vec<&tree::File>,
    mut diagnostics: Vec<Diagnostic>,
) -> (Result<Ready, Broken>, Vec<Diagnostic>) {
    let Checked { model, diagnostics: found } = dictamen_model::check(&Unit { sources, files, root: 0 });
    diagnostics.extend(found);
    let compiled =
        if has_errors(&diagnostics) { Err(None) } else { dictamen_compile::compile(&model, sources).map_err(Some) };
    let ready = compiled.and_then(|Compiled { plan, parameters }| {
        Ready::new(name.0.clone(), name.1.clone(), plan, parameters).map_err(Some)
    });
    let built = ready.map_err(|not_compiled| {
        diagnostics
            .extend(not_compiled.map(|message| Diagnostic::error("catalogo.no-compila", Span::default(), message)));
        Broken { diagnostics: diagnostics.as_slice().into() }
    });
    (built, diagnostics)
}

/// Whether any of them is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
