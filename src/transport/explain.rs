//! From ureq's errors to a [`Failure`]: the kind, whether anything was sent, and a sentence.
//!
//! Keeps **P3**, and **P6**: no text of ureq's gets out, for some of it quotes what was on the wire.

use std::time::Duration;

use ureq::Error;

use super::call::{self, Stage};
use super::failure::{Failure, FailureKind, Trouble};
use super::setup::Site;

/// Who is talked to, for the sentences.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) site: Site,
    pub(super) proxy: Option<Site>,
    pub(super) connect_limit: Duration,
}

impl Place {
    /// To be asked while the call is still the present one. `limit` is what the call had in all.
    pub(super) fn explain(&self, error: Error, limit: Duration) -> Failure {
        let (kind, message) = self.kind_and_words(error, limit);
        Failure { kind, sent: call::sent(), message }
    }

    fn kind_and_words(&self, error: Error, limit: Duration) -> (FailureKind, String) {
        let tunnelling = call::stage() == Stage::Tunnel;
        if call::cancelled() {
            return (FailureKind::Cancelled, format!("the call was cancelled {}", self.doing()));
        }
        match error {
            Error::Timeout(_) => (FailureKind::Timeout, self.too_late(limit)),
            Error::ConnectProxyFailed(reason) => (FailureKind::Proxy, self.proxy_said(&reason)),
            Error::Protocol(_) if tunnelling => {
                (FailureKind::Proxy, format!("{} does not answer like a proxy; check the proxy setting", self.via()))
            }
            Error::Protocol(_) | Error::LargeResponseHeader(..) => {
                (FailureKind::AnswerBroken, format!("the answer of {} is not valid HTTP", self.site))
            }
            Error::Http(_) | Error::BadUri(_) => {
                (FailureKind::Request, "the path or a header has characters that HTTP forbids".to_owned())
            }
            Error::Other(inner) => match inner.downcast::<Trouble>() {
                Ok(trouble) => self.complete(*trouble),
                Err(_) => self.lost("the connection failed"),
            },
            // Only rustls reports so: the peer went without goodbye, or sent what cannot be decrypted.
            Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                self.lost("what came in was damaged on its way")
            }
            Error::Io(_) => self.lost("the other side closed the connection"),
            _ => self.lost("the connection failed"),
        }
    }

    /// The layers below know what happened, but not with whom and when.
    fn complete(&self, trouble: Trouble) -> (FailureKind, String) {
        match trouble.kind {
            FailureKind::ConnectionLost => self.lost(&trouble.message),
            FailureKind::AnswerBroken => {
                let message = format!("{} ({})", trouble.message, self.site);
                (trouble.kind, message)
            }
            kind => (kind, trouble.message),
        }
    }

    fn lost(&self, what: &str) -> (FailureKind, String) {
        let message = format!("{what} {}", self.doing());
        (FailureKind::ConnectionLost, message)
    }

    fn doing(&self) -> String {
        let site = &self.site;
        match call::stage() {
            Stage::Begin | Stage::LookUp | Stage::Connect => {
                format!("while connecting to {site}")
            }
            Stage::Tunnel => format!("while asking {} for {site}", self.via()),
            Stage::Tls => format!("during the TLS handshake with {site}"),
            Stage::Send => format!("while the request was sent to {site}"),
            Stage::Answer => format!("before the answer of {site} began"),
            Stage::Body => format!("in the middle of the answer of {site}"),
        }
    }

    fn too_late(&self, limit: Duration) -> String {
        let site = &self.site;
        let limit = if call::connect_limit_hit() { self.connect_limit } else { limit };
        let what = match call::stage() {
            Stage::Begin => return format!("the call to {site} had no time left when it began"),
            Stage::LookUp => format!("no address for {}; check the DNS server", self.nearest().host),
            Stage::Connect => format!("no connection to {}; check the network and a firewall", self.nearest()),
            Stage::Tunnel => format!("no answer from {}", self.via()),
            Stage::Tls => format!("the TLS handshake with {site} was not finished"),
            Stage::Send => format!("{site} did not take the whole request"),
            Stage::Answer => format!("the request was sent, but {site} did not answer"),
            Stage::Body => format!("the answer of {site} began but did not end"),
        };
        format!("out of time after {:.1} s: {what}", limit.as_secs_f64())
    }

    fn proxy_said(&self, reason: &str) -> String {
        let via = self.via();
        // ureq gives the status in this sentence only.
        let status = reason.rsplit('/').next().and_then(|number| number.trim().parse::<u16>().ok());
        match status {
            Some(407) => {
                format!("{via} wants a user and a password, or other ones (407); write them into the proxy setting")
            }
            Some(status) => {
                format!("{via} refused a connection to {} ({status}); ask its operator to allow it", self.site)
            }
            None => {
                format!("{via} closed the connection without an answer; check the proxy setting")
            }
        }
    }

    fn via(&self) -> String {
        format!("the proxy {}", self.nearest())
    }

    /// Where the TCP connection goes.
    fn nearest(&self) -> &Site {
        self.proxy.as_ref().unwrap_or(&self.site)
    }
}
