//! The rows of the shared modules against what they speak of: the page that lists them, the language, and the built-in modules.

use crate::harness::package;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use terralet_core::check::Interfaces;
use terralet_core::clouds::modules;
use terralet_core::modules::{ArgumentShape, InputSource, ModuleRow, OutputRow};
use terralet_core::schema::{Default, Existing, NAMING_KEYS, SECTIONS, Shape, key_index, section};

/// Names in backticks, each with whether a star follows, without what stands in brackets.
fn names(cell: &str) -> Vec<(String, bool)> {
    let mut bare = String::new();
    let mut depth = 0;
    for letter in cell.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            other if depth == 0 => bare.push(other),
            _ => {}
        }
    }
    let parts: Vec<&str> = bare.split('`').collect();
    parts
        .chunks(2)
        .filter(|pair| pair.len() == 2)
        .enumerate()
        .map(|(at, pair)| (pair[1].to_owned(), parts.get(at * 2 + 2).is_some_and(|rest| rest.starts_with("\\*"))))
        .collect()
}

/// True for an output that an input of another module is made from.
fn is_read(output: &OutputRow) -> bool {
    modules().flat_map(|module| module.inputs).any(|row| row.source.output() == Some(output))
}

#[test]
fn the_page_lists_what_modules_are_passed_and_have_to_give() {
    let page = fs::read_to_string(package().join("docs/platform.md")).unwrap();
    let table = page.split("| module | is passed | has to give |\n").nth(1).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().skip(1).map_while(|line| line.strip_prefix("| ")).map(|line| line.split(" | ").collect()).collect();
    assert_eq!(rows.len(), modules().count());
    for (module, cells) in modules().zip(rows) {
        assert_eq!(cells[0], format!("`{}`", module.name));
        let inputs: Vec<(String, bool)> = module.inputs.iter().map(|row| (row.name.to_owned(), row.may_be_missing)).collect();
        assert_eq!(names(cells[1]), inputs, "{}", module.name);
        let (needed, given): (Vec<&OutputRow>, Vec<&OutputRow>) = module.outputs.iter().copied().partition(|output| is_read(output));
        let outputs: Vec<&str> = needed.into_iter().chain(given).map(|output| output.name).collect();
        let written: Vec<String> = names(cells[2]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(written, outputs, "{}", module.name);
    }
}

/// The types of resources that a built-in module makes.
fn resources(module: &ModuleRow) -> BTreeSet<String> {
    let directory = package().join("modules").join(module.cloud).join(module.name);
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "tf")).map(|path| fs::read_to_string(path).unwrap());
    let types = texts.flat_map(|text| {
        let types = text.lines().filter_map(|line| line.strip_prefix("resource \"")?.split('"').next());
        types.map(str::to_owned).collect::<Vec<_>>()
    });
    // Terraform's own makes nothing in a cloud.
    types.filter(|name| name != "terraform_data").collect()
}

#[test]
fn the_page_lists_what_the_built_in_modules_make() {
    let page = fs::read_to_string(package().join("docs/modules.md")).unwrap();
    let table = page.split("| module | resources |").nth(1).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().skip(2).map_while(|line| line.strip_prefix("| ")).map(|line| line.split(" | ").collect()).collect();
    let listed: BTreeMap<&str, BTreeSet<String>> = rows
        .iter()
        .map(|cells| (cells[0].split('`').nth(1).unwrap(), names(cells[1]).into_iter().map(|(name, _)| name).collect()))
        .collect();
    let made: BTreeMap<&str, BTreeSet<String>> = modules().map(|module| (module.name, resources(module))).collect();
    assert!(made.values().all(|types| !types.is_empty()), "{made:?}");
    assert_eq!(listed, made);
}

#[test]
fn the_page_lists_what_is_granted() {
    let page = fs::read_to_string(package().join("docs/platform.md")).unwrap();
    let table = page.split("| key | lists | for |\n").nth(1).unwrap();
    let rows: Vec<(String, Vec<String>)> = table
        .lines()
        .skip(1)
        .map_while(|line| line.strip_prefix("| "))
        .map(|line| line.split(" | ").collect())
        .map(|cells: Vec<&str>| (names(cells[0])[0].0.clone(), names(cells[2]).into_iter().map(|(name, _)| name).collect()))
        .collect();
    let keys_of = |existing| {
        let keys = NAMING_KEYS.iter().filter(move |naming| naming.existing == existing);
        keys.map(|naming| format!("{}.{}", naming.section, naming.key))
    };
    let known: Vec<(String, Vec<String>)> =
        Existing::ALL.into_iter().map(|existing| (existing.grant().to_owned(), keys_of(existing).collect())).collect();
    assert_eq!(rows, known);
    // A key of a list of mappings would not be seen.
    for key in SECTIONS.iter().flat_map(|section| section.keys) {
        let Shape::Records(keys) = key.shape else { continue };
        let types = keys.iter().filter_map(|key| if let Shape::Scalar(kind) = key.shape { Some(kind) } else { None });
        assert!(types.into_iter().all(|kind| kind.existing().is_none()), "`{}`", key.name);
    }
}

#[test]
fn the_page_says_as_what_each_input_is_passed() {
    let page = fs::read_to_string(package().join("docs/platform.md")).unwrap();
    let table = page.split("| passed as | inputs |\n").nth(1).unwrap();
    let of_modules =
        |shape: ArgumentShape| matches!(shape, ArgumentShape::Reference | ArgumentShape::References | ArgumentShape::ReferenceOrNull);
    let mut kinds: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in modules().flat_map(|module| module.inputs).filter(|row| !of_modules(row.shape)) {
        kinds.entry(row.shape.in_words()).or_default().insert(row.name.to_owned());
    }
    for line in table.lines().skip(1).map_while(|line| line.strip_prefix("| ")) {
        let (kind, cell) = line.split_once(" | ").unwrap();
        let wanted = kinds.remove(kind).unwrap();
        if cell != "all others |" {
            let written: BTreeSet<String> = names(cell).into_iter().map(|(name, _)| name).collect();
            assert_eq!(written, wanted, "inputs on the page (left) and in the rows (right) that are passed as {kind}");
        }
    }
    assert!(kinds.is_empty(), "{kinds:?} are not on the page");
}

#[test]
fn rows_name_keys_of_the_language() {
    let inputs = modules().flat_map(|module| module.inputs.iter().map(move |row| (module, row)));
    for (module, row) in inputs {
        let keys = row.source.keys().into_iter().flatten().chain(row.changed_at());
        for (name, key) in keys.filter(|key| *key != ("", "project_name")) {
            assert!(
                key_index(name, key).is_some(),
                "`{}` of `{}` comes from `{name}.{key}`, which the language does not have",
                row.name,
                module.name
            );
        }
        // A key that may have no value can be left to the module, and no other one.
        let InputSource::Key((name, key)) = row.source else { continue };
        assert_eq!(name, module.section, "`{}` of `{}` may be absent: another section says it", row.name, module.name);
        let key = section(name).unwrap().key(key).unwrap();
        // `lower` fills these in.
        let follows_another = match name {
            "compute" => matches!(key.name, "min_instances" | "max_instances"),
            "cache" => matches!(key.name, "engine_version" | "nodes" | "snapshot_retention_days"),
            "backup" => key.name == "retention_days",
            _ => false,
        };
        assert!(key.default != Default::None || follows_another, "`{name}.{}` may have no value", key.name);
    }
}

#[test]
fn built_in_modules_have_the_variables_of_their_rows() {
    let interfaces = Interfaces::built_in();
    for row in modules() {
        let ModuleRow { name, block, inputs, outputs, .. } = row;
        assert_eq!(name.replace('-', "_"), *block);
        let interface = interfaces.of(row).unwrap();
        let rows: BTreeSet<&str> = inputs.iter().map(|row| row.name).collect();
        assert_eq!(rows.len(), inputs.len(), "an input of `{name}` stands twice");
        let variables: BTreeSet<&str> = interface.variables.keys().map(String::as_str).collect();
        assert_eq!(rows, variables, "rows (left) and variables (right) of `{name}`");
        for row in inputs.iter().filter(|row| row.source.optional_key().is_some()) {
            assert!(!interface.variables[row.name].required, "`{}` of `{name}` has no default, and nobody has to set it", row.name);
        }
        for output in *outputs {
            assert_eq!(output.block, *block);
            assert_eq!(output.own, ["module", block, output.name]);
            assert_eq!(output.shared.last(), Some(&output.name));
            assert!(interface.outputs.contains_key(output.name), "`{name}` does not give `{}`", output.name);
        }
        for (_, own) in row.acts_on() {
            let module = modules().find(|module| module.name == own.module).unwrap();
            assert!(interfaces.of(module).unwrap().outputs.contains_key(own.name), "`{}` does not give `{}`", own.module, own.name);
            assert!(own.unless_false.is_none_or(|(section, _)| section == module.section));
        }
        let given: BTreeSet<&str> = outputs.iter().map(|output| output.name).collect();
        let declared: BTreeSet<&str> = interface.outputs.keys().map(String::as_str).collect();
        assert!(given.is_subset(&declared), "{name}");
    }
}

#[test]
fn an_argument_that_is_not_passed_stands_for_the_languages_default() {
    for row in modules().flat_map(|module| module.inputs) {
        let key = row.source.optional_key().and_then(|(name, key)| section(name)?.key(key));
        let default = key.and_then(|key| if let Default::Value(value) = key.default { Some(value) } else { None });
        // Where a change of it does harm, one from the default and one to it do so too.
        let expected = default.filter(|_| row.newer && row.on_change.is_some());
        assert_eq!(row.absent, expected, "`{}`", row.name);
    }
}

#[test]
fn lists_of_objects_have_the_keys_of_the_language() {
    for row in modules().flat_map(|module| module.inputs) {
        let ArgumentShape::Objects(objects) = row.shape else { continue };
        let key = row.source.optional_key().and_then(|(name, key)| section(name)?.key(key)).unwrap();
        let Shape::Records(keys) = key.shape else { panic!("`{}` is not a list of mappings", key.name) };
        let written: Vec<(&str, bool)> = objects.attributes.iter().map(|(name, _, is_there)| (*name, *is_there)).collect();
        let known: Vec<(&str, bool)> = keys.iter().map(|key| (key.name, key.default.is_required())).collect();
        assert_eq!(written, known, "`{}`", row.name);
        for (name, _) in known {
            assert!(objects.as_type.contains(&format!("{name} = ")), "`{name}` is not in {}", objects.as_type);
        }
    }
}
