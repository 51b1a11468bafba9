//! `terralet trace` over what real Terraform said of injected faults (`tests/trace_faults`), with no Terraform here.

use crate::harness::{Sandbox, expect, package, read_tree};
use crate::trace_faults::{FAULTS, Fault, RECORDED, WORKSPACE, line_of};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

/// What a run said, and how it ended.
struct Said {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

fn trace(directory: &Path, arguments: &[&str], input: &str) -> Said {
    let mut process = Process::new(env!("CARGO_BIN_EXE_terralet"));
    process.current_dir(directory).arg("trace").args(arguments).env("LC_ALL", "C.UTF-8");
    let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A run that ends before it reads everything is judged by what it says.
    let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The workspace in a copy, compiled.
fn compiled() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    let workspace = sandbox.with(WORKSPACE, &["recorded"]);
    expect(&workspace, &["compile"], 0);
    (sandbox, workspace)
}

fn recorded(name: &str) -> String {
    fs::read_to_string(package().join(RECORDED).join(format!("{name}.json"))).unwrap()
}

/// What is wrong with what was reported of a fault; nothing when all is right.
fn judge(workspace: &Path, fault: &Fault, reported: &Value, status: Option<i32>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            wrong.push(format!("{}: {what}", fault.name));
        }
    };
    let diagnostics = reported["diagnostics"].as_array().unwrap();
    check(!diagnostics.is_empty(), "nothing was reported".to_owned());
    let mut is_error = false;
    for diagnostic in diagnostics {
        is_error |= diagnostic["severity"] == "error";
        check(diagnostic["code"] == "terraform-diagnostic", format!("another code: {diagnostic:#}"));
        let labels = diagnostic["labels"].as_array().unwrap();
        let Some((file, line)) = fault.place(workspace).unwrap() else {
            check(labels.is_empty(), format!("a place was reported: {diagnostic:#}"));
            continue;
        };
        let primary = labels.first().unwrap_or(&Value::Null);
        check(primary["file"] == file && primary["line"] == line, format!("wanted {file}:{line}, reported {diagnostic:#}"));
        check(diagnostic["path"] == json!(fault.key), format!("wanted the key {:?}, reported {diagnostic:#}", fault.key));
        let found = labels.last().unwrap_or(&Value::Null);
        let is_found = found["file"].as_str().is_some_and(|file| file.ends_with(fault.found)) && labels.len() > 1;
        check(is_found, format!("Terraform's place is not among {labels:#?}"));
        let customer = fault.root.split('/').next().unwrap();
        check(diagnostic["customer"] == customer, format!("wanted the customer {customer}, reported {diagnostic:#}"));
    }
    let said = diagnostics.iter().any(|diagnostic| diagnostic["message"].as_str().unwrap().contains(fault.said));
    check(said, format!("`{}` is not among {diagnostics:#?}", fault.said));
    check(status == Some(i32::from(is_error)), format!("it ended with {status:?}"));
    wrong
}

#[test]
fn every_fault_is_reported_at_its_line() {
    let (sandbox, workspace) = compiled();
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let injected = fault.inject(sandbox.path()).unwrap();
        if fault.is_compiled() {
            expect(&workspace, &["compile"], 0);
        }
        let said = trace(&workspace, &[fault.root, "--format", "json"], &recorded(fault.name));
        wrong.extend(judge(&workspace, fault, &said.json(), said.status));
        if let Some((file, before)) = injected {
            fs::write(file, before).unwrap();
        }
        if fault.is_compiled() {
            expect(&workspace, &["compile"], 0);
        }
    }
    assert!(FAULTS.len() >= 30, "{} faults", FAULTS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_recording_is_of_a_fault() {
    let mut names: Vec<String> = FAULTS.iter().map(|fault| format!("{}.json", fault.name)).collect();
    names.sort();
    let kept: Vec<String> = read_tree(&package().join(RECORDED)).into_keys().collect();
    assert_eq!(kept, names);
}

/// A diagnostic as Terraform prints it in a stream.
fn line(severity: &str, file: &str, line: usize, byte: usize) -> Value {
    json!({
        "severity": severity, "summary": "Something", "detail": "In detail.",
        "range": {"filename": file, "start": {"line": line, "column": 1, "byte": byte}, "end": {"line": line, "column": 2, "byte": byte + 1}},
    })
}

fn document(diagnostics: &[Value]) -> String {
    json!({"format_version": "1.0", "valid": false, "diagnostics": diagnostics}).to_string()
}

/// A diagnostic for each line of a root, as if Terraform had found something everywhere.
fn everywhere(root: &Path) -> (String, Vec<(String, String)>) {
    let mut diagnostics = Vec::new();
    let mut lines = Vec::new();
    for (name, text) in read_tree(root).into_iter().filter(|(name, _)| name.ends_with(".tf") && !name.contains('/')) {
        let mut byte = 0;
        for (index, text) in text.lines().enumerate() {
            diagnostics.push(line("error", &name, index + 1, byte));
            lines.push((name.clone(), text.to_owned()));
            byte += text.len() + 1;
        }
    }
    (document(&diagnostics), lines)
}

#[test]
fn every_argument_of_every_root_has_a_place() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &["generated"]);
    expect(&acme, &["compile"], 0);
    let listed: Value =
        serde_json::from_str(&String::from_utf8(crate::harness::terralet(&acme, &["list", "--format", "json"]).stdout).unwrap()).unwrap();
    let roots = listed["roots"].as_array().unwrap();
    assert!(roots.len() > 20);
    let mut without = Vec::new();
    for root in roots {
        let directory = root["directory"].as_str().unwrap();
        let (input, lines) = everywhere(&acme.join("generated").join(directory));
        let reported = trace(&acme, &[directory, "--format", "json"], &input).json();
        let diagnostics = reported["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), lines.len(), "{directory}");
        let unmapped = diagnostics.iter().filter(|diagnostic| {
            let first = &diagnostic["labels"][0]["file"];
            first.as_str().is_none_or(|file| file.starts_with("generated/"))
        });
        for diagnostic in unmapped {
            let label = &diagnostic["labels"][0];
            let file = Path::new(label["file"].as_str().unwrap()).file_name().unwrap().to_str().unwrap();
            let text = fs::read_to_string(acme.join(label["file"].as_str().unwrap())).unwrap();
            let text = text.lines().nth(usize::try_from(label["line"].as_u64().unwrap()).unwrap() - 1).unwrap();
            // What is terralet's own: first lines, the version of Terraform that is needed, and what is around blocks.
            let own = ["terraform {", "required_version = ", "required_providers {", "}"];
            let is_own = text.is_empty() || text.starts_with("# Made by") || own.iter().any(|own| text.trim().starts_with(own));
            let in_own_file = matches!(file, "versions.tf" | "backend.tf") || text.is_empty() || text.starts_with("# Made by");
            if !is_own || !in_own_file {
                without.push(format!("{directory}/{file}: {text}"));
            }
        }
    }
    assert!(without.is_empty(), "no place is reported of\n{}", without.join("\n"));
}

#[test]
fn file_names_are_found_from_the_root_the_current_directory_or_the_workspace() {
    let (_sandbox, workspace) = compiled();
    let input = recorded("engine_refused");
    let primary = |said: &Said| said.json()["diagnostics"][0]["labels"][0]["file"].clone();
    let file = json!("customers/shop/infra/variables.yml");
    assert_eq!(primary(&trace(&workspace, &["shop/production", "--format", "json"], &input)), file);
    assert_eq!(primary(&trace(&workspace, &["production", "--format", "json"], &input)), file);
    assert_eq!(primary(&trace(&workspace, &["./generated/shop/production/", "--format", "json"], &input)), file);
    assert_eq!(primary(&trace(&workspace.join("generated/shop/production"), &["--format", "json"], &input)), file);
    let from_the_workspace = input.replace("\"main.tf\"", "\"generated/shop/production/main.tf\"");
    assert_eq!(primary(&trace(&workspace, &["--format", "json"], &from_the_workspace)), file);
    // An error inside a module says nothing of the root, unless that is where we are.
    let inside = recorded("argument_misspelt_in_the_network");
    assert_eq!(primary(&trace(&workspace.join("generated/shop/production"), &["--format", "json"], &inside)), file);
    let lost = trace(&workspace, &["--format", "json"], &inside);
    assert_eq!((lost.status, lost.json()["diagnostics"][0]["labels"].clone()), (Some(1), json!([])));
    assert!(lost.json()["diagnostics"][0]["help"].as_str().unwrap().contains("terralet trace ADDRESS"), "{}", lost.stdout);
    // Where the root is known, its name is not asked for.
    let gone = document(&[line("error", "tests/gone.tftest.hcl", 1, 0)]);
    let gone = trace(&workspace, &["shop/production", "--format", "json"], &gone).json();
    assert!(gone["diagnostics"][0]["help"].as_str().unwrap().ends_with("that file no longer exists"), "{gone:#}");
}

#[test]
fn a_fetched_module_and_a_resource_lead_to_their_section() {
    let (_sandbox, workspace) = compiled();
    let fetched = line("error", ".terraform/modules/customer_compute.agent/main.tf", 1, 0);
    let mut resource = line("error", "main.tf", 1, 0);
    resource["range"] = Value::Null;
    resource["address"] = json!("module.customer_database.aws_db_instance.this");
    let reported = trace(&workspace, &["shop/production", "--format", "json"], &document(&[fetched, resource])).json();
    let paths: Vec<&Value> = reported["diagnostics"].as_array().unwrap().iter().map(|diagnostic| &diagnostic["path"]).collect();
    assert_eq!(paths, [&json!("compute"), &json!("database")]);
}

#[test]
fn an_address_of_the_root_itself_leads_to_what_it_comes_from() {
    let (_sandbox, workspace) = compiled();
    let at = |address: &str| {
        let mut diagnostic = line("error", "main.tf", 1, 0);
        diagnostic["range"] = Value::Null;
        diagnostic["address"] = json!(address);
        diagnostic
    };
    let addresses =
        ["output.endpoint", "provider[\"registry.terraform.io/hashicorp/aws\"]", "output.no_such", "module.no_such.aws_vpc.this"];
    let reported = trace(&workspace, &["shop/production", "--format", "json"], &document(&addresses.map(at))).json();
    let file = json!("customers/shop/infra/variables.yml");
    for (address, path) in addresses.iter().zip([json!("database"), json!("environments.production"), Value::Null, Value::Null]) {
        let one = of_address(&reported, address);
        let wanted = if path.is_null() { &Value::Null } else { &file };
        assert_eq!((&one["labels"][0]["file"], &one["path"]), (wanted, &path), "{reported:#}");
    }
    let service = "works/staging/us-east-1/api-service";
    let shared = "data.terraform_remote_state.shared";
    let reported = trace(&workspace, &[service, "--format", "json"], &document(&[at(shared)])).json();
    assert_eq!(of_address(&reported, shared)["labels"][0]["file"], "customers/works/infra/api-vars.yml", "{reported:#}");
}

/// The diagnostic that names an address.
fn of_address<'t>(reported: &'t Value, address: &str) -> &'t Value {
    let named = format!("`{address}`");
    let mut of =
        reported["diagnostics"].as_array().unwrap().iter().filter(|one| one["help"].as_str().is_some_and(|help| help.contains(&named)));
    of.next().unwrap_or_else(|| panic!("{named} is not in {reported:#}"))
}

#[test]
fn a_module_inside_a_module_reads_no_argument_of_the_root() {
    let (sandbox, workspace) = compiled();
    let inner = sandbox.path().join("modules/aws/customer-compute/inner");
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("main.tf"), "variable \"instance_type\" {}\n").unwrap();
    let read = |file: &str, address: &str| {
        let mut diagnostic = line("error", file, 1, 0);
        diagnostic["address"] = json!(address);
        diagnostic["snippet"] = json!({"code": "  instance_type = var.instance_type"});
        diagnostic
    };
    let module = "../../../../../modules/aws/customer-compute";
    let diagnostics = [
        read(&format!("{module}/main.tf"), "module.customer_compute.aws_launch_template.this"),
        read(&format!("{module}/inner/main.tf"), "module.customer_compute.module.inner.aws_eip.this"),
        read(".terraform/modules/customer_compute/main.tf", "module.customer_compute.module.inner[\"a.b\"].aws_eip.this"),
    ];
    let reported = trace(&workspace, &["shop/production", "--format", "json"], &document(&diagnostics)).json();
    for (diagnostic, count) in diagnostics.iter().zip([1, 0, 0]) {
        let one = of_address(&reported, diagnostic["address"].as_str().unwrap());
        let read = one["labels"].to_string().matches("which the module reads there").count();
        assert_eq!((read, &one["path"]), (count, &json!("compute")), "{one:#}");
    }
}

#[test]
fn a_diagnostic_of_another_shape_is_an_error_all_the_same() {
    let (_sandbox, workspace) = compiled();
    let mut diagnostic = line("error", "main.tf", 1, 0);
    diagnostic["range"] = json!({"filename": "main.tf", "subject": 1});
    diagnostic["address"] = json!("module.customer_database.aws_db_instance.this");
    for (diagnostic, message, path) in [
        (diagnostic, "Something\nIn detail.", json!("database")),
        (json!({"summary": "No more"}), "No more", Value::Null),
        (json!({"text": "No more"}), "{\"text\":\"No more\"}", Value::Null),
    ] {
        let said = trace(&workspace, &["shop/production", "--format", "json"], &document(&[diagnostic]));
        let reported = &said.json()["diagnostics"][0];
        assert_eq!(
            (said.status, &reported["severity"], &reported["message"], &reported["path"]),
            (Some(1), &json!("error"), &json!(message), &path)
        );
    }
}

#[test]
fn a_module_s_line_leads_to_the_values_that_it_reads() {
    let (sandbox, workspace) = compiled();
    let fault = FAULTS.iter().find(|fault| fault.name == "value_that_the_provider_refuses").unwrap();
    fault.inject(sandbox.path()).unwrap();
    let reported = trace(&workspace, &[fault.root, "--format", "json"], &recorded(fault.name)).json();
    let labels = reported["diagnostics"][0]["labels"].as_array().unwrap();
    let text = fs::read_to_string(workspace.join("customers/shop/infra/variables.yml")).unwrap();
    let class = line_of(&text, "instance_class: db.t4g.large").unwrap();
    assert_eq!((labels.len(), &labels[1]["line"]), (3, &json!(class)), "{labels:#?}");
}

#[test]
fn a_stale_root_is_said_to_be_and_reported_as_far_as_it_is_the_same() {
    let (_sandbox, workspace) = compiled();
    let document_file = workspace.join("customers/shop/infra/variables.yml");
    let text = fs::read_to_string(&document_file).unwrap();
    fs::write(&document_file, text.replace("cpu_threshold: 60", "cpu_threshold: 65").replace("  key_name: shop-keys\n", "")).unwrap();
    // A line that is gone, one that differs, and one that is the same further up.
    let main = fs::read_to_string(workspace.join("generated/shop/production/main.tf")).unwrap();
    let at = |name: &str| main.lines().position(|line| line.trim_start().starts_with(name)).unwrap() + 1;
    let input = document(&["key_name", "cpu_threshold", "engine_version"].map(|name| line("error", "main.tf", at(name), 0)));
    let said = trace(&workspace, &["shop/production", "--format", "json"], &input);
    let reported = said.json();
    let by = |code: &str| {
        reported["diagnostics"].as_array().unwrap().iter().filter(|diagnostic| diagnostic["code"] == code).cloned().collect::<Vec<_>>()
    };
    let stale = by("stale-root");
    assert_eq!((stale.len(), stale[0]["severity"].as_str()), (1, Some("warning")));
    assert!(stale[0]["message"].as_str().unwrap().contains("`main.tf` is stale"), "{}", stale[0]);
    let places: Vec<(String, bool)> = by("terraform-diagnostic")
        .iter()
        .map(|diagnostic| {
            let file = diagnostic["labels"][0]["file"].as_str().unwrap().to_owned();
            (file, diagnostic["help"].as_str().unwrap().contains("the same in both"))
        })
        .collect();
    let generated = ("generated/shop/production/main.tf".to_owned(), false);
    assert_eq!(places, [("customers/shop/infra/variables.yml".to_owned(), true), generated.clone(), generated]);
    assert_eq!(said.status, Some(1));
}

#[test]
fn a_customer_with_errors_and_a_deployment_that_is_gone_are_passed_on() {
    let (_sandbox, workspace) = compiled();
    let document_file = workspace.join("customers/shop/infra/variables.yml");
    let text = fs::read_to_string(&document_file).unwrap();
    let said = |text: String| {
        fs::write(&document_file, text).unwrap();
        trace(&workspace, &["shop/staging", "--format", "json"], &document(&[line("error", "main.tf", 8, 0)])).json()
    };
    for (text, wanted) in [
        (text.replace("engine: postgres", "engine: postgrse"), "which have errors"),
        (text.replace("  staging: {}\n", ""), "no longer a deployment of"),
    ] {
        let reported = said(text);
        let diagnostics = reported["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), 2, "{reported:#}");
        assert!(
            diagnostics.iter().any(|one| one["code"] == "stale-root" && one["message"].as_str().unwrap().contains(wanted)),
            "{reported:#}"
        );
        let passed = diagnostics.iter().find(|one| one["code"] == "terraform-diagnostic").unwrap();
        assert_eq!(passed["labels"][0]["file"], "generated/shop/staging/main.tf");
        assert_eq!(passed["message"], "Something\nIn detail.");
    }
}

#[test]
fn what_is_no_diagnostic_passes_by_and_warnings_are_no_errors() {
    let (_sandbox, workspace) = compiled();
    let stream = [
        json!({"@level": "info", "@message": "Terraform 1.11.4", "type": "version"}).to_string(),
        "\u{1b}[0m\u{1b}[32mA wrapper's own line.\u{1b}[0m".to_owned(),
        json!({"@level": "warn", "type": "diagnostic", "diagnostic": line("warning", "main.tf", 5, 213)}).to_string(),
        json!({"@level": "info", "type": "change_summary", "changes": {"add": 3}}).to_string(),
    ];
    let said = trace(&workspace, &["shop/production"], &stream.join("\n"));
    assert_eq!(said.status, Some(0), "{}", said.stderr);
    assert!(said.stderr.starts_with("A wrapper's own line.\n"), "{}", said.stderr);
    for wanted in ["warning[terraform-diagnostic]", "customers/shop/infra/variables.yml:2", "generated/shop/production/main.tf:5:1"] {
        assert!(said.stderr.contains(wanted), "`{wanted}` is not in\n{}", said.stderr);
    }
    assert!(!said.stderr.contains("1.11.4"), "{}", said.stderr);
    let valid = trace(&workspace, &["shop/production"], "{\"format_version\": \"1.0\", \"valid\": true, \"diagnostics\": []}\n");
    assert_eq!(valid.status, Some(0), "{}", valid.stderr);
    // A stream with a document behind it, as a script that runs both makes it.
    let both = format!("{}\n{}", stream[0], recorded("engine_refused"));
    assert_eq!(trace(&workspace, &["shop/production", "--format", "json"], &both).json()["diagnostics"][0]["path"], "database.engine");
}

#[test]
fn a_call_without_terraform_s_json_or_with_no_such_root_is_a_usage_error() {
    let (_sandbox, workspace) = compiled();
    for (arguments, input, wanted) in [
        (vec!["shop/production"], "", "no JSON from Terraform"),
        (vec!["shop/production"], "Error: it crashed\n", "Error: it crashed"),
        (vec!["shop/prodution"], &document(&[line("error", "main.tf", 7, 0)]), "did you mean `shop/production`?"),
        (vec!["staging"], &document(&[]), "is the end of several roots"),
    ] {
        let said = trace(&workspace, &arguments, input);
        assert_eq!(said.status, Some(2), "{arguments:?}: {}", said.stderr);
        assert!(said.stderr.contains(wanted), "`{wanted}` is not in\n{}", said.stderr);
    }
}

#[test]
fn what_terraform_said_is_printed_even_when_the_workspace_has_a_fault() {
    let (_sandbox, workspace) = compiled();
    fs::write(workspace.join("terralet.yml"), "platfrom: northwind\n").unwrap();
    let said = trace(&workspace, &["shop/production", "--format", "json"], &recorded("engine_refused"));
    let reported = said.json();
    let codes: Vec<&Value> = reported["diagnostics"].as_array().unwrap().iter().map(|diagnostic| &diagnostic["code"]).collect();
    assert_eq!((said.status, codes), (Some(2), vec![&json!("terraform-diagnostic"), &json!("unknown-key")]));
}

/// What the service provider passes to its own modules is the platform's line, of the part of its file that counts.
#[test]
fn a_fault_of_a_constant_is_the_platforms() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.with("fixtures/compile/modules-local-path/input", &["generated"]);
    expect(&workspace, &["compile"], 0);
    let root = fs::read_to_string(workspace.join("generated/alder/staging/main.tf")).unwrap();
    let platform = fs::read_to_string(workspace.join("terralet.yml")).unwrap();
    for (input, written) in
        [("transit_gateway_id", "transit_gateway_id:"), ("cost_code", "cost_code: \"0472\""), ("routed_cidrs", "routed_cidrs:")]
    {
        let number = |text: &str, is_it: &dyn Fn(&str) -> bool| text.lines().position(is_it).unwrap() + 1;
        let at = number(&root, &|line| line.trim_start().starts_with(input));
        let said = trace(&workspace, &["alder/staging", "--format", "json"], &document(&[line("error", "main.tf", at, 0)]));
        let place = &said.json()["diagnostics"][0]["labels"][0];
        let expected = (json!("terralet.yml"), json!(number(&platform, &|line| line.contains(written))));
        assert_eq!((&place["file"], &place["line"]), (&expected.0, &expected.1), "{input}");
    }
}
