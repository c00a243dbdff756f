//! A proxy on this machine that wants a user and a password, and then lets everything through.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

pub(crate) struct Tunnel {
    port: u16,
    tunnels: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Tunnel {
    /// `credentials`: `user:password`.
    pub(crate) fn open(credentials: &str) -> Tunnel {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wanted = format!("Basic {}", STANDARD.encode(credentials));
        let (tunnels, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, stop) = (Arc::clone(&tunnels), Arc::clone(&stopped));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (wanted, count) = (wanted.clone(), Arc::clone(&count));
                std::thread::spawn(move || serve(stream, &wanted, &count));
            }
        });
        Tunnel { port, tunnels, stopped, thread: Some(thread) }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many tunnels were opened.
    pub(crate) fn tunnels(&self) -> usize {
        self.tunnels.load(Ordering::SeqCst)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().map(JoinHandle::join);
    }
}

fn serve(mut client: TcpStream, wanted: &str, count: &AtomicUsize) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match client.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("Proxy-Authorization").then(|| value.trim().to_owned())
    };
    if head.lines().find_map(field).as_deref() != Some(wanted) {
        let _ = client.write_all(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    let Some(server) = head.split(' ').nth(1).and_then(|target| TcpStream::connect(target).ok()) else { return };
    count.fetch_add(1, Ordering::SeqCst);
    let _ = client.write_all(b"HTTP/1.1 200 Go on\r\n\r\n");
    let (mut up, mut down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let upwards = std::thread::spawn(move || {
        let _ = std::io::copy(&mut up, &mut down);
        let _ = down.shutdown(std::net::Shutdown::Both);
    });
    let (mut from, mut to) = (server, client);
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = upwards.join();
}
