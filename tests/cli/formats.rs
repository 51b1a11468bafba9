//! The formats that diagnostics are printed in: one set of them in each, byte for byte; SARIF against its schema, and workflow commands as
//! GitHub's runner reads them, for every code.

use crate::harness::cases::{Case, folders};
use crate::harness::workspace::{NETWORK_ALONE as GOOD, OF_ANY_SECTION as PLATFORM, Workspace};
use crate::harness::{command, copy_tree, is_blessing, package, sarif, terralet, workflow};
use pretty_assertions::assert_eq;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;

/// A copy of the workspace of the golden outputs.
fn sample() -> (TempDir, PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("workspace");
    copy_tree(&package().join("fixtures/formats/workspace"), &root, &[]);
    (outer, root)
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn diagnostics(directory: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = terralet(directory, &[arguments, &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn one_set_of_diagnostics_looks_so_in_each_format() {
    let (_outer, root) = sample();
    // What is printed, and on which stream.
    type Case<'c> = (&'c str, &'c [&'c str], &'c [(&'c str, &'c str)], bool);
    let cases: [Case<'_>; 7] = [
        ("human.txt", &[], &[], false),
        ("human-80-columns.txt", &[], &[("COLUMNS", "80")], false),
        ("human-140-columns.txt", &[], &[("COLUMNS", "500")], false),
        ("human-ascii.txt", &[], &[("LC_ALL", "C"), ("COLUMNS", "80")], false),
        ("human-colour.txt", &["--color", "always"], &[], false),
        ("sarif.json", &["--format", "sarif"], &[], true),
        ("github.txt", &["--format", "github"], &[], true),
    ];
    for (name, arguments, environment, is_stdout) in cases {
        let mut run = command(&root, &[arguments, &["-q", "check"]].concat());
        let output = run.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let (reported, other) = if is_stdout { (out(&output), err(&output)) } else { (err(&output), out(&output)) };
        assert_eq!(other, "", "{name}: the other stream");
        let golden = package().join("fixtures/formats").join(name);
        if is_blessing() {
            fs::write(&golden, reported).unwrap();
            continue;
        }
        assert_eq!(fs::read_to_string(&golden).unwrap(), reported, "{name}");
    }
}

#[test]
fn columns_are_the_terminals_between_sixty_and_a_hundred_and_forty() {
    let (_outer, root) = sample();
    let widest = |columns: &str| {
        let output = command(&root, &["check"]).env("COLUMNS", columns).output().unwrap();
        // What is wrapped: messages and helps. Source lines are as long as they are.
        let lines = err(&output);
        let is_prose = |line: &&str| line.starts_with("  ×") || line.starts_with("  help:") || line.starts_with("        ");
        lines.lines().filter(is_prose).map(|line| line.chars().count()).max().unwrap()
    };
    assert!(widest("20") <= 60 && widest("60") <= 60 && widest("80") <= 80 && widest("100") <= 100);
    assert!(widest("80") > 60 && widest("100") > 80);
    assert_eq!(widest("9999"), widest("140"));
    assert_eq!(widest("none"), widest("100"));
}

#[test]
fn colours_are_as_people_and_variables_ask() {
    let (_outer, root) = sample();
    type Case<'c> = (&'c [&'c str], &'c [(&'c str, &'c str)], bool);
    let cases: [Case<'_>; 7] = [
        (&[], &[], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&["--color", "always", "--format", "github"], &[], false),
    ];
    for (arguments, environment, is_coloured) in cases {
        let output = command(&root, &[arguments, &["check"]].concat()).envs(environment.iter().copied()).output().unwrap();
        let said = format!("{}{}", out(&output), err(&output));
        assert_eq!(said.contains('\x1b'), is_coloured, "{arguments:?} {environment:?}");
    }
}

/// The first entry of every code's folder, as a repository or a workspace.
fn one_of_each_code() -> Vec<(String, TempDir, PathBuf)> {
    let first = |(folder, cases): (String, Vec<Case>)| {
        let (outer, directory) = cases.first().unwrap().copy();
        (folder, outer, directory)
    };
    let entries: Vec<_> = folders(&package().join("fixtures/diagnose")).into_iter().map(first).collect();
    assert!(entries.len() > 70, "{} folders", entries.len());
    entries
}

#[test]
fn sarif_of_every_code_is_what_the_schema_and_github_ask() {
    one_of_each_code().par_iter().for_each(|(code, _outer, directory)| {
        let reported = diagnostics(directory, &["check"]);
        let output = terralet(directory, &["check", "--format", "sarif"]);
        let log = sarif::read(&output.stdout);
        let run = &log["runs"][0];
        let level = |severity: &Value| match severity.as_str().unwrap() {
            "advice" => "note".to_owned(),
            other => other.to_owned(),
        };
        let mut expected = Vec::new();
        for diagnostic in reported.iter().filter(|diagnostic| diagnostic["severity"] != "advice" || diagnostic["labels"] != json!([])) {
            let label = diagnostic["labels"].as_array().unwrap().first();
            let region = label.filter(|label| !label["byte_end"].is_null()).map(|label| (label["line"].clone(), label["column"].clone()));
            expected.push((
                diagnostic["code"].clone(),
                level(&diagnostic["severity"]),
                region.unwrap_or((json!(1), json!(1))),
                diagnostic["labels"].as_array().unwrap().len().saturating_sub(1),
                diagnostic["edits"].as_array().unwrap().len(),
            ));
        }
        let results = run["results"].as_array().unwrap().iter().map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let column = if region["startColumn"].is_null() { json!(1) } else { region["startColumn"].clone() };
            let count = |list: &Value| list.as_array().map_or(0, Vec::len);
            let edits = result["fixes"][0]["artifactChanges"].as_array().into_iter().flatten().map(|change| count(&change["replacements"]));
            (
                result["ruleId"].clone(),
                result["level"].as_str().unwrap().to_owned(),
                (region["startLine"].clone(), column),
                count(&result["relatedLocations"]),
                edits.sum(),
            )
        });
        assert_eq!(results.collect::<Vec<_>>(), expected, "{code}");
        // The platform file's errors end the run.
        assert_eq!(run["invocations"][0]["executionSuccessful"], output.status.code() != Some(2), "{code}");
    });
}

#[test]
fn commands_of_every_code_are_read_as_they_were_meant() {
    one_of_each_code().par_iter().for_each(|(code, _outer, directory)| {
        let reported = diagnostics(directory, &["check"]);
        let output = terralet(directory, &["check", "--format", "github"]);
        let commands = workflow::read(&out(&output));
        let order = ["error", "warning", "notice"].map(|name| commands.iter().filter(|command| command.name == name).count());
        assert_eq!(order.iter().sum::<usize>(), commands.len(), "{code}");
        let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
        assert!(names.is_sorted_by_key(|name| ["error", "warning", "notice"].iter().position(|known| known == name)), "{code}: {names:?}");
        for diagnostic in &reported {
            // Equal messages are printed once, at the first of their places.
            let message = diagnostic["message"].as_str().unwrap();
            let title = format!("terralet ({})", diagnostic["code"].as_str().unwrap());
            let found = commands.iter().find(|command| command.properties["title"] == title && command.message.contains(message));
            let found = found.unwrap_or_else(|| panic!("{code}: no command for {diagnostic}\n{commands:#?}"));
            if let Some(help) = diagnostic["help"].as_str() {
                assert!(found.message.contains(&format!("\nhelp: {help}")), "{code}: {found:?}");
            }
        }
    });
}

#[test]
fn fingerprints_do_not_follow_lines() {
    let (_outer, root) = sample();
    let fingerprints = || {
        let log = sarif::read(&terralet(&root, &["check", "--format", "sarif"]).stdout);
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let of = |result: &Value| (result["ruleId"].to_string(), result["partialFingerprints"].to_string());
        let lines: Vec<Value> =
            results.iter().map(|result| result["locations"][0]["physicalLocation"]["region"]["startLine"].clone()).collect();
        (results.iter().map(of).collect::<Vec<_>>(), lines)
    };
    let (before, lines) = fingerprints();
    let document = root.join("customers/harbour-books/infra/variables.yml");
    let text = fs::read_to_string(&document).unwrap();
    fs::write(&document, format!("# a line more\n\n{}", text.replace("compute:", "\n\n# and here\ncompute:"))).unwrap();
    let (after, moved) = fingerprints();
    assert_eq!(before, after);
    assert_ne!(lines, moved);
}

#[test]
fn paths_are_counted_from_the_checkout() {
    let (outer, root) = sample();
    let checkout = outer.path();
    let run =
        |format: &str, checkout: &Path| command(&root, &["check", "--format", format]).env("GITHUB_WORKSPACE", checkout).output().unwrap();
    let uris = |checkout: &Path| {
        let log = sarif::read(&run("sarif", checkout).stdout);
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let uri = |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        results.iter().map(uri).collect::<Vec<_>>()
    };
    assert!(uris(checkout).contains(&"workspace/customers/%C3%BCber-caf%C3%A9/infra/variables.yml".to_owned()));
    assert!(uris(&root).contains(&"customers/harbour-books/infra/variables.yml".to_owned()));
    assert!(uris(&package().join("src")).contains(&"customers/harbour-books/infra/variables.yml".to_owned()));
    let commands = workflow::read(&out(&run("github", checkout)));
    assert!(commands.iter().any(|command| command.properties["file"] == "workspace/customers/über-café/infra/variables.yml"));
}

#[test]
fn a_tree_that_differs_is_reported_in_both_formats() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", GOOD)]);
    let sarif_of = |status: i32| {
        let output = terralet(&workspace.root, &["compile", "--check", "--format", "sarif"]);
        assert_eq!(output.status.code(), Some(status));
        sarif::read(&output.stdout)["runs"][0]["results"].as_array().unwrap().clone()
    };
    let results = sarif_of(3);
    assert_eq!(results.len(), workspace.run(&["compile", "--check"], 3).differences().len());
    assert!(results.iter().all(|result| result["ruleId"] == "generated-file-differs"));
    let output = terralet(&workspace.root, &["compile", "--check", "--format", "github"]);
    let commands = workflow::read(&out(&output));
    // A fleet that was never compiled has thousands of files: one command for each state.
    assert_eq!((output.status.code(), commands.len(), commands[0].name.as_str()), (Some(3), 1, "error"));
    assert!(commands[0].message.contains("missing") && commands[0].message.contains("terralet compile"), "{:?}", commands[0]);
    let written = terralet(&workspace.root, &["compile", "--format", "github"]);
    assert_eq!((out(&written), written.status.code()), (String::new(), Some(0)));
    assert!(err(&written).contains("files written"), "{}", err(&written));
    assert_eq!(sarif_of(0), Vec::<Value>::new());
}

#[test]
fn a_run_that_cannot_do_its_work_says_so_in_both_formats() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", GOOD)]);
    let failed = |arguments: &[&str]| {
        let output = terralet(&workspace.root, &[arguments, &["--format", "sarif"]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let log = sarif::read(&output.stdout);
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let github = terralet(&workspace.root, &[arguments, &["--format", "github"]].concat());
        assert_eq!(github.status.code(), Some(2), "{arguments:?}");
        let commands = workflow::read(&out(&github));
        assert_eq!(commands[0].name, "error");
        (invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap().to_owned(), commands[0].message.clone())
    };
    let (in_sarif, on_github) = failed(&["check", "customers/nobody"]);
    assert!(in_sarif.contains("nobody") && on_github.contains("nobody"), "{in_sarif}\n{on_github}");
    let (in_sarif, on_github) = failed(&["why", "nothing"]);
    assert!(in_sarif.contains("unknown deployment `nothing`") && on_github.contains("\nhelp: "), "{in_sarif}\n{on_github}");
    workspace.platform("customers: [customers/*]\nregistri: {}\n");
    let (in_sarif, on_github) = failed(&["check"]);
    assert!(in_sarif.contains("the platform file has errors") && on_github.starts_with("terralet.yml:2:1: unknown key"), "{on_github}");
}

#[test]
fn commands_without_diagnostics_refuse_formats_for_them() {
    let (_outer, root) = sample();
    for arguments in
        [&["explain"][..], &["explain", "unknown-key"], &["prune"], &["move", "a", "b"], &["platform", "export"], &["completions", "bash"]]
    {
        for format in ["sarif", "github"] {
            let output = terralet(&root, &[arguments, &["--format", format]].concat());
            assert_eq!((output.status.code(), out(&output)), (Some(2), String::new()), "{arguments:?}");
            assert!(err(&output).contains("leave `--format` out"), "{}", err(&output));
        }
    }
}

#[test]
fn list_and_trace_report_in_both_formats() {
    let (_outer, root) = sample();
    let log = sarif::read(&terralet(&root, &["list", "--format", "sarif"]).stdout);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), diagnostics(&root, &["check"]).len());
    let listed = out(&terralet(&root, &["list", "--format", "github"]));
    let (table, commands) = listed.split_once("::").unwrap();
    assert!(table.starts_with("DIRECTORY"), "{table}");
    assert!(!workflow::read(&format!("::{commands}")).is_empty());

    let said = json!({"format_version": "1.0", "valid": false, "diagnostics": [
        {"severity": "error", "summary": "Unsupported argument", "detail": "An argument named \"x\" is not expected here.",
         "range": {"filename": "nowhere.tf", "start": {"line": 3, "column": 1, "byte": 9}, "end": {"line": 3, "column": 2, "byte": 10}}}
    ]});
    for format in ["sarif", "github"] {
        let mut run = command(&root, &["trace", "--format", format]);
        let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(said.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let reported = match format {
            "sarif" => sarif::read(&output.stdout)["runs"][0]["results"][0]["message"]["text"].as_str().unwrap().to_owned(),
            _ => workflow::read(&out(&output))[0].message.clone(),
        };
        assert!(reported.starts_with("Unsupported argument\nAn argument named"), "{reported}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    let environments: String = (0..60).map(|number| format!("  wrong_{number}: {{}}\n")).collect();
    let keys: String = (0..300).map(|number| format!("zzz_{number}: 1\n")).collect();
    let text = format!("project_name: shop\nregion: eu-west-1\nenvironments:\n  dev: {{}}\n{environments}{keys}");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &text)]);
    let github = terralet(&workspace.root, &["check", "--format", "github"]);
    let commands = workflow::read(&out(&github));
    let last = commands.last().unwrap();
    assert_eq!((commands.len(), last.name.as_str()), (201, "notice"));
    assert!(last.message.contains("more messages; `--format json` has them all"), "{last:?}");
    assert!(err(&github).contains("GitHub shows the first 10 errors"), "{}", err(&github));
}
