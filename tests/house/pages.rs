//! The pages of codes: one for each, in one form, and their examples get what they say, from the real binary.

use crate::harness::marks::{check, codes, expected, lines};
use crate::harness::{package, terralet};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;

/// The headings of a page, in order.
const HEADINGS: [&str; 5] = ["What it means", "Why it matters", "How to fix it", "Wrong", "Right"];

/// Pages whose examples cannot be run, each with a comment that says why. The list is here so that it does not grow unseen.
const NOT_RUNNABLE: [&str; 22] = [
    "between-customers",
    "customer-missing",
    "deployment-removed",
    "deprecated-key",
    "destructive-change",
    "document-too-large",
    "file-skipped",
    "foreign-file",
    "hand-edited-file",
    "incomplete-deployment",
    "list-entry-removed",
    "module-added",
    "module-interface",
    "module-validation",
    "not-a-document",
    "not-utf8",
    "outside-repository",
    "stale-root",
    "state-key-changed",
    "terraform-diagnostic",
    "too-many-documents",
    "unreadable-document",
];

/// A page, read.
struct Page {
    code: String,
    text: String,
    /// What stands under each heading.
    parts: BTreeMap<String, String>,
}

impl Page {
    fn part(&self, heading: &str) -> &str {
        self.parts.get(heading).map_or("", String::as_str)
    }

    /// True when an example is for the eye only, which its reason says.
    fn is_for_the_eye(&self, heading: &str) -> bool {
        let comment = self.part(heading).trim_start().strip_prefix("<!-- not runnable: ");
        comment.is_some_and(|rest| rest.split_once(" -->").is_some_and(|(reason, _)| !reason.is_empty()))
    }

    /// The files of an example.
    fn files(&self, heading: &str) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut open: Option<(String, String)> = None;
        for line in self.part(heading).lines() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(fence)) => {
                    let name = fence.strip_prefix("yaml ").unwrap_or_else(|| panic!("{}: a fence without a file: {line}", self.code));
                    open = Some((name.to_owned(), String::new()));
                }
                (Some(_), Some(_)) => files.extend(open.take()),
                (Some((_, text)), None) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None) => assert!(line.is_empty(), "{}: text between the files of an example: {line}", self.code),
            }
        }
        assert!(open.is_none(), "{}: a fence is not closed", self.code);
        files
    }
}

fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(package().join("docs/codes")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_name().unwrap().to_string_lossy().into_owned();
        let code = code.strip_suffix(".md").unwrap_or_else(|| panic!("docs/codes/{code} is no page")).to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut parts = BTreeMap::new();
        for part in text.split("\n## ").skip(1) {
            let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
            parts.insert(heading.to_owned(), body.to_owned());
        }
        pages.push(Page { code, text, parts });
    }
    pages.sort_by(|one, other| one.code.cmp(&other.code));
    pages
}

/// Panics with all that is wrong, so that one run reports everything.
fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: Vec<String> = pages().into_iter().map(|page| page.code).collect();
    let codes: Vec<String> = codes().into_keys().collect();
    pretty_assertions::assert_eq!(pages, codes);
}

fn since(code: &str) -> &'static str {
    terralet_core::diagnostics::codes::find(code).unwrap().since
}

#[test]
fn explain_prints_the_page() {
    for page in pages().iter().step_by(10) {
        let output = terralet(package(), &["explain", &page.code]);
        assert!(output.status.success());
        pretty_assertions::assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            format!("{}\nSince version {}.\n", page.text, since(&page.code))
        );
    }
}

#[test]
fn explain_knows_every_name_of_the_language() {
    for (name, said) in [
        ("project_name", "`project_name` takes a name"),
        ("region", "`region` takes a region"),
        ("environments", "required"),
        ("backup_retention_days", "stands for `database.backup_retention_period`"),
        ("multi_az", "`database.multi_az` takes `true` or `false`"),
        ("enable_cloudwatch", "`monitoring.enable_cloudwatch`"),
        ("database", "`database.engine_version` takes a version"),
        ("tags", "keys of your own"),
    ] {
        let output = terralet(package(), &["explain", name]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(String::from_utf8_lossy(&output.stdout).contains(said), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    }
    for (name, near) in [("regoin", "`region`"), ("databse", "`database`"), ("multi_azs", "`multi_az`"), ("wrong-typ", "`wrong-type`")] {
        let output = terralet(package(), &["explain", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("did you mean {near}?")), "{name}");
    }
}

#[test]
fn explain_says_what_a_key_takes() {
    let said = |name: &str| {
        let output = terralet(package(), &["explain", name]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    for (key, expected) in [
        ("database.multi_az", "`database.multi_az` takes `true` or `false`; `false` where it is not written.\nSince version 0.1.0.\n"),
        (
            "networking.vpc_cidr",
            "`networking.vpc_cidr` takes a network such as `10.0.0.0/16`; required where the section is there.\nSince version 0.1.0.\n",
        ),
    ] {
        assert_eq!(said(key), (Some(0), expected.to_owned()));
    }
    for (key, note) in [("email_list", "has followed that link.\n"), ("enable_pagerduty", "`notifications.email_list` takes it.\n")] {
        let (status, said) = said(&format!("notifications.{key}"));
        assert!(status == Some(0) && said.contains(note), "{said}");
    }
    for key in ["backup.retention_days", "security.allowed_cidr_blocks", "storage.lifecycle_rules", "monitoring.log_retention_days"] {
        let (status, said) = said(key);
        assert!(status == Some(0) && said.contains("; ") && !said.contains("  "), "{said}");
    }
    let (status, wrong) = said("database.multi_as");
    assert!(status == Some(2) && wrong.contains("`database.multi_az`"), "{wrong}");
    assert_eq!(said("databases-and-more").0, Some(2));
    let json = terralet(package(), &["explain", "database.allocated_storage", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json["default"], &json["since"], &json["deprecated"]), (&"20".into(), &"0.1.0".into(), &serde_json::Value::Null));
}

#[test]
fn every_page_has_the_same_form() {
    let mut problems = Vec::new();
    for page in pages() {
        let mut say = |problem: &str| problems.push(format!("{}: {problem}", page.code));
        let mut lines = page.text.lines();
        if lines.next() != Some(&format!("# {}", page.code)) || lines.next() != Some("") {
            say("it does not start with `# <code>` and an empty line");
        }
        if !lines.next().is_some_and(|summary| summary.ends_with('.') && !summary.starts_with('#')) {
            say("no sentence stands below its title");
        }
        let headings: Vec<&str> = page.text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        if headings != HEADINGS {
            say(&format!("its headings are {headings:?}"));
        }
        for heading in HEADINGS {
            if page.part(heading).trim().is_empty() {
                say(&format!("nothing stands under `{heading}`"));
            }
        }
        let prose = page.text.split("```").step_by(2).flat_map(str::lines);
        if let Some(long) = prose.filter(|line| !line.contains("://")).find(|line| line.chars().count() > 100) {
            say(&format!("a line is longer than 100 characters: {long}"));
        }
        if !page.text.ends_with('\n') || page.text.ends_with("\n\n") {
            say("it does not end with one newline");
        }
    }
    report(&problems);
}

#[test]
fn examples_that_cannot_run_are_known() {
    let found: Vec<String> = pages()
        .into_iter()
        .filter(|page| {
            assert_eq!(page.is_for_the_eye("Wrong"), page.is_for_the_eye("Right"), "{}: one example runs only", page.code);
            page.is_for_the_eye("Wrong")
        })
        .map(|page| page.code)
        .collect();
    pretty_assertions::assert_eq!(found, NOT_RUNNABLE);
}

#[test]
fn wrong_examples_get_their_code_and_right_ones_nothing() {
    let codes = codes();
    let of_page = |page: &Page| {
        let mut problems = Vec::new();
        for heading in ["Wrong", "Right"] {
            let outer = tempfile::Builder::new().prefix("terralet-pages").tempdir().unwrap();
            let directory = outer.path().join("acme");
            for (name, text) in page.files(heading) {
                let path = directory.join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let mut say = |problem: String| problems.push(format!("== {}, {heading}\n{problem}", page.code));
            let reported = match check(&directory) {
                // What stands next to a code of two customers, for the operator, has a page of its own.
                Ok(reported) => reported.into_iter().filter(|reported| reported.code != "between-customers").collect::<Vec<_>>(),
                Err(problem) => {
                    say(problem);
                    continue;
                }
            };
            match heading {
                "Right" if !reported.is_empty() => say(lines(&reported)),
                "Wrong" if reported.is_empty() || reported.iter().any(|reported| reported.code != page.code) => {
                    say(format!("it gets\n{}", lines(&reported)))
                }
                _ => {}
            }
            // A mark in an example says where the code is reported; where there is one, there is one for each.
            let marked = expected(&directory, &codes).unwrap();
            let differs = crate::harness::marks::difference(&reported, &marked);
            if !marked.is_empty() && !differs.is_empty() {
                say(differs);
            }
        }
        problems
    };
    let pages: Vec<Page> = pages().into_iter().filter(|page| !page.is_for_the_eye("Wrong")).collect();
    let problems: Vec<String> = pages.par_iter().flat_map_iter(of_page).collect();
    report(&problems);
}

/// What pages say of the sample workspace is counted in its generated tree.
#[test]
fn pages_count_the_sample_workspace() {
    let acme = package().join("fixtures/acme");
    let customers = fs::read_dir(acme.join("customers")).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    let (mut roots, mut of_services) = (0, 0);
    let mut left = vec![acme.join("generated")];
    while let Some(directory) = left.pop() {
        if directory.join("backend.tf").is_file() {
            roots += 1;
            of_services += usize::from(directory.to_string_lossy().ends_with("-service"));
        }
        left.extend(fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()));
    }
    let said = [
        ("README.md", format!("{customers} customers with {roots} root modules")),
        (
            "fixtures/acme/README.md",
            format!("{} shared or only roots and {of_services} service roots, {roots} in all", roots - of_services),
        ),
        ("docs/proved.md", format!("Every root of `fixtures/acme` ({roots})")),
    ];
    for (page, said) in said {
        let text = fs::read_to_string(package().join(page)).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&said), "{page} does not say: {said}");
    }
}
