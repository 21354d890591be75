//! The draft's JSON Schemas, repaired, for other programs: sections "Proof Request JSON Schema",
//! "Criteria JSON Schema" and "Proof Response JSON Schema". Messages are not read with them; a test
//! shows that they agree with what is read.

/// A JSON Schema (draft-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name, for example `request`. Its id is `https://proof-exchange.example/NAME.json`, by
    /// which the schemas refer to each other. Nothing is fetched from there.
    pub name: &'static str,
    /// The schema, in JSON. Its `description` says what was repaired.
    pub text: &'static str,
}

macro_rules! schemas {
    ($($name:literal,)+) => {
        /// The JSON Schemas of the messages, and of the parts that they share.
        pub const SCHEMAS: &[Schema] = &[$(
            Schema { name: $name, text: include_str!(concat!("../../schemas/", $name, ".json")) },
        )+];
    };
}

schemas![
    "common",
    "criterion",
    "credential",
    "request",
    "response",
    "request-strict",
    "response-strict",
];
