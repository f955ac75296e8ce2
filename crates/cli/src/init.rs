//! `graph-contracts init`

mod ignored;
mod surroundings;

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::CommandFactory as _;
use graph_contracts::command_line::command_line;
use graph_contracts::configuration::folder_of_file;
use graph_contracts::file;
use graph_contracts::normal::{DEFAULT_RULES, VOLATILE_FILE};
use graph_contracts::report::{Line, Tone, count, quoted};
use serde_json::{Value, json};

use self::ignored::{Ignoring, ignore_leftovers};
use self::surroundings::Surroundings;
use crate::json_argument::JsonArguments;
use crate::{configuration, output};

/// The file of a Rust package that makes a test of each contract, and what its manifest needs for it.
const TEST: &str = "\
fn main() -> std::process::ExitCode {
    graph_contracts::contract_tests(&graph_contracts::Project::at(env!(\"CARGO_MANIFEST_DIR\")), |name, text| insta::assert_snapshot!(name, text))
}";
const MANIFEST: &str = "\
[dev-dependencies]
# A clone, until a version is published; or `git = \"…\"` with your copy's address.
graph-contracts = { path = \"../graph-contracts\" }
insta = \"1.49\"

[[test]]
name = \"contracts\"
harness = false";

/// Set up graph-contracts in this folder.
///
/// Looks for documentation pages, metadata of the service, a Rust package and clients of Microsoft Graph, writes graph-contracts.toml and
/// contracts/volatile.toml, lets .gitignore name what is not committed, and says what to run next. Leaves what is there already as it is: run
/// twice, it changes nothing.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; print the JSON Schema of graph-contracts.toml, by which editors complete and check it
    #[arg(long)]
    schema: bool,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

pub(crate) fn run(arguments: &Arguments, configuration: Option<&Path>) -> anyhow::Result<u8> {
    let mut terminal = output::terminal();
    if arguments.schema {
        terminal.text(&schema()?)?;
        return Ok(0);
    }
    let waiting = output::Waiting::on("looking for pages");
    let found = Surroundings::of(Path::new("."), |seen, pages| {
        if seen % 100 == 0 {
            waiting.say(&format!("looking for pages: {seen} files and folders seen, {pages} pages found"));
        }
    });
    drop(waiting);
    let folder = configuration.and_then(Path::parent).unwrap_or(Path::new(""));
    let rules = folder.join("contracts").join(VOLATILE_FILE);
    let own = configuration.map_or_else(|| PathBuf::from(configuration::FILE), Path::to_owned);
    let mut files = vec![(own, text(&found))];
    // Where there is a configuration, it says where the rules are; they are written with the first contracts.
    if configuration.is_none() || rules.exists() {
        files.push((rules, DEFAULT_RULES.to_owned()));
    }
    let mut written = Vec::new();
    for (path, text) in &files {
        written.push((path, write_new(path, text)?));
    }
    let ignoring = ignore_leftovers(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
    let lacks_pages =
        written.first().is_some_and(|(path, is_new)| !is_new && !names_pages(path)) && !found.pages.is_empty();
    let next = next(&found, lacks_pages);
    arguments.json.write(|| document(&found, &written, ignoring.as_ref(), &next))?;
    let mut lines = found_lines(&found);
    for (path, is_new) in &written {
        let what = if *is_new { "wrote" } else { "is there already, and stays as it is:" };
        lines.push(Line::plain(format!("{what} {}", path.display())));
    }
    if let Some((path, ignoring)) = &ignoring {
        let what = match ignoring {
            Ignoring::New => "wrote".to_owned(),
            Ignoring::Extended(number) => format!("added {} to", count(*number, "line", "lines")),
            Ignoring::Said => "is there already, and stays as it is:".to_owned(),
        };
        lines.push(Line::plain(format!("{what} {}", shown(path))));
    }
    if lacks_pages {
        let file = written.first().map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let line = format!("{file} does not say where the pages are; add: pages = [{}]", quoted_list(&found.pages));
        lines.push(Line::new(Tone::Warn, "note:").text(format!(" {line}")));
    }
    lines.push(Line::plain(""));
    for step in &next {
        lines.push(Line::new(Tone::Bold, format!("{}:", step.why)));
        lines.extend(step.what.lines().map(|line| Line::plain(format!("  {line}"))));
    }
    terminal.lines(&lines)?;
    Ok(0)
}

/// A path as it is said: from here.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// The JSON Schema of the configuration.
fn schema() -> anyhow::Result<String> {
    let schema = configuration::schema(&crate::Arguments::command());
    Ok(serde_json::to_string_pretty(&schema)?)
}

/// Writes a file unless there is one; whether it did.
fn write_new(path: &Path, text: &str) -> anyhow::Result<bool> {
    match path.symlink_metadata() {
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
    file::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(true)
}

/// Whether a configuration says where the pages are. Every command reports one that is not valid, so it counts as one that does.
fn names_pages(path: &Path) -> bool {
    let table = file::read_text(path).ok().and_then(|text| text.parse::<toml::Table>().ok());
    table.is_none_or(|table| table.contains_key("pages"))
}

/// What to add to the configuration, so that it says where the pages are: a folder that has some, if one is seen at a glance.
pub(crate) fn add_pages() -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder_of_file(&here, std::env::home_dir().as_deref());
    let folder =
        surroundings::folder_of_pages(&here.join(folder.unwrap_or_default())).unwrap_or_else(|| "path/to/docs".into());
    let (file, list, command) = (configuration::FILE, quoted_list(&[folder]), command_line());
    format!("say where they are at the top of {file}, as `{command} init` does: pages = [{list}]")
}

/// Paths as a list in TOML.
fn quoted_list(paths: &[PathBuf]) -> String {
    let quoted = paths.iter().map(|path| toml::Value::from(path.display().to_string().replace('\\', "/")).to_string());
    quoted.collect::<Vec<_>>().join(", ")
}

/// The configuration for what was found.
fn text(found: &Surroundings) -> String {
    let mut text = String::from(
        "# What this project says once, and not with each command. Every key is the name of a flag; in a table with the name of a command, it\n\
         # is for that command alone. Flags on the command line count more. Paths are relative to this file.\n\n",
    );
    text.push_str("# The documentation pages: files, or folders.\n");
    match found.pages.is_empty() {
        true => text.push_str("# pages = [\"docs\"]\n"),
        // Memory can always be written to.
        false => drop(writeln!(text, "pages = [{}]", quoted_list(&found.pages))),
    }
    text.push_str(
        "\n# The contracts that are made of them, and their reviewed snapshots. Both belong in version control.\n\
         contracts = \"contracts\"\nsnapshots = \"snapshots\"\n\n\
         # The service's own metadata, as `$metadata` returns it: a file or a URL for each version.\n",
    );
    let metadata = quoted_list(&found.metadata);
    match &found.metadata_problem {
        None if found.metadata.is_empty() => text.push_str("# metadata = [\"v1.0=metadata/v1.0.csdl\"]\n"),
        None => drop(writeln!(text, "metadata = [{metadata}]")),
        Some(_) => drop(writeln!(
            text,
            "# These cannot be used together; name those that belong to your pages.\n# metadata = [{metadata}]"
        )),
    }
    if !found.pages.is_empty() {
        text.push_str(
            "\n[lint]\n# The defects that are known; `lint --update-baseline` writes them, and `lint` reports new ones only.\n\
             baseline = \"lint-baseline.json\"\n",
        );
    }
    text
}

fn found_lines(found: &Surroundings) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |text: String| lines.push(Line::plain(text));
    let shown = |path: &PathBuf| path.display().to_string();
    if found.pages.is_empty() {
        say("found no documentation pages: no file here has a request and its response".to_owned());
    } else {
        let pages = count(found.page_count, "page", "pages");
        let pairs = count(found.pair_count, "pair of request and response", "pairs of request and response");
        let folders = found.pages.iter().map(shown).collect::<Vec<_>>().join(", ");
        say(match found.documenting {
            all if all == found.page_count => format!("found {pages} with {pairs} in {folders}"),
            some => format!("found {pages} in {folders}, {some} of them with {pairs}"),
        });
    }
    for link in &found.linked {
        let link = link.display();
        say(format!("did not follow {link}, a link to a folder with pages; if they are yours, add it to `pages`"));
    }
    for path in &found.metadata {
        say(format!("found metadata of the service: {}", path.display()));
    }
    if let Some(why) = &found.metadata_problem {
        say(format!("the metadata is not used, because it cannot be used together: {why}"));
    }
    if let Some(path) = &found.rust_package {
        say(format!("found a Rust package: {}", path.display()));
    }
    for (path, name) in &found.clients {
        say(format!("found a client of Microsoft Graph: {} ({name})", path.display()));
    }
    lines
}

/// Something to do next.
struct Step {
    why: &'static str,
    what: String,
}

/// What to do next. Where the configuration `lacks_pages`, commands are given them.
fn next(found: &Surroundings, lacks_pages: bool) -> Vec<Step> {
    let command = command_line();
    let mut steps = Vec::new();
    let paths = found.pages.iter().filter(|_| lacks_pages);
    let paths: String = paths.map(|path| format!(" {}", quoted(&path.display().to_string()))).collect();
    match found.pages.is_empty() {
        false => {
            let what = format!("{command} import{paths}\n{command} replay");
            steps.push(Step { why: "Make contracts of the pages, and test them", what });
            steps.push(Step { why: "Find defects in the pages", what: format!("{command} lint{paths}") });
        }
        true => steps.push(Step {
            why: "Make contracts of pages that document what you call, such as a copy of the documentation's repository",
            what: format!("{command} import PATH"),
        }),
    }
    if !found.clients.is_empty() {
        steps.push(Step { why: "Then answer your client like Microsoft Graph", what: format!("{command} serve") });
    }
    if found.rust_package.is_some() {
        steps.push(Step { why: "Let `cargo test` run the contracts: in Cargo.toml", what: MANIFEST.to_owned() });
        steps.push(Step { why: "and in tests/contracts.rs", what: TEST.to_owned() });
    }
    steps
}

fn document(
    found: &Surroundings,
    written: &[(&PathBuf, bool)],
    ignoring: Option<&(PathBuf, Ignoring)>,
    next: &[Step],
) -> Value {
    let ignoring = ignoring.map(|(path, ignoring)| (path, *ignoring != Ignoring::Said));
    let written = written.iter().map(|(path, is_new)| (*path, *is_new)).chain(ignoring);
    let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    json!({
        "found": {
            "pages": paths(&found.pages),
            "page_count": found.page_count,
            "documenting": found.documenting,
            "pair_count": found.pair_count,
            "metadata": paths(&found.metadata),
            "rust_package": found.rust_package.as_ref().map(|path| path.display().to_string()),
            "linked": paths(&found.linked),
            "clients": found.clients.iter().map(|(path, name)| json!({ "file": path.display().to_string(), "names": name })).collect::<Vec<_>>(),
        },
        "files": written.map(|(path, is_new)| json!({ "file": shown(path), "written": is_new })).collect::<Vec<_>>(),
        "next": next.iter().map(|step| json!({ "why": step.why, "what": step.what })).collect::<Vec<_>>(),
    })
}
