//! Names in the cloud: the model knows what they are made of, and learns from the tree how they are written.

use super::compare::Compared;
use super::deployments::Name;
use std::collections::BTreeMap;

/// Written names, with what they are made of.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, Name>);

impl Names {
    /// A name on disk that should be made of something.
    pub(crate) fn learn(&mut self, written: &str, name: &Name) -> Result<(), Compared> {
        let other = self.0.iter().find(|(known, made_of)| *made_of == name && *known != written);
        if let Some((other, _)) = other {
            return Err(Compared::new("name", &format!("{name:?} is `{written}` and was `{other}`")));
        }
        match self.0.insert(written.to_owned(), name.clone()) {
            Some(known) if known != *name => Err(Compared::new("name", &format!("`{written}` is of {known:?} and not of {name:?}"))),
            _ => Ok(()),
        }
    }

    /// How a name is written, where that is known.
    pub(crate) fn written(&self, name: &Name) -> Option<String> {
        self.0.iter().find(|(_, made_of)| *made_of == name).map(|(written, _)| written.clone())
    }

    /// What a name is made of: what is known of it, else what is expected there.
    pub(crate) fn tuple(&mut self, written: &str, expected: Option<Name>) -> Result<Name, Compared> {
        match (self.0.get(written), expected) {
            (Some(known), _) => Ok(known.clone()),
            (None, Some(expected)) => self.learn(written, &expected).map(|()| expected),
            (None, None) => Err(Compared::new("name", &format!("nobody wants the name `{written}`"))),
        }
    }
}
