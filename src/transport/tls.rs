//! TLS by rustls over whatever connection there is, and a plain sentence when a certificate is not accepted.
//!
//! Keeps **P6** on the wire. Not ureq's connector, for three reasons: that one cannot join the built-in authorities with
//! the caller's, wants all of them when the client is made instead of when it first connects, and would keep bytes
//! that are already decrypted, but that nobody asked for, for the next answer.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use super::Roots;
use super::call::{self, Stage};
use super::failure::{FailureKind, Trouble};
use super::roots;
use super::tcp::{BUFFER, filled};

pub(super) struct Tls {
    roots: Roots,
    from_caller: Vec<CertificateDer<'static>>,
    /// One for all connections: it also remembers sessions, which saves a round trip's worth of work.
    config: OnceCell<Arc<ClientConfig>>,
}

pub(super) struct Secured<T: Transport> {
    stream: StreamOwned<ClientConnection, TransportAdapter<T>>,
    buffers: LazyBuffers,
}

impl Tls {
    pub(super) fn new(roots: Roots, from_caller: Vec<CertificateDer<'static>>) -> Self {
        Self { roots, from_caller, config: OnceCell::new() }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        let made = self.config.get_or_try_init(|| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|error| trouble(format!("TLS cannot be used: {error}")))?
                .with_root_certificates(roots::store(self.roots, &self.from_caller)?)
                .with_no_client_auth();
            Ok::<_, Error>(Arc::new(config))
        });
        made.cloned()
    }

    fn secure<T: Transport>(&self, transport: T, details: &ConnectionDetails<'_>) -> Result<Secured<T>, Error> {
        let host = details.uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare)
            .map_err(|_| trouble(format!("{host} is no name a certificate could be for")))?
            .to_owned();
        let mut session = ClientConnection::new(self.config()?, name)
            .map_err(|error| trouble(format!("TLS with {host} cannot begin: {error}")))?;
        let mut socket = TransportAdapter::new(transport, details.current_time.clone());
        session.complete_io(&mut socket).map_err(|error| why_not(error, host))?;
        Ok(Secured { stream: StreamOwned::new(session, socket), buffers: LazyBuffers::new(BUFFER, BUFFER) })
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Secured<In>>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        call::enter(Stage::Tls);
        let secured = self.secure(transport, details)?;
        Ok(Some(Either::B(secured)))
    }
}

impl<T: Transport> Transport for Secured<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let output = filled(self.buffers.output(), amount)?;
        // Not by the stream's own `write`: that hides why the socket did not take it.
        self.stream.conn.writer().write_all(output)?;
        while self.stream.conn.wants_write() {
            self.stream.conn.write_tls(&mut self.stream.sock)?;
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let count = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        let Ok(state) = self.stream.conn.process_new_packets() else {
            return false;
        };
        let quiet = state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed();
        quiet && self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tls").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl<T: Transport> fmt::Debug for Secured<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Secured").field("inner", &self.stream.sock.inner()).finish_non_exhaustive()
    }
}

fn trouble(message: String) -> Error {
    Trouble::error(FailureKind::Tls, message)
}

fn why_not(error: io::Error, host: &str) -> Error {
    let known = error.get_ref().and_then(|inner| inner.downcast_ref());
    match known {
        Some(error) => trouble(in_words(error, host)),
        None if error.kind() == ErrorKind::UnexpectedEof => Trouble::error(
            FailureKind::ConnectionLost,
            "the other side hung up (a firewall does so, and a server that speaks no TLS)",
        ),
        // A time limit or a lost connection, packed up by the layer below.
        None => Error::from(error),
    }
}

fn in_words(error: &rustls::Error, host: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer => format!(
                "the certificate of {host} is untrusted: its authority is not known here; if it is a test server, or if a firewall inspects the traffic, put the authority's certificate into ca_file"
            ),
            CertificateError::ExpiredContext { time, not_after } => format!(
                "the certificate of {host} expired {} ago by this machine's clock; check the clock first",
                span(time.as_secs().saturating_sub(not_after.as_secs()))
            ),
            CertificateError::NotValidYetContext { time, not_before } => format!(
                "the certificate of {host} begins in {} by this machine's clock; check the clock first",
                span(not_before.as_secs().saturating_sub(time.as_secs()))
            ),
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names: Vec<&str> = presented.iter().map(String::as_str).take(4).collect();
                format!(
                    "the certificate is not for {host} but has the wrong name ({}); check base_url and the DNS",
                    names.join(", ")
                )
            }
            other => format!("the certificate of {host} is not accepted: {other}"),
        },
        rustls::Error::AlertReceived(alert) => {
            format!("{host} refused the TLS handshake: {alert:?}")
        }
        rustls::Error::InvalidMessage(_) => format!(
            "{host} answered in something that is not TLS; check its port, and whether a proxy or the network's login page is in between"
        ),
        other => format!("TLS with {host} failed: {other}"),
    }
}

fn span(seconds: u64) -> String {
    match seconds {
        172_800.. => format!("{} days", seconds / 86_400),
        7_200.. => format!("{} hours", seconds / 3_600),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}
