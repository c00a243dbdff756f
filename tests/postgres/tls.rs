//! P6 on the way to the database: TLS with a certificate that is checked, and a plain sentence where it is not good.

use crate::house::{House, must_say, payment};
use crate::server::Server;
use bayar::Retry;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::PathBuf;

const MS: u64 = 20_000;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn make(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for these names, and its key.
    fn certificate(&self, names: &[&str], last_year: i32) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

struct Secured {
    server: Server,
    authority: PathBuf,
    _folder: tempfile::TempDir,
}

/// A server with TLS, and the file of its authority.
fn secured(names: &[&str], last_year: i32) -> Secured {
    let authority = Authority::make("ours");
    let (certificate, key) = authority.certificate(names, last_year);
    let server = Server::start("");
    server.kill();
    server.file("server.crt", &certificate);
    server.file("server.key", &key);
    server.configure("ssl = on\nssl_cert_file = '../server.crt'\nssl_key_file = '../server.key'");
    server.go_on();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, authority.pem).unwrap();
    Secured { server, authority: path, _folder: folder }
}

impl Secured {
    fn url(&self, database: &str, mode: &str) -> String {
        let file = self.authority.to_str().unwrap().replace('/', "%2F");
        format!("{}?sslmode={mode}&sslrootcert={file}", self.server.url(database))
    }
}

#[test]
fn a_certificate_that_is_good_is_used_and_any_other_refused() {
    let secured = secured(&["127.0.0.1", "localhost"], 2100);
    let house = House::open(&secured.server);
    let database = &house.database;
    for (number, mode) in ["require", "verify-ca", "verify-full", "prefer"].into_iter().enumerate() {
        let client = house.try_client(&secured.url(database, mode), MS).unwrap();
        client.pay(&payment(&format!("INV-{number}"), "1000")).unwrap();
        // The one connection that is open to it is this one.
        let how =
            "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'bayar'";
        assert_eq!(secured.server.sql("postgres", how), "t", "{mode}");
    }
    // Another authority than the one that is trusted, and another one that calls itself the same.
    for name in ["theirs", "ours"] {
        let other = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(other.path(), Authority::make(name).pem).unwrap();
        let file = other.path().to_str().unwrap();
        let url = format!("{}?sslmode=require&sslrootcert={file}", secured.server.url(database));
        must_say(&house.refused(&url, MS), Retry::No, &["untrusted", "sslrootcert"]);
    }
    // The authorities of the system know nothing of it.
    let url = format!("{}?sslmode=require", secured.server.url(database));
    must_say(&house.refused(&url, MS), Retry::No, &["untrusted"]);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let secured = secured(&["db.example"], 2100);
    let house = House::open(&secured.server);
    let error = house.refused(&secured.url(&house.database, "require"), MS);
    must_say(&error, Retry::No, &["not for 127.0.0.1"]);
}

#[test]
fn a_certificate_that_is_over_is_refused() {
    let secured = secured(&["127.0.0.1"], 2020);
    let house = House::open(&secured.server);
    let error = house.refused(&secured.url(&house.database, "verify-full"), MS);
    must_say(&error, Retry::No, &["not valid now"]);
}

#[test]
fn a_server_without_tls_is_used_only_where_that_is_allowed() {
    let server = Server::shared();
    let house = House::open(server);
    let error = house.refused(&format!("{}?sslmode=require", house.url()), MS);
    must_say(&error, Retry::No, &["offers none"]);
    let client = house.try_client(&format!("{}?sslmode=prefer", house.url()), MS).unwrap();
    client.pay(&payment("INV-1", "1000")).unwrap();
}
