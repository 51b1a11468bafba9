//! Every document of fixtures/diagnose gets exactly the diagnostics that it names, from the real binary in a copy; and each code has one
//! rendered output there, byte for byte.
//!
//! `cargo test --test diagnose cidr-overlap` runs one folder; `UPDATE_GOLDEN=1` writes the rendered outputs anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

mod harness;

use harness::cases::{CLEAN, Case, RENDERED, folders};
use harness::marks::{TODAY, check, codes, difference, expected, without_marks};
use harness::{is_blessing, package, terralet};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Codes about the output tree, or of Terraform's about it: they need a compile before them, and are tested with it. No key of this version is
/// deprecated: its code is tested beside the schema.
const TESTED_ELSEWHERE: [&str; 10] = [
    "customer-missing",
    "deployment-removed",
    "deprecated-key",
    "destructive-change",
    "foreign-file",
    "hand-edited-file",
    "list-entry-removed",
    "stale-root",
    "state-key-changed",
    "terraform-diagnostic",
];
/// No fewer documents and small workspaces than this.
const FEWEST: usize = 150;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let root = package().join("fixtures/diagnose");
    let codes = Arc::new(codes());
    let folders = folders(&root);
    if is_blessing() {
        // What is blessed is compared with nothing, and files are written one after the other.
        arguments.test_threads = Some(1);
    }
    let mut trials = vec![whole("every-code-has-its-folder", &folders, &codes)];
    for (folder, cases) in &folders {
        for case in cases {
            let (case, codes) = (case.clone(), Arc::clone(&codes));
            trials.push(Trial::test(format!("{folder}/{}", case.name()), move || tells_what_it_names(&case, &codes)));
        }
        if folder != CLEAN {
            let (folder, cases, codes) = (root.join(folder), cases.clone(), Arc::clone(&codes));
            let name = format!("{}/rendered", folder.file_name().unwrap().to_string_lossy());
            trials.push(Trial::test(name, move || renders_as_before(&folder, &cases, &codes)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn whole(name: &str, folders: &BTreeMap<String, Vec<Case>>, codes: &Arc<BTreeMap<String, String>>) -> Trial {
    let (folders, codes) = (folders.clone(), Arc::clone(codes));
    Trial::test(name, move || {
        let tested_elsewhere = |code: &str| TESTED_ELSEWHERE.contains(&code);
        let without: Vec<&String> = codes.keys().filter(|code| !folders.contains_key(*code) && !tested_elsewhere(code)).collect();
        let strange: Vec<&String> = folders.keys().filter(|folder| *folder != CLEAN && !codes.contains_key(*folder)).collect();
        let count: usize = folders.values().map(Vec::len).sum();
        match () {
            () if !without.is_empty() => Err(format!("codes without a folder: {without:?}").into()),
            () if !strange.is_empty() => Err(format!("folders without a code: {strange:?}").into()),
            () if count < FEWEST => Err(format!("{count} entries, and there were {FEWEST}").into()),
            () => Ok(()),
        }
    })
}

fn tells_what_it_names(case: &Case, codes: &BTreeMap<String, String>) -> Result<(), Failed> {
    let (_outer, directory) = case.copy();
    let expected = expected(&directory, codes)?;
    let names_its_code = expected.iter().any(|told| told.code == case.folder);
    if case.folder != CLEAN && !names_its_code {
        return Err(format!("nothing in it names `{}`, so it belongs elsewhere", case.folder).into());
    }
    if case.folder == CLEAN && !expected.is_empty() {
        return Err("a clean input names no code".into());
    }
    let told = check(&directory)?;
    let difference = difference(&told, &expected);
    if difference.is_empty() { Ok(()) } else { Err(difference.into()) }
}

/// The output for people of a folder's first entry, as a customer who wrote no marks would see it.
fn renders_as_before(folder: &Path, cases: &[Case], codes: &BTreeMap<String, String>) -> Result<(), Failed> {
    let code = folder.file_name().unwrap().to_string_lossy().into_owned();
    let Some(case) = cases.first() else { return Err(format!("fixtures/diagnose/{code} is empty").into()) };
    let (_outer, directory) = case.copy();
    let marked = expected(&directory, codes)?;
    for file in marked.iter().filter_map(|told| told.file.as_ref()) {
        let path = directory.join(file);
        if let Ok(text) = fs::read_to_string(&path) {
            fs::write(&path, without_marks(&text)).unwrap();
        }
    }
    let output = terralet(&directory, &["--color", "never", "check", "--today", TODAY]);
    let rendered = without_time(&String::from_utf8_lossy(&output.stderr));
    if !rendered.contains(&format!("[{code}]")) {
        return Err(format!("without its marks the entry does not get `{code}`:\n{rendered}").into());
    }
    let golden = folder.join(RENDERED);
    if is_blessing() {
        fs::write(&golden, rendered).unwrap();
        return Ok(());
    }
    let before = fs::read_to_string(&golden).map_err(|error| format!("{}: {error}", golden.display()))?;
    if before == rendered {
        return Ok(());
    }
    Err(terralet_core::diff::unified(RENDERED, &before, &rendered).into())
}

/// The summary line ends with the time that the run took.
fn without_time(said: &str) -> String {
    let timed =
        |line: &str| line.trim_end().strip_suffix(" s").and_then(|line| line.rsplit_once(", ")).map(|(kept, _)| format!("{kept}\n"));
    said.split_inclusive('\n').map(|line| timed(line).filter(|_| line.contains("root module")).unwrap_or_else(|| line.to_owned())).collect()
}
