//! Where a generated case comes from: a sequence of choices, drawn from a seed or given, that can be made shorter.

/// A source of choices. Every choice is recorded, so that what came of a seed can be built again from fewer or smaller
/// choices; a source that has run dry chooses 0, which generators keep for the simplest alternative.
#[derive(Clone, Debug)]
pub struct Choices {
    source: Origin,
    recorded: Vec<u32>,
}

#[derive(Clone, Debug)]
enum Origin {
    Seeded(u64),
    Given { choices: Vec<u32>, next: usize },
}

impl Choices {
    /// Choices drawn from a seed, without end.
    pub fn seeded(seed: u64) -> Choices {
        Choices { source: Origin::Seeded(seed), recorded: Vec::new() }
    }

    /// These choices, then zeros.
    pub fn given(choices: Vec<u32>) -> Choices {
        Choices { source: Origin::Given { choices, next: 0 }, recorded: Vec::new() }
    }

    /// Choices made of the bytes of a fuzzer: two bytes each, so that a changed byte changes one choice.
    pub fn from_bytes(bytes: &[u8]) -> Choices {
        let pairs = bytes.chunks(2);
        Choices::given(pairs.map(|pair| pair.iter().fold(0, |all, byte| all << 8 | u32::from(*byte))).collect())
    }

    /// What was chosen so far.
    pub fn recorded(&self) -> &[u32] {
        &self.recorded
    }

    /// A number below `limit` (0 where the limit is 0).
    pub fn below(&mut self, limit: usize) -> usize {
        let drawn = self.draw();
        let chosen = if limit == 0 { 0 } else { drawn as usize % limit };
        self.recorded.push(chosen as u32);
        chosen
    }

    /// Whether something with a chance of `chance` in 100 happens; a dry source says no.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) >= 100 - chance
    }

    /// One of some things; the first where the source is dry.
    pub fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        let position = self.below(things.len());
        &things[position]
    }

    /// One of some words; the first where the source is dry.
    pub fn word<'t>(&mut self, words: &[&'t str]) -> &'t str {
        self.pick::<&'t str>(words)
    }

    fn draw(&mut self) -> u32 {
        match &mut self.source {
            Origin::Seeded(state) => split_mix(state),
            Origin::Given { choices, next } => {
                let choice = choices.get(*next).copied().unwrap_or(0);
                *next += 1;
                choice
            }
        }
    }
}

/// The shortest sequence that can be found, by dropping stretches and lowering choices, for which `fails` still holds;
/// `attempts` bounds how often it is asked.
pub fn shrink(recorded: &[u32], attempts: usize, mut fails: impl FnMut(&[u32]) -> bool) -> Vec<u32> {
    let mut best = recorded.to_vec();
    let mut left = attempts;
    let mut try_out = |candidate: Vec<u32>, best: &mut Vec<u32>, left: &mut usize| -> bool {
        if *left == 0 || candidate == *best {
            return false;
        }
        *left -= 1;
        let better = fails(&candidate);
        if better {
            *best = candidate;
        }
        better
    };
    loop {
        let before = best.clone();
        let mut width = best.len().max(1);
        while width > 0 {
            let mut start = 0;
            while start < best.len() {
                let end = (start + width).min(best.len());
                let dropped = [&best[..start], &best[end..]].concat();
                if !try_out(dropped, &mut best, &mut left) {
                    let mut zeroed = best.clone();
                    zeroed[start..end].fill(0);
                    try_out(zeroed, &mut best, &mut left);
                    start += width;
                }
            }
            width /= 2;
        }
        for position in 0..best.len() {
            if let Some(choice) = best.get(position).copied().filter(|choice| *choice > 0) {
                for lower in [choice / 2, choice - 1] {
                    let mut lowered = best.clone();
                    lowered[position] = lower;
                    try_out(lowered, &mut best, &mut left);
                }
            }
        }
        if best == before || left == 0 {
            return best;
        }
    }
}

/// One step of SplitMix64 (Steele, Lea and Flood, 2014).
fn split_mix(state: &mut u64) -> u32 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ mixed >> 31) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_choices_give_the_same_again() {
        let mut drawn = Choices::seeded(7);
        let first: Vec<usize> = (1..50).map(|limit| drawn.below(limit)).collect();
        let mut again = Choices::given(drawn.recorded().to_vec());
        let second: Vec<usize> = (1..50).map(|limit| again.below(limit)).collect();
        assert_eq!(first, second);
        assert_eq!(again.below(9), 0, "a dry source chooses 0");
    }

    #[test]
    fn shrinking_finds_the_choice_that_matters() {
        let mut drawn = Choices::seeded(3);
        for _ in 0..200 {
            drawn.below(1000);
        }
        let found = shrink(drawn.recorded(), 5_000, |choices| choices.iter().any(|choice| *choice >= 700));
        assert_eq!(found, [700]);
    }
}
