//! `check --fix`, from the real binary: over every entry of fixtures/diagnose, and over documents that are harder to leave as they are.

use crate::harness::cases::folders;
use crate::harness::machine::Meeting;
use crate::harness::workspace::Workspace;
use crate::harness::{package, terralet};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// No fewer entries of fixtures/diagnose have a safe fix.
const FEWEST: usize = 40;
/// What is meant is plain, and refused too: the platform has no modules for `gcp`.
const REFUSED: [&str; 1] = ["unknown-cloud/long-name"];

/// The bytes of every regular file below a directory.
fn bytes(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                files.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Runs `check` with more arguments; gives the exit status and the JSON document.
fn check(directory: &Path, arguments: &[&str]) -> (i32, Value) {
    let call: Vec<&str> = ["check", "--format", "json"].iter().chain(arguments).copied().collect();
    let output = terralet(directory, &call);
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), json)
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn offset(edit: &Value, key: &str) -> usize {
    usize::try_from(edit[key].as_u64().unwrap()).unwrap()
}

/// The code and message of each diagnostic that has a safe fix, or of each that has none.
fn mistakes(reported: &Value, certain: bool) -> Vec<(String, String)> {
    let text = |diagnostic: &Value, key: &str| diagnostic[key].as_str().unwrap().to_owned();
    let wanted = |diagnostic: &&Value| list(diagnostic, "edits").any(|edit| edit["certain"] == true) == certain;
    let of_customers =
        list(reported, "diagnostics").filter(|diagnostic| !diagnostic["customer"].is_null() && diagnostic["severity"] == "error");
    of_customers.filter(wanted).map(|diagnostic| (text(diagnostic, "code"), text(diagnostic, "message"))).collect()
}

/// What the files are when the edits that were reported are put into them, and nothing else.
fn with_edits(mut files: BTreeMap<String, Vec<u8>>, reported: &Value) -> BTreeMap<String, Vec<u8>> {
    for file in list(&reported["fixes"], "files") {
        let bytes = files.get_mut(file["file"].as_str().unwrap()).expect("only documents are written");
        let mut edits: Vec<&Value> = list(file, "edits").collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(offset(edit, "byte_start")));
        for edit in edits {
            bytes.splice(offset(edit, "byte_start")..offset(edit, "byte_end"), edit["text"].as_str().unwrap().bytes());
        }
    }
    files
}

/// Runs `--fix` in a directory, and holds what it did against what must be true of it everywhere.
fn fixed(directory: &Path) -> Result<(Value, Value), String> {
    let before = bytes(directory);
    let (_, reported) = check(directory, &[]);
    let (status, dry) = check(directory, &["--fix", "--dry-run"]);
    if bytes(directory) != before {
        return Err("a dry run wrote".into());
    }
    if (status == 0) != (list(&dry["fixes"], "files").next().is_none() && dry["summary"]["errors"] == 0) {
        return Err(format!("the exit status of the dry run is {status}"));
    }
    let (status, after) = check(directory, &["--fix"]);
    if status != i32::from(after["summary"]["errors"] != 0) {
        return Err(format!("the exit status is {status} after {}", after["summary"]));
    }
    if dry["fixes"]["files"] != after["fixes"]["files"] || dry["diagnostics"] != reported["diagnostics"] {
        return Err("the dry run reported something else".into());
    }
    let now = bytes(directory);
    if with_edits(before, &after) != now {
        return Err("bytes outside of the edits changed".into());
    }
    let (_, again) = check(directory, &["--fix"]);
    if again["summary"]["fixed"] != 0 || bytes(directory) != now {
        return Err("a second run found more to mend".into());
    }
    Ok((reported, after))
}

#[test]
fn every_fixture_with_a_certain_edit_is_fixed() {
    let entries: Vec<_> = folders(&package().join("fixtures/diagnose")).into_values().flatten().collect();
    let results: Vec<(String, Result<Option<usize>, String>)> = entries
        .par_iter()
        .map(|case| {
            let (_outer, directory) = case.copy();
            let (status, reported) = check(&directory, &[]);
            let certain = mistakes(&reported, true);
            // A platform file with errors ends a run before any document is read.
            let name = format!("{}/{}", case.folder, case.name());
            let result = match REFUSED.contains(&name.as_str()) {
                true => fixed(&directory).and_then(|(_, after)| match after["summary"]["fixed"].as_u64() {
                    Some(0) => Ok(None),
                    _ => Err("it was mended".to_owned()),
                }),
                false if certain.is_empty() || status == 2 => Ok(None),
                false => mended(&directory, &certain).map(Some),
            };
            (name, result)
        })
        .collect();
    let failed: Vec<String> =
        results.iter().filter_map(|(name, result)| result.as_ref().err().map(|error| format!("{name}: {error}"))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let mended: Vec<usize> = results.iter().filter_map(|(_, result)| result.clone().ok().flatten()).collect();
    println!("{} entries mended, {} mistakes", mended.len(), mended.iter().sum::<usize>());
    assert!(mended.len() >= FEWEST, "{} entries have an edit that leaves no choice", mended.len());
}

/// After `--fix` a fixture has none of its certain mistakes, and no error at all where it had no others.
fn mended(directory: &Path, certain: &[(String, String)]) -> Result<usize, String> {
    let (reported, after) = fixed(directory)?;
    let left: Vec<_> = list(&after, "diagnostics").filter(|diagnostic| diagnostic["severity"] == "error").collect();
    let is_left =
        |(code, message): &&(String, String)| left.iter().any(|reported| reported["code"] == **code && reported["message"] == **message);
    if let Some((code, message)) = certain.iter().find(is_left) {
        return Err(format!("{code} is left: {message}"));
    }
    if mistakes(&reported, false).is_empty() && !left.is_empty() {
        return Err(format!("there were certain mistakes alone, and left is {}: {}", left[0]["code"], left[0]["message"]));
    }
    let mistakes = after["summary"]["fixed"].as_u64().unwrap();
    if mistakes < certain.len() as u64 { Err(format!("{mistakes} of {} mended", certain.len())) } else { Ok(certain.len()) }
}

/// A workspace with one document, which lacks nothing but what `text` gets wrong.
fn workspace(text: &str) -> Workspace {
    Workspace::new("rules: {section-without-module: off}", &[("shop/variables.yml", text)])
}

fn document(workspace: &Workspace) -> String {
    String::from_utf8(fs::read(workspace.root.join("customers/shop/infra/variables.yml")).unwrap()).unwrap()
}

/// What `--fix` makes of a document, with how many errors are left.
fn fix(text: &str) -> (String, u64) {
    let workspace = workspace(text);
    let (_, after) = fixed(&workspace.root).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    (document(&workspace), after["summary"]["errors"].as_u64().unwrap())
}

const REST: &str = "networking:\n  vpc_cidr: 10.20.0.0/16\n";

fn with_rest(text: &str) -> String {
    format!("project_name: shop\n{text}{REST}")
}

#[test]
fn comments_quotes_line_ends_and_the_byte_order_mark_stay() {
    let text = with_rest("\"enviroments\":   # which there are\n  'dev' : {\"regoin\":'eu-wst-1'}   \n\n\n")
        + "  availability_zones: '2'  # two\ntags: {note: \"yes\", é: \"5\"}   ";
    let right =
        text.replace("enviroments", "environments").replace("regoin", "region").replace("eu-wst-1", "eu-west-1").replace("'2'", "2");
    assert_eq!(fix(&text), (right.clone(), 0));
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(fix(&windows(&text)), (windows(&right), 0));
}

#[test]
fn a_fixed_mistake_brings_others_to_light_and_they_are_fixed_too() {
    let text =
        with_rest("enviroments:\n  dev:\n    regoin: eu-wst-1\n    databse: {engine: PostgreSQL, engine_version: 15, multi_az: yes}\n");
    let (now, errors) = fix(&text);
    assert!(now.contains("    database: {engine: postgres, engine_version: 15, multi_az: true}\n"), "{now}");
    assert_eq!(errors, 1, "an instance class is still missing in:\n{now}");
}

#[test]
fn what_leaves_a_choice_stays() {
    let dev = |text: &str| with_rest(&format!("environments: {{dev: {{region: eu-west-1}}}}\n{text}"));
    let documents = [
        with_rest("environments: {dev: {region: eu-west-4}}\n"),
        with_rest("environments: {dev: {region: ru-west-1}}\n"),
        with_rest("environments: {prod: {region: eu-west-1}}\n"),
        with_rest("environments: {dew: {region: eu-west-1}}\n"),
        with_rest("environments: {dev: {regoin: eu-west-1, reigon: eu-west-2}}\n"),
        dev("monitoring: {enable_cloudwatch: enabled}\n"),
        dev("security: {allowed_cidr_blocks: 10.0.0.0/8}\n"),
        // What aliases repeat stands in other places too.
        dev("custom: {on: &on \"yes\"}\nmonitoring: {enable_cloudwatch: *on}\n"),
        dev("compute:\n  instance_type: \"t3.\\\n    smal\"\n"),
        dev("compute: {instance_type: \"t3.{{ environment }}\"}\n"),
        dev("monitoring: {enable_cloudwatch: !!str true}\n"),
        "project_name: shop\nenvironments: {dev: {region: eu-west-1}}\nnetworking: {vpc_cidr: 10.20.0.1/12}\n".to_owned(),
    ];
    for text in documents {
        let (now, errors) = fix(&text);
        assert_eq!(now, text);
        assert!(errors > 0, "{text}");
    }
}

#[test]
fn a_usual_name_of_an_environment_is_not_changed_to_an_unusual_one() {
    let text = "project_name: shop\nregion: eu-west-1\nenvironments: {production: {}}\nnetworking: {vpc_cidr: 10.0.0.0/16}\n";
    let workspace = Workspace::new("environments: {dev: {}, prodution: {}}", &[("acme/variables.yml", text)]);
    check(&workspace.root, &["--fix"]);
    assert_eq!(fs::read_to_string(workspace.root.join("customers/acme/infra/variables.yml")).unwrap(), text);
}

#[test]
fn an_edit_that_does_not_help_is_not_made() {
    // The network of the address is reserved, and the region is none of the platform's.
    let platform = "reserved_cidrs: [10.20.0.0/16]\nclouds: {aws: {regions: [eu-west-1]}}\n";
    let text = "project_name: shop\nenvironments: {dev: {region: eu-cental-1}}\nnetworking: {vpc_cidr: 10.20.3.0/16, enable_vpn: yes}\n";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", text)]);
    let (_, after) = fixed(&workspace.root).unwrap();
    assert_eq!(document(&workspace), text.replace("yes", "true"), "{}", after["diagnostics"]);

    // The service's environment was near to the base's misspelt one: only when that is fixed it is near to the right one.
    let text = with_rest(
        "environments: {dev: {region: eu-west-1}, stagig: {region: eu-west-1}}\nservices:\n  api: {compute: {instance_type: t3.small}, environments: {stagin: {max_instances: 4}}}\n",
    );
    let right = text.replace("stagig", "staging").replace("stagin:", "staging:");
    let listed = Workspace::new("environments: {dev: {}, staging: {}}\n", &[("shop/variables.yml", &text)]);
    fixed(&listed.root).unwrap();
    assert_eq!(document(&listed), right);

    // That the region does not offer the type shows only when the region's key is fixed, which shows when the environment's is.
    let text = with_rest("enviroments: {dev: {regoin: eu-west-3}}\ncompute: {instance_type: a1-medium}\n");
    assert_eq!(fix(&text).0, text.replace("enviro", "environ").replace("regoin", "region"));
}

#[test]
fn the_platform_file_and_generated_files_are_not_written() {
    let workspace = workspace(&with_rest("environments: {dev: {regoin: eu-west-1}}\n"));
    workspace.platform("tiers: {standard: {defaults: {databse: {multi_az: true}}}}");
    let before = bytes(&workspace.root);
    let output = terralet(&workspace.root, &["check", "--fix"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(bytes(&workspace.root), before);
}

#[test]
#[cfg(unix)]
fn nothing_is_written_through_links_or_into_read_only_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let text = with_rest("environments: {dev: {regoin: eu-west-1}}\n");
    let reason = |workspace: &Workspace| {
        let before = bytes(&workspace.root);
        let (status, after) = check(&workspace.root, &["--fix"]);
        assert_eq!((status, after["summary"]["fixed"].as_u64()), (1, Some(0)));
        assert_eq!(bytes(&workspace.root), before);
        list(&after["fixes"], "left")
            .map(|left| format!("{}: {}", left["file"].as_str().unwrap(), left["reason"].as_str().unwrap()))
            .collect::<String>()
    };
    let link = "customers/shop/infra/variables.yml: it is reached through a link, and nothing is written through links";

    let of_a_file = workspace(&text);
    let infra = of_a_file.root.join("customers/shop/infra");
    fs::rename(infra.join("variables.yml"), infra.parent().unwrap().join("real.txt")).unwrap();
    symlink("../real.txt", infra.join("variables.yml")).unwrap();
    assert_eq!(reason(&of_a_file), link);

    let of_a_directory = workspace(&text);
    let repository = of_a_directory.root.join("customers/shop");
    fs::rename(repository.join("infra"), repository.join("real")).unwrap();
    symlink("real", repository.join("infra")).unwrap();
    assert_eq!(reason(&of_a_directory), link);

    let of_a_repository = workspace(&text);
    let customers = of_a_repository.root.join("customers");
    fs::rename(customers.join("shop"), of_a_repository.root.join("elsewhere")).unwrap();
    symlink("../elsewhere", customers.join("shop")).unwrap();
    assert_eq!(reason(&of_a_repository), link);

    let read_only = workspace(&text);
    let path = read_only.root.join("customers/shop/infra/variables.yml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(reason(&read_only), "customers/shop/infra/variables.yml: it is read-only");

    let executable = workspace(&text);
    let path = executable.root.join("customers/shop/infra/variables.yml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fixed(&executable.root).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_document_that_changed_since_it_was_read_stays() {
    type Change = fn(&Path, &str);
    let changes: [(&str, Change); 3] = [
        ("longer", |path, text| fs::write(path, format!("{text}# another hand was here\n")).unwrap()),
        ("of the same length", |path, text| fs::write(path, text.replace("10.20.", "10.21.")).unwrap()),
        ("a link to what it was", |path, _| {
            fs::rename(path, path.with_file_name("../elsewhere.yml")).unwrap();
            std::os::unix::fs::symlink("../elsewhere.yml", path).unwrap();
        }),
    ];
    for (what, change) in changes {
        let workspace = workspace(&with_rest("environments: {dev: {regoin: eu-west-1}}\n"));
        let path = workspace.root.join("customers/shop/infra/variables.yml");
        // The new text is ready next to the document.
        let run = Meeting::at("replace", "shop/infra/variables.yml", &workspace, &["check", "--fix", "--format", "json"]);
        change(&path, &document(&workspace));
        let mine = document(&workspace);
        let output = run.go();
        let reported: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), document(&workspace)), (Some(1), mine), "{what}");
        assert_eq!(path.is_symlink(), what.starts_with("a link"), "{what}");
        assert_eq!(reported["summary"]["fixed"], 0, "{what}");
        assert!(reported["fixes"]["left"][0]["reason"].as_str().unwrap().starts_with("it changed"), "{what}: {}", reported["fixes"]);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "{what}: the temporary file is gone");
    }
}

#[test]
fn a_run_that_is_killed_leaves_every_document_whole() {
    let text = with_rest("environments: {dev: {regoin: eu-west-1}}\n");
    let overlay = "compute: {instance_type: t3.small, min_instances: '2'}\n";
    let right = (text.replace("regoin", "region"), overlay.replace("'2'", "2"));
    let mut finished = false;
    for step in 1..40 {
        let workspace = Workspace::new("", &[("shop/variables.yml", &text), ("shop/api-vars.yml", overlay)]);
        let mut run = Command::new(env!("CARGO_BIN_EXE_terralet"));
        run.current_dir(&workspace.root).args(["check", "--fix", "--format", "json"]).env("TERRALET_TEST_DIE_AT", step.to_string());
        finished = run.output().unwrap().status.code().is_some();
        let (base, api) = (document(&workspace), fs::read_to_string(workspace.root.join("customers/shop/infra/api-vars.yml")).unwrap());
        assert!(base == text || base == right.0, "step {step}:\n{base}");
        assert!(api == overlay || api == right.1, "step {step}:\n{api}");
        if finished {
            assert_eq!((base, api), right);
            break;
        }
        // The next run is not held up by what this one left.
        assert_eq!(check(&workspace.root, &["--fix"]).0, 0, "step {step}");
        assert_eq!(document(&workspace), right.0);
    }
    assert!(finished, "the run has fewer steps than that");
}

#[test]
fn people_see_what_was_fixed_and_what_remains() {
    let text = with_rest("environments: {dev: {regoin: eu-west-4}}\n") + "  enable_vpn: yes\ncustom: {password: correct-horse}\n";
    let workspace = workspace(&text);
    let run = |arguments: &[&str], status: i32| {
        let output = terralet(&workspace.root, arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (diff, said) = run(&["check", "--fix", "--dry-run"], 1);
    assert!(said.contains("\nwould fix 2 mistakes in 1 file\n"), "{said}");
    assert!(diff.contains("-  enable_vpn: yes\n+  enable_vpn: true\n") && !diff.contains("horse"), "{diff}");
    assert_eq!(run(&["-q", "check", "--fix", "--dry-run"], 1).0, "");
    let (out, said) = run(&["check", "--fix"], 1);
    assert!(said.contains("\nfixed 2 mistakes in 1 file; 2 remain\n") && out.is_empty(), "{said}");
    let (_, said) = run(&["check", "--fix"], 1);
    assert!(said.contains("\nfixed nothing; 2 remain\n"), "{said}");
    assert_eq!(document(&workspace), text.replace("regoin", "region").replace("yes", "true"));
    run(&["check", "--dry-run"], 2);
}
