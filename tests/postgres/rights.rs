//! What the user of every day may do: read and write the journal's tables, and nothing more.

use crate::house::{House, LONG_MS, must_say, payment, refund};
use crate::server::Server;
use bayar::Retry;
use std::time::Duration;

#[test]
fn reading_and_writing_three_tables_is_all_that_is_needed() {
    let server = Server::shared();
    let house = House::open(server);
    server.sql(
        &house.database,
        "CREATE ROLE till LOGIN PASSWORD 'tillpass'; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON bayar_operation, bayar_token, bayar_notification TO till; \
         GRANT SELECT ON bayar_schema TO till",
    );
    let url = server.url_of("till:tillpass", &house.database);
    let till = house.try_client(&url, LONG_MS).unwrap();
    house.paid(&till, "INV-1", "10000");
    till.refund(&refund("INV-1", "4000", "R-1")).unwrap();
    till.settle(Duration::from_secs(30)).unwrap();
    // Where nothing is to be made, asking for it is no offence.
    till.create_journal().unwrap();
    assert_eq!(house.sandbox.counts().token_requests, 1);
}

#[test]
fn rights_that_are_missing_are_told_before_anything_is_sent() {
    let server = Server::shared();
    let house = House::open(server);
    let database = &house.database;
    server.sql(database, "CREATE ROLE reader LOGIN PASSWORD 'readerpass'");
    let url = server.url_of("reader:readerpass", database);
    must_say(&house.refused(&url, LONG_MS), Retry::No, &["rights", "bayar_schema"]);
    server.sql(database, "GRANT SELECT ON bayar_schema, bayar_operation, bayar_token TO reader");
    must_say(&house.refused(&url, LONG_MS), Retry::No, &["rights", "INSERT"]);
    // To make the tables in another database, which this user may not.
    let empty = server.database();
    let client = house.try_client(&server.url_of("reader:readerpass", &empty), LONG_MS).unwrap();
    let error = client.create_journal().unwrap_err();
    must_say(&error, Retry::No, &["right"]);
    assert!(client.pay(&payment("INV-1", "1000")).unwrap_err().message().contains("no tables"));
}
