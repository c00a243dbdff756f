//! One error for the whole library, which answers the question that matters about money: did it happen? (P3)
//!
//! [`Outcome`] has three values and there is no fourth. [`Kind`] says what went wrong, [`Retry`] what to do next; the
//! message is a sentence for the person at the support desk. Nothing secret is ever put into one (P6).

use std::fmt;

/// What is true about the payment or refund that the failed call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing can have happened: not one byte of the payment or refund was sent by this call.
    NotSent,
    /// DOKU said no: nothing happened.
    Refused,
    /// It may have happened. Ask, or call again with the same reference; never repeat it under a new one.
    Unknown,
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// Calling again changes nothing: something has to be corrected first.
    No,
    /// Call again with the same reference, at once if you like.
    SameReference,
    /// Call again with the same reference after a while (seconds to minutes).
    Later,
}

/// What went wrong. The hundreds are groups: a program that meets a kind it does not know can go by its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Kind {
    /// A value given to the call is not usable; [`Error::field`] names it.
    InvalidArgument = 101,
    /// A pointer that must not be NULL was NULL (C API).
    NullPointer = 102,
    /// Text that is not UTF-8 (C API).
    InvalidUtf8 = 103,
    /// The reference was already used for something else (another amount, channel or original payment).
    ReferenceReused = 104,
    /// A signature given to a verifying function does not match.
    SignatureMismatch = 105,
    /// A setting that must be given is missing.
    MissingSetting = 201,
    /// There is no setting of that name.
    UnknownSetting = 202,
    /// The value of a setting is not usable.
    InvalidSetting = 203,
    /// A key could not be read: wrong kind, damaged, too short, or a wrong passphrase.
    InvalidKey = 204,
    /// The host name could not be looked up.
    NameLookup = 301,
    /// No connection could be made.
    Connect = 302,
    /// The TLS handshake failed: a certificate that is not trusted, expired or for another name.
    Tls = 303,
    /// The proxy refused, or answered something that is no tunnel.
    Proxy = 304,
    /// The time limit of the call was reached.
    Timeout = 305,
    /// The connection broke before the answer was complete.
    ConnectionLost = 306,
    /// An answer came that is not DOKU's: a web page, half an answer, a redirect, one that is too large.
    BadAnswer = 307,
    /// The caller cancelled the call.
    Cancelled = 308,
    /// DOKU does not accept the client id, the signature or the token.
    Unauthorized = 401,
    /// DOKU refused, and will refuse the same request again.
    Declined = 402,
    /// DOKU refused for now: too many requests, a limit, a balance that is too low.
    TryLater = 403,
    /// DOKU does not know the transaction.
    NotFound = 404,
    /// What DOKU has recorded under the reference is not what was asked for: a person has to look.
    Conflict = 405,
    /// DOKU has taken the request and is not finished.
    InProgress = 406,
    /// DOKU, or a system behind it, failed (5xx).
    ServerError = 407,
    /// A fault inside this library. Please report it.
    Internal = 501,
    /// The journal could not be read or written.
    Journal = 502,
}

/// The result type of this library.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed, what that means for the money, and what to do. Cheap to move, never changes.
#[derive(Clone)]
pub struct Error(Box<Facts>);

#[derive(Clone)]
struct Facts {
    kind: Kind,
    outcome: Outcome,
    retry: Retry,
    message: String,
    field: Option<String>,
    response_code: Option<String>,
    http_status: Option<u16>,
    external_id: Option<String>,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What is true about the payment or refund.
    ///
    /// For `status` and `wait` it is [`Outcome::Unknown`] whenever the question could not be answered: a question that
    /// failed proves nothing about the payment.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// What to do next.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// The sentence for people, without any secret.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The argument or setting at fault, by its name in this library.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The seven digits that DOKU answered (`responseCode`), if it did.
    pub fn response_code(&self) -> Option<&str> {
        self.0.response_code.as_deref()
    }

    /// The HTTP status of the answer, if one came.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The X-EXTERNAL-ID under which the request was or would have been sent: what DOKU's support asks for.
    pub fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    pub(crate) fn new(kind: Kind, outcome: Outcome, retry: Retry, message: impl Into<String>) -> Self {
        Self(Box::new(Facts {
            kind,
            outcome,
            retry,
            message: message.into(),
            field: None,
            response_code: None,
            http_status: None,
            external_id: None,
        }))
    }

    /// A value of the caller's that cannot be used; nothing was sent.
    pub(crate) fn argument(field: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidArgument, Outcome::NotSent, Retry::No, message).with_field(field)
    }

    /// A setting that cannot be used; nothing was sent.
    pub(crate) fn setting(kind: Kind, name: &str, message: impl Into<String>) -> Self {
        Self::new(kind, Outcome::NotSent, Retry::No, message).with_field(name)
    }

    /// A fault of our own before anything was sent.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, Outcome::NotSent, Retry::No, message)
    }

    /// What a binding tells of a panic that it caught. It may have come at any moment, so what happened to the money is not
    /// known.
    pub fn caught_panic() -> Self {
        let message = "A fault inside this library was caught. It is not known whether the payment or refund happened, if \
                       the call was for one: call again with the same reference. Please report the fault.";
        Self::new(Kind::Internal, Outcome::Unknown, Retry::SameReference, message)
    }

    pub(crate) fn with_field(mut self, field: &str) -> Self {
        self.0.field = Some(field.to_owned());
        self
    }

    pub(crate) fn with_response_code(mut self, code: impl Into<String>) -> Self {
        self.0.response_code = Some(code.into());
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_external_id(mut self, id: &str) -> Self {
        self.0.external_id = Some(id.to_owned());
        self
    }

    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }

    pub(crate) fn with_retry(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// Puts a sentence behind the message: what follows from it.
    pub(crate) fn followed_by(mut self, after: &str) -> Self {
        self.0.message.push_str(after);
        self
    }

    /// Puts a sentence in front of the message: what the caller was doing.
    pub(crate) fn context(mut self, before: &str) -> Self {
        self.0.message = format!("{before}{}", self.0.message);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind).field("outcome", &self.0.outcome).field("retry", &self.0.retry);
        if let Some(field) = &self.0.field {
            out.field("field", field);
        }
        if let Some(code) = &self.0.response_code {
            out.field("response_code", code);
        }
        if let Some(status) = self.0.http_status {
            out.field("http_status", &status);
        }
        if let Some(id) = &self.0.external_id {
            out.field("external_id", id);
        }
        out.field("message", &self.0.message).finish()
    }
}

impl std::error::Error for Error {}
