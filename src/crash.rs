//! Points at which the chaos tests kill or stop the program. In a build without the feature `crash_points`, which is for
//! those tests only, there are none.

#[cfg(not(feature = "crash_points"))]
pub(crate) fn point(_name: &str) {}

/// Kills this process at the point that BAYAR_CRASH_POINT names, as `name` or, from its n-th passing on, `name:n`; and
/// stops it at the n-th passing, once, of the one that BAYAR_STOP_POINT names, until somebody wakes it.
#[cfg(feature = "crash_points")]
pub(crate) fn point(name: &str) {
    use rustix::process::Signal;
    use std::sync::atomic::AtomicU32;
    static TO_KILL: AtomicU32 = AtomicU32::new(0);
    static TO_STOP: AtomicU32 = AtomicU32::new(0);
    if let Some((passed, wanted)) = passing("BAYAR_CRASH_POINT", name, &TO_KILL)
        && passed >= wanted
    {
        send(Signal::KILL);
    }
    if let Some((passed, wanted)) = passing("BAYAR_STOP_POINT", name, &TO_STOP)
        && passed == wanted
    {
        send(Signal::STOP);
    }
}

/// Which passing of the wanted point this is, and which one is wanted; `None` where it is another point.
#[cfg(feature = "crash_points")]
fn passing(variable: &str, name: &str, passed: &std::sync::atomic::AtomicU32) -> Option<(u32, u32)> {
    let wanted = std::env::var(variable).ok()?;
    let (wanted, from) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    (wanted == name).then(|| {
        let before = passed.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (before + 1, from.parse().unwrap_or(1))
    })
}

#[cfg(feature = "crash_points")]
fn send(signal: rustix::process::Signal) {
    let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
}
