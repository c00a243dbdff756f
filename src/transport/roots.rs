//! Whom we trust: the certificates of authorities, from the system, from the build, from the caller.
//!
//! A list with junk in it, or an empty one, is refused by name instead of failing later as an untrusted server.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::Roots;
use super::failure::{FailureKind, SetupError, Trouble};

/// Reads and checks what the caller trusts besides.
pub(super) fn from_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let refuse = |why: String| Err(SetupError::new("ca_file", why));
    let mut found = Vec::new();
    let mut checked = RootCertStore::empty();
    for (index, item) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let place = index + 1;
        let Ok(certificate) = item else {
            return refuse(format!("certificate {place} in it is not whole PEM"));
        };
        if checked.add(certificate.clone()).is_err() {
            return refuse(format!("certificate {place} in it cannot be read as X.509"));
        }
        found.push(certificate);
    }
    if found.is_empty() {
        return refuse(
            "there is no certificate in it; it must hold PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"
                .to_owned(),
        );
    }
    Ok(found)
}

/// Without an authority, no server could ever be trusted.
pub(super) fn check(roots: Roots, from_caller: bool) -> Result<(), SetupError> {
    if roots == Roots::None && !from_caller {
        return Err(SetupError::new("tls_roots", "with none, ca_file must be given: there would be nobody to trust"));
    }
    Ok(())
}

/// Takes milliseconds when the system is asked, so it is done for the first connection and not before.
pub(super) fn store(roots: Roots, from_caller: &[CertificateDer<'static>]) -> Result<RootCertStore, ureq::Error> {
    let mut store = RootCertStore::empty();
    // Some systems carry a few certificates that no parser accepts; the others count.
    store.add_parsable_certificates(from_caller.iter().cloned());
    match roots {
        Roots::None => {}
        Roots::Bundled => bundled(&mut store),
        Roots::System => {
            if system(&mut store) == 0 && from_caller.is_empty() {
                return Err(Trouble::error(
                    FailureKind::Tls,
                    "this system has no certificates of authorities; install ca-certificates, or set tls_roots to bundled, or set ca_file",
                ));
            }
        }
        Roots::Auto => {
            if system(&mut store) == 0 {
                bundled(&mut store);
            }
        }
    }
    Ok(store)
}

fn bundled(store: &mut RootCertStore) {
    store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
}

/// How many were found.
fn system(store: &mut RootCertStore) -> usize {
    let found = match in_one_file() {
        found if found.is_empty() => rustls_native_certs::load_native_certs().certs,
        found => found,
    };
    store.add_parsable_certificates(found).0
}

/// Most systems have all authorities in one file and again one by one in a directory of hundreds: the file alone is
/// read in a sixth of the time (0.3 instead of 2 ms), which each fresh PHP process pays.
#[cfg(all(unix, not(target_os = "macos")))]
fn in_one_file() -> Vec<CertificateDer<'static>> {
    let chosen = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(std::env::var_os);
    if chosen.iter().any(Option::is_some) {
        return Vec::new();
    }
    let file = openssl_probe::probe().cert_file;
    rustls_native_certs::load_certs_from_paths(file.as_deref(), None).certs
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn in_one_file() -> Vec<CertificateDer<'static>> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(["ca.test".to_owned()]).unwrap()
    }

    #[test]
    fn one_or_more_certificates_are_read() {
        let pem = authority().cert.pem() + "# and another\n" + &authority().cert.pem();
        assert_eq!(from_pem(pem.as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn junk_is_refused_and_says_where() {
        let good = authority().cert.pem();
        let cut = good.replace("-----END CERTIFICATE-----", "");
        let junk = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        let key = authority().signing_key.serialize_pem();
        for (pem, why) in [
            (String::new(), "no certificate"),
            ("hello".to_owned(), "no certificate"),
            (key, "no certificate"),
            (cut, ""),
            (good + junk, "certificate 2"),
        ] {
            let error = from_pem(pem.as_bytes()).unwrap_err();
            assert_eq!(error.setting, "ca_file");
            assert!(error.message.contains(why), "{error}");
        }
    }

    #[test]
    fn the_callers_are_added_to_the_others() {
        let ours = from_pem(authority().cert.pem().as_bytes()).unwrap();
        let bundled = webpki_roots::TLS_SERVER_ROOTS.len();
        let count = |roots, ours| store(roots, ours).unwrap().len();
        assert_eq!(count(Roots::None, &ours), 1);
        assert_eq!(count(Roots::Bundled, &[]), bundled);
        assert_eq!(count(Roots::Bundled, &ours), bundled + 1);
        // Whatever this machine has, somebody is trusted.
        assert!(count(Roots::Auto, &[]) > 0);
        assert_eq!(count(Roots::Auto, &ours), count(Roots::Auto, &[]) + 1);
    }
}
