//! For P2 and P3: one row is one payment or refund against a misbehaving sandbox, and what its caller learns by
//! pressing the key again.

use crate::caller::Caller;
use crate::house::{House, Line, Said};
use bayar::{Kind, Outcome, PaymentRequest};
use bayar_sandbox::{Assumption, Endpoint, Misbehaviour, Options};
use std::time::{Duration, Instant};

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Pay,
    Refund,
}

impl Call {
    pub(crate) fn endpoint(self) -> Endpoint {
        match self {
            Self::Pay => Endpoint::Payment,
            Self::Refund => Endpoint::Refund,
        }
    }
}

/// What the first call must tell, after how many requests, and how often it was really made by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) said: Said,
    pub(crate) requests: u64,
    pub(crate) made: u64,
}

pub(crate) fn done(requests: u64) -> Told {
    Told { said: Said::Done, requests, made: 1 }
}

pub(crate) fn unknown(kind: Kind, requests: u64, made: u64) -> Told {
    Told { said: Said::Failed(kind, Outcome::Unknown), requests, made }
}

pub(crate) fn refused(kind: Kind, requests: u64) -> Told {
    Told { said: Said::Failed(kind, Outcome::Refused), requests, made: 0 }
}

pub(crate) fn not_sent(kind: Kind) -> Told {
    Told { said: Said::Failed(kind, Outcome::NotSent), requests: 0, made: 0 }
}

/// What the caller of something open is told while DOKU does not list it.
pub(crate) const OPEN: Said = Said::Failed(Kind::InProgress, Outcome::Unknown);

/// A limit that no good answer misses, even on a busy machine.
pub(crate) const LONG_MS: u64 = 10_000;
/// A limit that a hang reaches soon.
pub(crate) const SHORT_MS: u64 = 900;
/// How long a held-back request is held back: past the limit.
pub(crate) const HELD_MS: u64 = 1800;

/// One row of the table.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) call: Call,
    /// In their order, each so many times.
    pub(crate) rules: Vec<(Endpoint, u32, Misbehaviour)>,
    pub(crate) off: Vec<Assumption>,
    /// Whether the token is fetched before the misbehaviour begins.
    pub(crate) warm: bool,
    /// What the first call tells, and what the second when all is well again; where this is left open, only what is
    /// true of every row is held against it.
    pub(crate) expected: Option<(Told, Said)>,
}

impl Row {
    pub(crate) fn new(name: &str, call: Call, times: u32, what: Misbehaviour) -> Self {
        let name = format!("{name}{}", if times > 1 { ", always" } else { "" });
        Self { name, call, rules: vec![(call.endpoint(), times, what)], off: vec![], warm: true, expected: None }
    }

    pub(crate) fn expecting(mut self, first: Told, again: Said) -> Self {
        self.expected = Some((first, again));
        self
    }

    /// Hanging is met with a short limit, everything else with a long one.
    fn timeout_ms(&self) -> u64 {
        let hangs = |what: &Misbehaviour| {
            use Misbehaviour::{Delay, DelayBeforeWork, HalfThenSilence, NoHandshake, Trickle};
            matches!(what, Delay { .. } | DelayBeforeWork { .. } | HalfThenSilence | NoHandshake | Trickle { .. })
        };
        if self.rules.iter().any(|(_, _, what)| hangs(what)) { SHORT_MS } else { LONG_MS }
    }

    fn holds_back(&self) -> bool {
        self.rules.iter().any(|(_, _, what)| matches!(what, Misbehaviour::DelayBeforeWork { .. }))
    }
}

/// The payment or refund of one row.
struct Stage {
    house: House,
    caller: Caller,
    call: Call,
}

impl Stage {
    fn set(row: &Row) -> Self {
        let house = House::open(Options { switched_off: row.off.clone(), ..Options::default() });
        let stage = Self { caller: Caller::new(&house, row.timeout_ms()), house, call: row.call };
        if row.call == Call::Refund {
            // By another client, so that this one's token is its own.
            stage.house.client(60_000).pay(&payment("INV-1")).unwrap();
            stage.house.sandbox.approve("INV-1").unwrap();
        }
        if row.warm {
            assert!((0..20).any(|_| stage.caller.warms_up()));
        }
        stage
    }

    fn press(&self) -> Said {
        self.caller.press(self.call)
    }

    fn requests(&self) -> u64 {
        let counts = self.house.sandbox.counts();
        if self.call == Call::Pay { counts.payment_requests } else { counts.refund_requests }
    }

    fn made(&self) -> u64 {
        let record = self.house.sandbox.payment("INV-1");
        match self.call {
            Call::Pay => record.map_or(0, |payment| payment.times_made),
            Call::Refund => record.map_or(0, |payment| payment.refunds.iter().map(|refund| refund.times_made).sum()),
        }
    }
}

pub(crate) fn payment(reference: &str) -> PaymentRequest {
    PaymentRequest::new(reference, "10000.00").unwrap()
}

/// Presses the key under the misbehaviour, then twice more when all is well, and compares.
pub(crate) fn play(row: &Row) -> Line {
    let stage = Stage::set(row);
    for (on, times, what) in &row.rules {
        stage.house.misbehave(*on, *times, what.clone());
    }
    let mut problems = Vec::new();
    let begun = Instant::now();
    let first = Told { said: stage.press(), requests: stage.requests(), made: stage.made() };
    let took = begun.elapsed();
    stage.house.sandbox.behave();
    let again = stage.press();
    let made_by_again = stage.made();
    if row.holds_back() {
        std::thread::sleep(Duration::from_millis(HELD_MS + 200).saturating_sub(begun.elapsed()));
    }
    let third = stage.press();
    let (requests, made) = (stage.requests(), stage.made());

    if made > 1 {
        problems.push(format!("it was made {made} times"));
    }
    let presses = [(first.said, first.made), (again, made_by_again), (third, made)];
    for (said, made_then) in presses {
        if said.denies() && made_then > 0 || said == Said::Done && made_then == 0 {
            problems.push(format!("{said} was told, and it was made {made_then} times by then"));
        }
    }
    if third.denies() != again.denies() {
        problems.push(format!("the third press says {third}, the second said {again}"));
    }
    if presses.windows(2).any(|pair| pair[0].0 == Said::Done && pair[1].0 != Said::Done) {
        problems.push(format!("done is not told for good: {} | {again} | {third}", first.said));
    }
    let limit = Duration::from_millis(row.timeout_ms());
    if took > limit + Duration::from_secs(1) {
        problems.push(format!("it took {took:?}"));
    }
    match row.expected {
        Some(expected) if expected != (first, again) => {
            let (told, then) = expected;
            let Told { said, requests, made } = told;
            problems.push(format!("expected: {said}, {requests} requests, made {made}, then {then}"));
        }
        _ => {}
    }
    let call = format!("{:?}", row.call);
    let Told { said, requests: asked, made: by_then } = first;
    let then = format!("{again:<22} | {third:<22} | {requests} | {made} | {:>5} ms", took.as_millis());
    let text = format!("{call:<6} | {:<48} | {said:<24} | {asked} | {by_then} | {then}", row.name);
    Line { text, problems }
}
