//! Any response that is altered in one place is refused, except in places that carry no meaning.
//!
//! All leaves, all members, and all elements of lists of the credit-card response are altered: by a
//! party that cannot sign, and by the holder, which signs again what it has altered.

use std::collections::BTreeSet;

use super::*;
use serde_json::{Number, json};

/// An alteration of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Alteration {
    /// The leaf gets another value of the same kind.
    Changed,
    /// The leaf gets a value that is often valid there, another date or DID or id.
    Plausible,
    /// The member or element is taken away.
    Removed,
    /// The element occurs twice.
    Doubled,
}

/// A JSON pointer, and the alteration there.
type Altered = (String, Alteration);

/// Returns all alterations of a document.
fn alterations(document: &Value) -> Vec<Altered> {
    let mut all = Vec::new();
    gather(document, String::new(), &mut all);
    all
}

fn gather(value: &Value, pointer: String, all: &mut Vec<Altered>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            let escaped = |name: &String| name.replace('~', "~0").replace('/', "~1");
            members.iter().map(|(name, value)| (escaped(name), value)).collect()
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => {
            all.push((pointer.clone(), Alteration::Changed));
            all.push((pointer, Alteration::Plausible));
            return;
        }
    };
    for (name, child) in children {
        let place = format!("{pointer}/{name}");
        all.push((place.clone(), Alteration::Removed));
        if value.is_array() {
            all.push((place.clone(), Alteration::Doubled));
        }
        gather(child, place, all);
    }
}

/// Returns the document with one place altered; `None` if that changes nothing.
fn altered(document: &Value, (pointer, alteration): &Altered) -> Option<Value> {
    let mut copy = document.clone();
    let (parent, name) = pointer.rsplit_once('/')?;
    match alteration {
        Alteration::Changed => {
            let leaf = copy.pointer_mut(pointer)?;
            *leaf = changed(leaf);
        }
        Alteration::Plausible => {
            let leaf = copy.pointer_mut(pointer)?;
            *leaf = plausible(leaf)?;
        }
        Alteration::Removed => match copy.pointer_mut(parent)? {
            Value::Object(members) => {
                members.remove(&name.replace("~1", "/").replace("~0", "~"));
            }
            Value::Array(elements) => {
                elements.remove(name.parse().ok()?);
            }
            _ => return None,
        },
        Alteration::Doubled => {
            let elements = copy.pointer_mut(parent)?.as_array_mut()?;
            let index: usize = name.parse().ok()?;
            elements.insert(index, elements.get(index)?.clone());
        }
    }
    (copy != *document).then_some(copy)
}

fn changed(leaf: &Value) -> Value {
    match leaf {
        Value::Null => json!(0),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_u64().map_or(Number::from(1), |n| (n + 1).into())),
        Value::String(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            match letters.last_mut() {
                Some(last) => *last = if *last == 'A' { 'B' } else { 'A' },
                None => letters.push('A'),
            }
            json!(letters.into_iter().collect::<String>())
        }
        other => other.clone(),
    }
}

/// Returns another value of the same kind that keeps the rules of shape.
fn plausible(leaf: &Value) -> Option<Value> {
    let text = leaf.as_str()?;
    let other = if text.parse::<DateTime<Utc>>().is_ok() {
        "2019-08-25T09:09:00Z".to_owned()
    } else if text.ends_with("#key-1") {
        text.replace("#key-1", "#key-2")
    } else if text.starts_with("did:") {
        credit_card::OTHER_ISSUER.to_owned()
    } else if text.len() == 36 && text.contains('-') {
        format!("{}0123", text.get(..32)?)
    } else if text == "Ed25519VerificationKey2018" {
        "JcsEd25519Signature2020".to_owned()
    } else {
        format!("{text}0")
    };
    Some(other.into())
}

/// Returns the places whose alteration is accepted, with numbers as `*`.
async fn accepted(
    request: &Received<ProofRequest>,
    responses: impl Iterator<Item = (Altered, Value)>,
) -> BTreeSet<Altered> {
    let verifier = ExchangeVerifier::new(resolver());
    let mut accepted = BTreeSet::new();
    for ((pointer, alteration), response) in responses {
        let verdict = verifier.explain(request, &bytes(&response), now()).await;
        if verdict.verified() {
            let steps = pointer.split('/').map(|step| match step.parse::<usize>() {
                Ok(_) => "*",
                Err(_) => step,
            });
            accepted.insert((steps.collect::<Vec<_>>().join("/"), alteration));
        }
    }
    accepted
}

fn expected(places: &[(&str, Alteration)]) -> BTreeSet<Altered> {
    let places = places.iter();
    places.map(|(pointer, alteration)| ((*pointer).to_owned(), *alteration)).collect()
}

#[tokio::test]
async fn a_response_altered_in_one_place_is_refused() {
    let request = request().await;
    let response = response(&request).await;
    let all = alterations(&response);
    assert!(all.len() > 1000, "{} alterations", all.len());
    let altered =
        all.into_iter().filter_map(|place| Some((place.clone(), altered(&response, &place)?)));
    let accepted = accepted(&request, altered).await;
    let meaningless = [
        // the date of the holder's signature of type Ed25519VerificationKey2018 is not signed; it
        // is checked not to lie in the future, and used for nothing else
        ("/proof/*/created", Alteration::Plausible),
        // the same signature twice is that signature
        ("/proof/*", Alteration::Doubled),
    ];
    assert_eq!(accepted, expected(&meaningless));
}

#[tokio::test]
async fn a_credential_altered_by_the_holder_is_refused() {
    let request = request().await;
    let whole = credit_card::unsigned_response(&request).await;
    let mut responses = Vec::new();
    for place in alterations(&whole) {
        if let Some(mut response) = altered(&whole, &place) {
            credit_card::sign(&mut response).await;
            responses.push((place, response));
        }
    }
    let accepted = accepted(&request, responses.into_iter()).await;
    let of_presentation = |member: &str| format!("/FulfilledCriteria/*/Presentations/*{member}");
    let of_attribute = |member: &str| {
        of_presentation(&format!("/verifiableCredential/*/credentialSubjects/*{member}"))
    };
    let (context, created, id, kind) = (
        of_presentation("/@context/*"),
        of_presentation("/created"),
        of_presentation("/id"),
        of_presentation("/type/*"),
    );
    let (attribute, proof, proof_created) =
        (of_attribute(""), of_attribute("/proof/*"), of_attribute("/proof/*/created"));
    let meaningless = [
        // the holder chooses the ids of what it makes
        ("/id", Alteration::Changed),
        ("/id", Alteration::Plausible),
        (&*id, Alteration::Changed),
        (&id, Alteration::Plausible),
        // and when it makes it, between the request and the response
        (&created, Alteration::Plausible),
        // a criterion without `min` asks for one credential, as one with `min: 1` does
        ("/FulfilledCriteria/*/Criterion/min", Alteration::Removed),
        // its signature is of JSON, where contexts and types of a presentation are only text
        (&context, Alteration::Changed),
        (&context, Alteration::Plausible),
        (&context, Alteration::Doubled),
        (&kind, Alteration::Doubled),
        // an optional attribute is shown only if the holder chooses to
        (&attribute, Alteration::Removed),
        // the date of an issuer's signature of type Ed25519VerificationKey2018 is not signed; what
        // counts is the date of issuance, which is
        (&proof_created, Alteration::Plausible),
        // the same signature twice is that signature
        (&proof, Alteration::Doubled),
    ];
    assert_eq!(accepted, expected(&meaningless));
}
