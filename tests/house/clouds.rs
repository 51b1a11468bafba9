//! What is one cloud's stands in its folder: its name stands nowhere else in the compiler, in code, comments and literals.

use crate::harness::package;
use std::fs;
use terralet_core::clouds::CLOUDS;

/// The list of the clouds, which names each.
const LIST: &str = "src/core/clouds/mod.rs";

/// Files of other folders that name a cloud, each with why it cannot do without.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Every Rust file of the compiler: path and text.
fn sources(directory: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(package().join(directory)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{directory}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            sources(&path, found);
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(entry.path()).unwrap();
            found.push((path, text));
        }
    }
}

/// The lines of a text that have a name at the start of a word, in whatever case; a part of a name of several words counts as a word.
fn lines_with(name: &str, text: &str) -> Vec<usize> {
    let name = name.to_lowercase();
    let has = |line: &str| {
        let line = line.to_lowercase();
        line.match_indices(&name).any(|(at, _)| !line[..at].ends_with(char::is_alphabetic))
    };
    let numbered = text.lines().zip(1..);
    numbered.filter(|(line, _)| has(line)).map(|(_, number)| number).collect()
}

#[test]
fn a_cloud_is_named_in_its_folder_and_in_the_list_alone() {
    let mut files = Vec::new();
    sources("src/core", &mut files);
    assert!(files.len() > 200, "the sources were not found");
    let mut faults = Vec::new();
    for facts in CLOUDS.map(|cloud| cloud.facts()) {
        let folder = format!("src/core/clouds/{}/", facts.name);
        assert!(files.iter().any(|(path, _)| path.starts_with(&folder)), "no {folder}");
        for name in [facts.name, facts.label].iter().chain(facts.other_names) {
            let elsewhere = files.iter().filter(|(path, _)| !path.starts_with(&folder) && path != LIST);
            for (path, text) in elsewhere.filter(|(path, _)| !EXCEPTIONS.iter().any(|(known, _)| known == path)) {
                faults.extend(lines_with(name, text).into_iter().map(|line| format!("{path}:{line}: `{name}`")));
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "a cloud is named outside of its folder: ask `Cloud` and `CloudFacts` instead\n{}", faults.join("\n"));
}

#[test]
fn every_folder_of_the_clouds_is_in_the_list() {
    let folders = fs::read_dir(package().join("src/core/clouds")).unwrap().map(Result::unwrap);
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    let mut folders: Vec<String> = folders.collect();
    folders.sort();
    let mut names = CLOUDS.map(|cloud| cloud.facts().name.to_owned());
    names.sort();
    assert_eq!(folders, names);
}

#[test]
fn exceptions_are_needed() {
    for (path, why) in EXCEPTIONS {
        let text = fs::read_to_string(package().join(path)).unwrap();
        let is_named = CLOUDS.iter().any(|cloud| !lines_with(cloud.facts().name, &text).is_empty());
        assert!(is_named, "{path} names no cloud any more ({why})");
    }
}

#[test]
fn names_are_seen_in_all_their_spellings() {
    let text = "let aws = 1;\n// AWS keeps\n\"hashicorp/aws\"\nAwsFoo\nto_aws()\naws_vpc\nlaws draws\nflawsome";
    assert_eq!(lines_with("aws", text), [1, 2, 3, 4, 5, 6]);
    assert_eq!(lines_with("AWS", text), [1, 2, 3, 4, 5, 6]);
}
