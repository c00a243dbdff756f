//! `examples/c/webhook.c`, what a newcomer copies, as a real web server: every forgery is refused over HTTP, and what is
//! genuine is on the disk before it is acknowledged.

use bayar_sandbox::Options;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::desk::{Desk, text};
use crate::doku::{self, Doku, Request, notification, said};
use crate::tool::{self, repository, succeed};
use crate::workshop::C_FLAGS;

struct Server {
    desk: Desk,
    doku: Doku,
    program: PathBuf,
    file: PathBuf,
    running: Option<(Child, u16)>,
}

impl Server {
    fn open() -> Self {
        let mut desk = Desk::open(Options::default());
        let doku = Doku::open();
        let key = desk.workshop.write("doku.pem", &doku.public);
        desk.set("BAYAR_DOKU_PUBLIC_KEY_FILE", &text(&key));
        desk.with_journal();
        let program = desk.workshop.path("webhook");
        let folder = desk.workshop.path("");
        let mut gcc = Command::new("gcc");
        gcc.args(C_FLAGS).arg("-I").arg(repository("include")).arg(repository("examples/c/webhook.c"));
        gcc.arg("-o").arg(&program).arg("-L").arg(&folder).args(["-lbayar", "-lmicrohttpd"]);
        succeed(gcc.arg(format!("-Wl,-rpath,{}", folder.display())));
        let file = desk.workshop.path("events");
        let mut server = Self { desk, doku, program, file, running: None };
        server.start();
        server
    }

    fn start(&mut self) {
        let mut command = Command::new(&self.program);
        command.arg("0").arg(&self.file).env_clear();
        command.envs(self.desk.environment.iter().map(|(name, value)| (name, value)));
        let mut child = tool::start(command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().strip_prefix("listening on port ").unwrap_or_else(|| panic!("{line}"));
        self.running = Some((child, port.parse().unwrap()));
    }

    /// Ends it as a service is ended, and sees that it goes by itself.
    fn stop(&mut self) {
        let (mut child, _) = self.running.take().unwrap();
        succeed(Command::new("kill").arg(child.id().to_string()));
        assert!(child.wait().unwrap().success());
    }

    /// The status, the head and the body that come back.
    fn send(&self, request: &Request) -> (u16, String, String) {
        let port = self.running.as_ref().unwrap().1;
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
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

    fn answers(&self, request: &Request, http: u16, code: &str, what: &str) -> String {
        let (status, head, body) = self.send(request);
        assert_eq!(status, http, "{what}: {body}");
        assert!(body.contains(&format!("\"responseCode\":\"{code}\"")), "{what}: {body}");
        for header in ["Content-Type: application/json", "X-TIMESTAMP: ", "X-CLIENT-KEY: "] {
            assert!(head.contains(header), "{what}: {head}");
        }
        body
    }

    fn token(&self) -> String {
        let body = self.answers(&self.doku.asks_for_token(), 200, "2007300", "a token");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["accessToken"].as_str().unwrap().to_owned()
    }

    fn stored(&self) -> Vec<String> {
        std::fs::read_to_string(&self.file).unwrap().lines().map(str::to_owned).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.running {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

#[test]
fn the_web_server_refuses_every_forgery_and_stores_what_is_genuine() {
    let server = Server::open();
    for row in server.doku.token_rows() {
        server.answers(&row.request, row.http, row.code, &row.name);
    }
    let token = server.token();
    for row in doku::forged_rows(&token) {
        server.answers(&row.request, row.http, row.code, &row.name);
    }
    assert!(server.stored().is_empty(), "nothing that is forged is stored");
    let genuine = doku::genuine_rows(&token);
    for row in &genuine {
        server.answers(&row.request, row.http, row.code, &row.name);
    }
    let expected: Vec<String> =
        (0..genuine.len()).map(|n| format!("FORM-{n}/00/D1\tFORM-{n}\t0\t10000.00\tPAID")).collect();
    assert_eq!(server.stored(), expected);
    let elsewhere = Request { path: "/elsewhere", ..server.doku.asks_for_token() };
    assert_eq!(server.send(&elsewhere).0, 404);
}

#[test]
fn the_web_server_stores_once_also_after_a_restart() {
    let mut server = Server::open();
    let token = server.token();
    let paid = |server: &Server| server.answers(&notification(&said("INV-W", "00"), &token), 200, "2005600", "paid");
    paid(&server);
    paid(&server);
    server.stop();
    server.start();
    paid(&server);
    assert_eq!(server.stored(), ["INV-W/00/D1\tINV-W\t0\t10000.00\tPAID"]);
}

/// The disk is full: DOKU is to send it again, and then it is stored.
#[test]
fn the_web_server_acknowledges_nothing_that_it_could_not_store() {
    let mut server = Server::open();
    let token = server.token();
    server.stop();
    let file = std::mem::replace(&mut server.file, PathBuf::from("/dev/full"));
    server.start();
    let paid = notification(&said("INV-W", "00"), &token);
    server.answers(&paid, 500, "5005601", "on a full disk");
    server.stop();
    server.file = file;
    server.start();
    server.answers(&paid, 200, "2005600", "with room again");
    assert_eq!(server.stored().len(), 1);
}
