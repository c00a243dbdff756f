//! Proves journal.md rule 5: the journal's sync has come back before the first byte of the request is written, as strace
//! sees it, and there are no more than two syncs a payment. A killed process could not show it: what was written and not
//! synced outlives a process, and not a power cut.

use crate::shop::{PROGRAM, Shop, Worker, pay};
use std::process::Command;

const PAYMENTS: usize = 8;
/// The first one or two open the journal and fetch the token.
const STEADY: usize = 3;

/// What matters of a line of strace's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// Something was written into the journal's log.
    Written,
    /// The log is on the disk: the call has come back, without an error.
    Synced,
    /// Another file of the journal was synced, which costs as much.
    SyncedOther,
    /// The first bytes of a payment were written into the socket.
    Sent,
}

/// A system call that strace saw begin and end, in the order of their ends; a send counts from its beginning.
fn read(trace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for line in trace.lines() {
        let is_journal = line.contains("journal.db");
        let is_log = line.contains("journal.db-wal>");
        if line.contains("\"POST /") && line.contains("payment") && line.contains("<socket:") {
            calls.push(Call::Sent);
        } else if line.contains("pwrite64(") && is_log {
            calls.push(Call::Written);
        } else if (line.contains("fdatasync(") || line.contains("fsync(")) && is_journal {
            // The program has one thread, so that no call is split in two lines.
            assert!(!line.contains("unfinished"), "{line}");
            assert!(line.contains("= 0"), "{line}");
            calls.push(if is_log { Call::Synced } else { Call::SyncedOther });
        }
    }
    calls
}

#[test]
fn the_journal_is_synced_before_the_first_byte_of_a_payment_and_twice_at_the_most() {
    let shop = Shop::open();
    let trace = shop.folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-y",
        "-s",
        "64",
        "-e",
        "trace=fsync,fdatasync,sync_file_range,pwrite64,write,writev,sendto,sendmsg",
    ]);
    command.arg("-o").arg(&trace).args([PROGRAM, "work"]);
    shop.equip(&mut command, 60_000);
    let mut worker = Worker::start(command);
    for number in 0..PAYMENTS {
        assert_eq!(worker.call(&pay(&format!("P{number}"), "10000.00"))["said"], "done");
    }
    worker.end();
    let trace = std::fs::read_to_string(&trace).unwrap();
    let calls = read(&trace);
    let sent: Vec<usize> = (0..calls.len()).filter(|at| calls[*at] == Call::Sent).collect();
    assert_eq!(sent.len(), PAYMENTS, "each payment is sent in one piece: {calls:?}\n{trace}");
    for (number, at) in sent.iter().enumerate() {
        let begin = if number == 0 { 0 } else { sent[number - 1] + 1 };
        // Between two payments: commit 2 of the one, then commit 1 of the other.
        let before = &calls[begin..*at];
        println!("payment {number}: {before:?}, then its first byte");
        assert_eq!(before.last(), Some(&Call::Synced), "payment {number}: what was written last was not synced");
        assert!(before.contains(&Call::Written), "payment {number}: nothing was written before it was sent");
        if number >= STEADY {
            let commits = before.split(|call| *call == Call::Synced).filter(|one| one.contains(&Call::Written)).count();
            assert_eq!(commits, 2, "payment {number}: the last one's result, then this one's intent");
            let syncs = before.iter().filter(|call| matches!(call, Call::Synced | Call::SyncedOther)).count();
            assert!(syncs <= 2, "payment {number}: {syncs} syncs");
        }
    }
}
