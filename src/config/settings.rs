//! The settings as a client uses them: typed, complete, the keys read.

use super::file::{is_like_a_path, read_limited};
use super::{Config, SETTINGS};
use crate::checks;
use crate::error::{Error, Kind, Result};
use crate::journal::Place;
use crate::keys::{SigningKey, VerifyingKey};
use crate::secret::Secret;
use crate::snap::request::Forms;
use crate::snap::timestamp::Form;
use crate::transport::Roots;
use std::time::Duration;
use zeroize::Zeroizing;

/// What a client needs, checked.
pub(crate) struct Settings {
    pub(crate) environment: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) client_secret_next: Option<Secret>,
    pub(crate) signing_key: SigningKey,
    /// DOKU's, and the next one during a change.
    pub(crate) doku_public_keys: Vec<VerifyingKey>,
    pub(crate) notification_path: String,
    pub(crate) notification_window: Duration,
    pub(crate) base_url: String,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) keep_alive: Duration,
    pub(crate) token_renew_ahead: Duration,
    pub(crate) status_interval: Duration,
    pub(crate) payment_lifetime_s: u64,
    pub(crate) return_url: Option<String>,
    pub(crate) roots: Roots,
    pub(crate) ca_pem: Option<Vec<u8>>,
    pub(crate) proxy: Option<Secret>,
    pub(crate) log_level: String,
    pub(crate) journal: Place,
    /// How long settled records are kept; `None` for ever.
    pub(crate) journal_keep: Option<Duration>,
    pub(crate) channel: String,
    pub(crate) device_id: String,
    pub(crate) channel_id: Option<String>,
    pub(crate) timestamp_form: Form,
    pub(crate) forms: Forms,
    pub(crate) status_service_code: String,
}

impl Settings {
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        must_be_complete(config)?;
        let text = |name: &str| config.get(name).unwrap_or_default().to_owned();
        let number = |name: &str| config.get(name).and_then(|value| value.parse::<u64>().ok()).unwrap_or_default();
        let is = |name: &str, value: &str| config.get(name) == Some(value);
        let environment = text("environment");
        let base_url = config.get("base_url").unwrap_or_else(|| default_base_url(&environment)).to_owned();
        must_agree(&environment, &base_url)?;
        Ok(Self {
            base_url,
            environment,
            client_id: text("client_id"),
            client_secret: Secret::new(text("client_secret")),
            client_secret_next: config.get("client_secret_next").map(Secret::new),
            signing_key: signing_key(config)?,
            doku_public_keys: doku_public_keys(config)?,
            notification_path: notification_path(config)?,
            notification_window: Duration::from_secs(number("notification_window_s")),
            timeout: Duration::from_millis(number("timeout_ms")),
            connect_timeout: Duration::from_millis(number("connect_timeout_ms")),
            keep_alive: Duration::from_secs(number("keep_alive_s")),
            token_renew_ahead: Duration::from_secs(number("token_renew_ahead_s")),
            status_interval: Duration::from_millis(number("status_interval_ms")),
            payment_lifetime_s: number("payment_lifetime_s"),
            return_url: match config.get("return_url") {
                Some(url) => Some(checks::return_url("return_url", url).map_err(as_setting)?),
                None => None,
            },
            roots: match config.get("tls_roots") {
                Some("system") => Roots::System,
                Some("bundled") => Roots::Bundled,
                Some("none") => Roots::None,
                _ => Roots::Auto,
            },
            ca_pem: config.get("ca_file").map(|path| read_file("ca_file", path)).transpose()?.map(|pem| pem.to_vec()),
            proxy: config.get("proxy").map(Secret::new),
            log_level: text("log_level"),
            journal: Place::read(config.get("journal")),
            journal_keep: match number("journal_keep_days") {
                0 => None,
                days => Some(Duration::from_secs(days.saturating_mul(86_400))),
            },
            channel: checks::channel("channel", &text("channel")).map_err(as_setting)?,
            device_id: checks::device_id("device_id", &text("device_id")).map_err(as_setting)?,
            channel_id: config.get("channel_id").map(str::to_owned),
            timestamp_form: match config.get("timestamp_form") {
                Some("utc") => Form::Utc,
                Some("wib_ms") => Form::WibMillis,
                Some("utc_ms") => Form::UtcMillis,
                _ => Form::Wib,
            },
            forms: Forms {
                valid_upto_spelling: is("valid_up_to_field", "validUpto"),
                url_param_object: is("url_param_form", "object"),
                deep_link_boolean: is("support_deep_link_form", "boolean"),
            },
            status_service_code: text("status_service_code"),
        })
    }
}

/// protocol.md section 1.
fn default_base_url(environment: &str) -> &'static str {
    match environment {
        "production" => "https://api.doku.com",
        _ => "https://api-sandbox.doku.com",
    }
}

/// The environment says whether money moves, so the address of the other one is a mistake.
fn must_agree(environment: &str, base_url: &str) -> Result<()> {
    let other = default_base_url(if environment == "production" { "sandbox" } else { "production" });
    if base_url.trim_end_matches('/').eq_ignore_ascii_case(other) {
        let message =
            format!("The setting base_url is that of DOKU's other environment, and environment is {environment}.");
        return Err(Error::setting(Kind::InvalidSetting, "base_url", message));
    }
    Ok(())
}

fn signing_key(config: &Config) -> Result<SigningKey> {
    let (name, pem) = match (config.get("private_key"), config.get("private_key_file")) {
        (Some(_), Some(_)) => {
            let why = "Both private_key and private_key_file are given; give one of them.";
            return Err(Error::setting(Kind::InvalidSetting, "private_key", why));
        }
        (Some(pem), None) => ("private_key", Zeroizing::new(pem.as_bytes().to_vec())),
        (None, Some(path)) => ("private_key_file", read_file("private_key_file", path)?),
        (None, None) => return Err(Error::internal("A client was made without a private key.")),
    };
    let passphrase = config.get("private_key_passphrase").map(str::as_bytes);
    SigningKey::from_pem(&pem, passphrase).map_err(|problem| {
        Error::setting(Kind::InvalidKey, name, format!("The setting {name} cannot be used: {problem}"))
    })
}

/// DOKU's public keys, each as text or as a file.
fn doku_public_keys(config: &Config) -> Result<Vec<VerifyingKey>> {
    let mut keys = Vec::new();
    for (name, file) in
        [("doku_public_key", "doku_public_key_file"), ("doku_public_key_next", "doku_public_key_next_file")]
    {
        let (name, pem) = match (config.get(name), config.get(file)) {
            (Some(_), Some(_)) => {
                let why = format!("Both {name} and {file} are given; give one of them.");
                return Err(Error::setting(Kind::InvalidSetting, name, why));
            }
            (Some(pem), None) => (name, Zeroizing::new(pem.as_bytes().to_vec())),
            (None, Some(path)) => (file, read_file(file, path)?),
            (None, None) => continue,
        };
        keys.push(VerifyingKey::from_pem(&pem).map_err(|problem| {
            Error::setting(Kind::InvalidKey, name, format!("The setting {name} cannot be used: {problem}"))
        })?);
    }
    Ok(keys)
}

fn notification_path(config: &Config) -> Result<String> {
    let name = "notification_path";
    let path = config.get(name).unwrap_or_default();
    if path.starts_with('/') && !path.contains("//") {
        return Ok(path.to_owned());
    }
    let message =
        "The setting notification_path is the path alone, such as /v1.0/debit/notify, without https:// and host.";
    Err(Error::setting(Kind::InvalidSetting, name, message))
}

fn read_file(name: &str, path: &str) -> Result<Zeroizing<Vec<u8>>> {
    read_limited(path.as_ref()).map_err(|why| {
        let shown = if is_like_a_path(path.as_ref()) { format!(" ({path})") } else { String::new() };
        let message = format!("The file of the setting {name}{shown} cannot be read: {why}.");
        Error::setting(Kind::InvalidSetting, name, message)
    })
}

/// All that is missing is told at once.
fn must_be_complete(config: &Config) -> Result<()> {
    let required = SETTINGS.iter().filter(|setting| setting.required).map(|setting| setting.name);
    let mut missing: Vec<_> = required.filter(|name| config.get(name).is_none()).collect();
    if config.get("private_key").is_none() && config.get("private_key_file").is_none() {
        missing.push("private_key");
    }
    let Some(first) = missing.first() else { return Ok(()) };
    let or_file = if missing.contains(&"private_key") { " (or private_key_file)" } else { "" };
    let message = format!(
        "These settings are missing: {}{or_file}. Set them by name, as environment variables such as BAYAR_{}, or in the \
         config file; docs/settings.md tells what they are.",
        missing.join(", "),
        first.to_ascii_uppercase()
    );
    Err(Error::setting(Kind::MissingSetting, first, message))
}

/// The same check serves requests and settings; only the kind of the error differs.
fn as_setting(error: Error) -> Error {
    Error::setting(Kind::InvalidSetting, error.field().unwrap_or_default(), error.message())
}
