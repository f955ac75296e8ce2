//! Where something is documented: a page, a line, and perhaps a column.

/// The page and the line of a `page:line` or `page:line:column`.
pub fn place(source: &str) -> (&str, u32) {
    let mut parts = source.rsplitn(3, ':');
    let numbers = [parts.next(), parts.next()].map(|part| part.and_then(|part| part.parse::<u32>().ok()));
    let rest = parts.next();
    match (numbers, rest) {
        ([Some(_), Some(line)], Some(page)) => (page, line),
        ([Some(line), None], _) => (source.rsplit_once(':').map_or(source, |(page, _)| page), line),
        _ => (source, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_page_with_a_line_and_perhaps_a_column() {
        for (source, expected) in [
            ("api/a.md:7", ("api/a.md", 7)),
            ("api/a.md:7:3", ("api/a.md", 7)),
            ("c:/a.md:7", ("c:/a.md", 7)),
            ("a.md", ("a.md", 1)),
            ("", ("", 1)),
        ] {
            assert_eq!(place(source), expected, "{source}");
        }
    }
}
