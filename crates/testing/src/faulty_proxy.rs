//! A proxy in front of a provider that lets things go wrong.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It never reaches the provider: this is the answer.
    Answer(String),
    /// It never reaches the provider, and the connection is reset.
    ResetBefore,
    /// It never reaches the provider, and nothing answers.
    Hold,
    /// The provider processes it, and the connection is reset.
    ResetAfter,
    /// The provider processes it, and its answer never comes.
    Silence,
    /// The provider processes it, and of its answer only the head comes.
    HeadOnly,
}

impl Fault {
    /// An answer with this status and these header fields, each ended by a line break, and no body.
    pub fn status(status: &str, fields: &str) -> Fault {
        Fault::Answer(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{fields}Connection: close\r\n\r\n"))
    }
}

/// The proxy, until the runtime of the test ends.
pub struct FaultyProxy {
    /// Its base URL.
    pub base: String,
    methods: Arc<Mutex<Vec<String>>>,
}

impl FaultyProxy {
    /// In front of the provider at that base URL. `fault` says what goes wrong with a request, by its position, method, and path.
    pub async fn start(
        provider: &str,
        fault: impl Fn(usize, &str, &str) -> Fault + Send + Sync + 'static,
    ) -> io::Result<FaultyProxy> {
        let provider = provider.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let methods = Arc::new(Mutex::new(Vec::new()));
        let (all, fault) = (Arc::clone(&methods), Arc::new(fault));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (provider, all, fault) = (provider.clone(), Arc::clone(&all), Arc::clone(&fault));
                // A client that goes away is no fault of the proxy.
                tokio::spawn(async move { serve(client, &provider, &all, &*fault).await.ok() });
            }
        });
        Ok(FaultyProxy { base, methods })
    }

    /// The methods of the requests so far.
    pub fn methods(&self) -> Vec<String> {
        self.methods.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a request with this method has come.
    pub async fn wait_for(&self, method: &str) {
        while self.count(method) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How many requests with this method have come.
    pub fn count(&self, method: &str) -> usize {
        self.methods().iter().filter(|own| *own == method).count()
    }
}

async fn serve(
    mut client: TcpStream,
    provider: &str,
    all: &Mutex<Vec<String>>,
    fault: &(impl Fn(usize, &str, &str) -> Fault + Sync),
) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    };
    let mut body = vec![0; field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    client.read_exact(&mut body).await?;
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let fault = {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = fault(all.len(), method, path);
        all.push(method.to_owned());
        fault
    };
    match &fault {
        Fault::ResetBefore => return client.set_zero_linger(),
        Fault::Hold => std::future::pending().await,
        Fault::Answer(answer) => return client.write_all(answer.as_bytes()).await,
        _ => {}
    }
    let mut server = TcpStream::connect(provider).await?;
    // One request on each connection: the end of the answer is the end of the connection.
    let once = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server.write_all(&[once.as_bytes(), &body].concat()).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    match &fault {
        Fault::ResetAfter => return client.set_zero_linger(),
        Fault::Silence => std::future::pending().await,
        Fault::HeadOnly => {
            let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
            answer.truncate(end);
        }
        Fault::None | Fault::Answer(_) | Fault::ResetBefore | Fault::Hold => {}
    }
    client.write_all(&answer).await
}
