//! Choices read from a list of numbers: generators are plain code, and proptest shrinks what they make by shrinking the list.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngSeed};

/// What a tape is made from. A failing case is known by what was made of it, not by these.
#[derive(Clone)]
pub(crate) struct Numbers(Vec<u16>);

impl std::fmt::Debug for Numbers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} numbers", self.0.len())
    }
}

impl Numbers {
    /// Numbers of two bytes each.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Numbers(bytes.chunks(2).map(|pair| pair.iter().fold(0, |number, byte| number << 8 | u16::from(*byte))).collect())
    }
}

/// Numbers that choices are read from; past the end every choice is the first, which generators make the simplest.
pub(crate) struct Tape {
    numbers: Vec<u16>,
    next: usize,
}

impl Tape {
    pub(crate) fn new(numbers: Numbers) -> Self {
        Tape { numbers: numbers.0, next: 0 }
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let number = self.numbers.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(number) % bound.max(1)
    }

    /// True once in `of`; never past the end of the list.
    pub(crate) fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == of - 1
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Lists of up to `length` numbers.
pub(crate) fn numbers(length: usize) -> impl Strategy<Value = Numbers> {
    vec(any::<u16>(), length / 4..length).prop_map(Numbers)
}

/// The same cases in every run and on every machine, and no files with earlier failures.
pub(crate) fn config(cases: u32, seed: u64) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), max_shrink_time: 30_000, ..Config::default() }
}
