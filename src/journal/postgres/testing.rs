//! For the unit tests of all stores: a store on a real server, in a database of its own.

#[path = "../../../tests/postgres/server.rs"]
#[allow(dead_code)] // The integration tests need more of it.
mod server;

use super::PostgresStore;
use crate::journal::sql::Scope;
use crate::journal::store::Store;
use crate::limit::Limit;
use crate::secret::Secret;
pub(crate) use server::Server;
use std::time::{Duration, Instant};

/// The address of an empty journal, with its tables made.
pub(crate) fn tables() -> String {
    let server = Server::shared();
    let url = server.url(&server.database());
    store_at(&url).create(&limit()).unwrap();
    url
}

/// An empty journal.
pub(crate) fn store() -> PostgresStore {
    store_at(&tables())
}

/// A store at an address, which is not used so far. Two at the same one are as two machines.
pub(crate) fn store_at(url: &str) -> PostgresStore {
    store_of(url, "BRN-1")
}

/// The same of another merchant.
pub(crate) fn store_of(url: &str, client_id: &str) -> PostgresStore {
    let scope = Scope { environment: "sandbox".to_owned(), client_id: client_id.to_owned() };
    PostgresStore::new(&Secret::new(url), scope).unwrap()
}

/// Long enough for a busy machine.
pub(crate) fn limit() -> Limit {
    within(Duration::from_secs(60))
}

pub(crate) fn within(left: Duration) -> Limit {
    Limit::new(Instant::now() + left, None)
}
