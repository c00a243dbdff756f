//! A server that does with each connection what a test's script says, also what no decent server does.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

#[derive(Clone)]
pub(super) enum Wire {
    Plain,
    Tls(Arc<ServerConfig>),
}

type Script = Arc<dyn Fn(&mut Peer) + Send + Sync>;

pub(super) struct Server {
    pub(super) port: u16,
    scheme: &'static str,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// One connection, seen from the server.
pub(super) struct Peer {
    stream: Box<dyn Stream>,
    pub(super) tcp: TcpStream,
    /// 0 for the first connection.
    pub(super) index: usize,
    requests: Arc<Mutex<Vec<String>>>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    Authority { pem, issuer }
});

/// The certificate of the authority that signs the servers'.
pub(super) fn authority() -> String {
    AUTHORITY.pem.clone()
}

impl Wire {
    pub(super) fn tls() -> Self {
        Self::tls_with(&["127.0.0.1", "localhost"], |_| ())
    }

    pub(super) fn tls_with(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let certificate = params.signed_by(&key, &AUTHORITY.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Self::Tls(Arc::new(config))
    }
}

impl Server {
    pub(super) fn start(wire: Wire, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            scheme: match wire {
                Wire::Plain => "http",
                Wire::Tls(_) => "https",
            },
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        thread::spawn(move || {
            for tcp in listener.incoming().map_while(Result::ok) {
                let index = connections.fetch_add(1, Ordering::SeqCst);
                let (wire, script, requests) = (wire.clone(), script.clone(), requests.clone());
                thread::spawn(move || {
                    tcp.set_nodelay(true).unwrap();
                    let other = tcp.try_clone().unwrap();
                    let stream: Box<dyn Stream> = match wire {
                        Wire::Plain => Box::new(tcp),
                        Wire::Tls(config) => {
                            let session = ServerConnection::new(config).unwrap();
                            Box::new(StreamOwned::new(session, tcp))
                        }
                    };
                    script(&mut Peer { stream, tcp: other, index, requests });
                });
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// All that came in whole, headers and body.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Peer {
    /// Reads one request; `None` when the client is gone.
    pub(super) fn request(&mut self) -> Option<String> {
        let mut seen = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&seen);
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && body.len() >= content_length(head)
            {
                let text = text.into_owned();
                self.requests.lock().unwrap().push(text.clone());
                return Some(text);
            }
            let more = self.read()?;
            seen.extend_from_slice(&more);
        }
    }

    /// What one read brings.
    pub(super) fn read(&mut self) -> Option<Vec<u8>> {
        let mut piece = vec![0; 32 * 1024];
        match self.stream.read(&mut piece) {
            Ok(0) | Err(_) => None,
            Ok(count) => {
                piece.truncate(count);
                Some(piece)
            }
        }
    }

    pub(super) fn write(&mut self, text: &str) -> bool {
        let written = self.stream.write_all(text.as_bytes());
        written.and_then(|()| self.stream.flush()).is_ok()
    }

    pub(super) fn answer(&mut self, body: &str) -> bool {
        self.write(&ok(body))
    }

    pub(super) fn answer_all(&mut self) {
        while self.request().is_some() && self.answer("{}") {}
    }

    pub(super) fn requests_note(&self, note: &str) {
        self.requests.lock().unwrap().push(note.to_owned());
    }

    /// Ends the connection with a reset. Call it last: the other handle is closed after it.
    pub(super) fn reset(&self) {
        let socket = SockRef::from(&self.tcp);
        socket.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    }

    pub(super) fn hang(&self) {
        thread::sleep(std::time::Duration::from_secs(30));
    }
}

pub(super) fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nDate: today\r\n\r\n{body}")
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap())
}
