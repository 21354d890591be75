//! Signatures: known answers, refusals, canonical forms; and the DIDs whose keys verify them.

mod dids;
mod documents;
mod fixture;
mod jws;
mod keys;
mod known_answers;
mod linked_data;
mod refusals;
mod wallets;
