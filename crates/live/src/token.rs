//! Where access tokens come from, when they are refreshed, and how they are kept out of all output.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::access_token::AccessToken;

/// A token is replaced when it has no longer than this to live.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// How long a token that is about to expire stays in use where the source has no better one, before the source is asked again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no token, and what to do. A token is never part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TokenError(String);

impl TokenError {
    /// An error with this text: what is wrong, and what to do. It must not quote a credential.
    pub fn new(text: impl Into<String>) -> TokenError {
        TokenError(text.into())
    }
}

/// What a [`TokenSource`] is about to give.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Where tokens come from.
pub trait TokenSource: Send + Sync {
    /// A token. `fresh` asks for another one than before: one that the source keeps would not do.
    ///
    /// # Errors
    ///
    /// When the source gives no token; the error says what to do, and quotes no credential.
    fn token<'a>(&'a self, fresh: bool) -> TokenFuture<'a>;
}

/// A token that somebody else has fetched. It cannot be refreshed.
#[derive(Debug)]
pub struct ReadyToken {
    token: AccessToken,
    /// Where it is from, for errors.
    origin: String,
}

impl ReadyToken {
    /// The token in the environment variable of that name.
    ///
    /// # Errors
    ///
    /// When there is no such variable, or its value is not a bearer token.
    pub fn from_env(name: &str) -> Result<ReadyToken, TokenError> {
        ReadyToken::from_value(name, std::env::var(name).ok())
    }

    /// A token, and where it is from, for errors.
    pub fn new(token: AccessToken, origin: impl Into<String>) -> ReadyToken {
        ReadyToken { token, origin: origin.into() }
    }

    fn from_value(name: &str, value: Option<String>) -> Result<ReadyToken, TokenError> {
        let origin = format!("the environment variable {name}");
        // The whole value is a secret until it is known to be something else, so that it is wiped too.
        let value = value.map(SecretString::from).ok_or_else(|| {
            TokenError(format!("{origin} is not set, or is not text: set it to an access token for the service"))
        })?;
        let text = value.expose_secret().trim();
        // What is copied from a request begins with the scheme.
        let text = match text.split_at_checked(7) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
            _ => text,
        };
        if !is_token(text) {
            return Err(TokenError(format!(
                "the value of {origin} is not an access token: a token is one word of letters, digits and `-._~+/=`"
            )));
        }
        Ok(ReadyToken { token: AccessToken::new(text.to_owned(), None), origin })
    }
}

/// Whether a text is a `b64token` (RFC 6750 section 2.1).
pub(crate) fn is_token(text: &str) -> bool {
    let stem = text.trim_end_matches('=');
    !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

impl TokenSource for ReadyToken {
    fn token<'a>(&'a self, fresh: bool) -> TokenFuture<'a> {
        let token = match fresh {
            false => Ok(self.token.clone()),
            true => Err(TokenError(format!(
                "the token of {} cannot be refreshed: put a new one there, or let the run fetch its tokens itself",
                self.origin
            ))),
        };
        Box::pin(async { token })
    }
}

/// The tokens of a run: cached, refreshed before they expire, by one caller at a time.
pub struct Tokens {
    source: Box<dyn TokenSource>,
    cached: Mutex<Option<Cached>>,
    /// Whoever asks the source holds it; the others wait, and find what it fetched.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Cached {
    token: AccessToken,
    /// When it expires, on the clock that also runs the waits.
    expires: Option<Instant>,
    /// When the source is asked for another one.
    refresh: Option<Instant>,
    /// It replaces a token that the service refused, and was not accepted yet.
    on_trial: bool,
}

impl Cached {
    fn new(token: AccessToken, on_trial: bool) -> Cached {
        let left = token.expires().map(|expires| {
            let left = expires.duration_since(Timestamp::now());
            Duration::try_from(left).unwrap_or_default()
        });
        let now = Instant::now();
        // A token that lives no longer than the margin is not replaced at once, or every request would ask for another one.
        let refresh = left.map(|left| left.saturating_sub(MARGIN).max(PATIENCE.min(left)));
        let at = |wait: Option<Duration>| wait.and_then(|wait| now.checked_add(wait));
        Cached { token, expires: at(left), refresh: at(refresh), on_trial }
    }

    /// The system's clock is asked too: the other one stands still while the machine sleeps.
    fn is_expired(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= Instant::now())
            || self.token.expires().is_some_and(|expires| expires <= Timestamp::now())
    }

    fn is_good(&self) -> bool {
        !self.is_expired() && self.refresh.is_none_or(|refresh| Instant::now() < refresh)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    /// The tokens of that source.
    pub fn new(source: impl TokenSource + 'static) -> Tokens {
        Tokens { source: Box::new(source), cached: Mutex::new(None), turn: tokio::sync::Mutex::new(()) }
    }

    /// A token that is good for some minutes, as far as the source has one: it is replaced five minutes before it expires.
    ///
    /// # Errors
    ///
    /// When the source has none, or only one that has expired.
    pub async fn get(&self) -> Result<AccessToken, TokenError> {
        if let Some(good) = self.good() {
            return Ok(good);
        }
        let _turn = self.turn.lock().await;
        // Another caller may have fetched one meanwhile.
        if let Some(good) = self.good() {
            return Ok(good);
        }
        let old = self.cached();
        match (self.source.token(old.is_some()).await, old) {
            (Ok(token), _) => self.keep(token, false),
            // The old one is still valid; the source is asked again a little later.
            (Err(_), Some(old)) if !old.is_expired() => {
                let token = old.token.clone();
                let refresh = Instant::now().checked_add(PATIENCE);
                self.set(Cached { refresh, ..old });
                Ok(token)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// A token in place of one that the service refused with 401. Of all who come with the same token the first one has it
    /// refreshed. A token that came so and is refused before it was ever accepted is not refreshed again: the service does
    /// not mean its age.
    ///
    /// # Errors
    ///
    /// When there is no other one.
    pub(crate) async fn invalidate(&self, refused: &AccessToken) -> Result<AccessToken, TokenError> {
        let _turn = self.turn.lock().await;
        match self.cached() {
            Some(cached) if !cached.token.is_same(refused) => return Ok(cached.token),
            Some(cached) if cached.on_trial => {
                return Err(TokenError::new("the token that replaced a refused one is refused too"));
            }
            _ => {}
        }
        let token = self.source.token(true).await?;
        if token.is_same(refused) {
            return Err(TokenError::new("the source of tokens gives the refused token again"));
        }
        self.keep(token, true)
    }

    /// The service accepted this token. From now on it is refreshed when the service refuses it.
    pub(crate) fn accepted(&self, token: &AccessToken) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = cached.as_mut().filter(|cached| cached.on_trial && cached.token.is_same(token)) {
            cached.on_trial = false;
        }
    }

    fn good(&self) -> Option<AccessToken> {
        self.cached().filter(Cached::is_good).map(|cached| cached.token)
    }

    fn cached(&self) -> Option<Cached> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, cached: Cached) {
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some(cached);
    }

    fn keep(&self, token: AccessToken, on_trial: bool) -> Result<AccessToken, TokenError> {
        let cached = Cached::new(token.clone(), on_trial);
        if cached.is_expired() {
            let expired = token.expires().map(|expires| expires.to_string()).unwrap_or_default();
            return Err(TokenError(format!(
                "the token expired at {expired}: get a new one, and check the clock of this machine"
            )));
        }
        self.set(cached);
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jiff::SignedDuration;

    use super::*;

    const CANARY: &str = "canary-secret";

    /// A JSON Web Token with this payload.
    fn jwt(payload: &str) -> AccessToken {
        AccessToken::new(format!("e30.{}.{CANARY}", URL_SAFE_NO_PAD.encode(payload)), None)
    }

    fn in_minutes(minutes: i64) -> Timestamp {
        Timestamp::now() + SignedDuration::from_mins(minutes)
    }

    #[track_caller]
    fn check_value(value: Option<&str>, expected: Result<&str, &str>) {
        match (ReadyToken::from_value("TOKEN", value.map(str::to_owned)), expected) {
            (Ok(ready), Ok(expected)) => assert_eq!(ready.token.expose(), expected),
            (Err(error), Err(words)) => {
                assert!(error.to_string().contains(words), "{error}");
                assert!(!error.to_string().contains(CANARY), "{error}");
            }
            (ready, _) => panic!("{ready:?}"),
        }
    }

    #[test]
    fn a_value_of_the_environment_is_a_token_or_an_error_that_does_not_quote_it() {
        check_value(Some(CANARY), Ok(CANARY));
        check_value(Some(" canary-secret\n"), Ok(CANARY));
        check_value(Some("bearer canary-secret"), Ok(CANARY));
        check_value(Some("e30.e30.c2ln=="), Ok("e30.e30.c2ln=="));
        check_value(None, Err("the environment variable TOKEN is not set"));
        for value in
            ["", "  ", "==", "canary-secret canary-secret", "canary-secret\r\nHost: x", "{\"t\":\"canary-secret\"}"]
        {
            check_value(Some(value), Err("the value of the environment variable TOKEN is not an access token"));
        }
        assert!(ReadyToken::from_env("GRAPH_CONTRACTS_NO_SUCH_VARIABLE").is_err());
    }

    /// Gives token after token: each lives as long as its script says, `None` is a failure.
    struct Scripted {
        asked: AtomicUsize,
        lives: Vec<Option<i64>>,
    }

    impl TokenSource for Arc<Scripted> {
        fn token<'a>(&'a self, fresh: bool) -> TokenFuture<'a> {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let index = self.asked.fetch_add(1, Ordering::SeqCst);
                assert_eq!(fresh, index > 0);
                match self.lives.get(index).copied().flatten() {
                    Some(minutes) => Ok(AccessToken::new(format!("{CANARY}-{index}"), Some(in_minutes(minutes)))),
                    None => Err(TokenError::new("no more tokens")),
                }
            })
        }
    }

    fn scripted(lives: &[Option<i64>]) -> (Arc<Scripted>, Tokens) {
        let source = Arc::new(Scripted { asked: AtomicUsize::new(0), lives: lives.to_vec() });
        (Arc::clone(&source), Tokens::new(source))
    }

    fn index(token: Result<AccessToken, TokenError>) -> Result<String, String> {
        let stem = format!("{CANARY}-");
        token.map(|token| token.expose().replace(&stem, "")).map_err(|error| error.to_string())
    }

    async fn advance(minutes: u64) {
        tokio::time::advance(Duration::from_secs(minutes * 60)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_replaced_five_minutes_before_it_expires() {
        let (source, tokens) = scripted(&[Some(60), Some(60)]);
        for (minutes, expected) in [(0, "0"), (54, "0"), (1, "1"), (1, "1")] {
            advance(minutes).await;
            assert_eq!(index(tokens.get().await), Ok(expected.to_owned()));
        }
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn all_callers_share_one_refresh() {
        let (source, tokens) = scripted(&[Some(60), Some(60)]);
        let all = futures_util::future::join_all((0..10).map(|_| tokens.get())).await;
        assert!(all.into_iter().all(|token| index(token) == Ok("0".to_owned())));
        let refused = tokens.get().await.expect("a token");
        let all = futures_util::future::join_all((0..10).map(|_| tokens.invalidate(&refused))).await;
        assert!(all.into_iter().all(|token| index(token) == Ok("1".to_owned())));
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_refresh_matters_only_when_the_old_token_has_expired() {
        let (source, tokens) = scripted(&[Some(60), None, None]);
        assert_eq!(index(tokens.get().await), Ok("0".to_owned()));
        advance(56).await;
        assert_eq!(index(tokens.get().await), Ok("0".to_owned()));
        assert_eq!(index(tokens.get().await), Ok("0".to_owned()));
        assert_eq!(source.asked.load(Ordering::SeqCst), 2, "it is not asked at every request");
        advance(5).await;
        assert_eq!(index(tokens.get().await), Err("no more tokens".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_lived_token_is_not_replaced_at_every_request() {
        let (source, tokens) = scripted(&[Some(2), Some(60)]);
        assert_eq!(index(tokens.get().await), Ok("0".to_owned()));
        assert_eq!(index(tokens.get().await), Ok("0".to_owned()));
        assert_eq!(source.asked.load(Ordering::SeqCst), 1);
        advance(1).await;
        assert_eq!(index(tokens.get().await), Ok("1".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_replacement_that_is_refused_too_is_not_refreshed() {
        let (source, tokens) = scripted(&[Some(60), Some(60), Some(60)]);
        let first = tokens.get().await.expect("a token");
        let second = tokens.invalidate(&first).await.expect("a token");
        let error = tokens.invalidate(&second).await.expect_err("an error");
        assert_eq!(error.to_string(), "the token that replaced a refused one is refused too");
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        tokens.accepted(&second);
        assert_eq!(index(tokens.invalidate(&second).await), Ok("2".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_expired_token_is_an_error() {
        let (_, tokens) = scripted(&[Some(-1)]);
        let error = tokens.get().await.expect_err("an error").to_string();
        assert!(error.starts_with("the token expired at 2"), "{error}");
    }

    #[tokio::test]
    async fn a_ready_token_cannot_be_refreshed() {
        let ready = ReadyToken::from_value("TOKEN", Some(CANARY.to_owned())).expect("a token");
        let tokens = Tokens::new(ready);
        let token = tokens.get().await.expect("a token");
        let error = tokens.invalidate(&token).await.expect_err("an error").to_string();
        assert!(error.starts_with("the token of the environment variable TOKEN cannot be refreshed"), "{error}");
    }

    #[test]
    fn nothing_prints_a_token() {
        let ready = ReadyToken::from_value("TOKEN", Some(CANARY.to_owned())).expect("a token");
        let printed = format!("{:?} {ready:?} {:#?}", jwt("{}"), Tokens::new(jwt_source()));
        assert!(!printed.contains(CANARY), "{printed}");
    }

    fn jwt_source() -> ReadyToken {
        ReadyToken { token: jwt("{}"), origin: "a test".to_owned() }
    }
}
