//! The core's error as one of the exceptions of `bayar/errors.py`, which decides by what one must do.

use crate::glue::ERRORS;
use crate::words::Word;
use bayar::{Error, Kind, Outcome, Retry};
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;

/// What the exception says.
pub(crate) struct Told<'a> {
    pub(crate) kind: Kind,
    pub(crate) outcome: Outcome,
    pub(crate) retry: Retry,
    pub(crate) message: &'a str,
    pub(crate) field: Option<&'a str>,
    pub(crate) response_code: Option<&'a str>,
    pub(crate) http_status: Option<u16>,
    pub(crate) external_id: Option<&'a str>,
}

pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(
        py,
        &Told {
            kind: error.kind(),
            outcome: error.outcome(),
            retry: error.retry(),
            message: error.message(),
            field: error.field().map(name_in_python),
            response_code: error.response_code(),
            http_status: error.http_status(),
            external_id: error.external_id(),
        },
    )
}

/// Where the keyword is another one than the core's name.
fn name_in_python(field: &str) -> &str {
    match field {
        "partner_refund_no" => "refund_no",
        "extra_json" => "extra",
        other => other,
    }
}

/// An argument that cannot even be handed to the core.
pub(crate) fn unusable(py: Python<'_>, field: &str, message: &str) -> PyErr {
    refused_here(py, Kind::InvalidArgument, field, message)
}

/// The same for another reason.
pub(crate) fn refused_here(py: Python<'_>, kind: Kind, field: &str, message: &str) -> PyErr {
    exception(
        py,
        &Told {
            kind,
            outcome: Outcome::NotSent,
            retry: Retry::No,
            message,
            field: Some(field),
            response_code: None,
            http_status: None,
            external_id: None,
        },
    )
}

fn exception(py: Python<'_>, told: &Told<'_>) -> PyErr {
    let made = ERRORS.call(
        py,
        "make",
        (
            told.message,
            told.kind as i32,
            told.outcome.word(),
            told.retry.word(),
            told.field,
            told.response_code,
            told.http_status,
            told.external_id,
        ),
    );
    match made.and_then(|made| Ok(made.cast_into::<PyBaseException>()?)) {
        Ok(exception) => PyErr::from_value(exception.into_any()),
        Err(problem) => problem,
    }
}
