//! The words of pages, messages, help and comments are those of Terraform, cargo and rustc: a list of words and phrases that are not used,
//! each with what to write instead.

use crate::harness::package;
use crate::rust_text::{comments_and_literals, occurrences};
use std::fs;
use std::path::Path;

/// What is not written, and what is written instead.
const BANNED: [(&str, &str); 26] = [
    ("told", "reported, printed, shown"),
    ("tell", "report, print, say"),
    ("tells", "reports, prints, says"),
    ("telling", "reporting, printing, saying"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("leave no choice", "are safe fixes"),
    ("leaves no choice", "is a safe fix"),
    ("is no", "is not a, is not a valid"),
    ("are no", "are not"),
    ("comes of this", "no module uses this"),
    ("comes of it", "no module uses it, the result is"),
    ("that there is not", "that does not exist"),
    ("that there are not", "that do not exist"),
    ("by itself", "separately, alone, automatically"),
    ("by themselves", "separately, alone, automatically"),
    ("stay as it is", "stay unchanged"),
    ("stays as it is", "stays unchanged"),
    ("stay as they are", "stay unchanged"),
    ("left as it is", "left unchanged"),
    ("leaves as it is", "leaves unchanged"),
    ("passed on as it is", "passed on unchanged"),
    ("beside", "next to, compared with, in addition to"),
    ("anew", "again"),
];

/// Phrases in which a word of the list is innocent.
const ALLOWED: [&str; 4] = ["there is no", "there are no", "is no longer", "are no longer"];

/// A text as its words are looked for: in small letters, one space between words, with the line of each byte.
struct Words {
    text: String,
    lines: Vec<usize>,
}

impl Words {
    fn of_page(text: &str) -> Words {
        let mut words = Words { text: String::new(), lines: Vec::new() };
        for (index, line) in text.lines().enumerate() {
            for word in line.split_whitespace() {
                words.text.push_str(&word.to_lowercase());
                words.text.push(' ');
                words.lines.resize(words.text.len(), index + 1);
            }
        }
        words
    }

    /// Comments and literals, without what starts the line of a comment: a phrase may go over two lines.
    fn of_rust(text: &str) -> Words {
        let text = comments_and_literals(text);
        let bare = |line: &str| {
            let line = line.trim_start();
            ["///", "//!", "//"].iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line).trim_end_matches('\\').to_owned()
        };
        Words::of_page(&text.lines().map(bare).collect::<Vec<_>>().join("\n"))
    }

    /// The line of each banned phrase, with what to write instead.
    fn banned(&self) -> Vec<(usize, String)> {
        let allowed: Vec<(usize, usize)> =
            ALLOWED.iter().flat_map(|phrase| occurrences(&self.text, phrase)).map(|(at, phrase)| (at, at + phrase.len())).collect();
        let mut found = Vec::new();
        for (phrase, instead) in BANNED {
            for (at, _) in occurrences(&self.text, phrase) {
                if !allowed.iter().any(|(start, end)| *start <= at && at + phrase.len() <= *end) {
                    found.push((self.lines[at], format!("\"{phrase}\": write {instead}")));
                }
            }
        }
        found.sort();
        found
    }
}

/// Every file below a directory that ends so, as paths of the package.
fn files(directory: &str, end: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(package().join(directory)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{directory}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(&path, end, found);
        } else if path.ends_with(end) {
            found.push(path);
        }
    }
}

#[test]
fn pages_messages_and_comments_have_plain_words() {
    let mut paths: Vec<String> = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"].map(str::to_owned).into();
    files("docs", ".md", &mut paths);
    files("modules", ".md", &mut paths);
    files("src", ".rs", &mut paths);
    paths.sort();
    assert!(paths.len() > 300, "{}", paths.len());
    let mut faults = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(package().join(path)).unwrap();
        let is_rust = Path::new(path).extension().is_some_and(|extension| extension == "rs");
        let words = if is_rust { Words::of_rust(&text) } else { Words::of_page(&text) };
        faults.extend(words.banned().into_iter().map(|(line, what)| format!("{path}:{line}: {what}")));
    }
    assert!(faults.is_empty(), "{} words that are not plain:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_banned_phrase_is_found_in_pages_literals_and_comments() {
    for (phrase, instead) in BANNED {
        let broken = phrase.replace(' ', "\n");
        let comment = phrase.replace(' ', "\n    /// ");
        let continued = phrase.replace(' ', " \\\n        ");
        let pages = [format!("It {phrase}, it."), format!("{}\n", phrase.to_uppercase()), format!("a\n{broken}\nb")];
        let sources = [
            format!("fn f() {{ g(\"a {phrase} b\") }}"),
            format!("const A: &str = r#\"{phrase}\"#;"),
            format!("    /// It {comment}.\n    fn f() {{}}"),
            format!("//! {}", phrase.to_uppercase()),
            format!("let a = 'x'; // {phrase}"),
            format!("const A: &str = \"{continued}\";"),
        ];
        let expected = format!("\"{phrase}\": write {instead}");
        for words in pages.iter().map(|text| Words::of_page(text)).chain(sources.iter().map(|text| Words::of_rust(text))) {
            let found = words.banned();
            assert!(found.iter().any(|(_, what)| *what == expected), "{phrase} in {:?}: {found:?}", words.text);
        }
    }
}

#[test]
fn names_code_and_innocent_phrases_are_not_faults() {
    for page in ["There is no key.", "There\nare no keys", "it is no longer there", "`a_secret_is_told_nowhere`", "amend, retell, soldered"]
    {
        assert_eq!(Words::of_page(page).banned(), [], "{page}");
    }
    for source in [
        "let told = tell(mend);",
        "fn is<'a>() {} // a\nfn no() {}",
        "// it is\nlet a = 1;\n// no more",
        "f(\"is\", \"no\")",
        "/// There is\n/// no key.",
        "const BESIDE: u8 = b'm';",
    ] {
        assert_eq!(Words::of_rust(source).banned(), [], "{source}");
    }
    assert_eq!(Words::of_page("a\nb is\nno c").banned()[0].0, 2);
    assert_eq!(Words::of_rust("//! a\n\nfn f() {\n    g(\"it is told\");\n}\n").banned()[0].0, 4);
}

#[test]
fn what_is_unknown_is_called_unknown() {
    let mut seen = 0;
    for entry in fs::read_dir(package().join("fixtures/diagnose")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.file_name().unwrap().to_str().unwrap().starts_with("unknown-") {
            continue;
        }
        let rendered = fs::read_to_string(folder.join("rendered.txt")).unwrap();
        // A warning is about what a dated table lacks, and may be there.
        let Some(message) = rendered.lines().find_map(|line| line.trim_start().strip_prefix("× ")) else { continue };
        assert!(message.starts_with("unknown "), "{}: {message}", folder.display());
        seen += 1;
    }
    assert!(seen >= 9, "{seen} codes");
}
