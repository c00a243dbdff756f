//! How a call runs: without the GIL, within its limit, ended by a signal or by whoever holds its [`Cancel`], and with its
//! stack wiped afterwards.
//!
//! Python's signal handlers run between two instructions of the main thread, so a thread that waits in here has to ask for
//! them. It does so itself, some 50 times a second while it waits (`bayar::Cancel::watching`): there is no thread besides,
//! and a call of under 20 ms asks never.

use crate::errors::raised;
use crate::log;
use bayar::memory::wiping_stack;
use bayar::{Error, Result};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Ends calls in flight: hand it to `Client._with_cancel`. It may be set from any thread.
#[pyclass(frozen, module = "bayar._bayar")]
pub(crate) struct Cancel(pub(crate) bayar::Cancel);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self(bayar::Cancel::new())
    }

    /// Ends the calls in flight within some 50 ms, and those to come at once.
    fn set(&self) {
        self.0.set();
    }
}

/// What may end a call before its limit.
pub(crate) struct Watch {
    handed_in: Option<bayar::Cancel>,
    state: Mutex<State>,
}

struct State {
    looked: Instant,
    /// What a signal handler raised.
    raised: Option<PyErr>,
}

/// A little less than the core's own pace, so that every one of its looks is one.
const LOOK_EVERY: Duration = Duration::from_millis(15);

impl Watch {
    pub(crate) fn new(handed_in: Option<bayar::Cancel>) -> Arc<Self> {
        Arc::new(Self { handed_in, state: Mutex::new(State { looked: Instant::now(), raised: None }) })
    }

    /// The core's flag that asks here.
    pub(crate) fn cancel(self: &Arc<Self>) -> bayar::Cancel {
        let watch = Arc::clone(self);
        bayar::Cancel::watching(move || watch.look())
    }

    /// Where somebody else ends the call, it is in a thread of a pool, and signals are not its matter.
    fn look(&self) -> bool {
        if let Some(cancel) = &self.handed_in {
            return cancel.is_set();
        }
        let mut state = self.lock();
        if state.raised.is_some() || state.looked.elapsed() < LOOK_EVERY {
            return state.raised.is_some();
        }
        drop(state);
        // Not under the lock, for a handler is Python code. None where the interpreter is being shut down.
        let raised = Python::try_attach(|py| py.check_signals().err()).flatten();
        state = self.lock();
        state.looked = Instant::now();
        state.raised = raised;
        state.raised.is_some()
    }

    fn begin(&self) {
        let mut state = self.lock();
        state.looked = Instant::now();
        state.raised = None;
    }

    fn take(&self) -> Option<PyErr> {
        self.lock().raised.take()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `body` without the GIL. What a signal handler raised comes before the call's own result; the truth about the money
/// is its cause.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    client: &bayar::Client,
    watch: &Watch,
    body: impl FnOnce() -> Result<T> + Send,
) -> PyResult<T> {
    let _turn = Turn::take()?;
    watch.begin();
    let result = without_the_gil(py, body);
    log::hand_over(py, client);
    let result = result.map_err(|error| raised(py, &error));
    match watch.take() {
        None => result,
        Some(signal) => {
            signal.set_cause(py, result.err());
            Err(signal)
        }
    }
}

/// The same for what cannot be ended.
pub(crate) fn without_the_gil<T: Send>(py: Python<'_>, body: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    py.detach(|| wiping_stack(|| catch_unwind(AssertUnwindSafe(body))).unwrap_or_else(|_| Err(Error::caught_panic())))
}

thread_local! {
    static IS_IN_CALL: Cell<bool> = const { Cell::new(false) };
}

/// A signal handler runs in the middle of a call, which holds what another call of the same thread would wait for.
struct Turn;

impl Turn {
    fn take() -> PyResult<Self> {
        if IS_IN_CALL.replace(true) {
            let why =
                "A signal handler cannot call bayar while a call of the same thread is under way; set a flag in it.";
            return Err(PyRuntimeError::new_err(why));
        }
        Ok(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_IN_CALL.set(false);
    }
}
