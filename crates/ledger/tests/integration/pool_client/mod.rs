//! A pool by way of a client program, which is a script here.

mod configuration;
mod ends;
mod replies;
mod scripted;
