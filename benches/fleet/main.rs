//! Measures terralet on a fleet beside the floors of the same work: `cargo bench --bench fleet -- --help`.
//!
//! Prints a table of figures, each as minimum, median and maximum of several runs, and the same as JSON. It never fails because of a
//! figure: machines differ, and seconds are not asserted.

#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr)]

mod floor;
mod measure;
mod workload;

use measure::{Binary, Line, Spread, time};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use workload::Workload;

const HELP: &str = "\
Measures terralet on a generated fleet, and the floors of the same work.

  --customers N    size of the fleet of most lines (default 10000)
  --small N        the smaller fleet of the growth (default 1000)
  --large N        the larger fleet of the growth and of the peak memory; 0 leaves it out (default 100000)
  --runs N         counted runs of each figure, after one that is not counted (default 5)
  --threads N      threads of terralet and of the floors (default 2)
  --directory DIR  where trees are written; repeat it to compare file systems (default: the build's temporary directory)
  --seed N         of the fleet (default 1)
  --registered N   how many of a hundred customers the registry lists (default 5)
  --only WORD      only lines with this word
  --json FILE      also write the table as JSON
  --binary FILE    measure this binary instead of the one just built
  --generate DIR   only write the fleet of --customers there
";

#[derive(Debug)]
struct Options {
    customers: usize,
    small: usize,
    large: usize,
    runs: usize,
    threads: usize,
    directories: Vec<PathBuf>,
    seed: u64,
    registered: u64,
    only: Option<String>,
    json: Option<PathBuf>,
    binary: PathBuf,
    generate: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    let Some(options) = options()? else {
        print!("{HELP}");
        return Ok(());
    };
    if let Some(directory) = &options.generate {
        return options.workload(options.customers).write(directory);
    }
    // A pool that is there already is one of the same size.
    let _made = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global();
    let mut table = Table { lines: Vec::new(), only: options.only.clone() };
    for directory in &options.directories {
        fs::create_dir_all(directory)?;
        let place = tempfile::Builder::new().prefix("fleet-").tempdir_in(directory)?;
        let bench = Bench {
            options: &options,
            binary: Binary { path: options.binary.clone(), threads: options.threads },
            place: place.path().to_owned(),
            shown: directory.display().to_string(),
        };
        bench.run(&mut table, directory == &options.directories[0])?;
    }
    if let Some(file) = &options.json {
        let lines: Vec<_> = table.lines.iter().map(Line::json).collect();
        let settings = json!({"customers": options.customers, "small": options.small, "large": options.large, "runs": options.runs,
            "threads": options.threads, "seed": options.seed, "registered": options.registered});
        fs::write(file, format!("{:#}\n", json!({"version": 1, "settings": settings, "lines": lines})))?;
    }
    Ok(())
}

fn options() -> io::Result<Option<Options>> {
    let mut options = Options {
        customers: 10_000,
        small: 1_000,
        large: 100_000,
        runs: 5,
        threads: 2,
        directories: Vec::new(),
        seed: 1,
        registered: 5,
        only: None,
        json: None,
        binary: PathBuf::from(env!("CARGO_BIN_EXE_terralet")),
        generate: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        // Cargo adds it to every bench.
        if name == "--bench" {
            continue;
        }
        let value = arguments.next().ok_or_else(|| io::Error::other(format!("`{name}` takes a value")))?;
        let number = || value.parse::<usize>().map_err(|_| io::Error::other(format!("`{name}` takes a number, not `{value}`")));
        match name.as_str() {
            "--customers" => options.customers = number()?,
            "--small" => options.small = number()?,
            "--large" => options.large = number()?,
            "--runs" => options.runs = number()?.max(1),
            "--threads" => options.threads = number()?.max(1),
            "--seed" => options.seed = number()? as u64,
            "--registered" => options.registered = number()? as u64,
            "--directory" => options.directories.push(fs::canonicalize(&value)?),
            "--only" => options.only = Some(value),
            "--json" => options.json = Some(value.into()),
            "--binary" => options.binary = fs::canonicalize(&value)?,
            "--generate" => options.generate = Some(value.into()),
            _ => return Err(io::Error::other(format!("there is no option `{name}`; `--help` lists them"))),
        }
    }
    if options.directories.is_empty() {
        options.directories.push(PathBuf::from(env!("CARGO_TARGET_TMPDIR")));
    }
    Ok(Some(options))
}

impl Options {
    fn workload(&self, customers: usize) -> Workload {
        Workload { seed: self.seed, customers, registered: self.registered }
    }
}

/// The lines so far.
struct Table {
    lines: Vec<Line>,
    only: Option<String>,
}

impl Table {
    fn wants(&self, what: &str) -> bool {
        self.only.as_ref().is_none_or(|word| what.contains(word))
    }

    fn add(&mut self, line: Line) {
        println!("{}", line.text());
        self.lines.push(line);
    }
}

/// The measurements in one directory.
struct Bench<'o> {
    options: &'o Options,
    binary: Binary,
    place: PathBuf,
    shown: String,
}

impl Bench<'_> {
    fn run(&self, table: &mut Table, is_first: bool) -> io::Result<()> {
        let fleet = self.fleet(self.options.customers)?;
        if is_first {
            self.check(table, &fleet)?;
            self.threads(table, &fleet)?;
            self.one_repository(table)?;
        }
        self.compile(table, &fleet)?;
        self.one_customer(table)?;
        if is_first {
            self.growth(table)?;
        }
        Ok(())
    }

    /// A fleet of a size; made once.
    fn fleet(&self, customers: usize) -> io::Result<PathBuf> {
        let directory = self.place.join(format!("fleet-{customers}"));
        if !directory.exists() {
            self.options.workload(customers).write(&directory)?;
        }
        Ok(directory)
    }

    /// Two things in turn, so that a machine that slows down does so for both.
    fn paired(
        &self,
        mut one: impl FnMut(usize) -> io::Result<f64>,
        mut other: impl FnMut(usize) -> io::Result<f64>,
    ) -> io::Result<(Vec<f64>, Vec<f64>)> {
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        for run in 0..=self.options.runs {
            let (first, second) = (one(run)?, other(run)?);
            if run > 0 {
                ones.push(first);
                others.push(second);
            }
        }
        Ok((ones, others))
    }

    fn check(&self, table: &mut Table, fleet: &Path) -> io::Result<()> {
        let what = format!("check, {} customers", self.options.customers);
        if !table.wants(&what) {
            return Ok(());
        }
        let documents = floor::documents(fleet)?;
        let (figures, floors) = self.paired(|_| self.binary.time(fleet, &["check"]), |_| time(|| floor::parse(&documents)))?;
        table.add(ratio_line(what, &figures, "parsing the same files alone", &floors, 2.5));
        Ok(())
    }

    fn threads(&self, table: &mut Table, fleet: &Path) -> io::Result<()> {
        let what = "check, one thread over two threads".to_owned();
        if !table.wants(&what) {
            return Ok(());
        }
        let (one, two) = self.paired(|_| self.binary.time_on(1, fleet, &["check"]), |_| self.binary.time_on(2, fleet, &["check"]))?;
        table.add(Line { at_least: true, ..ratio_line(what, &one, "two threads", &two, 1.8) });
        Ok(())
    }

    fn one_repository(&self, table: &mut Table) -> io::Result<()> {
        let what = "check of one repository, a cold process".to_owned();
        if !table.wants(&what) {
            return Ok(());
        }
        let repository = self.place.join("alone");
        for document in self.options.workload(1).customer(0) {
            let path = repository.join(document.path);
            fs::create_dir_all(path.parent().unwrap_or(&repository))?;
            fs::write(path, document.text)?;
        }
        let repository = repository.join("customers").join(self.options.workload(1).repository(0));
        let times: Vec<f64> = (0..self.options.runs * 4).map(|_| self.binary.time(&repository, &["check"])).collect::<io::Result<_>>()?;
        table.add(plain_line(what, "ms", &times.iter().map(|seconds| seconds * 1000.0).collect::<Vec<_>>(), Some(10.0)));
        Ok(())
    }

    fn compile(&self, table: &mut Table, fleet: &Path) -> io::Result<()> {
        let (customers, shown) = (self.options.customers, &self.shown);
        let empty = format!("compile into an empty directory, {customers} customers, {shown}");
        let unchanged = format!("compile, nothing changed, {customers} customers, {shown}");
        let changed = format!("compile, one customer changed, {customers} customers, {shown}");
        let memory = format!("peak memory, {customers} customers, {shown}");
        if ![&empty, &unchanged, &changed, &memory].iter().any(|what| table.wants(what)) {
            return Ok(());
        }
        let tree = self.place.join("tree");
        let files = self.compiled(fleet, &tree)?;
        if table.wants(&empty) {
            let old = self.place.join("written");
            let compile = |_| self.with_fresh(&old, |fresh| self.binary.time(fleet, &["compile", "--output", &fresh.to_string_lossy()]));
            let write = |_| self.with_fresh(&old, |fresh| time(|| floor::write(fresh, &files)));
            let (figures, floors) = self.paired(compile, write)?;
            table.add(ratio_line(empty, &figures, "plain writing of the same files", &floors, 1.3));
        }
        let output = tree.to_string_lossy().into_owned();
        let arguments = ["compile", "--output", &output];
        if table.wants(&unchanged) {
            let (figures, floors) = self.paired(|_| self.binary.time(fleet, &arguments), |_| time(|| floor::compare(&tree, &files)))?;
            table.add(ratio_line(unchanged, &figures, "reading and comparing the same tree", &floors, 1.5));
        }
        if table.wants(&changed) {
            let workload = self.options.workload(customers);
            let document = workload.customer(customers / 2).swap_remove(0);
            let touch = |run: usize| -> io::Result<f64> {
                let text = document.text.replace("data_class: internal", &format!("data_class: internal-{run}"));
                fs::write(fleet.join(&document.path), text)?;
                self.binary.time(fleet, &arguments)
            };
            let (figures, floors) = self.paired(touch, |_| self.binary.time(fleet, &arguments))?;
            table.add(ratio_line(changed, &figures, "nothing changed", &floors, 1.1));
        }
        if table.wants(&memory) {
            self.peak(table, fleet, customers, 150.0)?;
        }
        drop(files);
        fs::remove_dir_all(&tree)
    }

    /// Peak memory of `check`, of `compile` into an empty directory, and of `compile` where nothing changed.
    fn peak(&self, table: &mut Table, fleet: &Path, customers: usize, goal: f64) -> io::Result<()> {
        let fresh = self.place.join("peak");
        let output = fresh.to_string_lossy().into_owned();
        let compile = ["compile", "--output", &output];
        for (what, arguments) in
            [("check", &["check"][..]), ("compile into an empty directory", &compile), ("compile, nothing changed", &compile)]
        {
            let peak = self.binary.peak(fleet, arguments)?;
            table.add(plain_line(format!("peak memory, {customers} customers, {what}"), "MB", &[peak], Some(goal)));
        }
        fs::remove_dir_all(&fresh)
    }

    fn one_customer(&self, table: &mut Table) -> io::Result<()> {
        for customers in [self.options.small, self.options.customers] {
            let what = format!("compile --customer X in {customers}, {}", self.shown);
            if !table.wants(&what) {
                continue;
            }
            let fleet = self.fleet(customers)?;
            let tree = self.place.join("tree");
            let output = tree.to_string_lossy().into_owned();
            self.binary.time(&fleet, &["compile", "--output", &output])?;
            let name = self.options.workload(customers).repository(customers / 2);
            let one = |_: usize| self.binary.time(&fleet, &["compile", "--output", &output, "--customer", &name]);
            let listing = |_: usize| time(|| Ok(fs::read_dir(fleet.join("customers"))?.count() + fs::read_dir(&tree)?.count()));
            let (figures, floors) = self.paired(one, listing)?;
            let milliseconds = |seconds: &[f64]| seconds.iter().map(|seconds| seconds * 1000.0).collect::<Vec<_>>();
            let line = plain_line(what, "ms", &milliseconds(&figures), Some(30.0));
            let floor = ("listing both directories".to_owned(), Spread::of(&milliseconds(&floors)));
            table.add(Line { floor: Some(floor), ..line });
            fs::remove_dir_all(&tree)?;
        }
        Ok(())
    }

    /// Time per customer in the large fleet over that in the small one; and the large one's memory.
    fn growth(&self, table: &mut Table) -> io::Result<()> {
        let (small, large) = (self.options.small, self.options.large);
        if large == 0 || !table.wants("growth") {
            return Ok(());
        }
        let (small_fleet, large_fleet) = (self.fleet(small)?, self.fleet(large)?);
        let (figures, floors) = self.paired(
            |_| Ok(self.binary.time(&large_fleet, &["check"])? * 1000.0 / large as f64),
            |_| Ok(self.binary.time(&small_fleet, &["check"])? * 1000.0 / small as f64),
        )?;
        let what = format!("growth of check: a customer of {large}");
        table.add(Line { unit: "ms", ..ratio_line(what, &figures, &format!("a customer of {small}"), &floors, 1.2) });
        self.peak(table, &large_fleet, large, 400.0)
    }

    /// Compiles a fleet into a directory, and gives what was written.
    fn compiled(&self, fleet: &Path, tree: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
        self.binary.time(fleet, &["compile", "--output", &tree.to_string_lossy()])?;
        floor::tree(tree)
    }

    /// Runs something on a directory that is not there; the tree of the run before goes first, outside of what is measured.
    fn with_fresh(&self, directory: &Path, work: impl FnOnce(&Path) -> io::Result<f64>) -> io::Result<f64> {
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
        work(directory)
    }
}

fn ratio_line(what: String, figures: &[f64], floor: &str, floors: &[f64], goal: f64) -> Line {
    Line {
        floor: Some((floor.to_owned(), Spread::of(floors))),
        ratio: Some(Spread::of_ratios(figures, floors)),
        goal: Some(goal),
        ..plain_line(what, "s", figures, None)
    }
}

fn plain_line(what: String, unit: &'static str, figures: &[f64], goal: Option<f64>) -> Line {
    Line { what, unit, figure: Spread::of(figures), floor: None, ratio: None, goal, at_least: false }
}
