//! What a power cut leaves. Nothing is forced to the disk, so that a file may come back empty, cut short, or with zeros where its end should
//! be. Such a file is nobody's edit: the next compile writes it.

use crate::harness::copy_tree;
use crate::harness::workspace::{PLATFORM, Workspace, labels, without, words};
use std::fs;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
  staging: {}
";
const NAMES: [&str; 5] = ["backend.tf", "versions.tf", "providers.tf", "outputs.tf", "main.tf"];

/// What may be left of a text.
fn remains(text: &str) -> Vec<Vec<u8>> {
    let zeros = |kept: usize| {
        let mut bytes = text.as_bytes()[..kept].to_vec();
        bytes.resize(text.len(), 0);
        bytes
    };
    let cut = |kept: usize| text.as_bytes()[..kept].to_vec();
    // Within a line, wherever the middle of the text is.
    let middle = (text.len() / 2..).find(|at| !text[..*at].ends_with('\n') && !text[*at..].starts_with('\n')).unwrap();
    let mut left = vec![cut(0), cut(1), cut(middle), zeros(0), zeros(middle), zeros(text.find('\n').unwrap())];
    if text.len() > 512 {
        left.push(cut(512));
    }
    left
}

#[test]
fn a_file_that_is_cut_short_is_interrupted_and_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let clean = workspace.tree();
    for name in NAMES {
        let path = format!("shop/dev/{name}");
        for left in remains(&clean[&path]) {
            fs::write(workspace.output().join(&path), &left).unwrap();
            let checked = workspace.run(&["compile", "--check"], 3);
            // Without its digest nothing says where the state is.
            let end = clean[&path].find('\n').unwrap();
            if name == "backend.tf" && left.get(end) != Some(&b'\n') {
                assert_eq!(checked.codes(), ["error[state-key-changed]"], "{} bytes", left.len());
                assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[state-key-changed]"]);
                workspace.run(&["compile", "--overwrite"], 0);
            } else {
                assert!(checked.codes().is_empty(), "{name}, {} bytes: {}", left.len(), checked.text);
                assert_eq!(checked.differences(), [format!("generated/{path}: interrupted")], "{} bytes", left.len());
                assert!(workspace.compile().codes().is_empty());
            }
            assert!(workspace.tree() == clean, "{name}, {} bytes", left.len());
        }
    }
    // All of a root, as after a first compile.
    for name in NAMES {
        fs::write(workspace.output().join("shop/dev").join(name), "").unwrap();
    }
    assert!(workspace.run(&["compile", "--customer", "shop"], 0).codes().is_empty());
    assert!(workspace.tree() == clean);
}

#[test]
fn a_backend_whose_beginning_is_left_says_where_the_state_is() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &without(SHOP, "  staging: {}\n"))]);
    workspace.compile();
    let clean = workspace.tree();
    let backend = &clean["shop/dev/backend.tf"];
    // Into the second line, and to the last.
    for kept in [backend.find('\n').unwrap() + 2, backend.len() - 5] {
        fs::write(workspace.output().join("shop/dev/backend.tf"), &backend[..kept]).unwrap();
        assert!(workspace.compile().codes().is_empty(), "{kept}");
        assert!(workspace.tree() == clean, "{kept}");
    }
}

#[test]
fn a_guard_that_is_cut_short_guards_again_while_the_root_is_finished() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let clean = workspace.tree();
    workspace.write("generated/shop/dev/interrupted.tf", "");
    assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), ["generated/shop/dev/interrupted.tf: interrupted"]);
    workspace.compile();
    assert!(workspace.tree() == clean);

    // Of a run that then dies after its first change, the guard stands with its text.
    workspace.write("generated/shop/dev/interrupted.tf", "");
    workspace.document("shop/variables.yml", &format!("tags: {{team: sales}}\n{}", SHOP.replace("10.0.", "10.7.")));
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    for step in 1.. {
        fs::remove_dir_all(workspace.output()).unwrap();
        copy_tree(&kept, &workspace.output(), &[]);
        let died = std::process::Command::new(env!("CARGO_BIN_EXE_terralet"))
            .current_dir(&workspace.root)
            .args(["compile", "--quiet"])
            .env("TERRALET_TEST_DIE_AT", step.to_string())
            .output()
            .unwrap();
        assert!(died.status.code().is_none(), "no run died between two files of the root");
        if workspace.generated("shop/dev/main.tf") != clean["shop/dev/main.tf"]
            || workspace.generated("shop/dev/providers.tf") != clean["shop/dev/providers.tf"]
        {
            break;
        }
    }
    assert!(workspace.generated("shop/dev/interrupted.tf").contains("required_version"));
}

#[test]
fn what_a_tombstone_keeps_cannot_be_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let backend = workspace.generated("shop/dev/backend.tf");
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    workspace.write("generated/shop/dev/backend.tf", "");
    for call in [&["compile"][..], &["compile", "--overwrite"]] {
        let reported = workspace.run(call, 1);
        let hand = reported.only("hand-edited-file");
        assert!(words(hand).contains("`generated/shop/dev/backend.tf` is cut short"), "{}", reported.text);
        assert_eq!(workspace.generated("shop/dev/backend.tf"), "");
        assert!(workspace.output().join("shop/dev/main.tf").is_file());
    }
    workspace.write("generated/shop/dev/backend.tf", &backend);
    workspace.compile();
    // Of what does not belong to it any more, nothing is needed.
    workspace.write("generated/shop/dev/main.tf", "");
    workspace.compile();
    assert!(!workspace.output().join("shop/dev/main.tf").exists());
    assert_eq!(workspace.generated("shop/dev/backend.tf"), backend);
}

#[test]
fn an_edit_is_no_power_cut() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let main = workspace.generated("shop/dev/main.tf");
    let shorter = main.replace("  enable_vpn         = false\n", "");
    assert_ne!(main, shorter);
    // Lines that were taken off the end, with and without the last line's end.
    let (head, last) = main.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(last, "}");
    let without_end = format!("{head}\n");
    for (text, code) in [
        (shorter.as_str(), "hand-edited-file"),
        (&without_end, "hand-edited-file"),
        (head, "hand-edited-file"),
        (main.trim_end(), "hand-edited-file"),
        ("\n", "foreign-file"),
        ("# mine\n", "foreign-file"),
    ] {
        workspace.write("generated/shop/dev/main.tf", text);
        let reported = workspace.run(&["compile"], 1);
        assert!(!labels(reported.only(code)).is_empty());
        assert_eq!(workspace.generated("shop/dev/main.tf"), text);
    }
}

/// Whole lines that are missing at the end are an edit, unless they are missing from where a block of the disk ends.
#[test]
fn a_cut_at_the_end_of_a_line_is_a_power_cut_where_a_block_ends() {
    const BLOCK: usize = 512;
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    let path = "shop/dev/providers.tf";
    // Tags of which one is as long as it takes for a line of the file to end where it should.
    let document = |length: usize| {
        let tags: String =
            (0..32).map(|number| format!("  tag{number:02}: {}\n", "v".repeat(if number == 0 { length } else { 90 }))).collect();
        format!("{SHOP}tags:\n{tags}")
    };
    let text_of = |length: usize| {
        let _ = fs::remove_dir_all(workspace.output());
        workspace.document("shop/variables.yml", &document(length));
        workspace.run(&["compile", "--quiet"], 0);
        workspace.generated(path)
    };
    let judge = |text: &str, kept: usize, state: &str| {
        fs::write(workspace.output().join(path), &text.as_bytes()[..kept]).unwrap();
        let reported = workspace.run(&["compile", "--check"], 3);
        assert_eq!(reported.differences(), [format!("generated/{path}: {state}")], "{kept} of {} bytes", text.len());
    };
    let shortest = text_of(1);
    let ends = |text: &str| -> Vec<usize> { text.match_indices('\n').map(|(at, _)| at + 1).collect() };
    // Ends behind the tag whose length is chosen.
    let behind = shortest.find("tag00").unwrap() + 60;
    let mut seen = [0; 2];
    for blocks in 2..=3 {
        // Where the line ends, next to the block's end: with its line end in front of it, behind it, and elsewhere.
        for (beside, state) in
            [(0, "interrupted"), (1, "interrupted"), (2, "hand-edited"), (-1, "hand-edited"), (128, "hand-edited"), (256, "hand-edited")]
        {
            let wanted = (blocks * BLOCK).checked_add_signed(beside).unwrap();
            let end = ends(&shortest).into_iter().filter(|end| (behind..=wanted).contains(end)).max().unwrap();
            let text = text_of(1 + wanted - end);
            assert!(text.len() > wanted + 100 && text[..wanted].ends_with('\n'), "no line ends at {wanted}");
            // Where the line's own end is behind the block it is what is missing first.
            let kept = if beside == 1 { wanted - 1 } else { wanted };
            judge(&text, kept, state);
            seen[usize::from(state == "interrupted")] += 1;
            if state == "hand-edited" {
                // Without the line's own end it is none either.
                judge(&text, wanted - 1, state);
                assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[hand-edited-file]"]);
                assert_eq!(workspace.generated(path).len(), wanted - 1);
                // With zeros behind it is no edit wherever it ends.
                let mut zeros = text.as_bytes()[..wanted].to_vec();
                zeros.resize(wanted + 1, 0);
                fs::write(workspace.output().join(path), zeros).unwrap();
            }
            assert!(workspace.compile().codes().is_empty());
            assert!(workspace.generated(path) == text);
        }
    }
    assert_eq!(seen, [8, 4]);
}

#[test]
fn a_file_of_a_module_that_is_cut_short_is_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    let clean = workspace.tree();
    for name in ["main.tf", "README.md"] {
        let path = format!("modules/aws/customer-vpc/{name}");
        for left in remains(&clean[&path]) {
            fs::write(workspace.output().join(&path), &left).unwrap();
            assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), [format!("generated/{path}: interrupted")]);
            workspace.compile();
            assert!(workspace.tree() == clean, "{name}, {} bytes", left.len());
        }
    }
}
