//! The examples, from the package as Composer installed it, and the package's own README.

use bayar_sandbox::{Customer, Options, PaymentState};
use std::process::Command;

use crate::shop::{Shop, built_library};
use crate::tool::{repository, succeed};

fn shop() -> Shop {
    Shop::open(Options { customer: Customer::Approves { after_ms: 200 }, ..Options::default() })
}

#[test]
fn the_examples_pay_refund_and_hold_the_day_against_doku() {
    let shop = shop();
    let said = shop.example("pay", &["INV-1", "10000.00"]);
    let made = shop.sandbox.payment("INV-1").unwrap();
    assert!(said.contains(&made.checkout_url) && said.contains("Paid at 20"), "{said}");
    let said = shop.example("refund", &["INV-1", "4000", "R-1"]);
    assert!(said.contains(&made_refund(&shop)) && said.contains("DOKU lists R-1 over 4000.00 IDR"), "{said}");
    // Run again: the same, and nothing twice.
    assert!(shop.example("pay", &["INV-1", "10000.00"]).contains(&made.checkout_url));
    shop.example("refund", &["INV-1", "4000", "R-1"]);
    let record = shop.sandbox.payment("INV-1").unwrap();
    assert_eq!((record.times_made, record.refunds[0].times_made, record.state), (1, 1, PaymentState::Paid));
    assert_eq!(shop.example("reconcile", &["settle"]), "0 asked about\n");
    assert_eq!(shop.example("reconcile", &["open"]), "");
    let exported = shop.example("reconcile", &["export"]);
    assert_eq!(exported.lines().count(), 2, "{exported}");
    let day = exported.split(r#""created":""#).nth(1).unwrap()[..10].to_owned();
    let said = shop.example("reconcile", &["day", &day]);
    assert!(said.ends_with("2 compared\n"), "{said}");
}

fn made_refund(shop: &Shop) -> String {
    shop.sandbox.payment("INV-1").unwrap().refunds[0].refund_no.clone()
}

#[test]
fn the_examples_say_what_is_true_when_they_fail() {
    let shop = shop();
    let run = |name: &str, arguments: &[&str]| {
        let output =
            shop.php().arg(crate::tool::repository(format!("examples/php/{name}.php"))).args(arguments).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (name, arguments, code, part) in [
        ("pay", &["INV-1"][..], 2, "usage"),
        ("pay", &["INV 1", "10000"], 1, "Nothing happened: "),
        ("refund", &["INV-NONE", "10000", "R-1"], 1, "Nothing happened: "),
        ("reconcile", &["day", "today"], 1, "2026-11-22"),
        ("reconcile", &["close", "refund", "R-1", "done", "x"], 1, "close failed"),
    ] {
        let (ended, said) = run(name, arguments);
        assert!(ended == Some(code) && said.contains(part), "{name} {arguments:?}: {ended:?} {said}");
    }
    shop.sandbox.misbehave(bayar_sandbox::Rule {
        on: bayar_sandbox::Endpoint::Payment,
        times: 1000,
        what: bayar_sandbox::Misbehaviour::CloseAfterWork,
    });
    let (ended, said) = run("pay", &["INV-2", "10000"]);
    assert!(ended == Some(1) && said.contains("It may have happened") && said.contains("same reference"), "{said}");
}

/// What Composer put into the project, without a network, is what an application calls.
#[test]
fn composer_installs_the_package_from_a_path_and_it_runs() {
    let shop = shop();
    let mut composer = Command::new("composer");
    composer.args(["show", "--no-interaction", "--no-plugins", "bayar/bayar"]).current_dir(shop.path("srv/shop"));
    composer.env("COMPOSER_ALLOW_SUPERUSER", "1").env("COMPOSER_HOME", shop.path("composer"));
    let shown = succeed(composer.env("COMPOSER_DISABLE_NETWORK", "1"));
    assert!(shown.contains(concat!("* ", env!("CARGO_PKG_VERSION"))), "{shown}");
    let code = "require getenv('AUTOLOAD'); echo Bayar\\Client::libraryVersion();";
    assert_eq!(succeed(shop.php().args(["-r", code])), env!("CARGO_PKG_VERSION"));
}

#[test]
fn without_composer_one_file_is_required() {
    let shop = shop();
    let file = repository("bindings/php/autoload.php");
    let code = format!("require '{}'; echo Bayar\\Client::libraryVersion();", file.display());
    let version = succeed(shop.php().args(["-r", &code]).env("BAYAR_LIBRARY", built_library()));
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}
