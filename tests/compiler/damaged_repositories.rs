//! Repositories and platform files with damaged bytes, through the whole pipeline: nothing panics, every place that is reported lies in its file,
//! and what still compiles is whole.

use crate::common::damage::damage;
use crate::common::places::places_fit;
use crate::common::random::Random;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::compile::customer;
use terralet_core::diagnostics::{Diagnostics, Severity};
use terralet_core::emit::{self, Header};
use terralet_core::platform::{self, Date, Platform};
use terralet_core::resolve::{Content, DocumentFile, RepositoryFiles};
use terralet_core::source::{SourceFile, SourceMap};

/// The sample workspace: its platform file, and the documents of each customer.
fn sample() -> (Vec<u8>, Vec<RepositoryBytes>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acme");
    let sorted = |directory: PathBuf| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let mut repositories = Vec::new();
    for directory in sorted(root.join("customers")) {
        let infra = [directory.join("deploy/infra"), directory.join("infra")].into_iter().find(|infra| infra.is_dir()).unwrap();
        let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let documents = sorted(infra).into_iter().filter(is_yaml).map(|path| (name(&path), fs::read(&path).unwrap())).collect();
        repositories.push((name(&directory), documents));
    }
    (fs::read(root.join("terralet.yml")).unwrap(), repositories)
}

/// A repository's name and its documents.
type RepositoryBytes = (String, Vec<(String, Vec<u8>)>);

fn files((name, documents): RepositoryBytes) -> RepositoryFiles {
    let files = documents.into_iter().map(|(name, bytes)| DocumentFile { name, content: Content::Bytes(bytes) }).collect();
    RepositoryFiles {
        directory: format!("customers/{name}"),
        infra: format!("customers/{name}/infra"),
        name,
        listed: true,
        files,
        unread: None,
        nested_platform: None,
    }
}

fn platform_of(bytes: &[u8], diagnostics: &mut Diagnostics) -> Platform {
    platform::read(Arc::new(SourceFile::new("terralet.yml", String::from_utf8_lossy(bytes).into_owned())), Date::after_1970(0), diagnostics)
}

#[test]
fn damaged_documents_are_reported_or_compiled() {
    let (platform, repositories) = sample();
    let platform = platform_of(&platform, &mut Diagnostics::new());
    let interfaces = Interfaces::built_in();
    let mut random = Random::new(9);
    let (mut failed, mut compiled) = (0, 0);
    for _ in 0..500 {
        let (name, mut documents) = repositories[random.below(repositories.len())].clone();
        let which = random.below(documents.len());
        documents[which].1 = damage(&documents[which].1, &mut random);
        let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
        let (customer, proven) = customer(files((name, documents)), &surroundings);
        places_fit(&customer.reports);
        let has_errors = customer.reports.iter().any(|report| report.severity == Severity::Error);
        assert_eq!(customer.roots.is_none(), has_errors, "roots come exactly where there is no error");
        failed += usize::from(has_errors);
        compiled += usize::from(!has_errors);
        for root in proven.iter().flat_map(|proven| proven.assemble(&surroundings)) {
            for (_, text) in emit::root(&root) {
                let header = Header::parse(&text).unwrap();
                assert!(header.identity == root.identity && header.fits(&text));
            }
        }
    }
    assert!(failed > 200 && compiled > 25, "{failed} failed, {compiled} compiled");
}

#[test]
fn damaged_platform_files_are_reported_or_taken() {
    let (platform, repositories) = sample();
    let mut random = Random::new(10);
    let interfaces = Interfaces::built_in();
    let (mut refused, mut taken) = (0, 0);
    for round in 0..600 {
        let mut diagnostics = Diagnostics::new();
        let platform = platform_of(&damage(&platform, &mut random), &mut diagnostics);
        if !diagnostics.has_errors(&platform.rules) {
            taken += 1;
            if round % 8 == 0 {
                let repository = repositories[random.below(repositories.len())].clone();
                places_fit(
                    &customer(
                        files(repository),
                        &CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." },
                    )
                    .0
                    .reports,
                );
            }
        } else {
            refused += 1;
        }
        places_fit(&diagnostics.finish(&SourceMap::new(platform.source.clone()), &platform.rules, None, &|_| None));
    }
    assert!(refused > 100 && taken > 100, "{refused} refused, {taken} taken");
}
