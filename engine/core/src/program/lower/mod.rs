//! Lowers a decision, with all that it may ask, to blocks of instructions over registers, where it is flat and typed.
//!
//! What has no place in registers (lists that are made, function values, DMN's dynamic rules…) is [`Unsupported`]: the
//! machine evaluates such decisions. Names are gone by then: a record is its fields, a call is its body.

mod calls;
mod conditions;
mod expressions;
mod forms;
mod tables;
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dictamen_plan::{ConstantId, ConstraintId, DecisionId, OpId, ParameterId, Plan};
use dictamen_value::{Type, Value};

use super::code::{Block, BlockId, Call, Instruction, Reg, TableCode, Target};
use super::layout::Layout;
use super::slot::{Slot, Texts};
use crate::Prepared;
pub(super) use calls::ARGUMENTS_MAX;
pub(super) use forms::{Form, Scalars};

/// Registers of a program.
const REGISTERS_MAX: u16 = 20_000;
/// Instructions of a program.
const INSTRUCTIONS_MAX: usize = 100_000;
/// Expressions that are lowered in all: functions that call others twice stand in their place twice.
const EXPRESSIONS_MAX: u32 = 100_000;
/// Locals of one body.
const FRAME_MAX: usize = 4_096;
/// Expressions inside one another, through decisions and calls: so few that the machine, which bears 1 000 operations and 200 records,
/// never fails for their nesting where the program gives an outcome.
const NESTING_MAX: u32 = 128;

/// Why a decision is left to the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported(pub(crate) &'static str);

pub(super) type Lowered<T> = Result<T, Unsupported>;

/// What lowering a decision gives.
#[derive(Debug)]
pub(crate) struct Code {
    /// What tells this program from all others.
    pub(crate) identity: Arc<()>,
    /// Straight pieces of code: decisions, rows, constraints.
    pub(crate) blocks: Vec<Block>,
    /// The block of the decision that is asked for.
    pub(crate) root: BlockId,
    /// Where its outcome is.
    pub(crate) outcome: Form,
    /// The same as a list of scalars, where it is made of them alone.
    pub(crate) scalars: Option<Scalars>,
    pub(crate) calls: Vec<Call>,
    pub(crate) tables: Vec<TableCode>,
    /// Registers before anything ran: constants are there already.
    pub(crate) registers: Vec<Slot>,
    /// Constants that rows give.
    pub(crate) constants: Vec<Slot>,
    pub(crate) texts: Texts,
    /// The register of the as-of date.
    pub(crate) as_of: Reg,
    /// The register of the known-at instant.
    pub(crate) known_at: Reg,
    /// Parameters that are read at the as-of date, with their registers.
    pub(crate) parameters: Vec<(ParameterId, Reg)>,
    /// Constraints of types that facts must meet: the block that tests them.
    pub(crate) constraints: HashMap<ConstraintId, BlockId>,
    /// The register in which constraints see their value, and that in which they leave whether it meets them.
    pub(crate) constrained: (Reg, Reg),
    /// At most so many steps the machine would take.
    pub(crate) steps_bound: u64,
    /// At most so many rows it would test.
    pub(crate) rows_bound: u64,
    /// So many calls and decisions stand inside one another.
    pub(crate) depth: u32,
}

/// Lowers a decision.
pub(crate) fn lower(prepared: &Prepared, layout: &Layout, decision: DecisionId) -> Lowered<Code> {
    let plan = prepared.plan();
    if plan.dmn_mode {
        return Err(Unsupported("DMN's dynamic rules"));
    }
    let mut lowering = Lowering::new(prepared, layout)?;
    let constraints = lowering.constraints(layout)?;
    let (root, outcome) = lowering.decision(decision)?;
    lowering.finish(root, outcome, constraints)
}

pub(super) struct Lowering<'p> {
    pub(super) prepared: &'p Prepared,
    pub(super) plan: &'p Plan,
    layout: &'p Layout,
    registers: Vec<Slot>,
    texts: Texts,
    constants: Vec<Slot>,
    /// Where the plan's constants are among these.
    constant_places: HashMap<ConstantId, u32>,
    constant_registers: HashMap<ConstantId, Reg>,
    as_of: Reg,
    known_at: Reg,
    parameters: HashMap<ParameterId, Reg>,
    constrained: (Reg, Reg),
    blocks: Vec<Block>,
    pub(super) calls: Vec<Call>,
    pub(super) tables: Vec<TableCode>,
    /// Decisions that were lowered to blocks of their own.
    decisions: HashMap<DecisionId, (BlockId, Form)>,
    /// Decisions that were lowered where they were first asked, in code that surely runs.
    in_place: HashMap<DecisionId, Form>,
    /// Whether the code that is being written runs in every run.
    certain: bool,
    /// Decisions that are being lowered.
    running: HashSet<DecisionId>,
    /// The block that is being written.
    code: Vec<Instruction>,
    /// Registers that more than one instruction writes.
    shared: HashSet<Reg>,
    /// Decisions that have surely been asked when the running instruction is reached.
    asked: HashSet<BlockId>,
    /// Parameters that surely have a value then.
    settled: HashSet<Reg>,
    /// What the locals of the running body hold.
    pub(super) locals: Vec<Option<Form>>,
    instructions: usize,
    expressions: u32,
    nesting: u32,
    depth: u32,
    depth_reached: u32,
    pub(super) steps_bound: u64,
    pub(super) rows_bound: u64,
}

impl<'p> Lowering<'p> {
    fn new(prepared: &'p Prepared, layout: &'p Layout) -> Lowered<Lowering<'p>> {
        let plan = prepared.plan();
        let mut lowering = Lowering {
            prepared,
            plan,
            layout,
            registers: vec![Slot::Missing; usize::from(layout.leaves())],
            texts: Texts::default(),
            constants: Vec::new(),
            constant_places: HashMap::new(),
            constant_registers: HashMap::new(),
            as_of: 0,
            known_at: 0,
            parameters: HashMap::new(),
            constrained: (0, 0),
            blocks: Vec::new(),
            calls: Vec::new(),
            tables: Vec::new(),
            decisions: HashMap::new(),
            in_place: HashMap::new(),
            certain: false,
            running: HashSet::new(),
            code: Vec::new(),
            shared: HashSet::new(),
            asked: HashSet::new(),
            settled: HashSet::new(),
            locals: Vec::new(),
            instructions: 0,
            expressions: 0,
            nesting: 0,
            depth: 0,
            depth_reached: 0,
            steps_bound: 0,
            rows_bound: 0,
        };
        lowering.as_of = lowering.fresh()?;
        lowering.known_at = lowering.fresh()?;
        lowering.constrained = (lowering.fresh()?, lowering.fresh()?);
        Ok(lowering)
    }

    fn finish(mut self, root: BlockId, outcome: Form, constraints: HashMap<ConstraintId, BlockId>) -> Lowered<Code> {
        if outcome.is_made_of_facts() {
            return Err(Unsupported("records of facts as the outcome"));
        }
        self.texts.keep();
        let mut parameters: Vec<_> = self.parameters.into_iter().collect();
        parameters.sort_unstable();
        Ok(Code {
            identity: Arc::default(),
            blocks: self.blocks,
            root,
            scalars: outcome.scalars(),
            outcome,
            calls: self.calls,
            tables: self.tables,
            registers: self.registers,
            constants: self.constants,
            texts: self.texts,
            as_of: self.as_of,
            known_at: self.known_at,
            parameters,
            constraints,
            constrained: self.constrained,
            steps_bound: self.steps_bound,
            rows_bound: self.rows_bound,
            depth: self.depth_reached,
        })
    }

    /// Lowers a decision to a block of its own, once.
    pub(super) fn decision(&mut self, id: DecisionId) -> Lowered<(BlockId, Form)> {
        if let Some(known) = self.decisions.get(&id) {
            return Ok(known.clone());
        }
        let asked = std::mem::take(&mut self.asked);
        let settled = std::mem::take(&mut self.settled);
        // The decision that is asked for always runs.
        let certain = std::mem::replace(&mut self.certain, self.running.is_empty());
        let (block, form) = self.block(|lowering| lowering.body_of(id))?;
        (self.asked, self.settled, self.certain) = (asked, settled, certain);
        self.decisions.insert(id, (block, form.clone()));
        Ok((block, form))
    }

    /// Lowers the body of a decision where it stands.
    fn body_of(&mut self, id: DecisionId) -> Lowered<Form> {
        if !self.running.insert(id) {
            return Err(Unsupported("a decision that asks itself"));
        }
        let body = self.plan.decisions.get(id as usize).ok_or(Unsupported("a damaged plan"))?.body;
        self.descend()?;
        let locals = std::mem::replace(&mut self.locals, frame(body.frame as usize)?);
        let form = self.form(body.root)?;
        self.locals = locals;
        self.ascend();
        self.running.remove(&id);
        Ok(form)
    }

    /// Runs something one call or decision deeper; the caller comes back up.
    pub(super) fn descend(&mut self) -> Lowered<()> {
        self.depth = self.depth.saturating_add(1);
        self.depth_reached = self.depth_reached.max(self.depth);
        if self.depth > NESTING_MAX { Err(Unsupported("too many calls inside one another")) } else { Ok(()) }
    }

    pub(super) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// What something gives, written to a block of its own.
    pub(super) fn block<T>(&mut self, write: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<(BlockId, T)> {
        let outer = std::mem::take(&mut self.code);
        let written = write(self);
        let code = std::mem::replace(&mut self.code, outer);
        let written = written?;
        let id = BlockId::try_from(self.blocks.len()).map_err(|_| Unsupported("too many blocks"))?;
        self.blocks.push(code.into());
        Ok((id, written))
    }

    /// The same where the block may not run: what it asks is not known to be asked afterwards.
    pub(super) fn side_block<T>(&mut self, write: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<(BlockId, T)> {
        self.aside(|lowering| lowering.block(write))
    }

    /// Lowers what may not run.
    pub(super) fn aside<T>(&mut self, write: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        let (asked, settled) = (self.asked.clone(), self.settled.clone());
        let certain = std::mem::replace(&mut self.certain, false);
        let written = write(self);
        (self.asked, self.settled, self.certain) = (asked, settled, certain);
        written
    }

    /// Asks a decision where it may not have been asked yet.
    pub(super) fn ask(&mut self, id: DecisionId) -> Lowered<Form> {
        if let Some(form) = self.in_place.get(&id) {
            return Ok(form.clone());
        }
        if self.certain && !self.decisions.contains_key(&id) {
            return self.ask_in_place(id);
        }
        let (block, form) = self.decision(id)?;
        if self.asked.insert(block) {
            self.emit(Instruction::Ask { block })?;
        }
        Ok(form)
    }

    /// Lowers a decision where it is first asked: whatever is written from now on runs after it.
    fn ask_in_place(&mut self, id: DecisionId) -> Lowered<Form> {
        let form = self.body_of(id)?;
        // Others will read what it leaves, so that nobody may have it written elsewhere.
        form.registers(&mut |register| _ = self.shared.insert(register));
        self.in_place.insert(id, form.clone());
        Ok(form)
    }

    /// Blocks for the constraints that the types of facts have.
    fn constraints(&mut self, layout: &Layout) -> Lowered<HashMap<ConstraintId, BlockId>> {
        let mut blocks = HashMap::new();
        for id in layout.constraints() {
            let constraint = self.plan.constraints.get(id as usize).ok_or(Unsupported("a damaged plan"))?;
            let locals = std::mem::replace(&mut self.locals, frame(constraint.frame.max(1) as usize)?);
            let (value, verdict) = self.constrained;
            self.set_local(0, Form::Slot(value))?;
            let (block, ()) = self.block(|lowering| {
                let met = lowering.any_test(value, &constraint.tests, constraint.negated)?;
                lowering.copy_slot(met, verdict)
            })?;
            self.locals = locals;
            blocks.insert(id, block);
        }
        Ok(blocks)
    }

    /// A register that nothing has written yet.
    pub(super) fn fresh(&mut self) -> Lowered<Reg> {
        self.holding(Slot::Missing)
    }

    /// A register that holds something from the start.
    fn holding(&mut self, slot: Slot) -> Lowered<Reg> {
        match Reg::try_from(self.registers.len()) {
            Ok(register) if register < REGISTERS_MAX => {
                self.registers.push(slot);
                Ok(register)
            }
            _ => Err(Unsupported("too many registers")),
        }
    }

    /// The register of a scalar constant.
    pub(super) fn constant(&mut self, id: ConstantId) -> Lowered<Reg> {
        if let Some(register) = self.constant_registers.get(&id) {
            return Ok(*register);
        }
        let value = self.plan.constants.get(id as usize).ok_or(Unsupported("a damaged plan"))?;
        let register = self.known(value)?;
        self.constant_registers.insert(id, register);
        Ok(register)
    }

    /// Where a scalar constant that rows give is; `None` where it is no scalar.
    pub(super) fn constant_place(&mut self, id: ConstantId) -> Option<u32> {
        if let Some(place) = self.constant_places.get(&id) {
            return Some(*place);
        }
        let slot = self.texts.slot(self.plan.constants.get(id as usize)?)?;
        let place = u32::try_from(self.constants.len()).ok()?;
        self.constants.push(slot);
        self.constant_places.insert(id, place);
        Some(place)
    }

    /// The register of a scalar that is known while lowering.
    pub(super) fn known(&mut self, value: &Value) -> Lowered<Reg> {
        let slot = self.texts.slot(value).ok_or(Unsupported("a constant that is no scalar"))?;
        self.holding(slot)
    }

    /// Whether a register holds null from the start, as constants do.
    pub(super) fn is_null(&self, register: Reg) -> bool {
        matches!(self.registers.get(usize::from(register)), Some(Slot::Null))
    }

    /// The register of a parameter at the as-of date. One without a value ends the run, whether it is used or not.
    pub(super) fn parameter(&mut self, id: ParameterId) -> Lowered<Reg> {
        let register = self.parameter_register(id)?;
        if self.settled.insert(register) {
            self.emit(Instruction::RequireSomething { from: register })?;
        }
        Ok(register)
    }

    fn parameter_register(&mut self, id: ParameterId) -> Lowered<Reg> {
        if let Some(register) = self.parameters.get(&id) {
            return Ok(*register);
        }
        self.scalar_parameter(id)?;
        let register = self.fresh()?;
        self.parameters.insert(id, register);
        Ok(register)
    }

    pub(super) fn scalar_parameter(&self, id: ParameterId) -> Lowered<()> {
        let (_, ty, _) = self.plan.parameters.get(id as usize).ok_or(Unsupported("a damaged plan"))?;
        match ty.basic() {
            Type::List(_) | Type::Record(_) | Type::Range(_) | Type::Any | Type::Function(_) => {
                Err(Unsupported("a parameter that is no scalar"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn dates(&self) -> (Reg, Reg) {
        (self.as_of, self.known_at)
    }

    pub(super) fn layout(&self) -> &'p Layout {
        self.layout
    }

    pub(super) fn emit(&mut self, instruction: Instruction) -> Lowered<()> {
        self.instructions = self.instructions.saturating_add(1);
        if self.instructions > INSTRUCTIONS_MAX {
            return Err(Unsupported("too many instructions"));
        }
        self.code.push(instruction);
        Ok(())
    }

    /// Where the next instruction will stand.
    pub(super) fn here(&self) -> Target {
        u32::try_from(self.code.len()).unwrap_or(Target::MAX)
    }

    /// Emits a jump whose target is not known yet.
    pub(super) fn emit_jump(&mut self, jump: Instruction) -> Lowered<Target> {
        let at = self.here();
        self.emit(jump)?;
        Ok(at)
    }

    /// Lets jumps land on the next instruction.
    pub(super) fn land(&mut self, jumps: &[Target]) {
        let here = self.here();
        for jump in jumps {
            if let Some(instruction) = self.code.get_mut(*jump as usize) {
                instruction.set_target(here);
            }
        }
    }

    /// Sees to it that a value ends in a register that several paths write.
    pub(super) fn copy_slot(&mut self, from: Reg, to: Reg) -> Lowered<()> {
        self.shared.insert(to);
        if self.last_writing(from).is_some() && self.code.last_mut().is_some_and(|last| last.rewrite(to)) {
            return Ok(());
        }
        self.emit(Instruction::Copy { from, to })
    }

    /// The last instruction, where it is what writes a register that nobody else has heard of yet.
    pub(super) fn last_writing(&self, register: Reg) -> Option<Instruction> {
        let last = self.code.last().copied().filter(|last| last.written() == Some(register))?;
        let held = self.locals.iter().flatten().any(|form| form.holds(register));
        (!held && !self.shared.contains(&register)).then_some(last)
    }

    /// Takes the last instruction back; what jumps to its place will find the next one there.
    pub(super) fn take_back(&mut self) {
        self.code.pop();
    }

    /// Says that several paths write a register.
    pub(super) fn share(&mut self, register: Reg) {
        self.shared.insert(register);
    }

    pub(super) fn nested<T>(&mut self, lower: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        self.nesting = self.nesting.saturating_add(1);
        self.steps_bound = self.steps_bound.saturating_add(2);
        self.expressions = self.expressions.saturating_add(1);
        if self.expressions > EXPRESSIONS_MAX {
            return Err(Unsupported("too many expressions"));
        }
        if self.nesting > NESTING_MAX {
            return Err(Unsupported("too many expressions inside one another"));
        }
        let lowered = lower(self);
        self.nesting = self.nesting.saturating_sub(1);
        lowered
    }

    pub(super) fn set_local(&mut self, local: u32, form: Form) -> Lowered<()> {
        match self.locals.get_mut(local as usize) {
            Some(slot) => {
                *slot = Some(form);
                Ok(())
            }
            None => Err(Unsupported("a damaged plan")),
        }
    }

    pub(super) fn op(&self, id: OpId) -> Lowered<&'p dictamen_plan::Op> {
        self.plan.operations.get(id as usize).ok_or(Unsupported("a damaged plan"))
    }
}

/// Locals of a body that nothing was put in yet.
fn frame(size: usize) -> Lowered<Vec<Option<Form>>> {
    if size > FRAME_MAX { Err(Unsupported("a body of very many locals")) } else { Ok(vec![None; size]) }
}
