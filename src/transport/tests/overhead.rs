//! What the transport costs over bare TLS. Run by hand:
//! `taskset -c 0 cargo test --release overhead -- --ignored --nocapture --test-threads=1`
//! (on one core: on two, it is mostly the wake-up of the other core that is measured).

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::*;

const ROUNDS: usize = 31;
const CALLS: u32 = 300;

/// Answers by reading once and writing once, without looking: the same cheap server for all.
fn blind(wire: &Wire) -> Server {
    serve(wire, |peer| {
        let answer = server::ok(&"r".repeat(300));
        while peer.read().is_some() && peer.write(&answer) {}
    })
}

fn bare(server: &Server) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let pem = server::authority();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let tcp = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    tcp.set_nodelay(true).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[test]
#[ignore = "a measurement"]
fn overhead_of_a_warm_post() {
    let server = blind(&Wire::tls());
    let https = client(&server);
    let ours = || drop(black_box(payment(&https)));
    let mut stream = bare(&server);
    let request = "q".repeat(1250);
    let mut answer = [0; 2048];
    let theirs = || {
        stream.write_all(request.as_bytes()).unwrap();
        black_box(stream.read(&mut answer).unwrap());
    };
    let [ours, theirs] = compare(ours, theirs);
    assert_eq!(server.connections(), 2);
    println!("https: transport {ours:.1} us, bare rustls {theirs:.1} us");

    let server = blind(&Wire::Plain);
    let https = client(&server);
    let ours = || drop(black_box(payment(&https)));
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let url = format!("{}/direct-debit/core/v1", server.url());
    let theirs = || {
        let mut builder = agent.post(&url).header("Authorization", "t".repeat(700));
        builder = builder.config().timeout_global(Some(20 * SECOND)).build();
        let mut answer = builder.send("b".repeat(400)).unwrap();
        black_box(answer.body_mut().read_to_vec().unwrap());
    };
    let [ours, theirs] = compare(ours, theirs);
    println!("http: transport {ours:.1} us, ureq as it comes {theirs:.1} us");
}

/// A request of the size of DOKU's, headers and all.
fn payment(https: &Https) -> Answer {
    let found = https.post(&Post {
        path: "/direct-debit/core/v1/debit/payment-host-to-host",
        headers: &[
            ("X-SIGNATURE", &"s".repeat(88)),
            ("X-TIMESTAMP", "2026-11-22T10:00:00+07:00"),
            ("X-PARTNER-ID", "BRN-0000-0000000000000"),
            ("X-EXTERNAL-ID", "12345678901234567890123456789012"),
            ("Authorization", &"t".repeat(400)),
            ("Content-Type", "application/json"),
        ],
        body: "b".repeat(400).as_bytes(),
        limit: &Limit::new(Instant::now() + 20 * SECOND, None),
    });
    found.unwrap()
}

/// Medians in microseconds; the rounds alternate, so that a noisy minute hits both.
fn compare(mut one: impl FnMut(), mut other: impl FnMut()) -> [f64; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        times[0].push(time(&mut one));
        times[1].push(time(&mut other));
    }
    times.map(median)
}

fn time(what: &mut impl FnMut()) -> f64 {
    let begun = Instant::now();
    for _ in 0..CALLS {
        what();
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS)
}

#[test]
#[ignore = "a measurement"]
fn overhead_of_the_authorities() {
    for roots in [Roots::System, Roots::Bundled] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            black_box(crate::transport::roots::store(roots, &[]).unwrap());
            times.push(begun.elapsed().as_secs_f64() * 1e6);
        }
        let count = crate::transport::roots::store(roots, &[]).unwrap().len();
        println!("{roots:?}: {count} authorities, first {:.0} us, median {:.0} us", times[0], median(times.clone()));
    }
}
