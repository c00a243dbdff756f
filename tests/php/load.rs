//! Payments through PHP-FPM over HTTP: how many connections and tokens they cost, how long they take beside a page that does it
//! with ext-curl, and that memory stays as it is.

use bayar_sandbox::Options;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::fpm::{Mode, Server, WORKERS};
use crate::http;
use crate::readme;
use crate::shop::Shop;
use crate::tool::is_full;

const CLIENTS: usize = 16;

/// The page of the README, for the number that is asked for.
pub(crate) fn pay_page(shop: &Shop) {
    let code = readme::block("php", "header('Location").lines().take(3).collect::<Vec<_>>().join("\n");
    assert!(code.contains("'INV-0001'") && code.contains("header("), "{code}");
    shop.page("pay", &shop.placed(&code).replace("'INV-0001'", "$_GET['reference']"));
}

/// Asks for these pages, so many at a time, and gives how long each took.
pub(crate) fn drive(count: usize, one: impl Fn(usize) + Sync) -> Vec<Duration> {
    let next = AtomicUsize::new(0);
    let took = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= count {
                        break;
                    }
                    let begun = Instant::now();
                    one(number);
                    took.lock().unwrap().push(begun.elapsed());
                }
            });
        }
    });
    let mut took = took.into_inner().unwrap();
    assert_eq!(took.len(), count);
    took.sort();
    took
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100].as_secs_f64() * 1000.0
}

fn pays(server: &Server, reference: &str) {
    let answer = http::get(server.port, &format!("/pay.php?reference={reference}"));
    let answer = answer.unwrap_or_else(|| panic!("no answer\n{}", server.logs()));
    let link = answer.header("Location").unwrap_or_else(|| panic!("{answer:?}\n{}", server.logs()));
    assert_eq!((answer.status, link), (302, server.shop.sandbox.payment(reference).unwrap().checkout_url.as_str()));
}

#[test]
fn payments_through_four_workers_cost_four_connections_and_one_token() {
    let count = if is_full() { 2_000 } else { 400 };
    let shop = Shop::open(Options::default());
    pay_page(&shop);
    let server = Server::start(shop, Mode::Preload);
    let begun = Instant::now();
    let took = drive(count, |number| pays(&server, &format!("INV-{number}")));
    let lasted = begun.elapsed().as_secs_f64();
    let counts = server.shop.sandbox.counts();
    println!(
        "{count} payments, {CLIENTS} clients, {WORKERS} workers: p50 {:.2} ms, p99 {:.2} ms, {:.0} a second; {} connections, {} token \
         request",
        percentile(&took, 50),
        percentile(&took, 99),
        count as f64 / lasted,
        counts.connections,
        counts.token_requests
    );
    assert_eq!(counts.token_requests, 1);
    // Each worker's own; the token is fetched on that of the worker that came first.
    assert!(counts.connections as usize <= WORKERS + 1, "{} connections", counts.connections);
    assert_eq!((counts.payment_requests as usize, counts.payments_made as usize), (count, count));
    assert_eq!(server.logs().matches("PHP ").count(), 0, "{}", server.logs());
}
