//! Connections that break in the middle: a commit whose answer never came is read again, and is whose it is.

use super::shared::{at, begin, done, mine, payment, refund};
use crate::journal::postgres::testing::{Server, limit, store_at};
use crate::journal::store::SharedToken;
use crate::journal::{Begun, Finding, Finished, Journal, Moment, State};
use crate::secret::Secret;
use crate::snap::external_id::Operation;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Stands between a store and the server. It can be told to let one message through, and to break the connection when the
/// answer comes, before it passes it on.
struct Between {
    port: u16,
    state: Arc<Watched>,
}

#[derive(Default)]
struct Watched {
    /// The connection breaks at the answer to a message with these bytes.
    breaks_at: Mutex<Option<&'static str>>,
    broken: AtomicUsize,
    connections: AtomicUsize,
}

impl Between {
    fn open(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, behind) = (listener.local_addr().unwrap().port(), server.port());
        let state = Arc::new(Watched::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(("127.0.0.1", behind)) else { continue };
                pass_on(&client, &server, &shared);
            }
        });
        Self { port, state }
    }

    /// The address of a database by this way.
    fn url(&self, server: &Server, database: &str) -> String {
        server.url(database).replace(&format!(":{}/", server.port()), &format!(":{}/", self.port))
    }

    fn break_at(&self, message: &'static str) {
        *self.state.breaks_at.lock().unwrap() = Some(message);
    }

    fn broken(&self) -> usize {
        self.state.broken.load(Ordering::SeqCst)
    }
}

fn pass_on(client: &TcpStream, server: &TcpStream, state: &Arc<Watched>) {
    let breaks = Arc::new(Mutex::new(false));
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (shared, seen) = (Arc::clone(state), Arc::clone(&breaks));
    std::thread::spawn(move || {
        let mut bytes = [0; 65_536];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
            let mut breaks_at = shared.breaks_at.lock().unwrap();
            if breaks_at.is_some_and(|message| text.contains(message)) {
                *breaks_at = None;
                *seen.lock().unwrap() = true;
            }
            drop(breaks_at);
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let state = Arc::clone(state);
    std::thread::spawn(move || {
        let mut bytes = [0; 65_536];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if *breaks.lock().unwrap() {
                // The server has done it: that is its answer.
                state.broken.fetch_add(1, Ordering::SeqCst);
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}

fn open() -> (Between, Journal, String) {
    let server = Server::shared();
    let database = server.database();
    let between = Between::open(server);
    let journal = Journal::new(Box::new(store_at(&between.url(server, &database))));
    journal.create(&limit()).unwrap();
    // The statements are prepared, so that what is broken is what is written.
    let record = mine(begin(&journal, &payment("INV-0"), 0, &limit()));
    journal.finish(&record, done(), "", at(0), &limit()).unwrap();
    let record = mine(begin(&journal, &refund("R-0", "1"), 0, &limit()));
    journal.finish(&record, done(), "", at(0), &limit()).unwrap();
    (between, journal, database)
}

/// The state and epoch of a record, as the server has them.
fn known(database: &str, reference: &str) -> String {
    let sql = format!("SELECT state, epoch FROM bayar_operation WHERE reference = '{reference}'");
    Server::shared().sql(database, &sql)
}

#[test]
fn who_took_hold_in_a_commit_whose_answer_was_lost_holds_it() {
    let (between, journal, database) = open();
    for (number, intent) in [payment("INV-1"), refund("R-1", "1")].into_iter().enumerate() {
        between.break_at(if intent.operation == Operation::Payment { "is sent" } else { "COMMIT" });
        match begin(&journal, &intent, 0, &limit()) {
            Begun::Mine { sent_before, record } => assert!(!sent_before && record.epoch == 1),
            _ => panic!("it is this call's"),
        }
        assert_eq!(between.broken(), number + 1);
        assert_eq!(known(&database, &intent.reference), format!("{}|1", State::Sending as i64));
    }
}

#[test]
fn a_result_whose_answer_was_lost_is_written_once_and_known_to_be() {
    let (between, journal, database) = open();
    let findings: [(_, fn() -> Finding, _); 3] = [
        ("INV-1", done, State::Done),
        ("INV-2", || Finding::RefusedForNow, State::RefusedForNow),
        ("INV-3", || Finding::NothingNew, State::Unsent),
    ];
    for (number, (reference, finding, state)) in findings.into_iter().enumerate() {
        let held = mine(begin(&journal, &payment(reference), 0, &limit()));
        between.break_at("is sent");
        let finished = journal.finish(&held, finding(), "", at(0), &limit()).unwrap();
        assert_eq!(between.broken(), number + 1);
        assert!(matches!(finished, Finished::Written), "{reference}");
        assert_eq!(known(&database, reference), format!("{}|1", state as i64));
    }
}

#[test]
fn a_token_whose_commits_answer_was_lost_is_written() {
    let (between, journal, _) = open();
    let store = journal.store();
    let (none, now) = (store.token(&limit()).unwrap().unwrap(), store.now(&limit()).unwrap());
    let token = SharedToken { token: Some(Secret::new("TOKEN")), ends: now, fetching: None, ..none };
    between.break_at("TOKEN");
    assert!(store.put_token(&token, &limit()).unwrap());
    assert_eq!(between.broken(), 1);
    // What another wrote is another's.
    let stale = SharedToken { ends: Moment { boot: 0, ms: 1 }, ..token };
    between.break_at("TOKEN");
    assert!(!store.put_token(&stale, &limit()).unwrap());
    assert_eq!(between.broken(), 2);
}

#[test]
fn a_connection_that_died_while_idle_is_replaced_and_nobody_notices() {
    let (between, journal, database) = open();
    let ours = format!("datname = '{database}' AND pid <> pg_backend_pid()");
    let before = between.state.connections.load(Ordering::SeqCst);
    Server::shared().sql("postgres", &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}"));
    mine(begin(&journal, &payment("INV-1"), 0, &limit()));
    assert_eq!(between.state.connections.load(Ordering::SeqCst), before + 1);
}
