//! The open connections: needed to close them all when the sandbox stops, and to know when they are gone.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::lock::lock;

#[derive(Default)]
pub(super) struct Connections {
    open: Mutex<Open>,
    fewer: Condvar,
}

#[derive(Default)]
struct Open {
    next: u64,
    sockets: HashMap<u64, TcpStream>,
}

/// One connection's place in the list; dropping it gives the place up, also when its thread dies.
pub(super) struct Place {
    number: u64,
    connections: Arc<Connections>,
}

impl Connections {
    pub(super) fn enter(self: &Arc<Connections>, socket: &TcpStream) -> io::Result<Place> {
        let socket = socket.try_clone()?;
        let mut open = lock(&self.open);
        open.next += 1;
        let number = open.next;
        open.sockets.insert(number, socket);
        Ok(Place { number, connections: Arc::clone(self) })
    }

    /// Shuts every socket, which wakes its thread, and waits a short while for the threads to leave.
    pub(super) fn close_all(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let mut open = lock(&self.open);
        for socket in open.sockets.values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if open.sockets.is_empty() || left.is_zero() {
                return;
            }
            open = match self.fewer.wait_timeout(open, left) {
                Ok((open, _)) => open,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.connections.open).sockets.remove(&self.number);
        self.connections.fewer.notify_all();
    }
}
