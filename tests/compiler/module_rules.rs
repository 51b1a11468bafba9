//! The `validation` blocks of the built-in modules, judged over what the compiler passes: whatever it takes of a key, they take too.

use crate::common::layered;
use crate::common::platforms::platform;
use crate::common::repository::Repository;
use hcl_edit::structure::Body;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use terralet_core::assemble::{CompileContext, argument_problems};
use terralet_core::check::Interfaces;
use terralet_core::clouds::{built_in, modules};
use terralet_core::compile::customer;
use terralet_core::diagnostics::Severity;
use terralet_core::modules::{Interface, ModuleId, TerraformValue, Variable, Verdict, known_functions, read_interface};
use terralet_core::schema::{SECTIONS, Shape, Type};

/// The built-in modules with their rules, each value judged.
fn with_rules() -> Interfaces {
    let read: BTreeMap<ModuleId, Interface> = modules().map(|module| (module.id(), read_interface(&built_in(module)).0)).collect();
    let by_value: BTreeSet<(ModuleId, &'static str)> =
        modules().flat_map(|module| module.inputs.iter().map(move |row| (module.id(), row.name))).collect();
    Interfaces::new(read).with_inputs_by_value(by_value)
}

/// Values of each key: some of its own, and the ends of its range.
fn values() -> Vec<(&'static str, &'static str, Value)> {
    let mut all = Vec::new();
    for (section, keys) in layered::language() {
        for (key, values) in keys {
            all.extend(values.into_iter().map(|value| (section, key, value)));
        }
    }
    for section in SECTIONS {
        for key in section.keys {
            if let Shape::Scalar(Type::Integer { min, max, .. }) = key.shape {
                all.extend([min, max].map(|end| (section.name, key.name, json!(end))));
            }
        }
    }
    all
}

#[test]
fn what_the_compiler_takes_the_rules_take() {
    let platform = platform("environments: {dev: {}, production: {protected: true}}\n");
    let (interfaces, rules) = (Interfaces::built_in(), with_rules());
    let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
    let first =
        |section: &str, key: &str| values().into_iter().find(|(one, other, _)| (*one, *other) == (section, key)).map(|(.., value)| value);
    let (mut compiled, mut judged) = (0, 0);
    for (section, key, value) in values() {
        let mut document = json!({
            "project_name": "shop", "region": "eu-west-1", "environments": {"dev": {}, "production": {}},
            "networking": {"vpc_cidr": "10.20.0.0/16", "availability_zones": 2},
            "compute": {"instance_type": "t3.small"},
        });
        let required = SECTIONS.iter().find(|row| row.name == section).unwrap().keys.iter().filter(|row| row.default.is_required());
        let mut part: Map<String, Value> = required.filter_map(|row| Some((row.name.to_owned(), first(section, row.name)?))).collect();
        part.insert(key.to_owned(), value.clone());
        match document.get_mut(section).and_then(Value::as_object_mut) {
            Some(known) => known.extend(part),
            None => drop(document.as_object_mut().unwrap().insert(section.to_owned(), Value::Object(part))),
        }
        let documents = [("variables.yml".to_owned(), document.as_object().cloned().unwrap())].into();
        let (reported, proven) = customer(Repository { name: "alder".into(), documents }.files(), &surroundings);
        let Some(proven) = proven else {
            assert!(reported.reports.iter().any(|report| report.severity == Severity::Error));
            continue;
        };
        compiled += 1;
        for call in proven.assemble(&surroundings).iter().flat_map(|root| &root.calls) {
            judged += call.arguments.len();
            let problems = argument_problems(call, &rules);
            assert!(problems.is_empty(), "{section}.{key}: {value}: {problems:?}");
        }
    }
    println!("{compiled} documents, {judged} arguments");
    assert!(compiled > 150 && judged > 5000, "{compiled} documents, {judged} arguments");
}

/// What an export has of a variable is the variable: another export of it is the same, and it has the same rules.
#[test]
fn declarations_read_back() {
    let mut count = 0;
    for (name, variable) in with_rules().into_modules().into_values().flat_map(|interface| interface.variables) {
        let text = variable.declaration(&name);
        let read = Variable::declared(&name, &text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((read.required, read.nullable, &read.kind), (variable.required, variable.nullable, &variable.kind), "{text}");
        let written = |variable: &Variable| variable.judged().map(|validation| validation.written.clone()).collect::<Vec<_>>();
        assert_eq!(written(&read), written(&variable), "{text}");
        assert_eq!(read.declaration(&name), text);
        count += 1;
    }
    assert!(count > 100, "{count}");
    let rule = "  validation {\n    condition = var.it.a != \"y\"\n    error_message = \"x\"\n  }\n";
    let with = |rule: &str, default: &str| {
        format!("variable \"it\" {{\n  type = object({{a = optional(string, {default})}})\n  default = \"secret\"\n{rule}}}\n")
    };
    let declared = |text: &str| Variable::declared("it", text);
    let exported = |text: &str| declared(text).unwrap_or_else(|| panic!("{text}")).declaration("it");
    let text = exported(&with(rule, "\"$${x} \\\" %%{if} \\n\""));
    assert_eq!(exported(&text), text);
    assert!(!text.contains("secret") && text.contains("$${x}"), "{text}");
    // Nobody needs the default of an attribute without a rule, and a rule over one that is not known is Terraform's.
    assert!(!exported(&with("", "\"own\"")).contains("own"));
    assert!(!exported(&with(rule, "true ? \"own\" : \"\"")).contains("validation"));
    // Comments are for who reads the module, and so are messages that nobody can be shown.
    for comment in ["# own\n", "// own\n", "/* own */"] {
        let in_condition = rule.replace("\"y\"", &format!("(\"y\" {comment})"));
        let in_message = rule.replace("\"x\"", &format!("\"${{(1 {comment})}}\""));
        for rule in [in_condition, in_message] {
            assert!(!exported(&with(&rule, "\"\"")).contains("own"), "{rule}");
        }
    }
    assert!(!exported(&with(&rule.replace("\"x\"", "\"${local.own}\""), "\"\"")).contains("own"));
    assert!(exported(&with(&rule.replace("\"y\"", "\"https://a#b\""), "\"\"")).contains("https://a#b"));
    for other in
        ["", "required", "variable \"other\" {}\n", "variable \"it\" {\n  type = text\n}\n", "variable \"it\" {}\nvariable \"more\" {}\n"]
    {
        assert_eq!(declared(other), None, "{other}");
    }
}

/// Rules that would take for ever are left to Terraform, and what is nested without end is reported.
#[test]
fn hostile_rules_are_bounded() {
    let variable = |condition: &str| {
        let block = format!("variable \"it\" {{\n  validation {{\n    condition = {condition}\n    error_message = \"x\"\n  }}\n}}\n");
        Variable::declared("it", &block)
    };
    let long = TerraformValue::Text("a".repeat(100_000));
    let many = TerraformValue::Tuple(vec![TerraformValue::Text("a".repeat(100)); 1000]);
    let left = [
        ("length([for a in var.it : [for b in var.it : [for c in var.it : c]]]) > 1", &many),
        ("alltrue([for a in var.it : alltrue([for b in var.it : can(regex(\"^(a|aa)+$\", b))])])", &many),
        ("can(regex(\"(a{500}){500}\", \"b\")) || var.it == \"\"", &long),
        ("can(regex(\"^(a*)*(a*)*(a*)*b$\", var.it))", &long),
        ("length(join(join(\"-\", var.it), var.it)) > 1", &many),
        ("\"${var.it}${var.it}${var.it}${var.it}${var.it}\" == \"\"", &long),
    ];
    for (condition, value) in left {
        let variable = variable(condition).unwrap_or_else(|| panic!("{condition}"));
        let verdicts = variable.verdicts(value);
        assert!(matches!(verdicts.as_slice(), [(_, Verdict::Left)]), "{condition}: {:?}", verdicts.len());
    }
    for depth in [1000, 100_000] {
        assert_eq!(variable(&format!("{}var.it == 1{}", "(".repeat(depth), ")".repeat(depth))), None);
        assert_eq!(variable(&format!("{}var.it", "!".repeat(depth))), None);
        assert_eq!(variable(&format!("{}var.it{}", "[".repeat(depth), "]".repeat(depth))), None);
    }
    // Operators that follow each other are no deeper than what the parser takes, or are reported.
    if let Some(variable) = variable(&format!("var.it == \"\"{}", " || var.it == \"\"".repeat(100_000))) {
        assert!(!variable.verdicts(&long).is_empty());
    }
}

/// The table that `tests/terraform/validations.rs` holds against real Terraform: each line's verdict, without Terraform.
#[test]
fn verdicts_are_those_of_the_table() {
    let mut odd = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let lines = include_str!("../terraform/validations/table.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [kind, value, condition, expected] = cells.as_slice() else { panic!("{line}") };
        let block = format!("  validation {{\n    condition = {condition}\n    error_message = \"x\"\n  }}\n");
        let variable = Variable::declared("it", &format!("variable \"it\" {{\n  type = {kind}\n{block}}}\n")).unwrap();
        let body: Body = format!("value = {value}\n").parse().unwrap();
        // A number of too many digits is left.
        let literal = TerraformValue::of_literal(&body.get_attribute("value").unwrap().value);
        let verdict = literal.map_or(Verdict::Left, |literal| variable.verdicts(&literal).remove(0).1);
        let said = match verdict {
            Verdict::Holds => "holds",
            Verdict::Fails(_) => "refuses",
            Verdict::Left => "left",
        };
        *counts.entry(said).or_default() += 1;
        if said != *expected {
            odd.push(format!("{line}: {said}\n"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.concat());
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 20), "{counts:?}");
}

#[test]
fn the_page_names_every_function() {
    let page = include_str!("../../docs/codes/module-validation.md");
    let (_, behind) = page.split_once("call no function\nbut ").unwrap();
    let (list, _) = behind.split_once(". Others").unwrap();
    let named: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, known_functions().collect());
}
