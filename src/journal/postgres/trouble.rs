//! What PostgreSQL says, as sentences for a support desk, and what may be done about it. Nothing was sent to DOKU: the
//! caller knows better where something was. No sentence holds the password or a value that was written.

use super::address::Target;
use crate::error::{Error, Kind, Outcome, Retry};
use crate::journal::journal_error;
use crate::limit::Limit;
use rustls::CertificateError;
use std::io::{self, ErrorKind};
use tokio_postgres::error::{DbError, SqlState};

/// Why something could not be done.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) error: Error,
    pub(super) cure: Cure,
}

/// What may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cure {
    /// Nothing within this call.
    None,
    /// The same again: others were at work.
    Again,
    /// The same again on another connection: this one broke.
    Reconnect,
    /// The server may be back in a moment; who is not in doubt does not wait for it.
    Wait,
}

pub(super) type Result<T> = std::result::Result<T, Trouble>;

/// What every sentence begins with.
const NAME: &str = "The journal's database";

impl Trouble {
    pub(super) fn of(error: Error, cure: Cure) -> Self {
        Self { error, cure }
    }

    /// Something to be mended by a person first.
    pub(super) fn setting(message: String) -> Self {
        Self::of(journal_error(message).with_retry(Retry::No).with_field("journal"), Cure::None)
    }

    /// The limit is over, or the call was cancelled.
    pub(super) fn late(limit: &Limit) -> Self {
        let error = match limit.is_cancelled() {
            true => {
                let message = format!("The call was cancelled while it was waiting for {}.", lower());
                Error::new(Kind::Cancelled, Outcome::NotSent, Retry::SameReference, message)
            }
            false => journal_error(format!(
                "{NAME} did not answer within the call's time limit. Check that it runs and is not overloaded."
            )),
        };
        Self::of(error, Cure::None)
    }

    /// The connection broke.
    pub(super) fn lost(why: &str) -> Self {
        Self::of(journal_error(format!("The connection to {} was lost ({why}).", lower())), Cure::Reconnect)
    }

    pub(super) fn no_name(target: &Target, why: &str) -> Self {
        let host = &target.host;
        let message =
            format!("{NAME} cannot be reached: the name {host} could not be looked up ({why}). Check it and the DNS.");
        Self::of(journal_error(message), Cure::Wait)
    }

    pub(super) fn unreachable(target: &Target, error: &io::Error) -> Self {
        let why = match error.kind() {
            ErrorKind::ConnectionRefused => "nobody listens there; check that it runs, and the port".to_owned(),
            ErrorKind::TimedOut => "no answer came; check the host, and a firewall between".to_owned(),
            ErrorKind::NotFound => "there is no such socket; check that it runs, and the folder".to_owned(),
            ErrorKind::PermissionDenied => "this user may not use the socket".to_owned(),
            _ => error.to_string(),
        };
        Self::of(journal_error(format!("{NAME} at {target} cannot be reached: {why}.")), Cure::Wait)
    }

    pub(super) fn no_tls(why: &str) -> Self {
        Self::setting(format!("{NAME} cannot be used under TLS: {why}."))
    }

    /// What tokio-postgres reports. `fate` is why the connection ended, if it did.
    pub(super) fn said(target: &Target, error: &tokio_postgres::Error, fate: Option<&tokio_postgres::Error>) -> Self {
        let error = fate.filter(|_| error.is_closed()).unwrap_or(error);
        if let Some(said) = error.as_db_error() {
            return by_code(target, said);
        }
        let source = std::error::Error::source(error);
        let cause = source.and_then(|cause| cause.downcast_ref::<io::Error>());
        if let Some(tls) = cause.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return under_tls(target, tls);
        }
        if let Some(cause) = cause {
            return Self::lost(&cause.to_string());
        }
        if error.is_closed() {
            return Self::lost("it was closed");
        }
        // Its own words name no values: the password's, a host's and a column's texts are not among them.
        let why = source.map(|cause| format!(": {cause}")).unwrap_or_default();
        if why.contains("TLS") {
            return Self::no_tls(&format!(
                "{target} offers none; sslmode=disable does without, in a network of your own"
            ));
        }
        Self::of(journal_error(format!("{NAME} at {target} could not be used ({error}{why}).")), Cure::None)
    }
}

fn lower() -> &'static str {
    "the journal's database"
}

/// What the server says, by its code: the words are in the server's language.
fn by_code(target: &Target, said: &DbError) -> Trouble {
    let code = said.code();
    let words = said.message();
    let setting = |why: &str| Trouble::setting(format!("{NAME} at {target} {why} (it says: {words})."));
    let other =
        |why: &str, cure| Trouble::of(journal_error(format!("{NAME} at {target} {why} (it says: {words}).")), cure);
    match code {
        c if *c == SqlState::INVALID_PASSWORD => {
            setting("does not accept the user or the password; check them in the setting journal")
        }
        c if *c == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            setting("does not let this user in from here; check the user, TLS (sslmode), and the server's pg_hba.conf")
        }
        c if *c == SqlState::INVALID_CATALOG_NAME => setting("has no such database; check its name, or make it"),
        c if *c == SqlState::INSUFFICIENT_PRIVILEGE => setting(
            "does not give this user the rights that are needed: SELECT, INSERT, UPDATE and DELETE on bayar_operation, \
             bayar_token and bayar_notification, and SELECT on bayar_schema; to make the tables, the right to make some",
        ),
        c if *c == SqlState::INVALID_SCHEMA_NAME => {
            setting("has no schema to make the tables in; check the search_path of this user")
        }
        c if *c == SqlState::UNDEFINED_TABLE => no_tables(target),
        c if *c == SqlState::READ_ONLY_SQL_TRANSACTION => {
            other("does not take writes: it is a standby, or set to read only", Cure::Wait)
        }
        c if *c == SqlState::TOO_MANY_CONNECTIONS => {
            other("has no connection to spare; raise its max_connections, or run fewer processes", Cure::Wait)
        }
        c if *c == SqlState::CANNOT_CONNECT_NOW => other("is starting or stopping", Cure::Wait),
        c if *c == SqlState::ADMIN_SHUTDOWN
            || *c == SqlState::CRASH_SHUTDOWN
            || *c == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT =>
        {
            other("ended the connection", Cure::Reconnect)
        }
        c if *c == SqlState::DISK_FULL => {
            other("has a full disk, so nothing can be written down and nothing is sent; make room", Cure::None)
        }
        c if *c == SqlState::LOCK_NOT_AVAILABLE
            || *c == SqlState::T_R_DEADLOCK_DETECTED
            || *c == SqlState::T_R_SERIALIZATION_FAILURE =>
        {
            other("was kept by others", Cure::Again)
        }
        c if *c == SqlState::QUERY_CANCELED => other("took too long", Cure::None),
        c if c.code().starts_with("57") || c.code().starts_with("08") => other("ended the connection", Cure::Reconnect),
        c => other(&format!("could not do what was asked, with SQLSTATE {}", c.code()), Cure::None),
    }
}

/// The tables are not there.
pub(super) fn no_tables(target: &Target) -> Trouble {
    Trouble::setting(format!(
        "{NAME} at {target} has no tables of a journal. Make them once with create_journal (bayar_client_create_journal \
         in C), as a user who may make tables; check the search_path if they are there."
    ))
}

fn under_tls(target: &Target, error: &rustls::Error) -> Trouble {
    let host = &target.host;
    let why = match error {
        // An authority of the same name whose key is another is no better known.
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => format!(
            "the certificate of {host} is untrusted: its authority is not known here; name the authority's certificate \
             with sslrootcert=<file> in the setting journal"
        ),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => format!("the certificate is not for {host}; the setting journal must name the host as it does"),
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => format!("the certificate of {host} is not valid now, by this machine's clock; check the clock first"),
        other => other.to_string(),
    };
    Trouble::no_tls(&why)
}
