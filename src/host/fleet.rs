//! Runs the pipeline over many repositories, in parallel, with the results in the order of the repositories.

use super::infra::infra;
use super::output::Output;
use super::repository::{Target, read, read_infra, target};
use super::workspace::{Named, Workspace};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use terralet_core::assemble::CompileContext;
use terralet_core::compile::{CompiledCustomer, Proven, customer};
use terralet_core::diagnostics::{Report, Summary, codes};
use terralet_core::failure::Failure;
use terralet_core::fleet::{Coverage, RunContext, Shard, across};
use terralet_core::platform::{CustomerPattern, KNOWN_IN_PATTERNS, NamePattern, OwnRule, Platform, Registration};
use terralet_core::resolve::RepositoryFiles;
use terralet_core::source::{Location, Place};
use terralet_core::tree::{Listing, Tree};

/// Runs shorter than this many customers show no progress bar.
const PROGRESS_FROM: usize = 200;

/// Which repositories a run covers.
#[derive(Debug, Default)]
pub struct Scope<'s> {
    /// Paths of the call; none for the whole workspace.
    pub paths: &'s [PathBuf],
    /// A pattern of names.
    pub customer: Option<&'s str>,
    /// A part of the fleet.
    pub shard: Option<Shard>,
    /// True when directory names are judged even outside a workspace.
    pub judge_names: bool,
    /// True when the workspace need not have a customer.
    pub allow_none: bool,
}

/// The repositories of a run.
#[derive(Debug)]
pub struct Targets {
    /// Each with how it was found.
    pub list: Vec<Target>,
    /// True when they are all that the workspace has.
    pub whole: bool,
    /// Which part of the workspace they are.
    pub shard: Option<Shard>,
    /// What a run over all of them reports of the platform file: patterns in `customers` that no directory fits, and rules that have ended.
    pub of_platform: Vec<Report>,
    /// The names of all repositories of the workspace, where they are not all of the run.
    pub others: Vec<String>,
}

/// What is known in addition to the customers of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'r> {
    /// The workspace.
    pub workspace: &'r Workspace,
    /// The repositories of the run.
    pub targets: &'r Targets,
}

impl RunContext for Run<'_> {
    fn platform(&self) -> &Platform {
        &self.workspace.platform
    }

    fn coverage(&self) -> Coverage {
        Coverage { whole: self.targets.whole, shard: self.targets.shard }
    }

    fn locate(&self, place: &Place) -> Location {
        self.workspace.locate(place)
    }

    fn repositories(&self) -> &[String] {
        &self.targets.others
    }
}

/// Finds the repositories that a run covers.
pub fn targets(workspace: &Workspace, scope: &Scope<'_>) -> Result<Targets, Failure> {
    let pattern = scope.customer.map(customer_pattern).transpose()?;
    let is_wanted = |name: &OsStr| pattern.as_ref().is_none_or(|pattern| pattern.matches(&name.to_string_lossy()));
    let mut list: Vec<Target> = Vec::new();
    let (mut whole, mut of_platform, mut others) = (false, Vec::new(), Vec::new());
    if !scope.paths.is_empty() {
        let repositories = if workspace.listed { workspace.repositories()?.0 } else { Vec::new() };
        others = names(&repositories);
        let repositories: Vec<PathBuf> = repositories.into_iter().map(|(_, directory)| directory).collect();
        for path in scope.paths {
            let target = target(workspace, path, &repositories)?;
            if workspace.listed && scope.judge_names && !target.listed {
                // Who a repository is follows from its directory's name: one next to the listed ones could take a listed one's roots.
                return Err(Failure::usage(
                    format!("`{}` is not one of the workspace's repositories", workspace.shown(&target.directory)),
                    "put it where `customers` of `terralet.yml` lists it; `terralet check` accepts it where it is",
                ));
            }
            list.push(target);
        }
    } else if workspace.listed {
        whole = true;
        let (repositories, patterns) = workspace.repositories()?;
        if scope.customer.is_some() || scope.shard.is_some_and(|shard| !shard.is_all()) {
            others = names(&repositories);
        }
        if repositories.is_empty() && scope.customer.is_none() && !scope.allow_none {
            return Err(workspace.no_customers(NO_CUSTOMERS));
        }
        of_platform
            .extend(patterns.into_iter().filter(|_| scope.customer.is_none()).filter_map(|pattern| unmatched_report(workspace, pattern)));
        let wanted = repositories.into_iter().filter(|(name, _)| is_wanted(name));
        list.extend(wanted.map(|(_, directory)| Target { directory, infra: None, listed: true, judged: true }));
    } else {
        // A run that is started among the documents is about their repository.
        let above = || workspace.start.ancestors().skip(1).find(|above| infra(&workspace.platform, above) == workspace.start);
        let here = Some(workspace.start.as_path()).filter(|here| infra(&workspace.platform, here).is_dir());
        let Some(here) = here.or_else(above).map(Path::to_owned) else {
            return Err(Failure::usage(
                format!("there is no `terralet.yml` here or above, and no `{}` directory", workspace.platform.infra),
                "start in a workspace or a customer repository, or name one: `terralet check path/to/repository`",
            ));
        };
        list.push(Target { directory: here, infra: None, listed: false, judged: false });
    }
    if let Some(text) = scope.customer {
        list.retain(|target| target.directory.file_name().is_some_and(is_wanted));
        // Even one that matches every repository says nothing of those that are gone.
        whole = false;
        if list.is_empty() {
            return Err(no_match(text));
        }
    }
    if let Some(shard) = scope.shard {
        list.retain(|target| target.directory.file_name().is_some_and(|name| shard.has(&name.to_string_lossy())));
        whole &= shard.is_all();
    }
    list.sort_by(|a, b| a.directory.file_name().cmp(&b.directory.file_name()).then_with(|| a.cmp(b)));
    list.dedup();
    if whole {
        of_platform.extend(workspace.of_platform.iter().cloned().chain(ended_rules(workspace)));
    }
    for target in &mut list {
        target.judged |= scope.judge_names;
    }
    Ok(Targets { list, whole, shard: scope.shard.filter(|_| workspace.listed), of_platform, others })
}

/// The names of repositories.
fn names(repositories: &[Named]) -> Vec<String> {
    repositories.iter().map(|(name, _)| name.to_string_lossy().into_owned()).collect()
}

/// A pattern of `--customer` that no repository matches.
pub fn no_match(pattern: &str) -> Failure {
    Failure::usage(format!("no repository matches `{pattern}`"), "`terralet list` names the repositories")
}

/// What to do about a workspace without a customer.
pub const NO_CUSTOMERS: &str = "write where the customers' directories are under `customers` of the platform file; `check --allow-missing` checks the platform file alone";

/// `unmatched-pattern`, where the rules have it.
fn unmatched_report(workspace: &Workspace, pattern: &CustomerPattern) -> Option<Report> {
    let text = pattern.text.as_ref()?;
    let location = Location { file: Arc::clone(&workspace.platform.source), start: text.span.start, end: text.span.end };
    let message = format!("no directory matches the pattern `{}` of `customers`", text.value);
    let help = "fetch the repositories that it is for, correct it (a pattern is relative to the workspace), or remove it";
    let report = workspace.platform.rules.report(&codes::UNMATCHED_PATTERN, message)?;
    Some(report.at(Some(location), "").help(help))
}

/// `ended-rule` for each rule of a registry entry whose last day is over, where the rules have it.
fn ended_rules(workspace: &Workspace) -> Vec<Report> {
    let platform = &workspace.platform;
    let entries = platform.registry.entries.values();
    let ended = entries.flat_map(|entry| entry.own_rules.iter().filter(|rule| rule.has_ended).map(move |rule| (entry, rule)));
    let report = |(entry, rule): (&Registration, &OwnRule)| {
        let until = rule.until.as_ref()?;
        let location = Location { file: Arc::clone(&platform.source), start: until.span.start, end: until.span.end };
        let message = format!("the rule `{}` of `{}` ended on {}", rule.code.name, entry.name.value, until.value);
        let help = "remove it; where its reason still holds, write a later day";
        Some(platform.rules.report(&codes::ENDED_RULE, message)?.at(Some(location), "").help(help))
    };
    ended.filter_map(report).collect()
}

/// Reads a pattern of `--customer`.
pub fn customer_pattern(text: &str) -> Result<NamePattern, Failure> {
    let refused = |reason| Failure::usage(format!("`{text}` is not a valid pattern: {reason}"), format!("{KNOWN_IN_PATTERNS}: `acme-*`"));
    NamePattern::new(text).map_err(refused)
}

/// Reads and compiles one repository. What it holds can only be an error of its own.
fn compile_target(workspace: &Workspace, target: &Target, surroundings: &CompileContext<'_>) -> (CompiledCustomer, Option<Proven>) {
    match read_target(workspace, target) {
        Some(files) => customer(files, surroundings),
        None => (offboarded(&target.name()), None),
    }
}

/// Reads one repository; nothing of one that left.
pub fn read_target(workspace: &Workspace, target: &Target) -> Option<RepositoryFiles> {
    let name = target.name();
    if workspace.platform.is_offboarded(&name) {
        return None;
    }
    let files = match &target.infra {
        Some(infra) => read_infra(workspace, &target.directory, infra, name, target.judged),
        None => read(workspace, &target.directory, target.judged),
    };
    Some(files)
}

/// Compiles the repositories of a run, and judges what crosses them, against the tree where there is one. Gives the reports that are not
/// customer's too.
pub fn run(
    quiet: bool,
    workspace: &Workspace,
    targets: &Targets,
    output_to_workspace: &str,
    tree: Option<(&Output, &Listing)>,
) -> Result<(Vec<CompiledCustomer>, Vec<Report>), Failure> {
    let surroundings = workspace.surroundings(output_to_workspace);
    let (mut customers, _) = compile_all(quiet, workspace, targets, &surroundings, |_| Ok(()))?;
    let tree = tree.map(|(output, listing)| (output as &dyn Tree, listing));
    let reports = across(&Run { workspace, targets }, &mut customers, tree)?;
    Ok((customers, reports))
}

/// Compiles the repositories of a run, with something done about each customer while all of it is at hand: only what comes of that, and
/// what rules across customers need, is kept. Those rules come after it, in [`across`].
pub fn compile_all<T: Send>(
    quiet: bool,
    workspace: &Workspace,
    targets: &Targets,
    surroundings: &CompileContext<'_>,
    finish: impl Fn(Option<&Proven>) -> Result<T, Failure> + Sync,
) -> Result<(Vec<CompiledCustomer>, Vec<T>), Failure> {
    let bar = progress(quiet, targets.list.len());
    let one = |target: &Target| -> (CompiledCustomer, Result<T, Failure>) {
        let (customer, proven) = compile_target(workspace, target, surroundings);
        bar.inc(1);
        let done = finish(proven.as_ref());
        (customer, done)
    };
    let (mut customers, mut done) = (Vec::new(), Vec::new());
    targets.list.par_iter().map(one).unzip_into_vecs(&mut customers, &mut done);
    bar.finish_and_clear();
    match done.into_iter().collect::<Result<Vec<T>, Failure>>() {
        Ok(mut finished) => {
            finished.shrink_to_fit();
            Ok((customers, finished))
        }
        Err(failure) => {
            let summary = Summary::of(&customers, &[]);
            let reports = customers.into_iter().flat_map(|customer| customer.reports).collect();
            Err(failure.after(&workspace.root, reports, summary))
        }
    }
}

/// A repository that left counts as gone although it is present: it has no deployment, and its documents are not read.
fn offboarded(repository: &str) -> CompiledCustomer {
    let report = Report::new(&codes::FILE_SKIPPED, format!("the repository `{repository}` is offboarded: its documents were left out"))
        .of(Some(Arc::from(repository)))
        .help("remove `offboarded: true` from its registry entry to have it back");
    CompiledCustomer {
        repository: Arc::from(repository),
        customer_id: None,
        reports: vec![report],
        roots: Some(Vec::new()),
        unproven: Vec::new(),
        fleet: None,
        selections: Vec::new(),
        services: Vec::new(),
        placed_services: Vec::new(),
        listed: None,
    }
}

/// What a run over a part of the workspace leaves to runs over all of it.
pub fn left_out(workspace: &Workspace, targets: &Targets) -> Option<Report> {
    if !workspace.listed || targets.whole {
        return None;
    }
    let (message, help) = match targets.shard {
        Some(shard) => (
            format!("this run covers shard {shard} of the workspace: the documents of the other customers were not compared"),
            "networks and customer ids of several customers are compared by runs without `--shard`, such as `terralet check`",
        ),
        None => (
            "this run does not cover the whole workspace: the documents of the other customers were not compared".to_owned(),
            "networks and customer ids of several customers are compared by runs without a path or `--customer`",
        ),
    };
    Some(Report::new(&codes::FILE_SKIPPED, message).help(help))
}

fn progress(quiet: bool, length: usize) -> ProgressBar {
    let shown = length >= PROGRESS_FROM && !quiet && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} customers") {
        bar.set_style(style);
    }
    bar
}
