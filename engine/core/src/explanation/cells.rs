//! Evaluates and tells of every cell of the tables on the way, whether or not its row was looked at that far.

use dictamen_plan::{DecisionId, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Value};

use crate::evaluation::Machine;
use crate::{CellRecorder, Failure, Nothing, Recorder, Request};

/// How many evaluations of tables one decision may have for their cells to be told; those beyond are left out.
const TABLES_MAX: usize = 10_000;

/// Makes a decision as [`crate::evaluate`] does, then tries the cells of the tables that were evaluated, apart from the run,
/// which they do not change. Inside a decision service that is given decisions, cells see the facts and outcomes outside it.
pub fn evaluate_with_cells<R: CellRecorder>(request: &Request<'_>, recorder: &mut R) -> Result<Value, Failure> {
    let mut listener = Listener { recorder, heard: Vec::new() };
    let mut machine = Machine::new(request, &mut listener);
    let outcome = machine.decide(request.decision).map_err(|stop| *stop);
    let memo = machine.into_memo();
    let Listener { recorder, heard } = listener;
    let mut nothing = Nothing;
    let mut machine = Machine::with_memo(request, &mut nothing, memo);
    for Heard { table: id, locals } in heard {
        let Some(table) = request.plan.tables.get(id as usize) else { continue };
        machine.renew();
        // A cell that can't be tried is not told of.
        drop(machine.try_cells((id, table), &locals, recorder));
    }
    outcome
}

/// A table that was evaluated, with the locals of the body around it.
struct Heard {
    table: TableId,
    locals: Vec<Value>,
}

/// Passes on what it hears, and keeps what cells need.
struct Listener<'r, R> {
    recorder: &'r mut R,
    heard: Vec<Heard>,
}

impl<R: CellRecorder> Recorder for Listener<'_, R> {
    fn deciding(&mut self, plan: &Plan, decision: DecisionId) {
        self.recorder.deciding(plan, decision);
    }

    fn decided(&mut self, plan: &Plan, decision: DecisionId, outcome: Result<&Value, &Failure>) {
        self.recorder.decided(plan, decision, outcome);
    }

    fn locals(&mut self, plan: &Plan, table: TableId, locals: &[Value]) {
        self.recorder.locals(plan, table, locals);
        if self.heard.len() < TABLES_MAX && self.recorder.wants_cells_of(table) {
            self.heard.push(Heard { table, locals: locals.to_vec() });
        }
    }

    fn table(&mut self, plan: &Plan, table: TableId, columns: &[Value], matched: &[u32]) {
        self.recorder.table(plan, table, columns, matched);
    }

    fn parameter(&mut self, plan: &Plan, parameter: ParameterId, day: Date, row: usize) {
        self.recorder.parameter(plan, parameter, day, row);
    }

    fn diagnostic(&mut self, plan: &Plan, failure: &Failure, explanation: &Message) {
        self.recorder.diagnostic(plan, failure, explanation);
    }
}
