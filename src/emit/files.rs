//! The files of a root module: output.md's table.

use super::header::{module_file, with_header};
use super::printer::{Block, Printed, print, print_onto, print_with_places};
use crate::terraform::{Backend, Expression, ModuleCall, Output, Provider, REQUIRED_VERSION, RootIdentity, RootModule};

/// Every file that a root may have, in the order in which a new root is written: until `main.tf` stands it plans no module call.
pub const FILE_NAMES: [&str; 6] = ["backend.tf", "versions.tf", "providers.tf", "data.tf", "outputs.tf", "main.tf"];

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

/// The files of a root, by name, in the order of [`FILE_NAMES`].
pub fn root(root: &RootModule) -> Vec<(&'static str, String)> {
    texts(root, live(root))
}

/// The files of a root as [`root`] gives them, with where everything in them stands.
pub fn root_with_places(root: &RootModule) -> Vec<PlacedFile> {
    let files = live(root).into_iter().map(|(name, blocks)| {
        let (body, mut printed) = print_with_places(&blocks);
        // The first line goes before the body.
        for item in &mut printed {
            item.lines = item.lines.start + 1..item.lines.end + 1;
        }
        PlacedFile { name, text: with_header(&root.identity, &body), printed }
    });
    files.collect()
}

/// What is left of a root whose deployment is gone: enough to destroy what was there.
pub fn tombstone(root: &RootModule) -> Vec<(&'static str, String)> {
    texts(root, kept(root))
}

fn texts(root: &RootModule, files: Vec<(&'static str, Vec<Block<'_>>)>) -> Vec<(&'static str, String)> {
    // One page for the bodies of all files: what is kept of each is exactly as long as it is.
    let mut body = String::with_capacity(4096);
    let text = |(name, blocks): (&'static str, Vec<Block<'_>>)| {
        body.clear();
        print_onto(&mut body, &blocks);
        (name, with_header(&root.identity, &body))
    };
    files.into_iter().map(text).collect()
}

fn live(root: &RootModule) -> Vec<(&'static str, Vec<Block<'_>>)> {
    let mut files = kept(root);
    if let Some(shared) = &root.shared {
        files.push(("data.tf", vec![remote_state("shared", &shared.backend)]));
    }
    files.push(("outputs.tf", root.outputs.iter().map(output).collect()));
    files.push(("main.tf", root.calls.iter().map(call).collect()));
    files
}

fn kept(root: &RootModule) -> Vec<(&'static str, Vec<Block<'_>>)> {
    vec![
        ("backend.tf", vec![Block::new("terraform", vec![]).block(backend(&root.backend))]),
        ("versions.tf", vec![versions(&root.provider)]),
        ("providers.tf", vec![provider(&root.provider)]),
    ]
}

/// The guard of a root that is being changed: no version of Terraform meets it.
pub fn guard(identity: &RootIdentity) -> String {
    with_header(identity, &print(&[never()]))
}

/// The guard of a built-in module that is being changed, such as `aws/customer-vpc`: no root that calls it can be planned.
pub fn module_guard(module: &str) -> String {
    module_file(&format!("{module}/{GUARD_FILE}"), &print(&[never()]))
}

/// What no version of Terraform meets.
pub(super) fn never() -> Block<'static> {
    Block::new("terraform", vec![]).attribute("required_version", Expression::text("< 0.0.1"))
}

fn backend(backend: &Backend) -> Block<'_> {
    backend
        .arguments
        .iter()
        .fold(Block::new("backend", vec![backend.kind.into()]), |block, (name, value)| block.borrowed(name.as_str(), value))
}

fn versions(provider: &Provider) -> Block<'_> {
    Block::new("terraform", vec![]).attribute("required_version", Expression::text(REQUIRED_VERSION)).blank().block(
        Block::new("required_providers", vec![]).attribute(
            "aws",
            Expression::Record(vec![
                ("source".into(), Expression::text("hashicorp/aws")),
                ("version".into(), Expression::text(provider.version.as_str())),
            ]),
        ),
    )
}

fn provider(provider: &Provider) -> Block<'_> {
    let mut block = Block::new("provider", vec!["aws".into()]).attribute("region", Expression::text(provider.region.as_str()));
    if let Some(account) = &provider.account_id {
        block = block.attribute("allowed_account_ids", Expression::List(vec![Expression::text(account.as_str())]));
    }
    if let Some(role) = &provider.role_arn {
        block = block.blank().block(Block::new("assume_role", vec![]).attribute("role_arn", Expression::text(role.as_str())));
    }
    let tags = provider.default_tags.iter().map(|(key, value)| (key.clone(), Expression::Text(value.clone()))).collect();
    block.blank().block(Block::new("default_tags", vec![]).attribute("tags", Expression::Object(tags)))
}

pub(super) fn remote_state(label: &'static str, backend: &Backend) -> Block<'static> {
    let config = backend.arguments.clone();
    Block::new("data", vec!["terraform_remote_state".into(), label.into()])
        .attribute("backend", Expression::text(backend.kind))
        .attribute("config", Expression::Record(config))
}

fn call(call: &ModuleCall) -> Block<'_> {
    let mut block = Block::new("module", vec![call.block_name().into()]).attribute("source", Expression::text(call.source.as_str()));
    if let Some(version) = &call.version {
        block = block.attribute("version", Expression::text(version.as_str()));
    }
    block = block.blank();
    block.items.reserve(call.arguments.len());
    call.arguments.iter().fold(block, |block, (name, value)| block.borrowed(*name, value))
}

fn output(output: &Output) -> Block<'_> {
    let block = Block::new("output", vec![output.name.into()]).borrowed("value", &output.value);
    if output.sensitive { block.attribute("sensitive", Expression::Boolean(true)) } else { block }
}
