//! The page behind a payment's `webRedirectUrl`, on which a person plays the customer.

use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::books::Payment;
use crate::lock::lock;
use crate::net::{Answer, Request};
use crate::records::PaymentState;
use crate::world::World;

/// Answers a request for a checkout page; `rest` is its path after `/checkout/`.
pub(crate) fn handle(world: &World, request: &Request, rest: &str) -> Answer {
    let (id, action) = rest.split_once('/').unwrap_or((rest, ""));
    let now = world.now();
    let mut books = lock(&world.books);
    let Some(payment) = books.ledger.by_checkout_id(id) else {
        return page(404, "<p>There is no such payment here.</p>");
    };
    match (action, request.method.as_str()) {
        ("", "GET") => {
            payment.opened_at.get_or_insert(now);
            let state = payment.state(now);
            page(200, &contents(payment, state))
        }
        ("", _) => Answer::only("GET"),
        ("approve" | "decline", "POST") => {
            // Too late or twice: the page that follows tells what holds.
            if payment.decide(action == "approve", now).is_ok() {
                world.notifier.desk().announce(payment);
            }
            Answer::empty(303).with("Location", format!("/checkout/{id}"))
        }
        ("approve" | "decline", _) => Answer::only("POST"),
        _ => page(404, "<p>There is no such page here.</p>"),
    }
}

fn contents(payment: &Payment, state: PaymentState) -> String {
    let title = payment.order_title.as_deref().unwrap_or("Payment");
    let id = &payment.checkout_id;
    let below = match state {
        PaymentState::Initiated | PaymentState::Pending => format!(
            "<form method=\"post\" action=\"/checkout/{id}/approve\"><button>Approve</button></form>\n\
             <form method=\"post\" action=\"/checkout/{id}/decline\"><button>Decline</button></form>"
        ),
        decided => format!("<p>This payment is <b>{}</b>.</p>\n{}", decided.name(), way_back(&payment.return_url)),
    };
    format!(
        "<p>{}</p>\n<dl><dt>Merchant reference</dt><dd>{}</dd>\n<dt>Amount</dt><dd>IDR {}</dd></dl>\n{below}",
        encode_text(title),
        encode_text(&payment.partner_reference_no),
        payment.amount,
    )
}

/// Links only to the web: a deep link, or worse, is shown and not followed.
fn way_back(url: &str) -> String {
    if url.starts_with("https://") || url.starts_with("http://") {
        let href = encode_double_quoted_attribute(url);
        format!("<p><a href=\"{href}\">Back to the merchant</a></p>")
    } else {
        format!("<p>The merchant's return address is {}</p>", encode_text(url))
    }
}

fn page(status: u16, contents: &str) -> Answer {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Bayar sandbox, not DOKU</title>\n\
         <style>body{{font:1.1em sans-serif;max-width:26em;margin:3em auto;padding:0 1em}}\
         form{{display:inline}}button{{font:inherit;padding:.5em 1.5em}}dd{{margin:0 0 .7em}}dt{{color:#555}}</style>\n\
         </head><body>\n<h1>Bayar sandbox, not DOKU</h1>\n{contents}\n\
         <p><small>No money moves here.</small></p>\n</body></html>\n"
    );
    Answer::html(status, html)
        .with("Cache-Control", "no-store")
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
}
