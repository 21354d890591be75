//! The server: who may ask, what it answers, and its bounds.

mod access;
mod class;
pub mod lab;
mod scenarios;
mod teacher;
