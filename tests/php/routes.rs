//! `examples/php/webhook.php` as a real web server, under PHP-FPM and on the built-in one: every forgery is refused, and what is
//! genuine is stored before it is acknowledged, once.

use bayar_sandbox::Options;
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::doku::{self, Doku, Request, notification, said};
use crate::fpm::{Mode, Server};
use crate::http;
use crate::shop::Shop;
use crate::tool::{repository, start};

/// A larger body it refuses by itself.
const NGINX_TAKES: usize = 1 << 20;

fn shop(doku: &Doku) -> Shop {
    let public = doku.public.replace('\n', "\\n");
    Shop::with_settings(Options { date_ahead_s: 0, ..Options::default() }, &[("doku_public_key", &public)])
}

fn answers(port: u16, place: &str, request: &Request, http: u16, code: &str, what: &str) -> String {
    let path = format!("{place}{}", request.path);
    let answer = http::send(port, request.method, &path, &request.headers, &request.body).unwrap();
    assert_eq!(answer.status, http, "{what}: {answer:?}");
    assert!(answer.body.contains(&format!("\"responseCode\":\"{code}\"")), "{what}: {answer:?}");
    assert_eq!(answer.header("Content-Type"), Some("application/json"), "{what}");
    assert!(answer.header("X-TIMESTAMP").is_some() && answer.header("X-CLIENT-KEY").is_some(), "{what}");
    answer.body
}

fn token_of(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["accessToken"].as_str().unwrap().to_owned()
}

fn walk(shop: &Shop, doku: &Doku, port: u16, place: &str) {
    let stored = || std::fs::read_to_string(shop.path("var/events")).unwrap_or_default();
    // A web server sees one header where two came: PHP is given the last alone, or both in one value.
    let comes_through = |name: &str| !name.contains("twice");
    for row in doku.token_rows().into_iter().filter(|row| comes_through(&row.name)) {
        answers(port, place, &row.request, row.http, row.code, &row.name);
    }
    let token = token_of(&answers(port, place, &doku.asks_for_token(), 200, "2007300", "a token"));
    for row in doku::forged_rows(&token).into_iter().filter(|row| comes_through(&row.name)) {
        if row.request.body.len() > NGINX_TAKES && !place.is_empty() {
            let large = http::send(
                port,
                "POST",
                &format!("{place}{}", row.request.path),
                &row.request.headers,
                &row.request.body,
            );
            assert!(large.is_none_or(|answer| answer.status == 413), "{}", row.name);
            continue;
        }
        answers(port, place, &row.request, row.http, row.code, &row.name);
    }
    assert_eq!(stored(), "", "nothing that is forged is stored");
    let genuine = doku::genuine_rows(&token);
    for row in &genuine {
        answers(port, place, &row.request, row.http, row.code, &row.name);
    }
    assert_eq!(stored().lines().count(), genuine.len());
    let paid = notification(&said("INV-W", "00"), &token);
    for _ in 0..3 {
        answers(port, place, &paid, 200, "2005600", "paid");
    }
    assert_eq!(stored().lines().filter(|line| *line == "INV-W/00/D1\tINV-W\t0\t10000.00\tPAID").count(), 1);
    assert_eq!(http::send(port, "POST", &format!("{place}/elsewhere"), &[], b"").unwrap().status, 404);
}

#[test]
fn the_example_of_a_web_server_refuses_every_forgery_under_fpm() {
    let doku = Doku::open();
    let shop = shop(&doku);
    // One page for both routes: they stand behind its name.
    let example = std::fs::read_to_string(repository("examples/php/webhook.php")).unwrap();
    let here = |name: &str| shop.path(name).display().to_string();
    let given = format!(
        "<?php\nputenv('AUTOLOAD={}');\nputenv('BAYAR_CONFIG={}');\nputenv('SHOP_EVENTS={}');\n\
         $_SERVER['REQUEST_URI'] = explode('.php', $_SERVER['REQUEST_URI'], 2)[1];\nrequire '{}';\n",
        shop.autoload().display(),
        shop.settings().display(),
        here("var/events"),
        here("srv/shop/webhook.php"),
    );
    shop.write("srv/shop/webhook.php", example);
    shop.write("srv/shop/public/doku.php", given);
    let server = Server::start_with(shop, Mode::Preload, |lines| {
        lines.replace("\\.php$", "\\.php").replace("$fastcgi_script_name", "/doku.php")
    });
    walk(&server.shop, &doku, server.port, "/doku.php");
}

struct BuiltIn(Child, u16);

impl BuiltIn {
    fn start(shop: &Shop) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut php = shop.php();
        php.args(["-d", "ffi.enable=true", "-S"])
            .arg(format!("127.0.0.1:{port}"))
            .arg(repository("examples/php/webhook.php"));
        php.env("SHOP_EVENTS", shop.path("var/events"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Self(start(&mut php), port);
        let end = Instant::now() + Duration::from_secs(60);
        while http::get(port, "/elsewhere").is_none() {
            assert!(Instant::now() < end, "the built-in server does not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for BuiltIn {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_example_of_a_web_server_refuses_every_forgery_on_the_built_in_server() {
    let doku = Doku::open();
    let shop = shop(&doku);
    let server = BuiltIn::start(&shop);
    walk(&shop, &doku, server.1, "");
}
