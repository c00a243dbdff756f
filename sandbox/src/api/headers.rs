//! Reading request headers: present once, and in shape (protocol 10).

use time::OffsetDateTime;

use super::case::Case;
use crate::net::Request;
use crate::stamp;

/// A header that must be there, once.
pub(super) fn required<'a>(request: &'a Request, name: &'a str) -> Result<&'a str, Case> {
    optional(request, name)?.ok_or_else(|| Case::Missing(name.to_owned()))
}

/// A header that may be there, once; an empty one counts as missing.
pub(super) fn optional<'a>(request: &'a Request, name: &'a str) -> Result<Option<&'a str>, Case> {
    let mut values = request.values(name);
    let first = values.next().filter(|value| !value.is_empty());
    if values.next().is_some() {
        return Err(Case::Format(name.to_owned()));
    }
    Ok(first)
}

/// JSON, whatever parameters follow.
pub(super) fn content_type(request: &Request) -> Result<(), Case> {
    let value = required(request, "Content-Type")?;
    let kind = value.split(';').next().unwrap_or_default().trim();
    in_shape("Content-Type", kind.eq_ignore_ascii_case("application/json"))
}

/// X-TIMESTAMP as text, which is signed, and as a time.
pub(super) fn timestamp(request: &Request) -> Result<(&str, OffsetDateTime), Case> {
    let text = required(request, "X-TIMESTAMP")?;
    match stamp::parse(text) {
        Some(time) => Ok((text, time)),
        None => Err(Case::Format("X-TIMESTAMP".to_owned())),
    }
}

/// A clock that is off cannot be told from a request that was recorded and played again.
pub(super) fn in_window(time: OffsetDateTime, now: OffsetDateTime, window_s: u64) -> Result<(), Case> {
    let distance = time.unix_timestamp().abs_diff(now.unix_timestamp());
    if distance <= window_s { Ok(()) } else { Err(Case::Unauthorized("X-TIMESTAMP is too far from now")) }
}

pub(super) fn in_shape(name: &str, good: bool) -> Result<(), Case> {
    if good { Ok(()) } else { Err(Case::Format(name.to_owned())) }
}
