//! What a customer's hook says with an exported platform is what the provider's run says of the documents.

use crate::harness::{Sandbox, copy_tree, package, terralet};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The diagnostics of a check: code, message, line.
fn reported(directory: &Path, arguments: &[&str]) -> Vec<(String, String, u64)> {
    let output = terralet(directory, arguments);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let diagnostics = document["diagnostics"].as_array().unwrap_or_else(|| panic!("{document}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let reported = diagnostics.iter().filter(|diagnostic| diagnostic["code"] != "file-skipped");
    reported
        .map(|diagnostic| (text(&diagnostic["code"]), text(&diagnostic["message"]), diagnostic["labels"][0]["line"].as_u64().unwrap_or(0)))
        .collect()
}

/// Exports the platform of a workspace and compares what is printed of each repository, in the workspace and in a checkout of its own: with what
/// is exported for all, where the advice that the registry decides what may be named comes in addition, and with what is exported for one.
fn compare(sandbox: &Sandbox, workspace: &Path, skip: &[&str]) -> usize {
    let export = |file: &str, arguments: &[&str]| {
        let exported = terralet(workspace, &[&["platform", "export"], arguments].concat());
        assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
        let file = sandbox.path().join(file);
        fs::write(&file, &exported.stdout).unwrap();
        file
    };
    let file = export("exported.yml", &[]);
    let platform: serde_yaml::Value = serde_yaml::from_slice(&fs::read(workspace.join("terralet.yml")).unwrap()).unwrap();
    let mut compared = 0;
    for entry in fs::read_dir(workspace.join("customers")).unwrap() {
        let repository = entry.unwrap().path();
        let name = repository.file_name().unwrap().to_string_lossy().into_owned();
        // The registry gives some an infra directory or an account of their own, which is no customer's business to know.
        if skip.contains(&name.as_str()) {
            continue;
        }
        let checkout = sandbox.path().join("checkouts").join(&name);
        crate::harness::copy_tree(&repository, &checkout, &[]);
        let check = |file: &Path| reported(&checkout, &["--platform", file.to_str().unwrap(), "check", "--format", "json"]);
        let providers = reported(workspace, &["check", "--format", "json", &format!("customers/{name}")]);
        let mut own = check(&file);
        own.retain(|(code, message, _)| code != "not-granted" || !message.starts_with("your service provider decides"));
        assert_eq!(own, providers, "{name}");
        if platform["registry"].get(name.as_str()).is_some() {
            assert_eq!(check(&export("exported-for-one.yml", &["--customer", &name])), providers, "{name}");
        }
        compared += 1;
    }
    compared
}

#[test]
fn a_customers_hook_says_what_the_provider_says() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &["generated"]);
    assert!(compare(&sandbox, &acme, &[]) >= 11);
}

#[test]
fn it_knows_what_the_providers_own_modules_take() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.with("fixtures/compile/modules-local-path/input", &["generated"]);
    assert_eq!(compare(&sandbox, &workspace, &[]), 1);
    let exported = fs::read_to_string(sandbox.path().join("exported.yml")).unwrap();
    assert!(exported.contains("module_inputs:") && exported.contains("ami_id: required"), "{exported}");
}

/// The types and rules of the provider's own modules, of inputs that customers have a say in.
#[test]
fn it_knows_the_rules_of_the_providers_own_modules() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.path().join("own");
    copy_tree(&package().join("fixtures/modules"), &workspace.join("modules"), &["README.md"]);
    copy_tree(&package().join("fixtures/diagnose/module-validation/rules-of-the-provider"), &workspace, &[]);
    assert_eq!(compare(&sandbox, &workspace, &[]), 1);
    let exported = fs::read_to_string(sandbox.path().join("exported.yml")).unwrap();
    for part in ["    instance_type: |\n      variable \"instance_type\" {\n", "iops = optional(number)", "Instances come in pairs."] {
        assert!(exported.contains(part), "`{part}` is not in {exported}");
    }
    assert!(!exported.contains("Nobody judges this"), "{exported}");
    let checked = terralet(&workspace, &["check", "--verbose"]);
    let said = String::from_utf8(checked.stderr).unwrap();
    let left = "modules/aws/customer-compute/variables.tf:130: left to Terraform: it calls `timestamp`";
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("left to Terraform")).collect();
    assert_eq!(lines, [left]);
}

/// Whatever a message has in it, the export can be read.
#[test]
fn it_reads_back_whatever_messages_have_in_them() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.path().join("own");
    copy_tree(&package().join("fixtures/modules"), &workspace.join("modules"), &["README.md"]);
    copy_tree(&package().join("fixtures/diagnose/module-validation/rules-of-the-provider"), &workspace, &[]);
    let file = workspace.join("modules/aws/customer-compute/variables.tf");
    let text = fs::read_to_string(&file).unwrap();
    for odd in ["\u{90}", "\u{9f}", "\u{fffe}", "\u{ffff}", "\u{85}", "\u{2028}", "\u{7f}", "\t", "\u{feff}", "\u{1f600}", "---", " #"] {
        fs::write(&file, text.replace("Instances come in pairs", &format!("Instances{odd}come in pairs"))).unwrap();
        assert_eq!(compare(&sandbox, &workspace, &[]), 1, "{odd:?}");
    }
}

/// What a platform says of modules that are not read reaches customers as what the modules take.
#[test]
fn it_knows_what_modules_provide_that_are_not_read() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.with("fixtures/compile/modules-provides/input", &["generated"]);
    assert_eq!(compare(&sandbox, &workspace, &[]), 1);
    let exported = fs::read_to_string(sandbox.path().join("exported.yml")).unwrap();
    assert!(exported.contains("    port: optional\n") && exported.contains("    volumes: optional\n"), "{exported}");
    assert!(!exported.contains("health_check_path") && !exported.contains("git.example.com"), "{exported}");
}

#[test]
fn an_export_has_no_registry_state_or_account() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &["generated"]);
    let exported = String::from_utf8(terralet(&acme, &["platform", "export"]).stdout).unwrap();
    let platform = fs::read_to_string(acme.join("terralet.yml")).unwrap();
    assert!(platform.contains("account_id") && platform.contains("536092718345"));
    for secret in ["registry", "account_id", "536092718345", "acme-terraform-state", "assume_role", "residency"] {
        assert!(!exported.contains(secret), "`{secret}` is in the export");
    }
}

/// Documents that are elsewhere are found by an exported platform, from the repository, from among them, and by every path of them; and an
/// `infra` directory is, from within it.
#[test]
fn a_check_may_start_among_the_documents() {
    let sandbox = Sandbox::new();
    let text = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.20.0.0/16}\nenvironments: {dev: }\n";
    let write = |path: &str, text: &str| {
        let file = sandbox.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("plain/infra/variables.yml", text);
    write("elsewhere/deploy/infra/variables.yml", text);
    write("workspace/terralet.yml", "registry: {one: {customer_id: one, infra: deploy/infra}, two: {infra: ops}}\n");
    write("workspace/customers/one/deploy/infra/variables.yml", text);
    let exported = terralet(&sandbox.path().join("workspace"), &["platform", "export"]).stdout;
    let exported = String::from_utf8(exported).unwrap();
    assert!(exported.contains("other_infra: [\"deploy/infra\", \"ops\"]\n") && !exported.contains("one"), "{exported}");
    write("platform.yml", &exported);
    let platform = sandbox.path().join("platform.yml");
    let platform = ["--platform", platform.to_str().unwrap()];
    let calls: [(&str, &[&str], &[&str]); 9] = [
        ("plain", &[], &[]),
        ("plain/infra", &[], &[]),
        ("plain/infra", &platform, &[]),
        ("elsewhere", &platform, &[]),
        ("elsewhere/deploy/infra", &platform, &[]),
        ("elsewhere", &platform, &["deploy/infra"]),
        ("elsewhere", &platform, &["deploy/infra/variables.yml"]),
        ("", &platform, &["elsewhere"]),
        ("workspace/customers/one/deploy/infra", &[], &[]),
    ];
    for (directory, options, paths) in calls {
        let call: Vec<&str> = options.iter().chain(&["check", "--format", "json"]).chain(paths).copied().collect();
        let output = terralet(&sandbox.path().join(directory), &call);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("\"customers\": 1,") && said.contains("\"root_modules\": 1,"),
            "{directory} {call:?}: {said}"
        );
    }
    // Without the platform nobody knows of `deploy/infra`, but a directory called `infra` is one.
    for (directory, status) in [("elsewhere", 2), ("elsewhere/deploy", 0), ("elsewhere/deploy/infra", 0)] {
        assert_eq!(terralet(&sandbox.path().join(directory), &["check"]).status.code(), Some(status), "{directory}");
    }
}

/// A commit that only deletes documents has no file that a hook's `files` could match.
#[test]
fn the_hooks_run_at_every_commit() {
    let hooks = fs::read_to_string(crate::harness::package().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<serde_yaml::Value> = serde_yaml::from_str(&hooks).unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        assert_eq!(hook["always_run"], serde_yaml::Value::Bool(true), "{hook:?}");
        assert_eq!(hook["pass_filenames"], serde_yaml::Value::Bool(false), "{hook:?}");
        assert!(hook.get("files").is_none() && hook.get("types").is_none(), "{hook:?}");
    }
}
