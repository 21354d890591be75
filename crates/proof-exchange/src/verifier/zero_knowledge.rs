//! Answers in zero knowledge: what they must look like here; the mathematics is somebody else's.

use async_trait::async_trait;
use proofs::verdict::Failure;
use serde_json::Value;

use crate::{
    did::Did,
    message::{ProofRequest, Received},
};

/// Verifies answers in zero knowledge.
#[async_trait]
pub trait ZeroKnowledge: Send + Sync {
    /// What speaks against this answer of a holder to the criterion of the request with this index.
    async fn check(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings;
}

/// What was found in an answer in zero knowledge. Empty lists are what one hopes for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZeroKnowledgeFindings {
    /// Why it is no valid proof of what is asked (check `zero-knowledge`).
    pub verified: Vec<Failure>,
    /// What does not show that its credentials differ (check `distinct-credentials`).
    pub distinct: Vec<Failure>,
    /// Which attributes are missing, or were not asked for (check `attributes`).
    pub attributes: Vec<Failure>,
    /// How many different credentials it is made from (check `count`).
    pub credentials: u64,
}
