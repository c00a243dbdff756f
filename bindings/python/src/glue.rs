//! What is written in Python and used from here, found once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

/// A module of the package that is imported when it is first needed.
pub(crate) struct Part(&'static str, PyOnceLock<Py<PyModule>>);

impl Part {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name, PyOnceLock::new())
    }

    /// Calls one of its classes or functions.
    pub(crate) fn call<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        arguments: impl pyo3::call::PyCallArgs<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let module = self.1.get_or_try_init(py, || py.import(self.0).map(Bound::unbind))?;
        module.bind(py).getattr(name)?.call1(arguments)
    }
}

pub(crate) static RESULTS: Part = Part::new("bayar._results");
pub(crate) static WORDS: Part = Part::new("bayar._words");
pub(crate) static ERRORS: Part = Part::new("bayar.errors");
pub(crate) static CONVERT: Part = Part::new("bayar._convert");

/// A result of that class with these members, in the order of its `__slots__`.
pub(crate) fn result<'py>(
    py: Python<'py>,
    class: &str,
    members: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    RESULTS.call(py, class, PyTuple::new(py, members)?)
}
