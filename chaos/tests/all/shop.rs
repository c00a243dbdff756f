//! For the tests that start real programs: a sandbox over plain HTTP on a free port, and a worker's settings for it.

use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bayar-chaos");

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: tempfile::TempDir,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let sandbox = Sandbox::start(Options { tls: false, ..Options::default() }).unwrap();
        Self { sandbox, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn journal(&self) -> String {
        self.folder.path().join("journal.db").to_str().unwrap().to_owned()
    }

    /// The settings of a program that works for this shop.
    pub(crate) fn equip(&self, command: &mut Command, timeout_ms: u32) {
        for (name, value) in [
            ("ENVIRONMENT", "sandbox"),
            ("BASE_URL", &self.sandbox.base_url()),
            ("CLIENT_ID", TEST_CLIENT_ID),
            ("CLIENT_SECRET", TEST_CLIENT_SECRET),
            ("PRIVATE_KEY", TEST_PRIVATE_KEY_PEM),
            ("TLS_ROOTS", "none"),
            ("RETURN_URL", "https://shop.example/thanks"),
            ("TIMEOUT_MS", &timeout_ms.to_string()),
            ("JOURNAL", &self.journal()),
        ] {
            command.env(format!("BAYAR_{name}"), value);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
    }

    pub(crate) fn worker(&self, timeout_ms: u32, stop_at: Option<&str>) -> Worker {
        let mut command = Command::new(PROGRAM);
        command.arg("work");
        self.equip(&mut command, timeout_ms);
        if let Some(point) = stop_at {
            command.env("BAYAR_STOP_POINT", point);
        }
        Worker::start(command)
    }

    /// A payment that the customer has paid.
    pub(crate) fn paid(&self, reference: &str, amount: &str) {
        let mut worker = self.worker(20_000, None);
        assert_eq!(worker.call(&pay(reference, amount))["said"], "done");
        self.sandbox.approve(reference).unwrap();
    }

    pub(crate) fn refunds_made(&self, payment: &str) -> Vec<u64> {
        self.sandbox.payment(payment).unwrap().refunds.iter().map(|refund| refund.times_made).collect()
    }
}

pub(crate) fn pay(reference: &str, amount: &str) -> Value {
    json!({"do": "pay", "reference": reference, "amount": amount})
}

pub(crate) fn refund(payment: &str, amount: &str, reference: &str) -> Value {
    json!({"do": "refund", "reference": reference, "amount": amount, "original": payment})
}

/// A worker process. It is killed when it goes out of sight.
pub(crate) struct Worker {
    pub(crate) process: Child,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, answers }
    }

    pub(crate) fn give(&mut self, job: &Value) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{job}").unwrap();
    }

    pub(crate) fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("a worker said {line:?}: {error}"))
    }

    pub(crate) fn call(&mut self, job: &Value) -> Value {
        self.give(job);
        self.answer()
    }

    /// Lets it end by itself.
    pub(crate) fn end(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
    }

    pub(crate) fn wait_until_stopped(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
            if stat.rsplit_once(')').unwrap().1.trim_start().starts_with('T') {
                return;
            }
            assert!(Instant::now() < end, "the worker did not stop: {stat}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn wake(&self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::CONT).unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
