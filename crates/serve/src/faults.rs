//! Faults that are asked for: errors, latency, limits of the rate, connections that break.

use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// With this header field a request asks for a fault of its own.
pub const FAULT_HEADER: &str = "x-graph-contracts-fault";

/// So long a client is told to wait where nothing else is asked for.
const RETRY_AFTER: u32 = 1;

/// A fault: a status such as `429`, with `;retry-after=SECONDS` or `;retry-after=date`; or `reset`, which breaks the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An error instead of the answer.
    Status(StatusCode, RetryAfter),
    /// The connection breaks without an answer.
    Reset,
}

/// What a fault says of when to come back (RFC 9110 section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Nothing.
    Unsaid,
    /// In so many seconds.
    Seconds(u32),
    /// At a point in time, a second from now.
    Date,
}

/// A fault of some of the requests, as `FAULT:PERCENT%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomFault {
    /// The fault.
    pub fault: Fault,
    /// How many of a hundred requests have it.
    pub percent: f64,
}

/// How long answers take, as `50ms`, `1s`, or `50..200ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// At least.
    pub least: Duration,
    /// At most.
    pub most: Duration,
}

/// How many requests are answered in a time, as `20/10s`; others are answered with 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// So many requests.
    pub requests: u32,
    /// In this time.
    pub within: Duration,
}

/// The faults of all requests, the same for the same seed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultOptions {
    /// Of some requests, by chance.
    pub random: Vec<RandomFault>,
    /// How long answers take.
    pub latency: Latency,
    /// How many requests are answered.
    pub throttle: Option<Throttle>,
    /// What chance begins with.
    pub seed: u64,
}

/// A fault of the next requests, planned while the server runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFault {
    /// The fault, as text.
    pub fault: String,
    /// Of how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// Of this contract's requests only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
}

fn once() -> u32 {
    1
}

/// What befalls a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// How long its answer waits.
    pub(crate) latency: Duration,
    /// What it gets instead of an answer.
    pub(crate) fault: Option<Fault>,
}

/// Decides what befalls requests.
#[derive(Debug)]
pub(crate) struct Faults {
    options: FaultOptions,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    chance: fastrand::Rng,
    planned: Vec<(Fault, PlannedFault)>,
    /// When the time of the rate limit began, and how many requests came since.
    window: Option<(Instant, u32)>,
}

impl Faults {
    pub(crate) fn new(options: FaultOptions) -> Faults {
        let chance = fastrand::Rng::with_seed(options.seed);
        Faults { options, state: Mutex::new(State { chance, planned: Vec::new(), window: None }) }
    }

    /// Plans a fault of the next requests.
    ///
    /// # Errors
    ///
    /// When the text is not that of a fault.
    pub(crate) fn plan(&self, planned: PlannedFault) -> Result<(), String> {
        let fault = planned.fault.parse()?;
        self.state().planned.push((fault, planned));
        Ok(())
    }

    /// The faults that are planned and have not happened.
    pub(crate) fn planned(&self) -> Vec<PlannedFault> {
        self.state().planned.iter().map(|(_, planned)| planned.clone()).collect()
    }

    /// Forgets what is planned.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        state.planned.clear();
        state.window = None;
    }

    /// What befalls a request; `contract` says which contract it is for. What it asks for itself comes first, then what is planned, then the
    /// rate limit, then chance.
    ///
    /// # Errors
    ///
    /// When it asks for what is no fault.
    pub(crate) fn fate(&self, request: &Incoming, contract: impl FnOnce() -> Option<String>) -> Result<Fate, String> {
        let asked = asked(request)?;
        let mut state = self.state();
        let Latency { least, most } = self.options.latency;
        let spread = u64::try_from(most.saturating_sub(least).as_micros()).unwrap_or(u64::MAX);
        let latency = if most.is_zero() { most } else { least + Duration::from_micros(state.chance.u64(0..=spread)) };
        let fault = asked
            .or_else(|| state.planned(true, contract))
            .or_else(|| state.throttled(self.options.throttle?))
            .or_else(|| state.by_chance(&self.options.random));
        Ok(Fate { latency, fault })
    }

    /// What a request within a batch gets instead of an answer: limits and failures concern each alone (Microsoft Graph documentation, "Throttling and
    /// batching"). What is planned for any request befalls the batch, and so does what breaks the connection.
    ///
    /// # Errors
    ///
    /// When it asks for what is no fault.
    pub(crate) fn within(
        &self,
        request: &Incoming,
        contract: impl FnOnce() -> Option<String>,
    ) -> Result<Option<Fault>, String> {
        let asked = asked(request)?;
        let mut state = self.state();
        let fault = asked.or_else(|| state.planned(false, contract)).or_else(|| state.by_chance(&self.options.random));
        Ok(fault.filter(|own| *own != Fault::Reset))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The fault that a request asks for itself.
fn asked(request: &Incoming) -> Result<Option<Fault>, String> {
    let asked = request.headers.get(FAULT_HEADER).map(|own| String::from_utf8_lossy(own.as_bytes()).parse());
    asked.transpose().map_err(|wrong| format!("{FAULT_HEADER}: {wrong}"))
}

impl State {
    /// The fault that is planned for a contract, or, where `any` is, for any request.
    fn planned(&mut self, any: bool, contract: impl FnOnce() -> Option<String>) -> Option<Fault> {
        if self.planned.is_empty() {
            return None;
        }
        let needs_contract = self.planned.iter().any(|(_, planned)| planned.contract.is_some());
        let contract = if needs_contract { contract() } else { None };
        let is_meant = |planned: &PlannedFault| match &planned.contract {
            None => any,
            own => *own == contract,
        };
        let index = self.planned.iter().position(|(_, planned)| planned.times > 0 && is_meant(planned))?;
        let (fault, planned) = &mut self.planned[index];
        let fault = *fault;
        planned.times -= 1;
        if planned.times == 0 {
            self.planned.remove(index);
        }
        Some(fault)
    }

    fn throttled(&mut self, throttle: Throttle) -> Option<Fault> {
        let now = Instant::now();
        let (start, count) = match self.window {
            Some((start, count)) if now.duration_since(start) < throttle.within => (start, count + 1),
            _ => (now, 1),
        };
        self.window = Some((start, count));
        if count <= throttle.requests {
            return None;
        }
        let left = throttle.within.saturating_sub(now.duration_since(start));
        let seconds = u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        Some(Fault::Status(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(seconds.max(1))))
    }

    fn by_chance(&mut self, random: &[RandomFault]) -> Option<Fault> {
        if random.is_empty() {
            return None;
        }
        let mut drawn = self.chance.f64() * 100.0;
        let mut faults = random.iter();
        let found = faults.find(|own| {
            drawn -= own.percent;
            drawn < 0.0
        });
        found.map(|own| own.fault)
    }
}

impl Fault {
    /// What a client gets.
    pub(crate) fn reply(self) -> Reply {
        let Fault::Status(status, retry_after) = self else { return Reply::broken() };
        let (code, message) = match status.as_u16() {
            429 => ("TooManyRequests", "Please retry again later."),
            503 => ("serviceNotAvailable", "The service is not available. Try the request again after a delay."),
            504 => ("gatewayTimeout", "The gateway has not received an answer in time."),
            500 => ("generalException", "An unspecified error has occurred."),
            _ => (status.canonical_reason().unwrap_or("error"), "This fault was asked for."),
        };
        let reply = graph_error(status, code, message);
        match retry_after {
            RetryAfter::Unsaid => reply,
            RetryAfter::Seconds(seconds) => reply.with_header("retry-after", &seconds.to_string()),
            RetryAfter::Date => {
                let at = Timestamp::now().saturating_add(jiff::SignedDuration::from_secs(1));
                let date = at.ok().and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
                reply.with_header("retry-after", &date.unwrap_or_default())
            }
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Fault, String> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        if name.eq_ignore_ascii_case("reset") {
            return Ok(Fault::Reset);
        }
        let wrong = || {
            format!("`{text}` is no fault: a status from 400 to 599, such as `429` or `503;retry-after=5`, or `reset`")
        };
        let status = name.parse().ok().and_then(|own| StatusCode::from_u16(own).ok());
        let status = status.filter(|own| own.is_client_error() || own.is_server_error()).ok_or_else(wrong)?;
        let waits = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let mut retry_after = if waits { RetryAfter::Seconds(RETRY_AFTER) } else { RetryAfter::Unsaid };
        for part in parts {
            retry_after = match part.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some(("retry-after", "date")) => RetryAfter::Date,
                Some(("retry-after", "none")) => RetryAfter::Unsaid,
                Some(("retry-after", seconds)) => RetryAfter::Seconds(seconds.parse().map_err(|_| wrong())?),
                _ => return Err(wrong()),
            };
        }
        Ok(Fault::Status(status, retry_after))
    }
}

impl FromStr for RandomFault {
    type Err = String;

    fn from_str(text: &str) -> Result<RandomFault, String> {
        let wrong = || format!("`{text}` is not FAULT:PERCENT%, such as `429:5%` or `reset:0.5%`");
        let (fault, percent) = text.rsplit_once(':').ok_or_else(wrong)?;
        let percent: f64 = percent.trim().trim_end_matches('%').parse().map_err(|_| wrong())?;
        if !(0.0..=100.0).contains(&percent) {
            return Err(wrong());
        }
        Ok(RandomFault { fault: fault.parse()?, percent })
    }
}

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Latency, String> {
        let wrong = || format!("`{text}` is no latency: `50ms`, `1s`, or `50..200ms`");
        let (number, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
            (Some(number), _) => (number, 1),
            (None, Some(number)) => (number, 1000),
            (None, None) => return Err(wrong()),
        };
        let duration = |number: &str| {
            let number: u64 = number.trim().parse().map_err(|_| wrong())?;
            number.checked_mul(unit).map(Duration::from_millis).ok_or_else(wrong)
        };
        let (least, most) = number.split_once("..").unwrap_or((number, number));
        let latency = Latency { least: duration(least)?, most: duration(most)? };
        if latency.least > latency.most { Err(wrong()) } else { Ok(latency) }
    }
}

impl FromStr for Throttle {
    type Err = String;

    fn from_str(text: &str) -> Result<Throttle, String> {
        let wrong = || format!("`{text}` is no limit: REQUESTS/SECONDS, such as `20/10s`");
        let (requests, within) = text.split_once('/').ok_or_else(wrong)?;
        let seconds: u64 = within.trim().trim_end_matches('s').parse().map_err(|_| wrong())?;
        let requests = requests.trim().parse().map_err(|_| wrong())?;
        if seconds == 0 { Err(wrong()) } else { Ok(Throttle { requests, within: Duration::from_secs(seconds) }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn request(fault: Option<&str>) -> Incoming {
        let mut headers = HeaderMap::new();
        if let Some(fault) = fault {
            headers.insert(FAULT_HEADER, fault.parse().expect("a value"));
        }
        Incoming { path: "/v1.0/lamps".to_owned(), headers, ..Incoming::default() }
    }

    fn fates(faults: &Faults, times: usize) -> Vec<Option<u16>> {
        let fate = || faults.fate(&request(None), || Some("v1.0/lamp-list".to_owned())).expect("a fate");
        let fates = (0..times).map(|_| fate().fault);
        fates.map(|fault| fault.map(|fault| fault.reply().status.as_u16())).collect()
    }

    #[test]
    fn faults_are_read_and_others_refused() {
        let seconds = |seconds| RetryAfter::Seconds(seconds);
        let check = |text: &str, expected: Option<Fault>| assert_eq!(text.parse().ok(), expected, "{text}");
        check("429", Some(Fault::Status(StatusCode::TOO_MANY_REQUESTS, seconds(1))));
        check("503;retry-after=7", Some(Fault::Status(StatusCode::SERVICE_UNAVAILABLE, seconds(7))));
        check("429; retry-after=date", Some(Fault::Status(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Date)));
        check("500", Some(Fault::Status(StatusCode::INTERNAL_SERVER_ERROR, RetryAfter::Unsaid)));
        check("reset", Some(Fault::Reset));
        for text in ["", "200", "600", "429;x=1", "429;retry-after=soon"] {
            check(text, None);
        }
    }

    #[test]
    fn measures_are_read_and_others_refused() {
        let milliseconds = Duration::from_millis;
        let latency = |least, most| Some(Latency { least: milliseconds(least), most: milliseconds(most) });
        let check = |text: &str, expected: Option<Latency>| assert_eq!(text.parse().ok(), expected, "{text}");
        check("50..200ms", latency(50, 200));
        check("1s", latency(1000, 1000));
        check("200..50ms", None);
        check("50", None);
        check("18446744073709551615s", None);
        let throttle = Throttle { requests: 20, within: Duration::from_secs(10) };
        assert_eq!("20/10s".parse(), Ok(throttle));
        assert!("20/0s".parse::<Throttle>().is_err() && "20".parse::<Throttle>().is_err());
        assert_eq!("429:5%".parse::<RandomFault>().map(|own| own.percent), Ok(5.0));
        assert!("429:101%".parse::<RandomFault>().is_err());
    }

    #[test]
    fn the_same_seed_has_the_same_faults() {
        let options =
            || FaultOptions { random: vec!["429:20%".parse().expect("a fault")], seed: 7, ..FaultOptions::default() };
        let (one, other) = (fates(&Faults::new(options()), 200), fates(&Faults::new(options()), 200));
        assert_eq!(one, other);
        let hit = one.iter().flatten().count();
        assert!((20..=60).contains(&hit), "{hit} of 200");
    }

    #[test]
    fn planned_faults_happen_so_often_and_to_whom_they_are_meant() {
        let faults = Faults::new(FaultOptions::default());
        let plan = |fault: &str, times, contract: Option<&str>| {
            faults.plan(PlannedFault { fault: fault.to_owned(), times, contract: contract.map(str::to_owned) })
        };
        plan("503", 2, Some("v1.0/other")).expect("a fault");
        plan("429", 2, Some("v1.0/lamp-list")).expect("a fault");
        assert!(plan("200", 1, None).is_err());
        assert_eq!(fates(&faults, 3), [Some(429), Some(429), None]);
        assert_eq!(faults.planned().len(), 1);
        faults.reset();
        assert!(faults.planned().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn requests_beyond_the_rate_are_told_when_to_come_back() {
        let faults = Faults::new(FaultOptions { throttle: "2/10s".parse().ok(), ..FaultOptions::default() });
        assert_eq!(fates(&faults, 3), [None, None, Some(429)]);
        tokio::time::advance(Duration::from_millis(4500)).await;
        let fault = faults.fate(&request(None), || None).expect("a fate").fault;
        assert_eq!(fault, Some(Fault::Status(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(6))));
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(fates(&faults, 1), [None]);
    }

    #[test]
    fn a_request_may_ask_for_a_fault_itself() {
        let faults = Faults::new(FaultOptions::default());
        let fault = |text: &str| faults.fate(&request(Some(text)), || None).map(|fate| fate.fault);
        assert_eq!(fault("reset"), Ok(Some(Fault::Reset)));
        assert!(fault("nonsense").is_err_and(|own| own.contains("`nonsense` is no fault")));
        let within = |text: &str| faults.within(&request(Some(text)), || None);
        assert_eq!(
            within("429;retry-after=none"),
            Ok(Some(Fault::Status(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Unsaid)))
        );
        assert_eq!(within("reset"), Ok(None), "a part of an answer breaks no connection");
        assert!(within("nonsense").is_err());
    }
}
