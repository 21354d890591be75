//! What a verifier would learn from a presentation.

use proofs::disclosure::{Considered, Disclosure, disclose};
use proofs::{Choice, HeldCredential, HeldCredentials, HeldValue, ProofRequest, encoding};
use serde_json::{Value, json};

const REGISTRY: &str = "VsKV7grR1BUE29mG2Fm2kX:4:VsKV7grR1BUE29mG2Fm2kX:3:CL:13:T:CL_ACCUM:R1";

fn credential(
    schema: &str,
    cred_def: &str,
    registry: Option<&str>,
    values: &[(&str, &str)],
) -> HeldCredential {
    let values = values.iter().map(|(name, raw)| {
        let (raw, encoded) = ((*raw).to_owned(), encoding::encode(raw));
        ((*name).to_owned(), HeldValue { raw, encoded })
    });
    HeldCredential::from_ids(schema, cred_def, registry, values.collect())
}

fn credentials() -> HeldCredentials {
    let alex = credential(
        "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
        None,
        &[("age", "28"), ("height", "175"), ("name", "Alex"), ("sex", "male")],
    );
    let degree = credential(
        "Th7MpTaRZVRYnPiabds81Y:2:degree:2.0",
        "VsKV7grR1BUE29mG2Fm2kX:3:CL:13:T",
        Some(REGISTRY),
        &[("Field of Study", "physics"), ("year", "1999")],
    );
    HeldCredentials::from([("c1".to_owned(), alex), ("c2".to_owned(), degree)])
}

fn request(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "r", "version": "1",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

fn tutorial() -> ProofRequest {
    request(
        json!({"attr1_referent": {"name": "name"}}),
        json!({"predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}),
    )
}

fn of(request: &ProofRequest, choice: &Choice) -> Disclosure {
    disclose(request, choice, &credentials(), &[])
}

fn names(revealed: &Disclosure) -> Vec<&str> {
    let revealed = revealed.credentials.iter().flat_map(|credential| &credential.revealed);
    revealed.map(|revealed| revealed.name.as_str()).collect()
}

#[test]
fn the_tutorials_preview_says_what_is_shown_proved_and_hidden() {
    let choice =
        Choice::default().reveal("attr1_referent", "c1").prove("predicate1_referent", "c1");
    let disclosure = of(&tutorial(), &choice);
    assert_eq!(
        disclosure.to_string(),
        "\
From credential c1 (schema gvt 1.0, issued by VsKV7grR1BUE29mG2Fm2kX):
  shows    name = \"Alex\" (attr1_referent)
  proves   age >= 18 (predicate1_referent)
  hides    age, height, sex
  reveals  credential definition VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1
Every presentation makes issuer and schema known. Nothing in its mathematics links it to another presentation of the same credential; the values that it shows can.
"
    );
    assert_eq!(
        serde_json::to_value(&disclosure).unwrap(),
        json!({
            "credentials": [{
                "credential": "c1",
                "referents": ["attr1_referent", "predicate1_referent"],
                "origin": {
                    "schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
                    "schema_name": "gvt",
                    "schema_version": "1.0",
                    "issuer_did": "VsKV7grR1BUE29mG2Fm2kX",
                    "cred_def_id": "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
                },
                "revealed": [{"name": "name", "raw": "Alex", "referents": ["attr1_referent"]}],
                "proved": [{"name": "age", "p_type": ">=", "p_value": 18, "referent": "predicate1_referent"}],
                "withheld": [],
                "hidden": ["age", "height", "sex"],
            }],
            "self_attested": [],
            "unanswered": [],
        })
    );
}

#[test]
fn an_attribute_revealed_once_counts_as_revealed() {
    let request = request(
        json!({"a": {"name": "Sex"}, "b": {"names": ["SEX", "height"]}, "c": {"name": "sex"}}),
        json!({}),
    );
    let choice = Choice::default().hide("a", "c1").reveal("b", "c1").reveal("c", "c1");
    let disclosure = of(&request, &choice);
    assert_eq!(names(&disclosure), ["height", "sex"]);
    let part = &disclosure.credentials[0];
    assert_eq!(part.revealed[1].referents, ["b", "c"]);
    assert!(part.withheld.is_empty());
    assert_eq!(part.hidden, ["age", "name"]);

    let choice = Choice::default().hide("a", "c1").hide("b", "c1").hide("c", "c1");
    let disclosure = of(&request, &choice);
    assert_eq!(names(&disclosure), [""; 0]);
    assert_eq!(disclosure.credentials[0].hidden, ["age", "height", "name", "sex"]);
    let text = disclosure.to_string();
    assert!(text.contains("  shows    only that there is: sex, height (b)\n"), "{text}");
    assert!(text.ends_with("presentation of the same credential.\n"), "{text}");
}

#[test]
fn each_credential_is_listed_with_its_own_origin_and_referents() {
    let request = request(
        json!({"a": {"name": "name"}, "b": {"name": "field of study"}}),
        json!({"p": {"name": "year", "p_type": "<", "p_value": 2000}}),
    );
    let mut choice = Choice::default().reveal("a", "c1").reveal("b", "c2").prove("p", "c2");
    choice.attributes.get_mut("b").unwrap().timestamp = Some(7);
    choice.predicates.get_mut("p").unwrap().timestamp = Some(7);
    let disclosure = of(&request, &choice);
    assert_eq!(
        disclosure.answers().into_iter().collect::<Vec<_>>(),
        [("a", "c1"), ("b", "c2"), ("p", "c2")]
    );
    let degree = &disclosure.credentials[1];
    assert_eq!(degree.origin.rev_reg_id.as_deref(), Some(REGISTRY));
    assert_eq!(disclosure.credentials[0].origin.rev_reg_id, None);
    let text = degree.to_string();
    assert!(text.contains("  shows    Field of Study = \"physics\" (b)\n"), "{text}");
    assert!(
        text.contains("  proves   that it was not revoked at 1970-01-01T00:00:07Z\n"),
        "{text}"
    );
    assert!(text.contains(&format!("  reveals  revocation registry {REGISTRY}\n")), "{text}");
    assert_eq!(disclosure.credentials.len(), 2);

    // With another moment, the same credential is presented once more.
    choice.predicates.get_mut("p").unwrap().timestamp = Some(8);
    assert_eq!(of(&request, &choice).credentials.len(), 3);
}

#[test]
fn an_interval_is_listed_with_its_referents_and_what_answers_it() {
    let request = ProofRequest::from_value(&json!({
        "nonce": "1", "name": "r", "version": "1",
        "requested_attributes": {
            "a": {"name": "name"},
            "b": {"name": "field of study", "non_revoked": {"from": 10, "to": 20}},
        },
        "requested_predicates": {
            "p": {"name": "age", "p_type": ">=", "p_value": 18},
            "q": {"name": "year", "p_type": "<", "p_value": 2000, "non_revoked": {"to": 20}},
        },
        "non_revoked": {"from": 1_795_824_000, "to": 1_795_824_000},
    }))
    .unwrap();
    let mut choice =
        Choice::default().reveal("a", "c1").prove("p", "c1").reveal("b", "c2").prove("q", "c2");
    let text = of(&request, &choice).to_string();
    for line in [
        "  asked    that it was not revoked at 2026-11-28T00:00:00Z (a, p); it cannot be revoked, and shows nothing \
         about that\n",
        "  asked    that it was not revoked at some time from 1970-01-01T00:00:10Z to 1970-01-01T00:00:20Z (b); no \
         moment is chosen yet for which that is proved\n",
        "  asked    that it was not revoked at some time until 1970-01-01T00:00:20Z (q); no moment is chosen yet",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }

    choice.attributes.get_mut("b").unwrap().timestamp = Some(15);
    choice.predicates.get_mut("q").unwrap().timestamp = Some(15);
    let disclosure = of(&request, &choice);
    let text = disclosure.to_string();
    assert!(
        text.contains("  proves   that it was not revoked at 1970-01-01T00:00:15Z\n"),
        "{text}"
    );
    assert!(text.contains("to 1970-01-01T00:00:20Z (b)\n"), "{text}");
    let json = serde_json::to_value(&disclosure.credentials[1].intervals).unwrap();
    assert_eq!(
        json,
        json!([{"referents": ["b"], "from": 10, "to": 20}, {"referents": ["q"], "to": 20}])
    );
}

#[test]
fn how_many_credentials_were_considered_is_listed() {
    let considered = |referent: &str, candidates, more, credentials| Considered {
        referent: referent.to_owned(),
        candidates,
        more,
        credentials,
    };
    let disclosure = Disclosure {
        considered: vec![
            considered("a", 1, false, 1),
            considered("b", 1, false, 2),
            considered("c", 0, false, 7),
            considered("d", 32, true, 1000),
        ],
        ..Disclosure::default()
    };
    assert_eq!(
        disclosure.to_string(),
        "Candidates:
  a: 1 of 1 credential
  b: 1 of 2 credentials; 1 is excluded
  c: 0 of 7 credentials; 7 are excluded
  d: more than 32 of 1000 credentials
"
    );
}

#[test]
fn self_attested_texts_are_listed_apart() {
    let request = request(json!({"phone": {"name": "Phone"}}), json!({}));
    let disclosure = of(&request, &Choice::default().self_attest("phone", "555\u{1b}[1m"));
    assert_eq!(
        disclosure.to_string(),
        "In your own words, for which no one vouches:\n  states   Phone = \"555\\u{1b}[1m\" (phone)\n"
    );
    assert!(disclosure.credentials.is_empty() && disclosure.unanswered.is_empty());
}

#[test]
fn unanswered_referents_are_listed_with_the_reason() {
    let request = request(
        json!({"a": {"name": "name"}, "b": {"name": "name"}, "c": {"name": "iban"}, "d": {"name": "name"}}),
        json!({"p": {"name": "age", "p_type": ">=", "p_value": 99}, "q": {"name": "age", "p_type": ">", "p_value": 1}}),
    );
    let choice = Choice::default().reveal("b", "lost").reveal("c", "c1").reveal("d", "c1");
    let reasons = [("p", "all are too young"), ("d", "answered after all")]
        .map(|(referent, reason)| (referent.to_owned(), reason.to_owned()));
    let disclosure = disclose(&request, &choice, &credentials(), &reasons);
    let open: Vec<_> = disclosure
        .unanswered
        .iter()
        .map(|open| (open.referent.as_str(), open.reason.as_str()))
        .collect();
    assert_eq!(
        open,
        [
            ("a", "no credential was chosen for it"),
            ("b", "there is no credential `lost`"),
            ("c", "the credential `c1` has no attribute `iban`"),
            ("p", "all are too young"),
            ("q", "no credential was chosen for it"),
        ]
    );
    assert_eq!(disclosure.credentials[0].referents, ["d"]);
    let text = disclosure.to_string();
    assert!(text.contains("Not answered:\n  a: no credential was chosen for it\n"), "{text}");
}

#[test]
fn unrequested_answers_are_not_disclosed() {
    let choice = Choice::default()
        .reveal("attr1_referent", "c1")
        .prove("predicate1_referent", "c1")
        .reveal("x", "c2")
        .self_attest("y", "z");
    let disclosure = of(&tutorial(), &choice);
    assert_eq!(disclosure.credentials.len(), 1);
    assert!(disclosure.self_attested.is_empty());
}
