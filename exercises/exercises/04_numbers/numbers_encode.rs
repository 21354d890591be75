//! The mathematics, 1: encode a value (10 minutes)
//!
//! Goal: know which number an issuer signs for a text.
//!
//! Signatures are about integers. By the field's convention, a text that is an integer of 32 bits
//! becomes this integer. Every other text becomes its SHA-256, whose 32 bytes are read as one
//! big-endian integer. Both are written in decimal.
//!
//! What to do: write `encode`. The check tries it on texts of every kind.

use std::process::ExitCode;

use workshop::{
    numbers::{self, decimal, sha256},
    outcome::finish,
};

/// Encodes an attribute's text as the integer that is signed, in decimal.
fn encode(text: &str) -> String {
    // TODO: this takes every text for a text. An integer of 32 bits, with a sign or without, is to
    // become itself, in its shortest form: "007" becomes "7". Text with spaces around a number is a
    // text.
    decimal(&sha256(text.as_bytes()))
}

fn main() -> ExitCode {
    finish("numbers_encode", numbers::encode(encode))
}
