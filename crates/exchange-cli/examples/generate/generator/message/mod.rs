//! Proof requests, proof responses and credentials, and what only resembles one.
//!
//! | module | subject |
//! |---|---|
//! | `honest` | messages that all readers should take |
//! | `broken` | messages that break a rule |
//! | `writing` | the text of the JSON |
//! | `fixture`, `violations` | of the tests of the crate `exchange`: its files, and changes of them |

mod broken;
#[path = "../../../../../exchange/tests/integration/messages/fixture.rs"]
mod fixture;
mod honest;
#[path = "../../../../../exchange/tests/integration/messages/violations.rs"]
#[allow(dead_code, reason = "its own tests use more of it")]
mod violations;
mod writing;

use serde_json::{Value, json};
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::schema::{KindSchema, object};
use super::{JSON, VERIFIABLE_CREDENTIALS};

pub fn schema() -> KindSchema {
    let message = json!({"enum": ["request", "response", "credential"]});
    let mut input = object(
        json!({
            "message": message,
            "document": {"description": "the message as a value, malformed or not"},
            "document_json": {"type": "string", "description": "the message as it came"},
        }),
        &["message"],
    );
    input["oneOf"] = json!([{"required": ["document"]}, {"required": ["document_json"]}]);
    KindSchema { kind: Kind::ExchangeMessage, input, output: None, has_public: false }
}

pub fn file() -> File {
    let mut file = File::new(
        "exchange_messages",
        Kind::ExchangeMessage,
        "Proof requests and proof responses with Verifiable Credentials: their form",
        &[
            "Which JSON is a message of the draft \"Addition of Proof Request/Response to the W3C Verifiable Credentials \
             specification\", or a credential that can be shown in one. Its signatures are not verified.",
            "Reasons: `json` for what is not JSON that all readers understand alike; else the name of the rule that is \
             broken, as `proof-exchange verify` prints it.",
            "The draft's prose, examples and schemas disagree in places. What each of them allows is valid; `min` may be \
             left out. Members that are not known are left aside, except those that would change the meaning.",
        ],
    );
    file.source("proof-exchange", env!("CARGO_PKG_VERSION"));
    notes(&mut file);
    honest::add(&mut file);
    broken::add(&mut file);
    writing::add(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect, link) in [
        ("NORMAL", BugType::Basic, "A message as the draft has it.", "", VERIFIABLE_CREDENTIALS),
        (
            "SPELLING",
            BugType::RefusesValid,
            "One thing that can be written in several ways.",
            "Honest messages are refused.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "FORM",
            BugType::AcceptsInvalid,
            "The names of the draft, or those of its revision of December 2019: one or the other throughout.",
            "The two parties read two messages.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "MEMBER",
            BugType::AcceptsInvalid,
            "A member that is missing, of another type, or beside another that excludes it.",
            "The two parties read two messages.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "NOTATION",
            BugType::AcceptsInvalid,
            "Ids, DIDs, dates, URLs and pairs of syntax and type have a notation of their own.",
            "An answer goes to another place, or a date is not compared.",
            "https://www.w3.org/TR/did-core/#did-syntax",
        ),
        (
            "BOUND",
            BugType::EdgeCase,
            "How many credentials are wanted, and with which number a predicate compares.",
            "More or fewer credentials are accepted than were asked for.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "ONCE",
            BugType::AcceptsInvalid,
            "Something is named twice that may be there once.",
            "One reader takes the first, another the last; one credential counts as two.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "NOT_ACTED_ON",
            BugType::AcceptsInvalid,
            "A member that limits what is said, and that no verifier of these messages acts on.",
            "What was said with a limit is believed without it.",
            "https://www.w3.org/TR/vc-data-integrity/#proofs",
        ),
        (
            "LIMIT",
            BugType::DenialOfService,
            "More than any exchange needs.",
            "A verifier computes for minutes.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "WRITING",
            BugType::Incompatible,
            "The text of the JSON itself.",
            "The two parties read two messages, or a signature is made of other bytes.",
            JSON,
        ),
        (
            "NUMBER",
            BugType::Incompatible,
            "Numbers that readers hold differently: whole ones beyond 2^53, and those beyond a double.",
            "A signature is made of other bytes.",
            "https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3",
        ),
        (
            "MEMBER_TWICE",
            BugType::AcceptsInvalid,
            "A member twice in one object: one reader takes the first, another the last.",
            "One value is verified, and another is read.",
            "https://www.rfc-editor.org/rfc/rfc8259#section-4",
        ),
    ] {
        file.note(flag, bug, description, effect, &[link]);
    }
}

fn given(message: &str, document: Value) -> Value {
    json!({"input": {"message": message, "document": document}})
}

fn valid(flag: &str) -> Expect {
    Expect::valid().importance(Importance::Medium).flags(&[flag])
}

fn invalid(flag: &str, rule: &str) -> Expect {
    let importance = match flag {
        "NOT_ACTED_ON" | "MEMBER_TWICE" => Importance::High,
        "LIMIT" => Importance::Low,
        _ => Importance::Medium,
    };
    Expect::invalid(&[rule]).importance(importance).flags(&[flag])
}
