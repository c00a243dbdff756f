//! The merchant's two routes in C (P5): every forgery is refused with its status and code, every genuine form is accepted, and
//! what is not acknowledged is offered again. `tests/c/notified.c` is the shop; DOKU is in `doku.rs`.

use bayar_sandbox::{Options, TEST_CLIENT_SECRET};
use serde_json::json;

use crate::desk::Desk;
use crate::doku::{self, Doku, Row, moment, notification, said, signed_with, with_claim};
use crate::finished::{Finished, How};

/// A shop with DOKU's key, and a DOKU that has it.
struct Shop {
    desk: Desk,
    doku: Doku,
    program: std::path::PathBuf,
    how: How,
}

/// A case as it is written for the program.
struct Case {
    row: Row,
    members: Vec<(&'static str, String)>,
}

impl Case {
    fn and(mut self, name: &'static str, value: impl ToString) -> Self {
        self.members.push((name, value.to_string()));
        self
    }

    fn decided(self, how: &str) -> Self {
        self.and("decide", how)
    }

    fn write(&self, stream: &mut Vec<u8>) {
        let Row { name, request, http, code } = &self.row;
        let mut member = |name: &str, value: &[u8]| {
            stream.extend_from_slice(format!("{name} {}\n", value.len()).as_bytes());
            stream.extend_from_slice(value);
            stream.push(b'\n');
        };
        member("name", name.as_bytes());
        member("route", if request.path == doku::TOKEN { b"token" } else { b"notification" });
        member("method", request.method.as_bytes());
        member("path", request.path.as_bytes());
        member("body", &request.body);
        for (name, value) in &request.headers {
            member("header", format!("{name}: {value}").as_bytes());
        }
        member("http", http.to_string().as_bytes());
        member("code", code.as_bytes());
        for (name, value) in &self.members {
            member(name, value.as_bytes());
        }
        stream.extend_from_slice(b"end\n");
    }
}

/// A case of a row; what is genuine is acknowledged.
fn case(row: Row) -> Case {
    let genuine = row.is_genuine() && row.request.path == doku::NOTIFY;
    let case = Case { row, members: Vec::new() };
    if genuine { case.and("genuine", 1).decided("acknowledge") } else { case }
}

/// A genuine notification, and what is answered after this decision.
fn decided(body: &str, token: &str, decide: &str) -> Case {
    let (http, code) = match decide {
        "acknowledge" => (200, "2005600"),
        "reject" => (404, "4045601"),
        _ => (500, "5005601"),
    };
    let row = Row { name: format!("{decide} {body}"), request: notification(body, token), http, code };
    Case { row, members: Vec::new() }.and("genuine", 1).decided(decide)
}

impl Shop {
    fn open(how: How) -> Self {
        let mut desk = Desk::open(Options { date_ahead_s: 0, ..Options::default() });
        desk.prepare(how);
        let doku = Doku::open();
        let file = desk.workshop.write("doku.pem", &doku.public);
        desk.set("BAYAR_DOKU_PUBLIC_KEY_FILE", &crate::desk::text(&file));
        let program = desk.workshop.test_program("notified");
        Self { desk, doku, program, how }
    }

    fn with_journal(mut self) -> Self {
        self.desk.with_journal();
        self
    }

    fn run(&mut self, arguments: &[&str], cases: &[Case]) -> Finished {
        let mut stream = Vec::new();
        cases.iter().for_each(|case| case.write(&mut stream));
        self.desk.run(self.how, &self.program, arguments, Some(&stream))
    }

    fn walk(&mut self, arguments: &[&str], cases: &[Case]) -> Finished {
        let finished = self.run(arguments, cases).succeeded();
        assert_eq!(finished.fact("walked"), cases.len().to_string());
        finished
    }

    /// A token from a process of its own.
    fn token(&mut self) -> String {
        let row = Row { name: "a token".to_owned(), request: self.doku.asks_for_token(), http: 200, code: "2007300" };
        self.walk(&[], &[case(row)]).fact("token").to_owned()
    }
}

#[test]
fn every_forgery_is_refused_and_every_genuine_form_accepted() {
    routes(How::Plain);
}

#[test]
fn every_forgery_is_refused_and_every_genuine_form_accepted_under_valgrind() {
    routes(How::UnderValgrind);
}

pub(crate) fn routes(how: How) {
    let mut shop = Shop::open(how);
    let asked = shop.doku.token_rows().into_iter().map(case).collect::<Vec<_>>();
    let given = shop.walk(&[], &asked);
    let token = given.fact("token").to_owned();
    let claims = doku::claims_of(&token);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    // The process that gave the token has ended: this one shares its settings and nothing else.
    let forged: Vec<Case> = doku::forged_rows(&token).into_iter().map(case).collect();
    let genuine = doku::genuine_rows(&token).into_iter().map(|row| {
        case(row)
            .and("status", 0)
            .and("paid", 1)
            .and("order", 1)
            .and("known", 0)
            .and("amount", "10000.00")
            .and("channel", "EMONEY_DANA_SNAP")
            .and("reference_no", "D1")
            .and("external_id", "41")
            .and("desc", "Success")
            .and("created", "2026-11-22T12:00:00+07:00")
            .and("finished", "2026-11-22T12:00:09+07:00")
    });
    // The genuine ones last: what came before has not spoilt anything.
    let cases: Vec<Case> = forged.into_iter().chain(genuine).collect();
    assert!(cases.len() >= 80, "{} rows", cases.len());
    shop.walk(&[], &cases);
    assert_eq!(shop.desk.sandbox.counts().payments_made, 0);
}

#[test]
fn a_header_that_is_no_text_is_refused_by_its_name_and_counts_for_nothing() {
    let mut shop = Shop::open(How::Plain);
    let token = shop.token();
    let row = Row {
        name: "no text".to_owned(),
        request: notification(&said("INV-1", "00"), &token),
        http: 200,
        code: "2005600",
    };
    let mut stream = Vec::new();
    case(row).write(&mut stream);
    let at = stream.windows(7).position(|part| part == b"header ").unwrap();
    stream.splice(at..at, b"header 8\nX-A: b\xFFc\n".iter().copied());
    shop.desk.run(How::Plain, &shop.program.clone(), &[], Some(&stream)).succeeded();
}

#[test]
fn nobody_is_given_a_token_without_dokus_key() {
    let mut shop = Shop::open(How::Plain);
    shop.desk.environment.retain(|(name, _)| name != "BAYAR_DOKU_PUBLIC_KEY_FILE");
    let request = shop.doku.asks_for_token();
    let row = Row { name: "without the setting".to_owned(), request, http: 401, code: "4017300" };
    shop.walk(&[], &[case(row).and("reason", "doku_public_key")]);
}

#[test]
fn what_is_not_acknowledged_is_offered_again_and_what_is_acknowledged_repeats() {
    let mut shop = Shop::open(How::Plain).with_journal();
    let token = shop.token();
    let (new, repeat, late) = (1, 2, 3);
    let notified = |status: &str, decide: &str, order: i32| {
        let key = format!("INV-N/{status}/D1");
        decided(&said("INV-N", status), &token, decide).and("order", order).and("known", 1).and("key", key)
    };
    // Paid for, and then nobody decides, or the program dies between the check and the acknowledgment.
    let finished = shop.walk(&["INV-N"], &[notified("00", "nothing", new), notified("00", "nothing", new)]);
    assert_eq!(finished.facts("inbox"), ["INV-N/00/D1 INV-N acknowledged 0 stale 0 known 1 times 2"]);
    let killed = shop.run(&[], &[notified("00", "die", new)]);
    assert_eq!(killed.code, None, "{}{}", killed.stdout, killed.stderr);
    let rest = [
        notified("00", "acknowledge", new),
        notified("00", "acknowledge", repeat),
        notified("03", "acknowledge", late),
        notified("04", "acknowledge", new),
        notified("00", "acknowledge", repeat),
    ];
    let finished = shop.walk(&[], &rest);
    assert!(finished.facts("inbox").is_empty(), "{}", finished.stdout);
    let finished = shop.walk(&[], &[notified("04", "acknowledge", repeat)]);
    assert!(finished.facts("inbox").is_empty(), "{}", finished.stdout);
}

#[test]
fn another_amount_is_told_and_an_unknown_payment_stays_in_the_inbox() {
    let mut shop = Shop::open(How::Plain).with_journal();
    let token = shop.token();
    let other = said("INV-M", "00").replace("10000.00", "1.00");
    let cases = [
        decided(&other, &token, "acknowledge").and("known", 1).and("mismatch", "10000.00").and("amount", "1.00"),
        decided(&said("INV-U", "00"), &token, "reject").and("known", 0).and("order", 1),
    ];
    let finished = shop.walk(&["INV-M"], &cases);
    assert_eq!(finished.facts("inbox"), ["INV-U/00/D1 INV-U acknowledged 0 stale 0 known 0 times 1"]);
}

#[test]
fn what_is_dokus_own_but_old_is_asked_about() {
    let mut shop = Shop::open(How::Plain).with_journal();
    let token = shop.token();
    // Made and paid; then DOKU's own notification comes late, with its old timestamp, then with an old token as well.
    shop.walk(&["INV-O"], &[]);
    shop.desk.sandbox.approve("INV-O").unwrap();
    let body = said("INV-O", "00");
    let row = |name: &str, request, code| Row { name: name.to_owned(), request, http: 401, code };
    let ended =
        with_claim(&with_claim(&token, "exp", json!(doku::now_s() - 20_000)), "iat", json!(doku::now_s() - 20_900));
    let old_time = row("stale", signed_with(TEST_CLIENT_SECRET, &body, &token, &moment(-3600)), "4015600");
    let old_token = row("expired", signed_with(TEST_CLIENT_SECRET, &body, &ended, &moment(-3600)), "4015601");
    let forged = row("forged and old", signed_with("SK-another", &body, &token, &moment(-3600)), "4015600");
    let both = row("forged with an old token", signed_with("SK-another", &body, &ended, &moment(0)), "4015600");
    let cases = [case(old_time).and("instead", 0), case(old_token).and("instead", 0), case(forged), case(both)];
    let finished = shop.walk(&[], &cases);
    assert_eq!(shop.desk.sandbox.counts().status_requests, 2, "a forged one is nothing to ask about");
    assert_eq!(finished.facts("inbox"), ["INV-O/00/D1 INV-O acknowledged 0 stale 1 known 1 times 2"]);
}

#[test]
fn keys_and_secrets_change_while_notifications_flow() {
    let mut shop = Shop::open(How::Plain);
    let (before, next) = (shop.token(), Doku::open());
    shop.desk.set("BAYAR_DOKU_PUBLIC_KEY_NEXT", &next.public);
    shop.desk.set("BAYAR_CLIENT_SECRET_NEXT", "SK-bayar-berikutnya");
    let asks =
        |doku: &Doku| Row { name: "a token".to_owned(), request: doku.asks_for_token(), http: 200, code: "2007300" };
    let with = |secret: &str, http, code| {
        let request = signed_with(secret, &said("INV-1", "00"), &before, &moment(0));
        case(Row { name: secret.to_owned(), request, http, code })
    };
    let cases = [
        case(asks(&shop.doku)),
        case(asks(&next)),
        with(TEST_CLIENT_SECRET, 200, "2005600"),
        with("SK-bayar-berikutnya", 200, "2005600"),
        with("SK-bayar-ketiga", 401, "4015600"),
    ];
    shop.walk(&[], &cases);
}

/// What passed above proves something only if this does not.
#[test]
fn a_wrong_expectation_fails_the_program() {
    let mut shop = Shop::open(How::Plain);
    let token = shop.token();
    let forged = notification(&said("INV-1", "00"), &token).replacing("X-SIGNATURE", "AAAA");
    let row = Row { name: "believed".to_owned(), request: forged, http: 200, code: "2005600" };
    let finished = shop.run(&[], &[case(row)]);
    assert_eq!(finished.code, Some(1), "{}", finished.stdout);
    assert!(finished.stderr.contains("believed"), "{}", finished.stderr);
}
