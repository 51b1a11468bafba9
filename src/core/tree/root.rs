//! One root directory against the files that it should hold.

use crate::emit::{FILE_NAMES, GUARD_FILE, Header, MOVED_FILE, MoveNote, body_digest, each_file, with_header};
use crate::platform::Platform;
use crate::terraform::{RootIdentity, RootModule};
use crate::tree::fate::current_identity;
use crate::tree::state_place;
use crate::tree::stray::{mark_strays, owner};
use smol_str::SmolStr;
use std::borrow::Cow;

/// A file of a root directory that Terraform would read.
#[derive(Debug)]
pub struct DiskFile {
    /// Its name.
    pub name: SmolStr,
    /// Its bytes; none of a link, a pipe or a device.
    pub bytes: Vec<u8>,
    /// False for a link, a pipe or a device, which nothing of ours is.
    pub is_regular: bool,
}

impl DiskFile {
    /// True when it holds a text, line ends aside: git may check the tree out with CRLF.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.bytes == text.as_bytes() || *with_lf(&self.bytes) == *text.as_bytes()
    }

    /// Its text with LF line ends, as it would be written.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&with_lf(&self.bytes)).into_owned()
    }
}

/// A text with LF line ends for CRLF ones.
fn with_lf(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\r') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    for (index, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(index + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Another text than would be written, as an earlier run left it.
    Stale,
    /// Not there.
    Missing,
    /// Ours, and edited by hand.
    HandEdited,
    /// Not ours.
    Foreign,
    /// Another deployment's than the rest of its directory: it was put there from elsewhere.
    Stray,
    /// The guard of a run that was interrupted, or a file that is cut short.
    Interrupted,
    /// Ours, and no longer wanted.
    Unwanted,
}

impl FileState {
    /// The word of messages and of JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            FileState::Stale => "stale",
            FileState::Missing => "missing",
            FileState::HandEdited => "hand-edited",
            FileState::Foreign | FileState::Stray => "foreign",
            FileState::Interrupted => "interrupted",
            FileState::Unwanted => "no longer wanted",
        }
    }
}

/// A difference of one file.
#[derive(Debug)]
pub struct Change {
    /// The file's name.
    pub name: SmolStr,
    /// What it is.
    pub state: FileState,
    /// What is on disk.
    pub old: Option<String>,
    /// What should be.
    pub new: Option<String>,
}

/// What a root directory needs.
#[derive(Debug, Default)]
pub struct RootDiff {
    /// The differences, in the order in which files are written.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
    /// The deployment that the files on disk belong to.
    pub identity: Option<Box<RootIdentity>>,
    /// True when it is what becomes of a root whose deployment is gone.
    pub is_tombstone: bool,
    /// The directory that the state of this one goes to: a move that is not done.
    pub moves_to: Option<String>,
}

impl RootDiff {
    /// The files that keep the root from being written.
    pub fn obstacles(&self, overwrite: bool) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| match change.state {
            FileState::Foreign | FileState::Stray => true,
            // What a tombstone keeps, and what a move left, can be made by no run any more, so there is nothing to write over it with.
            FileState::HandEdited => !overwrite || self.is_kept(change),
            FileState::Interrupted => self.is_kept(change),
            FileState::Stale | FileState::Missing | FileState::Unwanted => false,
        })
    }

    /// True for what no run can make any more: what a tombstone keeps, and what a move left.
    fn is_kept(&self, change: &Change) -> bool {
        change.new.is_none() && change.name == MOVED_FILE || self.is_tombstone && TOMBSTONE.contains(&change.name.as_str())
    }

    /// The change of a file.
    pub fn change(&self, name: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.name == name)
    }

    /// True when a root stands and nothing on disk says where its state is: its `backend.tf` is gone, or cut off before its digest. A digest
    /// that is there is that of what would be written, which the file is the beginning of.
    pub fn has_lost_place(&self) -> bool {
        let stands = self.identity.is_some() || self.unchanged > 0;
        let Some(change) = self.change("backend.tf").filter(|change| stands && change.new.is_some()) else { return false };
        match change.state {
            FileState::Missing => true,
            FileState::Interrupted => !change.old.as_deref().is_some_and(|old| old.contains('\n') && Header::parse(old).is_some()),
            FileState::Stale | FileState::HandEdited | FileState::Foreign | FileState::Stray | FileState::Unwanted => false,
        }
    }

    /// The place of the state before and after, when writing would move it. A backend that was edited by hand moves it too, once it is to
    /// be written over: what it says now may be where the state is. One that cannot be read says nothing but by its digest, that of what
    /// was written before the edit.
    pub fn moved(&self, overwrite: bool) -> Option<(Vec<String>, Vec<String>)> {
        let change = self.change("backend.tf")?;
        let (old, new) = (change.old.as_deref()?, change.new.as_deref()?);
        match change.state {
            FileState::Stale => {}
            FileState::HandEdited if overwrite => {}
            FileState::HandEdited
            | FileState::Missing
            | FileState::Foreign
            | FileState::Stray
            | FileState::Interrupted
            | FileState::Unwanted => return None,
        }
        let now = state_place(new)?;
        match state_place(old) {
            Some(was) => (was != now).then_some((was, now)),
            None => {
                let digest = |text: &str| body_digest(text.split_once('\n').map_or("", |(_, body)| body));
                let as_made = Header::parse(old).is_some_and(|header| header.digest == digest(new));
                (!as_made).then_some((Vec::new(), now))
            }
        }
    }
}

/// The files that a tombstone keeps: where its state is, and with what its resources are destroyed.
pub const TOMBSTONE: [&str; 3] = ["backend.tf", "versions.tf", "providers.tf"];

/// True for names that Terraform reads in a directory: they are ours or foreign, never looked past.
pub fn is_terraform_file(name: &str) -> bool {
    !name.starts_with('.') && [".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json"].iter().any(|end| name.ends_with(end))
}

/// Compares a directory with the files that it should hold.
pub fn plan(expected: Vec<(&'static str, String)>, disk: &[DiskFile]) -> RootDiff {
    let mut comparison = Comparison::new(disk);
    expected.iter().for_each(|(name, text)| comparison.file(name, text));
    comparison.end()
}

/// Compares a directory with a root: no text of it is kept but those that differ. What is another deployment's than the rest of the directory
/// does not count as the root's, and says nothing of whose the directory is.
pub fn plan_root(root: &RootModule, disk: &[DiskFile], platform: &Platform) -> RootDiff {
    let mut comparison = Comparison::new(disk);
    each_file(root, |name, text| comparison.file(name, text));
    let mut plan = comparison.end();
    if plan.changes.is_empty() {
        return plan;
    }
    let Some(named) = owner(root.key.directory(), disk) else { return plan };
    let current = current_identity(&named, platform);
    if current.repository != root.identity.repository {
        plan.identity = Some(Box::new(named));
        return plan;
    }
    // Where the directory was another deployment's of the repository, that it becomes this one's is judged as a whole.
    mark_strays(&mut plan, &current, disk, platform);
    let mut own = plan.changes.iter().filter(|change| change.state != FileState::Stray);
    let first = own.find_map(|change| change.old.as_deref().and_then(Header::parse));
    plan.identity = first.map(|header| Box::new(header.identity));
    plan
}

/// A directory that is compared with the files that it should hold, one by one.
struct Comparison<'d> {
    disk: &'d [DiskFile],
    expected: Vec<&'static str>,
    plan: RootDiff,
}

impl<'d> Comparison<'d> {
    fn new(disk: &'d [DiskFile]) -> Self {
        Comparison { disk, expected: Vec::with_capacity(FILE_NAMES.len()), plan: RootDiff::default() }
    }

    /// Compares a file that there should be.
    fn file(&mut self, name: &'static str, text: &str) {
        self.expected.push(name);
        let (state, old) = match self.disk.iter().find(|file| file.name == name) {
            None => (FileState::Missing, None),
            Some(file) if file.holds(text) => {
                self.plan.unchanged += 1;
                return;
            }
            Some(file) => {
                let (state, old) = state(file, Some(text), FileState::Stale);
                (state, Some(old))
            }
        };
        self.plan.changes.push(Change { name: SmolStr::new_static(name), state, old, new: Some(text.to_owned()) });
    }

    /// Compares what is there with the files that should be there.
    fn end(mut self) -> RootDiff {
        let disk = self.disk;
        for file in disk {
            if self.expected.contains(&file.name.as_str()) {
                continue;
            }
            let is_of_move = file.name == MOVED_FILE;
            if is_of_move {
                match MoveNote::parse(&String::from_utf8_lossy(&file.bytes)) {
                    // It stays until the move is done.
                    Some(MoveNote::From(_)) => continue,
                    Some(MoveNote::To(to)) => self.plan.moves_to = Some(to),
                    None => {}
                }
            }
            let ours = is_of_move || FILE_NAMES.contains(&file.name.as_str());
            let guard = file.name == GUARD_FILE;
            let (state, old) = if ours || guard {
                state(file, None, if guard { FileState::Interrupted } else { FileState::Unwanted })
            } else {
                (FileState::Foreign, file.text())
            };
            self.plan.changes.push(Change { name: file.name.clone(), state, old: Some(old), new: None });
        }
        self.plan
    }
}

/// What a file of ours is: as made, edited, cut short, or somebody else's.
fn state(file: &DiskFile, whole: Option<&str>, as_made: FileState) -> (FileState, String) {
    let text = file.text();
    let state = match Header::parse(&text) {
        _ if is_cut_short(file, whole) => FileState::Interrupted,
        None => FileState::Foreign,
        Some(header) if header.fits(&text) => as_made,
        Some(_) => FileState::HandEdited,
    };
    (state, text)
}

/// Compares a directory with the tombstone that it should become: what is kept stays as an earlier run made it, the rest of ours goes. Only
/// the first line follows a repository that got another name: its old one may become somebody else's.
pub fn plan_tombstone(owner: &RootIdentity, disk: &[DiskFile], platform: &Platform) -> RootDiff {
    let mut plan = plan(Vec::new(), disk);
    mark_strays(&mut plan, owner, disk, platform);
    plan.is_tombstone = true;
    let changes = std::mem::take(&mut plan.changes);
    for change in changes {
        if change.state != FileState::Unwanted || !TOMBSTONE.contains(&change.name.as_str()) {
            plan.changes.push(change);
            continue;
        }
        match change.old.as_deref().and_then(|old| under_name(owner, old)) {
            Some(new) => plan.changes.push(Change { state: FileState::Stale, new: Some(new), ..change }),
            None => plan.unchanged += 1,
        }
    }
    plan
}

/// A file with its owner's name of now in its first line; nothing where it has that.
fn under_name(owner: &RootIdentity, text: &str) -> Option<String> {
    let header = Header::parse(text).filter(|header| header.identity != *owner)?;
    let (_, body) = text.split_once('\n')?;
    // The digest stays: a checkout may have other line ends.
    let new = with_header(owner, "");
    let (start, _) = new.split_once(" digest=")?;
    Some(format!("{start} digest={}\n{body}", header.digest))
}

/// True for what a power cut leaves of a file that had just been written: nothing or its beginning, perhaps with zeros for the rest. Who takes
/// lines off its end by hand leaves whole lines; a cut goes through one, or falls between two blocks of the disk.
pub(super) fn is_cut_short(file: &DiskFile, whole: Option<&str>) -> bool {
    let found = &file.bytes;
    let length = found.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let start = with_lf(found.get(..length).unwrap_or(found));
    let start = start.as_ref();
    let is_cut = |whole: &str| {
        let Some(rest) = whole.as_bytes().strip_prefix(start).filter(|rest| !rest.is_empty()) else { return false };
        let is_at_line_end = start.ends_with(b"\n") || rest.starts_with(b"\n");
        !is_at_line_end || length < found.len() || length.is_multiple_of(BLOCK)
    };
    file.is_regular && (start.is_empty() || whole.is_some_and(is_cut))
}

/// Bytes of the smallest block that a file system writes at once.
const BLOCK: usize = 512;
