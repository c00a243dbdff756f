//! The X-EXTERNAL-IDs whose first request is still under way.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use crate::lock::lock;

#[derive(Clone, Default)]
pub(crate) struct InFlight {
    ids: Arc<Mutex<HashSet<String>>>,
}

/// One id under way, until this is dropped.
pub(crate) struct Flight {
    id: String,
    ids: Arc<Mutex<HashSet<String>>>,
}

impl InFlight {
    /// `None` when a request with this id is under way already.
    pub(crate) fn take_off(&self, id: &str) -> Option<Flight> {
        let new = lock(&self.ids).insert(id.to_owned());
        new.then(|| Flight { id: id.to_owned(), ids: Arc::clone(&self.ids) })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        lock(&self.ids).remove(&self.id);
    }
}
