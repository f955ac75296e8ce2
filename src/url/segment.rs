//! The segments of a path.

/// The segments of a path. A `/` inside braces or parentheses separates nothing, unless they are never closed, nor does one
/// in the path of an item.
pub fn split_path(path: &str) -> Vec<&str> {
    let trimmed = path.trim_matches('/');
    if trimmed.is_empty() {
        return Vec::new();
    }
    let (mut segments, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in trimmed.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                segments.push(&trimmed[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return trimmed.split('/').collect();
    }
    segments.push(&trimmed[start..]);
    join_addressed(trimmed, segments)
}

/// Joins what stands between `:/` and the next segment that ends with `:`: in `root:/a/b.txt:/content`, the path of an item is
/// one value (Microsoft Graph documentation, "Addressing resources in a drive").
fn join_addressed<'a>(path: &'a str, segments: Vec<&'a str>) -> Vec<&'a str> {
    if !segments.iter().any(|segment| segment.ends_with(':')) {
        return segments;
    }
    let offset = |segment: &str| segment.as_ptr() as usize - path.as_ptr() as usize;
    let mut joined: Vec<&str> = Vec::with_capacity(segments.len());
    let mut rest = segments.into_iter();
    while let Some(segment) = rest.next() {
        joined.push(segment);
        if !segment.ends_with(':') {
            continue;
        }
        let Some(first) = rest.next() else { break };
        let mut last = first;
        while !last.ends_with(':') {
            let Some(next) = rest.next() else { break };
            last = next;
        }
        joined.push(&path[offset(first)..offset(last) + last.len()]);
    }
    joined
}
