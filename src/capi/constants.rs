//! The constants of the C API. They are literals because the header's generator reads them as text; a test holds them
//! against the core's own types.

/// What every function that can fail returns. The hundreds are groups: 1xx an argument, 2xx a setting, 3xx the network,
/// 4xx DOKU's answer, 5xx this library or its journal. A later version may add codes within these groups; treat one
/// that you do not know by its group.
#[repr(C)]
pub enum bayar_code {
    /// Success.
    BAYAR_OK = 0,
    /// A value cannot be used; bayar_error_field() names it.
    BAYAR_ERROR_INVALID_ARGUMENT = 101,
    /// A pointer that must not be NULL was NULL.
    BAYAR_ERROR_NULL_POINTER = 102,
    /// A string is not UTF-8.
    BAYAR_ERROR_INVALID_UTF8 = 103,
    /// The reference was already used for something else.
    BAYAR_ERROR_REFERENCE_REUSED = 104,
    /// A signature does not match (verifying functions).
    BAYAR_ERROR_SIGNATURE_MISMATCH = 105,
    /// A setting that must be given is missing.
    BAYAR_ERROR_MISSING_SETTING = 201,
    /// There is no setting of that name.
    BAYAR_ERROR_UNKNOWN_SETTING = 202,
    /// The value of a setting cannot be used.
    BAYAR_ERROR_INVALID_SETTING = 203,
    /// A key cannot be read: the wrong kind, damaged, too short, or a wrong passphrase.
    BAYAR_ERROR_INVALID_KEY = 204,
    /// The host name could not be looked up.
    BAYAR_ERROR_NAME_LOOKUP = 301,
    /// No connection could be made.
    BAYAR_ERROR_CONNECT = 302,
    /// The TLS handshake failed: a certificate that is not trusted, expired, or for another name.
    BAYAR_ERROR_TLS = 303,
    /// The proxy refused, or answered something that is no tunnel.
    BAYAR_ERROR_PROXY = 304,
    /// The time limit was reached.
    BAYAR_ERROR_TIMEOUT = 305,
    /// The connection broke before the answer was complete.
    BAYAR_ERROR_CONNECTION_LOST = 306,
    /// An answer that is not DOKU's: a web page, half an answer, a redirect, one that is too large.
    BAYAR_ERROR_BAD_ANSWER = 307,
    /// The call was cancelled; see bayar_cancel_set().
    BAYAR_ERROR_CANCELLED = 308,
    /// DOKU does not accept the client id, the signature or the token.
    BAYAR_ERROR_UNAUTHORIZED = 401,
    /// DOKU refused, and will refuse the same again.
    BAYAR_ERROR_DECLINED = 402,
    /// DOKU refused for now.
    BAYAR_ERROR_TRY_LATER = 403,
    /// DOKU does not know the transaction.
    BAYAR_ERROR_NOT_FOUND = 404,
    /// DOKU has something else recorded under the reference: a person has to look.
    BAYAR_ERROR_CONFLICT = 405,
    /// DOKU has taken the request and is not finished.
    BAYAR_ERROR_IN_PROGRESS = 406,
    /// DOKU, or a system behind it, failed.
    BAYAR_ERROR_SERVER_ERROR = 407,
    /// A fault inside this library. Please report it.
    BAYAR_ERROR_INTERNAL = 501,
    /// The journal could not be read or written.
    BAYAR_ERROR_JOURNAL = 502,
}

/// What is true about the payment or refund after a failure; see bayar_error_outcome().
#[repr(C)]
pub enum bayar_outcome {
    /// Nothing can have happened: no byte of it was sent by this call.
    BAYAR_OUTCOME_NOT_SENT = 1,
    /// DOKU said no: nothing happened.
    BAYAR_OUTCOME_REFUSED = 2,
    /// It may have happened. Ask, or call again with the same reference; never repeat it under a new one.
    BAYAR_OUTCOME_UNKNOWN = 3,
}

/// What to do after a failure; see bayar_error_retry().
#[repr(C)]
pub enum bayar_retry {
    /// Calling again changes nothing: something has to be corrected first.
    BAYAR_RETRY_NO = 0,
    /// Call again with the same reference, at once if you like.
    BAYAR_RETRY_SAME_REFERENCE = 1,
    /// Call again with the same reference after a while, seconds to minutes.
    BAYAR_RETRY_LATER = 2,
}

/// How important an entry of the log is; see bayar_log_entry_level().
#[repr(C)]
pub enum bayar_log_level {
    /// A person has to look.
    BAYAR_LOG_ERROR = 1,
    /// Something went wrong or was tried again.
    BAYAR_LOG_WARN = 2,
    /// What was done.
    BAYAR_LOG_INFO = 3,
    /// Every request and its answer's code.
    BAYAR_LOG_DEBUG = 4,
}

/// DOKU's latestTransactionStatus; see bayar_status_transaction_status().
#[repr(C)]
pub enum bayar_transaction_status {
    /// DOKU said nothing readable about it.
    BAYAR_TRANSACTION_UNKNOWN = -1,
    /// 00: paid.
    BAYAR_TRANSACTION_PAID = 0,
    /// 01: the customer has not begun.
    BAYAR_TRANSACTION_INITIATED = 1,
    /// 02: the customer is paying.
    BAYAR_TRANSACTION_PAYING = 2,
    /// 03: pending.
    BAYAR_TRANSACTION_PENDING = 3,
    /// 04: refunded.
    BAYAR_TRANSACTION_REFUNDED = 4,
    /// 05: cancelled; not final before the link dies.
    BAYAR_TRANSACTION_CANCELLED = 5,
    /// 06: failed; not final before the link dies.
    BAYAR_TRANSACTION_FAILED = 6,
    /// 07: not found; proves nothing.
    BAYAR_TRANSACTION_NOT_FOUND = 7,
}

/// The state of one refund in a status; see bayar_status_refund_status().
#[repr(C)]
pub enum bayar_refund_status {
    /// DOKU said nothing readable about it.
    BAYAR_REFUND_UNKNOWN = -1,
    /// 00: refunded.
    BAYAR_REFUND_DONE = 0,
    /// 03: in progress.
    BAYAR_REFUND_PENDING = 3,
    /// 06: failed; nothing was refunded.
    BAYAR_REFUND_FAILED = 6,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Outcome, RefundStatus, Retry, TransactionStatus};

    /// Every kind of the core; the match makes a forgotten one fail to compile.
    fn c_code(kind: Kind) -> bayar_code {
        use bayar_code::*;
        match kind {
            Kind::InvalidArgument => BAYAR_ERROR_INVALID_ARGUMENT,
            Kind::NullPointer => BAYAR_ERROR_NULL_POINTER,
            Kind::InvalidUtf8 => BAYAR_ERROR_INVALID_UTF8,
            Kind::ReferenceReused => BAYAR_ERROR_REFERENCE_REUSED,
            Kind::SignatureMismatch => BAYAR_ERROR_SIGNATURE_MISMATCH,
            Kind::MissingSetting => BAYAR_ERROR_MISSING_SETTING,
            Kind::UnknownSetting => BAYAR_ERROR_UNKNOWN_SETTING,
            Kind::InvalidSetting => BAYAR_ERROR_INVALID_SETTING,
            Kind::InvalidKey => BAYAR_ERROR_INVALID_KEY,
            Kind::NameLookup => BAYAR_ERROR_NAME_LOOKUP,
            Kind::Connect => BAYAR_ERROR_CONNECT,
            Kind::Tls => BAYAR_ERROR_TLS,
            Kind::Proxy => BAYAR_ERROR_PROXY,
            Kind::Timeout => BAYAR_ERROR_TIMEOUT,
            Kind::ConnectionLost => BAYAR_ERROR_CONNECTION_LOST,
            Kind::BadAnswer => BAYAR_ERROR_BAD_ANSWER,
            Kind::Cancelled => BAYAR_ERROR_CANCELLED,
            Kind::Unauthorized => BAYAR_ERROR_UNAUTHORIZED,
            Kind::Declined => BAYAR_ERROR_DECLINED,
            Kind::TryLater => BAYAR_ERROR_TRY_LATER,
            Kind::NotFound => BAYAR_ERROR_NOT_FOUND,
            Kind::Conflict => BAYAR_ERROR_CONFLICT,
            Kind::InProgress => BAYAR_ERROR_IN_PROGRESS,
            Kind::ServerError => BAYAR_ERROR_SERVER_ERROR,
            Kind::Internal => BAYAR_ERROR_INTERNAL,
            Kind::Journal => BAYAR_ERROR_JOURNAL,
        }
    }

    #[test]
    fn the_c_constants_are_the_cores() {
        use Kind::*;
        let kinds = [
            InvalidArgument,
            NullPointer,
            InvalidUtf8,
            ReferenceReused,
            SignatureMismatch,
            MissingSetting,
            UnknownSetting,
            InvalidSetting,
            InvalidKey,
            NameLookup,
            Connect,
            Tls,
            Proxy,
            Timeout,
            ConnectionLost,
            BadAnswer,
            Cancelled,
            Unauthorized,
            Declined,
            TryLater,
            NotFound,
            Conflict,
            InProgress,
            ServerError,
            Internal,
            Journal,
        ];
        for kind in kinds {
            assert_eq!(kind as i32, c_code(kind) as i32, "{kind:?}");
        }
        assert_eq!(super::super::error::outcome_code(Outcome::NotSent), bayar_outcome::BAYAR_OUTCOME_NOT_SENT as i32);
        assert_eq!(super::super::error::outcome_code(Outcome::Refused), bayar_outcome::BAYAR_OUTCOME_REFUSED as i32);
        assert_eq!(super::super::error::outcome_code(Outcome::Unknown), bayar_outcome::BAYAR_OUTCOME_UNKNOWN as i32);
        assert_eq!(super::super::error::retry_code(Retry::No), bayar_retry::BAYAR_RETRY_NO as i32);
        assert_eq!(
            super::super::error::retry_code(Retry::SameReference),
            bayar_retry::BAYAR_RETRY_SAME_REFERENCE as i32
        );
        assert_eq!(super::super::error::retry_code(Retry::Later), bayar_retry::BAYAR_RETRY_LATER as i32);
        for (ours, theirs) in [
            (crate::Level::Error, bayar_log_level::BAYAR_LOG_ERROR),
            (crate::Level::Warn, bayar_log_level::BAYAR_LOG_WARN),
            (crate::Level::Info, bayar_log_level::BAYAR_LOG_INFO),
            (crate::Level::Debug, bayar_log_level::BAYAR_LOG_DEBUG),
        ] {
            assert_eq!(ours as i32, theirs as i32);
        }
        use bayar_transaction_status::*;
        for (ours, theirs) in [
            (TransactionStatus::Paid, BAYAR_TRANSACTION_PAID),
            (TransactionStatus::Initiated, BAYAR_TRANSACTION_INITIATED),
            (TransactionStatus::Paying, BAYAR_TRANSACTION_PAYING),
            (TransactionStatus::Pending, BAYAR_TRANSACTION_PENDING),
            (TransactionStatus::Refunded, BAYAR_TRANSACTION_REFUNDED),
            (TransactionStatus::Cancelled, BAYAR_TRANSACTION_CANCELLED),
            (TransactionStatus::Failed, BAYAR_TRANSACTION_FAILED),
            (TransactionStatus::NotFound, BAYAR_TRANSACTION_NOT_FOUND),
        ] {
            assert_eq!(ours as i32, theirs as i32);
        }
        use bayar_refund_status::*;
        for (ours, theirs) in [
            (RefundStatus::Done, BAYAR_REFUND_DONE),
            (RefundStatus::Pending, BAYAR_REFUND_PENDING),
            (RefundStatus::Failed, BAYAR_REFUND_FAILED),
        ] {
            assert_eq!(ours as i32, theirs as i32);
        }
        assert_eq!(super::super::status::UNKNOWN, BAYAR_TRANSACTION_UNKNOWN as i32);
        assert_eq!(super::super::status::UNKNOWN, BAYAR_REFUND_UNKNOWN as i32);
    }
}
