//! How fast a run may be: so many requests at a time and per second, and how long it may wait in all.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use graph_contracts::http::{ReceivedResponse, in_units};

/// The first wait of an exponential backoff is at most this long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A wait of an exponential backoff is at most this long.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// No wait is shorter, whatever the service says.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// What a [`Pace`] allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manners {
    /// How many requests there are at a time.
    pub concurrency: NonZeroU32,
    /// How many requests begin in a second, greater than 0. They are spread evenly.
    pub requests_per_second: f64,
    /// How long the run may take: no request begins later, and no wait goes beyond.
    pub time_budget: Duration,
}

impl Default for Manners {
    /// 4 requests at a time, 10 per second, and 10 minutes.
    fn default() -> Manners {
        const FOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
        Manners { concurrency: FOUR, requests_per_second: 10.0, time_budget: Duration::from_secs(10 * 60) }
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
    /// Whether the run was stopped: no further request begins, unless it is cleaning up.
    stopped: watch::Sender<bool>,
    cleaning: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// When the next request may begin, by the requests per second.
    next: Instant,
    /// Until when no request begins, because the service asked for it.
    held: Instant,
    /// When the time budget ends.
    deadline: Instant,
    random: fastrand::Rng,
}

/// The leave to send one request. The next one may begin when it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    _permit: SemaphorePermit<'a>,
}

/// Why no further request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTurn {
    /// The time budget does not allow the wait that the service asks for, or is over.
    #[error("{}", over(*wait, *left, *budget))]
    OverBudget {
        /// How long to wait.
        wait: Duration,
        /// What is left of the budget.
        left: Duration,
        /// [`Manners::time_budget`].
        budget: Duration,
    },
    /// The run was stopped.
    #[error("the run was stopped")]
    Stopped,
}

fn over(wait: Duration, left: Duration, budget: Duration) -> String {
    let budget = in_units(budget);
    if left.is_zero() {
        return format!("the time budget of {budget} is used up: raise it, or run again later");
    }
    // Nobody needs to know more of a wait than its seconds, and of one that is shorter than its tenths.
    let rough = |own: Duration| match own.as_secs() {
        0 => in_units(Duration::from_millis(100 * u64::from(own.subsec_millis().div_ceil(100)))),
        seconds => in_units(Duration::from_secs(seconds)),
    };
    // What a service asks for in whole seconds has begun by now.
    let whole = Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    let (wait, left) = (rough(if wait.as_secs() > 0 { whole } else { wait }), rough(left));
    format!(
        "that takes a wait of {wait}, and {left} are left of the time budget of {budget}: raise it, or run again later"
    )
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
        let random = fastrand::Rng::with_seed(seed);
        Pace {
            manners,
            permits: Semaphore::new(permits),
            turnstile: tokio::sync::Mutex::new(()),
            state: Mutex::new(State { next: now, held: now, deadline: later(now, manners.time_budget), random }),
            stopped: watch::Sender::new(false),
            cleaning: AtomicBool::new(false),
        }
    }

    /// What this pace allows.
    pub fn manners(&self) -> Manners {
        self.manners
    }

    /// Lets no further request begin, and ends every wait for one. Those that are on their way go on.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Whether [`Pace::stop`] was called.
    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Waits until the run is stopped, or its time budget is over.
    pub async fn over(&self) {
        let (deadline, mut stopped) = (self.state().deadline, self.stopped.subscribe());
        tokio::select! {
            () = sleep_until(deadline) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    }

    /// Gives cleaning up a time budget of its own, at least that long. A stop does not count from now on: what was created has
    /// to be deleted. What the service asked for still holds.
    pub fn clean_up(&self, least: Duration) {
        self.state().deadline = later(Instant::now(), self.manners.time_budget.max(least));
        self.cleaning.store(true, Ordering::Relaxed);
    }

    /// Waits until one more request may be sent.
    ///
    /// # Errors
    ///
    /// When the run was stopped, or the service asked for a longer wait than the time budget allows. Nothing is sent then:
    /// a service that asks everybody to wait is not asked again by the others.
    pub async fn turn(&self) -> Result<Turn<'_>, NoTurn> {
        // The semaphore is never closed.
        let permit = self.permits.acquire().await.map_err(|_| NoTurn::Stopped)?;
        let _next = self.turnstile.lock().await;
        // What is asked for may grow while this one waits.
        while let Some(until) = self.begin()? {
            self.wait_until(until).await?;
        }
        Ok(Turn { _permit: permit })
    }

    /// Begins a request if it may begin now, or else says when to ask again.
    fn begin(&self) -> Result<Option<Instant>, NoTurn> {
        if self.is_stopped() && !self.cleaning.load(Ordering::Relaxed) {
            return Err(NoTurn::Stopped);
        }
        let now = Instant::now();
        let mut state = self.state();
        let until = state.held.max(state.next).max(now);
        self.check_budget(&state, now, until)?;
        if until > now {
            return Ok(Some(until));
        }
        let interval = Duration::try_from_secs_f64(1.0 / self.manners.requests_per_second);
        state.next = later(now, interval.unwrap_or(Duration::MAX));
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
    /// When the run was stopped, or the time budget does not allow it.
    pub async fn pause(&self, wait: Duration) -> Result<(), NoTurn> {
        let now = Instant::now();
        let until = later(now, wait.max(SHORTEST_WAIT));
        self.check_budget(&self.state(), now, until)?;
        self.wait_until(until).await
    }

    /// How long to wait where the service does not say: a random time up to a bound that doubles with each failure before
    /// ("full jitter"), so that those who failed together do not come back together.
    pub(crate) fn backoff(&self, failures: u32) -> Duration {
        let bound = FIRST_WAIT.saturating_mul(1u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST_WAIT);
        bound.mul_f64(self.state().random.f64())
    }

    async fn wait_until(&self, until: Instant) -> Result<(), NoTurn> {
        if self.cleaning.load(Ordering::Relaxed) {
            sleep_until(until).await;
            return Ok(());
        }
        let mut stopped = self.stopped.subscribe();
        tokio::select! {
            () = sleep_until(until) => Ok(()),
            _ = stopped.wait_for(|stopped| *stopped) => Err(NoTurn::Stopped),
        }
    }

    fn check_budget(&self, state: &State, now: Instant, until: Instant) -> Result<(), NoTurn> {
        let budget = self.manners.time_budget;
        match until > state.deadline || now >= state.deadline {
            true => Err(NoTurn::OverBudget {
                wait: until - now,
                left: state.deadline.saturating_duration_since(now),
                budget,
            }),
            false => Ok(()),
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

    fn pace(concurrency: u32, requests_per_second: f64, time_budget: Duration) -> Arc<Pace> {
        let concurrency = NonZeroU32::new(concurrency).expect("not zero");
        let manners = Manners { concurrency, requests_per_second, time_budget };
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
        let pace = pace(1, 1.0, seconds(1));
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
        assert_eq!(begins(&pace(100, 4.0, seconds(60)), 6, seconds(9)).await, [0, 250, 500, 750, 1000, 1250]);
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_only_so_many_requests_at_a_time() {
        assert_eq!(begins(&pace(2, 1000.0, seconds(60)), 5, seconds(9)).await, [0, 1, 9000, 9001, 18000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_may_take_more_than_a_second_of_its_own() {
        assert_eq!(begins(&pace(100, 0.4, seconds(60)), 3, seconds(9)).await, [0, 2500, 5000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_stops_all_even_those_that_wait_for_a_shorter_one() {
        let pace = pace(10, 10.0, seconds(60));
        pace.hold(seconds(5));
        let longer = async {
            tokio::time::sleep(seconds(2)).await;
            pace.hold(seconds(10));
            // A shorter one does not end it.
            pace.hold(seconds(1));
        };
        let (begins, ()) = tokio::join!(begins(&pace, 3, seconds(0)), longer);
        assert_eq!(begins, [12_000, 12_100, 12_200]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_beyond_the_budget_is_refused_to_all() {
        let pace = pace(10, 10.0, seconds(60));
        tokio::time::sleep(seconds(10)).await;
        pace.hold(seconds(51));
        for _ in 0..2 {
            let refused = pace.turn().await.expect_err("an error");
            assert_eq!(refused, NoTurn::OverBudget { wait: seconds(51), left: seconds(50), budget: seconds(60) });
        }
        assert!(pace.pause(seconds(51)).await.is_err() && pace.pause(seconds(50)).await.is_ok());
        let over = pace.turn().await.expect_err("the time is over").to_string();
        assert_eq!(over, "the time budget of 1m is used up: raise it, or run again later");
        pace.clean_up(seconds(1));
        assert!(pace.turn().await.is_ok(), "cleaning up has a budget of its own");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_every_wait() {
        let pace = pace(10, 10.0, seconds(60));
        pace.hold(seconds(50));
        let stop = async {
            tokio::time::sleep(seconds(1)).await;
            pace.stop();
        };
        let start = Instant::now();
        let (turn, pause, ()) = tokio::join!(pace.turn(), pace.pause(seconds(40)), stop);
        assert_eq!((turn.err(), pause.err()), (Some(NoTurn::Stopped), Some(NoTurn::Stopped)));
        assert_eq!(pace.turn().await.err(), Some(NoTurn::Stopped));
        assert_eq!(start.elapsed(), seconds(1));
        pace.clean_up(seconds(1));
        assert!(pace.turn().await.is_ok() && start.elapsed() == seconds(50), "what the service asked for still holds");
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_is_over_when_it_is_stopped_or_its_time_is() {
        let (stopped, out_of_time) = (pace(10, 10.0, seconds(60)), pace(10, 10.0, seconds(3)));
        let start = Instant::now();
        out_of_time.over().await;
        assert_eq!(start.elapsed(), seconds(3));
        assert!(tokio::time::timeout(seconds(1), stopped.over()).await.is_err());
        stopped.stop();
        stopped.over().await;
        assert_eq!(start.elapsed(), seconds(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_goes_away_leaves_its_place_to_the_next() {
        let pace = pace(1, 1.0, seconds(60));
        drop(pace.turn().await);
        let waits = tokio::time::timeout(Duration::from_millis(10), pace.turn()).await;
        assert!(waits.is_err());
        assert!(pace.turn().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_of_any_length_is_one() {
        let pace = pace(1, 1.0, Duration::MAX);
        pace.hold(Duration::MAX);
        assert!(tokio::time::timeout(seconds(1000), pace.turn()).await.is_err());
    }
}
