//! Restrictions, and whether they hold for the facts of a credential.
//!
//! | module | subject |
//! |---|---|
//! | `operators` | equalities, and what joins them |
//! | `tags` | tags that are absent or unknown, attributes, identifiers |
//! | `unreadable` | what is not a restriction |

mod operators;
mod tags;
mod unreadable;

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::file::{Expect, File};
use super::schema::{KindSchema, object};

/// Where restrictions are described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";

const DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
const OTHER_DID: &str = "V4SGRU86Z58d6TV7PBUe6f";

pub fn schema() -> KindSchema {
    let text = json!({"type": "string"});
    let credential = object(
        json!({
            "schema_id": text,
            "schema_issuer_did": text,
            "schema_name": text,
            "schema_version": text,
            "issuer_did": text,
            "cred_def_id": text,
            "rev_reg_id": text,
            "attributes": {
                "type": "object",
                "description": "the texts by name, as the schema writes the names",
                "additionalProperties": text,
            },
        }),
        &["schema_id", "cred_def_id", "attributes"],
    );
    KindSchema {
        kind: Kind::RestrictionTruth,
        input: object(
            json!({
                "restriction": {"description": "as a request has it, malformed or not"},
                "credential": credential,
                "version": {"enum": ["1.0", "2.0"], "description": "`ver` of the request"},
            }),
            &["restriction", "credential", "version"],
        ),
        output: Some(object(json!({"holds": {"type": "boolean"}}), &["holds"])),
        has_public: false,
    }
}

/// A credential of an Indy ledger that cannot be revoked.
fn credential() -> Value {
    json!({
        "schema_id": format!("{DID}:2:Person:1.0"),
        "schema_issuer_did": DID,
        "schema_name": "Person",
        "schema_version": "1.0",
        "issuer_did": OTHER_DID,
        "cred_def_id": format!("{OTHER_DID}:3:CL:12:TAG1"),
        "attributes": {"First Name": "Alex", "age": "28", "e::mail": "a@example.org"},
    })
}

/// The same, with qualified identifiers and a registry.
fn qualified() -> Value {
    let definition = format!("creddef:sov:did:sov:{OTHER_DID}:3:CL:12:TAG1");
    json!({
        "schema_id": format!("schema:sov:did:sov:{DID}:2:Person:1.0"),
        "schema_issuer_did": format!("did:sov:{DID}"),
        "schema_name": "Person",
        "schema_version": "1.0",
        "issuer_did": format!("did:sov:{OTHER_DID}"),
        "cred_def_id": definition,
        "rev_reg_id": format!("revreg:sov:did:sov:{OTHER_DID}:4:{definition}:CL_ACCUM:R1"),
        "attributes": {"age": "28"},
    })
}

/// A credential whose identifiers say little: what they do not say has no tag.
fn opaque() -> Value {
    json!({
        "schema_id": "https://example.org/schemas/person",
        "schema_issuer_did": "https://example.org",
        "schema_name": "Person",
        "schema_version": "1.0",
        "cred_def_id": "did:cheqd:testnet:3053e034/resources/9c0d",
        "attributes": {"age": "28"},
    })
}

pub fn file() -> File {
    let mut file = File::new(
        "restriction_truth",
        Kind::RestrictionTruth,
        "AnonCreds: restrictions of a proof request",
        &[
            "A restriction is read, and evaluated on the facts of a credential that is known in full.",
            "A fact that is not given has no tag.",
            "Reason: `restriction` (it cannot be read).",
        ],
    );
    notes(&mut file);
    operators::add(&mut file);
    tags::add(&mut file);
    unreadable::add(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "A restriction as verifiers write it.", ""),
        (
            "OPERATOR",
            BugType::Basic,
            "What the operators of restrictions do.",
            "A credential is accepted that the verifier did not allow, or the other way round.",
        ),
        (
            "EMPTY",
            BugType::EdgeCase,
            "A group or a list with nothing in it. A group restricts nothing; a list of values has none that equals.",
            "Honest holders are refused, or a restriction is lost.",
        ),
        (
            "ABSENT_TAG",
            BugType::AcceptsInvalid,
            "A tag that the credential does not have. It equals nothing, and differs from nothing either.",
            "A credential is accepted of which the fact is not known.",
        ),
        (
            "UNKNOWN_TAG",
            BugType::AcceptsInvalid,
            "A tag that no credential has, such as a misspelled one. It may be refused; it never holds as an equality.",
            "A misspelled restriction lets every credential pass.",
        ),
        (
            "NAME_FOLDED",
            BugType::RefusesValid,
            "Names of attributes compare without blanks and case. Other tags and all values compare exactly.",
            "Honest holders are refused.",
        ),
        (
            "TWO_NAMES",
            BugType::Incompatible,
            "`issuer_did` is `issuer_id` in AnonCreds 1.0, and `schema_issuer_did` is `schema_issuer_id`.",
            "The restriction is taken for an unknown one.",
        ),
        (
            "QUALIFIED",
            BugType::Incompatible,
            "An identifier with and without the prefix of did:sov: the same in requests of version 1.0, and two in 2.0.",
            "Honest holders are refused.",
        ),
        (
            "MALFORMED",
            BugType::AcceptsInvalid,
            "What is not a restriction is refused as a whole.",
            "A restriction is ignored.",
        ),
        ("DEEP", BugType::DenialOfService, "Operators within operators.", "The stack overflows."),
    ] {
        file.note(flag, bug, description, effect, &[SPECIFICATION]);
    }
}

/// What a test gives.
fn given(restriction: Value, credential: Value, version: &str) -> Value {
    json!({"input": {"restriction": restriction, "credential": credential, "version": version}})
}

fn says(holds: bool, flag: &str) -> Expect {
    Expect::valid().flags(&[flag]).output(json!({"holds": holds}))
}

/// Adds tests on [`credential`], in version 1.0.
fn add_all(file: &mut File, flag: &str, tests: Vec<(&str, &str, Value, bool)>) {
    for (name, comment, restriction, holds) in tests {
        file.add(name, comment, given(restriction, credential(), "1.0"), says(holds, flag));
    }
}
