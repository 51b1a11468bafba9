//! The stages of a compile separately, over a hundred customers of the fleet that benches/fleet measures: `cargo bench --bench stages`.
//!
//! Each figure is of all hundred. What a stage needs of those before it is made outside of what is measured.

#![allow(missing_docs, clippy::panic)]

// The fleet that the other bench measures.
#[path = "fleet/workload.rs"]
#[allow(dead_code)]
mod workload;

use divan::{Bencher, black_box};
use std::sync::Arc;
use terralet_core::assemble::CompileContext;
use terralet_core::check::{self, CheckInput, Interfaces, complete};
use terralet_core::compile::customer;
use terralet_core::diagnostics::Diagnostics;
use terralet_core::ir;
use terralet_core::lower::lower;
use terralet_core::platform::{self, Date, Platform};
use terralet_core::resolve::{self, Content, DocumentFile, Documents, RepositoryFiles, read_documents};
use terralet_core::schema::Poisoned;
use terralet_core::source::{FileId, SourceFile, SourceMap};
use terralet_core::{emit, syntax};
use workload::{Document, Workload};

const FLEET: Workload = Workload { seed: 1, customers: 100, registered: 5 };

fn main() {
    divan::main();
}

fn documents() -> Vec<Document> {
    (0..FLEET.customers).flat_map(|index| FLEET.customer(index)).collect()
}

fn the_platform() -> Platform {
    platform::read(Arc::new(SourceFile::new("terralet.yml", FLEET.platform())), Date::after_1970(0), &mut Diagnostics::new())
}

/// The repositories as the file system has them.
fn repositories() -> Vec<RepositoryFiles> {
    let repository = |index| {
        let file = |document: Document| DocumentFile {
            name: document.path.rsplit('/').next().unwrap_or("").to_owned(),
            content: Content::Bytes(document.text.into_bytes()),
        };
        let directory = format!("customers/{}", FLEET.repository(index));
        RepositoryFiles {
            name: FLEET.repository(index),
            infra: format!("{directory}/infra"),
            directory,
            listed: true,
            files: FLEET.customer(index).into_iter().map(file).collect(),
            unread: None,
            nested_platform: None,
        }
    };
    (0..FLEET.customers).map(repository).collect()
}

/// A customer's parsed documents, with what reading them left.
struct Read {
    documents: Documents,
    poisoned: Poisoned,
}

fn read() -> Vec<Read> {
    let (platform, decided) = (Arc::new(SourceFile::new("terralet.yml", FLEET.platform())), the_platform());
    let one = |files| {
        let (mut sources, mut poisoned, mut diagnostics) = (SourceMap::new(Arc::clone(&platform)), Poisoned::default(), Diagnostics::new());
        let documents = read_documents(files, &decided, &mut sources, &mut poisoned, &mut diagnostics);
        Read { documents, poisoned }
    };
    repositories().into_iter().map(one).collect()
}

fn lowered(read: &Read, platform: &Platform, diagnostics: &mut Diagnostics) -> ir::Customer {
    let resolved = resolve::resolve(&read.documents, platform, &read.poisoned, diagnostics);
    let Some(resolved) = resolved else { panic!("`{}` makes no deployment", read.documents.repository) };
    lower(resolved, platform, &read.poisoned, diagnostics)
}

/// Text to trees.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let documents = documents();
    bencher.bench(|| {
        for document in &documents {
            black_box(syntax::parse(FileId(1), &document.text, &mut Diagnostics::new()));
        }
    });
}

/// Trees to one merged mapping a deployment.
#[divan::bench]
fn resolve(bencher: Bencher<'_, '_>) {
    let (platform, customers) = (the_platform(), read());
    bencher.bench(|| {
        for Read { documents, poisoned } in &customers {
            black_box(resolve::resolve(documents, &platform, poisoned, &mut Diagnostics::new()));
        }
    });
}

/// Typed customers past every rule to the proof.
#[divan::bench]
fn check(bencher: Bencher<'_, '_>) {
    let (platform, customers, interfaces) = (the_platform(), read(), Interfaces::built_in());
    let lowered: Vec<ir::Customer> = customers.iter().map(|read| lowered(read, &platform, &mut Diagnostics::new())).collect();
    bencher.bench(|| {
        for (customer, Read { poisoned, .. }) in lowered.iter().zip(&customers) {
            let mut diagnostics = Diagnostics::new();
            let registration = platform.registry.get(&customer.identity.repository);
            let context =
                CheckInput { customer, platform: &platform, rules: &platform.rules, registration, poisoned, interfaces: &interfaces };
            check::check(&context, &mut diagnostics);
            black_box(complete(&context, &mut diagnostics));
        }
    });
}

/// Root modules to text.
#[divan::bench]
fn print(bencher: Bencher<'_, '_>) {
    let (platform, interfaces) = (the_platform(), Interfaces::built_in());
    let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
    let proven = repositories().into_iter().filter_map(|files| customer(files, &surroundings).1);
    let roots: Vec<_> = proven.flat_map(|proven| proven.assemble(&surroundings)).collect();
    bencher.bench(|| {
        for root in &roots {
            black_box(emit::root(root));
        }
    });
}

/// The whole pipeline, from bytes to the proof.
#[divan::bench]
fn pipeline(bencher: Bencher<'_, '_>) {
    let (platform, interfaces) = (the_platform(), Interfaces::built_in());
    let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
    bencher.with_inputs(repositories).bench_values(|repositories| {
        for files in repositories {
            black_box(customer(files, &surroundings));
        }
    });
}
