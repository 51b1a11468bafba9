//! Documents that are not what their names say, names that are nearly those of documents, and files outside of a repository.

use crate::harness::machine::{Meeting, finish, pipe};
use crate::harness::workspace::{PLATFORM, Reported, SHOP, Workspace, words};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

fn shop() -> Workspace {
    Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)])
}

fn infra(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root.join("customers/shop/infra")
}

/// The help of the only diagnostic of a code.
fn help(reported: &Reported, code: &str) -> String {
    reported.only(code)["help"].as_str().unwrap().to_owned()
}

#[test]
fn capitals_in_a_name_are_reported() {
    for (name, meant) in [
        ("VARIABLES.YML", "variables.yml"),
        ("Variables.yml", "variables.yml"),
        ("variables.YAML", "variables.yml"),
        ("API-VARS.YML", "api-vars.yml"),
        ("api-Vars.yml", "api-vars.yml"),
        ("eu-west-1-variables.Yaml", "eu-west-1-variables.yml"),
    ] {
        let workspace = shop();
        workspace.write(&format!("customers/shop/infra/{name}"), SHOP);
        let reported = workspace.run(&["check"], 0);
        assert_eq!(reported.codes(), ["warning[unrecognised-file]"], "{name}");
        assert!(help(&reported, "unrecognised-file").contains(&format!("`{meant}`")), "{name}: {}", help(&reported, "unrecognised-file"));
        // Alone it is no document at all.
        workspace.forget("shop/variables.yml");
        let reported = workspace.run(&["check"], 1);
        assert_eq!(reported.codes(), ["error[no-documents]", "warning[unrecognised-file]"], "{name}");
    }
}

#[test]
fn names_that_are_not_text_are_reported() {
    let workspace = shop();
    fs::write(infra(&workspace).join(OsStr::from_bytes(b"ap\xff-vars.yml")), "compute: {instance_type: t3.small}\n").unwrap();
    let reported = workspace.run(&["check"], 1);
    assert_eq!(reported.codes(), ["error[not-a-document]"]);
    assert!(words(reported.only("not-a-document")).contains("its name is not UTF-8 text"));
    let workspace = shop();
    fs::write(infra(&workspace).join(OsStr::from_bytes(b"notes\xff.yml")), "a: 1\n").unwrap();
    assert_eq!(workspace.run(&["check"], 0).codes(), ["warning[unrecognised-file]"]);
}

#[test]
fn links_inside_a_repository_are_followed_and_others_are_not() {
    let workspace = shop();
    workspace.write("customers/shop/shared/api.yml", "compute: {instance_type: t3.small}\n");
    workspace.write("elsewhere/api.yml", "compute: {instance_type: t3.large}\n");
    workspace.write("customers/cafe/infra/variables.yml", SHOP.replace("shop", "cafe").as_str());
    let api = infra(&workspace).join("api-vars.yml");
    let link = |target: &Path| {
        let _ = fs::remove_file(&api);
        symlink(target, &api).unwrap();
    };
    link(Path::new("../shared/api.yml"));
    workspace.compile();
    assert!(workspace.tree().iter().any(|(file, text)| file.starts_with("shop/dev/") && text.contains("t3.small")));
    // By a directory that is a link, by the whole path, and by a link to a link.
    symlink("shared", workspace.root.join("customers/shop/also")).unwrap();
    symlink("also/api.yml", workspace.root.join("customers/shop/again")).unwrap();
    for target in [workspace.root.join("customers/shop/shared/api.yml"), "../also/api.yml".into(), "../again".into()] {
        link(&target);
        workspace.run(&["compile", "--check"], 0);
    }
    symlink("../../elsewhere", workspace.root.join("customers/shop/out")).unwrap();
    for target in ["../../../elsewhere/api.yml", "../out/api.yml", "../../cafe/infra/variables.yml", "/etc/hostname", "/proc/self/environ"]
    {
        link(Path::new(target));
        assert_eq!(workspace.run(&["compile", "--customer", "shop"], 1).codes(), ["error[outside-repository]"], "{target}");
    }
    // The directory of the documents may be a link too, inside.
    fs::remove_file(&api).unwrap();
    fs::rename(infra(&workspace), workspace.root.join("customers/shop/documents")).unwrap();
    symlink("documents", infra(&workspace)).unwrap();
    workspace.run(&["check", "customers/shop"], 0);
    fs::remove_file(infra(&workspace)).unwrap();
    symlink("../cafe/infra", infra(&workspace)).unwrap();
    assert_eq!(workspace.run(&["check", "customers/shop"], 1).codes(), ["error[outside-repository]"]);
}

/// Between the look at a document and its opening it becomes a pipe, a link out of the repository, or is behind such a link: no run waits, and
/// none reads what the link leads to.
#[test]
fn a_document_that_is_swapped_is_never_read_elsewhere() {
    type Swap = fn(&Path);
    let swaps: [(&str, Swap); 4] = [
        ("a link", |document| symlink("../../../elsewhere/api-vars.yml", document).unwrap()),
        ("a link to all of it", |document| symlink("/proc/self/environ", document).unwrap()),
        ("a pipe", |document| pipe(document)),
        ("the directory", |document| {
            let infra = document.parent().unwrap();
            fs::rename(infra, infra.with_file_name("before")).unwrap();
            symlink("../../elsewhere", infra).unwrap();
        }),
    ];
    for is_link in [false, true] {
        for (what, swap) in swaps {
            let workspace = shop();
            workspace.write("elsewhere/api-vars.yml", "hostage: behind-the-link\n");
            workspace.write("elsewhere/variables.yml", "hostage: behind-the-link\n");
            workspace.write("customers/shop/shared/api.yml", "tags: {a: b}\n");
            let document = infra(&workspace).join("api-vars.yml");
            if is_link {
                symlink("../shared/api.yml", &document).unwrap();
            } else {
                fs::write(&document, "tags: {a: b}\n").unwrap();
            }
            let run = Meeting::at("open", "shop/infra/api-vars.yml", &workspace, &["check", "--format", "json"]);
            // What a link in the repository leads to is swapped itself.
            let swapped = if is_link && what != "the directory" { workspace.root.join("customers/shop/shared/api.yml") } else { document };
            if what != "the directory" {
                fs::remove_file(&swapped).unwrap();
            }
            swap(&swapped);
            let output = run.go();
            let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(!said.contains("hostage") && !said.contains("behind-the-link") && !said.contains("PATH="), "{what}: {said}");
            // The open folder is what it was, wherever its name leads by now.
            let is_read = what == "the directory";
            assert_eq!(output.status.code(), Some(i32::from(!is_read)), "{what}: {said}");
            assert!(is_read || said.contains("changed while it was read"), "{what}: {said}");
        }
    }
}

/// A document that was read becomes a link to another customer's before a message shows a line of it.
#[test]
fn a_document_that_is_reported_later_is_not_read_elsewhere() {
    let workspace = shop();
    // Two of one name, reported with the line of both.
    let of = |name: &str| format!("customer_id: same\n{}", SHOP.replace("shop", name));
    workspace.document("shop/variables.yml", &of("shop"));
    workspace.document("cafe/variables.yml", &of("cafe"));
    let secret = "# a cafe's own notes, line by line\n".repeat(20);
    workspace.write("customers/cafe/notes.yml", &secret);
    let document = infra(&workspace).join("variables.yml");
    let run = Meeting::at("again", "shop/infra/variables.yml", &workspace, &["check", "--color", "never"]);
    fs::remove_file(&document).unwrap();
    symlink("../../cafe/notes.yml", &document).unwrap();
    let output = run.go();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("customer-id-conflict") && !said.contains("notes"), "{said}");
}

#[test]
fn names_of_files_elsewhere_are_not_printed() {
    let workspace = shop();
    for name in ["payroll-vars.yml", "payroll-notes.yml", "PAYROLL.YML", "variables.yml"] {
        workspace.write(&format!("elsewhere/{name}"), "payroll: 1\n");
        workspace.write(&format!("outer/{name}"), "payroll: 1\n");
    }
    fs::remove_dir_all(infra(&workspace)).unwrap();
    symlink("../../elsewhere", infra(&workspace)).unwrap();
    workspace.write("unlisted/alder/README.md", "");
    symlink("../../elsewhere", workspace.root.join("unlisted/alder/infra")).unwrap();
    let paths = [
        "customers/shop",
        "customers/shop/infra",
        "customers/shop/infra/payroll-vars.yml",
        "unlisted/alder",
        "unlisted/alder/infra",
        "unlisted/alder/infra/payroll-vars.yml",
    ];
    let mut calls: Vec<Vec<&str>> = vec![vec!["check"], vec!["compile"], vec!["check", "--fix"], vec!["list"], vec!["why", "shop/dev"]];
    calls.extend(paths.map(|path| vec!["check", path]));
    for call in calls {
        for format in ["human", "json", "sarif", "github"] {
            let mut arguments = call.clone();
            arguments.extend(["--format", format]);
            let said = crate::harness::expect(&workspace.root, &arguments, 1);
            // What the call itself names may be reported.
            let others = said.replace(call[call.len() - 1], "");
            assert!(!others.to_ascii_lowercase().contains("payroll"), "{arguments:?} said:\n{said}");
            assert!(said.contains("outside-repository") || call[0] == "list" && format == "json", "{arguments:?} said:\n{said}");
        }
    }
    // One document that is a link out, named by the call: it is of the repository on the way to it.
    let workspace = shop();
    workspace.write("elsewhere/api-vars.yml", "payroll: 1\n");
    workspace.write("elsewhere/payroll-vars.yml", "payroll: 1\n");
    symlink("../../../elsewhere/api-vars.yml", infra(&workspace).join("api-vars.yml")).unwrap();
    workspace.write("unlisted/alder/infra/variables.yml", SHOP);
    symlink("../../../elsewhere/api-vars.yml", workspace.root.join("unlisted/alder/infra/api-vars.yml")).unwrap();
    for repository in ["customers/shop", "unlisted/alder"] {
        let reported = workspace.run(&["check", &format!("{repository}/infra/api-vars.yml")], 1);
        assert_eq!(reported.codes(), ["error[outside-repository]"], "{repository}");
        assert!(!reported.text.contains("payroll"), "{}", reported.text);
    }
}

#[test]
fn a_workspace_is_found_from_a_link_next_to_it() {
    let workspace = shop();
    workspace.platform("state: {backend: local, layout: region}");
    let link = workspace.root.parent().unwrap().join("link");
    symlink(workspace.root.join("customers/shop"), &link).unwrap();
    for (start, arguments) in [(&link, &["list"][..]), (&workspace.root.parent().unwrap().to_owned(), &["-C", "link", "list"])] {
        let output = crate::harness::command(start, arguments).env("PWD", start).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("shop/eu-west-1/dev"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_platform_file_deep_in_a_repository_is_never_used() {
    let workspace = shop();
    let own = "state: {backend: s3, config: {bucket: stolen, region: us-east-1}}\n";
    // The nearest one around it does not list it, and stands in the repository as well.
    workspace.write("customers/shop/terralet.yml", &format!("customers: [nothing/*]\n{own}"));
    workspace.write("customers/shop/deep/terralet.yml", &format!("customers: [theirs/*]\n{own}"));
    workspace.write("customers/shop/deep/theirs/shop/infra/variables.yml", SHOP);
    for directory in ["customers/shop", "customers/shop/deep", "customers/shop/deep/theirs/shop"] {
        let said = crate::harness::expect(&workspace.root.join(directory), &["compile"], 2);
        assert!(said.contains("is a platform file inside a customer repository"), "{said}");
    }
    let reported = workspace.run(&["check"], 1);
    assert_eq!(reported.codes(), ["error[nested-platform-file]"]);
}

/// A customer's directory, or the directory of all customers, is a link to a place elsewhere with a platform file of the repository's own.
#[test]
fn a_platform_file_of_a_repository_behind_a_link_is_never_used() {
    let own = "state: {backend: s3, config: {bucket: stolen, region: us-east-1}}\n";
    for is_whole in [false, true] {
        let workspace = Workspace::new(PLATFORM, &[]);
        let root = &workspace.root;
        let elsewhere = root.parent().unwrap().join("elsewhere");
        fs::create_dir_all(elsewhere.join("customers/xenon/infra")).unwrap();
        fs::write(elsewhere.join("customers/xenon/infra/variables.yml"), SHOP).unwrap();
        fs::write(elsewhere.join("customers/xenon/terralet.yml"), own).unwrap();
        if is_whole {
            // What stands around all of them elsewhere is nobody's platform file either.
            fs::write(elsewhere.join("terralet.yml"), format!("customers: [nothing/*]\n{own}")).unwrap();
            symlink(elsewhere.join("customers"), root.join("customers")).unwrap();
        } else {
            fs::create_dir_all(root.join("customers")).unwrap();
            symlink(elsewhere.join("customers/xenon"), root.join("customers/xenon")).unwrap();
        }
        let xenon = root.join("customers/xenon");
        let run = |start: &Path, arguments: &[&str]| {
            let mut command = crate::harness::command(start, arguments);
            // A shell says how it came to where it is.
            let output = command.env("PWD", start).output().unwrap();
            let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(!said.contains("stolen"), "{said}");
            (output.status.code(), said)
        };
        let refused = |start: &Path, arguments: &[&str]| {
            let (status, said) = run(start, arguments);
            assert_eq!(status, Some(2), "{start:?} {arguments:?} said:\n{said}");
            assert!(said.contains("is a platform file inside a customer repository"), "{start:?} {arguments:?} said:\n{said}");
        };
        refused(&xenon, &["check"]);
        refused(&xenon, &["compile", "."]);
        refused(&xenon.join("infra"), &["check"]);
        refused(root, &["-C", "customers/xenon", "check"]);
        refused(Path::new("/"), &["-C", xenon.to_str().unwrap(), "check"]);
        refused(&root.join("customers"), &["-C", "xenon/infra", "check"]);
        // The repository that a call names is judged by the workspace on the way to it.
        for path in [xenon.clone(), root.join("customers/../customers/xenon")] {
            let (status, said) = run(Path::new("/"), &["check", path.to_str().unwrap(), "--format", "json"]);
            assert_eq!(status, Some(1), "{said}");
            assert!(said.contains("nested-platform-file"), "{said}");
        }
        // Without a file of its own the workspace on the way is used.
        fs::remove_file(elsewhere.join("customers/xenon/terralet.yml")).unwrap();
        let (status, said) = run(&xenon, &["compile"]);
        assert_eq!(status, Some(0), "{said}");
        assert!(workspace.files("xenon/dev").contains(&"main.tf".to_owned()), "{said}");
        // What the shell says counts only as long as it leads here.
        fs::write(elsewhere.join("customers/xenon/terralet.yml"), own).unwrap();
        let check = ["check", "--allow-missing", "--format", "json"];
        let output = crate::harness::command(&root.join("customers"), &check).env("PWD", &xenon).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        // From the real directory of all customers nobody sees the workspace whose it is.
        assert_eq!(output.status.code(), Some(if is_whole { 0 } else { 1 }), "{said}");
        assert_eq!(said.contains("nested-platform-file"), !is_whole, "{said}");
    }
}

#[test]
fn what_stands_under_the_name_of_the_lock_stays_as_it_is() {
    type Make = fn(&Path, &Path);
    let makes: [(&str, Make); 5] = [
        ("a link", |lock, theirs| symlink(theirs, lock).unwrap()),
        ("a link to nothing", |lock, theirs| symlink(theirs.with_file_name("nothing"), lock).unwrap()),
        ("another name of a file", |lock, theirs| fs::hard_link(theirs, lock).unwrap()),
        ("a file", |lock, theirs| assert!(fs::copy(theirs, lock).unwrap() > 0)),
        ("a pipe", |lock, _| pipe(lock)),
    ];
    for (what, make) in makes {
        let workspace = shop();
        workspace.write("theirs", "process of thoughts\n");
        let theirs = workspace.root.join("theirs");
        let lock = workspace.output().join(".terralet-lock");
        fs::create_dir_all(workspace.output()).unwrap();
        make(&lock, &theirs);
        for call in [&["compile"][..], &["prune", "--all"]] {
            let output = finish(crate::harness::command(&workspace.root, call));
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{what}: {said}");
            assert!(said.contains(".terralet-lock` is ") && said.contains("cannot be locked"), "{what}: {said}");
        }
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "process of thoughts\n", "{what}");
        assert!(what == "a pipe" || what == "a link to nothing" || fs::read_to_string(&lock).unwrap() == "process of thoughts\n", "{what}");
        assert!(!workspace.root.join("nothing").exists() && workspace.files("shop/dev").is_empty(), "{what}");
    }
    // What an earlier run left, whole, cut short or lost to a power cut, is terralet's, and nothing of it stays.
    for left in ["", "process 4711", "process 4711471147114711", "proce", "\0\0\0\0", "process 47\0\0"] {
        let workspace = shop();
        workspace.write("generated/.terralet-lock", left);
        let mut compile = crate::harness::command(&workspace.root, &["compile"]);
        let mut run = compile.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        assert!(run.wait().unwrap().success(), "{left:?}");
        assert_eq!(fs::read_to_string(workspace.output().join(".terralet-lock")).unwrap(), format!("process {}", run.id()), "{left:?}");
    }
    // What only begins like it is somebody's.
    for theirs in ["process 4711 is mine", "process 47114711471147114711471147", "processes", "process 4711\nprocess 4712"] {
        let workspace = shop();
        workspace.write("generated/.terralet-lock", theirs);
        workspace.run(&["compile"], 2);
        assert_eq!(fs::read_to_string(workspace.output().join(".terralet-lock")).unwrap(), theirs);
    }
}

#[test]
fn an_output_behind_a_link_calls_the_modules_where_they_are() {
    let workspace = shop();
    let real = workspace.root.parent().unwrap().join("far/away/tree");
    fs::create_dir_all(&real).unwrap();
    symlink(&real, workspace.output()).unwrap();
    workspace.compile();
    let main = workspace.generated("shop/dev/main.tf");
    let mut sources = 0;
    for source in main.lines().filter_map(|line| line.trim().strip_prefix("source")) {
        let way = source.trim_start_matches([' ', '=']).trim_matches('"');
        // As Terraform goes it: from where the root is.
        assert!(real.join("shop/dev").join(way).join("main.tf").is_file(), "{way} leads nowhere");
        sources += 1;
        // What Terraform says of a file of the module is reported at what calls it.
        let at = r#"{"line": 1, "column": 1, "byte": 0}"#;
        let range = format!(r#"{{"filename": "{way}/main.tf", "start": {at}, "end": {at}}}"#);
        let validated = format!(
            r#"{{"format_version": "1.0", "valid": false, "diagnostics": [{{"severity": "error", "summary": "no", "detail": "", "range": {range}}}]}}"#
        );
        fs::write(workspace.root.join("validated.json"), validated).unwrap();
        let mut trace = crate::harness::command(&workspace.root, &["trace", "shop/dev", "--format", "json"]);
        trace.stdin(fs::File::open(workspace.root.join("validated.json")).unwrap());
        let said = String::from_utf8_lossy(&trace.output().unwrap().stdout).into_owned();
        assert!(said.contains("customers/shop/infra/variables.yml") && !said.contains("stale-root"), "{said}");
    }
    assert!(sources > 0, "{main}");
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn the_repository_of_a_path_is_above_its_whole_infra_directory() {
    let workspace = Workspace::new(&format!("infra: deploy/infra\n{PLATFORM}"), &[]);
    let text = SHOP.replace("project_name: shop\n", "");
    workspace.write("elsewhere/shop/deploy/infra/variables.yml", &text);
    workspace.write("elsewhere/shop/deploy/notes/README.md", "");
    workspace.write("elsewhere/not-infra/README.md", "");
    workspace.write("elsewhere/deploy/myinfra/README.md", "");
    // A link to the top of the repository stays inside it.
    workspace.write("elsewhere/shop/api.yml", "compute: {instance_type: t3.small}\n");
    symlink("../../api.yml", workspace.root.join("elsewhere/shop/deploy/infra/api-vars.yml")).unwrap();
    for path in ["elsewhere/shop", "elsewhere/shop/deploy/infra", "elsewhere/shop/deploy/infra/variables.yml"] {
        let reported = workspace.run(&["check", path], 1);
        assert_eq!(reported.codes(), ["error[missing-key]"], "{path}");
        assert_eq!(reported.only("missing-key")["customer"], "shop", "{path}");
    }
    for path in ["elsewhere/not-infra", "elsewhere/deploy/myinfra", "elsewhere/shop/deploy/notes"] {
        assert!(workspace.run(&["check", path], 2).text.contains("is not a customer repository"), "{path}");
    }
}
