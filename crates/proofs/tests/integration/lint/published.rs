//! Requests in the form in which the field's own documentation shows them: no error is found in
//! any.

use proofs::lint::{Severity, lint};
use serde_json::{Value, json};

/// Returns requests with where such ones are shown.
fn published() -> Vec<(&'static str, Value)> {
    vec![
        (
            "the tutorial, getting started: the job application",
            json!({
                "nonce": "1432422343242122312411212", "name": "Job-Application", "version": "0.1",
                "requested_attributes": {
                    "attr1_referent": {"name": "first_name"},
                    "attr2_referent": {"name": "last_name"},
                    "attr3_referent": {"name": "degree",
                        "restrictions": [{"cred_def_id": "SuFYotrMdHzsdrfABTrFyg:3:CL:12:TAG1"}]},
                    "attr4_referent": {"name": "status",
                        "restrictions": [{"cred_def_id": "SuFYotrMdHzsdrfABTrFyg:3:CL:12:TAG1"}]},
                    "attr6_referent": {"name": "phone_number"}
                },
                "requested_predicates": {"predicate1_referent": {
                    "name": "average", "p_type": ">=", "p_value": 4,
                    "restrictions": [{"cred_def_id": "SuFYotrMdHzsdrfABTrFyg:3:CL:12:TAG1"}]}}
            }),
        ),
        (
            "the specification of AnonCreds 1.0: a group, a predicate, an interval",
            json!({
                "nonce": "168240505120030101", "name": "Proof of Education", "version": "1.0",
                "requested_attributes": {
                    "0_degree_uuid": {"names": ["name", "date", "degree"],
                        "restrictions": [{"schema_name": "degree schema"}]},
                    "0_self_attested_thing_uuid": {"name": "self_attested_thing"},
                    "non_revoc_attr": {"name": "timestamp",
                        "restrictions": [{"cred_def_id": "7BPMqYgYLQni258J8JPS8K:3:CL:46:faber.agent"}],
                        "non_revoked": {"from": 1_571_590_100, "to": 1_571_599_100}}
                },
                "requested_predicates": {"0_age_GE_uuid": {
                    "name": "birthdate_dateint", "p_type": "<=", "p_value": 20_030_101,
                    "restrictions": [{"schema_name": "degree schema"}]}}
            }),
        ),
        (
            "ACA-Py's demo: Faber asks Alice",
            json!({
                "name": "Proof of Education", "version": "1.0", "nonce": "822341096514423177893041",
                "requested_attributes": {
                    "0_name_uuid": {"name": "name", "restrictions": [{"schema_name": "degree schema"}]},
                    "0_date_uuid": {"name": "date", "restrictions": [{"schema_name": "degree schema"}],
                        "non_revoked": null}
                },
                "requested_predicates": {"0_birthdate_dateint_GE_uuid": {
                    "name": "birthdate_dateint", "p_type": "<=", "p_value": 20_030_101,
                    "restrictions": [{"schema_name": "degree schema"}]}},
                "non_revoked": {"to": 1_700_000_000}
            }),
        ),
        (
            "Credo's documentation: opaque identifiers, both tags of AnonCreds 1.0",
            json!({
                "name": "proof-request", "version": "1.0", "nonce": "298302625465197131914", "ver": "2.0",
                "requested_attributes": {"name": {"name": "name", "restrictions": [{
                    "cred_def_id": "did:cheqd:testnet:d37eba59-513d-42d3-8f9f-d1df0548b675/resources/a7b2e6a1-5a0f-4a17-a6f5-1d0e0d2b3c4d",
                    "issuer_id": "did:cheqd:testnet:d37eba59-513d-42d3-8f9f-d1df0548b675",
                    "schema_issuer_id": "did:cheqd:testnet:d37eba59-513d-42d3-8f9f-d1df0548b675"}]}},
                "requested_predicates": {"age": {"name": "age", "p_type": ">", "p_value": 17,
                    "restrictions": [{"schema_version": "1.0"}]}}
            }),
        ),
        (
            "RFC 0441: an interval of one moment for a referent",
            json!({
                "name": "proof_req", "version": "0.1", "nonce": "123432421212",
                "requested_attributes": {"legalname": {"name": "legalName",
                    "restrictions": [{"issuer_did": "LjgpST2rjsoxYegQDRm7EL"}],
                    "non_revoked": {"from": 1_585_346_562, "to": 1_585_346_562}}},
                "requested_predicates": {}
            }),
        ),
        (
            "libindy's design: restrictions with operators",
            json!({
                "name": "pol", "version": "0.1", "nonce": "123432421212",
                "requested_attributes": {"info": {"names": ["name", "surname"], "restrictions": {"$or": [
                    {"schema_id": "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0", "attr::name::value": "Alex"},
                    {"$not": {"issuer_did": {"$in": ["VsKV7grR1BUE29mG2Fm2kX", "LjgpST2rjsoxYegQDRm7EL"]}},
                     "attr::name::marker": "1"}]}}}
            }),
        ),
    ]
}

#[test]
fn no_error_is_found_in_what_the_field_shows() {
    for (source, request) in published() {
        let findings = lint(&request, None);
        let errors: Vec<_> =
            findings.listed.iter().filter(|one| one.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{source}: {errors:#?}");
    }
}
