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

/// An empty journal, with its tables made.
pub(crate) fn store() -> PostgresStore {
    let server = Server::shared();
    let store = store_at(&server.url(&server.database()));
    store.create(&limit()).unwrap();
    store
}

/// A store at an address, which is not used so far. Two at the same one are as two machines.
pub(crate) fn store_at(url: &str) -> PostgresStore {
    let scope = Scope { environment: "sandbox".to_owned(), client_id: "BRN-1".to_owned() };
    PostgresStore::new(&Secret::new(url), scope).unwrap()
}

/// Long enough for a busy machine.
pub(crate) fn limit() -> Limit {
    within(Duration::from_secs(60))
}

pub(crate) fn within(left: Duration) -> Limit {
    Limit::new(Instant::now() + left, None)
}
