//! A share of checks of which there are many of one kind: those that a run is not about are counted, and left to `.ci/full`.

use libtest_mimic::{Failed, Trial};

/// Says which share is run, such as `1/3`: of every three, the one in the middle. All are run where it is not set.
const VARIABLE: &str = "TERRALET_TERRAFORM_SHARE";

/// Every `of`-th check, from the one with the number `first`, which counts from 0.
#[derive(Clone, Copy)]
pub(crate) struct Share {
    first: usize,
    of: usize,
}

impl Share {
    /// Every check.
    pub(crate) fn all() -> Share {
        Share { first: 0, of: 1 }
    }

    /// The share that the environment asks for.
    ///
    /// # Errors
    ///
    /// A text that is no share.
    pub(crate) fn asked_for() -> Result<Share, String> {
        let Ok(text) = std::env::var(VARIABLE) else { return Ok(Share::all()) };
        let parts = text.split_once('/').and_then(|(first, of)| Some((first.parse().ok()?, of.parse().ok()?)));
        let share = parts.map(|(first, of)| Share { first, of }).filter(|share| share.first < share.of);
        share.ok_or_else(|| format!("{VARIABLE} is `{text}`, and not a share such as `1/3` or `0/1`"))
    }

    /// True where the check with this number is run.
    pub(crate) fn takes(self, number: usize) -> bool {
        number % self.of == self.first
    }
}

/// A trial that stands for a check of another share.
pub(crate) fn left_out(name: String) -> Trial {
    Trial::test(name, || Err(Failed::from("this check is of another share"))).with_ignored_flag(true)
}

/// The line that says what was left out.
pub(crate) fn line(count: u64) -> Option<String> {
    let checks = if count == 1 { "1 check is".to_owned() } else { format!("{count} checks are") };
    (count > 0).then(|| format!("not checked: {checks} of another share than {VARIABLE} names; .ci/full runs all"))
}
