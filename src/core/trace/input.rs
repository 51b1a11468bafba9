//! Terraform's machine-readable output: the document of `validate -json`, or the line stream of `init`, `plan`, `apply` and `destroy` with
//! `-json`, also one after the other.

use serde::Deserialize;
use serde_json::Value;

/// What was on standard input.
#[derive(Debug, Default)]
pub struct Input {
    /// Terraform's diagnostics, in their order.
    pub diagnostics: Vec<TerraformDiagnostic>,
    /// Lines that are not JSON, such as what a wrapper or a crash printed.
    pub text: Vec<String>,
    /// True when anything of Terraform's JSON was there, with diagnostics or without.
    pub is_terraform: bool,
}

/// A diagnostic of Terraform's.
#[derive(Debug, Clone, Deserialize)]
pub struct TerraformDiagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// One line.
    pub summary: String,
    /// What there is to say beyond it; may be empty.
    #[serde(default)]
    pub detail: String,
    /// The resource, when it is about one.
    #[serde(default)]
    pub address: Option<String>,
    /// The place.
    #[serde(default)]
    pub range: Option<Range>,
    /// The text at the place.
    #[serde(default)]
    pub snippet: Option<Snippet>,
}

/// A place in a file.
#[derive(Debug, Clone, Deserialize)]
pub struct Range {
    /// Relative to the directory that Terraform ran in.
    pub filename: String,
    /// The first character.
    pub start: TerraformPosition,
    /// The first character behind.
    pub end: TerraformPosition,
}

/// A position in a file.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct TerraformPosition {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// From 0.
    pub byte: usize,
}

/// The text at a place.
#[derive(Debug, Clone, Deserialize)]
pub struct Snippet {
    /// The lines.
    #[serde(default)]
    pub code: String,
}

impl TerraformDiagnostic {
    /// True for errors; severities that are not known count as errors.
    pub fn is_error(&self) -> bool {
        self.severity != "warning"
    }

    /// A diagnostic of a shape that is not known is not to be lost: what of it can be read, else all of it as its words.
    fn of_another_shape(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        TerraformDiagnostic {
            severity: text("severity").unwrap_or_default(),
            summary: text("summary").unwrap_or_else(|| value.to_string()),
            detail: text("detail").unwrap_or_default(),
            address: text("address"),
            range: None,
            snippet: None,
        }
    }

    /// The path of what the address names in the root itself, as the emitter has it: `data.terraform_remote_state.shared`, an output, the
    /// provider.
    pub fn root_path(&self) -> Option<Vec<&str>> {
        let address = self.address.as_deref()?;
        if address.starts_with("provider[") {
            // The provider's last word is its name: `provider["registry.terraform.io/hashicorp/<name>"]`.
            let name = address.trim_end_matches([']', '"']).rsplit('/').next()?;
            return Some(vec!["provider", name]);
        }
        let parts: Vec<&str> = address.split('.').collect();
        matches!(parts.as_slice(), ["data", _, _] | ["output", _]).then_some(parts)
    }

    /// The module call of the root that the diagnostic's resource is in.
    pub fn call(&self) -> Option<&str> {
        self.address.as_deref()?.strip_prefix("module.")?.split(['.', '[']).next()
    }

    /// True when the diagnostic's resource is in a module that the called one calls in turn.
    pub fn is_in_nested_module(&self) -> bool {
        self.address.as_deref().is_some_and(|address| address.matches("module.").count() > 1)
    }

    /// The input variables that the text at the place names, in their order.
    pub fn variables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let code = self.snippet.as_ref().map_or("", |snippet| snippet.code.as_str());
        let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        for (at, _) in code.match_indices("var.") {
            let before = code.get(..at).and_then(|before| before.chars().next_back());
            if before.is_some_and(|letter| is_word(letter) || letter == '.') {
                continue;
            }
            let rest = code.get(at + 4..).unwrap_or("");
            let name = rest.split(|letter| !is_word(letter)).next().unwrap_or("");
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Reads what Terraform printed. JSON that is not a diagnostic is skipped; lines that are not JSON are kept.
pub fn read(text: &str) -> Input {
    let mut input = Input::default();
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while !rest.is_empty() {
        let length = value(rest, &mut input).unwrap_or_else(|| {
            let line = rest.split('\n').next().unwrap_or(rest);
            input.text.extend(Some(plain(line)).filter(|text| !text.is_empty()));
            line.len()
        });
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    input
}

/// A line without the colours that Terraform leaves in some lines of `init -json`.
fn plain(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or("").to_owned();
    let coloured = |part: &str| part.split_once(|letter: char| letter.is_ascii_alphabetic()).map_or("", |(_, rest)| rest).to_owned();
    parts.fold(first, |text, part| text + &coloured(part)).trim_end().to_owned()
}

/// Reads one JSON object, of one line or many; gives its length.
fn value(text: &str, input: &mut Input) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    let length = values.byte_offset();
    input.is_terraform |= value.get("@level").is_some() || value.get("format_version").is_some();
    let one = (value.get("type").and_then(Value::as_str) == Some("diagnostic")).then(|| value.get("diagnostic")).flatten();
    let many = value.get("diagnostics").and_then(Value::as_array);
    for diagnostic in one.into_iter().chain(many.into_iter().flatten()) {
        let read = TerraformDiagnostic::deserialize(diagnostic);
        input.diagnostics.push(read.unwrap_or_else(|_| TerraformDiagnostic::of_another_shape(diagnostic)));
    }
    Some(length)
}
