//! One connection to the database: made within the call's limit, set so that a commit lasts, and looked at before it is
//! trusted with anything.

use super::address::{Address, Place, Target};
use super::cells::{Value, cells};
use super::drive::{drive, once};
use super::schema;
use super::secure::{Handshake, Secured};
use super::trouble::{Cure, Result, Trouble};
use super::wire::{self, Watch, Wire};
use crate::journal::columns::Cell;
use crate::limit::Limit;
use std::collections::HashMap;
use std::future::Future;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Connection, SimpleQueryMessage, SimpleQueryRow, Statement};

/// See the module.
pub(super) struct Session {
    client: Option<Client>,
    link: Link,
    watch: Watch,
    target: Arc<Target>,
    prepared: HashMap<String, Statement>,
}

/// The connection, until it is over, and why it is.
struct Link {
    living: Option<Pin<Box<Connection<Wire, Secured>>>>,
    fate: Option<tokio_postgres::Error>,
}

impl Link {
    /// Lets it go on; whether it does. One that is over is dropped, for only then whoever waits for it is told.
    fn go_on(&mut self, context: &mut Context<'_>) -> bool {
        let Some(living) = &mut self.living else { return false };
        match living.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready(result) => {
                self.living = None;
                self.fate = result.err();
                false
            }
        }
    }
}

/// What whoever connects is looking for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To use the tables, which must be there.
    Use,
    /// To make them.
    Create,
}

/// Commits last (journal.md rule 5) whatever is usual for this user; a user's own `remote_apply` stays, which is stronger.
/// Nobody holds a lock for long, be he stopped in the middle of it or cut off, and the server finds out about machines that
/// are gone. But no statement is ended by the server while a call may still wait for it (10 minutes at most): a
/// commit that waits for a standby would then count as done without it. Each statement reads a few rows: compiling it, or
/// calling helpers, only costs (240 instead of 0.1 ms to find what is due among a million records).
const SETTINGS: &str = "\
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') <> 'remote_apply'; \
    SET default_transaction_isolation = 'read committed'; \
    SET lock_timeout = '5s'; SET statement_timeout = '11min'; SET idle_in_transaction_session_timeout = '5s'; \
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; \
    SET client_min_messages = 'error'; SET jit = off; SET max_parallel_workers_per_gather = 0; \
    SELECT current_setting('synchronous_commit'), current_setting('fsync'), pg_is_in_recovery(), \
    current_setting('transaction_read_only'), current_setting('server_encoding')";

impl Session {
    /// Connects to the first server that will do.
    pub(super) fn open(address: &Address, purpose: Purpose, limit: &Limit) -> Result<Self> {
        let mut said = Trouble::lost("it has no host");
        for target in &address.targets {
            let share = limit.sooner(Instant::now() + address.connect_limit);
            said = match Self::open_one(address, target, purpose, &share) {
                Ok(session) => return Ok(session),
                Err(_) if limit.left().is_zero() => return Err(Trouble::late(limit)),
                // Its share alone is over.
                Err(_) if share.left().is_zero() => Trouble::unreachable(target, &ErrorKind::TimedOut.into()),
                Err(trouble) => trouble,
            };
        }
        Err(said)
    }

    fn open_one(address: &Address, target: &Arc<Target>, purpose: Purpose, limit: &Limit) -> Result<Self> {
        let config = address.config(target).map_err(|error| Trouble::of(error, Cure::None))?;
        let (wire, watch) = wire::connect(target, limit)?;
        let handshake = match (&address.tls, &target.place) {
            (Some(tls), Place::Net { .. }) => tls.to(&target.host)?,
            _ => Handshake::none(),
        };
        let connected = drive(config.connect_raw(wire, handshake), &mut |_| false, &watch, limit)?;
        let (client, connection) = connected.map_err(|error| not_ready(Trouble::said(target, &error, None)))?;
        let mut session = Self {
            client: Some(client),
            link: Link { living: Some(Box::pin(connection)), fate: None },
            watch,
            target: Arc::clone(target),
            prepared: HashMap::new(),
        };
        session.settle_in(purpose, limit).map_err(not_ready)?;
        Ok(session)
    }

    fn settle_in(&mut self, purpose: Purpose, limit: &Limit) -> Result<()> {
        let facts = self.text_rows(SETTINGS, limit)?;
        let fact = |at: usize| facts.last().and_then(|row| row.get(at)).map(String::as_str).unwrap_or_default();
        let refused = |why: &str| {
            let target = &self.target;
            Trouble::setting(format!(
                "The journal's database at {target} cannot be used: {why}. Nothing is sent without it."
            ))
        };
        if fact(2) == "t" || fact(3) == "on" {
            let why = "it is a standby, or set to read only; name the server that takes writes";
            return Err(Trouble { cure: Cure::Wait, ..refused(why) });
        }
        if !matches!(fact(0), "on" | "remote_apply") {
            return Err(refused(
                "synchronous_commit is off and cannot be turned on, so that a commit may be forgotten",
            ));
        }
        if fact(1) != "on" {
            return Err(refused("fsync is off, so that a power cut may damage it; turn it on"));
        }
        if fact(4) != "UTF8" {
            return Err(refused("its encoding is not UTF8; make another database with ENCODING 'UTF8'"));
        }
        match purpose {
            Purpose::Use => schema::must_fit(self, limit),
            Purpose::Create => Ok(()),
        }
    }

    /// Where it leads to.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// The rows of a statement.
    pub(super) fn rows(&mut self, sql: &str, values: &[Cell], limit: &Limit) -> Result<Vec<Vec<Cell>>> {
        let statement = self.statement(sql, limit)?;
        let values: Vec<_> = values.iter().map(Value).collect();
        let values: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = self.run(async |client| client.query(&statement, &values).await, limit)?;
        let rows: std::result::Result<_, _> = rows.iter().map(cells).collect();
        rows.map_err(|error| Trouble::said(&self.target, &error, None))
    }

    /// How many rows a statement changed.
    pub(super) fn execute(&mut self, sql: &str, values: &[Cell], limit: &Limit) -> Result<u64> {
        let statement = self.statement(sql, limit)?;
        let values: Vec<_> = values.iter().map(Value).collect();
        let values: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.run(async |client| client.execute(&statement, &values).await, limit)
    }

    /// Statements without values.
    pub(super) fn batch(&mut self, sql: &str, limit: &Limit) -> Result<()> {
        self.run(async |client| client.batch_execute(sql).await, limit)
    }

    /// The rows of statements without values, as text.
    pub(super) fn text_rows(&mut self, sql: &str, limit: &Limit) -> Result<Vec<Vec<String>>> {
        let messages = self.run(async |client| client.simple_query(sql).await, limit)?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let text = |row: &SimpleQueryRow, at| row.get(at).unwrap_or_default().to_owned();
        Ok(rows.map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect())
    }

    fn statement(&mut self, sql: &str, limit: &Limit) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.run(async |client| client.prepare(sql).await, limit)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&Client) -> std::result::Result<T, tokio_postgres::Error>,
        limit: &Limit,
    ) -> Result<T> {
        let Self { client, link, watch, target, .. } = self;
        let Some(client) = client else { return Err(Trouble::lost("it was closed")) };
        let result = drive(work(client), &mut |context| link.go_on(context), watch, limit)?;
        result.map_err(|error| Trouble::said(target, &error, link.fate.as_ref()))
    }
}

/// Says goodbye, so that the server need not guess.
impl Drop for Session {
    fn drop(&mut self) {
        self.client = None;
        once(&mut |context| self.link.go_on(context));
    }
}

/// Before anything was asked nothing can be in doubt: a server that hangs up here is not ready.
fn not_ready(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble { error, cure: Cure::Reconnect } => Trouble::of(error, Cure::Wait),
        trouble => trouble,
    }
}
