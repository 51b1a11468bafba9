//! `terralet platform export`: the part of the platform that customers may see.

use super::args::{Arguments, PlatformCommand, PlatformOptions};
use super::failure::Failure;
use super::workspace::Workspace;
use super::{EXIT_OK, render};
use crate::platform::{Origin, export};

pub(super) fn run(arguments: &Arguments, options: &PlatformOptions) -> Result<u8, Failure> {
    match options.command {
        PlatformCommand::Export => {
            let workspace = Workspace::find(arguments, None)?;
            if workspace.platform.origin != Origin::File {
                return Err(Failure::usage(
                    "there is no platform file to export",
                    "start in the workspace that has `terralet.yml`, or name it with `-C`",
                ));
            }
            render::out(&export(&workspace.platform, &workspace.interfaces.inputs()));
        }
    }
    Ok(EXIT_OK)
}
