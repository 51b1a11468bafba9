//! `terralet trace`: Terraform's diagnostics, reported at the lines that their arguments come from.

use super::args::{Arguments, TraceOptions};
use super::exit::{EXIT_INPUT, EXIT_OK, EXIT_USAGE};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use terralet_core::assemble::CompileContext;
use terralet_core::compile::{DocumentErrors, traced};
use terralet_core::diagnostics::{Report, Summary, codes, nearest_of};
use terralet_core::emit::{GUARD_FILE, MODULES};
use terralet_core::failure::Failure;
use terralet_core::paths::{normal, slashes};
use terralet_core::source::{Location, SourceFile};
use terralet_core::trace::{CalledFrom, Generated, Input, Mapped, TerraformDiagnostic, TracedPlace, TracedRoot, read, report};
use terralet_core::tree::{DiskFile, Listing, Tree as _, header, plan};
use terralet_host::fleet::{Scope, Targets, targets};
use terralet_host::output::Output;
use terralet_host::real;
use terralet_host::repository::{read as read_repository, read_infra};
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

/// Said of a line that stands in a file that is otherwise another now.
const IN_BOTH: &str = "the file is not what the documents make now, and this line is the same in both";

pub(super) fn run(arguments: &Arguments, options: &TraceOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let input = read_input()?;
    for line in &input.text {
        report::note(line);
    }
    let tracing = match Tracing::start(arguments, options) {
        Ok(tracing) => tracing,
        // What Terraform said is not to be lost because the workspace has a fault of its own.
        Err(failure) => {
            let (root, failed) = match &failure {
                Failure::Platform { root, reports } | Failure::After { root, reports, .. } => (root.as_path(), reports.as_slice()),
                Failure::Io { .. } | Failure::Usage { .. } => (Path::new("."), &[][..]),
            };
            let untraced: Vec<Report> = input.diagnostics.iter().map(|diagnostic| report(diagnostic, untraced(diagnostic))).collect();
            print_reports(arguments, root, untraced.iter().chain(failed).collect(), Summary::default(), started);
            if failed.is_empty() {
                // Standard output has its one document.
                report::print_failure_for_people(&failure);
            }
            return Ok(EXIT_USAGE);
        }
    };
    let root = tracing.workspace.root.clone();
    let (reports, summary) = tracing.trace(&input)?;
    print_reports(arguments, &root, reports.iter().collect(), summary, started);
    Ok(if input.diagnostics.iter().any(TerraformDiagnostic::is_error) { EXIT_INPUT } else { EXIT_OK })
}

fn print_reports(arguments: &Arguments, root: &Path, reports: Vec<&Report>, mut summary: Summary, started: Instant) {
    let count = |severity| reports.iter().filter(|report| report.severity == severity).count();
    summary.errors = count(terralet_core::diagnostics::Severity::Error);
    summary.warnings = count(terralet_core::diagnostics::Severity::Warning);
    report::print_run(arguments.style(), &RunReport::new(root, reports, summary, started.elapsed()));
}

fn read_input() -> Result<Input, Failure> {
    let help = "pipe Terraform's JSON into it: `terraform plan -json | terralet trace ADDRESS`";
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        return Err(Failure::usage("`trace` reads standard input, which is a terminal", help));
    }
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes).map_err(|error| Failure::io("read", Path::new("standard input"), error))?;
    let input = read(&String::from_utf8_lossy(&bytes));
    if input.is_terraform {
        return Ok(input);
    }
    // A run that ended before it printed anything must not look like one that found nothing.
    for line in &input.text {
        report::note(line);
    }
    Err(Failure::usage("no JSON from Terraform on standard input", help))
}

fn untraced(diagnostic: &TerraformDiagnostic) -> TracedPlace {
    let generated = diagnostic.range.as_ref().map(|range| Generated {
        file: range.filename.clone(),
        position: (range.start.line, range.start.column),
        location: None,
    });
    TracedPlace { generated, ..TracedPlace::default() }
}

/// A root directory that a diagnostic leads to.
struct Examined {
    repository: Arc<str>,
    /// The root as the documents make it now.
    traced: Option<TracedRoot>,
    /// The files on disk.
    disk: Vec<DiskFile>,
    /// What there is to say of the directory itself.
    stale: Option<Report>,
}

/// A run of `trace`.
struct Tracing {
    workspace: Workspace,
    targets: Targets,
    output: Output,
    listing: Listing,
    /// Where Terraform ran, when the call or the current directory says so.
    context: Option<String>,
    /// True when the call named the root.
    is_named: bool,
    files: BTreeMap<PathBuf, Option<Arc<SourceFile>>>,
    roots: BTreeMap<String, Examined>,
}

impl Tracing {
    fn start(arguments: &Arguments, options: &TraceOptions) -> Result<Tracing, Failure> {
        // Where a module has changed, Terraform's words on it are still to be reported at the lines that they are about.
        let workspace = Workspace::find_with_any_modules(&arguments.call(), None)?;
        // Terraform runs where the output really is, and names files from there.
        let mut output = Output::to_read(&workspace, options.output.as_ref());
        output.root = real(&output.root);
        let listing = output.list_all(|prefix| prefix != MODULES)?;
        let targets = targets(&workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: true })?;
        let context = match &options.address {
            Some(address) => {
                // The directory as Terraform's `-chdir` takes it, which is what a shell completes.
                let directory = normal(&workspace.start.join(address));
                let below = directory.strip_prefix(&output.root).ok().map(slashes).filter(|below| listing.names(below).is_some());
                Some(below.map_or_else(|| find(&listing, address.trim_end_matches('/')), Ok)?)
            }
            None => {
                let here = workspace.start.strip_prefix(&output.root).ok().map(slashes);
                here.filter(|here| listing.names(here).is_some())
            }
        };
        let is_named = options.address.is_some();
        Ok(Tracing { workspace, targets, output, listing, context, is_named, files: BTreeMap::new(), roots: BTreeMap::new() })
    }

    fn trace(mut self, input: &Input) -> Result<(Vec<Report>, Summary), Failure> {
        let mut reports = Vec::with_capacity(input.diagnostics.len());
        for diagnostic in &input.diagnostics {
            let place = self.place(diagnostic)?;
            reports.push(report(diagnostic, place));
        }
        let mut repositories: Vec<&str> = self.roots.values().map(|root| &*root.repository).collect();
        repositories.sort_unstable();
        repositories.dedup();
        let summary = Summary { customers: repositories.len(), root_modules: self.roots.len(), ..Summary::default() };
        reports.extend(self.roots.into_values().filter_map(|root| root.stale));
        Ok((reports, summary))
    }

    fn place(&mut self, diagnostic: &TerraformDiagnostic) -> Result<TracedPlace, Failure> {
        let file = diagnostic.range.as_ref().and_then(|range| self.resolve(&range.filename));
        let generated = diagnostic.range.as_ref().map(|range| {
            let shown = file.as_ref().map_or_else(|| range.filename.clone(), |(path, _)| self.workspace.shown(path));
            let source = file.as_ref().and_then(|(_, source)| source.as_ref());
            Generated {
                file: shown,
                position: (range.start.line, range.start.column),
                location: source.map(|source| location(source, range.start.byte, range.end.byte)),
            }
        });
        let path = file.map(|(path, _)| path);
        let Some(directory) = self.root_of(path.as_deref()) else { return Ok(TracedPlace { generated, ..TracedPlace::default() }) };
        self.examine(&directory)?;
        let Some(root) = self.roots.get(&directory) else { return Ok(TracedPlace { generated, ..TracedPlace::default() }) };
        let mut place = TracedPlace { customer: Some(Arc::clone(&root.repository)), generated, ..TracedPlace::default() };
        let Some(traced) = &root.traced else { return Ok(place) };
        let base = self.output.root.join(&directory);
        let line = diagnostic.range.as_ref().map(|range| range.start.line);
        if let (Some(path), Some(line)) = (&path, line)
            && path.parent() == Some(&base)
        {
            (place.mapped, place.note) = in_root(root, traced, path, line);
            return Ok(place);
        }
        let by_file = called(traced, &base, path.as_deref(), diagnostic.call());
        if let Some(block) = diagnostic.call().or(by_file.as_ref().map(|called| called.block.as_str())) {
            place.mapped = traced.call(block);
            // What a module inside the module calls its variables is not an argument of the root, even where the names are the same.
            let is_own = by_file.as_ref().is_some_and(|called| !called.is_nested && called.block == block);
            if is_own && !diagnostic.is_in_nested_module() {
                place.read = diagnostic.variables().into_iter().filter_map(|name| traced.argument(block, name)).collect();
            }
        } else if path.is_none() {
            place.mapped = diagnostic.root_path().and_then(|path| traced.at_path(&path));
        }
        Ok(place)
    }

    /// A file that Terraform names, with its text when it is there: from the named root, else from the current directory, else from the
    /// workspace. A module that was fetched where Terraform ran need not be here.
    fn resolve(&mut self, name: &str) -> Option<(PathBuf, Option<Arc<SourceFile>>)> {
        let root = self.context.as_ref().map(|context| self.output.root.join(context));
        let bases = match (&root, self.is_named) {
            (Some(root), true) => vec![root.clone()],
            _ => vec![self.workspace.start.clone(), self.workspace.root.clone()],
        };
        let found = bases.into_iter().find_map(|base| {
            let path = normal(&base.join(name));
            let workspace = &self.workspace;
            let source = self.files.entry(path.clone()).or_insert_with(|| {
                let bytes = std::fs::read(&path).ok()?;
                Some(Arc::new(SourceFile::new(workspace.shown(&path), String::from_utf8_lossy(&bytes).into_owned())))
            });
            source.clone().map(|source| (path, Some(source)))
        });
        found.or_else(|| root.map(|root| (normal(&root.join(name)), None)))
    }

    /// The root that a file stands in, else the one that Terraform ran in.
    fn root_of(&self, path: Option<&Path>) -> Option<String> {
        let own = path.and_then(Path::parent).and_then(|directory| directory.strip_prefix(&self.output.root).ok()).map(slashes);
        own.filter(|directory| self.listing.names(directory).is_some()).or_else(|| self.context.clone())
    }

    /// Compiles the customer of a root, and compares the root with the files on disk.
    fn examine(&mut self, directory: &str) -> Result<(), Failure> {
        if self.roots.contains_key(directory) {
            return Ok(());
        }
        let Some(names) = self.listing.names(directory) else { return Ok(()) };
        let Some(header) = header(&self.output, directory, names)? else { return Ok(()) };
        let repository: Arc<str> = Arc::from(header.identity.repository.as_str());
        let disk = self.output.files(directory, names)?;
        let target = self.targets.list.iter().find(|target| target.name() == *repository);
        let shown = self.workspace.shown(&self.output.root.join(directory));
        let (traced, stale) = match target {
            None => (None, Some(stale(&repository, None, format!("`{shown}` is of the repository `{repository}`, which is not here")))),
            Some(target) => {
                let files = match &target.infra {
                    Some(infra) => read_infra(&self.workspace, &target.directory, infra, target.name(), target.judged),
                    None => read_repository(&self.workspace, &target.directory, target.judged),
                };
                let way = self.workspace.way_back(&self.output.root);
                let surroundings = CompileContext {
                    platform: &self.workspace.platform,
                    interfaces: &self.workspace.interfaces,
                    output_to_workspace: &way,
                };
                match traced(files, &surroundings, directory) {
                    Ok(Some(root)) => {
                        let difference = difference(&root, &disk);
                        let stale = difference.map(|difference| {
                            stale(&repository, root.place.as_ref(), format!("`{shown}` is not what the documents make now: {difference}"))
                        });
                        (Some(root), stale)
                    }
                    Ok(None) => (None, Some(stale(&repository, None, format!("`{shown}` is no longer a deployment of `{repository}`")))),
                    Err(DocumentErrors) => {
                        let message = format!("`{shown}` cannot be compared with the documents of `{repository}`, which have errors");
                        (None, Some(stale(&repository, None, message)))
                    }
                }
            }
        };
        self.roots.insert(directory.to_owned(), Examined { repository, traced, disk, stale });
        Ok(())
    }
}

/// The root of an address.
fn find(listing: &Listing, address: &str) -> Result<String, Failure> {
    let directories = || listing.directories.iter().map(|(directory, _)| &**directory);
    if let Some(exact) = directories().find(|directory| *directory == address) {
        return Ok(exact.to_owned());
    }
    let found: Vec<&str> = directories().filter(|directory| directory.ends_with(&format!("/{address}"))).collect();
    match found.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => {
            let help = match nearest_of(address, directories()).first() {
                Some(near) => format!("did you mean `{near}`? `terralet list` has them all"),
                None => "`terralet list` has them all; `terralet compile` writes them".to_owned(),
            };
            Err(Failure::usage(format!("no root `{address}` is below the output"), help))
        }
        several => {
            let names: Vec<String> = several.iter().take(5).map(|name| format!("`{name}`")).collect();
            Err(Failure::usage(format!("`{address}` is the end of several roots"), format!("write more of it: {}", names.join(", "))))
        }
    }
}

/// The call whose module a file belongs to.
fn called(traced: &TracedRoot, base: &Path, path: Option<&Path>, named: Option<&str>) -> Option<CalledFrom> {
    let directory = terralet_core::paths::relative(&slashes(base), &slashes(path?.parent()?));
    let directory = if directory.starts_with('.') { directory } else { format!("./{directory}") };
    traced.call_of_directory(&directory, named)
}

/// Where a line of a root's own file comes from, as far as the file is what the documents make.
fn in_root(root: &Examined, traced: &TracedRoot, path: &Path, line: usize) -> (Option<Mapped>, Option<&'static str>) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(file) = traced.file(&name) else { return (None, None) };
    let on_disk = root.disk.iter().find(|file| file.name == name).map(|file| String::from_utf8_lossy(&file.bytes));
    match on_disk {
        Some(text) if text != file.text => {
            let mapped = file.line_of(&text, line).and_then(|line| file.at(line));
            let note = mapped.is_some().then_some(IN_BOTH);
            (mapped, note)
        }
        _ => (file.at(line), None),
    }
}

/// How the files of a root differ from what the documents make.
fn difference(root: &TracedRoot, disk: &[DiskFile]) -> Option<String> {
    let expected: Vec<(&'static str, String)> = root.files.iter().map(|file| (file.name, file.text.clone())).collect();
    let plan = plan(expected, disk);
    let changes: Vec<String> = plan
        .changes
        .iter()
        .map(|change| match change.name.as_str() {
            GUARD_FILE => "a compile was interrupted".to_owned(),
            name => format!("`{name}` is {}", change.state.as_str()),
        })
        .collect();
    (!changes.is_empty()).then(|| changes.join(", "))
}

fn stale(repository: &Arc<str>, place: Option<&Location>, message: String) -> Report {
    Report::new(&codes::STALE_ROOT, message)
        .of(Some(Arc::clone(repository)))
        .at(place.cloned(), "")
        .help("run `terralet compile` and plan again; what is reported at lines that differ is what Terraform said, at its own place")
}

/// A place by its bytes, cut to the first line: Terraform's end may be lines below.
fn location(file: &Arc<SourceFile>, start: usize, end: usize) -> Location {
    let length = file.text.len();
    let start = start.min(length);
    let end = end.clamp(start, length);
    let first = file.text.get(start..end).map_or(0, |text| text.lines().next().unwrap_or("").trim_end().len());
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Location { file: Arc::clone(file), start: offset(start), end: offset(start + first) }
}
