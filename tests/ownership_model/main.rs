//! A model of who owns what on disk, compared with the real binary over random sequences of edits and runs.
//!
//! The model (`model.rs`, `claims.rs`, `roots.rs`, `moves.rs`) is written from docs/state-keys.md, naive, with nothing of the product in it.
//! For every run it predicts the exit status, what is reported across customers and about the tree, and the tree afterwards; what holds
//! whatever the rules are is checked next to it (`invariants.rs`, `privacy.rs`). A sequence that fails is shrunk and printed as text;
//! `ownership_model/sequences/*.txt` are such texts, and are played first. `steps.rs` has the words.
//!
//! TERRALET_MODEL_STEPS (2,000) and TERRALET_MODEL_SEED say how long and which; TERRALET_MODEL_SECONDS goes on for at least as long.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod claims;
mod compare;
mod count;
mod deployments;
mod disk;
mod fleet;
mod invariants;
mod model;
mod moves;
mod names;
mod privacy;
mod product;
mod random;
mod replay;
mod roots;
mod shrink;
#[path = "../harness/state_names.rs"]
mod state_names;
mod steps;
mod tree;

use count::Counts;
use random::Random;
use replay::{Disagreement, Replay};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use steps::Step;

/// Steps of a sequence, about.
const LENGTH: usize = 40;
/// Kinds of failures that are shrunk and reported; one alone tends to hide others.
const REPORTED: usize = 12;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[test]
fn sequences_that_were_found_are_played() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ownership_model/sequences");
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "there are no sequences");
    let mut failed = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(text.starts_with("# "), "{name} does not say why it is there");
        if let Err(failure) = Replay::all(&steps::parse(&text)) {
            failed.push(format!("{name}: {}\n", failure.text));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn random_sequences_agree_with_the_model() {
    let wanted = setting("TERRALET_MODEL_STEPS", 2_000) as usize;
    let seed = setting("TERRALET_MODEL_SEED", 1);
    let count = wanted.div_ceil(LENGTH);
    // For a run that somebody wants to last, whatever it comes to.
    let lasting = Duration::from_secs(setting("TERRALET_MODEL_SECONDS", 0));
    let started = Instant::now();
    let (next, counts, failures) = (AtomicUsize::new(0), Mutex::new(Counts::default()), Mutex::new(BTreeMap::new()));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count && started.elapsed() >= lasting {
                        break;
                    }
                    let (counted, failure) = sequence(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
                    counts.lock().unwrap().add(counted);
                    if let Some((steps, failure)) = failure {
                        let mut failures = failures.lock().unwrap();
                        let (times, ..) = failures.entry(failure.kind.clone()).or_insert((0, steps, failure));
                        *times += 1;
                    }
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    // Not through the macros, whose lines a passing test does not show.
    writeln!(std::io::stderr(), "{}", counts.line()).unwrap();
    let failures: BTreeMap<String, (usize, Vec<Step>, Disagreement)> = failures.into_inner().unwrap();
    let failures: Vec<_> = failures.into_values().take(REPORTED).collect();
    let reported: Vec<String> = std::thread::scope(|scope| {
        let shrunk = failures.into_iter().map(|(times, steps, failure)| scope.spawn(move || report(times, steps, failure)));
        shrunk.collect::<Vec<_>>().into_iter().map(|reported| reported.join().unwrap()).collect()
    });
    assert!(reported.is_empty(), "product and model part:\n\n{}", reported.join("\n\n"));
    assert_eq!(counts.lacking(), Vec::<String>::new(), "the sequences do not come by everything");
}

/// One random sequence.
fn sequence(seed: u64) -> (Counts, Option<(Vec<Step>, Disagreement)>) {
    let mut random = Random::new(seed);
    let mut replay = Replay::new();
    let mut played: Vec<Step> = Vec::new();
    let mut coming = random::beginning(&mut random);
    coming.reverse();
    let length = LENGTH / 2 + random.below(LENGTH);
    while played.len() < length {
        let step = coming.pop().unwrap_or_else(|| random::step(&mut random, &replay.fleet, &replay.tree, replay.is_edited()));
        played.push(step.clone());
        if let Err(failure) = replay.step(&step) {
            replay.counts.sequences = 1;
            return (replay.counts, Some((played, failure)));
        }
    }
    replay.counts.sequences = 1;
    (replay.counts, None)
}

/// A failure as it is reported: shrunk, and to be put into a file.
fn report(times: usize, steps: Vec<Step>, failure: Disagreement) -> String {
    let (steps, failure) = shrink::shrink(steps, failure);
    let lines: Vec<String> = steps.iter().map(Step::to_string).collect();
    format!("{times} times {}\n{}\n--- the sequence:\n{}", failure.kind, failure.text, lines.join("\n"))
}
