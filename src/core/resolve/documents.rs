//! The documents of a repository: which file is which, and its tree.

use super::naming::KnownNames;
use super::overlays::entries_of;
use super::unread::{self, Unread};
use crate::clouds::{self, Cloud, default_cloud};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::platform::Platform;
use crate::schema::{KeyPlace, Poisoned, check_document};
use crate::source::{FileId, SourceFile, SourceMap, Span};
use crate::syntax::{self, Mapping, Node};
use std::collections::BTreeMap;

/// How many files of other names are reported one by one.
const MAX_UNRECOGNISED: usize = 20;
/// The most documents of a repository (language.md section 5).
pub const MAX_DOCUMENTS: usize = 200;
/// The most bytes of all documents of a repository. They are in memory together, and 200 of the largest would take gigabytes.
pub const MAX_REPOSITORY_BYTES: usize = 8 << 20;
/// The most nodes of all documents of a repository, after alias expansion.
const MAX_REPOSITORY_NODES: usize = 300_000;

/// A repository as the file system has it.
#[derive(Clone, Debug)]
pub struct RepositoryFiles {
    /// The repository's name: its directory's.
    pub name: String,
    /// Its directory, relative to the workspace, with `/`.
    pub directory: String,
    /// The directory with its documents, relative to the workspace.
    pub infra: String,
    /// True when a workspace lists it, so that its name is judged.
    pub listed: bool,
    /// Files of the infra directory that are or might be documents, sorted by name.
    pub files: Vec<DocumentFile>,
    /// What keeps all of its documents from being read.
    pub unread: Option<Unread>,
    /// The name of a platform file in the repository, which is never used.
    pub nested_platform: Option<&'static str>,
}

/// A file of the infra directory.
#[derive(Clone, Debug)]
pub struct DocumentFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What was found under a document's name.
#[derive(Clone, Debug)]
pub enum Content {
    /// Bytes.
    Bytes(Vec<u8>),
    /// More bytes than a document may have; unread.
    TooLarge(u64),
    /// Left unread, since it and the documents before it are more than [`MAX_REPOSITORY_BYTES`].
    PastLimit,
    /// No regular file but this.
    Special(&'static str),
    /// A link that leaves the repository.
    Outside,
    /// What the file system would not read, and why.
    Unreadable(String),
}

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// Its file's name.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// Its tree.
    pub root: Node,
}

impl Document {
    /// The document's first key, or its start where it has none.
    pub fn first_key(&self) -> Span {
        let first = self.root.as_mapping().and_then(|mapping| mapping.entries.first());
        first.map_or(Span::new(self.file, 0, 0), |entry| entry.key.span)
    }
}

/// The documents of a repository that parse.
#[derive(Debug)]
pub struct Documents {
    /// The cloud that values are judged by.
    pub cloud: &'static dyn Cloud,
    /// The repository's name.
    pub repository: String,
    /// True when a workspace lists it.
    pub listed: bool,
    /// The base.
    pub base: Option<Document>,
    /// Service overlays by service name.
    pub services: BTreeMap<String, Document>,
    /// Region overlays by the name in their file's name.
    pub regions: BTreeMap<String, Document>,
    /// True when a document was left out because of its own errors.
    pub incomplete: bool,
    /// How many values they have, aliases written out.
    pub values: usize,
}

impl Documents {
    /// Every document, the base first.
    pub fn all(&self) -> impl Iterator<Item = &Document> {
        self.base.iter().chain(self.regions.values()).chain(self.services.values())
    }

    /// The path of the key at a place, for reports.
    pub fn path_at(&self, span: Span) -> Option<String> {
        let document = self.all().find(|document| document.file == span.file)?;
        syntax::path_at(&document.root, span)
    }
}

/// What a file's name makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DocumentKind {
    Base,
    Service(String),
    Region(String),
    /// A YAML file of another name.
    Unrecognised,
    /// A YAML file in a directory below.
    Nested,
}

/// True for the names of documents; other YAML files are reported by name, and never read.
pub fn is_document(name: &str) -> bool {
    !matches!(classify(name), None | Some(DocumentKind::Unrecognised | DocumentKind::Nested))
}

/// True for the names of YAML files, in capitals too: `VARIABLES.YML` is reported, and is not a document.
pub fn is_yaml(name: &str) -> bool {
    yaml_stem(name).is_some()
}

fn yaml_stem(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    ["yml", "yaml"].iter().any(|known| extension.eq_ignore_ascii_case(known)).then_some(stem)
}

fn classify(name: &str) -> Option<DocumentKind> {
    if name.contains('/') {
        return Some(DocumentKind::Nested);
    }
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else {
        return yaml_stem(name).map(|_| DocumentKind::Unrecognised);
    };
    if stem == "variables" {
        return Some(DocumentKind::Base);
    }
    if let Some(service) = stem.strip_suffix("-vars").filter(|service| !service.is_empty()) {
        return Some(DocumentKind::Service(service.to_owned()));
    }
    if let Some(region) = stem.strip_suffix("-variables").filter(|region| !region.is_empty()) {
        return Some(DocumentKind::Region(region.to_owned()));
    }
    Some(DocumentKind::Unrecognised)
}

/// Parses the documents of a repository and reports what is wrong with each alone.
pub fn read_documents(
    files: RepositoryFiles,
    platform: &Platform,
    sources: &mut SourceMap,
    poisoned: &mut Poisoned,
    diagnostics: &mut Diagnostics,
) -> Documents {
    let mut documents = Documents {
        cloud: default_cloud(),
        repository: files.name,
        listed: files.listed,
        base: None,
        services: BTreeMap::new(),
        regions: BTreeMap::new(),
        incomplete: false,
        values: 0,
    };
    let mut parsed: Vec<(DocumentKind, Document)> = Vec::new();
    let mut read: Vec<(DocumentKind, String, FileId)> = Vec::new();
    let mut found = 0;
    let mut others: Vec<(DocumentKind, String)> = Vec::new();
    let (mut bytes, mut nodes) = (0, 0);
    let infra = files.infra.clone();
    if let Some(unread) = &files.unread {
        diagnostics.push(unread.diagnostic(&files.infra, sources));
        documents.incomplete = true;
    }
    for DocumentFile { name, content } in files.files {
        let Some(kind) = classify(&name) else { continue };
        if matches!(kind, DocumentKind::Unrecognised | DocumentKind::Nested) {
            others.push((kind, name));
            continue;
        }
        let path = path_in(&files.infra, &name);
        found += 1;
        if found > MAX_DOCUMENTS {
            let file = sources.add(SourceFile::new(path, String::new()));
            diagnostics.push(
                Diagnostic::new(&codes::TOO_MANY_DOCUMENTS, format!("the repository has more than {MAX_DOCUMENTS} documents"))
                    .at(Span::new(file, 0, 0), format!("document {found}; the rest is not read"))
                    .help("merge some of them: services and regions can stand in the base under `services:` and `regions:`"),
            );
            documents.incomplete = true;
            break;
        }
        bytes += match &content {
            Content::Bytes(read) => read.len(),
            Content::PastLimit => MAX_REPOSITORY_BYTES + 1,
            Content::TooLarge(_) | Content::Special(_) | Content::Outside | Content::Unreadable(_) => 0,
        };
        if bytes > MAX_REPOSITORY_BYTES {
            let file = sources.add(SourceFile::new(path, String::new()));
            diagnostics.push(too_large_together(&format!("{MAX_REPOSITORY_BYTES} bytes (8 MiB)"), file));
            documents.incomplete = true;
            break;
        }
        let (file, root) = parse(&name, path, content, sources, diagnostics);
        nodes += root.as_ref().map_or(0, Node::count);
        if nodes > MAX_REPOSITORY_NODES {
            diagnostics.push(too_large_together(&format!("{MAX_REPOSITORY_NODES} values, with aliases written out"), file));
            documents.incomplete = true;
            break;
        }
        if let Some((_, earlier, first)) = read.iter().find(|(other, ..)| *other == kind) {
            diagnostics.push(
                Diagnostic::new(&codes::DUPLICATE_DOCUMENT, format!("`{name}` and `{earlier}` are the same document"))
                    .at(Span::new(file, 0, 0), "this file")
                    .at(Span::new(*first, 0, 0), "and this one")
                    .help("keep one of the two spellings"),
            );
            continue;
        }
        read.push((kind.clone(), name.clone(), file));
        let Some(root) = root else {
            documents.incomplete = true;
            continue;
        };
        parsed.push((kind, Document { name, file, root }));
    }
    // A value is judged by the cloud that it is for, which any of the documents may say.
    documents.cloud = cloud_of(&parsed);
    for (kind, document) in parsed {
        if is_empty(&document.root) {
            diagnostics.push(empty(&kind, &document));
        }
        let place = match &kind {
            DocumentKind::Service(_) => KeyPlace::ServiceOverlay,
            DocumentKind::Region(_) => KeyPlace::RegionOverlay,
            DocumentKind::Base | DocumentKind::Unrecognised | DocumentKind::Nested => KeyPlace::Base,
        };
        check_document(&document.root, place, documents.cloud, diagnostics, poisoned);
        // A base that says nothing, and a list or a text in place of a document, are left out: what they lack follows from that.
        let is_of_no_use = if is_empty(&document.root) { kind == DocumentKind::Base } else { document.root.as_mapping().is_none() };
        if is_of_no_use {
            documents.incomplete = true;
            continue;
        }
        match kind {
            DocumentKind::Base => documents.base = Some(document),
            DocumentKind::Service(name) => {
                documents.services.insert(name, document);
            }
            DocumentKind::Region(name) => {
                documents.regions.insert(name, document);
            }
            DocumentKind::Unrecognised | DocumentKind::Nested => {}
        }
    }
    documents.values = nodes;
    poisoned.incomplete = documents.incomplete;
    if !others.is_empty() {
        report_others(others, &infra, &KnownNames::of(&documents, platform), sources, diagnostics);
    }
    documents
}

/// The cloud of a repository: the first that its base or one of its region overlays names. Whether they agree is judged with the identity.
fn cloud_of(parsed: &[(DocumentKind, Document)]) -> &'static dyn Cloud {
    let of = |is_it: fn(&DocumentKind) -> bool| {
        parsed.iter().filter(move |(kind, _)| is_it(kind)).filter_map(|(_, document)| document.root.as_mapping())
    };
    let bases = || of(|kind| *kind == DocumentKind::Base);
    let overlays = bases().flat_map(|base| entries_of(base, "regions")).filter_map(|entry| entry.value.as_mapping());
    let mut all = bases().chain(overlays).chain(of(|kind| matches!(kind, DocumentKind::Region(_))));
    let named = |mapping: &Mapping| clouds::find(&mapping.get("cloud_provider")?.value.as_scalar()?.text);
    all.find_map(named).unwrap_or_else(default_cloud)
}

/// Reports files that are not documents, with what each should be.
fn report_others(
    others: Vec<(DocumentKind, String)>,
    infra: &str,
    names: &KnownNames<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) {
    let mut more = 0;
    for (index, (kind, name)) in others.into_iter().enumerate() {
        if index >= MAX_UNRECOGNISED {
            more += usize::from(kind == DocumentKind::Unrecognised);
            continue;
        }
        let place = Span::new(sources.add(SourceFile::new(path_in(infra, &name), String::new())), 0, 0);
        match kind {
            DocumentKind::Nested => names.nested(&name, place).into_iter().for_each(|diagnostic| diagnostics.push(diagnostic)),
            DocumentKind::Base | DocumentKind::Service(_) | DocumentKind::Region(_) | DocumentKind::Unrecognised => {
                diagnostics.push(names.unrecognised(&name, place))
            }
        }
    }
    if more > 0 {
        let file = sources.add(SourceFile::new(infra, String::new()));
        diagnostics.push(
            Diagnostic::new(
                &codes::UNRECOGNISED_FILE,
                format!("{more} more YAML files do not have the name of a document, and are not read"),
            )
            .at(Span::new(file, 0, 0), "")
            .help(
                "documents are `variables.yml`, `<service>-vars.yml` and `<region>-variables.yml`; move other YAML files into a directory",
            ),
        );
    }
}

fn path_in(infra: &str, name: &str) -> String {
    if infra.is_empty() { name.to_owned() } else { format!("{infra}/{name}") }
}

fn too_large_together(limit: &str, file: FileId) -> Diagnostic {
    Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, format!("the documents of the repository have more than {limit} together"))
        .at(Span::new(file, 0, 0), "the limit is reached with this document; the rest is not read")
        .help("move large lists and maps out of the documents, or split the repository")
}

fn parse(name: &str, path: String, content: Content, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> (FileId, Option<Node>) {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::TooLarge(size) => {
            let file = sources.add(SourceFile::new(path, String::new()));
            diagnostics.push(syntax::too_large(file, size));
            return (file, None);
        }
        // The caller has reported it and stopped.
        Content::PastLimit => return (sources.add(SourceFile::new(path, String::new())), None),
        Content::Special(what) => return (unread::special(name, what, path, sources, diagnostics), None),
        Content::Outside => return (unread::outside(name, path, sources, diagnostics), None),
        Content::Unreadable(reason) => return (unread::unreadable(name, &reason, path, sources, diagnostics), None),
    };
    match String::from_utf8(bytes) {
        Ok(text) => {
            let file = sources.add(SourceFile::new(path, text));
            let root = sources.get(file).cloned().and_then(|source| syntax::parse(file, &source.text, diagnostics));
            (file, root)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let utf16 = matches!(error.as_bytes().get(..2), Some([0xff, 0xfe] | [0xfe, 0xff]));
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let file = sources.add(SourceFile::new(path, text));
            let help = if utf16 { "the file is UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
            let label = format!("from here on; this is byte {at} of the file");
            diagnostics
                .push(Diagnostic::new(&codes::NOT_UTF8, "the file is not UTF-8 text").at(Span::new(file, at, at + 3), label).help(help));
            (file, None)
        }
    }
}

fn is_empty(root: &Node) -> bool {
    root.is_null() || root.as_mapping().is_some_and(|mapping| mapping.entries.is_empty())
}

fn empty(kind: &DocumentKind, document: &Document) -> Diagnostic {
    let span = Span::new(document.file, 0, 0);
    match kind {
        DocumentKind::Base => Diagnostic::new(&codes::EMPTY_BASE, "the base document has nothing in it")
            .at(span, "")
            .help("write at least `project_name:`, `environments:` with a `region:`, and `networking:`; or remove the file where region overlays say everything"),
        DocumentKind::Service(name) => Diagnostic::new(&codes::EMPTY_DOCUMENT, format!("`{}` has nothing in it", document.name))
            .at(span, "")
            .help(format!("the file still makes the service `{name}` exist; write its settings, or remove the file")),
        DocumentKind::Region(_) | DocumentKind::Unrecognised | DocumentKind::Nested => Diagnostic::new(&codes::EMPTY_DOCUMENT, format!("`{}` has nothing in it", document.name))
            .at(span, "")
            .help("the file still makes the deployments of its region exist; write its settings, or remove the file"),
    }
}
