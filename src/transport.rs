//! The way out: one POST over HTTPS, and what came back or what went wrong.
//!
//! Keeps **P4** (a call ends within its deadline, whatever the peer does), its part of **P3** (every failure knows
//! whether a byte of the request left) and of **P6** (no message holds a header, a body or a proxy's password).
//! It knows nothing of DOKU: paths, headers and bodies come from the caller and are sent as they are.
//!
//! ```text
//! Https ── ureq ── gather ── tls ── (CONNECT, by ureq) ── dial ── names     connections are made from right to left,
//!    └ explain        └──────┴─────── tcp ───────────────────┘ roots        and kept by ureq's pool
//!              all of them ask `call` how much time is left
//! ```

use crate::limit::Limit;
use std::fmt;
use std::time::Duration;

pub(crate) use failure::{Failure, FailureKind};
pub(crate) use https::Https;
#[cfg(feature = "postgres")]
pub(crate) use names::{Names, NoAddress};

mod call;
mod dial;
mod explain;
mod failure;
mod gather;
mod https;
mod names;
mod roots;
mod setup;
mod tcp;
#[cfg(test)]
mod tests;
mod tls;

/// Sends one request and waits for its answer.
///
/// An implementation sends it once or not at all: it never repeats a request by itself and follows no redirect.
pub(crate) trait Transport: Send + Sync {
    fn post(&self, request: &Post<'_>) -> Result<Answer, Failure>;
}

/// A request, complete: nothing is added but what HTTP itself needs.
#[derive(Clone, Copy)]
pub(crate) struct Post<'a> {
    /// Begins with `/` and is appended to the base URL as it is.
    pub path: &'a str,
    /// Names go over the wire with these very letters, upper case included.
    pub headers: &'a [(&'static str, &'a str)],
    pub body: &'a [u8],
    /// The end of the whole call, look-up and connection included.
    pub limit: &'a Limit,
}

/// What the other side said, whatever the status: a 302 or a 500 is an answer as well.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: u16,
    pub date: Option<String>,
    pub retry_after: Option<String>,
    pub content_type: Option<String>,
    /// Never longer than [`MAX_ANSWER`].
    pub body: Vec<u8>,
}

/// Longer answers are refused: DOKU's have some hundred bytes, and a till has little memory.
pub(crate) const MAX_ANSWER: usize = 1 << 20;

/// How to reach the other side. Everything is fixed for the life of an [`Https`].
#[derive(Clone)]
pub(crate) struct HttpsOptions {
    /// `https://host[:port]`; `http://` only to this very machine.
    pub base_url: String,
    /// For TCP, the proxy and TLS together. A call's deadline may end it sooner.
    pub connect_timeout: Duration,
    /// How long an idle connection may be used again.
    pub keep_alive: Duration,
    pub roots: Roots,
    /// Certificates of further authorities, PEM, one or more.
    pub ca_pem: Option<Vec<u8>>,
    /// `http[s]://[user:password@]host[:port]`. The environment is never asked.
    pub proxy: Option<String>,
    pub user_agent: String,
}

/// The certificates of authorities in a PEM file; the error says what is wrong with it.
#[cfg(feature = "postgres")]
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, String> {
    roots::from_pem(pem).map_err(|problem| problem.message)
}

/// All that are trusted.
#[cfg(feature = "postgres")]
pub(crate) fn root_store(
    roots: Roots,
    besides: &[rustls::pki_types::CertificateDer<'static>],
) -> Result<rustls::RootCertStore, String> {
    roots::store(roots, besides).map_err(|_| "this system has no certificates of authorities".to_owned())
}

/// Whom to trust, besides [`HttpsOptions::ca_pem`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The system's, or those built in when the system has none.
    #[default]
    Auto,
    System,
    /// Mozilla's list as of this build.
    Bundled,
    None,
}

/// Headers hold the token and the signature, bodies the customer: neither is shown.
impl fmt::Debug for Post<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        out.debug_struct("Post")
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The body may be a token.
impl fmt::Debug for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Answer")
            .field("status", &self.status)
            .field("date", &self.date)
            .field("retry_after", &self.retry_after)
            .field("content_type", &self.content_type)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// The proxy's address may hold a password.
impl fmt::Debug for HttpsOptions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HttpsOptions")
            .field("base_url", &self.base_url)
            .field("connect_timeout", &self.connect_timeout)
            .field("keep_alive", &self.keep_alive)
            .field("roots", &self.roots)
            .field("ca_pem", &self.ca_pem.is_some())
            .field("proxy", &self.proxy.is_some())
            .finish_non_exhaustive()
    }
}
