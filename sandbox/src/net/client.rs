//! Calling the merchant: one POST over a connection of its own, plain or TLS, within limits of time and size.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::stop::Stop;
use super::url::Url;

/// How much of an answer is read, its head included.
const MAX_ANSWER: usize = 64 * 1024;
const MAX_HEADERS: usize = 64;
/// A blocked socket is left this often, to look at the clock, at the sign to stop, and for an early answer.
const SLICE: Duration = Duration::from_millis(50);
const CHUNK: usize = 64 * 1024;

/// Whom to trust, and how long to wait.
pub(crate) struct Client {
    tls: Option<Arc<ClientConfig>>,
    patience: Duration,
    stop: Arc<Stop>,
}

/// What the merchant answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// `ca_pem` holds the authorities that https is believed from.
    pub(crate) fn new(ca_pem: Option<&str>, patience: Duration, stop: Arc<Stop>) -> io::Result<Client> {
        let tls = ca_pem.map(trusting).transpose()?;
        Ok(Client { tls, patience, stop })
    }

    /// Sends one request and reads one answer; the error is a sentence for the record.
    pub(crate) fn post(&self, url: &Url, headers: &[(String, String)], body: &[u8]) -> Result<Reply, String> {
        let call = Call { end: Instant::now() + self.patience, patience: self.patience, stop: &self.stop };
        let mut request = format!("POST {} HTTP/1.1\r\nHost: {}\r\n", url.target, url.authority);
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let mut request = request.into_bytes();
        request.extend_from_slice(body);

        let socket = call.connect(url)?;
        if !url.https {
            return call.exchange(&mut &socket, &request);
        }
        let config = self.tls.as_ref().ok_or("no certificate authority was given for https")?;
        let name = ServerName::try_from(url.host.clone()).map_err(|error| error.to_string())?;
        let session = ClientConnection::new(Arc::clone(config), name).map_err(|error| error.to_string())?;
        call.exchange(&mut StreamOwned::new(session, &socket), &request)
    }
}

fn trusting(ca_pem: &str) -> io::Result<Arc<ClientConfig>> {
    let unfit = |why: String| io::Error::new(ErrorKind::InvalidInput, format!("the merchant's CA: {why}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        let certificate = certificate.map_err(|error| unfit(error.to_string()))?;
        roots.add(certificate).map_err(|error| unfit(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unfit("no certificate is in it".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// One call with its end in sight.
struct Call<'a> {
    end: Instant,
    patience: Duration,
    stop: &'a Stop,
}

impl Call<'_> {
    fn go_on(&self) -> Result<(), String> {
        if self.stop.is_set() {
            return Err("the sandbox ended".to_owned());
        }
        if Instant::now() >= self.end {
            return Err(format!("no whole answer within {} ms", self.patience.as_millis()));
        }
        Ok(())
    }

    fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let addresses = (url.host.as_str(), url.port).to_socket_addrs().map_err(|error| error.to_string())?;
        let mut failure = "the name has no address".to_owned();
        for address in addresses {
            self.go_on()?;
            let left = self.end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            match TcpStream::connect_timeout(&address, left).and_then(sliced) {
                Ok(socket) => return Ok(socket),
                Err(error) => failure = format!("no connection: {error}"),
            }
        }
        Err(failure)
    }

    fn exchange(&self, stream: &mut (impl Read + Write), request: &[u8]) -> Result<Reply, String> {
        let mut answer = Vec::new();
        // Who refuses a large body may answer, and close, while it is still being sent: then the answer counts.
        let refused = match self.send(stream, request, &mut answer) {
            Ok(None) => None,
            Ok(Some(reply)) => return Ok(reply),
            Err(error) => Some(error),
        };
        loop {
            self.go_on()?;
            let end = match self.read(stream, &mut answer) {
                Ok(ended) => ended,
                Err(error) => return Err(refused.unwrap_or(error)),
            };
            match parse(&answer, end)? {
                Some(reply) => return Ok(reply),
                None if end => return Err(refused.unwrap_or_else(|| broken_off(&answer))),
                None => {}
            }
        }
    }

    fn send(
        &self,
        stream: &mut (impl Read + Write),
        request: &[u8],
        answer: &mut Vec<u8>,
    ) -> Result<Option<Reply>, String> {
        let mut rest = request;
        loop {
            self.go_on()?;
            let step = match rest.get(..CHUNK.min(rest.len())) {
                Some(chunk) if !chunk.is_empty() => stream.write(chunk),
                _ => stream.flush().map(|()| 0),
            };
            match step {
                Ok(0) if rest.is_empty() => return Ok(None),
                Ok(0) => return Err("the merchant takes no more".to_owned()),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if waits(&error) => {
                    let end = self.read(stream, answer)?;
                    if let Some(reply) = parse(answer, end)? {
                        return Ok(Some(reply));
                    }
                }
                Err(error) => return Err(format!("not sent whole: {error}")),
            }
        }
    }

    /// Takes what is there; tells whether nothing more will come.
    fn read(&self, stream: &mut impl Read, answer: &mut Vec<u8>) -> Result<bool, String> {
        let mut chunk = [0; 8 * 1024];
        match stream.read(&mut chunk) {
            Ok(0) => Ok(true),
            Ok(count) => {
                answer.extend_from_slice(chunk.get(..count).unwrap_or_default());
                if answer.len() > MAX_ANSWER {
                    return Err(format!("the answer is longer than {MAX_ANSWER} bytes"));
                }
                Ok(false)
            }
            Err(error) if waits(&error) => Ok(false),
            Err(error) => Err(format!("no answer: {error}")),
        }
    }
}

fn sliced(socket: TcpStream) -> io::Result<TcpStream> {
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(SLICE))?;
    socket.set_write_timeout(Some(SLICE))?;
    Ok(socket)
}

/// A timeout is reported in two ways, by the system.
fn waits(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

fn broken_off(answer: &[u8]) -> String {
    let how = if answer.is_empty() { "without an answer" } else { "in the middle of the answer" };
    format!("the merchant closed the connection {how}")
}

/// The answer, once it is whole; `end` says that nothing more will come.
fn parse(mut bytes: &[u8], end: bool) -> Result<Option<Reply>, String> {
    loop {
        let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Response::new(&mut slots);
        let start = match head.parse(bytes) {
            Ok(httparse::Status::Complete(start)) => start,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(format!("the answer is no HTTP: {error}")),
        };
        let status = head.code.unwrap_or_default();
        let rest = bytes.get(start..).unwrap_or_default();
        if (100..200).contains(&status) {
            bytes = rest; // the real answer follows
            continue;
        }
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<(String, String)> =
            head.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
        let body = body(status, &headers, rest, end)?;
        return Ok(body.map(|body| Reply { status, headers, body }));
    }
}

fn body(status: u16, headers: &[(String, String)], rest: &[u8], end: bool) -> Result<Option<Vec<u8>>, String> {
    let value = |name: &str| {
        let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    if matches!(status, 204 | 304) {
        return Ok(Some(Vec::new()));
    }
    if value("Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return unchunked(rest);
    }
    match value("Content-Length") {
        Some(length) => {
            let length = length.parse().map_err(|_| format!("the answer's length is {length}"))?;
            Ok(rest.get(..length).map(<[u8]>::to_vec))
        }
        None => Ok(end.then(|| rest.to_vec())),
    }
}

fn unchunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut body = Vec::new();
    loop {
        let (start, length) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err("the answer's chunks have no length".to_owned()),
        };
        if length == 0 {
            return Ok(Some(body)); // trailers say nothing here
        }
        let length = usize::try_from(length).map_err(|_| "a chunk of the answer is too long".to_owned())?;
        let chunk = rest.get(start..).and_then(|rest| rest.get(..length));
        let Some(chunk) = chunk else { return Ok(None) };
        body.extend_from_slice(chunk);
        let next = start.saturating_add(length).saturating_add(2); // the line's end
        let Some(after) = rest.get(next..) else { return Ok(None) };
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &str, end: bool) -> Option<(u16, String)> {
        let reply = parse(bytes.as_bytes(), end).unwrap()?;
        Some((reply.status, String::from_utf8(reply.body).unwrap()))
    }

    #[test]
    fn an_answer_is_whole_when_its_framing_says_so() {
        let length = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
        assert_eq!(whole(length, true), None);
        assert_eq!(whole(&format!("{length}ab"), false), Some((200, "ab".to_owned())));
        let none = "HTTP/1.1 500 No\r\n\r\nab";
        assert_eq!(whole(none, false), None);
        assert_eq!(whole(none, true), Some((500, "ab".to_owned())));
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n";
        assert_eq!(whole(chunked, true), None);
        assert_eq!(whole(&format!("{chunked}0\r\n\r\n"), false), Some((200, "abc".to_owned())));
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(whole(interim, false), Some((204, String::new())));
    }

    #[test]
    fn what_is_no_http_is_an_error() {
        assert!(parse(b"hello there\r\n\r\n", false).is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", false).is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", false).is_err());
    }
}
