//! The lines of the package's README, which the tests use as they stand.

use crate::tool::repository;

/// The block of this language that has this text in it.
pub(crate) fn block(language: &str, part: &str) -> String {
    let readme = std::fs::read_to_string(repository("bindings/php/README.md")).unwrap();
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    let found: Vec<&str> = blocks.filter(|block| block.contains(part)).collect();
    assert_eq!(found.len(), 1, "one {language} block of bindings/php/README.md has '{part}'");
    found[0].to_owned()
}
