//! `examples/c/webhook.c`, what a newcomer copies, as a real web server: every forgery made by hand is refused over HTTP, and
//! what is genuine is on the disk before it is acknowledged. Those that the sandbox sends are in `delivered.rs`.

use bayar_sandbox::Options;
use std::path::PathBuf;

use crate::desk::Desk;
use crate::doku::{self, Doku, Request, notification, said};
use crate::server::{Process, Server};

fn opened() -> (Server, Doku) {
    let mut desk = Desk::open(Options { date_ahead_s: 0, ..Options::default() });
    desk.with_journal();
    let doku = Doku::open();
    (Server::open(desk, &doku.public), doku)
}

fn token(process: &Process, doku: &Doku) -> String {
    let body = process.answers(&doku.asks_for_token(), 200, "2007300", "a token");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["accessToken"].as_str().unwrap().to_owned()
}

#[test]
fn the_web_server_refuses_every_forgery_and_stores_what_is_genuine() {
    let (server, doku) = opened();
    let process = server.start();
    for row in doku.token_rows() {
        process.answers(&row.request, row.http, row.code, &row.name);
    }
    let token = token(&process, &doku);
    for row in doku::forged_rows(&token) {
        process.answers(&row.request, row.http, row.code, &row.name);
    }
    assert!(server.stored().is_empty(), "nothing that is forged is stored");
    let genuine = doku::genuine_rows(&token);
    for row in &genuine {
        process.answers(&row.request, row.http, row.code, &row.name);
    }
    let expected: Vec<String> =
        (0..genuine.len()).map(|n| format!("FORM-{n}/00/D1\tFORM-{n}\t0\t10000.00\tPAID")).collect();
    assert_eq!(server.stored(), expected);
    let elsewhere = Request { path: "/elsewhere", ..doku.asks_for_token() };
    assert_eq!(process.send(&elsewhere).0, 404);
}

#[test]
fn the_web_server_stores_once_also_after_a_restart() {
    let (server, doku) = opened();
    let process = server.start();
    let token = token(&process, &doku);
    let paid = |process: &Process| process.answers(&notification(&said("INV-W", "00"), &token), 200, "2005600", "paid");
    paid(&process);
    paid(&process);
    process.stop();
    paid(&server.start());
    assert_eq!(server.stored(), ["INV-W/00/D1\tINV-W\t0\t10000.00\tPAID"]);
}

/// The disk is full: DOKU is to send it again, and then it is stored.
#[test]
fn the_web_server_acknowledges_nothing_that_it_could_not_store() {
    let (mut server, doku) = opened();
    let file = std::mem::replace(&mut server.file, PathBuf::from("/dev/full"));
    let process = server.start();
    let paid = notification(&said("INV-W", "00"), &token(&process, &doku));
    process.answers(&paid, 500, "5005601", "on a full disk");
    process.stop();
    server.file = file;
    server.start().answers(&paid, 200, "2005600", "with room again");
    assert_eq!(server.stored().len(), 1);
}

/// The disk was full, or the power went, in the middle of a line.
#[test]
fn the_web_server_begins_a_new_line_after_one_that_was_broken_off() {
    let (server, doku) = opened();
    std::fs::write(&server.file, "INV-V/00/D1\tINV-V\t0\t100").unwrap();
    let process = server.start();
    let token = token(&process, &doku);
    process.answers(&notification(&said("INV-W", "00"), &token), 200, "2005600", "paid");
    let stored = server.stored();
    assert_eq!(stored, ["INV-V/00/D1\tINV-V\t0\t100", "INV-W/00/D1\tINV-W\t0\t10000.00\tPAID"]);
    assert_eq!(server.acted_on(), ["INV-W/00/D1"]);
}

#[test]
fn the_web_server_says_in_plain_words_what_doku_told() {
    let (server, doku) = opened();
    let process = server.start();
    let token = token(&process, &doku);
    for (status, amount) in [("03", "10000.00"), ("00", "1234567.89"), ("00", "999.00"), ("04", "10000.00")] {
        let reference = format!("INV-{status}-{amount}");
        let body = said(&reference, status).replace("10000.00\"", &format!("{amount}\""));
        process.answers(&notification(&body, &token), 200, "2005600", &reference);
    }
    let said = process.said();
    for words in [
        "DOKU asked for a token, and has one for 15 minutes.",
        "DOKU says: the payment INV-03-10000.00 of Rp 10,000.00 is not paid.",
        "DOKU says: the payment INV-00-1234567.89 of Rp 1,234,567.89 is paid.",
        "DOKU says: the payment INV-00-999.00 of Rp 999.00 is paid.",
        "DOKU says: the payment INV-04-10000.00 of Rp 10,000.00 is refunded.",
    ] {
        assert!(said.lines().any(|line| line == words), "'{words}' is not in\n{said}");
    }
}
