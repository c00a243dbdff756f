//! The program: `run` around a command, `serve` until it is told to end.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{Merchant, PAYMENT, REFUND, payment_body, refund_body};
use rustix::process::{Pid, Signal, kill_process};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bayar-sandbox"))
}

fn run_shell(options: &[&str], script: &str) -> Output {
    let mut command = program();
    command.arg("run").args(options).args(["--", "sh", "-c", script]);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn signal(child: &Child, signal: Signal) {
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// Value of `NAME=value` or `export NAME='value'` in a listing.
fn value<'a>(listing: &'a str, name: &str) -> &'a str {
    let found = listing.lines().find_map(|line| {
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.strip_prefix(name)?.strip_prefix('=')
    });
    found.unwrap_or_else(|| panic!("no {name}")).trim_matches('\'')
}

fn nothing_listens(url: &str) -> bool {
    let port: u16 = url.rsplit_once(':').unwrap().1.parse().unwrap();
    TcpStream::connect(("127.0.0.1", port)).is_err()
}

#[test]
fn a_command_gets_the_environment_and_nothing_is_left_when_it_ends() {
    let script = "env; head -1 \"$BAYAR_CA_FILE\" \"$BAYAR_PRIVATE_KEY_FILE\"; exit 7";
    let output = run_shell(&[], script);
    assert_eq!(output.status.code(), Some(7));
    let out = text(&output.stdout);
    assert_eq!(value(&out, "BAYAR_ENVIRONMENT"), "sandbox");
    assert_eq!(value(&out, "BAYAR_CLIENT_ID"), bayar_sandbox::TEST_CLIENT_ID);
    assert_eq!(value(&out, "BAYAR_CLIENT_SECRET"), bayar_sandbox::TEST_CLIENT_SECRET);
    let url = value(&out, "BAYAR_BASE_URL");
    assert!(url.starts_with("https://localhost:"));
    assert_eq!(value(&out, "BAYAR_SANDBOX_URL"), url);
    assert!(out.contains("-----BEGIN CERTIFICATE-----"));
    assert!(out.contains("-----BEGIN PRIVATE KEY-----"));
    assert!(out.contains("bayar-sandbox: 0 payments made, 0 paid, 0 refunds made"));
    let folder = Path::new(value(&out, "BAYAR_CA_FILE")).parent().unwrap();
    assert!(!folder.exists());
    assert!(nothing_listens(url));
}

#[test]
fn without_tls_there_is_no_certificate_authority() {
    let mut command = program();
    let command = command.args(["run", "--http", "env"]).env("BAYAR_CA_FILE", "stale");
    let command = command.env("BAYAR_SANDBOX_NOTIFICATION_URL", "stale");
    let out = text(&command.output().unwrap().stdout);
    assert!(value(&out, "BAYAR_BASE_URL").starts_with("http://127.0.0.1:"));
    assert!(!out.contains("BAYAR_CA_FILE"));
    assert!(!out.contains("BAYAR_SANDBOX_NOTIFICATION_URL"));
}

/// Not a test of its own: the command that the next test runs, a merchant that knows only its environment.
#[test]
#[ignore = "run by the_summary_tells_what_was_really_done"]
fn a_merchant_in_its_own_process() {
    let variable = |name| std::env::var(name).unwrap();
    let ca = std::fs::read_to_string(variable("BAYAR_CA_FILE")).unwrap();
    let merchant = Merchant::at(&variable("BAYAR_BASE_URL"), &ca);
    merchant.fetch_token();
    let call = merchant.call(PAYMENT, &payment_body("ORDER-1", "10000.00"));
    assert_eq!(merchant.send(&call).status, 200);
    assert_eq!(merchant.send(&call).status, 409);
    let began = Instant::now();
    while merchant.status_of("ORDER-1")["latestTransactionStatus"] != "00" {
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(10));
    }
    let refund = merchant.post(REFUND, &refund_body("ORDER-1", "REFUND-1", "2500.00"));
    assert_eq!(refund.code(), "2005800");
}

#[test]
fn the_summary_tells_what_was_really_done() {
    let mut command = program();
    command.args(["run", "--after-ms", "20", "--"]);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", "a_merchant_in_its_own_process", "--ignored"]);
    let output = command.output().unwrap();
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}");
    for line in [
        "bayar-sandbox: 1 payment made, 1 paid, 1 refund made; 1 token request, 1 connection",
        "  ORDER-1  IDR 10000.00  paid  (asked for 2 times, made 1 time)",
        "    refund REFUND-1  IDR 2500.00  (asked for 1 time, made 1 time)",
    ] {
        assert!(out.lines().any(|found| found == line), "{line}\n{out}");
    }
}

/// Not a test of its own, either: a webhook where its environment says that one is expected, and a payment.
#[test]
#[ignore = "run by a_command_is_notified_where_it_listens"]
fn a_webhook_in_its_own_process() {
    let variable = |name| std::env::var(name).unwrap();
    let doku_key = std::fs::read_to_string(variable("BAYAR_DOKU_PUBLIC_KEY_FILE")).unwrap();
    assert_eq!(doku_key, bayar_sandbox::TEST_DOKU_PUBLIC_KEY_PEM);
    let url = variable("BAYAR_SANDBOX_NOTIFICATION_URL");
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/hook").unwrap().to_owned();
    let token_url = format!("http://{address}/authorization/v1/access-token/b2b");
    assert_eq!(variable("BAYAR_SANDBOX_TOKEN_URL"), token_url);
    let listener = std::net::TcpListener::bind(&address).unwrap();
    let ca = std::fs::read_to_string(variable("BAYAR_CA_FILE")).unwrap();
    let merchant = Merchant::at(&variable("BAYAR_BASE_URL"), &ca);
    merchant.fetch_token();
    assert_eq!(merchant.post(PAYMENT, &payment_body("ORDER-1", "10000.00")).code(), "2005400");
    let token = r#"{"responseCode":"2007300","accessToken":"t","expiresIn":"900"}"#;
    // Refused once: the retry comes 1.8 s later in place of 30 minutes.
    for (path, status, body) in [
        ("/authorization/v1/access-token/b2b", 200, token),
        ("/hook", 503, ""),
        ("/hook", 200, r#"{"responseCode":"2005600"}"#),
    ] {
        let (mut socket, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(socket.try_clone().unwrap());
        let mut lines = reader.by_ref().lines().map(Result::unwrap);
        assert_eq!(lines.next().unwrap(), format!("POST {path} HTTP/1.1"));
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let length = head.iter().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        reader.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
        let length = body.len();
        write!(socket, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    }
    let began = Instant::now();
    let list = || merchant.plain("GET", "/_sandbox/notifications").json();
    while list()[0]["state"] != "accepted" {
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_command_is_notified_where_it_listens() {
    let mut command = program();
    command.args(["run", "--after-ms", "1", "--notify", "http://127.0.0.1:0/hook", "--notify-speed", "1000"]);
    command.args(["--notify-same", "--"]).arg(std::env::current_exe().unwrap());
    command.args(["--exact", "a_webhook_in_its_own_process", "--ignored"]);
    let output = command.output().unwrap();
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}{}", text(&output.stderr));
    let line = "  notification ORDER-1  status 00  accepted  (503, 200 2005600)";
    assert!(out.lines().any(|found| found == line), "{out}");
    // A wrong address is told, and nothing is started.
    let output = program().args(["run", "--notify", "nowhere", "true"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere is no address"));
}

#[test]
fn a_command_that_is_killed_or_cannot_start_is_told_by_the_exit_status() {
    assert_eq!(run_shell(&[], "kill -KILL $$").status.code(), Some(137));
    let mut command = program();
    let output = command.args(["run", "--", "/nowhere/nothing"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    assert!(text(&output.stderr).contains("/nowhere/nothing"));
    let output = program().arg("walk").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_request_to_end_is_passed_on_to_the_command_and_all_is_tidied_up() {
    let mut command = program();
    command.args(["run", "--", "sh", "-c"]);
    command.arg("trap 'exit 9' TERM; env; echo ready; while :; do sleep 0.05; done");
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut out = String::new();
    for line in lines.by_ref().map_while(Result::ok) {
        out += &format!("{line}\n");
        if line == "ready" {
            break;
        }
    }
    signal(&child, Signal::TERM);
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert_eq!(child.wait().unwrap().code(), Some(9));
    assert!(rest.iter().any(|line| line.starts_with("bayar-sandbox: 0 payments made")));
    assert!(!Path::new(value(&out, "BAYAR_PRIVATE_KEY_FILE")).exists());
    assert!(nothing_listens(value(&out, "BAYAR_BASE_URL")));
}

#[test]
fn serve_prints_what_to_paste_and_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    let mut command = program();
    command.args(["serve", "--customer", "manual", "--ca"]).arg(&ca_file);
    // No input at all, as for a service: that must not end it.
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut out = String::new();
    while !out.contains("BAYAR_CA_FILE") {
        out += &format!("{}\n", lines.next().unwrap().unwrap());
    }
    let url = value(&out, "BAYAR_BASE_URL");
    let ca = std::fs::read_to_string(value(&out, "BAYAR_CA_FILE")).unwrap();
    let merchant = Merchant::at(url, &ca);
    merchant.fetch_token();
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
    signal(&child, Signal::INT);
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert!(child.wait().unwrap().success());
    assert!(rest.iter().any(|line| line == "  A  IDR 1.00  initiated  (asked for 1 time, made 1 time)"));
    assert!(nothing_listens(url));
    assert!(!Path::new(value(&out, "BAYAR_PRIVATE_KEY_FILE")).exists());
    assert!(ca_file.exists());
}
