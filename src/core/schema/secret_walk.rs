//! The search of one document for credentials, before anything else is reported of it.

use super::Poisoned;
use super::secret_names::{is_encrypted, is_literal_secret, key_describes_secret, key_names_secret};
use super::secrets::looks_secret;
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, shown};
use crate::source::Span;
use crate::syntax::{Node, Value};

/// Reports every credential of a document, and notes its place.
pub(super) fn find_secrets(cloud: &dyn Cloud, root: &Node, diagnostics: &mut Diagnostics, poisoned: &mut Poisoned) {
    Search { store: cloud.facts().secret_store, diagnostics, poisoned }.secrets(root, Above::default());
}

struct Search<'s> {
    /// The cloud's store of secrets.
    store: &'static str,
    diagnostics: &'s mut Diagnostics,
    poisoned: &'s mut Poisoned,
}

/// What stands above a value, for the search for credentials.
#[derive(Clone, Copy, Default)]
struct Above<'n> {
    /// The key of the value, or of the list that it is in.
    key: &'n str,
    /// The nearest key above that names a secret.
    secret: Option<&'n str>,
    /// True for values whose keys are names of environments, services or regions.
    is_named: bool,
    /// True below a key whose content is the customer's own.
    is_free: bool,
}

impl Search<'_> {
    /// Credentials anywhere below a value, in keys too. What stands below a key that names a secret is one, but for what is said of it
    /// next to its value: `client_secret: {name: shop, value: ...}`.
    fn secrets(&mut self, node: &Node, above: Above<'_>) {
        match &node.value {
            Value::Null => {}
            Value::Scalar(scalar) => {
                // Nothing that is made of other sections decrypts a value.
                let is_kept = above.is_free && is_encrypted(&scalar.text);
                let by_name = above.secret.filter(|secret| !is_kept && is_literal_secret(secret, scalar));
                self.secret(by_name.map(|secret| (secret, above.key)), &scalar.text, node.span);
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.secrets(item, above)),
            Value::Mapping(mapping) => {
                for entry in &mapping.entries {
                    let key = entry.key.value.as_str();
                    self.secret(None, key, entry.key.span);
                    // A service may be called `token`: only what a person writes right behind a key is meant by such a name.
                    let is_name = above.is_named && !above.is_free && entry.value.as_scalar().is_none();
                    let secret = match above.secret {
                        _ if key_names_secret(key) && !is_name => Some(key),
                        Some(_) if key_describes_secret(key) => None,
                        above => above,
                    };
                    let is_named = matches!(key, "environments" | "services" | "regions");
                    self.secrets(&entry.value, Above { key, secret, is_named, is_free: above.is_free || key == "custom" });
                }
            }
        }
    }

    fn secret(&mut self, by_name: Option<(&str, &str)>, text: &str, span: Span) {
        let what = match (looks_secret(text), by_name) {
            (Some(what), _) => what.to_owned(),
            (None, Some((secret, key))) if secret == key => format!("the value of `{}`", shown(key)),
            (None, Some((secret, key))) => format!("the value of `{}` below `{}`", shown(key), shown(secret)),
            (None, None) => return,
        };
        self.poisoned.secrets.insert(span);
        self.poisoned.wrong.insert(span);
        if by_name.is_some() && is_encrypted(text) && looks_secret(text).is_none() {
            self.diagnostics.push(
                Diagnostic::new(&codes::SECRET_IN_SOURCE, format!("{what} is written in the document"))
                    .at(span, "encrypted, and nothing decrypts it here")
                    .help(format!("keep it under `custom`, or in a secret store such as {}", self.store)),
            );
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(&codes::SECRET_IN_SOURCE, format!("{what} is written in the document"))
                .at(span, "a credential; it is not shown here")
                .help(format!("remove it from the file and from the repository's history, revoke it, and keep the new one in a secret store such as {}", self.store)),
        );
    }
}
