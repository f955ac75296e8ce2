//! Names as words: `toRecipients` is *to recipient*. Names are English in every language of the documentation.

/// The words of a name in lower case, each without the ending of its plural.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let characters: Vec<char> = name.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let is_lower = |at: usize| characters.get(at).is_some_and(|character| character.is_lowercase());
        let begins = character.is_uppercase() && (at > 0 && !characters[at - 1].is_uppercase() || is_lower(at + 1));
        if (begins || !character.is_alphanumeric()) && words.last().is_some_and(|last| !last.is_empty()) {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            last.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(|word| singular(&word)).collect()
}

/// Whether a name has the words of another one at its beginning. In a name without capitals, since URLs are read in any case, words are
/// found without their limits, but for short ones; so they are below.
pub(super) fn begins(name: &[String], with: &[String]) -> bool {
    name.starts_with(with) || run_together(name, with, 4).is_some_and(|(name, with)| name.starts_with(&with))
}

/// Whether a name has the words of another one at its end.
pub(super) fn ends(name: &[String], with: &[String]) -> bool {
    name.ends_with(with) || run_together(name, with, 5).is_some_and(|(name, with)| name.ends_with(&with))
}

/// Whether a name has the words of another one anywhere.
pub(super) fn has(name: &[String], other: &[String]) -> bool {
    name.windows(other.len().max(1)).any(|words| words == other)
        || run_together(name, other, 5).is_some_and(|(name, other)| name.contains(&other))
}

/// A name of one word, and another one as such, if that is long enough to be found within.
fn run_together<'a>(name: &'a [String], other: &[String], least: usize) -> Option<(&'a str, String)> {
    let other = other.concat();
    match name {
        [word] if other.len() >= least => Some((word, other)),
        _ => None,
    }
}

fn singular(word: &str) -> String {
    match word {
        "access" | "address" | "business" => word.to_owned(),
        // Both spellings stand in names of permissions.
        "priviliged" => "privileged".to_owned(),
        _ if word.starts_with("licen") => "license".to_owned(),
        _ if word.len() > 4 && word.ends_with("ies") => format!("{}y", word.trim_end_matches("ies")),
        _ if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_words() {
        let check = |name: &str, expected: &str| assert_eq!(words(name).join(" "), expected, "{name}");
        check("toRecipients", "to recipient");
        check("deviceCompliancePolicies", "device compliance policy");
        check("oauth2PermissionGrants", "oauth2 permission grant");
        check("Microsoft.NAV.postAndSend", "microsoft nav post and send");
        check("SENDMAIL", "sendmail");
        check("PriviligedOperations", "privileged operation");
        check("subscribedSKUs", "subscribed sk us");
        check("status", "status");
        check("Grüße_2", "grüße 2");
        check("", "");
    }

    #[test]
    fn words_are_found_where_they_stand_and_in_any_case() {
        let check = |is: fn(&[String], &[String]) -> bool, name: &str, other: &str, expected: bool| {
            assert_eq!(is(&words(name), &words(other)), expected, "{name}, {other}");
        };
        check(begins, "sendMail", "send", true);
        check(begins, "sendmail", "send", true);
        check(begins, "REMOTELOCK", "remoteLock", true);
        check(begins, "resend", "send", false);
        check(begins, "senderSettings", "send", false);
        check(ends, "oauth2permissiongrants", "permissionGrant", true);
        check(ends, "memberSettings", "member", false);
        check(ends, "blink", "link", false);
        check(has, "customerPaymentJournals", "payment", true);
        check(has, "customerpaymentjournals", "payment", true);
        check(has, "printers", "payment", false);
    }
}
