//! P6: neither DOKU's token nor the database's password reaches whatever logger the program has, at any level.

use crate::house::{House, LONG_MS, payment};
use crate::server::{PASSWORD, Server};
use std::sync::Mutex;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LINES.lock().unwrap().push(format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

#[test]
fn no_logger_hears_the_token_or_the_password() {
    static LISTENER: Listener = Listener;
    log::set_logger(&LISTENER).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = Server::shared();
    let house = House::open(server);
    let client = house.client(LONG_MS);
    client.pay(&payment("INV-1", "1000")).unwrap();
    let token = server.sql(&house.database, "SELECT token FROM bayar_token");
    assert!(token.len() > 10, "the token is in the journal");
    let lines = LINES.lock().unwrap();
    assert!(lines.iter().any(|line| line.contains("executing statement")), "tokio-postgres speaks");
    for secret in [token.as_str(), PASSWORD, "raha%2Fsia", bayar_sandbox::TEST_CLIENT_SECRET] {
        let heard: Vec<_> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(heard.is_empty(), "{heard:?}");
    }
}
