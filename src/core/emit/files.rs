//! The files of a root module: output.md's table.

use super::header::{FirstLine, module_file, with_header};
use super::printer::{Entries, HclValue, Page, Printed, Spelling, printed, printed_with_places};
use crate::clouds::{ProviderArgument, ProviderValue};
use crate::terraform::{Backend, Expression, ModuleCall, Output, Provider, REQUIRED_VERSION, RootIdentity, RootModule};
use smol_str::SmolStr;

/// Every file that a root may have, in the order in which a new root is written: until `main.tf` stands it plans no module call.
pub const FILE_NAMES: [&str; 6] = ["backend.tf", "versions.tf", "providers.tf", "data.tf", "outputs.tf", "main.tf"];

/// The directory of the built-in modules below the output.
pub const MODULES: &str = "modules";

/// The one file of a built-in module that Terraform does not read.
pub const README: &str = "README.md";

/// The file that keeps a root from being planned while it is being changed.
pub const GUARD_FILE: &str = "interrupted.tf";

/// A file of a root, with where everything in it stands.
#[derive(Debug)]
pub struct PlacedFile {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: String,
    /// Its blocks, arguments and entries; what is inside another comes before it.
    pub printed: Vec<Printed>,
}

/// Prints one file of a root.
type Print = fn(&RootModule, &mut Page<'_>);

/// How each of [`FILE_NAMES`] is printed.
const PRINTS: [Print; 6] = [backend, versions, providers, data, outputs, calls];

/// The files of a root, by name, in the order of [`FILE_NAMES`].
pub fn root(root: &RootModule) -> Vec<(&'static str, String)> {
    let mut files = Vec::with_capacity(FILE_NAMES.len());
    each_file(root, |name, text| files.push((name, text.to_owned())));
    files
}

/// Gives each file of a root as [`root`] has them. A text is lent: nearly always it is compared with what is on disk, and that is all.
pub fn each_file(root: &RootModule, mut each: impl FnMut(&'static str, &str)) {
    // One page for all files.
    let mut body = String::with_capacity(PAGE);
    let mut text = FirstLine::new(&root.identity, PAGE);
    for (name, print) in live(root) {
        body.clear();
        print(root, &mut Page::onto(&mut body));
        each(name, text.before(&body));
    }
}

/// The files of a root as [`root`] gives them, with where everything in them stands.
pub fn root_with_places(root: &RootModule) -> Vec<PlacedFile> {
    let file = |(name, print): (&'static str, Print)| {
        // The first line goes before the body.
        let (body, printed) = printed_with_places(2, |page| print(root, page));
        PlacedFile { name, text: with_header(&root.identity, &body), printed }
    };
    live(root).map(file).collect()
}

/// Bytes that nearly every file is shorter than.
const PAGE: usize = 4096;

fn live(root: &RootModule) -> impl Iterator<Item = (&'static str, Print)> {
    let has = root.shared.is_some();
    FILE_NAMES.into_iter().zip(PRINTS).filter(move |(name, _)| has || *name != "data.tf")
}

/// The guard of a root that is being changed: no version of Terraform meets it.
pub fn guard(identity: &RootIdentity) -> String {
    with_header(identity, &printed(never))
}

/// The guard of a built-in module that is being changed, such as `<cloud>/customer-vpc`: no root that calls it can be planned.
pub fn module_guard(module: &str) -> String {
    module_file(&format!("{module}/{GUARD_FILE}"), &printed(never))
}

/// Prints what no version of Terraform meets.
pub(super) fn never(page: &mut Page<'_>) {
    page.block("terraform", &[], |page| page.attributes(&[("required_version", "< 0.0.1")]));
}

fn backend(root: &RootModule, page: &mut Page<'_>) {
    let Backend { kind, arguments } = &root.backend;
    if !root.backend.is_cloud() {
        return page.block("terraform", &[], |page| page.block("backend", &[kind], |page| page.attributes(arguments)));
    }
    let (blocks, attributes): (Vec<_>, Vec<_>) = arguments.iter().cloned().partition(|(name, _)| name == "workspaces");
    page.block("terraform", &[], |page| {
        page.block("cloud", &[], |page| {
            page.attributes(&attributes);
            for (_, value) in &blocks {
                let Expression::Record(entries) = value else { continue };
                page.blank();
                page.block("workspaces", &[], |page| page.attributes(entries));
            }
        });
    });
}

fn versions(root: &RootModule, page: &mut Page<'_>) {
    let Provider { row, version, .. } = &root.provider;
    let required = Entries(Spelling::Bare, &[("source", row.source), ("version", version.as_str())]);
    page.block("terraform", &[], |page| {
        page.attributes(&[("required_version", REQUIRED_VERSION)]);
        page.blank();
        page.block("required_providers", &[], |page| page.attributes(&[(row.name, required)]));
    });
}

fn providers(root: &RootModule, page: &mut Page<'_>) {
    let Provider { row, region, account_id, role_arn, default_tags, .. } = &root.provider;
    let accounts = account_id.iter().map(String::as_str).collect::<Vec<&str>>();
    let role = role_arn.as_deref();
    let (accounts, tags) = (accounts.as_slice(), Entries(Spelling::Quoted, default_tags));
    let value = |argument: &ProviderArgument| -> Option<(&'static str, &dyn HclValue)> {
        let value: &dyn HclValue = match argument.value {
            ProviderValue::Region => region,
            ProviderValue::Accounts if accounts.is_empty() => return None,
            ProviderValue::Accounts => &accounts,
            ProviderValue::Role => role.as_ref()?,
            ProviderValue::Tags => &tags,
        };
        Some((argument.name, value))
    };
    page.block("provider", &[row.name], |page| {
        let outside: Vec<_> = row.arguments.iter().filter(|argument| argument.block.is_none()).filter_map(value).collect();
        page.attributes(&outside);
        for argument in row.arguments {
            let (Some(block), Some(argument)) = (argument.block, value(argument)) else { continue };
            page.blank();
            page.block(block, &[], |page| page.attributes(&[argument]));
        }
    });
}

fn data(root: &RootModule, page: &mut Page<'_>) {
    if let Some(shared) = &root.shared {
        remote_state("shared", &shared.backend, page);
    }
}

/// Prints the data source of a state.
pub(super) fn remote_state(label: &'static str, backend: &Backend, page: &mut Page<'_>) {
    let config = Entries(Spelling::Bare, &backend.arguments);
    page.block("data", &["terraform_remote_state", label], |page| {
        page.attributes::<_, &dyn HclValue>(&[("backend", &backend.kind), ("config", &config)]);
    });
}

fn outputs(root: &RootModule, page: &mut Page<'_>) {
    page.blocks(&root.outputs, |page, Output { name, value, sensitive }| {
        page.block("output", &[name], |page| {
            let sensitive_too = [("value", value), ("sensitive", &Expression::Boolean(true))];
            page.attributes(if *sensitive { &sensitive_too } else { &sensitive_too[..1] });
        });
    });
}

fn calls(root: &RootModule, page: &mut Page<'_>) {
    page.blocks(&root.calls, |page, call| {
        let ModuleCall { label, formerly, source, version, arguments, constants, .. } = call;
        page.block("module", &[label], |page| {
            match version {
                Some(version) => page.attributes(&[("source", source.as_str()), ("version", version.as_str())]),
                None => page.attributes(&[("source", source.as_str())]),
            }
            page.blank();
            page.attributes(arguments);
            if !arguments.is_empty() && !constants.is_empty() {
                page.blank();
            }
            page.attributes(constants);
        });
        let address = |label: &SmolStr| Expression::NamedReference(vec![SmolStr::new_static("module"), label.clone()]);
        for (from, to) in formerly.iter().zip(formerly.iter().skip(1).chain([label])) {
            page.blank();
            page.within(&["module", label], |page| {
                page.block("moved", &[], |page| page.attributes(&[("from", address(from)), ("to", address(to))]));
            });
        }
    });
}
