//! Set-up that the tests of several crates share.
