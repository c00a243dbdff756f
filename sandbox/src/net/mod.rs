//! HTTP/1.1 over TCP and TLS, as much of it as the sandbox needs, on blocking threads: a stand-in that shall one day
//! stall, cut and garble its answers must hold the socket in its own hands.

mod answer;
mod certificate;
mod connection;
mod connections;
mod listener;
mod reader;
mod request;
mod stop;

pub(crate) use answer::Answer;
pub(crate) use certificate::Identity;
pub(crate) use listener::{Listener, Listening};
pub(crate) use request::Request;

use time::OffsetDateTime;

/// What answers the requests: everything behind the wire.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Called once for each TCP connection that was accepted.
    fn connected(&self);
    /// Turns one request into one answer.
    fn handle(&self, request: Request) -> Answer;
    /// The time that `Date` headers show.
    fn now(&self) -> OffsetDateTime;
}
