//! What is sent again within one call, when, and under which id: the retry rule, in one function.
//!
//! By journal.md "Evidence". What a caller may do by calling again is the journal's matter (`operate.rs`, `settle.rs`).

use super::exchange::Transmission;
use crate::journal::evidence::{Effect, Evidence};
use crate::snap::codes::Proof;
use crate::snap::external_id::Operation;
use std::time::Duration;

/// What a call has tried so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Tries {
    /// How often DOKU did not take the token.
    pub(super) tokens: u32,
    /// Whether the request was sent again after its fate was unknown.
    pub(super) resent: bool,
    /// Whether our clock was put right after DOKU refused the signature.
    pub(super) clock: bool,
    /// How often DOKU asked to wait and we did.
    pub(super) waited: u32,
}

/// What holds at the moment of deciding.
pub(super) struct Circumstances {
    /// What the request does; `None` for a question, which moves no money.
    pub(super) operation: Option<Operation>,
    /// Whether DOKU surely still knows today's ids.
    pub(super) safe_day: bool,
    /// Whether this answer told that our clock is wrong, and it was not put right before.
    pub(super) clock_was_wrong: bool,
    /// What is left of the call's limit.
    pub(super) left: Duration,
    /// A random number, so that many tills do not come again at the same moment.
    pub(super) random: u8,
}

/// What to do next within the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: what came is the result.
    Stop,
    /// Renew the token, then send the same request under the same id.
    WithNewToken(Duration),
    /// Send the same bytes under the same id.
    SameAgain(Duration),
    /// Make a new attempt under a new id.
    NewAttempt(Duration),
}

/// A request is sent at the most this often when DOKU does not take the token.
const TOKEN_TRIES: u32 = 3;
/// How often a call waits because DOKU asks it to.
const WAITS: u32 = 2;
/// What must be left of the limit for it to be worth sending anything again.
const WORTH_IT: Duration = Duration::from_millis(200);

pub(super) fn next(tries: Tries, came: &Transmission, now: &Circumstances) -> Next {
    let jitter = |from_ms: u64, spread_ms: u64| {
        Duration::from_millis(from_ms + spread_ms * u64::from(now.random) / u64::from(u8::MAX))
    };
    let next = match came {
        Transmission::NotSent(_) | Transmission::TokenRefused(_) => Next::Stop,
        Transmission::Lost(_) => lost(tries, now, jitter(100, 200)),
        Transmission::Answered(reply) => match reply.proves() {
            // DOKU looks at the token before anything else, so nothing was done. The first renewal needs no pause; after
            // it another process is likely to be renewing as well.
            Proof::RenewToken if !reply.is_replay() && tries.tokens + 1 < TOKEN_TRIES => {
                Next::WithNewToken(if tries.tokens == 0 { Duration::ZERO } else { jitter(50, 400) })
            }
            // It looks at the signature before anything else, too.
            Proof::RefusedUntilMended if now.clock_was_wrong && !tries.clock => Next::SameAgain(Duration::ZERO),
            Proof::RefusedForNow if tries.waited < WAITS => match reply.retry_after() {
                Some(pause) if now.operation.is_some() => Next::NewAttempt(pause + jitter(0, 200)),
                Some(pause) => Next::SameAgain(pause + jitter(0, 200)),
                None => Next::Stop,
            },
            Proof::Nothing => lost(tries, now, jitter(100, 200)),
            _ => Next::Stop,
        },
    };
    let pause = match next {
        Next::Stop => return next,
        Next::WithNewToken(pause) | Next::SameAgain(pause) | Next::NewAttempt(pause) => pause,
    };
    if now.left > pause + WORTH_IT { next } else { Next::Stop }
}

/// A payment may be sent once more, for DOKU repeats its first answer for the same id on the same day. A refund may not,
/// and of a question the caller learns that it failed.
fn lost(tries: Tries, now: &Circumstances, pause: Duration) -> Next {
    let effect = now.operation.map(|operation| Evidence::NoAnswer.effect(operation));
    match effect {
        Some(Effect::OpenSendAgain) if now.safe_day && !tries.resent => Next::SameAgain(pause),
        _ => Next::Stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::snap::response::Reply;
    use Next::{NewAttempt, SameAgain, Stop, WithNewToken};

    fn answered(status: u16, code: &str) -> Transmission {
        let body = format!("{{\"responseCode\":\"{code}\"}}");
        Transmission::Answered(Reply::read(status, body.as_bytes()).unwrap())
    }

    fn come_again(seconds: &str) -> Transmission {
        let body = "{\"responseCode\":\"4295400\"}";
        Transmission::Answered(Reply::read(429, body.as_bytes()).unwrap().with_retry_after(Some(seconds)))
    }

    fn lost() -> Transmission {
        Transmission::Lost(Error::internal("lost"))
    }

    fn now(operation: Option<Operation>) -> Circumstances {
        Circumstances { operation, safe_day: true, clock_was_wrong: false, left: Duration::from_secs(20), random: 0 }
    }

    const PAYMENT: Option<Operation> = Some(Operation::Payment);
    const REFUND: Option<Operation> = Some(Operation::Refund);
    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn only_a_payment_of_unknown_fate_is_sent_again_and_only_once() {
        for came in [lost(), answered(500, "5005400"), answered(504, "5045400")] {
            assert_eq!(next(Tries::default(), &came, &now(PAYMENT)), SameAgain(MS(100)));
            assert_eq!(next(Tries { resent: true, ..Tries::default() }, &came, &now(PAYMENT)), Stop);
            assert_eq!(next(Tries::default(), &came, &Circumstances { safe_day: false, ..now(PAYMENT) }), Stop);
            assert_eq!(next(Tries::default(), &came, &now(REFUND)), Stop);
            assert_eq!(next(Tries::default(), &came, &now(None)), Stop);
        }
    }

    #[test]
    fn a_token_is_renewed_twice_the_second_time_after_a_random_pause() {
        let tries = |tokens| Tries { tokens, ..Tries::default() };
        let came = answered(401, "4015401");
        assert_eq!(next(tries(0), &came, &now(REFUND)), WithNewToken(MS(0)));
        assert_eq!(next(tries(1), &came, &now(REFUND)), WithNewToken(MS(50)));
        assert_eq!(next(tries(1), &came, &Circumstances { random: 255, ..now(REFUND) }), WithNewToken(MS(450)));
        assert_eq!(next(tries(2), &came, &now(REFUND)), Stop);
        // A repeated answer is about an earlier token: with a new one it would be the same.
        assert_eq!(next(tries(0), &answered(409, "4015401"), &now(REFUND)), Stop);
    }

    #[test]
    fn dokus_wish_to_wait_is_followed_within_the_limit_and_under_a_new_id() {
        assert_eq!(next(Tries::default(), &come_again("3"), &now(REFUND)), NewAttempt(MS(3000)));
        assert_eq!(next(Tries::default(), &come_again("3"), &now(None)), SameAgain(MS(3000)));
        assert_eq!(next(Tries::default(), &come_again("20"), &now(REFUND)), Stop);
        assert_eq!(next(Tries::default(), &come_again("soon"), &now(REFUND)), Stop);
        assert_eq!(next(Tries::default(), &answered(429, "4295400"), &now(REFUND)), Stop);
        assert_eq!(next(Tries { waited: 2, ..Tries::default() }, &come_again("1"), &now(REFUND)), Stop);
    }

    #[test]
    fn a_clock_put_right_is_tried_once() {
        let wrong = || Circumstances { clock_was_wrong: true, ..now(PAYMENT) };
        let came = answered(401, "4015400");
        assert_eq!(next(Tries::default(), &came, &wrong()), SameAgain(MS(0)));
        assert_eq!(next(Tries { clock: true, ..Tries::default() }, &came, &wrong()), Stop);
        assert_eq!(next(Tries::default(), &came, &now(PAYMENT)), Stop);
        assert_eq!(next(Tries::default(), &answered(403, "4035405"), &wrong()), Stop);
    }

    #[test]
    fn nothing_is_sent_again_when_the_time_is_nearly_over() {
        for came in [lost(), answered(401, "4015401"), come_again("0")] {
            assert_eq!(next(Tries::default(), &came, &Circumstances { left: MS(150), ..now(PAYMENT) }), Stop);
        }
    }
}
