//! What a library that is loaded into another program frees is wiped (P6), by whomever it was allocated: the token passes
//! through ureq's buffers, the private key through ring, a config file through the TOML reader, and none of them wipes its
//! own.
//!
//! The allocator is the library's alone: Rust code in the same shared object uses it, the host's `malloc` and other
//! libraries do not. Memory that the host gave to us is the host's to wipe. The C library and the Python package have it; a
//! Rust program, which has an allocator of its own, leaves out the feature `wiping`.

use std::alloc::{GlobalAlloc, Layout, System};

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// `realloc` is left as it is given: it allocates anew, copies and frees, so that no copy stays where a block was.
//
// SAFETY: all is passed on to the system's allocator; a block is only written to while it is still the caller's.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    // Written out wherever something is freed, it would make the library 2% larger.
    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller promises that the block has this layout and that nobody uses it any more.
        unsafe {
            block.write_bytes(0, layout.size());
            // Or the compiler would leave out writing what is freed next.
            zeroize::optimization_barrier(&*block);
            System.dealloc(block, layout);
        }
    }
}

/// Runs something and then overwrites the part of the stack that it used: keyed states are copied there to be worked on,
/// and a client is made there. For bindings, around each call.
pub fn wiping_stack<T>(body: impl FnOnce() -> T) -> T {
    let result = apart(body);
    zeroize::zeroize_stack::<STACK>();
    result
}

/// In a frame of its own, for what the compiler puts into the caller's frame stays out of reach.
#[inline(never)]
fn apart<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// More than is ever used with a secret in it.
const STACK: usize = 16 * 1024;
