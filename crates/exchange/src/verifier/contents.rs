//! Whether the credentials are those that were asked for.

use std::collections::BTreeSet;

use proofs::verdict::Failure;
use serde_json::Value;

use super::read::{Answer, Read, Shown};
use crate::message::{Criterion, VerifiableCredential, Wanted};

/// `issuers`.
pub(super) fn issuers(read: &Read<'_>) -> Vec<Failure> {
    each_credential(read, |shown, asked| {
        let issuer = &shown.message.issuer_did;
        if asked.issuers.dids.contains(issuer) {
            return Vec::new();
        }
        let failure = Failure::new(
            format!("an issuer among {}", asked.issuers.dids.join(", ")),
            issuer,
            "answer with a credential of an issuer that the criterion names",
        );
        vec![failure.about(format!("{}/issuerDid", shown.pointer))]
    })
}

/// `schema-or-type`.
pub(super) fn schema_or_type(read: &Read<'_>) -> Vec<Failure> {
    each_credential(read, |shown, asked| {
        let remedy = "answer with a credential of the kind that the criterion asks for";
        let credential = shown.message;
        match &asked.wanted {
            Wanted::Schema(id) if credential.schema_id.as_ref() == Some(id) => Vec::new(),
            Wanted::Schema(id) => {
                let got = match &credential.schema_id {
                    Some(got) => format!("a credential of the schema {got}"),
                    None => "a credential without a schema".to_owned(),
                };
                let failure = Failure::new(format!("a credential of the schema {id}"), got, remedy);
                vec![failure.about(format!("{}/schemaId", shown.pointer))]
            }
            Wanted::LinkedData { context, kind } if is_of(credential, context, kind) => Vec::new(),
            Wanted::LinkedData { context, kind } => {
                let contexts: Vec<String> =
                    credential.context.iter().map(Value::to_string).collect();
                let failure = Failure::new(
                    format!("a credential of the context {context} and the type {kind}"),
                    format!(
                        "one of the contexts {} and the types {}",
                        contexts.join(", "),
                        credential.types.join(", ")
                    ),
                    remedy,
                );
                vec![failure.about(&shown.pointer)]
            }
        }
    })
}

fn is_of(credential: &VerifiableCredential, context: &str, kind: &str) -> bool {
    let is_context = |value: &Value| value.as_str() == Some(context);
    credential.context.iter().any(is_context) && credential.types.iter().any(|had| had == kind)
}

/// `attributes`, of the credentials with signed attributes.
pub(super) fn attributes(read: &Read<'_>) -> Vec<Failure> {
    each_credential(read, |shown, asked| {
        let mut seen = BTreeSet::new();
        let mut failures = Vec::new();
        for (pointer, attribute) in shown.attributes() {
            let key = &*attribute.key;
            if !asked.properties.iter().any(|property| property.name == key) {
                let failure = Failure::new(
                    "attributes that the criterion asks for, and no other",
                    format!("{key:?}"),
                    "leave out what was not asked for",
                );
                failures.push(failure.about(&pointer));
            }
            seen.insert(key);
        }
        let missing = asked.required().filter(|name| !seen.contains(name));
        failures.extend(missing.map(|name| {
            Failure::new(
                format!("the attribute {name:?}"),
                "a credential that does not show it",
                "show all attributes that the criterion requires, from one credential",
            )
            .about(format!("{}/credentialSubjects", shown.pointer))
        }));
        failures
    })
}

/// `subject`: the same throughout, and the holder.
pub(super) fn subject(read: &Read<'_>) -> Vec<Failure> {
    let holder = read.holder();
    let entries = read.credentials().flat_map(Shown::attributes);
    let others = entries.filter(|(_, attribute)| {
        let is_holder = holder
            .as_ref()
            .map(|holder| holder.as_str() == attribute.id);
        is_holder != Some(true)
    });
    let failures = others.map(|(pointer, attribute)| {
        let expected = match &holder {
            Some(holder) => format!("an attribute of {holder}, whose key signs the response"),
            None => "an attribute of the holder, whose key signs the response".to_owned(),
        };
        Failure::new(
            expected,
            format!("one of {}", attribute.id),
            "sign the response with a key of the DID that the credentials are about",
        )
        .about(format!("{pointer}/id"))
    });
    failures.collect()
}

/// `count`, of the credentials with signed attributes.
pub(super) fn count(read: &Read<'_>) -> Vec<Failure> {
    let answers = read.asked().filter(|(answer, _)| !answer.is_cl());
    let failures = answers.filter_map(|(answer, asked)| {
        let ids: BTreeSet<&str> = answer
            .credentials()
            .map(|shown| &*shown.message.id)
            .collect();
        let count = wrong_count(asked, ids.len() as u64);
        count.map(|failure| failure.about(format!("{}/Presentations", answer.pointer)))
    });
    failures.collect()
}

/// What is wrong with this number of different credentials for a criterion.
pub(super) fn wrong_count(asked: &Criterion, count: u64) -> Option<Failure> {
    let (least, most) = (asked.least(), asked.most());
    if (least..=most).contains(&count) {
        return None;
    }
    let expected = match most {
        u64::MAX => format!("at least {least} different credentials"),
        most if most == least => format!("{least} different credentials"),
        most => format!("{least} to {most} different credentials"),
    };
    Some(Failure::new(
        expected,
        count.to_string(),
        "answer with as many different credentials as the criterion asks for; one that is repeated counts once",
    ))
}

/// `distinct-credentials`, of the credentials with signed attributes. One credential may answer two criteria;
/// it is twice for the same criterion that makes it look like more than it is.
pub(super) fn distinct_credentials(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for answer in &read.answers {
        let mut seen = BTreeSet::new();
        let again = answer
            .credentials()
            .filter(|shown| !seen.insert(&*shown.message.id));
        failures.extend(again.map(|shown| {
            Failure::new(
                "different credentials for one criterion",
                format!("the credential {} again", shown.message.id),
                "offer each credential once; relax this check to read such a response all the same",
            )
            .about(format!("{}/id", shown.pointer))
        }));
    }
    failures
}

impl Answer<'_> {
    /// Whether it answers in zero knowledge.
    pub(super) fn is_cl(&self) -> bool {
        let mut presentations = self.presentations.iter();
        presentations.any(|presented| presented.message.is_cl())
    }
}

/// What a check of each credential beside its criterion finds.
fn each_credential(
    read: &Read<'_>,
    check: impl Fn(&Shown<'_>, &Criterion) -> Vec<Failure>,
) -> Vec<Failure> {
    let asked = read.asked();
    let pairs =
        asked.flat_map(|(answer, asked)| answer.credentials().map(move |shown| (shown, asked)));
    pairs
        .flat_map(|(shown, asked)| check(shown, asked))
        .collect()
}
