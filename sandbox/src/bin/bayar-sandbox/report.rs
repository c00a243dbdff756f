//! What the sandbox really did, in a few lines.

use std::fmt::Write;

use bayar_sandbox::{Attempt, PaymentRecord, Sandbox};

pub(crate) fn report(sandbox: &Sandbox) -> String {
    let counts = sandbox.counts();
    let payments = sandbox.payments();
    let paid = payments.iter().filter(|payment| was_paid(payment)).count();
    let mut text = format!(
        "bayar-sandbox: {} made, {paid} paid, {} made; {}, {}\n",
        number(counts.payments_made, "payment"),
        number(counts.refunds_made, "refund"),
        number(counts.token_requests, "token request"),
        number(counts.connections, "connection"),
    );
    for payment in &payments {
        let _ = writeln!(
            text,
            "  {}  IDR {}  {}  (asked for {}, made {})",
            payment.partner_reference_no,
            payment.amount,
            payment.state.name(),
            number(payment.requests, "time"),
            number(payment.times_made, "time"),
        );
        for refund in &payment.refunds {
            let _ = writeln!(
                text,
                "    refund {}  IDR {}  (asked for {}, made {})",
                refund.partner_refund_no,
                refund.amount,
                number(refund.requests, "time"),
                number(refund.times_made, "time"),
            );
        }
    }
    for notification in sandbox.notifications() {
        let answers: Vec<String> = notification.attempts.iter().map(answer).collect();
        let _ = writeln!(
            text,
            "  notification {}  status {}  {}  ({})",
            notification.partner_reference_no,
            notification.status,
            notification.state.name(),
            if answers.is_empty() { "not yet sent".to_owned() } else { answers.join(", ") },
        );
    }
    text
}

/// What the merchant said to one attempt, such as `200 2005600`.
fn answer(attempt: &Attempt) -> String {
    let (at, exchange) = match (&attempt.notification, &attempt.token) {
        (Some(exchange), _) => ("", exchange),
        (None, Some(exchange)) => ("token: ", exchange),
        (None, None) => return String::new(),
    };
    let code = exchange.answer_code();
    match &exchange.error {
        Some(error) => format!("{at}{error}"),
        None if code.is_empty() => format!("{at}{}", exchange.answer_status),
        None => format!("{at}{} {code}", exchange.answer_status),
    }
}

fn was_paid(payment: &PaymentRecord) -> bool {
    use bayar_sandbox::PaymentState::{Paid, Refunded};
    matches!(payment.state, Paid | Refunded)
}

fn number(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
