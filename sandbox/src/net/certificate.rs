//! The sandbox's certificate: an authority made at start, and one leaf for this machine. The authority's key is dropped
//! as soon as the leaf is signed, so a trusted `ca.pem` can never vouch for anything else.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use crate::options::Certificate;

/// A host that nobody can have (RFC 2606).
const ELSEWHERE: &str = "doku.invalid";
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Some verifiers refuse a leaf that lives for longer than about 13 months.
const LIFETIME: Duration = Duration::days(390);

pub(crate) struct Identity {
    pub(crate) ca_pem: String,
    pub(crate) config: Arc<ServerConfig>,
}

impl Identity {
    pub(crate) fn make(kind: Certificate) -> io::Result<Identity> {
        let (authority, ca_pem) = authority().map_err(io::Error::other)?;
        let (leaf, key) = leaf(&authority, kind).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf], key)
            .map_err(io::Error::other)?;
        Ok(Identity { ca_pem, config: Arc::new(config) })
    }
}

fn authority() -> Result<(Issuer<'static, KeyPair>, String), rcgen::Error> {
    let mut params = named("Bayar sandbox CA (not DOKU)", Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), pem))
}

type Leaf = (rustls::pki_types::CertificateDer<'static>, PrivateKeyDer<'static>);

fn leaf(authority: &Issuer<'static, KeyPair>, kind: Certificate) -> Result<Leaf, rcgen::Error> {
    let names = match kind {
        Certificate::WrongName => vec![ELSEWHERE.to_owned()],
        Certificate::Good | Certificate::Expired | Certificate::SelfSigned => NAMES.map(str::to_owned).to_vec(),
    };
    let mut params = named("Bayar sandbox (not DOKU)", names)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    if kind == Certificate::Expired {
        params.not_after = params.not_before;
        params.not_before = params.not_after.saturating_sub(LIFETIME);
    }
    let key = KeyPair::generate()?;
    let certificate = if kind == Certificate::SelfSigned {
        params.self_signed(&key)?
    } else {
        params.use_authority_key_identifier_extension = true;
        params.signed_by(&key, authority)?
    };
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok((certificate.der().clone(), PrivateKeyDer::Pkcs8(key)))
}

fn named(common_name: &str, names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = OffsetDateTime::now_utc();
    params.not_before = now.saturating_sub(Duration::days(1));
    params.not_after = now.saturating_add(LIFETIME);
    Ok(params)
}
