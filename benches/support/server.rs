//! The server that both sides pay at: TLS 1.3 (or plain http) on this machine, connections kept, answers that do not
//! depend on anything but the reference. It does as little as a server can, and knows how long that took.
//!
//! It answers a token request, a payment, and `GET /recorded`: the first payment request as it came over the wire, from
//! which the other side takes headers and body, so that both send the same.

#![allow(dead_code)] // Each benchmark uses what it needs.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring::{cipher_suite, default_provider};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Both clients' first choice; with one suite only, neither can choose another.
const SUITE: rustls::SupportedCipherSuite = cipher_suite::TLS13_AES_256_GCM_SHA384;
/// As long as DOKU's.
const TOKEN_LENGTH: usize = 300;

type Problem = Box<dyn std::error::Error + Send + Sync>;

pub(crate) struct Server {
    pub(crate) base_url: String,
    /// The authority to trust.
    pub(crate) ca_pem: String,
    seen: Arc<Mutex<Seen>>,
}

/// What the server saw since it was last asked.
#[derive(Default)]
pub(crate) struct Seen {
    /// One for each connection, in the order in which they came.
    pub(crate) connections: Vec<Connection>,
    recorded: Recorded,
}

/// The first token request and the first payment, headers and body.
#[derive(Clone, Default)]
pub(crate) struct Recorded {
    pub(crate) token: Vec<u8>,
    pub(crate) payment: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Connection {
    pub(crate) payments: u64,
    /// The length of the last payment request, headers and body.
    pub(crate) request_length: usize,
    /// From having read a payment request to having written its answer, in all.
    pub(crate) busy_ns: u128,
}

impl Server {
    pub(crate) fn start(scheme: Scheme) -> Result<Self, Problem> {
        let (config, ca_pem) = identity()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let name = if scheme == Scheme::Https { "https" } else { "http" };
        let base_url = format!("{name}://127.0.0.1:{}", listener.local_addr()?.port());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        // It ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, seen) = (Arc::clone(&config), Arc::clone(&shared));
                thread::spawn(move || welcome(stream, scheme, config, &seen));
            }
        });
        Ok(Self { base_url, ca_pem, seen })
    }

    pub(crate) fn take_seen(&self) -> Seen {
        std::mem::take(&mut *lock(&self.seen))
    }

    /// What was recorded so far; it is kept.
    pub(crate) fn recorded(&self) -> Recorded {
        lock(&self.seen).recorded.clone()
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn identity() -> Result<(Arc<ServerConfig>, String), Problem> {
    let mut authority = CertificateParams::new(Vec::new())?;
    // Without a name of its own it could not be told from the certificate that it signs.
    authority.distinguished_name.push(DnType::CommonName, "Bayar benchmark CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate()?;
    let ca_pem = authority.self_signed(&authority_key)?.pem();
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()])?;
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let mut provider = default_provider();
    provider.cipher_suites = vec![SUITE];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    Ok((Arc::new(config), ca_pem))
}

fn welcome(stream: TcpStream, scheme: Scheme, config: Arc<ServerConfig>, seen: &Mutex<Seen>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    if scheme == Scheme::Http {
        return serve(stream, seen);
    }
    let session = ServerConnection::new(config).map_err(io::Error::other)?;
    serve(StreamOwned::new(session, stream), seen)
}

fn serve(mut wire: impl Read + Write, seen: &Mutex<Seen>) -> io::Result<()> {
    let mut request = Vec::with_capacity(4096);
    let mut this = Connection::default();
    let index = {
        let connections = &mut lock(seen).connections;
        connections.push(this);
        connections.len() - 1
    };
    while read(&mut wire, &mut request)? {
        let begun = Instant::now();
        let is_payment = request.starts_with(b"POST") && find(&request, b"payment-host-to-host ").is_some();
        if request.starts_with(b"GET") {
            let recorded = lock(seen).recorded.payment.clone();
            wire.write_all(&answer("text/plain", &recorded))?;
        } else if is_payment {
            if this.payments == 0 && lock(seen).recorded.payment.is_empty() {
                lock(seen).recorded.payment.clone_from(&request);
            }
            wire.write_all(&answer("application/json", &taken(&request)))?;
            this.busy_ns += begun.elapsed().as_nanos();
            this.payments += 1;
            this.request_length = request.len();
            // After the answer: the client is not kept waiting for the bookkeeping.
            let mut seen = lock(seen);
            if let Some(place) = seen.connections.get_mut(index) {
                *place = this;
            }
        } else {
            // Before the answer, as with the payment: who has the answer may ask for what was recorded.
            if lock(seen).recorded.token.is_empty() {
                lock(seen).recorded.token.clone_from(&request);
            }
            wire.write_all(&answer("application/json", &token()))?;
        }
    }
    Ok(())
}

/// One request, complete; false at the end of the connection. Nobody sends a second one before the answer.
fn read(wire: &mut impl Read, request: &mut Vec<u8>) -> io::Result<bool> {
    request.clear();
    let mut piece = [0; 4096];
    loop {
        let count = wire.read(&mut piece)?;
        if count == 0 {
            return Ok(false);
        }
        request.extend_from_slice(piece.get(..count).unwrap_or_default());
        if let Some(head) = find(request, b"\r\n\r\n")
            && request.len() >= head + 4 + body_length(request.get(..head).unwrap_or_default())
        {
            return Ok(true);
        }
    }
}

fn body_length(head: &[u8]) -> usize {
    let lines = head.split(|byte| *byte == b'\n');
    let name = b"content-length:";
    let mut values = lines.filter_map(|line| line.split_at_checked(name.len()));
    let value = values.find_map(|(start, rest)| start.eq_ignore_ascii_case(name).then_some(rest));
    value.and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok()).unwrap_or(0)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// DOKU's answer to a payment (protocol.md section 4), with the reference that was sent.
fn taken(request: &[u8]) -> Vec<u8> {
    let name = b"\"partnerReferenceNo\":\"";
    let reference = find(request, name).and_then(|at| request.get(at + name.len()..));
    let reference = reference.and_then(|rest| rest.split(|byte| *byte == b'"').next()).unwrap_or_default();
    let mut body = Vec::with_capacity(512);
    body.extend_from_slice(b"{\"responseCode\":\"2005400\",\"responseMessage\":\"Successful\",\"webRedirectUrl\":\"");
    body.extend_from_slice(b"https://sandbox.doku.example/direct-debit/ui/payment/core/bench?id=0123456789abcdef");
    body.extend_from_slice(b"\",\"partnerReferenceNo\":\"");
    body.extend_from_slice(reference);
    body.extend_from_slice(b"\",\"referenceNo\":\"0123456789ABCDEF\"}");
    body
}

fn token() -> Vec<u8> {
    let token = "t".repeat(TOKEN_LENGTH);
    format!(
        "{{\"responseCode\":\"2007300\",\"responseMessage\":\"Successful\",\"accessToken\":\"{token}\",\
         \"tokenType\":\"Bearer\",\"expiresIn\":\"900\"}}"
    )
    .into_bytes()
}

/// Head and body in one piece. The date is not read by anybody, so it stands still.
fn answer(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut answer = Vec::with_capacity(256 + length);
    let _ = write!(
        answer,
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\nContent-Type: {content_type}\r\n\
         X-TIMESTAMP: 2026-11-22T10:00:00+07:00\r\nContent-Length: {length}\r\n\r\n"
    );
    answer.extend_from_slice(body);
    answer
}
