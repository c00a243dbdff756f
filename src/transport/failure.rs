//! What can go wrong, in the words of this module; the client maps it to its own errors.
//!
//! Keeps the ground of **P3**: `sent` is the one fact that decides between *not sent* and *unknown*.

use std::error::Error;
use std::fmt;

/// A call that brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub kind: FailureKind,
    /// The system accepted at least one byte of this request for sending: it may have happened. When false, it cannot have.
    pub sent: bool,
    /// For a support desk: what was wrong, where, and what to do. Holds no header, body or password.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum FailureKind {
    /// The request itself cannot be put into HTTP; nothing was tried.
    Request,
    /// The host's name has no address, or nobody could be asked.
    NameLookup,
    /// Refused or unreachable.
    Connect,
    /// No trusted, encrypted connection came about.
    Tls,
    /// The proxy said no, or is no proxy.
    Proxy,
    /// Time ran out; the message tells doing what.
    Timeout,
    /// The caller wants no more of it.
    Cancelled,
    /// The other side or the network ended the connection.
    ConnectionLost,
    /// More than [`MAX_ANSWER`](super::MAX_ANSWER) bytes.
    AnswerTooLarge,
    /// What came back is not HTTP.
    AnswerBroken,
}

/// A setting with which no [`Https`](super::Https) can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetupError {
    /// `base_url`, `ca_file`, `proxy`, `tls_roots` or `user_agent`.
    pub setting: &'static str,
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for Failure {}

impl fmt::Display for SetupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.setting, self.message)
    }
}

impl Error for SetupError {}

impl SetupError {
    pub(super) fn new(setting: &'static str, message: impl Into<String>) -> Self {
        Self { setting, message: message.into() }
    }
}

/// A failure on its way up through ureq, which hands errors of others through untouched.
///
/// The layer that saw it knows best what to say; only whether the request was sent is added at the top.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) kind: FailureKind,
    pub(super) message: String,
}

impl Trouble {
    pub(super) fn error(kind: FailureKind, message: impl Into<String>) -> ureq::Error {
        ureq::Error::Other(Box::new(Self { kind, message: message.into() }))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for Trouble {}
