//! Values of a profile that somebody has to replace, as samples leave them open.

use std::fmt;

/// Whether a value is one that somebody has to replace: nothing, or what stands in angle brackets, braces or square brackets, as in samples.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let is_between = |(open, close): (char, char)| value.starts_with(open) && value.ends_with(close);
    value.is_empty()
        || value == "…"
        || value == "..."
        || [('<', '>'), ('{', '}'), ('[', ']')].into_iter().any(is_between)
}

/// What a key or an entry is that has no value yet, as the middle of a message.
pub(super) struct NoValue<'v>(pub(super) &'v str);

impl fmt::Display for NoValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.trim().is_empty() { "is empty" } else { "is still a placeholder" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_has_to_replace_is_a_placeholder() {
        for text in ["", " ", "…", "<tenant id>", "{tenant}", "[id]"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["contoso.onmicrosoft.com", "d2c5e3f0", "a<b>"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
