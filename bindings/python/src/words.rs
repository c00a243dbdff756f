//! The core's enums as the members of those in `bayar/_words.py`, and back.

use crate::glue::WORDS;
use bayar::{
    Comparison, DeliveryOrder, Operation, Outcome, RecordState, RefundStatus, Resolution, Retry, TransactionStatus,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// A value of the core's that has a word in Python.
pub(crate) trait Word {
    /// The enum in Python.
    const CLASS: &'static str;
    fn word(&self) -> &'static str;

    fn shown<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        WORDS.call(py, Self::CLASS, (self.word(),))
    }
}

// The core may learn further values; until they have a word here, their class refuses them, and a test sees it.
impl Word for Outcome {
    const CLASS: &'static str = "Outcome";
    fn word(&self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            _ => "unknown",
        }
    }
}

impl Word for Retry {
    const CLASS: &'static str = "Retry";
    fn word(&self) -> &'static str {
        match self {
            Self::No => "no",
            Self::SameReference => "same_reference",
            _ => "later",
        }
    }
}

impl Word for TransactionStatus {
    const CLASS: &'static str = "TransactionStatus";
    fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            other => other.name(),
        }
    }
}

impl Word for RefundStatus {
    const CLASS: &'static str = "RefundStatus";
    fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Failed => "failed",
            _ => "?",
        }
    }
}

impl Word for RecordState {
    const CLASS: &'static str = "RecordState";
    fn word(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::NotSent => "not_sent",
            Self::NotTaken => "not_taken",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::RefusedForNow => "refused_for_now",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
            _ => "?",
        }
    }
}

impl Word for Comparison {
    const CLASS: &'static str = "Comparison";
    fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Agrees => "agrees",
            Self::Unclear => "unclear",
            Self::Differs => "differs",
            _ => "?",
        }
    }
}

impl Word for DeliveryOrder {
    const CLASS: &'static str = "DeliveryOrder";
    fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Repeat => "repeat",
            Self::Late => "late",
            _ => "?",
        }
    }
}

impl Word for Operation {
    const CLASS: &'static str = "Operation";
    fn word(&self) -> &'static str {
        self.name()
    }
}

/// `Operation.PAYMENT` or `"payment"`, and so on.
pub(crate) fn operation(value: &Bound<'_, PyAny>) -> PyResult<Operation> {
    match known(value, "Operation")?.as_str() {
        "payment" => Ok(Operation::Payment),
        _ => Ok(Operation::Refund),
    }
}

pub(crate) fn resolution(value: &Bound<'_, PyAny>) -> PyResult<Resolution> {
    match known(value, "Resolution")?.as_str() {
        "done" => Ok(Resolution::Done),
        "refused" => Ok(Resolution::Refused),
        _ => Ok(Resolution::Abandoned),
    }
}

/// The word, checked by the enum itself, whose ValueError names what it takes.
fn known(value: &Bound<'_, PyAny>, class: &str) -> PyResult<String> {
    if !value.is_instance_of::<pyo3::types::PyString>() {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{class} or str is needed here, not {kind}")));
    }
    WORDS.call(value.py(), class, (value,))?.getattr("value")?.extract()
}
