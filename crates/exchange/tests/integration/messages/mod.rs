//! The messages: parsed, checked, written, and parsed again.

mod documents;
mod draft;
mod fixture;
mod forms;
mod members;
mod property;
mod rules;
mod schemas;
mod seeds;
mod violations;
