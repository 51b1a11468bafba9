//! Repositories whose parts meet each other as often as can be: work that is done for every pair of them would show.

/// Documents by file name.
pub(crate) type Repository = Vec<(String, String)>;

/// A trap, the largest size at which it is tried, the repository of a size, and the code that is reported of it (none where it is legal). It is as
/// large as the limits on documents allow, or as what each part costs: work for every pair of parts takes longer than all else then, even if
/// it takes no more than a comparison of two numbers.
pub(crate) type Trap = (&'static str, usize, fn(usize) -> Repository, &'static str);

/// A whole base document but for its environment.
pub(crate) const HEAD: &str = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.0.0.0/16}\n";
/// One that is a layer only, for region overlays next to it.
const LAYER: &str = "project_name: shop\nnetworking: {vpc_cidr: 10.0.0.0/16}\n";

/// A base document with a text behind what it needs.
pub(crate) fn base(text: &str) -> Repository {
    document(&format!("{HEAD}environments:\n  dev: {{}}\n{text}"))
}

/// So many lines.
pub(crate) fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn document(text: &str) -> Repository {
    vec![("variables.yml".to_owned(), text.to_owned())]
}

fn with(mut repository: Repository, name: &str, text: String) -> Repository {
    repository.push((name.to_owned(), text));
    repository
}

fn below(key: &str, count: usize, line: impl Fn(usize) -> String) -> Repository {
    base(&format!("{key}:\n{}", lines(count, line)))
}

fn environments(count: usize, line: impl Fn(usize) -> String) -> Repository {
    document(&format!("{HEAD}environments:\n{}", lines(count, line)))
}

/// Every level is ten times the one before it.
pub(crate) fn alias_bomb() -> String {
    let levels = (1..12).map(|level| format!("  l{level}: &l{level} [{}]\n", vec![format!("*l{}", level - 1); 10].join(", ")));
    format!("custom:\n  l0: &l0 x\n{}", levels.collect::<String>())
}

pub(crate) const TRAPS: &[Trap] = &[
    ("unknown keys", 16_000, |size| base(&lines(size, |at| format!("key{at}: 1\n"))), "unknown-key"),
    ("keys near a right one", 16_000, |size| below("compute", size, |at| format!("  instance_type{at}: 1\n")), "unknown-key"),
    ("one key again and again", 16_000, |size| below("custom", size, |at| format!("  again: {at}\n")), "duplicate-key"),
    ("every key twice", 16_000, |size| base(&format!("custom:\n{0}{0}", lines(size, |at| format!("  key{at}: 1\n")))), "duplicate-key"),
    (
        "a long key by aliases",
        3840,
        |size| base(&format!("custom:\n  ? &a {}\n  : 1\n{}", "k".repeat(1000), lines(size, |at| format!("  *a : {at}\n")))),
        "duplicate-key",
    ),
    (
        "a long text by aliases",
        40_000,
        |size| base(&format!("custom:\n  text: &a {}\n  list: [{}]\n", "k".repeat(20 * size), "*a,".repeat(size))),
        "document-too-large",
    ),
    ("environments", 8000, |size| environments(size, |at| format!("  e{at}: {{}}\n")), "too-many-documents"),
    (
        "environments that are deployed nowhere",
        8000,
        |size| {
            let both = lines(size, |at| format!("  e{at}: {{region: eu-west-1}}\n  f{at}: {{}}\n"));
            with(document(&format!("{LAYER}environments:\n{both}")), "eu-west-2-variables.yml", "environments: {e1: {}}\n".into())
        },
        "too-many-documents",
    ),
    (
        "environments that a service does not have",
        8000,
        |size| {
            let base = document(&format!("{LAYER}environments:\n{}", lines(size, |at| format!("  e{at}: {{}}\n"))));
            let base = with(base, "eu-west-2-variables.yml", "environments: {e1: {}}\n".into());
            with(base, "api-vars.yml", format!("environments:\n{}", lines(size, |at| format!("  x{at}: {{}}\n"))))
        },
        "unknown-environment",
    ),
    (
        "environments below as many unknown keys",
        12_000,
        |size| {
            let keys = lines(size, |at| format!("regoin{at}: 1\n"));
            let environments = lines(size, |at| format!("  e{at}: {{}}\n"));
            document(&format!("{LAYER}{keys}environments:\n{environments}"))
        },
        "too-many-documents",
    ),
    ("services", 32_000, |size| below("services", size, |at| format!("  s{at}: {{}}\n")), "too-many-documents"),
    ("regions that there are not", 8000, |size| below("regions", size, |at| format!("  r{at}: {{}}\n")), "unknown-region"),
    ("nulls that remove nothing", 16_000, |size| below("tags", size, |at| format!("  k{at}:\n")), "override-without-effect"),
    (
        "nulls that remove",
        16_000,
        |size| {
            let keys = lines(size, |at| format!("  k{at}: 1\n"));
            let nulls = lines(size, |at| format!("      k{at}:\n"));
            document(&format!("{HEAD}tags:\n{keys}environments:\n  dev:\n    tags:\n{nulls}"))
        },
        "invalid-tag",
    ),
    (
        "layers of the wrong kind",
        16_000,
        |size| {
            let keys = lines(size, |at| format!("  k{at}: 1\n"));
            let maps = lines(size, |at| format!("      k{at}: {{}}\n"));
            document(&format!("{HEAD}custom:\n{keys}environments:\n  dev:\n    custom:\n{maps}"))
        },
        "merge-type-conflict",
    ),
    (
        "rules of a bucket",
        12_000,
        |size| {
            let rules = lines(size, |at| format!("  - {{name: n{at}, enabled: true, expiration_days: 3}}\n"));
            base(&format!("storage:\n  bucket_name: shop\n  lifecycle_rules:\n{rules}"))
        },
        "",
    ),
    (
        "mistakes on one line",
        16_000,
        |size| document(&format!("# 1\n# 2\n# 3\n{{{}}}\n# 1\n# 2\n# 3\n", lines(size, |at| format!("u{at}: 1, ")))),
        "unknown-key",
    ),
    ("mistakes between long comments", 1600, |size| base(&lines(size, |at| format!("u{at}: 1\n#{}\n", "-".repeat(500)))), "unknown-key"),
    (
        "anchors inside one another",
        96_000,
        |size| base(&format!("custom:\n  a: {}{}{}\n", "&a [".repeat(50), "1,".repeat(size), "]".repeat(50))),
        "document-too-large",
    ),
    ("anchors", 16_000, |size| below("custom", size, |at| format!("  k{at}: &a{at} 1\n  l{at}: *a{at}\n")), ""),
    ("aliases of nothing", 32_000, |size| base(&format!("custom: [{}]\n", lines(size, |at| format!("*a{at}, ")))), "yaml-syntax"),
    ("merge keys", 32_000, |size| base(&format!("custom:\n  a: &a {{x: 1}}\n  b:\n    <<: [{}]\n", "*a,".repeat(size))), ""),
    ("numbers as keys", 16_000, |size| below("custom", size, |at| format!("  {at}: 1\n")), "unsupported-yaml"),
    ("YAML tags", 16_000, |size| below("custom", size, |at| format!("  k{at}: !t{at} 1\n")), "unsupported-yaml"),
    ("lines that are no YAML", 80_000, |size| base(&lines(size, |at| format!("k{at}: a: b\n"))), "yaml-syntax"),
    (
        "lines that are no YAML, far behind",
        16_000,
        |size| base(&format!("{}{}", lines(size, |at| format!("k{at}: v\n")), lines(8, |at| format!("x{at}: a: b\n")))),
        "yaml-syntax",
    ),
    ("tabs", 80_000, |size| below("custom", size, |at| format!("\tk{at}: 1\n")), "yaml-syntax"),
    ("indentation", 40_000, |size| below("custom", size, |at| format!("  k{at}: 1\n x{at}: 1\n")), "yaml-syntax"),
    ("documents in a file", 96_000, |size| base(&"---\na: 1\n".repeat(size)), "unsupported-yaml"),
    ("a quote that nothing closes", 128_000, |size| base(&format!("custom: \"\n{}", "  text\n".repeat(size))), "yaml-syntax"),
    ("brackets that nothing closes", 80_000, |size| base(&format!("custom: [{}\n", "1,".repeat(size))), "yaml-syntax"),
    ("empty lines in a text", 800_000, |size| base(&format!("custom:\n  a: >\n    b\n{}    c\n", "\n".repeat(size))), ""),
    ("escapes", 120_000, |size| base(&format!("custom: {{a: \"{}\"}}\n", "\\u0041\\n".repeat(size))), ""),
    ("marks on one letter", 240_000, |size| base(&format!("custom: {{a: 'e{}'}}\n", "\u{301}\u{323}".repeat(size))), ""),
    ("comments", 200_000, |size| base(&"# c\n".repeat(size)), ""),
    ("a long comment", 800_000, |size| base(&format!("# {}\nbad: 1\n", "c".repeat(size))), "unknown-key"),
    ("heads of private keys", 40_000, |size| base(&format!("{}x: [\n", "# -----BEGIN PRIVATE KEY\n".repeat(size))), "yaml-syntax"),
    ("webhooks", 40_000, |size| base(&format!("bad: 1\n# {}\n", "hooks.slack.com/services/".repeat(size))), "unknown-key"),
    ("credentials", 16_000, |size| below("custom", size, |at| format!("  k{at}: AKIAABCDEFGHIJKLMNOP\n")), "secret-in-source"),
    (
        "a long template in many environments",
        960,
        |size| {
            let text = "{{environment}}".repeat(size * 50);
            document(&format!("{HEAD}tags: {{a: '{text}'}}\nenvironments:\n{}", lines(size, |at| format!("  e{at}: {{}}\n"))))
        },
        "out-of-range",
    ),
    (
        "wrong templates",
        8000,
        |size| base(&format!("notifications:\n  email_list: [{}]\n", lines(size, |at| format!("'{{{{e{at}}}}}@example.com', ")))),
        "unknown-template-variable",
    ),
    (
        "long names",
        320_000,
        |size| {
            let long = "t".repeat(size);
            base(&format!(
                "compute: {{instance_type: {long}}}\ndatabase: {{engine: {long}, instance_class: {long}, engine_version: '1'}}\n"
            ))
        },
        "unknown-instance-type",
    ),
    (
        "networks of many environments",
        8000,
        |size| {
            let network = |at: usize| format!("  e{at}: {{region: eu-west-1, networking: {{vpc_cidr: 10.0.{}.0/20}}}}\n", at % 16 * 16);
            document(&format!("project_name: shop\nenvironments:\n{}", lines(size, network)))
        },
        "unknown-environment",
    ),
];
