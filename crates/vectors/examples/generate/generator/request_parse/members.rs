//! The members of the request itself.

use dashu_int::UBig;
use serde_json::{Value, json};

use super::super::file::File;
use super::{Change, acceptable, changed, invalid, valid};

pub fn add(file: &mut File) {
    nonces(file);
    labels(file);
    wrappers(file);
    intervals(file);
}

fn nonces(file: &mut File) {
    let power = |bits: usize| (UBig::ONE << bits).to_string();
    let below = |bits: usize| ((UBig::ONE << bits) - UBig::ONE).to_string();
    for (name, comment, nonce) in [
        ("nonce-80-bits", "The longest nonce that all provers read.", json!(below(80))),
        ("nonce-short", "A short nonce.", json!("1")),
    ] {
        changed(file, "request", name, comment, valid("NONCE"), ("/nonce", Some(nonce)));
    }
    for (name, comment, nonce) in [
        ("nonce-81-bits", "A nonce that some provers do not read.", power(80)),
        ("nonce-128-bits", "The longest nonce.", below(128)),
    ] {
        let expect = valid("NONCE").cautions(&["long-nonce"]);
        changed(file, "request", name, comment, expect, ("/nonce", Some(json!(nonce))));
    }
    for (name, comment, nonce) in [
        ("nonce-zero", "Zero.", json!("0")),
        ("nonce-number", "A JSON number, which libraries do not read.", json!(1_234_567_890_u64)),
    ] {
        changed(file, "request", name, comment, acceptable("NONCE"), ("/nonce", Some(nonce)));
    }
    for (name, comment, nonce) in [
        ("nonce-missing", "No nonce.", None),
        ("nonce-null", "null.", Some(Value::Null)),
        ("nonce-empty", "An empty text.", Some(json!(""))),
        ("nonce-negative", "A negative number.", Some(json!("-746920347813048234237"))),
        ("nonce-negative-number", "A negative JSON number.", Some(json!(-5))),
        ("nonce-plus", "A plus sign.", Some(json!("+746920347813048234237"))),
        ("nonce-hexadecimal", "Hexadecimal digits.", Some(json!("0x287da3f5b2"))),
        ("nonce-letters", "A text of letters and digits.", Some(json!("2934q237"))),
        ("nonce-uuid", "A UUID.", Some(json!("3fa85f64-5717-4562-b3fc-2c963f66afa6"))),
        ("nonce-base64", "Base64.", Some(json!("KH2j9bI="))),
        ("nonce-blank", "A blank after the digits.", Some(json!("746920347813048234237 "))),
        ("nonce-line", "A line's end after the digits.", Some(json!("746920347813048234237\n"))),
        ("nonce-fraction", "A fraction.", Some(json!("7.5"))),
        ("nonce-arabic", "Arabic digits.", Some(json!("\u{662}\u{668}"))),
        ("nonce-nul", "A NUL after the digits.", Some(json!("746920347813048234237\u{0}"))),
        ("nonce-leading-zero", "A leading zero.", Some(json!("0746920347813048234237"))),
        ("nonce-129-bits", "One bit more than the longest.", Some(json!(power(128)))),
        ("nonce-number-fraction", "A JSON number with a fraction.", Some(json!(7.5))),
        ("nonce-true", "true.", Some(json!(true))),
        ("nonce-list", "A list.", Some(json!(["746920347813048234237"]))),
    ] {
        changed(file, "request", name, comment, invalid("NONCE"), ("/nonce", nonce));
    }
}

fn labels(file: &mut File) {
    let mut all = |expect: fn(&str) -> _, flag: &str, tests: Vec<(&str, &str, Change<'_>)>| {
        for (name, comment, change) in tests {
            changed(file, "request", name, comment, expect(flag), change);
        }
    };
    all(
        valid,
        "MEMBER",
        vec![
            (
                "name-unicode",
                "A name in another script.",
                ("/name", Some(json!("\u{5e74}\u{9f62}"))),
            ),
            (
                "version-any",
                "Any version of the verifier's own.",
                ("/version", Some(json!("2024-05"))),
            ),
            (
                "unknown-member",
                "A member that is not known.",
                ("/comment", Some(json!("for the bar"))),
            ),
        ],
    );
    all(
        acceptable,
        "MEMBER",
        vec![
            ("name-empty", "An empty name.", ("/name", Some(json!("")))),
            ("no-attributes-member", "Predicates alone.", ("/requested_attributes", None)),
            ("no-predicates-member", "Attributes alone.", ("/requested_predicates", None)),
        ],
    );
    all(
        valid,
        "MEMBER",
        vec![
            (
                "attributes-empty",
                "Predicates alone, and {}.",
                ("/requested_attributes", Some(json!({}))),
            ),
            (
                "predicates-empty",
                "Attributes alone, and {}.",
                ("/requested_predicates", Some(json!({}))),
            ),
        ],
    );
    all(
        invalid,
        "MEMBER",
        vec![
            ("name-missing", "No name.", ("/name", None)),
            ("name-number", "A number as name.", ("/name", Some(json!(1)))),
            ("version-missing", "No version.", ("/version", None)),
            ("version-number", "A number as version.", ("/version", Some(json!(1.0)))),
            (
                "attributes-list",
                "A list of attributes.",
                ("/requested_attributes", Some(json!([{"name": "name"}]))),
            ),
            ("attributes-text", "A text.", ("/requested_attributes", Some(json!("name")))),
            (
                "predicates-list",
                "A list of predicates.",
                ("/requested_predicates", Some(json!([]))),
            ),
            (
                "attribute-text",
                "A name in place of what is asked.",
                ("/requested_attributes/name", Some(json!("name"))),
            ),
            (
                "attribute-null",
                "null in place of what is asked.",
                ("/requested_attributes/name", Some(Value::Null)),
            ),
            (
                "predicate-list",
                "A list in place of a predicate.",
                ("/requested_predicates/adult", Some(json!(["age", ">=", 18]))),
            ),
        ],
    );
    all(
        valid,
        "VERSION",
        vec![
            ("ver-2", "Version 2.0.", ("/ver", Some(json!("2.0")))),
            ("ver-missing", "No `ver`: version 1.0.", ("/ver", None)),
        ],
    );
    all(
        valid,
        "NULL_IS_ABSENT",
        vec![
            ("ver-null", "`ver` is null.", ("/ver", Some(Value::Null))),
            ("non-revoked-null", "`non_revoked` is null.", ("/non_revoked", Some(Value::Null))),
        ],
    );
    all(
        invalid,
        "VERSION",
        vec![
            ("ver-3", "Version 3.0.", ("/ver", Some(json!("3.0")))),
            ("ver-1", "Version 1.", ("/ver", Some(json!("1")))),
            ("ver-empty", "An empty version.", ("/ver", Some(json!("")))),
            ("ver-number", "A number.", ("/ver", Some(json!(2.0)))),
        ],
    );
}

fn wrappers(file: &mut File) {
    for (name, comment) in [
        ("proof_request", "As ACA-Py's first interface has it."),
        ("presentation_request", "As ACA-Py's second interface has it."),
        ("indy", "By format."),
        ("anoncreds", "By the newer format."),
    ] {
        let id = format!("wrapped-{}", name.replace('_', "-"));
        file.altered("request", &id, comment, invalid("WRAPPED"), |given| {
            given["input"]["request"] = json!({name: given["input"]["request"]});
        });
    }
    for (name, comment, request) in [
        ("empty-object", "An object without members.", json!({})),
        ("null", "null.", Value::Null),
        ("number", "A number.", json!(1)),
        ("text", "A text.", json!("proof of age")),
    ] {
        file.altered("request", name, comment, invalid("WRAPPED"), |given| {
            given["input"]["request"] = request;
        });
    }
    file.altered("request", "list", "A list of one request.", invalid("WRAPPED"), |given| {
        given["input"]["request"] = json!([given["input"]["request"]]);
    });
    file.altered("request", "text-of-json", "JSON within a text.", invalid("WRAPPED"), |given| {
        given["input"]["request"] = json!(given["input"]["request"].to_string());
    });
    let nothing = "Neither attributes nor predicates.";
    file.altered("request", "nothing", nothing, invalid("MEMBER"), |given| {
        given["input"]["request"]["requested_attributes"] = json!({});
        given["input"]["request"]["requested_predicates"] = json!({});
    });
    file.altered("request", "nothing-at-all", nothing, invalid("MEMBER"), |given| {
        let request = given["input"]["request"].as_object_mut().unwrap();
        request.remove("requested_attributes");
        request.remove("requested_predicates");
    });
}

fn intervals(file: &mut File) {
    for (name, comment, interval) in [
        ("interval", "From and to.", json!({"from": 1_600_000_000, "to": 1_700_000_000})),
        (
            "interval-moment",
            "One moment, as RFC 0441 says.",
            json!({"from": 1_700_000_000, "to": 1_700_000_000}),
        ),
        ("interval-to", "To alone.", json!({"to": 1_700_000_000})),
        ("interval-from", "From alone.", json!({"from": 1_700_000_000})),
        ("interval-from-zero", "From the beginning.", json!({"from": 0, "to": 1_700_000_000})),
        ("interval-from-null", "From is null.", json!({"from": null, "to": 1_700_000_000})),
        ("interval-open", "Both ends open.", json!({})),
    ] {
        changed(
            file,
            "request",
            name,
            comment,
            valid("INTERVAL"),
            ("/non_revoked", Some(interval)),
        );
    }
    for (name, comment, interval) in [
        (
            "interval-backwards",
            "It ends before it begins.",
            json!({"from": 1_700_000_000, "to": 1_600_000_000}),
        ),
        (
            "interval-backwards-by-one",
            "It ends one second before it begins.",
            json!({"from": 1_700_000_001, "to": 1_700_000_000}),
        ),
        ("interval-negative", "A negative time.", json!({"from": -1, "to": 1_700_000_000})),
        ("interval-text", "Times as texts.", json!({"from": "1600000000", "to": "1700000000"})),
        ("interval-date", "A date.", json!({"to": "2023-11-14T22:13:20Z"})),
        ("interval-fraction", "A fraction of a second.", json!({"to": 1_700_000_000.5})),
        ("interval-beyond-64-bits", "2^64.", json!({"to": 18_446_744_073_709_551_616.0})),
        ("interval-true", "true in place of an interval.", json!(true)),
        ("interval-number", "A time in place of an interval.", json!(1_700_000_000)),
        ("interval-list", "A list in place of an interval.", json!([1_600_000_000, 1_700_000_000])),
    ] {
        changed(
            file,
            "request",
            name,
            comment,
            invalid("INTERVAL"),
            ("/non_revoked", Some(interval)),
        );
    }
    let backwards = || Some(json!({"from": 2, "to": 1}));
    for (name, comment, pointer) in [
        (
            "interval-of-attribute",
            "A referent's interval ends before it begins.",
            "/requested_attributes/name/non_revoked",
        ),
        (
            "interval-of-predicate",
            "A predicate's interval ends before it begins.",
            "/requested_predicates/adult/non_revoked",
        ),
    ] {
        changed(file, "request", name, comment, invalid("INTERVAL"), (pointer, backwards()));
    }
}
