//! HTTP/1.1 over TCP and TLS, as much of it as the sandbox needs, on blocking threads: a stand-in that can be
//! told to stall, cut and garble its answers must hold the socket in its own hands.

mod answer;
mod certificate;
mod client;
mod connection;
mod connections;
mod delivery;
mod listener;
mod reader;
mod request;
mod stop;
mod url;

pub(crate) use answer::Answer;
pub(crate) use certificate::Identity;
pub(crate) use client::Client;
pub(crate) use delivery::{DateHeader, Framing, Manner};
pub(crate) use listener::{Listener, Listening};
pub(crate) use request::Request;
pub(crate) use stop::Stop;
pub(crate) use url::Url;

use time::OffsetDateTime;

/// What answers the requests: everything behind the wire.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Called once for each TCP connection that was accepted.
    fn connected(&self);
    /// Asked once for each connection: whether it is to be left without a word.
    fn stalls_connection(&self) -> bool;
    /// Turns one request into one answer. Whoever sleeps over it must wake for the sign that the sandbox is ending.
    fn handle(&self, request: Request, stop: &Stop) -> Answer;
    /// The time that `Date` headers show.
    fn date(&self) -> OffsetDateTime;
}
