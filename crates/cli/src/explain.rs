//! `graph-contracts explain`

use anyhow::bail;
use graph_contracts::diagnostic::Code;
use graph_contracts::documentation::{CODES, PAGES, explain, explained, title};
use graph_contracts::report::{Line, Tone};

use crate::{configuration, output};

/// Explain a code of a defect, or a command, as the documentation does.
///
/// Prints the page of the documentation, or the section of a code, as Markdown: the program brings the documentation of its version. Without a
/// topic, lists them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Explain this code, such as `json-not-valid`, or show this page, such as `lint`
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let mut terminal = output::terminal();
    let Some(topic) = &arguments.topic else {
        let lines = PAGES
            .iter()
            .map(|(name, text)| Line::new(Tone::Bold, format!("{name:<16}")).text(format!("  {}", title(text))));
        let codes = Line::plain(format!(
            "and each code of a defect, such as json-not-valid; {} has all of them",
            explain(CODES)
        ));
        terminal.lines(&lines.chain([codes]).collect::<Vec<_>>())?;
        return Ok(0);
    };
    let Some(text) = explained(topic) else {
        let topics = PAGES.iter().map(|(name, _)| *name).chain(Code::ALL.iter().map(|code| code.name()));
        let near = configuration::nearest(topic, topics);
        bail!("there is no topic `{topic}`{near} (`explain` without one lists them)");
    };
    terminal.text(text)?;
    Ok(0)
}
