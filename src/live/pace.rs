//! How fast a run may be: so many requests at a time and per second, and how long it may wait in all.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::exchange::ReceivedResponse;

/// The first wait of an exponential backoff is at most this long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A wait of an exponential backoff is at most this long.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// No wait is shorter, whatever the service says. As every wait takes from the budget, no request is repeated without end.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// What a [`Pace`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// How many requests there are at a time.
    pub concurrency: NonZeroU32,
    /// How many requests begin in a second. They are spread evenly.
    pub requests_per_second: NonZeroU32,
    /// How long the run may wait because the service throttled it or failed: the time in which at least one request waits,
    /// however many do.
    pub time_budget: Duration,
}

impl Default for Manners {
    /// 4 requests at a time and per second, and 10 minutes of waiting.
    fn default() -> Manners {
        const FOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
        Manners { concurrency: FOUR, requests_per_second: FOUR, time_budget: Duration::from_secs(10 * 60) }
    }
}

/// The pace of a run, shared by all its requests.
///
/// The clock is that of [`tokio::time`], which tests can stop and advance.
#[derive(Debug)]
pub struct Pace {
    manners: Manners,
    /// One permit for each request at a time.
    permits: Semaphore,
    /// Whose request is next. It is fair: who waits longest is next.
    turnstile: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the next request may begin, by the requests per second.
    next: Instant,
    /// Until when no request begins, because the service asked for it.
    held: Instant,
    /// Up to when waiting is paid for.
    paid: Instant,
    /// What is left of the time budget.
    left: Duration,
    random: fastrand::Rng,
}

/// The leave to send one request. The next one may begin when it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    _permit: SemaphorePermit<'a>,
}

/// The time budget does not allow a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that takes a wait of {wait:.1?}, and {left:.1?} are left of the time budget of {budget:?} for waiting")]
pub struct OverBudget {
    /// How long to wait.
    pub wait: Duration,
    /// What is left of the budget.
    pub left: Duration,
    /// [`Manners::time_budget`].
    pub budget: Duration,
}

impl Pace {
    /// A pace that begins now.
    pub fn new(manners: Manners) -> Pace {
        Pace::with_seed(manners, fastrand::u64(..))
    }

    /// A pace whose jitter is always the same.
    fn with_seed(manners: Manners, seed: u64) -> Pace {
        let now = Instant::now();
        let permits = usize::try_from(manners.concurrency.get()).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Pace {
            manners,
            permits: Semaphore::new(permits),
            turnstile: tokio::sync::Mutex::new(()),
            state: Mutex::new(State {
                next: now,
                held: now,
                paid: now,
                left: manners.time_budget,
                random: fastrand::Rng::with_seed(seed),
            }),
        }
    }

    /// What this pace allows.
    pub fn manners(&self) -> Manners {
        self.manners
    }

    /// What is left of the time budget.
    pub fn left(&self) -> Duration {
        self.state().left
    }

    /// Waits until one more request may be sent.
    ///
    /// # Errors
    ///
    /// When the service asked for a longer wait than the time budget allows. Nobody sends anything then: a service that asks
    /// everybody to wait is not asked again by the others.
    pub async fn turn(&self) -> Result<Turn<'_>, OverBudget> {
        // A closed semaphore would have no permits; this one is never closed.
        let unlimited = || OverBudget { wait: Duration::ZERO, left: Duration::ZERO, budget: self.manners.time_budget };
        let permit = self.permits.acquire().await.map_err(|_| unlimited())?;
        let _next = self.turnstile.lock().await;
        // What is asked for may grow while this one waits.
        while let Some(until) = self.begin()? {
            sleep_until(until).await;
        }
        Ok(Turn { _permit: permit })
    }

    /// Begins a request if it may begin now, or else says when to ask again.
    fn begin(&self) -> Result<Option<Instant>, OverBudget> {
        let now = Instant::now();
        let mut state = self.state();
        if state.held > now {
            let until = state.held;
            self.pay(&mut state, now, until)?;
            return Ok(Some(until));
        }
        if state.next > now {
            return Ok(Some(state.next));
        }
        state.next = now + Duration::from_secs(1) / self.manners.requests_per_second.get();
        Ok(None)
    }

    /// The service asks for a pause: no request begins before it is over. Those that are on their way go on.
    pub fn hold(&self, wait: Duration) {
        let until = later(Instant::now(), wait.max(SHORTEST_WAIT));
        let mut state = self.state();
        state.held = state.held.max(until);
    }

    /// Waits before one request is repeated; the others go on.
    ///
    /// # Errors
    ///
    /// When the time budget does not allow it.
    pub async fn pause(&self, wait: Duration) -> Result<(), OverBudget> {
        let now = Instant::now();
        let until = later(now, wait.max(SHORTEST_WAIT));
        self.pay(&mut self.state(), now, until)?;
        sleep_until(until).await;
        Ok(())
    }

    /// How long to wait where the service does not say: a random time up to a bound that doubles with each failure before
    /// ("full jitter"), so that those who failed together do not come back together.
    pub fn backoff(&self, failures: u32) -> Duration {
        let bound = FIRST_WAIT.saturating_mul(1u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST_WAIT);
        bound.mul_f64(self.state().random.f64())
    }

    /// Pays for a wait that lasts from now until then. What somebody else has paid for is not paid twice.
    fn pay(&self, state: &mut State, now: Instant, until: Instant) -> Result<(), OverBudget> {
        let cost = until.saturating_duration_since(state.paid.max(now));
        match state.left.checked_sub(cost) {
            None => Err(OverBudget { wait: until - now, left: state.left, budget: self.manners.time_budget }),
            Some(left) => {
                state.left = left;
                state.paid = state.paid.max(until);
                Ok(())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A century is as good as forever, and can be added to any point in time.
fn later(now: Instant, wait: Duration) -> Instant {
    now + wait.min(Duration::from_secs(100 * 365 * 24 * 60 * 60))
}

/// How long a response asks to wait: `Retry-After` as seconds, with or without decimals, or as a date (RFC 9110 section
/// 10.2.3). Several fields ask for the longest of their waits. `None` where there is no field that can be read.
pub(crate) fn retry_after(response: &ReceivedResponse) -> Option<Duration> {
    let values = |name: &'static str| {
        let fields = response.headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.trim())
    };
    // The service's own clock decides where there is one (RFC 9110 section 6.6.1): ours may be wrong.
    let date = values("date").find_map(|value| httpdate::parse_http_date(value).ok());
    let now = date.unwrap_or_else(SystemTime::now);
    values("retry-after").filter_map(|value| wait(value, now)).max()
}

fn wait(value: &str, now: SystemTime) -> Option<Duration> {
    // Not everything that Rust reads as a number is one here: `inf`, `1e9`, `-1`.
    if value.starts_with(|first: char| first.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        let seconds: f64 = value.parse().ok()?;
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // What is over needs no wait.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn pace(concurrency: u32, requests_per_second: u32, time_budget: Duration) -> Arc<Pace> {
        let of = |number| NonZeroU32::new(number).expect("not zero");
        let manners =
            Manners { concurrency: of(concurrency), requests_per_second: of(requests_per_second), time_budget };
        Arc::new(Pace::with_seed(manners, 7))
    }

    #[track_caller]
    fn check_retry_after(fields: &[(&str, &str)], expected: Option<Duration>) {
        let headers = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let response = ReceivedResponse { status: 429, headers, body: Vec::new() };
        assert_eq!(retry_after(&response), expected, "{fields:?}");
    }

    #[test]
    fn retry_after_is_seconds_decimals_or_a_date() {
        check_retry_after(&[], None);
        check_retry_after(&[("Retry-After", "10")], Some(seconds(10)));
        check_retry_after(&[("retry-after", " 0 ")], Some(seconds(0)));
        check_retry_after(&[("Retry-After", "2.128")], Some(Duration::from_millis(2128)));
        let date = ("Date", "Fri, 31 Dec 1999 23:59:50 GMT");
        check_retry_after(&[date, ("Retry-After", "Sat, 01 Jan 2000 00:00:00 GMT")], Some(seconds(10)));
        check_retry_after(&[date, ("Retry-After", "Saturday, 01-Jan-00 00:00:00 GMT")], Some(seconds(10)));
        check_retry_after(&[date, ("Retry-After", "Fri, 31 Dec 1999 23:59:00 GMT")], Some(seconds(0)));
        check_retry_after(&[("Retry-After", "Fri, 31 Dec 1999 23:59:00 GMT")], Some(seconds(0)));
    }

    #[test]
    fn a_retry_after_that_says_nothing_counts_as_none() {
        for value in ["", "soon", "-1", "inf", "nan", "1e3", ".", "1.2.3", "1,5", "tomorrow, 10:00"] {
            check_retry_after(&[("Retry-After", value)], None);
        }
        check_retry_after(&[("Retry-After", "soon"), ("Retry-After", "3"), ("Retry-After", "2")], Some(seconds(3)));
        check_retry_after(&[("Retry-After", &"9".repeat(400))], Some(Duration::MAX));
    }

    #[test]
    fn the_backoff_doubles_up_to_a_bound_and_is_spread_over_all_of_it() {
        let pace = pace(1, 1, seconds(1));
        for (failures, bound) in [(0, 500), (1, 1000), (5, 16_000), (7, 60_000), (32, 60_000), (u32::MAX, 60_000)] {
            let bound = Duration::from_millis(bound);
            let waits: Vec<Duration> = (0..200).map(|_| pace.backoff(failures)).collect();
            let (least, most) = (waits.iter().min().expect("some"), waits.iter().max().expect("some"));
            assert!(*most < bound && *most > bound * 9 / 10, "{failures}: {most:?}");
            assert!(*least < bound / 10, "{failures}: {least:?}");
        }
    }

    /// When each of so many requests begins; each takes that long.
    async fn begins(pace: &Pace, count: usize, each: Duration) -> Vec<u128> {
        let start = Instant::now();
        let one = async || {
            let turn = pace.turn().await.expect("a turn");
            let begin = start.elapsed().as_millis();
            tokio::time::sleep(each).await;
            drop(turn);
            begin
        };
        futures_util::future::join_all((0..count).map(|_| one())).await
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_spread_over_the_second() {
        assert_eq!(begins(&pace(100, 4, seconds(0)), 6, seconds(9)).await, [0, 250, 500, 750, 1000, 1250]);
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_only_so_many_requests_at_a_time() {
        assert_eq!(begins(&pace(2, 1000, seconds(0)), 5, seconds(9)).await, [0, 1, 9000, 9001, 18000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_stops_all_even_those_that_wait_for_a_shorter_one() {
        let pace = pace(10, 10, seconds(60));
        pace.hold(seconds(5));
        let longer = async {
            tokio::time::sleep(seconds(2)).await;
            pace.hold(seconds(10));
            // A shorter one does not end it.
            pace.hold(seconds(1));
        };
        let (begins, ()) = tokio::join!(begins(&pace, 3, seconds(0)), longer);
        assert_eq!(begins, [12_000, 12_100, 12_200]);
        assert_eq!(pace.left(), seconds(48), "however many wait, the time is paid for once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_beyond_the_budget_is_refused_to_all() {
        let pace = pace(10, 10, seconds(60));
        pace.hold(seconds(61));
        for _ in 0..2 {
            let refused = pace.turn().await.expect_err("an error");
            assert_eq!(refused, OverBudget { wait: seconds(61), left: seconds(60), budget: seconds(60) });
        }
        assert_eq!(pace.left(), seconds(60), "what is not waited for costs nothing");
        assert!(pace.pause(seconds(60)).await.is_ok());
        assert_eq!(pace.left(), seconds(0));
        assert!(pace.pause(seconds(0)).await.is_err(), "a wait always costs something");
        assert!(pace.turn().await.is_err(), "it is still a second until the service wants to be asked");
        tokio::time::sleep(seconds(1)).await;
        assert!(pace.turn().await.is_ok(), "a request that need not wait needs no budget");
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_at_the_same_time_are_paid_for_once() {
        let pace = pace(10, 10, seconds(60));
        let start = Instant::now();
        let (first, second) = tokio::join!(pace.pause(seconds(10)), pace.pause(seconds(15)));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!((start.elapsed(), pace.left()), (seconds(15), seconds(45)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_goes_away_leaves_its_place_to_the_next() {
        let pace = pace(1, 1, seconds(60));
        drop(pace.turn().await);
        let waits = tokio::time::timeout(Duration::from_millis(10), pace.turn()).await;
        assert!(waits.is_err());
        assert!(pace.turn().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_of_any_length_is_one() {
        let pace = pace(1, 1, Duration::MAX);
        pace.hold(Duration::MAX);
        assert!(tokio::time::timeout(seconds(1000), pace.turn()).await.is_err());
    }
}
