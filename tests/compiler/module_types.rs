//! The types of shared modules' inputs, held against what is passed to them: the built-in modules take all of it, and what is refused
//! before any value is known would be refused with each value that the fixtures pass.
use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use terralet_core::assemble::{inputs_by_value, interface_problems};
use terralet_core::check::Interfaces;
use terralet_core::clouds::modules;
use terralet_core::modules::{Fit, Given, Interface, VariableType, read_interface};
use terralet_core::platform::Platform;
use walkdir::WalkDir;

/// Types to hold everything against.
const TYPES: [&str; 14] = [
    "string",
    "number",
    "bool",
    "list(string)",
    "list(number)",
    "set(bool)",
    "map(string)",
    "map(number)",
    "map(list(string))",
    "tuple([string])",
    "tuple([])",
    "object({})",
    "object({ environment = string })",
    "object({ environment = number })",
];

/// Arguments that are no input of the module.
const OF_THE_CALL: [&str; 2] = ["source", "version"];

fn type_of(written: &str) -> VariableType {
    let text = format!("variable \"it\" {{\n  type = {written}\n}}\n");
    let (interface, problems) = read_interface(&[("variables.tf".to_owned(), text)]);
    assert!(problems.is_empty(), "`{written}`: {problems:?}");
    interface.variables["it"].kind.clone()
}

/// Every argument of every module call below a directory: module, input, value.
fn arguments(below: &Path) -> Vec<(String, String, Given)> {
    let files = WalkDir::new(below).sort_by_file_name().into_iter().map(Result::unwrap);
    let mains = files.filter(|entry| entry.file_name() == "main.tf" && !entry.path().to_string_lossy().contains("/modules/"));
    let mut found = Vec::new();
    for entry in mains {
        let body: Body = fs::read_to_string(entry.path()).unwrap().parse().unwrap();
        for block in body.blocks().filter(|block| block.ident.as_str() == "module") {
            // The name of a named database comes behind.
            let label = block.labels[0].as_str();
            let module = modules().find(|row| row.entry_of(label).is_some()).unwrap();
            // What a provider passes to modules of its own is no row's.
            let is_own = |name: &str| entry.path().to_string_lossy().contains("modules-local-path") && module.input(name).is_none();
            let skipped = |name: &str| OF_THE_CALL.contains(&name) || is_own(name);
            for attribute in block.body.attributes().filter(|attribute| !skipped(attribute.key.as_str())) {
                found.push((module.name.to_owned(), attribute.key.to_string(), Given::of_literal(&attribute.value)));
            }
        }
    }
    found
}

#[test]
fn built_in_modules_take_everything_that_is_passed() {
    let interfaces = Interfaces::built_in();
    assert_eq!(interface_problems(&interfaces, &Platform::built_in()), []);
    assert_eq!(inputs_by_value(&interfaces).collect::<Vec<_>>(), []);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let passed: Vec<_> = ["acme/generated", "compile"].iter().flat_map(|tree| arguments(&fixtures.join(tree))).collect();
    assert!(passed.len() > 1000, "only {} arguments were found", passed.len());
    for (module, input, given) in passed {
        let variable = &interface_of(&interfaces, &module).variables[&input];
        assert_eq!(variable.takes(&given), Fit::Yes, "`{input}` of `{module}`, which is {given:?}");
    }
}

#[test]
fn what_is_refused_of_every_value_is_refused_of_each() {
    let passed = arguments(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acme/generated"));
    let mut refused = BTreeSet::new();
    for written in TYPES {
        let kind = type_of(written);
        let mut modules = Interfaces::built_in().into_modules();
        let variables = modules.values_mut().flat_map(|interface| interface.variables.values_mut());
        variables.for_each(|variable| variable.kind = kind.clone());
        let interfaces = Interfaces::new(modules);
        let problems = interface_problems(&interfaces, &Platform::built_in());
        let by_value: BTreeSet<_> = inputs_by_value(&interfaces).collect();
        for (module, input, given) in &passed {
            let named = format!("the shared module `{module}` takes `{input}` as ");
            let fit = kind.takes(given);
            if problems.iter().any(|problem| problem.message.starts_with(&named)) {
                assert!(matches!(fit, Fit::Never(_) | Fit::Yes), "a literal is known");
                let is_reference = *given == Given::Unknown;
                assert!(fit != Fit::Yes || is_reference, "`{written}` is refused for `{input}` of `{module}`, and takes {given:?}");
                refused.insert((input.clone(), written));
            } else if fit != Fit::Yes {
                let is_judged = by_value.iter().any(|((_, of), name)| of == module && name == input);
                assert!(is_judged, "`{written}` for `{input}` of `{module}` does not take {given:?}, and nothing finds out");
            }
        }
    }
    assert!(refused.len() > 100, "only {} were refused", refused.len());
}

#[test]
fn override_files_are_merged() {
    let files = [
        ("a_override.tf", "variable \"it\" {\n  type = number\n}\n"),
        ("override.tf", "variable \"it\" {\n  default = 1\n}\n"),
        ("variables.tf", "variable \"it\" {\n  type     = string\n  nullable = false\n}\n"),
    ];
    let (interface, problems) = read_interface(&files.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(problems, []);
    let variable = &interface.variables["it"];
    assert_eq!((variable.required, variable.nullable, &variable.kind), (false, false, &VariableType::Number));
    assert_eq!(variable.place.as_ref().unwrap().file, "a_override.tf");
}

#[test]
fn places_count_the_byte_order_mark() {
    let text = "\u{feff}variable \"it\" {\n  type = number\n}\n";
    let (interface, _) = read_interface(&[("variables.tf".to_owned(), text.to_owned())]);
    let place = interface.variables["it"].place.clone().unwrap();
    assert_eq!((&text[place.bytes], place.line), ("number", 2));
    // An expression is read the same, wherever it stands.
    let body: Body = "value = [1, null]\n".parse().unwrap();
    let value: &Expression = &body.get_attribute("value").unwrap().value;
    assert_eq!(Given::of_literal(value), Given::Tuple(vec![Given::Number, Given::Null]));
}

/// The interface of the module of a name.
fn interface_of<'i>(interfaces: &'i Interfaces, module: &str) -> &'i Interface {
    let row = modules().find(|row| row.name == module).unwrap();
    interfaces.of(row).unwrap()
}
