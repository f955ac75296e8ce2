//! `--report`: results as files, and as what GitHub shows beside a pull request.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use graph_contracts::command_line::command_line;
use graph_contracts::file;
use graph_contracts::report::{Judged, Report, quoted};
use graph_contracts_odata::check::shown_name;
use graph_contracts_report::{
    Comparison, Point, Repository, Results, annotations, document, history, html, junit, sarif, summary,
};
use serde_json::Value;

use crate::json_argument::JsonArguments;
use crate::output;
use crate::voice;

/// The report for people.
const PAGE: &str = "report.html";

/// What a command takes to write its result to files.
#[derive(clap::Args)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    files: FilesArguments,

    #[command(flatten)]
    earlier: EarlierArguments,
}

/// Where the result goes.
#[derive(clap::Args)]
pub(crate) struct FilesArguments {
    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,

    /// Write reports to this folder too: report.html, junit.xml, results.json, summary.md, and results.sarif if the pages are in this
    /// repository; in GitHub Actions, also a job summary and annotations
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,

    /// Name pages by their path below this folder [default: the root of their repository]
    #[arg(long, value_name = "DIR")]
    pages_root: Option<PathBuf>,
}

/// The runs beside which a result is shown.
#[derive(clap::Args, Default)]
struct EarlierArguments {
    /// Show the trend over the earlier results.json files below this folder
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,

    /// Compare with an earlier run: this results.json of the same command. What is new, gone and the same is said on the terminal and stands in
    /// --json and --report
    #[arg(long, value_name = "RESULTS")]
    compare: Option<PathBuf>,
}

impl ReportArguments {
    /// The folder below which pages are named, if it is given.
    pub(crate) fn pages_root(&self) -> Option<&Path> {
        self.files.pages_root.as_deref()
    }

    /// Writes what a command found for programs, if they asked.
    pub(crate) fn write_json(&self, found: &Report<'_>) -> anyhow::Result<()> {
        self.files.json.write(|| document(found, None))
    }

    /// Writes what a command found on the terminal, and for programs, if they asked; the exit code.
    pub(crate) fn emit(&self, terminal: &mut output::Out, found: &Report<'_>) -> anyhow::Result<u8> {
        let failed = self.write_json(found).err().into_iter().collect();
        terminal.report(found)?;
        Ok(ended(found, failed))
    }

    /// Writes what a command found on contracts, after the lines for its cases, which were `written`; the exit code.
    pub(crate) fn finish(
        &self,
        terminal: &mut output::Out,
        written: io::Result<()>,
        found: &Report<'_>,
        filters: &[String],
    ) -> anyhow::Result<u8> {
        self.finish_with(terminal, written, found, filters, self.files.of_pages())
    }

    /// The same where `locate` gives the file of a page. What a command found stands on the terminal whatever cannot be written; that is said
    /// at the end, and the command fails.
    pub(crate) fn finish_with(
        &self,
        terminal: &mut output::Out,
        written: io::Result<()>,
        found: &Report<'_>,
        filters: &[String],
        locate: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<u8> {
        self.files.write(&self.earlier, terminal, written, found, filters, locate)
    }
}

impl FilesArguments {
    /// Writes what a command found that stands beside no earlier run; the exit code.
    pub(crate) fn finish(
        &self,
        terminal: &mut output::Out,
        found: &Report<'_>,
        filters: &[String],
    ) -> anyhow::Result<u8> {
        self.write(&EarlierArguments::default(), terminal, Ok(()), found, filters, self.of_pages())
    }

    fn write(
        &self,
        earlier: &EarlierArguments,
        terminal: &mut output::Out,
        written: io::Result<()>,
        found: &Report<'_>,
        filters: &[String],
        locate: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<u8> {
        let mut failed = Vec::new();
        // Read before anything is written: the files may be the same.
        let comparison = earlier.compared(found).unwrap_or_else(|error| {
            failed.push(error);
            None
        });
        // Files first: whoever reads the terminal may go away.
        let is_wanted = self.json.is_wanted() || self.report.is_some();
        let document = is_wanted.then(|| document(found, comparison.as_ref()));
        if let Some(document) = &document {
            failed.extend(self.json.write(|| document).err());
        }
        let made = match (&self.report, &document) {
            (Some(folder), Some(document)) => {
                let result = RunResult { report: found, comparison: comparison.as_ref(), document };
                self.write_each(folder, &result, earlier, filters, &locate)
            }
            _ => Vec::new(),
        };
        written?;
        terminal.report(found)?;
        if let Some(comparison) = &comparison {
            terminal.blocks(&[comparison.block()])?;
        }
        if let Some(folder) = &self.report {
            if made.is_empty() {
                output::note(&format!("the report is {}", folder.join(PAGE).display()))?;
            }
            let what = format!("{}: the report is not complete", folder.display());
            failed.extend(made.into_iter().map(|error| error.context(what.clone())));
        }
        // After the result, so that GitHub shows them with it.
        if self.report.is_some() && is_in_github() {
            let mut out = voice::stream();
            let lines = annotations(found, &locate);
            let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
            failed.extend(written.context("the annotations cannot be written").err());
        }
        Ok(ended(found, failed))
    }

    /// Gives the path of a page's file in the repository, if it is there.
    fn of_pages(&self) -> impl Fn(&str) -> Option<String> {
        let current = Path::new(".");
        let given = self.pages_root.as_deref();
        let repository = Repository::around(given.unwrap_or(current), current).ok();
        move |page| {
            if page.is_empty() || Path::new(page).is_absolute() || page.split(['/', '\\']).any(|part| part == "..") {
                return None;
            }
            let repository = repository.as_ref()?;
            let file = given.unwrap_or(repository.root()).join(page);
            if file.is_file() { repository.path_of(&file) } else { None }
        }
    }

    /// Writes each report, whatever becomes of the others; what could not be done.
    fn write_each(
        &self,
        folder: &Path,
        result: &RunResult<'_>,
        earlier: &EarlierArguments,
        filters: &[String],
        locate: impl Fn(&str) -> Option<String>,
    ) -> Vec<anyhow::Error> {
        let RunResult { report, comparison, document } = *result;
        let mut failed = Vec::new();
        // Read before anything is written: the folder may be the same.
        let earlier = earlier.runs(report, folder).unwrap_or_else(|error| {
            failed.push(error);
            Vec::new()
        });
        let base = base_command();
        let rerun = |id: &str| command_again(&base, filters, id, report.command);
        let markdown = summary(report, comparison);
        let sarif = sarif(report, &locate);
        let has_sarif = report.judged == Judged::Pages || sarif["runs"][0]["results"][0].is_object();
        let made = file::check_writable(&folder.join(PAGE)).and_then(|()| std::fs::create_dir_all(folder));
        match made.with_context(|| format!("{}: cannot be made", folder.display())) {
            Err(error) => failed.push(error),
            Ok(()) => {
                let page = || html::html(report, &html::Options { earlier: &earlier, comparison, rerun: &rerun });
                let junit = junit(report).context("junit.xml cannot be made");
                let files = [
                    output::write_json(&folder.join("results.json"), document),
                    output::write_text(&folder.join(PAGE), page()),
                    junit.and_then(|junit| output::write_text(&folder.join("junit.xml"), junit)),
                    output::write_text(&folder.join("summary.md"), markdown.clone()),
                    if has_sarif { output::write_json(&folder.join("results.sarif"), &sarif) } else { Ok(()) },
                ];
                failed.extend(files.into_iter().filter_map(Result::err));
            }
        }
        let summary_of_job = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| is_in_github() && !file.is_empty());
        failed.extend(summary_of_job.and_then(|file| append(Path::new(&file), &markdown).err()));
        failed
    }
}

impl EarlierArguments {
    /// What was found beside the earlier run that was named.
    fn compared(&self, found: &Report<'_>) -> anyhow::Result<Option<Comparison>> {
        let Some(file) = &self.compare else { return Ok(None) };
        let shown = || format!("{}: this run cannot be compared with it", file.display());
        let text = file::read_text(file).with_context(shown)?;
        let before = Results::read(&text).with_context(shown)?;
        if before.command() != found.command {
            let other =
                anyhow::anyhow!("it has results of `{}`, and these are of `{}`", before.command(), found.command);
            return Err(other.context(shown()));
        }
        Ok(Some(Comparison::new(&before.report(None), found)))
    }

    /// The earlier runs for the trend.
    fn runs(&self, report: &Report<'_>, own: &Path) -> anyhow::Result<Vec<Point>> {
        let Some(folder) = &self.history else { return Ok(Vec::new()) };
        // The first run that is written into its own history.
        if own.starts_with(folder) && !folder.exists() {
            return Ok(Vec::new());
        }
        let earlier = history(folder, report.command)
            .with_context(|| format!("{}: the history cannot be read", folder.display()))?;
        for (file, why) in &earlier.unreadable {
            output::note(&format!("{}: no results, and not in the trend: {why}", file.display()))?;
        }
        // A run that is written into its own history is this one's predecessor, not this one.
        Ok(earlier.points.into_iter().filter(|point| point.at < report.at).collect())
    }
}

/// What is written of a run.
struct RunResult<'r> {
    report: &'r Report<'r>,
    comparison: Option<&'r Comparison>,
    document: &'r Value,
}

/// Says what could not be written. A run that could not say all that was asked of it could not run; one that is broken stays broken.
fn ended(found: &Report<'_>, failed: Vec<anyhow::Error>) -> u8 {
    let is_complete = failed.is_empty();
    // There is nowhere left to report a broken standard error to.
    let _ = failed.into_iter().try_for_each(|error| output::error(None, &error));
    if is_complete || found.exit_code != 0 { found.exit_code } else { output::COULD_NOT_RUN }
}

fn is_in_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    file::append(path, text).with_context(|| format!("{}: the summary of the job cannot be written", path.display()))
}

/// Options that are about where results go, and are not part of running again.
const OUTPUTS: [&str; 6] = ["--report", "--json", "--history", "--compare", "--sarif", "--markdown"];

/// The option that gives a parameter its value.
const BIND: &str = "--bind";

/// The command line of this run after its name, without where its results go.
fn base_command() -> Vec<String> {
    let mut words = Vec::new();
    let mut is_value = false;
    for word in std::env::args_os().skip(1).map(OsString::into_string) {
        let word = word.unwrap_or_else(|word| word.to_string_lossy().into_owned());
        if std::mem::take(&mut is_value) {
            continue;
        }
        let name = word.split('=').next().unwrap_or_default();
        if OUTPUTS.contains(&name) {
            is_value = !word.contains('=');
        } else {
            // The values of a URL's query may be secret.
            words.push(shown_argument(&word));
        }
    }
    without_bound_values(words)
}

/// The words without the values of parameters, which may name people.
fn without_bound_values(mut words: Vec<String>) -> Vec<String> {
    for index in 0..words.len() {
        let is_value = index > 0 && words[index - 1] == BIND;
        let bound = if is_value { Some(words[index].as_str()) } else { words[index].strip_prefix("--bind=") };
        let shown = bound.and_then(|bound| Some(format!("{}=VALUE", bound.split_once('=')?.0)));
        if let Some(shown) = shown {
            words[index] = if is_value { shown } else { format!("{BIND}={shown}") };
        }
    }
    words
}

/// An argument as it may be shown: a URL, perhaps behind `NAME=`, without what may be secret.
fn shown_argument(word: &str) -> String {
    let url = ["http://", "https://"].iter().filter_map(|scheme| word.find(scheme)).min();
    match url {
        Some(start) if start == 0 || word[..start].ends_with('=') => {
            format!("{}{}", &word[..start], shown_name(&word[start..]))
        }
        _ => word.to_owned(),
    }
}

/// The command that runs one contract, or page, again.
fn command_again(base: &[String], filters: &[String], id: &str, command: &str) -> String {
    let mut words: Vec<&str> = std::iter::once(command_line()).chain(base.iter().map(String::as_str)).collect();
    // The linter's pages are named as files; running it again runs it on the same ones.
    if command != "lint" {
        // What a filter is equal to may stand before it: the folders of `diff` do.
        for filter in filters {
            if let Some(at) = words.iter().rposition(|word| word == filter) {
                words.remove(at);
            }
        }
        let at = if command == "diff" { words.len() } else { 2.min(words.len()) };
        words.insert(at, id);
    }
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_contract_is_run_again_with_the_same_options() {
        let base = ["replay", "v1.0", "--contracts", "my contracts"].map(str::to_owned);
        assert_eq!(
            command_again(&base, &["v1.0".to_owned()], "v1.0/get-lamp", "replay"),
            "graph-contracts replay v1.0/get-lamp --contracts 'my contracts'"
        );
        let base = ["diff", "new", "old", "new", "--deny", "breaking"].map(str::to_owned);
        assert_eq!(
            command_again(&base, &["new".to_owned()], "v1.0/get-lamp", "diff"),
            "graph-contracts diff new old --deny breaking v1.0/get-lamp"
        );
        assert_eq!(
            command_again(&["lint".to_owned(), "docs".to_owned()], &[], "a.md", "lint"),
            "graph-contracts lint docs"
        );
    }

    #[test]
    fn what_may_be_secret_in_a_url_is_not_shown() {
        for (word, expected) in [
            ("https://h/v1.0/$metadata?sig=secret", "https://h/v1.0/$metadata?sig=…"),
            ("--metadata=beta=https://u:secret@h/x?y#z", "--metadata=beta=https://h/x?…"),
            ("https://graph.microsoft.com", "https://graph.microsoft.com/"),
            ("a/https://b?c", "a/https://b?c"),
            ("é", "é"),
        ] {
            assert_eq!(shown_argument(word), expected);
        }
    }
}
