//! Tables: columns to registers, rows to constants or blocks, hit policies to what is done with rows that match.

use dictamen_plan::{HitPolicy, Op, OpId, Row, Table, TableId};
use dictamen_value::Type;

use super::{Form, Lowered, Lowering, Unsupported};
use crate::program::code::{BlockId, Instruction, NoRow, Outputs, Reg, RowTests, TableCode};

/// Rows of all tables, counted once a place where they are asked: functions stand in theirs with their tables.
const ROWS_MAX: u64 = 1_000_000;

impl Lowering<'_> {
    /// Where the outcome of a table will be.
    pub(super) fn table(&mut self, id: TableId) -> Lowered<Form> {
        let table = self.plan.tables.get(id as usize).ok_or(Unsupported("a damaged plan"))?;
        self.count(table)?;
        let mut columns = Vec::with_capacity(table.inputs.len());
        for (column, local, _) in &table.inputs {
            let register = self.slot(*column)?;
            self.set_local(*local, Form::Slot(register))?;
            columns.push(register);
        }
        let tests = self.row_tests(id, table, &columns)?;
        let outputs = self.outputs(table)?;
        let number = u16::try_from(self.tables.len()).map_err(|_| Unsupported("too many tables"))?;
        let (form, to) = self.outcome(table, &outputs, number)?;
        let none = self.no_row(table, to.len())?;
        let names = self.plan.shapes.get(table.outputs as usize).ok_or(Unsupported("a damaged plan"))?;
        self.tables.push(TableCode {
            table: id,
            policy: table.policy,
            columns: columns.into(),
            tests,
            outputs,
            width: names.len(),
            names: (!table.single).then(|| names.clone()),
            to: to.into(),
            none,
            ranks: ranks(self, table)?,
        });
        self.emit(Instruction::Table { table: number })?;
        Ok(form)
    }

    /// Counts what the machine would do at most.
    fn count(&mut self, table: &Table) -> Lowered<()> {
        let rows = table.rows.len() as u64;
        let cells = rows.saturating_mul(table.inputs.len() as u64).saturating_mul(2);
        self.rows_bound = self.rows_bound.saturating_add(rows);
        self.steps_bound = self.steps_bound.saturating_add(cells);
        if self.rows_bound > ROWS_MAX { Err(Unsupported("very many rows of tables")) } else { Ok(()) }
    }

    /// What is tested on rows that the index leaves in doubt: from the first cell that is not indexed, all in order.
    fn row_tests(&mut self, id: TableId, table: &Table, columns: &[Reg]) -> Lowered<RowTests> {
        let index = self.prepared.index(id);
        let verdict = self.fresh()?;
        self.share(verdict);
        let mut blocks = Vec::new();
        for (number, row) in (0..).zip(&table.rows) {
            let first = match index {
                Some(index) => index.residual(number),
                None => Some(0),
            };
            if let Some(first) = first {
                blocks.push((number, self.row_test(row, columns, first, verdict)?));
            }
        }
        Ok(RowTests { blocks: blocks.into(), verdict })
    }

    fn row_test(&mut self, row: &Row, columns: &[Reg], first: usize, verdict: Reg) -> Lowered<BlockId> {
        let (block, ()) = self.side_block(|lowering| {
            let yes = lowering.known_true()?;
            lowering.emit(Instruction::Copy { from: yes, to: verdict })?;
            let mut failed = Vec::new();
            for (cell, column) in row.inputs.iter().zip(columns).skip(first).filter(|(cell, _)| !cell.tests.is_empty())
            {
                let holds = lowering.any_test(*column, &cell.tests, cell.negated)?;
                lowering.emit(Instruction::Copy { from: holds, to: verdict })?;
                failed.push(lowering.emit_jump(Instruction::Branch { condition: verdict, on: false, target: 0 })?);
            }
            lowering.land(&failed);
            Ok(())
        })?;
        Ok(block)
    }

    fn outputs(&mut self, table: &Table) -> Lowered<Outputs> {
        let outputs = table.rows.iter().flat_map(|row| &row.outputs);
        if let Some(constants) = outputs.map(|output| self.constant_output(*output)).collect::<Option<Vec<_>>>() {
            return Ok(Outputs::Constants(constants.into()));
        }
        let width = table.rows.first().map_or(0, |row| row.outputs.len());
        let registers = (0..width).map(|_| self.fresh()).collect::<Lowered<Vec<_>>>()?;
        registers.iter().for_each(|register| self.share(*register));
        let mut blocks = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            blocks.push(self.outputs_block(&row.outputs, &registers)?);
        }
        Ok(Outputs::Blocks(blocks.into(), registers.into()))
    }

    fn outputs_block(&mut self, outputs: &[OpId], registers: &[Reg]) -> Lowered<BlockId> {
        if outputs.len() != registers.len() {
            return Err(Unsupported("a damaged plan"));
        }
        let (block, ()) = self.side_block(|lowering| {
            for (output, register) in outputs.iter().zip(registers) {
                let from = lowering.slot(*output)?;
                lowering.emit(Instruction::Copy { from, to: *register })?;
            }
            Ok(())
        })?;
        Ok(block)
    }

    /// Where a scalar constant is among those that rows give.
    fn constant_output(&mut self, output: OpId) -> Option<u32> {
        match self.plan.operations.get(output as usize)? {
            Op::Constant(constant) => self.constant_place(*constant),
            _ => None,
        }
    }

    fn outcome(&mut self, table: &Table, outputs: &Outputs, number: u16) -> Lowered<(Form, Vec<Reg>)> {
        use HitPolicy as P;
        match table.policy {
            P::Unique | P::Any | P::Priority | P::First => self.one_outcome(table),
            P::Collect | P::RuleOrder | P::OutputOrder => {
                if !matches!(outputs, Outputs::Constants(_)) {
                    return Err(Unsupported("a list of computed outputs"));
                }
                let to = self.fresh()?;
                Ok((Form::Rows(number, to), vec![to]))
            }
            P::CollectCount => {
                let to = self.fresh()?;
                Ok((Form::Slot(to), vec![to]))
            }
            P::CollectSum | P::CollectMin | P::CollectMax if table.single => {
                let to = self.fresh()?;
                Ok((Form::Slot(to), vec![to]))
            }
            P::CollectSum | P::CollectMin | P::CollectMax => Err(Unsupported("the sum of records")),
        }
    }

    fn one_outcome(&mut self, table: &Table) -> Lowered<(Form, Vec<Reg>)> {
        let names = self.plan.shapes.get(table.outputs as usize).ok_or(Unsupported("a damaged plan"))?;
        let to = names.iter().map(|_| self.fresh()).collect::<Lowered<Vec<_>>>()?;
        match (table.single, &*to) {
            (true, [only]) => Ok((Form::Slot(*only), to)),
            (true, _) => Err(Unsupported("a damaged plan")),
            (false, all) => Ok((Form::Record(names.clone(), all.iter().copied().map(Form::Slot).collect()), to)),
        }
    }

    fn no_row(&mut self, table: &Table, width: usize) -> Lowered<NoRow> {
        use HitPolicy as P;
        let lists = matches!(table.policy, P::Collect | P::RuleOrder | P::OutputOrder | P::CollectCount);
        match &table.default {
            Some(_) if lists => Err(Unsupported("a list with a default")),
            Some((outputs, _, _)) => {
                let registers = (0..width).map(|_| self.fresh()).collect::<Lowered<Vec<_>>>()?;
                registers.iter().for_each(|register| self.share(*register));
                let block = self.outputs_block(outputs, &registers)?;
                Ok(NoRow::Default(block, registers.into()))
            }
            None if lists => Ok(NoRow::Empty),
            None if !table.may_be_absent => Ok(NoRow::HandOver),
            None if table.single => Ok(NoRow::Null),
            None => Err(Unsupported("a record that may be absent")),
        }
    }

    fn known_true(&mut self) -> Lowered<Reg> {
        self.known(&dictamen_value::Value::Boolean(true))
    }
}

/// The rank of each row by its outputs, where the policy asks for it; see `evaluation/hit_policy.rs`.
fn ranks(lowering: &Lowering<'_>, table: &Table) -> Lowered<Box<[u32]>> {
    if !matches!(table.policy, HitPolicy::Priority | HitPolicy::OutputOrder) {
        return Ok(Box::default());
    }
    let mut keyed = Vec::with_capacity(table.rows.len());
    for (number, row) in (0_u32..).zip(&table.rows) {
        keyed.push((rank(lowering, table, row)?, number));
    }
    keyed.sort();
    let mut ranks = vec![0; keyed.len()];
    let (mut rank, mut last) = (0_u32, None);
    for (key, number) in &keyed {
        if last.is_some_and(|last| last != key) {
            rank = rank.saturating_add(1);
        }
        last = Some(key);
        if let Some(place) = ranks.get_mut(*number as usize) {
            *place = rank;
        }
    }
    Ok(ranks.into())
}

fn rank(lowering: &Lowering<'_>, table: &Table, row: &Row) -> Lowered<Vec<usize>> {
    let mut rank = Vec::new();
    for (output, ty) in row.outputs.iter().zip(&table.output_types) {
        let Type::Choice(choices) = ty.bare() else { continue };
        let Op::Constant(constant) = lowering.op(*output)? else {
            return Err(Unsupported("the priority of computed outputs"));
        };
        let value = lowering.plan.constants.get(*constant as usize).ok_or(Unsupported("a damaged plan"))?;
        rank.push(choices.iter().position(|choice| choice.same(value)).unwrap_or(usize::MAX));
    }
    Ok(rank)
}
