//! Workers that are killed, and PHP-FPM that is reloaded, under load: nothing is lost and nothing is paid twice. The customer
//! presses again until there is a link, always with the same number; the sandbox's own books are the judge.

use bayar_sandbox::Options;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::fpm::{Mode, Server, kill};
use crate::http;
use crate::load::{drive, pay_code};
use crate::shop::Shop;
use crate::tool::is_full;

#[test]
fn workers_that_are_killed_and_reloaded_under_load_lose_nothing_and_pay_nothing_twice() {
    let (count, turns) = if is_full() { (1_500, 350) } else { (200, 24) };
    // What a dead worker was at is taken over after its limit.
    let shop = Shop::with_settings(Options::default(), &[("timeout_ms", "2000"), ("connect_timeout_ms", "2000")]);
    shop.sandbox.set_delay_ms(40);
    let code = pay_code(&shop);
    shop.page(
        "pay",
        &format!(
            "try {{\n{code}\n}} catch (Bayar\\Exception\\PersonNeededException $no) {{ http_response_code(409); }}"
        ),
    );
    let server = Server::start(shop, Mode::Preload);
    let links = Mutex::new(HashMap::new());
    let (over, kills, reloads, broken) =
        (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // A customer whose payments are killed for ever never sees one done: it comes to an end.
            for turn in 1..=turns {
                std::thread::sleep(Duration::from_millis(200));
                if over.load(Ordering::SeqCst) {
                    break;
                }
                if turn % 6 == 0 {
                    server.reload();
                    reloads.fetch_add(1, Ordering::SeqCst);
                } else if let Some((worker, _)) = server.workers().get(turn % 4) {
                    kill("KILL", *worker);
                    kills.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        // Also when a check fails.
        let _over = Over(&over);
        drive(count, |number| {
            let reference = format!("INV-{number}");
            let (link, pressed) = press_until_done(&server, &reference);
            broken.fetch_add(pressed - 1, Ordering::SeqCst);
            links.lock().unwrap().insert(reference, link);
        });
    });
    let (kills, reloads) = (kills.into_inner(), reloads.into_inner());
    println!(
        "{count} payments, {kills} workers killed, {reloads} reloads; {} times the key was pressed again",
        broken.into_inner()
    );
    assert!(kills >= 5 && reloads >= 1, "{kills} kills, {reloads} reloads");
    let links = links.into_inner().unwrap();
    let payments = server.shop.sandbox.payments();
    assert_eq!((payments.len(), links.len()), (count, count));
    for payment in payments {
        assert_eq!(payment.times_made, 1, "{payment:?}");
        let link = &links[&payment.partner_reference_no];
        assert_eq!(*link, payment.checkout_url, "{payment:?}");
    }
    // The journal holds all of it, and nothing is open.
    let exported = server.shop.example("reconcile", &["export"]);
    let done = exported.lines().filter(|line| line.contains(r#""state":"done""#)).count();
    assert!(exported.lines().count() == count && done == count, "{exported}");
    assert_eq!(server.shop.example("reconcile", &["open"]), "");
}

struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn press_until_done(server: &Server, reference: &str) -> (String, usize) {
    let end = Instant::now() + Duration::from_secs(180);
    let mut pressed = 0;
    loop {
        pressed += 1;
        let answer = http::get(server.port, &format!("/pay.php?reference={reference}"));
        if let Some(link) =
            answer.as_ref().filter(|answer| answer.status == 302).and_then(|answer| answer.header("Location"))
        {
            return (link.to_owned(), pressed);
        }
        assert!(Instant::now() < end, "{reference} is never done: {answer:?}\n{}", server.logs());
        std::thread::sleep(Duration::from_millis(50));
    }
}
