//! The tests' HTTP client: one connection, plain or TLS, that sends bytes as given and reads one answer at a time.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};
use serde_json::Value;

pub trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

pub struct Wire {
    stream: Box<dyn Stream>,
    socket: TcpStream,
    buffer: Vec<u8>,
}

pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Wire {
    pub fn connect(base_url: &str, ca_pem: &str) -> Wire {
        let both = &[&rustls::version::TLS13, &rustls::version::TLS12];
        Wire::connect_with(base_url, ca_pem, both).unwrap()
    }

    pub fn connect_with(
        base_url: &str,
        ca_pem: &str,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<Wire> {
        let (scheme, authority) = base_url.split_once("://").unwrap();
        let (host, port) = authority.rsplit_once(':').unwrap();
        let socket = TcpStream::connect(("127.0.0.1", port.parse::<u16>().unwrap()))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        let own = socket.try_clone()?;
        let mut stream: Box<dyn Stream> = if scheme == "https" {
            let config = config(ca_pem, versions);
            let name = ServerName::try_from(host.to_owned()).unwrap();
            let session = ClientConnection::new(config, name).unwrap();
            Box::new(StreamOwned::new(session, socket))
        } else {
            Box::new(socket)
        };
        stream.flush()?;
        Ok(Wire { stream, socket: own, buffer: Vec::new() })
    }

    pub fn patience(&self, time: Duration) {
        self.socket.set_read_timeout(Some(time)).unwrap();
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    pub fn receive(&mut self) -> Response {
        self.try_receive().unwrap()
    }

    pub fn try_receive(&mut self) -> std::io::Result<Response> {
        loop {
            if let Some(response) = self.parsed() {
                return Ok(response);
            }
            let mut chunk = [0; 4096];
            let count = self.stream.read(&mut chunk)?;
            if count == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(&chunk[..count]);
        }
    }

    /// All bytes up to the end of the connection, and the error that ended it if it was one.
    pub fn rest(&mut self) -> (Vec<u8>, Option<ErrorKind>) {
        let mut bytes = std::mem::take(&mut self.buffer);
        let end = self.stream.read_to_end(&mut bytes);
        (bytes, end.err().map(|error| error.kind()))
    }

    fn parsed(&mut self) -> Option<Response> {
        let mut slots = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut slots);
        let httparse::Status::Complete(start) = head.parse(&self.buffer).unwrap() else {
            return None;
        };
        let status = head.code.unwrap();
        let headers: Vec<(String, String)> = head
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8(header.value.to_vec()).unwrap();
                (header.name.to_owned(), value)
            })
            .collect();
        let mut response = Response { status, headers, body: Vec::new() };
        let length: usize = match response.header("Content-Length") {
            Some(length) => length.parse().unwrap(),
            None => 0,
        };
        if self.buffer.len() < start + length {
            return None;
        }
        response.body = self.buffer[start..start + length].to_vec();
        self.buffer.drain(..start + length);
        Some(response)
    }
}

/// Connects without TLS, says something, and tells how waiting for a word in return ended.
pub fn say_hello(base_url: &str, patience: Duration) -> ErrorKind {
    let (_, port) = base_url.rsplit_once(':').unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", port.parse::<u16>().unwrap())).unwrap();
    socket.set_read_timeout(Some(patience)).unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    socket.read_exact(&mut [0]).unwrap_err().kind()
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The response code, after checking that the HTTP status agrees with it.
    pub fn code(&self) -> String {
        let code = self.json()["responseCode"].as_str().unwrap().to_owned();
        assert_eq!(code[..3], self.status.to_string());
        code
    }

    pub fn message(&self) -> String {
        self.json()["responseMessage"].as_str().unwrap().to_owned()
    }
}

fn config(ca_pem: &str, versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}
