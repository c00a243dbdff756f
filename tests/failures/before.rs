//! Proves P3 for everything that fails before the request: the kind is told, the outcome is *not sent*, and no server
//! sees a request.

use crate::house::{House, Line, Said, settings, walk};
use crate::play::payment;
use bayar::{Client, Config, Kind, Outcome, RefundRequest};
use bayar_sandbox::{Certificate, Options};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

struct Row {
    name: &'static str,
    kind: Kind,
    set: fn() -> Set,
}

/// What a row plays on: settings, the sandbox behind them if there is one, and what has to stay alive.
struct Set {
    config: Config,
    house: Option<House>,
    _listener: Option<TcpListener>,
}

impl Set {
    fn nobody(base_url: &str) -> Self {
        Self { config: with_roots(settings(base_url)), house: None, _listener: None }
    }

    fn house(certificate: Certificate, change: impl FnOnce(&mut Config)) -> Self {
        let house = House::open(Options { certificate, ..Options::default() });
        let mut config = house.config.clone();
        change(&mut config);
        Self { config, house: Some(house), _listener: None }
    }

    /// A sandbox behind a proxy that answers this to whatever it is asked.
    fn proxy(answer: &'static str) -> Self {
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = proxy.local_addr().unwrap();
        let accepting = proxy.try_clone().unwrap();
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in accepting.incoming() {
                let Ok(stream) = stream else { return };
                std::thread::spawn(move || say(stream, answer));
            }
        });
        let mut set =
            Self::house(Certificate::Good, |config| config.set("proxy", &format!("http://{address}")).unwrap());
        set._listener = Some(proxy);
        set
    }
}

fn say(mut stream: TcpStream, answer: &str) {
    let mut asked = Vec::new();
    let mut some = [0; 1024];
    while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut some) {
            Ok(0) | Err(_) => return,
            Ok(length) => asked.extend_from_slice(&some[..length]),
        }
    }
    let _ = stream.write_all(answer.as_bytes());
    // What else is said is swallowed, so that the answer is not lost in a reset.
    let _ = stream.shutdown(std::net::Shutdown::Write);
    while stream.read(&mut some).is_ok_and(|length| length > 0) {}
}

fn with_roots(mut config: Config) -> Config {
    config.set("tls_roots", "bundled").unwrap();
    config
}

fn refused_port() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("127.0.0.1:{port}")
}

const PAGE_502: &str = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>";
const PAGE_200: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>";
const PASSWORD: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n\
                        Content-Length: 0\r\n\r\n";

const ROWS: &[Row] = &[
    Row { name: "unknown host name", kind: Kind::NameLookup, set: || Set::nobody("https://tidak-ada.invalid") },
    Row { name: "refused port", kind: Kind::Connect, set: || Set::nobody(&format!("https://{}", refused_port())) },
    Row {
        name: "untrusted certificate",
        kind: Kind::Tls,
        set: || {
            let mut set = Set::house(Certificate::Good, |_| {});
            set.config = with_roots(settings(&set.house.as_ref().unwrap().sandbox.base_url()));
            set
        },
    },
    Row { name: "self-signed certificate", kind: Kind::Tls, set: || Set::house(Certificate::SelfSigned, |_| {}) },
    Row { name: "expired certificate", kind: Kind::Tls, set: || Set::house(Certificate::Expired, |_| {}) },
    Row { name: "certificate for another name", kind: Kind::Tls, set: || Set::house(Certificate::WrongName, |_| {}) },
    Row {
        name: "https to a server of plain http",
        kind: Kind::Tls,
        set: || {
            let mut set = Set::nobody("https://127.0.0.1:1");
            let house = House::open(Options { tls: false, ..Options::default() });
            set.config.set("base_url", &house.sandbox.base_url().replace("http:", "https:")).unwrap();
            set.house = Some(house);
            set
        },
    },
    Row {
        name: "proxy's port refused",
        kind: Kind::Connect,
        set: || {
            let proxy = format!("http://{}", refused_port());
            Set::house(Certificate::Good, |config| config.set("proxy", &proxy).unwrap())
        },
    },
    Row { name: "proxy answers HTML 502", kind: Kind::Proxy, set: || Set::proxy(PAGE_502) },
    // It says that there is a tunnel now, and what comes through it is no TLS.
    Row { name: "proxy answers HTML 200", kind: Kind::Tls, set: || Set::proxy(PAGE_200) },
    Row { name: "proxy needs a password", kind: Kind::Proxy, set: || Set::proxy(PASSWORD) },
    Row { name: "proxy answers rubbish", kind: Kind::Proxy, set: || Set::proxy("rubbish\r\n\r\n") },
    Row { name: "proxy hangs up", kind: Kind::Proxy, set: || Set::proxy("") },
];

fn play(row: &Row) -> Line {
    let set = (row.set)();
    let mut config = set.config.clone();
    config.set("timeout_ms", "8000").unwrap();
    let client = Client::new(&config).unwrap();
    let begun = Instant::now();
    let pay = client.pay(&payment("INV-1"));
    let took = begun.elapsed();
    let refund = Said::of(&client.refund(&RefundRequest::new("INV-1", "4000", "R-1").unwrap()));
    let status = Said::of(&client.status("INV-1"));
    let requests = set.house.map_or(0, |house| {
        let counts = house.sandbox.counts();
        counts.token_requests + counts.payment_requests + counts.refund_requests + counts.status_requests
    });
    let mut problems = Vec::new();
    for (call, said, outcome) in [
        ("pay", Said::of(&pay), Outcome::NotSent),
        ("refund", refund, Outcome::NotSent),
        ("status", status, Outcome::Unknown),
    ] {
        if said != Said::Failed(row.kind, outcome) {
            problems.push(format!("{call} says {said}, expected: {:?}, {outcome:?}", row.kind));
        }
    }
    if requests > 0 {
        problems.push(format!("{requests} requests were seen"));
    }
    if took > Duration::from_secs(9) {
        problems.push(format!("it took {took:?}"));
    }
    let (said, message) = (Said::of(&pay), pay.err().map(|error| error.message().to_owned()).unwrap_or_default());
    let text = format!("{:<32} | {said:<20} | {requests} | {:>5} ms | {message}", row.name, took.as_millis());
    Line { text, problems }
}

#[test]
fn what_fails_before_the_request_is_named_and_nothing_is_sent() {
    walk("Before the request", 4, ROWS, play);
}

#[test]
fn plain_http_to_another_machine_is_refused_when_the_client_is_made() {
    for base_url in ["http://api.doku.com", "http://192.0.2.1:8080", "http://localhost.example:80", "http://0.0.0.0:80"]
    {
        let mut config = settings("https://localhost:1");
        let error = match config.set("base_url", base_url) {
            Err(error) => error,
            Ok(()) => Client::new(&with_roots(config)).map(|_| panic!("{base_url} was accepted")).unwrap_err(),
        };
        println!("{base_url}: {:?}, {:?}: {error}", error.kind(), error.outcome());
        assert_eq!((error.kind(), error.outcome()), (Kind::InvalidSetting, Outcome::NotSent), "{base_url}");
    }
}
