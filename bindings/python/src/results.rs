//! The core's results as those of `bayar/_results.py`: members in the order of their `__slots__`.

use crate::glue::{CONVERT, result};
use crate::words::Word;
use bayar::snap::timestamp;
use bayar::{
    Amount, InboxEntry, Notification, Payment, Reconciliation, Record, Refund, RefundEntry, Settled, Status,
    WebhookAnswer,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

type Shown<'py> = PyResult<Bound<'py, PyAny>>;

/// Anything with a plain Python form: text, numbers, bool, None.
fn plain<'py>(py: Python<'py>, value: impl pyo3::IntoPyObjectExt<'py>) -> Shown<'py> {
    value.into_bound_py_any(py)
}

fn money(py: Python<'_>, amount: Amount) -> Shown<'_> {
    CONVERT.call(py, "rupiah", (amount.to_string(),))
}

fn maybe_money(py: Python<'_>, amount: Option<Amount>) -> Shown<'_> {
    amount.map_or_else(|| plain(py, None::<()>), |amount| money(py, amount))
}

/// A date as DOKU or the core wrote it, as an aware datetime; None where it is none that can be read.
fn moment<'py>(py: Python<'py>, text: Option<&str>) -> Shown<'py> {
    match text.and_then(timestamp::parse) {
        Some(moment) => CONVERT.call(py, "moment", (moment.unix_ms,)),
        None => plain(py, None::<()>),
    }
}

fn word<'py>(py: Python<'py>, word: Option<&impl Word>) -> Shown<'py> {
    word.map_or_else(|| plain(py, None::<()>), |word| word.shown(py))
}

pub(crate) fn payment<'py>(py: Python<'py>, made: &Payment) -> Shown<'py> {
    let members = vec![
        plain(py, made.partner_reference_no())?,
        money(py, made.amount())?,
        plain(py, made.redirect_url())?,
        plain(py, made.reference_no())?,
        plain(py, made.external_id())?,
        moment(py, made.valid_up_to())?,
        plain(py, made.response_code())?,
        plain(py, made.is_recorded())?,
        plain(py, made.json())?,
    ];
    result(py, "Payment", members)
}

pub(crate) fn refund<'py>(py: Python<'py>, made: &Refund) -> Shown<'py> {
    let members = vec![
        plain(py, made.original_partner_reference_no())?,
        plain(py, made.partner_refund_no())?,
        money(py, made.amount())?,
        plain(py, made.refund_no())?,
        plain(py, made.original_reference_no())?,
        moment(py, made.refund_time())?,
        plain(py, made.external_id())?,
        plain(py, made.response_code())?,
        plain(py, made.is_recorded())?,
        plain(py, made.json())?,
    ];
    result(py, "Refund", members)
}

fn refund_entry<'py>(py: Python<'py>, entry: &RefundEntry) -> Shown<'py> {
    let members = vec![
        plain(py, entry.partner_refund_no())?,
        plain(py, entry.refund_no())?,
        maybe_money(py, entry.amount())?,
        word(py, entry.status().as_ref())?,
        moment(py, entry.refund_date())?,
        plain(py, entry.reason())?,
    ];
    result(py, "RefundEntry", members)
}

pub(crate) fn status<'py>(py: Python<'py>, status: &Status) -> Shown<'py> {
    let refunds: Vec<_> = status.refunds().iter().map(|entry| refund_entry(py, entry)).collect::<PyResult<_>>()?;
    let members = vec![
        plain(py, status.original_partner_reference_no())?,
        plain(py, status.original_reference_no())?,
        word(py, status.transaction_status().as_ref())?,
        plain(py, status.transaction_status_desc())?,
        plain(py, status.is_final())?,
        maybe_money(py, status.amount())?,
        maybe_money(py, status.fee())?,
        moment(py, status.paid_time())?,
        plain(py, status.approval_code())?,
        plain(py, status.original_external_id())?,
        PyTuple::new(py, refunds)?.into_any(),
        plain(py, status.has_refund_history())?,
        plain(py, status.response_code())?,
        plain(py, status.json())?,
    ];
    result(py, "Status", members)
}

pub(crate) fn record<'py>(py: Python<'py>, record: &Record) -> Shown<'py> {
    let members = vec![
        record.operation().shown(py)?,
        plain(py, record.reference())?,
        plain(py, record.original_partner_reference_no())?,
        money(py, record.amount())?,
        record.state().shown(py)?,
        plain(py, record.is_open())?,
        word(py, record.transaction_status().as_ref())?,
        plain(py, record.is_paid_after_cancel())?,
        plain(py, record.external_id())?,
        plain(py, record.attempts())?,
        moment(py, Some(&record.created()))?,
        moment(py, Some(&record.changed()))?,
        moment(py, record.valid_up_to().as_deref())?,
        moment(py, record.next_inquiry().as_deref())?,
        plain(py, record.inquiries())?,
        plain(py, record.note())?,
        plain(py, record.trail())?,
        record.comparison().shown(py)?,
        plain(py, record.finding())?,
        plain(py, record.answer_json().unwrap_or_default())?,
        plain(py, record.to_json())?,
    ];
    result(py, "Record", members)
}

fn records<'py>(py: Python<'py>, all: &[Record]) -> PyResult<Bound<'py, PyTuple>> {
    let all: Vec<_> = all.iter().map(|one| record(py, one)).collect::<PyResult<_>>()?;
    PyTuple::new(py, all)
}

pub(crate) fn settled<'py>(py: Python<'py>, asked: &Settled) -> Shown<'py> {
    let members = vec![records(py, asked)?.into_any(), plain(py, asked.is_complete())?];
    result(py, "Settled", members)
}

pub(crate) fn reconciliation<'py>(py: Python<'py>, found: &Reconciliation) -> Shown<'py> {
    let members = vec![records(py, found.records())?.into_any(), plain(py, found.is_complete())?];
    result(py, "Reconciliation", members)
}

pub(crate) fn notification<'py>(py: Python<'py>, said: &Notification) -> Shown<'py> {
    let members = vec![
        plain(py, said.key())?,
        plain(py, said.original_partner_reference_no())?,
        plain(py, said.original_reference_no())?,
        plain(py, said.original_external_id())?,
        word(py, said.transaction_status().as_ref())?,
        plain(py, said.transaction_status_desc())?,
        maybe_money(py, said.amount())?,
        plain(py, said.channel())?,
        moment(py, said.created_time())?,
        moment(py, said.finished_time())?,
        plain(py, said.json())?,
    ];
    result(py, "Notification", members)
}

pub(crate) fn answer<'py>(py: Python<'py>, answer: &WebhookAnswer) -> Shown<'py> {
    let headers: Vec<(&str, &str)> = answer.headers().collect();
    let members = vec![
        plain(py, answer.status())?,
        PyTuple::new(py, headers)?.into_any(),
        plain(py, answer.body())?,
        plain(py, answer.reason())?,
    ];
    result(py, "WebhookAnswer", members)
}

pub(crate) fn inbox_entry<'py>(py: Python<'py>, entry: &InboxEntry) -> Shown<'py> {
    let members = vec![
        plain(py, entry.key())?,
        plain(py, entry.reference())?,
        plain(py, entry.is_acknowledged())?,
        plain(py, entry.is_stale())?,
        plain(py, entry.is_known())?,
        moment(py, Some(&entry.first_came()))?,
        moment(py, Some(&entry.last_came()))?,
        plain(py, entry.count())?,
        plain(py, entry.json())?,
    ];
    result(py, "InboxEntry", members)
}
