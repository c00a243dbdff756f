//! The table of settings: name, kind, default, limits, help, and whether it is a secret.

use crate::checks::quoted;
use crate::error::{self, Error, Result};

/// What a setting's value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any text of visible ASCII characters.
    Text,
    /// Any text that is not empty.
    Free,
    /// A file's path.
    Path,
    /// A whole number within limits, both included.
    Integer {
        /// The smallest value.
        least: u64,
        /// The largest value.
        most: u64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One setting.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Setting {
    /// Its name, the same in every language.
    pub name: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// The value when none is given.
    pub default: Option<&'static str>,
    /// Whether a client cannot be made without it.
    pub required: bool,
    /// Whether its value must not be seen.
    pub secret: bool,
    /// What it does, with its unit.
    pub help: &'static str,
}

impl Setting {
    /// The environment variable that [`crate::Config::load_environment`] reads.
    pub fn environment_name(&self) -> String {
        format!("BAYAR_{}", self.name.to_ascii_uppercase())
    }

    /// Whether a value can be used. The message never shows a secret.
    pub(super) fn check(&self, value: &str) -> Result<()> {
        let name = self.name;
        let refused = |why: String| Err(Error::setting(error::Kind::InvalidSetting, name, why));
        if value.is_empty() {
            return refused(format!("The setting {name} is empty."));
        }
        if value.contains('\0') {
            return refused(format!("The setting {name} contains a NUL character."));
        }
        let shown = if self.secret { String::new() } else { quoted(value) };
        match self.kind {
            Kind::Free => Ok(()),
            Kind::Path if value.contains("-----BEGIN") => {
                refused(format!("The setting {name} holds a key or certificate itself; give the name of its file."))
            }
            Kind::Path if value.len() > 4096 || value.chars().any(char::is_control) => {
                refused(format!("The value of the setting {name} is not the name of a file."))
            }
            Kind::Path => Ok(()),
            Kind::Text if value.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(()),
            Kind::Text => refused(format!(
                "The value{shown} of the setting {name} has a space, a line break or a character that is not ASCII."
            )),
            Kind::Choice(choices) if choices.contains(&value) => Ok(()),
            Kind::Choice(choices) => {
                refused(format!("The value{shown} of the setting {name} is not one of {}.", choices.join(", ")))
            }
            Kind::Integer { least, most } => {
                let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                match value.parse::<u64>() {
                    Ok(number) if digits && (least..=most).contains(&number) => Ok(()),
                    _ => refused(format!(
                        "The value{shown} of the setting {name} is not a whole number from {least} to {most}."
                    )),
                }
            }
        }
    }
}

/// The setting of that name; the error for an unknown one tells the nearest.
pub(super) fn find(name: &str) -> Result<&'static Setting> {
    if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
        return Ok(setting);
    }
    if !is_like_a_name(name) {
        let message = "The name given for a setting is none; it has letters and underscores only.";
        return Err(Error::setting(error::Kind::UnknownSetting, "name", message));
    }
    let distance = |setting: &&Setting| strsim::damerau_levenshtein(setting.name, &name.to_ascii_lowercase());
    let nearest = SETTINGS.iter().min_by_key(distance).filter(|setting| distance(setting) <= (name.len() / 2).min(4));
    let hint = nearest.map(|setting| format!(" Did you mean '{}'?", setting.name)).unwrap_or_default();
    Err(Error::setting(error::Kind::UnknownSetting, name, format!("There is no setting '{name}'.{hint}")))
}

/// What is not like a name may be a secret in the wrong place, and is not repeated.
pub(crate) fn is_like_a_name(name: &str) -> bool {
    name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

const fn setting(name: &'static str, kind: Kind, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, kind, default, required: false, secret: false, help }
}

const fn required(setting: Setting) -> Setting {
    Setting { required: true, ..setting }
}

const fn secret(setting: Setting) -> Setting {
    Setting { secret: true, ..setting }
}

const ONE_DAY_MS: u64 = 86_400_000;

/// Every setting there is.
pub static SETTINGS: &[Setting] = &[
    required(setting(
        "environment",
        Kind::Choice(&["sandbox", "production"]),
        None,
        "Which DOKU to talk to. It is never guessed: sandbox moves no money, production does.",
    )),
    required(setting(
        "client_id",
        Kind::Text,
        None,
        "The Client ID of the merchant, from DOKU's dashboard, such as BRN-0211-1696919651918.",
    )),
    required(secret(setting(
        "client_secret",
        Kind::Text,
        None,
        "The Secret Key of the merchant, from DOKU's dashboard.",
    ))),
    secret(setting(
        "private_key",
        Kind::Free,
        None,
        "The merchant's RSA private key as PEM text; its public key is registered at DOKU. Line breaks may be written \
         as \\n. Give this or private_key_file.",
    )),
    setting("private_key_file", Kind::Path, None, "The file that holds the private key as PEM."),
    secret(setting(
        "private_key_passphrase",
        Kind::Free,
        None,
        "The passphrase of an encrypted private key, as DOKU's own instructions make it.",
    )),
    secret(setting(
        "client_secret_next",
        Kind::Text,
        None,
        "While the Secret Key is being changed: the other one, with which notifications are accepted as well.",
    )),
    // No secret, but a private key that was taken for it would be one.
    secret(setting(
        "doku_public_key",
        Kind::Free,
        None,
        "DOKU's RSA public key as PEM text, from DOKU's dashboard: it proves who asks for a token for notifications. Needed \
         for notifications only. Give this or doku_public_key_file.",
    )),
    setting("doku_public_key_file", Kind::Path, None, "The file that holds DOKU's public key as PEM."),
    secret(setting(
        "doku_public_key_next",
        Kind::Free,
        None,
        "While DOKU's key is being changed: the other one, as PEM text.",
    )),
    setting(
        "doku_public_key_next_file",
        Kind::Path,
        None,
        "While DOKU's key is being changed: the file of the other one.",
    ),
    setting(
        "notification_path",
        Kind::Text,
        Some("/v1.0/debit/notify"),
        "The path of the notification URL as it is registered at DOKU: it is part of what DOKU signs, whatever a proxy in \
         front of the shop makes of it.",
    ),
    setting(
        "notification_window_s",
        Kind::Integer { least: 10, most: 86_400 },
        Some("300"),
        "How far the X-TIMESTAMP of a notification or token request may be from now, in seconds. What is older is not \
         believed; the status is asked instead.",
    ),
    setting(
        "base_url",
        Kind::Text,
        None,
        "Another address than that of the environment, such as a local sandbox: https://host:port. Plain http is \
         accepted for this machine only (localhost, 127.0.0.1, [::1]).",
    ),
    setting(
        "timeout_ms",
        Kind::Integer { least: 100, most: 600_000 },
        Some("30000"),
        "The limit of a whole call in milliseconds, from the first look-up to the last byte, the token included.",
    ),
    setting(
        "connect_timeout_ms",
        Kind::Integer { least: 100, most: 600_000 },
        Some("10000"),
        "The limit for making a connection (name look-up, TCP and TLS) in milliseconds, within timeout_ms.",
    ),
    setting(
        "keep_alive_s",
        Kind::Integer { least: 0, most: 3600 },
        Some("60"),
        "How long an idle connection is kept for the next call, in seconds.",
    ),
    setting(
        "token_renew_ahead_s",
        Kind::Integer { least: 0, most: 600 },
        Some("60"),
        "How long before its end the access token is renewed, in seconds.",
    ),
    setting(
        "status_interval_ms",
        Kind::Integer { least: 50, most: ONE_DAY_MS },
        Some("3000"),
        "How long wait pauses between two status inquiries at first, in milliseconds; the pauses grow to ten times \
         that.",
    ),
    setting(
        "payment_lifetime_s",
        Kind::Integer { least: 60, most: 604_800 },
        Some("3600"),
        "How long a payment's link lives (validUpTo) when the payment does not say, in seconds; DANA's limit is a \
         week.",
    ),
    setting(
        "return_url",
        Kind::Free,
        None,
        "Where the customer goes after paying when the payment does not say: at most 512 characters that are legal in a \
         URL. DOKU's SDKs make it mandatory, so give it here or with each payment.",
    ),
    setting(
        "tls_roots",
        Kind::Choice(&["auto", "system", "bundled", "none"]),
        Some("auto"),
        "Which certificate authorities to trust: those of the system, or the bundled ones where the system has none \
         (auto); only the one or the other; or none but those of ca_file.",
    ),
    setting("ca_file", Kind::Path, None, "A file of further certificate authorities to trust, as PEM."),
    secret(setting(
        "proxy",
        Kind::Text,
        None,
        "An HTTP proxy to reach DOKU through: http://host:port or http://user:password@host:port. Proxies of the \
         environment are not used.",
    )),
    setting(
        "log_level",
        Kind::Choice(&["off", "error", "warn", "info", "debug"]),
        Some("off"),
        "What the client writes into its log, a queue of up to 1,000 entries that the program polls: what a person has to \
         look at, what went wrong, what was done, or every request.",
    ),
    secret(setting(
        "journal",
        Kind::Free,
        None,
        "Where payments and refunds are written down, so that none is ever made twice: the path of a file, such as \
         bayar.db, on a disk of this machine, for all its processes; or postgres://user:password@host/database for \
         several machines (TLS to another machine unless ?sslmode=disable; ?sslrootcert=FILE names the authorities to \
         trust). Without it they are remembered in memory only, until the program ends.",
    )),
    setting(
        "journal_keep_days",
        Kind::Integer { least: 0, most: 36_500 },
        Some("400"),
        "How long settled records stay in the journal, in days; settle removes older ones. 0 keeps them for ever. What is \
         open is never removed.",
    ),
    setting(
        "channel",
        Kind::Text,
        Some("EMONEY_DANA_SNAP"),
        "The payment channel (additionalInfo.channel) of payments and refunds that name none.",
    ),
    setting(
        "device_id",
        Kind::Text,
        Some("bayar"),
        "The X-DEVICE-ID of payments and refunds that give none: 1 to 64 letters and digits, such as the till's number.",
    ),
    setting(
        "channel_id",
        Kind::Text,
        None,
        "The CHANNEL-ID header, which DOKU's DANA page does not list and some SDKs send as DH; not sent unless set.",
    ),
    setting(
        "timestamp_form",
        Kind::Choice(&["wib", "utc", "wib_ms", "utc_ms"]),
        Some("wib"),
        "How X-TIMESTAMP is written: Jakarta time with +07:00 (wib) or UTC with Z (utc), each also with milliseconds.",
    ),
    setting(
        "valid_up_to_field",
        Kind::Choice(&["validUpTo", "validUpto"]),
        Some("validUpTo"),
        "The spelling of this field in payments; DOKU's documents have both.",
    ),
    setting(
        "url_param_form",
        Kind::Choice(&["array", "object"]),
        Some("array"),
        "The form of urlParam in payments: an array of one, as DOKU's SDKs send it, or one object, as DOKU's page shows.",
    ),
    setting(
        "support_deep_link_form",
        Kind::Choice(&["string", "boolean"]),
        Some("string"),
        "The form of supportDeepLinkCheckoutUrl in payments: \"true\" as DOKU's page shows, or true.",
    ),
    setting(
        "status_service_code",
        Kind::Choice(&["55", "54"]),
        Some("55"),
        "The serviceCode of status inquiries: 55 as DOKU's SDKs send it, or 54 as the ASPI standard reads.",
    ),
];
