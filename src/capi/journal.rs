//! The journal in the hands of a program: settle what is open, close it by hand, hold a day against DOKU, list records.

use super::boundary::{fallible, making, making_or_none, null_pointer};
use super::client::{bayar_client, milliseconds};
use super::error::bayar_error;
use super::handle::{inner, optional_text, text};
use super::record::{RecordHandle, bayar_record};
use super::records::{RecordsHandle, bayar_records};
use crate::error::{Error, Result};
use crate::{Operation, Resolution, Which};
use std::ffi::c_char;

/// Asks DOKU about every payment and refund whose fate is not known and whose time has come, and gives those that were
/// asked about, as they are now. Call it at start-up and from a timer, once a minute or less often; 30000 is a good limit.
///
/// It only asks: nothing is ever sent again by it. DOKU is asked about a record a minute after the call that left it open,
/// then ever less often, up to once an hour (bayar_record_next_inquiry()). Payments that were given up by
/// bayar_client_resolve() are asked about until their link is dead; see bayar_record_is_paid_after_cancel(). An inquiry that
/// fails is no failure of this call: the record stays open. Settled records older than the setting journal_keep_days are
/// removed by the way, up to 1,000 a call. Where the time was over before all that was due was asked about,
/// bayar_records_is_complete() is 0: call it again.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT (a limit below 0) or BAYAR_ERROR_JOURNAL. Returns within `limit_ms`
/// milliseconds; a journal that others keep busy can hold it for up to timeout_ms longer. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_settle(
    client: *const bayar_client,
    limit_ms: i64,
    records: *mut *mut bayar_records,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("records", records, error, || {
            let client = inner("client", client)?;
            let settled = client.settle(milliseconds(limit_ms)?)?;
            let is_complete = settled.is_complete();
            Ok(RecordsHandle::found(settled.into_iter().collect(), is_complete))
        })
    }
}

/// Closes by hand a record whose fate is not known, after a look into DOKU's dashboard; or gives up
/// (BAYAR_RESOLUTION_ABANDONED) a payment that has its link and is not paid, which the customer can still do.
///
/// `operation`: enum bayar_operation. `reference`: its partner_reference_no or partner_refund_no. `resolution`: enum
/// bayar_resolution. `reason`: 1 to 255 characters, without control characters and U+2028, U+2029; it is kept, and told to
/// whoever calls with that reference again. Gives the record as it is then. The same call again changes nothing, and gives
/// the same.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT, also where the record is settled, a call is at work on it, or there is none
/// (bayar_error_field() is "reference"); or with BAYAR_ERROR_JOURNAL. Then nothing has changed. Returns within timeout_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_resolve(
    client: *const bayar_client,
    operation: i32,
    reference: *const c_char,
    resolution: i32,
    reason: *const c_char,
    record: *mut *mut bayar_record,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making("record", record, error, || {
            let client = inner("client", client)?;
            let operation = self::operation(operation)?;
            let reference = text("reference", reference)?;
            let resolution = self::resolution(resolution)?;
            let resolved = client.resolve(operation, reference, resolution, text("reason", reason)?)?;
            Ok(RecordHandle::from(resolved))
        })
    }
}

/// Compares the records that were first written down on a day with what DOKU says of each now: for the till's closing, or the
/// back office the morning after. `day` is one of Jakarta, such as "2026-11-22". Each record says by
/// bayar_record_comparison() whether the two agree, and by bayar_record_finding() what was found. DOKU is asked once for each
/// payment; what that tells of an open record is written down. Nothing is sent again.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT (the day, or a limit below 0) or BAYAR_ERROR_JOURNAL. Returns within `limit_ms`
/// milliseconds (as bayar_client_settle()); where the time was over before all were compared,
/// bayar_records_is_complete() is 0. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_reconcile(
    client: *const bayar_client,
    day: *const c_char,
    limit_ms: i64,
    records: *mut *mut bayar_records,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making("records", records, error, || {
            let client = inner("client", client)?;
            let day = text("day", day)?;
            let compared = client.reconcile(day, milliseconds(limit_ms)?)?;
            Ok(RecordsHandle::found(compared.records().to_vec(), compared.is_complete()))
        })
    }
}

/// Lists records of the journal, the oldest first. `which`: enum bayar_which. `value`: the reference for
/// BAYAR_RECORDS_REFERENCE, the day for BAYAR_RECORDS_DAY, else NULL. They are read as bayar_records_next() comes to them,
/// 200 at a time; what is written meanwhile may or may not be among them. The client may be freed before the list.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; that the journal cannot be read bayar_records_next() tells. May be called from any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_records(
    client: *const bayar_client,
    which: i32,
    value: *const c_char,
    records: *mut *mut bayar_records,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making("records", records, error, || {
            let client = inner("client", client)?;
            let which = self::which(which, optional_text("value", value)?)?;
            // The core calls the day by its name; here it is the value.
            let records = client.records(which).map_err(|error| error.with_field("value"))?;
            Ok(RecordsHandle::read_on(records))
        })
    }
}

/// Gives one payment or refund as the journal knows it; `*record` is NULL where it does not. Asks DOKU nothing. `operation`:
/// enum bayar_operation. `reference`: 1 to 64 characters.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT or BAYAR_ERROR_JOURNAL. Returns within timeout_ms. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_record(
    client: *const bayar_client,
    operation: i32,
    reference: *const c_char,
    record: *mut *mut bayar_record,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making_or_none("record", record, error, || {
            let client = inner("client", client)?;
            let operation = self::operation(operation)?;
            let found = client.record(operation, text("reference", reference)?)?;
            Ok(found.map(RecordHandle::from))
        })
    }
}

/// Makes the tables of a journal on PostgreSQL, or brings those of an earlier version forward; does nothing where they are
/// up to date. Only this call needs a database user with the right to make tables. A journal in a file, or in memory, is
/// made by itself, and this call does nothing.
///
/// Fails with BAYAR_ERROR_JOURNAL. Returns within timeout_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_create_journal(client: *const bayar_client, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { fallible(error, || inner("client", client)?.create_journal()) }
}

pub(super) fn operation(number: i32) -> Result<Operation> {
    match number {
        1 => Ok(Operation::Payment),
        2 => Ok(Operation::Refund),
        _ => Err(Error::argument("operation", "The operation is neither a payment (1) nor a refund (2).")),
    }
}

pub(super) fn resolution(number: i32) -> Result<Resolution> {
    match number {
        1 => Ok(Resolution::Done),
        2 => Ok(Resolution::Refused),
        3 => Ok(Resolution::Abandoned),
        _ => Err(Error::argument("resolution", "The resolution is none of done (1), refused (2) and abandoned (3).")),
    }
}

pub(super) fn which(number: i32, value: Option<&str>) -> Result<Which> {
    let needed = || value.map(str::to_owned).ok_or_else(|| null_pointer("value"));
    match number {
        1 | 2 if value.is_some() => {
            Err(Error::argument("value", "A value was given where all or all open records are asked for; give NULL."))
        }
        1 => Ok(Which::All),
        2 => Ok(Which::Open),
        3 => Ok(Which::Reference(needed()?)),
        4 => Ok(Which::Day(needed()?)),
        _ => Err(Error::argument("which", "which is none of all (1), open (2), reference (3) and day (4).")),
    }
}
