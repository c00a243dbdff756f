//! One HTTP answer, how it is to be delivered, and the writer that delivers it.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use time::OffsetDateTime;

use super::stop::Stop;
use crate::stamp::http_date;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) delivery: Delivery,
}

/// How the writer treats an answer. Misbehaviour on demand belongs here: the work is done by then, only the wire is left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delivery {
    /// Think time before the first byte.
    pub(crate) delay: Duration,
    /// Whether the connection ends after this answer.
    pub(crate) close: bool,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new(), delivery: Delivery::default() }
    }

    pub(crate) fn json(status: u16, body: Vec<u8>) -> Answer {
        Answer { body, ..Answer::empty(status) }.with("Content-Type", "application/json")
    }

    pub(crate) fn html(status: u16, page: String) -> Answer {
        Answer { body: page.into_bytes(), ..Answer::empty(status) }.with("Content-Type", "text/html; charset=utf-8")
    }

    /// For a method that a path does not know.
    pub(crate) fn only(method: &'static str) -> Answer {
        Answer::empty(405).with("Allow", method)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn closing(mut self) -> Answer {
        self.delivery.close = true;
        self
    }

    /// Head and body in one piece: one TLS record, one packet.
    fn encode(&self, date: OffsetDateTime) -> Vec<u8> {
        let mut head = String::with_capacity(256 + self.body.len());
        let status = self.status;
        let _ = write!(head, "HTTP/1.1 {status} {}\r\n", reason(status));
        let _ = write!(head, "Date: {}\r\n", http_date(date));
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        if self.delivery.close {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Sends an answer as its delivery asks. `Ok(false)` means that the sandbox is stopping and nothing was sent.
pub(super) fn deliver(answer: &Answer, date: OffsetDateTime, wire: &mut dyn Write, stop: &Stop) -> io::Result<bool> {
    if !answer.delivery.delay.is_zero() && stop.sleep(answer.delivery.delay) {
        return Ok(false);
    }
    wire.write_all(&answer.encode(date))?;
    wire.flush()?;
    Ok(true)
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        303 => "See Other",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        504 => "Gateway Timeout",
        _ => "Other",
    }
}
