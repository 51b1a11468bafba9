//! What the shared modules take and give, read from where the platform has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use terralet_core::assemble::{InterfaceProblem, inputs_by_value, interface_problems};
use terralet_core::check::{ConstantProblem, Interfaces, constant_problems};
use terralet_core::clouds::modules;
use terralet_core::diagnostics::{Code, Diagnostic, Diagnostics, Report, and_list, codes};
use terralet_core::modules::{FilePlace, ModuleId, read_interface};
use terralet_core::paths::{normal, slashes};
use terralet_core::platform::{Constants, ModuleSource, Platform};
use terralet_core::source::{FileId, SourceFile, SourceMap, Span};

/// The `.tf` files of a module: names and texts.
type Files = Vec<(String, String)>;

/// What the shared modules take: the built-in ones', or those of a local directory, and what keeps them from being called. A module that
/// cannot be read is taken to be like the built-in one.
pub(crate) fn interfaces(platform: &Platform, root: &Path) -> (Interfaces, Vec<Report>) {
    if let Some(inputs) = &platform.module_inputs {
        let interfaces = Interfaces::of_inputs(inputs);
        let by_value = inputs_by_value(&interfaces).collect();
        return (interfaces.with_inputs_by_value(by_value), Vec::new());
    }
    let path = match &platform.modules.source {
        ModuleSource::BuiltIn => return built_in(platform),
        ModuleSource::Remote(_) => return (Interfaces::of_first_version(&platform.modules.provides), Vec::new()),
        ModuleSource::Local(path) => path,
    };
    let mut read = BTreeMap::new();
    let mut module_reports = ModuleReports::new(platform);
    let source = (platform.modules.span, "this source");
    let wanted: Vec<String> = modules().map(|module| format!("{}/{}", module.cloud, module.name)).collect();
    let needed = wanted.iter().zip(modules()).filter(|(_, module)| !module.newer).map(|(wanted, _)| wanted.as_str());
    let help = format!("`modules.source` names a directory with {} below it", and_list(needed));
    let own = normal(&root.join(path));
    // One error for a directory that is not there, and not one for each of its modules.
    let absent: BTreeSet<&str> = modules().map(|module| module.cloud).filter(|cloud| !own.join(cloud).is_dir()).collect();
    for cloud in &absent {
        module_reports.report(&codes::MODULE_INTERFACE, format!("there is no directory `{path}/{cloud}`"), &[source], &help);
    }
    for ((id, name, is_newer), below) in modules().map(|module| (module.id(), module.name, module.newer)).zip(&wanted) {
        // Nobody calls what is held back from everybody.
        if platform.modules.without.contains(&name) || absent.contains(id.0) {
            continue;
        }
        let directory = own.join(below);
        let shown = format!("{path}/{below}");
        let problem = match terraform_files(&directory) {
            Err(error) if is_newer && error.kind() == ErrorKind::NotFound => None,
            Err(error) => Some(format!("the shared module `{shown}` cannot be read: {error}")),
            Ok(files) if files.is_empty() => Some(format!("the shared module `{shown}` has no `.tf` file")),
            Ok(files) => {
                let (interface, problems) = read_interface(&files);
                // Of a module that cannot be read as a whole nobody knows what it declares.
                if !problems.iter().any(|problem| problem.is_whole_file) {
                    read.insert(id, interface);
                }
                let shown = directory.strip_prefix(root).map_or_else(|_| shown.clone(), slashes);
                module_reports.modules.insert(id, (shown, files));
                for problem in problems {
                    let message = format!("the shared module `{name}` cannot be read: {}", problem.message);
                    let help = "fix the module; `terraform validate` in its directory says the same";
                    let place = module_reports.place(id, &problem.place);
                    module_reports.report(&codes::MODULE_INTERFACE, message, &[(place, ""), source], help);
                }
                None
            }
        };
        if let Some(message) = problem {
            module_reports.report(&codes::MODULE_INTERFACE, message, &[source], &help);
        }
    }
    let read = Interfaces::new(read);
    module_reports.report_interfaces(interface_problems(&read, platform));
    module_reports.report_constants(constant_problems(&read, platform));
    let reports = module_reports.finish();
    let by_value = if reports.is_empty() { inputs_by_value(&read).collect() } else { BTreeSet::new() };
    let mut all = read.into_modules();
    for (id, interface) in Interfaces::built_in().into_modules() {
        let may_be_missing = modules().any(|module| module.id() == id && module.newer);
        if !may_be_missing {
            all.entry(id).or_insert(interface);
        }
    }
    (Interfaces::new(all).with_inputs_by_value(by_value), reports)
}

/// The built-in modules, which are called as they are: what else the platform passes, none of them takes.
fn built_in(platform: &Platform) -> (Interfaces, Vec<Report>) {
    let interfaces = Interfaces::built_in();
    if platform.constants().all(Constants::is_empty) {
        return (interfaces, Vec::new());
    }
    let mut module_reports = ModuleReports::new(platform);
    module_reports.report_constants(constant_problems(&interfaces, platform));
    (interfaces, module_reports.finish())
}

/// Reports what is wrong with modules: at their own lines, and at the platform's that names them.
struct ModuleReports<'p> {
    platform: &'p Platform,
    sources: SourceMap,
    diagnostics: Diagnostics,
    /// The directory of each module as it is printed, and its files.
    modules: BTreeMap<ModuleId, (String, Files)>,
    /// Files that something has been reported of.
    opened: BTreeMap<String, FileId>,
}

impl<'p> ModuleReports<'p> {
    fn new(platform: &'p Platform) -> Self {
        ModuleReports {
            platform,
            sources: SourceMap::new(Arc::clone(&platform.source)),
            diagnostics: Diagnostics::new(),
            modules: BTreeMap::new(),
            opened: BTreeMap::new(),
        }
    }

    /// Reports at those of the places that there are, with what is said there.
    fn report(&mut self, code: &'static Code, message: String, places: &[(Option<Span>, &str)], help: &str) {
        let mut diagnostic = Diagnostic::new(code, message.as_str()).help(help.to_owned()).about(message);
        for (span, text) in places.iter().filter_map(|(span, text)| Some((*span.as_ref()?, *text))) {
            diagnostic = diagnostic.at(span, text.to_owned());
        }
        self.diagnostics.push(diagnostic);
    }

    fn report_interfaces(&mut self, problems: Vec<InterfaceProblem>) {
        for InterfaceProblem { module, message, place, help } in problems {
            let of_module = self.labelled(module, place.as_ref());
            self.report(&codes::MODULE_INTERFACE, message, &[of_module, (self.platform.modules.span, "these modules")], &help);
        }
    }

    fn report_constants(&mut self, problems: Vec<ConstantProblem>) {
        for ConstantProblem { module, code, message, span, label, place, help } in problems {
            let of_module = self.labelled(module, place.as_ref());
            self.report(code, message, &[(Some(span), label.as_str()), of_module], &help);
        }
    }

    fn labelled<'t>(&mut self, module: ModuleId, place: Option<&'t (FilePlace, String)>) -> (Option<Span>, &'t str) {
        place.map_or((None, ""), |(place, text)| (self.place(module, place), text.as_str()))
    }

    /// A place in a module's file, which is read once.
    fn place(&mut self, module: ModuleId, place: &FilePlace) -> Option<Span> {
        let file = self.file(module, &place.file)?;
        Some(Span::new(file, place.bytes.start, place.bytes.end))
    }

    fn finish(self) -> Vec<Report> {
        self.diagnostics.finish(&self.sources, &self.platform.rules, None, &|_| None)
    }

    fn file(&mut self, module: ModuleId, name: &str) -> Option<FileId> {
        let (directory, files) = self.modules.get(&module)?;
        let shown = format!("{directory}/{name}");
        if let Some(known) = self.opened.get(&shown) {
            return Some(*known);
        }
        let (_, text) = files.iter().find(|(file, _)| file == name)?;
        let file = self.sources.add(SourceFile::new(shown.as_str(), text.as_str()));
        self.opened.insert(shown, file);
        Some(file)
    }
}

/// The `.tf` files of a module's directory, sorted by name.
fn terraform_files(directory: &Path) -> std::io::Result<Files> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".tf") && !name.starts_with('.') {
            files.push((name, fs::read_to_string(entry.path())?));
        }
    }
    files.sort_unstable();
    Ok(files)
}
