//! The log of API requests, and the running totals.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lock::lock;
use crate::records::{Counts, SeenRequest};

/// The newest requests, up to a limit: a benchmark of an hour must not eat the machine's memory.
pub(crate) struct SeenLog {
    limit: usize,
    requests: Mutex<VecDeque<SeenRequest>>,
}

impl SeenLog {
    pub(crate) fn new(limit: usize) -> SeenLog {
        SeenLog { limit, requests: Mutex::default() }
    }

    pub(crate) fn push(&self, request: SeenRequest) {
        if self.limit == 0 {
            return;
        }
        let mut requests = lock(&self.requests);
        let oldest = if requests.len() >= self.limit { requests.pop_front() } else { None };
        requests.push_back(request);
        drop(requests);
        drop(oldest);
    }

    pub(crate) fn all(&self) -> Vec<SeenRequest> {
        lock(&self.requests).iter().cloned().collect()
    }
}

/// The totals that no lock guards.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) token_requests: AtomicU64,
    pub(crate) tokens_issued: AtomicU64,
    pub(crate) payment_requests: AtomicU64,
    pub(crate) refund_requests: AtomicU64,
    pub(crate) status_requests: AtomicU64,
    pub(crate) payments_made: AtomicU64,
    pub(crate) refunds_made: AtomicU64,
    pub(crate) connections: AtomicU64,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Counts {
            token_requests: read(&self.token_requests),
            tokens_issued: read(&self.tokens_issued),
            payment_requests: read(&self.payment_requests),
            refund_requests: read(&self.refund_requests),
            status_requests: read(&self.status_requests),
            payments_made: read(&self.payments_made),
            refunds_made: read(&self.refunds_made),
            connections: read(&self.connections),
        }
    }
}
