//! Every YAML file below fixtures/, and pieces to damage them with.

use std::fs;
use std::path::Path;

/// The YAML files below fixtures/ that are UTF-8, by path, sorted.
pub(crate) fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    found
}

fn collect(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let is_yaml = path.extension().is_some_and(|end| end == "yml" || end == "yaml");
        if path.is_dir() {
            collect(&path, found);
        } else if is_yaml && let Ok(text) = fs::read_to_string(&path) {
            found.push((path.display().to_string(), text));
        }
    }
}
