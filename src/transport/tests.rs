//! The transport against real sockets and real TLS on the loopback: each test is one thing that happens out there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use server::{Peer, Server, Wire};

mod broken;
mod certificates;
mod limits;
mod overhead;
mod proxies;
mod reuse;
mod server;
mod wire;

const SECOND: Duration = Duration::from_secs(1);

/// Both ways of talking, for what must hold on either.
fn wires() -> [Wire; 2] {
    [Wire::Plain, Wire::tls()]
}

fn options(server: &Server) -> HttpsOptions {
    HttpsOptions {
        base_url: server.url(),
        connect_timeout: 5 * SECOND,
        keep_alive: 60 * SECOND,
        roots: Roots::None,
        ca_pem: Some(server::authority().into_bytes()),
        proxy: None,
        user_agent: "bayar-test/1".to_owned(),
    }
}

fn client(server: &Server) -> Https {
    Https::new(options(server)).unwrap()
}

fn serve(wire: &Wire, script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Server {
    Server::start(wire.clone(), Arc::new(script))
}

fn post_within(https: &Https, limit: Duration) -> Result<Answer, Failure> {
    https.post(&Post {
        path: "/pay?a=b",
        headers: &[("X-SIGNATURE", "geheim"), ("Content-Type", "application/json")],
        body: br#"{"amount":"10000.00"}"#,
        limit: &Limit::new(Instant::now() + limit, None),
    })
}

fn post(https: &Https) -> Result<Answer, Failure> {
    post_within(https, 10 * SECOND)
}

/// Checks the failure's facts, and that its message says each of the words and nothing secret.
#[track_caller]
fn expect(found: Result<Answer, Failure>, kind: FailureKind, sent: bool, words: &[&str]) {
    let failure = found.unwrap_err();
    assert_eq!((failure.kind, failure.sent), (kind, sent), "{failure}");
    for word in words {
        assert!(failure.message.contains(word), "{word:?} is not in: {failure}");
    }
    for secret in ["geheim", "hunter2", "10000.00"] {
        assert!(!failure.message.contains(secret), "{failure}");
    }
}
