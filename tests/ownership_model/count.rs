//! What sequences came by: a space that is not visited proves nothing.

use super::compare::{CODES, reported};
use super::steps::{EDITS, RUNS};
use std::collections::BTreeMap;

/// Numbers of many sequences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) sequences: usize,
    pub(crate) steps: BTreeMap<String, usize>,
    /// Runs of `compile` and `check`, which report.
    pub(crate) runs: usize,
    /// Runs that died.
    pub(crate) killed: usize,
    /// How many of the runs reported `severity code`.
    pub(crate) codes: BTreeMap<String, usize>,
}

/// What has to be met, with the fewest times in 10,000 steps. `empty` is for fixtures.
const RARE_STEPS: [(&str, usize); 3] = [("empty", 0), ("lose", 5), ("twin", 10)];
const FEWEST_STEPS: usize = 10;
const FEWEST_CODES: [(&str, usize); 16] = [
    ("error customer-id-conflict", 100),
    ("warning customer-id-conflict", 2),
    ("error state-key-collision", 10),
    ("error state-key-changed", 100),
    ("error duplicate-repository", 50),
    ("error cidr-overlap", 30),
    ("warning cidr-overlap", 2),
    ("error name-collision", 30),
    ("warning name-collision", 1),
    ("error misspelt-registration", 10),
    ("advice unused-registration", 30),
    ("warning deployment-removed", 100),
    ("error customer-missing", 50),
    ("warning customer-missing", 10),
    ("warning destructive-change", 5),
    ("advice customer-id-conflict", 50),
];

impl Counts {
    pub(crate) fn step(&mut self, verb: &str) {
        *self.steps.entry(verb.to_owned()).or_default() += 1;
    }

    pub(crate) fn run(&mut self, diagnostics: &[serde_json::Value]) {
        self.runs += 1;
        let mut codes: Vec<String> = reported(diagnostics).into_iter().map(|(severity, code, _)| format!("{severity} {code}")).collect();
        codes.dedup();
        codes.sort();
        codes.dedup();
        codes.into_iter().for_each(|code| *self.codes.entry(code).or_default() += 1);
    }

    pub(crate) fn add(&mut self, other: Counts) {
        let Counts { sequences, steps, runs, killed, codes } = other;
        self.sequences += sequences;
        self.runs += runs;
        self.killed += killed;
        steps.into_iter().for_each(|(verb, count)| *self.steps.entry(verb).or_default() += count);
        codes.into_iter().for_each(|(code, count)| *self.codes.entry(code).or_default() += count);
    }

    pub(crate) fn total(&self) -> usize {
        self.steps.values().sum()
    }

    /// All of it in a line.
    pub(crate) fn line(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(|(verb, count)| format!("{verb} {count}")).collect();
        let share = |count: &usize| 100.0 * *count as f64 / self.runs.max(1) as f64;
        let codes: Vec<String> = self.codes.iter().map(|(code, count)| format!("{code} {:.1}%", share(count))).collect();
        format!(
            "{} sequences, {} steps ({}), {} runs of compile and check, {} killed; of the runs reported {}",
            self.sequences,
            self.total(),
            steps.join(", "),
            self.runs,
            self.killed,
            codes.join(", ")
        )
    }

    /// What was met too rarely, for so many steps.
    pub(crate) fn lacking(&self) -> Vec<String> {
        assert!(FEWEST_CODES.iter().all(|(reported, _)| CODES.iter().any(|code| reported.ends_with(code))));
        let fewest = |in_ten_thousand: usize| in_ten_thousand * self.total() / 10_000;
        let steps = EDITS.iter().chain(&RUNS).map(|verb| {
            let rare = RARE_STEPS.iter().find(|(rare, _)| rare == verb).map_or(FEWEST_STEPS, |(_, count)| *count);
            (*verb, self.steps.get(*verb).copied().unwrap_or(0), fewest(rare))
        });
        let codes = FEWEST_CODES.iter().map(|(code, least)| (*code, self.codes.get(*code).copied().unwrap_or(0), fewest(*least)));
        let lacking = steps.chain(codes).filter(|(_, count, least)| count < least);
        lacking.map(|(what, count, least)| format!("{what}: {count}, and not {least}")).collect()
    }
}
