//! Documents that are as large as they may be, larger, or made to be expensive: each run ends soon, in little memory, and says what is wrong.
//!
//! Nothing here measures how fast a run is: no run may take many times what one over an ordinary large document takes on the same machine
//! ([`MOST_TIMES`]), which catches what would take minutes. That work grows with the input and not with its square is asked with three sizes of
//! one input, a sixteenth, a quarter and the whole: what they have in common (the start of the process, the thousand diagnostics that are kept)
//! counts for nothing.

mod measured;
mod traps;

use crate::harness::workspace::{PLATFORM, Workspace};
use measured::{SAID, Taken};
use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use traps::{HEAD, Repository, TRAPS, base, lines};

/// So many times the processor time of [`ORDINARY`] may a run take. What takes most takes ten times as much.
const MOST_TIMES: f64 = 40.0;
/// Megabytes at the peak.
const MOST_MEMORY: f64 = 200.0;
/// So many times may the last three quarters and more of an input take what the first quarter takes: 5 where work grows with the input, 17
/// with its square.
const MOST_GROWTH: f64 = 9.6;
/// Seconds of processor time that say nothing of growth, together and of a quarter.
const MEASURABLE: (f64, f64) = (0.1, 0.015);
/// Of which the picture for people is tried too.
const SHOWN: [&str; 3] = ["mistakes on one line", "mistakes between long comments", "a long comment"];

/// The processor time of a check of a document with 100,000 values, the best of three; it is compared with that of a small one.
static ORDINARY: LazyLock<f64> = LazyLock::new(|| {
    let least = |what: &str, repository: &Repository| {
        let workspace = workspace_of(repository);
        (0..3).map(|_| measured::run(what, &workspace.root, "check --format json").seconds).fold(f64::MAX, f64::min)
    };
    let (small, ordinary) = (least("a small document", &base("")), least("100,000 values", &values(MOST_VALUES)));
    assert!(ordinary < MOST_TIMES * small, "{small:.3} s for a small document, {ordinary:.2} s for 100,000 values");
    ordinary
});

struct Run {
    seconds: f64,
    megabytes: f64,
    status: i32,
    codes: BTreeSet<String>,
    /// How many diagnostics were reported.
    reported: usize,
}

/// As many values as a list may have: around it are eight keys and the nine values of theirs and of the document.
const MOST_VALUES: usize = 100_000 - 17;

fn values(count: usize) -> Repository {
    base(&format!("custom:\n  list: [{}]\n", "1,".repeat(count)))
}

/// Checks a repository in a process of its own, within the bounds.
fn check(what: &str, repository: &Repository) -> Run {
    check_in(what, &workspace_of(repository))
}

fn workspace_of(repository: &Repository) -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[]);
    let infra = workspace.root.join("customers/shop/infra");
    fs::create_dir_all(&infra).unwrap();
    for (name, text) in repository {
        fs::write(infra.join(name), text).unwrap();
    }
    workspace
}

fn check_in(what: &str, workspace: &Workspace) -> Run {
    let human = run(what, workspace, "human");
    let json = run(what, workspace, "json");
    assert_eq!(human.status, json.status, "{what}");
    Run { seconds: json.seconds.max(human.seconds), megabytes: json.megabytes.max(human.megabytes), ..json }
}

/// Checks a workspace in a process of its own; without the codes where they are not reported as JSON.
fn run(what: &str, workspace: &Workspace, format: &str) -> Run {
    let Taken { seconds, megabytes, status } = measured::run(what, &workspace.root, &format!("check --format {format}"));
    assert!(megabytes < MOST_MEMORY, "{what}: {megabytes:.0} MB");
    let times = seconds / *ORDINARY;
    assert!(times < MOST_TIMES, "{what}: {seconds:.2} s of processor time, {times:.0} times what 100,000 values take");
    let code = |line: &str| line.trim_start().strip_prefix("\"code\": \"").map(|rest| rest.trim_end_matches("\",").to_owned());
    let said = fs::read_to_string(workspace.root.join(SAID)).unwrap();
    let codes: Vec<String> = said.lines().filter_map(code).collect();
    Run { seconds, megabytes, status, reported: codes.len(), codes: codes.into_iter().collect() }
}

#[test]
fn what_is_at_a_limit_is_taken_and_one_more_is_reported() {
    let nested = |levels: usize| base(&format!("custom: {{a: {}{}}}\n", "[".repeat(levels - 2), "]".repeat(levels - 2)));
    let custom = |lines: String| base(&format!("custom:\n{lines}"));
    let padded = |bytes: usize| {
        let mut text = base("")[0].1.clone();
        text.push_str(&format!("#{}\n", "-".repeat(bytes - text.len() - 2)));
        vec![("variables.yml".to_owned(), text)]
    };
    let with_services = |count: usize, text: &str| {
        let mut repository = base("");
        repository.extend((0..count).map(|number| (format!("s{number}-vars.yml"), text.to_owned())));
        repository
    };
    type Of<'r> = &'r dyn Fn(bool) -> Repository;
    let cases: [(&str, Of<'_>, &str); 9] = [
        ("1 MiB", &|over| padded((1 << 20) + usize::from(over)), "document-too-large"),
        ("64 levels", &|over| nested(64 + usize::from(over)), "document-too-large"),
        ("100,000 values", &|over| values(MOST_VALUES + usize::from(over)), "document-too-large"),
        ("a key of 1,024 characters", &|over| custom(format!("  ? {}\n  : 1\n", "k".repeat(1024 + usize::from(over)))), "unsupported-yaml"),
        ("100 services", &|over| with_services(100 + usize::from(over), "tags: {a: b}\n"), "too-many-documents"),
        (
            "4 MiB of text behind aliases",
            &|over| {
                let aliases = "*text,".repeat(9 + usize::from(over));
                custom(format!("  text: &text {}\n  list: [{aliases}]\n", "x".repeat(400_000)))
            },
            "document-too-large",
        ),
        (
            "100,000 values below anchors",
            &|over| {
                let anchors = if over { 11 } else { 9 };
                custom(format!("  list: {}{}{}\n", "&a [".repeat(anchors), "1,".repeat(9_900), "]".repeat(anchors)))
            },
            "document-too-large",
        ),
        (
            "8 MiB in a repository",
            &|over| with_services(if over { 8 } else { 7 }, &format!("#{}\n", "-".repeat((1 << 20) - 2))),
            "document-too-large",
        ),
        (
            "500,000 values in deployments",
            &|over| {
                let count = if over { 3_200 } else { 2_700 };
                let mut repository = with_services(90, &format!("custom:\n{}", lines(count, |number| format!("  k{number}: 1\n"))));
                repository[0].1 = repository[0].1.replace("  dev: {}\n", "  dev: {}\n  staging: {}\n");
                repository
            },
            "document-too-large",
        ),
    ];
    for (what, of, code) in cases {
        let run = check(what, &of(false));
        println!("{what}: {:.2} s, {:.0} MB", run.seconds, run.megabytes);
        assert!(!run.codes.contains(code), "{what}: {:?}", run.codes);
        let run = check(what, &of(true));
        println!("one more than {what}: {:.2} s, {:.0} MB", run.seconds, run.megabytes);
        assert!(run.status == 1 && run.codes.contains(code), "one more than {what}: {:?}", run.codes);
    }
}

/// 30 services in 3 environments and 4 regions: a letter of the script that all but one of them share is written 360 times less one.
const SERVICES: usize = 30;
const ROOTS_WITH_SCRIPT: usize = SERVICES * 3 * 4;

/// A repository of [`ROOTS_WITH_SCRIPT`] services with a script of `many` control characters, which are written with six bytes each, where one
/// has a script of `few` letters.
fn with_scripts(many: usize, few: usize) -> Repository {
    let base = format!(
        "project_name: shop\nnetworking: {{vpc_cidr: 10.20.0.0/16}}\nenvironments: {{dev: {{}}, staging: {{}}, production: {{}}}}\ntags: {{team: shop}}\ncompute: {{instance_type: t3.small, user_data_script: \"{}\"}}\n",
        "\\x01".repeat(many)
    );
    let mut repository = vec![("variables.yml".to_owned(), base)];
    for region in ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"] {
        repository.push((format!("{region}-variables.yml"), "tags: {place: here}\n".to_owned()));
    }
    repository.extend((0..SERVICES).map(|number| (format!("s{number:02}-vars.yml"), "tags: {a: b}\n".to_owned())));
    let own = format!("regions: {{eu-west-1: {{compute: {{user_data_script: {}}}}}}}\n", "x".repeat(few));
    // In one region, and there in three environments.
    repository.push(("one-vars.yml".to_owned(), own));
    repository
}

/// The bytes of every file that is emitted of the repository `shop`.
fn emitted(repository: &Repository) -> usize {
    let workspace = Workspace::new(PLATFORM, &[]);
    for (name, text) in repository {
        workspace.document(&format!("shop/{name}"), text);
    }
    workspace.compile();
    // The files at the top are nobody's.
    workspace.tree().iter().filter(|(name, _)| name.starts_with("shop/")).map(|(_, text)| text.len()).sum()
}

#[test]
fn what_is_emitted_of_a_repository_has_a_limit() {
    const MOST: usize = 32 << 20;
    let least = emitted(&with_scripts(1, 1));
    // `one` is in four regions, with a script of its own in one of them.
    let a_letter = 6 * (ROOTS_WITH_SCRIPT + 3 * 3);
    let many = 1 + (MOST - least) / a_letter;
    let rest = MOST - least - (many - 1) * a_letter;
    // Three roots have the letters of the own script.
    let few = 1 + rest / 3;
    assert_eq!(emitted(&with_scripts(2, 2)) - least, a_letter + 3);
    for (over, is_taken) in [(0, true), (1, false)] {
        let run = check("32 MiB of generated files", &with_scripts(many, few + over));
        println!("32 MiB of generated files: {:.2} s, {:.0} MB", run.seconds, run.megabytes);
        assert_eq!((run.status == 0, run.codes.contains("document-too-large")), (is_taken, !is_taken), "{:?}", run.codes);
    }
    // Far beyond it the count ends at the limit, and nothing is held.
    let workspace = Workspace::new(PLATFORM, &[("cafe/variables.yml", &base("")[0].1)]);
    for (name, text) in with_scripts(16_000, 16_000) {
        workspace.document(&format!("shop/{name}"), &text);
    }
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.only("document-too-large")["customer"], "shop");
    assert!(!workspace.output().join("shop").exists() && workspace.output().join("cafe").exists());
}

/// Each of them is bounded before anything is printed, and by too little it would be emitted unseen.
#[test]
fn tags_and_networks_count_as_emitted_too() {
    let with = |many: usize, tags: &str, networks: usize| {
        let list: Vec<String> = (0..networks).map(|number| format!("192.168.{}.{}/32", 100 + number / 200, number % 200)).collect();
        let mut repository = with_scripts(many, 1);
        let base = repository[0].1.replace("tags: {team: shop}\n", &format!("tags:\n  team: shop\n{tags}"));
        repository[0].1 = format!("{base}security: {{allowed_cidr_blocks: [{}]}}\n", list.join(", "));
        repository
    };
    // As long as tags may be, in letters of four bytes.
    let long = "\u{20000}";
    let tags = |count: usize| lines(count, |number| format!("  k{number:02}{}: {}\n", long.repeat(120), long.repeat(250)));
    for (what, repository, is_taken) in [
        ("few tags", with(1, &tags(2), 1), true),
        ("many tags", with(1, &tags(35), 1), false),
        ("few networks", with(11_500, "", 1), true),
        ("many networks", with(11_500, "", 1250), false),
    ] {
        let run = check(what, &repository);
        assert_eq!((run.status == 0, run.codes.contains("document-too-large")), (is_taken, !is_taken), "{what}: {:?}", run.codes);
    }
}

#[test]
fn what_is_far_beyond_the_limits_is_reported_at_once() {
    let environments = || {
        let lines = lines(40_000, |number| format!("  e{number}:\n"));
        vec![("variables.yml".to_owned(), format!("{HEAD}environments:\n{lines}"))]
    };
    let cases: [(&str, &dyn Fn() -> Repository, &str); 7] = [
        ("100,000 levels", &|| base(&format!("custom: {}{}\n", "[".repeat(100_000), "]".repeat(100_000))), "document-too-large"),
        ("100,000 levels of block lists", &|| base(&format!("custom:\n  {}1\n", "- ".repeat(100_000))), "document-too-large"),
        ("100,000 levels that nothing closes", &|| base(&format!("custom: {}\n", "{a: ".repeat(100_000))), "document-too-large"),
        ("100,000 keys", &|| base(&format!("custom:\n{}", lines(100_000, |number| format!("  k{number}:\n")))), "document-too-large"),
        ("a line of 10 MB", &|| base(&format!("custom: {}\n", "x".repeat(10_000_000))), "document-too-large"),
        ("aliases of aliases", &|| base(&traps::alias_bomb()), "document-too-large"),
        ("40,000 environments", &environments, "too-many-documents"),
    ];
    for (what, repository, code) in cases {
        let run = check(what, &repository());
        println!("{what}: {:.2} s, {:.0} MB", run.seconds, run.megabytes);
        assert!(run.status == 1 && run.codes.contains(code), "{what}: {:?}", run.codes);
    }
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &base("")[0].1)]);
    let text = format!("#{}\n", "-".repeat(1_000_000));
    for number in 0..199 {
        workspace.document(&format!("shop/s{number}-vars.yml"), &text);
    }
    let run = check_in("200 documents of 1 MB", &workspace);
    println!("200 documents of 1 MB: {:.2} s, {:.0} MB", run.seconds, run.megabytes);
    assert!(run.status == 1 && run.codes.contains("document-too-large"), "{:?}", run.codes);
}

#[test]
fn of_many_mistakes_some_are_reported_and_all_are_counted() {
    let run = check("30,000 mistakes", &base(&lines(30_000, |number| format!("key{number}: 1\n"))));
    println!("30,000 mistakes: {} reported, {:.2} s, {:.0} MB", run.reported, run.seconds, run.megabytes);
    assert!(run.status == 1 && run.codes.contains("unknown-key"), "{:?}", run.codes);
    assert!(run.reported < 2000, "{} are reported", run.reported);
}

/// How many times the rest of an input takes what its first quarter takes, of seconds at a sixteenth, a quarter and the whole; nothing where
/// that cannot be said.
fn growth([sixteenth, quarter, whole]: [f64; 3]) -> Option<f64> {
    let (together, least) = MEASURABLE;
    let all = whole - sixteenth;
    (all >= together).then(|| all / (quarter - sixteenth).max(least))
}

#[test]
fn four_times_the_input_takes_no_more_than_four_times_the_time() {
    let judge = |(what, size, trap, code): &traps::Trap, format: &str| -> Result<(), String> {
        let sizes = [size / 16, size / 4, *size];
        let workspaces = sizes.map(|size| workspace_of(&trap(size)));
        let mut least = [f64::MAX; 3];
        // Others run on the machine, which never makes a run cheaper: of each size the best counts.
        for _ in 0..4 {
            for (workspace, least) in workspaces.iter().zip(&mut least) {
                let run = run(what, workspace, format);
                *least = least.min(run.seconds);
                let is_reported = format != "json" || if code.is_empty() { run.status == 0 } else { run.codes.contains(*code) };
                if !is_reported && std::ptr::eq(workspace, &workspaces[2]) {
                    return Err(format!("{what}: expected `{code}`, reported {:?}", run.codes));
                }
            }
            if growth(least).is_none_or(|growth| growth < MOST_GROWTH) {
                break;
            }
        }
        let found = growth(least);
        println!("{what}, {format}: {least:.3?} s, grows {found:.1?}");
        match found {
            Some(growth) if growth >= MOST_GROWTH => Err(format!("{what}: {least:.3?} s at {sizes:?}")),
            _ => Ok(()),
        }
    };
    let shown = TRAPS.iter().filter(|(what, ..)| SHOWN.contains(what)).map(|trap| (trap, "human"));
    let tries: Vec<_> = TRAPS.iter().map(|trap| (trap, "json")).chain(shown).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Vec<String> {
        let mine = std::iter::from_fn(|| tries.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.filter_map(|(trap, format)| judge(trap, format).err()).collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Work for each pair is distinguished from work for each part, whatever it is added to.
#[test]
fn a_square_is_distinguished_from_a_line() {
    for start in [0.0, 0.05, 0.6] {
        for (line, square, is_square) in [(0.2, 0.0, false), (1.0, 0.0, false), (0.05, 0.0, false), (0.0, 0.2, true), (0.2, 0.4, true)] {
            let at = |part: f64| start + line * part + square * part * part;
            let found = growth([at(1.0 / 16.0), at(1.0 / 4.0), at(1.0)]);
            assert_eq!(found.is_some_and(|growth| growth >= MOST_GROWTH), is_square, "{start}, {line}, {square}: {found:?}");
        }
    }
}

/// Each trap has so many parts that a pass over their pairs is measured, or so many bytes; but for one, which is at the limit of the text
/// behind aliases.
#[test]
fn every_trap_is_as_large_as_may_be() {
    let mut small = Vec::new();
    for (what, size, trap, _) in TRAPS {
        assert!(size.is_multiple_of(16), "{what}: {size}");
        let bytes: usize = trap(*size).iter().map(|(_, text)| text.len()).max().unwrap();
        assert!(bytes <= 1 << 20, "{what}: {bytes} bytes");
        if *size < 8000 && bytes < 500_000 && *what != "a long key by aliases" {
            small.push(format!("{what}: {size}, {bytes} bytes"));
        }
    }
    assert!(small.is_empty(), "{}", small.join("\n"));
}

#[test]
fn directories_of_many_files_are_listed_and_few_are_read() {
    let yaml = |name: &dyn Fn(usize) -> String| -> Repository {
        let mut repository = base("");
        repository.extend((0..20_000).map(|number| (name(number), String::new())));
        repository
    };
    let run = check("20,000 service overlays", &yaml(&|number| format!("s{number}-vars.yml")));
    assert!(run.status == 1 && run.codes.contains("too-many-documents"), "{:?}", run.codes);
    let run = check("20,000 YAML files", &yaml(&|number| format!("service-var{number}.yml")));
    assert!(run.status == 0 && run.codes.contains("unrecognised-file"), "{:?}", run.codes);
    let run = check("20,000 other files", &yaml(&|number| format!("{number}.txt")));
    assert!(run.status == 0 && run.codes.is_empty(), "{:?}", run.codes);
    let mut long = base("");
    long.push((format!("{}-vars.yml", "n".repeat(246)), "tags: {a: b}\n".to_owned()));
    long.push((format!("{}.yml", "n".repeat(251)), String::new()));
    let run = check("names of 255 bytes", &long);
    assert!(run.codes.contains("invalid-identifier") && run.codes.contains("unrecognised-file"), "{:?}", run.codes);

    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &base("")[0].1)]);
    let mut deep = workspace.root.join("customers/shop/infra");
    for _ in 0..150 {
        deep.push("a-directory-in-it");
    }
    fs::create_dir_all(&deep).unwrap();
    let run = check_in("150 directories in each other", &workspace);
    assert!(run.status == 0 && run.codes.is_empty(), "{:?}", run.codes);
}
