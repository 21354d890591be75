//! Restrictions: every tag and operator, and the objects against which they are evaluated.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_DEGREE};
use super::change::*;

const DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
const SCHEMA: &str = "NcYxiDXkpYi6ov5FcYDi1e:2:Person:1.0";
const CRED_DEF: &str = "NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:Person";
const OTHER_DID: &str = "V4SGRU86Z58d6TV7PBUe6f";

pub fn file() -> File {
    let mut file = File::new(
        "verify_restrictions",
        Kind::Verify,
        "AnonCreds CL presentations: restrictions",
        &[
            "What a request demands of the credential that answers a referent.",
            "The presentations are the same; what holds of them depends on the request alone.",
        ],
    );
    file.note(
        "TAG",
        BugType::Basic,
        "One tag of a credential: ids, names and versions.",
        "Anyone's credential is taken for the demanded one, or the demanded one is refused.",
        &["https://hyperledger.github.io/anoncreds-spec/"],
    );
    file.note("OPERATOR", BugType::EdgeCase, "Operators of the query language: $and, $or, $not, $neq, $in, and lists.", "A demand is read as another one.", &["https://github.com/hyperledger/indy-sdk/tree/main/docs/design/011-wallet-query-language"]);
    file.note(
        "MARKER",
        BugType::EdgeCase,
        "attr::NAME::marker: the credential has the attribute.",
        "",
        &[],
    );
    file.note(
        "VALUE",
        BugType::EdgeCase,
        "attr::NAME::value: a revealed attribute has the value.",
        "A demand on a value holds although the credential has another one.",
        &[],
    );
    file.note(
        "SEVERAL_REFERENTS",
        BugType::AcceptsInvalid,
        "Each referent has a demand of its own.",
        "The demand on one credential is taken for satisfied by another.",
        &[],
    );
    let holding = holding();
    for (name, restriction, flags, comment) in &holding {
        let asked = request(
            &format!("restriction {name}"),
            json!({"name": {"name": "name", "restrictions": restriction}}),
            json!({}),
        );
        file.add(
            name,
            comment,
            present(&asked, &[(&ALEX, &["name"])]),
            Expect::valid().flags(flags),
        );
    }
    file.add(
        "on-a-predicate",
        "A predicate's referent has restrictions too.",
        present(
            &request("restriction on a predicate", json!({}), json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18, "restrictions": [{"cred_def_id": CRED_DEF}]}})),
            &[(&ALEX, &["adult"])],
        ),
        Expect::valid().flags(&["TAG"]).cautions(&["one-sided-bound"]),
    );
    file.add(
        "on-a-group",
        "A group's referent has restrictions too.",
        present(
            &request("restriction on a group", json!({"person": {"names": ["name", "age"], "restrictions": [{"schema_id": SCHEMA, "attr::name::value": "Alex"}]}}), json!({})),
            &[(&ALEX, &["person"])],
        ),
        Expect::valid().flags(&["TAG", "VALUE"]),
    );
    let two = json!({
        "name": {"name": "name", "restrictions": [{"cred_def_id": CRED_DEF}]},
        "degree": {"name": "degree", "restrictions": [{"schema_name": "Degree"}]},
    });
    file.add(
        "two-referents",
        "Two credentials, each with a demand of its own.",
        present(
            &request("two restrictions", two, json!({})),
            &[(&ALEX, &["name"]), (&ALEX_DEGREE, &["degree"])],
        ),
        Expect::valid().flags(&["SEVERAL_REFERENTS"]),
    );
    failing(&mut file);
    file
}

type Row = (&'static str, Value, &'static [&'static str], &'static str);

/// Restrictions that hold for Alex's credential.
fn holding() -> Vec<Row> {
    let tag: &[&str] = &["TAG"];
    let operator: &[&str] = &["OPERATOR"];
    vec![
        ("schema-id", json!([{"schema_id": SCHEMA}]), tag, "The schema's id."),
        ("schema-name", json!([{"schema_name": "Person"}]), tag, "The schema's name."),
        ("schema-version", json!([{"schema_version": "1.0"}]), tag, "The schema's version."),
        (
            "schema-issuer-did",
            json!([{"schema_issuer_did": DID}]),
            tag,
            "The DID of the schema's author.",
        ),
        ("issuer-did", json!([{"issuer_did": DID}]), tag, "The issuer's DID."),
        ("cred-def-id", json!([{"cred_def_id": CRED_DEF}]), tag, "The credential definition's id."),
        (
            "all-tags",
            json!([{"schema_id": SCHEMA, "schema_name": "Person", "schema_version": "1.0", "schema_issuer_did": DID, "issuer_did": DID, "cred_def_id": CRED_DEF}]),
            tag,
            "All six tags in one object: each holds.",
        ),
        (
            "object-instead-of-list",
            json!({"cred_def_id": CRED_DEF}),
            operator,
            "An object instead of a list.",
        ),
        (
            "list-first",
            json!([{"cred_def_id": CRED_DEF}, {"schema_name": "Degree"}]),
            operator,
            "A list: the first alternative holds.",
        ),
        (
            "list-last",
            json!([{"schema_name": "Degree"}, {"cred_def_id": CRED_DEF}]),
            operator,
            "A list: the last alternative holds.",
        ),
        (
            "list-and-within",
            json!([{"schema_name": "Degree", "issuer_did": DID}, {"schema_name": "Person", "issuer_did": DID}]),
            operator,
            "A list of objects: all tags of one of them hold.",
        ),
        (
            "and",
            json!({"$and": [{"issuer_did": DID}, {"schema_name": "Person"}]}),
            operator,
            "$and: both hold.",
        ),
        (
            "or",
            json!({"$or": [{"issuer_did": OTHER_DID}, {"schema_name": "Person"}]}),
            operator,
            "$or: the second holds.",
        ),
        (
            "not",
            json!({"$not": {"schema_name": "Degree"}}),
            operator,
            "$not: the schema has another name.",
        ),
        (
            "not-not",
            json!({"$not": {"$not": {"schema_name": "Person"}}}),
            operator,
            "$not of $not.",
        ),
        (
            "neq",
            json!({"schema_version": {"$neq": "0.1"}}),
            operator,
            "$neq: the version is another one.",
        ),
        (
            "in",
            json!({"schema_version": {"$in": ["0.9", "1.0"]}}),
            operator,
            "$in: the version is among the values.",
        ),
        ("in-of-one", json!({"issuer_did": {"$in": [DID]}}), operator, "$in with one value."),
        (
            "nested",
            json!({"$and": [{"$or": [{"schema_name": "Degree"}, {"schema_name": "Person"}]}, {"$not": {"issuer_did": OTHER_DID}}, {"schema_version": {"$in": ["1.0", "1.1"]}}]}),
            operator,
            "Operators within operators.",
        ),
        ("empty-list", json!([]), operator, "An empty list demands nothing."),
        ("empty-object", json!({}), operator, "An empty object demands nothing."),
        (
            "marker",
            json!([{"attr::name::marker": "1"}]),
            &["MARKER"],
            "The credential has the attribute that is requested.",
        ),
        (
            "marker-of-another",
            json!([{"attr::height::marker": "1"}]),
            &["MARKER"],
            "The credential has another attribute, which is not revealed.",
        ),
        (
            "value",
            json!([{"attr::name::value": "Alex"}]),
            &["VALUE"],
            "The revealed attribute has the value.",
        ),
        (
            "value-in",
            json!({"attr::name::value": {"$in": ["Alex", "Alexander"]}}),
            &["VALUE"],
            "The revealed value is among several.",
        ),
        (
            "value-neq",
            json!({"attr::name::value": {"$neq": "Bob"}}),
            &["VALUE"],
            "The revealed value is another one.",
        ),
        (
            "value-and-tag",
            json!([{"attr::name::value": "Alex", "cred_def_id": CRED_DEF}]),
            &["VALUE", "TAG"],
            "A value and a tag.",
        ),
    ]
}

/// The same presentation under a demand that does not hold for it.
fn failing(file: &mut File) {
    let expect = |flag: &'static str| {
        Expect::invalid(&["restrictions"]).flags(&[flag]).needs(&["restrictions"])
    };
    let restrictions = format!("{REQUEST}/requested_attributes/name/restrictions");
    let rows: Vec<(&str, &str, Value, &str, &str)> = vec![
        (
            "schema-id",
            "another-schema-id",
            json!([{"schema_id": "NcYxiDXkpYi6ov5FcYDi1e:2:Person:1.1"}]),
            "TAG",
            "Another version of the schema.",
        ),
        (
            "schema-name",
            "another-schema-name",
            json!([{"schema_name": "Degree"}]),
            "TAG",
            "A schema with another name.",
        ),
        (
            "schema-name",
            "schema-name-in-another-case",
            json!([{"schema_name": "person"}]),
            "TAG",
            "Schema names count with their case.",
        ),
        (
            "schema-version",
            "another-schema-version",
            json!([{"schema_version": "1"}]),
            "TAG",
            "A version is a text: 1 is not 1.0.",
        ),
        (
            "schema-issuer-did",
            "another-schema-issuer",
            json!([{"schema_issuer_did": OTHER_DID}]),
            "TAG",
            "A schema of another author.",
        ),
        (
            "issuer-did",
            "another-issuer",
            json!([{"issuer_did": OTHER_DID}]),
            "TAG",
            "Another issuer.",
        ),
        (
            "cred-def-id",
            "another-cred-def",
            json!([{"cred_def_id": "NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:Other"}]),
            "TAG",
            "Another credential definition of the same issuer.",
        ),
        (
            "all-tags",
            "one-tag-of-six",
            json!([{"schema_id": SCHEMA, "schema_name": "Person", "schema_version": "1.1", "schema_issuer_did": DID, "issuer_did": DID, "cred_def_id": CRED_DEF}]),
            "TAG",
            "Five tags hold, the sixth does not.",
        ),
        (
            "list-first",
            "no-alternative",
            json!([{"schema_name": "Degree"}, {"issuer_did": OTHER_DID}]),
            "OPERATOR",
            "No alternative of the list holds.",
        ),
        (
            "list-and-within",
            "half-of-each-alternative",
            json!([{"schema_name": "Degree", "issuer_did": DID}, {"schema_name": "Person", "issuer_did": OTHER_DID}]),
            "OPERATOR",
            "One tag of each alternative holds.",
        ),
        (
            "and",
            "and-half",
            json!({"$and": [{"issuer_did": DID}, {"schema_name": "Degree"}]}),
            "OPERATOR",
            "$and: one of both holds.",
        ),
        (
            "or",
            "or-neither",
            json!({"$or": [{"issuer_did": OTHER_DID}, {"schema_name": "Degree"}]}),
            "OPERATOR",
            "$or: neither holds.",
        ),
        (
            "not",
            "not-itself",
            json!({"$not": {"schema_name": "Person"}}),
            "OPERATOR",
            "$not of what holds.",
        ),
        (
            "neq",
            "neq-itself",
            json!({"schema_version": {"$neq": "1.0"}}),
            "OPERATOR",
            "$neq of the value that it has.",
        ),
        (
            "in",
            "in-without-it",
            json!({"schema_version": {"$in": ["0.9", "1.1"]}}),
            "OPERATOR",
            "$in without the value that it has.",
        ),
        (
            "nested",
            "nested-excluded",
            json!({"$and": [{"$or": [{"schema_name": "Degree"}, {"schema_name": "Person"}]}, {"$not": {"issuer_did": DID}}]}),
            "OPERATOR",
            "Nested operators, one of which excludes the credential.",
        ),
        (
            "value",
            "another-value",
            json!([{"attr::name::value": "Bob"}]),
            "VALUE",
            "The revealed attribute has another value.",
        ),
        (
            "value",
            "value-in-another-case",
            json!([{"attr::name::value": "alex"}]),
            "VALUE",
            "Values count with their case.",
        ),
        (
            "value-in",
            "value-not-in",
            json!({"attr::name::value": {"$in": ["Bob", "Carol"]}}),
            "VALUE",
            "The revealed value is not among several.",
        ),
    ];
    for (base, name, restriction, flag, comment) in rows {
        file.altered(base, name, comment, expect(flag), |given| {
            set(given, &restrictions, restriction.clone())
        });
    }
    file.altered(
        "schema-name",
        "value-of-a-hidden-attribute",
        "A demand on the value of an attribute that is not revealed: nothing shows it.",
        Expect::invalid(&["restrictions"]).flags(&["VALUE_OF_HIDDEN"]).needs(&["restrictions"]),
        |given| set(given, &restrictions, json!([{"attr::age::value": "28"}])),
    );
    file.note(
        "VALUE_OF_HIDDEN",
        BugType::AcceptsInvalid,
        "attr::NAME::value of an attribute that is not revealed. Known to the public.",
        "A demand on a value holds although nothing shows the value.",
        &[],
    );
    file.altered(
        "on-a-predicate",
        "predicate-of-another",
        "The predicate is to come from another credential definition.",
        expect("TAG"),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_predicates/adult/restrictions"),
                json!([{"schema_name": "Degree"}]),
            )
        },
    );
    file.altered(
        "on-a-group",
        "group-of-another",
        "The group is to come from another issuer.",
        expect("TAG"),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_attributes/person/restrictions"),
                json!([{"issuer_did": OTHER_DID}]),
            )
        },
    );
    file.altered(
        "on-a-group",
        "group-with-another-value",
        "One of the group's values is to be another one.",
        expect("VALUE"),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_attributes/person/restrictions"),
                json!([{"attr::age::value": "29"}]),
            )
        },
    );
    file.altered(
        "two-referents",
        "restrictions-exchanged",
        "Each credential satisfies the other referent's demand.",
        expect("SEVERAL_REFERENTS"),
        |given| {
            swap(
                given,
                &format!("{REQUEST}/requested_attributes/name/restrictions"),
                &format!("{REQUEST}/requested_attributes/degree/restrictions"),
            )
        },
    );
    file.altered(
        "two-referents",
        "one-demand-for-both",
        "Both referents are to come from one credential definition.",
        expect("SEVERAL_REFERENTS"),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_attributes/degree/restrictions"),
                json!([{"cred_def_id": CRED_DEF}]),
            )
        },
    );
    let shape = || {
        Expect::invalid(&["request-shape"])
            .flags(&["OPERATOR"])
            .needs(&["restrictions", "structure"])
    };
    for (name, restriction, comment) in [
        (
            "unknown-operator",
            json!({"schema_version": {"$gt": "0.1"}}),
            "An operator that there is not.",
        ),
        (
            "operator-around-a-value",
            json!({"$neq": {"schema_version": "0.1"}}),
            "$neq around a tag instead of within it.",
        ),
        ("in-without-a-list", json!({"schema_version": {"$in": "1.0"}}), "$in without a list."),
        ("not-with-a-list", json!({"$not": [{"schema_name": "Degree"}]}), "$not with a list."),
        ("value-as-a-number", json!([{"schema_version": 1}]), "A value that is not a text."),
        ("restrictions-as-a-text", json!("Person"), "Restrictions that are a text."),
    ] {
        file.altered("schema-name", name, comment, shape(), |given| {
            set(given, &restrictions, restriction.clone())
        });
    }
    file.altered(
        "schema-name",
        "unknown-tag",
        "A tag that there is not.",
        expect("TAG"),
        |given| set(given, &restrictions, json!([{"schema_nam": "Person"}])),
    );
}
