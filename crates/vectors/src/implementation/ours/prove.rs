//! From given random numbers, a prover makes exactly this presentation.

use std::collections::BTreeMap;
use std::error::Error;

use cl::{
    ChosenCredential, Credential, LinkSecret, ProofRequest, ProvingKey, PublicKey,
    prove_with_recorded_randomness,
};
use serde_json::{Value, json};

use super::super::Answer;

/// Answers with the presentation, and the numbers on the way to it.
pub(super) fn answer(input: &Value) -> Answer {
    match prove(input) {
        Ok(made) => Answer::computed(made),
        Err(error) => Answer::invalid(error.to_string()),
    }
}

fn prove(input: &Value) -> Result<Value, Box<dyn Error>> {
    let list = |name: &str| input[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let keys: Vec<ProvingKey> = list("issuers")
        .iter()
        .map(|issuer| {
            let key = PublicKey::from_credential_definition(&issuer["credential_definition"])?;
            Ok(ProvingKey::new(&key)?)
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let credentials: Vec<Credential> =
        list("credentials").iter().map(Credential::from_json).collect::<Result<_, _>>()?;
    let mut chosen = Vec::new();
    for ((credential, key), answers) in credentials.iter().zip(&keys).zip(list("answers")) {
        let mut choice = ChosenCredential::new(credential, key);
        for (referent, reveal) in answers["attributes"].as_object().into_iter().flatten() {
            choice = match reveal.as_bool() {
                Some(true) => choice.reveal(referent),
                _ => choice.hide(referent),
            };
        }
        for referent in answers["predicates"].as_array().into_iter().flatten() {
            choice = choice.satisfy(referent.as_str().unwrap_or_default());
        }
        chosen.push(choice);
    }
    let self_attested: BTreeMap<String, String> =
        serde_json::from_value(input["self_attested"].clone())?;
    let (presentation, trace) = prove_with_recorded_randomness(
        &ProofRequest::from_json(&input["request"])?,
        &chosen,
        &self_attested,
        &LinkSecret::from_decimal(input["link_secret"].as_str().unwrap_or_default())?,
        &mut |name, _| Some(input["random"][name].as_str()?.to_owned()),
    )?;
    Ok(json!({"presentation": presentation, "trace": trace}))
}
