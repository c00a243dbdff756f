//! A sandbox, the settings with which programs reach it, and the folder in which they are compiled.

use bayar_sandbox::{Options, PaymentRecord, Sandbox, TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::finished::{self, Finished, How};
use crate::keys;
use crate::ledger;
use crate::secrets::Secrets;
use crate::tool::repository;
use crate::workshop::Workshop;

/// Nobody listens there: every connection is refused at once.
pub(crate) const DEAD_ADDRESS: &str = "http://127.0.0.1:1";

const LONGER_THAN_ANY_LIMIT_MS: u64 = 600_000;

pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) workshop: Workshop,
    pub(crate) environment: Vec<(String, String)>,
    /// How many connections the sandbox had seen whenever a program let them be counted.
    pub(crate) connections: Vec<u64>,
    secrets: Secrets,
}

impl Desk {
    /// With the sandbox's own merchant.
    pub(crate) fn open(options: Options) -> Desk {
        let mut desk = Desk::empty(options);
        let key_file = desk.workshop.write("private-key.pem", TEST_PRIVATE_KEY_PEM);
        desk.secrets.add_key("the private key", TEST_PRIVATE_KEY_PEM);
        desk.set("BAYAR_PRIVATE_KEY_FILE", &text(&key_file));
        desk
    }

    /// With a merchant made for the occasion, whose key is protected the way DOKU's own instructions do it.
    pub(crate) fn with_a_key_of_its_own(options: Options) -> Desk {
        const PASSPHRASE: &str = "frasa-sandi-rahasia-42";
        let made = keys::rsa(2048);
        let client_secret = "SK-sangat-rahasia-4711".to_owned();
        let public = keys::public_of(&made);
        let mut desk = Desk::empty(Options { client_secret, merchant_public_key_pem: public, ..options });
        let protected = keys::protected(&made, PASSPHRASE, &["-v1", "PBE-SHA1-3DES"]);
        let key_file = desk.workshop.write("private-key.pem", &protected);
        desk.secrets.add_key("the private key", &made);
        desk.secrets.add_key("the encrypted private key", &protected);
        desk.secrets.add("the passphrase", PASSPHRASE);
        desk.set("BAYAR_PRIVATE_KEY_FILE", &text(&key_file));
        desk.set("BAYAR_PRIVATE_KEY_PASSPHRASE", PASSPHRASE);
        desk
    }

    fn empty(options: Options) -> Desk {
        let client_secret = options.client_secret.clone();
        let workshop = Workshop::open();
        let sandbox = Sandbox::start(options).unwrap();
        let mut secrets = Secrets::default();
        secrets.add("the client secret", &client_secret);
        let mut desk = Desk { sandbox, workshop, environment: Vec::new(), connections: Vec::new(), secrets };
        desk.set("BAYAR_ENVIRONMENT", "sandbox");
        desk.set("BAYAR_BASE_URL", &desk.sandbox.base_url());
        if !desk.sandbox.ca_pem().is_empty() {
            let ca_file = desk.workshop.write("ca.pem", desk.sandbox.ca_pem());
            desk.set("BAYAR_CA_FILE", &text(&ca_file));
        }
        desk.set("BAYAR_CLIENT_ID", TEST_CLIENT_ID);
        desk.set("BAYAR_CLIENT_SECRET", &client_secret);
        // Valgrind makes everything slow, and a busy machine more so.
        desk.set("BAYAR_TIMEOUT_MS", "120000");
        desk.set("BAYAR_CONNECT_TIMEOUT_MS", "120000");
        desk.set("BAYAR_STATUS_INTERVAL_MS", "50");
        desk
    }

    /// Replaces a variable of the programs' environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Gives the programs a journal in a file, and tells where.
    pub(crate) fn with_journal(&mut self) -> PathBuf {
        let path = self.workshop.path("bayar.db");
        self.set("BAYAR_JOURNAL", &text(&path));
        path
    }

    /// Names another text that no program may print.
    pub(crate) fn hide(&mut self, what: &'static str, text: &str) {
        self.secrets.add(what, text);
    }

    /// What is compiled from now on can be run that way.
    pub(crate) fn prepare(&mut self, how: How) {
        if how == How::Sanitized {
            self.workshop.sanitize();
        }
    }

    /// Compiles a program of `tests/c/` and runs it to success.
    pub(crate) fn run_test_program(&mut self, how: How, name: &str, arguments: &[&str]) -> Finished {
        self.prepare(how);
        let program = self.workshop.test_program(name);
        self.run(how, &program, arguments, None).succeeded()
    }

    /// Compiles a program of `tests/c/` that looks at what it holds of its machine.
    pub(crate) fn program_that_measures(&self, name: &str) -> PathBuf {
        let sources = [name, "check", "shop", "growth"];
        self.workshop.program(&sources.map(|source| repository(format!("tests/c/{source}.c"))))
    }

    /// Runs a program; the sandbox's customer does what it asks for, and nothing secret may be printed.
    pub(crate) fn run(&mut self, how: How, program: &Path, arguments: &[&str], input: Option<&[u8]>) -> Finished {
        assert_eq!(self.workshop.is_sanitized(), how == How::Sanitized, "the program was compiled for another way");
        let (sandbox, connections) = (&self.sandbox, &mut self.connections);
        let journal = self.environment.iter().find(|(name, _)| name == "BAYAR_JOURNAL");
        let journal = journal.map(|(_, path)| path.clone()).unwrap_or_default();
        let mut busy = None;
        let mut customer = |what: &str| match what.split_once(' ') {
            Some(("approves", reference)) => sandbox.approve(reference).unwrap(),
            Some(("declines", reference)) => sandbox.decline(reference).unwrap(),
            Some(("awaits", reference)) => await_made(sandbox, reference),
            Some(("time", "passes")) => ledger::make_all_due(Path::new(&journal)),
            Some(("journal", "breaks")) => ledger::set_aside(Path::new(&journal), true),
            Some(("journal", "is mended")) => ledger::set_aside(Path::new(&journal), false),
            Some(("journal", "is busy")) => busy = Some(ledger::keep_busy(Path::new(&journal))),
            Some(("journal", "is free")) => drop(busy.take()),
            Some(("network", "slow")) => sandbox.set_delay_ms(LONGER_THAN_ANY_LIMIT_MS),
            Some(("network", "lazy")) => sandbox.set_delay_ms(1_000),
            Some(("counts", _)) => connections.push(sandbox.counts().connections),
            Some(("network", "fast")) => sandbox.set_delay_ms(0),
            _ => panic!("the customer cannot do this: {what}"),
        };
        let finished = finished::run(how, program, arguments, &self.environment, input, &mut customer);
        self.secrets.add_traffic(&self.sandbox);
        self.secrets.assert_unseen(&finished);
        finished
    }

    pub(crate) fn secrets(&self) -> usize {
        self.secrets.len()
    }
}

/// Until a payment or a refund of that number was made.
fn await_made(sandbox: &Sandbox, number: &str) {
    let end = Instant::now() + Duration::from_secs(120);
    let is_made = || {
        let of_payment = |payment: &PaymentRecord| {
            let mut refunds = payment.refunds.iter();
            payment.partner_reference_no == number || refunds.any(|refund| refund.partner_refund_no == number)
        };
        sandbox.payments().iter().any(of_payment)
    };
    while !is_made() {
        assert!(Instant::now() < end, "{number} was never made");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
