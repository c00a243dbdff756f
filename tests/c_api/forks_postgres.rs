//! Forking with a client whose journal is on PostgreSQL: each child has a connection of its own, and the parent's is as
//! good afterwards as before (P7).

#[path = "../postgres/server.rs"]
#[allow(dead_code)] // The tests of the store need more of it.
mod server;

use bayar::{Client, Config};
use bayar_sandbox::Options;

use crate::desk::Desk;
use crate::finished::How;
use server::{PASSWORD, Server};

#[test]
fn forked_children_and_their_parent_share_a_journal_and_no_connection() {
    let server = Server::start("");
    let database = server.database();
    let mut desk = Desk::open(Options::default());
    desk.hide("the database's password", PASSWORD);
    desk.set("BAYAR_JOURNAL", &server.url(&database));
    let mut config = Config::new();
    for (name, value) in &desk.environment {
        config.set(&name.strip_prefix("BAYAR_").unwrap().to_lowercase(), value).unwrap();
    }
    Client::new(&config).unwrap().create_journal().unwrap();

    desk.run_test_program(How::Plain, "forked", &[]);

    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), 15);
    assert!(payments.iter().all(|payment| payment.times_made == 1 && payment.requests == 1), "{payments:?}");
    assert_eq!(desk.sandbox.counts().token_requests, 1, "the token is in the journal");
    assert_eq!(server.sql(&database, "SELECT count(*), count(DISTINCT reference) FROM bayar_operation"), "15|15");
    // Whoever made the tables, the parent and four children: had one of them spoken or said goodbye on another's
    // connection, that one would have had to be made anew.
    let sql = format!(
        "SELECT pg_sleep(1.5); SELECT sessions, sessions_abandoned, sessions_fatal FROM pg_stat_database \
         WHERE datname = '{database}'"
    );
    let sessions = server.sql("postgres", &sql);
    assert_eq!(sessions, "7|0|0", "with the one that counted the records");
}
