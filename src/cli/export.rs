//! `terralet platform export`: the part of the platform that customers may see.

use super::args::{Arguments, PlatformCommand, PlatformOptions};
use super::exit::EXIT_OK;
use terralet_core::diagnostics::nearest;
use terralet_core::failure::Failure;
use terralet_core::platform::{Origin, Registry, export};
use terralet_host::workspace::Workspace;
use terralet_report as report;

pub(super) fn run(arguments: &Arguments, options: &PlatformOptions) -> Result<u8, Failure> {
    match &options.command {
        PlatformCommand::Export { customer } => {
            let workspace = Workspace::find(&arguments.call(), None)?;
            if workspace.platform.origin != Origin::File {
                return Err(Failure::usage(
                    "there is no platform file to export",
                    "start in the workspace that has `terralet.yml`, or name it with `-C`",
                ));
            }
            let registry = &workspace.platform.registry;
            let registration = customer.as_ref().map(|name| registry.get(name).ok_or_else(|| unregistered(name, registry))).transpose()?;
            report::out(&export(&workspace.platform, &workspace.interfaces.inputs(), registration));
        }
    }
    Ok(EXIT_OK)
}

fn unregistered(name: &str, registry: &Registry) -> Failure {
    let help = match nearest(name, registry.entries.keys().map(|entry| entry.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "without `--customer` the file has the rules that hold for all".to_owned(),
    };
    Failure::usage(format!("the registry has no entry `{name}`"), help)
}
