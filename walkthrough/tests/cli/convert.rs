//! Objects of Indy in the form of AnonCreds 1.0, and back.

use std::fs;

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

const ONE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
const SCHEMA: &str = "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0";
const CRED_DEF: &str = "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG1";

/// A conversion that ended well; standard error has its notes.
trait Done {
    fn done(self) -> Self;
}

impl Done for Finished {
    #[track_caller]
    fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

/// Writes the fixture's schema, credential definition and all of it.
fn write(walkthrough: &Walkthrough) -> Value {
    let case: Value = serde_json::from_str(ONE).unwrap();
    for (file, value) in [
        ("schema.json", &case["schemas"][SCHEMA]),
        ("cred-def.json", &case["cred_defs"][CRED_DEF]),
        ("case.json", &case),
    ] {
        fs::write(walkthrough.path(file), value.to_string()).unwrap();
    }
    case
}

#[test]
fn an_object_goes_to_standard_output_and_what_is_lost_to_standard_error() {
    let walkthrough = Walkthrough::new();
    let case = write(&walkthrough);
    let run = walkthrough.run(&["convert", "--to", "anoncreds", "schema.json"]).done();
    assert_eq!(run.last_line()["issuerId"], "NcYxiDXkpYi6ov5FcYDi1e");
    assert_eq!(run.last_line().get("format"), None);
    assert_eq!(
        run.stderr,
        format!("schema.json: its identifier is {SCHEMA}\nschema.json: seqNo is left out: 15\n")
    );
    fs::write(walkthrough.path("modern.json"), &run.stdout).unwrap();
    let back = ["convert", "--to", "indy", "--seq-no", "15", "modern.json"];
    let back = walkthrough.run(&back).done();
    assert_eq!((back.last_line(), back.stderr.as_str()), (case["schemas"][SCHEMA].clone(), ""));

    let arguments = ["convert", "--to", "anoncreds", "schema.json", "--json"];
    let json = walkthrough.run(&arguments).done().last_line();
    assert_eq!(
        (&json["format"], &json["id"], &json["kind"]),
        (&json!(1), &json!(SCHEMA), &json!("a schema"))
    );
    assert_eq!(json["notes"], json!(["seqNo is left out: 15"]));
}

#[test]
fn what_is_needed_is_named_with_its_option() {
    let walkthrough = Walkthrough::new();
    let case = write(&walkthrough);
    let to_anoncreds = ["convert", "--to", "anoncreds", "cred-def.json"];
    let needs = walkthrough.run(&to_anoncreds).failed(2, &["--schema FILE or --schema-id ID"]);
    assert!(needs.stderr.contains("needs the schema, or its identifier"), "{}", needs.stderr);
    let with = |options: &[&str]| walkthrough.run(&[&to_anoncreds[..], options].concat()).done();
    let modern = with(&["--schema", "schema.json"]);
    assert_eq!(modern.last_line()["schemaId"], SCHEMA);
    assert_eq!(with(&["--schema-id", SCHEMA]).stdout, modern.stdout);

    fs::write(walkthrough.path("modern.json"), &modern.stdout).unwrap();
    walkthrough
        .run(&["convert", "--to", "indy", "modern.json"])
        .failed(2, &["--seq-no N", "--id ID"]);
    let back =
        walkthrough.run(&["convert", "--to", "indy", "--id", CRED_DEF, "modern.json"]).done();
    assert_eq!(back.last_line(), case["cred_defs"][CRED_DEF]);
    // an object with its identifier beside it
    let wrapped = json!({"id": CRED_DEF, "object": modern.last_line()});
    fs::write(walkthrough.path("wrapped.json"), wrapped.to_string()).unwrap();
    let again = walkthrough.run(&["convert", "--to", "indy", "wrapped.json"]).done();
    assert_eq!(again.stdout, back.stdout);
}

#[test]
fn a_case_and_its_public_data_are_converted_whole() {
    let walkthrough = Walkthrough::new();
    let case = write(&walkthrough);
    let modern = walkthrough.run(&["convert", "--to", "anoncreds", "case.json"]).done();
    assert_eq!(modern.last_line()["cred_defs"][CRED_DEF]["schemaId"], SCHEMA);
    fs::write(walkthrough.path("modern.json"), &modern.stdout).unwrap();
    let back = walkthrough.run(&["convert", "--to", "indy", "modern.json"]).done();
    assert_eq!(back.last_line(), case);

    let public = json!({"schemas": case["schemas"], "cred_defs": case["cred_defs"]});
    fs::write(walkthrough.path("public.json"), public.to_string()).unwrap();
    let modern_public = walkthrough.run(&["convert", "--to", "anoncreds", "public.json"]).done();
    assert_eq!(modern_public.last_line()["schemas"], modern.last_line()["schemas"]);
    assert_eq!(modern_public.last_line().get("presentation"), None);
}

#[test]
fn what_is_not_converted_is_named() {
    let walkthrough = Walkthrough::new();
    write(&walkthrough);
    for (value, words) in [
        (json!({"x": 1}), &["this looks like an object of another kind", "give a schema"][..]),
        (json!({"value": {"ms": "1"}}), &["this looks like a link secret", "it is a secret"]),
        (
            json!({"pres_ex_id": "e"}),
            &["a record of a proof exchange", "`negotiate-proof case from`"],
        ),
        (json!([1]), &["this looks like a list"]),
    ] {
        fs::write(walkthrough.path("file.json"), value.to_string()).unwrap();
        walkthrough.run(&["convert", "--to", "indy", "file.json"]).failed(2, words);
    }
    fs::write(walkthrough.path("file.json"), r#"{"attrNames": [], "attrNames": []}"#).unwrap();
    walkthrough.run(&["convert", "--to", "indy", "file.json"]).failed(2, &["occurs twice"]);
    walkthrough
        .run(&["convert", "--to", "indy", "missing.json"])
        .failed(2, &["cannot read missing.json"]);
    let two = ["convert", "--to", "anoncreds", "--id", "x", "schema.json", "schema.json"];
    walkthrough.run(&two).failed(2, &["--id is the identifier of one object"]);
    // one that cannot be converted does not stop the others
    let some = ["convert", "--to", "anoncreds", "missing.json", "schema.json"];
    let run = walkthrough.run(&some).failed(2, &["missing.json"]);
    assert_eq!(run.lines().len(), 1);
}
