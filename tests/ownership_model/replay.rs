//! Plays a sequence with the real binary and the model side by side.

use super::calls::parse;
use super::compare::{self, Compared};
use super::count::Counts;
use super::deployments::{Identity, deployments};
use super::disk::Disk;
use super::fleet::{Fleet, name_of};
use super::invariants;
use super::model::{Prediction, predict};
use super::moves;
use super::names::Names;
use super::privacy;
use super::product::{Ran, Workspace};
use super::steps::{ASSERTIONS, RUNS, Step, edit};
use super::tree::{Kind, Root, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Where product and model part.
#[derive(Clone, Debug)]
pub(crate) struct Disagreement {
    /// What kind it is: sequences are shrunk as long as it stays.
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Disagreement {
    pub(crate) fn new(kind: impl Into<String>, text: impl Into<String>) -> Self {
        Disagreement { kind: kind.into(), text: text.into() }
    }
}

type Outcome = Result<(), Disagreement>;

/// A sequence on its way.
pub(crate) struct Replay {
    pub(crate) fleet: Fleet,
    pub(crate) tree: Tree,
    workspace: Workspace,
    names: Names,
    /// True once a compile has written the tree's `.gitignore`.
    ignored: bool,
    written: bool,
    known: BTreeMap<String, BTreeSet<String>>,
    last: Option<Last>,
    pub(crate) counts: Counts,
}

/// The run before.
struct Last {
    ran: Ran,
    kept: bool,
}

impl Replay {
    pub(crate) fn new() -> Self {
        Replay {
            fleet: Fleet::new(),
            tree: Tree::new(),
            workspace: Workspace::new(),
            names: Names::default(),
            ignored: false,
            written: false,
            known: BTreeMap::new(),
            last: None,
            counts: Counts::default(),
        }
    }

    /// Plays a whole sequence.
    pub(crate) fn all(steps: &[Step]) -> Outcome {
        let mut replay = Replay::new();
        steps.iter().try_for_each(|step| replay.step(step))
    }

    /// True when something was edited since the last run.
    pub(crate) fn is_edited(&self) -> bool {
        !self.written
    }

    /// Plays a step.
    pub(crate) fn step(&mut self, step: &Step) -> Outcome {
        if ASSERTIONS.contains(&step.verb()) {
            return self.assert(step);
        }
        if !RUNS.contains(&step.verb()) {
            let is_made = if ["lose", "empty"].contains(&step.verb()) { self.damage(step) } else { edit(&mut self.fleet, step) };
            if is_made {
                self.written = false;
                self.counts.step(step.verb());
            }
            return Ok(());
        }
        if !self.written {
            self.fleet.write(self.workspace.root());
            self.written = true;
        }
        privacy::remember(&self.fleet, &self.workspace.disk(), &self.names, &mut self.known);
        self.counts.step(step.verb());
        let words = step.words();
        match (step.verb(), words.as_slice()) {
            ("compile", words) => self.call("compile", words, None),
            ("check", words) => self.call("check", words, None),
            ("killed", [at, _, words @ ..]) => self.killed(at, words),
            ("shards", [count]) => {
                let count: u64 = count.parse().unwrap();
                (1..=count).try_for_each(|number| self.call("compile", &["--shard", &format!("{number}/{count}")], None))
            }
            ("prune", []) => {
                let (status, tree) = moves::prune(&self.fleet, &self.tree);
                self.other(&["prune", "--all"], Some((status, tree)))
            }
            ("done", [directory]) => {
                let done = moves::done(&self.tree, directory);
                self.other(&["move", "--done", directory], Some(done))
            }
            ("move", [old, new]) => {
                let done = moves::stage(&self.fleet, &self.tree, old, new);
                self.other(&["move", old, new], done)
            }
            _ => panic!("`{step}` is no step"),
        }
    }

    /// A hand that takes a root's `backend.tf` away, or what is in it.
    fn damage(&mut self, step: &Step) -> bool {
        let words = step.words();
        let Some(directory) = words.first() else { return false };
        let is_hit = |root: &&mut Root| root.place.is_some() && (root.kind == Kind::Live || step.verb() == "lose");
        let Some(root) = self.tree.get_mut(*directory).filter(is_hit) else { return false };
        root.place = None;
        let file = self.workspace.backend(directory);
        if step.verb() == "lose" {
            fs::remove_file(file).unwrap()
        } else {
            fs::write(file, "").unwrap()
        }
        true
    }

    fn call(&mut self, command: &str, words: &[&str], lenient: Option<&Tree>) -> Outcome {
        let call = parse(command, words);
        let prediction = predict(&self.fleet, &self.tree, &call, self.ignored);
        let before = self.workspace.disk();
        let arguments: Vec<&str> = std::iter::once(command).chain(words.iter().copied()).collect();
        let ran = self.workspace.run(&arguments, None);
        let after = self.workspace.disk();
        self.ignored |= ran.status.is_some_and(|status| status < 2) && !call.dry && !call.documents_only;
        self.counts.run(&ran.diagnostics);
        let shown = arguments.join(" ");
        let failed = compare::failed(&ran.diagnostics);
        compare::words(&prediction, &ran, lenient.is_some()).map_err(|reported| reported.of(&shown, &ran))?;
        self.unharmed(&shown, &ran, &before, &after, &failed)?;
        if call.dry || call.documents_only {
            if before != after {
                return Err(Compared::new("wrote", "it wrote something").of(&shown, &ran));
            }
        } else {
            let paths: Vec<&String> = self.fleet.repositories.keys().filter(|path| call.scope.has(path)).collect();
            let unwritten = invariants::unwritten(&self.fleet, &paths, &after, &failed);
            if let Some(first) = unwritten.first().filter(|_| ran.status.is_some_and(|status| status < 2)) {
                return Err(Compared::new("unwritten", first).of(&shown, &ran));
            }
        }
        compare::tree(&prediction.tree, &after, &mut self.names).map_err(|reported| reported.of(&shown, &ran))?;
        let broken = |path: &&String| self.fleet.content(path).is_some_and(|content| content.broken);
        let may_err: BTreeSet<&str> = self.fleet.repositories.keys().filter(broken).map(|path| name_of(path)).collect();
        compare::foreign(&ran, &may_err).map_err(|reported| reported.of(&shown, &ran))?;
        self.tree = prediction.tree;
        self.last = Some(Last { kept: before == after, ran });
        Ok(())
    }

    /// The invariants.
    fn unharmed(&self, shown: &str, ran: &Ran, before: &Disk, after: &Disk, failed: &BTreeSet<String>) -> Outcome {
        if let Some(first) = invariants::broken(&self.fleet, before, after, failed).first() {
            return Err(Compared::new("invariant", first).of(shown, ran));
        }
        for diagnostic in &ran.diagnostics {
            let leaks = privacy::leaks(&self.known, diagnostic);
            if !leaks.is_empty() {
                let text = format!("{leaks:?} is reported to {}: {diagnostic}", diagnostic["customer"]);
                return Err(Compared::new(&format!("leak {}", diagnostic["code"]), &text).of(shown, ran));
            }
        }
        Ok(())
    }

    /// A compile that is killed, and the one after it.
    fn killed(&mut self, at: &str, words: &[&str]) -> Outcome {
        let call = parse("compile", words);
        let prediction = predict(&self.fleet, &self.tree, &call, self.ignored);
        let before = self.workspace.disk();
        let arguments: Vec<&str> = std::iter::once("compile").chain(words.iter().copied()).collect();
        let ran = self.workspace.run(&arguments, Some(at));
        let after = self.workspace.disk();
        let shown = format!("{} killed at {at}", arguments.join(" "));
        if ran.status.is_none() {
            self.counts.killed += 1;
        }
        let failed: BTreeSet<String> =
            prediction.must.iter().filter(|(severity, ..)| *severity == "error").filter_map(|(_, _, customer)| customer.clone()).collect();
        self.unharmed(&shown, &ran, &before, &after, &failed)?;
        let was = std::mem::take(&mut self.tree);
        self.tree = self.found(&was, &before, &after, Some(&prediction)).map_err(|reported| reported.of(&shown, &ran))?;
        self.call("compile", words, Some(&was))
    }

    /// A run of another command.
    fn other(&mut self, arguments: &[&str], done: Option<moves::Done>) -> Outcome {
        let before = self.workspace.disk();
        let ran = self.workspace.run(arguments, None);
        let after = self.workspace.disk();
        let shown = arguments.join(" ");
        self.unharmed(&shown, &ran, &before, &after, &BTreeSet::new())?;
        match done {
            Some((status, tree)) => {
                if ran.status != Some(status) {
                    let text = format!("exit status {:?} and not {status}", ran.status);
                    return Err(Compared::new("status", &text).of(&shown, &ran));
                }
                compare::tree(&tree, &after, &mut self.names).map_err(|reported| reported.of(&shown, &ran))?;
                self.tree = tree;
            }
            None => {
                if ran.status != Some(0) && before != after {
                    return Err(Compared::new("refused", "it was refused and changed the tree").of(&shown, &ran));
                }
                let was = std::mem::take(&mut self.tree);
                self.tree = self.found(&was, &before, &after, None).map_err(|reported| reported.of(&shown, &ran))?;
            }
        }
        self.last = Some(Last { kept: before == after, ran });
        Ok(())
    }

    /// The tree as it is on disk after a run that was not predicted whole.
    fn found(&mut self, was: &Tree, before: &Disk, after: &Disk, prediction: Option<&Prediction>) -> Result<Tree, Compared> {
        let mut tree = Tree::new();
        for (directory, seen) in after {
            let old = was.get(directory).filter(|_| before.get(directory).is_some_and(|old| old.files == seen.files));
            if let Some(old) = old {
                tree.insert(directory.clone(), old.clone());
                continue;
            }
            let wanted = match prediction {
                Some(prediction) => prediction.tree.get(directory).cloned(),
                None => self.wanted(directory, &seen.owners),
            };
            let owner = wanted.as_ref().map(|wanted| wanted.owner.clone()).filter(|owner| seen.owners.contains(owner));
            let owner = owner.or_else(|| seen.owners.first().cloned());
            let Some(owner) = owner else { continue };
            let name = match &seen.name {
                Some(name) => Some(self.names.tuple(name, wanted.and_then(|wanted| wanted.name))?),
                None => None,
            };
            let (kind, note, place, network) = (seen.kind, seen.note.clone(), seen.place.clone(), seen.network.clone());
            let (id, account) = (seen.id.clone(), seen.account.clone());
            tree.insert(directory.clone(), Root { owner, kind, note, place, id, name, network, account, rest: None });
        }
        Ok(tree)
    }

    /// What the documents of an owner want in a directory.
    fn wanted(&self, directory: &str, owners: &[Identity]) -> Option<Root> {
        let mut all = self.fleet.repositories.keys().flat_map(|path| deployments(&self.fleet, path));
        let deployment = all.find(|own| own.directory == directory && owners.contains(&own.identity))?;
        Some(Root::of(&self.fleet, &deployment, None))
    }

    /// What a fixture says of the run before.
    fn assert(&self, step: &Step) -> Outcome {
        let no = |text: String| Err(Disagreement::new("assertion", format!("`{step}`: {text}")));
        let words = step.words();
        if let ("root" | "absent", [directory, ..]) = (step.verb(), words.as_slice()) {
            let found = self.tree.get(*directory).map(|root| vec![root.word(), &root.owner.repository]);
            let expected = words.get(1..).filter(|rest| !rest.is_empty()).map(<[&str]>::to_vec);
            return if found == expected { Ok(()) } else { no(format!("there is {found:?}")) };
        }
        let Some(last) = &self.last else { return no("there was no run".into()) };
        let reported = compare::reported(&last.ran.diagnostics);
        let is_reported = |severity: Option<&str>, code: &str, customer: &str| {
            reported.iter().any(|(level, reported_code, reported_customer)| {
                severity.is_none_or(|severity| severity == level)
                    && reported_code == code
                    && reported_customer.as_deref().unwrap_or("-") == customer
            })
        };
        let holds = match (step.verb(), words.as_slice()) {
            ("reported", [severity, code, customer]) => is_reported(Some(severity), code, customer),
            ("unreported", [code, customer]) => !is_reported(None, code, customer),
            ("status", [status]) => last.ran.status.is_some_and(|found| found.to_string() == *status),
            ("kept", []) => last.kept,
            _ => false,
        };
        if holds { Ok(()) } else { no(format!("the run reported {reported:?}, ended with {:?}", last.ran.status)) }
    }
}
