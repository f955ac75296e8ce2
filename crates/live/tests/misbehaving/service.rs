//! A service that keeps objects, and that a test lets misbehave. It knows whose each object is, and notes every write to what is not the
//! run's.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it was sent, without the query.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) body: Value,
    pub(crate) if_match: Option<String>,
}

impl Request {
    /// Whether it has this method, and its path begins and ends so.
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method
            && (self.path == path || path.strip_suffix('*').is_some_and(|start| self.path.starts_with(start)))
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// The connection is reset without a response.
    Reset,
    /// Nothing comes.
    Silence,
    /// The head comes, and of the body nothing.
    HeadOnly(u16),
    /// Bytes as they go over the wire, each piece after a pause of so many milliseconds.
    Raw(Vec<(u64, Vec<u8>)>),
}

impl Answer {
    pub(crate) fn status(status: u16) -> Answer {
        Answer::Response { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Answer {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Answer::Response { status, headers, body: body.to_string() }
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Answer {
        match self {
            Answer::Response { status, mut headers, body } => {
                headers.push((name.to_owned(), value.to_owned()));
                Answer::Response { status, headers, body }
            }
            other => other,
        }
    }

    pub(crate) fn error(status: u16) -> Answer {
        Answer::json(status, &json!({ "error": { "code": "broken", "message": "It is broken." } }))
    }
}

/// Whose an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Run,
    Somebody,
}

/// An object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) owner: Owner,
    pub(crate) body: Map<String, Value>,
    /// From when on it is shown.
    pub(crate) shown_from: Timestamp,
}

/// What the service keeps.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// By path, decoded.
    pub(crate) objects: BTreeMap<String, Object>,
    pub(crate) log: Vec<Request>,
    /// Writes to what is not the run's.
    pub(crate) violations: Vec<String>,
    next: u64,
    /// How far the service's own times are off.
    pub(crate) clock: SignedDuration,
}

impl State {
    /// Puts an object of somebody's there.
    pub(crate) fn foreign(&mut self, path: &str, body: &Value) {
        self.put(path, Owner::Somebody, body);
    }

    pub(crate) fn put(&mut self, path: &str, owner: Owner, body: &Value) {
        let body = body.as_object().cloned().unwrap_or_default();
        self.objects.insert(path.to_owned(), Object { owner, body, shown_from: Timestamp::UNIX_EPOCH });
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + self.clock
    }

    /// How many requests like this there were, this one included.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.log.iter().filter(|request| request.is(method, path)).count()
    }

    /// The paths of the run's objects that are there.
    pub(crate) fn left(&self) -> Vec<String> {
        self.objects.iter().filter(|(_, object)| object.owner == Owner::Run).map(|(path, _)| path.clone()).collect()
    }

    fn is_shown(&self, path: &str) -> bool {
        self.objects.get(path).is_some_and(|object| object.shown_from <= Timestamp::now())
    }

    /// The objects of a collection that are shown.
    pub(crate) fn listed(&self, collection: &str) -> Vec<Value> {
        let within = format!("{collection}/");
        let is_in = |path: &str| path.strip_prefix(&within).is_some_and(|key| !key.contains('/'));
        let objects = self.objects.iter().filter(|(path, _)| is_in(path) && self.is_shown(path));
        objects.map(|(_, object)| Value::Object(object.body.clone())).collect()
    }

    /// Creates an object of the run's from what was sent; its path.
    pub(crate) fn create(&mut self, request: &Request) -> String {
        self.next += 1;
        let key = format!("run-{}", self.next);
        let path = format!("{}/{key}", decoded(&request.path));
        let mut body = request.body.as_object().cloned().unwrap_or_default();
        body.insert("id".to_owned(), key.into());
        body.insert("createdDateTime".to_owned(), self.now().to_string().into());
        self.put(&path, Owner::Run, &Value::Object(body));
        path
    }

    pub(crate) fn body(&self, path: &str) -> Value {
        self.objects.get(path).map_or(Value::Null, |object| Value::Object(object.body.clone()))
    }

    /// What a service does that behaves.
    pub(crate) fn process(&mut self, request: &Request) -> Answer {
        let path = decoded(&request.path);
        let is_object = self.objects.contains_key(&path);
        match request.method.as_str() {
            "GET" if is_object && self.is_shown(&path) => Answer::json(200, &self.body(&path)),
            "GET" if is_collection(&path) => Answer::json(200, &json!({ "value": self.listed(&path) })),
            "POST" if is_collection(&path) => {
                let created = self.create(request);
                Answer::json(201, &self.body(&created)).with("Location", &created)
            }
            "PATCH" if is_object => {
                if let (Some(object), Some(sent)) = (self.objects.get_mut(&path), request.body.as_object()) {
                    object.body.extend(sent.clone());
                }
                Answer::json(200, &self.body(&path))
            }
            "DELETE" if is_object => {
                let within = format!("{path}/");
                let is_foreign =
                    |(own, object): &(&String, &Object)| own.starts_with(&within) && object.owner != Owner::Run;
                let foreign: Vec<String> = self.objects.iter().filter(is_foreign).map(|(own, _)| own.clone()).collect();
                self.violations.extend(foreign.iter().map(|own| format!("DELETE {path} deletes {own}")));
                self.objects.retain(|own, _| *own != path && !own.starts_with(&within));
                Answer::status(204)
            }
            _ => Answer::error(404),
        }
    }

    /// Takes note of a write to what is not the run's. A creation in a collection is no such write.
    fn note(&mut self, request: &Request) {
        let path = decoded(&request.path);
        let path = path.trim_end_matches('/').to_lowercase();
        let is_creation = request.method == "POST" && is_collection(&path);
        if request.method == "GET" || is_creation {
            return;
        }
        let owner = self.objects.iter().find(|(own, _)| own.to_lowercase() == path).map(|(_, object)| object.owner);
        // What is not there any more was the run's if its key says so.
        let was_own = owner.is_none() && path.rsplit('/').next().is_some_and(|key| key.starts_with("run-"));
        if owner != Some(Owner::Run) && !was_own {
            self.violations.push(format!("{} {}", request.method, request.path));
        }
    }
}

/// Whether a path is that of a collection: collections and keys take turns after the version.
fn is_collection(path: &str) -> bool {
    path.matches('/').count().is_multiple_of(2)
}

fn decoded(path: &str) -> String {
    graph_contracts::url::decode(path).into_owned()
}

/// How a service misbehaves: it may change the state, and answer in its own way; else it is processed as it should be.
pub(crate) type Misbehavior = Box<dyn FnMut(&mut State, &Request) -> Option<Answer> + Send>;

/// A service, until the runtime of the test ends.
pub(crate) struct Service {
    pub(crate) base: String,
    state: Arc<Mutex<State>>,
}

impl Service {
    pub(crate) async fn start(state: State, misbehave: Misbehavior) -> io::Result<Service> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Mutex::new(state));
        let (shared, misbehave) = (Arc::clone(&state), Arc::new(Mutex::new(misbehave)));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (shared, misbehave) = (Arc::clone(&shared), Arc::clone(&misbehave));
                // A client that goes away is no fault of the service.
                tokio::spawn(async move { serve(client, &shared, &misbehave).await.ok() });
            }
        });
        Ok(Service { base, state })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut client: TcpStream, state: &Mutex<State>, misbehave: &Mutex<Misbehavior>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let mut body = vec![0; field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    client.read_exact(&mut body).await?;
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: target.split_once('?').map(|(_, query)| query.to_owned()),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        if_match: field("if-match"),
    };
    let (answer, date) = {
        let mut state = locked(state);
        state.note(&request);
        state.log.push(request.clone());
        let answer = (locked(misbehave))(&mut state, &request).unwrap_or_else(|| state.process(&request));
        (answer, state.now())
    };
    match answer {
        Answer::Reset => client.set_zero_linger(),
        Answer::Silence => std::future::pending().await,
        Answer::HeadOnly(status) => {
            let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n");
            client.write_all(head.as_bytes()).await?;
            client.set_zero_linger()
        }
        Answer::Raw(pieces) => {
            for (pause, bytes) in pieces {
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                client.write_all(&bytes).await?;
            }
            Ok(())
        }
        Answer::Response { status, headers, body } => {
            let date =
                jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date).unwrap_or_default();
            let fields: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
            let text =
                format!("HTTP/1.1 {status} X\r\nDate: {date}\r\n{length}{fields}Connection: close\r\n\r\n{body}");
            client.write_all(text.as_bytes()).await
        }
    }
}
