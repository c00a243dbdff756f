//! The package is PHP 7.4 and PHP 8.5 alike, by a real PHP of each version (compiled to WebAssembly, from npm, see tests/install.sh).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::tool::repository;

fn judged(version: &str, files: &[PathBuf]) -> Output {
    let modules = repository("target/other-php/node_modules");
    assert!(modules.exists(), "There is no other PHP in {}; `make test` installs it.", modules.display());
    let mut node = Command::new("node");
    node.arg(repository("tests/php/other_php.mjs")).arg(modules).arg(version).args(files).output().unwrap()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "php") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_is_compiled_and_linked_by_the_oldest_and_the_newest_php() {
    let mut files = Vec::new();
    files_below(&repository("bindings/php"), &mut files);
    files_below(&repository("examples/php"), &mut files);
    for version in ["7-4", "8-5"] {
        let output = judged(version, &files);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains(&format!("PHP {}.", version.replace('-', "."))), "{said}");
        assert!(said.contains(&format!("{} files, ", files.len())), "{said}");
        assert!(
            said.contains("without FFI: PHP's extension FFI is missing") && said.contains("float: amount"),
            "{said}"
        );
    }
}

#[test]
fn what_is_newer_than_php_7_4_is_found() {
    for newer in ["function f(int|string $a) {}", "$a = match (1) { 1 => 2 };", "$a?->b;", "f(a: 1);", "enum A {}"] {
        let file = tempfile::Builder::new().suffix(".php").tempfile().unwrap();
        std::fs::write(file.path(), format!("<?php\n{newer}\n")).unwrap();
        let output = judged("7-4", &[file.path().to_owned()]);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("FAILED"), "{newer}");
    }
}
