//! The checks of a response, and the verdict.

mod zero_knowledge;

pub use zero_knowledge::{ZeroKnowledge, ZeroKnowledgeFindings};
