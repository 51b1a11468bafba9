//! What a run wrote, for people.

/// What a compile wrote.
#[derive(Debug, Default)]
pub struct Written {
    /// The generated tree, as it is shown.
    pub output: String,
    /// The roots that were written, each with what became of it: the first ones.
    pub roots: Vec<String>,
    /// How many more there were.
    pub more: usize,
    /// Files written or removed.
    pub files: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
}

impl Written {
    /// The most roots that are named.
    const MOST: usize = 20;

    /// Notes a root that was written.
    pub fn root(&mut self, text: impl FnOnce() -> String) {
        if self.roots.len() < Self::MOST {
            self.roots.push(text());
        } else {
            self.more += 1;
        }
    }
}
