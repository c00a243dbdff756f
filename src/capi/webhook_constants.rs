//! The constants of notifications in the C API; literals, as in `constants.rs`, held against the core's types by a test.

/// Where a notification stands among those that came before; see bayar_delivery_order().
#[repr(C)]
pub enum bayar_standing {
    /// It was not acknowledged before: act on it.
    BAYAR_DELIVERY_NEW = 1,
    /// The same was acknowledged before: there is nothing left to do but to acknowledge it again.
    BAYAR_DELIVERY_REPEAT = 2,
    /// It says less than what is known already, such as pending after paid: acknowledge it, and do not go back.
    BAYAR_DELIVERY_LATE = 3,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeliveryOrder;

    #[test]
    fn the_standings_are_the_cores() {
        use bayar_standing::*;
        for (ours, theirs) in [
            (DeliveryOrder::New, BAYAR_DELIVERY_NEW),
            (DeliveryOrder::Repeat, BAYAR_DELIVERY_REPEAT),
            (DeliveryOrder::Late, BAYAR_DELIVERY_LATE),
        ] {
            assert_eq!(ours as i32, theirs as i32, "{ours:?}");
        }
    }
}
