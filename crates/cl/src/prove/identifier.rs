//! Identifiers of schemas and credential definitions, with and without the DID method.

/// Returns a schema's identifier without the DID method: `schema:sov:did:sov:ISSUER:2:name:1.0`
/// becomes `ISSUER:2:name:1.0`. Other texts are returned unchanged.
pub(super) fn unqualified_schema(id: &str) -> String {
    let parts: Vec<&str> = id.split(':').collect();
    match parts.as_slice() {
        ["schema", _, "did", _, rest @ ..] if rest.len() == 4 => rest.join(":"),
        _ => id.to_owned(),
    }
}

/// Returns a credential definition's identifier without the DID method:
/// `creddef:sov:did:sov:ISSUER:3:CL:SCHEMA:tag` becomes `ISSUER:3:CL:SCHEMA:tag`, with the schema's
/// identifier shortened too. Other texts are returned unchanged.
pub(super) fn unqualified_credential_definition(id: &str) -> String {
    let parts: Vec<&str> = id.split(':').collect();
    match parts.as_slice() {
        ["creddef", _, "did", _, issuer, kind, signature, schema @ .., tag]
            if schema.len() == 1 || schema.len() == 8 =>
        {
            let schema = unqualified_schema(&schema.join(":"));
            format!("{issuer}:{kind}:{signature}:{schema}:{tag}")
        }
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_did_method_is_removed() {
        let issuer = "NcYxiDXkpYi6ov5FcYDi1e";
        let schema = format!("{issuer}:2:gvt:1.0");
        let qualified = format!("schema:sov:did:sov:{schema}");
        for id in [&qualified, &schema] {
            assert_eq!(unqualified_schema(id), schema);
        }
        assert_eq!(unqualified_schema("7"), "7");
        for (long, short) in [(qualified.as_str(), schema.as_str()), ("7", "7")] {
            let unqualified = format!("{issuer}:3:CL:{short}:tag");
            let qualified = format!("creddef:sov:did:sov:{issuer}:3:CL:{long}:tag");
            for id in [&qualified, &unqualified] {
                assert_eq!(unqualified_credential_definition(id), unqualified);
            }
        }
    }
}
