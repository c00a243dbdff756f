//! The ways in which PHP lets the package call the C library, each under PHP-FPM.

use bayar_sandbox::Options;

use crate::fpm::{Mode, Server};
use crate::http;
use crate::load::pay_page;
use crate::shop::{Shop, WEB_USER, is_root};

fn pay_in(mode: Mode) -> (Server, Option<String>) {
    let shop = Shop::open(Options::default());
    pay_page(&shop);
    let server = Server::start(shop, mode);
    let answer = http::get(server.port, "/pay.php?reference=INV-M").unwrap();
    let link = answer.header("Location").map(str::to_owned);
    (server, link)
}

#[test]
fn the_lines_of_the_readme_let_the_package_call_it_and_nothing_else() {
    for mode in [Mode::Preload, Mode::PreloadWithHeader] {
        let (server, link) = pay_in(mode);
        assert_eq!(link, Some(server.shop.sandbox.payment("INV-M").unwrap().checkout_url), "{}", server.logs());
        let about = http::get(server.port, "/about.php").unwrap().body;
        assert!(about.contains(r#""ffi":"locked out""#), "{about}");
        assert!(
            about.contains(r#""environment":"sandbox","other":false"#),
            "what the pool names, and nothing else: {about}"
        );
        assert!(!is_root() || about.contains(&format!(r#""user":"{WEB_USER}""#)), "{about}");
    }
}

#[test]
fn it_works_where_ffi_is_enabled_for_all() {
    let (server, link) = pay_in(Mode::Enabled);
    assert!(link.is_some(), "{}", server.logs());
    assert!(http::get(server.port, "/about.php").unwrap().body.contains(r#""ffi":"allowed""#));
}

#[test]
fn where_nothing_was_set_up_it_says_what_to_do() {
    let (server, link) = pay_in(Mode::Nothing);
    assert_eq!(link, None);
    let logs = server.logs();
    assert!(logs.contains("LibraryException") && logs.contains("opcache.preload"), "{logs}");
    assert_eq!(server.shop.sandbox.counts().connections, 0);
}
