//! docs/messages.md: what a new customer is shown for twenty usual mistakes, from the real binary.
//!
//! `UPDATE_GOLDEN=1 cargo test --test house messages::` writes the page again.

use crate::harness::{is_blessing, package, terralet};
use pretty_assertions::assert_eq;
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: &str = "# Twenty usual mistakes, and what is said of them

Each of these is a whole run of `terralet check` in a customer's repository. A message names the mistake, points at it, and ends with what to
write instead. `terralet explain CODE` says more of any code in brackets; [language.md](language.md) has the whole language.

The documents are in `fixtures/messages/`, and a test holds this page to what is said of them.
";

/// The documents, by their names.
fn documents() -> Vec<PathBuf> {
    let directory = package().join("fixtures/messages");
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| !path.ends_with("terralet.yml")).collect();
    paths.sort();
    paths
}

/// What is said of a document, without the summary.
fn said_of(document: &Path) -> String {
    let outer = tempfile::tempdir().unwrap();
    let platform = outer.path().join("platform.yml");
    fs::copy(document.with_file_name("terralet.yml"), &platform).unwrap();
    let repository = outer.path().join("harbour-books");
    fs::create_dir_all(repository.join("infra")).unwrap();
    fs::copy(document, repository.join("infra/variables.yml")).unwrap();
    let output = terralet(&repository, &["--platform", "../platform.yml", "check"]);
    assert_eq!(output.status.code(), Some(1), "{}", document.display());
    let said = String::from_utf8(output.stderr).unwrap();
    let (said, summary) = said.trim_end().rsplit_once('\n').unwrap();
    assert!(summary.starts_with("1 customer, 1 with errors"), "{summary}");
    said.trim_end().to_owned()
}

#[test]
fn the_page_has_what_is_said() {
    let documents = documents();
    assert_eq!(documents.len(), 20);
    let mut page = HEAD.to_owned();
    for (index, document) in documents.iter().enumerate() {
        let text = fs::read_to_string(document).unwrap();
        let title = text.lines().next().and_then(|line| line.strip_prefix("# ")).and_then(|line| line.strip_suffix('.')).unwrap();
        let said = said_of(document);
        // One mistake, one message.
        assert_eq!(said.matches("error[").count(), 1, "{}:\n{said}", document.display());
        assert!(said.contains("\n  help: "), "{}:\n{said}", document.display());
        page.push_str(&format!("\n## {}. {title}\n\n```text\n{said}\n```\n", index + 1));
    }
    let path = package().join("docs/messages.md");
    if is_blessing() {
        fs::write(&path, page).unwrap();
        return;
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), page);
}
