//! The other side of `team.rs`: a process that works on a journal, as often as it can within its time.

use std::io::{BufRead, Write, stdin, stdout};
use std::time::{Duration, Instant};

use bayar::{Client, Operation, Resolution};
use rusqlite::{Connection, OpenFlags, params};

use crate::shop::{Problem, Shop, pay};

/// What a worker does again and again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// A payment: two commits, and the server in between.
    Pay,
    /// Closes an open record by hand: one commit and nothing else.
    Resolve,
    /// The same commit straight on SQLite, without the journal's gate.
    Bare,
}

impl Task {
    const ALL: [(Self, &'static str); 3] = [(Self::Pay, "pay"), (Self::Resolve, "resolve"), (Self::Bare, "bare")];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(task, _)| *task == self).map_or("", |(_, name)| name)
    }
}

/// The reference of a worker's record.
pub(crate) fn reference(prefix: &str, number: usize) -> String {
    format!("{prefix}-{number:07}")
}

/// `arguments`: the task, where to pay, whom to trust, the key, the journal (or nothing), a prefix for references, how
/// often at the most, how many milliseconds at the most.
pub(crate) fn work(arguments: &[String]) -> Result<(), Problem> {
    let [task, base_url, ca, key, journal, prefix, most, milliseconds] = arguments else {
        return Err("A worker takes eight arguments.".into());
    };
    let task = Task::ALL.into_iter().find(|(_, name)| name == task).map(|(task, _)| task).ok_or("No such task.")?;
    let shop = Shop {
        base_url: base_url.clone(),
        ca: ca.into(),
        key: key.into(),
        journal: Some(journal.clone()).filter(|journal| !journal.is_empty()),
    };
    let (most, time): (usize, u64) = (most.parse()?, milliseconds.parse()?);
    let worker = Worker::new(task, &shop, prefix)?;
    writeln!(stdout(), "ready")?;
    stdin().lock().read_line(&mut String::new())?;

    let begun = Instant::now();
    let (mut done, mut worst) = (0_usize, Duration::ZERO);
    while done < most && begun.elapsed() < Duration::from_millis(time) {
        let before = Instant::now();
        worker.once(done)?;
        worst = worst.max(before.elapsed());
        done += 1;
    }
    writeln!(stdout(), "{done} {} {}", worst.as_micros(), begun.elapsed().as_micros())?;
    Ok(())
}

struct Worker<'a> {
    prefix: &'a str,
    tool: Tool,
}

enum Tool {
    Pay(Box<Client>),
    Resolve(Box<Client>),
    Bare(Connection),
}

impl<'a> Worker<'a> {
    fn new(task: Task, shop: &Shop, prefix: &'a str) -> Result<Self, Problem> {
        let tool = match task {
            Task::Pay => {
                let client = shop.client()?;
                // The connection, the token and the statements.
                pay(&client, &format!("{prefix}-WARM"))?;
                Tool::Pay(Box::new(client))
            }
            Task::Resolve => Tool::Resolve(Box::new(shop.client()?)),
            Task::Bare => Tool::Bare(bare(shop.journal.as_deref().unwrap_or_default())?),
        };
        Ok(Self { prefix, tool })
    }

    fn once(&self, number: usize) -> Result<(), Problem> {
        let reference = reference(self.prefix, number);
        match &self.tool {
            Tool::Pay(client) => pay(client, &reference),
            Tool::Resolve(client) => {
                client.resolve(Operation::Refund, &reference, Resolution::Refused, "closed by the benchmark")?;
                Ok(())
            }
            Tool::Bare(connection) => resolve_bare(connection, &reference),
        }
    }
}

/// SQLite as the journal opens it.
fn bare(path: &str) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    Ok(connection)
}

/// What `resolve` changes in the row, and in its indexes.
fn resolve_bare(connection: &Connection, reference: &str) -> Result<(), Problem> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let changed = connection
        .prepare_cached(
            "UPDATE bayar_operation SET state = 5, answer_source = 2, answer_http_status = 0, answer_body = '', \
             epoch = epoch + 1, next_ask_ms = NULL, changed_ms = changed_ms + 1, note = 'closed by the benchmark', \
             counts = 0, trail = trail || '2026-11-22T10:00:00.000+07:00 closed by hand as refused: closed by the \
             benchmark' WHERE environment = 'sandbox' AND client_id = ?1 AND kind = 2 AND reference = ?2",
        )?
        .execute(params![bayar_sandbox::TEST_CLIENT_ID, reference])?;
    connection.execute_batch("COMMIT")?;
    match changed {
        1 => Ok(()),
        _ => Err(format!("There is no record {reference}.").into()),
    }
}
