#![doc = include_str!("../README.md")]

pub mod accepted;
#[cfg(feature = "fs")]
pub mod fs;
#[cfg(feature = "fs")]
pub mod head;
pub mod panic;
pub mod pointer;
#[cfg(feature = "task")]
pub mod program;
#[cfg(feature = "task")]
pub mod task;
pub mod text;
