//! Does a restriction hold for these facts of a credential?

use proofs::{CredentialFacts, RequestVersion, Restriction, Tags};
use serde_json::{Value, json};

use super::super::Answer;

/// Answers as a holder's search does.
pub(super) fn answer(input: &Value) -> Answer {
    let restriction = match Restriction::parse(&input["restriction"]) {
        Ok(restriction) => restriction,
        Err(error) => return Answer::failed("restriction", error.to_string()),
    };
    let version = input["version"].as_str().and_then(RequestVersion::parse);
    let (Some(facts), Some(version)) = (facts(&input["credential"]), version) else {
        return Answer::unsupported("the credential or the version cannot be read");
    };
    let tags = Tags::from(facts);
    let holds = restriction.is_none_or(|restriction| restriction.matches(&tags, version));
    Answer::computed(json!({"holds": holds}))
}

fn facts(credential: &Value) -> Option<CredentialFacts> {
    let text = |name: &str| credential[name].as_str().map(str::to_owned);
    Some(CredentialFacts {
        schema_id: text("schema_id")?,
        schema_issuer_did: text("schema_issuer_did"),
        schema_name: text("schema_name"),
        schema_version: text("schema_version"),
        issuer_did: text("issuer_did"),
        cred_def_id: text("cred_def_id")?,
        rev_reg_id: text("rev_reg_id"),
        attributes: serde_json::from_value(credential["attributes"].clone()).ok()?,
    })
}
