//! The hundred mistakes of fixtures/mistakes, one at a time in a whole workspace: the edits of the messages, or the help of those few that have
//! none, lead to a document that checks clean and means what its author meant.
//!
//! `cargo test --test cli mistakes:: -- --nocapture` prints the figures; TERRALET_MISTAKE=37 plays one of them and prints what is said.

use crate::harness::edits::apply;
use crate::harness::{copy_tree, expect, package, read_tree, terralet};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// So many mistakes there are, numbered from one.
const MISTAKES: usize = 100;
/// No smaller share ends well.
const FEWEST: usize = 95;
/// No more may need a person who follows the help.
const MOST_BY_HELP: usize = 15;
/// How often edits are put in: one may bring the next mistake to light.
const ROUNDS: usize = 4;
/// Where the documents are in the workspace.
const DOCUMENTS: &str = "customers/harbour-books/infra";

/// What is done to a file: lines that are replaced by others. Where there are none to replace, the file is written again.
#[derive(Debug)]
struct Change {
    file: String,
    old: String,
    new: String,
}

/// How a mistake is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is no mistake to the compiler, which says nothing but advice.
    Accepted,
    /// What the messages' edits say.
    Edits,
    /// What the edits say as far as there are any, then what the help says.
    Help,
    /// Neither, so far.
    Left,
}

/// One entry of the table.
#[derive(Debug)]
struct Mistake {
    number: usize,
    name: String,
    /// What makes it of the right documents.
    made: Vec<Change>,
    way: Way,
    /// What a person does who follows the help.
    followed: Vec<Change>,
    /// What the author meant, where that is something else than the documents without the mistake.
    meant: Vec<Change>,
}

/// Reads a file of the table, whose form the README next to it describes.
fn table(text: &str) -> Vec<Mistake> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    for part in format!("\n{text}").split("\n## ").skip(1) {
        let (title, rest) = part.split_once('\n').unwrap();
        let (number, name) = title.split_once(". ").unwrap();
        let mut mistake = Mistake {
            number: number.parse().unwrap(),
            name: name.to_owned(),
            made: Vec::new(),
            way: Way::Edits,
            followed: Vec::new(),
            meant: Vec::new(),
        };
        let (mut sections, mut file) = (vec![Vec::new()], "variables.yml".to_owned());
        let mut ways = Vec::new();
        let mut is_open = false;
        for line in rest.lines() {
            let section = sections.last_mut().unwrap();
            match line.split_at_checked(1) {
                None => is_open = false,
                Some(("@", name)) => (file, is_open) = (name.trim().to_owned(), false),
                Some(("=", way)) => {
                    ways.push(way.trim().to_owned());
                    sections.push(Vec::new());
                    (file, is_open) = ("variables.yml".to_owned(), false);
                }
                Some((mark @ ("-" | "+"), line)) => {
                    let line = line.strip_prefix(' ').unwrap_or(line);
                    if !is_open {
                        section.push(Change { file: file.clone(), old: String::new(), new: String::new() });
                        is_open = true;
                    }
                    let change = section.last_mut().unwrap();
                    let text = if mark == "-" { &mut change.old } else { &mut change.new };
                    *text += &format!("{line}\n");
                }
                Some(_) => panic!("{title}: `{line}` is of no kind"),
            }
        }
        mistake.made = sections.remove(0);
        for (way, changes) in ways.iter().zip(sections) {
            let (word, reason) = way.split_once(": ").unwrap_or((way, ""));
            match word {
                "means" => mistake.meant = changes,
                "edits" => mistake.way = Way::Edits,
                "accepted" => mistake.way = Way::Accepted,
                "left" => mistake.way = Way::Left,
                "help" => (mistake.way, mistake.followed) = (Way::Help, changes),
                other => panic!("{title}: there is no way `{other}`"),
            }
            assert_eq!(reason.is_empty(), matches!(word, "means" | "edits"), "{title}: `{word}` and its reason");
        }
        mistakes.push(mistake);
    }
    mistakes
}

/// Does changes to the documents of a workspace. A change that empties a file removes it.
fn change(root: &Path, changes: &[Change]) -> Result<(), String> {
    for Change { file, old, new } in changes {
        let path = root.join(DOCUMENTS).join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let now = if old.is_empty() {
            new.clone()
        } else {
            if format!("\n{text}").matches(&format!("\n{old}")).count() != 1 {
                return Err(format!("these lines are not once in {file}, which is\n{text}:\n{old}"));
            }
            text.replacen(old, new, 1)
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if now.is_empty() && !old.is_empty() { fs::remove_file(path).unwrap() } else { fs::write(path, now).unwrap() }
    }
    Ok(())
}

/// The workspace without a mistake, in a directory of its own.
fn workspace() -> (tempfile::TempDir, PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("workspace");
    copy_tree(&package().join("fixtures/mistakes/workspace"), &root, &[]);
    (outer, root)
}

/// Errors and warnings. Advice is for taste, and a run with an error of the command itself is one.
fn said(root: &Path) -> Vec<Value> {
    let output = terralet(root, &["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let is_heavy = |one: &&Value| one["severity"] != "advice";
    let mut said: Vec<Value> = json["diagnostics"].as_array().unwrap().iter().filter(is_heavy).cloned().collect();
    said.extend(json.get("error").filter(|error| !error.is_null()).cloned());
    said
}

/// What documents mean: every generated file of the customer, and every value of every deployment, whether a module takes it or not.
fn meaning(root: &Path) -> BTreeMap<String, String> {
    expect(root, &["compile"], 0);
    let mut all = read_tree(&root.join("generated/harbour-books"));
    let roots = all.keys().filter_map(|file| file.strip_suffix("/backend.tf")).filter(|root| !root.ends_with("-service"));
    let roots: Vec<String> = roots.map(str::to_owned).collect();
    for name in roots {
        let values = expect(root, &["why", &format!("harbour-books/{name}")], 0);
        // Values are shown as they are written: `"3"` and `True` stand for the same as `3` and `true`.
        let is_value = |line: &&str| line.contains(" = ") && !line.starts_with(' ') && !line.ends_with(" = null");
        let mut values: Vec<String> = values.lines().filter(is_value).map(|line| line.replace('"', "").to_lowercase()).collect();
        values.sort_unstable();
        all.insert(format!("{name}: values"), values.join("\n"));
    }
    all
}

/// Plays a mistake; what is left of it when it does not end well.
fn play(mistake: &Mistake, is_shown: bool) -> Result<(), String> {
    let (_outer, root) = workspace();
    change(&root, &mistake.made)?;
    let mut heavy = said(&root);
    let show = |heavy: &[Value]| heavy.iter().filter(|_| is_shown).for_each(|one| println!("{one:#}"));
    show(&heavy);
    if mistake.way != Way::Accepted {
        if heavy.is_empty() {
            return Err("nothing is said of it".to_owned());
        }
        for _ in 0..ROUNDS {
            if heavy.is_empty() || !apply(&root, &heavy) {
                break;
            }
            heavy = said(&root);
            show(&heavy);
        }
    }
    if matches!(mistake.way, Way::Help | Way::Left) && heavy.is_empty() {
        return Err("its edits are enough, and the table says otherwise".to_owned());
    }
    if mistake.way == Way::Help {
        change(&root, &mistake.followed)?;
        heavy = said(&root);
    }
    if let Some(first) = heavy.first() {
        return Err(format!("{}: {}\n      {}", first["code"], first["message"], first["help"]));
    }
    if mistake.meant.is_empty() {
        static RIGHT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
            let (_outer, right) = workspace();
            meaning(&right)
        });
        return differences(&meaning(&root), &RIGHT);
    }
    let (_outer, right) = workspace();
    change(&right, &mistake.meant)?;
    let meant = said(&right);
    if meant.is_empty() { differences(&meaning(&root), &meaning(&right)) } else { Err(format!("what is meant is not clean: {meant:?}")) }
}

/// Where a result means something else.
fn differences(is: &BTreeMap<String, String>, should_be: &BTreeMap<String, String>) -> Result<(), String> {
    let mut all = Vec::new();
    for name in is.keys().chain(should_be.keys().filter(|name| !is.contains_key(*name))) {
        let lines = |tree: &BTreeMap<String, String>| {
            let text = tree.get(name).map(String::as_str).unwrap_or_default();
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
        };
        let (is, should_be) = (lines(is), lines(should_be));
        let other = is.iter().find(|line| !should_be.contains(line)).or_else(|| should_be.iter().find(|line| !is.contains(line)));
        if let Some(line) = other {
            all.push(format!("{name}: {}", line.trim()));
        }
    }
    if all.is_empty() { Ok(()) } else { Err(format!("it means something else: {}", all.join("; "))) }
}

#[test]
fn the_hundred_mistakes_end_in_what_their_authors_meant() {
    let mut mistakes = Vec::new();
    for entry in fs::read_dir(package().join("fixtures/mistakes")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|end| end == "txt") {
            mistakes.extend(table(&fs::read_to_string(entry).unwrap()));
        }
    }
    mistakes.sort_by_key(|mistake| mistake.number);
    let numbers: Vec<usize> = mistakes.iter().map(|mistake| mistake.number).collect();
    let only: Option<usize> = std::env::var("TERRALET_MISTAKE").ok().map(|number| number.parse().unwrap());
    if let Some(only) = only {
        mistakes.retain(|mistake| mistake.number == only);
    } else {
        assert_eq!(numbers, (1..=MISTAKES).collect::<Vec<_>>());
    }
    let results: Vec<Result<(), String>> = mistakes.par_iter().map(|mistake| play(mistake, only.is_some())).collect();
    let well = |way: Way| mistakes.iter().zip(&results).filter(|(mistake, result)| mistake.way == way && result.is_ok()).count();
    let (accepted, edits, help) = (well(Way::Accepted), well(Way::Edits), well(Way::Help));
    let left: Vec<(&Mistake, &String)> =
        mistakes.iter().zip(&results).filter_map(|(mistake, result)| Some((mistake, result.as_ref().err()?))).collect();
    println!(
        "{} of {} mistakes end well: {edits} by edits, {help} by help, {accepted} are accepted as they are; {} are left",
        accepted + edits + help,
        mistakes.len(),
        left.len()
    );
    left.iter().for_each(|(mistake, why)| println!("  left: {}. {}: {why}", mistake.number, mistake.name));
    if only.is_some() {
        assert!(left.is_empty());
        return;
    }
    let by_help = mistakes.iter().filter(|mistake| mistake.way == Way::Help).count();
    assert!(accepted + edits + help >= FEWEST, "too few end well");
    assert!(by_help <= MOST_BY_HELP, "{by_help} need their help followed");
}
