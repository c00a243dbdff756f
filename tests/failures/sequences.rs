//! Proves P3 where one failure follows another within one call: what the first of them left open stays open.

use crate::house::{Said, walk};
use crate::play::{Call, Row, Told, done, play, unknown};
use crate::table::ALWAYS;
use bayar::{Kind, Outcome};
use bayar_sandbox::{Endpoint, Misbehaviour as M};

#[test]
fn a_failure_that_follows_another_does_not_hide_it() {
    use Endpoint::{Payment, Refund, Token};
    use Kind::{BadAnswer, ConnectionLost, ServerError, TryLater};
    let mut rows = Vec::new();
    let mut add = |name: &str, call: Call, rules: &[(Endpoint, u32, M)], first: Told, again: Said| {
        let mut row = Row::new(name, call, 1, M::CloseAfterWork).expecting(first, again);
        row.rules = rules.to_vec();
        rows.push(row);
    };
    let not_sent = |kind: Kind| Told { said: Said::Failed(kind, Outcome::NotSent), requests: 1, made: 0 };
    let closed = M::CloseBeforeWork;
    let page = M::Html { status: 502 };
    for (call, on) in [(Call::Pay, Payment), (Call::Refund, Refund)] {
        let old = (on, 1, M::OldToken);
        let rules = [old.clone(), (Token, ALWAYS, closed.clone())];
        add("old token, no new one: closed", call, &rules, not_sent(ConnectionLost), Said::Done);
        let rules = [old.clone(), (Token, ALWAYS, page.clone())];
        add("old token, no new one: HTML", call, &rules, not_sent(BadAnswer), Said::Done);
        let rules = [old.clone(), (on, 1, M::TooMany { retry_after_s: Some(0) })];
        add("old token, then 429", call, &rules, done(3), Said::Done);
        let rules = [(on, 1, M::TooMany { retry_after_s: Some(0) }), old];
        add("429, then old token", call, &rules, done(3), Said::Done);
        let rules = [(on, 1, M::TooMany { retry_after_s: Some(0) }), (on, ALWAYS, M::TooMany { retry_after_s: None })];
        let refused = Told { said: Said::Failed(TryLater, Outcome::Refused), requests: 2, made: 0 };
        add("429, then 429 for good", call, &rules, refused, Said::Done);
    }
    let rules = [(Refund, 1, M::TooMany { retry_after_s: Some(0) }), (Refund, 1, M::CloseAfterWork)];
    add("429, then lost", Call::Refund, &rules, unknown(ConnectionLost, 2, 1), Said::Done);
    let rules = [(Refund, 1, M::OldToken), (Refund, 1, M::CloseAfterWork)];
    add("old token, then lost", Call::Refund, &rules, unknown(ConnectionLost, 2, 1), Said::Done);
    let lost = (Payment, 1, M::CloseAfterWork);
    let rules = [lost.clone(), (Payment, 1, M::OldToken), (Token, ALWAYS, page)];
    add("lost, then old token, no new one", Call::Pay, &rules, unknown(ConnectionLost, 2, 1), Said::Done);
    let rules = [lost.clone(), (Payment, 1, M::OldToken)];
    add("lost, then old token", Call::Pay, &rules, done(3), Said::Done);
    let rules = [(Payment, 1, M::OldToken), lost.clone()];
    add("old token, then lost", Call::Pay, &rules, done(3), Said::Done);
    let rules = [(Payment, 1, M::TooMany { retry_after_s: Some(0) }), lost.clone()];
    add("429, then lost", Call::Pay, &rules, done(3), Said::Done);
    let rules = [lost.clone(), (Payment, 1, M::NoHandshake)];
    add("lost, then a handshake that never ends", Call::Pay, &rules, unknown(ConnectionLost, 1, 1), Said::Done);
    let rules = [lost.clone(), (Payment, 1, M::Delay { ms: 60_000 })];
    add("lost, then a minute late", Call::Pay, &rules, unknown(Kind::Timeout, 2, 1), Said::Done);
    let rules = [lost, (Payment, ALWAYS, M::Code { http: 503, code: "5035400".to_owned() })];
    add("lost, then 503", Call::Pay, &rules, unknown(ServerError, 2, 1), Said::Done);
    walk("One after another", 12, &rows, play);
}
