//! Findings about the request as a whole, its members, and the names that it asks for.

use proofs::lint::{
    Rule,
    Severity::{Error, Warning},
    lint, lint_json,
};
use serde_json::{Value, json};

use super::{ISSUER, nothing, only, short, sound, with};

#[test]
fn a_text_that_is_not_json_is_one_finding() {
    for text in ["", "{", "nonce", "{\"nonce\": 1e999}", &"[".repeat(1000)] {
        let findings = lint_json(text, None);
        assert_eq!(short(&findings), [("not-json", Error, "")]);
    }
    assert_eq!(short(&lint(&json!([]), None)), [("wrong-type", Error, "")]);
}

#[test]
fn members_that_are_missing_or_of_another_type_are_all_found() {
    assert_eq!(
        short(&lint(&json!({"name": 1, "requested_attributes": []}), None)),
        [
            ("missing-member", Error, "/nonce"),
            ("wrong-type", Error, "/name"),
            ("missing-member", Error, "/version"),
            ("wrong-type", Error, "/requested_attributes"),
        ]
    );
    let request = with(&[
        ("/requested_attributes/given", json!("name")),
        ("/requested_predicates/adult", json!({"restrictions": {"issuer_did": ISSUER}})),
        ("/non_revoked", json!({"from": "now", "to": -1})),
    ]);
    assert_eq!(
        short(&lint(&request, None)),
        [
            ("wrong-type", Error, "/non_revoked/from"),
            ("wrong-type", Error, "/non_revoked/to"),
            ("wrong-type", Error, "/requested_attributes/given"),
            ("missing-member", Error, "/requested_predicates/adult/name"),
            ("missing-member", Error, "/requested_predicates/adult/p_type"),
            ("missing-member", Error, "/requested_predicates/adult/p_value"),
        ]
    );
}

#[test]
fn an_unknown_member_is_named_with_what_was_meant() {
    let finding = only(
        &[("/requested_attribute", json!({}))],
        Rule::UnknownMember,
        Warning,
        "/requested_attribute",
    );
    assert_eq!(finding.remedy, "did you mean \"requested_attributes\"?");
    for (place, meant) in [
        ("/requested_attributes/given/restriction", "restrictions"),
        ("/requested_predicates/adult/p_typ", "p_type"),
        ("/requested_predicates/adult/nonrevoked", "non_revoked"),
    ] {
        let finding = only(&[(place, json!({}))], Rule::UnknownMember, Warning, place);
        assert_eq!(finding.remedy, format!("did you mean {meant:?}?"));
    }
    let finding = only(
        &[("/non_revoked", json!({"until": 5}))],
        Rule::UnknownMember,
        Warning,
        "/non_revoked/until",
    );
    assert_eq!(finding.remedy, "remove it; the members are from, to");
    nothing(&[("/non_revoked", json!({"to": 5}))]);
}

#[test]
fn an_empty_request_asks_for_nothing() {
    only(
        &[("/requested_attributes", json!({})), ("/requested_predicates", json!(null))],
        Rule::EmptyRequest,
        Error,
        "",
    );
    nothing(&[("/requested_attributes", json!({}))]);
    nothing(&[("/requested_predicates", json!(null))]);
}

#[test]
fn a_nonce_is_text_of_digits_with_64_to_80_bits() {
    use Rule::{
        NonceIsNumber, NonceLeadingZeros, NonceLong, NonceNotDecimal, NonceShort, NonceTooLong,
        WrongType,
    };
    let two_to = |power: u32| (1_u128 << power).to_string();
    for (nonce, rule, severity) in [
        (json!("-12343242121200000000000"), NonceNotDecimal, Error),
        (json!("0x1f"), NonceNotDecimal, Error),
        (json!(""), NonceNotDecimal, Error),
        (json!(1.5e30), NonceNotDecimal, Error),
        (json!(true), WrongType, Error),
        (json!("0822341096514423177893041"), NonceLeadingZeros, Error),
        (json!("0"), NonceShort, Warning),
        (json!("9223372036854775807"), NonceShort, Warning),
        (json!(two_to(80)), NonceLong, Warning),
        (json!(u128::MAX.to_string()), NonceLong, Warning),
        (json!("340282366920938463463374607431768211456"), NonceTooLong, Error),
        (json!(u64::MAX), NonceIsNumber, Warning),
    ] {
        only(&[("/nonce", nonce)], rule, severity, "/nonce");
    }
    for nonce in [two_to(63), ((1_u128 << 80) - 1).to_string()] {
        nothing(&[("/nonce", json!(nonce))]);
    }
}

#[test]
fn a_nonce_of_80_bits_that_is_a_number_is_a_warning() {
    let json =
        sound().to_string().replace("\"822341096514423177893041\"", "822341096514423177893041");
    let findings = lint_json(&json, None);
    assert_eq!(short(&findings), [("nonce-is-number", Warning, "/nonce")]);
}

#[test]
fn a_referent_has_one_name_or_a_group_of_different_ones() {
    let given = "/requested_attributes/given";
    let asked = |names: Value| {
        let mut asked = json!({"restrictions": {"issuer_did": ISSUER}});
        for (key, value) in names.as_object().unwrap() {
            asked[key] = value.clone();
        }
        [(given, asked)]
    };
    only(&asked(json!({})), Rule::NoName, Error, given);
    only(&asked(json!({"name": "a", "names": ["b"]})), Rule::NameAndNames, Error, given);
    only(&asked(json!({"name": " "})), Rule::EmptyName, Error, "/requested_attributes/given/name");
    only(
        &asked(json!({"names": []})),
        Rule::EmptyGroup,
        Error,
        "/requested_attributes/given/names",
    );
    only(
        &asked(json!({"names": ["First Name", "sex", "firstname"]})),
        Rule::RepeatedName,
        Error,
        "/requested_attributes/given/names/2",
    );
    only(
        &asked(json!({"names": ["sex", 7]})),
        Rule::WrongType,
        Error,
        "/requested_attributes/given/names/1",
    );
    nothing(&asked(json!({"names": ["First Name", "first_name"]})));
    nothing(&asked(json!({"names": ["name"], "name": null})));
}

#[test]
fn one_referent_for_an_attribute_and_a_predicate_is_doubtful() {
    let predicate = sound()["requested_predicates"]["adult"].clone();
    only(
        &[("/requested_predicates/given", predicate)],
        Rule::SharedReferent,
        Warning,
        "/requested_predicates/given",
    );
}

#[test]
fn an_interval_runs_forwards() {
    for place in [
        "/non_revoked",
        "/requested_attributes/given/non_revoked",
        "/requested_predicates/adult/non_revoked",
    ] {
        only(&[(place, json!({"from": 11, "to": 10}))], Rule::IntervalBackwards, Error, place);
        for forwards in [json!({"from": 10, "to": 10}), json!({"from": 10}), json!({})] {
            nothing(&[(place, forwards)]);
        }
    }
}

#[test]
fn a_request_has_at_most_64_predicates_and_256_kib() {
    let predicates = |count: usize| -> Value {
        let predicate = sound()["requested_predicates"]["adult"].clone();
        (0..count).map(|index| (format!("p{index}"), predicate.clone())).collect()
    };
    nothing(&[("/requested_predicates", predicates(64))]);
    only(
        &[("/requested_predicates", predicates(65))],
        Rule::TooManyPredicates,
        Error,
        "/requested_predicates",
    );
    let filled = |total: usize| {
        let bare = with(&[("/name", json!(""))]).to_string().len();
        with(&[("/name", json!("x".repeat(total - bare)))])
    };
    let spaced = format!("{}{}", filled(256 * 1024), " ".repeat(100));
    assert_eq!(short(&lint_json(&spaced, None)), []);
    let findings = lint_json(&filled(256 * 1024 + 1).to_string(), None);
    assert_eq!(short(&findings), [("too-large", Error, "")]);
}
