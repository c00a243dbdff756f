//! The C API's part of the fuzz targets' door: results as C gets them, without a client that asked for them.

use super::handle::give;
use super::payment::{PaymentHandle, bayar_payment};
use super::refund::{RefundHandle, bayar_refund};
use super::status::{StatusHandle, bayar_status};
use crate::payment::Payment;
use crate::refund::Refund;
use crate::status::Status;

/// A payment for C, to be freed with bayar_payment_free().
pub fn payment_handle(payment: Payment) -> *mut bayar_payment {
    give(PaymentHandle::from(payment))
}

/// A refund for C, to be freed with bayar_refund_free().
pub fn refund_handle(refund: Refund) -> *mut bayar_refund {
    give(RefundHandle::from(refund))
}

/// A status for C, to be freed with bayar_status_free().
pub fn status_handle(status: Status) -> *mut bayar_status {
    give(StatusHandle::from(status))
}
