//! Values that credentials have, and values that none has.

use super::*;

const DID: &str = "QEquAHkM35w4XVT3Ku5yat";

fn of(name: &str, value: &str) -> Option<ValueFault> {
    fault(&Tag::parse(name), value)
}

#[test]
fn identifiers_of_every_registry_may_be_had() {
    for (tag, value) in [
        ("issuer_did", DID.to_owned()),
        ("issuer_id", format!("did:sov:{DID}")),
        ("issuer_id", format!("did:indy:sovrin:staging:{DID}")),
        ("issuer_did", "VsKV7grR1BUE29mG2Fm2kX".to_owned()),
        // 21 characters that no DID of 22 begins with, and 32 bytes
        ("issuer_did", "zyxwvutsrqponmkjihgfe".to_owned()),
        ("issuer_did", "EWo1KkENqJgXTfLz6tGRqfu8XJVsELwmkHHUgPtHB1sc".to_owned()),
        ("issuer_id", "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8".to_owned()),
        ("issuer_id", "did:web:localhost%3A8080:issuers".to_owned()),
        ("issuer_id", "https://example.org/issuers/1".to_owned()),
        ("schema_id", format!("{DID}:2:gvt:1.0")),
        ("schema_id", format!("{DID}:2:Driver License:1.0")),
        ("schema_id", format!("{DID}:2:a:b:1.0")),
        ("schema_id", format!("schema:sov:did:sov:{DID}:2:gvt:1.0")),
        ("schema_id", format!("did:indy:sovrin:{DID}/anoncreds/v0/SCHEMA/Driver%20License/1.0")),
        ("schema_id", "did:cheqd:testnet:3053e034/resources/1b1d".to_owned()),
        ("schema_id", "did:webvh:QmScid:example.com%3A443/resources/zQm.json".to_owned()),
        ("schema_id", "urn:uuid:3053e034".to_owned()),
        ("schema_id", "https://example.org/schemas/gvt%201.0".to_owned()),
        ("cred_def_id", format!("{DID}:3:CL:612:Person")),
        ("cred_def_id", format!("{DID}:3:CL:612:a tag:with colon")),
        ("cred_def_id", format!("{DID}:3:CL:{DID}:2:gvt:1.0:tag")),
        ("cred_def_id", format!("creddef:sov:did:sov:{DID}:3:CL:612:Person")),
        ("cred_def_id", format!("did:indy:sovrin:{DID}/anoncreds/v0/CLAIM_DEF/612/Person")),
        ("rev_reg_id", format!("{DID}:4:{DID}:3:CL:612:Person:CL_ACCUM:R1")),
        ("rev_reg_id", format!("did:indy:sovrin:{DID}/anoncreds/v0/REV_REG_DEF/612/Person/R1")),
        ("rev_reg_id", "None".to_owned()),
        ("schema_name", "Person".to_owned()),
        ("schema_name", "driver license (2020)".to_owned()),
        ("schema_version", "1.0.0-rc1".to_owned()),
        ("attr::name::value", "TODO".to_owned()),
        ("attr::name::value", " ".to_owned()),
    ] {
        assert_eq!(of(tag, &value), None, "{tag} {value}");
    }
}

#[test]
fn what_no_registry_makes_is_a_fault() {
    use ValueFault::{
        Blank, Blanks, DidLength, Encoded, Malformed, OtherKind, PerhapsCut, Placeholder,
    };
    for (tag, value, expected) in [
        ("issuer_did", "", Blank),
        ("schema_name", " \t", Blank),
        ("cred_def_id", "\u{200b}", Blank),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat: 3:CL: 612:Person", Blanks),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person ", Blanks),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person\u{200b}", Blanks),
        ("schema_id", "\u{a0}QEquAHkM35w4XVT3Ku5yat:2:Driver License:1.0", Blanks),
        ("schema_id", "QEquAHkM35w4 XVT3Ku5yat:2:gvt:1.0", Blanks),
        ("issuer_did", " QEquAHkM35w4XVT3Ku5yat", Blanks),
        ("issuer_did", "QEquAHkM35w4\nXVT3Ku5yat", Blanks),
        ("issuer_id", "did:cheqd:testnet: 3053e034", Blanks),
        ("schema_name", "Person ", Blanks),
        ("cred_def_id", "<cred_def_id>", Placeholder),
        ("cred_def_id", "{{ cred_def_id }}", Placeholder),
        ("cred_def_id", "${CRED_DEF_ID}", Placeholder),
        ("cred_def_id", "<did>:3:CL:12:tag", Placeholder),
        ("cred_def_id", "cred_def_id", Placeholder),
        ("cred_def_id", "credDefId", Placeholder),
        ("schema_id", "string", Placeholder),
        ("schema_id", "TODO", Placeholder),
        ("issuer_did", "xxxxxxxxxxxxxxxxxxxxxx", Placeholder),
        ("issuer_did", "XXX-XXX", Placeholder),
        ("issuer_did", "your_did", Placeholder),
        ("issuer_did", "None", Placeholder),
        ("schema_name", "<name>", Placeholder),
        ("schema_version", "string", Placeholder),
        ("schema_name", "*", Placeholder),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat%3A3%3ACL%3A612%3APerson", Encoded),
        ("schema_id", "QEquAHkM35w4XVT3Ku5yat:2:Driver%20License:1.0", Encoded),
        ("issuer_id", "did%3Aindy%3Asovrin%3AQEquAHkM35w4XVT3Ku5yat", Encoded),
        ("issuer_id", "did:indy:sovrin%3AQEquAHkM35w4XVT3Ku5yat", Encoded),
        ("schema_id", "https%3A%2F%2Fexample.org", Encoded),
        ("schema_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person", OtherKind(IdentifierKind::CredDef)),
        ("schema_id", "QEquAHkM35w4XVT3Ku5yat", OtherKind(IdentifierKind::Did)),
        ("schema_id", "did:sov:QEquAHkM35w4XVT3Ku5yat", OtherKind(IdentifierKind::Did)),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:2:gvt:1.0", OtherKind(IdentifierKind::Schema)),
        (
            "cred_def_id",
            "did:indy:sovrin:QEquAHkM35w4XVT3Ku5yat/anoncreds/v0/SCHEMA/gvt/1.0",
            OtherKind(IdentifierKind::Schema),
        ),
        (
            "cred_def_id",
            "QEquAHkM35w4XVT3Ku5yat:4:QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person:CL_ACCUM:R1",
            OtherKind(IdentifierKind::RevReg),
        ),
        (
            "issuer_did",
            "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
            OtherKind(IdentifierKind::CredDef),
        ),
        (
            "schema_issuer_did",
            "QEquAHkM35w4XVT3Ku5yat:2:gvt:1.0",
            OtherKind(IdentifierKind::Schema),
        ),
        (
            "rev_reg_id",
            "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
            OtherKind(IdentifierKind::CredDef),
        ),
        ("issuer_did", "QEquAHkM35w4XVT3Ku5ya", PerhapsCut),
        ("issuer_id", "did:sov:QEquAHkM35w4XVT3Ku5ya", PerhapsCut),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5ya:3:CL:612:Person", PerhapsCut),
        ("issuer_did", "QEquAHkM35w4XVT3Ku5y", DidLength),
        ("issuer_did", "QEquAHkM35w4XVT3Ku5yatt", DidLength),
        ("issuer_did", "did:indy:sovrin:QEquAHkM35w4", DidLength),
        ("schema_id", "QEquAHkM35w4XVT3Ku5:2:gvt:1.0", DidLength),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5y0t:3:CL:612:Person", DidLength),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:612:Person", Malformed),
        ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:CL:612:Person", Malformed),
        ("cred_def_id", "612", Malformed),
        ("cred_def_id", "Person-0", Malformed),
        ("schema_id", "QEquAHkM35w4XVT3Ku5yat:2:gvt", Malformed),
        ("schema_id", "2:gvt:1.0", Malformed),
        ("issuer_did", "did:", Malformed),
        ("issuer_did", "did:sov", Malformed),
        ("issuer_did", "The Government", DidLength),
    ] {
        assert_eq!(of(tag, value), Some(expected), "{tag} {value}");
    }
}

#[test]
fn the_remedy_is_the_value_without_the_fault() {
    for (name, value, remedy) in [
        (
            "cred_def_id",
            "QEquAHkM35w4XVT3Ku5yat: 3:CL: 612:Person",
            "write \"QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person\"",
        ),
        ("issuer_did", "QEquAHkM35w4 XVT3Ku5yat", "write \"QEquAHkM35w4XVT3Ku5yat\""),
        ("issuer_id", "did%3Aweb%3Aa.org", "write \"did:web:a.org\""),
        (
            "schema_id",
            "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
            "name it under `cred_def_id`, or take a schema's identifier as the registry gives it",
        ),
    ] {
        let tag = Tag::parse(name);
        let details = fault(&tag, value).unwrap().details(name, &tag, value);
        assert_eq!(details.remedy, remedy);
        assert!(details.found.starts_with(name), "{}", details.found);
    }
}
