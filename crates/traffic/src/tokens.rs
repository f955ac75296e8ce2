//! Tokens in texts that are written as they are: these are never shown.

use std::borrow::Cow;

use crate::words::WITHHELD;

/// What a signed or encrypted token begins with: `{"` in base64url (RFC 7515 section 3.1, RFC 7516 section 3.1).
const START: &str = "eyJ";

/// A text without the tokens in it, whole or cut off.
pub(crate) fn without_tokens(text: &str) -> Cow<'_, str> {
    if !text.contains(START) {
        return text.into();
    }
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut shown = String::new();
    for piece in text.split_inclusive(|c| !is_of_token(c)) {
        let end = piece.trim_end_matches(|c| !is_of_token(c)).len();
        let (word, behind) = piece.split_at(end);
        match word.find(START).filter(|at| word[*at..].contains('.')) {
            Some(at) => shown.extend([&word[..at], WITHHELD]),
            None => shown.push_str(word),
        }
        shown.push_str(behind);
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_withheld_wherever_they_stand() {
        let check = |text: &str, expected: &str| assert_eq!(without_tokens(text), expected, "{text}");
        check("/me/eyJhbGciOi.eyJzdWIi.c2ln-_x/a", "/me/{…}/a");
        check("\"x eyJ0eXAi.eyJzdWIi…\"", "\"x {…}…\"");
        check("token=eyJ0eXAi.a.b.c.d", "token={…}");
        check("eyJ", "eyJ");
        check("heyJude", "heyJude");
        check("ann@contoso.com", "ann@contoso.com");
    }
}
