//! `negotiate-proof exchange`: requests and responses with W3C credentials, by the commands that the help shows.

mod answering;
mod credit_card;
mod keeping;
mod market;
mod rental;
#[cfg(unix)]
mod serving;
mod signing;
#[cfg(unix)]
mod tls;
mod unhappy;
