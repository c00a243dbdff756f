//! Where the package finds the C library, and what it says of one that it cannot use.

use bayar_sandbox::Options;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shop::{Shop, built_library};
use crate::tool::{repository, succeed};

/// What PHP prints: the library's version, or why it cannot be used.
fn says(shop: &Shop, before: &str, environment: &[(&str, &Path)]) -> String {
    let code = format!(
        "{before}; require getenv('AUTOLOAD'); try {{ echo Bayar\\Client::libraryVersion(); }} \
         catch (Bayar\\Exception\\LibraryException $no) {{ echo get_class($no), ': ', $no->getMessage(); }}"
    );
    succeed(shop.php().envs(environment.iter().copied()).args(["-r", &code]))
}

/// A library with these functions that is of another version.
fn other_version(shop: &Shop, name: &str, functions: &[&str]) -> PathBuf {
    let mut source = String::from("const char *bayar_version(void) { return \"9.9.9\"; }\n");
    for function in functions.iter().filter(|function| **function != "bayar_version") {
        writeln!(source, "int {function}(void) {{ return 0; }}").unwrap();
    }
    let (source, library) = (shop.write(&format!("{name}.c"), source), shop.path(format!("{name}.so")));
    succeed(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source));
    library
}

#[test]
fn the_library_is_found_where_the_readme_says() {
    let shop = Shop::open(Options::default());
    let version = env!("CARGO_PKG_VERSION");
    let (own, built) = (shop.package().join("lib/libbayar.so.0"), built_library());
    assert_eq!(says(&shop, "", &[]), version, "in the package's own folder");
    std::fs::remove_file(&own).unwrap();
    assert_eq!(says(&shop, "", &[("BAYAR_LIBRARY", &built)]), version, "by the environment");
    let constant = format!("define('BAYAR_LIBRARY', '{}')", built.display());
    assert_eq!(says(&shop, &constant, &[("BAYAR_LIBRARY", Path::new("/nowhere.so"))]), version, "by the constant");
    assert_eq!(says(&shop, "", &[("LD_LIBRARY_PATH", &shop.path("lib"))]), version, "of the system");
    let nowhere = says(&shop, "", &[]);
    for part in ["LibraryException", "libbayar.so.0 cannot be loaded", "BAYAR_LIBRARY", "lib/", "ldconfig"] {
        assert!(nowhere.contains(part), "'{part}' is not in {nowhere}");
    }
}

#[test]
fn a_library_that_does_not_fit_is_told_by_its_version() {
    let shop = Shop::open(Options::default());
    let header = std::fs::read_to_string(repository("include/bayar.ffi.h")).unwrap();
    let functions: Vec<&str> = header
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '('))
        .filter_map(|word| word.split_once('(').map(|(name, _)| name))
        .filter(|name| name.starts_with("bayar_"))
        .collect();
    assert!(functions.len() > 100, "{}", functions.len());
    let whole = other_version(&shop, "whole", &functions);
    let small = other_version(&shop, "small", &["bayar_abi_version"]);
    for library in [&whole, &small] {
        let said = says(&shop, "", &[("BAYAR_LIBRARY", library)]);
        let expected = format!("{} is version 9.9.9, and this package is for version 0.1.", library.display());
        assert!(said.contains(&expected) && said.contains("reload PHP-FPM"), "{said}");
    }
    let said = says(&shop, "", &[("BAYAR_LIBRARY", Path::new("libc.so.6"))]);
    assert!(said.contains("libc.so.6 is another library"), "{said}");
}
