//! What every store has to do.

use super::*;

#[test]
fn a_record_comes_back_as_it_was_written() {
    in_each(|house| {
        let mut bare = full_record();
        bare.intent = payment("INV-2", "1");
        bare.attempt.ip_address = None;
        (bare.answer, bare.open, bare.hold, bare.transaction_status) = (None, None, None, None);
        (bare.next_ask_ms, bare.note, bare.state) = (None, None, State::Done);
        for record in [full_record(), bare] {
            write(&*house.store(), &record);
            let found = house.store().find(&record.key(), &soon()).unwrap();
            assert!(found.as_ref() == Some(&record), "{}", house.name);
            // And over what is there.
            let changed = Record { state: State::Abandoned, epoch: 8, hold: None, ..record.clone() };
            write(&*house.store(), &changed);
            assert!(house.store().find(&record.key(), &soon()).unwrap() == Some(changed), "{}", house.name);
        }
        for state in State::ALL {
            let record = Record { state, number: 2, ..full_record() };
            write(&*house.store(), &record);
            assert!(house.store().find(&record.key(), &soon()).unwrap() == Some(record), "{} {state:?}", house.name);
        }
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    in_each(|house| {
        write(&*house.store(), &full_record());
        let key = full_record().key();
        for key in [
            Key { operation: Operation::Payment, ..key.clone() },
            Key { reference: "REF-1".to_owned(), ..key.clone() },
            Key { reference: key.reference.to_lowercase(), ..key },
        ] {
            assert!(house.store().find(&key, &soon()).unwrap().is_none(), "{} {key:?}", house.name);
        }
    });
}

#[test]
fn each_merchant_has_records_and_a_token_of_its_own() {
    in_each(|house| {
        write(&*house.store(), &full_record());
        let other = (house.open)("BRN-2");
        assert!(other.find(&full_record().key(), &soon()).unwrap().is_none(), "{}", house.name);
        assert!(other.page(&Filter::All, None, 10, &soon()).unwrap().is_empty(), "{}", house.name);
        assert_eq!(other.prune(i64::MAX, 10, &soon()).unwrap(), 0, "{}", house.name);
        if let Some(mine) = house.store().token(&soon()).unwrap() {
            let token = SharedToken { token: Some(Secret::new("t")), ..mine };
            assert!(house.store().put_token(&token, &soon()).unwrap());
            assert!(other.token(&soon()).unwrap().unwrap().token.is_none(), "{}", house.name);
        }
    });
}

#[test]
fn nothing_is_written_unless_it_is_decided() {
    in_each(|house| {
        let store = house.store();
        let key = full_record().key();
        store.update(&key, None, &soon(), &mut |_| Ok(Change::Keep)).unwrap();
        let refused = store.update(&key, None, &soon(), &mut |_| Err(Error::internal("no")));
        assert_eq!(refused.unwrap_err().kind(), Kind::Internal, "{}", house.name);
        assert!(store.find(&key, &soon()).unwrap().is_none(), "{}", house.name);
        // And the store is usable afterwards, also after a panic.
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = store.update(&key, None, &soon(), &mut |_| panic!("in the middle"));
        }));
        assert!(panicked.is_err());
        write(&*store, &full_record());
    });
}

#[test]
fn changes_from_many_threads_and_openings_lose_none() {
    in_each(|house| {
        let first = Record { number: 0, ..full_record() };
        write(&*house.store(), &first);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let store: Arc<Box<dyn Store>> = Arc::new(house.store());
                for _ in 0..2 {
                    let (store, key) = (Arc::clone(&store), first.key());
                    scope.spawn(move || {
                        for _ in 0..25 {
                            let mut count = |seen: Seen| {
                                let record = seen.record.unwrap();
                                let (number, epoch) = (record.number + 1, record.epoch + 1);
                                Ok(Change::Write(Box::new(Record { number, epoch, ..record })))
                            };
                            store.update(&key, None, &soon(), &mut count).unwrap();
                        }
                    });
                }
            }
        });
        assert_eq!(house.store().find(&first.key(), &soon()).unwrap().unwrap().number, 200, "{}", house.name);
    });
}

/// References of all pages of a filter.
fn walk(store: &dyn Store, filter: &Filter, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut after: Option<Position> = None;
    loop {
        let page = store.page(filter, after.as_ref(), count, &soon()).unwrap();
        assert!(page.len() <= count);
        let Some(last) = page.last() else { return all };
        let at = match filter {
            Filter::Due(_) => last.next_ask_ms.unwrap(),
            _ => last.created_ms,
        };
        after = Some((at, last.key()));
        all.extend(page.iter().map(|record| record.intent.reference.clone()));
    }
}

#[test]
fn records_are_listed_in_order_page_by_page() {
    in_each(|house| {
        let store = house.store();
        // Several at the same time, of both kinds, in an order that no collation may change.
        for (reference, created_ms, next_ask_ms, is_refund) in [
            ("b", 10, Some(500), false),
            ("B", 10, None, false),
            ("a", 10, Some(100), true),
            ("é", 20, Some(300), false),
            ("Z", 20, None, true),
            ("c", 5, Some(400), false),
        ] {
            let intent = if is_refund { refund(reference, "1", "b") } else { payment(reference, "1") };
            let state = if next_ask_ms.is_some() { State::Unknown } else { State::Done };
            write(&*store, &Record { intent, created_ms, next_ask_ms, state, ..full_record() });
        }
        for count in 1..8 {
            let all = |filter: &Filter| walk(&*store, filter, count).join(" ");
            assert_eq!(all(&Filter::All), "c B b a é Z", "{} {count}", house.name);
            assert_eq!(all(&Filter::Open), "c b a é", "{} {count}", house.name);
            assert_eq!(all(&Filter::Due(400)), "a é c", "{} {count}", house.name);
            assert_eq!(all(&Filter::Due(99)), "", "{} {count}", house.name);
            assert_eq!(all(&Filter::Made(10, 20)), "B b a", "{} {count}", house.name);
            assert_eq!(all(&Filter::Reference("b".to_owned())), "b a Z", "{} {count}", house.name);
            assert_eq!(all(&Filter::Reference("a".to_owned())), "a", "{} {count}", house.name);
        }
    });
}

#[test]
fn a_refund_under_its_payments_own_reference_is_listed_once() {
    in_each(|house| {
        let store = house.store();
        for (intent, created_ms) in [(payment("a", "1"), 10), (refund("a", "1", "a"), 20), (refund("b", "1", "a"), 30)]
        {
            write(&*store, &Record { intent, created_ms, ..full_record() });
        }
        for count in 1..4 {
            let found = walk(&*store, &Filter::Reference("a".to_owned()), count);
            assert_eq!(found, ["a", "a", "b"], "{} {count}", house.name);
        }
    });
}

#[test]
fn only_what_is_old_and_settled_is_pruned() {
    in_each(|house| {
        let store = house.store();
        for (reference, changed_ms, next_ask_ms) in
            [("old", 10, None), ("older", 5, None), ("open", 5, Some(1)), ("new", 100, None)]
        {
            let (intent, state) = (payment(reference, "1"), State::Done);
            write(&*store, &Record { intent, changed_ms, next_ask_ms, state, ..full_record() });
        }
        assert_eq!(store.prune(100, 1, &soon()).unwrap(), 1, "{}", house.name);
        assert_eq!(store.prune(100, 10, &soon()).unwrap(), 1, "{}", house.name);
        assert_eq!(store.prune(100, 10, &soon()).unwrap(), 0, "{}", house.name);
        let mut left = walk(&*store, &Filter::All, 10);
        left.sort();
        assert_eq!(left, ["new", "open"], "{}", house.name);
    });
}

#[test]
fn the_other_refunds_of_a_payment_are_counted() {
    in_each(|house| {
        let store = house.store();
        let put = |intent: Intent, state: State| write(&*store, &Record { intent, state, ..full_record() });
        let seen = |own: &str| {
            let mut refunds = None;
            let key = Key { operation: Operation::Refund, reference: own.to_owned() };
            let mut look = |seen: Seen| {
                refunds = seen.refunds;
                Ok(Change::Keep)
            };
            store.update(&key, Some("INV-1"), &soon(), &mut look).unwrap();
            refunds.unwrap()
        };
        assert_eq!(seen("R"), Refunds { paid_sen: None, others_sen: 0 }, "{}", house.name);
        put(payment("INV-1", "1000"), State::Done);
        let counted = [State::Done, State::Sending, State::Unknown, State::Conflict, State::Abandoned];
        for (at, state) in State::ALL.into_iter().enumerate() {
            put(refund(&format!("R{at}"), "1", "INV-1"), state);
            put(refund(&format!("S{at}"), "500", "INV-2"), state);
        }
        let others_sen = 100 * i64::try_from(counted.len()).unwrap();
        assert_eq!(seen("R"), Refunds { paid_sen: Some(100_000), others_sen }, "{}", house.name);
        // Its own does not count against itself.
        let done = State::ALL.iter().position(|state| *state == State::Done).unwrap();
        assert_eq!(seen(&format!("R{done}")).others_sen, others_sen - 100, "{}", house.name);
    });
}

#[test]
fn of_two_who_write_the_token_at_once_one_does() {
    in_each(|house| {
        let Some(seen) = house.store().token(&soon()).unwrap() else { return };
        assert_eq!((seen.version, seen.token.is_none()), (0, true), "{}", house.name);
        let until = Moment { boot: -5, ms: 6 };
        let mine = SharedToken { token: Some(Secret::new("mine")), ends: until, fetching: Some(until), ..seen.clone() };
        let theirs = SharedToken { token: Some(Secret::new("theirs")), ..seen };
        assert!(house.store().put_token(&mine, &soon()).unwrap(), "{}", house.name);
        assert!(!house.store().put_token(&theirs, &soon()).unwrap(), "{}", house.name);
        let now = house.store().token(&soon()).unwrap().unwrap();
        assert_eq!((now.version, now.token.as_ref().unwrap().reveal()), (1, "mine"), "{}", house.name);
        assert_eq!((now.ends, now.fetching), (until, Some(until)), "{}", house.name);
        assert!(house.store().put_token(&SharedToken { token: None, fetching: None, ..now }, &soon()).unwrap());
        let now = house.store().token(&soon()).unwrap().unwrap();
        assert!(now.token.is_none() && now.fetching.is_none() && now.version == 2, "{}", house.name);
    });
}

#[test]
fn a_reader_waits_for_no_writer() {
    in_each(|house| {
        if house.name == "memory" {
            return;
        }
        write(&*house.store(), &full_record());
        let (store, reader) = (house.store(), house.store());
        let mut looked = None;
        let mut look = |_: Seen| {
            let begun = Instant::now();
            looked = reader.find(&full_record().key(), &short()).unwrap();
            assert!(begun.elapsed() < Duration::from_millis(250), "{}", house.name);
            Ok(Change::Keep)
        };
        store.update(&full_record().key(), None, &soon(), &mut look).unwrap();
        assert!(looked.is_some(), "{}", house.name);
    });
}

#[test]
fn notifications_are_kept_until_somebody_has_taken_them() {
    in_each(|house| {
        let note = |key: &str, state: NoteState, is_known: bool, at_ms: i64| Note {
            key: key.to_owned(),
            reference: format!("INV-{key}"),
            state,
            is_known,
            body: "{\"日本\":1}".to_owned(),
            first_ms: at_ms,
            last_ms: at_ms,
            count: 1,
        };
        use NoteState::{Acknowledged, Received, Stale};
        let put = |note: &Note| house.store().note(note, &soon()).unwrap();
        assert_eq!(put(&note("b", Received, true, 10)), None, "{}", house.name);
        assert_eq!(put(&note("b", Received, true, 11)), Some(Received), "{}", house.name);
        assert_eq!(put(&note("a", Stale, true, 10)), None, "{}", house.name);
        assert_eq!(put(&note("c", Acknowledged, false, 5)), None, "{}", house.name);
        assert_eq!(put(&note("d", Received, true, 20)), None, "{}", house.name);
        assert_eq!(put(&note("d", Acknowledged, true, 30)), Some(Received), "{}", house.name);
        // What was acknowledged stays so.
        assert_eq!(put(&note("d", Received, true, 40)), Some(Acknowledged), "{}", house.name);
        assert_eq!(put(&note("d", Stale, true, 50)), Some(Acknowledged), "{}", house.name);
        // A stale copy of one that was believed takes nothing back.
        for (state, before) in [(Received, None), (Stale, Some(Received)), (Acknowledged, Some(Received))] {
            assert_eq!(put(&note("e", state, true, 20)), before, "{}", house.name);
        }
        let list = |after: Option<(i64, &str)>, count: usize| house.store().notes(after, count, &soon()).unwrap();
        let keys: Vec<_> = list(None, 10).into_iter().map(|note| note.key).collect();
        assert_eq!(keys, ["c", "a", "b"], "{}", house.name);
        let twice = Note { last_ms: 11, count: 2, ..note("b", Received, true, 10) };
        assert_eq!(list(Some((10, "a")), 1), [twice], "{}", house.name);
        assert!((house.open)("BRN-2").notes(None, 10, &soon()).unwrap().is_empty(), "{}", house.name);
        house.store().prune(60, 10, &soon()).unwrap();
        assert_eq!(put(&note("d", Received, true, 70)), None, "{}: it was pruned", house.name);
        assert_eq!(put(&note("b", Received, true, 70)), Some(Received), "{}: open ones are not", house.name);
    });
}
