//! Misbehaviour on demand: every way in which DOKU, or what lies on the way to it, has been seen or feared to fail.

mod draw;
mod edit;
mod instead;
mod read;
mod rules;
mod wire;

pub(crate) use instead::{instead, is_remembered, said_after_work};
pub(crate) use read::rule;
pub(crate) use rules::Rules;
pub(crate) use wire::apply;

/// Which requests a [`Rule`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// The token call.
    Token,
    /// The payment call.
    Payment,
    /// The refund call.
    Refund,
    /// The status call.
    Status,
    /// All four.
    Any,
}

/// One misbehaviour for the next so many matching requests. Rules are taken in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which requests.
    pub on: Endpoint,
    /// How many of them, signed well or not.
    pub times: u32,
    /// What happens to them.
    pub what: Misbehaviour,
}

/// What the sandbox may be told to do wrong. Unless it says "instead", the work is done as usual and only the answer
/// suffers; the same request again then gets the unharmed answer again (protocol 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misbehaviour {
    /// The work is done at once, the answer comes this much later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The request lies this long before it is looked at. The work is done even when the client has left meanwhile.
    DelayBeforeWork {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection is closed instead of anything being done.
    CloseBeforeWork,
    /// The connection is closed without an answer.
    CloseAfterWork,
    /// A whole and good answer that promises to stay, and then the connection is closed.
    CloseAfterAnswer,
    /// The connection is reset instead of anything being done.
    ResetBeforeWork,
    /// The connection is reset without an answer.
    ResetAfterWork,
    /// The head and half the body, then the end of the connection.
    HalfAnswer,
    /// The head and half the body, then nothing, on a connection that stays.
    HalfThenSilence,
    /// The answer comes byte by byte.
    Trickle {
        /// Bytes in a second; 0 counts as 1.
        bytes_per_s: u32,
    },
    /// The next connection is accepted and never said a word to, so that its TLS handshake never ends. It is no request
    /// yet: [`Rule::on`] does not matter.
    NoHandshake,
    /// Bytes that are no HTTP, then the end of the connection.
    Rubbish,
    /// A page of HTML instead of the work, as from a proxy.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// A page of HTML although the work was done.
    HtmlAfterWork {
        /// The HTTP status.
        status: u16,
    },
    /// A response code instead of the work. The same request again gets it again, under HTTP 409 (protocol 8), unless
    /// it is a 401 or 429, which come from the gate in front, or [`crate::Assumption::ErrorsAreReplayed`] is off.
    Code {
        /// The HTTP status.
        http: u16,
        /// Seven digits, not checked.
        code: String,
    },
    /// A response code although the work was done; a 409 around another code looks like a replay of that. The same request again gets it again, under HTTP 409, or with
    /// [`crate::Assumption::ErrorsAreReplayed`] off the true answer.
    CodeAfterWork {
        /// The HTTP status.
        http: u16,
        /// Seven digits, not checked.
        code: String,
    },
    /// 202xx00, and the work is done.
    InProgress,
    /// 429xx00 instead of the work.
    TooMany {
        /// The `Retry-After` header, if there shall be one.
        retry_after_s: Option<u64>,
    },
    /// One of the meanings of 409.
    Conflict(Conflict),
    /// 401xx01 instead of the work.
    OldToken,
    /// 401xx03 instead of the work.
    UnknownToken,
    /// The request's X-TIMESTAMP is judged by a clock that is off, and `Date` and X-TIMESTAMP of the answer show it.
    WrongDate {
        /// Seconds ahead of the sandbox's clock; behind it when negative.
        ahead_s: i64,
    },
    /// No `Date` header.
    NoDate,
    /// A good answer, blown up by an unknown member. [`crate::Sandbox::seen`] keeps it whole.
    Oversized {
        /// The length of the body, 256 MiB at most.
        bytes: usize,
    },
    /// Every header twice, with the same value.
    DuplicateHeaders,
    /// A second Content-Length that says one byte more.
    TwoLengths,
    /// No `Content-Type` header.
    NoContentType,
    /// No `Content-Length` header: the end of the connection ends the body.
    NoContentLength,
    /// `Transfer-Encoding: chunked` in place of `Content-Length`. Nothing wrong with it, only unusual here.
    Chunked,
    /// A text becomes a number, anything else a text.
    WrongType {
        /// A member of the answer, such as `responseCode`, `transAmount.value` or `refundHistory.0.refundNo`.
        field: String,
    },
    /// The text of a member gets `\u0000` in its middle.
    NulIn {
        /// See [`Misbehaviour::WrongType`].
        field: String,
    },
    /// A member that is in no document.
    UnknownField,
    /// A member is left out.
    Missing {
        /// See [`Misbehaviour::WrongType`].
        field: String,
    },
    /// A member has another text.
    WrongEcho {
        /// See [`Misbehaviour::WrongType`].
        field: String,
        /// The text.
        value: String,
    },
    /// A member is whatever this JSON says.
    Put {
        /// See [`Misbehaviour::WrongType`].
        field: String,
        /// The JSON; what is none is put as a text.
        json: String,
    },
    /// A redirection, instead of the work, to the same path with the query `redirected`.
    Redirect {
        /// The HTTP status, 301 to 308.
        status: u16,
    },
    /// A good head with an empty body.
    EmptyBody,
}

/// What a conflict may mean (protocol 8 and 9). All but the last are answered instead of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// 409xx00: the X-EXTERNAL-ID was seen today.
    IdSeen,
    /// 409xx01: the reference has succeeded already.
    AlreadyDone,
    /// 404xx18: the reference was used with other data.
    OtherData,
    /// HTTP 409 around the true answer, although this is the first time and the work is done.
    Replay,
}
