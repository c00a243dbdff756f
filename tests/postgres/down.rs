//! No journal, no payment: each way in which the database is not there is told apart, before anything is sent.

use crate::house::{House, must_say, payment};
use crate::server::{Server, USER};
use bayar::Retry;

const MS: u64 = 20_000;

#[test]
fn a_server_that_cannot_be_reached_is_told_by_its_reason() {
    let server = Server::shared();
    let house = House::open(server);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (place, words) in [
        (format!("127.0.0.1:{free}"), vec!["nobody listens", "127.0.0.1"]),
        ("no-such-host.invalid".to_owned(), vec!["no-such-host.invalid", "looked up"]),
        ("%2Fno%2Fsuch%2Ffolder".to_owned(), vec!["no such socket", "/no/such/folder"]),
    ] {
        let error = house.refused(&format!("postgres://{USER}:raha%2Fsia%401%3F@{place}/bayar?sslmode=disable"), MS);
        must_say(&error, Retry::SameReference, &words);
    }
}

#[test]
fn a_server_that_speaks_something_else_or_nothing_is_no_journal() {
    let house = House::open(Server::shared());
    // It takes connections, and hangs up on them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let error = house.refused(&format!("postgres://{USER}@127.0.0.1:{port}/bayar"), MS);
    must_say(&error, Retry::SameReference, &["lost"]);
    // A web server.
    let web = house.sandbox.base_url().rsplit(':').next().unwrap().to_owned();
    let error = house.refused(&format!("postgres://{USER}:x@localhost:{web}/bayar"), MS);
    must_say(&error, error.retry(), &["The"]);
}

#[test]
fn another_server_is_tried_where_several_are_named() {
    let server = Server::shared();
    let house = House::open(server);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = house.url().replace("@127.0.0.1:", &format!("@127.0.0.1:{free},127.0.0.1:"));
    house.try_client(&url, MS).unwrap().pay(&payment("INV-1", "1000")).unwrap();
}

#[test]
fn a_socket_leads_to_the_server_as_well() {
    let server = Server::shared();
    let house = House::open(server);
    let client = house.try_client(&server.socket_url(&house.database), MS).unwrap();
    client.pay(&payment("INV-1", "1000")).unwrap();
    assert_eq!(server.sql(&house.database, "SELECT count(*) FROM bayar_operation"), "1");
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let server = Server::shared();
    let house = House::open(server);
    let database = &house.database;
    server.sql("postgres", "CREATE ROLE nobody_more LOGIN PASSWORD 'x' CONNECTION LIMIT 0");
    for (user, database, retry, words) in [
        (format!("{USER}:hunter2"), database.as_str(), Retry::No, "password"),
        ("nobody:hunter2".to_owned(), database, Retry::No, "password"),
        (format!("{USER}:raha%2Fsia%401%3F"), "no_such_database", Retry::No, "no such database"),
        ("nobody_more:x".to_owned(), database, Retry::SameReference, "no connection to spare"),
    ] {
        let error = house.refused(&server.url_of(&user, database), MS);
        must_say(&error, retry, &[words]);
        assert!(!error.message().contains("hunter2"), "{error}");
    }
    let error = house.refused(&server.url_of(USER, database), MS);
    must_say(&error, error.retry(), &["password"]);
}

#[test]
fn a_server_that_may_forget_or_takes_no_writes_is_refused() {
    let server = Server::start("");
    let house = House::open(&server);
    // Set to read only, as a standby is and a server that was replaced.
    server.sql("postgres", &format!("ALTER DATABASE {} SET default_transaction_read_only = on", house.database));
    must_say(&house.refused(house.url(), MS), Retry::No, &["read only"]);
    server.sql("postgres", &format!("ALTER DATABASE {} RESET default_transaction_read_only", house.database));
    server
        .sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc");
    must_say(&house.refused(&server.url("latin"), MS), Retry::No, &["encoding", "UTF8"]);
    server.kill();
    server.configure("fsync = off");
    server.go_on();
    must_say(&house.refused(house.url(), MS), Retry::No, &["fsync is off"]);
}

#[test]
fn a_standby_is_refused() {
    let server = Server::start("");
    let house = House::open(&server);
    server.kill();
    server.configure("hot_standby = on");
    server.file("data/standby.signal", "");
    server.go_on();
    must_say(&house.refused(house.url(), MS), Retry::No, &["standby"]);
}

#[test]
fn every_commit_lasts_also_where_that_is_not_usual_for_the_user() {
    let server = Server::shared();
    let house = House::open(server);
    let database = &house.database;
    server.sql("postgres", &format!("ALTER DATABASE {database} SET synchronous_commit = off"));
    server.sql(
        database,
        "CREATE TABLE seen (how TEXT); CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS \
         $$BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END$$; \
         CREATE TRIGGER note AFTER INSERT OR UPDATE ON bayar_operation FOR EACH ROW EXECUTE FUNCTION note()",
    );
    house.client(MS).pay(&payment("INV-1", "1000")).unwrap();
    // And no more than two of them.
    assert_eq!(server.sql(database, "SELECT string_agg(how, ' ') FROM seen"), "on on");
}
