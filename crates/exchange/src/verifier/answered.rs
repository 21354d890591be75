//! A verifier's memory of the requests that have been answered.

use stdx::accepted::Entries;

/// The ids of answered requests, as the entries of a file that remembers them: an
/// [`AcceptedFile`](super::AcceptedFile).
pub const REQUEST_IDS: Entries = Entries {
    one: "request id",
    many: "answered requests",
    longest: 2048,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
};
