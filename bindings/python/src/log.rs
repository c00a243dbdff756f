//! What the client wrote into its log goes to the `logging` module, logger `bayar`, after each call. The core has taken all
//! secrets out (P6).

use bayar::Level;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Hands over what is there. Where nobody has imported `logging`, nobody can listen, and it is dropped. No failure of a
/// log's takes away a payment's result.
pub(crate) fn hand_over(py: Python<'_>, client: &bayar::Client) {
    let Some(first) = client.poll_log() else { return };
    let entries = std::iter::once(first).chain(std::iter::from_fn(|| client.poll_log()));
    // All are taken before Python runs, which may let another thread take some.
    let entries: Vec<_> = entries.map(|entry| (number(entry.level()), entry.message().to_owned())).collect();
    if let Err(problem) = write(py, &entries) {
        problem.write_unraisable(py, None);
    }
}

fn write(py: Python<'_>, entries: &[(i32, String)]) -> PyResult<()> {
    let modules = MODULES.get_or_try_init(py, || {
        let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
        Ok::<_, PyErr>(modules.unbind())
    })?;
    let Some(logging) = modules.bind(py).get_item("logging")? else { return Ok(()) };
    let logger = LOGGER.get_or_try_init(py, || {
        let logger = logging.call_method1("getLogger", ("bayar",))?;
        // As every library does: where a program has set up no logging, nothing is printed.
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        Ok::<_, PyErr>(logger.unbind())
    })?;
    let logger = logger.bind(py);
    let least: i32 = logger.call_method0("getEffectiveLevel")?.extract()?;
    for (level, message) in entries.iter().filter(|(level, _)| *level >= least) {
        logger.call_method1("log", (level, "%s", message))?;
    }
    Ok(())
}

/// As `logging` counts.
fn number(level: Level) -> i32 {
    match level {
        Level::Error => 40,
        Level::Warn => 30,
        Level::Info => 20,
        _ => 10,
    }
}
