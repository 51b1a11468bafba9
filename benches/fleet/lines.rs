//! What is measured: the lines of the table.

#![allow(unreachable_pub)]

use crate::Options;
use crate::floor;
use crate::measure::{Binary, Taken, here};
use crate::table::{Goal, Line};
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Nothing of a fleet's size changes in a run over one customer but two listings.
const ONE_CUSTOMER_MS: f64 = 30.0;

/// A bench: its fleets are made once, and go with it.
#[derive(Debug)]
pub struct Bench<'o> {
    pub options: &'o Options,
    pub binary: Binary,
    /// Where the fleets are.
    pub place: PathBuf,
    pub lines: RefCell<Vec<Line>>,
}

/// A place that trees are written to.
#[derive(Debug)]
pub struct Disk {
    /// The directory.
    pub place: PathBuf,
    /// As it is told: the kind of its file system.
    pub shown: String,
}

impl Bench<'_> {
    /// Measures every line that is wanted.
    pub fn run(&self, disks: &[Disk]) -> io::Result<()> {
        self.check()?;
        self.threads()?;
        self.one_repository()?;
        for disk in disks {
            self.compile(disk)?;
        }
        let Some(disk) = disks.first() else { return Ok(()) };
        for customers in self.options.sizes() {
            self.one_customer(disk, customers)?;
        }
        self.memory(disk, self.options.customers, 150.0)?;
        if self.options.large > 0 {
            self.memory(disk, self.options.large, 400.0)?;
            self.growth(disk)?;
        }
        Ok(())
    }

    fn wants(&self, what: &str) -> bool {
        let wanted = self.options.only.as_ref().is_none_or(|word| what.contains(word));
        if wanted {
            crate::progress(what);
        }
        wanted
    }

    fn add(&self, line: Line) {
        self.lines.borrow_mut().push(line);
    }

    fn fleet(&self, customers: usize) -> io::Result<PathBuf> {
        let directory = self.place.join(format!("fleet-{customers}"));
        if !directory.exists() {
            self.options.workload(customers).write(&directory)?;
        }
        Ok(directory)
    }

    /// Two things in turn, so that a machine that slows down does so for both. The first run of each is not counted.
    fn paired(
        &self,
        runs: usize,
        mut one: impl FnMut(usize) -> io::Result<Taken>,
        mut other: impl FnMut(usize) -> io::Result<Taken>,
    ) -> io::Result<(Vec<Taken>, Vec<Taken>)> {
        one(0)?;
        other(0)?;
        (1..=runs).map(|run| Ok((one(run)?, other(run)?))).collect::<io::Result<Vec<_>>>().map(|pairs| pairs.into_iter().unzip())
    }

    fn check(&self) -> io::Result<()> {
        let what = format!("`check`, {} customers", thousands(self.options.customers));
        if !self.wants(&what) {
            return Ok(());
        }
        let fleet = self.fleet(self.options.customers)?;
        let documents = floor::documents(&fleet)?;
        let pair = self.paired(self.options.runs, |_| self.binary.run(&fleet, &["check"]), |_| here(|| floor::parse(&documents)))?;
        self.add(Line::paired(what, "s", &pair, "parsing the same files alone", Goal::Ratio(2.5)));
        Ok(())
    }

    fn threads(&self) -> io::Result<()> {
        let what = format!("`check`, {} customers, one thread", thousands(self.options.customers));
        if !self.wants(&what) {
            return Ok(());
        }
        let fleet = self.fleet(self.options.customers)?;
        let on = |threads| self.binary.run_on(threads, &fleet, &["check"]);
        let pair = self.paired(self.options.runs, |_| on(1), |_| on(2))?;
        self.add(Line::paired(what, "s", &pair, "two threads", Goal::RatioAtLeast(1.8)));
        Ok(())
    }

    fn one_repository(&self) -> io::Result<()> {
        let what = "`check` of one repository, a process of its own".to_owned();
        if !self.wants(&what) {
            return Ok(());
        }
        let workload = self.options.workload(1);
        let alone = self.place.join("alone");
        for document in workload.customer(0) {
            let path = alone.join(document.path);
            fs::create_dir_all(path.parent().unwrap_or(&alone))?;
            fs::write(path, document.text)?;
        }
        let repository = alone.join("customers").join(workload.repository(0));
        let runs = 0..self.options.runs * 4;
        let taken = runs.map(|_| self.binary.run(&repository, &["check"])).collect::<io::Result<Vec<_>>>()?;
        self.add(Line::plain(what, "ms", &taken, Goal::Figure(10.0)));
        Ok(())
    }

    /// The three compiles of a whole fleet.
    fn compile(&self, disk: &Disk) -> io::Result<()> {
        let customers = self.options.customers;
        let of = |what: &str| format!("`compile`, {what}, {} customers, {}", thousands(customers), disk.shown);
        let [empty, unchanged, changed] = [of("empty directory"), of("nothing changed"), of("one customer changed")];
        let wanted = [&empty, &unchanged, &changed].map(|what| self.options.only.as_ref().is_none_or(|word| what.contains(word)));
        if !wanted.contains(&true) {
            return Ok(());
        }
        let fleet = self.fleet(customers)?;
        let tree = disk.place.join("tree");
        let output = tree.to_string_lossy().into_owned();
        let arguments = ["compile", "--output", &output];
        self.binary.run(&fleet, &arguments)?;
        let files = floor::tree(&tree)?;
        if self.wants(&empty) {
            // What has been written goes at once, while it is in memory: once it is on the disk, removing it takes minutes, and the next
            // writer waits for it.
            let gone = |tree: &Path, taken: Taken| fs::remove_dir_all(tree).map(|()| taken);
            let (compiled, written) = (disk.place.join("compiled"), disk.place.join("written"));
            let fresh = ["compile", "--output", &compiled.to_string_lossy()].map(str::to_owned);
            let fresh = fresh.each_ref().map(String::as_str);
            let compile = |_| gone(&compiled, self.binary.run(&fleet, &fresh)?);
            let write = |_| gone(&written, here(|| floor::write(&written, &files))?);
            let pair = self.paired(self.options.runs, compile, write)?;
            self.add(Line::paired(empty, "s", &pair, "writing the same files plainly", Goal::Ratio(1.3)));
        }
        if self.wants(&unchanged) {
            let compile = |_| self.binary.run(&fleet, &arguments);
            let pair = self.paired(self.options.runs, compile, |_| here(|| floor::compare(&tree, &files)))?;
            self.add(Line::paired(unchanged, "s", &pair, "reading and comparing the same tree", Goal::Ratio(1.5)));
        }
        if self.wants(&changed) {
            let document = self.options.workload(customers).customer(customers / 2).swap_remove(0);
            let path = fleet.join(&document.path);
            let change = |run: usize| {
                fs::write(&path, document.text.replace("data_class: internal", &format!("data_class: internal-{run}")))?;
                self.binary.run(&fleet, &arguments)
            };
            let pair = self.paired(self.options.runs, change, |_| self.binary.run(&fleet, &arguments))?;
            fs::write(&path, &document.text)?;
            self.add(Line::paired(changed, "s", &pair, "nothing changed", Goal::Ratio(1.1)));
        }
        fs::remove_dir_all(&tree)
    }

    fn one_customer(&self, disk: &Disk, customers: usize) -> io::Result<()> {
        let what = format!("`compile --customer X` in {} customers", thousands(customers));
        if !self.wants(&what) {
            return Ok(());
        }
        let fleet = self.fleet(customers)?;
        let tree = self.tree(disk, customers)?;
        let name = self.options.workload(customers).repository(customers / 2);
        let one = |_| self.binary.run(&fleet, &["compile", "--output", &tree.to_string_lossy(), "--customer", &name]);
        let list = |_| here(|| Ok(fs::read_dir(fleet.join("customers"))?.count() + fs::read_dir(&tree)?.count()));
        let pair = self.paired(self.options.runs * 2, one, list)?;
        self.add(Line::paired(what, "ms", &pair, "listing both directories", Goal::Figure(ONE_CUSTOMER_MS)));
        Ok(())
    }

    /// Peak memory of `check`, of `compile` into an empty directory, and of `compile` where nothing changed.
    fn memory(&self, disk: &Disk, customers: usize, most: f64) -> io::Result<()> {
        let fresh = disk.place.join("memory");
        let output = fresh.to_string_lossy().into_owned();
        let compile = ["compile", "--output", &output];
        let kinds = [("`check`", &["check"][..]), ("`compile`, empty directory", &compile), ("`compile`, nothing changed", &compile)];
        for (kind, arguments) in kinds {
            let what = format!("memory of {kind}, {} customers", thousands(customers));
            if self.wants(&what) {
                let taken = self.binary.run(&self.fleet(customers)?, arguments)?;
                self.add(Line::plain(what, "MB", &[taken], Goal::Figure(most)));
            }
        }
        if fresh.exists() { fs::remove_dir_all(&fresh) } else { Ok(()) }
    }

    /// Time of a customer in the large fleet over that of one in the small fleet.
    fn growth(&self, disk: &Disk) -> io::Result<()> {
        let (small, large) = (self.options.small, self.options.large);
        for command in ["check", "compile"] {
            let unchanged = if command == "compile" { ", nothing changed" } else { "" };
            let what = format!("growth of `{command}`{unchanged}: a customer of {}", thousands(large));
            if !self.wants(&what) {
                continue;
            }
            let each = |customers: usize| -> io::Result<Taken> {
                let fleet = self.fleet(customers)?;
                let taken = if command == "compile" {
                    let tree = self.tree(disk, customers)?;
                    self.binary.run(&fleet, &["compile", "--output", &tree.to_string_lossy()])?
                } else {
                    self.binary.run(&fleet, &["check"])?
                };
                Ok(taken.divided_by(customers))
            };
            let pair = self.paired(self.options.runs.min(3), |_| each(large), |_| each(small))?;
            self.add(Line::paired(what, "ms", &pair, &format!("a customer of {}", thousands(small)), Goal::Ratio(1.2)));
        }
        Ok(())
    }

    /// The tree of a fleet; written once.
    fn tree(&self, disk: &Disk, customers: usize) -> io::Result<PathBuf> {
        let tree = disk.place.join(format!("tree-{customers}"));
        if !tree.exists() {
            self.binary.run(&self.fleet(customers)?, &["compile", "--output", &tree.to_string_lossy()])?;
        }
        Ok(tree)
    }
}

/// A number as people read it.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Where a directory is, as the table tells it.
pub fn shown(directory: &Path) -> String {
    if directory.starts_with("/dev/shm") { "tmpfs".to_owned() } else { "disk".to_owned() }
}
