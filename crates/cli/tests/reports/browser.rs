//! A headless Chromium, driven by the Chrome DevTools Protocol.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// The names of the browser's program.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// How long the browser may take for one thing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page in a browser.
pub(crate) struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    last: u64,
    /// What the page wrote to its console, what it threw, and what its policy refused.
    pub(crate) complaints: Vec<String>,
    /// What was asked for.
    pub(crate) requests: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts the browser; says where it is not installed, which `CHROMIUM=required` makes a failure.
    pub(crate) fn start_or_skip() -> Option<Browser> {
        let browser = Browser::start();
        if browser.is_none() {
            assert_ne!(std::env::var("CHROMIUM").as_deref(), Ok("required"), "no Chromium is installed");
            // Not captured: whoever runs the tests should know.
            std::io::Write::write_all(&mut std::io::stderr(), b"skipped: no Chromium is installed\n").expect("written");
        }
        browser
    }

    /// Starts the browser; `None` where it is not installed.
    fn start() -> Option<Browser> {
        let profile = tempfile::tempdir().expect("a folder");
        let process = PROGRAMS.iter().find_map(|program| {
            Command::new(program)
                .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
                .args(["--remote-debugging-port=0", "--disable-background-networking", "--window-size=1280,1400"])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        })?;
        let (port, path) = endpoint(&profile.path().join("DevToolsActivePort"));
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the browser listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).expect("a handshake");
        let (complaints, requests) = (Vec::new(), Vec::new());
        let session = String::new();
        let mut browser = Browser { process, socket, session, last: 0, complaints, requests, _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.call(domain, json!({}));
        }
        Some(browser)
    }

    /// Opens a file, or a place in it.
    pub(crate) fn open(&mut self, file: &Path, fragment: &str) {
        self.visit(&format!("file://{}{fragment}", file.display()));
    }

    /// Opens a URL.
    pub(crate) fn visit(&mut self, url: &str) {
        // Another fragment alone would not load it anew.
        self.call("Page.navigate", json!({"url": "about:blank"}));
        self.call("Page.navigate", json!({"url": url}));
        self.wait_for("document.readyState === 'complete'");
    }

    /// Shows the page as it is in a medium, with the theme of the system, in a window of this size.
    pub(crate) fn look(&mut self, media: &str, theme: &str, (width, height): (u32, u32)) {
        let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// A picture of what is shown, as PNG in base64.
    pub(crate) fn picture(&mut self) -> String {
        let taken = self.call("Page.captureScreenshot", json!({"format": "png"}));
        taken["data"].as_str().expect("a picture").to_owned()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(start.elapsed() < PATIENCE, "{expression} is not true; {:?}", self.complaints);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let result = self.call("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Sends a command and waits for its result. What happens meanwhile is written down.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(message.to_string())).expect("the browser reads");
        loop {
            let Message::Text(text) = self.socket.read().expect("the browser answers") else { continue };
            let message: Value = serde_json::from_str(&text).expect("JSON");
            if message["id"] == json!(self.last) {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.hear(&message);
        }
    }

    fn hear(&mut self, event: &Value) {
        match event["method"].as_str() {
            Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded") => {
                self.complaints.push(event["params"].to_string());
            }
            Some("Network.requestWillBeSent") => {
                self.requests.push(event["params"]["request"]["url"].as_str().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port and the path that the browser writes down when it is ready.
fn endpoint(file: &Path) -> (u16, String) {
    let start = Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n').filter(|(_, path)| !path.is_empty()) {
            return (port.parse().expect("a port"), path.trim().to_owned());
        }
        assert!(start.elapsed() < PATIENCE, "the browser does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
}
