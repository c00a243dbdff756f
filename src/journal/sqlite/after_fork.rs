//! SQLite in a process that was forked from one that used it.
//!
//! SQLite keeps a list of the files that this process has open, found by device and inode, with the locks that it
//! believes to hold. A forked child inherits the list but not the locks (they belong to processes), so a connection of its
//! own to the same file would think itself locked where it is not, and could ruin the file (sqlite.org, "How To Corrupt",
//! 2.6). So in a child SQLite is told another device number for every file: it then finds nothing of what was inherited
//! and begins anew. What was inherited is leaked, as all of a parent's things are (design section 3).

use crate::error::Result;

#[cfg(unix)]
pub(super) fn prepare() -> Result<()> {
    inherited::prepare()
}

#[cfg(not(unix))]
pub(super) fn prepare() -> Result<()> {
    Ok(())
}

#[cfg(unix)]
#[allow(unsafe_code)] // SQLite's file layer is reached in C only; each block says why it is sound.
mod inherited {
    use crate::error::Result;
    use crate::journal::journal_error;
    use rusqlite::ffi;
    use std::ffi::{CStr, c_char, c_int};
    use std::sync::atomic::{AtomicU32, Ordering};

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    use libc::{fstat, stat, stat as Facts};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    use libc::{fstat64 as fstat, stat64 as stat, stat64 as Facts};

    /// The process that uses SQLite here: 0 before the first.
    static USER: AtomicU32 = AtomicU32::new(0);
    /// How often it was a child of the one before.
    static GENERATION: AtomicU32 = AtomicU32::new(0);

    pub(super) fn prepare() -> Result<()> {
        let process = std::process::id();
        let before = USER.swap(process, Ordering::SeqCst);
        if before == 0 || before == process {
            return Ok(());
        }
        GENERATION.fetch_add(1, Ordering::SeqCst);
        // SAFETY: NULL asks for the default file layer, which lives as long as the program.
        let layer = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
        if layer.is_null()
            || !replace(layer, c"fstat", as_call(other_fstat))
            || !replace(layer, c"stat", as_call2(other_stat))
        {
            return Err(journal_error("SQLite cannot be used in a forked process on this system."));
        }
        // SAFETY: no bytes and no buffer asks SQLite to seed its random numbers anew.
        unsafe { ffi::sqlite3_randomness(0, std::ptr::null_mut()) };
        Ok(())
    }

    type Call = Option<unsafe extern "C" fn()>;

    fn replace(layer: *mut ffi::sqlite3_vfs, name: &CStr, call: Call) -> bool {
        // SAFETY: the layer is SQLite's own and is not changed by anybody else while it is read here.
        let Some(set) = (unsafe { (*layer).xSetSystemCall }) else { return false };
        // SAFETY: the name is one of SQLite's, and the function has the signature that SQLite calls it with.
        unsafe { set(layer, name.as_ptr(), call) == ffi::SQLITE_OK }
    }

    fn as_call(function: unsafe extern "C" fn(c_int, *mut Facts) -> c_int) -> Call {
        // SAFETY: SQLite casts it back to this very signature before it calls it.
        Some(unsafe {
            std::mem::transmute::<unsafe extern "C" fn(c_int, *mut Facts) -> c_int, unsafe extern "C" fn()>(function)
        })
    }

    fn as_call2(function: unsafe extern "C" fn(*const c_char, *mut Facts) -> c_int) -> Call {
        // SAFETY: as above.
        Some(unsafe {
            std::mem::transmute::<unsafe extern "C" fn(*const c_char, *mut Facts) -> c_int, unsafe extern "C" fn()>(
                function,
            )
        })
    }

    unsafe extern "C" fn other_fstat(file: c_int, facts: *mut Facts) -> c_int {
        // SAFETY: SQLite gives an open file and room for the facts.
        let result = unsafe { fstat(file, facts) };
        // SAFETY: it was filled just now.
        unsafe { elsewhere(result, facts) };
        result
    }

    unsafe extern "C" fn other_stat(path: *const c_char, facts: *mut Facts) -> c_int {
        // SAFETY: SQLite gives a path and room for the facts.
        let result = unsafe { stat(path, facts) };
        // SAFETY: it was filled just now.
        unsafe { elsewhere(result, facts) };
        result
    }

    /// Another device number in each generation.
    ///
    /// # Safety
    /// `facts` must be filled where `result` is 0.
    unsafe fn elsewhere(result: c_int, facts: *mut Facts) {
        if result == 0 {
            let generation = GENERATION.load(Ordering::SeqCst);
            // SAFETY: the caller says so.
            unsafe { (*facts).st_dev ^= (generation as libc::dev_t) << 8 };
        }
    }
}
