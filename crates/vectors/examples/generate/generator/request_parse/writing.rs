//! The text of the JSON, and how much of it there is.

use serde_json::{Map, Value, json};
use vectors::Importance;

use super::super::file::{Expect, File};
use super::{acceptable, invalid, request, valid};

pub fn add(file: &mut File) {
    let text = request().to_string();
    file.add(
        "json-text",
        "A request as a text of JSON.",
        json!({"input": {"request_json": text}}),
        valid("WRITING").needs(&["json-text"]),
    );
    let nonce = r#""nonce":"746920347813048234237""#;
    writings(file, &text, nonce);
    twice(file, &text, nonce);
    limits(file);
}

/// Adds a test whose text is another one.
fn written(file: &mut File, name: &str, comment: &str, text: &str, expect: Expect) {
    file.altered("json-text", name, comment, expect, |given| {
        given["input"]["request_json"] = json!(text);
    });
}

/// Returns a text with a part replaced, which must be there once.
fn with(text: &str, part: &str, instead: &str) -> String {
    assert_eq!(text.matches(part).count(), 1, "{part}");
    text.replace(part, instead)
}

fn writings(file: &mut File, text: &str, nonce: &str) {
    let bound = r#""p_value":18"#;
    for (name, comment, text) in [
        (
            "json-white-space",
            "White space around and within.",
            format!("\n\t{} \r\n", text.replace(',', " ,\n")),
        ),
        (
            "json-escapes",
            "A member's name with an escape.",
            with(text, r#""nonce""#, r#""n\u006fnce""#),
        ),
        (
            "json-surrogates",
            "A character as two escapes.",
            with(text, "proof of age", r"\ud83d\ude00"),
        ),
    ] {
        written(file, name, comment, &text, valid("WRITING"));
    }
    for (name, comment, text) in [
        (
            "json-nonce-number",
            "A nonce as a number that is longer than 64 bits.",
            with(text, nonce, r#""nonce":746920347813048234237"#),
        ),
        (
            "json-minus-zero",
            "A bound of -0, which is a whole number.",
            with(text, bound, r#""p_value":-0"#),
        ),
        ("json-byte-order-mark", "A byte order mark before the text.", format!("\u{feff}{text}")),
    ] {
        written(file, name, comment, &text, acceptable("WRITING"));
    }
    for (name, comment, text) in [
        ("json-empty", "No text.", String::new()),
        ("json-cut-off", "The last brace is missing.", text[..text.len() - 1].to_owned()),
        ("json-comma", "A comma after the last member.", format!("{},}}", &text[..text.len() - 1])),
        ("json-rest", "Something after the request.", format!("{text} x")),
        ("json-two", "Two requests.", format!("{text}{text}")),
        ("json-quotes", "Single quotation marks.", text.replace('"', "'")),
        ("json-comment", "A comment.", format!("/* age */ {text}")),
        ("json-nan", "A bound that is not a number.", with(text, bound, r#""p_value":NaN"#)),
        (
            "json-leading-zero",
            "A bound with a leading zero.",
            with(text, bound, r#""p_value":018"#),
        ),
        ("json-plus", "A bound with a plus sign.", with(text, bound, r#""p_value":+18"#)),
        (
            "json-hexadecimal",
            "A bound in hexadecimal digits.",
            with(text, bound, r#""p_value":0x12"#),
        ),
        ("json-exponent", "A bound with an exponent.", with(text, bound, r#""p_value":18e0"#)),
        ("json-nonce-exponent", "A nonce with an exponent.", with(text, nonce, r#""nonce":7e20"#)),
        ("json-lone-surrogate", "Half of a character.", with(text, "proof of age", r"\ud83d")),
        (
            "json-control",
            "A line's end within a text.",
            with(text, "proof of age", "proof\nof age"),
        ),
    ] {
        written(file, name, comment, &text, invalid("WRITING"));
    }
}

fn twice(file: &mut File, text: &str, nonce: &str) {
    let expect =
        || Expect::invalid(&["size"]).importance(Importance::Medium).flags(&["MEMBER_TWICE"]);
    let attribute = r#""name":{"name":"name"}"#;
    let bound = r#""p_value":18"#;
    for (name, comment, text) in [
        ("twice-nonce", "Two nonces.", with(text, nonce, &format!(r#"{nonce},"nonce":"1""#))),
        (
            "twice-nonce-same",
            "The same nonce twice.",
            with(text, nonce, &format!("{nonce},{nonce}")),
        ),
        (
            "twice-nonce-escaped",
            "Two nonces, one of them with an escape in its name.",
            with(text, nonce, &format!(r#"{nonce},"n\u006fnce":"1""#)),
        ),
        (
            "twice-referent",
            "Two attributes under one referent.",
            with(text, attribute, &format!(r#"{attribute},"name":{{"name":"height"}}"#)),
        ),
        ("twice-bound", "Two bounds.", with(text, bound, r#""p_value":18,"p_value":0"#)),
        (
            "twice-attributes",
            "Two lists of attributes.",
            with(text, nonce, &format!(r#"{nonce},"requested_attributes":{{}}"#)),
        ),
        (
            "twice-unknown",
            "An unknown member twice.",
            with(text, nonce, &format!(r#"{nonce},"x":1,"x":1"#)),
        ),
    ] {
        written(file, name, comment, &text, expect());
    }
}

fn limits(file: &mut File) {
    let many = |what: &str, count: usize, one: Value| -> Map<String, Value> {
        (0..count).map(|number| (format!("{what}{number}"), one.clone())).collect()
    };
    let attributes = |count| Value::from(many("a", count, json!({"name": "name"})));
    let predicate = json!({"name": "age", "p_type": ">=", "p_value": 18});
    let predicates = |count| Value::from(many("p", count, predicate.clone()));
    let expect = || {
        Expect::invalid(&["size"]).importance(Importance::Low).flags(&["LIMIT"]).needs(&["limits"])
    };
    let ask = |given: &mut Value, attributes: Value, predicates: Value| {
        given["input"]["request"]["requested_attributes"] = attributes;
        given["input"]["request"]["requested_predicates"] = predicates;
    };
    let mut given = super::given(request());
    ask(&mut given, attributes(255), predicates(1));
    file.add("referents-256", "256 referents.", given, valid("LIMIT"));
    let comment = "257 referents.";
    file.altered("referents-256", "referents-257", comment, expect(), |given| {
        given["input"]["request"]["requested_attributes"]["one more"] = json!({"name": "name"});
    });
    let mut given = super::given(request());
    ask(&mut given, json!({}), predicates(64));
    file.add("predicates-64", "64 predicates.", given, valid("LIMIT"));
    let comment = "65 predicates.";
    file.altered("predicates-64", "predicates-65", comment, expect(), |given| {
        given["input"]["request"]["requested_predicates"]["one more"] = predicate.clone();
    });
    let comment = "A nonce of 1,301 digits.";
    file.altered("request", "nonce-1301-digits", comment, expect(), |given| {
        given["input"]["request"]["nonce"] = json!("7".repeat(1301));
    });
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = request().to_string();
    let text = with(&text, r#""ver":"1.0""#, &format!(r#""ver":"1.0","x":{deep}"#));
    let comment = "200 lists in one another.";
    written(file, "json-deep", comment, &text, expect());
}
