//! `graph-contracts explain`

use anyhow::bail;
use graph_contracts::command_line::{CODES, command_line, explain};
use graph_contracts::diagnostic::Code;
use graph_contracts::meant::did_you_mean;
use graph_contracts::report::{Line, Tone};
use graph_contracts_docs::{PAGES, page, section, title};
use serde_json::{Value, json};

use crate::called::called;
use crate::json_argument::JsonArguments;
use crate::{COMMANDS, output};

/// The pages about commands whose name no page has.
const PAGES_OF_COMMANDS: [(&str, &str); 7] = [
    ("completions", "configuration"),
    ("explain", "diagnostics"),
    ("import", "replay"),
    ("init", "configuration"),
    ("prove", "replay"),
    ("report", "reports"),
    ("review", "replay"),
];

/// Explain a code of a defect, or a command, as the documentation does.
///
/// Prints the page of the documentation, or the section of a code, as Markdown: the program brings the documentation of its version. Without a
/// topic, lists them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Explain this code, such as `json-not-valid`, or show this page, such as `lint`
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let mut terminal = output::terminal();
    let Some(topic) = &arguments.topic else {
        arguments.json.write(topics)?;
        let lines = PAGES
            .iter()
            .map(|(name, text)| Line::new(Tone::Bold, format!("{name:<16}")).text(format!("  {}", title(text))));
        let others = Line::plain(format!(
            "and each command, such as import, and each code of a defect, such as json-not-valid; {} has all of the codes",
            explain(CODES)
        ));
        terminal.lines(&lines.chain([others]).collect::<Vec<_>>())?;
        return Ok(0);
    };
    let Some(text) = explained(topic) else {
        let topics = PAGES.iter().map(|(name, _)| *name).chain(COMMANDS);
        let near = did_you_mean(topic, topics.chain(Code::ALL.iter().map(|code| code.name())));
        bail!("there is no topic `{topic}`{near} (`{} explain` lists them)", command_line());
    };
    let text = called(&without_notes(text));
    arguments.json.write(|| json!({ "topic": topic, "title": title_of(topic, &text), "text": text }))?;
    terminal.text(&text)?;
    Ok(0)
}

/// All topics, each with its title; of a code, that is what is wrong.
fn topics() -> Value {
    let pages = PAGES.iter().map(|(name, text)| json!({ "topic": name, "title": title(text) }));
    let commands = PAGES_OF_COMMANDS.iter().filter_map(|(command, name)| Some((command, title(page(name)?))));
    let commands = commands.map(|(command, title)| json!({ "topic": command, "title": title }));
    let codes = Code::ALL.iter().map(|code| json!({ "topic": code.name(), "title": code.title() }));
    let mut topics: Vec<Value> = pages.chain(commands).chain(codes).collect();
    topics.sort_by(|one, other| one["topic"].as_str().cmp(&other["topic"].as_str()));
    json!({ "topics": topics })
}

/// The title of a topic with that text: of a code, what is wrong.
fn title_of<'t>(topic: &str, text: &'t str) -> &'t str {
    if let Some(code) = Code::named(topic) {
        return code.title();
    }
    text.lines()
        .find_map(|line| line.strip_prefix('#'))
        .map(|rest| rest.trim_start_matches('#').trim())
        .unwrap_or_default()
}

/// A page without the comments that say how its commands are tested. What stands in a fence is part of the page.
fn without_notes(text: &str) -> String {
    let mut is_fenced = false;
    let mut is_shown = |line: &&str| {
        is_fenced ^= line.trim_start().starts_with("```");
        is_fenced || !(line.starts_with("<!-- ") && line.trim_end().ends_with("-->"))
    };
    text.split_inclusive('\n').filter(|line| is_shown(line)).collect()
}

/// The text about a topic: the section of a code, the page of that name, or the one about that command.
fn explained(topic: &str) -> Option<&'static str> {
    if let Some(code) = Code::named(topic) {
        return section(page(CODES)?, code.name());
    }
    let about = || PAGES_OF_COMMANDS.iter().find(|(command, _)| *command == topic).and_then(|(_, name)| page(name));
    page(topic).or_else(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_read_is_no_part_of_a_page() {
        let check = |text: &str, expected: &str| assert_eq!(without_notes(text), expected);
        check("a\n\n<!-- not run: it waits -->\n```console\n$ b\n```\n", "a\n\n```console\n$ b\n```\n");
        check("```html\n<!-- a -->\n```\n<!-- b -->\n", "```html\n<!-- a -->\n```\n");
    }

    #[test]
    fn each_command_has_a_page_that_names_it() {
        for command in COMMANDS {
            let text = explained(command).unwrap_or_else(|| panic!("there is no topic {command}"));
            let names = [format!("`{command}`"), format!("graph-contracts {command}")];
            assert!(names.iter().any(|name| text.contains(name)), "{command}: {}", title(text));
        }
        for (command, _) in PAGES_OF_COMMANDS {
            assert!(COMMANDS.contains(&command) && page(command).is_none(), "{command} has a page of its own");
        }
    }

    #[test]
    fn each_code_has_its_own_section() {
        for code in Code::ALL {
            let text = explained(code.name()).unwrap_or_default();
            assert!(text.starts_with(&format!("## {}\n", code.name())), "{code}: {text}");
            let others = Code::ALL.iter().filter(|other| text.contains(&format!("\n## {}\n", other.name())));
            assert_eq!(others.count(), 0, "{code}: {text}");
        }
        assert_eq!(explained("nothing"), None);
    }
}
