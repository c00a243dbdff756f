//! TLS by rustls over a socket that never blocks. The certificate is always checked, its name too.

use super::trouble::{Result, Trouble};
use super::wire::{Wire, later, read_later};
use crate::transport::{Roots, root_store};
use once_cell::sync::OnceCell;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::future::Future;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// Whom to trust, read when the first connection is made.
pub(super) struct Tls {
    roots: Roots,
    trusted: Vec<CertificateDer<'static>>,
    config: OnceCell<Arc<ClientConfig>>,
}

impl Tls {
    pub(super) fn new(roots: Roots, trusted: Vec<CertificateDer<'static>>) -> Self {
        Self { roots, trusted, config: OnceCell::new() }
    }

    /// For a connection to a host.
    pub(super) fn to(&self, host: &str) -> Result<Handshake> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Trouble::no_tls(&format!("{host} is no name that a certificate could be for")))?;
        let session = ClientConnection::new(self.config()?, name)
            .map_err(|error| Trouble::no_tls(&format!("TLS with {host} cannot begin: {error}")))?;
        Ok(Handshake { session: Some(session) })
    }

    fn config(&self) -> Result<Arc<ClientConfig>> {
        let made = self.config.get_or_try_init(|| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let trusted = root_store(self.roots, &self.trusted).map_err(|why| Trouble::no_tls(&why))?;
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|error| Trouble::no_tls(&format!("TLS cannot be used: {error}")))?
                .with_root_certificates(trusted)
                .with_no_client_auth();
            Ok::<_, Trouble>(Arc::new(config))
        });
        made.cloned()
    }
}

/// A connection's beginning; without a session for one that has no TLS.
pub(super) struct Handshake {
    session: Option<ClientConnection>,
}

impl Handshake {
    /// For where there is no TLS.
    pub(super) fn none() -> Self {
        Self { session: None }
    }
}

impl TlsConnect<Wire> for Handshake {
    type Stream = Secured;
    type Error = io::Error;
    type Future = Greeting;

    fn connect(self, wire: Wire) -> Greeting {
        Greeting(self.session.map(|session| StreamOwned::new(session, wire)))
    }
}

/// The handshake while it is going on.
pub(super) struct Greeting(Option<StreamOwned<ClientConnection, Wire>>);

impl Future for Greeting {
    type Output = io::Result<Secured>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(stream) = self.0.as_mut() else {
            return Poll::Ready(Err(io::ErrorKind::Unsupported.into()));
        };
        while stream.conn.is_handshaking() {
            match later(|| stream.conn.complete_io(&mut stream.sock)) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(_)) => {}
            }
        }
        match self.0.take() {
            Some(stream) => Poll::Ready(Ok(Secured(stream))),
            None => Poll::Ready(Err(io::ErrorKind::Unsupported.into())),
        }
    }
}

/// A connection under TLS.
pub(super) struct Secured(StreamOwned<ClientConnection, Wire>);

impl TlsStream for Secured {
    /// The certificate is checked against those who are trusted, always.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Secured {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        read_later(&mut self.0, into)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        later(|| self.0.write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        later(|| self.0.flush())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.conn.send_close_notify();
        let _ = later(|| self.0.flush());
        Pin::new(&mut self.0.sock).poll_shutdown(context)
    }
}
