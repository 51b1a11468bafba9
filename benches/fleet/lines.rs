//! What is measured: the lines of the table.

#![allow(unreachable_pub)]

use crate::Options;
use crate::floor::{self, Way};
use crate::measure::{Binary, Taken, here};
use crate::table::{Goal, Line};
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A bench: its fleets are made once, and go with it.
#[derive(Debug)]
pub struct Bench<'o> {
    pub options: &'o Options,
    pub binary: Binary,
    /// Where the fleets are.
    pub place: PathBuf,
    pub lines: RefCell<Vec<Line>>,
}

/// Something to measure, given the number of the run.
type Work<'w> = &'w mut dyn FnMut(usize) -> io::Result<Taken>;

/// A place that trees are written to.
#[derive(Debug)]
pub struct Disk {
    /// The directory.
    pub place: PathBuf,
    /// True for a file system in memory.
    pub is_memory: bool,
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
        let Some(disk) = disks.last() else { return Ok(()) };
        self.memory(disk, self.options.customers, 150.0)?;
        if self.options.large > 0 {
            self.memory(disk, self.options.large, 400.0)?;
        }
        for customers in self.options.sizes() {
            self.one_customer(disk, customers)?;
        }
        if self.options.large > 0 {
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

    /// Several things in turn, so that a machine that slows down does so for all. The first run of each is not counted.
    fn in_turn<const N: usize>(&self, runs: usize, mut works: [Work<'_>; N]) -> io::Result<[Vec<Taken>; N]> {
        let mut taken = [const { Vec::new() }; N];
        for run in 0..=runs {
            for (work, taken) in works.iter_mut().zip(&mut taken) {
                let took = work(run)?;
                if run > 0 {
                    taken.push(took);
                }
            }
        }
        Ok(taken)
    }

    fn check(&self) -> io::Result<()> {
        let what = format!("`check`, {} customers", thousands(self.options.customers));
        if !self.wants(&what) {
            return Ok(());
        }
        let fleet = self.fleet(self.options.customers)?;
        let documents = floor::documents(&fleet)?;
        let [check, parse] =
            self.in_turn(self.options.runs, [&mut |_| self.binary.run(&fleet, &["check"]), &mut |_| here(|| floor::parse(&documents))])?;
        self.add(Line::paired(what, "s", (&check, &parse), "parsing the same files alone", Goal::Ratio(2.5)));
        Ok(())
    }

    fn threads(&self) -> io::Result<()> {
        let what = format!("`check`, {} customers, one thread", thousands(self.options.customers));
        if !self.wants(&what) {
            return Ok(());
        }
        let fleet = self.fleet(self.options.customers)?;
        let on = |threads| self.binary.run_on(threads, &fleet, &["check"]);
        let [one, two] = self.in_turn(self.options.runs, [&mut |_| on(1), &mut |_| on(2)])?;
        self.add(Line::paired(what, "s", (&one, &two), "two threads", Goal::RatioAtLeast(1.8)));
        // What the machine gives to work that shares nothing.
        let documents = floor::documents(&fleet)?;
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other);
        let pools = [pool(1)?, pool(2)?];
        let on = |pool: &rayon::ThreadPool| here(|| pool.install(|| floor::parse(&documents)));
        let [one, two] = self.in_turn(self.options.runs, [&mut |_| on(&pools[0]), &mut |_| on(&pools[1])])?;
        let what = "parsing the same files alone, one thread".to_owned();
        self.add(Line::paired(what, "s", (&one, &two), "two threads", Goal::Nothing));
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
        // A disk takes seconds for what memory takes milliseconds for; the ratio is the same in a smaller fleet.
        let customers = if disk.is_memory { self.options.customers } else { self.options.small };
        let of = |what: &str| {
            format!("`compile`, {what}, {} customers, {}", thousands(customers), if disk.is_memory { "tmpfs" } else { "disk" })
        };
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
            let write = |way| gone(&written, here(|| floor::write(way, &written, &files))?);
            let [taken, plain, threads] = self.in_turn(
                self.options.runs,
                [&mut |_| gone(&compiled, self.binary.run(&fleet, &fresh)?), &mut |_| write(Way::Plain), &mut |_| write(Way::OnThreads)],
            )?;
            self.add(Line::paired(empty.clone(), "s", (&taken, &plain), "writing the same files plainly", Goal::Ratio(1.3)));
            self.add(Line::paired(empty, "s", (&taken, &threads), "the same on as many threads", Goal::Nothing));
        }
        if self.wants(&unchanged) {
            let compare = |way| here(|| floor::compare(way, &tree, &files));
            let [taken, plain, threads] = self.in_turn(
                self.options.runs,
                [&mut |_| self.binary.run(&fleet, &arguments), &mut |_| compare(Way::Plain), &mut |_| compare(Way::OnThreads)],
            )?;
            let floor = "reading and comparing the same tree plainly";
            self.add(Line::paired(unchanged.clone(), "s", (&taken, &plain), floor, Goal::Ratio(1.5)));
            self.add(Line::paired(unchanged, "s", (&taken, &threads), "the same on as many threads", Goal::Nothing));
        }
        if self.wants(&changed) {
            let document = self.options.workload(customers).customer(customers / 2).swap_remove(0);
            let path = fleet.join(&document.path);
            let change = |run: usize| {
                fs::write(&path, document.text.replace("data_class: internal", &format!("data_class: internal-{run}")))?;
                self.binary.run(&fleet, &arguments)
            };
            let [taken, same] = self.in_turn(self.options.runs, [&mut { change }, &mut |_| self.binary.run(&fleet, &arguments)])?;
            fs::write(&path, &document.text)?;
            self.add(Line::paired(changed, "s", (&taken, &same), "nothing changed", Goal::Ratio(1.1)));
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
        // What is to be reached is said of ten thousand; of more, that nothing grows but the listings.
        let goal = if customers <= 10_000 { Goal::Figure(30.0) } else { Goal::Nothing };
        let [one, list] = self.in_turn(
            self.options.runs * 2,
            [&mut |_| self.binary.run(&fleet, &["compile", "--output", &tree.to_string_lossy(), "--customer", &name]), &mut |_| {
                here(|| Ok(fs::read_dir(fleet.join("customers"))?.count() + fs::read_dir(&tree)?.count()))
            }],
        )?;
        self.add(Line::paired(what, "ms", (&one, &list), "listing both directories", goal));
        Ok(())
    }

    /// Peak memory of `check`, of `compile` into an empty directory, and of `compile` where nothing changed.
    fn memory(&self, disk: &Disk, customers: usize, most: f64) -> io::Result<()> {
        let tree = disk.tree(customers).to_string_lossy().into_owned();
        let compile = ["compile", "--output", &tree];
        let kinds = [("`check`", &["check"][..]), ("`compile`, empty directory", &compile), ("`compile`, nothing changed", &compile)];
        for (kind, arguments) in kinds {
            let what = format!("memory of {kind}, {} customers", thousands(customers));
            if self.wants(&what) {
                let taken = self.binary.run(&self.fleet(customers)?, arguments)?;
                self.add(Line::plain(what, "MB", &[taken], Goal::Figure(most)));
            }
        }
        Ok(())
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
            let [of_large, of_small] = self.in_turn(self.options.runs.min(3), [&mut |_| each(large), &mut |_| each(small)])?;
            self.add(Line::paired(what, "ms", (&of_large, &of_small), &format!("a customer of {}", thousands(small)), Goal::Ratio(1.2)));
        }
        Ok(())
    }

    /// The tree of a fleet; written once.
    fn tree(&self, disk: &Disk, customers: usize) -> io::Result<PathBuf> {
        let tree = disk.tree(customers);
        if !tree.exists() {
            self.binary.run(&self.fleet(customers)?, &["compile", "--output", &tree.to_string_lossy()])?;
        }
        Ok(tree)
    }
}

impl Disk {
    fn tree(&self, customers: usize) -> PathBuf {
        self.place.join(format!("tree-{customers}"))
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
