//! Documents, expanded by `json_ld`.

use sophia_jsonld::{
    Policy,
    json_ld::{
        Context, Expand as _, ExpandedDocument, expansion,
        syntax::{self, Parse as _},
    },
    vocabulary::{ArcBnode, ArcIri, ArcVoc},
};

use super::not_canonical;
use crate::signature::{
    Contexts, SignatureError,
    contexts::{InMemory, base, now},
    jcs,
};

/// Expands a document. The policy decides about members that no context defines.
pub(super) fn expand(
    document: &serde_json::Map<String, serde_json::Value>,
    contexts: &Contexts,
    policy: Policy,
) -> Result<ExpandedDocument<ArcIri, ArcBnode, ()>, SignatureError> {
    let options = expansion::Options { policy, ..Default::default() };
    let contexts = &*contexts.reduced_to(document);
    let own = document.get("@context").map(|list| contexts.processed(list)).transpose()?;
    let (context, left_out) = match own {
        Some(processed) if processed.propagates() => (processed.context(), "@context"),
        _ => (Context::new(Some(base())), ""),
    };
    let text = jcs::without(document, left_out)?;
    let parsed = String::from_utf8(text)
        .map_err(|error| not_canonical(error.to_string()))
        .and_then(|text| {
            syntax::Value::parse_str(&text, |_| ())
                .map_err(|error| not_canonical(error.0.to_string()))
        })?;
    let (base, mut vocabulary, mut loader) = (base(), ArcVoc {}, InMemory(contexts));
    let expanded =
        now(parsed.expand_full(&mut vocabulary, context, Some(&base), &mut loader, options, ()))?;
    Ok(expanded.map_err(|error| not_canonical(error.0.to_string()))?.0)
}
