//! The shared modules: those in the binary, and what a module takes and gives.

mod aws;
mod fit;
mod interface;
mod rows;
mod shape;
mod types;

pub use aws::MODULES;
pub use fit::{Fit, Given};
pub use interface::{FilePlace, FileProblem, Interface, Variable, read_interface};
pub use rows::{Band, InputRow, InputSource, ModuleRow, OnChange, OutputRow, Reference, SectionKey, When};
pub use shape::ArgumentShape;
pub use types::{ObjectAttribute, VariableType};

/// A file of a shared module that is part of the binary.
#[derive(Debug)]
pub struct BuiltInFile {
    /// Its path below the modules' directory, such as `aws/customer-vpc/main.tf`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! built_in {
    ($($path:literal)*) => {
        /// Every file of the built-in modules, sorted by path. Their tests stay out: they are for those who change the modules.
        pub static BUILT_IN: &[BuiltInFile] = &[$(BuiltInFile { path: $path, text: include_str!(concat!("../../../modules/", $path)) },)*];
    };
}

built_in! {
    "aws/customer-compute/README.md"
    "aws/customer-compute/alarms.tf"
    "aws/customer-compute/autoscaling_group.tf"
    "aws/customer-compute/iam.tf"
    "aws/customer-compute/image.tf"
    "aws/customer-compute/launch_template.tf"
    "aws/customer-compute/load_balancer.tf"
    "aws/customer-compute/main.tf"
    "aws/customer-compute/outputs.tf"
    "aws/customer-compute/scaling.tf"
    "aws/customer-compute/security_groups.tf"
    "aws/customer-compute/variables.tf"
    "aws/customer-compute/versions.tf"
    "aws/customer-database/README.md"
    "aws/customer-database/encryption.tf"
    "aws/customer-database/main.tf"
    "aws/customer-database/outputs.tf"
    "aws/customer-database/parameter_group.tf"
    "aws/customer-database/security_group.tf"
    "aws/customer-database/variables.tf"
    "aws/customer-database/versions.tf"
    "aws/customer-vpc/README.md"
    "aws/customer-vpc/endpoints.tf"
    "aws/customer-vpc/flow_logs.tf"
    "aws/customer-vpc/main.tf"
    "aws/customer-vpc/nat.tf"
    "aws/customer-vpc/outputs.tf"
    "aws/customer-vpc/subnets.tf"
    "aws/customer-vpc/variables.tf"
    "aws/customer-vpc/versions.tf"
    "aws/customer-vpc/vpn.tf"
}

/// The row of a module, by the label of its call.
pub fn module_of_block(block: &str) -> Option<&'static ModuleRow> {
    MODULES.iter().find(|module| module.block == block)
}

/// The input that takes a key of a section, with its module: the first of those that it reaches.
pub fn taken_by((section, key): (&str, &str)) -> Option<(&'static ModuleRow, &'static InputRow)> {
    let takes = |row: &&InputRow| row.source.keys().into_iter().flatten().any(|of| of == (section, key));
    MODULES.iter().find_map(|module| Some((module, module.inputs.iter().find(takes)?)))
}

/// What a built-in module takes and gives. Only the files that declare anything are read, since every run begins with this.
pub fn built_in_interface(module: &str) -> Interface {
    let mut files = built_in("aws", module);
    files.retain(|(_, text)| text.lines().any(|line| line.starts_with("variable ") || line.starts_with("output ")));
    read_interface(&files).0
}

/// The `.tf` files of a built-in module.
pub fn built_in(cloud: &str, module: &str) -> Vec<(String, String)> {
    let directory = format!("{cloud}/{module}/");
    let own = BUILT_IN.iter().filter_map(|file| file.path.strip_prefix(&directory).map(|name| (name, file.text)));
    own.filter(|(name, _)| name.ends_with(".tf")).map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}
