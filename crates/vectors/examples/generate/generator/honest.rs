//! Honest presentations, from numbers that are the same in every run.

use std::collections::BTreeMap;

use cl::{ChosenCredential, LinkSecret, ProofRequest, prove_with_recorded_randomness};
use proofs::Case;
use proofs::forms::convert_case;
use proofs::kinds::Form;
use serde_json::{Map, Value, json};

use super::issuer::Stream;
use super::parties::Held;

/// Returns a request. Its nonce, of 80 bits, depends on `name`.
pub fn request(name: &str, attributes: Value, predicates: Value) -> Value {
    json!({
        "ver": "1.0",
        "name": name,
        "version": "1.0",
        "nonce": Stream::new(format!("nonce {name}")).bits(80).to_string(),
        "requested_attributes": attributes,
        "requested_predicates": predicates,
    })
}

/// Which credential answers which referents. A referent after `~` is only held, not revealed.
pub type Answers<'a> = &'a [(&'a Held, &'a [&'a str])];

/// Answers a request: `{"input", "public"}` of a test.
pub fn present(request: &Value, answers: Answers<'_>) -> Value {
    present_with(request, answers, &json!({}))
}

/// Does the same as [`present`], with values that the holder states itself, by referent.
pub fn present_with(request: &Value, answers: Answers<'_>, self_attested: &Value) -> Value {
    let chosen: Vec<ChosenCredential<'_>> = answers
        .iter()
        .map(|(held, referents)| {
            let choice = ChosenCredential::new(&held.credential, &held.party.key);
            referents.iter().fold(choice, |choice, referent| match referent.strip_prefix('~') {
                Some(hidden) => choice.hide(hidden),
                None if request["requested_attributes"].get(referent).is_some() => {
                    choice.reveal(*referent)
                }
                None => choice.satisfy(*referent),
            })
        })
        .collect();
    let stated: BTreeMap<String, String> = serde_json::from_value(self_attested.clone()).unwrap();
    let link_secret = LinkSecret::from_decimal(answers[0].0.link_secret).unwrap();
    let mut stream = Stream::new(request.to_string());
    let (presentation, _) = prove_with_recorded_randomness(
        &ProofRequest::from_json(request).unwrap(),
        &chosen,
        &stated,
        &link_secret,
        &mut |_, bits| Some(stream.bits(bits).to_string()),
    )
    .unwrap();
    let [mut schemas, mut cred_defs] = [Map::new(), Map::new()];
    for (held, _) in answers {
        let issuer = &held.party.issuer;
        schemas.insert(issuer.schema_id.clone(), issuer.schema.clone());
        cred_defs.insert(issuer.cred_def_id.clone(), issuer.cred_def.clone());
    }
    given(&json!({
        "presentation_request": request,
        "presentation": presentation,
        "schemas": schemas,
        "cred_defs": cred_defs,
    }))
}

/// The members of a case that are public data.
const PUBLIC: [&str; 5] = ["schemas", "cred_defs", "rev_reg_defs", "rev_regs", "rev_status_lists"];

/// Returns a case as `{"input", "public"}`, with its public data in both forms.
pub fn given(case: &Value) -> Value {
    let parsed: Case = serde_json::from_value(case.clone()).unwrap();
    let mut input = case.as_object().unwrap().clone();
    input.retain(|name, _| !PUBLIC.contains(&name.as_str()));
    let public = |form| {
        let (converted, _) = convert_case(&parsed, form);
        let mut members = serde_json::to_value(converted).unwrap();
        if form == Form::AnonCreds {
            list_entries(&mut members);
        }
        members.as_object_mut().unwrap().retain(|name, _| PUBLIC.contains(&name.as_str()));
        members
    };
    json!({
        "input": input,
        "public": {"indy": public(Form::Indy), "anoncreds": public(Form::AnonCreds)},
    })
}

/// Makes status lists of entries of which only the accumulator is known: nothing had been revoked
/// in them.
fn list_entries(members: &mut Value) {
    let Some(Value::Object(registries)) = members.as_object_mut().unwrap().remove("rev_regs")
    else {
        return;
    };
    let mut lists = Map::new();
    for (id, entries) in registries {
        let definition = &members["rev_reg_defs"][&id];
        let size = definition["value"]["maxCredNum"].as_u64().unwrap();
        let of_registry = entries.as_object().unwrap().iter().map(|(time, entry)| {
            let list = json!({
                "revRegDefId": id,
                "issuerId": definition["issuerId"],
                "revocationList": vec![0; usize::try_from(size).unwrap()],
                "currentAccumulator": entry["value"]["accum"],
                "timestamp": time.parse::<u64>().unwrap(),
            });
            (time.clone(), list)
        });
        lists.insert(id.clone(), Value::Object(of_registry.collect()));
    }
    members["rev_status_lists"] = Value::Object(lists);
}
