//! What the fuzzer starts from: the fixtures, and what the generators of the tests make.

use crate::common::random::Random;
use crate::targets::DOCUMENT;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files right in a directory, by name; none where it is not there.
pub(crate) fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The YAML files of the fixtures, by directory.
fn fixtures() -> BTreeMap<PathBuf, Vec<(String, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if root.join("fixtures").is_dir() { root.to_owned() } else { root.join("../..") };
    let mut found = BTreeMap::new();
    let mut open = vec![root.join("fixtures")];
    while let Some(directory) = open.pop() {
        open.extend(fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()));
        let yaml: Vec<(String, Vec<u8>)> = files(&directory).into_iter().filter(|(name, _)| name.ends_with("ml")).collect();
        if !yaml.is_empty() {
            found.insert(directory, yaml);
        }
    }
    found
}

/// Every YAML file of the fixtures.
pub(crate) fn tree() -> Vec<Vec<u8>> {
    fixtures().into_values().flatten().map(|(_, bytes)| bytes).collect()
}

/// Every directory of documents of the fixtures, with and without the platform file above it.
pub(crate) fn compile() -> Vec<Vec<u8>> {
    let fixtures = fixtures();
    let mut seeds = Vec::new();
    for (directory, documents) in &fixtures {
        let written = |files: &[(String, Vec<u8>)]| {
            files
                .iter()
                .flat_map(|(name, bytes)| [format!("{DOCUMENT}{name}\n").as_bytes(), bytes.as_slice(), b"\n"].concat())
                .collect::<Vec<u8>>()
        };
        let own = written(documents);
        let platform =
            directory.ancestors().skip(1).filter_map(|above| fixtures.get(above)).flatten().find(|(name, _)| name == "terralet.yml");
        seeds.extend(platform.map(|platform| [written(std::slice::from_ref(platform)), own.clone()].concat()));
        seeds.push(own);
    }
    seeds
}

fn random_bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut random = Random::new(seed);
    (0..count).map(|_| u8::try_from(random.below(256)).unwrap()).collect()
}

/// Numbers.
pub(crate) fn layers() -> Vec<Vec<u8>> {
    (0..120).map(|seed| random_bytes(seed, 400 + 20 * usize::try_from(seed).unwrap())).collect()
}

/// A root module each, with texts that try to be something else.
pub(crate) fn printer() -> Vec<Vec<u8>> {
    let texts = ["${a}%${b}", "%{ if x }", "$${", "\\\"", "<<EOT", "\u{202e}", "\0", "e\u{301}", "\\n}\\n", "\u{10ffff}", "a", ""];
    (0..120_usize)
        .map(|seed| {
            [
                random_bytes(seed as u64, 8),
                (0..6).map(|at| texts[(seed * 5 + at * 7) % texts.len()]).collect::<Vec<_>>().join("\n").into_bytes(),
            ]
            .concat()
        })
        .collect()
}
