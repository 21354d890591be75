//! Each leaf of a valid request and presentation, changed once: never verified, but for leaves of
//! no meaning.

use proofs::{Case, EngineSet, Engines, Policy, Verdict, explain};
use serde_json::Value;

use super::cases::*;

/// Leaves that carry no meaning for a verifier, each with the reason.
type Meaningless = &'static [(&'static str, &'static str)];

const TITLE: [(&str, &str); 2] = [
    (
        "/presentation_request/name",
        "a title for people; the nonce is what binds an answer to the request",
    ),
    ("/presentation_request/version", "part of the title"),
];

#[test]
fn one_credential_altered_is_rejected() {
    assert_all_rejected(ONE, verdict, &[]);
}

#[test]
fn two_credentials_altered_are_rejected() {
    assert_all_rejected(
        TWO,
        verdict,
        &[
            (
                "/presentation/requested_proof/self_attested_attrs/phone",
                "the prover's own word, of which nothing is proved",
            ),
            (
                "/presentation_request/requested_attributes/phone/name",
                "what the prover's own word is about; nothing is proved of it",
            ),
            (
                "/presentation_request/requested_attributes/graduate/restrictions/1/schema_name",
                "one of two alternatives, and the other one holds",
            ),
        ],
    );
}

#[test]
fn altered_operators_are_rejected() {
    assert_all_rejected(
        OPERATORS,
        verdict,
        &[
            (
                "/presentation_request/requested_attributes/name/restrictions/$and/0/$or/0/issuer_did",
                "one of two alternatives, and the other one holds",
            ),
            (
                "/presentation_request/requested_attributes/name/restrictions/$and/1/$not/schema_name",
                "what the credential must not be: it is neither of both",
            ),
            (
                "/presentation_request/requested_attributes/name/restrictions/$and/2/schema_version/$in/1",
                "one of two values, and the credential has the other one",
            ),
            (
                "/presentation_request/requested_attributes/name/restrictions/$and/3/schema_issuer_did/$neq",
                "what the credential must not be: it is neither of both",
            ),
            (
                "/presentation_request/requested_predicates/tall/restrictions/attr::sex::value/$in/1",
                "one of two values, and the credential has the other one",
            ),
        ],
    );
}

#[test]
fn an_altered_revocable_credential_is_rejected() {
    let library = Accepts::proof_of(&case(REVOCABLE));
    let verdict = |case: &Case| {
        let policy = Policy { engines: Engines::IndyCredx, ..Policy::default() };
        explain(case, &policy, EngineSet { library: Some(&library), ..EngineSet::default() }, None)
    };
    assert_all_rejected(
        REVOCABLE,
        verdict,
        &[
            (
                "/presentation_request/non_revoked/from",
                "one second later the timestamp is still within",
            ),
            (
                "/presentation_request/non_revoked/to",
                "one second later the timestamp is still within",
            ),
            (
                "/presentation_request/requested_predicates/adult/non_revoked/to",
                "one second later the timestamp is still within",
            ),
        ],
    );
}

/// Changes each leaf once, and asserts that exactly the meaningless ones leave the case verified.
fn assert_all_rejected(json: &str, verdict: impl Fn(&Case) -> Verdict, meaningless: Meaningless) {
    let mut case = case(json);
    assert!(verdict(&case).verified());
    let mut verified = Vec::new();
    let mut number = 0;
    for (part, of) in
        [("presentation_request", part_request as Part), ("presentation", part_presentation)]
    {
        let mut pointers = Vec::new();
        leaves(of(&mut case), String::new(), &mut pointers);
        number += pointers.len();
        for pointer in pointers {
            let leaf = at(of(&mut case), &pointer);
            let original = leaf.clone();
            *leaf = changed(&original);
            if verdict(&case).verified() {
                verified.push(format!("/{part}{pointer}"));
            }
            *at(of(&mut case), &pointer) = original;
        }
    }
    assert!(number > 1_500, "only {number} leaves were changed");
    let mut expected: Vec<&str> =
        TITLE.iter().chain(meaningless).map(|(pointer, _)| *pointer).collect();
    expected.sort_unstable();
    verified.sort_unstable();
    assert_eq!(verified, expected, "verified all the same (left), of no meaning (right)");
}

type Part = fn(&mut Case) -> &mut Value;

fn part_request(case: &mut Case) -> &mut Value {
    &mut case.presentation_request
}

fn part_presentation(case: &mut Case) -> &mut Value {
    &mut case.presentation
}

fn leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(member, format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{pointer}/{index}"), found);
            }
        }
        _ => found.push(pointer),
    }
}

/// Another value of the same type where there is one: the next number, a digit or a letter more.
fn changed(leaf: &Value) -> Value {
    match leaf {
        Value::Null => "x".into(),
        Value::Bool(value) => (!value).into(),
        Value::Number(number) => match number.as_u64() {
            Some(255) => 0.into(),
            Some(number) => (number + 1).into(),
            None => 0.into(),
        },
        Value::String(text) => {
            let is_number = text.strip_prefix('-').unwrap_or(text).parse::<f64>().is_ok();
            let mut text = text.clone();
            match text.pop() {
                Some(last) if is_number && last.is_ascii_digit() => {
                    let next = (last as u8 - b'0' + 1) % 10;
                    text.push(char::from(b'0' + next));
                }
                last => {
                    text.extend(last);
                    text.push('x');
                }
            }
            text.into()
        }
        Value::Array(_) | Value::Object(_) => unreachable!("not a leaf"),
    }
}
