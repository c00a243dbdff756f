//! The client, as Python sees it: what comes in is converted, the call is made, what comes out is converted.

use crate::arguments::{amount, day, extra, maybe_text, moment, seconds, text};
use crate::call::{Cancel, Watch, run, without_the_gil};
use crate::delivery::Delivery;
use crate::errors::{raised, unusable};
use crate::iterate::RecordIterator;
use crate::signing::bytes;
use crate::{results, settings, words};
use bayar::{Config, Incoming, PaymentRequest, RefundRequest, Which};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyTuple, PyType};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A connection to DOKU for one merchant.
///
/// Make one and keep it, and share it among all threads: it keeps the connection, the access token and the parsed key. It
/// works on after os.fork(), in the child with a connection of its own. Use it with `with`, or call close().
///
/// Settings are keywords, by their names in docs/settings.md, such as client_id, client_secret, private_key_file,
/// environment ("sandbox" or "production"), timeout_ms, journal; list_settings() tells all of them. from_env() and
/// from_file() read them from elsewhere. None is not given.
///
/// Raises ConfigurationError, which names the setting, and JournalError where the journal cannot be used. Opens no connection.
#[pyclass(frozen, module = "bayar", weakref)]
pub(crate) struct Client {
    /// None once it is closed; all faces share it.
    open: Arc<Mutex<Option<Arc<bayar::Client>>>>,
    cancel: Option<bayar::Cancel>,
    shown: String,
}

impl Client {
    fn make(py: Python<'_>, config: &Config) -> PyResult<Self> {
        let client = without_the_gil(py, || bayar::Client::new(config)).map_err(|error| raised(py, &error))?;
        let shown = format!("environment={:?} client_id={:?}", client.environment(), client.client_id());
        Ok(Self { open: Arc::new(Mutex::new(Some(Arc::new(client)))), cancel: None, shown })
    }

    fn client(&self, py: Python<'_>) -> PyResult<Arc<bayar::Client>> {
        // Never held for longer than a copy of the pointer takes.
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        open.ok_or_else(|| unusable(py, "client", "The client is closed; make a new one."))
    }

    fn watch(&self) -> Arc<Watch> {
        Watch::new(self.cancel.clone())
    }

    fn call<T: Send>(
        &self,
        py: Python<'_>,
        body: impl FnOnce(&bayar::Client) -> bayar::Result<T> + Send,
    ) -> PyResult<T> {
        let (client, watch) = (self.client(py)?, self.watch());
        let face = client.with_cancel(&watch.cancel());
        run(py, &client, &watch, || body(&face))
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (**settings))]
    fn new(py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut config = settings::begin(py)?;
        settings::set_all(&mut config, settings)?;
        Self::make(py, &config)
    }

    /// Make a client with settings from the environment: BAYAR_<NAME>, such as BAYAR_CLIENT_ID.
    ///
    /// Where BAYAR_CONFIG names a file, that is read first. Keywords come last. An empty variable is not set.
    #[classmethod]
    #[pyo3(signature = (**settings))]
    fn from_env(class: &Bound<'_, PyType>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = class.py();
        let mut config = settings::begin(py)?;
        settings::load_environment(py, &mut config)?;
        settings::set_all(&mut config, settings)?;
        Self::make(py, &config)
    }

    /// Make a client with settings from a TOML file: `name = "value"`, one a line. Keywords come last.
    #[classmethod]
    #[pyo3(signature = (path, **settings))]
    fn from_file(class: &Bound<'_, PyType>, path: PathBuf, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = class.py();
        let mut config = settings::begin(py)?;
        settings::load_file(py, &mut config, &path)?;
        settings::set_all(&mut config, settings)?;
        Self::make(py, &config)
    }

    /// Make a payment and give its link. It is not paid yet: see wait().
    ///
    /// Calling again with the same reference is always safe: the same one payment comes of it, with the setting journal also
    /// after a crash.
    ///
    /// partner_reference_no: your own number of it, 1 to 64 characters. amount: rupiah, as int (whole), Decimal or str
    /// ("10000.00"), at least 1. return_url: where the customer goes after paying, up to 512 characters; that of the settings
    /// where it is not given. title: what the customer reads in DANA, up to 255 characters. valid_up_to: when the link dies, an
    /// aware datetime; by default the setting payment_lifetime_s counts. is_deep_link: the return URL opens an app.
    /// point_of_initiation: "app", "pc" or "mweb". support_deep_link_checkout_url: the checkout jumps into the DANA app.
    /// channel, device_id: others than those of the settings. ip_address: the customer's IPv4 address. extra: JSON members to
    /// add to the body, as a mapping or as text; one that has a parameter here is refused.
    ///
    /// Raises InvalidArgument (also for a reference that was used for another amount), NotSent, Refused, OutcomeUnknown (call
    /// again with the same reference), AuthenticationError or JournalError. Returns within the setting timeout_ms.
    #[pyo3(signature = (
        partner_reference_no, amount, *, return_url=None, title=None, valid_up_to=None, is_deep_link=false,
        point_of_initiation=None, support_deep_link_checkout_url=None, channel=None, device_id=None, ip_address=None,
        extra=None
    ))]
    #[allow(clippy::too_many_arguments)] // They are Python's keywords.
    fn pay<'py>(
        &self,
        py: Python<'py>,
        partner_reference_no: &Bound<'py, PyAny>,
        amount: &Bound<'py, PyAny>,
        return_url: Option<&Bound<'py, PyAny>>,
        title: Option<&Bound<'py, PyAny>>,
        valid_up_to: Option<&Bound<'py, PyAny>>,
        is_deep_link: bool,
        point_of_initiation: Option<&Bound<'py, PyAny>>,
        support_deep_link_checkout_url: Option<bool>,
        channel: Option<&Bound<'py, PyAny>>,
        device_id: Option<&Bound<'py, PyAny>>,
        ip_address: Option<&Bound<'py, PyAny>>,
        extra: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reference = text("partner_reference_no", partner_reference_no)?;
        let sum = self::amount(amount)?;
        let wrong = |error: bayar::Error| raised(py, &error);
        let mut request = PaymentRequest::new(&reference, &sum).map_err(wrong)?;
        if let Some(value) = maybe_text("return_url", return_url)? {
            request.set_return_url(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("title", title)? {
            request.set_title(&value).map_err(wrong)?;
        }
        if let Some(value) = valid_up_to {
            request.set_valid_up_to(&moment("valid_up_to", value)?).map_err(wrong)?;
        }
        request.set_is_deep_link(is_deep_link);
        if let Some(value) = maybe_text("point_of_initiation", point_of_initiation)? {
            request.set_point_of_initiation(&value).map_err(wrong)?;
        }
        if let Some(value) = support_deep_link_checkout_url {
            request.set_support_deep_link_checkout_url(value);
        }
        if let Some(value) = maybe_text("channel", channel)? {
            request.set_channel(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("device_id", device_id)? {
            request.set_device_id(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("ip_address", ip_address)? {
            request.set_ip_address(&value).map_err(wrong)?;
        }
        if let Some(value) = extra {
            request.set_extra_json(&self::extra(value)?).map_err(wrong)?;
        }
        let made = self.call(py, |client| client.pay(&request))?;
        results::payment(py, &made)
    }

    /// Make a refund.
    ///
    /// Calling again with the same refund_no is always safe: the same one refund comes of it. Two numbers are two refunds.
    ///
    /// original_partner_reference_no: your number of the payment. amount: as for pay(), of the payment or a part of it.
    /// refund_no: your own number of the refund (partnerRefundNo), 1 to 64 characters. reason: up to 255 characters.
    /// original_external_id: the X-EXTERNAL-ID of the payment. allow_over_refund: let it through although the payment's
    /// refunds then come to more than the payment. channel, device_id, ip_address, extra: as for pay().
    ///
    /// Raises as pay().
    #[pyo3(signature = (
        original_partner_reference_no, amount, *, refund_no, reason=None, original_external_id=None,
        allow_over_refund=false, channel=None, device_id=None, ip_address=None, extra=None
    ))]
    #[allow(clippy::too_many_arguments)] // They are Python's keywords.
    fn refund<'py>(
        &self,
        py: Python<'py>,
        original_partner_reference_no: &Bound<'py, PyAny>,
        amount: &Bound<'py, PyAny>,
        refund_no: &Bound<'py, PyAny>,
        reason: Option<&Bound<'py, PyAny>>,
        original_external_id: Option<&Bound<'py, PyAny>>,
        allow_over_refund: bool,
        channel: Option<&Bound<'py, PyAny>>,
        device_id: Option<&Bound<'py, PyAny>>,
        ip_address: Option<&Bound<'py, PyAny>>,
        extra: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let original = text("original_partner_reference_no", original_partner_reference_no)?;
        let (sum, number) = (self::amount(amount)?, text("refund_no", refund_no)?);
        let wrong = |error: bayar::Error| raised(py, &error);
        let mut request = RefundRequest::new(&original, &sum, &number).map_err(wrong)?;
        if let Some(value) = maybe_text("reason", reason)? {
            request.set_reason(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("original_external_id", original_external_id)? {
            request.set_original_external_id(&value).map_err(wrong)?;
        }
        request.set_allow_over_refund(allow_over_refund);
        if let Some(value) = maybe_text("channel", channel)? {
            request.set_channel(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("device_id", device_id)? {
            request.set_device_id(&value).map_err(wrong)?;
        }
        if let Some(value) = maybe_text("ip_address", ip_address)? {
            request.set_ip_address(&value).map_err(wrong)?;
        }
        if let Some(value) = extra {
            request.set_extra_json(&self::extra(value)?).map_err(wrong)?;
        }
        let made = self.call(py, |client| client.refund(&request))?;
        results::refund(py, &made)
    }

    /// Ask DOKU for the status of a payment.
    ///
    /// An exception proves nothing about the payment, not even that DOKU does not know it: perhaps the customer has not opened
    /// the link. DOKU wishes to be asked no earlier than 60 seconds after the payment.
    fn status<'py>(
        &self,
        py: Python<'py>,
        original_partner_reference_no: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reference = text("original_partner_reference_no", original_partner_reference_no)?;
        let found = self.call(py, |client| client.status(&reference))?;
        results::status(py, &found)
    }

    /// Ask until the payment is final (`status.is_final`) or the time is over, and give the last answer.
    ///
    /// timeout: seconds, or a timedelta. The pauses begin with the setting status_interval_ms and grow to ten times that.
    /// Failed inquiries are repeated. Raises AuthenticationError at once, and otherwise as status() where nothing was answered
    /// by the end. The first inquiry is always made, and has 2 seconds where timeout is shorter.
    #[pyo3(signature = (original_partner_reference_no, timeout))]
    fn wait<'py>(
        &self,
        py: Python<'py>,
        original_partner_reference_no: &Bound<'py, PyAny>,
        timeout: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reference = text("original_partner_reference_no", original_partner_reference_no)?;
        let limit = seconds("timeout", timeout)?;
        let found = self.call(py, |client| client.wait(&reference, limit))?;
        results::status(py, &found)
    }

    /// Connect and fetch the access token ahead, so that the next payment costs one round trip.
    ///
    /// Does nothing while a token is held that is not near its end. Not needed: every call does it by itself.
    fn warm_up(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, bayar::Client::warm_up)
    }

    /// Ask DOKU about everything whose fate is not known and whose time has come; give those records as they are now.
    ///
    /// Call it at start-up and from a timer. It only asks: nothing is ever sent again by it. timeout: seconds or a timedelta.
    #[pyo3(signature = (timeout))]
    fn settle<'py>(&self, py: Python<'py>, timeout: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let limit = seconds("timeout", timeout)?;
        let settled = self.call(py, |client| client.settle(limit))?;
        results::settled(py, &settled)
    }

    /// Close by hand a record whose fate is not known, after a look into DOKU's dashboard; give it as it is then.
    ///
    /// operation: Operation.PAYMENT or REFUND. reference: its partner_reference_no or refund_no. resolution: Resolution.DONE,
    /// REFUSED, or ABANDONED, which also gives up a payment that nobody has paid. reason: 1 to 255 characters; it is kept, and
    /// told to whoever calls with that reference again. Raises InvalidArgument where there is nothing to close.
    #[pyo3(signature = (operation, reference, resolution, reason))]
    fn resolve<'py>(
        &self,
        py: Python<'py>,
        operation: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
        resolution: &Bound<'py, PyAny>,
        reason: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (operation, resolution) = (words::operation(operation)?, words::resolution(resolution)?);
        let (reference, reason) = (text("reference", reference)?, text("reason", reason)?);
        let closed = self.call(py, |client| client.resolve(operation, &reference, resolution, &reason))?;
        results::record(py, &closed)
    }

    /// Hold the records of a day of Jakarta against DOKU. Each says by its `comparison` whether the two agree.
    ///
    /// day: a date, or text such as "2026-11-22". timeout: seconds or a timedelta; where it is over before all were compared,
    /// `is_complete` is False. Nothing is sent again.
    #[pyo3(signature = (day, timeout))]
    fn reconcile<'py>(
        &self,
        py: Python<'py>,
        day: &Bound<'py, PyAny>,
        timeout: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (day, limit) = (self::day(day)?, seconds("timeout", timeout)?);
        let found = self.call(py, |client| client.reconcile(&day, limit))?;
        results::reconciliation(py, &found)
    }

    /// The records of the journal, one by one, the oldest first: all, or one kind of them.
    ///
    /// open: those whose fate is not known, and payments that were given up while their link lives. reference: a payment and
    /// its refunds, or a refund. day: those that were made on a day of Jakarta (a date, or text). At most one of the three.
    #[pyo3(signature = (*, open=false, reference=None, day=None))]
    fn records(
        &self,
        py: Python<'_>,
        open: bool,
        reference: Option<&Bound<'_, PyAny>>,
        day: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<RecordIterator> {
        let which = match (open, reference, day) {
            (false, None, None) => Which::All,
            (true, None, None) => Which::Open,
            (false, Some(reference), None) => Which::Reference(text("reference", reference)?),
            (false, None, Some(day)) => Which::Day(self::day(day)?),
            _ => return Err(unusable(py, "open", "Give one of open, reference and day.")),
        };
        let (client, watch) = (self.client(py)?, self.watch());
        let records = client.with_cancel(&watch.cancel()).records(which).map_err(|error| raised(py, &error))?;
        Ok(RecordIterator::new(client, watch, records))
    }

    /// One operation as the journal knows it, or None.
    #[pyo3(signature = (operation, reference))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        operation: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (operation, reference) = (words::operation(operation)?, text("reference", reference)?);
        let found = self.call(py, |client| client.record(operation, &reference))?;
        found.map(|record| results::record(py, &record)).transpose()
    }

    /// Make the tables of a journal on PostgreSQL, or bring those of an earlier version forward.
    ///
    /// The database's user needs the right to make tables for this call only. A journal in a file is made by itself.
    fn create_journal(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, bayar::Client::create_journal)
    }

    /// Answer DOKU's request for the token with which it then sends notifications. Send back what is given.
    ///
    /// method, path: as it was requested. headers: a mapping, or pairs of name and value as they came. body: byte for byte.
    #[pyo3(signature = (method, path, headers, body))]
    fn webhook_token<'py>(
        &self,
        py: Python<'py>,
        method: &Bound<'py, PyAny>,
        path: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let incoming = incoming(method, path, headers, body)?;
        let answer = self.call(py, |client| client.webhook_token(&incoming))?;
        results::answer(py, &answer)
    }

    /// Check a notification of DOKU's. Arguments as for webhook_token().
    ///
    /// Where `delivery.is_genuine`, act on it, then acknowledge() it; in any case send back `delivery.answer`. An exception
    /// means that the journal could not be used: answer HTTP 500, and DOKU sends it again.
    #[pyo3(signature = (method, path, headers, body))]
    fn notification(
        &self,
        py: Python<'_>,
        method: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
    ) -> PyResult<Delivery> {
        let incoming = incoming(method, path, headers, body)?;
        self.call(py, |client| client.notification(&incoming)).map(Delivery::new)
    }

    /// Say that the notification was taken: committed to your own database, or acted upon. The answer is then HTTP 200.
    fn acknowledge(&self, py: Python<'_>, delivery: &Delivery) -> PyResult<()> {
        self.call(py, |client| client.acknowledge(&mut delivery.lock()))
    }

    /// Say that you have no such order: the answer is then HTTP 404.
    fn reject_unknown(&self, py: Python<'_>, delivery: &Delivery) -> PyResult<()> {
        self.call(py, |client| client.reject_unknown(&mut delivery.lock()))
    }

    /// The notifications that somebody has yet to look at, the oldest first, at most 1,000.
    fn inbox<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let entries = self.call(py, bayar::Client::inbox)?;
        let entries: Vec<_> = entries.iter().map(|entry| results::inbox_entry(py, entry)).collect::<PyResult<_>>()?;
        PyTuple::new(py, entries)
    }

    /// Close the connections and wipe the secrets, as soon as no call runs any more. Closing again is nothing.
    fn close(&self, py: Python<'_>) {
        let client = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(client));
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    /// The same client, whose calls end when `cancel` is set: within some 50 ms, with what is true about the money.
    fn _with_cancel(&self, cancel: &Cancel) -> Self {
        Self { open: Arc::clone(&self.open), cancel: Some(cancel.0.clone()), shown: self.shown.clone() }
    }

    fn __repr__(&self) -> String {
        format!("<bayar.Client {}>", self.shown)
    }
}

/// A request as it came in.
fn incoming(
    method: &Bound<'_, PyAny>,
    path: &Bound<'_, PyAny>,
    headers: &Bound<'_, PyAny>,
    body: &Bound<'_, PyAny>,
) -> PyResult<Incoming> {
    let mut incoming = Incoming::new(&text("method", method)?, &text("path", path)?, &bytes("body", body)?);
    let pairs = match headers.cast::<PyMapping>() {
        Ok(mapping) => mapping.items()?.into_any(),
        Err(_) => headers.clone(),
    };
    for pair in pairs.try_iter()? {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
        incoming.add_header(&text("headers", &name)?, &text("headers", &value)?);
    }
    Ok(incoming)
}
