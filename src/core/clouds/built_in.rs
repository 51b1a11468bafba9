//! The built-in modules: those in the binary.

use super::CLOUDS;
use crate::modules::{Interface, ModuleRow, read_interface};

/// A file of a shared module that is part of the binary.
#[derive(Debug)]
pub struct BuiltInFile {
    /// Its path below the modules' directory, such as `<cloud>/customer-vpc/main.tf`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every file of the built-in modules of every cloud.
pub fn built_in_files() -> impl Iterator<Item = &'static BuiltInFile> {
    CLOUDS.iter().flat_map(|cloud| cloud.facts().built_in)
}

/// What a built-in module takes and gives. Only the files that declare anything are read, since every run begins with this.
pub fn built_in_interface(module: &ModuleRow) -> Interface {
    let mut files = built_in(module);
    files.retain(|(_, text)| text.lines().any(|line| line.starts_with("variable ") || line.starts_with("output ")));
    read_interface(&files).0
}

/// The `.tf` files of a built-in module: names and texts.
pub fn built_in(module: &ModuleRow) -> Vec<(String, String)> {
    let directory = format!("{}/{}/", module.cloud, module.name);
    let own = built_in_files().filter_map(|file| file.path.strip_prefix(&directory).map(|name| (name, file.text)));
    own.filter(|(name, _)| name.ends_with(".tf")).map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}
