//! Whatever is said of `database` is said of a named database too: every fixture with the one is judged with the other in its place.

use serde_yaml::{Mapping, Value};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::compile::customer;
use terralet_core::diagnostics::{Diagnostics, Report};
use terralet_core::platform::{self, Date, Platform};
use terralet_core::resolve::{Content, DocumentFile, RepositoryFiles};
use terralet_core::source::SourceFile;

/// What is said of the form of a document, which is lost when it is written anew.
const OF_THE_TEXT: [&str; 2] = ["text-normalised", "shallow-merge"];

#[test]
fn what_is_said_of_a_database_is_said_of_each() {
    let (mut compared, mut said, mut faults) = (0, 0, Vec::new());
    for repository in repositories() {
        let Some(named) = repository.renamed() else { continue };
        let (of_one, of_named) = (repository.judged(), named.judged());
        let codes = |reports: &[Report]| -> Vec<&'static str> {
            let mut codes: Vec<&str> = reports.iter().map(|report| report.code.name).filter(|code| !OF_THE_TEXT.contains(code)).collect();
            codes.sort_unstable();
            codes
        };
        if codes(&of_one) != codes(&of_named) {
            let words = |reports: &[Report]| {
                reports.iter().map(|report| format!("  {}: {}\n", report.code.name, report.message)).collect::<String>()
            };
            faults.push(format!("{}:\n{}{}instead of\n{}", repository.name, named.texts(), words(&of_named), words(&of_one)));
        }
        for report in &of_named {
            let text = format!("{} {}", report.message, report.help.as_deref().unwrap_or_default());
            // A key is repeated as it is written.
            let is_of_one = |words: &str| text.contains(words) && report.code.name != "unknown-key";
            if ["`database:`", "`database."].into_iter().any(is_of_one) {
                faults.push(format!("{}: of a named database:\n{text}", repository.name));
            }
        }
        compared += 1;
        said += of_named.len();
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared > 80 && said > 100, "{compared} compared, {said} reports");
}

/// Documents as trees, and the platform that they are judged by.
struct Tree {
    name: String,
    customer: String,
    platform: Arc<Platform>,
    documents: Vec<(String, Value)>,
}

impl Tree {
    /// The same with each `database` as a named one; nothing where there is none, or where names are in use.
    fn renamed(&self) -> Option<Tree> {
        let mut documents = self.documents.clone();
        let mut count = 0;
        for (_, document) in &mut documents {
            rename(document.as_mapping_mut()?, &mut count)?;
        }
        (count > 0).then(|| Tree {
            name: self.name.clone(),
            customer: self.customer.clone(),
            platform: Arc::clone(&self.platform),
            documents,
        })
    }

    fn texts(&self) -> String {
        self.documents.iter().map(|(name, document)| format!("--- {name}\n{}", serde_yaml::to_string(document).unwrap())).collect()
    }

    fn judged(&self) -> Vec<Report> {
        let file = |(name, document): &(String, Value)| DocumentFile {
            name: name.clone(),
            content: Content::Bytes(serde_yaml::to_string(document).unwrap().into_bytes()),
        };
        let files = RepositoryFiles {
            name: self.customer.clone(),
            directory: format!("customers/{}", self.customer),
            infra: format!("customers/{}/infra", self.customer),
            listed: true,
            files: self.documents.iter().map(file).collect(),
            unread: None,
            nested_platform: None,
        };
        let interfaces = Interfaces::built_in();
        customer(files, &CompileContext { platform: &self.platform, interfaces: &interfaces, output_to_workspace: ".." }).0.reports
    }
}

/// Names the databases of a part of a document, and of the parts in it.
fn rename(part: &mut Mapping, count: &mut usize) -> Option<()> {
    if part.contains_key("databases") {
        return None;
    }
    if let Some(database) = part.remove("database") {
        *count += 1;
        let named = Mapping::from_iter([(Value::from("orders"), database)]);
        part.insert("databases".into(), Value::Mapping(named));
    }
    for key in ["environments", "services", "regions"] {
        let parts = part.get_mut(key).and_then(Value::as_mapping_mut);
        for (_, part) in parts.into_iter().flatten() {
            if let Some(part) = part.as_mapping_mut() {
                rename(part, count)?;
            }
        }
    }
    Some(())
}

/// The fixtures that another library reads: one document, the documents of a directory, or those of a customer of a workspace.
fn repositories() -> Vec<Tree> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/diagnose");
    let mut repositories = Vec::new();
    for entry in directory(&fixtures).iter().filter(|folder| folder.is_dir()).flat_map(|folder| directory(folder)) {
        let platform = fs::read_to_string(entry.join("terralet.yml")).unwrap_or_default();
        let mut diagnostics = Diagnostics::new();
        let platform = Arc::new(match entry.join("terralet.yml").is_file() {
            true => platform::read(Arc::new(SourceFile::new("terralet.yml", platform)), Date::after_1970(20_800), &mut diagnostics),
            false => Platform::built_in(),
        });
        let infras: Vec<PathBuf> = match entry.is_file() {
            true => Vec::new(),
            false => {
                let customers = directory(&entry.join("customers"));
                std::iter::once(entry.join("infra")).chain(customers.iter().map(|customer| customer.join("infra"))).collect()
            }
        };
        let files: Vec<Vec<PathBuf>> = match entry.is_file() {
            true => vec![vec![entry.clone()]],
            false => infras.iter().map(|infra| directory(infra)).collect(),
        };
        for files in files.into_iter().filter(|files| !files.is_empty()) {
            let name = |path: &Path| match entry.is_file() {
                true => "variables.yml".to_owned(),
                false => path.file_name().unwrap().to_string_lossy().into_owned(),
            };
            let read = |path: &PathBuf| {
                let mut tree: Value = serde_yaml::from_str(&fs::read_to_string(path).ok()?).ok()?;
                tree.apply_merge().ok()?;
                tree.is_mapping().then(|| (name(path), tree))
            };
            let documents: Option<Vec<_>> = files.iter().map(read).collect();
            let name = files[0].strip_prefix(&fixtures).unwrap().display().to_string();
            let customer = name.split('/').skip_while(|part| *part != "customers").nth(1).unwrap_or("shop").to_owned();
            repositories.extend(documents.map(|documents| Tree { name, customer, platform: Arc::clone(&platform), documents }));
        }
    }
    repositories
}

fn directory(path: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
