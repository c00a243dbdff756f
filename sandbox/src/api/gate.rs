//! Who may call payment, refund and status: headers, clock, client, token, signature, in this order (protocol 3, 10).

use std::net::Ipv4Addr;

use super::case::Case;
use super::headers::{content_type, in_shape, in_window, optional, required, timestamp};
use super::service::Service;
use super::times::Times;
use crate::crypto::{minify, sha256};
use crate::net::Request;
use crate::world::World;

/// A caller that was let in.
pub(super) struct Caller {
    pub(super) external_id: String,
    /// Empty for the status call.
    pub(super) device_id: String,
    pub(super) body_sha256: String,
}

/// `times` are what the caller's clock and token are judged by.
pub(super) fn admit(world: &World, service: Service, request: &Request, times: Times) -> Result<Caller, Case> {
    content_type(request)?;
    let (time_text, time) = timestamp(request)?;
    let signature = required(request, "X-SIGNATURE")?;
    let partner = required(request, "X-PARTNER-ID")?;
    let external_id = external_id(request)?;
    let device_id = device_id(request, service)?;
    ip_address(request)?;
    let token = bearer(request)?;

    in_window(time, times.shown, world.options.timestamp_window_s)?;
    if partner != world.options.client_id {
        return Err(Case::Unauthorized("Unknown Client"));
    }
    world.tokens.check(token, times.now)?;

    let body_sha256 = sha256(&request.body);
    let signed = |hash: &str| {
        let (method, target) = (&request.method, &request.target);
        let message = format!("{method}:{target}:{token}:{hash}:{time_text}");
        world.secret.verifies(&message, signature)
    };
    // The rule says minified; signing the very bytes that were sent is the same for every compact sender.
    if !signed(&body_sha256) && !signed(&sha256(&minify(&request.body))) {
        return Err(Case::Unauthorized("Invalid Signature"));
    }
    Ok(Caller { external_id: external_id.to_owned(), device_id: device_id.to_owned(), body_sha256 })
}

/// Numeric, and no longer than ASPI's 36 (protocol 8).
fn external_id(request: &Request) -> Result<&str, Case> {
    let id = required(request, "X-EXTERNAL-ID")?;
    let good = id.len() <= 36 && id.bytes().all(|byte| byte.is_ascii_digit());
    in_shape("X-EXTERNAL-ID", good)?;
    Ok(id)
}

/// "No symbols", 64 at most.
fn device_id(request: &Request, service: Service) -> Result<&str, Case> {
    let id = if service.needs_device() {
        required(request, "X-DEVICE-ID")?
    } else {
        optional(request, "X-DEVICE-ID")?.unwrap_or_default()
    };
    let good = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    in_shape("X-DEVICE-ID", good)?;
    Ok(id)
}

fn ip_address(request: &Request) -> Result<(), Case> {
    let address = optional(request, "X-IP-ADDRESS")?;
    let good = address.is_none_or(|text| text.parse::<Ipv4Addr>().is_ok());
    in_shape("X-IP-ADDRESS", good)
}

/// The token behind `Bearer`, a word that DOKU's own samples also write in lower case (protocol 3).
fn bearer(request: &Request) -> Result<&str, Case> {
    let value = required(request, "Authorization")?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    let good = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ');
    in_shape("Authorization", good)?;
    Ok(token)
}
