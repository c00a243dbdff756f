//! Several machines on one journal.

use crate::amount::Amount;
use crate::clock::Tick;
use crate::error::{Kind, Outcome};
use crate::journal::postgres::testing::{Server, limit, store, store_at, within};
use crate::journal::store::{Change, Filter, Store};
use crate::journal::{Answer, Attempt, Begun, Finding, Finished, Intent, Journal, Need, Record, Source, State};
use crate::snap::external_id::Operation;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

pub(super) fn payment(reference: &str) -> Intent {
    intent(Operation::Payment, reference, "10000", None)
}

pub(super) fn refund(reference: &str, amount: &str) -> Intent {
    intent(Operation::Refund, reference, amount, Some("INV-1"))
}

fn intent(operation: Operation, reference: &str, amount: &str, original: Option<&str>) -> Intent {
    Intent {
        operation,
        reference: reference.to_owned(),
        amount: Amount::parse(amount).unwrap(),
        channel: "EMONEY".to_owned(),
        original: original.map(str::to_owned),
    }
}

pub(super) fn attempt(_: Need<'_>) -> crate::error::Result<Attempt> {
    Ok(Attempt {
        external_id: "1".repeat(32),
        body: b"{\"what\":\"is sent\"}".to_vec(),
        device_id: "till".to_owned(),
        ip_address: None,
        valid_up_to_ms: 0,
        begun: at(0),
        begun_by_doku: false,
    })
}

/// A machine's clock; what it says is of no matter.
pub(super) fn at(wall_ms: i64) -> Tick {
    Tick { wall_ms, steady_ms: wall_ms / 7, boot: wall_ms }
}

pub(super) fn begin(journal: &Journal, intent: &Intent, wall_ms: i64, limit: &crate::limit::Limit) -> Begun {
    static CALLS: AtomicI64 = AtomicI64::new(1);
    let call = CALLS.fetch_add(1, Ordering::SeqCst);
    journal.begin(intent, false, call, &mut attempt, &|| at(wall_ms), limit).unwrap()
}

pub(super) fn mine(begun: Begun) -> Record {
    match begun {
        Begun::Mine { record, .. } => record,
        Begun::Settled(_) => panic!("it is settled"),
        Begun::Busy => panic!("it is held by another"),
    }
}

pub(super) fn done() -> Finding {
    Finding::Done(Answer { http_status: 200, body: "{}".to_owned(), source: Source::Request })
}

#[test]
fn a_lease_is_over_by_the_databases_time_however_wrong_the_machines_clocks_are() {
    let server = Server::shared();
    let database = server.database();
    let (here, there) = (Journal::new(Box::new(store_at(&server.url(&database)))), store_at(&server.url(&database)));
    here.create(&limit()).unwrap();
    let there = Journal::new(Box::new(there));
    let day_ms = 86_400_000;
    // The lease is 200 ms long, so that the hold is over after 2 * 200 + 1000 ms.
    let held = mine(begin(&here, &payment("INV-1"), 0, &within(Duration::from_millis(200))));
    // A machine that is a day ahead takes nothing over.
    let early = begin(&there, &payment("INV-1"), day_ms, &within(Duration::from_millis(300)));
    assert!(matches!(early, Begun::Busy));
    // One that is a day behind does when it is time.
    match begin(&there, &payment("INV-1"), -day_ms, &limit()) {
        Begun::Mine { sent_before, .. } => assert!(sent_before, "what the dead call sent is not known"),
        _ => panic!("not taken over"),
    }
    let late = here.finish(&held, Finding::NothingNew, "", at(0), &limit()).unwrap();
    assert!(matches!(late, Finished::TakenOver(_)));
}

#[test]
fn of_many_refunds_at_once_only_so_many_are_begun_as_were_paid_for() {
    let server = Server::shared();
    let database = server.database();
    let journal = Journal::new(Box::new(store_at(&server.url(&database))));
    journal.create(&limit()).unwrap();
    let paid = mine(begin(&journal, &payment("INV-1"), 0, &limit()));
    journal.finish(&paid, done(), "", at(0), &limit()).unwrap();
    // Each from a machine of its own, and under a number of its own: 10000 were paid, three times 3000 go into it.
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..12)
            .map(|number| {
                let url = server.url(&database);
                scope.spawn(move || {
                    let journal = Journal::new(Box::new(store_at(&url)));
                    let refund = refund(&format!("R-{number}"), "3000");
                    let call = 1_000 + number;
                    journal.begin(&refund, false, call, &mut attempt, &|| at(0), &limit()).map(mine)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let refused: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(refused.len(), 12 - 3);
    assert!(refused.iter().all(|error| (error.kind(), error.outcome()) == (Kind::InvalidArgument, Outcome::NotSent)));
}

#[test]
fn one_of_many_callers_holds_an_operation_and_the_others_get_its_result() {
    let server = Server::shared();
    let database = server.database();
    store_at(&server.url(&database)).create(&limit()).unwrap();
    let held: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..12)
            .map(|_| {
                let url = server.url(&database);
                scope.spawn(move || {
                    let journal = Journal::new(Box::new(store_at(&url)));
                    match begin(&journal, &payment("INV-1"), 0, &limit()) {
                        Begun::Mine { record, sent_before } => {
                            assert!(!sent_before);
                            std::thread::sleep(Duration::from_millis(50));
                            journal.finish(&record, done(), "", at(0), &limit()).unwrap();
                            1
                        }
                        Begun::Settled(record) => {
                            assert!(
                                record.answer
                                    == Some(Answer {
                                        http_status: 200,
                                        body: "{}".to_owned(),
                                        source: Source::Request
                                    })
                            );
                            0
                        }
                        Begun::Busy => panic!("the limit was over"),
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(held, 1);
}

#[test]
fn who_was_overtaken_between_reading_and_writing_reads_and_decides_again() {
    let server = Server::shared();
    let database = server.database();
    let (here, there) = (store_at(&server.url(&database)), store_at(&server.url(&database)));
    here.create(&limit()).unwrap();
    let journal = Journal::new(Box::new(store_at(&server.url(&database))));
    // Every change counts the epoch up or ends the state that the epoch began.
    let changes: [fn(&mut Record); 2] = [|record| record.epoch += 1, |record| record.state = State::Unknown];
    for (number, change) in changes.into_iter().enumerate() {
        for intent in [payment(&format!("INV-{number}")), refund(&format!("R-{number}"), "1")] {
            let held = mine(begin(&journal, &intent, 0, &limit()));
            let mut seen_notes = Vec::new();
            let key = intent.key();
            here.update(&key, intent.original.as_deref(), &limit(), &mut |seen| {
                let mut ours = seen.record.unwrap();
                seen_notes.push(ours.note.clone());
                if seen_notes.len() == 1 {
                    there.update(&key, None, &limit(), &mut |seen| {
                        let mut theirs = seen.record.unwrap();
                        theirs.note = Some("theirs".to_owned());
                        change(&mut theirs);
                        Ok(Change::Write(Box::new(theirs)))
                    })?;
                }
                ours.epoch += 1;
                Ok(Change::Write(Box::new(ours)))
            })
            .unwrap();
            assert_eq!(seen_notes, [None, Some("theirs".to_owned())], "{key:?}");
            let known = here.find(&key, &limit()).unwrap().unwrap();
            assert_eq!(known.note.as_deref(), Some("theirs"));
            assert!(known.epoch > held.epoch);
        }
    }
}

#[test]
fn pages_are_in_the_order_of_bytes_whatever_the_databases_language() {
    let journal = Journal::new(Box::new(store()));
    let references = ["a", "B", "b", "A", "a-b", "ab", "Z", "_", "10", "9"];
    for reference in references {
        mine(begin(&journal, &payment(reference), 7, &limit()));
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = journal.page(&Filter::All, after.as_ref(), 3, &limit()).unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.created_ms, last.key()));
        found.extend(page.into_iter().map(|record| record.intent.reference));
    }
    let mut sorted = references.to_vec();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
}

#[test]
fn a_lock_that_somebody_keeps_holds_nobody_beyond_his_limit() {
    let server = Server::shared();
    let database = server.database();
    let journal = Journal::new(Box::new(store_at(&server.url(&database))));
    journal.create(&limit()).unwrap();
    mine(begin(&journal, &payment("INV-1"), 0, &limit()));
    std::thread::scope(|scope| {
        scope.spawn(|| server.sql(&database, "BEGIN; LOCK TABLE bayar_operation; SELECT pg_sleep(3); COMMIT"));
        std::thread::sleep(Duration::from_millis(1_000));
        let begun = std::time::Instant::now();
        let result = journal.find(Operation::Payment, "INV-1", &within(Duration::from_millis(300)));
        let error = result.err().expect("it is locked");
        assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::NotSent));
        assert!(begun.elapsed() < Duration::from_millis(1_200), "{:?}", begun.elapsed());
    });
    // The connection that was left in the middle is not used again.
    assert!(journal.find(Operation::Payment, "INV-1", &limit()).unwrap().is_some());
}
