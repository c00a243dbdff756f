//! `examples/c/webhook.c`, compiled, and processes of it: a merchant's web server.

use bayar_sandbox::Notifications;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::desk::{Desk, text};
use crate::doku::Request;
use crate::tool::{self, repository, succeed};
use crate::workshop::C_FLAGS;

const PATIENCE: Duration = Duration::from_secs(60);

/// A shop: its settings are those of the desk.
pub(crate) struct Server {
    pub(crate) desk: Desk,
    program: PathBuf,
    /// Where the events are stored.
    pub(crate) file: PathBuf,
    started: AtomicUsize,
}

/// One process of a shop. It is killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) port: u16,
    said: PathBuf,
}

impl Server {
    /// With this key for DOKU's.
    pub(crate) fn open(mut desk: Desk, doku_public_key: &str) -> Self {
        let key = desk.workshop.write("doku.pem", doku_public_key);
        desk.set("BAYAR_DOKU_PUBLIC_KEY_FILE", &text(&key));
        let program = desk.workshop.path("webhook");
        let folder = desk.workshop.path("");
        let mut gcc = Command::new("gcc");
        gcc.args(C_FLAGS).args(["-pthread", "-I"]).arg(repository("include")).arg(repository("examples/c/webhook.c"));
        gcc.arg("-o").arg(&program).arg("-L").arg(&folder).args(["-lbayar", "-lmicrohttpd"]);
        succeed(gcc.arg(format!("-Wl,-rpath,{}", folder.display())));
        let file = desk.workshop.path("events");
        Self { desk, program, file, started: AtomicUsize::new(0) }
    }

    pub(crate) fn start(&self) -> Process {
        self.start_under(&[], &[])
    }

    /// With other settings than the desk's.
    pub(crate) fn start_with(&self, settings: &[(&str, &str)]) -> Process {
        self.start_under(&[], settings)
    }

    /// Under another program, such as strace.
    pub(crate) fn start_under(&self, wrapper: &[&str], settings: &[(&str, &str)]) -> Process {
        let number = self.started.fetch_add(1, Ordering::SeqCst);
        let said = self.desk.workshop.path(format!("said-{number}"));
        let mut words = wrapper.iter().map(PathBuf::from).chain([self.program.clone(), "0".into(), self.file.clone()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.envs(self.desk.environment.iter().map(|(name, value)| (name, value))).envs(settings.iter().copied());
        command.stdout(std::fs::File::create(&said).unwrap()).stderr(Stdio::null()).stdin(Stdio::null());
        let mut process = Process { child: tool::start(&mut command), port: 0, said };
        let end = Instant::now() + PATIENCE;
        while process.port == 0 {
            assert!(Instant::now() < end && process.is_running(), "it does not listen: {}", process.said());
            std::thread::sleep(Duration::from_millis(5));
            let said = process.said();
            let port = said.split_once('\n').and_then(|(line, _)| line.strip_prefix("listening on port "));
            process.port = port.map_or(0, |port| port.parse().unwrap());
        }
        process
    }

    pub(crate) fn stored(&self) -> Vec<String> {
        std::fs::read_to_string(&self.file).unwrap().lines().map(str::to_owned).collect()
    }

    /// What whoever reads the file finds there: the whole lines, each key once.
    pub(crate) fn acted_on(&self) -> Vec<String> {
        let mut found = Vec::new();
        for line in self.stored() {
            let columns: Vec<&str> = line.split('\t').collect();
            let is_whole = columns.len() == 5 && ["PAID", "LOOK", "-"].contains(&columns[4]);
            if is_whole && !found.contains(&columns[0].to_owned()) {
                found.push(columns[0].to_owned());
            }
        }
        found
    }
}

impl Process {
    /// Where the sandbox is to send notifications.
    pub(crate) fn notifications(&self) -> Notifications {
        notifications(self.port)
    }

    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap()
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has died by itself.
    pub(crate) fn await_death(&mut self) {
        let end = Instant::now() + PATIENCE;
        while self.is_running() {
            assert!(Instant::now() < end, "it lives");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it as a service is ended, and sees that it goes by itself.
    pub(crate) fn stop(mut self) {
        succeed(Command::new("kill").arg(self.child.id().to_string()));
        assert!(self.child.wait().unwrap().success());
    }

    /// The status, the head and the body that come back.
    pub(crate) fn send(&self, request: &Request) -> (u16, String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n", request.method, request.path);
        request.headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&request.body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    pub(crate) fn answers(&self, request: &Request, http: u16, code: &str, what: &str) -> String {
        let (status, head, body) = self.send(request);
        assert_eq!(status, http, "{what}: {body}");
        assert!(body.contains(&format!("\"responseCode\":\"{code}\"")), "{what}: {body}");
        for header in ["Content-Type: application/json", "X-TIMESTAMP: ", "X-CLIENT-KEY: "] {
            assert!(head.contains(header), "{what}: {head}");
        }
        body
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The two routes at a port of this machine.
pub(crate) fn notifications(port: u16) -> Notifications {
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    Notifications::to(&url("/notify"), &url("/token"))
}

/// The arguments with which strace kills a program in the moment of its first such call on that file. `before`: the call
/// itself is not made any more.
pub(crate) fn killed_at(call: &str, before: bool, file: &Path) -> Vec<String> {
    let error = if before { ":error=EIO" } else { "" };
    let arguments = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", file.to_str().unwrap(), "-e"];
    let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
    arguments.extend([format!("trace={call}"), "-e".to_owned(), format!("inject={call}{error}:signal=SIGKILL")]);
    arguments
}
