//! Patterns with back-references, which no engine runs in linear time: alternatives are tried one after the other, so many
//! steps at most.

use std::rc::Rc;

use super::characters::{Set, are_case_variants};
use super::syntax::{Node, Syntax};
use super::{Flags, Groups, too_large};
use crate::{FunctionError, Host};

/// The most steps that one call of a function may take.
const STEPS_LIMIT: usize = 1_000_000;
/// How many steps are charged at once.
const CHARGED_STEPS: usize = 1_000;
/// The longest program, in instructions.
const INSTRUCTIONS_LIMIT: usize = 20_000;
/// About how many bytes an instruction takes, for messages.
const INSTRUCTION_BYTES: usize = 32;

/// A pattern as instructions.
#[derive(Debug)]
pub(super) struct Program {
    instructions: Vec<Instruction>,
    sets: Vec<Rc<Set>>,
    slots: usize,
    /// How many groups there are, the whole match included.
    groups: usize,
    multi_line: bool,
    case_insensitive: bool,
}

#[derive(Clone, Copy, Debug)]
enum Instruction {
    /// Takes one character of the set with this number.
    Take(usize),
    Start,
    End,
    /// Keeps the position.
    Keep {
        slot: usize,
    },
    /// Takes what this group has matched; nothing where it has not.
    Again(usize),
    Jump(usize),
    /// Goes on at the first, and at the second where that fails.
    Try(usize, usize),
    /// Goes on at the exit of a loop where it has not moved since a position was kept.
    LeaveUnlessMoved {
        slot: usize,
        exit: usize,
    },
    Matched,
}

/// What may still be spent, and who counts it.
pub(super) struct Budget<'p, 'h> {
    pub(super) host: &'h mut dyn Host,
    pattern: &'p str,
    steps: usize,
}

/// What to do when an alternative fails.
enum Undo {
    GoOn { instruction: usize, position: usize },
    Restore { slot: usize, position: Option<usize> },
}

impl<'p, 'h> Budget<'p, 'h> {
    pub(super) fn new(pattern: &'p str, host: &'h mut dyn Host) -> Budget<'p, 'h> {
        Budget { host, pattern, steps: 0 }
    }

    fn step(&mut self, count: usize) -> Result<(), FunctionError> {
        let before = self.steps / CHARGED_STEPS;
        self.steps = self.steps.saturating_add(count);
        if self.steps > STEPS_LIMIT {
            let pattern = self.pattern;
            return Err(FunctionError::domain(
                format!(
                    "el patrón «{pattern}» necesita más de {STEPS_LIMIT} pasos en este texto; escríbalo sin repeticiones dentro de repeticiones"
                ),
                format!(
                    "the pattern “{pattern}” takes more than {STEPS_LIMIT} steps on this text; write it without repetitions in repetitions"
                ),
            ));
        }
        match (self.steps / CHARGED_STEPS).saturating_sub(before) {
            0 => Ok(()),
            due => self.host.charge(due.saturating_mul(CHARGED_STEPS)),
        }
    }
}

impl Program {
    pub(super) fn compile(syntax: &Syntax, flags: Flags, pattern: &str) -> Result<Program, FunctionError> {
        let groups = syntax.groups.saturating_add(1);
        let slots = groups.saturating_mul(2);
        let Flags { multi_line, case_insensitive, .. } = flags;
        let mut program =
            Program { instructions: Vec::new(), sets: Vec::new(), slots, groups, multi_line, case_insensitive };
        let compiled = program.group(0, &syntax.node);
        compiled.ok_or_else(|| too_large(pattern, INSTRUCTIONS_LIMIT.saturating_mul(INSTRUCTION_BYTES)))?;
        program.instructions.push(Instruction::Matched);
        Ok(program)
    }

    /// The first match at or after a position.
    pub(super) fn find(
        &self,
        text: &str,
        from: usize,
        budget: &mut Budget<'_, '_>,
    ) -> Result<Option<Groups>, FunctionError> {
        let rest = text.get(from..).unwrap_or_default();
        let starts = rest.char_indices().map(|(start, _)| from.saturating_add(start));
        for start in starts.chain([text.len()]) {
            if let Some(groups) = self.match_at(text, start, budget)? {
                return Ok(Some(groups));
            }
        }
        Ok(None)
    }

    fn match_at(&self, text: &str, start: usize, budget: &mut Budget<'_, '_>) -> Result<Option<Groups>, FunctionError> {
        let mut run = Run { program: self, text, slots: vec![None; self.slots], undo: Vec::new() };
        let mut state = Some((0, start));
        while let Some((instruction, position)) = state {
            budget.step(1)?;
            let Some(instruction) = self.instructions.get(instruction).map(|found| (instruction, *found)) else {
                break;
            };
            if let Instruction::Matched = instruction.1 {
                return Ok(Some(run.groups()));
            }
            let next = run.step(instruction.0, instruction.1, position, budget)?;
            state = next.or_else(|| run.back());
        }
        Ok(None)
    }

    /// Compiles a part of a pattern; `None` where the program gets too long.
    fn node(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Character(set) => {
                let number = self.sets.len();
                self.sets.push(set.clone());
                self.push(Instruction::Take(number))
            }
            Node::Start => self.push(Instruction::Start),
            Node::End => self.push(Instruction::End),
            Node::Again(number) => self.push(Instruction::Again(*number)),
            Node::Group { number: Some(number), node } => self.group(*number, node),
            Node::Group { number: None, node } => self.node(node),
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.node(node)),
            Node::Choice(nodes) => self.choice(nodes),
            Node::Repeat { node, least, most, reluctant } => {
                (0..*least).try_for_each(|_| self.node(node))?;
                match most {
                    None => self.repeat(node, *reluctant),
                    Some(most) => self.optional(node, most.saturating_sub(*least), *reluctant),
                }
            }
        }
    }

    fn group(&mut self, number: usize, node: &Node) -> Option<()> {
        let slot = number.saturating_mul(2);
        self.push(Instruction::Keep { slot })?;
        self.node(node)?;
        self.push(Instruction::Keep { slot: slot.saturating_add(1) })
    }

    fn choice(&mut self, nodes: &[Node]) -> Option<()> {
        let Some((last, others)) = nodes.split_last() else { return Some(()) };
        let mut jumps = Vec::new();
        for node in others {
            let branch = self.reserve()?;
            self.node(node)?;
            jumps.push(self.reserve()?);
            self.set(branch, Instruction::Try(branch.saturating_add(1), self.here()));
        }
        self.node(last)?;
        let end = self.here();
        jumps.into_iter().for_each(|jump| self.set(jump, Instruction::Jump(end)));
        Some(())
    }

    /// A loop that an empty round leaves.
    fn repeat(&mut self, node: &Node, reluctant: bool) -> Option<()> {
        let slot = self.slots;
        self.slots = self.slots.saturating_add(1);
        let branch = self.reserve()?;
        self.push(Instruction::Keep { slot })?;
        self.node(node)?;
        let check = self.reserve()?;
        self.push(Instruction::Jump(branch))?;
        let exit = self.here();
        self.set(check, Instruction::LeaveUnlessMoved { slot, exit });
        self.set(branch, attempt(branch.saturating_add(1), exit, reluctant));
        Some(())
    }

    /// So often or less.
    fn optional(&mut self, node: &Node, times: u32, reluctant: bool) -> Option<()> {
        let mut branches = Vec::new();
        for _ in 0..times {
            branches.push(self.reserve()?);
            self.node(node)?;
        }
        let exit = self.here();
        branches.into_iter().for_each(|branch| self.set(branch, attempt(branch.saturating_add(1), exit, reluctant)));
        Some(())
    }

    fn here(&self) -> usize {
        self.instructions.len()
    }

    fn push(&mut self, instruction: Instruction) -> Option<()> {
        (self.here() < INSTRUCTIONS_LIMIT).then(|| self.instructions.push(instruction))
    }

    /// Room for an instruction that jumps to where compiling has not come yet.
    fn reserve(&mut self) -> Option<usize> {
        let place = self.here();
        self.push(Instruction::Matched)?;
        Some(place)
    }

    fn set(&mut self, place: usize, instruction: Instruction) {
        self.instructions.get_mut(place).into_iter().for_each(|reserved| *reserved = instruction);
    }
}

fn attempt(round: usize, exit: usize, reluctant: bool) -> Instruction {
    if reluctant { Instruction::Try(exit, round) } else { Instruction::Try(round, exit) }
}

/// An attempt to match from one position.
struct Run<'a> {
    program: &'a Program,
    text: &'a str,
    slots: Vec<Option<usize>>,
    undo: Vec<Undo>,
}

impl Run<'_> {
    /// Where to go on, with which instruction; `None` where this way leads nowhere.
    fn step(
        &mut self,
        at: usize,
        instruction: Instruction,
        position: usize,
        budget: &mut Budget<'_, '_>,
    ) -> Result<Option<(usize, usize)>, FunctionError> {
        let next = at.saturating_add(1);
        Ok(match instruction {
            Instruction::Take(set) => self.take(set, position).map(|position| (next, position)),
            Instruction::Start => self.is_start(position).then_some((next, position)),
            Instruction::End => self.is_end(position).then_some((next, position)),
            Instruction::Keep { slot } => {
                self.keep(slot, position);
                Some((next, position))
            }
            Instruction::Again(group) => {
                let wanted = self.group(group);
                budget.step(wanted.len())?;
                self.again(group, position).map(|position| (next, position))
            }
            Instruction::Jump(to) => Some((to, position)),
            Instruction::Try(first, second) => {
                self.undo.push(Undo::GoOn { instruction: second, position });
                Some((first, position))
            }
            Instruction::LeaveUnlessMoved { slot, exit } => {
                let moved = self.slots.get(slot).copied().flatten() != Some(position);
                Some((if moved { next } else { exit }, position))
            }
            Instruction::Matched => None,
        })
    }

    /// Back to the last alternative that was not tried.
    fn back(&mut self) -> Option<(usize, usize)> {
        loop {
            match self.undo.pop()? {
                Undo::GoOn { instruction, position } => return Some((instruction, position)),
                Undo::Restore { slot, position } => {
                    self.slots.get_mut(slot).into_iter().for_each(|kept| *kept = position);
                }
            }
        }
    }

    fn take(&self, set: usize, position: usize) -> Option<usize> {
        let character = self.text.get(position..)?.chars().next()?;
        let taken = self.program.sets.get(set)?.contains(character);
        taken.then(|| position.saturating_add(character.len_utf8()))
    }

    fn keep(&mut self, slot: usize, position: usize) {
        if let Some(kept) = self.slots.get_mut(slot) {
            self.undo.push(Undo::Restore { slot, position: *kept });
            *kept = Some(position);
        }
    }

    fn again(&self, group: usize, position: usize) -> Option<usize> {
        let (wanted, rest) = (self.group(group), self.text.get(position..)?);
        if !self.program.case_insensitive {
            return rest.starts_with(wanted).then(|| position.saturating_add(wanted.len()));
        }
        let mut characters = rest.chars();
        let same = wanted.chars().all(|one| characters.next().is_some_and(|other| are_case_variants(one, other)));
        same.then(|| self.text.len().saturating_sub(characters.as_str().len()))
    }

    /// What a group has matched; nothing where it has not.
    fn group(&self, number: usize) -> &str {
        let slot = |slot: usize| self.slots.get(slot).copied().flatten();
        let first = number.saturating_mul(2);
        match (slot(first), slot(first.saturating_add(1))) {
            (Some(from), Some(to)) => self.text.get(from..to).unwrap_or_default(),
            _ => "",
        }
    }

    fn is_start(&self, position: usize) -> bool {
        let after_line = self.program.multi_line && position < self.text.len();
        position == 0 || (after_line && self.text.get(..position).is_some_and(|before| before.ends_with('\n')))
    }

    fn is_end(&self, position: usize) -> bool {
        if !self.program.multi_line {
            return position == self.text.len();
        }
        match self.text.get(position..) {
            Some("") => !self.text.ends_with('\n'),
            Some(rest) => rest.starts_with('\n'),
            None => false,
        }
    }

    fn groups(&self) -> Groups {
        let pair = |pair: &[Option<usize>]| match pair {
            [Some(from), Some(to)] => Some((*from, *to)),
            _ => None,
        };
        Groups(self.slots.chunks(2).take(self.program.groups).map(pair).collect())
    }
}
