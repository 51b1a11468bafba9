//! Makes a sequence that fails shorter and simpler, as long as it fails in the same way.

use super::replay::{Disagreement, Replay};
use super::steps::Step;

/// How often a sequence is played again at most.
const ATTEMPTS: usize = 250;

/// Shrinks a sequence. Gives it with how it fails.
pub(crate) fn shrink(steps: Vec<Step>, failure: Disagreement) -> (Vec<Step>, Disagreement) {
    let mut search = Search { steps, failure, left: ATTEMPTS };
    search.drop_parts();
    search.simplify();
    search.drop_parts();
    (search.steps, search.failure)
}

struct Search {
    steps: Vec<Step>,
    failure: Disagreement,
    left: usize,
}

impl Search {
    /// Takes a sequence in the place of the present one, when it fails in the same way.
    fn takes(&mut self, steps: Vec<Step>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        match Replay::all(&steps) {
            Err(failure) if failure.kind == self.failure.kind => {
                self.steps = steps;
                self.failure = failure;
                true
            }
            _ => false,
        }
    }

    /// Drops halves, quarters, and at last single steps.
    fn drop_parts(&mut self) {
        let mut size = (self.steps.len() / 2).max(1);
        loop {
            let mut at = 0;
            while at < self.steps.len() {
                let end = (at + size).min(self.steps.len());
                let rest: Vec<Step> = self.steps[..at].iter().chain(&self.steps[end..]).cloned().collect();
                if !self.takes(rest) {
                    at = end;
                }
            }
            if size == 1 {
                return;
            }
            size = (size / 2).max(1);
        }
    }

    /// Drops words of a step, and one of several environments.
    fn simplify(&mut self) {
        let mut at = 0;
        while at < self.steps.len() {
            let mut word = self.steps[at].0.len();
            while word > 2 {
                word -= 1;
                let mut step = self.steps[at].clone();
                if step.0.get(word).is_some_and(|text| text.contains('=') || text.starts_with("--") && !text.starts_with("--shard")) {
                    step.0.remove(word);
                    let mut steps = self.steps.clone();
                    steps[at] = step;
                    self.takes(steps);
                }
            }
            for environment in ["dev", "production"] {
                let text = self.steps[at].to_string();
                if text.contains("dev,production") {
                    let mut steps = self.steps.clone();
                    steps[at] = Step::new(&text.replace("dev,production", environment));
                    self.takes(steps);
                }
            }
            at += 1;
        }
    }
}
