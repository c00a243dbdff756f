//! Puts a request's headers and body into one piece before it is sent, and notes when that begins.
//!
//! Keeps **P3**: only what passes here on its way to the host counts as the request; the handshake and the words to
//! a proxy do not. ureq sends headers and body apart, which are two TLS records and two packets; a request of ours
//! fits into one.

use std::fmt;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use super::call::{self, Stage};
use super::tcp::{BUFFER, filled};
use crate::crash;

/// The last in the chain of connectors.
#[derive(Debug)]
pub(super) struct Gather {
    /// Whether a proxy is set. Then ureq runs the chain twice: for the connection to the proxy, without the proxy in
    /// the configuration, and for the one through it.
    pub(super) proxied: bool,
}

pub(super) struct Gathering<T> {
    inner: T,
    waiting: Vec<u8>,
    to_host: bool,
}

impl<In: Transport> Connector<In> for Gather {
    type Out = Gathering<In>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let to_host = details.config.proxy().is_some() == self.proxied;
        if to_host {
            call::connected();
        } else {
            call::enter(Stage::Tunnel);
        }
        Ok(chained.map(|inner| Gathering { inner, waiting: Vec::new(), to_host }))
    }
}

impl<T: Transport> Gathering<T> {
    fn flush(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        if self.to_host {
            call::requesting()?;
            crash::point("network.before_write");
        }
        for piece in self.waiting.chunks(BUFFER) {
            if let Some(space) = self.inner.buffers().output().get_mut(..piece.len()) {
                space.copy_from_slice(piece);
            }
            self.inner.transmit_output(piece.len(), timeout)?;
        }
        self.waiting.clear();
        if self.to_host {
            crash::point("network.after_write");
            call::enter(Stage::Answer);
        }
        Ok(())
    }
}

impl<T: Transport> Transport for Gathering<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let piece = filled(self.inner.buffers().output(), amount)?;
        self.waiting.extend_from_slice(piece);
        // Memory stays bounded by two buffers, however long the body.
        if self.waiting.len() >= BUFFER {
            self.flush(timeout)?;
        }
        Ok(())
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.flush(timeout)?;
        self.inner.maybe_await_input(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.flush(timeout)?;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.waiting.is_empty() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T: Transport> fmt::Debug for Gathering<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Gathering")
            .field("inner", &self.inner)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use ureq::unversioned::transport::LazyBuffers;

    use super::*;
    use crate::limit::Limit;

    /// Remembers each piece that it is told to send.
    #[derive(Debug)]
    struct Below(LazyBuffers, Vec<Vec<u8>>);

    impl Transport for Below {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.0
        }
        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
            let piece = filled(self.0.output(), amount)?.to_vec();
            self.1.push(piece);
            Ok(())
        }
        fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
            Ok(true)
        }
        fn is_open(&mut self) -> bool {
            true
        }
    }

    fn give(gathering: &mut Gathering<Below>, text: &[u8]) {
        gathering.buffers().output()[..text.len()].copy_from_slice(text);
        let given = gathering.transmit_output(text.len(), NextTimeout::default());
        given.unwrap();
    }

    fn gathering() -> Gathering<Below> {
        Gathering { inner: Below(LazyBuffers::new(BUFFER, BUFFER), Vec::new()), waiting: Vec::new(), to_host: true }
    }

    #[test]
    fn all_goes_in_one_piece_when_the_answer_is_awaited() {
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        let mut gathering = gathering();
        give(&mut gathering, b"headers ");
        give(&mut gathering, b"body");
        assert!(gathering.inner.1.is_empty());
        assert_eq!(call::stage(), Stage::Begin);
        gathering.maybe_await_input(NextTimeout::default()).unwrap();
        assert_eq!(gathering.inner.1, [b"headers body"]);
        assert_eq!(call::stage(), Stage::Answer);
        gathering.maybe_await_input(NextTimeout::default()).unwrap();
        assert_eq!(gathering.inner.1.len(), 1);
    }

    #[test]
    fn nothing_is_sent_once_another_call_may_have_taken_over() {
        let clock = crate::clock::hands::Hands::at("2026-11-22T12:00:00+07:00");
        let limit = Limit::new(Instant::now() + Duration::from_secs(5), None);
        let begun = crate::clock::Clock::now(&clock);
        let limit = limit.fenced(std::sync::Arc::new(clock.clone()), begun, Duration::from_secs(5));
        let _call = call::begin(&limit);
        let mut gathering = gathering();
        give(&mut gathering, b"headers and body");
        // The machine slept: its steady clock went on, the one of the limit did not.
        clock.forward_s(6);
        gathering.maybe_await_input(NextTimeout::default()).unwrap_err();
        assert!(gathering.inner.1.is_empty() && !call::sent());
    }

    #[test]
    fn a_long_body_goes_in_order_and_does_not_pile_up() {
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        let mut gathering = gathering();
        let mut all = Vec::new();
        for letter in b'a'..=b'z' {
            let piece = vec![letter; 10_000];
            give(&mut gathering, &piece);
            all.extend(piece);
            assert!(gathering.waiting.len() < BUFFER);
        }
        gathering.await_input(NextTimeout::default()).unwrap();
        assert_eq!(gathering.inner.1.concat(), all);
    }
}
