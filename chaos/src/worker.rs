//! The program that is killed: it pays and refunds as it is told on its standard input, and tells what the library
//! answered on its standard output, a line each. Its settings come from the environment, as every program's may.

use crate::job::{Answer, Job, Outcome, Said};
use bayar::{Client, Config, Error, PaymentRequest, RefundRequest};
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

/// In place of what went wrong where the client could not even be made.
pub(crate) const NO_CLIENT: &str = "NoClient";

/// Works until the input ends.
pub(crate) fn work() -> io::Result<()> {
    // One that stands still would else outlive a driver that was killed.
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    let mut client = None;
    for line in io::stdin().lock().lines() {
        let job: Job = serde_json::from_str(&line?).map_err(io::Error::other)?;
        let begun = Instant::now();
        let mut answer = match &client {
            Some(client) => done(client, &job),
            None => match open() {
                Ok(new) => done(client.insert(new), &job),
                // Nothing is said about any payment: there is no client to say it.
                Err(error) => Answer { kind: NO_CLIENT.to_owned(), ..failed(&error) },
            },
        };
        answer.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        // One piece, which a pipe takes whole or not at all.
        let mut line = serde_json::to_string(&answer).map_err(io::Error::other)?;
        line.push('\n');
        let mut out = io::stdout().lock();
        out.write_all(line.as_bytes())?;
        out.flush()?;
    }
    Ok(())
}

/// A client as the environment says.
pub(crate) fn open() -> bayar::Result<Client> {
    let mut config = Config::new();
    config.load_environment()?;
    Client::new(&config)
}

fn done(client: &Client, job: &Job) -> Answer {
    let result = match job {
        Job::Pay { reference, amount } => pay(client, reference, amount),
        Job::Refund { reference, amount, original } => refund(client, reference, amount, original),
        Job::Settle => client.settle(Duration::from_secs(20)).map(|records| counted(records.len())),
        Job::Reconcile { day, limit_ms } => {
            client.reconcile(day, Duration::from_millis(*limit_ms)).map(|found| counted(found.records().len()))
        }
    };
    result.unwrap_or_else(|error| failed(&error))
}

fn pay(client: &Client, reference: &str, amount: &str) -> bayar::Result<Answer> {
    let payment = client.pay(&PaymentRequest::new(reference, amount)?)?;
    let outcome = Outcome {
        json: payment.json().to_owned(),
        link: payment.redirect_url().map(str::to_owned),
        external_id: payment.external_id().to_owned(),
    };
    Ok(success(outcome, payment.is_recorded()))
}

/// Refunds.
pub(crate) fn refund(client: &Client, reference: &str, amount: &str, original: &str) -> bayar::Result<Answer> {
    let refund = client.refund(&RefundRequest::new(original, amount, reference)?)?;
    let outcome = Outcome {
        json: refund.json().to_owned(),
        link: refund.refund_no().map(str::to_owned),
        external_id: refund.external_id().to_owned(),
    };
    Ok(success(outcome, refund.is_recorded()))
}

fn success(outcome: Outcome, is_recorded: bool) -> Answer {
    Answer {
        said: Said::Done,
        kind: String::new(),
        message: String::new(),
        outcome: Some(outcome),
        is_recorded,
        took_ms: 0,
    }
}

fn counted(records: usize) -> Answer {
    Answer {
        said: Said::Done,
        kind: String::new(),
        message: format!("{records} records"),
        outcome: None,
        is_recorded: true,
        took_ms: 0,
    }
}

/// What an error says.
pub(crate) fn failed(error: &Error) -> Answer {
    let said = match error.outcome() {
        bayar::Outcome::NotSent => Said::NotSent,
        bayar::Outcome::Refused => Said::Refused,
        _ => Said::Unknown,
    };
    let message = error.message().to_owned();
    Answer { said, kind: format!("{:?}", error.kind()), message, outcome: None, is_recorded: false, took_ms: 0 }
}
