//! The verifier's side: what a presentation proves of a criterion.

use std::{collections::BTreeMap, sync::Arc};

use anoncreds::Verifier;
use async_trait::async_trait;
use exchange::{
    did::Did,
    message::{ProofRequest, Received},
    schema::ObjectError,
    verifier::{ZeroKnowledge, ZeroKnowledgeFindings},
};
use proofs::{
    Case, Check, Failure, Outcome, RequestVersion, Tag, Verdict, identifiers::CredDefIdParts,
    presentation::ParsedPresentation,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    BridgeError, MAX_CREDENTIALS, PublicObjects, Shape,
    criterion::{AnoncredsCriterion, resolved},
    difference::Visible,
    nonce,
    shape::Referent,
    sub_proofs::{self, CredentialSubProof},
};

/// Checks answers in zero knowledge.
///
/// It derives the AnonCreds request again, from the proof request, the criterion, the holder and
/// the shape that the presentation claims. Then it makes all checks of an AnonCreds presentation,
/// and two that an AnonCreds request cannot express: each credential's predicates are about the
/// credential that shows the attributes, and no credential occurs twice.
///
/// The caller decides whether there are enough credentials: `credentials` counts those that the
/// presentation names, and is meaningful only if there is no failure. A failure names a JSON
/// pointer into the presentation.
///
/// The nonce is derived, not random: give the [`Verifier`] no memory of nonces. The exchange itself
/// checks that a request is answered once.
#[derive(Clone)]
pub struct ClChecker {
    verifier: Verifier,
    objects: Arc<dyn PublicObjects>,
}

/// The checks on which the comparison of credentials relies: where one of them failed, no
/// difference is shown, even if a policy relaxes the check.
const COMPARISON_CHECKS: [Check; 5] = [
    Check::Referents,
    Check::RevealedSet,
    Check::Encoding,
    Check::NumberForm,
    Check::SchemaOfCredDef,
];

const AS_MADE: &str =
    "do not accept it; ask the holder for an answer as the holder's program made it";

impl ClChecker {
    /// Returns a checker with the policy of `verifier`, which reads public data from `objects`.
    pub fn new(verifier: Verifier, objects: Arc<dyn PublicObjects>) -> Self {
        Self { verifier, objects }
    }

    /// Returns the verdict on the derived request, and the case.
    async fn explain(
        &self,
        criterion: &AnoncredsCriterion<'_>,
        derived: Value,
        presentation: &Value,
    ) -> Result<(Case, Verdict), Failure> {
        let mut case = Case {
            presentation_request: derived,
            presentation: presentation.clone(),
            ..Case::default()
        };
        let identifiers = presentation.get("identifiers").and_then(Value::as_array);
        let identifiers = identifiers.map(Vec::as_slice).unwrap_or_default();
        if identifiers.len() > MAX_CREDENTIALS {
            return Err(Failure::new(
                format!("at most {MAX_CREDENTIALS} credentials"),
                format!("{}", identifiers.len()),
                AS_MADE,
            )
            .about("/identifiers"));
        }
        for (number, identifier) in identifiers.iter().enumerate() {
            let pointer = format!("/identifiers/{number}");
            let read = self.read(criterion, identifier, &mut case).await;
            read.map_err(|failure| failure.about(pointer))?;
        }
        let verdict = self.verifier.explain(case.clone()).await;
        Ok((case, verdict))
    }

    /// Reads the objects that an identifier names, if the criterion asks for that schema and trusts
    /// that issuer.
    async fn read(
        &self,
        criterion: &AnoncredsCriterion<'_>,
        identifier: &Value,
        case: &mut Case,
    ) -> Result<(), Failure> {
        let text = |member: &str| identifier.get(member).and_then(Value::as_str);
        let (Some(schema), Some(cred_def)) = (text("schema_id"), text("cred_def_id")) else {
            return Err(Failure::new(
                "the identifiers of a schema and a credential definition",
                "none",
                AS_MADE,
            ));
        };
        if !Tag::SchemaId.means(criterion.schema, schema, RequestVersion::V1) {
            return Err(Failure::new(
                format!("a credential of the schema {}", criterion.schema),
                format!("one of the schema {schema:?}"),
                "ask for that schema if it will do",
            ));
        }
        let issuer = CredDefIdParts::parse(cred_def).map(|parts| parts.issuer_did);
        let is_trusted = issuer.is_ok_and(|issuer| {
            let mut trusted = criterion.issuers.iter();
            trusted.any(|own| Tag::IssuerDid.means(own, &issuer, RequestVersion::V1))
        });
        if !is_trusted {
            return Err(Failure::new(
                "a credential from an issuer that the criterion names",
                format!("one under the credential definition {cred_def:?}"),
                "name its issuer in the criterion if you trust it",
            ));
        }
        if !case.schemas.contains_key(schema) {
            let written = written(self.objects.schema(schema).await)?;
            case.schemas.insert(schema.to_owned(), written);
        }
        if !case.cred_defs.contains_key(cred_def) {
            let written = written(self.objects.cred_def(cred_def).await)?;
            case.cred_defs.insert(cred_def.to_owned(), written);
        }
        Ok(())
    }

    async fn findings(
        &self,
        request: &Received<ProofRequest>,
        index: usize,
        holder: &Did,
        presentation: &Value,
    ) -> Result<ZeroKnowledgeFindings, BridgeError> {
        let shape = Shape::of_presentation(presentation)?;
        let inner = resolved(request.message(), index, &*self.objects).await?;
        let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
        if shape.groups.is_empty() {
            return Ok(refused(Failure::new(
                "a presentation of at least one credential, as the criterion is asked in AnonCreds",
                "none",
                AS_MADE,
            )));
        }
        let nonce = nonce(request.document(), index, holder)?;
        let (derived, _) = criterion.request(&shape, &nonce)?;
        let (case, verdict) = match self.explain(&criterion, derived, presentation).await {
            Ok(explained) => explained,
            Err(failure) => return Ok(refused(failure)),
        };
        let mut findings = ZeroKnowledgeFindings {
            credentials: shape.groups.len() as u64,
            verified: failures(&verdict),
            ..ZeroKnowledgeFindings::default()
        };
        // the verdict says where it cannot be read
        if let Ok(parsed) = ParsedPresentation::deserialize(presentation) {
            let assignment = sub_proofs::assign(&shape, &parsed);
            findings.verified.extend(assignment.misplaced);
            findings.distinct.extend(assignment.shared);
            findings.distinct.extend(alike(&case, &parsed, &assignment.credentials, &verdict));
        }
        Ok(findings)
    }
}

/// Returns an object that was read, in JSON.
fn written(read: Result<impl Serialize, ObjectError>) -> Result<Value, Failure> {
    let written = read.map_err(|error| error.to_string());
    let written =
        written.and_then(|object| serde_json::to_value(object).map_err(|error| error.to_string()));
    written.map_err(|reason| {
        Failure::new(
            "the ledger's schema and credential definition",
            reason,
            "verify again when they can be read; without them nothing is proved",
        )
    })
}

/// Returns that nothing is proved.
fn refused(failure: Failure) -> ZeroKnowledgeFindings {
    ZeroKnowledgeFindings { verified: vec![failure], ..ZeroKnowledgeFindings::default() }
}

#[async_trait]
impl ZeroKnowledge for ClChecker {
    async fn check(
        &self,
        request: &Received<ProofRequest>,
        index: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings {
        let error = match self.findings(request, index, holder, presentation).await {
            Ok(findings) => return findings,
            Err(error) => error,
        };
        let failure = |expected: &str| Failure::new(expected, error.to_string(), AS_MADE);
        if !matches!(error, BridgeError::Shown(_)) {
            return refused(failure("an answer to a criterion that AnonCreds can ask"));
        }
        let attributes =
            failure("the required attributes, and no others than the criterion asks for")
                .about("/requested_proof/revealed_attr_groups");
        // a policy that relaxes the check of the attributes must not accept this as a proof
        let unproved = Failure::new(
            "a presentation for the AnonCreds request that the criterion makes",
            "one that shows other attributes than any such request asks for",
            AS_MADE,
        );
        ZeroKnowledgeFindings { attributes: vec![attributes], ..refused(unproved) }
    }
}

/// Returns the failures that reject a presentation, each with the name of its check.
fn failures(verdict: &Verdict) -> Vec<Failure> {
    let rejecting = verdict.failed().filter(|report| !report.holds());
    let mut failures: Vec<Failure> = rejecting
        .flat_map(|report| {
            let check = report.check.name();
            let failures = report.failures.iter();
            failures.map(move |Failure { referent, expected, got, remedy }| Failure {
                referent: referent.as_deref().and_then(pointer_to),
                ..Failure::new(format!("{check}: {expected}"), got, remedy)
            })
        })
        .collect();
    if failures.is_empty() && !verdict.verified() {
        let reason = verdict.reason().unwrap_or_default();
        failures.push(Failure::new("every check made", reason, AS_MADE));
    }
    failures
}

/// Returns the pointer to the answer of a referent of a derived request.
fn pointer_to(referent: &str) -> Option<String> {
    let member = match Referent::parse(referent)?.predicate {
        None => "revealed_attr_groups",
        Some(_) => "predicates",
    };
    Some(format!("/requested_proof/{member}/{referent}"))
}

/// Returns a failure for each credential that nothing tells apart from one before it.
fn alike(
    case: &Case,
    presentation: &ParsedPresentation,
    credentials: &[CredentialSubProof],
    verdict: &Verdict,
) -> Vec<Failure> {
    if credentials.len() < 2 {
        return Vec::new();
    }
    let has_not_passed = |check: &&Check| verdict.outcome(**check) != Outcome::Passed;
    if let Some(check) = COMPARISON_CHECKS.iter().find(has_not_passed) {
        return vec![Failure::new(
            "credentials that are shown to differ",
            format!("no way to tell, as {check} did not pass"),
            AS_MADE,
        )];
    }
    let visible: Vec<(&CredentialSubProof, Visible)> = credentials
        .iter()
        .map(|credential| (credential, visible(case, presentation, credential.sub_proof)))
        .collect();
    let mut failures = Vec::new();
    for (number, (credential, this)) in visible.iter().enumerate() {
        let mut before = visible.iter().take(number);
        let twin = before.find(|(other, that)| {
            other.sub_proof != credential.sub_proof && !this.differs_from(that)
        });
        if let Some((twin, _)) = twin {
            let failure = Failure::new(
                format!("another credential than that of {}", twin.referent),
                "nothing shows that they differ: their issuers' keys are the same, and so is all that both show",
                "ask for an attribute in which such credentials differ, or for one credential only",
            );
            failures.push(failure.about(&credential.pointer));
        }
    }
    failures
}

/// Returns what tells the credential of a sub-proof from others.
fn visible(case: &Case, presentation: &ParsedPresentation, sub_proof: usize) -> Visible {
    let identifier = presentation.identifiers.get(sub_proof);
    let cred_def = identifier.and_then(|named| case.cred_defs.get(&named.cred_def_id));
    let proof = presentation.proof.proofs.get(sub_proof);
    // the values that are proved, not those that are shown beside them
    let values = proof
        .map_or_else(BTreeMap::new, |proof| proof.primary_proof.eq_proof.revealed_attrs.clone());
    Visible::new(cred_def.unwrap_or(&Value::Null), values)
}
