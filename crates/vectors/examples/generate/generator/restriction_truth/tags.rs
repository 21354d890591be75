//! Tags that are absent or unknown, attributes, and identifiers.

use serde_json::json;

use super::super::file::{Expect, File};
use super::{DID, OTHER_DID, add_all, credential, given, opaque, qualified, says};

pub fn add(file: &mut File) {
    absent(file);
    attributes(file);
    identifiers(file);
}

fn absent(file: &mut File) {
    for (name, comment, restriction, holds) in [
        ("absent-issuer", "The issuer is not known.", json!({"issuer_did": OTHER_DID}), false),
        (
            "absent-issuer-neq",
            "$neq of an issuer who is not known.",
            json!({"issuer_did": {"$neq": OTHER_DID}}),
            false,
        ),
        (
            "absent-issuer-in",
            "$in of an issuer who is not known.",
            json!({"issuer_did": {"$in": [OTHER_DID]}}),
            false,
        ),
        (
            "opaque-id",
            "An identifier that says nothing is compared as a whole.",
            json!({"cred_def_id": "did:cheqd:testnet:3053e034/resources/9c0d"}),
            true,
        ),
        (
            "url-as-issuer",
            "An author that is a URL.",
            json!({"schema_issuer_id": "https://example.org"}),
            true,
        ),
    ] {
        file.add(name, comment, given(restriction, opaque(), "1.0"), says(holds, "ABSENT_TAG"));
    }
    add_all(
        file,
        "ABSENT_TAG",
        vec![
            (
                "no-registry-other",
                "A credential that cannot be revoked has no registry.",
                json!({"rev_reg_id": format!("{OTHER_DID}:4:{OTHER_DID}:3:CL:12:TAG1:CL_ACCUM:R1")}),
                false,
            ),
            (
                "no-attribute",
                "An attribute that is not there.",
                json!({"attr::sex::value": "male"}),
                false,
            ),
            (
                "no-attribute-neq",
                "$neq of an attribute that is not there.",
                json!({"attr::sex::value": {"$neq": "male"}}),
                false,
            ),
            (
                "no-attribute-not",
                "$not of an attribute that is not there: plain negation.",
                json!({"$not": {"attr::sex::value": "male"}}),
                true,
            ),
            (
                "no-marker",
                "The marker of an attribute that is not there.",
                json!({"attr::sex::marker": "1"}),
                false,
            ),
        ],
    );
    // both a refusal and this answer are right
    let may_refuse = |holds: Option<bool>| {
        let expect = Expect::acceptable().flags(&["UNKNOWN_TAG"]);
        match holds {
            Some(holds) => expect.output(json!({"holds": holds})),
            None => expect,
        }
    };
    for (name, comment, restriction, holds) in [
        ("unknown-tag", "A tag that there is not.", json!({"colour": "red"}), Some(false)),
        ("unknown-tag-neq", "$neq of such a tag.", json!({"colour": {"$neq": "red"}}), None),
        ("unknown-tag-not", "$not of such a tag.", json!({"$not": {"colour": "red"}}), None),
        ("unknown-tag-case", "A tag in capitals.", json!({"Issuer_Did": OTHER_DID}), Some(false)),
        (
            "unknown-tag-beside",
            "Such a tag beside one that holds.",
            json!({"schema_name": "Person", "schema_nam": "Person"}),
            Some(false),
        ),
        (
            "attribute-without-part",
            "An attribute's tag without what is compared.",
            json!({"attr::age": "28"}),
            Some(false),
        ),
        (
            "attribute-other-part",
            "An attribute's tag with another word.",
            json!({"attr::age::raw": "28"}),
            Some(false),
        ),
        (
            "attribute-no-name",
            "An attribute's tag without a name.",
            json!({"attr::::value": "28"}),
            Some(false),
        ),
    ] {
        file.add(name, comment, given(restriction, credential(), "1.0"), may_refuse(holds));
    }
}

fn attributes(file: &mut File) {
    add_all(
        file,
        "NORMAL",
        vec![
            ("marker", "The credential has an attribute.", json!({"attr::age::marker": "1"}), true),
            ("marker-zero", "A marker is 1.", json!({"attr::age::marker": "0"}), false),
            ("value", "An attribute's text.", json!({"attr::age::value": "28"}), true),
            ("value-other", "Another text.", json!({"attr::age::value": "29"}), false),
            (
                "value-encoded-alike",
                "028 is another text.",
                json!({"attr::age::value": "028"}),
                false,
            ),
        ],
    );
    add_all(
        file,
        "NAME_FOLDED",
        vec![
            (
                "name-as-schema",
                "The name as the schema has it.",
                json!({"attr::First Name::value": "Alex"}),
                true,
            ),
            (
                "name-folded",
                "The name in small letters.",
                json!({"attr::firstname::value": "Alex"}),
                true,
            ),
            (
                "name-capitals",
                "The name in capitals.",
                json!({"attr::FIRST NAME::marker": "1"}),
                true,
            ),
            (
                "name-blanks",
                "The name with other blanks.",
                json!({"attr:: f irst na me::marker": "1"}),
                true,
            ),
            (
                "value-case",
                "The value keeps its case.",
                json!({"attr::firstname::value": "alex"}),
                false,
            ),
            (
                "name-with-colons",
                "A name that contains colons.",
                json!({"attr::e::mail::marker": "1"}),
                true,
            ),
        ],
    );
}

fn identifiers(file: &mut File) {
    let short = || credential();
    for (name, comment, restriction, facts, version, holds) in [
        (
            "qualified-1",
            "A qualified issuer, in version 1.0.",
            json!({"issuer_did": format!("did:sov:{OTHER_DID}")}),
            short(),
            "1.0",
            true,
        ),
        (
            "qualified-2",
            "The same in version 2.0.",
            json!({"issuer_did": format!("did:sov:{OTHER_DID}")}),
            short(),
            "2.0",
            false,
        ),
        (
            "unqualified-1",
            "An unqualified issuer of a qualified credential, in version 1.0.",
            json!({"issuer_did": OTHER_DID}),
            qualified(),
            "1.0",
            true,
        ),
        (
            "unqualified-2",
            "The same in version 2.0.",
            json!({"issuer_did": OTHER_DID}),
            qualified(),
            "2.0",
            false,
        ),
        (
            "both-qualified-2",
            "Both qualified, in version 2.0.",
            json!({"issuer_did": format!("did:sov:{OTHER_DID}")}),
            qualified(),
            "2.0",
            true,
        ),
        (
            "qualified-schema-1",
            "A qualified schema, in version 1.0.",
            json!({"schema_id": format!("schema:sov:did:sov:{DID}:2:Person:1.0")}),
            short(),
            "1.0",
            true,
        ),
        (
            "qualified-definition-1",
            "A qualified definition, in version 1.0.",
            json!({"cred_def_id": format!("creddef:sov:did:sov:{OTHER_DID}:3:CL:12:TAG1")}),
            short(),
            "1.0",
            true,
        ),
        (
            "unqualified-definition-1",
            "The other way round.",
            json!({"cred_def_id": format!("{OTHER_DID}:3:CL:12:TAG1")}),
            qualified(),
            "1.0",
            true,
        ),
        (
            "unqualified-registry-1",
            "A registry, in version 1.0.",
            json!({"rev_reg_id": format!("{OTHER_DID}:4:{OTHER_DID}:3:CL:12:TAG1:CL_ACCUM:R1")}),
            qualified(),
            "1.0",
            true,
        ),
        (
            "in-qualified-1",
            "$in with a qualified issuer, in version 1.0.",
            json!({"issuer_did": {"$in": ["x", format!("did:sov:{OTHER_DID}")]}}),
            short(),
            "1.0",
            true,
        ),
        (
            "neq-qualified-1",
            "$neq with the other form, in version 1.0: it is the same issuer.",
            json!({"issuer_did": {"$neq": format!("did:sov:{OTHER_DID}")}}),
            short(),
            "1.0",
            false,
        ),
        (
            "neq-qualified-2",
            "The same in version 2.0: another text.",
            json!({"issuer_did": {"$neq": format!("did:sov:{OTHER_DID}")}}),
            short(),
            "2.0",
            true,
        ),
    ] {
        file.add(name, comment, given(restriction, facts, version), says(holds, "QUALIFIED"));
    }
    add_all(
        file,
        "TWO_NAMES",
        vec![
            (
                "issuer-id",
                "The issuer by AnonCreds 1.0's name.",
                json!({"issuer_id": OTHER_DID}),
                true,
            ),
            ("issuer-id-other", "Another issuer by that name.", json!({"issuer_id": DID}), false),
            (
                "schema-issuer-id",
                "The schema's author by that name.",
                json!({"schema_issuer_id": DID}),
                true,
            ),
            (
                "two-names-as-alternatives",
                "Either name in alternatives.",
                json!([{"issuer_did": DID}, {"issuer_id": OTHER_DID}]),
                true,
            ),
            (
                "two-names-of-two-tags",
                "The older name of one tag and the newer of another.",
                json!({"issuer_did": OTHER_DID, "schema_issuer_id": DID}),
                true,
            ),
        ],
    );
}
