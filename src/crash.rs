//! Points at which the chaos tests kill the program. In a build without the feature `crash_points`, which is for those
//! tests only, there are none.

#[cfg(not(feature = "crash_points"))]
pub(crate) fn point(_name: &str) {}

/// Kills this process at the point that BAYAR_CRASH_POINT names, as `name` or, from its n-th passing on, `name:n`.
#[cfg(feature = "crash_points")]
pub(crate) fn point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("BAYAR_CRASH_POINT") else { return };
    let (wanted, from) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if wanted == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 >= from.parse().unwrap_or(1) {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}
