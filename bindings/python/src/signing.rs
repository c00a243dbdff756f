//! Only the signing, for a system that does its own HTTP.

use crate::arguments::{maybe_text, text};
use crate::errors::raised;
use crate::glue::CONVERT;
use bayar::signing;
use bayar::snap::minify::minify as minified;
use bayar::snap::signature::Signed;
use bayar::snap::timestamp::{self, Form};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What a signature covers, as it came from Python.
struct Covered {
    method: String,
    path: String,
    token: String,
    body: Vec<u8>,
    timestamp: String,
}

impl Covered {
    fn read(
        method: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        token: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        timestamp: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        Ok(Self {
            method: text("method", method)?,
            path: text("path", path)?,
            token: text("token", token)?,
            body: bytes("body", body)?,
            timestamp: text("timestamp", timestamp)?,
        })
    }

    fn signed(&self) -> Signed<'_> {
        Signed {
            method: &self.method,
            path: &self.path,
            token: &self.token,
            body: &self.body,
            timestamp: &self.timestamp,
        }
    }
}

/// Bytes, or text as UTF-8.
pub(crate) fn bytes(field: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = value.extract::<pyo3::pybacked::PyBackedBytes>() {
        return Ok(bytes.to_vec());
    }
    match text(field, value) {
        Ok(text) => Ok(text.into_bytes()),
        Err(problem) if problem.is_instance_of::<pyo3::exceptions::PyTypeError>(value.py()) => {
            let kind = value.get_type().name()?;
            Err(pyo3::exceptions::PyTypeError::new_err(format!("{field} must be bytes or str, not {kind}")))
        }
        Err(problem) => Err(problem),
    }
}

/// Make the X-SIGNATURE of a payment, refund or status request.
///
/// It is base64 of HMAC-SHA512 over `METHOD:path:token:sha256(minified body):timestamp`, 88 characters.
///
/// method: in capitals. path: from its leading slash, without host. token: without the word Bearer. body: the very bytes
/// that are sent (text is taken as UTF-8). They are minified for the hash, as DOKU documents it: send compact JSON, then no
/// reading of that rule can differ. timestamp: the very text of X-TIMESTAMP.
#[pyfunction]
#[pyo3(signature = (client_secret, method, path, token, body, timestamp))]
pub(crate) fn sign_request(
    client_secret: &Bound<'_, PyAny>,
    method: &Bound<'_, PyAny>,
    path: &Bound<'_, PyAny>,
    token: &Bound<'_, PyAny>,
    body: &Bound<'_, PyAny>,
    timestamp: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let covered = Covered::read(method, path, token, body, timestamp)?;
    Ok(signing::sign_request(&text("client_secret", client_secret)?, &covered.signed()).as_str().to_owned())
}

/// The string that sign_request() signs, to find out where another implementation differs.
///
/// It contains the token: do not log it.
#[pyfunction]
#[pyo3(signature = (method, path, token, body, timestamp))]
pub(crate) fn request_string_to_sign(
    method: &Bound<'_, PyAny>,
    path: &Bound<'_, PyAny>,
    token: &Bound<'_, PyAny>,
    body: &Bound<'_, PyAny>,
    timestamp: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let covered = Covered::read(method, path, token, body, timestamp)?;
    Ok(signing::request_string_to_sign(&covered.signed()))
}

/// Verify a signature as sign_request() makes it, in constant time.
///
/// Over the body's bytes as they are, or over the minified body, for signers differ in this. Raises SignatureError where it
/// does not match, also where it is not base64.
#[pyfunction]
#[pyo3(signature = (client_secret, method, path, token, body, timestamp, signature))]
#[allow(clippy::too_many_arguments)] // They are Python's.
pub(crate) fn verify_request(
    py: Python<'_>,
    client_secret: &Bound<'_, PyAny>,
    method: &Bound<'_, PyAny>,
    path: &Bound<'_, PyAny>,
    token: &Bound<'_, PyAny>,
    body: &Bound<'_, PyAny>,
    timestamp: &Bound<'_, PyAny>,
    signature: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let covered = Covered::read(method, path, token, body, timestamp)?;
    let (secret, signature) = (text("client_secret", client_secret)?, text("signature", signature)?);
    signing::verify_request(&secret, &covered.signed(), &signature).map_err(|error| raised(py, &error))
}

/// Make the X-SIGNATURE of a token request: base64 of SHA256withRSA (PKCS#1 v1.5) over `client_id|timestamp`.
///
/// private_key_pem: PEM text, PKCS#8 or PKCS#1, RSA with 2048 to 4096 bits; where it is encrypted, passphrase opens it. The
/// key is parsed at every call; a client keeps it. Raises ConfigurationError for a key that cannot be used.
#[pyfunction]
#[pyo3(signature = (private_key_pem, client_id, timestamp, *, passphrase=None))]
pub(crate) fn sign_token_request(
    py: Python<'_>,
    private_key_pem: &Bound<'_, PyAny>,
    client_id: &Bound<'_, PyAny>,
    timestamp: &Bound<'_, PyAny>,
    passphrase: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let (pem, passphrase) = (text("private_key_pem", private_key_pem)?, maybe_text("passphrase", passphrase)?);
    let (client_id, timestamp) = (text("client_id", client_id)?, text("timestamp", timestamp)?);
    let signed = py.detach(|| signing::sign_token_request(&pem, passphrase.as_deref(), &client_id, &timestamp));
    signed.map_err(|error| raised(py, &error))
}

/// Verify a signature as sign_token_request() makes it, with the public key as PEM text.
///
/// Raises SignatureError where it does not match, and ConfigurationError for a key that cannot be used.
#[pyfunction]
#[pyo3(signature = (public_key_pem, client_id, timestamp, signature))]
pub(crate) fn verify_token_request(
    py: Python<'_>,
    public_key_pem: &Bound<'_, PyAny>,
    client_id: &Bound<'_, PyAny>,
    timestamp: &Bound<'_, PyAny>,
    signature: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (pem, client_id) = (text("public_key_pem", public_key_pem)?, text("client_id", client_id)?);
    let (timestamp, signature) = (text("timestamp", timestamp)?, text("signature", signature)?);
    signing::verify_token_request(&pem, &client_id, &timestamp, &signature).map_err(|error| raised(py, &error))
}

/// Remove the white space between the tokens of a JSON text, as DOKU does before hashing.
///
/// Strings, numbers, escapes and order stay. Takes bytes or str; gives bytes. It is not checked to be JSON.
#[pyfunction]
#[pyo3(signature = (json))]
pub(crate) fn minify<'py>(json: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(json.py(), &minified(&bytes("json", json)?)))
}

/// Write a moment as X-TIMESTAMP: Jakarta time without fractions, such as `2024-07-10T11:57:58+07:00`.
///
/// moment: an aware datetime.
#[pyfunction]
#[pyo3(signature = (moment))]
pub(crate) fn format_timestamp(moment: &Bound<'_, PyAny>) -> PyResult<String> {
    let unix_ms: i64 = CONVERT.call(moment.py(), "unix_ms", (moment,))?.extract()?;
    Ok(timestamp::format(unix_ms, Form::Wib))
}

/// Make a random X-EXTERNAL-ID: 32 decimal digits.
///
/// Store it before you send it, and send the same one with every repeat.
#[pyfunction]
pub(crate) fn new_external_id(py: Python<'_>) -> PyResult<String> {
    signing::new_external_id().map(|id| id.as_str().to_owned()).map_err(|error| raised(py, &error))
}
