//! Proof requests, and what only resembles one.
//!
//! | module | subject |
//! |---|---|
//! | `members` | the members of the request itself |
//! | `referents` | attributes, groups and predicates |
//! | `restrictions` | restrictions within a request |
//! | `writing` | the text of the JSON, and how much of it there is |

mod members;
mod referents;
mod restrictions;
mod writing;

use serde_json::{Value, json};
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::schema::{KindSchema, object};

/// Where requests are described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";
const RFC_0441: &str = "https://github.com/hyperledger/aries-rfcs/tree/main/concepts/0441-present-proof-best-practices";

/// The check that a request has the form of one.
const SHAPE: &[&str] = &["request-shape"];

pub fn schema() -> KindSchema {
    let mut input = object(
        json!({
            "request": {"description": "the request as a value, malformed or not"},
            "request_json": {"type": "string", "description": "the request as it came"},
        }),
        &[],
    );
    input["oneOf"] = json!([{"required": ["request"]}, {"required": ["request_json"]}]);
    KindSchema { kind: Kind::RequestParse, input, output: None, has_public: false }
}

pub fn file() -> File {
    let mut file = File::new(
        "request_parse",
        Kind::RequestParse,
        "AnonCreds proof requests: their form",
        &[
            "Which JSON is a proof request that a holder can answer and a verifier can check.",
            "Reasons: the checks `size` and `request-shape` of a verifier.",
            "A member that is null is absent. Members that are not known are left aside.",
        ],
    );
    notes(&mut file);
    file.add("request", "An attribute and a predicate.", given(request()), valid("NORMAL"));
    members::add(&mut file);
    referents::add(&mut file);
    restrictions::add(&mut file);
    writing::add(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect, link) in [
        ("NORMAL", BugType::Basic, "A request as verifiers write it.", "", SPECIFICATION),
        (
            "NONCE",
            BugType::Incompatible,
            "The nonce is a number in decimal digits, as a text. Some agents write a JSON number, which some readers take.",
            "The presentation is refused, or bound to another number.",
            SPECIFICATION,
        ),
        (
            "MEMBER",
            BugType::AcceptsInvalid,
            "A member that is missing or of another type.",
            "The two parties read two requests.",
            SPECIFICATION,
        ),
        (
            "VERSION",
            BugType::Incompatible,
            "`ver` says whether identifiers are taken literally. There are 1.0 and 2.0.",
            "Restrictions have another meaning.",
            SPECIFICATION,
        ),
        (
            "NULL_IS_ABSENT",
            BugType::RefusesValid,
            "Many programs write null for what is absent.",
            "Honest requests are refused.",
            SPECIFICATION,
        ),
        (
            "WRAPPED",
            BugType::RefusesValid,
            "A request within something else, as agents' interfaces have it.",
            "A request that asks for nothing is answered.",
            SPECIFICATION,
        ),
        (
            "INTERVAL",
            BugType::AcceptsInvalid,
            "The interval in which a credential must not have been revoked.",
            "Non-revocation is not asked for, or cannot be proved.",
            RFC_0441,
        ),
        (
            "NAME_OR_NAMES",
            BugType::AcceptsInvalid,
            "A referent has either one name or a group of names.",
            "The two parties read two requests.",
            SPECIFICATION,
        ),
        (
            "NAME_TWICE",
            BugType::EdgeCase,
            "An attribute twice in a group. Names compare without blanks and case.",
            "The presentation cannot be checked against the group.",
            SPECIFICATION,
        ),
        (
            "REFERENT",
            BugType::EdgeCase,
            "A referent is any text of the verifier's choice.",
            "Honest requests are refused.",
            SPECIFICATION,
        ),
        (
            "PREDICATE_TYPE",
            BugType::AcceptsInvalid,
            "There are four comparisons.",
            "Another comparison is proved than was asked for.",
            SPECIFICATION,
        ),
        (
            "PREDICATE_VALUE",
            BugType::AcceptsInvalid,
            "The bound is an integer of 32 bits, as a JSON number.",
            "Another bound is proved than was asked for.",
            SPECIFICATION,
        ),
        (
            "RESTRICTION",
            BugType::Incompatible,
            "The forms that restrictions have had: a list of alternatives, an object, operators.",
            "Honest requests are refused, or a restriction is ignored.",
            SPECIFICATION,
        ),
        (
            "MEMBER_TWICE",
            BugType::AcceptsInvalid,
            "A member twice in one object: one reader takes the first, another the last.",
            "The two parties read two requests.",
            "https://www.rfc-editor.org/rfc/rfc8259#section-4",
        ),
        (
            "WRITING",
            BugType::Incompatible,
            "The text of the JSON itself.",
            "The two parties read two requests.",
            "https://www.rfc-editor.org/rfc/rfc8259",
        ),
        (
            "LIMIT",
            BugType::DenialOfService,
            "More than an honest verifier asks for at once.",
            "A holder or a verifier computes for minutes.",
            SPECIFICATION,
        ),
    ] {
        file.note(flag, bug, description, effect, &[link]);
    }
}

/// The request from which the others are made.
fn request() -> Value {
    json!({
        "ver": "1.0",
        "name": "proof of age",
        "version": "1.0",
        "nonce": "746920347813048234237",
        "requested_attributes": {"name": {"name": "name"}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
    })
}

fn given(request: Value) -> Value {
    json!({"input": {"request": request}})
}

fn valid(flag: &str) -> Expect {
    Expect::valid().importance(Importance::Medium).flags(&[flag])
}

fn acceptable(flag: &str) -> Expect {
    Expect::acceptable().importance(Importance::Low).flags(&[flag])
}

fn invalid(flag: &str) -> Expect {
    Expect::invalid(SHAPE).importance(Importance::Medium).flags(&[flag])
}

/// Where a test changes a request, and to what: a JSON pointer, and the value there, or none to
/// remove it.
type Change<'a> = (&'a str, Option<Value>);

/// Adds a test that differs from another in one place.
fn changed(file: &mut File, base: &str, name: &str, comment: &str, expect: Expect, to: Change<'_>) {
    file.altered(base, name, comment, expect, |given| {
        let (pointer, value) = to;
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = given["input"]["request"].pointer_mut(parent).unwrap();
        match value {
            Some(value) => parent[member] = value,
            None => drop(parent.as_object_mut().unwrap().remove(member)),
        }
    });
}
