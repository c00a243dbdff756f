//! A merchant's server: it checks what it gets as an honest merchant would, or does what a test told it to do.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use bayar_sandbox::Notifications;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::check;
use crate::common::wire::Stream;

pub(crate) const TOKEN_PATH: &str = "/shop/token";
pub(crate) const NOTIFY_PATH: &str = "/v1.0/debit/Notify/";

/// What the shop does with one request, after it has read it.
#[derive(Clone)]
pub(crate) enum Act {
    /// What an honest merchant does.
    Honest,
    Answer(u16, &'static str),
    /// Bytes as they are, then the end of the connection.
    Raw(&'static str),
    Close,
    Hang,
    /// An answer of this many bytes.
    Long(usize),
    /// Answers once it has read the head, and reads no more.
    RefuseUnread,
}

/// One request as it came, and what an honest merchant finds wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) faults: Vec<String>,
}

pub(crate) struct Shop {
    base_url: String,
    ca_pem: Option<String>,
    desk: Arc<Desk>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
pub(crate) struct Desk {
    got: Mutex<Vec<Got>>,
    token_acts: Mutex<VecDeque<Act>>,
    notify_acts: Mutex<VecDeque<Act>>,
    closed: AtomicBool,
    /// How many lost patience with it.
    pub(crate) hung_up: AtomicU64,
    pub(crate) shift_s: AtomicI64,
    /// What `expiresIn` says, as JSON.
    pub(crate) expires_in: Mutex<String>,
    pub(crate) tokens_issued: AtomicU64,
    /// What it takes for its own secrets and DOKU's keys.
    pub(crate) secrets: Mutex<Vec<String>>,
    pub(crate) doku_keys: Mutex<Vec<&'static str>>,
}

impl Shop {
    pub(crate) fn open() -> Shop {
        Shop::at(None)
    }

    pub(crate) fn open_with_tls() -> Shop {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        Shop::at(Some((Arc::new(config), made.cert.pem())))
    }

    fn at(tls: Option<(Arc<ServerConfig>, String)>) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Arc::new(Desk {
            expires_in: Mutex::new("900".to_owned()),
            secrets: Mutex::new(vec![bayar_sandbox::TEST_CLIENT_SECRET.to_owned()]),
            doku_keys: Mutex::new(vec![bayar_sandbox::TEST_DOKU_PRIVATE_KEY_PEM]),
            ..Desk::default()
        });
        let (base_url, ca_pem, config) = match tls {
            None => (format!("http://127.0.0.1:{port}"), None, None),
            Some((config, ca)) => (format!("https://localhost:{port}"), Some(ca), Some(config)),
        };
        let own = Arc::clone(&desk);
        let accepting = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if own.closed.load(Ordering::SeqCst) {
                    return;
                }
                let (own, config) = (Arc::clone(&own), config.clone());
                std::thread::spawn(move || own.serve(socket.unwrap(), config));
            }
        });
        Shop { base_url, ca_pem, desk, accepting: Some(accepting) }
    }

    pub(crate) fn settings(&self) -> Notifications {
        let url = |path| format!("{}{path}", self.base_url);
        let mut settings = Notifications::to(&url(NOTIFY_PATH), &url(TOKEN_PATH));
        settings.ca_pem.clone_from(&self.ca_pem);
        settings
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// What it does with the next notifications; then it is honest again.
    pub(crate) fn does(&self, acts: impl IntoIterator<Item = Act>) {
        self.desk.notify_acts.lock().unwrap().extend(acts);
    }

    /// What it does with the next token requests.
    pub(crate) fn does_with_token_requests(&self, acts: impl IntoIterator<Item = Act>) {
        self.desk.token_acts.lock().unwrap().extend(acts);
    }

    pub(crate) fn clock_advances(&self, seconds: i64) {
        self.desk.shift_s.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn got(&self, path: &str) -> Vec<Got> {
        self.desk.got.lock().unwrap().iter().filter(|got| got.path == path).cloned().collect()
    }

    pub(crate) fn last(&self, path: &str) -> Got {
        self.got(path).pop().unwrap()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.desk.closed.store(true, Ordering::SeqCst);
        let (_, port) = self.base_url.rsplit_once(':').unwrap();
        let _ = TcpStream::connect(("127.0.0.1", port.parse::<u16>().unwrap()));
        self.accepting.take().unwrap().join().unwrap();
    }
}

impl Got {
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.values(name).first().copied().unwrap_or_default()
    }
}

impl Desk {
    fn serve(&self, socket: TcpStream, config: Option<Arc<ServerConfig>>) {
        let own = socket.try_clone().unwrap();
        let mut stream: Box<dyn Stream> = match config {
            None => Box::new(socket),
            Some(config) => Box::new(StreamOwned::new(ServerConnection::new(config).unwrap(), socket)),
        };
        let Some((path, headers, body_start, length)) = head(&mut stream) else { return };
        let acts = if path == TOKEN_PATH { &self.token_acts } else { &self.notify_acts };
        let act = acts.lock().unwrap().pop_front().unwrap_or(Act::Honest);
        let mut body = body_start;
        if !matches!(act, Act::RefuseUnread) {
            let start = body.len();
            body.resize(length, 0);
            if stream.read_exact(&mut body[start..]).is_err() {
                return;
            }
        }
        let mut got = Got { path, headers, body, faults: Vec::new() };
        got.faults =
            if got.path == TOKEN_PATH { check::token_request(self, &got) } else { check::notification(self, &got) };
        self.got.lock().unwrap().push(got.clone());
        let answer = match act {
            Act::Honest => check::honest(self, &got),
            Act::Answer(status, body) => answer(status, body),
            Act::Raw(bytes) => bytes.to_owned(),
            Act::Close => String::new(),
            Act::Long(bytes) => answer(200, &"a".repeat(bytes)),
            Act::RefuseUnread => answer(413, ""),
            Act::Hang => {
                let patience = Some(Duration::from_millis(20));
                own.set_read_timeout(patience).unwrap();
                // Until the other side leaves, which is nothing to read, in place of a timeout.
                while !self.closed.load(Ordering::SeqCst) {
                    if own.peek(&mut [0]).is_ok() {
                        self.hung_up.fetch_add(1, Ordering::SeqCst);
                        break;
                    }
                }
                return;
            }
        };
        let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.flush());
        if matches!(act, Act::RefuseUnread) {
            // Stays, and reads no more: whoever insists on sending all first would hang.
            while !self.closed.load(Ordering::SeqCst) && own.peek(&mut [0]).is_ok_and(|count| count > 0) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = own.shutdown(Shutdown::Both);
    }
}

pub(crate) fn answer(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Some Reason\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

type Head = (String, Vec<(String, String)>, Vec<u8>, usize);

fn head(stream: &mut Box<dyn Stream>) -> Option<Head> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let mut slots = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Request::new(&mut slots);
        let httparse::Status::Complete(start) = parsed.parse(&bytes).unwrap() else { continue };
        assert_eq!(parsed.method, Some("POST"));
        let path = parsed.path.unwrap().to_owned();
        let headers: Vec<(String, String)> = parsed
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), String::from_utf8(header.value.to_vec()).unwrap()))
            .collect();
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
        let length = length.unwrap().1.parse().unwrap();
        return Some((path, headers, bytes.split_off(start), length));
    }
}
