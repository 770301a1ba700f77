//! The instructions of the typed program. Each names registers; jumps go forward only, inside their block.

use std::sync::Arc;

use dictamen_functions::Signature;
use dictamen_plan::{ArithmeticOp, Comparison, HitPolicy, ParameterId, TableId};
use dictamen_value::Rounding;

use super::lower::Code;

/// Position of a register.
pub(crate) type Reg = u16;
/// Position in the code of a block.
pub(crate) type Target = u32;
/// Position in `Code::blocks`.
pub(crate) type BlockId = u16;

/// Straight code: from its first instruction to its end, with jumps forward.
pub(crate) type Block = Box<[Instruction]>;

/// One step. What a step cannot do as usual — an operand of another kind, a division by zero, a fact that is missing —
/// ends the run: the evaluation is handed over to the machine, which says what is to be said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instruction {
    /// Copies a value that is there (or null).
    Copy { from: Reg, to: Reg },
    /// Arithmetic over any scalars.
    Arithmetic { operator: ArithmeticOp, left: Reg, right: Reg, to: Reg },
    /// Unary minus.
    Negate { from: Reg, to: Reg },
    /// Comparison as expressions have it: null equals null.
    Compare { comparison: Comparison, left: Reg, right: Reg, to: Reg },
    /// Comparison as cells have it: with null it does not hold, but that null is null.
    Test { comparison: Comparison, tested: Reg, operand: Reg, to: Reg },
    /// Whether a value lies on the right side of an end.
    Beyond { tested: Reg, end: Reg, closed: bool, above: bool, to: Reg },
    /// Whether a value is there.
    IsThere { from: Reg, to: Reg },
    /// The other truth value.
    Not { from: Reg, to: Reg },
    /// Jumps where a condition is `on`, goes on where it is the other truth value, hands over where it is neither.
    Branch { condition: Reg, on: bool, target: Target },
    /// Jumps where a comparison of numbers holds.
    BranchNumbers { comparison: Comparison, left: Reg, right: Reg, target: Target },
    /// Jumps where a truth value is this one; goes on where it is the other one or null.
    When { condition: Reg, is: bool, target: Target },
    /// Three-valued conjunction (`decisive` is false) or disjunction (`decisive` is true).
    Join { left: Reg, right: Reg, decisive: bool, to: Reg },
    /// Jumps.
    Jump { target: Target },
    /// Runs the block of a decision, unless it was run already.
    Ask { block: BlockId },
    /// Evaluates a table: position in `Code::tables`.
    Table { table: u16 },
    /// The value of a parameter at a day.
    Parameter { parameter: ParameterId, day: Reg, to: Reg },
    /// Calls a built-in function: position in `Code::calls`.
    Call { call: u16 },
    /// The smallest or largest of two numbers.
    Extreme { left: Reg, right: Reg, largest: bool, to: Reg },
    /// A number rounded to so many digits after the point.
    Round { from: Reg, scale: i8, rounding: Rounding, to: Reg },
    /// The quotient of two numbers, rounded to so many digits after the point.
    Quotient { left: Reg, right: Reg, scale: i8, rounding: Rounding, to: Reg },
    /// A property of a date, time or duration.
    Property { from: Reg, property: Property, to: Reg },
    /// Ends the run where a condition is not true.
    Require { condition: Reg },
    /// Ends the run where there is neither a value nor null.
    RequireSomething { from: Reg },
    /// Ends the run where a value is of another kind.
    RequireKind { from: Reg, kind: Kind },
}

/// A FEEL name of a property, such as `year`.
pub(crate) type Property = &'static &'static str;

/// Kinds of scalar that types ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Number,
    Integer,
    Text,
    Date,
    Time,
    DateTime,
    DaysDuration,
    MonthsDuration,
}

impl Instruction {
    /// Where it jumps to, from now on.
    pub(super) fn set_target(&mut self, here: Target) {
        use Instruction as I;
        match self {
            I::Branch { target, .. }
            | I::BranchNumbers { target, .. }
            | I::When { target, .. }
            | I::Jump { target } => {
                *target = here;
            }
            _ => {}
        }
    }

    /// The register that it writes, where that is all it does.
    pub(super) fn written(&self) -> Option<Reg> {
        self.result().copied()
    }

    /// The register that it leaves a value in; a table leaves several.
    pub(super) fn destination(&self, code: &Code) -> Option<Reg> {
        match self {
            Instruction::Copy { to, .. } | Instruction::Join { to, .. } => Some(*to),
            Instruction::Call { call } => code.calls.get(usize::from(*call)).map(|call| call.to),
            other => other.written(),
        }
    }

    /// Calls something for each register that it reads.
    pub(super) fn operands(&self, code: &Code, read: &mut impl FnMut(Reg)) {
        use Instruction as I;
        match self {
            I::Arithmetic { left, right, .. }
            | I::Compare { left, right, .. }
            | I::BranchNumbers { left, right, .. } => {
                [*left, *right].into_iter().for_each(read);
            }
            I::Test { tested, operand: other, .. } | I::Beyond { tested, end: other, .. } => {
                [*tested, *other].into_iter().for_each(read);
            }
            I::Join { left, right, .. } | I::Extreme { left, right, .. } | I::Quotient { left, right, .. } => {
                [*left, *right].into_iter().for_each(read);
            }
            I::Copy { from, .. } | I::Negate { from, .. } | I::IsThere { from, .. } | I::Not { from, .. } => {
                read(*from)
            }
            I::Round { from, .. } | I::Property { from, .. } => read(*from),
            I::RequireKind { from, .. } | I::RequireSomething { from } => read(*from),
            I::Branch { condition, .. } | I::When { condition, .. } | I::Require { condition } => read(*condition),
            I::Parameter { day, .. } => read(*day),
            I::Call { call } => {
                code.calls.get(usize::from(*call)).into_iter().flat_map(|call| &call.arguments).copied().for_each(read);
            }
            I::Table { table } => {
                code.tables
                    .get(usize::from(*table))
                    .into_iter()
                    .flat_map(|table| &table.columns)
                    .copied()
                    .for_each(read);
            }
            I::Jump { .. } | I::Ask { .. } => {}
        }
    }

    fn result(&self) -> Option<&Reg> {
        use Instruction as I;
        match self {
            I::Arithmetic { to, .. } | I::Negate { to, .. } | I::Compare { to, .. } | I::Test { to, .. } => Some(to),
            I::Beyond { to, .. } | I::IsThere { to, .. } | I::Not { to, .. } | I::Parameter { to, .. } => Some(to),
            I::Extreme { to, .. } | I::Property { to, .. } | I::Round { to, .. } | I::Quotient { to, .. } => Some(to),
            _ => None,
        }
    }

    /// Lets it write another register.
    pub(super) fn rewrite(&mut self, register: Reg) -> bool {
        use Instruction as I;
        match self {
            I::Arithmetic { to, .. } | I::Negate { to, .. } | I::Compare { to, .. } | I::Test { to, .. } => {
                *to = register
            }
            I::Beyond { to, .. } | I::IsThere { to, .. } | I::Not { to, .. } | I::Parameter { to, .. } => {
                *to = register
            }
            I::Extreme { to, .. } | I::Property { to, .. } | I::Round { to, .. } | I::Quotient { to, .. } => {
                *to = register
            }
            _ => return false,
        }
        true
    }
}

/// A call of a built-in function.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) signature: &'static Signature,
    pub(crate) arguments: Box<[Reg]>,
    pub(crate) to: Reg,
}

/// A table as the program evaluates it.
#[derive(Debug)]
pub(crate) struct TableCode {
    pub(crate) table: TableId,
    pub(crate) policy: HitPolicy,
    /// Registers of the input columns.
    pub(crate) columns: Box<[Reg]>,
    /// What is left to test on rows that the index gives.
    pub(crate) tests: RowTests,
    /// What a row gives.
    pub(crate) outputs: Outputs,
    /// How many output columns there are.
    pub(crate) width: usize,
    /// Names of the output columns; none where an outcome is the value of the only one.
    pub(crate) names: Option<Arc<[Arc<str>]>>,
    /// Where the outcome goes: a register an output column, or one for a list, a sum or a count.
    pub(crate) to: Box<[Reg]>,
    /// What is given where no row matches.
    pub(crate) none: NoRow,
    /// The rank of each row, highest priority 0, where the policy asks for it.
    pub(crate) ranks: Box<[u32]>,
}

/// Rows that are tested beyond what the index says, in order, each with a block that leaves true or false in a register.
#[derive(Debug)]
pub(crate) struct RowTests {
    pub(crate) blocks: Box<[(u32, BlockId)]>,
    pub(crate) verdict: Reg,
}

impl RowTests {
    /// The block that tests a row, where it needs one.
    #[inline]
    pub(crate) fn of(&self, row: u32) -> Option<BlockId> {
        if self.blocks.is_empty() {
            return None;
        }
        let position = self.blocks.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        self.blocks.get(position).map(|(_, block)| *block)
    }
}

/// What rows give.
#[derive(Debug)]
pub(crate) enum Outputs {
    /// Constants, row by row: positions in `Code::constants`.
    Constants(Box<[u32]>),
    /// A block a row, which leaves its values in registers (one list for all rows).
    Blocks(Box<[BlockId]>, Box<[Reg]>),
}

/// What a table gives where no row matches.
#[derive(Debug)]
pub(crate) enum NoRow {
    /// Nobody knows: the machine says so.
    HandOver,
    /// Null in every output.
    Null,
    /// The default row: a block, and registers of its values.
    Default(BlockId, Box<[Reg]>),
    /// No rows: an empty list, or zero.
    Empty,
}
