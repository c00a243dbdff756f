//! The merchant's two routes across the C ABI, and the journal's inbox.

use super::answer::{AnswerHandle, bayar_answer};
use super::boundary::{fallible, making};
use super::client::bayar_client;
use super::delivery::{DeliveryHandle, bayar_delivery};
use super::error::bayar_error;
use super::handle::{inner, inner_mut};
use super::inbox::{InboxHandle, bayar_inbox};
use super::incoming::bayar_incoming;

/// Answers DOKU's request for the token with which it then sends notifications: the whole of your token route. Send the
/// answer back, whatever it is. Any process with the same settings accepts the token, also after a restart.
///
/// What is no request of DOKU's is no failure: the answer says so, and bayar_answer_reason() why. Fails with
/// BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INTERNAL; answer HTTP 500 then. May be called from any thread.
///
/// Needs the setting doku_public_key or doku_public_key_file; without it nobody is given a token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_webhook_token(
    client: *const bayar_client,
    incoming: *const bayar_incoming,
    answer: *mut *mut bayar_answer,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("answer", answer, error, || {
            let answer = inner("client", client)?.webhook_token(inner("incoming", incoming)?)?;
            Ok(AnswerHandle::from(&answer))
        })
    }
}

/// Checks a notification: your notification route. Where bayar_delivery_is_genuine() is 1, store it durably or act on it, then
/// call bayar_client_acknowledge(); in any case send back what bayar_delivery_answer() gives. It comes at least once:
/// bayar_delivery_key() is there to act on it once.
///
/// A forged one is no failure: the answer refuses it. One that is DOKU's own but old is refused too, is kept in
/// bayar_client_inbox(), and unless it was acknowledged before, DOKU is asked about the payment for at most 5 seconds; see
/// bayar_delivery_status_instead(). Nor is it a failure where the journal cannot be used, or the client was cancelled: then it
/// is not genuine, bayar_answer_reason() says why, and the answer is HTTP 500 with 5005601: DOKU sends it again.
///
/// Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INTERNAL; answer HTTP 500 then. Returns within timeout_ms. May be called
/// from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_notification(
    client: *const bayar_client,
    incoming: *const bayar_incoming,
    delivery: *mut *mut bayar_delivery,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("delivery", delivery, error, || {
            let delivery = inner("client", client)?.notification(inner("incoming", incoming)?)?;
            Ok(DeliveryHandle::from(delivery))
        })
    }
}

/// Says that you have taken a notification: it is in your own database, or what it asks for is done. From now on
/// bayar_delivery_answer() gives HTTP 200, and the same notification is a BAYAR_DELIVERY_REPEAT when it comes again. A program
/// that dies before this call is offered the notification again.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT where it is not genuine, or with BAYAR_ERROR_JOURNAL or BAYAR_ERROR_CANCELLED where
/// it could not be written down; then the answer stays as it was. Returns within timeout_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_acknowledge(
    client: *const bayar_client,
    delivery: *mut bayar_delivery,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles; a delivery is used by one thread at a time.
    unsafe {
        fallible(error, || {
            let client = inner("client", client)?;
            client.acknowledge(&mut inner_mut("delivery", delivery)?.delivery)
        })
    }
}

/// Says that you have no such order and never will: from now on bayar_delivery_answer() gives HTTP 404. The notification
/// stays in bayar_client_inbox().
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT where it is not genuine; then the answer stays as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_reject_unknown(
    client: *const bayar_client,
    delivery: *mut bayar_delivery,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles; a delivery is used by one thread at a time.
    unsafe {
        fallible(error, || {
            let client = inner("client", client)?;
            client.reject_unknown(&mut inner_mut("delivery", delivery)?.delivery)
        })
    }
}

/// Lists the notifications that somebody has yet to look at, the oldest first, at most 1,000: not acknowledged, too old to be
/// believed, or of a payment that the journal does not know.
///
/// Fails with BAYAR_ERROR_JOURNAL or BAYAR_ERROR_CANCELLED. Returns within timeout_ms. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_inbox(
    client: *const bayar_client,
    inbox: *mut *mut bayar_inbox,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { making("inbox", inbox, error, || Ok(InboxHandle::new(inner("client", client)?.inbox()?))) }
}
