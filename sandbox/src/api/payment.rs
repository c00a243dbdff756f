//! The payment call (protocol 4): a link on which the customer pays.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::case::Case;
use super::fields::Fields;
use super::gate::Caller;
use super::{Outcome, object};
use crate::assumptions::Assumption;
use crate::books::{Books, Money, NewPayment, Payment};
use crate::seen::Tally;
use crate::stamp;
use crate::world::World;

/// The only channel of this call that the sandbox plays.
pub(super) const CHANNEL: &str = "EMONEY_DANA_SNAP";

/// A payment request whose fields are all in order.
pub(super) struct Order {
    partner_reference_no: String,
    amount: Money,
    channel: String,
    order_title: Option<String>,
    return_url: String,
    valid_until: Option<OffsetDateTime>,
}

impl Order {
    pub(super) fn read(body: &Fields<'_>, now: OffsetDateTime) -> Result<Order, Case> {
        let partner_reference_no = body.required_text("partnerReferenceNo", 64)?;
        let amount = body.amount("amount")?;
        let return_url = return_url(body)?;
        let valid_until = valid_until(body, now)?;
        body.text("pointOfInitiation", 20)?;
        let additional = body.required_object("additionalInfo")?;
        let channel = additional.one_of("channel", &[CHANNEL])?;
        let order_title = additional.text("orderTitle", usize::MAX)?;
        deep_link_flag(&additional)?;
        Ok(Order {
            partner_reference_no: partner_reference_no.to_owned(),
            amount,
            channel: channel.to_owned(),
            order_title: order_title.map(str::to_owned),
            return_url: return_url.to_owned(),
            valid_until,
        })
    }

    pub(super) fn perform(self, world: &World, books: &mut Books, caller: &Caller, now: OffsetDateTime) -> Outcome {
        if let Some(known) = books.ledger.payment_mut(&self.partner_reference_no) {
            let clash = self.clash_with(known);
            if clash == Case::Inconsistent || world.assumptions.hold(Assumption::ReferencesAreUnique) {
                return Err(clash);
            }
            known.times_made += 1;
            Tally::add(&world.tally.payments_made);
            return Ok(link(world, known));
        }
        let checkout_id = world.random.id().map_err(|_| Case::Internal)?;
        let new = NewPayment {
            partner_reference_no: self.partner_reference_no,
            external_id: caller.external_id.clone(),
            device_id: caller.device_id.clone(),
            channel: self.channel,
            order_title: self.order_title,
            return_url: self.return_url,
            checkout_id,
            amount: self.amount,
            valid_until: self.valid_until,
        };
        let payment = books.ledger.make_payment(new, now);
        Tally::add(&world.tally.payments_made);
        world.notifier.desk().watch(payment);
        world.call_customer(&payment.partner_reference_no);
        Ok(link(world, payment))
    }

    /// Protocol 9: 409-01 for a reference that was used before, 404-18 when it was used for something else.
    fn clash_with(&self, known: &Payment) -> Case {
        if known.amount == self.amount && known.channel == self.channel {
            Case::Duplicate("partnerReferenceNo")
        } else {
            Case::Inconsistent
        }
    }
}

fn link(world: &World, payment: &Payment) -> Map<String, Value> {
    object(json!({
        "webRedirectUrl": world.checkout_url(payment),
        "partnerReferenceNo": payment.partner_reference_no,
        "referenceNo": payment.reference_no,
    }))
}

/// A list of objects, or the single object of DOKU's printed sample; the first address is where the customer returns to.
fn return_url<'a>(body: &Fields<'a>) -> Result<&'a str, Case> {
    let mut first = None;
    for param in body.objects("urlParam")? {
        let url = param.required_text("url", 512)?;
        param.one_of("type", &["PAY_RETURN"])?;
        param.one_of("isDeepLink", &["Y", "N"])?;
        first = first.or(Some(url));
    }
    first.ok_or_else(|| body.missing("urlParam"))
}

/// Both spellings are in DOKU's documents (protocol 12, row 2).
fn valid_until(body: &Fields<'_>, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, Case> {
    let mut end = None;
    for name in ["validUpTo", "validUpto"] {
        if let Some(text) = body.text(name, 35)? {
            let time = stamp::parse(text).filter(|time| *time >= now);
            end = Some(time.ok_or_else(|| body.wrong(name))?);
        }
    }
    Ok(end)
}

/// A string in DOKU's documents, a boolean in some of its SDKs (protocol 12, row 7).
fn deep_link_flag(additional: &Fields<'_>) -> Result<(), Case> {
    const NAME: &str = "supportDeepLinkCheckoutUrl";
    match additional.value(NAME) {
        None | Some(Value::Bool(_)) => Ok(()),
        Some(Value::String(text)) if text == "true" || text == "false" => Ok(()),
        Some(_) => Err(additional.wrong(NAME)),
    }
}
