//! Diffs: as `git apply` takes them, and in no time whatever the texts.

use crate::common::random::Random;
use crate::harness::workspace::Workspace;
use rustix::time::{ClockId, clock_gettime};
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use terralet_core::diff::{line_in, unified};

/// So many times may four times the lines take what a quarter of them takes.
const MOST_GROWTH: f64 = 10.0;

#[test]
fn a_diff_reads_as_diff_u_prints_it() {
    let cases = [
        ("a\n", "a\n", ""),
        ("", "", ""),
        ("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"),
        ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
        ("a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"),
        ("a\nb", "c\nb", "@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"),
        // A carriage return alone ends no line.
        ("a\rb\n", "a\rc\n", "@@ -1 +1 @@\n-a\rb\n+a\rc\n"),
        ("a\n\n\nb\n", "a\n\nb\n", "@@ -1,4 +1,3 @@\n a\n \n-\n b\n"),
        // Six lines between two changes join them, seven do not.
        ("x\n1\n2\n3\n4\n5\n6\nx\n", "y\n1\n2\n3\n4\n5\n6\ny\n", "@@ -1,8 +1,8 @@\n-x\n+y\n 1\n 2\n 3\n 4\n 5\n 6\n-x\n+y\n"),
        (
            "x\n1\n2\n3\n4\n5\n6\n7\nx\n",
            "y\n1\n2\n3\n4\n5\n6\n7\n",
            "@@ -1,4 +1,4 @@\n-x\n+y\n 1\n 2\n 3\n@@ -6,4 +6,3 @@\n 5\n 6\n 7\n-x\n",
        ),
    ];
    for (old, new, hunks) in cases {
        let head = if hunks.is_empty() { "" } else { "--- a/file\n+++ a/file\n" };
        assert_eq!(unified("a/file", old, new), format!("{head}{hunks}"), "{old:?} {new:?}");
    }
}

/// Two texts with much in common, with every end of lines.
fn texts(random: &mut Random) -> (String, String) {
    const LINES: &[&str] =
        &["a\n", "b\n", "c\n", "}\n", "\n", "d\r\n", "-a\n", "+b\n", " c\n", "\\ No newline at end of file\n", "@@ -1 +1 @@\n"];
    const LASTS: &[&str] = &["", "", "a", "\\"];
    let mut old: Vec<&str> = (0..random.below(40)).map(|_| LINES[random.below(LINES.len())]).collect();
    let mut new = old.clone();
    for _ in 0..random.below(8) {
        if new.is_empty() || random.below(2) == 0 {
            new.insert(random.below(new.len() + 1), LINES[random.below(LINES.len())]);
        } else {
            new.remove(random.below(new.len()));
        }
    }
    old.push(LASTS[random.below(LASTS.len())]);
    new.push(LASTS[random.below(LASTS.len())]);
    (old.concat(), new.concat())
}

#[test]
fn git_apply_makes_the_new_text_of_the_old_one() {
    let mut random = Random::new(1);
    let pairs: Vec<(String, String)> = (0..500).map(|_| texts(&mut random)).collect();
    let diffs: String = pairs.iter().enumerate().map(|(number, (old, new))| unified(&format!("file{number}"), old, new)).collect();
    assert!(diffs.matches("\n@@ ").count() > 500 && diffs.contains("\\ No newline"), "{diffs}");
    let directory = tempfile::tempdir().unwrap();
    for (number, (old, _)) in pairs.iter().enumerate() {
        fs::write(directory.path().join(format!("file{number}")), old).unwrap();
    }
    apply(directory.path(), &diffs);
    for (number, (old, new)) in pairs.iter().enumerate() {
        // What becomes empty may be removed.
        let made = fs::read_to_string(directory.path().join(format!("file{number}"))).unwrap_or_default();
        assert_eq!(&made, new, "of {old:?}");
    }
}

fn apply(directory: &Path, diffs: &str) {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("diffs");
    fs::write(&file, diffs).unwrap();
    let mut command = Command::new("git");
    // Git is kept from a repository that stands above.
    command
        .args(["apply", "-p0", "--whitespace=nowarn"])
        .arg(&file)
        .current_dir(directory)
        .env("GIT_CEILING_DIRECTORIES", directory.parent().unwrap());
    let output = command.stdin(File::open("/dev/null").unwrap()).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_compile_check_prints_can_be_applied() {
    let shop = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.0.0.0/16}\nenvironments: {dev: {}, production: {}}\n";
    let platform = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", shop)]);
    workspace.compile();
    workspace.document("shop/variables.yml", &shop.replace("10.0.", "10.1.").replace("production: {}", "production: {tags: {a: b}}"));
    let checked = workspace.run(&["compile", "--check"], 3);
    let diffs: Vec<&str> = checked.json["differences"].as_array().unwrap().iter().map(|found| found["diff"].as_str().unwrap()).collect();
    assert!(diffs.len() >= 2, "{diffs:?}");
    apply(&workspace.root, &diffs.concat());
    assert!(workspace.run(&["compile", "--check"], 0).differences().is_empty());
}

#[test]
fn a_line_is_found_in_another_version() {
    let (old, new) = ("a\nb\nc\nd\n", "x\na\nc\nd");
    let found: Vec<Option<usize>> = (0..6).map(|line| line_in(new, old, line)).collect();
    // The last line ends otherwise, so that it is another one.
    assert_eq!(found, [None, Some(2), None, Some(3), None, None]);
}

/// Two texts of a MiB or so at [`WHOLE`], with as many lines as are asked for.
type Texts = fn(usize) -> (String, String);

/// The lines of the largest texts.
const WHOLE: usize = 90_000;

const LARGE: [(&str, Texts); 5] = [
    ("all lines differ", |count| (lines(count, |line| format!("old {line}\n")), lines(count, |line| format!("new {line}\n")))),
    ("one line over and over", |count| ("a\n".repeat(count * 5), "b\n".repeat(count * 5))),
    ("every second line differs", |count| {
        let with = |mark: &'static str| lines(count, |line| if line % 2 == 0 { format!("{mark}{line}\n") } else { "}\n".to_owned() });
        (with(""), with("x"))
    }),
    ("backwards", |count| (lines(count, |line| format!("line {line}\n")), lines(count, |line| format!("line {}\n", count - 1 - line)))),
    ("mixed", |count| (lines(count, |line| format!("line {line}\n")), lines(count, |line| format!("line {}\n", line * 37 % count)))),
];

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// What work on every pair of lines took would be sixteen times as much.
#[test]
fn large_texts_take_no_minutes() {
    for (what, texts) in LARGE {
        let sizes = [WHOLE / 4, WHOLE].map(texts);
        let mut least = [f64::MAX; 2];
        // Others run on the machine, which never makes it cheaper: of each size the best counts.
        for round in 0..5 {
            for ((old, new), least) in sizes.iter().zip(&mut least) {
                *least = least.min(taken(old, new));
            }
            if round > 0 && least[1] < MOST_GROWTH * least[0] {
                break;
            }
        }
        println!("{what}: {least:.3?} s of processor time");
        assert!(least[1] < MOST_GROWTH * least[0], "{what}: {least:.3?} s of processor time");
    }
}

/// The processor time of a diff.
fn taken(old: &str, new: &str) -> f64 {
    let before = seconds();
    let diff = unified("file", old, new);
    let taken = seconds() - before;
    assert!(diff.len() > 80_000, "{}", diff.len());
    taken
}

/// What this thread has taken of the processor.
fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
