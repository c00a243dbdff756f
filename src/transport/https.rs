//! The transport over ureq: one agent, whose connections are kept and used again.
//!
//! ureq is told to do nothing on its own: no redirects, no proxy from the environment, no errors for statuses. It
//! repeats nothing, so a request leaves once at the most (**P2**, **P3**); time is watched by `call`, not by ureq (**P4**).

use std::fmt;
use std::io::Read;

use ureq::config::Config;
use ureq::http::{HeaderMap, HeaderName, header};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};
use ureq::{Agent, Body, http::Response};
use zeroize::Zeroizing;

use super::call::{self, Stage};
use super::dial::{Dial, NoResolver};
use super::explain::Place;
use super::failure::{Failure, FailureKind, SetupError, Trouble};
use super::gather::Gather;
use super::tcp::BUFFER;
use super::tls::Tls;
use super::{Answer, HttpsOptions, MAX_ANSWER, Post, Transport, roots, setup};

pub(crate) struct Https {
    agent: Agent,
    base_url: String,
    place: Place,
}

/// As many threads can pay at once and all find their connection again. Idle ones beyond are closed.
const KEPT: usize = 16;
/// Less than a buffer, or ureq would not see that the headers are too long.
const MAX_HEADERS: usize = BUFFER - 1024;

impl Https {
    /// Checks the settings. Nothing is opened or looked up before the first call.
    pub(crate) fn new(options: HttpsOptions) -> Result<Self, SetupError> {
        let base = setup::base(&options.base_url)?;
        let proxy = options.proxy.map(Zeroizing::new);
        let proxy = match proxy.as_ref().map(|address| address.trim()) {
            None | Some("") => None,
            Some(address) => Some(setup::proxy(address, &base)?),
        };
        let from_caller = match &options.ca_pem {
            Some(pem) => roots::from_pem(pem)?,
            None => Vec::new(),
        };
        if base.tls {
            roots::check(options.roots, !from_caller.is_empty())?;
        }
        setup::user_agent(&options.user_agent)?;

        let (proxy, proxy_site) = proxy.unzip();
        let place = Place { site: base.site, proxy: proxy_site, connect_limit: options.connect_timeout };
        let nearest = place.proxy.as_ref().unwrap_or(&place.site);
        let chain =
            ().chain(ConnectProxyConnector::default())
                .chain(Dial::new(nearest.clone(), options.connect_timeout))
                .chain(Tls::new(options.roots, from_caller))
                .chain(Gather { proxied: proxy.is_some() });
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(options.user_agent)
            .accept_encoding("identity")
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .max_response_header_size(MAX_HEADERS)
            .max_idle_connections(KEPT)
            .max_idle_connections_per_host(KEPT)
            .max_idle_age(options.keep_alive)
            .build();
        Ok(Self { agent: Agent::with_parts(config, chain, NoResolver), base_url: base.url, place })
    }

    fn exchange(&self, request: &Post<'_>) -> Result<Answer, ureq::Error> {
        call::left()?;
        check(request)?;
        let mut url = String::with_capacity(self.base_url.len() + request.path.len());
        url.push_str(&self.base_url);
        url.push_str(request.path);
        let mut builder = self.agent.post(url);
        for (name, value) in request.headers {
            builder = builder.header_raw(name, value.as_bytes());
        }
        let response = builder.send(request.body)?;
        call::enter(Stage::Body);
        answer(response)
    }
}

impl Transport for Https {
    fn post(&self, request: &Post<'_>) -> Result<Answer, Failure> {
        let limit = request.limit.left();
        let _call = call::begin(request.limit);
        self.exchange(request).map_err(|error| self.place.explain(error, limit))
    }
}

impl fmt::Debug for Https {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Https")
            .field("base_url", &self.base_url)
            .field("proxy", &self.place.proxy)
            .finish_non_exhaustive()
    }
}

/// ureq would refuse most of it too, but later and in words that name no header.
fn check(request: &Post<'_>) -> Result<(), ureq::Error> {
    let refuse = |message: String| Err(Trouble::error(FailureKind::Request, message));
    // Without the slash the path would become a part of the host's name.
    if !request.path.starts_with('/') {
        return refuse("the path does not begin with /".to_owned());
    }
    for (name, value) in request.headers {
        if !setup::is_header_text(value) {
            return refuse(format!(
                "the header {name} has a character that HTTP forbids; only printable ASCII is allowed"
            ));
        }
    }
    Ok(())
}

fn answer(mut response: Response<Body>) -> Result<Answer, ureq::Error> {
    let announced = response.body().content_length().unwrap_or(0);
    let announced = usize::try_from(announced).unwrap_or(usize::MAX);
    if announced > MAX_ANSWER {
        return Err(too_large());
    }
    // One more byte than allowed tells a long answer from one that just fits.
    let most = u64::try_from(MAX_ANSWER).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Vec::with_capacity(announced);
    response.body_mut().as_reader().take(most).read_to_end(&mut body)?;
    if body.len() > MAX_ANSWER {
        return Err(too_large());
    }
    let headers = response.headers();
    Ok(Answer {
        status: response.status().as_u16(),
        date: text(headers, header::DATE),
        retry_after: text(headers, header::RETRY_AFTER),
        content_type: text(headers, header::CONTENT_TYPE),
        body,
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn too_large() -> ureq::Error {
    call::abandon();
    Trouble::error(FailureKind::AnswerTooLarge, format!("the answer is longer than {MAX_ANSWER} bytes"))
}
