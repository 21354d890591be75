//! Findings about the values of restrictions.

use proofs::lint::{
    Rule,
    Severity::{Error, Warning},
};
use serde_json::json;

use super::{ISSUER, RESTRICTIONS, nothing, only};

#[test]
fn a_value_that_no_credential_has_is_an_error() {
    for (tag, value) in [
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat: 3:CL: 612:Person"),
        ("cred_def_id", "<cred_def_id>"),
        ("cred_def_id", ""),
        ("issuer_did", "QEquAHkM35w4XVT3Ku5y"),
        ("issuer_id", "QEquAHkM35w4"),
        ("issuer_did", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person"),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat%3A3%3ACL%3A612%3APerson"),
    ] {
        let place = format!("{RESTRICTIONS}/{tag}");
        only(&[(RESTRICTIONS, json!({tag: value}))], Rule::ImpossibleValue, Error, &place);
        let list = json!([{tag: value}]);
        let place = format!("{RESTRICTIONS}/0/{tag}");
        only(&[(RESTRICTIONS, list)], Rule::ImpossibleValue, Error, &place);
        let list = json!({tag: {"$in": [value]}});
        let place = format!("{RESTRICTIONS}/{tag}");
        only(&[(RESTRICTIONS, list)], Rule::ImpossibleValue, Error, &place);
    }
    for (tag, value) in [
        ("schema_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person"),
        ("schema_id", "string"),
        ("schema_name", "TODO"),
        ("schema_version", " "),
        ("schema_issuer_did", "xxxxxxxx"),
        ("rev_reg_id", "<rev_reg_id>"),
    ] {
        let place = format!("{RESTRICTIONS}/{tag}");
        let asked = json!({"issuer_did": ISSUER, tag: value});
        let finding = only(&[(RESTRICTIONS, asked)], Rule::ImpossibleValue, Error, &place);
        assert!(finding.found.contains(tag), "{}", finding.found);
    }
}

#[test]
fn beside_an_alternative_it_is_a_warning() {
    for (written, below) in [
        (json!([{"issuer_did": ISSUER}, {"issuer_did": "<did>"}]), "1/issuer_did"),
        (json!({"issuer_did": {"$in": [ISSUER, ISSUER.trim_end_matches("kX")]}}), "issuer_did"),
        (json!({"issuer_did": ISSUER, "$not": {"schema_id": "TODO"}}), "$not/schema_id"),
        (json!({"issuer_did": ISSUER, "schema_id": {"$neq": ISSUER}}), "schema_id"),
    ] {
        let place = format!("{RESTRICTIONS}/{below}");
        only(&[(RESTRICTIONS, written)], Rule::ImpossibleValue, Warning, &place);
    }
}

#[test]
fn a_value_that_hardly_any_credential_has_is_a_warning() {
    for (tag, value) in
        [("schema_name", "gvt "), ("cred_def_id", "QEquAHkM35w4XVT3Ku5ya:3:CL:612:Person")]
    {
        let place = format!("{RESTRICTIONS}/{tag}");
        let asked = json!({"issuer_did": ISSUER, tag: value});
        only(&[(RESTRICTIONS, asked)], Rule::DoubtfulValue, Warning, &place);
    }
}

/// Three of a hundred DIDs have 21 characters; alone, one that could be one of 22 without its last
/// is taken for that.
#[test]
fn a_did_that_was_probably_cut_is_an_error() {
    let place = format!("{RESTRICTIONS}/issuer_did");
    let cut = json!({"issuer_did": "QEquAHkM35w4XVT3Ku5ya"});
    only(&[(RESTRICTIONS, cut)], Rule::DoubtfulValue, Error, &place);
    nothing(&[(RESTRICTIONS, json!({"issuer_did": "zyxwvutsrqponmkjihgfe"}))]);
}

#[test]
fn what_agents_send_is_taken_as_it_is() {
    for restrictions in [
        json!([{"cred_def_id": "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person"}]),
        json!([{"issuer_id": ISSUER, "schema_issuer_id": ISSUER}]),
        json!([{"issuer_did": ISSUER, "schema_name": "Driver License", "schema_version": "1.0"}]),
        json!([{"issuer_did": ISSUER, "schema_id": null, "attr::name::value": "TODO"}]),
        json!([{"cred_def_id": "QEquAHkM35w4XVT3Ku5yat:3:CL:612:revocable tag"}]),
        json!([{"issuer_id": "https://example.org/issuers/1"}]),
    ] {
        nothing(&[(RESTRICTIONS, restrictions)]);
    }
}
