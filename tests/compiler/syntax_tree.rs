//! The syntax tree says what the text says: it agrees with serde_yaml, with generated documents, and with the text under its spans.

use crate::common::agreement::{agrees, known_difference_of_text, nfc, ours, spans_fit, theirs};
use crate::common::damage::damage;
use crate::common::random::Random;
use crate::common::tape::Tape;
use crate::common::yaml_tree::Tree;
use crate::common::{documents, tape, yaml_text, yaml_tree};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use proptest::test_runner::TestCaseError;
use terralet_core::diagnostics::Diagnostics;
use terralet_core::source::Span;
use terralet_core::syntax::{Node, Plain, Value, plain};

#[test]
fn fixtures_read_as_serde_yaml_reads_them() {
    let mut compared = 0;
    let mut problems = Vec::new();
    for (path, text) in documents::fixtures() {
        let (Some(node), _) = ours(&text) else { continue };
        if let Err(problem) = spans_fit(&text, &node) {
            problems.push(format!("{path}: {problem}"));
        }
        let Some(other) = theirs(&text) else { continue };
        compared += 1;
        if let Err(problem) = agrees("", &node, &other) {
            problems.push(format!("{path}: {problem}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(compared > 500, "only {compared} documents were compared");
}

/// What a generated document says, against the tree.
fn says(path: &str, node: &Node, tree: &Tree) -> Result<(), TestCaseError> {
    let differs = || Err(TestCaseError::fail(format!("{path}: {:?} is not {tree:?}", node.value)));
    match (&node.value, tree.value()) {
        (Value::Null, Tree::Plain(text)) if plain(text) == Plain::Null => Ok(()),
        (Value::Scalar(scalar), Tree::Plain(text)) if scalar.plain && scalar.text.as_str() == nfc(text) => Ok(()),
        (Value::Scalar(scalar), Tree::Text(text)) if !scalar.plain && scalar.text.as_str() == nfc(text) => Ok(()),
        (Value::Sequence(items), Tree::List(trees)) if items.len() == trees.len() => {
            items.iter().zip(trees).enumerate().try_for_each(|(index, (item, tree))| says(&format!("{path}[{index}]"), item, tree))
        }
        (Value::Mapping(mapping), Tree::Map(own, _)) => {
            let entries = tree.entries();
            if mapping.entries.len() != entries.len() {
                return differs();
            }
            for (key, value) in &entries {
                let Some(entry) = mapping.get(key) else { return differs() };
                says(&format!("{path}.{key}"), &entry.value, value)?;
            }
            // Own keys come in the order written.
            let written: Vec<&str> = mapping.entries.iter().take(own.len()).map(|entry| entry.key.value.as_str()).collect();
            if written.iter().zip(own).any(|(ours, (key, _))| ours != key) {
                return differs();
            }
            Ok(())
        }
        _ => differs(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { ..tape::config(2500, 1) })]

    #[test]
    fn generated_documents_are_read_as_they_were_meant(numbers in tape::numbers(700)) {
        let mut tape = Tape::new(numbers);
        let tree = yaml_tree::tree(&mut tape);
        let text = yaml_text::write(&tree, &mut tape);
        let (node, diagnostics) = ours(&text);
        prop_assert!(node.is_some(), "{text:?} is refused: {:?}", diagnostics.iter().map(|found| &found.message).collect::<Vec<_>>());
        let node = node.unwrap();
        says("", &node, &tree).map_err(|problem| TestCaseError::fail(format!("{problem}\n{text}")))?;
        spans_fit(&text, &node).map_err(|problem| TestCaseError::fail(format!("{problem}\n{text}")))?;
        let other = theirs(&text);
        prop_assert!(other.is_some(), "serde_yaml refuses {text:?}");
        agrees("", &node, &other.unwrap()).map_err(|problem| TestCaseError::fail(format!("{problem}\n{text}")))?;
    }
}

/// Every place that a diagnostic names lies in the text, between characters.
fn places_fit(text: &str, diagnostics: &Diagnostics) -> Result<(), String> {
    let fits = |span: Span| text.get(span.range()).is_some();
    for diagnostic in diagnostics.iter() {
        let spans = diagnostic.labels.iter().map(|label| label.span).chain(diagnostic.edits.iter().map(|edit| edit.span));
        if let Some(span) = spans.into_iter().find(|span| !fits(*span)) {
            return Err(format!("{}: {span:?} does not fit the text of {} bytes", diagnostic.message, text.len()));
        }
    }
    Ok(())
}

#[test]
fn damaged_documents_are_refused_or_read_as_serde_yaml_reads_them() {
    let fixtures = documents::fixtures();
    let mut random = Random::new(20_261_122);
    let (mut refused, mut compared) = (0, 0);
    let mut problems = Vec::new();
    for round in 0..6000 {
        let (path, text) = &fixtures[random.below(fixtures.len())];
        let damaged = String::from_utf8_lossy(&damage(text.as_bytes(), &mut random)).into_owned();
        let mut report = |problem: String| problems.push(format!("round {round}, {path}: {problem}\n{damaged:?}"));
        let (node, diagnostics) = ours(&damaged);
        if let Err(problem) = places_fit(&damaged, &diagnostics) {
            report(problem);
        }
        let Some(node) = node else {
            refused += 1;
            continue;
        };
        if let Err(problem) = spans_fit(&damaged, &node) {
            report(problem);
        }
        let Some(other) = theirs(&damaged).filter(|_| known_difference_of_text(&damaged).is_none()) else { continue };
        compared += 1;
        if let Err(problem) = agrees("", &node, &other) {
            report(problem);
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    assert!(refused > 1000 && compared > 1000, "{refused} refused, {compared} compared");
}

#[test]
fn what_the_language_leaves_out_of_yaml_is_refused() {
    let refused = [
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: 1\n\"a\": 2\n", "duplicate-key"),
        ("caf\u{e9}: 1\ncafe\u{301}: 2\n", "duplicate-key"),
        ("a: {b: 1, b: 2}\n", "duplicate-key"),
        ("a: !mine 1\n", "unsupported-yaml"),
        ("a: !!set {x, y}\n", "unsupported-yaml"),
        ("1: a\n", "unsupported-yaml"),
        ("true: a\n", "unsupported-yaml"),
        ("~: a\n", "unsupported-yaml"),
        ("[a, b]: c\n", "unsupported-yaml"),
        ("a: 1\n---\nb: 2\n", "unsupported-yaml"),
        ("a: &a [*a]\n", "unsupported-yaml"),
        ("a: &a 1\nb:\n  <<: *a\n", "unsupported-yaml"),
        ("a: *.example.com\n", "yaml-syntax"),
        ("a:\n\tb: 1\n", "yaml-syntax"),
        ("%YAML 1.1\n---\na: 1\n", "yaml-syntax"),
        ("a: \"\\q\"\n", "yaml-syntax"),
        ("a: [1\nb: 2\n", "yaml-syntax"),
    ];
    for (text, code) in refused {
        let (node, diagnostics) = ours(text);
        let codes: Vec<&str> = diagnostics.iter().map(|found| found.code.name).collect();
        assert!(node.is_none() && codes.contains(&code), "{text:?}: {codes:?}");
    }
}

#[test]
fn merges_of_merges_take_everything_and_own_keys_win() {
    // serde_yaml leaves the `<<` of a merged mapping as a key, a known difference: this one is compared with what is meant.
    let text = "a: &a {x: 1, y: 1, z: 1}\nb: &b {<<: *a, y: 2}\nc: {z: 3, <<: [*b, {w: 4, y: 4}]}\n";
    let node = ours(text).0.unwrap();
    assert!(
        agrees("", &node, &theirs(text).unwrap()).is_err(),
        "serde_yaml merges as we do: generated documents may have merges of merges too"
    );
    let merged = node.as_mapping().unwrap().get("c").unwrap().value.as_mapping().unwrap();
    let mut read: Vec<(&str, &str)> =
        merged.entries.iter().map(|entry| (entry.key.value.as_str(), entry.value.as_scalar().unwrap().text.as_str())).collect();
    read.sort_unstable();
    assert_eq!(read, [("w", "4"), ("x", "1"), ("y", "2"), ("z", "3")]);
}

#[test]
fn aliases_cannot_make_a_document_grow_past_its_limits() {
    let bomb: String =
        (1..12).map(|level| format!("l{level}: &l{level} [{}]\n", [format!("*l{}", level - 1).as_str(); 10].join(", "))).collect();
    let deep = |levels: usize| format!("a: {}{}\n", "[".repeat(levels), "]".repeat(levels));
    for (text, code) in
        [(format!("l0: &l0 x\n{bomb}"), "document-too-large"), (deep(64), "document-too-large"), (deep(3000), "yaml-syntax")]
    {
        let (node, diagnostics) = ours(&text);
        let codes: Vec<&str> = diagnostics.iter().map(|found| found.code.name).collect();
        assert!(node.is_none() && codes.iter().all(|found| [code, "document-too-large"].contains(found)) && !codes.is_empty(), "{codes:?}");
    }
    assert!(ours(&deep(62)).0.is_some());
}
