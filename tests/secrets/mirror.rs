//! A server that shows its callers what they sent: a gateway that quotes the request in its answer, in every way that a
//! test thinks of. Plain HTTP on this machine; each connection gets one answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// The token that it gives: short enough to be a word in a message, with every sign that writers of JSON escape.
pub(crate) const TOKEN: &str = "Tk4Bayar.Zx81/QwErTy+0987=asdf";

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let field =
            |line: &'_ str| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name)).is_some();
        let line = self.head.lines().find(|line| field(line));
        line.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value)
    }

    pub(crate) fn token(&self) -> &str {
        self.header("Authorization").trim_start_matches("Bearer ")
    }

    /// All headers in one line.
    pub(crate) fn headers(&self) -> String {
        self.head.lines().skip(1).collect::<Vec<_>>().join("; ")
    }

    /// The value of a member of the body.
    pub(crate) fn member(&self, name: &str) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body[name].as_str().unwrap_or_default().to_owned()
    }

    fn is_for_token(&self) -> bool {
        self.head.contains("/access-token/")
    }
}

/// What the server makes of a request: the bytes of its answer.
pub(crate) type Answer = dyn Fn(&Asked) -> Vec<u8> + Send + Sync;

pub(crate) struct Mirror {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Mirror {
    /// Answers token requests and all others so; without an answer for tokens it gives [`TOKEN`].
    pub(crate) fn start(token: Option<Arc<Answer>>, other: Arc<Answer>) -> Mirror {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, stopped) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, stop) = (Arc::clone(&asked), Arc::clone(&stopped));
        let thread = std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let asked = read(&mut stream);
                let answer = match (&token, asked.is_for_token()) {
                    (Some(token), true) => token(&asked),
                    (None, true) => granted(TOKEN),
                    _ => other(&asked),
                };
                log.lock().unwrap().push(asked);
                let _ = stream.write_all(&answer);
                let _ = stream.shutdown(std::net::Shutdown::Write);
                // What is still on its way must not turn the end into a reset.
                let _ = stream.read_to_end(&mut Vec::new());
            }
        });
        Mirror { port, asked, stopped, thread: Some(thread) }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().map(JoinHandle::join);
    }
}

/// What came in until it was complete, or nothing more came for a while: a TLS handshake is never complete.
fn read(stream: &mut TcpStream) -> Asked {
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let asked = Asked { head: head.to_owned(), body: body.to_owned() };
            if asked.header("Content-Length").parse().unwrap_or(0) <= body.len() {
                return asked;
            }
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return Asked { head: text, body: String::new() },
        }
    }
}

pub(crate) fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

pub(crate) fn json(status: &str, body: &serde_json::Value) -> Vec<u8> {
    http(status, "Content-Type: application/json\r\n", &body.to_string())
}

pub(crate) fn granted(token: &str) -> Vec<u8> {
    json("200 OK", &serde_json::json!({"responseCode": "2007300", "accessToken": token, "expiresIn": 900}))
}
