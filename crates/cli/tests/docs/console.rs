//! The blocks of commands of a page.

/// A block of commands.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// The line of its fence, counted from 1.
    pub(crate) line: usize,
    /// Why it is not run, if it is not.
    pub(crate) not_run: Option<String>,
    /// What is done before it.
    pub(crate) prepare: Vec<String>,
    /// Its commands.
    pub(crate) steps: Vec<Step>,
}

/// A command with the output that is shown.
#[derive(Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

/// The blocks of a page's text, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut marks = Block::default();
    let mut open: Option<Block> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        match &mut open {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => match (line.strip_prefix("$ "), block.steps.last_mut()) {
                (Some(command), _) => {
                    block.steps.push(Step { line: number, command: command.to_owned(), output: Vec::new() });
                }
                (None, Some(step)) if step.output.is_empty() && step.command.ends_with('\\') => {
                    step.command.push('\n');
                    step.command.push_str(line);
                }
                (None, Some(step)) => step.output.push(line.to_owned()),
                (None, None) => {}
            },
            None if line == "```console" => {
                open = Some(Block { line: number, ..std::mem::take(&mut marks) });
            }
            None => {
                let comment = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix("-->"));
                match comment.and_then(|comment| comment.trim_end().split_once(':')) {
                    Some(("not run", reason)) => marks.not_run = Some(reason.trim().to_owned()),
                    Some(("prepare", shell)) => marks.prepare.push(shell.trim().to_owned()),
                    // A mark is for the block that follows it.
                    _ if !line.is_empty() => marks = Block::default(),
                    _ => {}
                }
            }
        }
    }
    blocks
}

#[test]
fn marks_are_for_the_block_that_follows() {
    let text = "<!-- not run: no tenant -->\n\n```console\n$ a \\\n  b\nout\n$ c\n```\n<!-- prepare: rm x -->\ntext\n```console\n$ d\n```\n";
    let step = |line, command: &str, output: &[&str]| Step {
        line,
        command: command.to_owned(),
        output: output.iter().map(|line| (*line).to_owned()).collect(),
    };
    let first = Block {
        line: 3,
        not_run: Some("no tenant".to_owned()),
        steps: vec![step(4, "a \\\n  b", &["out"]), step(7, "c", &[])],
        ..Block::default()
    };
    let second = Block { line: 11, steps: vec![step(12, "d", &[])], ..Block::default() };
    assert_eq!(blocks(text), [first, second]);
}
