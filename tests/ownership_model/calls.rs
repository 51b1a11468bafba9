//! Calls of `compile` and `check`, as sequences write them.

use super::model::{Call, Scope};

/// Reads a call.
pub(crate) fn parse(command: &str, words: &[&str]) -> Call {
    let has = |option: &str| words.contains(&option);
    let value = |option: &str| words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1));
    let is_path = |word: &&&str| ["customers/", "more/"].iter().any(|start| word.starts_with(start));
    let paths: Vec<String> = words.iter().filter(is_path).map(|word| (*word).to_owned()).collect();
    let scope = match (value("--shard"), value("--customer")) {
        (Some(shard), _) => {
            let (number, count) = shard.split_once('/').unwrap();
            Scope::Shard(number.parse().unwrap(), count.parse().unwrap())
        }
        (_, Some(name)) => Scope::Customer((*name).to_owned()),
        _ if paths.is_empty() => Scope::Whole,
        _ => Scope::Paths(paths),
    };
    Call {
        scope,
        documents_only: command == "check",
        dry: has("--check"),
        allow_missing: has("--allow-missing"),
        overwrite: has("--overwrite"),
    }
}
