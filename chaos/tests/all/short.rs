//! Proves P2 and P3 through crashes: the chaos run in its short form, a hundred kills. `make chaos` is the long one.

use std::process::Command;

#[test]
fn a_hundred_kills_make_nothing_twice_lose_nothing_and_deny_nothing() {
    let mut run = Command::new(crate::shop::PROGRAM);
    let out = run.args(["run", "--seed", "4", "--kills", "100"]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    println!("{said}");
    assert!(out.status.success(), "{said}\n{}", String::from_utf8_lossy(&out.stderr));
    let kills: u64 = said.lines().rev().find_map(|line| line.split_once(" kills, 0 wrong")).unwrap().0.parse().unwrap();
    assert!(kills >= 100, "{kills}");
}
