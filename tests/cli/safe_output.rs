//! What a customer writes is shown and not obeyed, in every format: no control, bidi or invisible character reaches a terminal or a log, no
//! line becomes a command of a CI service, no credential is printed, and no text is shown at its whole length when it is long.

use crate::common::unseen::{UNSEEN, is_unseen};
use crate::harness::workspace::{FORMATS, NETWORK_ALONE as GOOD, OF_ANY_SECTION as PLATFORM, Workspace};
use crate::harness::{command, read_tree, workflow};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::ops::RangeInclusive;
use std::process::{Output, Stdio};
use terralet_core::schema::{SECTIONS, Shape};

/// Text that a terminal, the order of letters or the log of a CI job would follow.
const HOSTILE: [&str; 12] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "over\rwritten",
    "\u{202e}desrever",
    "\u{2066}isolated\u{2069}",
    "zero\u{200b}width\u{feff}",
    "\u{9b}31mC1",
    "::error file=x::y",
    "first\n::stop-commands::x",
    "##[stop-commands]x",
    "##vso[task.setvariable variable=x]y",
    "%0A::error::x",
];

/// A text as a double-quoted YAML scalar on one line.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{7f}', "\\x7f").replace('\u{9b}', "\\x9b")
}

/// Documents with a text as the value and as the name of everything; as it is and escaped.
fn documents(text: &str) -> Vec<String> {
    let quoted = quoted(text);
    let mut documents = Vec::new();
    for section in SECTIONS {
        let mut values = format!("{}:\n", section.name);
        for key in section.keys {
            match &key.shape {
                Shape::Scalar(_) | Shape::OneOrMore(_) => values.push_str(&format!("  {}: {quoted}\n", key.name)),
                Shape::List(_) => values.push_str(&format!("  {}: [{quoted}]\n", key.name)),
                Shape::Texts(_) => values.push_str(&format!("  {}: {{{quoted}: {quoted}}}\n", key.name)),
                Shape::Records(keys) => {
                    let fields: Vec<String> = keys.iter().map(|key| format!("{}: {quoted}", key.name)).collect();
                    values.push_str(&format!("  {}: [{{{}}}]\n", key.name, fields.join(", ")));
                }
            }
        }
        values.push_str(&format!("  {quoted}: {quoted}\n"));
        if section.keys.is_empty() {
            values =
                format!("{0}: {{{quoted}: {quoted}, name: {quoted}, orders: {{{quoted}: {quoted}, engine: {quoted}}}}}\n", section.name);
        }
        let base = if section.name == "networking" { GOOD.rsplit_once("networking").unwrap().0 } else { GOOD };
        documents.push(format!("{base}{values}"));
    }
    for key in ["project_name", "customer_id", "customer_tier", "cloud_provider", "region"] {
        documents.push(format!("environments: {{dev: {{}}}}\nnetworking: {{vpc_cidr: 10.20.0.0/16}}\n{key}: {quoted}\n"));
    }
    for names in ["environments", "services", "regions"] {
        documents
            .push(format!("project_name: shop\nregion: eu-west-1\nnetworking: {{vpc_cidr: 10.20.0.0/16}}\n{names}: {{{quoted}: {{}}}}\n"));
    }
    documents.push(format!("{GOOD}{quoted}: {quoted}\n"));
    documents.push(format!("{GOOD}{quoted}: 1\n{quoted}: 2\n"));
    documents.push(format!("{GOOD}custom: {{name: \"{{{{ {} }}}}\"}}\n", quoted.trim_matches('"')));
    // As it is: in a comment, and where it does not parse.
    documents.push(format!("{GOOD}compute: # {text}\n  instance_tpye: t3.small # {text}\n"));
    documents.push(format!("{GOOD}compute: [{text}\n"));
    documents.push(format!("{GOOD}custom: &{text} {{}}\nother: *{text}\n"));
    documents
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8(output.stdout.clone()).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// Nothing in what a run said is obeyed by what shows it.
fn assert_safe(format: &str, output: &Output, what: &str) {
    let said = both(output);
    for line in said.split('\n') {
        let found = line.chars().find(|letter| is_unseen(*letter) && *letter != '\t');
        assert_eq!(found, None, "{what} as {format}: {line:?}");
        assert!(!workflow::has_older_form(line), "{what} as {format}: {line}");
    }
    let out = String::from_utf8_lossy(&output.stdout);
    match format {
        "github" => {
            for line in out.lines().filter(|line| line.trim_start().starts_with("::")) {
                let command = workflow::command(line).unwrap_or_else(|| panic!("{what}: {line}"));
                assert!(["error", "warning", "notice"].contains(&command.name.as_str()), "{what}: {line}");
                assert!(command.properties["title"].starts_with("terralet"), "{what}: {line}");
                let known = ["title", "file", "line", "endLine", "col", "endColumn"];
                assert!(command.properties.keys().all(|key| known.contains(&key.as_str())), "{what}: {line}");
            }
            let err = String::from_utf8_lossy(&output.stderr);
            assert!(!err.lines().any(|line| line.trim_start().starts_with("::")), "{what}: {err}");
        }
        "human" => assert!(!said.lines().any(|line| line.trim_start().starts_with("::")), "{what}: {said}"),
        _ => drop(serde_json::from_str::<Value>(&out).unwrap_or_else(|error| panic!("{what} as {format}: {error}\n{out}"))),
    }
}

fn run(workspace: &Workspace, arguments: &[&str], format: &str) -> Output {
    command(&workspace.root, &[arguments, &["--color", "never", "--format", format]].concat()).output().unwrap()
}

#[test]
fn hostile_text_in_keys_and_values_is_shown_and_not_obeyed() {
    // One customer for each document, so that one run shows them all; for people it shows 200 messages, so that a few runs are needed.
    for texts in HOSTILE.chunks(3) {
        let workspace = Workspace::new(PLATFORM, &[]);
        for (number, document) in texts.iter().flat_map(|text| documents(text)).enumerate() {
            workspace.document(&format!("c{number}/variables.yml"), &document);
        }
        for format in FORMATS {
            let output = run(&workspace, &["check"], format);
            assert_eq!(output.status.code(), Some(1), "{}", both(&output));
            assert_safe(format, &output, &format!("{texts:?}"));
        }
        for arguments in [&["compile"][..], &["list"]] {
            assert_safe("human", &run(&workspace, arguments, "human"), &format!("{texts:?} with {arguments:?}"));
        }
    }
}

#[test]
fn hostile_names_of_files_and_directories_are_shown_and_not_obeyed() {
    let names = HOSTILE.map(|text| text.replace('/', "_"));
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", GOOD)]);
    for (number, name) in names.iter().enumerate() {
        workspace.document(&format!("c{number}/{name}.yml"), GOOD);
        workspace.document(&format!("c{number}/{name}-vars.yml"), "zzz: 1\n");
        workspace.document(&format!("{name}/variables.yml"), "zzz: 1\n");
    }
    for format in FORMATS {
        for arguments in [&["check"][..], &["list"]] {
            assert_safe(format, &run(&workspace, arguments, format), &format!("{arguments:?}"));
        }
    }
    // Files that are not ours in the tree.
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", GOOD)]);
    workspace.compile();
    for (name, text) in names.iter().zip(HOSTILE) {
        workspace.write(&format!("generated/shop/dev/{name}.tf"), &format!("# {text}\n{text}\n"));
    }
    for format in FORMATS {
        for arguments in [&["compile", "--check"][..], &["compile"]] {
            let output = run(&workspace, arguments, format);
            assert!(both(&output).contains("foreign"), "{}", both(&output));
            assert_safe(format, &output, &format!("{arguments:?}"));
        }
    }
    // What a person named in the call.
    for name in &names {
        assert_safe("human", &run(&workspace, &["check", name], "human"), name);
    }
}

#[test]
fn hostile_words_of_terraform_and_values_of_why_are_shown_and_not_obeyed() {
    for (index, text) in HOSTILE.iter().enumerate() {
        let document = format!("{GOOD}custom: {{note: {}}}\n", quoted(text));
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &document)]);
        let said = json!({"format_version": "1.0", "diagnostics": [
            {"severity": "error", "summary": text, "detail": text,
             "range": {"filename": text, "start": {"line": 3, "column": 1, "byte": 9}, "end": {"line": 3, "column": 2, "byte": 10}}}
        ]});
        for format in FORMATS {
            let output = run(&workspace, &["why", "shop/dev"], format);
            assert_eq!(output.status.code(), Some(0), "{}", both(&output));
            assert_safe(format, &output, &format!("why of text {index}"));
            let mut trace = command(&workspace.root, &["trace", "--color", "never", "--format", format]);
            let mut child = trace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            write!(child.stdin.take().unwrap(), "{said}\n{text}\n").unwrap();
            assert_safe(format, &child.wait_with_output().unwrap(), &format!("trace of text {index}"));
        }
    }
}

#[test]
fn no_letter_that_is_not_seen_is_shown_in_any_format() {
    // Of private use and of what is not assigned, which are most, the ends.
    let few = |range: &RangeInclusive<char>| {
        let all: Vec<char> = range.clone().collect();
        if all.len() < 300 { all } else { [&all[..8], &all[all.len() - 8..]].concat() }
    };
    let letters: Vec<char> = UNSEEN.iter().flat_map(few).collect();
    assert!(letters.len() > 450, "{}", letters.len());
    let workspace = Workspace::new(PLATFORM, &[]);
    let mut values = String::new();
    for (number, letters) in letters.chunks(8).enumerate() {
        let escaped: String = letters.iter().map(|letter| format!("x\\U{:08X}", u32::from(*letter))).collect();
        // As they are, where YAML takes them: in a comment next to what is reported.
        let raw: String = letters.iter().filter(|letter| **letter >= ' ').collect();
        let wrong = format!(
            "compute: {{instance_type: \"{escaped}\"}}\ntags: {{\"{escaped}\": \"{escaped}\"}} # {raw}\n\"{escaped}\": 1 # {raw}\n"
        );
        workspace.document(&format!("c{number}/variables.yml"), &format!("{GOOD}{wrong}"));
        values.push_str(&format!("  \"k{number}{escaped}\": \"{escaped}\"\n"));
    }
    workspace.document("shop/variables.yml", &format!("{GOOD}custom:\n{values}"));
    for format in FORMATS {
        for arguments in [&["check"][..], &["compile"], &["list"], &["why", "shop/dev"]] {
            let output = run(&workspace, arguments, format);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}", both(&output));
            assert_safe(format, &output, &format!("{arguments:?}"));
        }
    }
}

#[test]
fn json_keeps_what_it_escapes() {
    for text in HOSTILE {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &format!("{GOOD}custom: {{note: {}}}\n", quoted(text)))]);
        let reported = workspace.run(&["why", "shop/dev", "custom.note"], 0);
        let value = reported.json["values"][0]["winner"]["value"].as_str().unwrap().to_owned();
        assert_eq!(value, format!("{text:?}"));
    }
}

#[test]
fn a_credential_is_printed_in_no_format_and_written_nowhere() {
    // Made-up ones of the documented forms; the page of the code has the vendor's example.
    let secrets =
        ["AKIAI44QH8DHBEXAMPLE", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "glpat-abcdefghij0123456789", "xoxb-123456789012-abcdef"];
    let workspace = Workspace::new(PLATFORM, &[("good/variables.yml", GOOD)]);
    for (number, document) in secrets.iter().flat_map(|secret| documents(secret)).enumerate() {
        workspace.document(&format!("c{number}/variables.yml"), &document);
    }
    let every = FORMATS.map(|format| (&["check"][..], format));
    for (arguments, format) in
        every.into_iter().chain([(&["compile"][..], "human"), (&["list"], "human"), (&["compile", "--check"], "json")])
    {
        let said = both(&run(&workspace, arguments, format));
        for secret in secrets {
            let place =
                said.find(secret).map(|at| String::from_utf8_lossy(&said.as_bytes()[at.saturating_sub(300)..]).chars().take(400).collect());
            assert_eq!(place, None::<String>, "{arguments:?} as {format}");
        }
    }
    let tree = read_tree(&workspace.output());
    assert!(tree.contains_key("good/dev/main.tf"));
    for secret in secrets {
        assert!(tree.iter().all(|(name, text)| !name.contains(secret) && !text.contains(secret)));
    }
}

#[test]
fn a_literal_under_a_key_that_names_a_secret_is_printed_in_no_format() {
    let secret = "correct-horse-battery-staple";
    let document =
        format!("{GOOD}custom:\n  db_password: {secret}\n  nested: {{api_token: \"{secret}\"}}\ndatabase:\n  password: {secret}\n");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &document)]);
    for format in FORMATS {
        let said = both(&run(&workspace, &["check"], format));
        assert!(said.contains("secret-in-source"), "{said}");
        assert!(!said.contains(secret), "{format}: {said}");
    }
}

#[test]
fn a_long_text_is_cut_wherever_it_is_printed() {
    for length in [300, 100_000] {
        let long = "x".repeat(length);
        let workspace = Workspace::new(PLATFORM, &[]);
        for (number, document) in documents(&long).iter().enumerate() {
            workspace.document(&format!("c{number}/variables.yml"), document);
        }
        for (number, document) in documents(&format!("a`b {long}")).iter().enumerate() {
            workspace.document(&format!("d{number}/variables.yml"), document);
        }
        let output = run(&workspace, &["check"], "json");
        let reported: Value = serde_json::from_slice(&output.stdout).unwrap();
        let diagnostics = reported["diagnostics"].as_array().unwrap();
        assert!(diagnostics.len() > 50, "{}", diagnostics.len());
        for diagnostic in diagnostics {
            let labels = diagnostic["labels"].as_array().unwrap().iter().map(|label| &label["text"]);
            for text in labels.chain([&diagnostic["message"], &diagnostic["help"], &diagnostic["path"]]).filter_map(Value::as_str) {
                assert!(text.chars().count() <= 2003, "{} characters: {}", text.len(), &text[..200]);
            }
            let message = diagnostic["message"].as_str().unwrap();
            assert!(!message.contains(&"x".repeat(200)) || message.contains("b x"), "{message}");
        }
        for format in ["human", "github"] {
            let output = run(&workspace, &["check"], format);
            let longest = both(&output).lines().map(str::len).max().unwrap();
            assert!(longest < 10_000, "{format}: a line of {longest} bytes");
        }
    }
}

#[test]
fn thousands_of_mistakes_of_one_kind_are_counted_and_the_others_are_still_reported() {
    let keys: String = (0..20_000).map(|number| format!("  zzz{number}: 1\n")).collect();
    let cidrs: String = (0..5_000).map(|number| format!("    - {number}.1\n")).collect();
    let text = format!("{GOOD}security:\n  allowed_cidr_blocks:\n{cidrs}compute:\n{keys}  instance_type: t3.smal\n");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &text)]);
    let reported = workspace.run(&["check"], 1);
    let of = |code: &str| {
        let all = reported.json["diagnostics"].as_array().unwrap();
        all.iter().filter(|diagnostic| diagnostic["code"] == code).collect::<Vec<_>>()
    };
    let (unknown, cidrs) = (of("unknown-key"), of("invalid-cidr"));
    assert_eq!((unknown.len(), cidrs.len(), of("unknown-instance-type").len()), (1001, 1001, 1));
    assert_eq!(unknown.last().unwrap()["message"], "19000 more of these are not shown");
    assert_eq!(unknown.last().unwrap()["labels"][0]["line"], 5 + 1 + 5_000 + 1 + 1001);
    assert_eq!(cidrs.last().unwrap()["message"], "4000 more of these are not shown");
    assert_eq!(reported.json["summary"]["errors"], 2003);
    // For people it is 200 messages and a count.
    let human = both(&run(&workspace, &["check"], "human"));
    assert_eq!(human.matches("error[").count(), 200);
    assert!(human.contains("more messages; `--format json` has them all"));
    assert!(human.len() < 200_000, "{} bytes", human.len());
}

#[test]
fn a_fleet_of_broken_customers_is_counted_whole_and_printed_short() {
    let workspace = Workspace::new(PLATFORM, &[]);
    for number in 0..1000 {
        let text = format!("{}unknown_{number}: 1\nregoin: x\n", GOOD.replace("10.20.", "10.999."));
        workspace.document(&format!("c{number}/variables.yml"), &text);
    }
    let human = both(&run(&workspace, &["check"], "human"));
    assert!(human.contains("1000 customers, 1000 with errors, 0 root modules, 3000 errors"), "{}", &human[human.len() - 300..]);
    assert!(human.len() < 200_000, "{} bytes", human.len());
    assert!(human.contains("the same in 999 more places"));
    let github = run(&workspace, &["check"], "github");
    assert!(github.stdout.len() < 200_000, "{} bytes", github.stdout.len());
    let sarif: Value = serde_json::from_slice(&run(&workspace, &["check"], "sarif").stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 3000);
    let _ = fs::remove_dir_all(workspace.output());
}
