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

/// What a built-in module takes and gives, without places and rules: whatever the compiler takes, its rules take too. Only what declares
/// anything is read, since every run begins with this.
pub fn built_in_interface(module: &ModuleRow) -> Interface {
    let mut files = built_in(module);
    files.retain(|(_, text)| text.lines().any(|line| line.starts_with("variable ") || line.starts_with("output ")));
    files.iter_mut().for_each(|(_, text)| *text = declarations(text));
    let (mut interface, _) = read_interface(&files);
    interface.variables.values_mut().for_each(|variable| variable.place = None);
    interface
}

/// A file without what is most of it and says nothing of the interface: rules of values and descriptions, as `terraform fmt` lays them out.
fn declarations(text: &str) -> String {
    let mut declarations = String::with_capacity(text.len());
    let mut in_rule = false;
    for line in text.split_inclusive('\n') {
        in_rule |= line.starts_with("  validation {");
        if !in_rule && !line.starts_with("  description ") {
            declarations.push_str(line);
        }
        in_rule &= !line.starts_with("  }");
    }
    declarations
}

/// The `.tf` files of a built-in module: names and texts.
pub fn built_in(module: &ModuleRow) -> Vec<(String, String)> {
    let directory = format!("{}/{}/", module.cloud, module.name);
    let own = built_in_files().filter_map(|file| file.path.strip_prefix(&directory).map(|name| (name, file.text)));
    own.filter(|(name, _)| name.ends_with(".tf")).map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}
