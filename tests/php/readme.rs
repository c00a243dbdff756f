//! The lines of the package's README, which the tests use as they stand.

use std::process::Command;

use crate::tool::{repository, succeed};

/// The block of this language that has this text in it.
pub(crate) fn block(language: &str, part: &str) -> String {
    let found: Vec<String> = blocks(language).into_iter().filter(|block| block.contains(part)).collect();
    assert_eq!(found.len(), 1, "one {language} block of bindings/php/README.md has '{part}'");
    found[0].clone()
}

fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(repository("bindings/php/README.md")).unwrap();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_code_of_the_readme_is_php() {
    let blocks = blocks("php");
    assert!(blocks.len() >= 6, "{}", blocks.len());
    for block in blocks {
        let is_method = block.starts_with("public function");
        let code = if is_method { format!("<?php\nclass A {{\n{block}}}\n") } else { format!("<?php\n{block}") };
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), code).unwrap();
        succeed(Command::new("php").arg("-l").arg(file.path()));
    }
}
