//! The base URL of a provider: a token goes out with TLS, or to this machine.

use graph_contracts::http::is_local;
use reqwest::Url;

/// Whether a token may go there.
pub(super) fn check_base(base: &Url) -> Result<(), &'static str> {
    if base.host().is_none() {
        return Err("it names no host: give one such as https://graph.microsoft.com");
    }
    match base.scheme() {
        "https" => {}
        "http" if is_local(base) => {}
        "http" => return Err("without TLS the token could be read on the way: use https"),
        _ => return Err("only https is known here"),
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err("it names a user or a password: leave them out, the token is what identifies the run");
    }
    if base.path() != "/" || base.query().is_some() || base.fragment().is_some() {
        return Err("leave out what follows the host: the requests say the version");
    }
    Ok(())
}

/// Whether a text is a base URL to which a token may go: with TLS, or on this machine.
///
/// # Errors
///
/// When it is not, with the reason.
pub fn checked_base(base: &str) -> Result<(), String> {
    let base =
        Url::parse(base).map_err(|error| format!("it is no URL, such as https://graph.microsoft.com: {error}"))?;
    Ok(check_base(&base)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_base_of(base: &str, expected: Result<(), &str>) {
        let found = check_base(&Url::parse(base).expect("a URL"));
        match (found, expected) {
            (Ok(()), Ok(())) => {}
            (Err(found), Err(words)) => assert!(found.starts_with(words), "{base}: {found}"),
            _ => panic!("{base}: {found:?}"),
        }
    }

    #[test]
    fn a_token_goes_out_with_tls_or_to_this_machine() {
        for base in ["https://graph.microsoft.com", "https://graph.microsoft.us/", "https://[2001:db8::1]:8443"] {
            check_base_of(base, Ok(()));
        }
        for base in ["http://127.0.0.1:80", "http://127.9.9.9", "http://[::1]:9", "http://LOCALHOST:1/"] {
            check_base_of(base, Ok(()));
        }
        for base in
            ["http://graph.microsoft.com", "http://10.0.0.1", "http://[2001:db8::1]", "http://localhost.example"]
        {
            check_base_of(base, Err("without TLS"));
        }
        check_base_of("http://127.0.0.1.example", Err("without TLS"));
        check_base_of("ftp://127.0.0.1", Err("only https"));
        check_base_of("file:///etc", Err("it names no host"));
        check_base_of("https://user@h", Err("it names a user"));
        for base in ["https://h/v1.0", "https://h?a", "https://h#a"] {
            check_base_of(base, Err("leave out what follows"));
        }
    }
}
