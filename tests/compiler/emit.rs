//! What is emitted, judged by Terraform itself: a fixed point of `terraform fmt`, and strings that evaluate to what was meant.

use crate::common::hostile::hostile;
use crate::common::random::Random;
use crate::common::root_modules;
use crate::real_terraform::terraform_for;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use tempfile::TempDir;
use terralet_core::emit;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[test]
fn generated_roots_are_a_fixed_point_of_terraform_fmt() {
    let Some(mut terraform) = terraform_for("the layout of 400 generated root modules") else { return };
    let tree = TempDir::new().unwrap();
    let mut random = Random::new(7);
    for number in 0..400 {
        let root = root_modules::root_module(&mut random, &mut hostile);
        let directory = tree.path().join(format!("root-{number}"));
        fs::create_dir(&directory).unwrap();
        for (name, text) in emit::root(&root) {
            fs::write(directory.join(name), text).unwrap();
        }
        fs::write(directory.join(emit::GUARD_FILE), emit::guard(&root.identity)).unwrap();
    }
    let output = terraform.args(["fmt", "-check", "-diff", "-recursive"]).arg(tree.path()).output().unwrap();
    let reported = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}", reported.chars().take(6000).collect::<String>());
    assert_eq!(reported, "", "`terraform fmt` has nothing to say of what is as it should be");
}

#[test]
fn terraform_reads_hostile_text_as_it_was_meant() {
    let Some(mut terraform) = terraform_for("the values of 2,000 hostile strings") else { return };
    let directory = TempDir::new().unwrap();
    let mut random = Random::new(8);
    // Terraform normalises text to NFC, as the front end has done by then.
    let mut texts: Vec<String> = (0..2300).map(|_| hostile(&mut random).nfc().collect()).collect();
    texts.retain(|text| !is_composed_wrongly(text));
    assert!(texts.len() > 2000);
    let keys: BTreeSet<&String> = texts.iter().collect();
    let list: String = texts.iter().map(|text| format!("    {},\n", emit::quoted(text))).collect();
    let map: String = keys.iter().map(|text| format!("    {} = {}\n", emit::quoted(text), emit::quoted(text))).collect();
    let body = format!("output \"texts\" {{\n  value = [\n{list}  ]\n}}\n\noutput \"keys\" {{\n  value = {{\n{map}  }}\n}}\n");
    fs::write(directory.path().join("main.tf"), body).unwrap();
    let applied = terraform.current_dir(&directory).args(["apply", "-auto-approve", "-no-color"]).output().unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let state: Value = serde_json::from_slice(&fs::read(directory.path().join("terraform.tfstate")).unwrap()).unwrap();
    let values = state["outputs"]["texts"]["value"].as_array().unwrap();
    assert_eq!(values.len(), texts.len());
    for (value, text) in values.iter().zip(&texts) {
        assert_eq!(value.as_str(), Some(text.as_str()), "from {}", emit::quoted(text));
    }
    let entries = state["outputs"]["keys"]["value"].as_object().unwrap();
    assert_eq!(entries.len(), keys.len());
    assert!(entries.iter().all(|(key, value)| value == key && keys.contains(key)));
}

/// A letter past U+FFFF before a combining mark. Terraform's NFC looks compositions up by the lower 16 bits of both (golang.org/x/text,
/// unicode/norm, `combine`), so that U+E0041 and U+0301 become U+00C1 whatever way they are written; nothing that is emitted can fix it.
fn is_composed_wrongly(text: &str) -> bool {
    text.chars().zip(text.chars().skip(1)).any(|(letter, next)| u32::from(letter) > 0xffff && is_combining_mark(next))
}
