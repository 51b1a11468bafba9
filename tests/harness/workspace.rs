//! A small workspace that a test writes itself, and what a run over it said.

use super::{Sandbox, read_tree, terralet};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A platform that keeps state in one bucket, by repository.
pub const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
/// One that lets sections stand that no module takes.
pub const OF_ANY_SECTION: &str = "customers: [customers/*]\nrules: {section-without-module: off}\n";
/// A customer with one environment.
pub const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
";
/// A customer with a network and nothing else.
pub const NETWORK_ALONE: &str = "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\nnetworking: {vpc_cidr: 10.20.0.0/16}\n";
/// A customer next to the one that a test is about.
pub const CAFE: &str = "\
project_name: cafe
region: eu-west-1
networking: {vpc_cidr: 10.1.0.0/16}
environments: {dev: {}}
";

/// The files of a root without a service.
pub const WHOLE: [&str; 5] = ["backend.tf", "main.tf", "outputs.tf", "providers.tf", "versions.tf"];
/// The files of a deployment that went, with which its resources are destroyed.
pub const TOMBSTONE: [&str; 3] = ["backend.tf", "providers.tf", "versions.tf"];
/// The formats that everything is printed in.
pub const FORMATS: [&str; 4] = ["human", "json", "sarif", "github"];

/// A workspace in a temporary directory. Its shared modules are next to it, so that its tree holds roots only.
pub struct Workspace {
    _sandbox: Sandbox,
    pub root: PathBuf,
}

/// The end of every platform file: the shared modules.
const MODULES: &str = "modules: {source: ../modules}\n";

impl Workspace {
    /// A workspace with a platform file and documents, whose paths are below `customers/`.
    pub fn new(platform: &str, documents: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        let root = fs::canonicalize(sandbox.path()).unwrap().join("workspace");
        let workspace = Workspace { _sandbox: sandbox, root };
        workspace.platform(platform);
        for (path, text) in documents {
            workspace.document(path, text);
        }
        workspace
    }

    /// Writes the platform file.
    pub fn platform(&self, text: &str) {
        self.write("terralet.yml", &format!("{text}\n{MODULES}"));
    }

    /// Writes a document: `shop/variables.yml` is that file of the repository `shop`.
    pub fn document(&self, path: &str, text: &str) {
        self.write(&self.place(path), text);
    }

    /// Removes a document.
    pub fn forget(&self, path: &str) {
        fs::remove_file(self.root.join(self.place(path))).unwrap();
    }

    fn place(&self, path: &str) -> String {
        let (repository, name) = path.split_once('/').unwrap();
        format!("customers/{repository}/infra/{name}")
    }

    /// Writes any file of the workspace.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The text of a file below the output.
    pub fn generated(&self, path: &str) -> String {
        fs::read_to_string(self.output().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn output(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// Every file below the output.
    pub fn tree(&self) -> BTreeMap<String, String> {
        read_tree(&self.output())
    }

    /// The names of the files of a root, sorted.
    pub fn files(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.output().join(directory)) else { return Vec::new() };
        let files = entries.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs the binary with `--format json`, expects an exit status, and gives what it reported.
    pub fn run(&self, arguments: &[&str], status: i32) -> Reported {
        let mut call = arguments.to_vec();
        call.extend(["--format", "json"]);
        let output = terralet(&self.root, &call);
        let (out, err) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
        assert_eq!(output.status.code(), Some(status), "terralet {arguments:?} said:\n{out}{err}");
        Reported { json: serde_json::from_str(&out).unwrap_or(serde_json::Value::Null), text: format!("{out}{err}") }
    }

    /// Compiles without an error.
    pub fn compile(&self) -> Reported {
        self.run(&["compile"], 0)
    }
}

/// What a run reported.
pub struct Reported {
    pub json: serde_json::Value,
    pub text: String,
}

impl Reported {
    /// Diagnostics as `severity[code]`, without advice, sorted.
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self
            .diagnostics()
            .filter(|diagnostic| diagnostic["severity"] != "advice")
            .map(|diagnostic| format!("{}[{}]", diagnostic["severity"].as_str().unwrap(), diagnostic["code"].as_str().unwrap()))
            .collect();
        codes.sort();
        codes
    }

    /// The only diagnostic of a code.
    pub fn only(&self, code: &str) -> &serde_json::Value {
        let found: Vec<_> = self.diagnostics().filter(|diagnostic| diagnostic["code"] == code).collect();
        assert_eq!(found.len(), 1, "`{code}` is reported {} times in:\n{}", found.len(), self.text);
        found[0]
    }

    /// The differences, as `file: state`.
    pub fn differences(&self) -> Vec<String> {
        let differences = self.json["differences"].as_array().unwrap();
        let line =
            |difference: &serde_json::Value| format!("{}: {}", difference["file"].as_str().unwrap(), difference["state"].as_str().unwrap());
        differences.iter().map(line).collect()
    }

    pub fn diagnostics(&self) -> impl Iterator<Item = &serde_json::Value> {
        self.json["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default().iter()
    }
}

/// A text without a part that is in it once.
pub fn without(text: &str, part: &str) -> String {
    assert_eq!(text.matches(part).count(), 1, "`{part}` in:\n{text}");
    text.replace(part, "")
}

/// The labels of a diagnostic, as `file:line`.
pub fn labels(diagnostic: &serde_json::Value) -> Vec<String> {
    let labels = diagnostic["labels"].as_array().unwrap();
    labels.iter().map(|label| format!("{}:{}", label["file"].as_str().unwrap(), label["line"])).collect()
}

/// A diagnostic's message and help, for looking into.
pub fn words(diagnostic: &serde_json::Value) -> String {
    format!("{}\n{}", diagnostic["message"].as_str().unwrap(), diagnostic["help"].as_str().unwrap_or(""))
}

/// Asserts that nothing below a directory is a temporary file of a run.
pub fn assert_no_leftovers(directory: &Path) {
    let leftover = |name: &String| name.split('/').any(|part| part.starts_with(".terralet-") && part.ends_with(".tmp"));
    let found: Vec<String> = read_tree(directory).into_keys().filter(leftover).collect();
    assert!(found.is_empty(), "temporary files were left: {found:?}");
}
