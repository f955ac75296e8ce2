//! The rule for what comments call a block: a request is no response.

use super::Linter;
use crate::diagnostic::Code;
use crate::page::StartLine;

/// Compares the `blockType` of each comment with the first line of its block.
pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    for block in &page.blocks {
        let stated = block.metadata.as_ref().and_then(|metadata| metadata.block_type.as_deref());
        let (stated, actual) = match (stated, &block.message.start) {
            (Some(stated @ "response"), StartLine::Request(_)) => (stated, "request"),
            (Some(stated @ "request"), StartLine::Status(_)) => (stated, "response"),
            _ => continue,
        };
        let line = block.message.start.line();
        let place = page.place_in_comment(line, &format!("\"{stated}\"")).unwrap_or((line, 1));
        let message = format!("the comment calls this block a {stated}, but it is a {actual}");
        linter.report_at(Code::MetadataContradictsExample, place, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::lint::testing::places;

    #[test]
    fn a_request_is_called_one() {
        let check = |stated: &str, block: &str, expected: &[(u32, u32)]| {
            let text = format!("# Get lamp\n\n<!-- {{\n  \"blockType\": \"{stated}\"\n}} -->\n```http\n{block}\n```\n");
            assert_eq!(places(&text, Code::MetadataContradictsExample), expected, "{text}");
        };
        check("response", "GET /lamps", &[(4, 16)]);
        check("request", "HTTP/1.1 200 OK", &[(4, 16)]);
        check("request", "GET /lamps", &[]);
        check("response", "HTTP/1.1 200 OK", &[]);
        check("ignored", "GET /lamps", &[]);
        check("ignored", "HTTP/1.1 200 OK", &[]);
        check("response", "{\"value\": 4}", &[]);
    }
}
