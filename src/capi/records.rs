//! Lists of records across the C ABI.

use super::boundary::making_or_none;
use super::error::bayar_error;
use super::handle::{free, handle, inner_mut, property};
use super::record::{RecordHandle, bayar_record};
use crate::error::{Error, Result};
use crate::record::{Record, Records};

/// Records of the journal, one after the other. Used by one thread at a time; free it with bayar_records_free().
pub struct bayar_records {
    _private: [u8; 0],
}

pub(super) struct RecordsHandle {
    source: Source,
    is_complete: bool,
}

enum Source {
    /// Read as they are wanted.
    Read(Box<Records>),
    Found(std::vec::IntoIter<Record>),
    /// What could not be read must not look like the end of the list, also not to who asks again.
    Failed(Error),
}

handle!(bayar_records => RecordsHandle);

impl RecordsHandle {
    pub(super) fn read_on(records: Records) -> Self {
        Self { source: Source::Read(Box::new(records)), is_complete: true }
    }

    pub(super) fn found(records: Vec<Record>, is_complete: bool) -> Self {
        Self { source: Source::Found(records.into_iter()), is_complete }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        let next = match &mut self.source {
            Source::Read(records) => records.next().transpose(),
            Source::Found(records) => Ok(records.next()),
            Source::Failed(error) => Err(error.clone()),
        };
        if let Err(error) = &next {
            self.source = Source::Failed(error.clone());
            self.is_complete = false;
        }
        next
    }
}

/// Gives the next record; `*record` is NULL at the end. Each record is freed by bayar_record_free(), before or after the
/// list.
///
/// Fails with BAYAR_ERROR_JOURNAL where the journal cannot be read on, and from then on always: what came until then is not all.
/// Returns within timeout_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_records_next(
    records: *mut bayar_records,
    record: *mut *mut bayar_record,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making_or_none("record", record, error, || Ok(inner_mut("records", records)?.next()?.map(RecordHandle::from)))
    }
}

/// 0 if bayar_client_settle() ran out of time before it had asked about all that was due, or bayar_client_reconcile() before
/// it had compared all records of the day, or if bayar_records_next() has failed; else 1. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_records_is_complete(records: *const bayar_records) -> i32 {
    // SAFETY: the header's contract: NULL, or a list that lives.
    unsafe { property(records, 0, |records| i32::from(records.is_complete)) }
}

/// Frees a list; NULL is nothing. The records that it gave live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_records_free(records: *mut bayar_records) {
    // SAFETY: the header's contract: NULL, or a list that lives and is not used afterwards.
    unsafe { free(records) }
}
