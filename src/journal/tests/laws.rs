//! The rules of journal.md, each on every store.

use super::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// A till: one call after the other.
struct Till<'a> {
    house: &'a House,
    journal: Journal,
    last_call: std::cell::Cell<i64>,
}

/// Every call has a number of its own.
static CALLS: AtomicI64 = AtomicI64::new(1);

impl<'a> Till<'a> {
    fn new(house: &'a House) -> Self {
        Self { house, journal: house.journal(), last_call: std::cell::Cell::new(0) }
    }

    fn now(&self) -> Tick {
        self.house.clock.now()
    }

    fn begin_within(&self, intent: &Intent, limit: &Limit) -> Result<Begun> {
        self.last_call.set(CALLS.fetch_add(1, Ordering::SeqCst));
        self.begin_as(self.last_call.get(), intent, limit)
    }

    fn begin_as(&self, call: i64, intent: &Intent, limit: &Limit) -> Result<Begun> {
        let now = || self.now();
        let mut make = |need: Need<'_>| Ok(attempt(&need, self.now()));
        self.journal.begin(intent, false, call, &mut make, &now, limit)
    }

    /// With a call limit of 20 s.
    fn begin(&self, intent: &Intent) -> Result<Begun> {
        self.begin_within(intent, &soon())
    }

    fn hold(&self, intent: &Intent) -> (Record, bool) {
        match self.begin(intent).unwrap() {
            Begun::Mine { record, sent_before } => (record, sent_before),
            Begun::Settled(record) => panic!("{} is settled: {}", intent.reference, record.state.name()),
            Begun::Busy => panic!("{} is busy", intent.reference),
        }
    }

    fn finish(&self, held: &Record, finding: Finding) -> Finished {
        self.journal.finish(held, finding, "said", self.now(), &soon()).unwrap()
    }

    fn find(&self, intent: &Intent) -> Record {
        self.journal.find(intent.operation, &intent.reference, &soon()).unwrap().unwrap()
    }

    fn observe(&self, asked: &Record, observation: Observation, status: Option<TransactionStatus>) -> Record {
        let observation = std::cell::RefCell::new(Some(observation));
        let take = || observation.borrow_mut().take().unwrap_or(Observation::StillOpen);
        self.journal.observe(asked, take, status, self.now(), &soon()).unwrap().unwrap()
    }

    fn unknown(&self) -> Finding {
        Finding::Unknown(Open { last_sent: self.now(), ask_only: false })
    }
}

fn done() -> Finding {
    Finding::Done(Answer { http_status: 200, body: "{}".to_owned(), source: Source::Request })
}

fn is_busy(begun: Result<Begun>) -> bool {
    matches!(begun, Ok(Begun::Busy))
}

#[test]
fn what_is_done_or_refused_is_told_again_by_whoever_asks() {
    in_each(|house| {
        for (finding, state) in [(done(), State::Done), (Finding::Refused(answer()), State::Refused)] {
            let intent = payment(state.name(), "10000");
            let (held, sent_before) = Till::new(house).hold(&intent);
            assert!(!sent_before);
            Till::new(house).finish(&held, finding);
            match Till::new(house).begin(&intent).unwrap() {
                Begun::Settled(record) => assert_eq!(record.state, state, "{}", house.name),
                _ => panic!("{} {state:?}", house.name),
            }
        }
    });
}

fn answer() -> Answer {
    Answer { http_status: 403, body: "{}".to_owned(), source: Source::Request }
}

#[test]
fn the_same_reference_for_something_else_is_refused_and_changes_nothing() {
    in_each(|house| {
        let till = Till::new(house);
        let (held, _) = till.hold(&payment("INV-1", "10000"));
        let error = till.begin(&payment("INV-1", "10001")).err().unwrap();
        assert_eq!((error.kind(), error.field()), (Kind::ReferenceReused, Some("amount")), "{}", house.name);
        assert!(till.find(&held.intent) == held, "{}", house.name);
    });
}

#[test]
fn a_second_caller_waits_and_gets_the_result_of_the_first() {
    in_each(|house| {
        let intent = payment("INV-1", "10000");
        let first = Till::new(house);
        let (held, _) = first.hold(&intent);
        let second = Till::new(house);
        assert!(is_busy(second.begin_within(&intent, &short())), "{}", house.name);
        std::thread::scope(|scope| {
            let journal = house.journal();
            let now = house.clock.now();
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(50));
                journal.finish(&held, done(), "", now, &soon()).unwrap();
            });
            assert!(matches!(second.begin(&intent).unwrap(), Begun::Settled(_)), "{}", house.name);
        });
    });
}

#[test]
fn a_dead_call_is_taken_over_after_lease_and_limit_with_the_same_id_and_bytes() {
    in_each(|house| {
        let intent = payment("INV-1", "10000");
        let (held, _) = Till::new(house).hold(&intent);
        // 20 s of lease, 20 s of a call that began at its end, and a second of grace.
        house.clock.forward_s(39);
        assert!(is_busy(Till::new(house).begin_within(&intent, &short())), "{}", house.name);
        house.clock.forward_s(3);
        let (taken, sent_before) = Till::new(house).hold(&intent);
        assert!(sent_before, "{}: the dead call may have sent it", house.name);
        assert!(taken.attempt == held.attempt, "{}", house.name);
        assert_eq!((taken.number, taken.epoch), (1, held.epoch + 1), "{}", house.name);
        // For all that is known it was sent until now.
        assert_eq!(taken.open.unwrap().last_sent, house.clock.now(), "{}", house.name);
    });
}

#[test]
fn a_date_that_jumps_ends_no_hold() {
    in_each(|house| {
        let intent = payment("INV-1", "10000");
        Till::new(house).hold(&intent);
        house.clock.jump_s(86_400);
        assert!(is_busy(Till::new(house).begin_within(&intent, &short())), "{}", house.name);
    });
}

#[test]
fn after_a_reboot_nobody_holds_anything() {
    in_each(|house| {
        if !house.knows_boots {
            return;
        }
        let intent = refund("REF-1", "10000", "INV-1");
        Till::new(house).hold(&intent);
        house.clock.reboot();
        let (_, sent_before) = Till::new(house).hold(&intent);
        assert!(sent_before, "{}", house.name);
    });
}

#[test]
fn who_was_taken_over_writes_nothing_but_that_it_is_done() {
    in_each(|house| {
        for (finding, wins) in [
            (Finding::Refused(answer()), false),
            (Finding::RefusedForNow, false),
            (Finding::NothingNew, false),
            (done(), true),
        ] {
            let intent = refund(&format!("REF-{wins}-{}", finding_name(&finding)), "100", "INV-1");
            let slow = Till::new(house);
            let (held, _) = slow.hold(&intent);
            house.clock.forward_s(60);
            let (theirs, _) = Till::new(house).hold(&intent);
            let finished = slow.finish(&held, finding);
            let now = slow.find(&intent);
            if wins {
                assert!(matches!(finished, Finished::Written) && now.state == State::Done, "{}", house.name);
                // The other learns of it when it comes to write.
                match Till::new(house).finish(&theirs, Finding::NothingNew) {
                    Finished::TakenOver(record) => assert_eq!(record.state, State::Done, "{}", house.name),
                    Finished::Written => panic!("{}", house.name),
                }
            } else {
                assert!(matches!(finished, Finished::TakenOver(_)) && now == theirs, "{}", house.name);
            }
        }
    });
}

fn finding_name(finding: &Finding) -> &'static str {
    match finding {
        Finding::NothingNew => "nothing",
        Finding::Done(_) => "done",
        Finding::Refused(_) => "refused",
        _ => "other",
    }
}

#[test]
fn a_commit_in_doubt_that_did_happen_is_the_callers_own() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        match till.begin_as(till.last_call.get(), &intent, &soon()).unwrap() {
            Begun::Mine { record, sent_before } => assert!(record == held && !sent_before, "{}", house.name),
            _ => panic!("{}", house.name),
        }
    });
}

#[test]
fn a_result_is_written_also_where_the_store_has_forgotten_the_record() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        // A database that failed over to one that lags, as it were.
        let forgetful = Till { house, journal: Journal::new((house.open)("BRN-2")), last_call: Default::default() };
        assert!(matches!(forgetful.finish(&held, done()), Finished::Written), "{}", house.name);
        assert_eq!(forgetful.find(&intent).state, State::Done, "{}", house.name);
    });
}

#[test]
fn what_may_only_be_asked_about_stays_so_when_a_later_call_dies() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, Finding::Unknown(Open { last_sent: till.now(), ask_only: true }));
        till.hold(&intent);
        house.clock.forward_s(600);
        let (taken_over, _) = till.hold(&intent);
        assert!(taken_over.open.unwrap().ask_only, "{}", house.name);
    });
}

#[test]
fn what_was_never_sent_is_made_anew_under_the_same_id() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, Finding::NothingNew);
        house.clock.forward_s(7200);
        let (again, sent_before) = till.hold(&intent);
        assert!(!sent_before, "{}", house.name);
        assert_eq!(again.attempt.external_id, held.attempt.external_id, "{}", house.name);
        assert!(again.attempt.valid_up_to_ms > held.attempt.valid_up_to_ms, "{}", house.name);
    });
}

#[test]
fn a_refusal_for_now_makes_a_new_attempt_and_an_unknown_fate_none() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, Finding::RefusedForNow);
        let (second, sent_before) = till.hold(&intent);
        assert_eq!((second.number, sent_before), (2, false), "{}", house.name);
        assert_ne!(second.attempt.external_id, held.attempt.external_id, "{}", house.name);
        till.finish(&second, till.unknown());
        let (third, sent_before) = till.hold(&intent);
        assert_eq!((third.number, sent_before), (2, true), "{}", house.name);
        assert_eq!(third.attempt.external_id, second.attempt.external_id, "{}", house.name);
        // That this call sent nothing does not undo what an earlier one may have done.
        till.finish(&third, Finding::NothingNew);
        assert_eq!(till.find(&intent).state, State::Unknown, "{}", house.name);
    });
}

#[test]
fn two_numbers_may_not_refund_more_than_was_paid() {
    in_each(|house| {
        let till = Till::new(house);
        let (paid, _) = till.hold(&payment("INV-1", "10000"));
        till.finish(&paid, done());
        let (first, _) = till.hold(&refund("R1", "6000", "INV-1"));
        // The first is open: it may have happened.
        let error = till.begin(&refund("R2", "4000.01", "INV-1")).err().unwrap();
        assert_eq!((error.kind(), error.outcome()), (Kind::InvalidArgument, Outcome::NotSent), "{}", house.name);
        assert_eq!(error.field(), Some("amount"), "{}", house.name);
        assert!(error.message().contains("10000.00") && error.message().contains("6000.00"), "{error}");
        till.hold(&refund("R3", "4000", "INV-1"));
        // What was refused does not count.
        till.finish(&first, Finding::Refused(answer()));
        let (fourth, _) = till.hold(&refund("R4", "6000", "INV-1"));
        till.finish(&fourth, done());
        assert!(till.begin(&refund("R5", "1", "INV-1")).is_err(), "{}", house.name);
        // A person may know better.
        let now = || till.now();
        let mut make = |need: Need<'_>| Ok(attempt(&need, till.now()));
        let allowed = till.journal.begin(&refund("R5", "1", "INV-1"), true, 1, &mut make, &now, &soon());
        assert!(matches!(allowed.unwrap(), Begun::Mine { .. }), "{}", house.name);
        // Of a payment that the journal does not know nothing can be said.
        till.hold(&refund("R6", "1000000", "INV-ELSEWHERE"));
    });
}

#[test]
fn many_refunds_at_once_do_not_exceed_the_payment() {
    in_each(|house| {
        let till = Till::new(house);
        let (paid, _) = till.hold(&payment("INV-1", "10"));
        till.finish(&paid, done());
        let journals: Vec<_> = (0..8).map(|_| house.journal()).collect();
        let now_tick = house.clock.now();
        let made: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = journals
                .iter()
                .enumerate()
                .map(|(who, journal)| {
                    scope.spawn(move || {
                        let now = || now_tick;
                        let mut make = |need: Need<'_>| Ok(attempt(&need, now_tick));
                        (0..5)
                            .filter(|at| {
                                let intent = refund(&format!("R-{who}-{at}"), "1", "INV-1");
                                journal.begin(&intent, false, 1, &mut make, &now, &soon()).is_ok()
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(made, 10, "{}", house.name);
    });
}

#[test]
fn what_is_open_is_due_after_a_minute_and_then_ever_less_often() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, till.unknown());
        let due = |house: &House| {
            let by = Filter::Due(house.clock.now().wall_ms);
            house.journal().page(&by, None, 10, &soon()).unwrap().len()
        };
        let mut pauses = Vec::new();
        for _ in 0..9 {
            let mut seconds = 0;
            while due(house) == 0 {
                house.clock.forward_s(30);
                seconds += 30;
            }
            pauses.push(seconds);
            till.observe(&till.find(&intent), Observation::StillOpen, None);
        }
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], "{}", house.name);
    });
}

#[test]
fn asking_settles_by_proof_only() {
    in_each(|house| {
        let till = Till::new(house);
        for (observation, state) in [
            (Observation::Done(answer()), State::Done),
            (Observation::Refused(answer()), State::Refused),
            (Observation::Conflict("another amount".to_owned()), State::Conflict),
            (Observation::NotFound, State::Unknown),
            (Observation::StillOpen, State::Unknown),
        ] {
            let intent =
                refund(&format!("R-{}-{:?}", state.name(), std::mem::discriminant(&observation)), "1", "INV-1");
            let (held, _) = till.hold(&intent);
            till.finish(&held, till.unknown());
            let record = till.observe(&till.find(&intent), observation, None);
            assert_eq!((record.state, record.asked), (state, 1), "{}", house.name);
            assert!(till.find(&intent) == record, "{}", house.name);
            assert_eq!(record.next_ask_ms.is_some(), state.is_open(), "{}", house.name);
        }
    });
}

#[test]
fn what_asking_taught_is_not_written_over_a_call_that_was_at_work_meanwhile() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = refund("R1", "1", "INV-1");
        let (held, _) = till.hold(&intent);
        // At work now.
        let untouched = till.observe(&held, Observation::Refused(answer()), None);
        assert!(untouched == held, "{}", house.name);
        till.finish(&held, till.unknown());
        let asked = till.find(&intent);
        let (again, _) = till.hold(&intent);
        till.finish(&again, till.unknown());
        // At work in between.
        let untouched = till.observe(&asked, Observation::Refused(answer()), None);
        assert_eq!(untouched.state, State::Unknown, "{}", house.name);
    });
}

#[test]
fn a_call_that_died_at_work_is_asked_about_when_its_hold_is_over() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = refund("R1", "1", "INV-1");
        till.hold(&intent);
        house.clock.forward_s(120);
        let record = till.observe(&till.find(&intent), Observation::StillOpen, None);
        assert_eq!(record.state, State::Unknown, "{}", house.name);
        assert_eq!(record.open.unwrap().last_sent, house.clock.now(), "{}", house.name);
        assert!(record.hold.is_none(), "{}", house.name);
    });
}

#[test]
fn a_payment_expires_when_doku_did_not_know_it_three_times_after_its_end() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, till.unknown());
        let ask = || till.observe(&till.find(&intent), Observation::NotFound, None).state;
        for _ in 0..5 {
            assert_eq!(ask(), State::Unknown, "{}: its link may still be paid", house.name);
        }
        house.clock.forward_s(3600 + 599);
        assert_eq!(ask(), State::Unknown, "{}: ten minutes more", house.name);
        house.clock.forward_s(1);
        assert_eq!((ask(), ask(), ask()), (State::Unknown, State::Unknown, State::Expired), "{}", house.name);
        assert!(matches!(till.begin(&intent).unwrap(), Begun::Settled(_)), "{}", house.name);
        // A refund never does.
        let intent = refund("R1", "1", "INV-9");
        let (held, _) = till.hold(&intent);
        till.finish(&held, till.unknown());
        house.clock.forward_s(7 * 86_400);
        for _ in 0..4 {
            let record = till.observe(&till.find(&intent), Observation::NotFound, None);
            assert_eq!(record.state, State::Unknown, "{}", house.name);
        }
    });
}

#[test]
fn money_that_comes_after_a_payment_was_given_up_is_seen() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, done());
        assert_eq!(till.find(&intent).next_ask_ms, None, "{}", house.name);
        let resolve =
            |resolution| till.journal.resolve(&intent.key(), resolution, "the customer left", till.now(), &soon());
        let given_up = resolve(Resolution::Abandoned).unwrap();
        assert_eq!(given_up.state, State::Abandoned, "{}", house.name);
        assert!(given_up.next_ask_ms.is_some(), "{}: its link may still be paid", house.name);
        house.clock.forward_s(60);
        let pending = till.observe(&till.find(&intent), Observation::StillOpen, Some(TransactionStatus::Pending));
        assert!(!pending.is_paid_after_cancel() && pending.next_ask_ms.is_some(), "{}", house.name);
        let paid = till.observe(&pending, Observation::Done(answer()), Some(TransactionStatus::Paid));
        assert!(paid.is_paid_after_cancel(), "{}", house.name);
        assert_eq!((paid.state, paid.next_ask_ms), (State::Abandoned, None), "{}", house.name);
        assert!(paid.trail.contains("paid, after it was given up"), "{}", paid.trail);
        // It was asked about no longer than its link could be paid.
        let intent = payment("INV-2", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, done());
        till.journal.resolve(&intent.key(), Resolution::Abandoned, "left", till.now(), &soon()).unwrap();
        house.clock.forward_s(3600 + 600);
        let over = till.observe(&till.find(&intent), Observation::NotFound, None);
        assert_eq!((over.state, over.next_ask_ms), (State::Abandoned, None), "{}", house.name);
    });
}

#[test]
fn a_person_closes_what_is_open_and_nothing_else() {
    in_each(|house| {
        let till = Till::new(house);
        let resolve = |intent: &Intent, resolution| {
            till.journal.resolve(&intent.key(), resolution, "seen in the dashboard", till.now(), &soon())
        };
        let all = [Resolution::Done, Resolution::Refused, Resolution::Abandoned];
        for (at, resolution) in all.into_iter().enumerate() {
            let intent = refund(&format!("R{at}"), "1", "INV-1");
            assert!(resolve(&intent, resolution).is_err(), "{}: there is no such record", house.name);
            let (held, _) = till.hold(&intent);
            let busy = resolve(&intent, resolution).err().unwrap();
            assert!(busy.message().contains("a call is at work on it"), "{busy}");
            till.finish(&held, till.unknown());
            let closed = resolve(&intent, resolution).unwrap();
            assert!(!closed.state.is_open() && closed.next_ask_ms.is_none(), "{}", house.name);
            assert_eq!(closed.note.as_deref(), Some("seen in the dashboard"), "{}", house.name);
            assert!(closed.trail.contains("closed by hand"), "{}", closed.trail);
            assert!(till.find(&intent) == closed, "{}", house.name);
            for again in all {
                match again == resolution {
                    // It may be said again, as after a commit whose fate was in doubt: nothing is changed by it.
                    true => assert!(resolve(&intent, again).unwrap() == closed, "{}", house.name),
                    false => assert!(resolve(&intent, again).is_err(), "{} {resolution:?} {again:?}", house.name),
                }
            }
            let other =
                till.journal.resolve(&intent.key(), resolution, "in other words", till.now(), &soon()).err().unwrap();
            assert!(other.message().contains("what is settled"), "{other}");
            assert!(till.find(&intent) == closed, "{}", house.name);
        }
        // A refund that is done is not given up, nor a payment that is paid.
        let intent = payment("INV-9", "1");
        let (held, _) = till.hold(&intent);
        till.finish(&held, done());
        till.observe(&till.find(&intent), Observation::StillOpen, Some(TransactionStatus::Paid));
        assert!(resolve(&intent, Resolution::Abandoned).is_err(), "{}", house.name);
    });
}

#[test]
fn nothing_takes_back_what_was_paid_but_a_refund() {
    use TransactionStatus as T;
    let all = [T::Paid, T::Initiated, T::Paying, T::Pending, T::Refunded, T::Cancelled, T::Failed, T::NotFound];
    for said in all {
        assert_eq!(super::super::merge(None, Some(said)), Some(said));
        let after_paid = if said == T::Refunded { T::Refunded } else { T::Paid };
        assert_eq!(super::super::merge(Some(T::Paid), Some(said)), Some(after_paid));
        assert_eq!(super::super::merge(Some(T::Refunded), Some(said)), Some(T::Refunded));
        assert_eq!(super::super::merge(Some(said), None), Some(said));
        let after_failed = if said == T::NotFound { T::Failed } else { said };
        assert_eq!(super::super::merge(Some(T::Failed), Some(said)), Some(after_failed));
    }
}

#[test]
fn the_trail_tells_what_happened_and_does_not_grow_for_ever() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        for _ in 0..100 {
            let (held, _) = till.hold(&intent);
            till.finish(&held, till.unknown());
        }
        let trail = till.find(&intent).trail;
        assert!(trail.len() <= 4_000 && trail.lines().count() > 20, "{}", house.name);
        assert!(trail.lines().all(|line| line.starts_with("2026-11-22T12:")), "{trail}");
        assert!(trail.contains("attempt 1 under X-EXTERNAL-ID 1111") && trail.contains("unknown: said"), "{trail}");
    });
}

#[test]
fn a_payment_that_was_given_up_is_asked_about_until_doku_has_answered() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = payment("INV-1", "10000");
        let (held, _) = till.hold(&intent);
        till.finish(&held, done());
        // Its link is dead by the time that a person gives it up, and the network is down.
        house.clock.forward_s(3600 + 700);
        till.journal.resolve(&intent.key(), Resolution::Abandoned, "left", till.now(), &soon()).unwrap();
        house.clock.forward_s(60);
        let failed = till.observe(&till.find(&intent), Observation::StillOpen, None);
        assert!(failed.next_ask_ms.is_some(), "{}: nobody has answered", house.name);
        let answered = till.observe(&failed, Observation::NotFound, None);
        assert_eq!(answered.next_ask_ms, None, "{}", house.name);
    });
}

#[test]
fn proof_that_it_was_done_counts_more_than_what_a_person_believed() {
    in_each(|house| {
        let till = Till::new(house);
        let intent = refund("R1", "1", "INV-1");
        let (held, _) = till.hold(&intent);
        house.clock.forward_s(120);
        till.journal.resolve(&intent.key(), Resolution::Refused, "not in the dashboard", till.now(), &soon()).unwrap();
        assert!(matches!(till.finish(&held, done()), Finished::Written), "{}", house.name);
        assert_eq!(till.find(&intent).state, State::Done, "{}", house.name);
    });
}
