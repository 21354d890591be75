//! Which credentials of a wallet answer a request?

use std::collections::BTreeMap;

use proofs::encoding::integer;
use proofs::names::fold;
use proofs::{CredentialFacts, ProofRequest, Restriction, Tags};
use serde_json::{Map, Value, json};

use super::super::Answer;

/// A credential as the search sees it.
struct Held {
    id: String,
    tags: Tags,
    /// What predicates compare, by folded name.
    encoded: BTreeMap<String, i32>,
}

/// Answers with the candidates for each referent.
pub(super) fn answer(input: &Value) -> Answer {
    let request = match ProofRequest::from_value(&input["request"]) {
        Ok(request) => request,
        Err(error) => return Answer::failed("request-shape", error.to_string()),
    };
    let held: Option<Vec<Held>> =
        input["credentials"].as_array().into_iter().flatten().map(held).collect();
    let Some(held) = held else {
        return Answer::unsupported("a credential cannot be read");
    };
    let attributes = request.requested_attributes.keys();
    let mut candidates = Map::new();
    for referent in attributes.chain(request.requested_predicates.keys()) {
        let extra = match Restriction::parse(&input["extra"][referent]) {
            Ok(extra) => extra,
            Err(error) => return Answer::failed("restriction", error.to_string()),
        };
        // the referent is one of the request
        let Some(query) = request.query(referent, extra) else { continue };
        let mut ids: Vec<&str> = held
            .iter()
            .filter(|held| {
                query.matches(&held.tags, request.ver, |name| held.encoded.get(name).copied())
            })
            .map(|held| held.id.as_str())
            .collect();
        ids.sort_unstable();
        candidates.insert(referent.clone(), json!(ids));
    }
    Answer::computed(json!({"candidates": candidates}))
}

fn held(credential: &Value) -> Option<Held> {
    let text = |name: &str| credential[name].as_str();
    let values = credential["values"].as_object()?;
    let raw =
        values.iter().filter_map(|(name, value)| Some((name.clone(), value["raw"].as_str()?)));
    let facts = CredentialFacts::from_ids(
        text("schema_id")?,
        text("cred_def_id")?,
        text("rev_reg_id"),
        raw,
    );
    let encoded = values
        .iter()
        .filter_map(|(name, value)| Some((fold(name), integer(value["encoded"].as_str()?)?)));
    Some(Held { id: text("id")?.to_owned(), tags: Tags::from(facts), encoded: encoded.collect() })
}
