//! The package's own tests (PHPUnit), against a sandbox.

use bayar_sandbox::{Customer, Options};
use std::process::Command;

use crate::shop::{Shop, built_library};
use crate::tool::repository;

#[test]
fn the_packages_own_tests_pass() {
    let shop = Shop::open(Options { customer: Customer::Approves { after_ms: 0 }, ..Options::default() });
    let mut php = Command::new("php");
    php.args(["-d", "error_reporting=-1", "-d", "zend.exception_ignore_args=0", "/usr/bin/phpunit"]);
    php.args([
        "--bootstrap",
        "tests/bootstrap.php",
        "--no-configuration",
        "--do-not-cache-result",
        "--fail-on-risky",
        "--fail-on-warning",
        "tests",
    ]);
    php.current_dir(repository("bindings/php")).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    php.env("BAYAR_CONFIG", shop.settings()).env("BAYAR_LIBRARY", built_library());
    let output = php.output().unwrap_or_else(|error| panic!("php cannot be started ({error})"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("OK ("), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let skipped = ["Skipped", "Incomplete"].iter().any(|word| said.contains(word));
    assert!(!skipped, "{said}");
}
