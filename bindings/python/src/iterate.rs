//! The records of the journal, one by one.

use crate::call::{Watch, run};
use crate::results;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// The records of the journal, read as they are wanted.
#[pyclass(frozen, module = "bayar._bayar")]
pub(crate) struct RecordIterator {
    client: Arc<bayar::Client>,
    watch: Arc<Watch>,
    records: Mutex<bayar::Records>,
}

impl RecordIterator {
    pub(crate) fn new(client: Arc<bayar::Client>, watch: Arc<Watch>, records: bayar::Records) -> Self {
        Self { client, watch, records: Mutex::new(records) }
    }
}

#[pymethods]
impl RecordIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let next = run(py, &self.client, &self.watch, || {
            self.records.lock().unwrap_or_else(PoisonError::into_inner).next().transpose()
        })?;
        next.map(|record| results::record(py, &record)).transpose()
    }
}
