//! What a caller gives, as the core takes it. A wrong type is a TypeError, as everywhere in Python; a value that cannot be
//! used is an InvalidArgument that names it.

use crate::errors::{refused_here, unusable};
use crate::glue::CONVERT;
use bayar::Kind;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};
use std::time::Duration;

/// A `str`. One that is not text at all (a lone surrogate) cannot be sent.
pub(crate) fn text(field: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    let Ok(text) = value.cast::<PyString>() else {
        return Err(PyTypeError::new_err(format!("{field} must be str, not {}", value.get_type().name()?)));
    };
    text.extract::<String>().map_err(|_| {
        let message = format!("{field} is not text: it has half of a surrogate pair.");
        refused_here(value.py(), Kind::InvalidUtf8, field, &message)
    })
}

/// The same where it may be None.
pub(crate) fn maybe_text(field: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<String>> {
    value.map(|value| text(field, value)).transpose()
}

/// `int` (whole rupiah), `Decimal` or `str`, as the text that the core reads.
pub(crate) fn amount(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyFloat>() {
        let why = "amount must be int (whole rupiah), Decimal or str, not float: a float is rounded in ways that no one \
                   chose; write Decimal('10000.50') or '10000.50'";
        return Err(PyTypeError::new_err(why));
    }
    if value.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err("amount must be int (whole rupiah), Decimal or str, not bool"));
    }
    if value.is_instance_of::<PyInt>() {
        return match value.extract::<i64>() {
            Ok(rupiah) => Ok(rupiah.to_string()),
            Err(_) => Err(unusable(value.py(), "amount", "The amount cannot be used: at most 16 digits are allowed.")),
        };
    }
    if value.is_instance_of::<PyString>() {
        return text("amount", value);
    }
    let written: Option<String> = CONVERT.call(value.py(), "decimal_text", (value,))?.extract()?;
    match written {
        Some(text) => Ok(text),
        None => {
            let why =
                "The amount cannot be used: a Decimal must be a finite number of rupiah with at most two decimals.";
            Err(unusable(value.py(), "amount", why))
        }
    }
}

/// An aware `datetime`, or the text of one, in the form that the core reads.
pub(crate) fn moment(field: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyString>() {
        return text(field, value);
    }
    let written: Option<String> = CONVERT.call(value.py(), "moment_text", (field, value))?.extract()?;
    written.ok_or_else(|| {
        let why = format!("{field} needs its time zone: give an aware datetime, such as datetime.now(timezone.utc).");
        unusable(value.py(), field, &why)
    })
}

/// A mapping of JSON members, or the JSON text of one.
pub(crate) fn extra(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyString>() {
        return text("extra", value);
    }
    text("extra", &CONVERT.call(value.py(), "json_text", (value,))?)
}

/// A day of Jakarta: a `date`, or its text.
pub(crate) fn day(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyString>() {
        return text("day", value);
    }
    CONVERT.call(value.py(), "day_text", (value,))?.extract()
}

/// Seconds, or a `timedelta`.
pub(crate) fn seconds(field: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let number = match value.call_method0("total_seconds") {
        Ok(seconds) => seconds,
        Err(_) => value.clone(),
    };
    let number = match number.is_instance_of::<PyBool>() {
        false => number.extract::<f64>().ok(),
        true => None,
    };
    let Some(number) = number else {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{field} must be a number of seconds or a timedelta, not {kind}")));
    };
    // Longer than any call lasts; what is no number at all is refused with what is below 0.
    let longest = 1e9;
    Duration::try_from_secs_f64(number.min(longest))
        .ok()
        .filter(|_| !number.is_nan())
        .ok_or_else(|| unusable(value.py(), field, &format!("{field} cannot be used: give seconds, 0 or more.")))
}
