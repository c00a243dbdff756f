//! A notification that DOKU delivered. What it says is there only where it is genuine, so that a program that forgets to ask
//! cannot believe a forged one.

use crate::results;
use crate::words::Word;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A notification that came in, and what you decide about it.
///
/// Act on it where `is_genuine` is True, then call Client.acknowledge(); in any case send back `answer`.
#[pyclass(frozen, module = "bayar")]
pub(crate) struct Delivery(Mutex<bayar::Delivery>);

impl Delivery {
    pub(crate) fn new(delivery: bayar::Delivery) -> Self {
        Self(Mutex::new(delivery))
    }

    /// For a thread that does not hold the GIL.
    pub(crate) fn lock(&self) -> MutexGuard<'_, bayar::Delivery> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The GIL is given up while another thread has it.
    fn read(&self, py: Python<'_>) -> MutexGuard<'_, bayar::Delivery> {
        self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Delivery {
    /// What it says, where it is genuine: from DOKU, for this merchant, unchanged and fresh. Else None.
    #[getter]
    fn notification<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.read(py).notification().map(|said| results::notification(py, said)).transpose()
    }

    /// Whether it is genuine.
    #[getter]
    fn is_genuine(&self, py: Python<'_>) -> bool {
        self.read(py).notification().is_some()
    }

    /// Whether it is genuine and says that the customer has paid. Look at `order` and `mismatch` as well.
    #[getter]
    fn is_paid(&self, py: Python<'_>) -> bool {
        self.read(py).notification().is_some_and(bayar::Notification::is_paid)
    }

    /// What tells one event from another: store it under a unique key in the transaction in which you act. None where it is
    /// not genuine.
    #[getter]
    fn key(&self, py: Python<'_>) -> Option<String> {
        self.read(py).notification().map(bayar::Notification::key)
    }

    /// Where it stands among those that came before; None where it is not genuine.
    #[getter]
    fn order<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let delivery = self.read(py);
        delivery.notification().map(|_| delivery.order().shown(py)).transpose()
    }

    /// Whether the journal knows the payment.
    #[getter]
    fn is_known(&self, py: Python<'_>) -> bool {
        self.read(py).is_known()
    }

    /// What differs from what was ordered, as a sentence: another amount. Then a person has to look first.
    #[getter]
    fn mismatch(&self, py: Python<'_>) -> Option<String> {
        self.read(py).mismatch().map(str::to_owned)
    }

    /// Of a notification that was DOKU's own but too old to be believed: what DOKU said when it was asked instead.
    #[getter]
    fn status_instead<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.read(py).status_instead().map(|status| results::status(py, status)).transpose()
    }

    /// What to send back, as it is decided now. Until it is acknowledged, it makes DOKU send the notification again.
    #[getter]
    fn answer<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        results::answer(py, self.read(py).answer())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let delivery = self.read(py);
        match delivery.notification() {
            Some(said) => format!("<bayar.Delivery {}>", said.key()),
            None => format!("<bayar.Delivery not genuine: {}>", delivery.answer().reason()),
        }
    }
}
