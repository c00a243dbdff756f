//! What stands in front of a shop's processes: each connection goes to the next of those that serve.

use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

#[derive(Default)]
struct Backends {
    ports: Vec<u16>,
    /// One entry a connection.
    busy: Vec<u16>,
}

pub(crate) struct Balancer {
    pub(crate) port: u16,
    shared: Arc<(Mutex<Backends>, Condvar)>,
    closed: Arc<AtomicBool>,
}

impl Balancer {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let balancer = Self { port, shared: Arc::default(), closed: Arc::default() };
        let (shared, closed) = (Arc::clone(&balancer.shared), Arc::clone(&balancer.closed));
        let turn = AtomicUsize::new(0);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if closed.load(Ordering::SeqCst) {
                    return;
                }
                let port = {
                    let mut backends = shared.0.lock().unwrap();
                    let ports = &backends.ports;
                    let port = ports[turn.fetch_add(1, Ordering::SeqCst) % ports.len()];
                    backends.busy.push(port);
                    port
                };
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    connect(client.unwrap(), port);
                    let mut backends = shared.0.lock().unwrap();
                    let at = backends.busy.iter().position(|busy| *busy == port).unwrap();
                    backends.busy.swap_remove(at);
                    shared.1.notify_all();
                });
            }
        });
        balancer
    }

    pub(crate) fn add(&self, port: u16) {
        self.shared.0.lock().unwrap().ports.push(port);
    }

    /// No new connection goes there, and those that did are over.
    pub(crate) fn remove(&self, port: u16) {
        let mut backends = self.shared.0.lock().unwrap();
        backends.ports.retain(|other| *other != port);
        while backends.busy.contains(&port) {
            backends = self.shared.1.wait(backends).unwrap();
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn connect(client: TcpStream, port: u16) {
    let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let asking = std::thread::spawn(move || pour(there.0, there.1));
    pour(server, client);
    asking.join().unwrap();
}

/// Whoever breaks off is for the two ends to deal with.
fn pour(mut from: TcpStream, mut into: TcpStream) {
    drop(copy(&mut from, &mut into));
    drop(into.shutdown(Shutdown::Write));
}
