//! The tables are made by one call on request, by many at once if it must be, and a version that does not fit is told.

use crate::house::{House, LONG_MS, must_say, payment};
use crate::server::Server;
use bayar::{Kind, Outcome, Retry};

#[test]
fn without_its_tables_there_is_no_payment_and_the_error_names_the_call_that_makes_them() {
    let house = House::without_tables(Server::shared());
    must_say(&house.refused(house.url(), LONG_MS), Retry::No, &["no tables", "create_journal"]);
    let client = house.client(LONG_MS);
    client.create_journal().unwrap();
    client.pay(&payment("INV-1", "1000")).unwrap();
    // Again does no harm.
    client.create_journal().unwrap();
    assert_eq!(house.sandbox.counts().payments_made, 1);
}

#[test]
fn many_may_make_the_tables_at_once() {
    let house = House::without_tables(Server::shared());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| house.client(LONG_MS).create_journal().unwrap());
        }
    });
    house.client(LONG_MS).pay(&payment("INV-1", "1000")).unwrap();
}

#[test]
fn tables_of_another_version_are_told_and_left_alone() {
    let server = Server::shared();
    let house = House::open(server);
    server.sql(&house.database, "UPDATE bayar_schema SET version = 99");
    must_say(&house.refused(house.url(), LONG_MS), Retry::No, &["newer version", "schema 99"]);
    let error = house.client(LONG_MS).create_journal().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::NotSent));
    assert!(error.message().contains("newer version"), "{error}");
    server.sql(&house.database, "UPDATE bayar_schema SET version = -1");
    must_say(&house.refused(house.url(), LONG_MS), Retry::No, &["earlier version", "create_journal"]);
}
