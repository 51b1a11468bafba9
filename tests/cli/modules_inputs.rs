//! `modules.inputs`: what the service provider passes to its own modules beyond what the language has.

use crate::harness::{Sandbox, copy_tree, expect, package, terralet};
use std::fs;
use std::path::{Path, PathBuf};
use terralet_core::schema::SECTIONS;

/// A workspace with modules of its own; `inputs` of the platform, a tier and a registry entry are in its file.
const WORKSPACE: &str = "fixtures/compile/modules-local-path/input";
const DOCUMENT: &str = "customers/alder/infra/variables.yml";
const ROOT: &str = "generated/alder/staging/main.tf";

fn workspace() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    let workspace = sandbox.with(WORKSPACE, &["generated"]);
    (sandbox, workspace)
}

fn compiled(workspace: &Path) -> String {
    expect(workspace, &["compile"], 0);
    fs::read_to_string(workspace.join(ROOT)).unwrap()
}

/// The value of an argument, as it is printed.
fn argument<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut lines = text.lines().filter_map(|line| line.trim_start().strip_prefix(name)?.trim_start().strip_prefix("= "));
    let found = lines.next();
    assert_eq!(lines.next(), None, "`{name}` is passed twice");
    found
}

#[test]
fn the_nearest_constant_is_passed() {
    let (_sandbox, workspace) = workspace();
    let variables = workspace.join("provider-modules/aws/customer-compute/variables.tf");
    let declared = fs::read_to_string(&variables).unwrap();
    let with_default = "variable \"cost_code\" {\n  type    = string\n  default = null\n";
    fs::write(&variables, declared.replace("variable \"cost_code\" {\n  type = string\n", with_default)).unwrap();
    let one = |is_there: bool, name: &str| if is_there { format!("{{customer-compute: {{cost_code: {name}}}}}") } else { "{}".to_owned() };
    for which in 0..8 {
        let [platform, tier, entry] = [1, 2, 4].map(|bit| which & bit != 0);
        let text = format!(
            "modules:\n  source: ./provider-modules\n  inputs: {{customer-vpc: {{transit_gateway_id: tgw-0}}{}}}\ntiers:\n  standard: {{modules_inputs: {}}}\nregistry:\n  alder: {{grants: {{images: [ami-*]}}, modules_inputs: {}}}\n",
            if platform { ", customer-compute: {cost_code: platform}" } else { "" },
            one(tier, "tier"),
            one(entry, "entry"),
        );
        fs::write(workspace.join("terralet.yml"), text).unwrap();
        let nearest = [(entry, "\"entry\""), (tier, "\"tier\""), (platform, "\"platform\"")].into_iter().find(|(is_there, _)| *is_there);
        assert_eq!(argument(&compiled(&workspace), "cost_code"), nearest.map(|(_, name)| name), "{platform} {tier} {entry}");
    }
}

#[test]
fn customers_can_neither_set_nor_see_them() {
    let (_sandbox, workspace) = workspace();
    let document = fs::read_to_string(workspace.join(DOCUMENT)).unwrap();
    let before = compiled(&workspace);
    for section in SECTIONS.iter().map(|section| section.name).chain([""]) {
        let (head, indent) = if section.is_empty() { (String::new(), "") } else { (format!("{section}:\n"), "  ") };
        let written = format!("{head}{indent}cost_code: mine\n{indent}transit_gateway_id: tgw-mine\n");
        let others: String =
            document.lines().filter(|line| section.is_empty() || !line.starts_with(&format!("{section}:"))).collect::<Vec<_>>().join("\n");
        fs::write(workspace.join(DOCUMENT), format!("{others}\n{written}")).unwrap();
        // Text of tags and of `custom` is the customer's.
        if !["tags", "custom"].contains(&section) {
            let said = terralet(&workspace, &["compile"]);
            assert_eq!(said.status.code(), Some(1), "{section}");
            let text = String::from_utf8(said.stderr).unwrap();
            assert!(text.contains("`cost_code`"), "{section}: {text}");
        }
        fs::write(workspace.join(DOCUMENT), &document).unwrap();
        assert_eq!(compiled(&workspace), before, "{section}");
    }
    let exported = String::from_utf8(terralet(&workspace, &["platform", "export"]).stdout).unwrap();
    assert!(exported.contains("cost_code: required"), "{exported}");
    for value in ["0471", "0472", "tgw-", "172.16", "9100", "shipper"] {
        assert!(before.contains(value) || value == "0471", "`{value}` is not passed");
        assert!(!exported.contains(value), "`{value}` is in the export");
    }
}

/// A tier that holds a module back calls none of it, so that there is nothing to pass.
#[test]
fn a_tier_that_holds_the_module_back_need_not_pass_its_inputs() {
    let (_sandbox, workspace) = workspace();
    let queue = workspace.join("provider-modules/aws/customer-queue");
    copy_tree(&package().join("modules/aws/customer-queue"), &queue, &["tests"]);
    fs::write(queue.join("cost_code.tf"), "variable \"cost_code\" {\n  type = string\n}\n").unwrap();
    let platform = |gold: &str| {
        let text = fs::read_to_string(workspace.join("terralet.yml")).unwrap();
        let tiers = format!(
            "tiers:\n  gold: {gold}\n  standard:\n    modules_inputs: {{customer-compute: {{cost_code: \"0472\"}}, customer-queue: {{cost_code: q}}}}\n"
        );
        let before = text.split("tiers:\n").next().unwrap();
        let registry = text.split("registry:\n").nth(1).unwrap();
        fs::write(workspace.join("terralet.yml"), format!("{before}{tiers}registry:\n{registry}")).unwrap();
        terralet(&workspace, &["check"])
    };
    let refused = platform("{}");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() != Some(0) && said.contains("which only some customers'"), "{said}");
    let taken = platform("{modules_without: [customer-queue]}");
    assert_eq!(taken.status.code(), Some(0), "{}", String::from_utf8_lossy(&taken.stderr));
}
