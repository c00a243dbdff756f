//! Reading requests off a connection, within limits.

use std::io::{self, Read, Write};

use super::answer::Answer;
use super::request::Request;

const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
const MAX_BODY: usize = 1024 * 1024;

/// What came next on a connection.
pub(super) enum Incoming {
    Request(Request),
    /// Something that is answered with this and no more.
    Refused(Answer),
    /// The client has left, in the middle of a request or between two.
    Gone,
}

/// Keeps what has arrived beyond the present request: the client may be ahead.
#[derive(Default)]
pub(super) struct Reader {
    buffer: Vec<u8>,
}

/// A parsed head, and what it says about the body.
struct Head {
    length: usize,
    request: Request,
    body_length: usize,
    awaits_continue: bool,
}

enum Parsed {
    Partial,
    Refused(u16),
    Whole(Box<Head>),
}

impl Reader {
    pub(super) fn next<S: Read + Write + ?Sized>(&mut self, wire: &mut S) -> io::Result<Incoming> {
        let head = loop {
            match parse_head(&self.buffer) {
                Parsed::Whole(head) => break head,
                Parsed::Refused(status) => return Ok(refused(status)),
                Parsed::Partial if self.buffer.len() > MAX_HEAD => return Ok(refused(431)),
                Parsed::Partial => {}
            }
            if !self.fill(wire)? {
                return Ok(Incoming::Gone);
            }
        };
        let end = head.length.saturating_add(head.body_length);
        if head.awaits_continue && self.buffer.len() < end {
            wire.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            wire.flush()?;
        }
        while self.buffer.len() < end {
            if !self.fill(wire)? {
                return Ok(Incoming::Gone);
            }
        }
        let rest = self.buffer.split_off(end);
        let mut body = std::mem::replace(&mut self.buffer, rest);
        body.drain(..head.length);
        Ok(Incoming::Request(Request { body, ..head.request }))
    }

    fn fill<S: Read + ?Sized>(&mut self, wire: &mut S) -> io::Result<bool> {
        let mut chunk = [0; 8 * 1024];
        let count = wire.read(&mut chunk)?;
        self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
        Ok(count > 0)
    }
}

fn refused(status: u16) -> Incoming {
    Incoming::Refused(Answer::empty(status).closing())
}

fn parse_head(buffer: &[u8]) -> Parsed {
    if buffer.is_empty() {
        return Parsed::Partial;
    }
    let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut slots);
    let length = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Parsed::Partial,
        Err(httparse::Error::TooManyHeaders) => return Parsed::Refused(431),
        Err(_) => return Parsed::Refused(400),
    };
    if length > MAX_HEAD {
        return Parsed::Refused(431);
    }
    let headers = parsed
        .headers
        .iter()
        .map(|header| {
            let value = String::from_utf8_lossy(header.value).into_owned();
            (header.name.to_owned(), value)
        })
        .collect();
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
        keep_alive: false,
    };
    request.keep_alive = keeps_alive(&request, parsed.version);
    let body_length = match body_length(&request) {
        Ok(length) => length,
        Err(status) => return Parsed::Refused(status),
    };
    let awaits_continue = request.values("Expect").any(|value| value.eq_ignore_ascii_case("100-continue"));
    Parsed::Whole(Box::new(Head { length, request, body_length, awaits_continue }))
}

/// HTTP/1.1 stays open unless told otherwise, HTTP/1.0 the other way round (RFC 9112, 9.3).
fn keeps_alive(request: &Request, version: Option<u8>) -> bool {
    let says = |word: &str| {
        request
            .values("Connection")
            .flat_map(|value| value.split(','))
            .any(|option| option.trim().eq_ignore_ascii_case(word))
    };
    match version {
        Some(1) => !says("close"),
        _ => says("keep-alive"),
    }
}

/// The length of the body, or the status that refuses it. Chunked bodies are refused: no DOKU client has need of them.
fn body_length(request: &Request) -> Result<usize, u16> {
    if request.values("Transfer-Encoding").next().is_some() {
        return Err(411);
    }
    let mut values = request.values("Content-Length");
    let Some(value) = values.next() else {
        return Ok(0);
    };
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    if value.is_empty() || !digits || values.any(|other| other != value) {
        return Err(400);
    }
    match value.parse() {
        Ok(length) if length <= MAX_BODY => Ok(length),
        _ => Err(413), // a number too large for usize is too large for a body, too
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> Incoming {
        Reader::default().next(&mut Cursor::new(bytes.to_vec())).unwrap()
    }

    fn status(bytes: &[u8]) -> u16 {
        match read(bytes) {
            Incoming::Refused(answer) => answer.status,
            Incoming::Request(_) => 0,
            Incoming::Gone => 1,
        }
    }

    #[test]
    fn a_request_keeps_the_case_of_its_names_and_the_bytes_of_its_body() {
        let bytes = b"POST /a?b HTTP/1.1\r\nX-Partner-ID: 7\r\nContent-Length: 3\r\n\r\n{ }GET /next";
        let mut wire = Cursor::new(bytes.to_vec());
        let mut reader = Reader::default();
        let Incoming::Request(request) = reader.next(&mut wire).unwrap() else {
            panic!("no request");
        };
        assert_eq!(request.method, "POST");
        assert_eq!(request.target, "/a?b");
        assert_eq!(request.path(), "/a");
        assert_eq!(request.headers[0].0, "X-Partner-ID");
        assert_eq!(request.values("x-partner-id").next(), Some("7"));
        assert_eq!(request.body, b"{ }");
        assert!(request.keep_alive);
        assert_eq!(reader.buffer, b"GET /next");
    }

    #[test]
    fn limits_and_nonsense_are_refused_with_their_status() {
        assert_eq!(status(b"nonsense\r\n\r\n"), 400);
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(status(chunked), 411);
        let large = b"POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n";
        assert_eq!(status(large), 413);
        let huge = b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n";
        assert_eq!(status(huge), 413);
        let two = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(status(two), 400);
        let signed = b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n";
        assert_eq!(status(signed), 400);
        let long = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(MAX_HEAD));
        assert_eq!(status(long.as_bytes()), 431);
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MAX_HEADERS + 1));
        assert_eq!(status(many.as_bytes()), 431);
    }

    #[test]
    fn a_client_that_leaves_half_way_is_gone() {
        assert_eq!(status(b""), 1);
        assert_eq!(status(b"POST / HTTP/1.1\r\nContent-Le"), 1);
        assert_eq!(status(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), 1);
    }

    #[test]
    fn the_connection_header_and_the_version_decide_on_keeping_alive() {
        for (head, expected) in [
            ("HTTP/1.1\r\n", true),
            ("HTTP/1.1\r\nConnection: Close\r\n", false),
            ("HTTP/1.0\r\n", false),
            ("HTTP/1.0\r\nConnection: keep-alive\r\n", true),
        ] {
            let Incoming::Request(request) = read(format!("GET / {head}\r\n").as_bytes()) else {
                panic!("no request");
            };
            assert_eq!(request.keep_alive, expected, "{head}");
        }
    }
}
