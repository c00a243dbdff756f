//! The checks of request fields that are plain text on the wire, each in one place for every operation and language.

use crate::error::{Error, Result};
use crate::reference::describe;
use std::net::Ipv4Addr;

/// Free text for people (order title, reason): up to 255 characters of any script, emoji too. Control characters and
/// the two line separators are refused: no two JSON writers agree on them, and the body is signed (P1).
pub(crate) fn text(field: &str, value: &str) -> Result<String> {
    const LONGEST: usize = 255;
    if value.is_empty() {
        return Err(Error::argument(field, format!("{field} is empty; leave it out instead.")));
    }
    if let Some(odd) = value.chars().find(|&c| unsafe_in_json(c)) {
        return Err(Error::argument(field, format!("{field} cannot be used: it has {}.", describe(odd))));
    }
    let length = value.chars().count();
    if length > LONGEST {
        return Err(Error::argument(field, format!("{field} has {length} characters; at most {LONGEST} are allowed.")));
    }
    Ok(value.to_owned())
}

/// A value that cannot be used, in quotes and with a space before it, for an error's message. Nothing if it is longer than
/// a slip of the pen and no number: it may be a secret in a wrong place (P6).
pub(crate) fn quoted(value: &str) -> String {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || b" .,:+-".contains(&byte));
    match value.chars().count() {
        0..=11 => {}
        12..=45 if is_number => {}
        _ => return String::new(),
    }
    let visible: String = value.chars().filter(|c| !c.is_control()).collect();
    format!(" '{visible}'")
}

/// Whether JSON writers differ on how this character is written.
pub(crate) fn unsafe_in_json(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The page the customer returns to: at most 512 characters (ASPI) that are legal in a URL. DOKU's own sample has no
/// scheme (protocol.md section 4), and apps use schemes of their own, so both are accepted; `https://` without a host,
/// and what a browser would run, are not.
pub(crate) fn return_url(field: &str, value: &str) -> Result<String> {
    const LONGEST: usize = 512;
    let refused = |why: &str| Err(Error::argument(field, format!("{field} cannot be used: {why}.")));
    if value.is_empty() {
        return refused("it is empty; leave it out instead");
    }
    if value.len() > LONGEST {
        return refused("it is longer than 512 characters");
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    if let Some(odd) = value.chars().find(|&c| !legal(c)) {
        return refused(&format!("it has {}; write it percent-encoded", describe(odd)));
    }
    if let Some((scheme, rest)) = value.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !named || host.is_empty() {
            return refused("it names no host; give a whole URL such as https://shop.example/thanks");
        }
    } else {
        let scheme = value.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if value.contains(':') && ["javascript", "data", "vbscript", "file", "about", "blob"].contains(&scheme.as_str())
        {
            return refused("it is not the address of a page");
        }
        if !value.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return refused("it names no host; give a whole URL such as https://shop.example/thanks");
        }
    }
    Ok(value.to_owned())
}

/// X-IP-ADDRESS: an IPv4 address; short ones such as 8.8.8.8 are as good as long ones (protocol.md section 10).
pub(crate) fn ip_address(field: &str, value: &str) -> Result<String> {
    value.parse::<Ipv4Addr>().map(|address| address.to_string()).map_err(|_| {
        let shown = quoted(value);
        Error::argument(field, format!("{field}{shown} is not an IPv4 address; write four numbers such as 8.8.8.8."))
    })
}

/// X-DEVICE-ID: 1 to 64 letters and digits, "no symbols" (protocol.md section 10).
pub(crate) fn device_id(field: &str, value: &str) -> Result<String> {
    if (1..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(value.to_owned());
    }
    Err(Error::argument(field, format!("{field} must be 1 to 64 letters and digits, without signs or spaces.")))
}

/// `additionalInfo.channel`: the name of one of DOKU's channels.
pub(crate) fn channel(field: &str, value: &str) -> Result<String> {
    let legal = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=64).contains(&value.len()) && value.bytes().all(legal) {
        return Ok(value.to_owned());
    }
    Err(Error::argument(field, format!("{field} must be the name of a DOKU channel, such as EMONEY_DANA_SNAP.")))
}

/// `pointOfInitiation`: where the customer is (protocol.md section 4).
pub(crate) fn point_of_initiation(field: &str, value: &str) -> Result<String> {
    if ["app", "pc", "mweb"].contains(&value) {
        return Ok(value.to_owned());
    }
    Err(Error::argument(field, format!("{field} must be one of app, pc and mweb.")))
}

/// `originalExternalId`: an X-EXTERNAL-ID, 1 to 64 letters, digits and `-`. The sources say 32, 36 and 64 (protocol.md
/// section 5); ours have 32, but the payment may have been made by another program.
pub(crate) fn external_id(field: &str, value: &str) -> Result<String> {
    if (1..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(value.to_owned());
    }
    Err(Error::argument(
        field,
        format!("{field} must be the X-EXTERNAL-ID of the payment, 1 to 64 letters, digits or hyphens."),
    ))
}
