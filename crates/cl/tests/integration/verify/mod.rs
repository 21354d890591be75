//! Verification, compared with the library's.

mod accepted;
mod altered;
mod answers;
mod at_random;
mod malformed;
mod refused;
mod traced;
