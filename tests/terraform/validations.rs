//! What terralet says of values by the `validation` blocks of their inputs, compared block by block with what `validate` says: `validations/table.txt`,
//! and every block of the built-in modules over values that their tests and the fixtures pass, and over such values slightly changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body};
use terralet_core::clouds::{built_in, modules};
use terralet_core::modules::{Fit, Given, TerraformValue, Validation, Verdict, read_interface};
use walkdir::WalkDir;

use crate::Suite;
use crate::conversions::workspace;
use crate::offline::Terraform;
use crate::workspace::{Diagnostic, Failure};

mod values;

use values::Changes;

/// No fewer values are compared over the blocks of the built-in modules, and no fewer of those are refused.
const FEWEST_VALUES: usize = 2000;
/// No fewer blocks are judged.
const FEWEST_BLOCKS: usize = 100;

pub(crate) fn add(suite: &mut Suite) {
    suite.add("validations::by_hand", by_hand);
    suite.add("validations::built_in_modules", built_in_modules);
}

/// A variable with blocks, and a value for it.
struct Case {
    /// What it is about, for messages.
    about: String,
    /// Type, `nullable` and blocks, where the variable itself is `var.it`.
    declared: String,
    value: String,
    /// True where terralet is to leave it to Terraform.
    is_left: Option<bool>,
}

impl Case {
    /// The variable's name in the module.
    fn name(at: usize) -> String {
        format!("case_{at}")
    }

    fn variable(&self, at: usize) -> String {
        let name = Case::name(at);
        format!("variable \"{name}\" {{\n{}\n}}\n", self.declared.replace("var.it", &format!("var.{name}")))
    }
}

/// What was compared.
#[derive(Default)]
struct Compared {
    odd: Vec<String>,
    held: usize,
    refused: usize,
    left: usize,
}

fn by_hand(terraform: &Terraform) -> Result<(), Failure> {
    let text = include_str!("validations/table.txt");
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let case = |(line, number): (&str, usize)| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [kind, value, condition, verdict] = cells.as_slice() else { return None };
        let block = format!("  validation {{\n    condition     = {condition}\n    error_message = \"Of ${{jsonencode(1)}}.\"\n  }}");
        Some(Case {
            about: format!("table.txt:{number}: `{line}`"),
            declared: format!("  type = {kind}\n{block}"),
            value: (*value).to_owned(),
            is_left: Some(*verdict == "left"),
        })
    };
    let cases: Vec<Case> = lines.map(case).collect::<Option<_>>().ok_or_else(|| Failure::new("table", "a line has too few cells"))?;
    let compared = compare(terraform, &cases)?;
    terraform.tally.conversions.add(cases.len() - compared.odd.len(), cases.len());
    if compared.odd.is_empty() { Ok(()) } else { Err(Failure::new("validations", compared.odd.join("\n"))) }
}

fn built_in_modules(terraform: &Terraform) -> Result<(), Failure> {
    let passed = values_passed()?;
    let (mut cases, mut blocks) = (Vec::new(), 0);
    let mut changes = Changes::new(1);
    for module in modules() {
        let files = built_in(module);
        let (interface, _) = read_interface(&files);
        for (name, variable) in interface.variables.iter().filter(|(_, variable)| variable.judged().next().is_some()) {
            blocks += variable.judged().count();
            let Some(declared) = files.iter().find_map(|(_, text)| declared(text, name)) else {
                return Err(Failure::new("validations", format!("`{}` declares no `{name}`", module.name)));
            };
            let known = passed.get(&(module.name.to_owned(), name.clone()));
            let known: Vec<TerraformValue> = known.into_iter().flatten().filter_map(|text| literal(text)).collect();
            let given = changes.of(&known, &variable.kind);
            let taken = given.into_iter().filter(|value| variable.takes(&given_of(value)) == Fit::Yes);
            cases.extend(taken.map(|value| Case {
                about: format!("{}, `{name} = {value}`", module.name),
                declared: declared.clone(),
                value: value.to_string(),
                is_left: None,
            }));
        }
    }
    let Compared { odd, held, refused, left } = compare(terraform, &cases)?;
    println!(
        "{} values over {blocks} blocks: {held} times one holds, {refused} times it refuses, {left} times it is left to Terraform",
        cases.len()
    );
    terraform.tally.conversions.add(cases.len() - odd.len(), cases.len());
    if !odd.is_empty() {
        return Err(Failure::new("validations", odd.join("\n")));
    }
    let verdicts = held + refused;
    if blocks < FEWEST_BLOCKS || cases.len() < FEWEST_VALUES || refused < verdicts / 8 || held < verdicts / 8 || left > verdicts / 10 {
        return Err(Failure::new("validations", "too little is compared: the line above has the figures"));
    }
    Ok(())
}

/// A variable of a file with its type, `nullable` and the blocks that can be judged, where it is `var.it`.
fn declared(text: &str, name: &str) -> Option<String> {
    let body: Body = text.parse().ok()?;
    let is_it = |block: &&Block| block.ident.as_str() == "variable" && block.labels.first().is_some_and(|label| label.as_str() == name);
    let block = body.blocks().find(is_it)?;
    let (interface, _) = read_interface(&[("variables.tf".to_owned(), text.to_owned())]);
    let judged: BTreeSet<&str> = interface.variables.get(name)?.judged().map(|validation| validation.written.as_str()).collect();
    let slice = |span: Option<std::ops::Range<usize>>| text.get(span?);
    let attribute = |key: &str| Some(format!("  {key} = {}\n", slice(block.body.get_attribute(key)?.value.span())?));
    let rules = block.body.get_blocks("validation").filter(|rule| {
        let condition = rule.body.get_attribute("condition").and_then(|condition| slice(condition.value.span()));
        condition.is_some_and(|condition| judged.contains(condition))
    });
    let rules: Vec<&str> = rules.filter_map(|rule| slice(rule.span())).collect();
    let parts = [attribute("type"), attribute("nullable"), Some(rules.join("\n"))];
    // Names that the variable's is the beginning of are others.
    Some(parts.into_iter().flatten().collect::<String>().replace(&format!("var.{name}"), "var.it"))
}

/// The literals that are passed to each input of a module, by its tests and by the roots of fixtures.
fn values_passed() -> Result<BTreeMap<(String, String), BTreeSet<String>>, Failure> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut passed: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let files = ["modules", "fixtures/compile", "fixtures/acme/generated"].iter().flat_map(|below| WalkDir::new(package.join(below)));
    for file in files.filter_map(Result::ok).map(walkdir::DirEntry::into_path) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_test = name.ends_with(".tftest.hcl");
        if !is_test && name != "main.tf" {
            continue;
        }
        let text = std::fs::read_to_string(&file).map_err(|error| Failure::new("read", error))?;
        let Ok(body) = text.parse::<Body>() else { continue };
        let module_of_test = file.ancestors().find(|above| above.join("variables.tf").exists()).and_then(|above| above.file_name());
        let module_of_test = module_of_test.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let runs = body.blocks().filter(|block| block.ident.as_str() == "run").flat_map(|block| block.body.get_blocks("variables"));
        let of_tests = body.get_blocks("variables").chain(runs).map(|block| (module_of_test.clone(), block));
        let calls = body.get_blocks("module").filter_map(|block| {
            let source = block.body.get_attribute("source")?.value.as_str()?;
            Some((source.rsplit('/').next()?.to_owned(), block))
        });
        let all: Vec<(String, &Block)> = if is_test { of_tests.collect() } else { calls.collect() };
        for (module, block) in all {
            for attribute in block.body.attributes() {
                let Some(value) = attribute.value.span().and_then(|span| text.get(span)) else { continue };
                passed.entry((module.clone(), attribute.key.as_str().to_owned())).or_default().insert(value.to_owned());
            }
        }
    }
    Ok(passed)
}

/// Compares what both say of each block of each case, some hundred in a module: of thousands `validate` takes more than their part.
fn compare(terraform: &Terraform, cases: &[Case]) -> Result<Compared, Failure> {
    let mut compared = Compared::default();
    for some in cases.chunks(400) {
        compare_some(terraform, some, &mut compared)?;
    }
    Ok(compared)
}

fn compare_some(terraform: &Terraform, cases: &[Case], compared: &mut Compared) -> Result<(), Failure> {
    let variables: Vec<String> = cases.iter().zip(0..).map(|(case, at)| case.variable(at)).collect();
    let text = variables.concat();
    let arguments: String = cases.iter().zip(0..).map(|(case, at)| format!("  {} = {}\n", Case::name(at), case.value)).collect();
    let call = format!("module \"called\" {{\n  source = \"./called\"\n{arguments}}}\n");
    let workspace = workspace(terraform, &[("called/variables.tf", text.clone()), ("main.tf", call)])?;
    let module = workspace.module(Path::new(""));
    module.init()?;
    let refused = module.validation()?;
    let (interface, problems) = read_interface(&[("variables.tf".to_owned(), text.clone())]);
    if !problems.is_empty() {
        return Err(Failure::new("validations", format!("{problems:?}")));
    }
    for (case, at) in cases.iter().zip(0..) {
        let name = Case::name(at);
        let value = literal(&case.value);
        let Some(variable) = interface.variables.get(&name) else { return Err(Failure::new("validations", &case.about)) };
        // What has too many digits is left as well.
        let verdicts = match &value {
            Some(value) => variable.verdicts(value),
            None => variable.validations.iter().map(|validation| (validation, Verdict::Left)).collect(),
        };
        for (validation, verdict) in verdicts {
            let by_terraform = of_block(&refused, &text, validation);
            let is_odd = match (&verdict, by_terraform) {
                (Verdict::Left, _) => case.is_left == Some(false),
                (_, _) if case.is_left == Some(true) => true,
                (Verdict::Holds, None) => false,
                (Verdict::Fails(message), Some(by_terraform)) => !says(by_terraform, message.as_deref()),
                (Verdict::Holds, Some(_)) | (Verdict::Fails(_), None) => true,
            };
            match verdict {
                Verdict::Holds => compared.held += 1,
                Verdict::Fails(_) => compared.refused += 1,
                Verdict::Left => compared.left += 1,
            }
            if is_odd {
                let by_terraform = by_terraform.map_or("Terraform takes it".to_owned(), ToString::to_string);
                compared.odd.push(format!("{}: `{}`: {verdict:?}, and {by_terraform}", case.about, validation.written));
            }
        }
    }
    Ok(())
}

/// True where Terraform's report has the block's own message; what it says where it cannot work a condition out is in words of its own.
fn says(by_terraform: &Diagnostic, message: Option<&str>) -> bool {
    by_terraform.summary != "Invalid value for variable" || message.is_none_or(|message| by_terraform.detail.starts_with(message))
}

/// What Terraform reports of a block: at the value, naming the block's place, or in the condition, which it cannot work out.
fn of_block<'d>(refused: &'d [Diagnostic], text: &str, validation: &Validation) -> Option<&'d Diagnostic> {
    let condition = validation.place.line..validation.place.line + validation.written.lines().count();
    let before: Vec<&str> = text.lines().take(validation.place.line).collect();
    let first = before.iter().rposition(|line| line.trim() == "validation {")? + 1;
    let place = format!("called/variables.tf:{first},");
    let is_of = |diagnostic: &&Diagnostic| {
        diagnostic.detail.contains(&place) || diagnostic.line_in("called/variables.tf").is_some_and(|line| condition.contains(&line))
    };
    refused.iter().find(is_of)
}

fn literal(text: &str) -> Option<TerraformValue> {
    let body: Body = format!("value = {text}\n").parse().ok()?;
    TerraformValue::of_literal(&body.get_attribute("value")?.value)
}

fn given_of(value: &TerraformValue) -> Given {
    let entries = |entries: &BTreeMap<String, TerraformValue>| entries.iter().map(|(key, value)| (key.clone(), given_of(value))).collect();
    match value {
        TerraformValue::Null => Given::Null,
        TerraformValue::Boolean(_) => Given::Boolean,
        TerraformValue::Number(_) => Given::Number,
        TerraformValue::Text(text) => Given::Text(text.clone()),
        TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => {
            Given::Tuple(items.iter().map(given_of).collect())
        }
        TerraformValue::Map(map) | TerraformValue::Object(map) => Given::Object(entries(map)),
    }
}
