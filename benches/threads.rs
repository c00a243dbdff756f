//! How many more payments a second eight threads make on one client than one thread does, over HTTPS, where the server
//! takes five milliseconds for each request: what the client keeps locked while it waits would show here.

#[path = "support/rounds.rs"]
mod rounds;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use bayar::{Client, Config, PaymentRequest};
use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use rounds::{Round, ours, ratio, theirs, wanted};

type Problem = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 21;
const THREADS: usize = 8;
/// Of each thread in each round.
const PAYMENTS: usize = 40;
const DELAY_MS: u64 = 5;

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let sandbox = Sandbox::start(Options::default())?;
    let shop = Shop { client: client(&sandbox)?, next: AtomicUsize::new(0) };
    sandbox.set_delay_ms(DELAY_MS);
    // A round that goes unprinted: the token, and a connection for each thread.
    shop.payments_per_second(THREADS)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let theirs = shop.payments_per_second(1)?;
        rounds.push(Round { ours: shop.payments_per_second(THREADS)?, theirs });
    }
    let made = sandbox.counts().payments_made;
    let asked = shop.next.load(Ordering::Relaxed);
    if usize::try_from(made)? != asked {
        return Err(format!("{asked} payments were asked for, and {made} were made.").into());
    }
    let out = &mut stdout().lock();
    writeln!(
        out,
        "Medians of {ROUNDS} rounds of {PAYMENTS} payments a thread in turn (least to most); the server takes"
    )?;
    writeln!(out, "{DELAY_MS} ms for each. The ratio is within a round.")?;
    writeln!(out, "{THREADS} threads / 1 thread      {:.2}", ratio(&rounds))?;
    writeln!(out, "  {THREADS} threads               {:.0} payments a second", ours(&rounds))?;
    writeln!(out, "  1 thread                {:.0} payments a second", theirs(&rounds))?;
    writeln!(out, "  connections             {}", sandbox.counts().connections)?;
    Ok(())
}

fn client(sandbox: &Sandbox) -> Result<Client, Problem> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-threads");
    fs::create_dir_all(&place)?;
    let (ca, key) = (place.join("ca.pem"), place.join("key.pem"));
    fs::write(&ca, sandbox.ca_pem())?;
    fs::write(&key, TEST_PRIVATE_KEY_PEM)?;
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", TEST_CLIENT_SECRET),
        ("private_key_file", &key.to_string_lossy()),
        ("base_url", &sandbox.base_url()),
        ("ca_file", &ca.to_string_lossy()),
        ("tls_roots", "none"),
        ("return_url", "https://shop.example/thanks"),
    ] {
        config.set(name, value)?;
    }
    Ok(Client::new(&config)?)
}

struct Shop {
    client: Client,
    /// The number of the next payment.
    next: AtomicUsize,
}

impl Shop {
    /// From when all threads are ready to when the last of them is done.
    fn payments_per_second(&self, threads: usize) -> Result<f64, Problem> {
        let ready = Barrier::new(threads + 1);
        let elapsed = thread::scope(|scope| {
            let busy = || {
                ready.wait();
                (0..PAYMENTS).try_for_each(|_| self.pay())
            };
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(busy)).collect();
            ready.wait();
            let begun = Instant::now();
            for thread in running {
                thread.join().map_err(|_| "A thread panicked.")??;
            }
            Ok::<_, Problem>(begun.elapsed())
        })?;
        Ok((threads * PAYMENTS) as f64 / elapsed.as_secs_f64())
    }

    fn pay(&self) -> Result<(), Problem> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let request = PaymentRequest::new(&format!("BENCH-{number:010}"), "125000.00")?;
        self.client.pay(&request)?;
        Ok(())
    }
}
