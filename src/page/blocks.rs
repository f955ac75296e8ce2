//! The HTTP blocks of a page: which of its fenced blocks hold a message, and which answers which.

use std::collections::BTreeSet;

use super::accepted::Accepted;
use super::answer::Answers;
use super::body_block::join;
use super::candidate::candidates;
use super::message::Defect;
use super::pairing::Sequence;
use super::{Block, Element, Pairing, StartLine};
use crate::diagnostic::{Code, Diagnostic};

/// The HTTP blocks of a page in document order, which of them are pairs, and what is wrong with them. `accepted` gets what the page as a
/// whole accepts.
pub(super) fn read_blocks<'a>(
    path: &str,
    elements: &[Element<'a>],
    diagnostics: &mut Vec<Diagnostic>,
    accepted: &mut BTreeSet<Accepted>,
) -> (Vec<Block<'a>>, Pairing) {
    let mut sequence = Sequence::default();
    let mut answers = Answers::of(elements);
    let candidates = join(candidates(path, elements, diagnostics, accepted));
    let mut blocks: Vec<Block<'a>> = Vec::with_capacity(candidates.len());
    for mut candidate in candidates {
        let (message, status) = match candidate.message.take() {
            Some(message) => {
                let status = match &message.start {
                    StartLine::Status(line) => Some(line.clone()),
                    StartLine::Unreadable(line) if !candidate.is_meant_as(line, &message, &sequence) => continue,
                    _ => None,
                };
                (message, status)
            }
            None => {
                let Some(request) = sequence.open_request(&candidate.zone) else { continue };
                let Some(answer) = answers.read(&candidate, &blocks[request]) else { continue };
                answer
            }
        };
        let block = candidate.into_block(message, status);
        let defects = block.message.defects.iter().cloned().chain(start_defect(&block));
        diagnostics.extend(defects.map(|defect| defect.of_page(path)));
        sequence.push(blocks.len(), &block);
        blocks.push(block);
    }
    let pairing = sequence.finish(&blocks);
    (blocks, pairing)
}

/// What is wrong with a block that has no start line, or none that can be read.
fn start_defect(block: &Block<'_>) -> Option<Defect> {
    if block.is_ignored() && !block.misspells_template() {
        return None;
    }
    let defect = |code, line, column, message: String| Some(Defect::new(code, (line, column), message));
    match (&block.message.start, &block.status) {
        (StartLine::Unreadable(line), _) => {
            defect(Code::StartLineNotValid, line.line, line.column, line.problem.to_string())
        }
        (StartLine::Missing(line), Some(status)) => {
            let message =
                format!("the response has no status line; the text says that its status is {}", status.status);
            defect(Code::NoStatusLine, *line, 1, message)
        }
        (StartLine::Missing(line), None) => {
            let message = "the response has no status line, and the text does not say which status it has";
            defect(Code::StatusNotStated, *line, 1, message.to_owned())
        }
        (StartLine::Request(_) | StartLine::Status(_), _) => None,
    }
}
