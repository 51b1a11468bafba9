//! What is fuzzed: each function takes any bytes and panics where terralet does not keep its word.
//!
//! Shared by the fuzzer (tests/fuzz/fuzz_targets) and by the tests that replay seeds and regressions (tests/fuzz/main.rs).

use crate::common::agreement::{ours, spans_fit};
use crate::common::hcl_reader::literals;
use crate::common::layer_agreement::agrees_with_the_model;
use crate::common::places::places_fit;
use crate::common::random::Random;
use crate::common::reads_back::reads_back;
use crate::common::root_modules::root_module;
use crate::common::tape::Numbers;
use crate::common::unseen::is_unseen;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::compile::customer;
use terralet_core::diagnostics::{Diagnostics, Rules, Severity};
use terralet_core::emit::{self, Header, quoted};
use terralet_core::platform;
use terralet_core::resolve::{Content, DocumentFile, RepositoryFiles};
use terralet_core::source::{SourceFile, SourceMap};
use terralet_core::syntax::{MAX_BYTES, Node, Value};

/// A line with this in front starts a document of that name, in inputs of [`compile`].
pub(crate) const DOCUMENT: &str = "=== ";

/// Any text as YAML: every place lies in the text, and what is read can be written in quotes and read again.
pub(crate) fn tree(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (node, diagnostics) = ours(&text);
    let reports = diagnostics.finish(&sources(&text), &Rules::default(), None, &|_| None);
    places_fit(&reports);
    let Some(node) = node else {
        assert!(!reports.is_empty(), "nothing is read and nothing reported");
        return;
    };
    spans_fit(&text, &node).unwrap();
    let mut written = String::new();
    write(&node, &mut written);
    if written.len() <= MAX_BYTES {
        let (again, diagnostics) = ours(&written);
        let again = again.unwrap_or_else(|| panic!("{written:?} is refused: {:?}", diagnostics.iter().next().map(|found| &found.message)));
        assert!(same_text(&node, &again), "{written:?} is not {node:?}");
    }
}

/// The text as the file of every span that [`ours`] makes.
fn sources(text: &str) -> SourceMap {
    let mut sources = SourceMap::new(Arc::new(SourceFile::new("terralet.yml", "")));
    sources.add(SourceFile::new("variables.yml", text));
    sources
}

/// Everything in quotes, on one line.
fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push('~'),
        Value::Scalar(scalar) => quote(&scalar.text, text),
        Value::Sequence(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push_str(", ");
            }
            text.push(']');
        }
        Value::Mapping(mapping) => {
            text.push('{');
            for entry in &mapping.entries {
                text.push_str("? ");
                quote(&entry.key.value, text);
                text.push_str(" : ");
                write(&entry.value, text);
                text.push_str(", ");
            }
            text.push('}');
        }
    }
}

fn quote(value: &str, text: &mut String) {
    text.push('"');
    for letter in value.chars() {
        match u32::from(letter) {
            _ if letter.is_ascii_alphanumeric() => text.push(letter),
            code => text.push_str(&format!("\\U{code:08x}")),
        }
    }
    text.push('"');
}

/// True when both hold the same texts, in quotes or not.
fn same_text(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar(one), Value::Scalar(other)) => one.text == other.text,
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_text(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let mut pairs = one.entries.iter().zip(&other.entries);
            one.entries.len() == other.entries.len()
                && pairs.all(|(one, other)| one.key.value == other.key.value && same_text(&one.value, &other.value))
        }
        _ => false,
    }
}

/// Numbers as choices of a repository and a tier: what the layers merge to is what the model of RFC 7396 says.
pub(crate) fn layers(bytes: &[u8]) {
    if let Err(problem) = agrees_with_the_model(Numbers::from_bytes(bytes), &mut BTreeMap::new()) {
        panic!("{problem}");
    }
}

/// Read once: thousands of inputs are compiled in a second.
static INTERFACES: LazyLock<Interfaces> = LazyLock::new(Interfaces::built_in);

/// Documents, one of which may be `terralet.yml`, through the whole pipeline: reported or compiled, and what is compiled is made of terralet's own
/// blocks and of literals.
pub(crate) fn compile(bytes: &[u8]) {
    let mut documents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut name = "variables.yml".to_owned();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(DOCUMENT.as_bytes()) {
            Some(written) => name = String::from_utf8_lossy(written).trim().to_owned(),
            None => documents.entry(name.clone()).or_default().extend_from_slice(line),
        }
    }
    let platform = documents.remove("terralet.yml").unwrap_or_else(|| b"platform: acme\n".to_vec());
    let source = Arc::new(SourceFile::new("terralet.yml", String::from_utf8_lossy(&platform).into_owned()));
    let mut diagnostics = Diagnostics::new();
    let platform = platform::read(Arc::clone(&source), platform::Date::after_1970(0), &mut diagnostics);
    let reports = diagnostics.finish(&SourceMap::new(source), &Rules::default(), None, &|_| None);
    places_fit(&reports);
    if reports.iter().any(|report| report.severity == Severity::Error) {
        return;
    }
    let surroundings = CompileContext { platform: &platform, interfaces: &INTERFACES, output_to_workspace: ".." };
    let (compiled, proven) = customer(files(documents), &surroundings);
    places_fit(&compiled.reports);
    let has_errors = compiled.reports.iter().any(|report| report.severity == Severity::Error);
    assert_eq!(compiled.roots.is_none(), has_errors, "roots come exactly where there is no error");
    for root in proven.filter(|_| !has_errors).iter().flat_map(|proven| proven.assemble(&surroundings)) {
        for (_, text) in emit::root(&root) {
            let header = Header::parse(&text).unwrap();
            assert!(header.identity == root.identity && header.fits(&text));
        }
        reads_back(&root);
    }
}

fn files(documents: BTreeMap<String, Vec<u8>>) -> RepositoryFiles {
    RepositoryFiles {
        name: "shop".to_owned(),
        directory: "customers/shop".to_owned(),
        infra: "customers/shop/infra".to_owned(),
        listed: true,
        files: documents.into_iter().map(|(name, bytes)| DocumentFile { name, content: Content::Bytes(bytes) }).collect(),
        unread: None,
        nested_platform: None,
    }
}

/// Eight bytes that choose a root module, and texts with line ends between them for every place that takes one: each comes back as it was.
pub(crate) fn printer(bytes: &[u8]) {
    let (seed, texts) = bytes.split_at(bytes.len().min(8));
    let seed = seed.iter().fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    // A line end is written as the two characters of its escape.
    let texts: Vec<String> = texts.split(|byte| *byte == b'\n').map(|text| String::from_utf8_lossy(text).replace("\\n", "\n")).collect();
    for text in &texts {
        let body = format!("a = {}\n", quoted(text));
        assert!(!body.trim_end().chars().any(is_unseen), "an invisible character in {body:?}");
        assert_eq!(literals(&body).unwrap(), std::slice::from_ref(text));
        let parsed = hcl::parse(&body).unwrap();
        assert_eq!(parsed.attributes().next().unwrap().expr, hcl::Expression::String(text.clone()));
    }
    let root = root_module(&mut Random::new(seed), &mut |random| texts[random.below(texts.len())].clone());
    reads_back(&root);
}
