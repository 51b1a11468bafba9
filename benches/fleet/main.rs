//! Measures terralet on a generated fleet, compared with the floors of the same work: `cargo bench --bench fleet -- --help`.
//!
//! Prints a table of figures, each as minimum, median and maximum of several runs, and writes the same as JSON. It never fails because of
//! a figure: machines differ, and seconds are not asserted.

#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr)]

mod floor;
mod lines;
mod measure;
mod table;
mod workload;

use lines::{Bench, Disk};
use measure::{Binary, COUNTED};
use serde_json::json;
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use workload::Workload;

const HELP: &str = "\
Measures terralet on a generated fleet, and the floors of the same work. Takes about ten minutes on two cores; `--large 0` about three.

  --customers N    size of the fleet of most lines (default 10000)
  --small N        the smaller fleet of the growth (default 1000)
  --large N        the larger fleet of the growth and of the memory; 0 leaves it out (default 100000)
  --runs N         counted runs of each figure, after one that is not counted (default 5)
  --threads N      threads of terralet and of the floors (default 2)
  --directory DIR  where trees are written; repeat it to compare file systems (default: the build's temporary directory, and /dev/shm;
                   trees on a disk are those of the smaller fleet; fleets, and trees of the larger one, are in the last)
  --seed N         of the fleet (default 1)
  --registered N   how many of a hundred customers the registry lists (default 5)
  --only WORD      only lines with this word
  --json FILE      also write the table as JSON
  --page FILE      also put the table into a page, between the lines `<!-- measured -->` and `<!-- end -->`
  --binary FILE    measure this binary instead of the one just built
";

/// The file system in memory that Linux has.
const MEMORY: &str = "/dev/shm";

/// What stands before and behind the table in a page.
const MEASURED: &str = "<!-- measured -->\n\n";
const END: &str = "\n<!-- end -->";

/// What the call asks for.
#[derive(Debug)]
pub struct Options {
    pub customers: usize,
    pub small: usize,
    pub large: usize,
    pub runs: usize,
    pub threads: usize,
    pub directories: Vec<PathBuf>,
    pub seed: u64,
    pub registered: u64,
    pub only: Option<String>,
    pub json: Option<PathBuf>,
    pub page: Option<PathBuf>,
    pub binary: PathBuf,
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((COUNTED, rest)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        std::process::exit(measure::counted(rest)?);
    }
    let Some(options) = options(&arguments)? else {
        print!("{HELP}");
        return Ok(());
    };
    // A pool that is there already is one of the same size.
    let _made = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global();
    let mut places = Vec::new();
    for directory in &options.directories {
        fs::create_dir_all(directory)?;
        places.push(tempfile::Builder::new().prefix("fleet-").tempdir_in(directory)?);
    }
    let disks: Vec<Disk> = places.iter().map(|place| Disk { place: place.path().to_owned(), is_memory: is_memory(place.path()) }).collect();
    // Fleets are where the last trees are, in memory where there is such a place.
    let Some(last) = disks.last() else { return Ok(()) };
    let bench = Bench {
        options: &options,
        binary: Binary { path: options.binary.clone(), threads: options.threads },
        place: last.place.clone(),
        lines: RefCell::default(),
    };
    // What was measured before something failed is printed all the same.
    let done = bench.run(&disks);
    let lines = bench.lines.into_inner();
    print!("{}", table::markdown(&lines));
    if let Some(file) = &options.page {
        let text = fs::read_to_string(file)?;
        let parts = text.split_once(MEASURED).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
        let (before, behind) = parts.ok_or_else(|| io::Error::other(format!("{} has no place for the table", file.display())))?;
        fs::write(file, format!("{before}{MEASURED}{}{END}{behind}", table::markdown(&lines)))?;
    }
    if let Some(file) = &options.json {
        let settings = json!({"customers": options.customers, "small": options.small, "large": options.large, "runs": options.runs,
            "threads": options.threads, "seed": options.seed, "registered": options.registered});
        let lines: Vec<_> = lines.iter().map(table::Line::json).collect();
        fs::write(file, format!("{:#}\n", json!({"version": 1, "settings": settings, "lines": lines})))?;
    }
    done
}

/// True for a directory of a file system in memory.
fn is_memory(directory: &Path) -> bool {
    /// What Linux says of a tmpfs (statfs(2)).
    const TMPFS: i128 = 0x0102_1994;
    rustix::fs::statfs(directory).is_ok_and(|found| i128::from(found.f_type) == TMPFS)
}

/// Says on standard error what is being measured: the table comes at the end.
pub fn progress(what: &str) {
    eprintln!("measuring {what}");
}

fn options(arguments: &[String]) -> io::Result<Option<Options>> {
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
        page: None,
        binary: PathBuf::from(env!("CARGO_BIN_EXE_terralet")),
    };
    let mut arguments = arguments.iter();
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
            "--directory" => options.directories.push(fs::canonicalize(value)?),
            "--only" => options.only = Some(value.clone()),
            "--json" => options.json = Some(value.into()),
            "--page" => options.page = Some(value.into()),
            "--binary" => options.binary = fs::canonicalize(value)?,
            _ => return Err(io::Error::other(format!("there is no option `{name}`; `--help` lists them"))),
        }
    }
    if options.directories.is_empty() {
        options.directories.push(PathBuf::from(env!("CARGO_TARGET_TMPDIR")));
        options.directories.extend(Some(PathBuf::from(MEMORY)).filter(|memory| Path::is_dir(memory)));
    }
    Ok(Some(options))
}

impl Options {
    /// The fleet of a size.
    pub fn workload(&self, customers: usize) -> Workload {
        Workload { seed: self.seed, customers, registered: self.registered }
    }

    /// The sizes of fleets, each once.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = [self.small, self.customers, self.large].into_iter().filter(|size| *size > 0).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}
