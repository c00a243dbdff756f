//! The sandbox, as DOKU, delivers notifications over HTTP to `examples/c/webhook.c`: every forgery and every form that it
//! can make, while keys and secrets change, to processes that share only their settings, and to one that is killed.

use bayar_sandbox::{
    Attempt, Exchange, Forgery, Form, Notice, NotificationState, Notifications, Options, Retry,
    TEST_DOKU_NEXT_PRIVATE_KEY_PEM, TEST_DOKU_NEXT_PUBLIC_KEY_PEM, TEST_DOKU_PRIVATE_KEY_PEM, TEST_DOKU_PUBLIC_KEY_PEM,
};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::balancer::Balancer;
use crate::desk::Desk;
use crate::finished::How;
use crate::ledger;
use crate::server::{Process, Server, killed_at, notifications};

const PATIENCE: Duration = Duration::from_secs(60);
const HALF_AN_HOUR: u64 = 1800;

/// The path is the one of the example: no proxy in front of it changes that.
fn opened() -> Server {
    let mut desk = Desk::open(Options { date_ahead_s: 0, ..Options::default() });
    desk.set("BAYAR_NOTIFICATION_PATH", "/notify");
    Server::open(desk, TEST_DOKU_PUBLIC_KEY_PEM)
}

fn with_journal() -> Server {
    let mut server = opened();
    server.desk.with_journal();
    server
}

/// Makes a payment that nobody has decided on.
fn pay_for(server: &mut Server, reference: &str) {
    let program = server.desk.workshop.test_program("notified");
    server.desk.run(How::Plain, &program, &[reference], Some(b"")).succeeded();
}

/// What nobody has acknowledged, by the library's own list.
fn inbox(server: &mut Server) -> Vec<String> {
    let program = server.desk.workshop.test_program("notified");
    let finished = server.desk.run(How::Plain, &program, &[], Some(b"")).succeeded();
    finished.facts("inbox").into_iter().map(str::to_owned).collect()
}

fn deliver(server: &Server, notice: &Notice) -> Attempt {
    server.desk.sandbox.deliver(notice).unwrap()
}

fn settle(server: &Server) {
    assert!(server.desk.sandbox.wait_for_notifications(PATIENCE));
}

/// What was answered last: to the notification, or to the request for a token where it came no further.
fn answered(attempt: &Attempt) -> (u16, String) {
    let exchange: &Exchange = attempt.notification.as_ref().or(attempt.token.as_ref()).unwrap();
    assert_eq!(exchange.error, None, "{attempt:#?}");
    (exchange.answer_status, exchange.answer_code())
}

/// What a merchant has to answer. A forgery that is not here does not compile.
fn refusal(forgery: &Forgery) -> (u16, &'static str) {
    match forgery {
        Forgery::TokenRequestWrongKey | Forgery::TokenRequestWrongClient | Forgery::TokenRequestStale { .. } => {
            (401, "4017300")
        }
        Forgery::TokenRequestMissingHeader { .. } => (400, "4007302"),
        Forgery::TokenRequestDuplicateHeader { .. } | Forgery::TokenRequestBody { .. } => (400, "4007301"),
        Forgery::WrongSecret
        | Forgery::Stale { .. }
        | Forgery::ChangedAmount
        | Forgery::ChangedStatus
        | Forgery::SignatureCase
        | Forgery::SignatureHex
        | Forgery::OtherPath { .. }
        | Forgery::WrongPartner => (401, "4015600"),
        Forgery::ExpiredToken { .. }
        | Forgery::UnknownToken
        | Forgery::Token { .. }
        | Forgery::AlgNone
        | Forgery::Hs256WithPublicKey { .. }
        | Forgery::OtherMerchantsToken
        | Forgery::ChangedToken => (401, "4015601"),
        Forgery::MissingHeader { .. } => (400, "4005602"),
        Forgery::DuplicateHeader { .. }
        | Forgery::DuplicateKey
        | Forgery::DuplicateNestedKey
        | Forgery::DuplicateEscapedKey => (400, "4005601"),
        Forgery::HugeBody { .. } => (400, "4005600"),
    }
}

/// Somebody says of a payment that is still open that it is paid.
#[test]
fn every_forgery_of_the_sandbox_is_refused() {
    let mut server = with_journal();
    pay_for(&mut server, "INV-F");
    let process = server.start();
    server.desk.sandbox.notify(process.notifications()).unwrap();
    for forgery in Forgery::samples() {
        let (http, code) = refusal(&forgery);
        let notice = Notice { status: Some("00".to_owned()), forgery: Some(forgery.clone()), ..Notice::about("INV-F") };
        let attempt = deliver(&server, &notice);
        assert_eq!(answered(&attempt), (http, code.to_owned()), "{forgery:?}");
        assert!(!attempt.accepted && !attempt.acknowledged, "{forgery:?}");
    }
    assert!(server.stored().is_empty(), "{:?}", server.stored());
    assert!(!process.said().contains("paid"), "{}", process.said());
    // And after all of that DOKU's own is believed.
    server.desk.sandbox.approve("INV-F").unwrap();
    settle(&server);
    assert_eq!(server.stored().len(), 1);
    assert!(process.said().contains("the payment INV-F of Rp 10,000.00 is paid"), "{}", process.said());
}

#[test]
fn every_form_of_the_sandbox_is_accepted() {
    let server = with_journal();
    let process = server.start();
    server.desk.sandbox.notify(process.notifications()).unwrap();
    let forms = Form::samples("FORM-13");
    for (number, form) in forms.iter().enumerate() {
        let reference = format!("FORM-{number}");
        let attempt = deliver(&server, &Notice { form: form.clone(), ..Notice::about(&reference) });
        assert_eq!(answered(&attempt), (200, "2005600".to_owned()), "{form:?}");
        let amount = if matches!(form, Form::Minimal | Form::Body(_)) { "-" } else { "10000.00" };
        let (stored, rest) = (server.stored(), format!("\t{reference}\t0\t{amount}\tPAID"));
        assert_eq!(stored.len(), number + 1, "{form:?}");
        assert!(stored[number].starts_with(&format!("{reference}/00/")) && stored[number].ends_with(&rest), "{form:?}");
    }
    // Headers that are no proof of anything may be missing, or there twice.
    for forgery in [
        Forgery::MissingHeader { header: "X-PARTNER-ID".to_owned() },
        Forgery::MissingHeader { header: "X-EXTERNAL-ID".to_owned() },
        Forgery::MissingHeader { header: "X-DEVICE-ID".to_owned() },
        Forgery::DuplicateHeader { header: "X-EXTERNAL-ID".to_owned() },
        Forgery::DuplicateHeader { header: "X-DEVICE-ID".to_owned() },
    ] {
        let notice = Notice { form: Form::Minimal, forgery: Some(forgery.clone()), ..Notice::about("FORM-7") };
        let attempt = deliver(&server, &notice);
        assert!(attempt.acknowledged, "{forgery:?}");
    }
    assert_eq!(server.stored().len(), forms.len());
}

/// A person in DOKU's back office, somebody who has recorded it, and DOKU itself in another order.
#[test]
fn what_comes_again_or_late_is_acknowledged_and_not_acted_on_again() {
    let mut server = with_journal();
    pay_for(&mut server, "INV-R");
    let process = server.start();
    let sandbox = &server.desk.sandbox;
    sandbox.notify(process.notifications()).unwrap();
    sandbox.approve("INV-R").unwrap();
    settle(&server);
    assert_eq!(server.stored().len(), 1);
    let id = sandbox.notifications()[0].id;
    assert!(sandbox.resend(id).unwrap().acknowledged && sandbox.replay(id).unwrap().acknowledged);
    let says = |status: &str| Notice { status: Some(status.to_owned()), ..Notice::about("INV-R") };
    for status in ["03", "05", "00"] {
        assert!(deliver(&server, &says(status)).acknowledged, "{status}");
    }
    assert_eq!(server.stored().len(), 1, "{:?}", server.stored());
    assert!(deliver(&server, &says("04")).acknowledged);
    assert!(deliver(&server, &says("00")).acknowledged);
    let stored = server.stored();
    assert_eq!(stored.len(), 2, "{stored:?}");
    assert!(stored[1].ends_with("\tINV-R\t4\t10000.00\t-"), "{stored:?}");
    drop(process);
    assert!(inbox(&mut server).is_empty());
}

#[test]
fn another_amount_than_was_ordered_is_for_a_person() {
    let mut server = with_journal();
    pay_for(&mut server, "INV-M");
    let process = server.start();
    server.desk.sandbox.notify(process.notifications()).unwrap();
    let notice = Notice { status: Some("00".to_owned()), amount: Some("1.00".to_owned()), ..Notice::about("INV-M") };
    assert!(deliver(&server, &notice).acknowledged);
    assert!(server.stored()[0].ends_with("\tINV-M\t0\t1.00\tLOOK"), "{:?}", server.stored());
}

/// They have neither a file nor a database in common.
#[test]
fn a_token_of_one_process_is_taken_by_another_also_after_a_restart() {
    let server = opened();
    let (one, other) = (server.start(), server.start());
    let apart = |from: &Process, to: &Process| Notifications {
        notification_url: to.notifications().notification_url,
        ..from.notifications()
    };
    server.desk.sandbox.notify(apart(&one, &other)).unwrap();
    let first = deliver(&server, &Notice::about("INV-T"));
    assert!(first.token.is_some() && first.acknowledged, "{first:#?}");
    one.stop();
    other.stop();
    let later = server.start();
    server.desk.sandbox.notify(later.notifications()).unwrap();
    let again = deliver(&server, &Notice::about("INV-U"));
    assert!(again.token.is_none() && again.acknowledged, "{again:#?}");
    assert!(!later.said().contains("token"), "{}", later.said());
}

/// What is delivered, one after the other, until it is enough.
struct Flow<'a> {
    server: &'a Server,
    is_over: AtomicBool,
    delivered: AtomicUsize,
    refused: Mutex<Vec<Attempt>>,
}

impl Flow<'_> {
    fn run(&self) {
        while !self.is_over.load(Ordering::SeqCst) {
            let number = self.delivered.load(Ordering::SeqCst);
            let attempt = deliver(self.server, &Notice::about(&format!("INV-{number}")));
            if !attempt.acknowledged {
                self.refused.lock().unwrap().push(attempt);
            }
            if number.is_multiple_of(3) {
                self.server.desk.sandbox.forget_merchant_token();
            }
            self.delivered.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Lets some more go by.
    fn goes_on(&self) {
        let (enough, end) = (self.delivered.load(Ordering::SeqCst) + 8, Instant::now() + PATIENCE);
        while self.delivered.load(Ordering::SeqCst) < enough {
            assert!(Instant::now() < end, "nothing is delivered");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn secret_and_key_are_changed_while_notifications_flow() {
    const NEXT: &str = "SK-bayar-berikutnya";
    let server = with_journal();
    let old = [("BAYAR_LOG_LEVEL", "off")];
    let both = [("BAYAR_CLIENT_SECRET_NEXT", NEXT), ("BAYAR_DOKU_PUBLIC_KEY_NEXT", TEST_DOKU_NEXT_PUBLIC_KEY_PEM)];
    let next_key = server.desk.workshop.write("doku-next.pem", TEST_DOKU_NEXT_PUBLIC_KEY_PEM);
    let new = [("BAYAR_CLIENT_SECRET", NEXT), ("BAYAR_DOKU_PUBLIC_KEY_FILE", next_key.to_str().unwrap())];
    let balancer = Balancer::open();
    let before = notifications(balancer.port);
    let after = Notifications {
        client_secret: Some(NEXT.to_owned()),
        doku_private_key_pem: TEST_DOKU_NEXT_PRIVATE_KEY_PEM.to_owned(),
        ..before.clone()
    };
    assert_eq!(before.doku_private_key_pem, TEST_DOKU_PRIVATE_KEY_PEM);
    let mut processes = vec![server.start_with(&old), server.start_with(&old)];
    processes.iter().for_each(|process| balancer.add(process.port));
    let sandbox = &server.desk.sandbox;
    sandbox.notify(before.clone()).unwrap();
    let restart = |processes: &mut Vec<Process>, settings: &[(&str, &str)]| {
        for _ in 0..processes.len() {
            let process = processes.remove(0);
            balancer.remove(process.port);
            process.stop();
            let process = server.start_with(settings);
            balancer.add(process.port);
            processes.push(process);
        }
    };
    let flow = Flow {
        server: &server,
        is_over: AtomicBool::new(false),
        delivered: AtomicUsize::new(0),
        refused: Mutex::default(),
    };
    std::thread::scope(|scope| {
        scope.spawn(|| flow.run());
        // It ends also where this fails.
        let over = Over(&flow.is_over);
        flow.goes_on();
        restart(&mut processes, &both);
        flow.goes_on();
        sandbox.notify(after).unwrap();
        flow.goes_on();
        restart(&mut processes, &new);
        flow.goes_on();
        drop(over);
    });
    let (delivered, refused) = (flow.delivered.into_inner(), flow.refused.into_inner().unwrap());
    assert!(refused.is_empty(), "{} of {delivered} were refused: {refused:#?}", refused.len());
    assert_eq!(server.stored().len(), delivered);
    // It was a change: what was right before is wrong now, under a token that lives and without one.
    assert!(deliver(&server, &Notice::about("INV-X")).acknowledged);
    sandbox.notify(before).unwrap();
    assert_eq!(answered(&deliver(&server, &Notice::about("INV-X"))), (401, "4015600".to_owned()));
    sandbox.forget_merchant_token();
    assert_eq!(answered(&deliver(&server, &Notice::about("INV-X"))), (401, "4017300".to_owned()));
}

struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Between the check and the acknowledgment lies the shop's own work, here a line in a file.
#[test]
fn a_shop_that_is_killed_before_it_acknowledges_is_told_again_and_acts_once() {
    for (call, before, lines) in [("write", true, 1), ("fsync", false, 2)] {
        let mut server = with_journal();
        pay_for(&mut server, "INV-K");
        let strace = killed_at(call, before, &server.file);
        let strace: Vec<&str> = strace.iter().map(String::as_str).collect();
        let mut killed = server.start_under(&strace, &[]);
        server.desk.sandbox.notify(killed.notifications()).unwrap();
        server.desk.sandbox.approve("INV-K").unwrap();
        settle(&server);
        killed.await_death();
        assert_eq!(server.stored().len(), lines - 1, "killed at its {call}");
        let inbox_then = inbox(&mut server);
        assert!(inbox_then.len() == 1 && inbox_then[0].contains(" INV-K acknowledged 0 "), "{inbox_then:?}");
        // Half an hour later, at whatever address the shop has now.
        let process = server.start();
        let sandbox = &server.desk.sandbox;
        sandbox.notify(process.notifications()).unwrap();
        assert_eq!(sandbox.notifications()[0].state, NotificationState::Waiting);
        sandbox.advance_schedule(HALF_AN_HOUR);
        settle(&server);
        let record = &sandbox.notifications()[0];
        let acknowledged: Vec<bool> = record.attempts.iter().map(|attempt| attempt.acknowledged).collect();
        assert_eq!((record.state, acknowledged), (NotificationState::Accepted, vec![false, true]));
        assert_eq!((server.stored().len(), server.acted_on().len()), (lines, 1), "killed at its {call}");
        sandbox.advance_schedule(100 * HALF_AN_HOUR);
        settle(&server);
        assert_eq!(server.stored().len(), lines);
        drop(process);
        assert!(inbox(&mut server).is_empty());
    }
}

/// The shop was down, and DOKU sends the very same bytes again: they are too old by then.
#[test]
fn what_is_dokus_own_but_old_is_asked_about_and_acted_on_once() {
    let mut server = with_journal();
    pay_for(&mut server, "INV-S");
    let sandbox = &server.desk.sandbox;
    let down = server.start();
    sandbox.notify(Notifications { retry: Retry::Same, ..down.notifications() }).unwrap();
    let process = server.start();
    down.stop();
    sandbox.approve("INV-S").unwrap();
    settle(&server);
    assert!(server.stored().is_empty());
    sandbox.notify(process.notifications()).unwrap();
    let stale = Notice { forgery: Some(Forgery::Stale { age_s: 1801 }), ..Notice::about("INV-S") };
    for _ in 0..2 {
        assert_eq!(answered(&deliver(&server, &stale)), (401, "4015600".to_owned()));
    }
    assert_eq!(sandbox.counts().status_requests, 2);
    let (stored, acted) = (server.stored(), server.acted_on());
    assert!(stored.iter().all(|line| line.ends_with("\tINV-S\t0\t10000.00\tPAID")), "{stored:?}");
    assert_eq!(acted.len(), 1);
    // And if it comes fresh after all, that is the same event; then there is nothing left to ask.
    sandbox.advance_schedule(HALF_AN_HOUR);
    settle(&server);
    assert_eq!(sandbox.notifications()[0].state, NotificationState::Accepted);
    assert_eq!(server.acted_on(), acted);
    assert_eq!(answered(&deliver(&server, &stale)), (401, "4015600".to_owned()));
    assert_eq!(sandbox.counts().status_requests, 2);
    drop(process);
    assert!(inbox(&mut server).is_empty());
}

/// DOKU is told to come again, by the code for it, and the shop stores nothing that it could not account for.
#[test]
fn without_its_journal_a_shop_asks_for_another_time() {
    let mut server = opened();
    let journal = server.desk.with_journal();
    pay_for(&mut server, "INV-J");
    let process = server.start();
    let sandbox = &server.desk.sandbox;
    sandbox.notify(process.notifications()).unwrap();
    ledger::set_aside(Path::new(&journal), true);
    sandbox.approve("INV-J").unwrap();
    settle(&server);
    assert_eq!(answered(&sandbox.notifications()[0].attempts[0]), (500, "5005601".to_owned()));
    let forged = Notice { forgery: Some(Forgery::WrongSecret), ..Notice::about("INV-J") };
    assert_eq!(answered(&deliver(&server, &forged)), (401, "4015600".to_owned()));
    assert!(server.stored().is_empty());
    ledger::set_aside(Path::new(&journal), false);
    sandbox.advance_schedule(HALF_AN_HOUR);
    settle(&server);
    assert_eq!(sandbox.notifications()[0].state, NotificationState::Accepted);
    assert_eq!(server.stored().len(), 1);
}

/// The same to the threads of two processes at once: each may see it before the other has acknowledged it.
#[test]
fn the_same_at_the_same_moment_is_acted_on_once() {
    let mut server = with_journal();
    pay_for(&mut server, "INV-P");
    let processes = [server.start(), server.start()];
    let balancer = Balancer::open();
    processes.iter().for_each(|process| balancer.add(process.port));
    let sandbox = &server.desk.sandbox;
    sandbox.approve("INV-P").unwrap();
    sandbox.notify(notifications(balancer.port)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert!(deliver(&server, &Notice::about("INV-P")).acknowledged));
        }
    });
    assert_eq!((server.acted_on().len(), inbox(&mut server).len()), (1, 0), "{:?}", server.stored());
}
