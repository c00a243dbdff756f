//! The constants of the journal in the C API; literals, as in `constants.rs`, held against the core's types by a test.

/// What was ordered; see bayar_record_operation().
#[repr(C)]
pub enum bayar_operation {
    /// A payment, found by its partner_reference_no.
    BAYAR_OPERATION_PAYMENT = 1,
    /// A refund, found by its partner_refund_no.
    BAYAR_OPERATION_REFUND = 2,
}

/// What the journal knows of a payment or refund; see bayar_record_state(). A later version may add states.
#[repr(C)]
pub enum bayar_state {
    /// Open: a call is at work on it, or died at work.
    BAYAR_RECORD_SENDING = 1,
    /// Nothing of it was sent. The next call with the reference sends it.
    BAYAR_RECORD_NOT_SENT = 2,
    /// DOKU did not take the access token, and so did not look at it. The next call with the reference sends it.
    BAYAR_RECORD_NOT_TAKEN = 3,
    /// Done: the payment has its link, the refund is made.
    BAYAR_RECORD_DONE = 4,
    /// Refused for good.
    BAYAR_RECORD_REFUSED = 5,
    /// Refused for now: the next call with the reference makes a new attempt.
    BAYAR_RECORD_REFUSED_FOR_NOW = 6,
    /// Open: it may have happened; DOKU is asked.
    BAYAR_RECORD_UNKNOWN = 7,
    /// Open: DOKU has something else under the reference; a person has to look.
    BAYAR_RECORD_CONFLICT = 8,
    /// The payment's link died, and nobody had paid.
    BAYAR_RECORD_EXPIRED = 9,
    /// A person gave it up; money that comes all the same is reported.
    BAYAR_RECORD_ABANDONED = 10,
}

/// How a person closes a record; see bayar_client_resolve().
#[repr(C)]
pub enum bayar_resolution {
    /// It happened: DOKU's dashboard shows it.
    BAYAR_RESOLUTION_DONE = 1,
    /// It did not happen, and will not.
    BAYAR_RESOLUTION_REFUSED = 2,
    /// Whatever became of it, it is not wanted any more. A payment's link may still be paid, which is reported.
    BAYAR_RESOLUTION_ABANDONED = 3,
}

/// How a record compares with what DOKU says; see bayar_record_comparison().
#[repr(C)]
pub enum bayar_comparison {
    /// It was not compared.
    BAYAR_COMPARISON_NONE = 0,
    /// The two agree.
    BAYAR_COMPARISON_AGREES = 1,
    /// DOKU's answer does not tell.
    BAYAR_COMPARISON_UNCLEAR = 2,
    /// They contradict each other: a person has to look.
    BAYAR_COMPARISON_DIFFERS = 3,
}

/// Which records; see bayar_client_records().
#[repr(C)]
pub enum bayar_which {
    /// All of them.
    BAYAR_RECORDS_ALL = 1,
    /// Those whose fate is not known, and payments that were given up while their link lives.
    BAYAR_RECORDS_OPEN = 2,
    /// A payment and its refunds, or a refund, by its reference.
    BAYAR_RECORDS_REFERENCE = 3,
    /// Those that were first written down on a day of Jakarta, such as "2026-11-22".
    BAYAR_RECORDS_DAY = 4,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::{journal, record};
    use crate::{Comparison, Operation, RecordState, Resolution, Which};

    #[test]
    fn the_operations_are_the_cores() {
        use bayar_operation::*;
        for (ours, theirs) in
            [(Operation::Payment, BAYAR_OPERATION_PAYMENT), (Operation::Refund, BAYAR_OPERATION_REFUND)]
        {
            let number = theirs as i32;
            assert_eq!((record::operation_code(ours), journal::operation(number).ok()), (number, Some(ours)));
        }
        assert!([i32::MIN, -1, 0, 3, i32::MAX].into_iter().all(|other| journal::operation(other).is_err()));
    }

    #[test]
    fn the_states_are_the_cores() {
        use bayar_state::*;
        for (ours, theirs) in [
            (RecordState::Sending, BAYAR_RECORD_SENDING),
            (RecordState::NotSent, BAYAR_RECORD_NOT_SENT),
            (RecordState::NotTaken, BAYAR_RECORD_NOT_TAKEN),
            (RecordState::Done, BAYAR_RECORD_DONE),
            (RecordState::Refused, BAYAR_RECORD_REFUSED),
            (RecordState::RefusedForNow, BAYAR_RECORD_REFUSED_FOR_NOW),
            (RecordState::Unknown, BAYAR_RECORD_UNKNOWN),
            (RecordState::Conflict, BAYAR_RECORD_CONFLICT),
            (RecordState::Expired, BAYAR_RECORD_EXPIRED),
            (RecordState::Abandoned, BAYAR_RECORD_ABANDONED),
        ] {
            assert_eq!(ours as i32, theirs as i32, "{ours:?}");
        }
    }

    #[test]
    fn the_resolutions_are_the_cores() {
        use bayar_resolution::*;
        for (ours, theirs) in [
            (Resolution::Done, BAYAR_RESOLUTION_DONE),
            (Resolution::Refused, BAYAR_RESOLUTION_REFUSED),
            (Resolution::Abandoned, BAYAR_RESOLUTION_ABANDONED),
        ] {
            let number = theirs as i32;
            assert_eq!((ours as i32, journal::resolution(number).ok()), (number, Some(ours)));
        }
        assert!([i32::MIN, -1, 0, 4, i32::MAX].into_iter().all(|other| journal::resolution(other).is_err()));
    }

    #[test]
    fn the_comparisons_are_the_cores() {
        use bayar_comparison::*;
        for (ours, theirs) in [
            (Comparison::None, BAYAR_COMPARISON_NONE),
            (Comparison::Agrees, BAYAR_COMPARISON_AGREES),
            (Comparison::Unclear, BAYAR_COMPARISON_UNCLEAR),
            (Comparison::Differs, BAYAR_COMPARISON_DIFFERS),
        ] {
            assert_eq!(ours as i32, theirs as i32, "{ours:?}");
        }
    }

    #[test]
    fn the_choices_of_records_are_the_cores() {
        use bayar_which::*;
        let which = |choice: bayar_which, value| journal::which(choice as i32, value).ok();
        assert_eq!(which(BAYAR_RECORDS_ALL, None), Some(Which::All));
        assert_eq!(which(BAYAR_RECORDS_OPEN, None), Some(Which::Open));
        assert_eq!(which(BAYAR_RECORDS_REFERENCE, Some("R")), Some(Which::Reference("R".to_owned())));
        assert_eq!(which(BAYAR_RECORDS_DAY, Some("D")), Some(Which::Day("D".to_owned())));
        assert!([i32::MIN, -1, 0, 5, i32::MAX].into_iter().all(|other| journal::which(other, None).is_err()));
    }
}
