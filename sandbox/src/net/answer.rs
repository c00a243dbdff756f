//! One HTTP answer, and how it becomes bytes.

use std::fmt::Write as _;

use time::{Duration, OffsetDateTime};

use super::delivery::{DateHeader, Delivery, Framing, Manner};
use crate::stamp::http_date;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) delivery: Delivery,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new(), delivery: Delivery::default() }
    }

    /// No answer at all, which the delivery has to bring about.
    pub(crate) fn none(manner: Manner) -> Answer {
        let mut answer = Answer::empty(0);
        answer.delivery.manner = manner;
        answer
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

    /// The status and the bytes of the body that the client is really sent; status 0 when that is no HTTP.
    pub(crate) fn as_sent(&self) -> (u16, &[u8]) {
        match self.delivery.manner {
            Manner::Nothing | Manner::Reset => (0, &[]),
            Manner::Raw(bytes) => (0, bytes),
            Manner::Half | Manner::HalfThenSilence => (self.status, self.half()),
            Manner::Whole | Manner::ThenClose | Manner::Trickle { .. } => (self.status, &self.body),
        }
    }

    /// Head and body in one piece: one TLS record, one packet.
    pub(super) fn encode(&self, now: OffsetDateTime) -> Vec<u8> {
        let mut bytes = self.head(now);
        match self.delivery.manner {
            Manner::Half | Manner::HalfThenSilence => bytes.extend_from_slice(self.half()),
            _ if self.delivery.framing == Framing::Chunked => bytes.extend_from_slice(&self.chunks()),
            _ => bytes.extend_from_slice(&self.body),
        }
        bytes
    }

    fn head(&self, now: OffsetDateTime) -> Vec<u8> {
        let mut lines = String::with_capacity(256 + self.body.len());
        match self.delivery.date {
            DateHeader::Right => line(&mut lines, "Date", &http_date(now)),
            DateHeader::Ahead(seconds) => {
                let wrong = now.saturating_add(Duration::seconds(seconds));
                line(&mut lines, "Date", &http_date(wrong));
            }
            DateHeader::Absent => {}
        }
        for (name, value) in &self.headers {
            line(&mut lines, name, value);
        }
        let length = self.body.len();
        match self.delivery.framing {
            Framing::Length if self.status == 204 => {} // RFC 9110, 8.6
            Framing::Length => line(&mut lines, "Content-Length", &length.to_string()),
            Framing::TwoLengths => {
                line(&mut lines, "Content-Length", &length.to_string());
                line(&mut lines, "Content-Length", &length.saturating_add(1).to_string());
            }
            Framing::Chunked => line(&mut lines, "Transfer-Encoding", "chunked"),
            Framing::Close => {}
        }
        if self.delivery.close {
            line(&mut lines, "Connection", "close");
        }
        if self.delivery.doubled {
            lines = lines.repeat(2);
        }
        format!("HTTP/1.1 {} {}\r\n{lines}\r\n", self.status, reason(self.status)).into_bytes()
    }

    /// The body in two chunks and the end of them (RFC 9112, 7.1).
    fn chunks(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 32);
        for part in [self.half(), self.body.get(self.half().len()..).unwrap_or_default()] {
            if !part.is_empty() {
                bytes.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
                bytes.extend_from_slice(part);
                bytes.extend_from_slice(b"\r\n");
            }
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    }

    fn half(&self) -> &[u8] {
        self.body.get(..self.body.len() / 2).unwrap_or_default()
    }
}

fn line(lines: &mut String, name: &str, value: &str) {
    let _ = write!(lines, "{name}: {value}\r\n");
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Other",
    }
}
