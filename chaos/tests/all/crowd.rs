//! Proves P2 for many processes on one journal: eight programs with four threads each make the same 200 refunds at once.

use crate::shop::{PROGRAM, Shop};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::Command;

const PROCESSES: usize = 8;
const THREADS: usize = 4;
const REFUNDS: usize = 200;

#[test]
fn two_hundred_refunds_from_eight_processes_with_four_threads_are_made_once_each() {
    let shop = Shop::open();
    shop.paid("P", "20000.00");
    let mut programs: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = Command::new(PROGRAM);
            command.args(["crowd", &THREADS.to_string(), &REFUNDS.to_string(), "P", "100.00"]);
            shop.equip(&mut command, 60_000);
            command.spawn().unwrap()
        })
        .collect();
    for program in &mut programs {
        writeln!(program.stdin.as_mut().unwrap(), "go").unwrap();
    }
    let mut results: HashMap<u64, Vec<Value>> = HashMap::new();
    let mut waits_ms: Vec<Vec<u64>> = Vec::new();
    let said: Vec<_> = programs
        .iter_mut()
        .map(|program| {
            let out = program.stdout.take().unwrap();
            std::thread::spawn(move || BufReader::new(out).lines().map(Result::unwrap).collect::<Vec<_>>())
        })
        .collect();
    for said in said {
        let mut waits = Vec::new();
        for line in said.join().unwrap() {
            let (number, answer): (u64, Value) = serde_json::from_str(&line).unwrap();
            waits.push(answer["took_ms"].as_u64().unwrap());
            results.entry(number).or_default().push(answer);
        }
        waits_ms.push(waits);
    }
    for program in &mut programs {
        assert!(program.wait().unwrap().success());
    }
    for (at, waits) in waits_ms.iter().enumerate() {
        println!("process {at}: {} calls, the longest {} ms", waits.len(), waits.iter().max().unwrap());
        assert_eq!(waits.len(), THREADS * REFUNDS);
    }
    assert_eq!(results.len(), REFUNDS);
    for (number, answers) in &results {
        assert_eq!(answers.len(), PROCESSES * THREADS);
        for answer in answers {
            assert_eq!(answer["said"], "done", "refund {number}: {answer}");
            assert_eq!(answer["outcome"], answers[0]["outcome"], "refund {number}");
        }
    }
    assert_eq!(shop.sandbox.counts().refunds_made, REFUNDS as u64);
    assert_eq!(shop.sandbox.counts().refund_requests, REFUNDS as u64, "each was sent once");
    assert_eq!(shop.refunds_made("P"), [1; REFUNDS]);
    let journal = rusqlite::Connection::open(shop.journal()).unwrap();
    let integrity: String = journal.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    // Nobody starves: the limit is 60 s, and all that a call waits for are others' commits and one round trip.
    assert!(waits_ms.iter().flatten().all(|wait| *wait < 30_000));
}
