//! Random numbers of OpenSSL that follow from a seed, so that `indy-credx` searches the same
//! candidates each time.

#![allow(unsafe_code, reason = "OpenSSL has this function only in C")]

use std::ffi::{c_double, c_int, c_void};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

use openssl::sha::sha256;

static SEED: AtomicU64 = AtomicU64::new(0);
static BLOCKS: AtomicU64 = AtomicU64::new(0);
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// OpenSSL's `RAND_METHOD`.
#[repr(C)]
struct Method {
    seed: Option<extern "C" fn(*const c_void, c_int) -> c_int>,
    bytes: Option<extern "C" fn(*mut u8, c_int) -> c_int>,
    cleanup: Option<extern "C" fn()>,
    add: Option<extern "C" fn(*const c_void, c_int, c_double) -> c_int>,
    pseudo_random_bytes: Option<extern "C" fn(*mut u8, c_int) -> c_int>,
    status: Option<extern "C" fn() -> c_int>,
}

static SEEDED: Method = Method {
    seed: None,
    bytes: Some(bytes),
    cleanup: None,
    add: None,
    pseudo_random_bytes: Some(bytes),
    status: Some(ready),
};

unsafe extern "C" {
    /// Replaces the generator of the whole process; with a null pointer, puts the usual one back.
    fn RAND_set_rand_method(method: *const Method) -> c_int;
}

/// Runs work in which all random numbers of OpenSSL follow from a seed. Returns how many were
/// drawn.
///
/// The numbers are not secret, and no other thread may draw any meanwhile: this is for a benchmark.
pub fn with(seed: u64, work: impl FnOnce()) -> u64 {
    SEED.store(seed, Ordering::Relaxed);
    BLOCKS.store(0, Ordering::Relaxed);
    DRAWN.store(0, Ordering::Relaxed);
    // SAFETY: the method lives as long as the process, and its functions have the types that
    // OpenSSL wants.
    assert_eq!(unsafe { RAND_set_rand_method(&raw const SEEDED) }, 1);
    work();
    // SAFETY: OpenSSL takes a null pointer for its usual generator.
    assert_eq!(unsafe { RAND_set_rand_method(ptr::null()) }, 1);
    DRAWN.load(Ordering::Relaxed)
}

extern "C" fn bytes(buffer: *mut u8, length: c_int) -> c_int {
    let Ok(length) = usize::try_from(length) else {
        return 0;
    };
    // SAFETY: OpenSSL gives a buffer of that length, and uses it only after this call.
    let buffer = unsafe { slice::from_raw_parts_mut(buffer, length) };
    DRAWN.fetch_add(1, Ordering::Relaxed);
    for block in buffer.chunks_mut(32) {
        let counter = BLOCKS.fetch_add(1, Ordering::Relaxed);
        let mut input = [0; 16];
        input[..8].copy_from_slice(&SEED.load(Ordering::Relaxed).to_be_bytes());
        input[8..].copy_from_slice(&counter.to_be_bytes());
        block.copy_from_slice(&sha256(&input)[..block.len()]);
    }
    1
}

extern "C" fn ready() -> c_int {
    1
}
