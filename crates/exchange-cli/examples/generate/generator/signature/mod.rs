//! Whole exchanges: a request, its response, and the DID documents with which both are verified.
//!
//! | module | subject |
//! |---|---|
//! | `exchange` | making an exchange, and signing it again after a change |
//! | `honest` | exchanges that verify |
//! | `peers` | those of the second implementation, and changes of them |
//! | `conversation` | shapes, sizes, time, and which request is answered |
//! | `contents` | the credentials |
//! | `dates` | the dates |
//! | `signed` | everything that is signed, changed after that |
//! | `signers` | signatures by others, and none |
//! | `keys` | the DID documents |
//! | `zero_knowledge` | proofs in zero knowledge |

mod contents;
mod conversation;
mod dates;
mod exchange;
mod honest;
mod keys;
mod peers;
mod signed;
mod signers;
mod zero_knowledge;

use serde_json::json;
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::schema::{KindSchema, object};
use super::{JSON, VERIFIABLE_CREDENTIALS};

/// Data Integrity, whose members proofs have.
const DATA_INTEGRITY: &str = "https://www.w3.org/TR/vc-data-integrity/";

/// DID documents.
const DID_CORE: &str = "https://www.w3.org/TR/did-core/#verification-methods";

pub fn schema() -> KindSchema {
    let documents = json!({"type": "array", "minItems": 1, "items": {"type": "object"}});
    let mut input = object(
        json!({
            "request": {"description": "the request as a value, malformed or not"},
            "request_json": {"type": "string", "description": "the request as it came"},
            "response": {"description": "the response as a value, malformed or not"},
            "response_json": {"type": "string", "description": "the response as it came"},
            "did_documents": documents,
            "now": {"type": "string", "format": "date-time", "description": "the time of the verification"},
            "answered": {
                "type": "array",
                "items": {"type": "string"},
                "description": "the ids of requests to which a response was accepted before",
            },
        }),
        &["did_documents", "now"],
    );
    input["allOf"] = ["request", "response"]
        .iter()
        .map(
            |name| json!({"oneOf": [{"required": [name]}, {"required": [format!("{name}_json")]}]}),
        )
        .collect();
    KindSchema { kind: Kind::ExchangeSignature, input, output: None, has_public: false }
}

pub fn file() -> File {
    let mut file = File::new(
        "exchange_signatures",
        Kind::ExchangeSignature,
        "Proof requests and proof responses with Verifiable Credentials: whether a response is verified",
        &[
            "Does this response answer this request at this time, with signatures by keys of these DID documents?",
            "Reasons: the checks of a response, as `proof-exchange verify` prints them. Each that is named must fail, \
             others may. Signatures are verified only if all else holds.",
            "The clock of another party may be five minutes fast. What each proof type signs is in \
             docs/src/exchange-decisions.md of the repository.",
        ],
    );
    notes(&mut file);
    peers::add(&mut file);
    file.source("proof-exchange", env!("CARGO_PKG_VERSION"));
    honest::add(&mut file);
    conversation::add(&mut file);
    contents::add(&mut file);
    dates::add(&mut file);
    signed::add(&mut file);
    signers::add(&mut file);
    keys::add(&mut file);
    zero_knowledge::add(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect, link) in [
        ("NORMAL", BugType::Basic, "An exchange as the draft has it.", "", VERIFIABLE_CREDENTIALS),
        (
            "OPTION",
            BugType::RefusesValid,
            "Something that is allowed, and seldom.",
            "Honest holders are turned away.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "SHAPE",
            BugType::AcceptsInvalid,
            "A message that breaks a rule; see exchange_messages.",
            "The two parties read two messages.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "NOT_ACTED_ON",
            BugType::AcceptsInvalid,
            "A member that limits what is said, and that no verifier of these messages acts on.",
            "What was said with a limit is believed without it.",
            DATA_INTEGRITY,
        ),
        (
            "WRITING",
            BugType::AcceptsInvalid,
            "A signed text that two readers understand differently.",
            "One value is verified, and another is read.",
            JSON,
        ),
        (
            "OTHER_REQUEST",
            BugType::AcceptsInvalid,
            "A response to another request, for another verifier, or after its time.",
            "A verifier passes on to another what a holder has shown to it.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "CRITERION",
            BugType::AcceptsInvalid,
            "A criterion is not answered, or another than the one that was asked.",
            "The holder chooses what is asked.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "PROOF_TYPE",
            BugType::AcceptsInvalid,
            "A proof of a type or in a syntax that the request does not accept.",
            "A verifier relies on what it did not want to rely on.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "ISSUER",
            BugType::AcceptsInvalid,
            "A credential of an issuer whom the criterion does not name.",
            "Anyone certifies anything.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "KIND",
            BugType::AcceptsInvalid,
            "A credential of another schema, context or type than the criterion's.",
            "An attribute with the same name and another meaning is believed.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "ATTRIBUTE",
            BugType::AcceptsInvalid,
            "A required attribute is missing, or one is there that was not asked for.",
            "The verifier learns less or more than it asked for.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "SUBJECT",
            BugType::AcceptsInvalid,
            "A credential about someone else than the holder.",
            "Credentials can be lent.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "COUNT",
            BugType::AcceptsInvalid,
            "More or fewer credentials than asked for, or one several times.",
            "One payslip counts as six.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "DATE",
            BugType::AcceptsInvalid,
            "A date in the future, or one that has passed.",
            "What holds no longer is believed.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "CHANGED",
            BugType::AcceptsInvalid,
            "Something was changed after it was signed.",
            "Anyone on the way, or the holder, writes what is believed.",
            DATA_INTEGRITY,
        ),
        (
            "LIFTED",
            BugType::AcceptsInvalid,
            "A signature of one thing stands at another.",
            "What was certified about one thing is believed of another.",
            DATA_INTEGRITY,
        ),
        (
            "UNSIGNED",
            BugType::AcceptsInvalid,
            "A signature is missing.",
            "Anyone can speak for anyone.",
            DATA_INTEGRITY,
        ),
        (
            "OTHER_KEY",
            BugType::AcceptsInvalid,
            "A signature by a key of another than the one who is to sign.",
            "Anyone can speak for anyone.",
            DID_CORE,
        ),
        (
            "KEY_STATE",
            BugType::AcceptsInvalid,
            "A key that may not be used: revoked, expired, for another purpose, or controlled by someone else.",
            "A stolen key signs on.",
            DID_CORE,
        ),
        (
            "DID_DOCUMENT",
            BugType::AcceptsInvalid,
            "A DID document that is missing or malformed.",
            "A signature is verified with a key that no one has published.",
            DID_CORE,
        ),
        (
            "SMALL_ORDER",
            BugType::AcceptsInvalid,
            "A key or a commitment of small order, with which one signature fits many messages.",
            "The signer can deny what it signed.",
            "https://eprint.iacr.org/2020/1244",
        ),
        (
            "ENCODING",
            BugType::AcceptsInvalid,
            "A signature that is not written as its type says.",
            "One signature has several forms.",
            "https://www.rfc-editor.org/rfc/rfc4648#section-3.5",
        ),
        (
            "JWS_HEADER",
            BugType::AcceptsInvalid,
            "A header of a detached JWS that says something else than what is done.",
            "The attacker chooses the algorithm.",
            "https://www.rfc-editor.org/rfc/rfc7797",
        ),
        (
            "ZERO_KNOWLEDGE",
            BugType::AcceptsInvalid,
            "What is asked in zero knowledge is shown, or proved by nothing.",
            "A predicate is believed that was not proved.",
            VERIFIABLE_CREDENTIALS,
        ),
        (
            "ANSWERED",
            BugType::AcceptsInvalid,
            "A request to which a response was accepted before.",
            "A response that was listened in on is used again.",
            VERIFIABLE_CREDENTIALS,
        ),
    ] {
        file.note(flag, bug, description, effect, &[link]);
    }
}

fn valid(flag: &str) -> Expect {
    Expect::valid().importance(Importance::High).flags(&[flag])
}

/// The checks of signatures. An implementation may make no others.
const SIGNATURES: &[&str] =
    &["request-signature", "response-signature", "presentation-signatures", "attribute-signatures"];

fn invalid(flag: &str, reason: &[&str]) -> Expect {
    let importance = match flag {
        "SHAPE" | "ATTRIBUTE" => Importance::Medium,
        _ => Importance::High,
    };
    let expect = Expect::invalid(reason).importance(importance).flags(&[flag]);
    match flag {
        _ if !reason.iter().any(|check| SIGNATURES.contains(check)) => {
            expect.needs(&["response-contents"])
        }
        "KEY_STATE" => expect.needs(&["key-state"]),
        _ => expect,
    }
}
